"""The two drains that users hold, and the consumers that take from them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import nullcontext
from typing import Any, Generic, NoReturn, Self, TypeVar

from infobip_voice._draining import Draining, Hand
from infobip_voice._report import Report

__all__ = ["AsyncDrain", "Drain"]

Taken = TypeVar("Taken")  # a report, or a list of them


class _Consumer(Generic[Taken]):
    """Takes from a drain; when it asks for more, the drain acknowledges what it took before."""

    def __init__(self, drain: Any, most: int, shape: Callable[[list[Report]], Taken]) -> None:
        self._hand = Hand()
        self._drain = drain
        self._most = most
        self._shape = shape
        drain._join(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a loop over a drain cannot be copied or pickled: a drain has one consumer")

    def __del__(self) -> None:
        self._drain._leave(self, self._hand)


class _SyncConsumer(_Consumer[Taken], Iterator[Taken]):
    def __next__(self) -> Taken:
        reports: list[Report] = self._drain._take_turn(self, self._hand, self._most)
        if not reports:
            raise StopIteration
        return self._shape(reports)


class _AsyncConsumer(_Consumer[Taken], AsyncIterator[Taken]):
    async def __anext__(self) -> Taken:
        reports: list[Report] = await self._drain._take_turn(self, self._hand, self._most)
        if not reports:
            raise StopAsyncIteration
        return self._shape(reports)


class Drain(Draining, Iterator[Report]):
    """Delivery reports, one after the other; see `Reports.drain`. Also a context manager that lets
    go of the spool.

    It has one consumer: a `for` loop over it, over `batches`, or calls of `next`. A second loop
    while the first lives, or a `next` while another is under way, raises `DrainInUse`. With
    `auto_ack=False` several may share it, in turns.
    """

    def __iter__(self) -> Iterator[Report]:
        """Return the consumer of this drain: asking it for the next report acknowledges the one
        before.

        Raises:
            DrainInUse: another consumer lives.
        """
        return _SyncConsumer(self, 1, _only)

    def batches(self, size: int) -> Iterator[list[Report]]:
        """Return a consumer that takes lists of 1 to `size` reports, as many as are at hand, and
        never waits for more.

        Asking for the next list acknowledges the one before in one transaction.

        Raises:
            ValueError: `size` is no whole number above zero.
            DrainInUse: another consumer lives.
        """
        return _SyncConsumer(self, _size(size), list)

    def __next__(self) -> Report:
        reports = self._take_turn(None, self._hand, 1)
        if not reports:
            raise StopIteration
        return reports[0]

    def _take_turn(self, consumer: object | None, hand: Hand, most: int) -> list[Report]:
        self._begin_turn(consumer)
        reports: list[Report] = []
        try:
            reports = self._run(self._next(hand, most))
        finally:
            self._turn.release()
            if not reports:
                self._leave(consumer, hand)
        return reports

    def ack(self, reports: Report | Iterable[Report]) -> None:
        """Forget one report or many: they are done. Many are acknowledged in one transaction.

        Raises:
            ValueError: one of them is not from this drain's spool; then none is acknowledged.
            SpoolError: the spool failed, or is closed.
        """
        self._run(self._acknowledge(reports))

    def forget_gaps(self) -> None:
        """Delete all gaps from the spool.

        Raises:
            SpoolError: the spool failed, or is closed.
        """
        self._run(self._forget(self._spool.forget_gaps))

    def forget_unreadable(self) -> None:
        """Delete from the spool what could not be understood, once you have kept its bytes.

        Raises:
            SpoolError: the spool failed, or is closed.
        """
        self._run(self._forget(self._spool.forget_unreadable))

    def close(self) -> None:
        """Let go of the spool.

        What was not acknowledged is delivered again by the next drain. Raises nothing.
        """
        self._run(self._end())

    def __enter__(self) -> Self:
        self._entered = True
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncDrain(Draining, AsyncIterator[Report]):
    """Delivery reports, one after the other; as `Drain`, for an event loop of asyncio.

    The spool is used on a thread. A request that is cancelled on its way is a gap.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._line = asyncio.Lock()  # where the tasks wait that share a drain without `auto_ack`

    def __aiter__(self) -> AsyncIterator[Report]:
        """Return the consumer of this drain: asking it for the next report acknowledges the one
        before.

        Raises:
            DrainInUse: another consumer lives.
        """
        return _AsyncConsumer(self, 1, _only)

    def batches(self, size: int) -> AsyncIterator[list[Report]]:
        """Return a consumer that takes lists of 1 to `size` reports; as `Drain.batches`.

        Raises:
            ValueError: `size` is no whole number above zero.
            DrainInUse: another consumer lives.
        """
        return _AsyncConsumer(self, _size(size), list)

    async def __anext__(self) -> Report:
        reports = await self._take_turn(None, self._hand, 1)
        if not reports:
            raise StopAsyncIteration
        return reports[0]

    async def _take_turn(self, consumer: object | None, hand: Hand, most: int) -> list[Report]:
        async with nullcontext() if self._auto_ack else self._line:
            self._begin_turn(consumer)
            reports: list[Report] = []
            try:
                reports = await self._run(self._next(hand, most))
            finally:
                self._turn.release()
                if not reports:
                    self._leave(consumer, hand)
            return reports

    async def ack(self, reports: Report | Iterable[Report]) -> None:
        """Forget one report or many: they are done; as `Drain.ack`.

        Raises:
            ValueError: one of them is not from this drain's spool; then none is acknowledged.
            SpoolError: the spool failed, or is closed.
        """
        await self._run(self._acknowledge(reports))

    async def forget_gaps(self) -> None:
        """Delete all gaps from the spool; as `Drain.forget_gaps`.

        Raises:
            SpoolError: the spool failed, or is closed.
        """
        await self._run(self._forget(self._spool.forget_gaps))

    async def forget_unreadable(self) -> None:
        """Delete from the spool what could not be understood; as `Drain.forget_unreadable`.

        Raises:
            SpoolError: the spool failed, or is closed.
        """
        await self._run(self._forget(self._spool.forget_unreadable))

    async def aclose(self) -> None:
        """Let go of the spool.

        What was not acknowledged is delivered again by the next drain.

        Raises:
            ConfigurationError: no event loop of asyncio is running, as under trio.
        """
        await self._run(self._end())

    async def __aenter__(self) -> Self:
        self._entered = True
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _only(reports: list[Report]) -> Report:
    return reports[0]


def _size(size: int) -> int:
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"size has to be a whole number above zero, and is {size!r}")
    return size
