"""The edge of the SDK: credentials, connections, proxies, injected clients."""

import asyncio
import base64
import gzip
import logging
import ssl
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from infobip_voice import (
    AsyncVoiceClient,
    Attempt,
    ConfigurationError,
    LaunchUncertain,
    NotSent,
    ReportsUncertain,
    Throttled,
    Unauthorized,
    VoiceClient,
    __version__,
)
from infobip_voice._settings import proxy_address
from sdk.clients import BOTH, Body, Clock, client, settings, settle
from sdk.lossy_server import LossyServer, answer, lossy_server

ENVIRONMENT = ("INFOBIP_BASE_URL", "INFOBIP_USERNAME", "INFOBIP_PASSWORD", "INFOBIP_API_KEY")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*ENVIRONMENT, *PROXIES):
        monkeypatch.delenv(name, raising=False)


def authorization(**options: Any) -> str:
    """Return the header that a client with these settings sends."""
    with lossy_server() as server, VoiceClient(base_url=server.url, **options) as voice:
        voice.reports.fetch()
        return server.seen[0].headers["authorization"]


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


def test_credentials() -> None:
    """Basic is sent in UTF-8, a password may contain a colon, and a key wins over a username."""
    assert authorization(username="Aladdin", password="open sesame") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    assert authorization(username="Jürgen", password="a:b€") == basic("Jürgen:a:b€")
    assert authorization(username="u", password="") == basic("u:")
    assert authorization(username="u", password="p", api_key="key-1") == "App key-1"


def test_credentials_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are the fallback; if a username is given, no key of the environment is sent."""
    monkeypatch.setenv("INFOBIP_USERNAME", "u")
    monkeypatch.setenv("INFOBIP_PASSWORD", "p")
    assert authorization() == basic("u:p")
    assert authorization(username="v") == basic("v:p")
    monkeypatch.setenv("INFOBIP_API_KEY", "key-2")
    assert authorization() == "App key-2"
    assert authorization(username="v", password="q") == basic("v:q")
    assert authorization(api_key="key-1") == "App key-1"
    with lossy_server() as server:
        monkeypatch.setenv("INFOBIP_BASE_URL", server.url)
        with VoiceClient() as voice:
            voice.reports.fetch()
        assert len(server.seen) == 1


def test_a_client_does_not_print_its_secrets() -> None:
    """Its repr has only the address and the form."""
    with VoiceClient(base_url="http://host/", api_key="secret") as voice:
        assert repr(voice) == "VoiceClient(base_url='http://host', wire_format='json')"
    voice = AsyncVoiceClient(base_url="http://host", api_key="secret", wire_format="xml")
    assert repr(voice) == "AsyncVoiceClient(base_url='http://host', wire_format='xml')"


@pytest.mark.parametrize("kind", BOTH)
def test_a_connection_that_the_server_closed_between_requests(kind: str) -> None:
    """The next request opens a new one: one request for each launch, and no false alarm."""

    async def scenario(server: LossyServer) -> None:
        async with client(kind, server.url) as voice:
            for _ in range(3):
                await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))
                while server.open_connections:  # the server closes the connection after it has answered
                    await asyncio.sleep(0.001)

    body = b'{"messages": [{"to": "1", "messageId": "m", "status": {"groupId": 1, "groupName": "g", "id": 1, "name": "n",' \
           b'"description": "d"}}]}'  # fmt: skip
    keep_alive = answer(body).replace(b"Connection: close\r\n", b"")
    with lossy_server() as server:
        server.script.extend([keep_alive] * 3)  # the server closes the connection after a raw answer
        asyncio.run(scenario(server))
        assert len(server.seen) == server.connections == 3


@pytest.mark.parametrize("kind", BOTH)
def test_a_head_that_could_not_be_written_was_not_sent(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No server can act on half a head, so the launch is sent again."""
    import httpcore

    failures = iter([True, False])

    def failing(real: Any, is_async: bool) -> Any:
        def fail(*arguments: Any, **named: Any) -> Any:
            if next(failures, False):
                raise httpcore.WriteTimeout("slow")
            return real(*arguments, **named)

        async def fail_async(*arguments: Any, **named: Any) -> Any:
            if next(failures, False):
                raise httpcore.WriteTimeout("slow")
            return await real(*arguments, **named)

        return fail_async if is_async else fail

    async def scenario(url: str) -> Any:
        async with client(kind, url) as voice:
            return await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))

    target = httpcore._async.http11.AsyncHTTP11Connection if kind == "async" else httpcore._sync.http11.HTTP11Connection
    monkeypatch.setattr(target, "_send_request_headers", failing(target._send_request_headers, kind == "async"))
    with lossy_server() as server:
        launch = asyncio.run(scenario(server.url))
        assert len(server.launched) == len(launch.messages) == 1


