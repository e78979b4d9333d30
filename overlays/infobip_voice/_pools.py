"""The pools of our own connections, and an attempt over one of them: the only module that knows
httpcore, which httpx is built on.

It is imported with the first attempt, so that importing and making a client do not wait for it.
"""

from collections.abc import AsyncIterable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from httpcore import (
    URL,
    AsyncConnectionPool,
    ConnectionPool,
    LocalProtocolError,
    Proxy,
    Request,
    SyncBackend,
    UnsupportedProtocol,
)

from infobip_voice._network import BoundedBackend

if TYPE_CHECKING:
    from infobip_voice._transfer import Transfer

__all__ = [
    "REFUSED", "URL", "AsyncConnectionPool", "ConnectionPool", "Request", "address", "asynchronous", "carry_out",
    "carry_out_async", "request", "synchronous",
]  # fmt: skip

REFUSED: Final = (UnsupportedProtocol, LocalProtocolError)
"""What is raised for a request that cannot be written."""

_KEPT_ALIVE: Final = 5.0  # seconds that an idle connection is kept, as by httpx


def synchronous(settings: Mapping[str, Any]) -> ConnectionPool:
    """Return a pool for threads, whose connections keep the deadline of an attempt."""
    backend: Any = BoundedBackend(SyncBackend())
    return ConnectionPool(network_backend=backend, **_arguments(**settings))


def asynchronous(settings: Mapping[str, Any]) -> AsyncConnectionPool:
    """Return a pool for an event loop."""
    return AsyncConnectionPool(**_arguments(**settings))


def _arguments(proxy: Any, **others: Any) -> dict[str, Any]:
    """Return the arguments of a pool; the proxy is one of httpx."""
    if proxy is not None:
        proxy = Proxy(address(proxy.url), proxy.raw_auth, proxy.headers.raw, proxy.ssl_context)
    return {**others, "proxy": proxy, "keepalive_expiry": _KEPT_ALIVE}


def address(url: Any) -> URL:
    """Return a URL of httpx as one of httpcore."""
    return URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def request(transfer: "Transfer", url: URL, headers: list[tuple[bytes, bytes]], extensions: dict[str, Any]) -> Request:
    """Return what a pool is to send."""
    return Request(transfer.request.method, url, headers=headers, content=transfer, extensions=extensions)


def carry_out(pool: ConnectionPool, sent: Request, transfer: "Transfer") -> None:
    """Send a request, and hand what comes to the transfer."""
    answer = pool.handle_request(sent)
    transfer.answer(answer.status, answer.headers)
    try:
        for chunk in cast(Iterable[bytes], answer.stream):
            transfer.take(chunk)
    finally:
        answer.close()


async def carry_out_async(pool: AsyncConnectionPool, sent: Request, transfer: "Transfer") -> None:
    """Do as `carry_out`, on an event loop."""
    answer = await pool.handle_async_request(sent)
    transfer.answer(answer.status, answer.headers)
    try:
        async for chunk in cast(AsyncIterable[bytes], answer.stream):
            transfer.take(chunk)
    finally:
        await answer.aclose()
