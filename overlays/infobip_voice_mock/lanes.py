"""How many push attempts are under way, and in which order they begin: a lane for each receiver."""

import asyncio
import resource
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from infobip_voice_mock.pushes import MAX_SECONDS_TO_ANSWER, Push

__all__ = ["Lanes", "Patience", "new_slots", "receiver"]

MAX_ATTEMPTS_AT_ONCE = 128
"""Of one mock, to all receivers; each needs a file descriptor."""

MAX_ATTEMPTS_IN_A_LANE = 8

SECONDS_OF_PRECEDENCE = 0.25
"""An attempt begins when the one before it in its lane is over, or has taken so long."""

SECONDS_FOR_ANOTHER_SILENT_RECEIVER = 1.0


def new_slots() -> asyncio.Semaphore:
    """Return the slots that all lanes of a mock share: one for each attempt under way."""
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = descriptors // 4 if descriptors != resource.RLIM_INFINITY else MAX_ATTEMPTS_AT_ONCE
    return asyncio.Semaphore(max(1, min(MAX_ATTEMPTS_AT_ONCE, few)))


def receiver(url: str) -> str:
    """Return which receiver a push to `url` goes to: scheme, host and port."""
    scheme, address = urlsplit(url)[:2]
    return f"{scheme}://{address.rpartition('@')[2]}".lower()


class Patience:
    """How long one move of a clock waits for receivers that do not answer.

    The first that is silent costs the whole time that a receiver has; nobody is waited for twice,
    and after the first the others have a second. So a move takes no ten seconds for each dead
    receiver, one after the other, while someone waits for it.
    """

    def __init__(self) -> None:
        self._silent: set[str] = set()

    def seconds(self, url: str) -> float:
        """Return how long to wait for the answer to a push to `url`; 0 for not to ask at all."""
        if receiver(url) in self._silent:
            return 0.0
        return SECONDS_FOR_ANOTHER_SILENT_RECEIVER if self._silent else MAX_SECONDS_TO_ANSWER

    def exhausted(self, url: str) -> None:
        """Note that the receiver of a push to `url` did not answer in time."""
        self._silent.add(receiver(url))


class _Job(NamedTuple):
    push: Push
    patience: Patience | None
    done: asyncio.Future[None]


@dataclass(eq=False)
class _Lane:
    waiting: deque[_Job] = field(default_factory=deque[_Job])
    under_way: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    run: asyncio.Task[None] | None = None


class Lanes:
    """The push attempts of one account that are due.

    Those to one receiver begin in the order in which they are submitted. A receiver that answers at
    once gets one at a time, so they also arrive in that order; one that takes its time gets several
    at once. Receivers do not wait for each other.

    Args:
        attempt: Makes one attempt.
        put_back: Takes a push whose attempt was broken off or never begun.
        slots: As many as there may be attempts under way, in all lanes of a mock.
        prepare: Is done before the first attempt.
    """

    def __init__(
        self,
        attempt: Callable[[Push, Patience | None], Coroutine[Any, Any, None]],
        put_back: Callable[[Push], None],
        slots: asyncio.Semaphore,
        prepare: Callable[[], Awaitable[None]],
    ) -> None:
        self._attempt = attempt
        self._put_back = put_back
        self._slots = slots
        self._prepare = prepare
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)

    def submit(self, push: Push, patience: Patience | None = None) -> asyncio.Future[None]:
        """Make an attempt when its turn comes; the future is done when the attempt is over."""
        job = _Job(push, patience, asyncio.get_running_loop().create_future())
        to = receiver(push.url)
        lane = self._lanes[to]
        lane.waiting.append(job)
        if lane.run is None:
            self._start(to, lane)
        return job.done

    def close(self) -> None:
        """Break off the attempts that are under way, and begin no other."""
        for lane in self._lanes.values():
            for task in (lane.run, *lane.under_way):
                if task is not None:
                    task.cancel()

    # What follows a task is a callback and no `finally`: a task that is cancelled before its first
    # step, as when the event loop ends, runs none of its code.

    def _start(self, to: str, lane: _Lane) -> None:
        lane.run = asyncio.get_running_loop().create_task(self._run(to, lane))
        lane.run.add_done_callback(partial(self._leave, to, lane))

    async def _run(self, to: str, lane: _Lane) -> None:
        await self._prepare()
        while lane.waiting:
            while len(lane.under_way) >= MAX_ATTEMPTS_IN_A_LANE:
                await asyncio.wait(lane.under_way, return_when=asyncio.FIRST_COMPLETED)
            await self._slots.acquire()
            job = lane.waiting.popleft()
            attempt = asyncio.get_running_loop().create_task(self._attempt(job.push, job.patience))
            lane.under_way.add(attempt)
            attempt.add_done_callback(partial(self._end, to, lane, job))
            await asyncio.wait({attempt}, timeout=SECONDS_OF_PRECEDENCE)

    def _leave(self, to: str, lane: _Lane, run: asyncio.Task[None]) -> None:
        lane.run = None
        if lane.waiting and not run.cancelled():  # submitted after the last step
            return self._start(to, lane)
        while lane.waiting:
            self._let_go(lane.waiting.popleft(), undone=True)
        return self._tidy(to, lane)

    def _end(self, to: str, lane: _Lane, job: _Job, attempt: asyncio.Task[None]) -> None:
        self._slots.release()
        lane.under_way.discard(attempt)
        self._let_go(job, undone=attempt.cancelled())
        self._tidy(to, lane)

    def _let_go(self, job: _Job, undone: bool) -> None:
        if undone:
            self._put_back(job.push)
        if not job.done.done():
            job.done.set_result(None)

    def _tidy(self, to: str, lane: _Lane) -> None:
        if lane.run is None and not lane.under_way:
            self._lanes.pop(to, None)
