"""One request and its repetitions, as a flow: the test plays server and clock."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest

from infobip_voice import Attempt, Budget, ConfigurationError
from infobip_voice._exchange import Blocking, Exchanged, Flow, Setup, Wait, exchange
from infobip_voice._messages import Operation, Outcome, Request, Verdict
from infobip_voice_schema.operations import OPERATIONS
from sdk.clients import Clock

LAUNCH = Request(
    Operation("ivr.launch"),
    "POST",
    "/voice/ivr/1/messages",
    b"{}",
    "application/json",
    "B",
    ("m",),
)
THROTTLED = Outcome("answered", 429, {"retry-after": "4"})
UNSENT = Outcome("unsent", failure="ConnectError")
LOST = Outcome("lost", failure="ReadTimeout")
ANSWERED = Outcome("answered", 200)


def play(
    outcomes: Iterable[Outcome],
    *,
    budget: Budget | None = None,
    request: Request = LAUNCH,
    recorder: Any = None,
    trace: Callable[[Attempt], None] | None = None,
    seconds_each: float = 0.0,
) -> tuple[Exchanged, list[tuple[float, Any]]]:
    """Be the server, which takes so long for each answer; return the result and timed effects."""
    clock = Clock()
    flow = exchange(Setup(budget=budget or Budget(), clock=clock, random=lambda: 0.5, trace=trace), request, recorder)
    answers, reply = iter(outcomes), None
    effects: list[tuple[float, Any]] = []
    while True:
        try:
            effect: Any = flow.send(reply)
        except StopIteration as end:
            return end.value, effects
        effects.append((clock.now - 1000.0, effect))
        reply = None
        if isinstance(effect, Wait):
            clock.sleep(effect.seconds)
        elif isinstance(effect, Request):
            clock.now += seconds_each
            reply = next(answers)


@pytest.mark.parametrize(
    ("outcome", "seconds_each", "times"),
    [
        # Retry-After 4 and half of half a second; a fourth might begin after the tenth second.
        (THROTTLED, 0.0, [0.0, 4.25, 8.5]),
        # What the attempts themselves take counts too.
        (THROTTLED, 3.0, [0.0, 7.25]),
        (UNSENT, 4.0, [0.0, 4.25, 8.75]),
        (UNSENT, 9.6, [0.0]),
    ],
)
def test_the_seconds_of_a_budget_count_from_the_first_attempt(
    outcome: Outcome, seconds_each: float, times: list[float]
) -> None:
    """No attempt begins later; counted from the last attempt, they would go on for ever."""
    budget = Budget(attempts=100, seconds=10.0, first_wait=0.5, longest_wait=30.0)
    result, effects = play([outcome] * 100, budget=budget, seconds_each=seconds_each)
    assert [second for second, effect in effects if effect == LAUNCH] == times
    assert result.outcome == outcome


@pytest.mark.parametrize(
    ("outcomes", "repeated"),
    [
        ([ANSWERED], False),
        ([UNSENT, ANSWERED], False),
        ([THROTTLED, ANSWERED], False),
        ([LOST, ANSWERED], True),
        ([LOST, UNSENT, ANSWERED], True),
        ([UNSENT, LOST, THROTTLED, ANSWERED], True),
    ],
)
def test_one_attempt_without_a_verdict_marks_the_whole_exchange(outcomes: list[Outcome], repeated: bool) -> None:
    """However the attempts after it ended: the calls may have been launched by it."""
    insist = LAUNCH._replace(operation=Operation("ivr.launch", repeat_uncertain=True))
    result, effects = play(outcomes, budget=Budget(attempts=9), request=insist)
    assert result == Exchanged(ANSWERED, "answered", repeated)
    assert [effect for _, effect in effects].count(insist) == len(outcomes)


class Silent:
    """Records by calls that may block, as a drain does."""

    def store(self, *_: object) -> None: ...

    def begin(self) -> Flow[None]:
        yield Blocking(self.store)

    def end(self, outcome: Outcome, verdict: Verdict) -> Flow[None]:
        yield Blocking(self.store, (outcome, verdict))


def test_a_recorder_is_told_before_each_attempt_and_after_it() -> None:
    """It is told before the request leaves, and what the attempt came to before anybody waits."""

    recorder = Silent()
    _, effects = play([UNSENT, ANSWERED], request=REPORTS, recorder=recorder)
    assert [effect for _, effect in effects] == [
        Blocking(recorder.store),
        REPORTS,
        Blocking(recorder.store, (UNSENT, "unsent")),
        Wait(0.25),
        Blocking(recorder.store),
        REPORTS,
        Blocking(recorder.store, (ANSWERED, "answered")),
    ]


@pytest.mark.parametrize(
    ("outcome", "consuming", "keeping"),
    [
        (LOST, "uncertain", "unsent"),
        (ANSWERED, "answered", "answered"),
        (Outcome("answered", 400), "refused", "refused"),
    ],
)
def test_a_lost_answer_is_recorded_as_a_gap_only_where_reading_consumes(
    outcome: Outcome, consuming: Verdict, keeping: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the contract says that reading takes nothing away, nothing is announced or lost."""
    for consumes, verdict in ((True, consuming), (False, keeping)):
        monkeypatch.setitem(OPERATIONS["fetchReports"], "consumes_on_read", consumes)
        recorder = Silent()
        _, effects = play([outcome], budget=Budget(attempts=1), request=REPORTS, recorder=recorder)
        announced = [Blocking(recorder.store)] if consumes else []
        assert [effect for _, effect in effects] == [
            *announced, REPORTS, Blocking(recorder.store, (outcome, verdict)),
        ]  # fmt: skip


