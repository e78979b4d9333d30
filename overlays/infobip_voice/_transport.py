"""The only module that knows httpx. It makes an `Outcome` of a `Request`, and keeps every byte.

Requests go straight to httpx's transports: no redirects, cookies, authentication flow or retries of
its own, and two thirds of the CPU of `httpx.Client.post`. What the client would have done is done
here: proxies from the environment, timeouts and headers.

Connections belong to the process that made them, and with asyncio to the event loop: after a fork
two processes would read each other's answers from one socket, and on another loop an answer is
lost. Those of another process are left alone and not closed, since closing can speak on a socket
that the other process still uses.
"""

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from functools import lru_cache, partial
from os import environ, getpid
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

import httpx

from infobip_voice._drivers import running_loop
from infobip_voice._messages import Outcome, Request
from infobip_voice._network import BoundedBackend, Seconds
from infobip_voice._settings import proxy_address
from infobip_voice._version import __version__
from infobip_voice.errors import ConfigurationError

if TYPE_CHECKING:
    import asyncio

__all__ = ["AsyncTransport", "Transport"]

_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_CALLERS_FAULT: Final = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)
_MAX_ANSWER: Final = 256 * 1024 * 1024
_MAX_CAUSES: Final = 10  # an exception may be its own cause
_AUTHORITIES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")  # httpx reads these instead of its bundle
_CLOSED: Final = "the client is closed"
_AS_IT_IS: Final[dict[str, Any]] = {"stream": True, "auth": None, "follow_redirects": False}

Injected = httpx.Client | httpx.AsyncClient
C = TypeVar("C", httpx.Client, httpx.AsyncClient)


class ConnectionSettings:
    """What both transports share: address, headers, bounds, and what connections are made with."""

    _connections: dict[str, Any]  # unless a client is injected
    _their_timeouts: dict[str, float | None]  # of an injected client

    def __init__(
        self, address: tuple[str, str], authorization: str, options: Mapping[str, Any], client: Injected | None
    ) -> None:
        self.base = address[0].rstrip("/")
        url = _base(*address)
        self.deadline: float = options.get("deadline", 600.0)
        self.max_answer_bytes: int = options.get("max_answer_bytes", _MAX_ANSWER)
        self.headers = [
            (b"Host", url.netloc),
            (b"User-Agent", f"infobip-voice-python/{__version__}".encode()),
            (b"Authorization", authorization.encode()),
            # Not compressed: of an answer that is cut, more can be read.
            (b"Accept-Encoding", b"identity"),
        ]
        self.injected = client is not None
        # An injected client keeps its own timeouts unless the caller names one.
        self._timeout: float | None = options.get("timeout", 30.0 if client is None else None)
        if client is None:
            self._connections = _connections(url, options)
            return
        ignored = [name for name in ("proxy", "verify", "max_connections") if options.get(name) is not None]
        if ignored:
            raise ConfigurationError(f"{', '.join(ignored)}: set that on the http_client")
        ours = {b"accept", b"content-type", b"content-length", *(name.lower() for name, _ in self.headers)}
        self.headers += [(name, value) for name, value in client.headers.raw if name.lower() not in ours]
        self._their_timeouts = client.timeout.as_dict()

    def connections(self) -> dict[str, Any]:
        """Return what both kinds of transports of httpx are made with.

        Raises:
            ConfigurationError: the authorities for TLS cannot be read.
        """
        if self._connections["verify"] is None:  # threads that ask at once may each read them
            self._connections["verify"] = _context(True)
        return self._connections

    def timeouts(self, ends: float) -> Mapping[str, float | None]:
        """Return the timeouts of an attempt that has to end at `ends`."""
        if self._timeout is None:
            return self._their_timeouts
        seconds = Seconds(min(self._timeout, self.deadline), ends)
        return {"connect": seconds, "read": seconds, "write": seconds, "pool": seconds}


class _OutOfBounds(Exception):
    """One of the client's own bounds ends an attempt."""


