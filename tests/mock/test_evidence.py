"""What did my program send? Every call and request can be looked at as it was sent, and found."""

import base64
import copy
import json

import pytest

from infobip_voice_mock import create_app
from infobip_voice_mock.validation import contract
from infobip_voice_wire import xml

LAUNCHES = {"/voice/ivr/1/messages": "IvrLaunchRequest", "/voice/ctc/1/send": "ClickToCallLaunchRequest"}
EXAMPLES = [
    pytest.param(path, schema, example["value"], id=f"{schema} {name}")
    for path, schema in LAUNCHES.items()
    for name, example in contract()["paths"][path]["post"]["requestBody"]["content"]["application/json"][
        "examples"
    ].items()
]


def items(launch):
    """Return the message of each call that a launch orders, as if it ordered no other."""
    return [
        {**message, "destinations": [destination]} if destination else message
        for message in launch["messages"]
        for destination in message.get("destinations", [None])
    ]


@pytest.mark.parametrize("media_type", ["application/json", "application/xml"])
@pytest.mark.parametrize(("path", "schema", "launch"), EXAMPLES)
def test_a_call_keeps_what_was_launched(new_mock, path, schema, launch, media_type):
    """Whatever member the contract has, it is there, and none that was not sent."""
    mock = new_mock(clock="manual")
    sent = json.dumps(launch).encode() if media_type == "application/json" else xml.encode(launch, schema)
    assert mock.send("POST", path, sent, content_type=media_type).status == 200
    calls = mock.control("GET", "calls").json[::-1]
    assert [call["sent"] for call in calls] == items(launch)
    assert {call["request"] for call in calls} == {1}


def test_what_was_launched_can_be_launched_again(new_mock):
    """It is a message like any other."""
    mock = new_mock(clock="manual")
    message = {"scenarioId": "S", "parameters": {"name": "x"}, "destinations": [{"to": "41793026727"}]}
    mock.post("/voice/ivr/1/messages", {"messages": [copy.deepcopy(message)]})
    [call] = mock.control("GET", "calls").json
    assert mock.post("/voice/ivr/1/messages", {"messages": [call["sent"]]}).status == 200
    assert [call["sent"] for call in mock.control("GET", "calls").json] == [message, message]


def test_ignored_members_are_kept(new_mock):
    """With `--unknown-members ignore` the evidence is still what was sent."""
    mock = new_mock(clock="manual", unknown_members="ignore")
    mock.ivr({"to": "41793026727", "nickname": "x"}, colour="blue")
    [call] = mock.control("GET", "calls").json
    assert call["sent"] == {
        "scenarioId": "S",
        "colour": "blue",
        "destinations": [{"to": "41793026727", "nickname": "x"}],
    }