@pytest.mark.parametrize("failure", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError])
def test_what_an_injected_client_repeats_by_itself_is_uncertain(failure: type[httpx.TransportError]) -> None:
    """It sent the launch, lost the answer, then found no connection: not "never sent"."""
    sent: list[bytes] = []

    class Repeating(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.SyncByteStream)
            sent.append(b"".join(request.stream))
            raise failure("on the second try")

    with VoiceClient(**settings("http://host"), http_client=httpx.Client(transport=Repeating())) as voice:
        with pytest.raises(LaunchUncertain):
            voice.ivr.launch(scenario_id="s", to="41793026727")
        assert len(sent) == 1


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
def test_a_proxy_of_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is used, with or without a scheme, unless the server is on this machine."""
    with lossy_server() as proxy, lossy_server() as server:
        monkeypatch.setenv(name, f"127.0.0.1:{proxy.port}")
        with VoiceClient(**settings("http://voice.example")) as voice:
            voice.ivr.launch(scenario_id="s", to="41793026727")
        assert proxy.seen[0].target == "http://voice.example/voice/ivr/1/messages"
        assert proxy.seen[0].headers["host"] == "voice.example"
        with VoiceClient(**settings(server.url)) as voice:
            voice.ivr.launch(scenario_id="s", to="41793026727")
        assert len(server.seen) == 1
        with VoiceClient(**settings(server.url, proxy=proxy.url)) as voice:
            voice.ivr.launch(scenario_id="s", to="41793026727")
        assert len(proxy.seen) == 2


@pytest.mark.parametrize(
    ("authority", "proxied"),
    [
        ("voice.example", True),
        ("inside.example", False),
        ("deep.inside.example:8080", False),
        ("localhost", False),
        ("localhost:8080", False),
        ("127.0.0.1:8080", False),
        ("[::1]", False),
        ("[::1]:8080", False),
        ("192.0.2.1:8080", True),
        ("localhost.example", True),
    ],
)
def test_which_servers_are_behind_the_proxy(authority: str, proxied: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """All but those that NO_PROXY names and those on this machine, whether or not it names them."""
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    assert proxy_address({}, "http", authority)[0] == ("http://proxy.example" if proxied else None)


@pytest.mark.parametrize("kind", BOTH)
def test_an_injected_client(kind: str) -> None:
    """Its headers are sent, ours win; its redirects, auth and query are not used; it stays open."""
    owned: Any = {
        "headers": {"X-Team": "voïce".encode(), "User-Agent": "theirs", "Authorization": "Bearer theirs"},
        "params": {"limit": "9999"},
        "auth": ("them", "theirs"),
        "follow_redirects": True,
        "trust_env": False,
    }

    async def scenario(url: str) -> None:
        injected: Any = httpx.Client(**owned) if kind == "sync" else httpx.AsyncClient(**owned)
        async with client(kind, url, http_client=injected) as voice:
            await settle(voice.reports.fetch(limit=2))
        assert not injected.is_closed
        await settle(injected.aclose() if kind == "async" else injected.close())

    with lossy_server() as server:
        asyncio.run(scenario(server.url))
        (request,) = server.seen
    assert request.target == "/tts/3/reports?limit=2"
    assert request.headers["x-team"].encode("latin-1").decode() == "voïce"
    assert request.headers["user-agent"] == f"infobip-voice-python/{__version__}"
    assert request.headers["authorization"] == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


@pytest.mark.parametrize("option", [{"proxy": "http://proxy"}, {"verify": False}, {"max_connections": 1}])
def test_settings_that_an_injected_client_would_ignore(option: dict[str, Any]) -> None:
    """They are refused: it is worse to leave a proxy or a certificate out in silence."""
    http_client = httpx.Client()
    with pytest.raises(ConfigurationError, match=f"{next(iter(option))}: set that on the http_client"):
        VoiceClient(http_client=http_client, **settings("http://host", **option))
    VoiceClient(http_client=http_client, **settings("http://host", proxy=None))


@pytest.mark.parametrize(
    ("options", "loads"),
    [
        ({"base_url": "http://host"}, 0),
        ({"base_url": "http://host", "proxy": "http://proxy"}, 0),
        ({"base_url": "http://host", "proxy": "https://proxy"}, 1),
        ({"base_url": "https://host"}, 1),
        ({"base_url": "https://host", "proxy": "https://proxy"}, 1),
        ({"base_url": "https://host", "verify": False}, 0),
        ({"base_url": "https://host", "verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}, 0),
        ({"base_url": "https://host", "http_client": httpx.Client(transport=httpx.MockTransport(print))}, 0),
    ],
)
def test_authorities_are_read_where_tls_is_spoken(options: Any, loads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client reads them once for all its connections, and not at all for http://."""
    read: list[object] = []
    real = ssl.SSLContext.load_verify_locations
    monkeypatch.setattr(
        ssl.SSLContext, "load_verify_locations", lambda *given, **named: (read.append(1), real(*given, **named))
    )
    voice = VoiceClient(**{**settings("http://host"), **options})
    if "http_client" not in options:
        for _ in range(2):
            voice._transport._settings.pool()
    assert len(read) == loads


