"""An attempt takes no longer than its deadline, in no phase and at no pace of a server."""

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from infobip_voice import Attempt, ConfigurationError, LaunchUncertain, NotSent, ReportsUncertain, VoiceClient
from infobip_voice._network import AsyncBackend, BoundedBackend, Seconds
from sdk.clients import BOTH, Clock, client, settings, settle
from sdk.lossy_server import LossyServer, answer, lossy_server, server_context


class Stream:
    """A stream of httpcore that notes its timeouts, and takes a second for everything."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.timeouts: list[float] = []
        self.written: list[int] = []

    def connect_tcp(self, *, timeout: float, host: str) -> "Stream":
        return self._spent(timeout)

    def start_tls(self, context: object, server_hostname: str | None, timeout: float) -> "Stream":
        return self._spent(timeout)

    def read(self, max_bytes: int, timeout: float) -> bytes:
        self._spent(timeout)
        return b"-"

    def write(self, buffer: bytes, timeout: float) -> None:
        self._spent(timeout)
        self.written.append(len(buffer))

    def _spent(self, timeout: float) -> "Stream":
        self.timeouts.append(timeout)
        self.clock.now += 1.0
        return self

    def close(self) -> None: ...

    def get_extra_info(self, name: str) -> str:
        return name


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("infobip_voice._network.monotonic", clock)
    monkeypatch.setattr("infobip_voice._transport.monotonic", clock)
    return clock


def test_every_operation_gets_what_is_left(clock: Clock) -> None:
    """An operation gets the timeout while more than that is left, and then what is left.

    httpcore gives none to those that speak to a SOCKS proxy.
    """
    inner = Stream(clock)
    timeout = Seconds(5.0, clock() + 12.0)
    stream = BoundedBackend(inner).connect_tcp(timeout=timeout, host="host")
    stream.write(b"to a SOCKS proxy")
    stream.read(4096)
    stream = stream.start_tls(None, "host", timeout=timeout)
    stream.write(b"head")
    stream.write(b"", timeout=timeout)
    stream.write(b"-" * (3 * 16 * 1024 - 1), timeout=timeout)
    for _ in range(4):
        stream.read(65536, timeout=timeout)
    assert inner.timeouts == [5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 4.0, 3.0, 2.0, 1.0]
    assert inner.written == [16, 4, 16384, 16384, 16383]
    for operation in (stream.read, lambda _: stream.write(b"-"), lambda _: stream.read(1, timeout=timeout)):
        with pytest.raises(TimeoutError):
            operation(1)
    stream.read(1, timeout=Seconds(5.0, clock() + 2.0))  # the next attempt has a deadline of its own
    assert inner.timeouts[-1] == 2.0
    assert stream.get_extra_info("is_readable") == "is_readable"


class Socket:
    """A stream of httpcore and its socket, which another thread closes during every operation."""

    def __init__(self) -> None:
        self.stream: Any = None
        self.seen: list[object] = []

    def connect_tcp(self, *, timeout: float, host: str) -> "Socket":
        return self

    def read(self, max_bytes: int, timeout: float) -> bytes:
        self.stream.close()
        return b""

    def write(self, buffer: bytes, timeout: float) -> None:
        self.stream.close()

    def close(self) -> None:
        self.seen.append("closed")

    def get_extra_info(self, name: str) -> "Socket":
        assert name == "socket"
        return self

    def shutdown(self, how: int) -> None:
        self.seen.append(how)
        raise OSError("it is gone already")


def test_who_uses_a_stream_closes_it() -> None:
    """Another thread only ends what it waits for: a closed number may be that of another socket."""
    for use in (lambda stream: stream.read(1), lambda stream: stream.write(b"-"), lambda _: None):
        inner = Socket()
        timeout = Seconds(5.0, float("inf"))
        inner.stream = stream = BoundedBackend(inner).connect_tcp(timeout=timeout, host="host")
        use(stream)
        ended = [*inner.seen]
        stream.close()
        assert ended in ([socket.SHUT_RDWR], [])
        assert inner.seen == [*ended, "closed"]


def test_a_closed_pool_connects_no_more() -> None:
    """What was opened meanwhile is known, to be closed."""
    inner, timeout = Socket(), Seconds(5.0, float("inf"))
    backend = BoundedBackend(inner)
    assert not backend.closed
    backend.closed = True
    with pytest.raises(ConnectionAbortedError, match=r"^the client was closed$"):
        backend.connect_tcp(timeout=timeout, host="host")
    timeout.opened.close()
    assert inner.seen == ["closed"]


class Awaited:
    """A stream of httpcore for an event loop that notes its timeouts."""

    def __init__(self) -> None:
        self.timeouts: list[float] = []

    async def connect_tcp(self, *, timeout: float, host: str) -> "Awaited":
        self.timeouts.append(timeout)
        return self

    async def read(self, max_bytes: int, timeout: float) -> bytes:
        self.timeouts.append(timeout)
        return b"-"

    async def write(self, buffer: bytes, timeout: float) -> None:
        self.timeouts.append(timeout)

    async def aclose(self) -> None: ...

    async def start_tls(self) -> None: ...

    def get_extra_info(self, name: str) -> str:
        return name


def test_what_speaks_to_a_socks_proxy_has_a_timeout_on_an_event_loop() -> None:
    """httpcore gives none: that of connecting holds."""
    inner = Awaited()

    async def scenario() -> None:
        timeout = Seconds(5.0, 12.0)
        stream = await AsyncBackend(inner).connect_tcp(timeout=timeout, host="host")
        assert timeout.opened is stream
        await stream.write(b"to a SOCKS proxy")
        await stream.read(4096)
        await stream.write(b"head", timeout=Seconds(4.0, 12.0))
        await stream.read(65536, timeout=Seconds(3.0, 12.0))

    asyncio.run(scenario())
    assert inner.timeouts == [5.0, 5.0, 5.0, 4.0, 3.0]


@pytest.mark.parametrize("over_tls", [False, True])
def test_closing_a_client_ends_what_other_threads_wait_for(over_tls: bool, certificate: Path) -> None:
    """An attempt without an answer is one that is lost, and it is over at once."""
    caught: list[Exception] = []

    def fetch() -> None:
        try:
            voice.reports.fetch()
        except ReportsUncertain as error:
            caught.append(error)

    with lossy_server(certificate=certificate if over_tls else None) as server:
        server.script.append("hang")
        voice = VoiceClient(**settings(server.url, verify=False))
        thread = threading.Thread(target=fetch, daemon=True)
        thread.start()
        server.arrived.wait()
        voice.close()
        thread.join(8)
        assert len(caught) == 1


@pytest.mark.parametrize("kind", BOTH)
def test_what_waits_for_a_connection_while_a_client_is_closed_is_not_sent(kind: str) -> None:
    """The place that it waited for becomes free, but nobody is called any more."""
    caught: list[Exception] = []

    async def launch(voice: Any) -> None:
        try:
            await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))
        except (LaunchUncertain, ConfigurationError) as error:
            caught.append(error)

    async def scenario(server: LossyServer) -> None:
        async with client(kind, server.url, max_connections=1) as voice:
            if kind == "async":
                tasks = [asyncio.ensure_future(launch(voice)) for _ in range(2)]
                await asyncio.to_thread(server.arrived.wait)
                await voice.aclose()
                await asyncio.gather(*tasks)
                return
            threads = [threading.Thread(target=lambda: asyncio.run(launch(voice)), daemon=True) for _ in range(2)]
            for thread in threads:
                thread.start()
            server.arrived.wait()
            (pool,) = voice._transport._own.values()
            while len(pool._pool._requests) < 2:
                threading.Event().wait(0.001)
            voice.close()
            for thread in threads:
                thread.join(8)

    with lossy_server() as server:
        server.script.append("hang")
        asyncio.run(scenario(server))
        assert len(server.seen) == 1
    assert sorted(type(error).__name__ for error in caught) == ["ConfigurationError", "LaunchUncertain"]
    assert "the client is closed" in "".join(map(str, caught))


@contextmanager
def reader(pace: float) -> Iterator[str]:
    """A server that reads one byte at a time and answers nothing."""
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                while not stopped.wait(pace) and connection.recv(1):
                    pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        stopped.set()
        thread.join()


@pytest.mark.parametrize("kind", BOTH)
def test_a_server_that_reads_at_a_snails_pace(kind: str) -> None:
    """A request that is still being written at the deadline is one whose answer is lost."""

    async def scenario(url: str) -> LaunchUncertain:
        async with client(kind, url, deadline=0.4) as voice:
            with pytest.raises(LaunchUncertain) as caught:
                await settle(
                    voice.click_to_call.launch(
                        from_="41793026700",
                        destination_a="41793026727",
                        destination_b="41793026731",
                        text="-" * 9_000_000,
                    )
                )
            return caught.value

    with reader(0.01) as url:
        error = asyncio.run(scenario(url))
    assert "the attempt took longer than the deadline, 0.4 seconds" in str(error)


class Slow(httpx.SyncByteStream):
    """A body of somebody else's transport: only between two pieces can the time be looked at."""

    def __init__(self, clock: Clock, pieces: list[bytes]) -> None:
        self._clock = clock
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            yield piece
            self._clock.now += 4.0


