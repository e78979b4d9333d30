"""A connection without a socket: flow control, clients that leave, applications that break."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from infobip_voice_mock import create_app
from infobip_voice_mock.connection import MAX_BYTES_WAITING, MAX_SECONDS_IDLE, MAX_SECONDS_TO_SEND, Connection

LAUNCH = b'{"messages":[{"scenarioId":"S","destinations":[{"to":"41793026727"}]}]}'
HEAD = (
    b"POST /voice/ivr/1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\nContent-Length: %d\r\n\r\n"
)
WHOLE = HEAD % len(LAUNCH) + LAUNCH
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
EMPTY = [(b"content-length", b"0")]


class Transport(asyncio.Transport):
    """Remembers what a connection does."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.closing = self.reset = self.paused = self.ended = False

    def write(self, data: bytes) -> None:
        self.sent += data

    def write_eof(self) -> None:
        self.ended = True

    def can_write_eof(self) -> bool:
        return True

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = self.reset = True

    def is_closing(self) -> bool:
        return self.closing

    def pause_reading(self) -> None:
        assert not self.paused
        self.paused = True

    def resume_reading(self) -> None:
        assert self.paused
        self.paused = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self if name == "socket" else default

    # The transport is its own socket.

    def setsockopt(self, *_: Any) -> None: ...

    def getsockname(self) -> tuple[str, int]:
        return "127.0.0.1", 8080

    def getpeername(self) -> tuple[str, int]:
        return "127.0.0.1", 40000


