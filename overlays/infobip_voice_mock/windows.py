"""The hours of the week in which a call may ring, in UTC (R20). Pure."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

__all__ = ["DAYS", "DAY_MINUTES", "Window", "window"]

DAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
DAY_MINUTES: Final = 24 * 60


class Window(NamedTuple):
    """A delivery time window.

    Attributes:
        days: The weekdays on which it opens, Monday being 0.
        opens: When it opens, in minutes from the midnight that the day begins with.
        closes: When it closes, counted likewise; it is no longer open then. Beyond 1440 that is on
            the next day.
    """

    days: frozenset[int]
    opens: int
    closes: int

    def next_open(self, at: datetime) -> datetime:
        """Return the earliest moment, from `at` on and in its zone, at which a call may ring."""
        utc = at.astimezone(UTC)
        midnight = utc.replace(hour=0, minute=0, second=0, microsecond=0)
        # From yesterday, whose night may not be over, to the same weekday of next week.
        openings = (midnight + timedelta(days=day) for day in range(-1, 8))
        begin = next(
            day for day in openings if day.weekday() in self.days and utc < day + timedelta(minutes=self.closes)
        )
        opening = begin + timedelta(minutes=self.opens)
        return at if at >= opening else opening.astimezone(at.tzinfo)


def window(days: Collection[str], opens: int = 0, closes: int = DAY_MINUTES) -> Window:
    """Return the window that opens on `days`, from `opens` to `closes` in minutes from midnight.

    Without hours the days are whole. A window that closes at an earlier minute than it opens closes
    on the next day.
    """
    numbers = frozenset(number for number, day in enumerate(DAYS) if day in days)
    return Window(numbers, opens, closes if closes > opens else closes + DAY_MINUTES)
