"""The forms of timestamps (ruling R1)."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infobip_voice_wire.timestamps import format_report_time, format_send_at, parse

SCHEMAS = json.loads(files("infobip_voice_schema").joinpath("openapi.json").read_bytes())["components"]["schemas"]
PROFILE = settings(derandomize=True, deadline=None, database=None, max_examples=100)


def at(hours: int, minutes: int = 0) -> timezone:
    return timezone(timedelta(hours=hours, minutes=minutes))


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2015-02-12T09:58:20.323+0100", datetime(2015, 2, 12, 9, 58, 20, 323000, at(1))),
        ("2016-07-07T17:00:00.000+01:00", datetime(2016, 7, 7, 17, tzinfo=at(1))),
        ("2016-07-07T17:00:00Z", datetime(2016, 7, 7, 17, tzinfo=UTC)),
        ("2016-07-07T17:00:00+00:00", datetime(2016, 7, 7, 17, tzinfo=UTC)),
        ("2016-07-07T17:00:00.5-0930", datetime(2016, 7, 7, 17, 0, 0, 500000, at(-9, -30))),
        ("2016-07-07T17:00:00.123456789Z", datetime(2016, 7, 7, 17, 0, 0, 123456, UTC)),
        ("2016-07-07T17:00:00.999999999Z", datetime(2016, 7, 7, 17, 0, 0, 999999, UTC)),
        ("2016-02-29T23:59:59-00:30", datetime(2016, 2, 29, 23, 59, 59, tzinfo=at(0, -30))),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1423731500323, datetime(2015, 2, 12, 8, 58, 20, 323000, UTC)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, 999000, UTC)),
    ],
)
def test_parse(value: str | int, moment: datetime) -> None:
    """Every documented form is read, and the offset is kept."""
    found = parse(value)
    assert found == moment
    assert found.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    "value",
    [
        "2015-02-12T09:58:20.323",
        "2015-02-12T09:58:20.+0100",
        "2015-02-12T09:58:20.1234567890+0100",
        "2015-02-12T09:58+0100",
        "2015-02-12 09:58:20+0100",
        "2015-02-12T09:58:20+01",
        "2015-02-12T09:58:20+0100\n",
        " 2015-02-12T09:58:20+0100",
        "2015-02-12t09:58:20z",
        "２015-02-12T09:58:20Z",
        "2015-02-29T09:58:20Z",
        "2015-13-01T09:58:20Z",
        "2015-02-12T24:00:00Z",
        "2015-02-12T09:58:60Z",
        "0000-02-12T09:58:20Z",
        "2015-02-12T09:58:20+2400",
        "2015-02-12T09:58:20+0160",
        "1423731500323",
        "",
        10**15,
        -(10**15),
        10**400,
        True,
        1423731500323.0,
        None,
    ],
)
def test_refused(value: Any) -> None:
    """Anything else is refused, and the message says what was expected."""
    with pytest.raises(ValueError, match=r"^expected a time such as 2015-02-12T09:58:20\.323\+0100"):
        parse(value)


@pytest.mark.parametrize(
    ("moment", "report_time", "send_at"),
    [
        (
            datetime(2015, 2, 12, 9, 58, 20, 323000, at(1)),
            "2015-02-12T09:58:20.323+0100",
            "2015-02-12T09:58:20.323+01:00",
        ),
        (datetime(2016, 7, 7, 17, tzinfo=UTC), "2016-07-07T17:00:00.000+0000", "2016-07-07T17:00:00.000+00:00"),
        (
            datetime(2016, 12, 31, 23, 59, 59, 999999, at(-9, -30)),
            "2016-12-31T23:59:59.999-0930",
            "2016-12-31T23:59:59.999-09:30",
        ),
    ],
)
def test_format(moment: datetime, report_time: str, send_at: str) -> None:
    """Milliseconds are cut off, not rounded; only `sendAt` has a colon in its offset."""
    assert format_report_time(moment) == report_time
    assert format_send_at(moment) == send_at


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (datetime(2016, 7, 7), "naive"),
        (datetime(2016, 7, 7, tzinfo=timezone(timedelta(seconds=30))), "whole minutes"),
    ],
)
def test_format_refused(moment: datetime, reason: str) -> None:
    """A time is refused if it has no offset, or one that the wire cannot carry."""
    for form in (format_report_time, format_send_at):
        with pytest.raises(ValueError, match=reason):
            form(moment)


@pytest.mark.parametrize(
    "moment",
    [datetime(999, 7, 7, tzinfo=UTC), datetime(3000, 7, 7, tzinfo=UTC), datetime(2016, 7, 7, tzinfo=at(15))],
)
def test_send_at_refused(moment: datetime) -> None:
    """A time outside the contract's `sendAt` is refused, although a report could carry it."""
    assert parse(format_report_time(moment)) == moment
    with pytest.raises(ValueError, match="below 15 hours"):
        format_send_at(moment)


@given(
    moment=st.datetimes(
        min_value=datetime(1000, 1, 1),
        max_value=datetime(2999, 12, 31),
        timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: at(0, minutes)),
    )
)
@PROFILE
def test_contract(moment: datetime) -> None:
    """What is written matches the contract's patterns and is read as the same millisecond."""
    exact = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    for form, schema in ((format_report_time, "ReportTime"), (format_send_at, "SendAt")):
        text = form(moment)
        assert re.fullmatch(SCHEMAS[schema]["pattern"], text)
        assert parse(text) == exact
        assert parse(text).utcoffset() == moment.utcoffset()


@given(text=st.from_regex(SCHEMAS["SendAt"]["pattern"], fullmatch=True))
@PROFILE
def test_every_send_at_exists(text: str) -> None:
    """Every text that the contract accepts as `sendAt` can be read."""
    assert parse(text).utcoffset() is not None
