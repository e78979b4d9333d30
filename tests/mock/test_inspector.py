"""The inspector's pages and forms work without JavaScript, and escape everything."""

import base64
import hashlib
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from infobip_voice_mock.control.inspector.forms import TOKEN


class Page(HTMLParser):
    """Collects the text, the links and the forms of a page."""

    def __init__(self, response):
        super().__init__()
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        self.text, self.links, self.forms, self.searched, self.tags, self._silent = "", [], [], [], [], False
        self.feed(response.body.decode())
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._silent = tag in ("style", "script")
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if tag == "form":
            (self.forms if dict(attrs)["method"] == "post" else self.searched).append(dict(attrs)["action"])

    def handle_data(self, data):
        self.text += "" if self._silent else data + " "


def page(mock, path: str = "/_mock/pages/Aladdin") -> Page:
    response = mock.control("GET", path)
    assert response.status == 200, response.body
    return Page(response)


def submit(mock, action: str, form: str = "", **fields: str):
    type_ = {"content_type": "application/x-www-form-urlencoded"}
    form = f"token={TOKEN}&{form}"
    return mock.send("POST", f"/_mock/pages/Aladdin/{action}", form, None, **({"host": "127.0.0.1"} | type_ | fields))


def test_accounts(mock):
    """An account is listed from its first request on."""
    assert "Nobody has called yet" in page(mock, "/_mock/").text
    mock.reports()
    assert "/_mock/pages/Aladdin" in page(mock, "/_mock").links
    mock.send("GET", "/tts/3/report", authorization=None, user_agent="curl/8")
    stray = page(mock, "/_mock/").text
    assert "GET /tts/3/report 404 Not Found; the nearest path is /tts/3/reports" in stray
    assert "user-agent: curl/8" in stray
    assert mock.control("GET", "/_mock/pages/nobody").status == 404
    assert mock.control("POST", "/_mock/").status == 405
    assert mock.control("POST", "/_mock/pages/Aladdin").status == 405


def test_an_account(new_mock):
    """Its page has calls with their lives, pushes with their tries, and refused requests."""
    mock = new_mock(clock="manual")
    mock.reports()
    assert page(mock).text.count("None.") == 2  # neither calls nor pushes
    mock.click_to_call(messageId="M", notifyUrl="http://127.0.0.1:1/")
    mock.ivr("0123")
    mock.control("PUT", "clock", {"mode": "real"})
    mock.control("PUT", "clock", {"mode": "manual"})
    text = page(mock).text
    assert "2026-03-01 12:00:00 UTC manual clock, edition seeds, next event 2026-03-01 12:00:10 UTC" in text
    for expected in (
        "M",
        "12:00:00 dialled 41793026727 , who sees 41793026700",
        "ended at second 10",
        "scheduled",
        "400",
    ):
        assert expected in text
    assert "Bad Request | messages[0].destinations[0].to: must be 5 to 15 digits" in text


def test_the_clock_is_moved_by_forms(new_mock):
    """Forms stop, advance and release the clock; each leads back to the page."""
    mock = new_mock()
    mock.reports()
    assert "Let the clock stand still" in page(mock).text
    assert submit(mock, "advanceClock", "minutes=1").status == 409
    response = submit(mock, "putClock", "mode=manual")
    assert (response.status, response.headers["location"]) == (303, "/_mock/pages/Aladdin")
    assert page(mock).forms == [
        f"/_mock/pages/Aladdin/{form}" for form in ("advanceClock", "runClock", "putClock", "resetTenant")
    ]
    assert submit(mock, "advanceClock", "minutes=90").status == 303
    assert "2026-03-01 13:30:00" in page(mock).text
    for wrong in ("minutes=", "minutes=-1", "minutes=999999999", "minutes=%D9%A1", ""):
        assert submit(mock, "advanceClock", wrong).status == 400
    assert submit(mock, "putClock", "mode=real").status == 303
    assert submit(mock, "explode").status == 404
    assert mock.control("GET", "/_mock/pages/Aladdin/putClock").status == 405


