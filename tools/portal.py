"""Build the portal into `site/`: pages, reference, downloads, search index. Static, and it asks no other host for anything.

    python tools/portal.py [FOLDER]

The sources are `docs/`, the contract, the code table and CHANGELOG.md; the reference is built by Redocly from a copy of the
contract that has code samples and shows where each field comes from.
"""

import copy
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from ruamel.yaml import YAML

import diff
from downloads import json_schemas, llms, postman
from infobip_voice_mock import faults, outcomes
from infobip_voice_wire import codes
from samples import samples

ROOT: Final = Path(__file__).resolve().parent.parent
DOCS: Final = ROOT / "docs"
MODULES: Final = ROOT / "tools/node_modules"
NAVIGATION: Final = (
    ("reference.html", "Reference"),
    ("guides/index.html", "Guides"),
    ("try.html", "Try it"),
    ("codes.html", "Codes"),
    ("sources.html", "Sources"),
    ("downloads.html", "Downloads"),
)
GUIDES: Final = (
    ("lost-answers", "Survive a lost answer", "What the client repeats, what it never does, and how to find out"),
    ("reports", "Read every report once", "The drain and its spool: store first, then act"),
    ("pushes", "Receive pushed reports", "A receiver that stores before it answers, and trusts nobody"),
    ("xml", "Speak XML", "One setting, and how the documents look"),
    ("mock", "Test with the mock", "Numbers that choose outcomes, a clock you move, faults on demand"),
    ("your-server", "Test your own server", "Generated requests against a server that claims the contract"),
    (
        "rules",
        "The rules behind the contract",
        "What was made precise, and what was decided where the documents disagree",
    ),
)
LEGEND: Final = (
    ("ivr-2017", "The vendor's page on the outbound IVR, as of 2017", "documented"),
    ("ivr-2019", "The vendor's later page on the outbound IVR", "documented"),
    ("ctc", "The vendor's page on the click to call", "documented"),
    ("reports", "The vendor's page on delivery reports that are handed out once", "documented"),
    ("platform-2026", "The vendor's present OpenAPI document and reference pages", "documented, for a later platform"),
    ("sibling", "Carried over from the vendor's SMS API", "likely"),
    ("assumption", "Ours. No source says it", "a conforming server may differ"),
)
OUTSIDE: Final = re.compile(r"https://(?:cdn\.redoc\.ly|cdn\.redocly\.com|otel\.cloud\.redocly\.com)/[^`\"']*")
"""What Redoc's bundle would ask other hosts for: a logo, left out when there is none, icons, and counting readers."""

Json = dict[str, Any]


class Version(NamedTuple):
    """A published contract, or the present one, which has no tag."""

    contract: str
    package: str
    date: str
    tag: str

    @property
    def file(self) -> str:
        """Return where its copy is."""
        return f"versions/{self.date}-{self.contract}.yaml" if self.date else f"versions/{self.contract}.yaml"


class Entry(NamedTuple):
    """Something that the search finds."""

    title: str
    page: str
    url: str
    text: str


