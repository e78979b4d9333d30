"""The flow behind a drain: ask until nothing is left, and store each answer before reading it."""

import os
from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum, auto
from functools import partial
from threading import Lock
from typing import Any, NoReturn, TypeVar
from weakref import ref

from infobip_voice import errors
from infobip_voice._answers import failed
from infobip_voice._exchange import Blocking, Flow, Setup, Wait, exchange
from infobip_voice._log import LOG
from infobip_voice._messages import Outcome, Request, Verdict
from infobip_voice._policy import retry_after
from infobip_voice._report import Report
from infobip_voice._reports import Gap, Unreadable
from infobip_voice._spool import Spool, StoredPage

__all__ = ["Draining", "Hand"]


T = TypeVar("T")
Runs = Callable[[Flow[Any]], Any]  # carries a flow out: returns its result, or a coroutine that has it


class _State(Enum):
    """How far a drain is."""

    NEW = auto()
    """The spool is not open."""
    OPEN = auto()
    """It has not asked the server yet, and reads what others have left in the spool."""
    ASKING = auto()
    """It has asked the server, whose last answer had something in it."""
    EMPTY = auto()
    """The last answer of the server was an empty page."""
    ENDED = auto()
    """Nothing is left, or the drain was closed."""


class Hand:
    """The reports that one consumer has taken and not yet acknowledged."""

    def __init__(self) -> None:
        self.reports: list[Report] = []


class _Keeping:
    """Calls the spool, and waits for one that is away: a drain that follows for ever, another one
    as its budget allows.

    It also records each attempt, so that nothing is asked for while the spool is away, and an
    answer is held until it is stored. Ctrl-C or a cancelled task ends the wait; with an answer in
    hand it ends as the error that has the bytes, which exist nowhere else.
    """

    def __init__(self, setup: Setup, spool: Spool, follow: float | None) -> None:
        self._setup = setup
        self._spool = spool
        self._for_ever = follow is not None

    def call(self, function: Callable[..., T], *arguments: Any) -> Flow[T]:
        began, attempt = self._setup.clock(), 0
        while True:
            try:
                result: T = yield Blocking(function, arguments)
            except errors.SpoolUnreachable as error:
                attempt += 1
                budget = self._setup.budget
                wait = min(budget.longest_wait, budget.first_wait * 2 ** min(attempt - 1, 30))
                late = self._setup.clock() + wait - began > budget.seconds or attempt >= budget.attempts
                if late and not self._for_ever:
                    raise
                LOG.warning("%s; again in %.2f s", error.args[0], wait)
                try:
                    yield Wait(wait)
                except GeneratorExit:
                    raise
                except BaseException as interruption:
                    if error.body:
                        raise error from interruption
                    raise
            else:
                return result

    def begin(self) -> Flow[None]:
        yield from self.call(self._spool.begin)

    def end(self, outcome: Outcome, verdict: Verdict) -> Flow[None]:
        yield from self.call(self._spool.end, outcome, verdict)