@pytest.mark.parametrize("clock", ["real", "manual"])
@pytest.mark.parametrize(
    ("form", "fields", "method", "path", "body"),
    [
        ("putClock", "mode=manual", "PUT", "clock", {"mode": "manual"}),
        ("putClock", "mode=sideways", "PUT", "clock", {"mode": "sideways"}),
        ("putClock", "", "PUT", "clock", {}),
        ("advanceClock", "minutes=1", "POST", "clock/advance", {"minutes": 1}),
        ("advanceClock", "minutes=-1", "POST", "clock/advance", {"minutes": -1}),
        ("advanceClock", "minutes=one", "POST", "clock/advance", {"minutes": "one"}),
        ("advanceClock", "minutes=100000001", "POST", "clock/advance", {"minutes": 100000001}),
        ("advanceClock", "days=40000&hours=1000000", "POST", "clock/advance", {"days": 40000, "hours": 1000000}),
        ("advanceClock", "to=9999-12-31T23:59:59Z", "POST", "clock/advance", {"to": "9999-12-31T23:59:59Z"}),
        ("replayPush", "id=push-9", "POST", "pushes/push-9/replay", b""),
    ],
)
def test_a_form_answers_as_its_operation_does(new_mock, clock, form, fields, method, path, body):
    """The same refusal, word for word, and the same effect."""
    mock, twin = new_mock(clock=clock), new_mock(clock=clock)
    mock.reports()
    submitted, called = submit(mock, form, fields), twin.control(method, path, body)
    if called.status == 200:
        assert submitted.status == 303
    else:
        assert (submitted.status, submitted.json) == (called.status, called.json)
    assert mock.control("GET", "clock").json == twin.control("GET", "clock").json


def test_a_push_is_replayed_by_a_form(new_mock):
    """The page then shows every try."""

    class Receiver:
        async def post(self, url, headers, body):
            raise OSError("ConnectError")

    mock = new_mock(clock="manual", poster=Receiver())
    mock.ivr({"to": "41793026727", "messageId": "M"}, notifyUrl="http://127.0.0.1:1/")
    mock.run()
    assert submit(mock, "replayPush", "id=push-1").status == 303
    assert page(mock, "/_mock/pages/Aladdin/pushes/push-1").text.count("ConnectError") == 22
    assert submit(mock, "replayPush", "id=push-2").status == 404


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"


@pytest.fixture
def evil(new_mock):
    """An account in which everything that a client can choose is markup."""

    class Receiver:
        async def post(self, url, headers, body):
            raise OSError(EVIL)

    mock = new_mock(clock="manual", poster=Receiver())
    mock.ivr(
        {"to": "41793026727", "messageId": EVIL},
        bulkId=EVIL,
        parameters={"name": EVIL},
        callbackData=EVIL,
        notifyUrl="http://127.0.0.1:1/?'<script>",
    )
    mock.ivr({"to": EVIL})
    mock.send("GET", f"/tts/3/reports?{EVIL}", user_agent=EVIL)
    mock.send("GET", f"/{EVIL}", authorization=None)
    mock.run()
    return mock


def addresses(start: str, mock) -> list[str]:
    """Return the address of every page that can be reached from one."""
    found, waiting = [], [start]
    while waiting:
        address = waiting.pop()
        if address in found or "openapi.json" in address or address.startswith("#"):
            continue
        found.append(address)
        waiting += page(mock, address).links
    return found


def test_nothing_is_unescaped(evil):
    """Whatever a client sends is text on every page; a page runs and loads nothing but its own."""
    pages = addresses("/_mock/", evil)
    assert len(pages) >= 12
    for address in pages:
        response = evil.control("GET", address)
        tags = Page(response).tags
        assert (tags.count("script"), tags.count("img"), b"onerror=alert(2)>" in response.body) == (1, 0, False), (
            address
        )
        policy = dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))
        assert policy.keys() == {
            "default-src", "style-src", "script-src", "connect-src", "img-src", "form-action", "frame-ancestors", "base-uri"
        }  # fmt: skip
        for kind, tag in (("style-src", b"style"), ("script-src", b"script")):
            text = response.body.partition(b"<" + tag + b">")[2].partition(b"</" + tag + b">")[0]
            assert policy[kind] == f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
        assert (policy["default-src"], policy["connect-src"], policy["form-action"]) == ("'none'", "'self'", "'self'")
        assert b" style=" not in response.body
    call = page(evil, f"/_mock/pages/Aladdin/calls/{quote(EVIL, safe='')}")
    assert call.text.count("alert(1)") >= 5


