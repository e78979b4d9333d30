"""The pools of our own connections, and an attempt over one of them: the only module that knows
httpcore, which httpx is built on.

It is imported with the first attempt, so that importing and making a client do not wait for it.
"""

from codecs import lookup
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from httpcore import (
    URL,
    AnyIOBackend,
    AsyncConnectionPool,
    ConnectionPool,
    LocalProtocolError,
    Proxy,
    Request,
    SyncBackend,
    UnsupportedProtocol,
)

from infobip_voice._network import AsyncBackend, BoundedBackend

if TYPE_CHECKING:
    from infobip_voice._transfer import Headers, Transfer

__all__ = ["REFUSED", "URL", "AsyncPool", "Pool", "address", "end_with"]

REFUSED: Final = (UnsupportedProtocol, LocalProtocolError)
"""What is raised for a request that cannot be written."""

lookup("idna")  # a socket asks for it when it connects; not later, because of `_forks`

_KEPT_ALIVE: Final = 5.0  # seconds that an idle connection is kept, as by httpx


class Pool:
    """Connections for threads, which keep the deadline of an attempt."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        backend: Any = BoundedBackend(SyncBackend())
        self._pool = ConnectionPool(network_backend=backend, **_arguments(**settings))
        self._backend = backend

    def close(self) -> None:
        """Close the connections, and make no more."""
        self._backend.closed = True
        self._pool.close()

    def carry_out(self, url: URL, headers: "Headers", extensions: dict[str, Any], transfer: "Transfer") -> None:
        """Send the request of a transfer, and hand it what comes."""
        request = Request(transfer.request.method, url, headers=headers, content=transfer, extensions=extensions)
        try:
            answer = self._pool.handle_request(request)
        except BaseException:
            for left in _left_over(self._pool, extensions):
                left.close()
            raise
        extensions["timeout"]["connect"].opened = None  # it would be a cycle
        transfer.answer(answer.status, answer.headers)
        stream: Any = answer.stream
        try:
            for chunk in stream:
                transfer.take(chunk)
            end_with(stream)
        finally:
            answer.close()


class AsyncPool:
    """Connections for one event loop."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        backend: Any = AsyncBackend(AnyIOBackend())
        self._pool = AsyncConnectionPool(network_backend=backend, **_arguments(**settings))
        self._backend = backend

    async def aclose(self) -> None:
        """Close the connections, and make no more."""
        self._backend.closed = True
        await self._pool.aclose()

    async def carry_out(self, url: URL, headers: "Headers", extensions: dict[str, Any], transfer: "Transfer") -> None:
        """Send the request of a transfer, and hand it what comes."""
        request = Request(transfer.request.method, url, headers=headers, content=transfer, extensions=extensions)
        try:
            answer = await self._pool.handle_async_request(request)
        except GeneratorExit:  # the event loop has gone, and nothing can be awaited
            raise
        except BaseException:
            for left in _left_over(self._pool, extensions):
                await left.aclose()
            raise
        extensions["timeout"]["connect"].opened = None  # it would be a cycle
        transfer.answer(answer.status, answer.headers)
        stream: Any = answer.stream
        try:
            async for chunk in stream:
                transfer.take(chunk)
            end_with(stream)
        finally:
            await answer.aclose()


def address(url: Any) -> URL:
    """Return a URL of httpx as one of httpcore."""
    return URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _left_over(pool: Any, extensions: Mapping[str, Any]) -> list[Any]:
    """Return what an attempt without an answer has left open, to be closed.

    httpcore forgets a stream on which TLS or SOCKS was refused or interrupted.
    """
    opened = extensions["timeout"]["connect"].opened
    left = _ownerless(pool)
    return left if opened is None else [*left, opened]


def _ownerless(pool: Any) -> list[Any]:
    """Take those connections out of a pool that no request has, and that would keep their places.

    httpcore keeps such a one for ever: its tunnel was made and its TLS then failed, its task was
    cancelled while it spoke to a SOCKS proxy, or its request was cancelled just when it was made.
    After as many as there are places, every attempt would wait in vain.
    """
    try:
        with pool._optional_thread_lock:
            taken = {id(request.connection) for request in pool._requests}
            ownerless = [
                connection
                for connection in pool._connections
                if id(connection) not in taken and not connection.is_idle() and not connection.is_closed()
            ]
            for connection in ownerless:
                pool._connections.remove(connection)
            # Who waits for a place has one now.
            return ownerless and [*ownerless, *pool._assign_requests_to_connections()]
    except AttributeError:  # another httpcore: nothing public says which request has a connection
        return []


def end_with(stream: Any) -> None:
    """Let no further request use a connection on which more came than the answer.

    httpcore would take it for the answer to the next request: a launch that was accepted would look
    refused, and the answer that the server then gives would be lost.
    """
    try:
        state = stream._stream._connection._h11_state
    except AttributeError:  # another httpcore: nothing public says what is left
        return
    if state.trailing_data[0]:
        state.send_failed()  # a state in which h11 takes no further request


class _Secret(bytes):
    """A secret that httpcore may log: it does so with the credentials for a SOCKS proxy."""

    def __repr__(self) -> str:
        return "'***'"


def _arguments(proxy: Any, **others: Any) -> dict[str, Any]:
    """Return the arguments of a pool; the proxy is one of httpx."""
    if proxy is not None:
        secret = proxy.raw_auth and (_Secret(proxy.raw_auth[0]), _Secret(proxy.raw_auth[1]))
        proxy = Proxy(address(proxy.url), secret, ssl_context=proxy.ssl_context)
    return {**others, "proxy": proxy, "keepalive_expiry": _KEPT_ALIVE}
