"""The guides of the portal in their order. The mock provides the tables in them."""

import re
from collections.abc import Mapping
from typing import Final

from consumers.matrix import CONSUMERS
from consumers.workplace import PROGRAMS
from infobip_voice_mock import faults, outcomes
from infobip_voice_mock.editions import DIFFERENCES, EDITIONS
from portal.markup import markdown
from portal.pages import DOCS, Site
from strength.table import document, shares, table

__all__ = ["GUIDES", "write"]

INDEX: Final = "guides/index.html"
GUIDES: Final = (
    ("start", "Start in an empty folder", "From nothing to a first call and its report, in two minutes"),
    ("credentials", "Give the client its credentials", "Address, key, password: from where, and what is never shown"),
    ("lost-answers", "Survive a lost answer", "What the client repeats, what it never does, and how to find out"),
    ("limits", "Time limits and 429", "Three clocks, and what a rate limit means"),
    ("workers", "Workers that fork", "gunicorn, Celery, multiprocessing: one client, one drain"),
    (
        "campaigns",
        "From a spreadsheet to a campaign",
        "Call everybody in a file once, break it off, go on, and know who was called",
    ),
    ("reports", "Read every report once", "The drain and its spool: store first, then act"),
    ("production", "Drains in production", "One host, several hosts, containers: what each failure costs"),
    ("pushes", "Receive pushed reports", "A receiver that stores before it answers, and trusts nobody"),
    ("xml", "Speak XML", "One setting, and how the documents look"),
    ("testing", "Test your program", "With pytest, with unittest, from any language: nobody is dialled"),
    ("mock", "Test with the mock", "Numbers that choose outcomes, a clock you move, faults on demand"),
    ("contract-kit", "Test your own server", "Point the contract kit at any server, and learn what is wrong"),
    (
        "server-in-ci",
        "Your server in CI",
        "GitHub, GitLab, a plain shell, your pytest suite; and what is known already",
    ),
    ("seeded-faults", "Does your suite notice?", "Give the mock a fault, and see whether your client's tests fail"),
    (
        "generators",
        "Generate a client for another language",
        "What a generated client must not repeat, types that lose something, and patterns",
    ),
    ("languages", "In another language", "A client in TypeScript, PHP or Java: generated, and used"),
    ("regenerate", "Regenerate on change", "Your client follows the contract; what breaks you is stopped"),
    ("workflows", "Workflows a machine can read", "Three ways from a launch to its report, in Arazzo"),
    (
        "rules",
        "The rules behind the contract",
        "What was made precise, and what was decided where the documents disagree",
    ),
    ("migrate", "From requests or the vendor's client", "What changes, and what has to be taken away"),
    ("costs", "What it costs", "CPU of a call, of an import and of reading reports, beside other clients and mocks"),
    ("questions", "Questions people ask", "Short answers, each with the page that says more"),
)
HEADINGS: Final = {
    "start": "Call people",
    "reports": "Take their reports",
    "testing": "Test your program, or your server",
    "generators": "Build on the contract",
    "migrate": "Move, compare, ask",
}
"""By the first guide below each."""


def write(site: Site) -> None:
    """Write the guides and the page that lists them."""
    cards = [(f"{name}.html", title, text) for name, title, text in GUIDES]
    site.page(
        "guides.html",
        INDEX,
        "Guides",
        groups=[(heading, cards[begin:end]) for heading, begin, end in _groups()],
        summary="Guides to calling people from Python: each is short, covers one task, and runs as printed.",
    )
    names = {prefix: outcome.name for prefix, outcome in outcomes.BY_PREFIX.items()}
    tables = {
        "outcomes": _table("number begins with", "the call is", names),
        "faults": _table("fault", "a request", faults.KINDS),
        "editions": _editions(),
        "client_ts": (PROGRAMS / "client.ts").read_text(encoding="utf-8").rstrip(),
        "client_php": (PROGRAMS / "client.php").read_text(encoding="utf-8").rstrip(),
        "consumers": "\n".join(f"| {each.name} | {each.version()} | {each.ran} |" for each in CONSUMERS),
        "strength": f"{table(document())}\n\n{shares(document())}",
    }
    for (url, title, about), following in zip(cards, [*cards[1:], None], strict=True):
        source = (DOCS / "guides" / url).with_suffix(".md").read_text(encoding="utf-8")
        source = source.replace("](../assets/", "](../")  # where the portal has them
        content = markdown(re.sub(r"\{\{ (\w+) \}\}", lambda match: tables[match[1]], source))
        site.page("guide.html", f"guides/{url}", title, current=INDEX, content=content, following=following,
                  summary=f"{title}. {about}.")  # fmt: skip


def _groups() -> list[tuple[str, int, int]]:
    """Return each heading, with the place of its first guide and the place after its last one."""
    names = [name for name, *_ in GUIDES]
    begins = [names.index(first) for first in HEADINGS]
    return list(zip(HEADINGS.values(), begins, [*begins[1:], len(names)], strict=True))


def _table(left: str, right: str, texts: Mapping[str, str]) -> str:
    rows = [f"| `{key}` | {text} |" for key, text in texts.items()]
    return "\n".join([f"| {left} | {right} |", "|---|---|", *rows])


def _editions() -> str:
    names = " | ".join(f"`{name}`" for name in EDITIONS)
    rows = [
        f"| {row.what} | {' | '.join(row.words(edition) for edition in EDITIONS.values())} |" for row in DIFFERENCES
    ]
    return "\n".join([f"| what | {names} |", "|---|---|---|", *rows])
