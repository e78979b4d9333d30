"""Paced calls begin, and pushes are repeated, at exact times."""

from datetime import UTC, datetime, timedelta

import pytest

from infobip_voice_mock.schedule import paced, push_waits

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("index", "speed", "unit", "expected"),
    [
        (0, 7, "day", timedelta(0)),
        (1, 1, "second", timedelta(seconds=1)),
        (3, 2, "minute", timedelta(seconds=90)),
        (2, 10, "hour", timedelta(minutes=12)),
        (1, 1, "day", timedelta(days=1)),
        (5, 7, "second", timedelta(microseconds=714285)),  # and five sevenths of one, which are left out
        (19_999, 1, "day", timedelta(days=19_999)),
        (19_999, 3, "second", timedelta(seconds=6666, microseconds=333333)),
    ],
)
def test_paced_calls(index, speed, unit, expected):
    """The first begins at once, and one follows in every part of the unit, to the microsecond."""
    assert paced(NOON, index, speed, unit) == NOON + expected


def test_a_push_is_repeated_after_one_minute_and_the_square_of_the_number():
    """A push waits 1 + n² minutes before each repetition, n from 0 to 19 (§9)."""
    assert [wait.total_seconds() / 60 for wait in push_waits()] == [
        1, 2, 5, 10, 17, 26, 37, 50, 65, 82, 101, 122, 145, 170, 197, 226, 257, 290, 325, 362,
    ]  # fmt: skip
