"""The only module that knows httpx: from a `Request` to an `Outcome`, keeping every byte that arrives.

Requests go straight to httpx's transports: no redirects, cookies, authentication flow or retries of its own, and two thirds
of the CPU of `httpx.Client.post`. What the client would have done is done here: proxies from the environment, timeouts and
headers.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from functools import lru_cache, partial
from math import isfinite
from typing import Any, Final
from urllib.request import getproxies, proxy_bypass

import httpx

from infobip_voice._messages import Outcome, Request
from infobip_voice.errors import ConfigurationError

__all__ = ["AsyncTransport", "ConnectionSettings", "Transport"]

_NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_CALLERS_FAULT: Final = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)

Injected = httpx.Client | httpx.AsyncClient


class ConnectionSettings:
    """What both transports share: the address, the headers and the settings of the connections."""

    def __init__(
        self,
        base_url: str,
        authorization: str,
        client: Injected | None,
        timeout: float | None,
        connections: Mapping[str, Any],
    ) -> None:
        try:
            base = httpx.URL(base_url)
        except httpx.InvalidURL:
            raise ConfigurationError("base_url is not a URL") from None
        if base.scheme not in ("http", "https") or not base.host or base.userinfo or base.query or base.fragment:
            raise ConfigurationError("base_url has to be http(s)://host[:port][/path], without credentials or a query")
        if client is not None and connections:
            raise ConfigurationError(f"{', '.join(connections)}: set that on the http_client")
        if timeout is not None and not (isfinite(timeout) and timeout > 0):
            raise ConfigurationError("timeout has to be a finite number of seconds above zero")
        self.base = base_url.rstrip("/")
        self.injected = client is not None
        self.connections: dict[str, Any] = {
            "verify": connections.get("verify", True),
            "proxy": connections.get("proxy") or _environment_proxy(base),
            "limits": httpx.Limits(max_connections=connections.get("max_connections", 20)),
        }
        # An injected client keeps its own unless the caller names one.
        own = httpx.Timeout(timeout or 30.0) if client is None or timeout is not None else client.timeout
        self.extensions = {"timeout": own.as_dict()}
        self.headers = [
            ("Host", base.netloc.decode("ascii")),
            ("User-Agent", "infobip-voice-python"),
            ("Authorization", authorization),
            # Not compressed: of an answer that is cut, more can be read.
            ("Accept-Encoding", "identity"),
        ]
        if client is not None:
            ours = {"accept", "content-type", "content-length", *(name.lower() for name, _ in self.headers)}
            self.headers += [(name, value) for name, value in client.headers.multi_items() if name not in ours]


class _Transfer(httpx.SyncByteStream, httpx.AsyncByteStream):
    """One attempt: its request, as much of the answer as has arrived, and whether the body was asked for.

    httpcore asks for the body once the head has been written whole. Until then no server can act on the request, so a
    failure before that, also one on a kept-alive connection that the server had closed, is certainly "never sent".
    """

    def __init__(self, settings: ConnectionSettings, request: Request) -> None:
        headers = [*settings.headers, ("Accept", request.media_type)]
        if request.content:
            headers += [("Content-Type", request.media_type), ("Content-Length", str(len(request.content)))]
        url = _url(settings.base, request.path)
        self.request = httpx.Request(request.method, url, headers=headers, stream=self, extensions=settings.extensions)
        self.answer: httpx.Response | None = None
        self.chunks: list[bytes] = []
        self._content = request.content
        self._started = False
        self._injected = settings.injected

    def __iter__(self) -> Iterator[bytes]:
        self._started = True
        yield self._content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._started = True
        yield self._content

    def was_read(self, answer: httpx.Response) -> bool:
        """Take an answer; return whether a hook or a mock of an injected client has read it, and undone its encoding."""
        self.answer = answer
        if answer.is_stream_consumed:
            answer.headers.pop("content-encoding", None)
            self.chunks.append(answer.content)
        return answer.is_stream_consumed

    def ended(self, error: Exception | None = None) -> Outcome:
        """Return the whole answer, or how far the attempt came that ended in `error`."""
        # One and the same reset shows as ReadError or as RemoteProtocolError, by race: both are "sent, no verdict".
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        if isinstance(error, httpx.HTTPStatusError):  # raised by a hook of an injected client: the status has arrived
            self.answer = error.response
        if self.answer is not None:
            headers = {
                name.lower().decode("latin-1"): value.decode("latin-1") for name, value in self.answer.headers.raw
            }
            whole = Outcome("answered", self.answer.status_code, headers, b"".join(self.chunks))
            return whole if error is None else whole._replace(phase="cut", failure=f"the answer was cut: {what}")
        if isinstance(error, _CALLERS_FAULT) and not self._started:
            # Its text may quote a header.
            raise ConfigurationError(f"httpx does not send this: {type(error).__name__}") from None
        if isinstance(error, _NEVER_SENT) or not (self._started or self._injected):
            return Outcome("unsent", failure=what)
        return Outcome("lost", failure=f"no answer: {what}")


class Transport:
    """Send requests on threads."""

    def __init__(self, settings: ConnectionSettings, client: httpx.Client | None) -> None:
        self._settings = settings
        if client is None:
            transport = httpx.HTTPTransport(**settings.connections)
            self._handle, self.close = transport.handle_request, transport.close
        else:  # its connections are its owner's
            self._handle = partial(client.send, stream=True, auth=None, follow_redirects=False)
            self.close = lambda: None

    def send(self, request: Request) -> Outcome:
        """Make one attempt and return what it brought, whatever happens on the way."""
        transfer = _Transfer(self._settings, request)
        try:
            answer = self._handle(transfer.request)
            if not transfer.was_read(answer):
                try:
                    for chunk in answer.iter_raw():
                        transfer.chunks.append(chunk)
                finally:
                    answer.close()
        except Exception as error:
            return transfer.ended(error)
        return transfer.ended()


class AsyncTransport:
    """Send requests on an event loop."""

    def __init__(self, settings: ConnectionSettings, client: httpx.AsyncClient | None) -> None:
        self._settings = settings
        if client is None:
            transport = httpx.AsyncHTTPTransport(**settings.connections)
            self._handle, self.close = transport.handle_async_request, transport.aclose
        else:  # its connections are its owner's
            self._handle = partial(client.send, stream=True, auth=None, follow_redirects=False)
            self.close = _nothing

    async def send(self, request: Request) -> Outcome:
        """Make one attempt and return what it brought, whatever happens on the way."""
        transfer = _Transfer(self._settings, request)
        try:
            answer = await self._handle(transfer.request)
            if not transfer.was_read(answer):
                try:
                    async for chunk in answer.aiter_raw():
                        transfer.chunks.append(chunk)
                finally:
                    await answer.aclose()
        except Exception as error:
            return transfer.ended(error)
        return transfer.ended()


@lru_cache(32)  # without it, a tenth of a call is spent on reading the same few addresses again
def _url(base: str, path: str) -> httpx.URL:
    return httpx.URL(base + path)


async def _nothing() -> None:
    pass


def _environment_proxy(url: httpx.URL) -> str | None:
    """Return the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names for this address, minding NO_PROXY."""
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(url.netloc.decode("ascii")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
