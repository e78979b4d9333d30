"""The Python reference: a page for each part of the public API, from the docstrings."""

import html
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from markupsafe import Markup

import infobip_voice
from infobip_voice import errors
from portal.docstrings import Entry, Library
from portal.markup import code, text_of_markdown
from portal.pages import Site

__all__ = ["EFFECTS", "NAMES", "PARTS", "effect", "write"]

INDEX: Final = "python/index.html"


class Part(NamedTuple):
    """One page: its name, its title, what it is about, and the names on it."""

    name: str
    title: str
    about: str
    names: tuple[str, ...]


def _below(error: type[errors.VoiceError]) -> Iterator[str]:
    """Yield the names of an error and of those below it, in the order of the tree."""
    yield error.__name__
    for each in error.__subclasses__():
        if each.__name__ in errors.__all__:
            yield from _below(each)


PARTS: Final = (
    Part("clients", "Clients and their options", "Whom to talk to, with which credentials, how patiently", (
        "VoiceClient", "AsyncVoiceClient", "ClientOptions", "Budget", "NO_RETRIES", "Attempt")),
    Part("launches", "Launches", "Dial telephones, and know afterwards which", (
        "Ivr", "IvrOptions", "ClickToCall", "ClickToCallOptions", "Redial", "Window", "Day", "Prepared", "Launch")),
    Part("reports", "Reports", "Take every report once: drain, fetch, wait, receive", (
        "Reports", "Drain", "AsyncDrain", "Report", "Status", "Place", "Gap", "Unreadable", "Found", "Pushed",
        "PushReceiver", "parse_push")),
    Part("errors", "Errors", "Did it dial? What now?", tuple(_below(errors.VoiceError))),
    Part("mock", "The mock and its fixtures", "A telephone network for tests", (
        "create_app", "running_mock", "VoiceMock", "VoiceClock", "AsyncVoiceClock", "Receiver", "ReceivedPush",
        "Found", "Credentials")),
)  # fmt: skip
MODULES: Final = {"create_app": "infobip_voice_mock", "running_mock": "infobip_voice_mock"}
FIXTURES: Final = "infobip_voice_mock.pytest_plugin"
NAMES: Final = {name: f"{part.name}.html#{name}" for part in PARTS[:-1] for name in part.names} | {
    name: f"mock.html#{name}" for name in PARTS[-1].names if name != "Found"
}
"""The page of each public name. `Found` of the mock has the name of another class."""

NONE: Final = "no", "Nothing happened"
EFFECTS: Final = {
    "VoiceError": ("", "Any of those below"),
    "ConfigurationError": NONE,
    "NotSent": NONE,
    "Refused": NONE,
    "LaunchUncertain": ("maybe", "Telephones may be ringing"),
    "LaunchUnreadable": ("yes", "Telephones are ringing"),
    "ReportsUncertain": ("maybe", "No call. Reports may be gone"),
    "ReportsUnreadable": ("yes", "No call. Reports were handed out"),
    "ReportsPending": ("yes", "No call. Reports were handed out, to this error"),
    "FilterIgnored": ("yes", "No call. Reports were handed out, to this error"),
    "DrainInUse": NONE,
    "SpoolError": ("maybe", "No call. A page of reports may be in this error alone"),
    "SpoolLocked": NONE,
}
"""Whether an error means that something happened, in one word and in a few."""


def effect(error: type[errors.VoiceError]) -> tuple[str, str]:
    """Return what an error means for telephones and reports.

    Raises:
        SystemExit: an error of a new kind, about which nothing is said here.
    """
    for kind in error.__mro__:
        if kind.__name__ in EFFECTS and (kind is error or kind.__name__ != "VoiceError"):
            return EFFECTS[kind.__name__]
    raise SystemExit(f"{error.__name__}: say in tools/portal/python.py what it means for telephones and reports")


def write(site: Site) -> None:
    """Write the pages.

    Raises:
        SystemExit: a public name is on no page, or a callable says nothing about what it raises.
    """
    missing = set(infobip_voice.__all__) - {"__version__"} - {name for part in PARTS for name in part.names}
    if missing:
        raise SystemExit(f"on no page of the Python reference (tools/portal/python.py): {sorted(missing)}")
    library = Library()
    cards = [(f"{part.name}.html", part.title, part.about) for part in PARTS]
    entries = {part.name: [library.entry(_path(part, name)) for name in part.names] for part in PARTS}
    site.page(
        "python.html",
        INDEX,
        "Python",
        parts=PARTS,
        entries=entries,
        cards=cards,
        summary="Reference of the Python SDK: every public class, method, option and error, and what is raised.",
    )
    for part in PARTS:
        url = f"python/{part.name}.html"
        site.page(
            "python-part.html",
            url,
            part.title,
            current=INDEX,
            part=part,
            entries=entries[part.name],
            fixtures=list(library.fixtures(FIXTURES)) if part.name == "mock" else [],
            tree=_tree(errors.VoiceError) if part.name == "errors" else None,
            facts={name: _facts(name) for name in errors.__all__},
            signature=_signature,
            linked=_linked,
            wide=True,
            summary=f"{part.title} of the Python SDK: {part.about}.",
        )
        _list(site, url, part.title, entries[part.name])


def _path(part: Part, name: str) -> str:
    if part.name == "mock":
        return f"{MODULES.get(name, FIXTURES)}.{name}"
    return f"infobip_voice.{name}"


def _tree(error: type[errors.VoiceError]) -> dict[str, Any]:
    below = [_tree(each) for each in error.__subclasses__() if each.__name__ in errors.__all__]
    return {"name": error.__name__, **_facts(error.__name__), "below": below}


def _facts(name: str) -> dict[str, str]:
    error = getattr(errors, name)
    kind, words = effect(error)
    return {"kind": kind, "effect": words, "advice": error.advice}


def _signature(text: str) -> Markup:
    return Markup(code(text, "python"))  # noqa: S704 - our own


def _linked(text: str) -> Markup:
    """Return a type or the name of an error as HTML, in which public names are links."""
    known = "|".join(sorted(NAMES, key=len, reverse=True))
    escaped = html.escape(text)
    return Markup(re.sub(rf"\b({known})\b", lambda match: f'<a href="{NAMES[match[1]]}">{match[1]}</a>', escaped))  # noqa: S704


def _list(site: Site, url: str, title: str, entries: list[Entry]) -> None:
    for entry in entries:
        for each in (entry, *entry.members):
            site.listed(each.anchor, title, f"{url}#{each.anchor}", text_of_markdown(each.text)[:300])
        for item in entry.attributes:
            site.listed(f"{entry.name}.{item.name}", title, f"{url}#{entry.name}.{item.name}", item.text)
