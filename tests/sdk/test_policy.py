"""The policy is one table, and so is its test."""

from typing import Any

import pytest

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
        *[
            ("answered", status, "refused")
            for status in (300, 301, 304, 307, 308, 400, 401, 403, 404, 405, 406, 413, 415)
        ],
        *[("cut", status, "refused") for status in (302, 400, 401)],
        ("answered", 429, "throttled"),
        ("cut", 429, "throttled"),
        *[
            ("answered", status, "uncertain")
            for status in (101, 402, 408, 409, 418, 422, 499, 500, 502, 503, 504, 520, 799)
        ],
        ("cut", 500, "uncertain"),
    ],
)
def test_what_an_attempt_came_to(phase: Any, status: int | None, verdict: str) -> None:
    """Phase and status alone give the verdict, the same for launches and reports."""
    for operation in (LAUNCH, INSIST):
        assert decide(operation, Outcome(phase, status), 1, 0.0, BUDGET).verdict == verdict


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


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "7"}, Decision("throttled", True, 7.0, 0.5)),
        ({"retry-after": "3600"}, Decision("throttled", True, 30.0, 0.5)),
        ({}, Decision("throttled", True, 0.0, 0.5)),
        ({"retry-after": "soon"}, Decision("throttled", True, 0.0, 0.5)),
    ],
)
def test_throttling(headers: dict[str, str], expected: Decision) -> None:
    """`Retry-After` is obeyed, up to the longest wait."""
    assert decide(LAUNCH, Outcome("answered", 429, headers), 1, 0.0, BUDGET) == expected


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "١"}, None),
        ({"retry-after": "Sat, 21 Nov 2026 10:00:30 GMT", "date": "Sat, 21 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 09:00:00 GMT", "date": "Sat, 21 Nov 2026 10:00:00 GMT"}, 0.0),
        ({"retry-after": "Sat, 21 Nov 2026 10:00:30 GMT"}, None),
        ({"retry-after": "Sat, 21 Nov 2026 10:00:30 GMT", "date": "Sat, 21 Nov 2026 10:00:00"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    """It is read as seconds, or as a date compared with the answer's own; else it is ignored."""
    assert retry_after(headers) == seconds
