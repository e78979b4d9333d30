"""Every page in a real browser.

It is accessible in light and dark, fits a telephone, prints, needs no JavaScript to be read, asks
no other host, and has no dead link.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, ViewportSize

from accessibility import MIDDLE, NARROW, WIDE, in_all_sizes
from contract_diff.history import present
from infobip_voice_wire import codes
from portal.__main__ import repository
from portal.code_table import NUMBER, PASSING, what_to_do
from portal.limits import Wordless, limits
from portal.pages import Site, source
from portal.python import PARTS
from portal.reference import slug

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
STATE = present()
CONTRACT = STATE.contract
OPERATIONS = [operation for item in CONTRACT["paths"].values() for operation in item.values()]
WEBHOOKS = [operation for item in CONTRACT["webhooks"].values() for operation in item.values()]
PAPER = ViewportSize(width=680, height=1000)


class Visit:
    """An open page, with its requests and the errors in its console."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


def visit(browser: Browser, url: str, size: ViewportSize, **options: Any) -> Iterator[Visit]:
    context = browser.new_context(viewport=size, reduced_motion="reduce", **options)
    seen = Visit(context.new_page())
    seen.page.goto(url)
    yield seen
    context.close()


def test_every_page_is_there():
    """`make docs` built a page for each guide, operation and webhook, and no other."""
    guides = {path.stem for path in (ROOT / "docs/guides").glob("*.md")} | {"index"}
    reference = {slug(operation) for operation in [*OPERATIONS, *WEBHOOKS]} | {"index", "errors"}
    names = {"index", "codes", "sources", "downloads", "changelog"}
    assert set(PAGES) == (
        {f"{name}.html" for name in names}
        | {f"guides/{name}.html" for name in guides}
        | {f"reference/{name}.html" for name in reference}
        | {f"python/{name}.html" for name in ("index", *(part.name for part in PARTS))}
    )


@pytest.mark.parametrize("view", PAGES)
def test_a_page(browser, address, view):
    """axe finds nothing, nothing scrolls sideways, no errors, no other host; it prints well."""
    for seen in visit(browser, f"{address}/{view}", WIDE):
        for size in in_all_sizes(seen.page, (WIDE, MIDDLE, NARROW)):
            assert seen.page.evaluate(CUT_NAMES) == [], size
            assert seen.page.evaluate(COVERED) == [], size
            if size == WIDE:
                assert view in PROGRAMS or seen.page.evaluate(CUT_SAMPLES) == []
                assert seen.page.evaluate(UNCOPIED) == []
        assert [url for url in seen.requests if not url.startswith((f"{address}/", "data:"))] == []
        assert seen.complaints == []
        seen.page.set_viewport_size(PAPER)
        seen.page.emulate_media(media="print", color_scheme="dark")
        assert_printable(seen.page)


PROGRAMS = ("guides/languages.html",)
"""Pages that show programs which are files of ours, in lines as long as ours."""
CUT_SAMPLES = """[...document.querySelectorAll("main pre")].filter(one => !one.closest(".pair"))
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent.slice(0, 120))"""
UNCOPIED = """[...document.querySelectorAll("main pre:not([data-code=output])")]
    .filter(one => one.offsetParent && !one.closest(".result"))
    .filter(one => !(one.nextElementSibling?.matches(".copy") && getComputedStyle(one.nextElementSibling).opacity == 1))
    .map(one => one.textContent.slice(0, 120))"""
COVERED = """[...document.querySelectorAll(".copyable")].filter(one => one.offsetParent && !one.closest(".sample.off"))
    .filter(one => {
        const button = one.querySelector(".copy").getBoundingClientRect();
        const code = document.createRange();
        code.selectNodeContents(one.querySelector("code"));
        return [...code.getClientRects()].some(line => line.right > button.left && line.top + 3 < button.bottom);
    }).map(one => one.textContent.slice(0, 120))"""
# A cell that is as narrow as half of the name in it breaks the name anywhere.
CUT_NAMES = """[...document.querySelectorAll("td code, td a")].filter(one => one.offsetParent && !/\\s/.test(one.textContent))
    .filter(one => one.textContent.length < 24 && one.getClientRects().length > 1 && !one.querySelector("wbr"))
    .map(one => one.textContent)"""


def assert_printable(page: Page) -> None:
    """Assert dark on white, no navigation, every sample, and nothing wider than A4's 680 pixels."""
    assert not page.is_visible("header.top")
    assert page.is_visible("h1")
    ink, paper = page.evaluate(
        "['color', 'backgroundColor'].map(name => getComputedStyle(document.body)[name].match(/[0-9.]+/g).map(Number))"
    )
    assert sum(ink[:3]) < 3 * 80
    assert paper[3:] == [0] or sum(paper[:3]) > 3 * 240
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.outerHTML.slice(0, 80))"
    assert page.eval_on_selector_all("html, pre, .scroll", cut) == []
    assert all(sample.is_visible() for sample in page.locator(".sample").all())


