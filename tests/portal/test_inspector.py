"""The mock's own pages in a real browser.

They work without JavaScript, are accessible, fit a telephone, and do what their buttons say.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "tools/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
WIDE_ELEMENTS = """[...document.querySelectorAll("body *")].filter(element => element.getBoundingClientRect().right > innerWidth)
    .map(element => element.outerHTML.slice(0, 120))"""
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}


@pytest.fixture
def account(voice_mock, voice_clock, voice_pushes) -> str:
    """The URL of the page of an account that has an example of everything a page can show."""
    import requests

    def launch(path: str, message: dict[str, object]) -> None:
        body = {"messages": [message]}
        credentials = (voice_mock.username, "open sesame")
        requests.post(voice_mock.base_url + path, json=body, auth=credentials, timeout=10)

    voice_pushes.answers = [500]
    redial = {"minPeriod": 1, "maxPeriod": 5}
    busy = {"scenarioId": "S", "destinations": [{"to": "999102001", "messageId": "BUSY"}], "retry": redial}
    pair = {"from": "41793026700", "destinationA": "41793026727", "destinationB": "41793026731"}
    launch("/voice/ivr/1/messages", busy)
    launch("/voice/ctc/1/send", {**pair, "messageId": "PUSHED", "notifyUrl": voice_pushes.url, "text": "Hello"})
    launch("/voice/ctc/1/send", {**pair, "destinationA": "0123"})
    voice_clock.advance(seconds=10)
    return f"{voice_mock.base_url}/_mock/pages/{voice_mock.username}"


def open_page(browser: Browser, url: str, size: str, scheme: str, javascript: bool = True) -> Iterator[Page]:
    context = browser.new_context(
        viewport=SIZES[size], color_scheme=scheme, java_script_enabled=javascript, bypass_csp=javascript
    )
    page = context.new_page()
    page.goto(url)
    yield page
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_a_page(browser, account, size, scheme):
    """axe finds no violation and nothing scrolls sideways, on an account's page and on the list."""
    for url in (account, account.partition("pages/")[0]):
        for page in open_page(browser, url, size, scheme):
            inner, outer = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert inner <= outer, page.evaluate(WIDE_ELEMENTS)
            page.evaluate(AXE)
            violations = page.evaluate("axe.run().then(result => result.violations)")
            found = [f"{item['id']}: {item['nodes'][0]['html'][:200]}" for item in violations]
            assert found == []


def test_it_works_without_javascript(browser, account, voice_pushes):
    """Without JavaScript, people can read, advance the clock and push again."""
    for page in open_page(browser, account, "narrow", "light", javascript=False):
        text = page.inner_text("main")
        assert "dialled 999102001" in text
        assert "messages[0].destinationA: must be 5 to 15 digits" in text
        page.fill("#minutes", "1")
        page.click("text=Advance the clock")
        assert len(voice_pushes.received) == 2
        assert "delivered" in page.inner_text("main")
        page.click("text=Push again")
        assert len(voice_pushes.received) == 3
        page.click("text=Follow this machine")
        assert page.is_visible("text=Let the clock stand still")
