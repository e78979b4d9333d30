"""Plays scripts: sends what they yield, waits where they wait, and hands back what came."""

from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email.utils import parsedate_to_datetime
from threading import Barrier, BrokenBarrierError
from typing import Any, Final, NamedTuple, Protocol

from infobip_voice_contract.clock import Clock
from infobip_voice_contract.demands import Demand, demand
from infobip_voice_contract.exchange import Answer, Request, Sent, Transport
from infobip_voice_contract.history import History
from infobip_voice_contract.journal import Journal
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.safety import Guard, Rate, Unsafe

__all__ = ["Driver", "Flow", "OutOfTime", "Push", "Pushes", "Step", "Together", "Wait"]

MAX_THROTTLED: Final = 30  # waits for one request
MAX_RETRY_AFTER: Final = 120.0
MAX_START: Final = 5.0  # seconds in which requests at the same time have to be ready


class Together(NamedTuple):
    """Requests to send at the same time, each over a connection of its own."""

    requests: tuple[Request, ...]


class Wait(NamedTuple):
    """Wait until the reports of all calls that are due have to be there.

    Attributes:
        seconds: The least to wait, counted from the step.
    """

    seconds: float = 0.0


class Push(NamedTuple):
    """A push that arrived, and what it was answered."""

    at: float
    request: Request
    answer: Answer


class Pushes(Protocol):
    """Where pushes arrive."""

    def take(self) -> list[Push]:
        """Return what has arrived since."""
        ...


Step = Request | Together | Wait
Flow = Generator[Step, Any, None]
"""A script: it yields steps, and gets a `Judged` for a request, several for `Together`."""


class OutOfTime(Exception):
    """The deadline of the run has passed."""


class Driver:
    """Carries steps out, one script after the other, up to their waits, which they share.

    Args:
        transport: Reaches the server.
        journal: Takes every exchange.
        history: Looks at every exchange.
        clock: Tells the time.
        guard: Looks at every request first.
        rate: Spaces requests out.
        deadline: When the run has to be over, by the clock; None for never.
        watch: Is told every exchange.
        pushes: Where pushes arrive, if anywhere.
    """

    def __init__(
        self,
        transport: Transport,
        journal: Journal,
        history: History,
        clock: Clock,
        guard: Guard,
        rate: Rate,
        *,
        deadline: float | None = None,
        watch: Callable[[Judged], object] = bool,
        pushes: "Pushes | None" = None,
    ) -> None:
        self._transport = transport
        self._journal = journal
        self.history = history
        self.clock = clock
        self._guard = guard
        self._rate = rate
        self._deadline = deadline
        self._watch = watch
        self._pushes = pushes

    def send(self, request: Request, script: str) -> Judged:
        """Send a request, wait out every 429, and return the last exchange.

        Raises:
            Unsafe: the request was not sent.
            OutOfTime: the deadline has passed; nothing was sent.
        """
        for _ in range(MAX_THROTTLED):
            judged = self.once(request, script)
            answer = judged.exchange.answer
            if answer is None or answer.status != 429:
                break
            self._sleep(_retry_after(answer.field("retry-after"), self.clock.now()))
        return judged  # pyright: ignore[reportPossiblyUnboundVariable]

    def once(self, request: Request, script: str) -> Judged:
        """Send a request once."""
        wanted = self._permit(request)
        return self._record(script, request, wanted, *self._carry(request))

    def together(self, requests: Sequence[Request], script: str) -> tuple[Judged, ...]:
        """Send requests at the same time."""
        wanted = [self._permit(request) for request in requests]
        # None begins before all can: on a busy machine the first would be answered by then.
        ready = Barrier(len(requests), timeout=MAX_START)

        def carry(request: Request) -> tuple[float, float, Sent]:
            with suppress(BrokenBarrierError):  # a thread could not start, and the others wait for none
                ready.wait()
            return self._carry(request)

        with ThreadPoolExecutor(len(requests)) as pool:
            carried = list(pool.map(carry, requests))
        # In the order in which they ended, as everything in a journal.
        order = sorted(range(len(requests)), key=lambda index: carried[index][1])
        judged = {index: self._record(script, requests[index], wanted[index], *carried[index]) for index in order}
        return tuple(judged[index] for index in range(len(requests)))

    def play(self, scripts: Iterable[tuple[str, Flow]], *, done: Callable[[str], None] | None = None) -> list[str]:
        """Play scripts, and return the names of those that did not come to their end, with reasons.

        All run up to their next wait; then there is one wait for all of them.
        """
        waiting: list[tuple[str, Flow]] = list(scripts)
        broken: list[str] = []
        while waiting:
            parked: list[tuple[str, Flow]] = []
            longest = 0.0
            for name, flow in waiting:
                try:
                    wait = self._advance(name, flow)
                except Unsafe as unsafe:
                    broken.append(f"{name}: {unsafe}")
                    wait = None
                if wait is None:
                    if done is not None:
                        done(name)
                    continue
                longest = max(longest, wait.seconds)
                parked.append((name, flow))
            if parked:
                self.settle(longest)
            waiting = parked
        return broken

    def settle(self, least: float = 0.0) -> None:
        """Wait until the reports of all calls that are due by now have to be there."""
        self._sleep(max(least, (self.history.patience or 0.0) + 0.02))

    def _advance(self, name: str, flow: Flow) -> Wait | None:
        try:
            step = next(flow)
            while not isinstance(step, Wait):
                sent = self.together(step.requests, name) if isinstance(step, Together) else self.send(step, name)
                step = flow.send(sent)
        except StopIteration:
            return None
        return step

    def _permit(self, request: Request) -> Demand:
        if self._deadline is not None and self.clock.now() >= self._deadline:
            raise OutOfTime
        wanted = demand(request, self.history.contract)
        self._guard.check(request, effective=wanted.is_valid or (bool(wanted.doubts) and not wanted.causes))
        self._sleep(self._rate.wait(self.clock.now()))
        return wanted

    def _carry(self, request: Request) -> tuple[float, float, Sent]:
        started = self.clock.now()
        sent = self._transport.send(request)
        return started, self.clock.now(), sent

    def absorb(self) -> None:
        """Add the pushes that have arrived."""
        for push in self._pushes.take() if self._pushes is not None else ():
            exchange = self._journal.add(
                script="push",
                started=push.at,
                ended=push.at,
                request=push.request,
                answer=push.answer,
                direction="push",
            )
            self._watch(self.history.add(exchange))

    def _record(
        self, script: str, request: Request, wanted: Demand, started: float, ended: float, sent: Sent
    ) -> Judged:
        exchange = self._journal.add(
            script=script, started=started, ended=ended, request=request, answer=sent.answer,
            failure=sent.failure, sent=sent.sent, received=sent.received,
        )  # fmt: skip
        judged = self.history.add(exchange, wanted)
        self._watch(judged)
        self.absorb()
        return judged

    def _sleep(self, seconds: float) -> None:
        if seconds <= 0:
            return
        if self._deadline is not None and self.clock.now() + seconds > self._deadline:
            raise OutOfTime
        self.clock.sleep(seconds)
        self.absorb()


def _retry_after(value: str | None, now: float) -> float:
    wait = 1.0
    if value is not None and value.strip().isdecimal():
        wait = float(value)
    elif value is not None:
        with suppress(ValueError):
            wait = parsedate_to_datetime(value).timestamp() - now
    return min(max(wait, 0.05), MAX_RETRY_AFTER)