def test_every_page_is_reached_by_links(new_mock):
    """Calls, pushes and requests have pages of their own, whose parts lead to one another."""

    class Receiver:
        async def post(self, url, headers, body):
            return 200

    mock = new_mock(clock="manual", poster=Receiver())
    mock.ivr({"to": "41793026727", "messageId": "a/b c"}, bulkId="B&1", notifyUrl="http://127.0.0.1:1/")
    mock.run()
    pages = addresses("/_mock/", mock)
    base = "/_mock/pages/Aladdin"
    assert set(pages) == {
        "/_mock/", base, f"{base}/calls", f"{base}/pushes", f"{base}/requests", f"{base}/faults", f"{base}/requests/1",
        f"{base}/calls/a%2Fb%20c", f"{base}/pushes/push-1", f"{base}/calls?bulkId=B%261",
    }  # fmt: skip
    sent = page(mock, f"{base}/calls/a%2Fb%20c").text
    assert '"scenarioId": "S"' in sent
    assert '"groupName": "DELIVERED"' in sent
    pushed = page(mock, f"{base}/pushes/push-1").text
    assert "content-type application/json" in pushed
    assert '{"results":[{"bulkId":"B&1","messageId":"a/b c"' in pushed
    asked = page(mock, f"{base}/requests/1").text
    assert "authorization Basic ***" in asked
    assert '"bulkId": "B&1"' in asked


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/_mock/pages/Aladdin/calls/none", 404),
        ("/_mock/pages/Aladdin/pushes/push-9", 404),
        ("/_mock/pages/Aladdin/requests/9", 404),
        ("/_mock/pages/Aladdin/requests/x", 404),
        ("/_mock/pages/Aladdin/reports", 404),
        ("/_mock/pages/Aladdin/calls/a/b", 404),
        ("/_mock/pages/Aladdin/calls?colour=blue", 400),
        ("/_mock/pages/Aladdin/calls?before=none", 404),
        ("/_mock/pages/Aladdin/requests?status=x", 400),
        ("/_mock/pages/nobody", 404),
        ("/_mock/pages/", 404),
    ],
)
def test_a_page_that_there_is_not(mock, path, status):
    """A program gets the refusal as JSON, a browser as a page."""
    mock.reports()
    refusal = mock.control("GET", path)
    assert (refusal.status, list(refusal.json)) == (status, ["requestError"])
    shown = mock.control("GET", path, accept="text/html,*/*;q=0.8")
    assert shown.status == status
    assert refusal.json["requestError"]["serviceException"]["text"] in Page(shown).text


def test_long_lists_have_pages(mock):
    """Fifty entries a page, the newest first; a filter stays from page to page."""
    for number in range(1, 121):
        mock.reports(f"?limit={number}")
    mock.ivr("0123")
    base = "/_mock/pages/Aladdin/requests"
    first = page(mock, f"{base}?method=GET&search=limit&status=")
    assert first.text.count("GET /tts/3/reports?limit=") == 50
    [older] = [link for link in first.links if "before=" in link]
    second = page(mock, older)
    assert second.text.count("GET /tts/3/reports?limit=") == 50
    assert "limit=70 " in second.text
    assert "limit=71 " not in second.text
    [oldest] = [link for link in second.links if "before=" in link and link != older]
    last = page(mock, oldest)
    assert last.text.count("GET /tts/3/reports?limit=") == 20
    assert [link for link in last.links if "before=" in link and link != oldest] == []
    assert f"{base}?method=GET&search=limit" in last.links


def test_many_accounts_have_pages(mock):
    """They are found by name; without many there is nothing to search in."""
    mock.control("PUT", "/_mock/tenants/job-000", {})
    assert "/_mock/" not in page(mock, "/_mock/").searched
    for number in range(1, 61):
        mock.control("PUT", f"/_mock/tenants/job-{number:03}", {})
    mock.send("GET", "/tts/3/reports", authorization=None)
    first = page(mock, "/_mock/")
    assert ("job-049" in first.text, "job-050" in first.text, "/tts/3/reports" in first.text) == (True, False, True)
    [more] = [link for link in first.links if "after=" in link]
    second = page(mock, more)
    assert ("job-049" in second.text, "job-050" in second.text, "job-060" in second.text) == (False, True, True)
    found = page(mock, "/_mock/?search=B-06")
    assert [link for link in found.links if "/pages/" in link] == ["/_mock/pages/job-060"]
    assert "None." in page(mock, "/_mock/?search=nobody").text


@pytest.mark.parametrize("kind", ["calls", "pushes"])
def test_other_lists_have_pages_too(new_mock, kind):
    """The last entry of a page is where the next one begins."""
    mock = new_mock(clock="manual")
    ids = [f"m-{number:03}" for number in range(51)]
    mock.ivr(*({"to": "41793026727", "messageId": each} for each in ids), notifyUrl="http://www.example.com/")
    mock.run()
    first = page(mock, f"/_mock/pages/Aladdin/{kind}")
    [older] = [link for link in first.links if "before=" in link]
    seen = [each for each in ids if each in first.text]
    assert (len(seen), [each for each in ids if each in page(mock, older).text]) == (50, ["m-000"])


