"""The life of a call, from launch to its end, as a function of what was launched.

`reports` writes what is reported of it.
"""

from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from infobip_voice_mock import outcomes
from infobip_voice_mock.outcomes import NOT_AVAILABLE, NOT_DIALLED, CallOutcome
from infobip_voice_mock.schedule import RedialTerms, redial_waits
from infobip_voice_mock.windows import Window

__all__ = ["Attempt", "Call", "CallTerms", "EndedBy", "Event", "Life", "life"]

DETECTION_SECONDS = 4
"""How long it takes to detect a machine; the vendor says that it is at least this."""

EndedBy = Literal["", "callTimeout", "maxDuration", "machineDetection"]


class CallTerms(NamedTuple):
    """What all calls of one `messages[]` item have in common, with the contract's ceilings applied.

    Attributes:
        record: Whether the calls are recorded.
        redial: When a failed call is dialled again; None for never.
        expires: When dialling ends; None where pacing puts the validity out of force.
        notify_url: Where to push the report; empty if it is to be fetched.
        notify_content_type: The media type of the push.
        callback_data: What the report echoes.
        max_duration: The most seconds that a transferred call lasts.
        warning_time: How many seconds before that end a beep is played; None for no beep.
        plays: What is played to A before the transfer, such as `text`; empty for nothing.
        instant: Whether ringing and talking take no time on the account's clock, so that the report
            is there at once.
        notify_content_version: The form of the push, 1 or 2; None for that of the edition.
        scenario_id: The scenario of an IVR; None for a click to call.
        window: When a telephone may ring; None for at any time.
        ring_timeout: For how many seconds a telephone rings that nobody answers.
        call_timeout: The most seconds that an IVR call lasts; None for no limit.
        pause: How many seconds pass between the answer to an IVR call and its first sound.
        machine_detection: Whether a machine that answers A is hung up on.
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
    notify_content_version: int | None = None
    scenario_id: str | None = None
    window: Window | None = None
    ring_timeout: int = 0
    call_timeout: int | None = None
    pause: int = 0
    machine_detection: bool = False

    def after(self, at: datetime, seconds: int) -> datetime:
        """Return what the account's clock says when a telephone has been busy for `seconds`."""
        return at if self.instant else at + timedelta(seconds=seconds)


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
        start: When the first dial is due, within the window.
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


class Attempt(NamedTuple):
    """One attempt at a call, with the events that it adds to the call's life.

    Attributes:
        outcome: How it ends.
        started: When the telephone began to ring.
        answered: When the call was answered; None if it failed.
        ended: When it ended.
        seconds: How long the call lasted; 0 if it failed.
        ended_by: The setting that ended an answered call; empty if the parties did.
    """

    outcome: CallOutcome
    started: datetime
    answered: datetime | None
    ended: datetime
    seconds: int = 0
    ended_by: EndedBy = ""


class Life(NamedTuple):
    """The life of a call.

    Attributes:
        events: Everything that happens, in order.
        sent_at: When the call begins; None if it never does.
        done_at: When nothing more happens, so that the report can be handed out.
        outcome: How the call ends.
        seconds: How long the call lasts; 0 if nobody answers.
        attempt: The last attempt; None if there was none.
    """

    events: tuple[Event, ...]
    sent_at: datetime | None
    done_at: datetime
    outcome: CallOutcome
    seconds: int
    attempt: Attempt | None


