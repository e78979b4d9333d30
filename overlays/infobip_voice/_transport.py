"""Makes an `Outcome` of a `Request`: over pools of our own, or through an injected client of httpx.
It is the only module that knows httpx.

Our own requests go straight to httpcore, which httpx is built on (`_pools`): no redirects, cookies,
authentication flow or retries of its own, and half the CPU of `httpx.Client.post`. What that client
would have done is done here: addresses, proxies from the environment, TLS, timeouts and headers.

Connections belong to the process that made them, and with asyncio to the event loop: after a fork
two processes would read each other's answers from one socket, and on another loop an answer is
lost. Those of another process are left alone and not closed, since closing can speak on a socket
that the other process still uses.
"""

import ssl
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterator,
    Mapping,
)
from contextlib import suppress
from functools import lru_cache, partial
from importlib.util import find_spec
from os import environ, getpid
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

import httpx

from infobip_voice._drivers import running_loop
from infobip_voice._messages import Outcome, Request
from infobip_voice._network import Seconds
from infobip_voice._settings import proxy_address
from infobip_voice._transfer import Headers, OutOfBounds, Transfer
from infobip_voice._version import __version__
from infobip_voice.errors import ConfigurationError

if TYPE_CHECKING:
    import asyncio

    from infobip_voice import _pools

__all__ = ["AsyncTransport", "Transport"]

_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_REFUSED: Final = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)
_MAX_ANSWER: Final = 256 * 1024 * 1024
_AUTHORITIES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")  # httpx reads these instead of its bundle
_CLOSED: Final = "the client is closed"
_AS_IT_IS: Final[dict[str, Any]] = {"stream": True, "auth": None, "follow_redirects": False}

Injected = httpx.Client | httpx.AsyncClient
C = TypeVar("C", httpx.Client, httpx.AsyncClient)