def basic(name: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


def test_a_request_is_kept_whole(mock):
    """Its head without credentials, its body, both clocks' times, and what became of it."""
    mock.control("PUT", "clock", {"mode": "manual", "now": "2026-07-07T12:00:00Z"})
    mock.ivr("41793026727")
    [seen] = mock.control("GET", "requests").json
    assert seen == {
        "number": 1,
        "at": "2026-07-07T12:00:00+00:00",
        "receivedAt": "2026-03-01T12:00:00+00:00",
        "method": "POST",
        "target": "/voice/ivr/1/messages",
        "headers": [
            {"name": "content-type", "value": "application/json"},
            {"name": "authorization", "value": "Basic ***"},
        ],
        "body": '{"messages": [{"scenarioId": "S", "destinations": [{"to": "41793026727"}]}]}',
        "bodyBytes": 76,
        "cut": False,
        "status": 200,
        "reason": "",
        "fault": "",
    }
    assert mock.control("GET", "requests/1").json == seen
    for number in ("2", "0", "-1", "x", "%D9%A1", "9" * 30):
        assert mock.control("GET", f"requests/{number}").status == 404


@pytest.mark.parametrize(("kept", "body", "cut"), [(0, "", True), (5, "xxxxx", True), (100_000, "x" * 70_000, False)])
def test_how_much_of_a_body_is_kept(new_mock, kept, body, cut):
    """The option says how much, and the entry says what it lacks."""
    mock = new_mock(journal_bytes=kept)
    mock.send("POST", "/voice/ivr/1/messages", b"x" * 70_000, content_type="application/json")
    [seen] = mock.control("GET", "requests").json
    assert (seen["body"], seen["bodyBytes"], seen["cut"]) == (body, 70_000, cut)


def test_the_command_takes_the_limit():
    """`--journal-bytes` reaches the log; what is no number of bytes is refused."""
    import httpx

    from infobip_voice_mock import running_mock

    with running_mock("--journal-bytes", "3") as mock:
        headers = {"authorization": basic("Aladdin", "open sesame"), "content-type": "application/json"}
        httpx.post(f"{mock.base_url}/voice/ivr/1/messages", content=b"{none}", headers=headers, trust_env=False)
        seen = mock.requests().one()
    assert (seen["body"], seen["bodyBytes"], seen["cut"], seen["status"]) == ("{no", 6, True, 400)
    with pytest.raises(RuntimeError, match="did not start"), running_mock("--journal-bytes", "-1"):
        pass


def test_a_request_under_way_is_seen(mock):
    """It has no status yet."""
    import asyncio

    import asgi

    mock.control("POST", "faults", {"kind": "latency", "seconds": 60})

    async def look() -> dict:
        under_way = asyncio.create_task(
            asgi.exchange(mock.app, "GET", "/tts/3/reports", headers={"authorization": asgi.BASIC})
        )
        await asyncio.sleep(0)
        seen = await asgi.exchange(mock.app, "GET", "/_mock/tenants/Aladdin/requests", headers={"host": "127.0.0.1"})
        under_way.cancel()
        return seen.json

    [seen] = asyncio.run(look())
    assert (seen["target"], seen["status"]) == ("/tts/3/reports", None)


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("POST", "/voice/ivr/1/message", 404, "Not Found; the nearest path is /voice/ivr/1/messages"),
        ("POST", "/voice/ivr/1/messages/", 404, "Not Found; the nearest path is /voice/ivr/1/messages"),
        ("POST", "/api/voice/ctc/1/send", 404, "Not Found; the nearest path is /voice/ctc/1/send"),
        ("GET", "/tts/3/report", 404, "Not Found; the nearest path is /tts/3/reports"),
        ("GET", "/voice/1/reports", 404, "Not Found; the nearest path is /tts/3/reports"),
        ("GET", "/tts/3/file/M/4", 404, "Not Found; the nearest path is /tts/3/files/{messageId}/{to}"),
        ("GET", "/voice/ivr/1/messages", 405, "Method Not Allowed; the path answers POST"),
        ("POST", "/tts/3/reports", 405, "Method Not Allowed; the path answers GET"),
    ],
)
@pytest.mark.parametrize("password", ["open sesame", "open barley"])
def test_a_wrong_path_is_seen(mock, method, path, status, reason, password):
    """A 404 and a 405 belong to the account that the request names, and say what would be right."""
    assert mock.send(method, path, authorization=basic("Aladdin", password)).status == status
    [seen] = mock.control("GET", "requests").json
    assert (seen["method"], seen["target"], seen["status"], seen["reason"]) == (method, path, status, reason)
    assert mock.control("GET", "/_mock/requests").json == []


def test_a_wrong_password_is_seen(mock):
    """The 401 belongs to the account that was meant, and opens nothing."""
    assert mock.reports(authorization=basic("Aladdin", "open barley")).status == 401
    [seen] = mock.control("GET", "requests").json
    assert (seen["target"], seen["status"], seen["reason"]) == ("/tts/3/reports", 401, "Invalid login details")
    assert mock.control("GET", "/_mock/requests").json == []


@pytest.mark.parametrize(
    "authorization", [None, "", "Basic", "Basic %%%", basic("nobody", "open sesame"), "App unknown", "Bearer e30"]
)
def test_a_request_of_nobody_is_seen_too(mock, authorization):
    """It makes no account; it is kept apart from those that there are."""
    mock.send("GET", "/tts/3/reports", authorization=authorization)
    [seen] = mock.control("GET", "/_mock/requests").json
    assert (seen["target"], seen["status"], seen["at"]) == ("/tts/3/reports", 401, "2026-03-01T12:00:00+00:00")
    assert mock.control("GET", "/_mock/tenants").json == []
    assert mock.control("GET", "/_mock/requests?status=404").json == []
    assert mock.control("DELETE", "/_mock/requests").status == 204
    assert mock.control("GET", "/_mock/requests").json == []


def test_a_key_names_an_account_too(new_mock):
    """A wrong path with a right key is seen where the key belongs."""
    mock = new_mock(api_keys={"k1": "shop"})
    mock.send("GET", "/nowhere", authorization="App k1")
    assert [seen["status"] for seen in mock.control("GET", "/_mock/tenants/shop/requests").json] == [404]