def test_a_proxy_over_tls_is_verified_as_the_caller_says() -> None:
    """One context for the server and for an https:// proxy."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    options = settings("http://host", proxy="https://proxy", verify=context)
    assert VoiceClient(**options)._transport._settings.pool()["proxy"].ssl_context is context


def test_headers_that_come_twice_are_one_list() -> None:
    """Two encodings were applied in turn; two wishes to wait are none that can be read."""
    packed = gzip.compress(gzip.compress(b'{"results": []}'))
    clock = Clock()
    with lossy_server() as server, VoiceClient(sleep=clock.sleep, **settings(server.url, clock=clock)) as voice:
        server.script.append(
            answer(packed, "application/json", 200, "Content-Encoding: gzip", "Content-Encoding: gzip")
        )
        assert voice.reports.fetch() == []
        server.script.append(answer(b"", "text/plain", 429, "Retry-After: 5", "Retry-After: 60"))
        with pytest.raises(Throttled) as caught:
            voice.reports.fetch()
    assert caught.value.retry_after is None
    assert caught.value.headers["retry-after"] == "5, 60"
    assert clock.slept == []


def test_what_makes_no_url_is_refused() -> None:
    """Before anything is sent."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        with pytest.raises(ConfigurationError, match=r"^base_url and what is asked for are no URL together"):
            voice.reports.fetch(message_id="a" * 100_000)
        assert server.connections == 0


@pytest.mark.parametrize("kind", BOTH)
def test_a_wait_that_the_budget_does_not_have(kind: str) -> None:
    """It is not cut short: the error says how long the server wants to be left alone."""

    async def scenario(server: LossyServer) -> tuple[Throttled, ReportsUncertain]:
        async with client(kind, server.url) as voice:
            server.script.append(answer(b"", "text/plain", 429, "Retry-After: 45"))
            with pytest.raises(Throttled, match="the server asks to wait 45 seconds") as throttled:
                await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))
            server.script.append(answer(b"", "text/plain", 503, "Retry-After: 90"))
            with pytest.raises(ReportsUncertain) as lost:
                await settle(voice.reports.fetch())
            return throttled.value, lost.value

    with lossy_server() as server:
        throttled, lost = asyncio.run(scenario(server))
        assert len(server.seen) == 2
    assert (throttled.retry_after, lost.retry_after) == (45.0, 90.0)


def injected(handler: Any, **more: Any) -> VoiceClient:
    http_client = httpx.Client(transport=httpx.MockTransport(handler), **more)
    options = settings("http://host")
    del options["timeout"]
    return VoiceClient(http_client=http_client, sleep=Clock().sleep, **options)


