"""The option `--window`: the hours of the week in which calls may ring."""

import argparse
import re
from datetime import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from infobip_voice import Day, Window

__all__ = ["HELP", "described", "window"]

HELP: Final = "when calls may ring (UTC): mon-fri,06:00-15:30"
_FORM: Final = (
    "has to be days, or times, or both, such as mon-fri,06:00-15:30 or sat,sun: English days, or their first three "
    "letters, and times in UTC"
)
_DAYS: Final[tuple["Day", ...]] = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_TIMES: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})", re.ASCII)


def window(text: str) -> "Window":
    """Return the window that a user names, for argparse.

    Without days it is of every day, and without times of whole days. `24:00` ends a day.

    Raises:
        argparse.ArgumentTypeError: the text has another form.
    """
    from infobip_voice import Window

    days: list[Day] = []
    times: tuple[time, time] | None = None
    for part in map(str.strip, text.split(",")):
        if ":" not in part:
            days += _days(part)
        elif times is None:
            times = _times(part)
        else:
            raise argparse.ArgumentTypeError("has two pairs of times, and one is the most")
    return Window(tuple(days or _DAYS), *(times or ()))


def described(asked: "Window") -> str:
    """Return a window in words."""
    days = "every day" if len(asked.days) == len(_DAYS) else ", ".join(asked.days)
    if asked.opens is None or asked.closes is None:
        return f"{days}, the whole day, UTC"
    return f"{days}, {asked.opens:%H:%M} to {asked.closes:%H:%M} UTC"


def _days(part: str) -> "list[Day]":
    first, dash, last = part.partition("-")
    begin = _day(first)
    end = _day(last) if dash else begin
    return [_DAYS[at % 7] for at in range(begin, (end if end >= begin else end + 7) + 1)]


def _day(name: str) -> int:
    upper = name.strip().upper()
    for at, day in enumerate(_DAYS):
        if upper in (day, day[:3]):
            return at
    raise argparse.ArgumentTypeError(_FORM)


def _times(part: str) -> tuple[time, time]:
    match = _TIMES.fullmatch(part)
    if match is None:
        raise argparse.ArgumentTypeError(_FORM)
    hour, minute, last_hour, last_minute = map(int, match.groups())
    try:
        return time(hour, minute), time() if (last_hour, last_minute) == (24, 0) else time(last_hour, last_minute)
    except ValueError:
        raise argparse.ArgumentTypeError(_FORM) from None
