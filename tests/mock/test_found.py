"""Assertions about what a program sent, and what they say when they fail."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from infobip_voice import Unauthorized, VoiceClient
from infobip_voice_mock.evidence import Evidence
from infobip_voice_mock.pytest_plugin import VoiceMock

A, B = "41793026727", "41793026731"


def request(number: int, milliseconds: int = 0, status: int | None = 200, reason: str = "", **more: Any) -> dict:
    at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    headers = [{"name": "host", "value": "x"}, {"name": "user-agent", "value": f"agent/{number}"}]
    sent = {"number": number, "receivedAt": at.isoformat(), "method": "POST", "target": "/voice/ivr/1/messages"}
    return {**sent, "headers": headers, "status": status, "reason": reason, **more}


def call(message_id: str, request: int, to: str = A) -> dict:
    return {"messageId": message_id, "to": to, "request": request}


class Mock:
    """Answers what the control plane would: all calls and requests, the newest first."""

    def __init__(self, calls=(), requests=(), pushes=(), strays=()):
        self.lists = {"calls": calls, "requests": requests, "pushes": pushes, "strays": strays}
        self.asked: list[str] = []
        self.evidence = Evidence(self.ask, "a/b")

    def ask(self, path: str) -> Any:
        self.asked.append(path)
        if path.startswith("/_mock/requests?"):
            return self.lists["strays"][::-1]
        kind, _, rest = path.removeprefix("/_mock/tenants/a%2Fb/").partition("?")
        kind, _, number = kind.partition("/")
        if not number:
            return [each for each in self.lists[kind][::-1] if "to=" not in rest or f"to={each['to']}" in rest]
        found = [each for each in self.lists[kind] if str(each["number"]) == number]
        if not found:
            raise ValueError("GET: 404")
        return found[0]


FOUND: list[tuple[str, dict, Callable[[Evidence], Any], str]] = [
    (
        "two calls",
        {"calls": [call("m1", 1), call("m2", 2)], "requests": [request(1), request(2, 12)]},
        lambda seen: seen.calls(to=A).one(),
        "exactly one call to *********27: there were two, sent 12 ms apart by request 1 (POST /voice/ivr/1/messages, "
        "agent/1, answered 200) and request 2 (POST /voice/ivr/1/messages, agent/2, answered 200)",
    ),
    (
        "two calls of one launch",
        {"calls": [call("m1", 7), call("m2", 7)], "requests": [request(7)]},
        lambda seen: seen.calls(to=A).one(),
        "exactly one call to *********27: there were two, sent together by request 7 (POST /voice/ivr/1/messages, "
        "agent/7, answered 200)",
    ),
    (
        "a lost answer",
        {"calls": [call("m1", 1), call("m2", 2)], "requests": [request(1, status=0), request(2, 1500, headers=[])]},
        lambda seen: seen.calls().one(),
        "exactly one call: there were two, sent 1.5 s apart by request 1 (POST /voice/ivr/1/messages, agent/1, reset) "
        "and request 2 (POST /voice/ivr/1/messages, answered 200)",
    ),
    (
        "a request that was dropped",
        {"calls": [call("m1", 1), call("m2", 2)], "requests": [request(2)]},
        lambda seen: seen.calls(bulk_id="B").one(),
        "exactly one call of bulk B: there were two, sent by request 1 (dropped since) and request 2 "
        "(POST /voice/ivr/1/messages, agent/2, answered 200)",
    ),
    (
        "one call too many",
        {"calls": [call("m1", 1)], "requests": [request(1, status=None)]},
        lambda seen: seen.calls(to=A, state="waiting").none(),
        "no call to *********27 in state waiting: there was one, sent by request 1 (POST /voice/ivr/1/messages, "
        "agent/1, not answered yet)",
    ),
    (
        "nothing at all",
        {},
        lambda seen: seen.calls(to=A).one(),
        "exactly one call to *********27: there was none; the account has no call",
    ),
    (
        "something else instead",
        {
            "calls": [call("m1", 1, B)],
            "requests": [request(1), request(2, status=400, reason="Bad Request | messages[0].colour: unknown member")],
            "strays": [request(1, status=401, target=f"/tts/3/reports?messageId={A}")],
        },
        lambda seen: seen.calls(to=A).one(),
        "exactly one call to *********27: there was none; the account has one call, to *********31; refused: request 2 "
        "(POST /voice/ivr/1/messages, agent/2, answered 400): Bad Request | messages[0].colour: unknown member; "
        "without an account: request 1 (POST /tts/3/reports, agent/1, answered 401)",
    ),
    (
        "many",
        {"calls": [call(f"m{number}", number) for number in range(12)], "requests": []},
        lambda seen: seen.calls().exactly(3),
        "exactly three calls: there were 12, sent by request 0 (dropped since), request 1 (dropped since), request 2 "
        "(dropped since), request 3 (dropped since), request 4 (dropped since) and 7 more",
    ),
    (
        "requests",
        {"requests": [request(1, status=429), request(4, 300, status=429, target=f"/tts/3/files/m/{A}")]},
        lambda seen: seen.requests(status=429).one(),
        "exactly one request answered with 429: there were two 300 ms apart: request 1 (POST /voice/ivr/1/messages, "
        "agent/1, answered 429) and request 4 (POST /tts/3/files/m/*********27, agent/4, answered 429)",
    ),
    (
        "no request",
        {},
        lambda seen: seen.requests(method="GET", path="/tts/3/reports").one(),
        "exactly one request by GET to /tts/3/reports: there was none",
    ),
    (
        "strays",
        {"strays": [request(1, status=401)]},
        lambda seen: seen.requests(strays=True, since="2026-03-01T12:00:00Z").none(),
        "no request without an account since 2026-03-01T12:00:00Z: there was one: request 1 "
        "(POST /voice/ivr/1/messages, agent/1, answered 401)",
    ),
    (
        "pushes",
        {
            "pushes": [
                {"id": "push-1", "state": "pending", "reason": "", "attempts": []},
                {"id": "push-2", "state": "refused", "reason": "the host x is not allowed", "attempts": []},
                {
                    "id": "push-3",
                    "state": "delivered",
                    "reason": "",
                    "attempts": [
                        {"status": 500, "error": ""},
                        {"status": None, "error": "ConnectError"},
                        {"status": 200},
                    ],
                },
            ]
        },
        lambda seen: seen.pushes(message_id="m1").one(),
        "exactly one push about m1: there were three: push-1 (pending), push-2 (the host x is not allowed) and push-3 "
        "(delivered, answered with 500, ConnectError and 200)",
    ),
    (
        "no push",
        {},
        lambda seen: seen.pushes(search=A).one(),
        "exactly one push with the text *********27: there was none",
    ),
]


@pytest.mark.parametrize(("kept", "look", "text"), [pytest.param(*row, id=name) for name, *row in FOUND])
def test_what_a_failed_assertion_says(kept, look, text):
    """Who sent what, how far apart; instead of nothing, what there is. It shows no number."""
    with pytest.raises(AssertionError) as raised:
        look(Mock(**kept).evidence)
    assert str(raised.value) == text


def test_what_holds_says_nothing():
    """The entries come back, the oldest first; nothing else is asked for."""
    mock = Mock(calls=[call("m1", 1), call("m2", 1, B)])
    assert mock.evidence.calls().exactly(2) == [call("m1", 1), call("m2", 1, B)]
    assert mock.evidence.calls(to=B).one() == call("m2", 1, B)
    mock.evidence.pushes().none()
    assert len(mock.asked) == 3
    assert repr(mock.evidence.calls(to=A)) == "<one call to *********27>"


@pytest.mark.parametrize(("kind", "cursor"), [("calls", "messageId"), ("pushes", "id"), ("requests", "number")])
def test_all_pages_are_read(kind, cursor):
    """An assertion about more than a page is about all of it."""
    asked = []

    def ask(path: str) -> Any:
        query = parse_qs(path.partition("?")[2])
        asked.append(query)
        after = int(query["before"][0]) if "before" in query else 2501
        return [{cursor: number} for number in range(after - 1, max(after - 1001, 0), -1)]

    found = getattr(Evidence(ask, "a"), kind)(search="x")
    assert [entry[cursor] for entry in found] == list(range(1, 2501))
    assert [query.get("before") for query in asked] == [None, ["1501"], ["501"]]
    assert all(query["search"] == ["x"] and query["limit"] == ["1000"] for query in asked)


def test_every_filter_is_one_of_the_control_plane():
    """Arguments of the accessors are query parameters of the operations, in Python's spelling."""
    import inspect
    import json
    from pathlib import Path

    import infobip_voice_mock.control as control

    document = json.loads(Path(control.__file__).with_name("control.json").read_text())
    for name in ("calls", "pushes", "requests"):
        parameters = document["paths"][f"/tenants/{{name}}/{name}"]["get"]["parameters"]
        in_query = {each["name"].replace("Id", "_id") for each in parameters} - {"limit", "before"}
        arguments = set(inspect.signature(getattr(Evidence, name)).parameters) - {"self", "strays"}
        assert arguments == in_query


