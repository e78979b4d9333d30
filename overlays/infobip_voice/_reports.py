"""What goes with delivery reports: which were asked for, what is left of one that cannot be
understood, and what is known to be lost.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from attrs import field, frozen

from infobip_voice._report import Report

__all__ = ["Filter", "Found", "Gap", "Pushed", "Unreadable"]


@frozen(repr=False)
class Unreadable:
    """A report, or the rest of an answer, that cannot be understood. The server will not send it
    again: keep the bytes.

    Attributes:
        body: its bytes.
        reason: why it cannot be understood, in words that do not quote it.
        content_type: the `Content-Type` of the answer that it came in.
        content_encoding: the `Content-Encoding` of `body`, where that could not be undone.
        count: how many times these same bytes came.
        first, last: when they came first and last; None outside a spool.
    """

    body: bytes
    reason: str
    content_type: str | None = None
    content_encoding: str | None = None
    count: int = 1
    first: datetime | None = None
    last: datetime | None = None

    def __repr__(self) -> str:
        return f"Unreadable({len(self.body)} byte(s), reason={self.reason!r}, count={self.count})"


@frozen
class Gap:
    """Report requests without a verdict, one after the other, that ended alike: what they would
    have returned may be lost.

    Each may have cost up to `limit` reports.

    Attributes:
        reason: what happened.
        status: the HTTP status, if there was one.
        count: how many requests ended so.
        first, last: when the first and the last of them ended.
    """

    reason: str
    status: int | None
    count: int = 1
    first: datetime | None = None
    last: datetime | None = None
    _bodies: tuple[bytes, ...] | Callable[[], tuple[bytes, ...]] = field(default=(), repr=False, eq=False)

    @property
    def bodies(self) -> tuple[bytes, ...]:
        """Return the different bodies of answers that are no page of reports, such as that of a
        503.

        Raises:
            SpoolError: they are in a spool that is closed by now.
        """
        return self._bodies() if callable(self._bodies) else self._bodies

    def __reduce__(self) -> tuple[Any, ...]:
        return Gap, (self.reason, self.status, self.count, self.first, self.last, self.bodies)


class Filter(NamedTuple):
    """Which reports a request asks for; None for no restriction. With both, both must match."""

    bulk_id: str | None = None
    message_id: str | None = None

    def matches(self, report: Report) -> bool:
        """Return whether the report may be one that was asked for: a stranger has an id that is
        there and differs.
        """
        given = report.bulk_id, report.message_id
        return all(asked is None or named in (None, asked) for asked, named in zip(self, given, strict=True))


class Found(dict[str, Report]):
    """The reports that `wait_for` was asked for, by message id.

    Attributes:
        others: reports of the same bulk that came with them. The server will not return them again.
        gaps: answers that were lost meanwhile; others' reports may have been in them.
    """

    others: tuple[Report, ...] = ()
    gaps: tuple[Gap, ...] = ()


class Pushed(list[Report]):
    """The reports of one push.

    Attributes:
        unreadable: what cannot be understood of it.
    """

    unreadable: tuple[Unreadable, ...] = ()