def life(call: Call) -> Life:
    """Return the life of a call.

    A dial that fails is repeated until one is answered, the validity has ended (a dial that is due
    exactly then is not made), or no redial is left. One that falls outside the window waits for the
    next opening. A click to call has succeeded when B has answered too.
    """
    terms = call.terms
    events = [Event(call.accepted, "accepted")]
    redials = redial_waits(terms.redial) if terms.redial else iter(())
    due, attempt, failed_dials = call.start, None, 0
    while terms.expires is None or due < terms.expires:
        attempt = _attempt(call, due, failed_dials, events)
        wait = None if attempt.outcome.answered else next(redials, None)
        if wait is None:
            return Life(tuple(events), call.start, attempt.ended, attempt.outcome, attempt.seconds, attempt)
        due, failed_dials = attempt.ended + wait, failed_dials + 1
        if terms.window is not None:
            due = terms.window.next_open(due)
    if attempt is None:
        events.append(Event(terms.expires, "expired"))
        return Life(tuple(events), None, terms.expires, NOT_DIALLED, 0, None)
    # An attempt that began in time may go on after the end of the validity.
    done = max(terms.expires, attempt.ended)
    events.append(Event(done, "expired"))
    return Life(tuple(events), call.start, done, attempt.outcome, 0, attempt)


def _attempt(call: Call, at: datetime, failed_dials: int, events: list[Event]) -> Attempt:
    """Return an attempt at a call, and add to `events` what happens in it."""
    terms = call.terms
    events.append(Event(at, "dialled", call.to, call.shows))
    outcome = _outcome(call.to, failed_dials)
    if not outcome.answered:
        return _failed(call.to, outcome, terms, at, events)
    events.append(Event(at, "answered", call.to))
    if call.b is None:
        return _scenario(outcome, terms, at, events)
    if terms.machine_detection and outcome.answered_by == "machine":
        return _ended(outcome, terms, at, DETECTION_SECONDS, "machineDetection", events)
    if terms.plays:
        events.append(Event(at, f"played the {terms.plays}", call.to))
    events.append(Event(at, "dialled", call.b, call.b_shows))
    outcome_of_b = _outcome(call.b, failed_dials)
    if not outcome_of_b.answered:
        return _failed(call.b, outcome_of_b, terms, at, events)
    events.append(Event(at, "answered", call.b))
    return _transferred(outcome, max(outcome.seconds, outcome_of_b.seconds), terms, at, events)


def _failed(number: str, outcome: CallOutcome, terms: CallTerms, at: datetime, events: list[Event]) -> Attempt:
    ended = terms.after(at, terms.ring_timeout if outcome.rings else 0)
    events.append(Event(ended, outcome.name, number))
    return Attempt(outcome, at, None, ended)


def _scenario(outcome: CallOutcome, terms: CallTerms, at: datetime, events: list[Event]) -> Attempt:
    """Return an answered IVR call: a pause, the scenario, and `callTimeout` if it comes first."""
    seconds, most = terms.pause + outcome.seconds, terms.call_timeout
    cut = most is not None and seconds > most
    seconds = most if most is not None and cut else seconds
    if 0 < terms.pause < seconds:
        events.append(Event(terms.after(at, terms.pause), f"first sound at second {terms.pause}"))
    return _ended(outcome, terms, at, seconds, "callTimeout" if cut else "", events)


def _transferred(outcome: CallOutcome, seconds: int, terms: CallTerms, at: datetime, events: list[Event]) -> Attempt:
    """Return a click to call from the transfer on: a beep, and `maxDuration` if it comes first."""
    most = terms.max_duration
    cut = most is not None and seconds > most
    seconds = most if most is not None and cut else seconds
    if most is not None and terms.warning_time is not None:
        beep = most - terms.warning_time
        if 0 < beep <= seconds:
            events.append(Event(terms.after(at, beep), f"beep at second {beep}"))
    return _ended(outcome, terms, at, seconds, "maxDuration" if cut else "", events)


def _ended(
    outcome: CallOutcome, terms: CallTerms, at: datetime, seconds: int, ended_by: EndedBy, events: list[Event]
) -> Attempt:
    ended = terms.after(at, seconds)
    events.append(
        Event(ended, f"ended at second {seconds} by {ended_by}" if ended_by else f"ended at second {seconds}")
    )
    return Attempt(outcome, at, at, ended, seconds, ended_by)


def _outcome(number: str, failed_dials: int) -> CallOutcome:
    chosen = outcomes.outcome(number)
    return NOT_AVAILABLE if failed_dials < chosen.failing_dials else chosen
