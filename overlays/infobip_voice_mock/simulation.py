"""The life of a call, from launch to report, as a function of what was launched."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import msgspec
from msgspec import UNSET, UnsetType

from infobip_voice_mock import outcomes
from infobip_voice_mock.outcomes import NOT_AVAILABLE, CallOutcome
from infobip_voice_mock.schedule import RedialTerms, redial_waits
from infobip_voice_schema.models import Price, ReportError, ReportStatus, VoiceReport
from infobip_voice_wire import codes, timestamps

__all__ = ["Call", "CallTerms", "Event", "Life", "life", "recording", "report"]

PRICE: Final = Price(price_per_second=Decimal("0.01"), currency="EUR")
UNKNOWN_PRICE: Final = Price(price_per_second=None, currency="UNKNOWN")


class CallTerms(NamedTuple):
    """What all calls of one `messages[]` item have in common, with the contract's ceilings applied.

    Attributes:
        record: Whether the calls are recorded.
        redial: When a failed call is dialled again; None for never.
        expires: When redialling ends; None where pacing puts the validity out of force.
        notify_url: Where to push the report; empty if it is to be fetched.
        notify_content_type: The media type of the push.
        callback_data: What the push echoes.
        max_duration: The most seconds that a transferred call lasts.
        warning_time: How many seconds before that end a beep is played; None for no beep.
        plays: What is played to A before the transfer, `text` or `audio file`; empty for nothing.
        instant: Whether talking takes no time on the account's clock, so that the report is there
            at once.
    """

    record: bool
    redial: RedialTerms | None
    expires: datetime | None
    notify_url: str
    notify_content_type: str
    callback_data: str | None
    max_duration: int | None
    warning_time: int | None
    plays: str
    instant: bool


class Call(NamedTuple):
    """A telephone call that a launch has ordered and the mock has accepted.

    Attributes:
        message_id: The id of its message.
        bulk_id: The id of the launch; None if it has none.
        to: The called number; for a click to call that of A.
        shows: The number that the telephone of `to` shows; None if the launch gave none.
        b: The number that A is connected with; None for an IVR.
        b_shows: The number that the telephone of B shows.
        accepted: When the launch was accepted.
        start: When the first dial is due.
        terms: What the call shares with the others of its `messages[]` item.
        request: The number of the request that launched it.
        message: The `messages[]` item of the launch as it was sent, without its destinations; all
            calls of the item share it.
        destination: The destination of the item as it was sent; None for a click to call.
    """

    message_id: str
    bulk_id: str | None
    to: str
    shows: str | None
    b: str | None
    b_shows: str | None
    accepted: datetime
    start: datetime
    terms: CallTerms
    request: int
    message: dict[str, Any]
    destination: dict[str, Any] | None

    def sent(self) -> dict[str, Any]:
        """Return the `messages[]` item that ordered this call, as if it had ordered no other."""
        return self.message if self.destination is None else {**self.message, "destinations": [self.destination]}


class Event(NamedTuple):
    """Something that happens in the life of a call.

    Attributes:
        at: When it happens.
        what: What happens, in words.
        number: The number that it happens to; None if it happens to the whole call.
        shows: For a dial, the number that the dialled telephone shows; None if it shows none.
    """

    at: datetime
    what: str
    number: str | None = None
    shows: str | None = None


class Life(NamedTuple):
    """The life of a call.

    Attributes:
        events: Everything that happens, in order.
        sent_at: When the call begins.
        done_at: When nothing more happens, so that the report can be handed out.
        outcome: How the call ends.
        seconds: How long the parties talk; 0 if nobody answers.
    """

    events: tuple[Event, ...]
    sent_at: datetime
    done_at: datetime
    outcome: CallOutcome
    seconds: int


def life(call: Call) -> Life:
    """Return the life of a call.

    A dial that nobody answers fails at once. It is repeated until one is answered, the validity has
    ended (a dial that is due exactly then is not made), or no redial is left. A click to call has
    succeeded when B has answered too.
    """
    events = [Event(call.accepted, "accepted")]
    redials = redial_waits(call.terms.redial) if call.terms.redial else iter(())
    at, failed_dials = call.start, 0
    while True:
        outcome, seconds, dial = _dial(call, at, failed_dials)
        events += dial
        done = events[-1].at
        if outcome.answered:
            break
        wait = next(redials, None)
        if wait is None:
            break
        if call.terms.expires is not None and done + wait >= call.terms.expires:
            done = call.terms.expires
            events.append(Event(done, "expired"))
            break
        at, failed_dials = done + wait, failed_dials + 1
    return Life(tuple(events), call.start, done, outcome, seconds)


def _dial(call: Call, at: datetime, failed_dials: int) -> tuple[CallOutcome, int, list[Event]]:
    events = [Event(at, "dialled", call.to, call.shows)]
    outcome, number = _outcome(call.to, failed_dials), call.to
    seconds = outcome.seconds
    if outcome.answered and call.b is not None:
        events.append(Event(at, "answered", call.to))
        if call.terms.plays:
            events.append(Event(at, f"played the {call.terms.plays}", call.to))
        events.append(Event(at, "dialled", call.b, call.b_shows))
        outcome_of_b, number = _outcome(call.b, failed_dials), call.b
        seconds = max(seconds, outcome_of_b.seconds)
        outcome = outcome if outcome_of_b.answered else outcome_of_b
    if not outcome.answered:
        return outcome, 0, [*events, Event(at, outcome.name, number)]
    most = call.terms.max_duration
    cut = most is not None and seconds > most
    seconds = most if most is not None and cut else seconds
    return outcome, seconds, [*events, Event(at, "answered", number), *_talk(call.terms, at, seconds, cut)]


def _talk(terms: CallTerms, at: datetime, seconds: int, cut: bool) -> Iterator[Event]:
    """Return what happens from the answer, or the transfer, to the end.

    `cut` says that `maxDuration` is that end.
    """
    ended = at if terms.instant else at + timedelta(seconds=seconds)
    if terms.max_duration is not None and terms.warning_time is not None:
        beep = terms.max_duration - terms.warning_time
        if 0 < beep <= seconds:
            yield Event(at if terms.instant else at + timedelta(seconds=beep), f"beep at second {beep}")
    yield Event(ended, f"ended at second {seconds} by maxDuration" if cut else f"ended at second {seconds}")


def _outcome(number: str, failed_dials: int) -> CallOutcome:
    chosen = outcomes.outcome(number)
    return NOT_AVAILABLE if failed_dials < chosen.failing_dials else chosen


def report(call: Call, base_url: str) -> VoiceReport:
    """Return the report of a call that is done, with the URL of a recording below `base_url`."""
    lived = life(call)
    outcome = lived.outcome
    absent: UnsetType | None = None if outcome.sparse else UNSET
    recorded = call.terms.record and outcome.answered
    sent_at = timestamps.format_report_time(lived.sent_at)
    done_at = sent_at if lived.done_at is lived.sent_at else timestamps.format_report_time(lived.done_at)
    return VoiceReport(
        bulk_id=call.bulk_id if call.bulk_id is not None else absent,
        message_id=call.message_id,
        to=call.to,
        sent_at=sent_at,
        done_at=done_at,
        duration=lived.seconds,
        mcc_mnc="0" if outcome.sparse else outcome.mcc_mnc or UNSET,
        dtmf_codes=outcome.dtmf_codes if outcome.dtmf_codes is not None else absent,
        recorded_audio_file_url=f"{base_url}/tts/3/files/{quote(call.message_id, safe='')}/{call.to}"
        if recorded
        else absent,
        price=UNKNOWN_PRICE if outcome.sparse else PRICE,
        status=_status(outcome.answered),
        error=_error(outcome.error),
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
    """Return the WAV file that is every recording: a tenth of a second of silence."""
    import io
    import wave

    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 1, 8000, 0, "NONE", ""))
        writer.writeframes(b"\x80" * 800)
    return file.getvalue()