class Loop:
    """The running loop, with a time of its own that stands still."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.create_task = asyncio.get_running_loop().create_task

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, act: Callable[[], None]) -> Any:
        timer = (self.now + seconds, act)
        self.timers.append(timer)

        class Handle:
            @staticmethod
            def cancel() -> None:
                self.timers.remove(timer)

        return Handle()

    def advance(self, seconds: float) -> None:
        until = self.now + seconds
        while due := sorted((timer for timer in self.timers if timer[0] <= until), key=lambda timer: timer[0]):
            self.timers.remove(due[0])
            self.now = due[0][0]
            due[0][1]()
        self.now = until


class Client:
    """The other side of a connection to an application."""

    def __init__(self, application: Any = None) -> None:
        self.application = application or create_app()
        config = uvicorn.Config(self.application, lifespan="off", proxy_headers=False, log_config=None)
        config.load()
        self.transport, self.loop, self.server = Transport(), Loop(), ServerState()
        self.connection = Connection(config, self.server, {}, self.loop)
        self.connection.connection_made(self.transport)

    async def send(self, data: bytes) -> bytes:
        """Send bytes, and return what comes back while nobody waits for anything."""
        before = len(self.transport.sent)
        self.connection.data_received(data)
        await turns()
        return self.transport.sent[before:]

    async def leave(self) -> None:
        self.connection.connection_lost(None)
        await turns()

    async def control(self, path: str) -> Any:
        """Return what the control plane answers to another client."""
        other = Client(self.application)
        answer = await other.send(b"GET /_mock/tenants/Aladdin/%b HTTP/1.1\r\nHost: localhost\r\n\r\n" % path.encode())
        return json.loads(answer.partition(b"\r\n\r\n")[2])


async def turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def on_a_loop(test: Any) -> Callable[[], None]:
    """Run an asynchronous test."""

    def run(*arguments: Any, **named: Any) -> None:
        asyncio.run(test(*arguments, **named))

    run.__doc__ = test.__doc__
    run.__name__ = test.__name__
    return run


@on_a_loop
async def test_a_client_that_leaves_after_its_request():
    """What it has asked for happens, and is in the log, though nobody is there for the answer."""
    client = Client()
    client.connection.data_received(WHOLE)
    await client.leave()
    assert client.transport.sent == b""
    assert len(await client.control("calls")) == 1
    [seen] = await client.control("requests")
    assert (seen["method"], seen["status"], seen["body"]) == ("POST", 200, LAUNCH.decode())
    assert not client.server.tasks
    assert not client.server.connections


@pytest.mark.parametrize("arrived", [0, 1, len(LAUNCH) - 1])
def test_a_client_that_leaves_before_its_request_is_whole(arrived):
    """Nothing happens, and what has arrived is in the log, with the reason."""

    async def scenario() -> None:
        client = Client()
        assert await client.send(HEAD % len(LAUNCH) + LAUNCH[:arrived]) == b""
        await client.leave()
        assert await client.control("calls") == []
        [seen] = await client.control("requests")
        assert (seen["status"], seen["body"]) == (0, LAUNCH[:arrived].decode())
        assert "the client left" in seen["reason"]

    asyncio.run(scenario())


@on_a_loop
async def test_a_client_that_leaves_in_the_middle_of_a_large_body():
    """It was begun, and ends the same way."""
    client = Client()
    await client.send(HEAD % 10_000_000 + b" " * 1_000_000)
    await client.leave()
    [seen] = await client.control("requests")
    assert (seen["status"], seen["bodyBytes"]) == (0, 1_000_000)


@on_a_loop
async def test_no_more_is_read_than_has_room():
    """A body waits for the application, and what follows it waits for the answer."""
    room, taken = asyncio.Event(), []

    async def slow(_: Any, receive: Any, send: Any) -> None:
        await room.wait()
        more = True
        while more:
            message = await receive()
            taken.append(len(message["body"]))
            more = message["more_body"]
        room.clear()
        await room.wait()
        await send({"type": "http.response.start", "status": 200, "headers": EMPTY})
        await send({"type": "http.response.body"})

    client = Client(slow)
    await client.send(HEAD % (MAX_BYTES_WAITING + 10) + b" " * MAX_BYTES_WAITING)
    assert not client.transport.paused
    await client.send(b" ")
    assert client.transport.paused
    room.set()
    await turns()
    assert not client.transport.paused
    await client.send(b" " * 9 + GET * (1 + MAX_BYTES_WAITING // len(GET)))
    assert sum(taken) == MAX_BYTES_WAITING + 10
    assert client.transport.paused
    room.set()
    await turns()
    assert not client.transport.paused
    assert client.transport.sent.count(b"HTTP/1.1 200 OK") == 1


@on_a_loop
async def test_no_more_is_sent_than_is_read():
    """The application waits until the client has read what was sent."""

    async def long(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"1", "more_body": True})
        await send({"type": "http.response.body", "body": b"2"})

    client = Client(long)
    client.connection.data_received(GET)
    client.connection.pause_writing()
    await turns()
    assert client.transport.sent == b""
    client.connection.resume_writing()
    await turns()
    assert client.transport.sent.endswith(b"\r\n\r\n12")
    client.connection.data_received(GET)
    client.connection.pause_writing()
    await turns()
    await client.leave()
    assert not client.server.tasks


@on_a_loop
async def test_an_idle_connection_ends():
    """Between requests for some seconds, counted from the last answer."""
    client = Client()
    for _ in range(3):
        assert (await client.send(WHOLE)).startswith(b"HTTP/1.1 200 OK\r\n")
        client.loop.advance(MAX_SECONDS_IDLE - 0.1)
        assert not client.transport.closing
    client.loop.advance(0.2)
    assert client.transport.closing
    assert not client.transport.reset


@pytest.mark.parametrize("sent", [b"", b"\r\n", WHOLE[:9], WHOLE[:-1], WHOLE * 2 + WHOLE[:-1]])
def test_a_client_that_owes_something_is_reset(sent):
    """However little it sends meanwhile, its time does not begin anew."""

    async def scenario() -> None:
        client = Client()
        if sent:
            await client.send(sent[:-1])
        client.loop.advance(MAX_SECONDS_TO_SEND / 2)
        if sent:
            await client.send(sent[-1:])
        client.loop.advance(MAX_SECONDS_TO_SEND / 2 - 0.1)
        assert not client.transport.closing
        client.loop.advance(0.2)
        assert client.transport.reset

    asyncio.run(scenario())


@on_a_loop
async def test_a_slow_application_is_waited_for():
    """No time runs while it answers."""

    async def slow(_: Any, __: Any, ___: Any) -> None:
        await asyncio.Event().wait()

    client = Client(slow)
    await client.send(GET + GET[:5])
    client.loop.advance(10 * MAX_SECONDS_TO_SEND)
    assert not client.transport.closing
    [task] = client.server.tasks
    task.cancel()


@pytest.mark.parametrize(
    ("sent", "last"),
    [(b"", False), (WHOLE[:9], False), (WHOLE[:-1], True)],
    ids=["idle", "half a head", "half a body"],
)
def test_a_server_that_stops(sent, last):
    """It still answers a request that has begun, says that this is the end, and takes no other."""

    async def scenario() -> None:
        client = Client()
        await client.send(sent)
        client.connection.shutdown()
        assert client.transport.closing is not last
        if last:
            answer = await client.send(WHOLE[len(sent) :] + WHOLE)
            assert answer.count(b"HTTP/1.1 200 OK") == 1
            assert b"\r\nconnection: close\r\n" in answer
            assert client.transport.closing

    asyncio.run(scenario())


@on_a_loop
async def test_a_half_closed_connection():
    """What has arrived as a whole is answered; then the connection ends, as with a part of one."""
    client = Client()
    client.connection.data_received(WHOLE + WHOLE)
    assert client.connection.eof_received()
    await turns()
    assert client.transport.sent.count(b"HTTP/1.1 200 OK") == 2
    assert client.transport.closing
    partly = Client()
    await partly.send(WHOLE + WHOLE[:-1])
    assert not partly.connection.eof_received()


Message = dict[str, Any]


def start(headers: Any = EMPTY, status: int = 200) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def body(data: bytes = b"", more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


FIVE = [[b"content-length", b"5"]]
INJECTED = [(b"content-length", b"5"), (b"x", b"1\r\nset-cookie: a=b")]


@pytest.mark.parametrize(
    ("messages", "status", "content", "ends"),
    [
        pytest.param([start(FIVE), body(b"12345")], 200, b"12345", "no", id="whole"),
        pytest.param([start(FIVE), body(b"12", True), body(b"345")], 200, b"12345", "no", id="in parts"),
        pytest.param([start(FIVE, 599), body(b"12345")], 599, b"12345", "no", id="a status without a name"),
        pytest.param([start([]), body(b"12", True), body(b"345")], 200, b"12345", "said", id="without a length"),
        pytest.param([start([*FIVE, (b"connection", b"Close")]), body(b"12345")], 200, b"12345", "said", id="the last"),
        pytest.param([start(FIVE), body(b"1234")], 200, b"1234", "yes", id="too short"),
        pytest.param([start(FIVE), body(b"123456")], 200, b"123456", "yes", id="too long"),
        pytest.param([start(FIVE), body(b"1234", True)], 200, b"1234", "yes", id="without an end"),
        pytest.param([], 500, None, "said", id="without an answer"),
        pytest.param([body(b"12345")], 500, None, "said", id="without a beginning"),
        pytest.param([start(INJECTED), body(b"12345")], 500, None, "said", id="the end of a line in a value"),
        pytest.param([start(FIVE), start(FIVE)], 0, b"", "yes", id="with two beginnings"),
        pytest.param([start(FIVE), body(b"12345"), body()], 200, b"12345", "no", id="with two ends"),
    ],
)
def test_what_an_application_sends(messages, status, content, ends):
    """Its answer is sent as it is; if that is not one, the connection ends, said before or not."""

    async def application(_: Any, __: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    async def scenario() -> None:
        client = Client(application)
        head, _, sent = (await client.send(GET)).partition(b"\r\n\r\n")
        assert client.transport.closing is (ends != "no")
        assert head.startswith(b"HTTP/1.1 %d " % status) if status else head == b""
        assert (b"connection: close" in head.lower()) is (ends == "said")
        assert b"set-cookie" not in head
        if status == 500:
            assert json.loads(sent)["requestError"]["serviceException"]["messageId"] == "GENERAL_ERROR"
        else:
            assert sent == content

    asyncio.run(scenario())
