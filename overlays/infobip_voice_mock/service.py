"""The three operations, on models that have passed validation.

A fetch waits for nothing, so on one event loop it is atomic: reports are selected and removed in
one step, and of any number of readers exactly one gets each. A launch of many calls lets others
have their turns, which may see some of its calls before the others; launches of one account do not
overlap.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator, Sequence, Sized
from datetime import datetime, timedelta
from itertools import repeat
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from infobip_voice_mock import outcomes
from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.capacity import MESSAGE_BYTES
from infobip_voice_mock.editions import Edition
from infobip_voice_mock.schedule import (
    MAX_REDIALS,
    MAX_RING_SECONDS,
    MAX_VALIDITY_MINUTES,
    RedialTerms,
    paced_starts,
    rounded_up,
)
from infobip_voice_mock.simulation import Call, CallTerms, life
from infobip_voice_mock.store import Message
from infobip_voice_mock.tenant import Tenant
from infobip_voice_mock.turns import ITEMS_IN_A_TURN, LARGE_BYTES, apart, turns
from infobip_voice_mock.windows import Window, window
from infobip_voice_schema import models
from infobip_voice_wire import codes, timestamps
from infobip_voice_wire.media_types import JSON

__all__ = ["Sent", "Service"]

_logger = logging.getLogger("infobip_voice_mock")

# No source lists the languages. What has the shape of a language tag is taken for one that the
# platform speaks.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


class Sent(NamedTuple):
    """A launch as it was sent.

    Attributes:
        request: The number of the request, in the log of its account.
        size: How many bytes its body has.
        messages: The items of `messages[]` as JSON values, in order. They have passed validation.
    """

    request: int
    size: int
    messages: Sequence[dict[str, Any]]


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


class Service:
    """The launches and the reports of every account.

    Args:
        new_id: Makes a unique id for a launch or a message.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id

    async def launch_ivr(self, tenant: Tenant, launch: models.IvrLaunchRequest, sent: Sent) -> models.VoiceResponse:
        """Call every destination, and return one entry for each, in order."""
        now = tenant.clock.now()
        requested = await apart(sent.size > LARGE_BYTES, lambda: self._ivr(tenant, now, launch, sent))
        return await self._launch(tenant, now, launch.bulk_id or None, requested, sent)

    async def launch_click_to_call(
        self, tenant: Tenant, launch: models.ClickToCallLaunchRequest, sent: Sent
    ) -> models.VoiceResponse:
        """Connect every pair, and return one entry for each, in order; an entry names A."""
        now = tenant.clock.now()
        requested = await apart(sent.size > LARGE_BYTES, lambda: self._click_to_call(tenant, now, launch, sent))
        return await self._launch(tenant, now, launch.bulk_id or None, requested, sent)

    def fetch_reports(
        self, tenant: Tenant, limit: int, bulk_id: str | None, message_id: str | None
    ) -> models.VoiceReportResponse:
        """Hand out the oldest `limit` waiting reports that match; each is handed out once."""
        tenant.settle()
        taken = tenant.store.take(limit, bulk_id, message_id)
        return models.VoiceReportResponse(results=[tenant.report(message) for message in taken])

    def _ivr(self, tenant: Tenant, now: datetime, launch: models.IvrLaunchRequest, sent: Sent) -> list[RequestedCall]:
        requested: list[RequestedCall] = []
        for item, raw in zip(launch.messages, sent.messages, strict=True):
            message = {name: value for name, value in raw.items() if name != "destinations"}
            start = max(now, tenant.clock.local(timestamps.parse(item.send_at))) if item.send_at else now
            speed = item.sending_speed or None
            validity = timedelta(minutes=min(item.validity_period or MAX_VALIDITY_MINUTES, MAX_VALIDITY_MINUTES))
            hours = _window(item.delivery_time_window or None)
            terms = CallTerms(
                record=item.record is True,
                redial=_redial(item.retry or None, tenant.edition),
                expires=None if speed else start + validity,
                notify_url=item.notify_url or "",
                notify_content_type=item.notify_content_type or JSON,
                callback_data=None if item.callback_data is UNSET else item.callback_data,
                max_duration=None,
                warning_time=None,
                plays="",
                instant=tenant.clock.mode == "real",
                notify_content_version=item.notify_content_version or None,
                scenario_id=item.scenario_id,
                window=hours,
                ring_timeout=min(item.ring_timeout or tenant.edition.ring_timeout, MAX_RING_SECONDS),
                call_timeout=item.call_timeout or None,
                pause=item.pause or 0,
            )
            starts = _starts(start, speed, hours)
            requested += [
                RequestedCall(
                    each.message_id or None,
                    each.to,
                    item.from_ or None,
                    None,
                    None,
                    None,
                    terms,
                    message,
                    to,
                    starts,
                )
                for each, to in zip(item.destinations, raw["destinations"], strict=True)
            ]
        return requested

    def _click_to_call(
        self, tenant: Tenant, now: datetime, launch: models.ClickToCallLaunchRequest, sent: Sent
    ) -> list[RequestedCall]:
        requested: list[RequestedCall] = []
        for item, message in zip(launch.messages, sent.messages, strict=True):
            hours = _window(item.delivery_time_window or None)
            terms = CallTerms(
                record=item.record in (True, "true"),
                redial=_redial(item.retry or None, tenant.edition),
                expires=now + timedelta(minutes=MAX_VALIDITY_MINUTES),
                notify_url=item.notify_url or "",
                notify_content_type=item.notify_content_type or JSON,
                callback_data=None,
                max_duration=item.max_duration or None,
                warning_time=item.warning_time or None,
                plays=_played(item),
                instant=tenant.clock.mode == "real",
                notify_content_version=item.notify_content_version or None,
                window=hours,
                ring_timeout=tenant.edition.ring_timeout,
                machine_detection=item.machine_detection == "hangup",
            )
            a, b = item.destination_a, item.destination_b
            b_shows = item.from_b or (item.from_ if item.anonymization is True else a)
            language = (item.language or "en") if item.text else None
            requested.append(
                RequestedCall(
                    item.message_id or None,
                    a,
                    item.from_,
                    b,
                    b_shows,
                    language,
                    terms,
                    message,
                    None,
                    _starts(now, None, hours),
                )
            )
        return requested

    async def _launch(
        self, tenant: Tenant, now: datetime, bulk_id: str | None, requested: list[RequestedCall], sent: Sent
    ) -> models.VoiceResponse:
        if bulk_id is None and len(requested) > 1:  # R4
            bulk_id = self._new_id()
        # Others have their turns while many calls are accepted, but not the account's next launch.
        async with tenant.launching:
            tenant.check()
            entries = await self._entries(tenant, requested)
            accepted = [(each, message_id) for each, message_id, status in entries if status is _ACCEPTED]
            size = MESSAGE_BYTES + sent.size // max(len(accepted), 1)
            pushed = any(each.terms.notify_url for each, _ in accepted)
            _reserve(tenant, len(accepted), size * len(accepted))
            for some in turns(accepted):
                for each, message_id in some:
                    call = Call(
                        message_id=message_id,
                        bulk_id=bulk_id,
                        to=each.to,
                        shows=each.shows,
                        b=each.b,
                        b_shows=each.b_shows,
                        accepted=now,
                        start=next(each.starts),
                        terms=each.terms,
                        request=sent.request,
                        message=each.message,
                        destination=each.destination,
                    )
                    tenant.store.add(Message(message_id, bulk_id, call, size=size), life(call).done_at)
                tenant.wake() if pushed else tenant.settle()
                await _turn(tenant, some)
        return models.VoiceResponse(
            bulk_id=bulk_id if bulk_id is not None else UNSET,
            messages=[
                models.VoiceResponseDetails(to=each.to, status=_LAUNCH_STATUS[status], message_id=message_id)
                for each, message_id, status in entries
            ],
        )

    async def _entries(
        self, tenant: Tenant, requested: list[RequestedCall]
    ) -> list[tuple[RequestedCall, str, codes.Code]]:
        """Return each requested call with its message id and its status; nothing has an effect."""
        entries: list[tuple[RequestedCall, str, codes.Code]] = []
        accepted: set[str] = set()
        for some in turns(requested):
            for each in some:
                message_id = each.message_id or self._new_id()
                # A rejected message is not kept, so a duplicate always means an accepted call (R5).
                known = message_id in accepted or tenant.store.get(message_id) is not None
                status = _DUPLICATE if known else _rejection(each) or _ACCEPTED
                if status is _ACCEPTED:
                    accepted.add(message_id)
                entries.append((each, message_id, status))
            await _turn(tenant, some)
        return entries


