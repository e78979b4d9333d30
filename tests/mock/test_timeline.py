"""The life of a call as a drawing: places are times, and what goes on has a shape of its own."""

import pytest

from infobip_voice_mock.control.inspector.timeline import Mark, Stretch, days, line


def event(minute: str, what: str, happened: bool = True) -> dict:
    return {"at": f"2026-03-01T12:{minute}+00:00", "what": what, "happened": happened}


def test_a_line_is_drawn_to_scale():
    """Waiting, ringing and talking follow one another; what is to come is drawn as such."""
    events = [
        event("00:00", "accepted"),
        event("01:00", "dialled"),
        event("02:00", "busy"),
        event("05:00", "dialled"),
        event("05:00", "answered", False),
        event("06:00", "beep at second 60", False),
        event("10:00", "ended at second 300", False),
    ]
    drawn = line(events, "2026-03-01T12:05:00+00:00")
    assert drawn.stretches == [
        Stretch(0, 100, "waiting", False),
        Stretch(100, 100, "ringing", False),
        Stretch(200, 300, "waiting", False),
        Stretch(500, 0, "ringing", False),
        Stretch(500, 100, "talking", True),
        Stretch(600, 400, "talking", True),
    ]
    assert drawn.marks[-2:] == [Mark(600, True), Mark(1000, True)]
    assert (drawn.now, drawn.to_scale) == (500, True)


def test_a_call_that_takes_no_time():
    """On a running clock everything happens at once: events stand side by side."""
    events = [
        event("00:00", what) for what in ("accepted", "dialled", "answered", "played the text", "ended at second 9")
    ]
    drawn = line(events, "2026-03-01T12:00:00+00:00")
    assert [mark.x for mark in drawn.marks] == [0, 250, 500, 750, 1000]
    assert [stretch.phase for stretch in drawn.stretches] == ["waiting", "ringing", "talking", "talking"]
    assert (drawn.now, drawn.to_scale) == (None, False)
    assert line(events[:1], events[0]["at"]).marks == [Mark(0, False)]


@pytest.mark.parametrize(("now", "place"), [("11:59", None), ("12:00", 0), ("12:10", 1000), ("12:11", None)])
def test_where_the_clock_stands(now, place):
    """Before and behind the line there is no mark."""
    events = [event("00:00", "accepted"), event("10:00", "expired", False)]
    assert line(events, f"2026-03-01T{now}:00+00:00").now == place


def test_a_date_is_written_once_for_each_day():
    """Events are told apart by day, also where a midnight is passed twice."""
    moments = ["2026-03-01T23:59:00+00:00", "2026-03-02T00:00:00+00:00", "2026-03-02T12:00:00+00:00"]
    found = days([{"at": moment} for moment in moments])
    assert [(day.at, len(day.events)) for day in found] == [(moments[0], 1), (moments[1], 2)]
