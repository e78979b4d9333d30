"""Requests that no honest client sends: a documented refusal or a closed connection, no effect."""

import asyncio
import gzip
import json
import socket
from urllib.parse import urlsplit

import pytest

import asgi
from infobip_voice_mock import create_app

LAUNCH = b'{"messages":[{"scenarioId":"S","destinations":[{"to":"41793026727"}]}]}'
HEAD = f"POST /voice/ivr/1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: {asgi.BASIC}\r\nContent-Type: application/json\r\n"


def exchange(voice_mock, request: bytes, finish: bool = True) -> bytes:
    """Send raw bytes to the mock, close the sending side, and return everything that comes back."""
    address = urlsplit(voice_mock.base_url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(request)
        if finish:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
            if not finish:
                break
        return answer


def post(body: bytes, *fields: str, length: int | None = None) -> bytes:
    lines = "".join(f"{field}\r\n" for field in fields)
    return f"{HEAD}{lines}Content-Length: {len(body) if length is None else length}\r\n\r\n".encode() + body


@pytest.fixture
def calls(voice_mock, voice_mock_server):
    """Return how many calls the documented account of this test's mock has launched."""
    voice_mock.control("PUT", "", {"password": "open sesame"})
    before = len(json.loads(_control(voice_mock, "/_mock/tenants/Aladdin/calls?limit=1000")))
    return lambda: len(json.loads(_control(voice_mock, "/_mock/tenants/Aladdin/calls?limit=1000"))) - before


def _control(voice_mock, path: str) -> bytes:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    return exchange(voice_mock, request).partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        pytest.param(post(LAUNCH, "Content-Encoding: gzip"), 415, id="a Content-Encoding that is not true"),
        pytest.param(post(gzip.compress(LAUNCH + b" " * 10**7), "Content-Encoding: gzip"), 415, id="gzip bomb"),
        pytest.param(post(LAUNCH[:-5]), 400, id="half a document"),
        pytest.param(post(b'{"messages":' + b"[" * 100_000), 400, id="deep JSON"),
        pytest.param(post(b'{"messages":[{"validityPeriod":' + b"9" * 100_000 + b"}]}"), 400, id="huge integer"),
        pytest.param(post(b'{"bulkId":"a","bulkId":5,"messages":[]}'), 400, id="duplicate keys"),
        pytest.param(post(b'{"messages":[],"\xff":1}'), 400, id="a name that is no UTF-8"),
        pytest.param(post(b'{"messages":[],"\x00":1}'), 400, id="a NUL in a name"),
        pytest.param(post(LAUNCH + b"trailing"), 400, id="something behind the document"),
        pytest.param(
            b"GET /tts/3/reports?%00=%ff HTTP/1.1\r\nHost: x\r\nAuthorization: " + asgi.BASIC.encode() + b"\r\n\r\n",
            400,
            id="odd query",
        ),
        pytest.param(
            b"GET /tts/3/reports HTTP/1.1\r\nHost: x\r\nAuthorization: Basic \xff\xfe\r\n\r\n",
            401,
            id="bytes in a credential",
        ),
        pytest.param(b"NONSENSE\r\n\r\n", 400, id="no HTTP"),
        pytest.param(b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, id="a target of 100 kB"),
    ],
)
def test_refused_without_effect(voice_mock, calls, request_bytes, status):
    """The status is the documented one, and nobody is called."""
    answer = exchange(voice_mock, request_bytes)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert calls() == 0


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(post(LAUNCH, length=len(LAUNCH) + 10), id="fewer bytes than Content-Length says"),
        pytest.param(HEAD.encode() + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"mes', id="a chunk that breaks off"),
        pytest.param(b"POST /voice/ivr/1/messages HTTP/1.1\r\nHost", id="half a head"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_request_that_breaks_off_has_no_effect(voice_mock, calls, request_bytes):
    """The client went away in the middle, so nothing is launched."""
    exchange(voice_mock, request_bytes)
    assert calls() == 0


def test_more_bytes_than_content_length_says(voice_mock, calls):
    """The rest is the next request, and is not HTTP: the first is served, the rest refused."""
    answer = exchange(voice_mock, post(LAUNCH + b"NONSENSE\r\n\r\n", length=len(LAUNCH)))
    assert [answer[9:12], answer.rpartition(b"HTTP/1.1 ")[2][:3]] == [b"200", b"400"]
    assert calls() == 1


def test_pipelining(voice_mock, calls):
    """Requests that follow each other on one connection are answered in order."""
    answer = exchange(voice_mock, post(LAUNCH) * 3 + post(b"{}") + post(LAUNCH))
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"200", b"400", b"200"]
    assert calls() == 4


def test_a_body_of_many_times_the_limit(voice_mock, calls):
    """The mock drops the rest and then answers 413, so that the client can read it."""
    answer = exchange(voice_mock, post(b" " * (20 * 1024 * 1024)))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert calls() == 0


def test_a_client_that_leaves_has_no_effect():
    """It disconnects before the last byte of the body."""
    app = create_app()
    messages = [{"type": "http.request", "body": LAUNCH, "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0)

    async def send(message):
        pytest.fail("nobody is there to be answered")

    headers = [(b"authorization", asgi.BASIC.encode()), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/voice/ivr/1/messages", "query_string": b"", "headers": headers}
    asyncio.run(app(scope, receive, send))
    assert asgi.request(app, "GET", "/tts/3/reports", headers={"authorization": asgi.BASIC}).json == {"results": []}


def test_only_http_is_spoken():
    """A WebSocket is refused; a server's lifespan events are answered."""
    app = create_app()
    with pytest.raises(ValueError, match="not websocket"):
        asyncio.run(app({"type": "websocket"}, None, None))
    messages, sent = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}], []

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message["type"])

    asyncio.run(app({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
