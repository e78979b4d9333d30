"""The policy is one table, and so is its test."""

from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis.strategies import text

from infobip_voice import NO_RETRIES, Budget
from infobip_voice._messages import Operation, Outcome
from infobip_voice._policy import Decision, decide, retry_after

LAUNCH = Operation("ivr.launch")
INSIST = Operation("ivr.launch", repeat_uncertain=True)
BUDGET = Budget(attempts=3, seconds=60.0, first_wait=0.5, longest_wait=30.0)


@pytest.mark.parametrize(
    ("phase", "status", "verdict"),
    [
        ("unsent", None, "unsent"),
        ("lost", None, "uncertain"),
        ("answered", 200, "answered"),
        ("answered", 201, "answered"),
        ("answered", 204, "answered"),
        ("cut", 200, "uncertain"),
        *[("cut", status, "refused") for status in (302, 400, 401, 407)],
        ("answered", 429, "throttled"),
        ("cut", 429, "throttled"),
        ("cut", 303, "uncertain"),
        ("cut", 500, "uncertain"),
    ],
)
def test_what_an_attempt_came_to(phase: Any, status: int | None, verdict: str) -> None:
    """Phase and status alone give the verdict, the same for launches and reports."""
    for operation in (LAUNCH, INSIST):
        assert decide(operation, Outcome(phase, status), 1, 0.0, BUDGET).verdict == verdict


# Written out (ruling R22): redirects that say "elsewhere", and the 4xx of IANA's registry but 408,
# 409 and 429. 418 is reserved there and assigned to nothing.
REFUSED = {
    *(301, 302, 307, 308),
    *(400, 401, 402, 403, 404, 405, 406, 407, 410, 411, 412, 413, 414, 415, 416, 417),
    *(421, 422, 423, 424, 425, 426, 428, 431, 451),
}


def test_what_each_status_says() -> None:
    """Every status has one verdict, and what nobody has assigned is uncertain."""
    verdicts = {
        status: decide(LAUNCH, Outcome("answered", status), 1, 0.0, BUDGET).verdict for status in range(100, 1000)
    }
    assert {status for status, verdict in verdicts.items() if verdict == "refused"} == REFUSED
    assert {status for status, verdict in verdicts.items() if verdict == "answered"} == set(range(200, 300))
    assert [status for status, verdict in verdicts.items() if verdict == "throttled"] == [429]
    assert all(
        verdicts[status] == "uncertain" for status in (101, 300, 303, 304, 408, 409, 418, 420, 499, 500, 503, 520)
    )


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome("unsent", final="the certificate does not verify"),
        Outcome("lost", final="deadline"),
        Outcome("cut", 200, final="max_answer_bytes"),
        Outcome("cut", 429, final="deadline"),
        Outcome("cut", 503, {"retry-after": "1"}, final="deadline"),
    ],
)
def test_a_final_outcome_is_never_repeated(outcome: Outcome) -> None:
    """Another attempt would fail alike, and lose another page."""
    assert not decide(INSIST, outcome, 1, 0.0, BUDGET).again
    assert decide(INSIST, outcome._replace(final=""), 1, 0.0, BUDGET).again


@pytest.mark.parametrize(
    ("operation", "phase", "status", "again"),
    [
        (LAUNCH, "unsent", None, True),
        (LAUNCH, "answered", 429, True),
        (LAUNCH, "answered", 400, False),
        (LAUNCH, "answered", 200, False),
        (LAUNCH, "lost", None, False),
        (LAUNCH, "cut", 200, False),
        (LAUNCH, "answered", 503, False),
        (INSIST, "lost", None, True),
        (INSIST, "cut", 200, True),
        (INSIST, "answered", 503, True),
        (INSIST, "answered", 400, False),
        (INSIST, "answered", 200, False),
    ],
)
def test_what_may_be_repeated(operation: Operation, phase: Any, status: int | None, again: bool) -> None:
    """An uncertain attempt is repeated only if the operation says that it may be."""
    assert decide(operation, Outcome(phase, status), 1, 0.0, BUDGET).again is again


