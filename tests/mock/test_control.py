"""What the control plane shows, what it changes, and whom it answers."""

import base64
import json
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import pytest

from infobip_voice_mock import create_app
from infobip_voice_mock.control import call_handlers, plane, request_handlers, state_handlers, tenant_handlers
from infobip_voice_mock.faults import KINDS
from infobip_voice_mock.validation import contract

CONTRACT = json.loads(
    Path(__file__).parents[2].joinpath("overlays/infobip_voice_mock/control/control.json").read_text()
)


HANDLER_MODULES = (tenant_handlers, state_handlers, call_handlers, request_handlers)


def test_every_operation_has_one_handler():
    """The document is the source of routes: no operation without a handler or with two, no handler
    without an operation.
    """
    operations = [
        item["operationId"]
        for items in CONTRACT["paths"].values()
        for method, item in items.items()
        if method != "parameters"
    ]
    handlers = [operation_id for module in HANDLER_MODULES for operation_id in module.HANDLERS]
    assert sorted(handlers) == sorted(operations)
    assert len(set(plane.HANDLERS.values())) == len(operations) == len(plane.HANDLERS)


def test_faults_are_those_of_the_document():
    """A fault can be of every kind that there is, and strike every operation that is routed."""
    options = CONTRACT["components"]["schemas"]["FaultOptions"]["properties"]
    assert options["kind"]["enum"] == list(KINDS)
    voice = [*contract()["paths"].values()]
    routed = [item["operationId"] for items in voice for item in items.values() if "operationId" in item]
    assert sorted(options["operation"]["enum"]) == sorted([*routed, "fetchRecording"])


def test_it_describes_itself(mock):
    """The mock serves the document; its health needs no account."""
    assert mock.control("GET", "/_mock/openapi.json").json == CONTRACT
    assert mock.control("GET", "/_mock/health").json["status"] == "ok"


def test_the_clock(new_mock):
    """A clock can be read, stopped, advanced and run until idle; a running one cannot be moved."""
    mock = new_mock()
    noon = "2026-03-01T12:00:00+00:00"
    assert mock.control("GET", "clock").json == {"mode": "real", "now": noon, "nextDue": None}
    assert mock.control("POST", "clock/advance", {"minutes": 1}).status == 409
    assert mock.control("POST", "clock/run-until-idle").status == 409
    assert mock.control("PUT", "clock", {"mode": "manual"}).json["now"] == noon
    assert mock.control("POST", "clock/advance", {"hours": 1, "minutes": 1}).json["now"] == "2026-03-01T13:01:00+00:00"
    assert (
        mock.control("POST", "clock/advance", {"to": "2026-03-01T14:00:00Z"}).json["now"] == "2026-03-01T14:00:00+00:00"
    )
    assert (
        mock.control("PUT", "clock", {"mode": "manual", "now": "2027-01-01T00:00:00+0100"}).json["now"][:10]
        == "2027-01-01"
    )
    assert mock.control("PUT", "clock", {"mode": "real"}).json["now"] == noon


@pytest.mark.parametrize(
    ("method", "path", "body", "violation"),
    [
        ("POST", "clock/advance", {}, "$"),
        ("POST", "clock/advance", {"minutes": -1}, "minutes"),
        ("POST", "clock/advance", {"fortnights": 1}, "fortnights"),
        ("POST", "clock/advance", {"to": "tomorrow"}, "to"),
        ("POST", "clock/advance", {"to": "2026-03-01T14:00:00Z", "minutes": 1}, "$"),
        ("PUT", "clock", {"mode": "real", "now": "2026-03-01T14:00:00Z"}, "now"),
        ("POST", "faults", {"kind": "plague"}, "kind"),
        ("POST", "faults", {"kind": "latency", "seconds": 61}, "seconds"),
        ("POST", "reports", {"results": [{"messageId": "\x01"}]}, "results[0]"),
        ("GET", "calls?limit=0", b"", "limit"),
        ("GET", "reports?state=lost", b"", "state"),
    ],
)
def test_a_bad_request_names_the_place(new_mock, method, path, body, violation):
    """The refusal has the form of the voice operations' own."""
    mock = new_mock(clock="manual")
    response = mock.control(method, path, body)
    assert response.status == 400
    assert list(response.json["requestError"]["serviceException"]["validationErrors"]) == [violation]


