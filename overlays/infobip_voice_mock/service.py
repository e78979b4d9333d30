"""The three operations, on models that have passed validation.

Nothing here waits, so on one event loop each operation is atomic: a report is selected and removed in one step, and of any
number of readers exactly one gets it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from infobip_voice_mock import outcomes
from infobip_voice_mock.schedule import MOST_REDIALS, MOST_VALIDITY, Redial, paced
from infobip_voice_mock.simulation import Call, Terms, life
from infobip_voice_mock.store import Message
from infobip_voice_mock.tenants import Tenant
from infobip_voice_schema import models
from infobip_voice_wire import codes, timestamps
from infobip_voice_wire.media_types import JSON

__all__ = ["Service"]

# No source lists the languages. What has the shape of a language tag is taken for one that the platform speaks.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


class Wanted(NamedTuple):
    """One call that a request asks for; `start` knows when the call of an index is due, as the accepted ones are counted."""

    message_id: str | None
    to: str
    shows: str | None
    b: str | None
    b_shows: str | None
    language: str | None
    terms: Terms
    start: Callable[[], datetime]


class Service:
    """The launches and the reports of every account.

    Args:
        new_id: A new name for a request or a message; unique.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id

    def launch_ivr(self, tenant: Tenant, request: models.IvrLaunchRequest) -> models.VoiceResponse:
        """Call every destination; one entry for each, in order."""
        now = tenant.clock.now()
        wanted: list[Wanted] = []
        for message in request.messages:
            start = max(now, timestamps.parse(message.send_at)) if message.send_at else now
            speed = message.sending_speed or None
            validity = timedelta(minutes=min(message.validity_period or MOST_VALIDITY, MOST_VALIDITY))
            terms = Terms(
                record=message.record is True,
                redial=_redial(message.retry or None),
                ends=None if speed else start + validity,
                notify_url=message.notify_url or "",
                notify_content_type=message.notify_content_type or JSON,
                callback_data=None if message.callback_data is UNSET else message.callback_data,
                max_duration=None,
                warning_time=None,
                plays="",
                instant=tenant.clock.mode == "real",
            )
            due = _pace(start, speed)
            wanted += [
                Wanted(item.message_id or None, item.to, message.from_ or None, None, None, None, terms, due)
                for item in message.destinations
            ]
        return self._launch(tenant, now, request.bulk_id or None, wanted)

    def launch_click_to_call(self, tenant: Tenant, request: models.ClickToCallLaunchRequest) -> models.VoiceResponse:
        """Connect every pair; one entry for each, in order, which names A."""
        now = tenant.clock.now()
        wanted: list[Wanted] = []
        for message in request.messages:
            terms = Terms(
                record=message.record in (True, "true"),
                redial=_redial(message.retry or None),
                ends=now + timedelta(minutes=MOST_VALIDITY),
                notify_url=message.notify_url or "",
                notify_content_type=message.notify_content_type or JSON,
                callback_data=None,
                max_duration=message.max_duration or None,
                warning_time=message.warning_time or None,
                plays="text" if message.text else "audio file" if message.audio_file_url else "",
                instant=tenant.clock.mode == "real",
            )
            a, b = message.destination_a, message.destination_b
            b_shows = message.from_b or (message.from_ if message.anonymization is True else a)
            language = (message.language or "en") if message.text else None
            wanted.append(
                Wanted(message.message_id or None, a, message.from_, b, b_shows, language, terms, _pace(now, None))
            )
        return self._launch(tenant, now, request.bulk_id or None, wanted)

    def fetch_reports(
        self, tenant: Tenant, limit: int, bulk_id: str | None, message_id: str | None
    ) -> models.VoiceReportResponse:
        """Hand out, once, the oldest reports that match."""
        tenant.settle()
        taken = tenant.store.take(limit, bulk_id, message_id)
        return models.VoiceReportResponse(results=[tenant.report(message) for message in taken])

    def _launch(self, tenant: Tenant, now: datetime, bulk_id: str | None, wanted: list[Wanted]) -> models.VoiceResponse:
        if bulk_id is None and len(wanted) > 1:  # R4
            bulk_id = self._new_id()
        response = models.VoiceResponse(
            bulk_id=bulk_id if bulk_id is not None else UNSET,
            messages=list(self._entries(tenant, now, bulk_id, wanted)),
        )
        if any(item.terms.notify_url for item in wanted):
            tenant.wake()
        return response

    def _entries(
        self, tenant: Tenant, now: datetime, bulk_id: str | None, wanted: list[Wanted]
    ) -> Iterator[models.VoiceResponseDetails]:
        for item in wanted:
            message_id = item.message_id or self._new_id()
            # A rejected message is not kept, so that a duplicate id always means a call that went out (R5).
            status = _DUPLICATE if tenant.store.get(message_id) is not None else _rejection(item) or _ACCEPTED
            if status is _ACCEPTED:
                call = Call(
                    message_id, bulk_id, item.to, item.shows, item.b, item.b_shows, now, item.start(), item.terms
                )
                tenant.store.add(Message(message_id, bulk_id, call), life(call).done_at)
            yield models.VoiceResponseDetails(to=item.to, status=_LAUNCH_STATUS[status], message_id=message_id)


def _redial(retry: models.CallRetry | None) -> Redial | None:
    if retry is None:
        return None
    return Redial(retry.min_period or 1, retry.max_period or 1440, min(retry.max_count or MOST_REDIALS, MOST_REDIALS))


def _pace(start: datetime, speed: models.SendingSpeed | None) -> Callable[[], datetime]:
    """Return a function that gives the start of each accepted call of one message in turn."""
    if speed is None:
        return lambda: start
    index = iter(range(20_000))
    return lambda: paced(start, next(index), speed.speed, speed.time_unit)


def _rejection(item: Wanted) -> codes.Code | None:
    """Return the status of a message that its shape alone cannot judge and that is rejected by itself (R11)."""
    if item.language is not None and not _LANGUAGE.fullmatch(item.language):
        return _LANGUAGE_UNKNOWN
    return outcomes.rejection(item.to)


_ACCEPTED = codes.status("PENDING_ACCEPTED")
_DUPLICATE = codes.status("REJECTED_DUPLICATE_MESSAGE_ID")
_LANGUAGE_UNKNOWN = codes.status("REJECTED_UNSUPPORTED_LANGUAGE")
_LAUNCH_STATUS = {code: msgspec.convert(code.as_status(), models.LaunchStatus) for code in codes.STATUSES}
