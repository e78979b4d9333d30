"""When telephones are dialled and pushes repeated: redial, validity, pacing (contract). Pure.

`windows` has the hours in which a telephone may ring.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, count, repeat
from typing import Final, NamedTuple

from infobip_voice_mock.windows import Window

__all__ = [
    "MAX_REDIALS",
    "MAX_RING_SECONDS",
    "MAX_VALIDITY_MINUTES",
    "RedialTerms",
    "paced",
    "paced_starts",
    "push_waits",
    "redial_waits",
    "rounded_up",
]

RUNGS: Final = (1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 960, 1440)
"""The waits between two dials that the documentation lists, in minutes."""

MAX_REDIALS: Final = 4
"""A larger `maxCount` counts as this."""

MAX_VALIDITY_MINUTES: Final = 2880
"""A longer validity counts as this, and so does an absent one (assumption)."""

# A century: no legal wait may lead beyond the last year that a datetime can name.
_MAX_WAIT_MINUTES: Final = 100 * 365 * 24 * 60
MAX_RING_SECONDS: Final = _MAX_WAIT_MINUTES * 60
"""A longer `ringTimeout` counts as this."""

_UNIT_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


class RedialTerms(NamedTuple):
    """What the `retry` of a launch asks for, with its ceiling applied; periods are in minutes."""

    min_period: int
    max_period: int
    max_count: int


def redial_waits(terms: RedialTerms) -> Iterator[timedelta]:
    """Return the wait before each redial, counted from the end of the failed dial.

    Where `min_period` is at least `max_period`, every wait is `max_period`. Otherwise the waits are
    the rungs from `min_period` up to, and not including, `max_period`, and after them `max_period`
    again and again. There are `max_count` waits.
    """
    least, most = min(terms.min_period, _MAX_WAIT_MINUTES), min(terms.max_period, _MAX_WAIT_MINUTES)
    minutes = chain((rung for rung in RUNGS if least <= rung < most), repeat(most))
    return (timedelta(minutes=wait) for wait, _ in zip(minutes, range(terms.max_count), strict=False))


def rounded_up(period: int) -> int:
    """Return the first of the listed waits that is at least `period` minutes, or else the last."""
    return next((rung for rung in RUNGS if rung >= period), RUNGS[-1])


def paced(start: datetime, index: int, speed: int, unit: str) -> datetime:
    """Return when a paced call begins, exact to the microsecond.

    Args:
        start: When the first call begins.
        index: The position of the call, from 0.
        speed: How many calls begin in each unit of time.
        unit: `second`, `minute`, `hour` or `day`.
    """
    return start + timedelta(microseconds=index * _UNIT_SECONDS[unit] * 1_000_000 // speed)


def paced_starts(start: datetime, speed: int, unit: str, window: Window | None) -> Iterator[datetime]:
    """Return when each call of a paced message begins.

    A call that falls outside the window waits for the next opening, and those after it are paced
    from there (R20).
    """
    while True:
        start = window.next_open(start) if window is not None else start
        for index in count():
            due = paced(start, index, speed, unit)
            if window is not None and window.next_open(due) != due:
                start = due
                break
            yield due


def push_waits() -> Iterator[timedelta]:
    """Return the waits before the twenty repetitions of a push: 1 minute + 1 minute × n², n from 0.

    The vendor documents this for a sibling API.
    """
    return (timedelta(minutes=1 + n * n) for n in range(20))
