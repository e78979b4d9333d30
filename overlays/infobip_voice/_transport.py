"""The only module that knows httpx: from a `Request` to an `Outcome`, keeping every byte that arrives.

Requests go straight to httpx's transports: no redirects, cookies, authentication flow or retries of its own, and two thirds
of the CPU of `httpx.Client.post`. What the client would have done is done here: proxies from the environment, timeouts and
headers.
"""

from collections.abc import AsyncIterator, Iterator
from math import isfinite
from typing import TYPE_CHECKING, Final
from urllib.request import getproxies, proxy_bypass

import httpx

from infobip_voice._exchange import Outcome, Request
from infobip_voice.errors import ConfigurationError

if TYPE_CHECKING:
    from infobip_voice._client import ClientOptions

__all__ = ["AsyncTransport", "Transport", "Wire"]

_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_CALLERS_FAULT: Final = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of one attempt, which knows whether it was asked for.

    httpcore asks for it once the head has been written whole. Until then no server can act on the request, so a failure
    before that, also one on a kept-alive connection that the server had closed, is certainly "never sent".
    """

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.started = False

    def __iter__(self) -> Iterator[bytes]:
        self.started = True
        yield self.body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.started = True
        yield self.body


class Wire:
    """What both transports share: the address, the headers, and the reading of failures."""

    def __init__(self, base_url: str, authorization: str, agent: str, options: "ClientOptions", injected: bool) -> None:
        timeout, connections = options.get("timeout"), options.get("max_connections", 20)
        try:
            url = httpx.URL(base_url)
        except httpx.InvalidURL:
            raise ConfigurationError("base_url is not a URL") from None
        if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.query or url.fragment:
            raise ConfigurationError("base_url has to be http(s)://host[:port][/path], without credentials or a query")
        if timeout is not None and not (isfinite(timeout) and timeout > 0):
            raise ConfigurationError("timeout has to be a finite number of seconds above zero")
        self.injected = injected
        self.proxy = None if injected else options.get("proxy") or _environment_proxy(url)
        self.verify = options.get("verify", True)
        self.limits = httpx.Limits(
            max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=5.0
        )
        # An injected client keeps its own unless the caller names one.
        self._timeout = httpx.Timeout(timeout or 30.0)
        self._has_timeout = timeout is not None
        self.base = base_url.rstrip("/")
        self._urls: dict[str, httpx.URL] = {}
        self._headers = [
            ("Host", url.netloc.decode("ascii")),
            ("User-Agent", agent),
            ("Authorization", authorization),
            # Not compressed: of an answer that is cut, more can be read.
            ("Accept-Encoding", "identity"),
        ]

    def build(
        self, request: Request, body: _Body, client: httpx.Client | httpx.AsyncClient | None = None
    ) -> httpx.Request:
        """Return the request of one attempt; our headers win over those of an injected client."""
        url = self._urls.get(request.path)
        if url is None:
            url = httpx.URL(self.base + request.path)
            if request.method == "POST":  # two paths; those of a GET have queries without end
                self._urls[request.path] = url
        headers = httpx.Headers(None if client is None else client.headers)
        headers.update(self._headers)
        headers["Accept"] = request.accept
        if request.content_type is not None:
            headers["Content-Type"], headers["Content-Length"] = request.content_type, str(len(request.content))
        timeout = self._timeout if client is None or self._has_timeout else client.timeout
        return httpx.Request(
            request.method, url, headers=headers, stream=body, extensions={"timeout": timeout.as_dict()}
        )

    def answered(self, answer: httpx.Response, chunks: list[bytes]) -> Outcome:
        """Return a whole answer."""
        return Outcome("answered", answer.status_code, _headers(answer), b"".join(chunks))

    def failed(self, error: Exception, started: bool, answer: httpx.Response | None, chunks: list[bytes]) -> Outcome:
        """Return how far an attempt came that ended in `error`."""
        # One and the same reset shows as ReadError or as RemoteProtocolError, by race: both are "sent, no verdict".
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        if isinstance(error, httpx.HTTPStatusError):  # raised by a hook of an injected client: the status has arrived
            answer = error.response
        if answer is not None:
            return Outcome("cut", answer.status_code, _headers(answer), b"".join(chunks), f"the answer was cut: {what}")
        if isinstance(error, _CALLERS_FAULT) and not started:
            # Its text may quote a header.
            raise ConfigurationError(f"httpx does not send this: {type(error).__name__}") from None
        if isinstance(error, _NEVER_SENT) or not (started or self.injected):
            return Outcome("unsent", failure=what)
        return Outcome("lost", failure=f"no answer: {what}")


class Transport:
    """Send requests on threads."""

    def __init__(self, wire: Wire, client: httpx.Client | None) -> None:
        self._wire = wire
        self._client = client
        if client is None:
            self._transport = httpx.HTTPTransport(verify=wire.verify, proxy=wire.proxy, limits=wire.limits)

    def send(self, request: Request) -> Outcome:
        """Make one attempt and return what it brought, whatever happens on the way."""
        body, answer, chunks = _Body(request.content), None, list[bytes]()
        client = self._client
        try:
            if client is None:
                answer = self._transport.handle_request(self._wire.build(request, body))
            else:
                built = self._wire.build(request, body, client)
                answer = client.send(built, stream=True, auth=None, follow_redirects=False)
            if _is_read(answer):
                return self._wire.answered(answer, [answer.content])
            try:
                for chunk in answer.iter_raw():
                    chunks.append(chunk)
            finally:
                answer.close()
        except Exception as error:
            return self._wire.failed(error, body.started, answer, chunks)
        return self._wire.answered(answer, chunks)

    def close(self) -> None:
        """Close the connections; those of an injected client are its owner's."""
        if self._client is None:
            self._transport.close()


class AsyncTransport:
    """Send requests on an event loop."""

    def __init__(self, wire: Wire, client: httpx.AsyncClient | None) -> None:
        self._wire = wire
        self._client = client
        if client is None:
            self._transport = httpx.AsyncHTTPTransport(verify=wire.verify, proxy=wire.proxy, limits=wire.limits)

    async def send(self, request: Request) -> Outcome:
        """Make one attempt and return what it brought, whatever happens on the way."""
        body, answer, chunks = _Body(request.content), None, list[bytes]()
        client = self._client
        try:
            if client is None:
                answer = await self._transport.handle_async_request(self._wire.build(request, body))
            else:
                built = self._wire.build(request, body, client)
                answer = await client.send(built, stream=True, auth=None, follow_redirects=False)
            if _is_read(answer):
                return self._wire.answered(answer, [answer.content])
            try:
                async for chunk in answer.aiter_raw():
                    chunks.append(chunk)
            finally:
                await answer.aclose()
        except Exception as error:
            return self._wire.failed(error, body.started, answer, chunks)
        return self._wire.answered(answer, chunks)

    async def close(self) -> None:
        """Close the connections; those of an injected client are its owner's."""
        if self._client is None:
            await self._transport.aclose()


def _is_read(answer: httpx.Response) -> bool:
    """Return whether a hook or a mock of an injected client has read the answer; its Content-Encoding is undone then."""
    if answer.is_stream_consumed:
        answer.headers.pop("content-encoding", None)
    return answer.is_stream_consumed


def _headers(answer: httpx.Response) -> dict[str, str]:
    return {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in answer.headers.raw}


def _environment_proxy(url: httpx.URL) -> str | None:
    """Return the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names for this address, minding NO_PROXY."""
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(url.netloc.decode("ascii")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