class _Transfer(httpx.SyncByteStream, httpx.AsyncByteStream):
    """One attempt: its request, as much of the answer as has arrived, and whether it was sent.

    httpcore asks for the body once the head has been written whole. Until then no server can act on
    the request, so a failure before that, also one on a kept-alive connection that the server had
    closed, is certainly "never sent".
    """

    def __init__(self, settings: ConnectionSettings, request: Request) -> None:
        media_type = request.media_type.encode()
        headers = [*settings.headers, (b"Accept", media_type)]
        if request.content:
            headers += [(b"Content-Type", media_type), (b"Content-Length", b"%d" % len(request.content))]
        url = _url(settings.base, request.path)
        self.ends = monotonic() + settings.deadline
        extensions = {"timeout": settings.timeouts(self.ends)}
        self.request = httpx.Request(request.method, url, headers=headers, stream=self, extensions=extensions)
        self._settings = settings
        self._content = request.content
        self._started = False
        self._answer: httpx.Response | None = None
        self._chunks: list[bytes] = []
        self._room = settings.max_answer_bytes

    def __iter__(self) -> Iterator[bytes]:
        self._started = True
        yield self._content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._started = True
        yield self._content

    def was_read(self, answer: httpx.Response) -> bool:
        """Take an answer; return whether something of an injected client has read its body already.

        Such a hook or mock has undone the Content-Encoding, too.
        """
        self._answer = answer
        if answer.is_stream_consumed:
            answer.headers.pop("content-encoding", None)
            self._chunks.append(answer.content)
        return answer.is_stream_consumed

    def take(self, chunk: bytes) -> None:
        """Take a piece of the body; raise when that makes it larger than it may be."""
        self._chunks.append(chunk)
        self._room -= len(chunk)
        if self._room < 0:
            raise _OutOfBounds(f"the answer is larger than max_answer_bytes, {self._settings.max_answer_bytes}")

    def answered(self, answer: httpx.Response) -> Outcome:
        """Return the whole answer."""
        return Outcome("answered", answer.status_code, _headers(answer), b"".join(self._chunks))

    def failed(self, error: Exception, late: bool) -> Outcome:
        """Return how far the attempt came that failed or took too long."""
        # One and the same reset shows as ReadError or as RemoteProtocolError, by race: both are
        # "sent, no verdict".
        what = f"{type(error).__name__}: {error}".removesuffix(": ")
        final = str(error) if isinstance(error, _OutOfBounds) else ""
        if late:
            final = f"the attempt took longer than the deadline, {self._settings.deadline:g} seconds"
        if isinstance(error, httpx.HTTPStatusError):  # a hook of an injected client has raised it
            self._answer = error.response
        if self._answer is not None:
            failure = f"the answer was cut: {final or what}"
            return self.answered(self._answer)._replace(phase="cut", failure=failure, final=final)
        if isinstance(error, _CALLERS_FAULT) and not self._started:
            # Its text may quote a header.
            raise ConfigurationError(f"httpx does not send this: {type(error).__name__}") from None
        # An injected client may repeat by itself: "no connection" after the body was asked for is
        # said of its last try, and an earlier one may have dialled.
        if not self._started and (isinstance(error, _NEVER_SENT) or not self._settings.injected):
            return Outcome("unsent", failure=what, final=_hopeless(error))
        return Outcome("lost", failure=f"no answer: {final or what}", final=final)