def _because(error: Exception, cause: Exception | None) -> Exception:
    """Give an error a cause; without one, itself, as some code does."""
    error.__cause__ = cause or error
    return error


@pytest.mark.parametrize(
    ("failure", "expected", "attempts"),
    [
        (httpx.ConnectError("refused"), NotSent, 3),
        (httpx.ConnectTimeout("slow"), NotSent, 3),
        (httpx.PoolTimeout("busy"), NotSent, 3),
        (httpx.ProxyError("503 Service Unavailable"), NotSent, 3),
        (httpx.ProxyError("407 Proxy Authentication Required"), NotSent, 1),
        (_because(httpx.ConnectError("certificate"), ssl.SSLCertVerificationError("self-signed")), NotSent, 1),
        (_because(httpx.ConnectError("refused"), None), NotSent, 3),
        (httpx.ReadError("reset"), LaunchUncertain, 1),
        (httpx.WriteError("reset"), LaunchUncertain, 1),
        (httpx.WriteTimeout("slow"), LaunchUncertain, 1),
        (httpx.ReadTimeout("slow"), LaunchUncertain, 1),
        (httpx.RemoteProtocolError("reset"), LaunchUncertain, 1),
        (RuntimeError("a fault in somebody's transport"), LaunchUncertain, 1),
        (httpx.UnsupportedProtocol("gopher"), ConfigurationError, 1),
        (httpx.LocalProtocolError("Illegal header value b'secret'"), ConfigurationError, 1),
    ],
)
def test_failures_of_an_injected_client(failure: Exception, expected: Any, attempts: int) -> None:
    """Only what certainly was not sent is sent again; the error shows no header."""
    seen: list[httpx.Request] = []

    class Failing(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(request)
            raise failure

    voice = VoiceClient(
        http_client=httpx.Client(transport=Failing()), sleep=Clock().sleep, **settings("http://host")
    )  # fmt: skip
    with pytest.raises(expected) as caught:
        voice.ivr.launch(scenario_id="s", to="41793026727")
    assert len(seen) == attempts
    assert "secret" not in str(caught.value)
    assert len({request.headers["content-length"] for request in seen}) == 1


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    "failure",
    [
        httpx.ReadError("reset"),
        httpx.WriteTimeout("slow"),
        httpx.LocalProtocolError("Too little data for declared Content-Length"),
        httpx.UnsupportedProtocol("gopher"),
        RuntimeError("a fault in somebody's transport"),
    ],
)
def test_once_the_body_was_asked_for_a_failure_is_no_verdict(kind: str, failure: Exception) -> None:
    """The calls may be made, whatever the failure is called: uncertain, and not sent again."""
    asked = []

    class Failing(httpx.BaseTransport, httpx.AsyncBaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(request.read())
            raise failure

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(await request.aread())
            raise failure

    async def scenario() -> None:
        kinds: dict[str, Any] = {"sync": httpx.Client, "async": httpx.AsyncClient}
        async with client(kind, "http://host", http_client=kinds[kind](transport=Failing())) as voice:
            await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))

    with pytest.raises(LaunchUncertain):
        asyncio.run(scenario())
    assert len(asked) == 1


def launched_with_a_hook(kind: str, answer: httpx.Response, hook: Callable[[httpx.Response], Any]) -> None:
    """Launch through a client whose hook gets the answer; an asynchronous one is awaited."""

    async def scenario() -> None:
        transport, hooks = httpx.MockTransport(lambda _: answer), {"response": [hook]}
        http_client: Any = (
            httpx.Client(transport=transport, event_hooks=hooks)
            if kind == "sync"
            else httpx.AsyncClient(transport=transport, event_hooks=hooks)
        )
        async with client(kind, "http://host", http_client=http_client) as voice:
            await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))

    asyncio.run(scenario())


