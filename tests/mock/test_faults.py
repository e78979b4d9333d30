"""Which requests a fault strikes, and what it leaves of a request, over a real socket."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest

import asgi

LAUNCH = json.dumps({"messages": [{"scenarioId": "S", "destinations": [{"to": "41793026727"}]}]})


@pytest.mark.parametrize(
    ("options", "struck"),
    [
        ({}, [1, 1, 1, 1, 1, 1]),
        ({"first": 2}, [1, 1, 0, 0, 0, 0]),
        ({"every": 3}, [0, 0, 1, 0, 0, 1]),
        ({"first": 3, "every": 3}, [0, 0, 1, 0, 0, 0]),
        ({"probability": 0}, [0, 0, 0, 0, 0, 0]),
        ({"probability": 0.5, "seed": 1}, [1, 0, 0, 1, 1, 1]),
        ({"operation": "fetchReports"}, [1, 1, 1, 1, 1, 1]),
        ({"operation": "launchOutboundIvr"}, [0, 0, 0, 0, 0, 0]),
    ],
)
def test_which_requests_are_struck(mock, options, struck):
    """The first N, every N-th, or some by chance from a seed; of one operation or of all."""
    mock.control("POST", "faults", {"kind": "server-error", "status": 503, **options})
    assert [int(mock.reports().status == 503) for _ in struck] == struck
    [fault] = mock.control("GET", "faults").json
    assert fault["struck"] == sum(struck)


@pytest.mark.parametrize(
    ("seconds", "field"), [(0, "0"), (7, "7"), (0.01, "1"), (7.5, "8"), (59.999999, "60"), (1e-9, "1")]
)
def test_throttled(mock, seconds, field):
    """It answers 429 with `Retry-After` in whole seconds (RFC 9110, 10.2.3), and has no effect."""
    mock.control("POST", "faults", {"kind": "throttled", "first": 1, "seconds": seconds})
    response = mock.ivr("41793026727")
    assert (response.status, response.headers["retry-after"]) == (429, field)
    assert response.json["requestError"]["serviceException"]["messageId"] == "TOO_MANY_REQUESTS"
    assert mock.waiting() == []


def test_faults_can_be_taken_back(mock):
    """One fault can be removed, or all."""
    first = mock.control("POST", "faults", {"kind": "server-error"}).json["id"]
    mock.control("POST", "faults", {"kind": "server-error"})
    assert mock.control("DELETE", f"faults/{first}").status == 204
    assert mock.control("DELETE", f"faults/{first}").status == 404
    assert mock.reports().status == 503
    assert mock.control("DELETE", "faults").status == 204
    assert mock.reports().status == 200


def test_an_unauthorized_request_is_not_counted(mock):
    """A fault belongs to an account: a request without one meets none."""
    mock.control("POST", "faults", {"kind": "server-error", "first": 1})
    assert mock.reports(authorization=None).status == 401
    assert mock.reports().status == 503


def test_faults_after_the_effect(mock):
    """The report is consumed, and the answer is useless."""
    mock.ivr("41793026727", "41793026728", "41793026729")
    mock.control("POST", "faults", {"kind": "server-error-after-effect", "first": 1, "status": 500})
    assert mock.reports("?limit=1").status == 500
    mock.control("DELETE", "faults")
    mock.control("POST", "faults", {"kind": "wrong-content-type-after-effect", "first": 1})
    assert mock.reports("?limit=1").headers["content-type"] == "text/html"
    assert len(mock.waiting()) == 1


@pytest.fixture
def server() -> Iterator[str]:
    command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield json.loads(process.stdout.readline())["base_url"]
        process.terminate()
        assert process.stderr.read() == "", "a fault that was asked for is no fault of the mock"


def call(base_url: str, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
    address = urlsplit(base_url)
    with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=10)) as connection:
        connection.request(method, path, body, {"authorization": asgi.BASIC, "content-type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()


@pytest.mark.parametrize(
    ("kind", "error", "calls"),
    [
        ("reset-before-effect", ConnectionResetError, 0),
        ("reset-after-effect", ConnectionResetError, 1),
        ("truncated-after-effect", (http.client.IncompleteRead, ConnectionResetError), 1),
    ],
)
def test_connections_break(server, kind, error, calls):
    """Before the effect nothing is dialled; after it a call is made that the client cannot see."""
    call(server, "POST", "/_mock/tenants/Aladdin/faults", json.dumps({"kind": kind, "first": 1}))
    with pytest.raises(error):
        call(server, "POST", "/voice/ivr/1/messages", LAUNCH)
    status, body = call(server, "GET", "/tts/3/reports")
    assert (status, len(json.loads(body)["results"])) == (200, calls)
