"""One request and its repetitions, as a flow: the test plays server and clock."""

from collections.abc import Iterable
from typing import Any

import pytest

from infobip_voice import Budget
from infobip_voice._exchange import Blocking, Exchanged, Setup, Wait, exchange
from infobip_voice._messages import Operation, Outcome, Request
from sdk.clients import Clock

LAUNCH = Request(Operation("ivr.launch"), "POST", "/voice/ivr/1/messages", b"{}", "application/json", "B", ("m",))
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
    seconds_each: float = 0.0,
) -> tuple[Exchanged, list[tuple[float, Any]]]:
    """Be the server, which takes so long for each answer; return the result and timed effects."""
    clock = Clock()
    flow = exchange(Setup(budget=budget or Budget(), clock=clock, random=lambda: 0.5), request, recorder)
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


def test_a_recorder_is_told_before_each_attempt_and_after_it() -> None:
    """It is told before the request leaves, and what the attempt came to before anybody waits."""

    class Silent:
        def begin(self) -> None: ...
        def end(self, outcome: Outcome, verdict: str) -> None: ...

    recorder = Silent()
    _, effects = play([UNSENT, ANSWERED], recorder=recorder)
    assert [effect for _, effect in effects] == [
        Blocking(recorder.begin),
        LAUNCH,
        Blocking(recorder.end, (UNSENT, "unsent")),
        Wait(0.25),
        Blocking(recorder.begin),
        LAUNCH,
        Blocking(recorder.end, (ANSWERED, "answered")),
    ]
