"""One request and its answer, without I/O: what the flows yield, what they receive, and the flow
that both share.

A flow is a generator. It yields a `Request`, a `Wait` or a `Blocking`, receives an `Outcome`,
nothing, or what the function returned, and returns its result. `_drivers` carries a flow out, once
for threads and once for asyncio.
"""

import logging
import os
import random
import time
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from infobip_voice._log import LOG
from infobip_voice._messages import Outcome, Request, Verdict
from infobip_voice._policy import Budget, decide
from infobip_voice_wire.telephone import mask_numbers

__all__ = ["Attempt", "Blocking", "Effect", "Exchanged", "Flow", "Recorder", "Setup", "Wait", "exchange"]

# What a log line may show of an answer. Everything else might carry credentials, numbers or
# cookies.
_LOGGED_HEADERS: Final = ("content-type", "content-length", "content-encoding", "retry-after", "date")
_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


class Wait(NamedTuple):
    """Wait that long."""

    seconds: float


class Blocking(NamedTuple):
    """Call a function that may block (the spool's), away from an event loop, and receive what it
    returns.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()


T = TypeVar("T")
Effect = Request | Wait | Blocking
Flow = Generator[Effect, Any, T]


class Attempt(NamedTuple):
    """One attempt, for `trace`: called after each, on the thread or task that made it.

    Attributes:
        operation: `ivr.launch`, `click_to_call.launch`, `reports.fetch` …
        number: 1 for the first attempt.
        verdict: `answered`, `refused`, `throttled`, `unsent` or `uncertain`.
        status: the HTTP status, if there was one.
        seconds: how long it took.
        request_bytes: the length of the body sent.
        answer_bytes: the length of the body received, as far as it arrived.
        bulk_id: the name of the request, for a launch.
        calls: how many calls the request launches.
        wait: seconds until the next attempt; None if there is none.
    """

    operation: str
    number: int
    verdict: Verdict
    status: int | None
    seconds: float
    request_bytes: int
    answer_bytes: int
    bulk_id: str | None
    calls: int
    wait: float | None


def _new_id() -> str:
    """Return 128 random bits in the letters a to p, which nobody takes for a telephone number."""
    return os.urandom(16).hex().translate(_LETTERS)


def _now() -> datetime:
    return datetime.now(UTC)


class Setup(NamedTuple):
    """What every flow needs, injected; `ClientOptions` says what each is."""

    wire_format: str = "json"
    budget: Budget = Budget()
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _now
    random: Callable[[], float] = random.random
    new_id: Callable[[], str] = _new_id
    trace: Callable[[Attempt], None] | None = None


class Recorder(Protocol):
    """Records each attempt of a drain, by flows: `begin` before the request is sent, `end` with
    what came of it.
    """

    def begin(self) -> Flow[None]: ...
    def end(self, outcome: Outcome, verdict: Verdict) -> Flow[None]: ...


class Exchanged(NamedTuple):
    """The last outcome, what it came to, and whether an attempt before it had no verdict."""

    outcome: Outcome
    verdict: Verdict
    repeated: bool


def exchange(setup: Setup, request: Request, recorder: Recorder | None = None) -> Flow[Exchanged]:
    """Send a request, again where the policy says so, and return the last outcome.

    Its content, ids included, is the same in every attempt.
    """
    began = now = setup.clock()
    repeated, number = False, 1
    while True:
        if recorder is not None and request.operation.consumes:
            yield from recorder.begin()
        try:
            outcome: Outcome = yield request
        except Exception:  # the transport refuses: nothing was sent
            if recorder is not None:
                yield from recorder.end(Outcome("unsent"), "unsent")
            raise
        except BaseException as interruption:  # a cancelled task or Ctrl-C: as good as a lost answer
            interruption.add_note(f"{request.operation.name} was on its way; bulk {request.bulk_id}")
            lost = Outcome("lost", failure=f"interrupted by {type(interruption).__name__}")
            _observe(setup, request, lost, number, "uncertain", setup.clock() - now, None)
            raise
        started, now = now, setup.clock()
        decision = decide(request.operation, outcome, number, now - began, setup.budget)
        verdict = decision.verdict
        if recorder is not None:
            # Where reading takes nothing away, a lost answer has lost nothing: there is no gap.
            lost_nothing = verdict == "uncertain" and not request.operation.consumes
            yield from recorder.end(outcome, "unsent" if lost_nothing else verdict)
        wait = decision.at_least + setup.random() * decision.spread if decision.again else None
        _observe(setup, request, outcome, number, verdict, now - started, wait)
        if wait is None:
            return Exchanged(outcome, verdict, repeated)
        repeated = repeated or verdict == "uncertain"
        yield Wait(wait)
        now, number = setup.clock(), number + 1


def _observe(
    setup: Setup, request: Request, outcome: Outcome, number: int, verdict: Verdict, seconds: float, wait: float | None
) -> None:
    level = logging.DEBUG if verdict == "answered" else logging.WARNING
    calls = len(request.message_ids)
    if LOG.isEnabledFor(level):
        headers = {name: outcome.headers[name] for name in _LOGGED_HEADERS if name in outcome.headers}
        # The path and the ids are ours. A number may be in the words of the server or the
        # transport.
        foreign = mask_numbers(f"{outcome.failure} {headers}", request.ids)
        LOG.log(
            level,
            "%s %s bulk=%s calls=%d attempt=%d %s status=%s bytes=%d seconds=%.3f %s again=%s",
            request.method, request.path, request.bulk_id, calls, number, verdict, outcome.status, len(outcome.body),
            seconds,
            foreign, "no" if wait is None else f"in {wait:.2f} s",
        )  # fmt: skip
    if setup.trace is None:
        return
    attempt = Attempt(
        request.operation.name, number, verdict, outcome.status, seconds, len(request.content), len(outcome.body),
        request.bulk_id, calls, wait,
    )  # fmt: skip
    try:
        setup.trace(attempt)
    except Exception:  # a fault in somebody's tracing must not turn an accepted launch into an error
        LOG.exception("the trace hook failed")