class Transport:
    """Send requests on threads, in each process over connections of its own."""

    def __init__(
        self, address: tuple[str, str], authorization: str, options: Mapping[str, Any], client: httpx.Client | None
    ) -> None:
        self._injected = _checked(client, httpx.Client)
        self._settings = ConnectionSettings(address, authorization, options, self._injected)
        self._process = getpid()
        self._own: dict[int, httpx.HTTPTransport] = {}
        self._closed = False

    def send(self, request: Request) -> Outcome:
        """Make one attempt and return what it brought, whatever happens on the way.

        Raises:
            ConfigurationError: it cannot be made from here, and nothing was sent.
        """
        handle = self._handle()
        transfer = _Transfer(self._settings, request)
        try:
            answer = handle(transfer.request)
            if not transfer.was_read(answer):
                try:
                    for chunk in answer.iter_raw():
                        transfer.take(chunk)
                        if self._injected is not None and monotonic() >= transfer.ends:
                            raise TimeoutError
                finally:
                    answer.close()
        except Exception as error:
            return transfer.failed(error, monotonic() >= transfer.ends)
        return transfer.answered(answer)

    def _handle(self) -> Callable[[httpx.Request], httpx.Response]:
        process = getpid()
        own = self._own.get(process)
        if own is None:
            if self._closed:
                raise ConfigurationError(_CLOSED)
            if self._injected is not None:
                return partial(_usable(self._injected, process == self._process).send, **_AS_IT_IS)
            # No lock: another thread could hold it at the moment of a fork, and the child would
            # wait for ever.
            own = self._own.setdefault(process, _bounded(self._settings.connections()))
        return own.handle_request

    def close(self) -> None:
        """Close the connections of this process, and send nothing more.

        An injected client is its owner's to close.
        """
        self._closed = True
        own = self._own.pop(getpid(), None)
        if own is not None:
            own.close()


Home = tuple[int, "asyncio.AbstractEventLoop"]
"""A process and an event loop. The loop itself: an id is given away again."""


class AsyncTransport:
    """Send requests on event loops of asyncio, on each over connections of its own."""

    def __init__(
        self, address: tuple[str, str], authorization: str, options: Mapping[str, Any], client: httpx.AsyncClient | None
    ) -> None:
        self._injected = _checked(client, httpx.AsyncClient)
        self._settings = ConnectionSettings(address, authorization, options, self._injected)
        self._first_home: dict[None, Home] = {}
        self._own: dict[Home, tuple[httpx.AsyncHTTPTransport, AsyncGenerator[None]]] = {}
        self._closed = False

    async def send(self, request: Request) -> Outcome:
        """Make one attempt and return what it brought, whatever happens on the way.

        Raises:
            ConfigurationError: it cannot be made from here, and nothing was sent.
        """
        import asyncio  # a sixth of the import of httpx, and threads do not need it

        here = getpid(), asyncio.get_running_loop()
        own = self._own.get(here)
        handle = await self._handle(here) if own is None or self._closed else own[0].handle_async_request
        transfer = _Transfer(self._settings, request)
        deadline = asyncio.timeout(self._settings.deadline)
        try:
            async with deadline:
                answer = await handle(transfer.request)
                if not transfer.was_read(answer):
                    try:
                        async for chunk in answer.aiter_raw():
                            transfer.take(chunk)
                    finally:
                        await answer.aclose()
        except Exception as error:
            return transfer.failed(error, deadline.expired())
        return transfer.answered(answer)

    async def _handle(self, here: Home) -> Callable[[httpx.Request], Awaitable[httpx.Response]]:
        if self._closed:
            raise ConfigurationError(_CLOSED)
        if self._injected is not None:
            at_home = self._first_home.setdefault(None, here) == here
            return partial(_usable(self._injected, at_home).send, **_AS_IT_IS)
        for home in list(self._own):
            if home[0] == here[0] and home[1].is_closed():
                self._own.pop(home, None)
        transport = httpx.AsyncHTTPTransport(**self._settings.connections())
        until_closed = _until_closed(transport)
        await anext(until_closed)
        self._own[here] = transport, until_closed
        return transport.handle_async_request

    async def close(self) -> None:
        """Close the connections of this event loop, and send nothing more.

        An injected client is its owner's to close.
        """
        self._closed = True
        own = self._own.pop((getpid(), running_loop()), None)
        if own is not None:
            await own[1].aclose()


async def _until_closed(transport: httpx.AsyncHTTPTransport) -> AsyncGenerator[None]:
    """Close a transport when this generator is closed: by us, or by asyncio when a loop ends."""
    try:
        yield
    finally:
        await transport.aclose()