class ConnectionSettings:
    """What both transports share: address, headers, bounds, and what pools are made with."""

    _pool: dict[str, Any]  # unless a client is injected
    _their_timeouts: dict[str, float | None]  # of an injected client

    def __init__(
        self, address: tuple[str, str], authorization: str, options: Mapping[str, Any], client: Injected | None
    ) -> None:
        self._base = address[0].rstrip("/")
        url = _base(*address)
        self.deadline: float = options.get("deadline", 600.0)
        self.max_answer_bytes: int = options.get("max_answer_bytes", _MAX_ANSWER)
        self._headers = [
            (b"Host", url.netloc),
            (b"User-Agent", f"infobip-voice-python/{__version__}".encode()),
            (b"Authorization", authorization.encode()),
            # Not compressed: of an answer that is cut, more can be read.
            (b"Accept-Encoding", b"identity"),
        ]
        self._injected = client is not None
        # An injected client keeps its own timeouts unless the caller names one.
        self._timeout: float | None = options.get("timeout", 30.0 if client is None else None)
        if client is None:
            self._pool = _pool(url, options)
            return
        ignored = [name for name in ("proxy", "verify", "max_connections") if options.get(name) is not None]
        if ignored:
            raise ConfigurationError(f"{', '.join(ignored)}: set that on the http_client")
        ours = {b"accept", b"content-type", b"content-length", *(name.lower() for name, _ in self._headers)}
        self._headers += [(name, value) for name, value in client.headers.raw if name.lower() not in ours]
        self._their_timeouts = client.timeout.as_dict()

    def pool(self) -> dict[str, Any]:
        """Return what a pool is made with.

        Raises:
            ConfigurationError: the authorities for TLS cannot be read.
        """
        if self._pool["ssl_context"] is None:  # threads that ask at once may each read them
            self._pool["ssl_context"] = _context(True)
        return self._pool

    def transfer(self, request: Request) -> Transfer:
        """Begin an attempt."""
        return Transfer(request, monotonic() + self.deadline, self.max_answer_bytes)

    def for_pool(self, transfer: Transfer) -> "tuple[_pools.URL, Headers, dict[str, Any]]":
        """Return what a pool needs of an attempt."""
        return _address(self._base, transfer.request.path), *self._head(transfer)

    def for_client(self, transfer: Transfer) -> httpx.Request:
        """Return the request of an attempt, for an injected client."""
        method, path = transfer.request.method, transfer.request.path
        headers, extensions = self._head(transfer)
        return httpx.Request(
            method, _url(self._base, path), headers=headers, stream=_Body(transfer), extensions=extensions
        )

    def _head(self, transfer: Transfer) -> tuple[Headers, dict[str, Any]]:
        """Return the headers of an attempt, and its timeouts as both libraries know them."""
        request = transfer.request
        media_type = request.media_type.encode()
        headers = [*self._headers, (b"Accept", media_type)]
        if request.content:
            headers += [(b"Content-Type", media_type), (b"Content-Length", b"%d" % len(request.content))]
        return headers, {"timeout": self.timeouts(transfer.ends)}

    def timeouts(self, ends: float) -> Mapping[str, float | None]:
        """Return the timeouts of an attempt that has to end at `ends`."""
        if self._timeout is None:
            return self._their_timeouts
        seconds = Seconds(min(self._timeout, self.deadline), ends)
        return {"connect": seconds, "read": seconds, "write": seconds, "pool": seconds}

    def failed(self, transfer: Transfer, error: Exception, late: bool) -> Outcome:
        """Return how far an attempt came that failed or took too long.

        Raises:
            ConfigurationError: the request cannot be written, and was not sent.
        """
        final = str(error) if isinstance(error, OutOfBounds) else ""
        if late:
            final = f"the attempt took longer than the deadline, {self.deadline:g} seconds"
        # An injected client may repeat by itself: "no connection" after the body was asked for is
        # said of its last try, and an earlier one may have dialled.
        never_sent = not self._injected or isinstance(error, _NEVER_SENT)
        outcome = transfer.failed(error, final, never_sent)
        refusals: tuple[type[Exception], ...] = _REFUSED
        if not self._injected:
            from infobip_voice._pools import REFUSED

            refusals = REFUSED
        if isinstance(error, refusals) and outcome.status is None and not transfer.started:
            # Its text may quote a header.
            raise ConfigurationError(f"httpx does not send this: {type(error).__name__}") from None
        return outcome


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in the form that httpx knows: that of a transfer, or another one."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)


class _Ending(_Body):
    """The body of an answer from an injected client, after which its connection may have to end."""

    def close(self) -> None:
        self._end()
        self._stream.close()

    async def aclose(self) -> None:
        self._end()
        await self._stream.aclose()

    def _end(self) -> None:
        try:
            stream = self._stream._stream._httpcore_stream
        except AttributeError:  # another transport, or another httpx
            return
        from infobip_voice._pools import end_with

        end_with(stream)


class Transport:
    """Send requests on threads, in each process over connections of its own."""

    def __init__(
        self, address: tuple[str, str], authorization: str, options: Mapping[str, Any], client: httpx.Client | None
    ) -> None:
        self._injected = _checked(client, httpx.Client)
        self._settings = ConnectionSettings(address, authorization, options, self._injected)
        self._process = getpid()
        self._own: dict[int, _pools.Pool] = {}
        self._closed = False

    def send(self, request: Request) -> Outcome:
        """Make one attempt and return what it brought, whatever happens on the way.

        Raises:
            ConfigurationError: it cannot be made from here, and nothing was sent.
        """
        transfer = self._settings.transfer(request)
        carry_out = self._way(transfer)
        try:
            carry_out(transfer)
        except Exception as error:
            return self._settings.failed(transfer, error, monotonic() >= transfer.ends)
        return transfer.answered()

    def _way(self, transfer: Transfer) -> Callable[[Transfer], None]:
        """Return what carries an attempt out, once nothing speaks against it."""
        process = getpid()
        own = self._own.get(process)
        if own is None and self._closed:
            raise ConfigurationError(_CLOSED)
        if self._injected is not None:
            _look(self._injected, process == self._process)
            return partial(_through, self._injected, self._settings.for_client(transfer))
        if own is None:
            from infobip_voice._pools import Pool

            # No lock: another thread could hold it at the moment of a fork, and the child would
            # wait for ever.
            own = self._own.setdefault(process, Pool(self._settings.pool()))
        return partial(own.carry_out, *self._settings.for_pool(transfer))

    def close(self) -> None:
        """Close the connections of this process, and send nothing more.

        An injected client is its owner's to close.
        """
        self._closed = True
        own = self._own.pop(getpid(), None)
        if own is not None:
            own.close()


