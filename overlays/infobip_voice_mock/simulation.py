"""From a launched message to its report."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec
from msgspec import UNSET, UnsetType

from infobip_voice_mock.outcomes import Outcome, outcome
from infobip_voice_schema.models import Price, ReportError, ReportStatus, VoiceReport
from infobip_voice_wire import codes, timestamps

__all__ = ["Call", "report"]

TALK_SECONDS = 10
PRICE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Call:
    """An accepted message.

    Attributes:
        message_id: The name of the call.
        bulk_id: The name of its request, if it has one.
        to: The called number; for a click to call that of A.
        record: Whether the call is recorded.
    """

    message_id: str
    bulk_id: str | None
    to: str
    record: bool


def report(call: Call, moment: datetime) -> VoiceReport:
    """Return the report of a call that is made, and done, at `moment`."""
    ends: Outcome = outcome(call.to)
    status = codes.status("DELIVERED_TO_HANDSET" if ends.answered else "EXPIRED_EXPIRED")
    error = codes.error(ends.error)
    absent: UnsetType | None = None if ends.sparse else UNSET
    time = timestamps.format_report_time(moment)
    recording = (
        f"https://api.infobip.com/tts/3/files/{call.message_id}/{call.to}" if call.record and ends.answered else absent
    )
    price = Price(price_per_second=PRICE, currency="EUR")
    return VoiceReport(
        bulk_id=call.bulk_id if call.bulk_id is not None else absent,
        message_id=call.message_id,
        to=call.to,
        sent_at=time,
        done_at=time,
        duration=TALK_SECONDS if ends.answered else 0,
        mcc_mnc="0" if ends.sparse else ends.network or UNSET,
        dtmf_codes=ends.dtmf_codes if ends.dtmf_codes is not None else absent,
        recorded_audio_file_url=recording,
        price=Price(price_per_second=None, currency="UNKNOWN") if ends.sparse else price,
        status=msgspec.convert(status.as_status(), ReportStatus),
        error=msgspec.convert(error.as_error(), ReportError),
    )
