"""The mock's own pages in a real browser.

They work without JavaScript, are accessible, fit a telephone, and do what their buttons say.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from accessibility import NARROW, WIDE, in_all_sizes

SIZES = {"wide": WIDE, "narrow": NARROW}


@pytest.fixture
def account(voice_mock, voice_clock, voice_pushes) -> str:
    """The URL of the page of an account that has an example of everything a page can show."""
    import requests

    def launch(path: str, message: dict[str, object]) -> None:
        body = {"bulkId": "a-bulk-with-a-name-of-some-length-2026-07-07", "messages": [message]}
        credentials = (voice_mock.username, "open sesame")
        requests.post(voice_mock.base_url + path, json=body, auth=credentials, timeout=10)

    voice_pushes.answers = [500]
    redial = {"minPeriod": 1, "maxPeriod": 5}
    busy = {"scenarioId": "S", "destinations": [{"to": "999102001", "messageId": "BUSY"}], "retry": redial}
    pair = {"from": "41793026700", "destinationA": "41793026727", "destinationB": "41793026731"}
    launch("/voice/ivr/1/messages", {**busy, "parameters": {"code": "x" * 200}})
    launch("/voice/ctc/1/send", {**pair, "messageId": "PUSHED", "notifyUrl": voice_pushes.url, "text": "Hello"})
    launch("/voice/ctc/1/send", {**pair, "destinationA": "0123"})
    launch("/voice/ctc/1/send", {**pair, "notifyUrl": f"http://www.example.com/{'long/' * 30}"})
    for _ in range(60):
        requests.get(f"{voice_mock.base_url}/tts/3/reports?limit=1&bulkId={'b' * 100}", timeout=10)
    voice_mock.control("POST", "faults", {"kind": "server-error-after-effect", "operation": "fetchReports", "every": 3})
    voice_clock.advance(seconds=10)
    return f"{voice_mock.base_url}/_mock/pages/{voice_mock.username}"


PAGES = ("", "/calls", "/calls/BUSY", "/calls/PUSHED", "/calls?search=nothing", "/pushes", "/pushes/push-1", "/requests",
         "/requests/1", "/requests/3", "/faults", "/calls/unknown")  # fmt: skip


def open_page(
    browser: Browser, url: str, size: str, javascript: bool = True, bypass_csp: bool = True
) -> Iterator[Page]:
    context = browser.new_context(
        viewport=SIZES[size], java_script_enabled=javascript, bypass_csp=bypass_csp and javascript
    )
    page = context.new_page()
    page.goto(url)
    yield page
    context.close()


def test_every_page(browser, account):
    """axe finds nothing, nothing scrolls sideways, and only ids and URLs are broken."""
    for page in open_page(browser, account, "wide"):
        for url in (account.partition("pages/")[0], *(account + path for path in PAGES)):
            page.goto(url)
            for size in in_all_sizes(page):
                assert page.evaluate(BROKEN_WORDS) == [], (url, size)


# A word is broken if its letters stand in two lines, though it would fit into one.
BROKEN_WORDS = """() => {
    const found = [];
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const node = texts.currentNode;
        if (node.parentElement.closest("pre, .id, option, .hidden, thead")) continue;
        for (const match of node.data.matchAll(/[A-Za-z0-9]+/g)) {
            const range = document.createRange();
            range.setStart(node, match.index);
            range.setEnd(node, match.index + match[0].length);
            if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(match[0]);
        }
    }
    return found;
}"""


def test_it_works_without_javascript(browser, account, voice_pushes):
    """Without JavaScript, people can read, move the clock, search, push again and reset."""
    for page in open_page(browser, account, "narrow", javascript=False):
        text = page.inner_text("main")
        assert "dialled 999102001" in text
        assert "messages[0].destinationA: must be 5 to 15 digits" in text
        assert not page.is_visible("#live")
        page.fill("#minutes", "1")
        page.click("text=Advance the clock")
        assert len(voice_pushes.received) == 2
        assert "delivered" in page.inner_text("main")
        page.click("text=Push again")
        assert len(voice_pushes.received) == 3
        page.click("text=To the next event")
        page.click("text=Run until idle")
        assert "nothing is due" in page.inner_text("#clock")
        page.click("nav >> text=Calls")
        page.fill("[name=search]", "pushed")
        page.click("text=Find")
        assert page.locator("tbody tr").count() == 1
        page.click("td >> text=PUSHED")
        assert '"text": "Hello"' in page.inner_text("main")
        page.click("text=Overview")
        page.click("text=Follow this machine")
        assert page.is_visible("text=Let the clock stand still")
        page.click("text=Reset this account")
        page.click("text=Reset it")
        assert account.rpartition("/")[2] not in page.inner_text("main")


def test_looking_leaves_no_trace(browser, account, voice_mock):
    """A browser asks for nothing but the pages, so the evidence holds what the program sent."""
    before = len(voice_mock.requests()) + len(voice_mock.requests(strays=True))
    for page in open_page(browser, account, "wide", bypass_csp=False):
        page.goto(account.partition("pages/")[0])
        page.goto(f"{account}/requests")
    assert len(voice_mock.requests()) + len(voice_mock.requests(strays=True)) == before


def test_a_page_follows_what_happens(browser, account, voice_mock, voice_clock):
    """With JavaScript, under the page's own policy, it changes by itself; no place is lost."""
    errors: list[str] = []
    for page in open_page(browser, account, "wide", bypass_csp=False):
        page.on("console", lambda message: errors.append(message.text))
        page.click("text=Reset this account")
        page.fill("#minutes", "17")
        voice_clock.advance(minutes=3)
        page.locator("#clock", has_text=voice_clock.now[11:19]).wait_for()
        assert page.input_value("#minutes") == "17"
        assert page.evaluate("document.activeElement.id") == "minutes"
        assert page.is_visible("text=Reset it")
        assert page.locator("#newest", has_text="busy").is_visible()
        page.click("#live")
        assert page.inner_text("#live") == "Paused"
        page.reload()
        assert page.inner_text("#live") == "Paused"
        assert page.locator("#clock", has_text=voice_clock.now[11:19]).is_visible()
    assert errors == []