@pytest.mark.parametrize("view", PAGES)
def test_every_link_leads_somewhere(view):
    """Each link into the portal leads to a file that exists, and to an element in it."""
    links = html.parse(SITE / view).xpath("//@href")
    assert links
    for link in sorted({urljoin(f"http://site/{view}", link) for link in links}):
        target, fragment = urldefrag(link)
        name = target.removeprefix("http://site/") or "index.html"
        if name.startswith(("data:", "https:", "http:", "_mock/")):
            continue
        assert (SITE / name).is_file(), link
        if fragment:
            assert f'id="{unquote(fragment)}"' in (SITE / name).read_text(encoding="utf-8"), link


@pytest.mark.parametrize("view", PAGES)
def test_each_page_can_be_edited_where_it_is_written(view, tmp_path):
    """A site that is built at GitHub links to the file; one that is built elsewhere does not."""
    file = source(view)
    assert (ROOT / file).is_file()
    address = f"https://github.com/owner/name/edit/main/{file}"
    pages = [
        Site(tmp_path, STATE, repository).render("layout.html", view, "A title", content="", summary="About it.")
        for repository in ("https://github.com/owner/name", "")
    ]
    assert [f'<a href="{address}">Edit this page</a>' in page for page in pages] == [True, False]
    assert "Edit this page" not in pages[1]


def test_a_workflow_at_github_knows_the_repository(monkeypatch):
    """Both of its variables are needed."""
    for server, name, expected in (
        ("https://github.com", "owner/name", "https://github.com/owner/name"), ("https://github.com", None, ""),
        (None, "owner/name", ""), (None, None, ""),
    ):  # fmt: skip
        for variable, value in (("GITHUB_SERVER_URL", server), ("GITHUB_REPOSITORY", name)):
            monkeypatch.delenv(variable, raising=False)
            if value is not None:
                monkeypatch.setenv(variable, value)
        assert repository() == expected


@pytest.mark.parametrize("view", PAGES)
def test_nothing_comes_from_another_host(view):
    """No page names a script, a style, a picture or a frame on another host, blocked or not."""
    text = (SITE / view).read_text(encoding="utf-8")
    assert "connect-src 'none'" in text or 'class="send"' in text
    assert re.findall(r'<(?:script|img|iframe|source)\b[^>]*\bsrc="https?:', text) == []
    assert re.findall(r'<link\b[^>]*\bhref="https?:', text) == []


@pytest.mark.parametrize("view", PAGES)
def test_no_markdown_is_left(view):
    """A reader sees no mark of Markdown, no comment, and no empty cell of a reference."""
    main = html.parse(SITE / view).find(".//main")
    said = [text for text in main.itertext() if text.strip()]
    written = [text for pre in main.iter("pre", "code", "template", "textarea") for text in pre.itertext()]
    marks = re.compile(r"`|\*\*|<!--|\]\(|^ *[+*] ", re.MULTILINE)
    assert [text for text in said if text not in written and marks.search(text)] == []
    assert [
        html.tostring(row)
        for row in main.xpath(".//table[contains(@class, 'fields')]//td[2]")
        if not row.text_content().strip()
    ] == []


@pytest.mark.parametrize("view", PAGES)
def test_an_anchor_names_one_element(view):
    """No id comes twice on a page, so that a deep link leads to one place."""
    ids = html.parse(SITE / view).xpath("//@id")
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("view", PAGES)
def test_a_page_is_small(view):
    """No page is larger than 200 kB, and what all pages share not larger than 40 kB."""
    assert (SITE / view).stat().st_size <= 200_000
    assert sum((SITE / name).stat().st_size for name in ("site.css", "page.js", "search.js")) <= 40_000


@pytest.mark.parametrize("operation", [*OPERATIONS, *WEBHOOKS], ids=slug)
def test_a_page_of_the_reference_needs_no_javascript(browser, site, operation):
    """From a file and without JavaScript: the danger, every field and every sample can be read."""
    for seen in visit(
        browser, (site / f"reference/{slug(operation)}.html").as_uri(), NARROW, java_script_enabled=False
    ):
        danger = seen.page.inner_text(".danger")
        assert ("Sending it twice does it twice." in danger) == (operation.get("x-idempotent") is False)
        assert ("handed out once" in danger) == bool(operation.get("x-consumes-on-read"))
        assert all(sample.is_visible() for sample in seen.page.locator(".sample").all())
        assert seen.page.locator("tr[id]").count() == seen.page.locator("tr[id] .name:visible").count() > 5