class Portal:
    """Builds the pages.

    Args:
        site: The folder to fill.
    """

    def __init__(self, site: Path) -> None:
        self._site = site
        self._contract: Json = YAML(typ="safe", pure=True).load(ROOT / "openapi.yaml")
        self._state = diff.present()
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(DOCS / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._templates.filters["inline"] = _inline
        self._index: list[Entry] = []

    def build(self) -> None:
        """Write everything."""
        shutil.rmtree(self._site, ignore_errors=True)
        self._site.mkdir(parents=True)
        for asset in (DOCS / "assets").iterdir():
            shutil.copy(asset, self._site)
        self._try_it()
        versions = self._downloads()
        self._landing()
        self._guides()
        self._codes()
        self._sources()
        text = self._render("downloads.html", "downloads.html", "Downloads", versions=versions,
                            schemas=sorted(self._contract["components"]["schemas"]))  # fmt: skip
        self._page("downloads.html", "Downloads", text)
        changelog, _ = _markdown((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
        text = self._render("layout.html", "changelog.html", "Changes", content=changelog)
        self._page("changelog.html", "Changes", text)
        self._reference()
        index = json.dumps([entry._asdict() for entry in self._index], ensure_ascii=False)
        self._write("search-index.js", f"window.searchIndex = {index};\n")

    # --- pages ---------------------------------------------------------------------------------------------------------

    def _landing(self) -> None:
        snippets = {
            "environment": "environment.sh",
            "curl": "launch.sh",
            "sync": "launch.py",
            "asyncio": "launch_async.py",
        }
        code = {}
        for name, file in snippets.items():
            text = (DOCS / "snippets" / file).read_text(encoding="utf-8")
            code[name] = Markup(_code(text, "python" if file.endswith(".py") else "bash"))  # noqa: S704 - our own
        cards = [
            ("reference.html", "Reference", "Every operation and field, with samples in curl, Python and JavaScript"),
            ("guides/lost-answers.html", "Survive a lost answer", "What may be sent again, and what must not"),
            ("guides/reports.html", "Read every report once", "The drain and its spool"),
            ("guides/mock.html", "Test with the mock", "Numbers that choose outcomes, a clock you move"),
            ("codes.html", "Codes", "What 5003 means, and whether it is permanent"),
            ("sources.html", "Sources", "What is documented, and what is our assumption"),
        ]
        text = self._render(
            "index.html", "index.html", "Dial telephones without dialling twice", code=code, cards=cards
        )
        self._page("index.html", "Start", text)

    def _guides(self) -> None:
        cards = [(f"{name}.html", title, text) for name, title, text in GUIDES]
        text = self._render("guides.html", "guides/index.html", "Guides", cards=cards)
        self._page("guides/index.html", "Guides", text)
        tables = {"outcomes": _outcome_table(), "faults": _fault_table()}
        for position, (name, title, _) in enumerate(GUIDES):
            source = (DOCS / "guides" / f"{name}.md").read_text(encoding="utf-8")
            content, _ = _markdown(re.sub(r"\{\{ (\w+) \}\}", lambda match: tables[match[1]], source))
            following = GUIDES[position + 1] if position + 1 < len(GUIDES) else None
            url = f"guides/{name}.html"
            text = self._render("guide.html", url, title, current="guides/index.html", content=content,
                                following=(f"{following[0]}.html", following[1]) if following else None)  # fmt: skip
            self._page(url, title, text)

    def _codes(self) -> None:
        tables = [("Statuses", "statuses", codes.STATUSES), ("Errors", "errors", codes.ERRORS)]
        text = self._render("codes.html", "codes.html", "Status and error codes", tables=tables, wide=True)
        self._write("codes.html", text)
        for heading, anchor, table in tables:
            for code in table:
                title = f"{code.id} {code.name}"
                self._index.append(
                    Entry(title, heading, f"codes.html#{anchor}", f"{code.group_name}. {code.description}")
                )

    def _sources(self) -> None:
        fields = list(self._fields())
        text = self._render(
            "sources.html", "sources.html", "Where each field comes from", legend=LEGEND, fields=fields, wide=True
        )
        self._write("sources.html", text)
        self._index.append(
            Entry("Where each field comes from", "Sources", "sources.html", "documented, sibling, assumption")
        )
        for place, ids, description in fields:
            self._index.append(Entry(place, "Sources", "sources.html#fields", f"{_plain(description)} {' '.join(ids)}"))

    def _fields(self) -> Iterator[tuple[str, list[str], str]]:
        """Yield every operation, parameter, response and property with its sources."""
        items = {**self._contract["paths"], **self._contract["components"].get("pathItems", {})}
        for path, item in items.items():
            for method, operation in item.items():
                yield f"{method.upper()} {path}", operation["x-provenance"], operation["summary"]
                for each in operation.get("parameters", ()):
                    yield f"{method.upper()} {path} ?{each['name']}", each["x-provenance"], each["description"]
        for name, response in self._contract["components"]["responses"].items():
            yield f"answer {name}", response["x-provenance"], response["description"]
        for name, schema in self._contract["components"]["schemas"].items():
            for member, value in schema.get("properties", {}).items():
                yield f"{name}.{member}", value["x-provenance"], value["description"]

    def _try_it(self) -> None:
        folder = MODULES / "swagger-ui-dist"
        style, script = (
            (folder / name).read_text(encoding="utf-8") for name in ("swagger-ui.css", "swagger-ui-bundle.js")
        )
        # The page has a main part already; a second one inside it confuses screen readers.
        script, found = re.subn(
            r'createElement\("main",\{id:"operations"', 'createElement("div",{id:"operations"', script
        )
        if found != 1:
            raise SystemExit(
                f"Swagger UI's bundle has {found} main parts for its operations, not one: look at it again"
            )
        for name, text in (("swagger-ui.css", style), ("swagger-ui-bundle.js", script)):
            self._write(name, re.sub(r"(//|/\*)# sourceMappingURL=.*", "", text))
        self._write("contract.js", f"window.contract = {json.dumps(self._contract, ensure_ascii=False)};\n")
        self._page("try.html", "Try it", self._render("try.html", "try.html", "Try it on the mock", wide=True))

    # --- reference -----------------------------------------------------------------------------------------------------

    def _reference(self) -> None:
        text = self._render("reference.html", "reference.html", "Reference", redoc_head="{{{redocHead}}}",
                            redoc_html="{{{redocHTML}}}")  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            template, contract, page = (Path(folder, name) for name in ("page.hbs", "contract.json", "page.html"))
            template.write_text(text, encoding="utf-8")
            contract.write_text(json.dumps(annotated(self._contract)), encoding="utf-8")
            command = [MODULES / ".bin/redocly", "build-docs", contract, "--config", ROOT / "tools/redocly.yaml",
                       "--inlineBundle", "--template", template, "--output", page]  # fmt: skip
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            built = page.read_text(encoding="utf-8")
        built, found = OUTSIDE.subn("data:,", built)
        if found < 4:
            raise SystemExit(f"Redoc's bundle has {found} addresses of its maker, not at least 4: look at it again")
        built = built.replace('"disableTelemetry":false', '"disableTelemetry":true')
        self._write("reference.html", built)
        for path, item in self._contract["paths"].items():
            for method, operation in item.items():
                title = f"{operation['summary']} · {method.upper()} {path}"
                place = f"reference.html#/{operation['tags'][0].lower().replace(' ', '-')}/{operation['operationId'].lower()}"
                self._index.append(Entry(title, "Reference", place, _plain(operation["description"])))

    # --- downloads -----------------------------------------------------------------------------------------------------

    def _downloads(self) -> list[Version]:
        source = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
        self._write("openapi.yaml", source)
        self._json("openapi.json", self._contract)
        self._json("postman.json", postman(self._contract))
        for name, schema in json_schemas(self._contract).items():
            self._json(f"schemas/{name}.json", schema)
        pages = [(f"guides/{name}.html", title, text) for name, title, text in GUIDES]
        pages += [("codes.html", "Codes", "every known status and error"), ("sources.html", "Sources", "who says what")]
        self._write("llms.txt", llms(self._contract, pages))
        versions = list(self._versions())
        for version in versions:
            self._write(version.file, _git("show", f"{version.tag}:openapi.yaml") if version.tag else source)
        return versions

    def _versions(self) -> Iterator[Version]:
        date = _git("log", "-1", "--format=%cs", "--", "openapi.yaml").strip()
        yield Version(self._state.version, self._state.package, date, "")
        for tag in _git("tag", "--list", "contract-*", "--sort=-version:refname").split():
            state = diff.committed(tag)
            if state is not None and state.version != self._state.version:
                yield Version(state.version, state.package, _git("log", "-1", "--format=%cs", tag).strip(), tag)

    # --- writing -------------------------------------------------------------------------------------------------------

    def _render(self, template: str, url: str, title: str, current: str = "", **values: Any) -> str:
        defaults: Json = {"content": "", "wide": False, "following": None}
        values = {**defaults, **values}
        for name in ("content", "redoc_head", "redoc_html"):
            values[name] = Markup(values.get(name, ""))  # noqa: S704 - made here, of sources of ours
        return self._templates.get_template(template).render(
            title=title, root="../" * url.count("/"), current=current or url, navigation=NAVIGATION,
            summary=self._contract["info"]["summary"],
            compatibility=f"Package {self._state.package} speaks contract {self._state.version}.", **values,
        )  # fmt: skip

    def _page(self, url: str, page: str, text: str) -> None:
        """Write a page and put its sections into the search index."""
        self._write(url, text)
        main = text[text.index("<main") : text.index("</main>")]
        parts = re.split(r'<h[123](?: id="([^"]*)")?>(.*?)</h[123]>', main)
        for anchor, heading, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            self._index.append(Entry(_text(heading), page, f"{url}#{anchor}" if anchor else url, _text(body)[:600]))

    def _json(self, name: str, document: Json) -> None:
        self._write(name, json.dumps(document, indent=2, ensure_ascii=False) + "\n")

    def _write(self, name: str, text: str) -> None:
        path = self._site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def annotated(contract: Json) -> Json:
    """Return a copy of the contract with code samples, and with the sources of each field in its description."""
    document = copy.deepcopy(contract)
    for path, item in document["paths"].items():
        for operation in item.values():
            operation["x-codeSamples"] = [
                {"lang": each.language, "label": each.label, "source": each.source} for each in samples(path, operation)
            ]
    _cite(document)
    return document


def _cite(node: Any) -> None:
    """Append to each description that has an `x-provenance` beside it where that is from."""
    if isinstance(node, dict):
        sources = node.get("x-provenance")
        if isinstance(sources, list):
            links = ", ".join(f"[{each}](sources.html#{each})" for each in sources)
            node["description"] = f"{node.get('description', '').rstrip()}\n\n*Source: {links}*"
        for value in node.values():
            _cite(value)
    elif isinstance(node, list):
        for value in node:
            _cite(value)


def _markdown(source: str) -> tuple[str, str]:
    """Return Markdown as HTML, headings with anchors and code in colours, and its first heading."""
    reader = MarkdownIt("commonmark", {"html": False, "highlight": _highlighted}).enable("table")
    reader.add_render_rule(
        "table_open", lambda *_: '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>\n'
    )
    reader.add_render_rule("table_close", lambda *_: "</table></div>\n")
    text = reader.render(source)
    taken: set[str] = set()

    def anchored(match: re.Match[str]) -> str:
        anchor = base = re.sub(r"[^a-z0-9]+", "-", _text(match[2]).lower()).strip("-")
        while anchor in taken:
            anchor += "-" + str(len(taken))
        taken.add(anchor)
        return (
            f'<h{match[1]} id="{anchor}"><a class="here" href="#{anchor}">{match[2]}</a></h{match[1]}>'
            if base
            else match[0]
        )

    title = re.search(r"<h1>(.*?)</h1>", text)
    text = re.sub(r"<h([23])>(.*?)</h\1>", anchored, text)
    text = re.sub(r'aria-label="Table"', _numbered(), text)
    return text, title[1] if title else ""


def _inline(source: str) -> Markup:
    return Markup(MarkdownIt("commonmark", {"html": False}).renderInline(source))  # noqa: S704 - HTML in it is escaped


def _numbered() -> Any:
    counter = iter(range(1, 1000))
    return lambda _: f'aria-label="Table {next(counter)}"'


def _highlighted(text: str, language: str, _: str) -> str:
    return _code(text, language or "text")


def _code(text: str, language: str) -> str:
    """Return a block of code in colours; it can be scrolled by keyboard, as its lines may be long."""
    inner = highlight(text, get_lexer_by_name(language), HtmlFormatter(nowrap=True))
    return f'<pre tabindex="0"><code>{inner}</code></pre>'


def _outcome_table() -> str:
    rows = [f"| `{prefix}` | {outcome.name} |" for prefix, outcome in outcomes.BY_PREFIX.items()]
    return "\n".join(["| number begins with | the call is |", "|---|---|", *rows])


def _fault_table() -> str:
    rows = [f"| `{kind}` | {text} |" for kind, text in faults.KINDS.items()]
    return "\n".join(["| fault | a request |", "|---|---|", *rows])


def _text(markup: str) -> str:
    """Return the text of a piece of HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def _plain(markdown: str) -> str:
    return " ".join(re.sub(r"[*`|]|^[\s|:-]+$", "", markdown, flags=re.MULTILINE).split())


def _git(*arguments: str) -> str:
    """Return what git says; nothing if there is no repository, as in an sdist."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)  # noqa: S607
    return done.stdout if done.returncode == 0 else ""


if __name__ == "__main__":
    Portal(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "site").resolve()).build()
