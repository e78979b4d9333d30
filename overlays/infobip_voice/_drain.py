"""Flows that ask for reports again and again: the drain, and waiting for a few known calls."""

import os
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self

from attrs import evolve

from infobip_voice import errors
from infobip_voice._answers import failed
from infobip_voice._exchange import Call, Flow, Setup, Wait, exchange
from infobip_voice._pages import fetch, page_request, read_page
from infobip_voice._policy import Operation
from infobip_voice._reports import Gap, Item
from infobip_voice._spool import Spool

if TYPE_CHECKING:
    from infobip_voice._operations import Run, RunAsync

__all__ = ["AsyncDrain", "Drain", "wait_for"]


class _Drain:
    """The flow behind both drains; all its state is in the spool and in what was handed out of it."""

    def __init__(
        self,
        setup: Setup,
        spool: str | os.PathLike[str] | None,
        limit: int,
        bulk_id: str | None,
        follow: float | None,
        auto_ack: bool,
    ) -> None:
        self._setup = setup
        self._request = page_request(setup, Operation("reports.drain", repeat_uncertain=True), limit, bulk_id)
        self._spool = Spool(spool)
        self._follow = follow
        self._auto_ack = auto_ack
        self._items = deque[Item]()
        self._open_positions: dict[int, set[int]] = {}
        self._current: Item | None = None
        self._error: errors.VoiceError | None = None
        self._page = self._damaged = 0
        self._opened = self._asked = self._empty = self._ended = False

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return every gap that the spool knows of, the oldest first: answers that were lost, and maybe reports with them."""
        return self._spool.gaps

    def _next(self) -> Flow[Item | None]:
        if self._ended:
            return None
        if not self._opened:
            yield Call(self._spool.open)
            self._opened = True
        if self._current is not None and self._auto_ack:
            yield from self._acknowledge(self._current)
        self._current = None
        while not self._items:
            stored = yield Call(self._spool.next_page, (self._page,))
            if stored is not None:
                yield from self._load(stored)
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

    def _load(self, stored: Any) -> Flow[None]:
        page = read_page(stored.headers, stored.body)
        placed = [evolve(item, place=(stored.number, position)) for position, item in enumerate(page.items)]
        self._items.extend(item for position, item in enumerate(placed) if position not in stored.acknowledged)
        self._page = stored.number
        if self._items:
            self._open_positions[stored.number] = set(range(len(placed))) - stored.acknowledged
        else:
            yield Call(self._spool.forget, (stored.number,))
        if not self._asked:  # a page that an earlier run left says nothing of what the server has now
            return
        self._empty = not page.items
        self._damaged = self._damaged + 1 if page.damage else 0
        if self._damaged >= self._setup.budget.attempts and self._error is None:
            self._error = errors.ReportsUnreadable(f"{self._damaged} answers in a row: {page.damage}", body=stored.body)

    def _ask(self) -> Flow[None]:
        if self._empty and self._follow is not None:
            yield Wait(self._follow)
        elif self._damaged:
            yield Wait(self._setup.budget.first_wait)
        self._asked, self._empty = True, False
        outcome, verdict, _ = yield from exchange(self._setup, self._request, self._spool)
        if verdict != "answered":
            # Raised once all that did arrive has been handed out.
            self._error = failed(self._request, outcome, verdict)

    def _acknowledge(self, item: Item) -> Flow[None]:
        page, position = item.place or (0, 0)
        positions = self._open_positions.get(page, set())
        positions.discard(position)
        if positions:
            yield Call(self._spool.acknowledge, (page, position))
        elif self._open_positions.pop(page, None) is not None:
            yield Call(self._spool.forget, (page,))

    def _end(self) -> Flow[None]:
        self._ended = True
        yield Call(self._spool.close)


class Drain(_Drain):
    """An iterator over reports; see `Reports.drain`. For one consumer."""

    def __init__(self, run: "Run", *settings: Any) -> None:
        super().__init__(*settings)
        self._run = run

    def __iter__(self) -> Iterator[Item]:
        return self

    def __next__(self) -> Item:
        item = self._run(self._next())
        if item is None:
            raise StopIteration
        return item

    def ack(self, item: Item) -> None:
        """Forget this item: it is done."""
        self._run(self._acknowledge(item))

    def close(self) -> None:
        """Let go of the spool. What was not acknowledged is delivered again by the next drain."""
        self._run(self._end())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncDrain(_Drain):
    """An asynchronous iterator over reports; see `Reports.drain`. For one consumer."""

    def __init__(self, run: "RunAsync", *settings: Any) -> None:
        super().__init__(*settings)
        self._run = run

    def __aiter__(self) -> AsyncIterator[Item]:
        return self

    async def __anext__(self) -> Item:
        item = await self._run(self._next())
        if item is None:
            raise StopAsyncIteration
        return item

    async def ack(self, item: Item) -> None:
        """Forget this item: it is done."""
        await self._run(self._acknowledge(item))

    async def aclose(self) -> None:
        """Let go of the spool. What was not acknowledged is delivered again by the next drain."""
        await self._run(self._end())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def wait_for(setup: Setup, message_ids: Sequence[str], timeout: float, every: float) -> Flow[dict[str, Item]]:
    """Ask for the report of each call until all are there."""
    found: dict[str, Item] = {}
    gaps: list[Gap] = []
    ends = setup.clock() + timeout

    def pending(reason: str) -> errors.ReportsPending:
        error = errors.ReportsPending(reason, operation="reports.wait_for")
        error.reports, error.gaps = found, tuple(gaps)
        error.pending = tuple(name for name in dict.fromkeys(message_ids) if name not in found)
        return error

    while True:
        for name in dict.fromkeys(message_ids):
            if name in found:
                continue
            patience = min(setup.budget.seconds, max(0.0, ends - setup.clock()))
            patient = setup._replace(budget=setup.budget._replace(seconds=patience))
            items: Sequence[Item] = ()
            try:
                items = yield from fetch(patient, 1, None, name)
            except (errors.ReportsUncertain, errors.ReportsUnreadable) as error:
                items = error.reports
                gaps.append(Gap(str(error.args[0]), error.status, error.body))
            except (errors.NotSent, errors.Throttled):
                pass  # nothing was consumed; asked again in the next round
            except errors.VoiceError as error:
                raise pending(str(error)) from error
            found.update((name, item) for item in items[:1])
        if len(found) == len(set(message_ids)):
            return found
        if setup.clock() + every > ends:
            raise pending(f"not all reports came within {timeout} seconds")
        yield Wait(every)
