"""Raw requests at the mock as a process.

The verdicts are those of RFC 9110 (semantics) and RFC 9112 (HTTP/1.1).
"""

import json
import re
import socket
import subprocess
import sys
import uuid
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.exchange import first_line

LAUNCH = b'{"messages":[{"scenarioId":"S","destinations":[{"to":"41793026727"}]}]}'
TARGET = b"/voice/ivr/1/messages"
JSON = (b"Content-Type: application/json",)
LENGTH = b"Content-Length: %d" % len(LAUNCH)
CHUNKED = b"Transfer-Encoding: chunked"
CHUNKS = b"5;name=value\r\n" + LAUNCH[:5] + b"\r\n%x\r\n" % len(LAUNCH[5:]) + LAUNCH[5:] + b"\r\n0\r\n\r\n"

# What Java's HttpClient adds to its first request unless it is told to speak HTTP/1.1.
H2C = (
    b"Connection: Upgrade, HTTP2-Settings",
    b"HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
    b"Upgrade: h2c",
)


@contextmanager
def running(program: str = "") -> Iterator[tuple[str, int]]:
    """Run a mock after the statements of `program`."""
    main = "from infobip_voice_cli import main; main(['mock', '--port', '0', '--open-tenants'])"
    command = [sys.executable, "-c", f"{program}\n{main}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        address = urlsplit(json.loads(process.stdout.readline())["base_url"])
        try:
            yield address.hostname, address.port
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def mock() -> Iterator[tuple[str, int]]:
    with running() as address:
        yield address


class Account:
    """An account of its own for each test, and what it sends."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.name = str(uuid.uuid4())
        self.basic = b"Authorization: Basic " + b64encode(f"{self.name}:open sesame".encode())

    def head(self, *fields: bytes, line: bytes = b"POST " + TARGET + b" HTTP/1.1", host: bytes = b"Host: x") -> bytes:
        """Return a head with credentials; an empty `host` leaves the field out."""
        lines = [line, *([host] if host else []), self.basic, *fields, b"", b""]
        return b"\r\n".join(lines)

    def send(self, *pieces: bytes) -> bytes:
        """Send bytes and close the sending side; return what comes back until the mock closes."""
        with socket.create_connection(self.address, timeout=20) as connection:
            for piece in pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            answer = bytearray()
            while chunk := connection.recv(65536):
                answer += chunk
            return bytes(answer)

    def control(self, path: str) -> Any:
        """Return what the control plane answers to a GET."""
        request = f"GET /_mock/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        return json.loads(self.send(request.encode()).partition(b"\r\n\r\n")[2])

    def calls(self) -> int:
        """Return how many calls the account has launched."""
        return len(self.control(f"tenants/{self.name}/calls"))


@pytest.fixture
def account(mock) -> Account:
    return Account(mock)


def statuses(answers: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", answers)]


SERVED: dict[str, Any] = {
    "plain": lambda a: a.head(*JSON, LENGTH) + LAUNCH,
    "h2c upgrade of Java's HttpClient": lambda a: a.head(*JSON, LENGTH, *H2C) + LAUNCH,
    "h2c upgrade, chunked": lambda a: a.head(*JSON, CHUNKED, *H2C) + CHUNKS,
    "WebSocket upgrade": lambda a: a.head(*JSON, LENGTH, b"Connection: Upgrade", b"Upgrade: websocket") + LAUNCH,
    "absolute form": lambda a: a.head(*JSON, LENGTH, line=b"POST http://x" + TARGET + b" HTTP/1.1") + LAUNCH,
    "absolute form, HTTPS, capitals, another Host": lambda a: (
        a.head(*JSON, LENGTH, line=b"POST HTTPS://api.example:443" + TARGET + b" HTTP/1.1") + LAUNCH
    ),
    "Content-Encoding: identity": lambda a: a.head(*JSON, LENGTH, b"Content-Encoding: Identity") + LAUNCH,
    "chunks with an extension": lambda a: a.head(*JSON, CHUNKED) + CHUNKS,
    "chunks with a trailer": lambda a: a.head(*JSON, CHUNKED) + CHUNKS[:-2] + b"X-Sum: 1\r\n\r\n",
    "chunks with a long extension": lambda a: a.head(*JSON, CHUNKED) + CHUNKS.replace(b"value", b"v" * 4000),
    "chunks with a quoted extension": lambda a: a.head(*JSON, CHUNKED) + CHUNKS.replace(b"value", b'"\xe9 ; "'),
    "a size in capitals with zeros": lambda a: a.head(*JSON, CHUNKED) + CHUNKS.replace(b"\r\n0\r\n", b"\r\n0000\r\n"),
    "chunks with a long trailer": lambda a: a.head(*JSON, CHUNKED) + CHUNKS[:-2] + b"X-Sum: 1\r\n" * 6000 + b"\r\n",
    "Transfer-Encoding in capitals": lambda a: a.head(*JSON, b"TRANSFER-ENCODING: Chunked") + CHUNKS,
    "empty lines before the request": lambda a: b"\r\n\r\n" + a.head(*JSON, LENGTH) + LAUNCH,
    "names in capitals, tabs around values": lambda a: (
        a.head(b"CONTENT-TYPE:\t application/json \t", b"content-length:%d" % len(LAUNCH)) + LAUNCH
    ),
    "leading zeros of a length": lambda a: a.head(*JSON, b"Content-Length: 000%d" % len(LAUNCH)) + LAUNCH,
    "bytes above ASCII in a value": lambda a: a.head(*JSON, LENGTH, b"X-Name: caf\xe9") + LAUNCH,
    "an empty Host": lambda a: a.head(*JSON, LENGTH, host=b"Host:") + LAUNCH,
    "an IPv6 Host": lambda a: a.head(*JSON, LENGTH, host=b"Host: [::1]:8080") + LAUNCH,
    "a later minor version": lambda a: a.head(*JSON, LENGTH, line=b"POST " + TARGET + b" HTTP/1.7") + LAUNCH,
    "HTTP/1.0 without Host": lambda a: a.head(*JSON, LENGTH, line=b"POST " + TARGET + b" HTTP/1.0", host=b"") + LAUNCH,
    "a percent in the path": lambda a: a.head(*JSON, LENGTH, line=b"POST /voice/%69vr/1/messages HTTP/1.1") + LAUNCH,
    "60 kB of fields": lambda a: a.head(*JSON, LENGTH, b"X-Long: " + b"x" * 60_000) + LAUNCH,
}


@pytest.mark.parametrize("case", SERVED)
def test_served(case, account):
    """It is launched, once."""
    answer = account.send(SERVED[case](account))
    assert statuses(answer) == [200], answer
    assert account.calls() == 1


def post(line: bytes) -> Any:
    return lambda a: a.head(*JSON, LENGTH, line=line) + LAUNCH


def with_fields(*fields: bytes, host: bytes = b"Host: x") -> Any:
    return lambda a: a.head(*JSON, *fields, host=host) + LAUNCH


def with_chunks(chunks: bytes) -> Any:
    return lambda a: a.head(*JSON, CHUNKED) + chunks


REFUSED: dict[str, tuple[int, Any]] = {
    "no Host": (400, with_fields(LENGTH, host=b"")),
    "two Hosts": (400, with_fields(LENGTH, b"Host: y")),
    "the same Host twice": (400, with_fields(LENGTH, b"Host: x")),
    "a Host with a path": (400, with_fields(LENGTH, host=b"Host: x/y")),
    "a Host with a user": (400, with_fields(LENGTH, host=b"Host: user@x")),
    "two Hosts in one": (400, with_fields(LENGTH, host=b"Host: x y")),
    "Transfer-Encoding beside Content-Length": (400, lambda a: a.head(*JSON, CHUNKED, LENGTH) + CHUNKS),
    "Content-Length before Transfer-Encoding": (400, lambda a: a.head(*JSON, LENGTH, CHUNKED) + CHUNKS),
    "a transfer coding without chunked": (400, with_fields(b"Transfer-Encoding: gzip")),
    "chunked is not the last coding": (400, with_fields(b"Transfer-Encoding: chunked, gzip")),
    "chunked twice": (400, with_fields(CHUNKED, CHUNKED)),
    "an empty Transfer-Encoding": (400, with_fields(b"Transfer-Encoding:")),
    "almost chunked": (400, with_fields(b"Transfer-Encoding: xchunked")),
    "another transfer coding": (501, with_fields(b"Transfer-Encoding: gzip, chunked")),
    "Transfer-Encoding in HTTP/1.0": (
        400,
        lambda a: a.head(*JSON, CHUNKED, line=b"POST " + TARGET + b" HTTP/1.0") + CHUNKS,
    ),
    "two lengths": (400, with_fields(LENGTH, b"Content-Length: 1")),
    "the same length twice": (400, with_fields(LENGTH, LENGTH)),
    "a list of lengths": (400, with_fields(b"Content-Length: 5, 5")),
    "an empty length": (400, with_fields(b"Content-Length:")),
    "a signed length": (400, with_fields(b"Content-Length: +5")),
    "a negative length": (400, with_fields(b"Content-Length: -1")),
    "a hexadecimal length": (400, with_fields(b"Content-Length: 0x5")),
    "a length with an underscore": (400, with_fields(b"Content-Length: 1_0")),
    "a length beyond all bounds": (413, with_fields(b"Content-Length: " + b"9" * 5000)),
    "LF alone": (400, lambda a: a.head(*JSON, LENGTH).replace(b"\r\n", b"\n") + LAUNCH),
    "one LF alone": (400, with_fields(LENGTH, b"X-A: 1\nX-B: 2")),
    "LF alone at the end of the head": (400, lambda a: a.head(*JSON, LENGTH)[:-2] + b"\n" + LAUNCH),
    "CR in a value": (400, with_fields(LENGTH, b"X-A: 1\rX-B: 2")),
    "NUL in a value": (400, with_fields(LENGTH, b"X-A: 1\x002")),
    "an escape in a value": (400, with_fields(LENGTH, b"X-A: \x1b[1m")),
    "a folded value": (400, with_fields(LENGTH, b"X-A: 1\r\n 2")),
    "a space before the first field": (400, lambda a: a.head(*JSON, LENGTH, host=b" Host: x") + LAUNCH),
    "a space before the colon": (400, with_fields(b"Content-Length : %d" % len(LAUNCH))),
    "a field without a colon": (400, with_fields(LENGTH, b"X-A")),
    "a field without a name": (400, with_fields(LENGTH, b": 1")),
    "a name in brackets": (400, with_fields(LENGTH, b"(X): 1")),
    "a name above ASCII": (400, with_fields(LENGTH, b"X-\xe9: 1")),
    "no version": (400, post(b"POST " + TARGET)),
    "no target": (400, post(b"POST HTTP/1.1")),
    "two spaces": (400, post(b"POST  " + TARGET + b" HTTP/1.1")),
    "a tab": (400, post(b"POST\t" + TARGET + b" HTTP/1.1")),
    "a space at the end of the line": (400, post(b"POST " + TARGET + b" HTTP/1.1 ")),
    "a space in the target": (400, post(b"POST " + TARGET + b" x HTTP/1.1")),
    "a version in small letters": (400, post(b"POST " + TARGET + b" http/1.1")),
    "half a version": (400, post(b"POST " + TARGET + b" HTTP/1")),
    "a method in brackets": (400, post(b"(POST) " + TARGET + b" HTTP/1.1")),
    "bytes above ASCII in the target": (400, post(b"POST " + TARGET + b"\xe9 HTTP/1.1")),
    "a fragment": (400, post(b"POST " + TARGET + b"#part HTTP/1.1")),
    "a target without a slash": (400, post(b"POST voice/ivr/1/messages HTTP/1.1")),
    "another scheme": (400, post(b"POST ftp://x" + TARGET + b" HTTP/1.1")),
    "absolute form without a host": (400, post(b"POST http://" + TARGET + b" HTTP/1.1")),
    "absolute form with a user": (400, post(b"POST http://user@x" + TARGET + b" HTTP/1.1")),
    "an asterisk for POST": (400, post(b"POST * HTTP/1.1")),
    "a tunnel": (501, post(b"CONNECT x:443 HTTP/1.1")),
    "HTTP/2": (505, lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "HTTP/0.9": (505, post(b"POST " + TARGET + b" HTTP/0.9")),
    "no HTTP at all": (400, lambda _: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
    "a target of 100 kB": (414, post(b"POST " + TARGET + b"?" + b"x" * 100_000 + b" HTTP/1.1")),
    "a field of 2 MB": (431, with_fields(LENGTH, b"X-Long: " + b"x" * 2_000_000)),
    "a head without an end": (431, lambda a: a.head(LENGTH)[:-2] + b"X-A: 1\r\n" * 20_000),
    "a size that is no number": (400, with_chunks(b"zz\r\n" + LAUNCH)),
    "a negative size": (400, with_chunks(b"-5\r\n" + LAUNCH)),
    "a size with a prefix": (400, with_chunks(b"0x5\r\n" + LAUNCH)),
    "a size beyond all bounds": (400, with_chunks(b"f" * 21 + b"\r\n" + LAUNCH)),
    "a chunk longer than its size": (400, with_chunks(b"5\r\n" + LAUNCH + b"\r\n0\r\n\r\n")),
    "an empty size": (400, with_chunks(b"\r\n" + CHUNKS)),
    "a space after a size": (400, with_chunks(CHUNKS.replace(b";name=value", b" "))),
    "a control character in an extension": (400, with_chunks(CHUNKS.replace(b"value", b"\x00"))),
    "CR in an extension": (400, with_chunks(CHUNKS.replace(b"value", b"\r0"))),
    "an extension without an end": (400, with_chunks(b"5;name=" + b"x" * 5000)),
    "a chunk shorter than its size": (400, with_chunks(CHUNKS.replace(b"\r\n0\r\n", b"0\r\n"))),
    "a trailer without a colon": (400, with_chunks(CHUNKS[:-2] + b"X-Sum\r\n\r\n")),
    "a folded trailer": (400, with_chunks(CHUNKS[:-2] + b"X-Sum: 1\r\n 2\r\n\r\n")),
    "a trailer of 100 kB": (400, with_chunks(CHUNKS[:-2] + b"X-Sum: 1\r\n" * 10_000 + b"\r\n")),
    "LF alone after a size": (400, with_chunks(CHUNKS.replace(b"value\r\n", b"value\n"))),
    "LF alone after a chunk": (400, with_chunks(CHUNKS.replace(LAUNCH[5:] + b"\r\n", LAUNCH[5:] + b"\n"))),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case, account):
    """The answer has the documented form and ends the connection; nobody is called."""
    status, request = REFUSED[case]
    answer = account.send(request(account) + account.head(*JSON, LENGTH) + LAUNCH)
    assert statuses(answer) == [status], answer
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"\r\nconnection: close" in head
    assert b"\r\ncontent-type: application/json" in head
    kinds = {
        400: "BAD_REQUEST",
        413: "PAYLOAD_TOO_LARGE",
        414: "URI_TOO_LONG",
        431: "REQUEST_HEADER_FIELDS_TOO_LARGE",
        501: "NOT_IMPLEMENTED",
        505: "HTTP_VERSION_NOT_SUPPORTED",
    }
    exception = json.loads(body)["requestError"]["serviceException"]
    assert exception["messageId"] == kinds[status]
    assert exception["text"]
    assert account.calls() == 0


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_request_is_seen(case, account):
    """Whoever looks for what a program sent finds it once, with the reason and no credentials."""
    status, request = REFUSED[case]
    before = account.control("requests?limit=1")
    account.send(request(account))
    [seen] = account.control("requests?limit=1")
    assert seen["number"] == (before[0]["number"] if before else 0) + 1
    assert (seen["status"], bool(seen["reason"])) == (status, True)
    assert account.basic[21:].decode() not in json.dumps(seen)


def test_a_refused_request_is_seen_where_it_belongs(account):
    """It names its account, however badly it is framed; what can be read of it is kept."""
    account.control(f"tenants/{account.name}")
    query = b"?limit=1&apiKey=hidden"
    account.send(account.head(b"Two words: x", line=b"GET /tts/3/reports" + query + b" HTTP/1.1"))
    [seen] = account.control(f"tenants/{account.name}/requests")
    assert (seen["method"], seen["target"]) == ("GET", "/tts/3/reports?limit=1&apiKey=***")
    assert seen["headers"] == [{"name": "host", "value": "x"}, {"name": "authorization", "value": "Basic ***"}]


def test_a_refusal_in_xml(account):
    """A client that accepts XML alone is refused in XML."""
    answer = account.send(account.head(b"Accept: application/xml", CHUNKED, LENGTH) + LAUNCH)
    body = etree.fromstring(answer.partition(b"\r\n\r\n")[2])
    assert body.findtext("requestError/serviceException/messageId") == "BAD_REQUEST"


def test_a_refused_head_request_has_no_body(account):
    """The answer to HEAD ends with its head."""
    answer = account.send(account.head(line=b"HEAD /tts/3/reports HTTP/1.1", host=b""))
    assert statuses(answer) == [400]
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"OPTIONS * HTTP/1.1", 404),
        (b"OPTIONS /tts/3/reports HTTP/1.1", 405),
        (b"BREW /tts/3/reports HTTP/1.1", 405),
        (b"get /tts/3/reports HTTP/1.1", 405),
        (b"HEAD /tts/3/reports HTTP/1.1", 405),
        (b"GET /tts/3/reports?limit=|{} HTTP/1.1", 400),
        (b"GET //tts/3/reports HTTP/1.1", 404),
        (b"GET http://x?limit=1 HTTP/1.1", 404),
        (b"GET /tts/3/%72eports HTTP/1.1", 200),
        (b"GET /tts%2F3/reports HTTP/1.1", 404),  # an encoded slash separates nothing
        (b"GET /tts%2f3%2freports HTTP/1.1", 404),
    ],
)
def test_the_application_decides(line, status, account):
    """Whatever can be read as a request is judged as the contract says, and the next one served."""
    answer = account.send(account.head(line=line) + account.head(*JSON, LENGTH) + LAUNCH)
    assert statuses(answer) == [status, 200], answer


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ((b"Host: 127.0.0.1:8080",), 200),
        ((b"Host: LOCALHOST",), 200),
        ((b"Host: [::1]:8080",), 200),
        ((b"Host: evil.example",), 403),
        ((b"Host: 127.0.0.1.evil.example",), 403),
        ((b"Host: localhost@evil.example",), 400),
        ((b"Host:",), 403),
        ((), 400),
        ((b"Host: 127.0.0.1", b"Host: 127.0.0.1"), 400),
        ((b"Host: 127.0.0.1", b"Origin: http://127.0.0.1"), 200),
        ((b"Host: 127.0.0.1", b"Origin: http://127.0.0.1:8080"), 403),
        ((b"Host: 127.0.0.1", b"Origin: http://evil.example"), 403),
        ((b"Host: 127.0.0.1", b"Origin: null"), 403),
        ((b"Host: 127.0.0.1", b"X-Forwarded-For: 127.0.0.1"), 403),
        ((b"Host: 127.0.0.1", b"Forwarded: for=192.0.2.60"), 403),
        ((b"Host: 127.0.0.1", b"Origin: http://127.0.0.1", b"Origin: http://evil.example"), 403),
    ],
)
def test_who_may_use_the_control_plane(fields, status, account):
    """No page of another server, whether by its origin or by a name that leads to this machine."""
    request = account.head(*fields, line=b"GET /_mock/tenants HTTP/1.1", host=b"")
    assert statuses(account.send(request)) == [status]


def test_the_host_of_an_absolute_target_counts(account):
    """The control plane looks at the host that is asked, not at the Host field beside it (RFC 9112,
    3.2.2).
    """
    ours = b"GET http://127.0.0.1/_mock/tenants HTTP/1.1"
    theirs = b"GET http://evil.example/_mock/tenants HTTP/1.1"
    assert statuses(account.send(account.head(line=ours, host=b"Host: evil.example"))) == [200]
    assert statuses(account.send(account.head(line=theirs, host=b"Host: 127.0.0.1"))) == [403]


def test_continue_is_sent_when_it_is_asked_for(account):
    """A client that waits for 100 gets it before it sends its body."""
    with socket.create_connection(account.address, timeout=20) as connection:
        connection.sendall(account.head(*JSON, LENGTH, b"Expect: 100-continue", b"Connection: close"))
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(LAUNCH)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    assert statuses(answer) == [200]
    assert account.calls() == 1


def test_requests_that_follow_each_other(account):
    """They are answered in order, whatever ends their bodies and however they arrive."""
    requests = (account.head(*JSON, LENGTH) + LAUNCH + account.head(*JSON, CHUNKED) + CHUNKS) * 3
    odd = account.head(line=b"GET /nowhere HTTP/1.1") + account.head(b"Connection: close", line=b"GET / HTTP/1.1")
    ignored = account.head(*JSON, LENGTH) + LAUNCH
    assert statuses(account.send(requests + odd + ignored)) == [200] * 6 + [404, 404]
    assert account.calls() == 6
    pieces = [requests[at : at + 1] for at in range(len(requests))]
    assert statuses(account.send(*pieces)) == [200] * 6
    assert account.calls() == 12


def test_a_body_full_of_empty_lines(account):
    """Empty lines inside of chunks do not end the body."""
    body = LAUNCH.replace(b",", b",\r\n\r\n\r\n\r\n0\r\n\r\n".replace(b"0", b" "))
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (body[:30], body[30:31], body[31:]))
    request = account.head(*JSON, CHUNKED) + chunks + b"0\r\n\r\n"
    assert statuses(account.send(request * 2)) == [200, 200]
    assert account.calls() == 2


@pytest.fixture(scope="module")
def impatient() -> Iterator[tuple[str, int]]:
    with running("from infobip_voice_mock import connection; connection.MAX_SECONDS_TO_SEND = 0.2") as address:
        yield address


@pytest.mark.parametrize(
    ("begin", "served"),
    [
        pytest.param(lambda _: b"", 0, id="nothing"),
        pytest.param(lambda a: a.head(LENGTH)[:-2], 0, id="half a head"),
        pytest.param(lambda a: a.head(*JSON, LENGTH) + LAUNCH[:-1], 0, id="most of a body"),
        pytest.param(lambda a: a.head(*JSON, CHUNKED) + CHUNKS[:-2], 0, id="chunks without an end"),
        pytest.param(lambda a: (a.head(*JSON, LENGTH) + LAUNCH) * 2 + b"POST", 2, id="two requests, half of a third"),
    ],
)
def test_a_client_that_does_not_finish_is_cut_off(begin, served, impatient):
    """After a time the connection is reset, and what was not sent as a whole has no effect."""
    account = Account(impatient)
    with socket.create_connection(impatient, timeout=20) as connection:
        connection.sendall(begin(account))
        answer, ended = b"", ""
        while not ended:
            try:
                chunk = connection.recv(65536)
            except ConnectionResetError:
                ended = "reset"
            else:
                answer, ended = answer + chunk, "" if chunk else "closed"
    assert ended == "reset"
    assert statuses(answer) == [200] * served
    assert account.calls() == served


def test_a_client_that_pauses_between_requests_is_not_cut_off(impatient):
    """Its time runs only while it owes something."""
    account = Account(impatient)
    with socket.create_connection(impatient, timeout=20) as connection:
        for _ in range(3):
            connection.sendall(account.head(*JSON, LENGTH) + LAUNCH)
            assert statuses(connection.recv(65536)) == [200]
            connection.settimeout(0.3)
            with pytest.raises(TimeoutError):
                connection.recv(1)
            connection.settimeout(20)
    assert account.calls() == 3


@pytest.mark.parametrize(
    ("status", "kind", "phrase"),
    [
        (404, "NOT_FOUND", "Not Found"),
        (413, "PAYLOAD_TOO_LARGE", "Payload Too Large"),
        (414, "URI_TOO_LONG", "URI Too Long"),
        (416, "RANGE_NOT_SATISFIABLE", "Range Not Satisfiable"),
        (422, "UNPROCESSABLE_CONTENT", "Unprocessable Content"),
        (500, "GENERAL_ERROR", "Internal Server Error"),
    ],
)
def test_a_status_is_called_alike_by_every_python(status, kind, phrase):
    """Python 3.13 has other names for four of them than 3.11."""
    refusal = Refusal.of(HTTPStatus(status))
    assert (refusal.kind, refusal.text) == (kind, phrase)
    assert first_line(status) == f"HTTP/1.1 {status} {phrase}\r\n".encode()
