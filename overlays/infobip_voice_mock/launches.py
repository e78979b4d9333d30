"""What a launch asks for: its calls, in order, with ceilings and defaults applied."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import repeat
from typing import Any, NamedTuple

from msgspec import UNSET

from infobip_voice_mock.clock import Clock
from infobip_voice_mock.editions import Edition
from infobip_voice_mock.schedule import (
    MAX_REDIALS,
    MAX_RING_SECONDS,
    MAX_VALIDITY_MINUTES,
    RedialTerms,
    paced_starts,
    rounded_up,
)
from infobip_voice_mock.simulation import CallTerms
from infobip_voice_mock.windows import Window, window
from infobip_voice_schema import models
from infobip_voice_wire import timestamps
from infobip_voice_wire.media_types import JSON

__all__ = ["Launch", "RequestedCall", "click_to_call_calls", "ivr_calls"]


class RequestedCall(NamedTuple):
    """A call that a launch asks for, before it is accepted or rejected.

    Attributes:
        message_id: The id that the launch gives it; None if the mock has to make one.
        to, shows, b, b_shows: As in `Call`.
        language: The language of the text that is spoken; None if no text is.
        terms: What it shares with the others of its `messages[]` item.
        message, destination: As in `Call`.
        starts: Yields when each accepted call of the item begins. Pacing counts only those, so it
            is advanced for those alone.
    """

    message_id: str | None
    to: str
    shows: str | None
    b: str | None
    b_shows: str | None
    language: str | None
    terms: CallTerms
    message: dict[str, Any]
    destination: dict[str, Any] | None
    starts: Iterator[datetime]


class Launch(NamedTuple):
    """A launch that breaks no rule.

    Attributes:
        at: When it arrived, by the account's clock.
        bulk_id: The id that it gives itself; None if it gives none.
        calls: The calls that it asks for, in order.
        request: The number of the request, in the log of the account.
        size: How many bytes its body has.
    """

    at: datetime
    bulk_id: str | None
    calls: list[RequestedCall]
    request: int
    size: int


def ivr_calls(
    clock: Clock, edition: Edition, now: datetime, launch: models.IvrLaunchRequest, sent: Sequence[dict[str, Any]]
) -> list[RequestedCall]:
    """Return one call for each destination of an IVR launch.

    Args:
        clock: The account's clock.
        edition: The edition that the account speaks.
        now: When the launch arrived.
        launch: The launch.
        sent: The items of its `messages[]` as JSON values, in order.
    """
    requested: list[RequestedCall] = []
    for item, raw in zip(launch.messages, sent, strict=True):
        message = dict(raw)
        destinations = message.pop("destinations")
        start = max(now, clock.local(timestamps.parse(item.send_at))) if item.send_at else now
        speed = item.sending_speed or None
        validity = timedelta(minutes=min(item.validity_period or MAX_VALIDITY_MINUTES, MAX_VALIDITY_MINUTES))
        hours = _window(item.delivery_time_window or None)
        terms = CallTerms(
            record=item.record is True,
            redial=_redial(item.retry or None, edition),
            expires=None if speed else start + validity,
            notify_url=item.notify_url or "",
            notify_content_type=item.notify_content_type or JSON,
            callback_data=None if item.callback_data is UNSET else item.callback_data,
            max_duration=None,
            warning_time=None,
            plays="",
            instant=clock.mode == "real",
            notify_content_version=item.notify_content_version or None,
            scenario_id=item.scenario_id,
            window=hours,
            ring_timeout=min(item.ring_timeout or edition.ring_timeout, MAX_RING_SECONDS),
            call_timeout=item.call_timeout or None,
            pause=item.pause or 0,
        )
        starts = _starts(start, speed, hours)
        shows = item.from_ or None
        requested += [
            RequestedCall(each.message_id or None, each.to, shows, None, None, None, terms, message, to, starts)
            for each, to in zip(item.destinations, destinations, strict=True)
        ]
    return requested


def click_to_call_calls(
    clock: Clock,
    edition: Edition,
    now: datetime,
    launch: models.ClickToCallLaunchRequest,
    sent: Sequence[dict[str, Any]],
) -> list[RequestedCall]:
    """Return one call for each pair of a click to call.

    Args:
        clock: The account's clock.
        edition: The edition that the account speaks.
        now: When the launch arrived.
        launch: The launch.
        sent: The items of its `messages[]` as JSON values, in order.
    """
    requested: list[RequestedCall] = []
    for item, message in zip(launch.messages, sent, strict=True):
        hours = _window(item.delivery_time_window or None)
        terms = CallTerms(
            record=item.record in (True, "true"),
            redial=_redial(item.retry or None, edition),
            expires=now + timedelta(minutes=MAX_VALIDITY_MINUTES),
            notify_url=item.notify_url or "",
            notify_content_type=item.notify_content_type or JSON,
            callback_data=None,
            max_duration=item.max_duration or None,
            warning_time=item.warning_time or None,
            plays=_played(item),
            instant=clock.mode == "real",
            notify_content_version=item.notify_content_version or None,
            window=hours,
            ring_timeout=edition.ring_timeout,
            machine_detection=item.machine_detection == "hangup",
        )
        a, b = item.destination_a, item.destination_b
        b_shows = item.from_b or (item.from_ if item.anonymization is True else a)
        language = (item.language or "en") if item.text else None
        starts = _starts(now, None, hours)
        requested.append(
            RequestedCall(item.message_id or None, a, item.from_, b, b_shows, language, terms, message, None, starts)
        )
    return requested


def _redial(retry: models.CallRetry | None, edition: Edition) -> RedialTerms | None:
    if retry is None:
        return None
    least, most = retry.min_period or 1, retry.max_period or 1440
    if edition.strict_retry:
        least, most = rounded_up(least), rounded_up(most)
    return RedialTerms(least, most, min(retry.max_count or MAX_REDIALS, MAX_REDIALS))


def _window(given: models.DeliveryTimeWindow | None) -> Window | None:
    if given is None:
        return None
    if not given.from_ or not given.to:
        return window(given.days)
    return window(given.days, 60 * given.from_.hour + given.from_.minute, 60 * given.to.hour + given.to.minute)


def _starts(start: datetime, speed: models.SendingSpeed | None, window: Window | None) -> Iterator[datetime]:
    """Return when each accepted call of an item begins."""
    if speed is None:
        return repeat(window.next_open(start) if window is not None else start)
    return paced_starts(start, speed.speed, speed.time_unit, window)


def _played(item: models.ClickToCallMessage) -> str:
    """Return what is played to A, in words; a voice's name counts more than its gender (§12)."""
    if not item.text:
        return "audio file" if item.audio_file_url else ""
    voice = item.voice or models.Voice()
    if voice.name:
        return f"text in the voice {voice.name}"
    return f"text in the first {voice.gender} voice" if voice.gender else "text"
