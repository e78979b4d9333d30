"""The drain: a flow that asks for reports until none are left, and stores each answer before it reads it."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Self

from infobip_voice import errors
from infobip_voice._answers import failed
from infobip_voice._exchange import Blocking, Flow, Setup, Wait, exchange
from infobip_voice._messages import Request
from infobip_voice._reports import Gap, Item
from infobip_voice._spool import Spool, StoredPage

__all__ = ["AsyncDrain", "Drain"]

Runs = Callable[[Flow[Any]], Any]  # carries a flow out: returns its result, or a coroutine that has it


class _Drain:
    """The flow behind both drains; all its state is in the spool and in what was handed out of it."""

    def __init__(
        self, run: Runs, setup: Setup, request: Request, spool: Spool, follow: float | None, auto_ack: bool
    ) -> None:
        self._run = run
        self._setup = setup
        self._request = request
        self._spool = spool
        self._follow = follow
        self._auto_ack = auto_ack
        self._items = deque[Item]()
        self._current: Item | None = None
        self._error: errors.VoiceError | None = None
        self._page = self._damaged = 0
        self._opened = self._asked = self._empty = self._ended = False

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return every gap that the spool knows of, the oldest first: answers that were lost, and maybe reports with them."""
        return self._spool.gaps

    @property
    def known_gaps(self) -> int:
        """Return how many of `gaps`, the first ones, were in the spool before this drain: an earlier one has shown them."""
        return self._spool.known_gaps

    def _next(self) -> Flow[Item | None]:
        if self._ended:
            return None
        if not self._opened:
            yield Blocking(self._spool.open)
            self._opened = True
        if self._current is not None and self._auto_ack:
            yield Blocking(self._spool.acknowledge, (self._current,))
        self._current = None
        while not self._items:
            stored: StoredPage | None = yield Blocking(self._spool.read, (self._page,))
            if stored is not None:
                self._take(stored)
            elif self._error is not None:
                error, self._error = self._error, None
                raise error
            elif self._empty and self._follow is None:
                yield from self._end()
                return None
            else:
                yield from self._ask()
        self._current = self._items.popleft()
        return self._current

    def _take(self, stored: StoredPage) -> None:
        self._page = stored.number
        self._items.extend(stored.waiting)
        if not self._asked:  # a page that an earlier run left says nothing of what the server has now
            return
        self._empty = not stored.page.items
        self._damaged = self._damaged + 1 if stored.page.damage else 0
        if self._damaged >= self._setup.budget.attempts and self._error is None:
            reason = f"{self._damaged} answers in a row: {stored.page.damage}"
            self._error = errors.ReportsUnreadable(reason, body=stored.body)

    def _ask(self) -> Flow[None]:
        if self._empty and self._follow is not None:
            yield Wait(self._follow)
        elif self._damaged:
            yield Wait(self._setup.budget.first_wait)
        self._asked, self._empty = True, False
        exchanged = yield from exchange(self._setup, self._request, self._spool)
        if exchanged.verdict != "answered":
            # Raised once all that did arrive has been handed out.
            self._error = failed(self._request, exchanged)

    def _ack(self, item: Item) -> Flow[None]:
        yield Blocking(self._spool.acknowledge, (item,))

    def _end(self) -> Flow[None]:
        self._ended = True
        yield Blocking(self._spool.close)


class Drain(_Drain, Iterator[Item]):
    """An iterator over reports; see `Reports.drain`. For one consumer."""

    def __next__(self) -> Item:
        item: Item | None = self._run(self._next())
        if item is None:
            raise StopIteration
        return item

    def ack(self, item: Item) -> None:
        """Forget this item: it is done."""
        self._run(self._ack(item))

    def close(self) -> None:
        """Let go of the spool. What was not acknowledged is delivered again by the next drain."""
        self._run(self._end())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncDrain(_Drain, AsyncIterator[Item]):
    """An asynchronous iterator over reports; see `Reports.drain`. For one consumer, on an event loop of asyncio.

    The spool is used on a thread. A request that is cancelled on its way is a gap.
    """

    async def __anext__(self) -> Item:
        item: Item | None = await self._run(self._next())
        if item is None:
            raise StopAsyncIteration
        return item

    async def ack(self, item: Item) -> None:
        """Forget this item: it is done."""
        await self._run(self._ack(item))

    async def aclose(self) -> None:
        """Let go of the spool. What was not acknowledged is delivered again by the next drain."""
        await self._run(self._end())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
