"""The life of a call, from launch to report, as a function of what was launched. Nothing happens here; it is only told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import quote

import msgspec
from msgspec import UNSET, UnsetType

from infobip_voice_mock.outcomes import NOT_AVAILABLE, Outcome, outcome
from infobip_voice_mock.schedule import Redial, waits
from infobip_voice_schema.models import Price, ReportError, ReportStatus, VoiceReport
from infobip_voice_wire import codes, timestamps

__all__ = ["Call", "Event", "Life", "Terms", "life", "recording", "report"]

PRICE: Final = Price(price_per_second=Decimal("0.01"), currency="EUR")
UNKNOWN_PRICE: Final = Price(price_per_second=None, currency="UNKNOWN")


class Terms(NamedTuple):
    """What all calls of one `messages[]` item have in common, with the ceilings applied.

    Attributes:
        record: Whether calls are recorded.
        redial: When to dial again, if at all.
        ends: When no further attempt is made; None where pacing has put the validity out of force.
        notify_url: Where to push the report; empty if it is to be fetched.
        notify_content_type: The media type of the push.
        callback_data: Echoed by the push.
        max_duration: Seconds after which the transferred call is ended.
        warning_time: Seconds before that end at which a beep is played; None if there is none.
        plays: What is played to A before the transfer, `text` or `audio file`; empty if nothing is.
        instant: Whether talking takes no time on the account's clock, so that a report is there at once.
    """

    record: bool
    redial: Redial | None
    ends: datetime | None
    notify_url: str
    notify_content_type: str
    callback_data: str | None
    max_duration: int | None
    warning_time: int | None
    plays: str
    instant: bool


class Call(NamedTuple):
    """An accepted message.

    Attributes:
        message_id: The name of the call.
        bulk_id: The name of its request, if it has one.
        to: The called number; for a click to call that of A.
        shows: The number that `to` sees, if one was given.
        b: The number that A is connected with; None for an IVR.
        b_shows: The number that B sees.
        accepted: When the launch was accepted.
        start: When the first attempt is due.
        terms: What it shares with the other calls of its message.
    """

    message_id: str
    bulk_id: str | None
    to: str
    shows: str | None
    b: str | None
    b_shows: str | None
    accepted: datetime
    start: datetime
    terms: Terms


class Event(NamedTuple):
    """One thing that happens in the life of a call: when, what, and to which number, seeing which."""

    at: datetime
    what: str
    number: str | None = None
    shows: str | None = None


class Life(NamedTuple):
    """The life of a call: every event in order, when it is done, and how."""

    events: tuple[Event, ...]
    sent_at: datetime
    done_at: datetime
    end: Outcome
    seconds: int


def life(call: Call) -> Life:
    """Tell the life of a call.

    Attempts fail at once. They are repeated until one is answered, the validity has ended (an attempt that is due exactly
    then is not made), or the redials are used up. A click to call has succeeded when B has answered too.
    """
    events = [Event(call.accepted, "accepted")]
    redials = waits(call.terms.redial) if call.terms.redial else iter(())
    at, attempt = call.start, 0
    while True:
        end, seconds, told = _attempt(call, at, attempt)
        events += told
        done = events[-1].at
        if end.answered:
            break
        wait = next(redials, None)
        if wait is None:
            break
        if call.terms.ends is not None and done + wait >= call.terms.ends:
            done = call.terms.ends
            events.append(Event(done, "expired"))
            break
        at, attempt = done + wait, attempt + 1
    return Life(tuple(events), call.start, done, end, seconds)


def _attempt(call: Call, at: datetime, attempt: int) -> tuple[Outcome, int, list[Event]]:
    events = [Event(at, "dialled", call.to, call.shows)]
    end, number = _outcome(call.to, attempt), call.to
    seconds = end.seconds
    if end.answered and call.b is not None:
        events.append(Event(at, "answered", call.to))
        if call.terms.plays:
            events.append(Event(at, f"played the {call.terms.plays}", call.to))
        events.append(Event(at, "dialled", call.b, call.b_shows))
        other, number = _outcome(call.b, attempt), call.b
        seconds = max(seconds, other.seconds)
        end = end if other.answered else other
    if not end.answered:
        return end, 0, [*events, Event(at, end.name, number)]
    most = call.terms.max_duration
    cut = most is not None and seconds > most
    seconds = most if most is not None and cut else seconds
    return end, seconds, [*events, Event(at, "answered", number), *_talk(call.terms, at, seconds, cut)]


def _talk(terms: Terms, at: datetime, seconds: int, cut: bool) -> Iterator[Event]:
    """Tell what happens between the answer, or the transfer, and the end."""
    ended = at if terms.instant else at + timedelta(seconds=seconds)
    if terms.max_duration is not None and terms.warning_time is not None:
        beep = terms.max_duration - terms.warning_time
        if 0 < beep <= seconds:
            yield Event(at if terms.instant else at + timedelta(seconds=beep), f"beep at second {beep}")
    yield Event(ended, f"ended at second {seconds} by maxDuration" if cut else f"ended at second {seconds}")


def _outcome(number: str, attempt: int) -> Outcome:
    chosen = outcome(number)
    return NOT_AVAILABLE if attempt < chosen.fails else chosen


def report(call: Call, base_url: str) -> VoiceReport:
    """Return the report of a call that is done; a recording is to be had at `base_url`."""
    told = life(call)
    end = told.end
    absent: UnsetType | None = None if end.sparse else UNSET
    recorded = call.terms.record and end.answered
    sent_at = timestamps.format_report_time(told.sent_at)
    done_at = sent_at if told.done_at is told.sent_at else timestamps.format_report_time(told.done_at)
    return VoiceReport(
        bulk_id=call.bulk_id if call.bulk_id is not None else absent,
        message_id=call.message_id,
        to=call.to,
        sent_at=sent_at,
        done_at=done_at,
        duration=told.seconds,
        mcc_mnc="0" if end.sparse else end.network or UNSET,
        dtmf_codes=end.dtmf_codes if end.dtmf_codes is not None else absent,
        recorded_audio_file_url=f"{base_url}/tts/3/files/{quote(call.message_id, safe='')}/{call.to}"
        if recorded
        else absent,
        price=UNKNOWN_PRICE if end.sparse else PRICE,
        status=_status(end.answered),
        error=_error(end.error),
    )


@cache
def _status(answered: bool) -> ReportStatus:
    code = codes.status("DELIVERED_TO_HANDSET" if answered else "EXPIRED_EXPIRED")
    return msgspec.convert(code.as_status(), ReportStatus)


@cache
def _error(name: str) -> ReportError:
    return msgspec.convert(codes.error(name).as_error(), ReportError)


@cache
def recording() -> bytes:
    """Return a tenth of a second of silence as a WAV file: what every recording sounds like."""
    import io
    import wave

    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 1, 8000, 0, "NONE", ""))
        writer.writeframes(b"\x80" * 800)
    return file.getvalue()
