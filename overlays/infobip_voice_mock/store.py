"""What the mock keeps of one account: its messages, and where the report of each is."""

import heapq
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any, Protocol

from infobip_voice_mock.simulation import Call

__all__ = ["MemoryStore", "Message", "ReportState", "Store"]


class ReportState(StrEnum):
    """Where the report of a message is."""

    SCHEDULED = "scheduled"
    """There is none yet: the call is not done."""
    WAITING = "waiting"
    """In the queue, to be fetched."""
    CONSUMED = "consumed"
    """Handed out to a client that fetched it."""
    PUSHED = "pushed"
    """On its way to the `notifyUrl`, or there."""


class Message:
    """A message: a call that was launched, or a report that was seeded, and where the report is.

    Attributes:
        message_id: The id of the message.
        bulk_id: The id of its launch; None if it has none.
        call: The call; None if the report was seeded.
        seed: The seeded report as a JSON value; None if there is a call.
        state: Where the report is.
    """

    __slots__ = ("bulk_id", "call", "message_id", "seed", "state")

    def __init__(self, message_id: str, bulk_id: str | None, call: Call | None = None, seed: Any = None) -> None:
        self.message_id = message_id
        self.bulk_id = bulk_id
        self.call = call
        self.seed = seed
        self.state = ReportState.SCHEDULED


class Store(Protocol):
    """The messages of one account.

    No method waits, and each is atomic: an application that calls them without `await` in between
    needs no lock.
    """

    dropped: int
    """How many reports were dropped, because the store was full, before anybody got them."""

    def add(self, message: Message, due: datetime) -> None:
        """Keep a message whose report falls due at `due`; a full store drops its oldest message."""
        ...

    def get(self, message_id: str) -> Message | None:
        """Return the message of that id; None if it was never kept, or was dropped."""
        ...

    def newest(self) -> Iterator[Message]:
        """Return the messages, the newest first."""
        ...

    def next_due(self) -> datetime | None:
        """Return when the next report falls due; None if none will."""
        ...

    def pop_due(self, now: datetime) -> Iterator[Message]:
        """Take the messages whose reports are due out of the schedule, the longest due first."""
        ...

    def enqueue(self, message: Message) -> None:
        """Put a report at the end of the queue, unless it is in the queue already."""
        ...

    def take(self, limit: int, bulk_id: str | None, message_id: str | None) -> list[Message]:
        """Take the oldest `limit` reports that match every given filter out of the queue.

        They count as consumed.
        """
        ...

    def move(self, message: Message, state: ReportState) -> None:
        """Note where the report of a message is now, for every state but waiting."""
        ...

    def counts(self) -> dict[str, int]:
        """Return how many reports there are in each state."""
        ...


class MemoryStore(Store):
    """A store in memory.

    However much it holds, a step costs the same, or grows with the logarithm of what is scheduled.

    Args:
        max_messages: How many messages to keep.
    """

    def __init__(self, max_messages: int = 100_000) -> None:
        self._max_messages = max_messages
        # An OrderedDict, because finding the oldest key of a dict by next(iter(...)) walks over all
        # deleted ones.
        self._messages: OrderedDict[str, Message] = OrderedDict()
        self._schedule: list[tuple[datetime, int, Message]] = []
        self._queue: OrderedDict[str, Message] = OrderedDict()
        self._queue_by_bulk: dict[str, OrderedDict[str, Message]] = {}
        self._counts: Counter[ReportState] = Counter()
        self._added = 0
        self.dropped = 0

    def add(self, message: Message, due: datetime) -> None:
        if len(self._messages) >= self._max_messages:
            self._drop(self._messages.popitem(last=False)[1])
        self._messages[message.message_id] = message
        self._counts[ReportState.SCHEDULED] += 1
        self._added += 1
        heapq.heappush(self._schedule, (due, self._added, message))
        if len(self._schedule) > 2 * self._max_messages:  # dropped messages are still in here
            self._schedule = [entry for entry in self._schedule if self.get(entry[2].message_id) is entry[2]]
            heapq.heapify(self._schedule)

    def get(self, message_id: str) -> Message | None:
        return self._messages.get(message_id)

    def newest(self) -> Iterator[Message]:
        return reversed(self._messages.values())

    def next_due(self) -> datetime | None:
        return self._schedule[0][0] if self._schedule else None

    def pop_due(self, now: datetime) -> Iterator[Message]:
        while self._schedule and self._schedule[0][0] <= now:
            message = heapq.heappop(self._schedule)[2]
            if self._messages.get(message.message_id) is message:
                yield message

    def enqueue(self, message: Message) -> None:
        if message.state is ReportState.WAITING:
            return
        self.move(message, ReportState.WAITING)
        self._queue[message.message_id] = message
        if message.bulk_id is not None:
            self._queue_by_bulk.setdefault(message.bulk_id, OrderedDict())[message.message_id] = message

    def take(self, limit: int, bulk_id: str | None, message_id: str | None) -> list[Message]:
        found: Iterable[Message]
        if message_id is not None:
            one = self._queue.get(message_id)
            found = [one] if one is not None and bulk_id in (None, one.bulk_id) else []
        elif bulk_id is not None:
            found = self._queue_by_bulk.get(bulk_id, OrderedDict[str, Message]()).values()
        else:
            found = self._queue.values()
        taken = list(islice(found, limit))
        for message in taken:
            self._dequeue(message)
            self.move(message, ReportState.CONSUMED)
        return taken

    def move(self, message: Message, state: ReportState) -> None:
        self._counts[message.state] -= 1
        self._counts[state] += 1
        message.state = state

    def counts(self) -> dict[str, int]:
        return {state.value: self._counts[state] for state in ReportState}

    def _dequeue(self, message: Message) -> None:
        del self._queue[message.message_id]
        if message.bulk_id is not None:
            bulk = self._queue_by_bulk[message.bulk_id]
            del bulk[message.message_id]
            if not bulk:
                del self._queue_by_bulk[message.bulk_id]

    def _drop(self, message: Message) -> None:
        self._counts[message.state] -= 1
        if message.state is ReportState.WAITING:
            self._dequeue(message)
        if message.state in (ReportState.SCHEDULED, ReportState.WAITING):
            self.dropped += 1
