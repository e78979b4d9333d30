"""The three operations, on models that have passed validation.

Nothing here waits, so on one event loop each operation is atomic: a report is selected and removed in one step, and of any
number of readers exactly one gets it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec
from msgspec import UNSET

from infobip_voice_mock import outcomes, simulation
from infobip_voice_mock.store import MemoryStore, Store
from infobip_voice_schema import models
from infobip_voice_wire import codes

__all__ = ["Service"]

# No source lists the languages. What has the shape of a language tag is taken for one that the platform speaks.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


class Service:
    """The launches and the reports of every account.

    Args:
        now: The present moment, with an offset.
        new_id: A new name for a request or a message; unique.
        new_store: A store for an account that is seen for the first time.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        new_store: Callable[[], Store] = MemoryStore,
    ) -> None:
        self._now = now
        self._new_id = new_id
        self._new_store = new_store
        self._stores: dict[str, Store] = {}

    def launch_ivr(self, account: str, request: models.IvrLaunchRequest) -> models.VoiceResponse:
        """Call every destination; one entry for each, in order."""
        wanted = [
            _Wanted(destination.to, destination.message_id or None, message.record is True, None)
            for message in request.messages
            for destination in message.destinations
        ]
        return self._launch(account, request.bulk_id or None, wanted)

    def launch_click_to_call(self, account: str, request: models.ClickToCallLaunchRequest) -> models.VoiceResponse:
        """Connect every pair; one entry for each, in order, which names A."""
        wanted = [
            _Wanted(
                message.destination_a,
                message.message_id or None,
                message.record in (True, "true"),
                (message.language or "en") if message.text else None,
            )
            for message in request.messages
        ]
        return self._launch(account, request.bulk_id or None, wanted)

    def fetch_reports(
        self, account: str, limit: int, bulk_id: str | None, message_id: str | None
    ) -> models.VoiceReportResponse:
        """Hand out, and forget, the oldest reports that match."""
        return models.VoiceReportResponse(results=self._store(account).take(limit, bulk_id, message_id))

    def _store(self, account: str) -> Store:
        store = self._stores.get(account)
        if store is None:
            store = self._stores[account] = self._new_store()
        return store

    def _launch(self, account: str, bulk_id: str | None, wanted: "list[_Wanted]") -> models.VoiceResponse:
        if bulk_id is None and len(wanted) > 1:  # R4
            bulk_id = self._new_id()
        store, now = self._store(account), self._now()
        return models.VoiceResponse(
            bulk_id=bulk_id if bulk_id is not None else UNSET,
            messages=list(self._entries(store, bulk_id, wanted, now)),
        )

    def _entries(
        self, store: Store, bulk_id: str | None, wanted: "list[_Wanted]", now: datetime
    ) -> Iterator[models.VoiceResponseDetails]:
        for item in wanted:
            message_id = item.message_id or self._new_id()
            # A rejected message is not kept, so that a duplicate id always means a call that went out (R5).
            status = _DUPLICATE if store.knows(message_id) else item.rejection() or _ACCEPTED
            if status is _ACCEPTED:
                call = simulation.Call(message_id, bulk_id, item.to, item.record)
                store.add(message_id, bulk_id, simulation.report(call, now))
            yield models.VoiceResponseDetails(to=item.to, status=_LAUNCH_STATUS[status], message_id=message_id)


class _Wanted:
    """One call of a request."""

    __slots__ = ("language", "message_id", "record", "to")

    def __init__(self, to: str, message_id: str | None, record: bool, language: str | None) -> None:
        self.to = to
        self.message_id = message_id
        self.record = record
        self.language = language

    def rejection(self) -> codes.Code | None:
        """Return the status of a message that cannot be judged by its shape alone and is rejected by itself (R11)."""
        if self.language is not None and not _LANGUAGE.fullmatch(self.language):
            return _LANGUAGE_UNKNOWN
        return outcomes.rejection(self.to)


_ACCEPTED = codes.status("PENDING_ACCEPTED")
_DUPLICATE = codes.status("REJECTED_DUPLICATE_MESSAGE_ID")
_LANGUAGE_UNKNOWN = codes.status("REJECTED_UNSUPPORTED_LANGUAGE")
_LAUNCH_STATUS = {code: msgspec.convert(code.as_status(), models.LaunchStatus) for code in codes.STATUSES}