async def _turn(tenant: Tenant, some: Sized) -> None:
    """Let others have their turn after a full part of a launch."""
    if len(some) == ITEMS_IN_A_TURN:
        await asyncio.sleep(0)
        tenant.check()


def _reserve(tenant: Tenant, count: int, size: int) -> None:
    """Reserve room for a launch, and log the first refusal of several that follow each other."""
    try:
        tenant.store.reserve(count, size)
    except Refusal as refusal:
        if not tenant.full:
            _logger.warning("refused a launch of account %s: %s", tenant.name, refusal.text)
        tenant.full = True
        raise
    tenant.full = False


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


def _rejection(call: RequestedCall) -> codes.Code | None:
    """Return the status that rejects this call and no other (R11); None if it is accepted."""
    if call.language is not None and not _LANGUAGE.fullmatch(call.language):
        return _LANGUAGE_UNKNOWN
    return outcomes.rejection(call.to)


_ACCEPTED = codes.status("PENDING_ACCEPTED")
_DUPLICATE = codes.status("REJECTED_DUPLICATE_MESSAGE_ID")
_LANGUAGE_UNKNOWN = codes.status("REJECTED_UNSUPPORTED_LANGUAGE")
_LAUNCH_STATUS = {code: msgspec.convert(code.as_status(), models.LaunchStatus) for code in codes.STATUSES}
