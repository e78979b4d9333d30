"""What one account has: the messages it knows and the reports that wait for it."""

from collections import OrderedDict
from collections.abc import Iterable
from itertools import islice
from typing import Protocol

from infobip_voice_schema.models import VoiceReport

__all__ = ["MemoryStore", "Store"]


class Store(Protocol):
    """The messages and reports of one account.

    A message is known from its launch on, and its report waits until it is taken. Each method is atomic, and none waits: an
    application that calls them without `await` in between needs no lock.
    """

    def knows(self, message_id: str) -> bool:
        """Return whether a message of that name was accepted before."""
        ...

    def add(self, message_id: str, bulk_id: str | None, report: VoiceReport) -> None:
        """Keep a message and let its report wait."""
        ...

    def take(self, limit: int, bulk_id: str | None, message_id: str | None) -> list[VoiceReport]:
        """Remove and return the oldest `limit` of the waiting reports that match every filter given."""
        ...


class MemoryStore:
    """A store in memory, bounded; when it is full the oldest message is forgotten, with its report if that still waits.

    Args:
        most: How many messages to remember.

    Attributes:
        dropped: How many reports were forgotten before anybody took them.
    """

    def __init__(self, most: int = 1_000_000) -> None:
        self._most = most
        # OrderedDict, because evicting the oldest key of a dict by next(iter(...)) walks over all the deleted ones.
        self._messages: OrderedDict[str, str | None] = OrderedDict()
        self._waiting: OrderedDict[str, VoiceReport] = OrderedDict()
        self._by_bulk: dict[str, OrderedDict[str, None]] = {}
        self.dropped = 0

    def knows(self, message_id: str) -> bool:
        """Return whether a message of that name was accepted before, and is still remembered."""
        return message_id in self._messages

    def add(self, message_id: str, bulk_id: str | None, report: VoiceReport) -> None:
        """Keep a message and let its report wait."""
        if len(self._messages) >= self._most:
            oldest = next(iter(self._messages))
            if oldest in self._waiting:
                self._take(oldest)
                self.dropped += 1
            del self._messages[oldest]
        self._messages[message_id] = bulk_id
        self._waiting[message_id] = report
        if bulk_id is not None:
            self._by_bulk.setdefault(bulk_id, OrderedDict())[message_id] = None

    def take(self, limit: int, bulk_id: str | None, message_id: str | None) -> list[VoiceReport]:
        """Remove and return the oldest `limit` of the waiting reports that match every filter given."""
        found: Iterable[str]
        if message_id is not None:
            matches = message_id in self._waiting and bulk_id in (None, self._messages[message_id])
            found = [message_id] if matches else []
        elif bulk_id is not None:
            found = self._by_bulk.get(bulk_id, ())
        else:
            found = self._waiting
        return [self._take(name) for name in list(islice(found, limit))]

    def _take(self, message_id: str) -> VoiceReport:
        bulk_id = self._messages[message_id]
        if bulk_id is not None:
            bulk = self._by_bulk[bulk_id]
            del bulk[message_id]
            if not bulk:
                del self._by_bulk[bulk_id]
        return self._waiting.pop(message_id)