def _through(client: httpx.Client, request: httpx.Request, transfer: Transfer) -> None:
    try:
        answer = client.send(request, **_AS_IT_IS)
    except httpx.HTTPStatusError as error:  # a hook has raised it
        _take_from(error, request, transfer)
        raise
    if _read_before(answer, transfer):
        return
    answer.stream = _Ending(answer.stream)
    try:
        for chunk in answer.iter_raw():
            transfer.take(chunk)
            if monotonic() >= transfer.ends:
                raise TimeoutError
    finally:
        answer.close()


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
        self._own: dict[Home, tuple[_pools.AsyncPool, AsyncGenerator[None]]] = {}
        self._closed = False

    async def send(self, request: Request) -> Outcome:
        """Make one attempt and return what it brought, whatever happens on the way.

        Raises:
            ConfigurationError: it cannot be made from here, and nothing was sent.
        """
        import asyncio  # a sixth of the import of httpx, and threads do not need it

        transfer = self._settings.transfer(request)
        carry_out = await self._way((getpid(), asyncio.get_running_loop()), transfer)
        deadline = asyncio.timeout(self._settings.deadline)
        try:
            async with deadline:
                await carry_out(transfer)
        except Exception as error:
            return self._settings.failed(transfer, error, deadline.expired())
        return transfer.answered()

    async def _way(self, here: Home, transfer: Transfer) -> Callable[[Transfer], Awaitable[None]]:
        if self._closed:
            raise ConfigurationError(_CLOSED)
        if self._injected is not None:
            _look(self._injected, self._first_home.setdefault(None, here) == here)
            return partial(_through_async, self._injected, self._settings.for_client(transfer))
        own = self._own.get(here)
        pool = await self._pool(here) if own is None else own[0]
        return partial(pool.carry_out, *self._settings.for_pool(transfer))

    async def _pool(self, here: Home) -> "_pools.AsyncPool":
        from infobip_voice._pools import AsyncPool

        for home in list(self._own):
            if home[0] == here[0] and home[1].is_closed():
                self._own.pop(home, None)
        pool = AsyncPool(self._settings.pool())
        until_closed = _until_closed(pool)
        await anext(until_closed)
        self._own[here] = pool, until_closed
        return pool

    async def close(self) -> None:
        """Close the connections of this event loop, and send nothing more.

        An injected client is its owner's to close.
        """
        self._closed = True
        own = self._own.pop((getpid(), running_loop()), None)
        if own is not None:
            await own[1].aclose()


async def _until_closed(pool: "_pools.AsyncPool") -> AsyncGenerator[None]:
    """Close a pool when this generator is closed: by us, or by asyncio when a loop ends."""
    try:
        yield
    finally:
        await pool.aclose()


async def _through_async(client: httpx.AsyncClient, request: httpx.Request, transfer: Transfer) -> None:
    try:
        answer = await client.send(request, **_AS_IT_IS)
    except httpx.HTTPStatusError as error:  # a hook has raised it
        _take_from(error, request, transfer)
        raise
    if _read_before(answer, transfer):
        return
    answer.stream = _Ending(answer.stream)
    try:
        async for chunk in answer.aiter_raw():
            transfer.take(chunk)
    finally:
        await answer.aclose()