@pytest.mark.parametrize("reads", [False, True])
@pytest.mark.parametrize("kind", BOTH)
def test_a_hook_of_an_injected_client_that_raises_for_status(kind: str, reads: bool) -> None:
    """The status has arrived, so it gives the verdict; what the hook has read is kept."""
    body = b'{"requestError": {"serviceException": {"messageId": "UNAUTHORIZED", "text": "no"}}}'

    def raise_for_status(response: httpx.Response) -> None:
        if reads:
            response.read()
        response.raise_for_status()

    async def raise_for_status_async(response: httpx.Response) -> None:
        if reads:
            await response.aread()
        response.raise_for_status()

    hook = raise_for_status if kind == "sync" else raise_for_status_async
    with pytest.raises(Unauthorized) as caught:
        launched_with_a_hook(kind, httpx.Response(401, stream=Body([body])), hook)
    assert caught.value.body == (body if reads else b"")
    assert caught.value.code == ("UNAUTHORIZED" if reads else "")


@pytest.mark.parametrize("kind", BOTH)
def test_a_hook_of_an_injected_client_that_throws_the_body_away(kind: str) -> None:
    """An accepted launch whose answer nobody has: uncertain, and with its status."""

    def discard(response: httpx.Response) -> None:
        for _ in response.iter_raw():
            pass

    async def discard_async(response: httpx.Response) -> None:
        async for _ in response.aiter_raw():
            pass

    with pytest.raises(LaunchUncertain) as caught:
        launched_with_a_hook(
            kind, httpx.Response(200, stream=Body([b"{}"])), discard if kind == "sync" else discard_async
        )
    assert caught.value.status == 200


@pytest.mark.parametrize("kind", BOTH)
def test_an_answer_that_was_read_already(kind: str) -> None:
    """A mock or a hook has read it, and undone its Content-Encoding."""
    packed = httpx.Response(200, content=gzip.compress(b'{"results": []}'), headers={"Content-Encoding": "gzip"})
    transport = httpx.MockTransport(lambda _: packed)

    async def scenario() -> Any:
        http_client: Any = (
            httpx.Client(transport=transport) if kind == "sync" else httpx.AsyncClient(transport=transport)
        )
        async with client(kind, "http://host", http_client=http_client) as voice:
            return await settle(voice.reports.fetch())

    assert asyncio.run(scenario()) == []


def test_an_injected_client_keeps_its_timeout() -> None:
    """The timeout changes only if the caller gives one."""
    seen: list[Any] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"]["read"])
        return httpx.Response(200, json={"results": []})

    injected(handler, timeout=77.0).reports.fetch()
    assert seen == [77.0]


def test_every_attempt_is_traced_and_a_faulty_hook_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    """Each attempt is one event with its verdict and its wait; an error in the hook is logged."""
    events: list[Attempt] = []

    def trace(attempt: Attempt) -> None:
        events.append(attempt)
        raise ZeroDivisionError

    with lossy_server() as server:
        server.script.append(answer(b"busy", "text/plain", 429, "Retry-After: 2"))
        with VoiceClient(sleep=Clock().sleep, **settings(server.url, trace=trace)) as voice:
            launch = voice.ivr.launch(scenario_id="s", to=["41793026727", "41793026731"])
            sent = len(server.seen[0].body)
    first, second = events
    assert first == Attempt("ivr.launch", 1, "throttled", 429, 0.0, sent, 4, launch.bulk_id, 2, 2.25)
    assert (second.number, second.verdict, second.wait) == (2, "answered", None)
    assert "the trace hook failed" in caplog.text


def test_the_log_shows_no_secret_and_no_number(caplog: pytest.LogCaptureFixture) -> None:
    """It shows a few headers by name, whole ids, masked numbers and no bodies."""
    caplog.set_level(logging.DEBUG, "infobip_voice")
    with lossy_server(reports=1) as server, VoiceClient(**settings(server.url)) as voice:
        voice.ivr.launch(scenario_id="s", to="41793026727", bulk_id="bulk-20261121")
        server.script.append(answer(b"41793026727", "text/41793026727", 403, "Set-Cookie: secret"))
        with pytest.raises(Exception, match="refused"):
            voice.reports.fetch(message_id="17380925828515475034410")
    assert caplog.messages[0].startswith("POST /voice/ivr/1/messages bulk=bulk-20261121 calls=1 attempt=1 answered")
    assert caplog.records[0].levelno == logging.DEBUG
    assert caplog.messages[1].startswith("GET /tts/3/reports?messageId=17380925828515475034410&limit=50 bulk=None")
    assert "'content-type': 'text/*********27'" in caplog.messages[1]
    assert caplog.records[1].levelno == logging.WARNING
    for secret in ("41793026727", "sesame", "Basic", "secret"):
        assert secret not in caplog.text


