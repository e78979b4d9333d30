"""One attempt over httpx: the request byte for byte, and the outcome of whatever happens to it."""

import asyncio
import gzip
import os
import ssl
from collections.abc import Iterator
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import httpcore
import httpx
import pytest

from infobip_voice import ConfigurationError, __version__, _pools, _transport
from infobip_voice._messages import Operation, Outcome, Request
from infobip_voice._network import Seconds
from infobip_voice._transport import AsyncTransport, ConnectionSettings, Transport
from sdk.clients import BOTH, Body, Clock

HOST = ("http://host", "base_url")
NOBODY = ("http://127.0.0.1:1", "base_url")
LAUNCH = Request(Operation("ivr.launch"), "POST", "/voice/ivr/1/messages", b"<a/>", "application/xml")
FETCH = Request(Operation("reports.fetch"), "GET", "/tts/3/reports?limit=50", b"", "application/json")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("infobip_voice._transport.monotonic", clock)
    return clock


class Server(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The transport of an injected client: it may ask for the body, and then answers or fails."""

    def __init__(self, answer: httpx.Response | Exception, asks: bool = True) -> None:
        self.seen: list[httpx.Request] = []
        self._answer = answer
        self._asks = asks

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._asks:
            request.read()
        return self._told(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._asks:
            await request.aread()
        return self._told(request)

    def _told(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def send(kind: str, server: Server, request: Request = LAUNCH, options: Any = None, **owned: Any) -> Outcome:
    """Make one attempt through an injected client."""
    if kind == "sync":
        return Transport(HOST, "App k", options or {}, httpx.Client(transport=server, **owned)).send(request)
    http_client = httpx.AsyncClient(transport=server, **owned)
    return asyncio.run(AsyncTransport(HOST, "App k", options or {}, http_client).send(request))


OURS = [
    (b"Host", b"host"),
    (b"User-Agent", f"infobip-voice-python/{__version__}".encode()),
    (b"Authorization", b"App k"),
    (b"Accept-Encoding", b"identity"),
]


@pytest.mark.parametrize("kind", BOTH)
def test_the_head_of_a_request(kind: str) -> None:
    """Its names are written as HTTP's documents write them, each once; ours win over a client's."""
    theirs = {"X-Team": "voice", "Accept": "text/html", "Content-Type": "text/plain", "Content-Length": "5"}
    server = Server(httpx.Response(200, content=b"{}"))
    for request in (LAUNCH, FETCH):
        send(kind, server, request, headers=theirs)
    added = [(b"Connection", b"keep-alive"), (b"X-Team", b"voice")]  # by httpx, and by the caller
    body = [(b"Accept", b"application/xml"), (b"Content-Type", b"application/xml"), (b"Content-Length", b"4")]
    assert [seen.headers.raw for seen in server.seen] == [
        [*OURS, *added, *body],
        [*OURS, *added, (b"Accept", b"application/json")],
    ]


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("http://host/", "http://host/tts/3/reports?limit=50"),
        ("http://host/to/VOX/", "http://host/to/VOX/tts/3/reports?limit=50"),
        ("http://host//to//", "http://host//to/tts/3/reports?limit=50"),
    ],
)
def test_a_base_url_may_end_with_slashes(base_url: str, url: str) -> None:
    """They do not become a part of the path; what else the address has stays."""
    server = Server(httpx.Response(200))
    Transport((base_url, "base_url"), "App k", {}, httpx.Client(transport=server)).send(FETCH)
    assert [str(request.url) for request in server.seen] == [url]


@pytest.mark.parametrize(
    ("options", "deadline", "max_answer_bytes", "timeout", "max_connections"),
    [
        ({}, 600.0, 268_435_456, 30.0, 20),
        ({"deadline": 50.0, "max_answer_bytes": 7, "timeout": 40.0, "max_connections": 3}, 50.0, 7, 40.0, 3),
        ({"deadline": 5.0, "timeout": 40.0}, 5.0, 268_435_456, 5.0, 20),
    ],
)
def test_the_bounds_of_an_attempt(
    options: dict[str, Any], deadline: float, max_answer_bytes: int, timeout: float, max_connections: int
) -> None:
    """Unless they are given they are those of `ClientOptions`; no timeout exceeds the deadline."""
    settings = ConnectionSettings(HOST, "App k", options, None)
    assert (settings.deadline, settings.max_answer_bytes) == (deadline, max_answer_bytes)
    timeouts = settings.timeouts(2000.0)
    assert timeouts == {"connect": timeout, "read": timeout, "write": timeout, "pool": timeout}
    assert {seconds.ends for seconds in timeouts.values() if isinstance(seconds, Seconds)} == {2000.0}
    assert settings.pool()["max_connections"] == max_connections


def test_the_timeouts_of_an_injected_client() -> None:
    """They are kept, each by its kind, unless the caller gives one to us."""
    theirs = httpx.Timeout(connect=1.0, read=2.0, write=None, pool=4.0)
    for options, expected in (
        ({}, {"connect": 1.0, "read": 2.0, "write": None, "pool": 4.0}),
        ({"timeout": 9.0}, {"connect": 9.0, "read": 9.0, "write": 9.0, "pool": 9.0}),
    ):
        server = Server(httpx.Response(200))
        send("sync", server, FETCH, options, timeout=theirs)
        assert server.seen[0].extensions["timeout"] == expected


def test_every_setting_that_an_injected_client_would_ignore_is_named() -> None:
    """All in one error, so that nobody corrects them one by one."""
    options = {"proxy": "http://proxy", "verify": False, "max_connections": 1}
    with pytest.raises(ConfigurationError, match=r"^proxy, verify, max_connections: set that on the http_client"):
        ConnectionSettings(HOST, "App k", options, httpx.Client())


ENCODED = {"X-One": "1", "Content-Encoding": "br"}
KEPT = {"x-one": "1", "content-encoding": "br"}


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    ("pieces", "error", "outcome"),
    [
        ([b"1234", b"56", b"7890"], None, Outcome("answered", 201, KEPT, b"1234567890")),
        (
            [b"1234", b"5678", b"901"],
            None,
            Outcome(
                "cut", 201, KEPT, b"12345678901",
                "the answer was cut: the answer is larger than max_answer_bytes, 10",
                "the answer is larger than max_answer_bytes, 10",
            ),
        ),
        (
            [b"12345678901", b"2"],  # nothing is read after the piece that is too much
            None,
            Outcome(
                "cut", 201, KEPT, b"12345678901",
                "the answer was cut: the answer is larger than max_answer_bytes, 10",
                "the answer is larger than max_answer_bytes, 10",
            ),
        ),
        (
            [b"12"],
            httpx.ReadError("reset: X"),
            Outcome("cut", 201, KEPT, b"12", "the answer was cut: ReadError: reset: X"),
        ),
        ([], httpx.ReadError(""), Outcome("cut", 201, KEPT, b"", "the answer was cut: ReadError")),
    ],
)  # fmt: skip
def test_the_body_of_an_answer(kind: str, pieces: list[bytes], error: Exception | None, outcome: Outcome) -> None:
    """Every byte is kept as it came, until it is whole, or cut, or larger than it may be."""
    answer = httpx.Response(201, headers=ENCODED, stream=Body(pieces, error))
    assert send(kind, Server(answer), options={"max_answer_bytes": 10}) == outcome


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    ("asks", "error", "outcome"),
    [
        (False, httpx.ConnectError("refused"), Outcome("unsent", failure="ConnectError: refused")),
        (False, httpx.PoolTimeout(""), Outcome("unsent", failure="PoolTimeout")),
        (
            False,
            httpx.ProxyError("407 Proxy Authentication Required"),
            Outcome(
                "unsent", failure="ProxyError: 407 Proxy Authentication Required",
                final="the proxy wants other credentials",
            ),
        ),
        (True, httpx.ConnectError("again"), Outcome("lost", failure="no answer: ConnectError: again")),
        (False, httpx.ReadError(""), Outcome("lost", failure="no answer: ReadError")),
    ],
)  # fmt: skip
def test_an_attempt_without_an_answer(kind: str, asks: bool, error: Exception, outcome: Outcome) -> None:
    """It was not sent if there was no connection and nobody asked for the body; else it is lost."""
    assert send(kind, Server(error, asks)) == outcome


@pytest.mark.parametrize(
    ("words", "failure"),
    [
        ((), "ConnectError"),
        (("", "", "Connection reset by peer"), "ConnectError: Connection reset by peer"),
        (("nobody", "is there"), "ConnectError: nobody"),
    ],
)
@pytest.mark.parametrize("link", ["__cause__", "__context__"])
def test_an_error_without_words_has_those_of_its_cause(link: str, words: tuple[str, ...], failure: str) -> None:
    """On asyncio the reset of a handshake is an error without a word, behind another one."""
    error: Exception = httpx.ConnectError(words[0] if words else "")
    last = error
    for each in words[1:]:
        setattr(last, link, OSError(each))
        last = getattr(last, link)
    setattr(last, link, error)  # an exception may be its own cause
    assert send("sync", Server(error, asks=False)) == Outcome("unsent", failure=failure)


def test_that_a_task_was_cancelled_is_no_reason() -> None:
    """A timeout on asyncio comes from there, with the address of an object for words."""
    error = httpx.ConnectTimeout("")
    error.__cause__ = TimeoutError()
    error.__cause__.__context__ = asyncio.CancelledError("Cancelled via cancel scope 7f944e8fb920")
    assert send("sync", Server(error, asks=False)) == Outcome("unsent", failure="ConnectTimeout")


def test_a_certificate_that_does_not_verify_is_final() -> None:
    """However deep it lies below the error that httpx raises."""
    error = httpx.ConnectError("[SSL]")
    error.__cause__ = OSError()
    error.__cause__.__context__ = ssl.SSLCertVerificationError()
    outcome = Outcome("unsent", failure="ConnectError: [SSL]", final="the certificate does not verify")
    assert send("sync", Server(error, asks=False)) == outcome


def test_what_httpx_refuses_is_named_by_its_kind_alone() -> None:
    """Its text may quote a header, and with it a secret."""
    with pytest.raises(ConfigurationError) as caught:
        send("sync", Server(httpx.LocalProtocolError("Illegal header value b'App secret'"), asks=False))
    assert str(caught.value).startswith("httpx does not send this: LocalProtocolError.")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("took", [3.9, 4.0])
def test_the_deadline_of_an_attempt(took: float, clock: Clock) -> None:
    """An answer that comes at it or later is cut, and so is none that came before it."""

    class Slow(Body):
        def __iter__(self) -> Iterator[bytes]:
            clock.now += took
            yield b"{"
            yield b"}"

    answer = httpx.Response(200, stream=Slow([]))
    late = "the attempt took longer than the deadline, 4 seconds"
    expected = Outcome("cut", 200, {}, b"{", f"the answer was cut: {late}", late)
    if took < 4.0:
        expected = Outcome("answered", 200, {}, b"{}")
    assert send("sync", Server(answer), options={"deadline": 4.0}) == expected


@pytest.mark.parametrize("took", [3.9, 4.0])
def test_a_failure_at_the_deadline_is_the_deadlines(took: float, clock: Clock) -> None:
    """Another attempt would run into it, too, so that none follows."""

    class Slow(Server):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            clock.now += took
            return super().handle_request(request)

    late = "the attempt took longer than the deadline, 4 seconds"
    expected = Outcome("lost", failure=f"no answer: {late}", final=late)
    if took < 4.0:
        expected = Outcome("lost", failure="no answer: ReadTimeout: slow")
    assert send("sync", Slow(httpx.ReadTimeout("slow")), options={"deadline": 4.0}) == expected


@pytest.mark.parametrize("kind", BOTH)
def test_an_answer_that_a_hook_has_read(kind: str) -> None:
    """Its Content-Encoding is undone, and no longer told."""
    packed = gzip.compress(b"no")
    answer = httpx.Response(403, content=packed, headers={"X-One": "1", "Content-Encoding": "gzip"})
    outcome = send(kind, Server(answer))
    assert outcome == Outcome("answered", 403, {"x-one": "1", "content-length": str(len(packed))}, b"no")


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("about", [httpx.Request("POST", "http://log.example/"), None])
def test_a_status_of_another_request_is_no_verdict(kind: str, about: httpx.Request | None) -> None:
    """A hook sends what it has seen elsewhere, and is refused there: the launch may have been
    accepted all the same.
    """
    refused: Any = httpx.HTTPStatusError("403 Forbidden", request=about, response=httpx.Response(403))  # type: ignore[arg-type]

    def tell(_: httpx.Response) -> None:
        raise refused

    async def tell_async(_: httpx.Response) -> None:
        raise refused

    hooks = {"response": [tell if kind == "sync" else tell_async]}
    outcome = send(kind, Server(httpx.Response(200, content=b"{}")), event_hooks=hooks)
    assert outcome == Outcome("lost", failure="no answer: HTTPStatusError: 403 Forbidden")


def test_a_process_makes_its_connections_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the first attempt, for all that follow."""
    made: list[object] = []

    class Counted(_pools.Pool):
        def __init__(self, settings: Any) -> None:
            made.append(settings)
            super().__init__(settings)

    monkeypatch.setattr(_pools, "Pool", Counted)
    transport = Transport(NOBODY, "App k", {}, None)
    assert made == []
    assert [transport.send(LAUNCH).phase for _ in range(2)] == ["unsent", "unsent"]
    assert len(made) == 1


@pytest.mark.parametrize("kind", BOTH)
def test_what_a_pool_of_ours_is_given(kind: str) -> None:
    """The same as an injected client, in httpcore's form: also the timeouts of every step."""
    given: list[httpcore.Request] = []

    class Nobody:
        def handle_request(self, request: httpcore.Request) -> httpcore.Response:
            given.append(request)
            raise httpcore.ReadError("nobody")

        async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
            return self.handle_request(request)

    async def scenario() -> Outcome:
        address = ("http://host:8080/to", "base_url")
        if kind == "sync":
            own = _pools.Pool({"proxy": None})
            own._pool = Nobody()  # type: ignore[assignment]
            transport = Transport(address, "App k", {"timeout": 5.0, "deadline": 9.0}, None)
            transport._own[os.getpid()] = own
            return transport.send(LAUNCH)
        theirs = _pools.AsyncPool({"proxy": None})
        theirs._pool = Nobody()  # type: ignore[assignment]
        asynchronous = AsyncTransport(address, "App k", {"timeout": 5.0, "deadline": 9.0}, None)
        asynchronous._own[os.getpid(), asyncio.get_running_loop()] = theirs, _transport._until_closed(theirs)
        return await asynchronous.send(LAUNCH)

    assert asyncio.run(scenario()) == Outcome("unsent", failure="ReadError: nobody")
    (request,) = given
    url = request.url
    assert (request.method, url.scheme, url.host, url.port) == (b"POST", b"http", b"host", 8080)
    assert url.target == b"/to/voice/ivr/1/messages"
    body = [(b"Accept", b"application/xml"), (b"Content-Type", b"application/xml"), (b"Content-Length", b"4")]
    assert request.headers == [(b"Host", b"host:8080"), *OURS[1:], *body]
    assert request.extensions == {"timeout": {"connect": 5.0, "read": 5.0, "write": 5.0, "pool": 5.0}}
    assert {seconds.ends for seconds in request.extensions["timeout"].values()} == {1009.0}


class Connection:
    """A connection of httpcore, as far as a pool looks at it."""

    def __init__(self, idle: bool = False, closed: bool = False) -> None:
        self.is_idle = lambda: idle
        self.is_closed = lambda: closed


def test_only_connections_that_nobody_has_give_up_their_place() -> None:
    """One that another request has, that waits for the next or is closed stays where it is."""
    taken, idle, closed = Connection(), Connection(idle=True), Connection(closed=True)
    nobodys, surplus = [Connection(), Connection()], Connection()

    class Places:
        _optional_thread_lock = nullcontext()
        _requests = (SimpleNamespace(connection=taken), SimpleNamespace(connection=None))

        def __init__(self, *connections: Connection) -> None:
            self._connections = [*connections]
            self.assigned = 0

        def _assign_requests_to_connections(self) -> list[Connection]:
            self.assigned += 1
            return [surplus]

    pool = Places(taken, nobodys[0], idle, closed, nobodys[1])
    assert _pools._ownerless(pool) == [*nobodys, surplus]
    assert (pool._connections, pool.assigned) == ([taken, idle, closed], 1)
    assert _pools._ownerless(pool) == []
    assert (pool._connections, pool.assigned) == ([taken, idle, closed], 1)


def test_another_httpcore_has_other_private_names() -> None:
    """A call goes on as if nothing were left."""
    assert _pools._ownerless(object()) == []
    _pools.end_with(object())


def test_nothing_is_awaited_for_an_event_loop_that_has_gone() -> None:
    """Its coroutines are closed; what was open ends with them."""

    class Gone:
        async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
            request.extensions["timeout"]["connect"].opened = self
            raise GeneratorExit

    pool = _pools.AsyncPool({"proxy": None})
    pool._pool = Gone()  # type: ignore[assignment]
    settings = ConnectionSettings(HOST, "App k", {}, None)
    transfer = settings.transfer(LAUNCH)
    with pytest.raises(GeneratorExit):
        pool.carry_out(*settings.for_pool(transfer), transfer).send(None)