def _read_before(answer: httpx.Response, transfer: Transfer) -> bool:
    """Take the head of an answer from an injected client; return whether something of it, a hook or
    a mock, has read the body already.

    Such a body is taken whole, and without its Content-Encoding, which was undone.
    """
    transfer.answer(answer.status_code, answer.headers.raw)
    if answer.is_stream_consumed:
        headers = [(name, value) for name, value in answer.headers.raw if name.lower() != b"content-encoding"]
        transfer.answer(answer.status_code, headers, answer.content)
    return answer.is_stream_consumed


def _take_from(error: httpx.HTTPStatusError, request: httpx.Request, transfer: Transfer) -> None:
    """Take the answer that an error is about, if it is the one to our request.

    A hook may send requests of its own, and their status says nothing about ours.
    """
    with suppress(RuntimeError):  # made by hand, the error may have no request
        if error.request is request:
            _read_before(error.response, transfer)


def _checked(client: C | None, kind: type[C]) -> C | None:
    if client is not None and not isinstance(client, kind):  # pyright: ignore[reportUnnecessaryIsInstance]
        given = f"{type(client).__module__}.{type(client).__qualname__}"
        raise ConfigurationError(f"http_client has to be an httpx.{kind.__name__}, and this is a {given}")
    return client


def _look(client: Injected, at_home: bool) -> None:
    """Refuse an injected client that cannot be used here."""
    if client.is_closed:
        raise ConfigurationError("the http_client is closed")
    if not at_home:
        raise ConfigurationError(
            "the http_client belongs to another process or event loop: make both clients anew here"
        )


def _url(base: str, path: str) -> httpx.URL:
    try:
        return httpx.URL(base + path)
    except httpx.InvalidURL:
        raise ConfigurationError("base_url and what is asked for are no URL together") from None


@lru_cache(32)  # without it, a tenth of a call is spent on reading the same few addresses again
def _address(base: str, path: str) -> "_pools.URL":
    from infobip_voice._pools import address

    return address(_url(base, path))


def _base(base_url: str, source: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
        host = url.host
    except (httpx.InvalidURL, ValueError):  # the latter for a host that is no name in IDNA
        raise ConfigurationError(f"{source} is not a URL") from None
    # A mark without a query behind it, too: the path of every request would be one.
    right = url.scheme in ("http", "https") and host and _has_port(url)
    if not right or url.userinfo or "?" in base_url or "#" in base_url:
        raise ConfigurationError(f"{source} has to be http(s)://host[:port][/path], without credentials or a query")
    return url


def _has_port(url: httpx.URL) -> bool:
    """Return whether the port of a URL is one. Of 99999 the system takes what fits into 16 bits."""
    return url.port is None or 0 < url.port < 1 << 16


def _pool(url: httpx.URL, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what pools are made with, or refuse a setting.

    `ssl_context` is None where the usual authorities are to be read, which takes 20 ms and waits
    for the first connection.
    """
    address, source = proxy_address(options, url.scheme, url.netloc.decode("ascii"))
    proxy = _proxy(address, source) if address else None
    verify: Any = options.get("verify", True)
    if "https" not in (url.scheme, proxy and proxy.url.scheme):
        verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without authorities
    elif verify is True and proxy is None:
        _look_for_authorities()
        verify = None
    else:
        verify = _context(verify)
    if proxy is not None and proxy.url.scheme == "https":
        proxy.ssl_context = verify
    return {"ssl_context": verify, "proxy": proxy, "max_connections": options.get("max_connections", 20)}


def _proxy(address: str, source: str) -> httpx.Proxy:
    try:
        proxy = httpx.Proxy(address)
        if not proxy.url.host or not _has_port(proxy.url):
            raise ValueError
    except (ValueError, httpx.InvalidURL):
        raise ConfigurationError(f"{source} has to be the URL of an http, https or socks5 proxy") from None
    if proxy.url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise ConfigurationError(f"{source} is one for SOCKS, which needs the package socksio")
    return proxy


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
