"""The three operations, on models that have passed validation.

A fetch waits for nothing, so on one event loop it is atomic: reports are selected and removed in
one step, and of any number of readers exactly one gets each. A launch of many calls lets others
have their turns, which may see some of its calls before the others; launches of one account do not
overlap.
"""

import asyncio
import logging
import re
from collections.abc import Callable

import msgspec
from msgspec import UNSET

from infobip_voice_mock import outcomes
from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.capacity import MESSAGE_BYTES
from infobip_voice_mock.launches import Launch, RequestedCall
from infobip_voice_mock.simulation import Call, life
from infobip_voice_mock.store import Message
from infobip_voice_mock.tenant import Tenant
from infobip_voice_mock.turns import ITEMS_IN_A_TURN
from infobip_voice_schema import models
from infobip_voice_wire import codes

__all__ = ["Service"]

_logger = logging.getLogger("infobip_voice_mock")

# No source lists the languages. What has the shape of a language tag is taken for one that the
# platform speaks.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


class Service:
    """The launches and the reports of every account.

    Args:
        new_id: Makes a unique id for a launch or a message.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id

    async def launch(self, tenant: Tenant, launch: Launch) -> models.VoiceResponse:
        """Make every call, and return one entry for each, in order."""
        bulk_id = launch.bulk_id
        if bulk_id is None and len(launch.calls) > 1:  # R4
            bulk_id = self._new_id()
        # Others have their turns while many calls are accepted, but not the account's next launch.
        async with tenant.launching:
            tenant.check()
            entries, accepted = await self._entries(tenant, launch.calls)
            size = MESSAGE_BYTES + launch.size // max(len(accepted), 1)
            settle = tenant.wake if any(each.terms.notify_url for each in accepted.values()) else tenant.settle
            _reserve(tenant, len(accepted), size * len(accepted))
            for count, (message_id, each) in enumerate(accepted.items(), 1):
                call = Call(
                    message_id=message_id,
                    bulk_id=bulk_id,
                    to=each.to,
                    shows=each.shows,
                    b=each.b,
                    b_shows=each.b_shows,
                    accepted=launch.at,
                    start=next(each.starts),
                    terms=each.terms,
                    request=launch.request,
                    message=each.message,
                    destination=each.destination,
                )
                tenant.store.add(Message(message_id, bulk_id, call, size=size), life(call).done_at)
                if not count % ITEMS_IN_A_TURN:
                    settle()
                    await _turn(tenant)
            settle()
        return models.VoiceResponse(bulk_id=UNSET if bulk_id is None else bulk_id, messages=entries)

    def fetch_reports(
        self, tenant: Tenant, limit: int, bulk_id: str | None, message_id: str | None
    ) -> models.VoiceReportResponse:
        """Hand out the oldest `limit` waiting reports that match; each is handed out once."""
        tenant.settle()
        taken = tenant.store.take(limit, bulk_id, message_id)
        return models.VoiceReportResponse(results=[tenant.report(message) for message in taken])

    async def _entries(
        self, tenant: Tenant, requested: list[RequestedCall]
    ) -> tuple[list[models.VoiceResponseDetails], dict[str, RequestedCall]]:
        """Return the entries of the answer, and the accepted calls by their message ids, in order.

        Nothing has an effect.
        """
        entries: list[models.VoiceResponseDetails] = []
        accepted: dict[str, RequestedCall] = {}
        for count, each in enumerate(requested, 1):
            message_id = each.message_id or self._new_id()
            # A rejected message is not kept, so a duplicate always means an accepted call (R5).
            known = message_id in accepted or tenant.store.get(message_id) is not None
            status = _DUPLICATE if known else _rejection(each) or _ACCEPTED
            if status is _ACCEPTED:
                accepted[message_id] = each
            entries.append(
                models.VoiceResponseDetails(to=each.to, status=_LAUNCH_STATUS[status], message_id=message_id)
            )
            if not count % ITEMS_IN_A_TURN:
                await _turn(tenant)
        return entries, accepted


async def _turn(tenant: Tenant) -> None:
    """Let others have their turn in between."""
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


def _rejection(call: RequestedCall) -> codes.Code | None:
    """Return the status that rejects this call and no other (R11); None if it is accepted."""
    if call.language is not None and not _LANGUAGE.fullmatch(call.language):
        return _LANGUAGE_UNKNOWN
    return outcomes.rejection(call.to)


_ACCEPTED = codes.status("PENDING_ACCEPTED")
_DUPLICATE = codes.status("REJECTED_DUPLICATE_MESSAGE_ID")
_LANGUAGE_UNKNOWN = codes.status("REJECTED_UNSUPPORTED_LANGUAGE")
_LAUNCH_STATUS = {code: msgspec.convert(code.as_status(), models.LaunchStatus) for code in codes.STATUSES}
