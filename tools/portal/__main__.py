"""Build the portal into `site/`: pages, reference, downloads and the search index.

    python -m portal [FOLDER]

The sources are `docs/`, the contract, the code table and CHANGELOG.md. The pages are static files
that can be read without JavaScript, and none of them asks another host for anything.
"""

import os
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
    "printed": "printed.txt",
    "asyncio": "launch_async.py",
}
LANGUAGES: Final = {"py": "python", "sh": "bash", "txt": "output"}
CARDS: Final = (
    ("guides/start.html", "Start in an empty folder", "From a first call to your own account at the platform"),
    ("guides/lost-answers.html", "Survive a lost answer", "What may be sent again, and what must not"),
    ("guides/reports.html", "Read every report once", "Store first, then act: the drain and its file, the spool"),
    ("guides/testing.html", "Test your program", "With pytest, unittest or another language, and nobody is dialled"),
    ("guides/contract-kit.html", "Test your own server", "Some 200 rules judge any server of this API"),
    ("guides/languages.html", "In another language", "Generate a client from the contract, and what it must not do"),
    (
        "reference/index.html",
        "Reference",
        "Every operation and field, with samples in curl, Python, JavaScript and PHP",
    ),
    ("python/index.html", "Python", "Every class, option and error, and what to do about it"),
    ("codes.html", "Codes", "What 5003 means, and what to do about it"),
)


def repository() -> str:
    """Return the address of the repository, which a workflow at GitHub knows; empty elsewhere."""
    server, name = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    return f"{server}/{name}" if server and name else ""


def build(folder: Path) -> None:
    """Write every page. The search lists its hits in the order in which pages are written here."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS / "assets", folder)
    site = Site(folder, present(), repository())
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
        blocks[name] = Markup(code(text, LANGUAGES[file.rpartition(".")[2]]))  # noqa: S704 - our own
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
