"""Network backends around those of httpcore: they keep deadlines, and close what is theirs alone.

httpcore applies a timeout to every single read and write, so a server that sends one byte within
each can hold an attempt for ever, also before the head of its answer is complete. The streams for
threads give each operation what is left of the attempt; on event loops asyncio does that.
"""

from collections.abc import Awaitable
from contextlib import suppress
from socket import SHUT_RDWR
from time import monotonic
from typing import Any, Final

__all__ = ["AsyncBackend", "BoundedBackend", "Seconds"]

# As much as is written in one go once the socket takes anything: with more, one write could wait
# several times.
_SLICE: Final = 16 * 1024


class Seconds(float):
    """A timeout that knows when its attempt has to end: httpcore hands on the object it got.

    Attributes:
        ends: when that is, by the monotonic clock.
        opened: the stream that was opened for the attempt, if one was.
    """

    __slots__ = ("ends", "opened")

    def __new__(cls, timeout: float, ends: float) -> "Seconds":
        """Return a timeout of an attempt that has to end at `ends`, by the monotonic clock."""
        seconds = super().__new__(cls, timeout)
        seconds.ends = ends
        seconds.opened = None
        return seconds

    ends: float
    opened: Any

    def left(self) -> float:
        """Return the timeout, or what is left of the attempt if that is less.

        Raises:
            TimeoutError: nothing is left.
        """
        left = self.ends - monotonic()
        if left <= 0:
            raise TimeoutError
        return min(self, left)


class BoundedBackend:
    """A network backend of httpcore whose streams keep deadlines.

    Attributes:
        closed: whether it connects no more: an attempt may have waited for a place in a pool that
            has been closed since.
    """

    def __init__(self, backend: Any) -> None:
        self.closed = False
        self._backend = backend

    def connect_tcp(self, *, timeout: Seconds, **peer: Any) -> "_Stream":
        """Connect, within what is left."""
        timeout.opened = stream = _Stream(self._backend.connect_tcp(timeout=timeout.left(), **peer), timeout)
        _refuse(self.closed)
        return stream


class _Stream:
    def __init__(self, stream: Any, timeout: Seconds) -> None:
        self._stream = stream
        self._timeout = timeout
        self._busy = False
        self.get_extra_info = stream.get_extra_info

    def read(self, max_bytes: int, timeout: Seconds | None = None) -> bytes:
        # httpcore gives none while it talks to a SOCKS proxy: then that of the connecting holds.
        self._timeout = timeout or self._timeout
        self._busy = True
        try:
            data: bytes = self._stream.read(max_bytes, self._timeout.left())
        finally:
            self._busy = False
        return data

    def write(self, buffer: bytes, timeout: Seconds | None = None) -> None:
        self._timeout = timeout or self._timeout
        self._busy = True
        try:
            for start in range(0, len(buffer), _SLICE):
                self._stream.write(buffer[start : start + _SLICE], self._timeout.left())
        finally:
            self._busy = False

    def close(self) -> None:
        """Close, or end what another thread is waiting for on this stream: that thread closes it.

        Closed under its hands, the number of the socket could be that of another socket when it
        goes on, and it would read and write there.
        """
        if self._busy:
            with suppress(OSError):
                self._stream.get_extra_info("socket").shutdown(SHUT_RDWR)
        else:
            self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None, timeout: Seconds) -> "_Stream":
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout.left()), timeout)


def _refuse(closed: bool) -> None:
    if closed:
        raise ConnectionAbortedError("the client was closed")


class AsyncBackend:
    """A network backend of httpcore that gives timeouts to those that speak to a SOCKS proxy.

    Attributes:
        closed: whether it connects no more, as in `BoundedBackend`.
    """

    def __init__(self, backend: Any) -> None:
        self.closed = False
        self._backend = backend

    async def connect_tcp(self, *, timeout: Seconds, **peer: Any) -> "_AsyncStream":
        """Connect, and note the stream on the attempt's timeout."""
        timeout.opened = stream = _AsyncStream(await self._backend.connect_tcp(timeout=timeout, **peer), timeout)
        _refuse(self.closed)
        return stream


class _AsyncStream:
    def __init__(self, stream: Any, timeout: Seconds) -> None:
        self._stream = stream
        self._timeout = timeout
        self.start_tls = stream.start_tls
        self.aclose = stream.aclose
        self.get_extra_info = stream.get_extra_info

    # No coroutines of their own: each would be one more on the way of every byte.

    def read(self, max_bytes: int, timeout: Seconds | None = None) -> Awaitable[bytes]:
        reading: Awaitable[bytes] = self._stream.read(max_bytes, timeout or self._timeout)
        return reading

    def write(self, buffer: bytes, timeout: Seconds | None = None) -> Awaitable[None]:
        writing: Awaitable[None] = self._stream.write(buffer, timeout or self._timeout)
        return writing
