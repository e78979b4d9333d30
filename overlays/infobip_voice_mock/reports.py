"""What is reported of a call that is done: flat or nested, in the words of an edition."""

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Final
from urllib.parse import quote

import msgspec
from msgspec import UNSET, UnsetType

from infobip_voice_mock.answers import document_bytes
from infobip_voice_mock.editions import EDITIONS, Edition, EditionName
from infobip_voice_mock.simulation import Call, Life, life
from infobip_voice_schema.models import (
    IvrResult,
    NestedReport,
    NestedReportResponse,
    Price,
    ReportError,
    ReportStatus,
    VoiceCall,
    VoiceReport,
    VoiceReportResponse,
)
from infobip_voice_wire import codes, timestamps

__all__ = ["flat_report", "nested_report", "pushed_document", "recording"]

PRICE: Final = Price(price_per_second=Decimal("0.01"), currency="EUR")
UNKNOWN_PRICE: Final = Price(price_per_second=None, currency="UNKNOWN")

CHARGED_SECONDS: Final = 30
"""Every call is charged in steps of so many seconds, as in the vendor's example (assumption)."""

_Absent = UnsetType | None
_Text = str | UnsetType | None


def flat_report(call: Call, edition: Edition, base_url: str, *, pushed: bool = False) -> VoiceReport:
    """Return the flat report of a call.

    Args:
        call: The call, which has to be done.
        edition: In whose words it is written.
        base_url: The beginning of the URL of a recording.
        pushed: Whether it is to be pushed; the vendor documents one member for pushed ones alone.
    """
    lived = life(call)
    outcome, absent = lived.outcome, _absent(lived)
    keys = outcome.dtmf_codes
    times = _Times(lived, absent)
    return VoiceReport(
        bulk_id=call.bulk_id if call.bulk_id is not None else absent,
        message_id=call.message_id,
        to=call.to,
        sent_at=times.of(lived.sent_at),
        done_at=times.of(lived.done_at),
        duration=lived.seconds,
        mcc_mnc=_mcc_mnc(lived),
        dtmf_codes=keys if keys is not None else absent,
        recorded_audio_file_url=f"{base_url}/tts/3/files/{quote(call.message_id, safe='')}/{call.to}"
        if _is_recorded(call, lived)
        else absent,
        price=UNKNOWN_PRICE if outcome.sparse else PRICE,
        status=_status(outcome.answered),
        error=_error(edition.name, lived.outcome.error, _is_cut(lived)),
        callback_data=call.terms.callback_data if call.terms.callback_data is not None else absent,
        start_time=times.of(lived.attempt.started if lived.attempt else None),
        answer_time=times.of(lived.attempt.answered if lived.attempt else None),
        end_time=times.of(lived.attempt.ended if lived.attempt else None),
        dtmf_codes_as_json=_by_variable(keys, absent) if pushed else UNSET,
        scenario_id=call.terms.scenario_id if call.terms.scenario_id is not None else absent,
    )


def nested_report(call: Call, edition: Edition) -> NestedReport:
    """Return the nested report of a call, which has to be done, in the words of an edition."""
    lived = life(call)
    absent = _absent(lived)
    return NestedReport(
        bulk_id=call.bulk_id if call.bulk_id is not None else absent,
        message_id=call.message_id,
        from_=call.shows if call.shows is not None else absent,
        to=call.to,
        sent_at=_Times(lived, absent).of(lived.sent_at),
        mcc_mnc=_mcc_mnc(lived),
        callback_data=call.terms.callback_data if call.terms.callback_data is not None else absent,
        voice_call=_EMPTY_CALL if lived.outcome.sparse else _voice_call(call, lived),
        price=UNKNOWN_PRICE if lived.outcome.sparse else PRICE,
        status=_status(lived.outcome.answered),
        error=_error(edition.name, lived.outcome.error, _is_cut(lived)),
    )


