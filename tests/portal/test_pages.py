"""Every page in a real browser.

It is accessible in light and dark, fits a telephone, asks no other host, and has no dead link.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
REFERENCE = ["#/ivr/launchoutboundivr", "#/click-to-call/launchclicktocall", "#/reports/fetchreports"]
VIEWS = [*PAGES, *(f"reference.html{place}" for place in REFERENCE)]
AXE = (ROOT / "tools/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAPER = {"width": 680, "height": 1000}


class Visit:
    """An open page, with its requests and the errors in its console."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


def visit(browser: Browser, url: str, size: dict[str, int], scheme: str = "light") -> Iterator[Visit]:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    seen = Visit(context.new_page())
    seen.page.goto(url)
    if "reference.html" in url:
        seen.page.wait_for_selector(".menu-content[role=navigation]", state="attached")
    if "try.html" in url:
        seen.page.wait_for_selector("#swagger-ui .opblock")
    yield seen
    context.close()


def test_every_page_is_there():
    """`make docs` built a page for each guide and each entry of the navigation, and no other."""
    guides = {path.stem for path in (ROOT / "docs/guides").glob("*.md")} | {"index"}
    names = {"index", "reference", "try", "codes", "sources", "downloads", "changelog"}
    assert set(PAGES) == {f"{name}.html" for name in names} | {f"guides/{name}.html" for name in guides}


@pytest.mark.parametrize("view", VIEWS)
def test_a_page(browser, address, view):
    """axe finds no violation, nothing scrolls sideways, no errors, no request to another host.

    A page is loaded once and then looked at in both widths and in both schemes. Of what axe judges,
    only the contrast depends on the scheme.
    """
    for seen in visit(browser, f"{address}/{view}", WIDE):
        seen.page.evaluate(AXE)
        for size in (WIDE, NARROW):
            seen.page.set_viewport_size(size)  # type: ignore[arg-type]
            inner, outer = seen.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert inner <= outer, size
            for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
                seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                seen.page.evaluate("document.getAnimations().forEach(one => one.finish())")  # colours fade
                found = seen.page.evaluate(
                    "options => axe.run(document, options).then(result => result.violations)",
                    {"preload": False, **rules},
                )
                assert [describe(violation) for violation in found] == [], (size, scheme)
        assert [url for url in seen.requests if not url.startswith((f"{address}/", "data:", "blob:"))] == []
        assert seen.complaints == []


def describe(violation: dict[str, Any]) -> str:
    return f"{violation['id']}: {violation['nodes'][0]['html'][:200]} {violation['nodes'][0].get('failureSummary', '')[:300]}"


@pytest.mark.parametrize("view", PAGES)
def test_every_link_leads_somewhere(browser, address, view):
    """Each link into the portal leads to a file that exists, and to an element in it."""
    for seen in visit(browser, f"{address}/{view}", WIDE):
        links = seen.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        assert links
        for link in sorted({link for link in links if link.startswith(address)}):
            target, fragment = urldefrag(link)
            name = target.removeprefix(f"{address}/") or "index.html"
            assert (SITE / name).is_file(), link
            if name == "reference.html" and fragment.startswith("/"):
                continue  # a link of Redoc's router; the operations are among the views above
            if fragment and name != "reference.html":
                assert f'id="{unquote(fragment)}"' in (SITE / name).read_text(encoding="utf-8"), link


@pytest.mark.parametrize("view", PAGES)
def test_nothing_comes_from_another_host(view):
    """No page names a script, a style, a picture or a frame on another host, blocked or not."""
    text = (SITE / view).read_text(encoding="utf-8")
    assert "connect-src 'none'" in text or view == "try.html"
    assert re.findall(r'<(?:script|img|iframe|source)\b[^>]*\bsrc="https?:', text) == []
    assert re.findall(r'<link\b[^>]*\bhref="https?:', text) == []
    assert "otel.cloud" not in text
    assert "cdn." not in text