@pytest.mark.parametrize(
    ("attempt", "elapsed", "budget", "expected"),
    [
        (1, 0.0, BUDGET, Decision("unsent", True, 0.0, 0.5)),
        (2, 0.0, BUDGET, Decision("unsent", True, 0.0, 1.0)),
        (3, 0.0, BUDGET, Decision("unsent")),
        (1, 59.5, BUDGET, Decision("unsent", True, 0.0, 0.5)),
        (1, 59.6, BUDGET, Decision("unsent")),
        (1, 0.0, NO_RETRIES, Decision("unsent")),
        (9, 0.0, Budget(attempts=99, longest_wait=30.0), Decision("unsent", True, 0.0, 30.0)),
        (5000, 0.0, Budget(attempts=9999), Decision("unsent", True, 0.0, 30.0)),
    ],
)
def test_budgets(attempt: int, elapsed: float, budget: Budget, expected: Decision) -> None:
    """Both attempts and seconds are limits; the longest wait doubles up to a ceiling."""
    assert decide(LAUNCH, Outcome("unsent"), attempt, elapsed, budget) == expected


def date(seconds: int) -> str:
    return f"Sat, 21 Nov 2026 10:{seconds // 60:02}:{seconds % 60:02} GMT"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("elapsed", [0.0, 29.9, 30.0, 50.0, 59.9, 60.0, 99.0])
@pytest.mark.parametrize("asked", [0, 7, 30, 31, 60, 3600])
@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_obeyed_or_declined(status: int, elapsed: float, asked: int, as_date: bool) -> None:
    """The next attempt comes after what was asked, or not at all; jitter only adds."""
    headers = {"retry-after": date(asked), "date": date(0)} if as_date and asked < 3600 else {"retry-after": str(asked)}
    decision = decide(INSIST, Outcome("answered", status, headers), 1, elapsed, BUDGET)
    assert decision.again is (asked <= 30 and elapsed + asked <= 60)
    assert decision.verdict == ("throttled" if status == 429 else "uncertain")
    if decision.again:
        assert decision.at_least == asked
        assert decision.spread == min(0.5, 60 - elapsed - asked)


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (429, {}, Decision("throttled", True, 0.0, 0.5)),
        (429, {"retry-after": " "}, Decision("throttled", True, 0.0, 0.5)),
        (429, {"retry-after": "soon"}, Decision("throttled")),
        (429, {"retry-after": "30s"}, Decision("throttled")),
        (429, {"retry-after": "5, 60"}, Decision("throttled")),
        (429, {"retry-after": date(5)}, Decision("throttled")),
        (503, {"retry-after": "soon"}, Decision("uncertain")),
        (502, {"retry-after": "3600"}, Decision("uncertain", True, 0.0, 0.5)),
    ],
)
def test_a_wish_that_cannot_be_read_is_declined(status: int, headers: dict[str, str], expected: Decision) -> None:
    """Any wait of ours might be too short. Other statuses carry no such wish."""
    assert decide(INSIST, Outcome("answered", status, headers), 1, 0.0, BUDGET) == expected


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "9" * 5000}, 2.0**31),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1e3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "١"}, None),
        ({"retry-after": date(30), "date": date(0)}, 30.0),
        ({"retry-after": date(0), "date": date(30)}, 0.0),
        ({"retry-after": "Saturday, 21-Nov-26 10:00:30 GMT", "date": date(0)}, 30.0),
        ({"retry-after": "Sat Nov 21 10:00:30 2026", "date": date(0)}, 30.0),
        ({"retry-after": date(30), "date": "Sat Nov 21 10:00:00 2026"}, 30.0),
        ({"retry-after": date(30), "date": "Sat, 21 Nov 2026 11:00:00 +0100"}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:30 +0100", "date": date(0)}, 30.0),
        ({"retry-after": date(30)}, None),
        ({"retry-after": date(30), "date": "today"}, None),
        ({"retry-after": "Sat, 21 Nov 2026 10:00:00 +99999999999", "date": date(0)}, None),
        ({"retry-after": "Sat, 01 Jan 0001 00:00:00 +2300", "date": "Sat, 31 Dec 9999 23:59:59 -2300"}, 0.0),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, or a date against the answer's own date; anything else cannot be read."""
    assert retry_after(headers) == seconds


@hypothesis.settings(derandomize=True, deadline=None, database=None, max_examples=200)
@given(text(max_size=40), text(max_size=40))
def test_retry_after_never_raises(wish: str, now: str) -> None:
    """Whatever a server sends: the answer that carries it is worth more."""
    assert (retry_after({"retry-after": wish, "date": now}) or 0.0) >= 0.0