def pushed_document(call: Call, edition: Edition, base_url: str) -> bytes:
    """Return the body of the push of a call, which has to be done, in the form that it asks for."""
    media_type = call.terms.notify_content_type
    if (call.terms.notify_content_version or edition.pushed_version) == 1:
        flat = VoiceReportResponse(results=[flat_report(call, edition, base_url, pushed=True)])
        return document_bytes(flat, "VoiceReportResponse", media_type, edition.xml_names)
    nested = NestedReportResponse(results=[nested_report(call, edition)])
    return document_bytes(nested, "NestedReportResponse", media_type, edition.xml_names)


def _voice_call(call: Call, lived: Life) -> VoiceCall:
    times, keys = _Times(lived, UNSET), lived.outcome.dtmf_codes
    answerer = lived.outcome.answered_by
    return VoiceCall(
        feature="Click-to-call" if call.terms.scenario_id is None else "Outbound-IVR",
        start_time=times.of(lived.attempt.started if lived.attempt else None),
        answer_time=times.of(lived.attempt.answered if lived.attempt else None),
        end_time=times.of(lived.attempt.ended if lived.attempt else None),
        duration=lived.seconds,
        charged_duration=-(-lived.seconds // CHARGED_SECONDS) * CHARGED_SECONDS,
        direction="OUTBOUND",
        dtmf_codes=keys if keys is not None else UNSET,
        answered_by=answerer.upper() if answerer is not None else UNSET,
        call_recording_file_id=call.message_id if _is_recorded(call, lived) else UNSET,
        ivr=IvrResult(
            scenario_id=call.terms.scenario_id,
            collected_dtmfs=_by_variable(keys, UNSET),
        )
        if call.terms.scenario_id is not None
        else UNSET,
    )


# A real server has pushed this (2025).
_EMPTY_CALL: Final = VoiceCall(
    feature=None,
    start_time=None,
    answer_time=None,
    end_time=None,
    duration=None,
    charged_duration=None,
    file_duration=None,
    direction=None,
    dtmf_codes=None,
    answered_by=None,
    call_recording_file_id=None,
    ivr=None,
)


class _Times:
    """Writes the times of one report. Most of them are one moment, which is written once."""

    def __init__(self, lived: Life, absent: _Absent) -> None:
        self._absent = absent
        self._done_at = lived.done_at
        self._done_text = timestamps.format_report_time(lived.done_at)

    def of(self, moment: datetime | None) -> _Text:
        if moment is None:
            return self._absent
        return self._done_text if moment is self._done_at else timestamps.format_report_time(moment)


def _absent(lived: Life) -> _Absent:
    """Return what stands for a member without a value."""
    return None if lived.outcome.sparse else UNSET


def _is_recorded(call: Call, lived: Life) -> bool:
    return call.terms.record and lived.outcome.answered


def _mcc_mnc(lived: Life) -> _Text:
    return "0" if lived.outcome.sparse else lived.outcome.mcc_mnc or UNSET


def _by_variable(keys: str | None, absent: _Absent) -> _Text:
    """Return what was pressed as the vendor writes it, a text that holds a JSON object.

    The mock does not know the variables of a scenario.
    """
    return absent if keys is None else msgspec.json.encode({"pressed": keys}).decode()


def _is_cut(lived: Life) -> bool:
    return lived.attempt is not None and lived.attempt.ended_by in ("callTimeout", "maxDuration")


@cache
def _status(answered: bool) -> ReportStatus:
    code = codes.status("DELIVERED_TO_HANDSET" if answered else "EXPIRED_EXPIRED")
    return msgspec.convert(code.as_status(), ReportStatus)


@cache
def _error(edition: EditionName, name: str, cut: bool) -> ReportError:
    return msgspec.convert(EDITIONS[edition].error(name, cut=cut).as_error(), ReportError)


@cache
def recording() -> bytes:
    """Return the WAV file that is every recording: a tenth of a second of silence."""
    import io
    import wave

    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 1, 8000, 0, "NONE", ""))
        writer.writeframes(b"\x80" * 800)
    return file.getvalue()