def test_an_injected_client_is_looked_at_between_two_pieces(clock: Clock) -> None:
    """What arrived until then is kept."""
    pieces = [b'{"results": [', b" ", b" ", b" ", b"]}"]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Slow(clock, pieces)))

    async def scenario(deadline: float) -> Any:
        http_client = httpx.Client(transport=transport)
        async with client("sync", "http://host", http_client=http_client, deadline=deadline) as voice:
            return voice.reports.fetch()

    assert asyncio.run(scenario(60.0)) == []
    with pytest.raises(ReportsUncertain, match="deadline, 10 seconds") as caught:
        asyncio.run(scenario(10.0))
    assert caught.value.body == b'{"results": [   '


class Silent(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"results": ['
        await asyncio.Event().wait()


def test_an_injected_asynchronous_client_is_interrupted() -> None:
    """At the deadline, whatever its transport is doing."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Silent()))

    async def scenario() -> Any:
        http_client = httpx.AsyncClient(transport=transport)
        async with client("async", "http://host", http_client=http_client, deadline=0.2) as voice:
            return await voice.reports.fetch()

    with pytest.raises(ReportsUncertain, match=r"deadline, 0\.2 seconds") as caught:
        asyncio.run(scenario())
    assert caught.value.body == b'{"results": ['


def test_a_connection_that_takes_too_long_is_tried_again(clock: Clock) -> None:
    """Nothing was sent, and the next one may come about."""
    attempts: list[int] = []

    class Unreachable(httpx.BaseTransport):  # a `MockTransport` asks for the body before it fails
        def handle_request(self, _: httpx.Request) -> httpx.Response:
            attempts.append(1)
            clock.now += 11.0
            raise httpx.ConnectTimeout("slow")

    async def scenario() -> None:
        http_client = httpx.Client(transport=Unreachable())
        async with client("sync", "http://host", http_client=http_client, deadline=10.0, clock=Clock()) as voice:
            voice.ivr.launch(scenario_id="s", to="41793026727")

    with pytest.raises(NotSent):
        asyncio.run(scenario())
    assert len(attempts) == 3


@contextmanager
def tls_server(certificate: Path, serve: Callable[[ssl.SSLSocket], None]) -> Iterator[str]:
    context = server_context(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stopped = threading.Event()

        def accept() -> None:
            while not stopped.is_set():
                with suppress(OSError), context.wrap_socket(listener.accept()[0], server_side=True) as connection:
                    serve(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize("kind", BOTH)
def test_a_certificate_that_does_not_verify_is_not_tried_again(kind: str, certificate: Path) -> None:
    """It will not verify at the next attempt either."""
    attempts: list[Attempt] = []

    async def scenario(url: str) -> None:
        async with client(kind, url, trace=attempts.append) as voice:
            with pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
                await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))

    with tls_server(certificate, lambda _: None) as url:
        asyncio.run(scenario(url))
    assert [attempt.verdict for attempt in attempts] == ["unsent"]


@pytest.mark.parametrize("kind", BOTH)
def test_over_tls_an_answer_comes_or_the_deadline(kind: str, certificate: Path) -> None:
    """A context of the caller's is used, and a server that drips is left."""
    context = ssl.create_default_context(cafile=certificate.with_suffix(".crt"))
    first = [True]

    def serve(connection: ssl.SSLSocket) -> None:
        connection.recv(65536)
        if first and first.pop():
            connection.sendall(answer(b'{"results": []}'))
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        while True:
            connection.sendall(b"-")
            threading.Event().wait(0.02)

    async def scenario(url: str) -> None:
        async with client(kind, url, verify=context) as voice:
            assert await settle(voice.reports.fetch()) == []
        async with client(kind, url, verify=context, deadline=0.4) as voice:
            with pytest.raises(ReportsUncertain, match=r"deadline, 0\.4 seconds"):
                await settle(voice.reports.fetch())

    with tls_server(certificate, serve) as url:
        asyncio.run(scenario(url))


@contextmanager
def silent() -> Iterator[tuple[int, threading.Event, list[bytes]]]:
    """A server that answers nothing: its port, what tells that it was spoken to, and how each
    connection ended.
    """
    spoken_to, ends = threading.Event(), list[bytes]()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(65536)
                        spoken_to.set()
                        ends.append(connection.recv(65536))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], spoken_to, ends
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("https://127.0.0.1:{}", None),
        ("https://host", "http://127.0.0.1:{}"),
        ("https://host", "https://127.0.0.1:{}"),
        ("http://host", "socks5://127.0.0.1:{}"),
        ("http://127.0.0.1:{}", None),
    ],
)
def test_a_task_that_is_cancelled_leaves_no_connection(url: str, proxy: str | None) -> None:
    """Whatever it was waiting for, its socket is closed, and its place is free."""

    async def scenario() -> None:
        with silent() as (port, spoken_to, ends):
            options = {"verify": False, "max_connections": 1, "proxy": proxy and proxy.format(port)}
            async with client("async", url.format(port), **options) as voice:
                for times in (1, 2):
                    task = asyncio.ensure_future(voice.reports.fetch())
                    await asyncio.to_thread(spoken_to.wait, 10)
                    assert spoken_to.is_set()
                    spoken_to.clear()
                    task.cancel()
                    with pytest.raises(asyncio.CancelledError):
                        await task
                    while len(ends) < times:
                        await asyncio.sleep(0)
            assert ends == [b"", b""]

    asyncio.run(asyncio.wait_for(scenario(), 30))