@pytest.mark.parametrize(
    ("query", "first"),
    [("busy 5002", "EC_VOICE_USER_BUSY"), ("survive lost", "Survive a lost answer"), ("callbackData", "callbackData")],
)
def test_search_works_without_a_network(browser, site, query, first):
    """The search works on files, from a page in a folder, and its first hit opens."""
    context = browser.new_context(viewport=WIDE, offline=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto((site / "guides/xml.html").as_uri())
    page.fill(".search input", query)
    assert first in page.inner_text(".hits a >> nth=0")
    page.press(".search input", "Enter")
    page.wait_for_url(lambda url: "guides/xml.html" not in url)
    assert page.title()
    context.close()


def test_search_says_when_it_finds_nothing(browser, address):
    """It says "Nothing found.", and Escape closes it."""
    for seen in visit(browser, f"{address}/index.html", WIDE):
        seen.page.fill(".search input", "zzzz")
        assert seen.page.inner_text(".hits") == "Nothing found."
        seen.page.press(".search input", "Escape")
        assert not seen.page.is_visible(".hits")


def test_codes_can_be_filtered(browser, address):
    """Only rows that contain the words stay visible, and their number is shown."""
    for seen in visit(browser, f"{address}/codes.html", NARROW):
        seen.page.fill(".filter input", "busy")
        rows = [row for row in seen.page.locator("tbody tr").all() if row.is_visible()]
        assert len(rows) >= 3
        assert all("busy" in row.inner_text().lower() for row in rows)
        assert seen.page.inner_text(".filter output").startswith(f"{len(rows)} of ")


def test_the_legend_stays_when_fields_are_filtered(browser, address):
    """A filter changes only the table below it."""
    for seen in visit(browser, f"{address}/sources.html", WIDE):
        seen.page.fill(".filter input", "callbackData")
        assert seen.page.is_visible("#assumption")
        assert seen.page.is_visible("text=IvrMessage.callbackData")
        assert not seen.page.is_visible("text=IvrMessage.retry")


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("reference.html", "try.html")])
def test_a_printed_page_has_all_the_text_and_no_navigation(browser, address, page):
    """Print is dark on white in dark mode too, and nothing is wider than A4's 680 pixels."""
    for seen in visit(browser, f"{address}/{page}", PAPER, "dark"):
        seen.page.emulate_media(media="print", color_scheme="dark")
        assert not seen.page.is_visible("header.top")
        assert seen.page.is_visible("h1")
        ink, paper = seen.page.evaluate(
            "['color', 'backgroundColor'].map(name => getComputedStyle(document.body)[name].match(/[0-9.]+/g).map(Number))"
        )
        assert sum(ink[:3]) < 3 * 80
        assert paper[3:] == [0] or sum(paper[:3]) > 3 * 240
        cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.outerHTML.slice(0, 80))"
        assert seen.page.eval_on_selector_all("html, pre, .scroll", cut) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_page_to_try_it_reaches_the_mock(browser, address, size):
    """Logged in, the example gets 200 and an accepted call; only this server is offered."""
    for seen in visit(browser, f"{address}/try.html", size):
        assert seen.page.eval_on_selector_all("#servers option", "all => all.map(one => one.value)") == [address]
        seen.page.click(".btn.authorize")
        seen.page.fill("#auth-basic-username, input[name=username]", "try")
        seen.page.fill("#auth-basic-password, input[name=password]", "open sesame")
        seen.page.click(
            ".auth-container:has(input[name=username]) .btn.authorize, .auth-btn-wrapper .authorize >> nth=0"
        )
        seen.page.click(".btn-done >> nth=0")
        seen.page.click(".opblock-post .opblock-summary-control >> nth=0")
        seen.page.click(".opblock-post .btn.execute")
        seen.page.wait_for_selector(".live-responses-table tbody .response-col_status")
        assert "200" in seen.page.inner_text(".live-responses-table tbody .response-col_status >> nth=-1")
        assert "PENDING_ACCEPTED" in seen.page.inner_text(".live-responses-table")
        inner, outer = seen.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert inner <= outer
