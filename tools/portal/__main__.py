"""Build the portal into `site/`: pages, reference, downloads and the search index.

    python -m portal [FOLDER]

The sources are `docs/`, the contract, the code table and CHANGELOG.md. The pages are static files
that can be read without JavaScript, and none of them asks another host for anything.
"""

import shutil
import sys
from pathlib import Path
from typing import Final

from markupsafe import Markup

from contract_diff.history import ROOT, present
from portal import code_table, downloads, guides, provenance, python, reference
from portal.markup import code, markdown
from portal.pages import DOCS, Site

SNIPPETS: Final = {
    "install": "install.sh",
    "environment": "environment.sh",
    "curl": "launch.sh",
    "sync": "launch.py",
    "asyncio": "launch_async.py",
}
CARDS: Final = (
    (
        "reference/index.html",
        "Reference",
        "Every operation and field, with samples in curl, Python, JavaScript and PHP",
    ),
    ("python/index.html", "Python", "Every class, option and error, and what to do about it"),
    ("guides/start.html", "Start without a checkout", "From an empty folder to a first call"),
    ("guides/lost-answers.html", "Survive a lost answer", "What may be sent again, and what must not"),
    ("guides/reports.html", "Read every report once", "The drain and its spool"),
    ("guides/mock.html", "Test with the mock", "Numbers that choose outcomes, a clock you move"),
    ("codes.html", "Codes", "What 5003 means, and whether it is permanent"),
    ("sources.html", "Sources", "What is documented, and what is our assumption"),
)


def build(folder: Path) -> None:
    """Write every page. The search lists its hits in the order in which pages are written here."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS / "assets", folder)
    site = Site(folder, present())
    write_landing(site)
    guides.write(site)
    code_table.write(site)
    provenance.write(site)
    downloads.write(site)
    site.page(
        "layout.html",
        "changelog.html",
        "Changes",
        content=markdown(site.state.changelog),
        summary="What changed for people who use the SDK, run the mock or read the contract.",
    )
    reference.write(site)
    python.write(site)
    downloads.write_llms(site)
    site.write_search_index()


def write_landing(site: Site) -> None:
    """Write the page that a newcomer sees."""
    blocks = {}
    for name, file in SNIPPETS.items():
        text = (DOCS / "snippets" / file).read_text(encoding="utf-8")
        blocks[name] = Markup(code(text, "python" if file.endswith(".py") else "bash"))  # noqa: S704 - our own
    site.page(
        "index.html",
        "index.html",
        "Dial telephones without dialling twice",
        "Start",
        code=blocks,
        cards=CARDS,
        summary="Call people from Python without dialling anybody twice or losing a report.",
    )


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "site").resolve())