def test_what_the_transport_refuses_is_recorded_as_unsent() -> None:
    """Nothing left, so that no later drain may take it for a gap; the caller gets the refusal."""

    recorder, refusal = Silent(), ConfigurationError("the client is closed")
    flow = exchange(Setup(), REPORTS, recorder)
    assert [next(flow), flow.send(None)] == [Blocking(recorder.store), REPORTS]
    assert flow.throw(refusal) == Blocking(recorder.store, (Outcome("unsent"), "unsent"))
    with pytest.raises(ConfigurationError) as caught:
        next(flow)
    assert caught.value is refusal


def test_what_the_transport_refuses_reaches_the_caller() -> None:
    """A launch has no recorder that had to hear of it first."""
    refusal = ConfigurationError("the client is closed")
    flow = exchange(Setup(), LAUNCH)
    assert next(flow) == LAUNCH
    with pytest.raises(ConfigurationError) as caught:
        flow.throw(refusal)
    assert caught.value is refusal


REPORTS = Request(
    Operation("reports.fetch"),
    "GET",
    "/tts/3/reports?limit=50",
    b"",
    "application/json",
    None,
    ("name-41793026727",),
)
FOREIGN = {
    "content-type": "text/41793026727",
    "content-length": "4",
    "content-encoding": "gzip",
    "retry-after": "4",
    "date": "today",
    "set-cookie": "secret",
}


@pytest.mark.parametrize(
    ("request_", "outcomes", "level", "lines"),
    [
        (
            LAUNCH,
            [Outcome("answered", 429, FOREIGN, b"body"), ANSWERED],
            logging.INFO,
            [
                "POST /voice/ivr/1/messages bulk=B calls=1 attempt=1 throttled status=429 bytes=4 seconds=0.250 "
                " {'content-type': 'text/*********27', 'content-length': '4', 'content-encoding': 'gzip', "
                "'retry-after': '4', 'date': 'today'} again=in 4.25 s",
            ],
        ),
        (
            REPORTS,
            [Outcome("unsent", failure="no route to 41793026727 for name-41793026727"), ANSWERED],
            logging.DEBUG,
            [
                "GET /tts/3/reports?limit=50 bulk=None calls=1 attempt=1 unsent status=None bytes=0 seconds=0.250 "
                "no route to *********27 for name-41793026727 {} again=in 0.25 s",
                "GET /tts/3/reports?limit=50 bulk=None calls=1 attempt=2 answered status=200 bytes=0 seconds=0.250 "
                " {} again=no",
            ],
        ),
    ],
)
def test_a_log_line_for_each_attempt(
    request_: Request, outcomes: list[Outcome], level: int, lines: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """It has what one needs to follow the attempt; a number that is no id of ours is masked."""
    caplog.set_level(level, "infobip_voice")
    play(outcomes, request=request_, seconds_each=0.25)
    assert caplog.messages == lines
    expected = [logging.WARNING, logging.DEBUG][: len(lines)]
    assert [record.levelno for record in caplog.records] == expected


def test_each_attempt_is_traced() -> None:
    """One event for each, with what it came to, how long it took, and what follows."""
    events: list[Attempt] = []
    outcomes = [Outcome("answered", 429, {"retry-after": "4"}, b"busy"), UNSENT, Outcome("answered", 200, {}, b"{}")]
    play(outcomes, trace=events.append, seconds_each=0.25)
    assert events == [
        Attempt("ivr.launch", 1, "throttled", 429, 0.25, 2, 4, "B", 1, 4.25),
        Attempt("ivr.launch", 2, "unsent", None, 0.25, 2, 0, "B", 1, 0.5),
        Attempt("ivr.launch", 3, "answered", 200, 0.25, 2, 2, "B", 1, None),
    ]


def test_a_fault_in_the_trace_hook_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """It must not turn an accepted launch into an error."""

    def trace(_: Attempt) -> None:
        raise ZeroDivisionError

    result, _ = play([ANSWERED], trace=trace)
    assert result.verdict == "answered"
    assert caplog.messages == ["the trace hook failed"]
    assert caplog.records[0].exc_info is not None


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, asyncio.CancelledError])
def test_an_interrupted_request_is_told(interruption: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    """It is as good as a lost answer: noted on the exception, logged, traced, and not repeated."""
    clock, events = Clock(), list[Attempt]()
    flow = exchange(Setup(clock=clock, trace=events.append), LAUNCH)
    assert next(flow) == LAUNCH
    clock.now += 2.5
    with pytest.raises(interruption) as caught:
        flow.throw(interruption())
    assert caught.value.__notes__ == ["ivr.launch was on its way; bulk B"]
    assert events == [Attempt("ivr.launch", 1, "uncertain", None, 2.5, 2, 0, "B", 1, None)]
    assert caplog.messages == [
        "POST /voice/ivr/1/messages bulk=B calls=1 attempt=1 uncertain status=None bytes=0 seconds=2.500 "
        f"interrupted by {interruption.__name__} {{}} again=no"
    ]


def test_what_a_flow_has_unless_it_is_injected() -> None:
    """Ids are 32 letters, which no mask takes for a number; moments are in UTC."""
    setup = Setup()
    made = {setup.new_id() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch("[a-p]{32}", name) for name in made)
    assert setup.now().utcoffset() == timedelta(0)