def _checked(client: C | None, kind: type[C]) -> C | None:
    if client is not None and not isinstance(client, kind):  # pyright: ignore[reportUnnecessaryIsInstance]
        given = f"{type(client).__module__}.{type(client).__qualname__}"
        raise ConfigurationError(f"http_client has to be an httpx.{kind.__name__}, and this is a {given}")
    return client


def _usable(client: C, at_home: bool) -> C:
    if client.is_closed:
        raise ConfigurationError("the http_client is closed")
    if not at_home:
        raise ConfigurationError(
            "the http_client belongs to another process or event loop: make both clients anew here"
        )
    return client


@lru_cache(32)  # without it, a tenth of a call is spent on reading the same few addresses again
def _url(base: str, path: str) -> httpx.URL:
    try:
        return httpx.URL(base + path)
    except httpx.InvalidURL:
        raise ConfigurationError("base_url and what is asked for are no URL together") from None


def _base(base_url: str, source: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
        host = url.host
    except (httpx.InvalidURL, ValueError):  # the latter for a host that is no name in IDNA
        raise ConfigurationError(f"{source} is not a URL") from None
    # A mark without a query behind it, too: the path of every request would be one.
    if url.scheme not in ("http", "https") or not host or url.userinfo or "?" in base_url or "#" in base_url:
        raise ConfigurationError(f"{source} has to be http(s)://host[:port][/path], without credentials or a query")
    return url


def _connections(url: httpx.URL, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what connections are made with, or refuse a setting.

    `verify` is None where the usual authorities are to be read, which takes 20 ms and waits for the
    first connection.
    """
    address, source = proxy_address(options, url.scheme, url.netloc.decode("ascii"))
    no_authorities = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    proxy = None
    if address:
        try:
            proxy = httpx.Proxy(address)
            if not proxy.url.host:
                raise ValueError
            httpx.HTTPTransport(proxy=proxy, verify=no_authorities)
        except (ValueError, httpx.InvalidURL):
            raise ConfigurationError(f"{source} has to be the URL of an http, https or socks5 proxy") from None
        except ImportError:
            raise ConfigurationError(f"{source} is one for SOCKS, which needs the package socksio") from None
    verify: Any = options.get("verify", True)
    if "https" not in (url.scheme, proxy and proxy.url.scheme):
        verify = no_authorities
    elif verify is True and proxy is None:
        _look_for_authorities()
        verify = None
    else:
        verify = _context(verify)
    if proxy is not None and proxy.url.scheme == "https":
        proxy.ssl_context = verify
    limits = httpx.Limits(max_connections=options.get("max_connections", 20))
    return {"verify": verify, "proxy": proxy, "limits": limits}


def _look_for_authorities() -> None:
    """Refuse to go on without those that the environment names, while the client is being made."""
    try:
        for named in filter(None, map(environ.get, _AUTHORITIES)):
            Path(named).stat()
    except OSError as error:
        raise ConfigurationError(f"the authorities for TLS cannot be read: {error}") from None


def _context(verify: ssl.SSLContext | bool) -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context(verify=verify)
    except OSError as error:
        raise ConfigurationError(f"the authorities for TLS cannot be read: {error}") from None


def _bounded(connections: Mapping[str, Any]) -> httpx.HTTPTransport:
    transport = httpx.HTTPTransport(**connections)
    pool: Any = transport._pool  # pyright: ignore[reportPrivateUsage]  # httpx has no argument for it
    pool._network_backend = BoundedBackend(pool._network_backend)
    return transport


def _headers(answer: httpx.Response) -> dict[str, str]:
    """Return the headers, one that comes several times as a list (RFC 9110, section 5.3)."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in answer.headers.raw:
        name, value = raw_name.lower().decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _hopeless(error: Exception) -> str:
    """Return why no later attempt can connect either, if that is so."""
    if isinstance(error, httpx.ProxyError) and str(error).startswith("407"):
        return "the proxy wants other credentials"  # some lock an account after a few attempts
    cause: BaseException | None = error
    for _ in range(_MAX_CAUSES):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "the certificate does not verify"
        cause = cause and (cause.__cause__ or cause.__context__)
    return ""
