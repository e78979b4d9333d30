"""When calls are made: redial, validity and pacing, as the documentation says and with its gaps closed. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, repeat
from typing import Final, NamedTuple

__all__ = ["MOST_REDIALS", "MOST_VALIDITY", "Redial", "paced", "push_waits", "waits"]

RUNGS: Final = (1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 960, 1440)
"""The waits between attempts that the documentation lists, in minutes."""

MOST_REDIALS: Final = 4
"""A larger `maxCount` counts as this."""

MOST_VALIDITY: Final = 2880
"""A longer validity counts as this, in minutes; also where none is given (assumption)."""

_CENTURY: Final = 100 * 365 * 24 * 60  # so that no legal wait leads beyond the last year that a datetime can name
_UNITS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


class Redial(NamedTuple):
    """What `retry` asks for, with its ceiling applied; waits in minutes."""

    min_period: int
    max_period: int
    max_count: int


def waits(redial: Redial) -> Iterator[timedelta]:
    """Return the wait before each redial, each from the end of the failed attempt; as many as `max_count`.

    Equal periods: always that long. `min_period` above `max_period`: `max_period` throughout. Otherwise the rungs from the
    first that is at least `min_period` up to, and not including, `max_period`, and then `max_period` again and again.
    """
    least, most = min(redial.min_period, _CENTURY), min(redial.max_period, _CENTURY)
    rungs = (rung for rung in RUNGS if least <= rung < most)
    minutes = chain(rungs, repeat(most)) if least < most else repeat(most)
    return (timedelta(minutes=wait) for wait, _ in zip(minutes, range(redial.max_count), strict=False))


def paced(start: datetime, index: int, speed: int, unit: str) -> datetime:
    """Return when the call of that index is started, the first at `start`, one every unit ÷ speed; exact to the microsecond."""
    return start + timedelta(microseconds=index * _UNITS[unit] * 1_000_000 // speed)


def push_waits() -> Iterator[timedelta]:
    """Return the waits before a push is repeated: 1 minute + 1 minute × n², n from 0, twenty of them (sibling)."""
    return (timedelta(minutes=1 + n * n) for n in range(20))
