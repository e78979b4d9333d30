"""The life of a call as a drawing: what is when, on a line from 0 to `WIDTH`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

__all__ = ["WIDTH", "Day", "Line", "Mark", "Stretch", "days", "line"]

WIDTH: Final = 1000

_PHASES: Final = {"dialled": "ringing", "answered": "talking"}


class Stretch(NamedTuple):
    """What goes on between two events.

    Attributes:
        x: Where it begins.
        width: How long it is drawn.
        phase: `waiting`, `ringing` or `talking`.
        later: Whether it is still to come.
    """

    x: float
    width: float
    phase: str
    later: bool


class Mark(NamedTuple):
    """An event.

    Attributes:
        x: Where it is.
        later: Whether it is still to come.
    """

    x: float
    later: bool


class Line(NamedTuple):
    """The whole drawing.

    Attributes:
        stretches: What goes on, in order.
        marks: The events, in order.
        now: Where the clock stands; None if it stands before or behind the line.
        to_scale: Whether distances are times. Where no time passes, events stand side by side.
    """

    stretches: list[Stretch]
    marks: list[Mark]
    now: float | None
    to_scale: bool


class Day(NamedTuple):
    """The events of one day.

    Attributes:
        at: The moment of the first.
        events: The events, as the control plane shows them.
    """

    at: str
    events: list[Mapping[str, Any]]


def line(events: Sequence[Mapping[str, Any]], now: str) -> Line:
    """Draw the events of a call, as the control plane shows them, at the moment `now`."""
    moments = [datetime.fromisoformat(event["at"]) for event in events]
    first, span = moments[0], moments[-1] - moments[0]
    if span:
        xs = [WIDTH * ((moment - first) / span) for moment in moments]
    else:
        xs = [WIDTH * index / max(len(events) - 1, 1) for index in range(len(events))]
    stretches: list[Stretch] = []
    phase = "waiting"
    for event, x, end in zip(events[:-1], xs[:-1], xs[1:], strict=True):
        phase = _phase(phase, event["what"])
        stretches.append(Stretch(x, end - x, phase, not event["happened"]))
    marks = [Mark(x, not event["happened"]) for event, x in zip(events, xs, strict=True)]
    return Line(stretches, marks, _place(datetime.fromisoformat(now) - first, span), bool(span))


def days(events: Sequence[Mapping[str, Any]]) -> list[Day]:
    """Return events by day, so that a date is written once."""
    found: list[Day] = []
    for event in events:
        if not found or found[-1].at[:10] != event["at"][:10]:
            found.append(Day(event["at"], []))
        found[-1].events.append(event)
    return found


def _phase(before: str, what: str) -> str:
    """Return what begins with an event, or goes on after it."""
    if what in _PHASES:
        return _PHASES[what]
    ends = before == "ringing" or what.startswith(("ended", "expired"))
    return "waiting" if ends else before


def _place(passed: timedelta, span: timedelta) -> float | None:
    return WIDTH * (passed / span) if span and timedelta() <= passed <= span else None