def test_one_client_for_many_threads() -> None:
    """Eight threads share a client: every launch goes out once, every report comes once."""
    taken: list[str | None] = []

    def work() -> None:
        for _ in range(5):
            voice.ivr.launch(scenario_id="s", to="41793026727")
            taken.extend(item.message_id for item in voice.reports.fetch(limit=3))  # type: ignore[union-attr]

    with lossy_server(reports=100) as server, VoiceClient(**settings(server.url)) as voice:
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.launched) == len(set(server.launched)) == 40
    assert sorted(taken, key=str) == sorted((f"report-{number}" for number in range(100)), key=str)


def test_one_client_for_many_tasks() -> None:
    """Twenty tasks at a time share a client: every launch goes out once."""

    async def scenario(url: str) -> None:
        async with client("async", url) as voice:
            await asyncio.gather(*(voice.ivr.launch(scenario_id="s", to="41793026727") for _ in range(20)))

    with lossy_server() as server:
        asyncio.run(scenario(server.url))
        assert len(server.launched) == len(set(server.launched)) == 20


NOT_ASKED_FOR = [b"\r\n", b"}", answer(b"{}", status=400), answer(b'{"results": []}'), b"HTTP/1.1 100 Continue\r\n\r\n"]


@pytest.mark.parametrize("more", NOT_ASKED_FOR)
@pytest.mark.parametrize("injected", [False, True])
@pytest.mark.parametrize("kind", BOTH)
def test_what_follows_an_answer_is_no_answer_to_the_next_request(kind: str, injected: bool, more: bytes) -> None:
    """That goes over another connection: an accepted launch does not look refused, and the answer
    to it is not taken for that to a third.
    """

    async def scenario(server: LossyServer) -> None:
        http_client: Any = (httpx.Client if kind == "sync" else httpx.AsyncClient)() if injected else None
        async with client(kind, server.url, http_client=http_client) as voice:
            assert len(await settle(voice.reports.fetch(limit=1))) == 1
            launched = await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))
            assert [call.message_id for call in launched.accepted] == server.launched
            assert len(await settle(voice.reports.fetch(limit=1))) == 1
        if injected:
            await settle(http_client.close() if kind == "sync" else http_client.aclose())

    with lossy_server(reports=2) as server:
        server.more = more
        server.script.append("more")
        asyncio.run(scenario(server))
        assert server.connections == 2


def test_a_request_that_is_cancelled_just_when_it_gets_a_connection() -> None:
    """The connection does not keep its place, which others wait for."""
    waiting: list[asyncio.Task[Any]] = []

    async def scenario(url: str) -> None:
        def cancel(_: Attempt) -> None:
            while waiting:
                waiting.pop().cancel()

        async with client("async", url, max_connections=1, timeout=2.0, trace=cancel) as voice:
            first, second = (asyncio.ensure_future(voice.reports.fetch()) for _ in range(2))
            waiting.append(second)
            outcomes = await asyncio.gather(first, second, return_exceptions=True)
            assert [type(outcome) for outcome in outcomes] == [list, asyncio.CancelledError]
            assert await voice.reports.fetch() == []

    with lossy_server() as server:
        server.script.append(answer(b'{"results": []}'))  # after which the connection is closed
        asyncio.run(scenario(server.url))
        assert len(server.seen) == 2


def test_ids_are_unlike_telephone_numbers() -> None:
    """An id is 128 bits in letters: it is unique, and a masked log line still shows it."""
    voice = VoiceClient(base_url="http://host", api_key="k")
    ids = {voice.ivr.prepare(scenario_id="s", to="41793026727").bulk_id for _ in range(100)}
    assert len(ids) == 100
    assert all(len(each) == 32 and each.isalpha() for each in ids)


def test_the_version_is_that_of_the_distribution() -> None:
    """The constant, which the User-Agent needs at no cost, and `pyproject.toml` say the same."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert __version__ == project["version"]
