"""When a call may ring: a table of moments, and the same by counting minutes."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infobip_voice_mock.schedule import paced_starts
from infobip_voice_mock.windows import DAYS, window

WORKING_DAYS = DAYS[:5]


def at(text: str) -> datetime:
    """Return a moment of March 2026, whose 1st is a Sunday: `02 06:00` is a Monday morning."""
    return datetime.strptime(f"2026-03-{text} +0000", "%Y-%m-%d %H:%M %z")


@pytest.mark.parametrize(
    ("days", "hours", "asked", "opens"),
    [
        (WORKING_DAYS, (360, 930), "02 05:59", "02 06:00"),
        (WORKING_DAYS, (360, 930), "02 06:00", "02 06:00"),
        (WORKING_DAYS, (360, 930), "02 15:29", "02 15:29"),
        (WORKING_DAYS, (360, 930), "02 15:30", "03 06:00"),
        (WORKING_DAYS, (360, 930), "06 15:30", "09 06:00"),
        (WORKING_DAYS, (360, 930), "01 12:00", "02 06:00"),
        # across midnight: the night belongs to the day it begins on
        (["FRIDAY"], (1320, 360), "06 21:59", "06 22:00"),
        (["FRIDAY"], (1320, 360), "07 05:59", "07 05:59"),
        (["FRIDAY"], (1320, 360), "07 06:00", "13 22:00"),
        (["FRIDAY"], (1320, 360), "06 05:00", "06 22:00"),
        (DAYS, (1320, 360), "04 03:00", "04 03:00"),
        (DAYS, (1320, 360), "04 12:00", "04 22:00"),
        (["SUNDAY"], (1320, 360), "02 05:59", "02 05:59"),
        # one minute, and all but one
        (["MONDAY"], (0, 1), "02 00:00", "02 00:00"),
        (["MONDAY"], (0, 1), "02 00:01", "09 00:00"),
        (["MONDAY"], (1, 0), "02 00:00", "02 00:01"),
        (["MONDAY"], (1, 0), "02 23:59", "02 23:59"),
        (["MONDAY"], (1, 0), "03 00:00", "09 00:01"),
        # whole days
        (["SATURDAY", "SUNDAY"], (), "06 23:59", "07 00:00"),
        (["SATURDAY", "SUNDAY"], (), "08 23:59", "08 23:59"),
        (["SATURDAY", "SUNDAY"], (), "09 00:00", "14 00:00"),
        (DAYS, (), "04 12:34", "04 12:34"),
    ],
)
def test_the_next_opening(days, hours, asked, opens):
    """R20: `from` is part of the window and `to` is not; a night belongs to one day."""
    assert window(days, *hours).next_open(at(asked)) == at(opens)


def test_hours_are_utc():
    """R20: 06:30 at +01:00 is before six. Moments keep their zone, whether they wait or not."""
    early = datetime(2026, 3, 2, 6, 30, tzinfo=timezone(timedelta(hours=1)))
    hours = window(["MONDAY"], 360, 930)
    assert hours.next_open(early).isoformat() == "2026-03-02T07:00:00+01:00"
    assert hours.next_open(early + timedelta(hours=1)).isoformat() == "2026-03-02T07:30:00+01:00"
    sunday_there = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-1)))
    assert window(["MONDAY"]).next_open(sunday_there) == sunday_there


def test_the_zone_of_the_machine_does_not_count(monkeypatch):
    """R20: hours are UTC, whatever the machine's own zone is."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert window(["MONDAY"], 360, 930).next_open(at("02 05:59")) == at("02 06:00")
        assert window(["MONDAY"], 360, 930).next_open(at("02 15:29")) == at("02 15:29")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_openings_are_whole_minutes():
    """A moment with seconds waits for the minute in which the window opens, and to the second."""
    hours = window(["MONDAY"], 360, 930)
    early = at("02 05:59") + timedelta(seconds=30, microseconds=5)
    assert hours.next_open(early) == at("02 06:00")
    late = at("02 15:29") + timedelta(seconds=59, microseconds=999999)
    assert hours.next_open(late) == late


@given(
    days=st.sets(st.sampled_from(DAYS), min_size=1),
    hours=st.tuples(st.integers(0, 47), st.integers(0, 47)).filter(lambda pair: pair[0] != pair[1]),
    asked=st.integers(0, 2 * 7 * 48),
)
@settings(derandomize=True, database=None, deadline=None, max_examples=200)
def test_by_counting_half_hours(days, hours, asked):
    """The next opening is the first half hour that lies in a window, looked up one by one."""
    opens, closes = (30 * half for half in hours)
    moment = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=30 * asked)
    length = (closes - opens) % 1440

    def is_open(then: datetime) -> bool:
        return any(
            day.strftime("%A").upper() in days and timedelta() <= then - opening < timedelta(minutes=length)
            for day in (then.replace(hour=0, minute=0), then.replace(hour=0, minute=0) - timedelta(days=1))
            for opening in [day + timedelta(minutes=opens)]
        )

    expected = next(then for half in range(8 * 48) if is_open(then := moment + timedelta(minutes=30 * half)))
    assert window(days, opens, closes).next_open(moment) == expected


def test_pacing_goes_on_from_each_opening():
    """R20: 20 an hour from 14:55 in a window until 15:00: two calls, then every three minutes."""
    starts = paced_starts(at("02 14:55"), 20, "hour", window(WORKING_DAYS, 360, 900))
    found = [next(starts).strftime("%d %H:%M") for _ in range(5)]
    assert found == ["02 14:55", "02 14:58", "03 06:00", "03 06:03", "03 06:06"]


def test_a_pace_that_is_slower_than_the_window():
    """One a day, and the window opens on Mondays: one call a week."""
    starts = paced_starts(at("01 12:00"), 1, "day", window(["MONDAY"]))
    assert [next(starts).strftime("%d %H:%M") for _ in range(3)] == ["02 00:00", "09 00:00", "16 00:00"]


def test_pacing_without_a_window():
    """Two a minute, at any time."""
    starts = paced_starts(at("01 23:59"), 2, "minute", None)
    assert [next(starts).strftime("%d %H:%M:%S") for _ in range(3)] == ["01 23:59:00", "01 23:59:30", "02 00:00:00"]
