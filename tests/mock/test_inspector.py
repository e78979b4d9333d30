"""The inspector's pages and forms work without JavaScript, and escape everything."""

from html.parser import HTMLParser

import pytest


class Page(HTMLParser):
    """Collects the text, the links and the forms of a page."""

    def __init__(self, response):
        super().__init__()
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        self.text, self.links, self.forms, self.tags = "", [], [], []
        self.feed(response.body.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if tag == "form":
            self.forms.append(dict(attrs)["action"])

    def handle_data(self, data):
        self.text += data + " "


def page(mock, path: str = "/_mock/pages/Aladdin") -> Page:
    response = mock.control("GET", path)
    assert response.status == 200, response.body
    return Page(response)


def submit(mock, action: str, form: str = "", **fields: str):
    type_ = {"content_type": "application/x-www-form-urlencoded"}
    return mock.send("POST", f"/_mock/pages/Aladdin/{action}", form, None, **({"host": "127.0.0.1"} | type_ | fields))


def test_accounts(mock):
    """An account is listed from its first request on."""
    assert "Nobody has called yet" in page(mock, "/_mock/").text
    mock.reports()
    assert "/_mock/pages/Aladdin" in page(mock, "/_mock").links
    assert mock.control("GET", "/_mock/pages/nobody").status == 404
    assert mock.control("POST", "/_mock/").status == 405
    assert mock.control("POST", "/_mock/pages/Aladdin").status == 405


def test_an_account(new_mock):
    """Its page has calls with their lives, pushes with their tries, and refused requests."""
    mock = new_mock(clock="manual")
    mock.reports()
    assert page(mock).text.count("None.") == 2
    mock.click_to_call(messageId="M", notifyUrl="http://127.0.0.1:1/")
    mock.ivr("0123")
    mock.control("PUT", "clock", {"mode": "real"})
    mock.control("PUT", "clock", {"mode": "manual"})
    text = page(mock).text
    for expected in ("M", "dialled 41793026727, who sees 41793026700", "ended at second 10", "scheduled", "400"):
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
    assert page(mock).forms == ["/_mock/pages/Aladdin/advanceClock", "/_mock/pages/Aladdin/putClock"]
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
    assert page(mock).text.count("ConnectError") == 22
    assert submit(mock, "replayPush", "id=push-2").status == 404


def test_nothing_is_unescaped(mock):
    """Whatever a client sends is text on the page, which may load and run nothing."""
    mock.ivr({"to": "41793026727", "messageId": "<script>alert(1)</script>"})
    mock.send("GET", "/tts/3/reports?<img src=x>")
    response = mock.control("GET", "/_mock/pages/Aladdin")
    assert {"script", "img"}.isdisjoint(Page(response).tags)
    assert "<script>alert(1)</script>" in Page(response).text
    policy = response.headers["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"


@pytest.mark.parametrize("fields", [{"origin": "http://www.example.com"}, {"host": "rebound.example"}])
def test_a_page_from_elsewhere_cannot_drive_it(mock, fields):
    """Host and Origin are checked for the pages too."""
    mock.reports()
    assert submit(mock, "putClock", "mode=manual", **fields).status == 403
    assert mock.control("GET", "clock").json["mode"] == "real"
