"""Read and write the timestamps of the API (ruling R1), which are not always RFC 3339."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

__all__ = ["format_report_time", "format_send_at", "parse"]

_EXPECTED: Final = "expected a time such as 2015-02-12T09:58:20.323+0100, with an offset, or epoch milliseconds"
_FORM: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?:Z|([+-])([0-9]{2}):?([0-9]{2}))"
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def parse(value: str | int) -> datetime:
    """Return the moment that a timestamp names, with the offset in which it was written.

    The offset may have no colon, as in reports, or a colon, or be `Z`. There may be up to nine
    fractional digits; those beyond microseconds are cut off, not rounded. An integer counts the
    milliseconds since 1970 (ruling R1).

    Raises:
        ValueError: it is anything else, such as a date that does not exist or a time without an
            offset.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"{_EXPECTED}; found a value of type {type(value).__name__}")
    if isinstance(value, int):
        try:
            return _EPOCH + timedelta(milliseconds=value)
        except OverflowError:
            raise ValueError(f"{_EXPECTED}; found a number outside the years 1 to 9999") from None
    match = _FORM.fullmatch(value)
    if match is None:
        raise ValueError(_EXPECTED)
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction, sign, hours, minutes = match.groups()[6:]
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        if minutes and int(minutes) > 59:
            raise ValueError("offset minutes must be in 0..59")
        zone = timezone(-offset if sign == "-" else offset) if offset else UTC
        microsecond = int((fraction or "")[:6].ljust(6, "0"))
        return datetime(year, month, day, hour, minute, second, microsecond, zone)
    except ValueError as error:
        raise ValueError(f"{_EXPECTED}; this one does not exist: {error}") from None


def format_report_time(moment: datetime) -> str:
    """Return a moment as `yyyy-MM-dd'T'HH:mm:ss.SSS+HHMM`, the form of the reports (ruling R1).

    It keeps the moment's own offset. Microseconds are cut to milliseconds, not rounded.

    Raises:
        ValueError: the moment has no offset, or one that is not in whole minutes.
    """
    return _format(moment, "")


def format_send_at(moment: datetime) -> str:
    """Return a moment as `yyyy-MM-dd'T'HH:mm:ss.SSS+HH:MM`, the form of `sendAt` (ruling R1).

    It keeps the moment's own offset. Microseconds are cut to milliseconds, not rounded.

    Raises:
        ValueError: the moment has no offset, or its offset is not in whole minutes or beyond 14:59,
            or its year is before 1000 or after 2999 (contract, SendAt).
    """
    text = _format(moment, ":")
    if not 1000 <= moment.year <= 2999 or text[-5:] >= "15":
        raise ValueError("expected a year from 1000 to 2999, and an offset from UTC below 15 hours")
    return text


def _format(moment: datetime, colon: str) -> str:
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("expected a datetime with an offset from UTC, found a naive one")
    minutes, rest = divmod(abs(offset), timedelta(minutes=1))
    if rest:
        raise ValueError("expected an offset from UTC in whole minutes")
    sign = "-" if offset < timedelta() else "+"
    local = moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return f"{local}{sign}{minutes // 60:02}{colon}{minutes % 60:02}"
