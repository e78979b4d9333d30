"""Delivery reports: what one says, and what is left of one that cannot be understood."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from attrs import field, frozen

from infobip_voice_client.models import Price, ReportError, ReportStatus, VoiceReport
from infobip_voice_wire import codes
from infobip_voice_wire.telephone import mask_numbers
from infobip_voice_wire.timestamps import parse as parse_time

__all__ = ["Gap", "Item", "Report", "UnreadableReport"]


@frozen(repr=False)
class Report:
    """How one message ended.

    Codes are open sets: compare `data.status.name` and the like with what you know, and expect others.

    Attributes:
        data: the generated model, with every member of the contract. Prices in it are `Decimal`, whatever its types say.
        raw: the report as it was sent, decoded, unknown members included.
        place: where it lies in the spool of a drain: page and position.
    """

    data: VoiceReport
    raw: Mapping[str, Any]
    place: tuple[int, int] | None = field(default=None, eq=False)

    @property
    def message_id(self) -> str | None:
        """Return the name of the call; with `done_at` it tells a report that is delivered twice."""
        return self.data.message_id or None

    @property
    def sent_at(self) -> datetime | None:
        """Return when the call was started; None if that is missing or no time (`data.sent_at` has the text)."""
        return _moment(self.data.sent_at)

    @property
    def done_at(self) -> datetime | None:
        """Return when the platform was done; None if that is missing or no time (`data.done_at` has the text)."""
        return _moment(self.data.done_at)

    @property
    def price(self) -> Decimal | None:
        """Return the price of one second exactly as sent; None if it is missing or no number."""
        value: object = self.data.price.price_per_second if isinstance(self.data.price, Price) else None
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        return value if isinstance(value, Decimal) else None

    @property
    def currency(self) -> str | None:
        """Return the currency; `UNKNOWN` has been seen."""
        return (self.data.price.currency or None) if isinstance(self.data.price, Price) else None

    @property
    def delivered(self) -> bool:
        """Return whether the call was made and answered: status group 3, DELIVERED."""
        status = self.data.status
        return isinstance(status, ReportStatus) and (status.group_id == 3 or status.group_name == "DELIVERED")

    @property
    def answered_by(self) -> Literal["human", "machine"] | None:
        """Return who answered, as far as the error code says so."""
        error = self.data.error
        if not isinstance(error, ReportError):
            return None
        return codes.answered_by(error.name, error.id)

    def __repr__(self) -> str:
        status = self.data.status.name if isinstance(self.data.status, ReportStatus) else None
        return mask_numbers(f"Report(message_id={self.message_id!r}, status={status or None!r})")


@frozen(repr=False)
class UnreadableReport:
    """A report, or the rest of a page, that cannot be understood. The server will not send it again: keep the bytes.

    Attributes:
        body: its bytes.
        reason: why, in words that do not quote it.
        place: where it lies in the spool of a drain: page and position.
    """

    body: bytes
    reason: str
    place: tuple[int, int] | None = field(default=None, eq=False)

    def __repr__(self) -> str:
        return f"UnreadableReport({len(self.body)} byte(s), reason={self.reason!r})"


Item = Report | UnreadableReport


class Gap(NamedTuple):
    """A report request without a verdict: up to `limit` reports may have been handed out and lost.

    Attributes:
        reason: what happened.
        status: the HTTP status, if there was one.
        body: the bytes of an answer that is no page of reports, such as that of a 503.
    """

    reason: str
    status: int | None
    body: bytes


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:32])  # epoch milliseconds in XML
    try:
        return parse_time(value)
    except ValueError:
        return None