def test_calls_and_reports_can_be_looked_at_without_consuming(mock):
    """Listing consumes nothing; a report that was handed out can be made to wait again."""
    mock.ivr({"to": "41793026727", "messageId": "M"}, bulkId="B")
    assert [call["messageId"] for call in mock.control("GET", "calls").json] == ["M"]
    [peeked] = mock.control("GET", "reports?state=waiting").json
    assert (peeked["messageId"], peeked["report"]["to"]) == ("M", "41793026727")
    assert mock.control("POST", "reports/M/requeue").status == 409
    assert mock.waiting() == ["M"]
    assert mock.control("GET", "reports?state=waiting").json == []
    assert mock.control("POST", "reports/M/requeue").json["state"] == "waiting"
    assert mock.waiting() == ["M"]
    assert mock.control("POST", "reports/N/requeue").status == 404
    assert mock.control("GET", "calls/N").status == 404


def test_reports_can_be_seeded(mock):
    """They may be odd, in JSON and XML; if one has a known name, none is seeded."""
    odd = {
        "messageId": "odd",
        "sentAt": None,
        "status": None,
        "alien": {"a": ["1", "2"]},
        "doneAt": "2016-13-45",
        "duration": 7,
    }
    assert mock.control("POST", "reports", {"results": [odd, {}]}).status == 200
    assert mock.control("GET", "calls/odd").status == 404
    assert mock.control("POST", "reports", {"results": [{"messageId": "new"}, odd]}).status == 409
    first, second = mock.reports().json["results"]
    assert (first, second) == (odd, {})
    assert mock.control("POST", "reports/odd/requeue").status == 200
    xml = mock.reports(accept="application/xml").body
    assert b"<messageId>odd</messageId><doneAt>2016-13-45</doneAt><duration>7</duration>" in xml
    assert b"<a>1</a><a>2</a>" in xml


@pytest.mark.parametrize("name", ["a/b", "a%2Fb", "/", "ä b?#", "x/requeue", "..", "%"])
def test_every_legal_name_can_be_addressed(new_mock, name):
    """A username and a message id may have any character: percent-encoded, they are one segment."""
    mock = new_mock(users={name: "secret"})
    basic = "Basic " + base64.b64encode(f"{name}:secret".encode()).decode()
    launched = {"messages": [{"scenarioId": "S", "destinations": [{"to": "41793026727", "messageId": name}]}]}
    assert mock.post("/voice/ivr/1/messages", launched, authorization=basic).status == 200
    account = f"/_mock/tenants/{quote(name, safe='')}"
    assert mock.control("GET", account).json["name"] == name
    assert mock.control("GET", f"{account}/calls/{quote(name, safe='')}").json["messageId"] == name
    assert mock.control("GET", f"/_mock/pages/{quote(name, safe='')}").status == 200
    assert mock.reports(authorization=basic).json["results"][0]["messageId"] == name
    assert mock.control("POST", f"{account}/reports/{quote(name, safe='')}/requeue").json["state"] == "waiting"
    assert mock.control("DELETE", account).status == 204
    assert mock.control("GET", f"/_mock/pages/{quote(name, safe='')}").status == 404


def test_requests_are_remembered_with_the_reason_of_each_refusal(mock):
    """They can be listed, filtered and cleared."""
    mock.ivr("0123")
    mock.reports("?limit=1")
    seen = mock.control("GET", "requests").json
    assert [(entry["method"], entry["target"], entry["status"]) for entry in seen] == [
        ("GET", "/tts/3/reports?limit=1", 200),
        ("POST", "/voice/ivr/1/messages", 400),
    ]
    assert seen[1]["reason"].startswith("Bad Request | messages[0].destinations[0].to: must be 5 to 15 digits ")
    assert [entry["number"] for entry in mock.control("GET", "requests?status=400").json] == [1]
    assert [entry["number"] for entry in mock.control("GET", "requests?path=/tts/3/reports").json] == [2]
    assert mock.control("DELETE", "requests").status == 204
    assert mock.control("GET", "requests").json == []


def test_an_account_can_be_made_and_reset(mock):
    """Its password lets a user in; a reset leaves nothing of it."""
    other = "Basic b3RoZXI6aGlkZGVu"  # other:hidden
    assert mock.reports(authorization=other).status == 401
    assert mock.control("PUT", "/_mock/tenants/other", {"password": "hidden"}).status == 200
    assert mock.reports(authorization=other).status == 200
    mock.ivr({"to": "41793026727", "messageId": "M"})
    counts = {"scheduled": 0, "waiting": 1, "consumed": 0, "pushed": 0}
    assert mock.control("GET", "/_mock/tenants/Aladdin").json["reports"] == counts
    assert [tenant["name"] for tenant in mock.control("GET", "/_mock/tenants").json] == ["other", "Aladdin"]
    assert mock.control("DELETE", "/_mock/tenants/Aladdin").status == 204
    assert mock.waiting() == []
    assert mock.ivr({"to": "41793026727", "messageId": "M"}).json["messages"][0]["status"]["id"] == 26