def test_faults_by_forms(mock):
    """They are added, with what was left empty by default, and removed, one or all."""
    mock.reports()
    faults = "/_mock/pages/Aladdin/faults"
    form = "kind=latency&operation=&first=&every=2&probability=0.5&seconds=1.5&status="
    added = submit(mock, "addFault", f"page={quote(faults)}&{form}")
    assert (added.status, added.headers["location"]) == (303, faults)
    assert mock.control("GET", "faults").json == [
        {"id": "fault-1", "kind": "latency", "every": 2, "probability": 0.5, "seed": 0, "seconds": 1.5, "status": 503,
         "seen": 0, "struck": 0}
    ]  # fmt: skip
    assert "latency, 1.5 s all every 2, probability 0.5 0 0" in page(mock, faults).text
    assert submit(mock, "addFault", "kind=plague").status == 400
    submit(mock, "addFault", "kind=throttled&operation=fetchReports")
    assert submit(mock, "removeFault", "id=fault-1").status == 303
    assert submit(mock, "removeFault", "id=fault-1").status == 404
    assert submit(mock, "clearFaults").status == 303
    assert mock.control("GET", "faults").json == []


def test_the_rest_of_the_forms(new_mock):
    """A clock runs until idle or to an event; a report is requeued; requests and account go."""
    mock = new_mock(clock="manual")
    mock.ivr({"to": "41793026727", "messageId": "M"}, sendAt="2026-03-01T13:00:00Z")
    assert submit(mock, "advanceClock", "to=2026-03-01T13:00:10%2B00:00").status == 303
    assert "13:00:10 ended at second 10" in page(mock).text
    assert mock.waiting() == ["M"]
    assert submit(mock, "requeueReport", "messageId=M").status == 303
    assert mock.waiting() == ["M"]
    mock.ivr("41793026727")
    assert submit(mock, "runClock").status == 303
    assert mock.control("GET", "clock").json["now"] == "2026-03-01T13:00:20+00:00"
    assert submit(mock, "clearRequests").status == 303
    assert mock.control("GET", "requests").json == []
    reset = submit(mock, "resetTenant", "page=/_mock/")
    assert (reset.status, reset.headers["location"]) == (303, "/_mock/")
    assert mock.control("GET", "/_mock/tenants").json == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://www.example.com/",
        "//www.example.com/_mock/",
        "/tts/3/reports",
        "/_mock/%0d%0aset-cookie:x",
        "/_mock/\u00e4",
    ],
)
def test_a_form_leads_back_to_the_mock_alone(mock, elsewhere):
    """A field of a form cannot send a browser elsewhere, nor write a header field."""
    mock.reports()
    decoded = elsewhere if "%" in elsewhere else quote(elsewhere)
    response = submit(mock, "putClock", f"mode=manual&page={decoded}")
    assert (response.status, response.headers["location"]) == (303, "/_mock/pages/Aladdin")


@pytest.mark.parametrize("fields", [{"origin": "http://www.example.com"}, {"host": "rebound.example"}])
def test_a_page_from_elsewhere_cannot_drive_it(mock, fields):
    """Host and Origin are checked for the pages too."""
    mock.reports()
    assert submit(mock, "putClock", "mode=manual", **fields).status == 403
    assert mock.control("GET", "clock").json["mode"] == "real"


@pytest.mark.parametrize(
    "form",
    ["", "token=", "token=wrong", f"Token={TOKEN}", f"token={TOKEN}&token=wrong"],
    ids=["none", "empty", "wrong", "another name", "two"],
)
def test_a_form_of_another_site_is_refused(new_mock, form):
    """A browser sends credentials by itself; the token of the page it cannot know (403)."""
    mock = new_mock(clock="manual")
    mock.ivr("41793026727")
    action, type_ = "/_mock/pages/Aladdin/resetTenant", "application/x-www-form-urlencoded"
    response = mock.send("POST", action, form, None, host="127.0.0.1", content_type=type_)
    assert response.status == 403
    assert len(mock.control("GET", "calls").json) == 1


def test_every_form_that_changes_something_carries_the_token(new_mock):
    """A form that lacks it could not be submitted."""
    mock = new_mock(clock="manual")
    mock.ivr("41793026727", notifyUrl="http://127.0.0.1:1/")
    mock.control("POST", "faults", {"kind": "throttled"})
    for path in ("", "/faults", "/pushes", "/calls", "/requests"):
        body = mock.control("GET", f"/_mock/pages/Aladdin{path}").body.decode()
        assert body.count('method="post"') == body.count(f'name="token" value="{TOKEN}"')
    assert body.count('method="post"') > 0
