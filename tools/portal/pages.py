"""The site while it is being built: its folder, its templates and its search index."""

import re
from pathlib import Path
from typing import Any, Final

import jinja2

from contract_diff.history import ROOT, State
from portal import markup
from portal.search import Index

__all__ = ["DOCS", "Site", "source", "with_contents"]

DOCS: Final = ROOT / "docs"
NAVIGATION: Final = (
    ("guides/index.html", "Guides"),
    ("reference/index.html", "Reference"),
    ("python/index.html", "Python"),
    ("codes.html", "Codes"),
    ("sources.html", "Sources"),
    ("downloads.html", "Downloads"),
)

_SOURCES: Final = (
    ("guides/index.html", "tools/portal/guides.py"),
    ("guides/", "docs/guides/"),
    ("reference/", "openapi.yaml"),
    ("sources.html", "openapi.yaml"),
    ("python/", "overlays/infobip_voice/__init__.py"),
    ("codes.html", "overlays/infobip_voice_wire/codes.py"),
    ("changelog.html", "CHANGELOG.md"),
    ("", "docs/templates/"),
)


def source(url: str) -> str:
    """Return the file in the repository that says what a page says."""
    start, path = next(row for row in _SOURCES if url.startswith(row[0]))
    name = url.removeprefix(start)
    return path + (name.replace(".html", ".md") if start else name) if path.endswith("/") else path


class Site:
    """Renders and writes pages.

    Args:
        folder: The folder to write to.
        state: What the pages are about.
        repository: The address of the repository at GitHub in which a page can be edited; empty for
            none.

    Attributes:
        pages: The address, the title and the summary of each page that was written.
    """

    def __init__(self, folder: Path, state: State, repository: str = "") -> None:
        self.state = state
        self.contract = state.contract
        self._folder = folder
        self._repository = repository
        self._index = Index()
        self.pages: list[tuple[str, str, str]] = []
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(DOCS / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._templates.filters.update(
            inline=markup.inline, markdown=markup.markdown, breakable=markup.breakable, capitalised=markup.capitalised
        )
        self._templates.globals.update(
            navigation=NAVIGATION,
            summary=self.contract["info"]["summary"],
            compatibility=f"Package {state.package} speaks contract {state.version}.",
        )

    def page(self, template: str, url: str, title: str, name: str = "", **values: Any) -> None:
        """Write a page and list its sections for the search, under `name` or the title.

        Of `groups` of cards, which have the titles of other pages, none is listed.
        """
        text = with_contents(self.render(template, url, title, **values))
        self.write(url, text)
        self.write(url.removesuffix("html") + "md", markup.as_markdown(text))
        self.pages.append((url, title, str(values.get("summary", ""))))
        main = text[text.index("<main") : text.index("</main>")]
        parts = re.split(r'<h[123](?: id="([^"]*)")?>(.*?)</h[123]>', main)
        for anchor, heading, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            if anchor and "groups" in values:
                continue
            place = f"{url}#{anchor}" if anchor else url
            self.listed(markup.text_of_html(heading), name or title, place, markup.text_of_html(body)[:600])

    def render(self, template: str, url: str, title: str, **values: Any) -> str:
        """Return a page; `current` in the values is its entry in the navigation, if not `url`."""
        defaults = {"title": title, "root": "../" * url.count("/"), "current": url, "current_url": url, "wide": False}
        defaults["edit"] = f"{self._repository}/edit/main/{source(url)}" if self._repository else ""
        values = {**defaults, **values}
        return self._templates.get_template(template).render(values)

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        self.write_bytes(name, text.encode())

    def write_bytes(self, name: str, content: bytes) -> None:
        """Write a file that need not be a text."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def listed(self, title: str, page: str, url: str, text: str) -> None:
        """Add an entry to the search index."""
        self._index.add(title, page, url, text)

    def write_search_index(self) -> None:
        """Write the search index."""
        self.write("search-index.js", self._index.script())


def with_contents(page: str) -> str:
    """Return a page with a list of its sections at its side, if it has four or more."""
    sections = re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', page)
    links = [f'<li><a href="#{anchor}">{markup.text_of_html(heading)}</a></li>' for anchor, heading in sections]
    contents = f'<nav class="contents" aria-label="On this page"><p>On this page</p><ul>{"".join(links)}</ul></nav>'
    return page.replace("<!-- contents -->", contents if len(links) >= 4 else "")