def test_a_running_mock_is_asked(voice_mock: VoiceMock, voice_clock) -> None:
    """The same through a process: what was launched, what was refused, and when."""
    with VoiceClient(**voice_mock.credentials) as client:
        client.ivr.launch(scenario_id="S", to=[A], parameters={"name": "x"})
        voice_clock.advance(minutes=1)
        later = datetime.fromisoformat(voice_clock.now)
        client.click_to_call.launch(
            from_="41793026700", destination_a=B, destination_b=A, text="Hello", notify_url="http://www.example.com/"
        )
        voice_clock.run_until_idle()
    assert voice_mock.calls(to=A, until=later).one()["sent"]["parameters"] == {"name": "x"}
    assert voice_mock.calls(to=A, since=later).one()["sent"]["text"] == "Hello"
    assert "www.example.com" in voice_mock.pushes(state="refused", to=A).one()["reason"]
    assert voice_mock.requests(path="/voice/ivr/1/messages").one()["status"] == 200
    with VoiceClient(**{**voice_mock.credentials, "password": "wrong"}) as client, pytest.raises(Unauthorized):
        client.reports.fetch()
    assert voice_mock.requests(status=401).one()["method"] == "GET"
    stranger = {**voice_mock.credentials, "username": "nobody", "password": "wrong"}
    with VoiceClient(**stranger) as client, pytest.raises(Unauthorized):
        client.reports.fetch()
    assert voice_mock.requests(strays=True, status=401).one()["target"].startswith("/tts/3/reports")
    with pytest.raises(ValueError, match=r"GET calls\?state=lost&limit=1000: 400 .*must be one of"):
        voice_mock.calls(state="lost")