def test_the_control_plane_names_the_nearest_path(mock):
    """Its own 404 helps in the same way."""
    refusal = mock.control("GET", "/_mock/tenants/Aladdin/call").json["requestError"]["serviceException"]
    assert refusal["text"] == "Not Found; the nearest path is /_mock/tenants/{name}/calls"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            "http://www.example.com/voice",
            "the host www.example.com is not allowed; --allow-push-host www.example.com allows it",
        ),
        ("https://u:p@10.0.0.1:8443/", "the host 10.0.0.1 is not allowed; --allow-push-host 10.0.0.1 allows it"),
        ("http://127.0.0.1:0/", "the URL has no host and port that could be reached"),
        ("http://[1:2]/", "the URL has no host and port that could be reached"),
    ],
)
def test_a_refused_push_is_seen(mock, url, reason):
    """Its report can be fetched, and the host that was not allowed is named."""
    mock.ivr({"to": "41793026727", "messageId": "M"}, notifyUrl=url)
    [push] = mock.control("GET", "pushes?state=refused").json
    assert (push["messageId"], push["url"], push["reason"], push["attempts"]) == ("M", url, reason, [])
    assert (push["body"], push["headers"], push["at"]) == ("", [], "2026-03-01T12:00:00+00:00")
    refused = mock.control("POST", f"pushes/{push['id']}/replay")
    assert (refused.status, refused.json["requestError"]["serviceException"]["text"]) == (409, reason)
    assert mock.waiting() == ["M"]


class Receiver:
    async def post(self, url, headers, body):
        return 200


def test_a_push_is_seen_with_what_it_carries(new_mock):
    """Its head and its body, as they went out."""
    mock = new_mock(poster=Receiver())
    mock.ivr(
        {"to": "41793026727", "messageId": "M"},
        notifyUrl="http://127.0.0.1:1/",
        notifyContentType="application/xml",
        callbackData="mine",
    )
    [push] = mock.control("GET", "pushes").json
    assert push["headers"] == [
        {"name": "content-type", "value": "application/xml"},
        {"name": "user-agent", "value": "infobip-voice-mock"},
    ]
    assert "<messageId>M</messageId>" in push["body"]
    assert "<callbackData>mine</callbackData>" in push["body"]
    assert mock.control("GET", f"pushes/{push['id']}").json == push
    assert mock.control("GET", "pushes/push-9").status == 404