def members(node: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield each member of an example with its path and whatever stands beside it."""
    if isinstance(node, list):
        for item in node:
            yield from members(item, path)
    elif isinstance(node, dict) and path.rpartition(".")[2] not in ("parameters", "validationErrors"):
        for name, value in node.items():
            below = f"{path}.{name}" if path else name
            yield below, list(node)
            yield from members(value, below)


@pytest.mark.parametrize("operation", [*OPERATIONS, *WEBHOOKS], ids=slug)
def test_every_field_has_an_anchor(operation):
    """Each query parameter, and each member of each example, has a row of its own."""
    ids = set(html.parse(SITE / f"reference/{slug(operation)}.html").xpath("//tr/@id"))
    body = operation.get("requestBody", {"content": {"application/json": {"examples": {}}}})
    for example in body["content"]["application/json"]["examples"].values():
        assert {path for path, _ in members(example["value"])} <= ids
    assert {f"query.{parameter['name']}" for parameter in operation.get("parameters", ())} <= ids


@pytest.mark.parametrize("schema", [{"pattern": "^[a-z]+$"}, {"multipleOf": 2}, {"format": "uuid"}])
def test_a_limit_without_words_ends_the_build(schema):
    """A pattern, a keyword or a format without a sentence is named, with the place to add one."""
    with pytest.raises(Wordless, match=r"no words for .* tools/portal/limits\.py"):
        limits(schema)


def test_codes_can_be_filtered(browser, address):
    """Only rows that contain the words stay visible, and their number is shown."""
    for seen in visit(browser, f"{address}/codes.html", NARROW):
        seen.page.fill(".filter input", "busy")
        rows = [row for row in seen.page.locator("tbody tr").all() if row.is_visible()]
        assert len(rows) >= 3
        assert all("busy" in row.inner_text().lower() for row in rows)
        assert seen.page.inner_text(".filter output").startswith(f"{len(rows)} of ")


def test_the_same_meaning_has_the_same_advice():
    """In both numberings: a busy line may be called again, though the vendor calls it permanent."""
    advice = {code.description: what_to_do(code) for code in codes.ERRORS}
    assert [what_to_do(code) for code in codes.ERRORS] == [advice[code.description] for code in codes.ERRORS]
    for meaning in ("The line was busy", "Nobody answered", "The called person declined"):
        assert advice[meaning] == "Call again later, or let the platform dial again with `retry`."
    assert {*PASSING, *NUMBER} <= {code.name for code in codes.ERRORS}


def test_the_legend_stays_when_fields_are_filtered(browser, address):
    """A filter changes only the table below it."""
    for seen in visit(browser, f"{address}/sources.html", WIDE):
        seen.page.fill(".filter input", "callbackData")
        assert seen.page.is_visible("#assumption")
        assert seen.page.is_visible("text=IvrMessage.callbackData")
        assert not seen.page.is_visible("text=IvrMessage.retry")


@pytest.mark.parametrize("form", ["application/json", "application/xml"])
def test_a_request_is_sent_to_the_mock(browser, address, form):
    """The example gets 200 and an accepted call; the reports page then gets its report."""
    for seen in visit(browser, f"{address}/reference/launch-click-to-call.html", NARROW):
        page = seen.page
        page.fill("[name=account]", f"send-{form.rpartition('/')[2]}")
        page.select_option("[name=type]", form)
        page.click("form.send button")
        page.wait_for_selector(".result:not([hidden])")
        assert page.inner_text(".result .kind").startswith("200")
        assert "PENDING_ACCEPTED" in page.inner_text(".result pre")
        assert page.is_visible('a[href="/_mock/"]')
        page.goto(f"{address}/reference/fetch-reports.html")
        page.fill("[name=account]", f"send-{form.rpartition('/')[2]}")
        page.fill("[name='query.limit']", "1")
        page.click("form.send button")
        page.wait_for_selector(".result:not([hidden])")
        assert "MESSAGE-ID-123-xyz" in page.inner_text(".result pre")


def test_a_page_from_a_file_says_how_to_send(browser, site):
    """Without a mock at the same address there is no form, and the page says what to run."""
    for seen in visit(browser, (site / "reference/fetch-reports.html").as_uri(), WIDE):
        assert not seen.page.is_visible("form.send")
        assert seen.page.is_visible("text=make preview")


def test_the_language_and_the_scheme_are_remembered(browser, address):
    """Another page shows the language and the colours that were chosen on this one."""
    for seen in visit(browser, f"{address}/reference/launch-outbound-ivr.html", WIDE, color_scheme="light"):
        page = seen.page
        page.click(".languages >> text=PHP")
        page.click("button.scheme")
        page.click("button.scheme")
        page.goto(f"{address}/reference/fetch-reports.html")
        assert page.locator(".sample:visible").get_attribute("data-language") == "PHP"
        assert page.get_attribute(".languages [aria-pressed=true]", "aria-pressed")
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
        assert page.get_attribute("button.scheme", "aria-label") == "Colours: dark"


def test_code_can_be_copied(browser, address):
    """The button copies the block beside it, and says so."""
    permissions = ["clipboard-read", "clipboard-write"]
    for seen in visit(browser, f"{address}/index.html", WIDE, permissions=permissions):
        seen.page.hover(".copyable >> nth=0")
        seen.page.click(".copy >> nth=0")
        seen.page.wait_for_selector("text=Copied")
        assert seen.page.evaluate("navigator.clipboard.readText()") == (
            (ROOT / "docs/snippets/install.sh").read_text().removesuffix("\n")
        )