@pytest.mark.parametrize(
    ("client", "fields", "status"),
    [
        ("127.0.0.1", {"host": "127.0.0.1:8080"}, 200),
        ("127.0.0.1", {"host": "localhost"}, 200),
        ("::1", {"host": "[::1]:8080"}, 200),
        ("127.0.0.1", {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:8080"}, 200),
        ("10.0.0.7", {"host": "127.0.0.1:8080"}, 403),
        ("", {"host": "127.0.0.1:8080"}, 403),
        ("127.0.0.1", {"host": "rebound.example:8080"}, 403),
        ("127.0.0.1", {}, 403),
        ("127.0.0.1", {"host": "[broken"}, 403),
        ("127.0.0.1", {"host": "127.0.0.1:8080", "origin": "http://[broken"}, 403),
        ("127.0.0.1", {"host": "127.0.0.1:8080", "origin": "http://www.example.com"}, 403),
        ("127.0.0.1", {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:9999"}, 403),
        ("127.0.0.1", {"host": "127.0.0.1:8080", "origin": "null"}, 403),
    ],
)
def test_only_this_machine_is_answered(mock, client, fields, status):
    """Another machine is refused, and so is a web page, whatever name leads to this one."""
    import asgi

    assert asgi.request(mock.app, "GET", "/_mock/tenants", headers=fields, client=client).status == status


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("Bearer wrong", 401),
        ("Bearer secret2", 401),
        ("Bearer secret", 200),
        ("bearer  secret", 200),
        ("Basic c2VjcmV0", 401),  # secret
        ("Basic c2VjcmV0Og==", 401),  # secret:
        ("Basic OnNlY3JldA==", 200),  # :secret
        ("Basic YW55Ym9keTpzZWNyZXQ=", 200),  # anybody:secret
        ("Basic YW55Ym9keTpzZWNyZXQ", 401),
        ("App secret", 401),
    ],
)
def test_a_token_opens_it_for_others(new_mock, header, status):
    """Every machine may use the token; then this machine needs it too."""
    import asgi

    mock = new_mock(control_token="secret")
    fields = {"host": "mock.internal:8080"} | ({"authorization": header} if header else {})
    assert asgi.request(mock.app, "GET", "/_mock/tenants", headers=fields, client="10.0.0.7").status == status
    here = asgi.request(mock.app, "GET", "/_mock/", headers=fields)
    assert here.status == status
    assert ("www-authenticate" in here.headers) == (status == 401)


def test_no_token_is_not_an_empty_one():
    """An empty token would let everyone in."""
    with pytest.raises(ValueError, match="an empty control token would admit everyone"):
        create_app(control_token="")


@pytest.mark.parametrize("token", [None, "secret"])
def test_health_is_open_to_everyone(new_mock, token):
    """Whoever waits for the mock needs neither this machine nor the token, and learns no more than
    the version.
    """
    import asgi

    mock = new_mock(control_token=token)
    health = asgi.request(mock.app, "GET", "/_mock/health", headers={"host": "mock.internal"}, client="10.0.0.7")
    assert (health.status, health.json) == (200, {"status": "ok", "version": version("infobip-voice")})
    assert asgi.request(mock.app, "GET", "/_mock/health/../tenants", client="10.0.0.7").status in (401, 403)


@pytest.mark.parametrize("origin", ["http://mock.internal:8080", "http://[broken"])
def test_an_origin_without_a_host_is_from_elsewhere(new_mock, origin):
    """A token changes nothing: no Host says that the page came from here."""
    import asgi

    mock = new_mock(control_token="secret")
    fields = {"authorization": "Bearer secret", "origin": origin}
    assert asgi.request(mock.app, "GET", "/_mock/tenants", headers=fields).status == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/_mock/nowhere", 404),
        ("POST", "/_mock/health", 405),
        ("PARAMETERS", "/_mock/tenants/x", 405),
        ("GET", "/_mockery", 404),
    ],
)
def test_unknown_paths_and_methods(mock, method, path, status):
    """They get 404 and 405, as with the voice operations."""
    assert mock.control(method, path).status == status