class Draining:
    """The flow behind both drains. Its state is in the spool, and in what it has handed out."""

    def __init__(
        self, run: Runs, setup: Setup, request: Request, spool: Spool, follow: float | None, auto_ack: bool
    ) -> None:
        self._run = run
        self._setup = setup
        self._request = request
        self._spool = spool
        self._keeping = _Keeping(setup, spool, follow)
        self._follow = follow
        self._auto_ack = auto_ack
        self._process = os.getpid()
        self._state = _State.NEW
        self._queue = deque[Report]()
        self._others: list[Report] = []
        self._page = self._damaged = 0
        self._pause = 0.0
        # Makes the error that comes once everything that did arrive is handed out. An error itself,
        # kept here, would keep the drain alive by its traceback.
        self._failure: Callable[[], errors.VoiceError] | None = None
        self._final = False
        self._entered = False
        self._turn = Lock()
        self._hand = Hand()  # what `next(drain)` took
        self._consumer: Callable[[], object] = lambda: None  # the living consumer, referred to weakly

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return every gap that the spool knows of, the oldest first: lost answers, and maybe
        reports with them.

        A PostgreSQL is asked for them, which takes a moment: they are those of all its drains. Once
        the drain is closed, or while the database is away, they are as they were.
        """
        return self._spool.gaps

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Return everything in the spool that could not be understood, the oldest first. This reads
        the spool.

        Raises:
            SpoolError: it is closed, or was not opened yet.
        """
        return self._spool.unreadable

    @property
    def others(self) -> tuple[Report, ...]:
        """Return reports of other launches than `bulk_id`, which the server returned all the same.

        They stay in the spool until they are acknowledged with `ack`.
        """
        return tuple(self._others)

    # --- taking turns

    def _join(self, consumer: object | None) -> None:
        """Let a consumer in, None for `next(drain)`; with `auto_ack`, only while no other one
        lives.
        """
        self._refuse_another_process()
        # Not in a variable: the traceback of this error would keep the living consumer alive.
        if self._auto_ack and self._consumer() not in (None, consumer):
            raise errors.DrainInUse("another consumer takes reports from this drain")
        if consumer is not None:
            self._consumer = ref(consumer)

    def _begin_turn(self, consumer: object | None) -> None:
        """Let one consumer ask for reports, and no other until it has them."""
        self._refuse_another_process()
        if not self._turn.acquire(blocking=not self._auto_ack):
            raise errors.DrainInUse("the next report is being asked for already")
        try:
            self._join(consumer)
        except errors.DrainInUse:
            self._turn.release()
            raise

    def _leave(self, consumer: object | None, hand: Hand) -> None:
        """Let a consumer go that has died, has failed or has come to the end; what it had in hand
        is not done.
        """
        if self._auto_ack:
            self._queue.extendleft(reversed(hand.reports))
            hand.reports = []
        if consumer is None or self._consumer() in (None, consumer):
            self._consumer = lambda: None

    def _refuse_another_process(self) -> None:
        if self._process != os.getpid():
            raise errors.ConfigurationError("this drain belongs to another process: make one in each process")

    # --- the flow

    def _next(self, hand: Hand, most: int) -> Flow[list[Report]]:
        """Acknowledge what is in this hand, and take the next reports into it: at least one, and
        none at the end.
        """
        if self._state is _State.ENDED:
            return []
        yield from self._open()
        done, hand.reports = hand.reports, []
        if self._auto_ack and done:
            yield from self._keeping.call(self._spool.acknowledge, done)
        while not self._queue:
            stored: StoredPage | None = yield from self._keeping.call(self._spool.read, self._page)
            if stored is not None:
                self._take(stored)
            elif self._failure is not None:
                make = self._failure
                self._failure = make if self._final else None
                raise make()
            elif self._state is _State.EMPTY and self._follow is None:
                self._state = _State.ENDED
                if self._auto_ack and not self._entered:
                    yield Blocking(self._spool.close)
                return []
            else:
                yield from self._ask()
        hand.reports = [self._queue.popleft() for _ in range(min(most, len(self._queue)))]
        return hand.reports

    def _open(self) -> Flow[None]:
        if self._state is _State.NEW:
            yield Blocking(self._spool.open)
            self._state = _State.OPEN

    def _take(self, stored: StoredPage) -> None:
        self._page = max(self._page, stored.number)
        self._queue.extend(stored.waiting)
        self._others += stored.others
        for piece in stored.new:
            LOG.warning(
                "a report cannot be understood, its %d byte(s) are in the spool: %s", len(piece.body), piece.reason
            )
        if not stored.own:
            return
        reports, unreadable, damage = stored.page
        if not reports and not unreadable:
            self._state = _State.EMPTY
        self._damaged = self._damaged + 1 if damage or (unreadable and not reports) else 0
        if stored.others:
            self._fail(partial(_filter_ignored, self._request, tuple(stored.others)), final=True)
        elif self._failure is None and self._damaged >= self._setup.budget.attempts:
            reason = f"{self._damaged} answers in a row: {damage or unreadable[0].reason}"
            self._fail(partial(_unreadable, reason, unreadable))

    def _ask(self) -> Flow[None]:
        pause = max(self._pause, self._follow if self._state is _State.EMPTY and self._follow is not None else 0.0)
        if not pause and self._damaged:
            pause = self._setup.budget.first_wait
        if pause:
            yield Wait(pause)
        self._state, self._pause = _State.ASKING, 0.0
        exchanged = yield from exchange(self._setup, self._request, self._keeping)
        outcome, verdict, _ = exchanged
        if verdict == "answered":
            return
        if self._follow is not None:  # what asks for ever also waits as long as the server says
            self._pause = retry_after(outcome.headers) or 0.0
            if verdict == "throttled":
                self._pause = max(self._pause, self._follow)
                return
        # An answer that a setting of ours cut off would be cut off again, and each time cost a
        # page.
        self._fail(partial(failed, self._request, exchanged), final=verdict == "uncertain" and outcome.final != "")

    def _fail(self, make: Callable[[], errors.VoiceError], *, final: bool = False) -> None:
        """Raise this once all that did arrive has been handed out; a final error every time."""
        self._failure, self._final = make, final

    def _acknowledge(self, reports: Report | Iterable[Report]) -> Flow[None]:
        self._refuse_another_process()
        done = [reports] if isinstance(reports, Report) else list(reports)
        yield from self._keeping.call(self._spool.acknowledge, done)

    def _forget(self, forget: Callable[[], None]) -> Flow[None]:
        self._refuse_another_process()
        yield from self._open()
        yield from self._keeping.call(forget)

    def _end(self) -> Flow[None]:
        self._state = _State.ENDED
        yield Blocking(self._spool.close)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a drain cannot be copied or pickled: it has one consumer, in one process")

    def __del__(self) -> None:
        # A `sqlite3.Connection` lives until the cycle collector comes, and would hold its lock so
        # long.
        self._spool.close()


def _filter_ignored(request: Request, others: tuple[Report, ...]) -> errors.VoiceError:
    reason = f"the server returned {len(others)} report(s) of other launches than the bulk_id that was asked for"
    error = errors.FilterIgnored(reason, operation=request.operation.name, bulk_id=request.filters.get("bulkId"))
    error.others = others
    return error


def _unreadable(reason: str, unreadable: tuple[Unreadable, ...]) -> errors.VoiceError:
    error = errors.ReportsUnreadable(reason, operation="reports.drain", body=unreadable[0].body)
    error.unreadable = unreadable
    return error