@pytest.fixture
def busy(new_mock):
    """An account with calls, pushes and requests of several kinds, a minute apart."""
    mock = new_mock(clock="manual", poster=Receiver())
    mock.ivr({"to": "41793026727", "messageId": "m1"}, bulkId="B1", colour="refused")
    mock.advance(minutes=1)
    mock.ivr({"to": "41793026727", "messageId": "m2"}, bulkId="B1", notifyUrl="http://127.0.0.1:1/")
    mock.advance(minutes=1)
    mock.ivr({"to": "41793026731", "messageId": "m3"}, bulkId="B2", notifyUrl="http://www.example.com/")
    mock.advance(minutes=1)
    mock.click_to_call(messageId="m4", destinationB="41793026731", text="Hello", notifyUrl="http://127.0.0.1:1/")
    mock.advance(minutes=1)
    mock.ivr("0123", bulkId="B3")
    mock.reports("?bulkId=B2")
    mock.send("GET", "/tts/3/reports?bulkId=B1", authorization=basic("Aladdin", "wrong"))
    return mock


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["m4", "m3", "m2"]),
        ("to=41793026727", ["m4", "m2"]),
        ("to=41793026731", ["m4", "m3"]),
        ("to=4179302672", []),
        ("bulkId=B1", ["m2"]),
        ("state=consumed", ["m3"]),
        ("state=pushed", ["m4", "m2"]),
        ("request=3", ["m3"]),
        ("since=2026-03-01T12:02:00Z", ["m4", "m3"]),
        ("until=2026-03-01T12:02:00Z", ["m2"]),
        ("since=2026-03-01T14:02:00%2B02:00&until=2026-03-01T12:03:00Z", ["m3"]),
        ("search=hello", ["m4"]),
        ("search=M3", ["m3"]),
        ("search=none", []),
        ("search=www.example.com", ["m3"]),
        ("before=m3", ["m2"]),
        ("before=m4&limit=1", ["m3"]),
        ("before=m2", []),
        ("to=41793026731&search=hello", ["m4"]),
    ],
)
def test_calls_are_found(busy, query, found):
    """By number, bulk, state, request, time and text, page by page; all has to fit."""
    assert [call["messageId"] for call in busy.control("GET", f"calls?{query}").json] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["m4", "m3", "m2"]),
        ("to=41793026731", ["m4", "m3"]),
        ("bulkId=B1", ["m2"]),
        ("messageId=m3", ["m3"]),
        ("state=refused", ["m3"]),
        ("state=delivered", ["m4", "m2"]),
        ("since=2026-03-01T12:03:00Z", ["m4"]),
        ("until=2026-03-01T12:02:00Z", ["m2"]),
        ("search=example.com", ["m3"]),
        ("search=VOICE_ANSWERED", ["m4", "m2"]),
        ("before=push-2", ["m2"]),
        ("limit=1", ["m4"]),
    ],
)
def test_pushes_are_found(busy, query, found):
    """By number, bulk, message, state, time and text, page by page."""
    assert [push["messageId"] for push in busy.control("GET", f"pushes?{query}").json] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [7, 6, 5, 4, 3, 2, 1]),
        ("method=GET", [7, 6]),
        ("path=/voice/ctc/1/send", [4]),
        ("status=400", [5, 1]),
        ("status=401", [7]),
        ("to=41793026731", [4, 3]),
        ("to=0123", [5]),
        ("to=123", []),
        ("bulkId=B1", [7, 2, 1]),
        ("bulkId=B2", [6, 3]),
        ("bulkId=B2&method=GET", [6]),
        ("since=2026-03-01T12:04:00Z", [7, 6, 5]),
        ("until=2026-03-01T12:01:00Z", [1]),
        ("search=HELLO", [4]),
        ("search=basic+***&status=401", [7]),
        ("search=open+sesame", []),
        ("before=3", [2, 1]),
        ("before=3&limit=1", [2]),
    ],
)
def test_requests_are_found(busy, query, found):
    """By method, path, status, bulk, number, time and text, page by page."""
    assert [seen["number"] for seen in busy.control("GET", f"requests?{query}").json] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Aladdin", "job-1", "job-2"]),
        ("?limit=2", ["Aladdin", "job-1"]),
        ("?after=job-1", ["job-2"]),
        ("?search=JOB", ["job-1", "job-2"]),
        ("?search=job&after=job-1&limit=1", ["job-2"]),
    ],
)
def test_accounts_are_found(mock, query, found):
    """By name, page by page, the oldest first."""
    for name in ("Aladdin", "job-1", "job-2"):
        mock.control("PUT", f"/_mock/tenants/{name}", {})
    assert [tenant["name"] for tenant in mock.control("GET", f"/_mock/tenants{query}").json] == found
    assert mock.control("GET", "/_mock/tenants?after=nobody").status == 404


def test_a_reset_empties_the_log(mock):
    """And gives its room back to all the others."""
    mock.reports()
    mock.control("DELETE", "/_mock/tenants/Aladdin")
    assert mock.app._tenants.strays._journal.bytes == 0
    mock.reports()
    assert [seen["number"] for seen in mock.control("GET", "requests").json] == [1]


@pytest.mark.parametrize("resource", ["calls", "pushes"])
def test_a_page_after_nothing(busy, resource):
    """A page that should follow an entry that nobody knows is refused, and is not the first one."""
    assert busy.control("GET", f"{resource}?before=unknown").status == 404


def test_a_made_bulk_id_finds_its_request(mock):
    """No request has that id in its body."""
    bulk_id = mock.ivr("41793026727", "41793026731").json["bulkId"]
    mock.ivr("41793026727")
    assert [seen["number"] for seen in mock.control("GET", f"requests?bulkId={bulk_id}").json] == [1]


def test_what_is_dropped_counts(new_mock):
    """The account says how much of its log is left."""
    mock = new_mock()
    mock.reports()
    log = mock.control("GET", "/_mock/tenants/Aladdin").json["requestLog"]
    assert (log["kept"], log["dropped"]) == (1, 0)
    assert log["bytes"] > 600


def test_the_default_keeps_most_bodies_whole():
    """64 KiB hold a launch to a thousand telephones."""
    assert create_app.__kwdefaults__["journal_bytes"] == 65536
    launch = {"messages": [{"scenarioId": "S", "destinations": [{"to": "41793026727", "messageId": "m" * 20}] * 1000}]}
    assert len(json.dumps(launch)) < 65536
