"""What one account has: the messages it knows, and where the report of each is."""

import heapq
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any, Protocol

from infobip_voice_mock.simulation import Call

__all__ = ["MemoryStore", "Message", "State", "Store"]


class State(StrEnum):
    """Where the report of a message is."""

    SCHEDULED = "scheduled"
    """The call is not done."""
    WAITING = "waiting"
    """To be fetched."""
    CONSUMED = "consumed"
    """Was handed out."""
    PUSHED = "pushed"
    """Went, or is on its way, to the `notifyUrl`."""


class Message:
    """One message and where its report is.

    Attributes:
        message_id: Its name.
        bulk_id: The name of its request, if it has one.
        call: What was launched; None if the report was seeded.
        seed: The report that was seeded, as a JSON value; None if there is a call.
        state: Where the report is.
    """

    __slots__ = ("bulk_id", "call", "message_id", "seed", "state")

    def __init__(self, message_id: str, bulk_id: str | None, call: Call | None = None, seed: Any = None) -> None:
        self.message_id = message_id
        self.bulk_id = bulk_id
        self.call = call
        self.seed = seed
        self.state = State.SCHEDULED


class Store(Protocol):
    """The messages of one account.

    Each method is atomic and none waits: an application that calls them without `await` in between needs no lock.
    """

    dropped: int
    """How many reports were forgotten before anybody got them."""

    def add(self, message: Message, due: datetime) -> None:
        """Keep a message whose report is due then; when the store is full the oldest message is forgotten."""
        ...

    def get(self, message_id: str) -> Message | None:
        """Return a message that is still remembered."""
        ...

    def newest(self) -> Iterator[Message]:
        """Return the messages, the newest first."""
        ...

    def next_due(self) -> datetime | None:
        """Return when the next report falls due."""
        ...

    def pop_due(self, now: datetime) -> Iterator[Message]:
        """Take the reports that are due out of the schedule, in the order in which they fell due."""
        ...

    def wait(self, message: Message) -> None:
        """Let a report wait to be fetched, behind those that wait already."""
        ...

    def take(self, limit: int, bulk_id: str | None, message_id: str | None) -> list[Message]:
        """Hand out the oldest `limit` of the waiting reports that match every filter given."""
        ...

    def move(self, message: Message, state: State) -> None:
        """Say where the report of a message is now, other than waiting."""
        ...

    def counts(self) -> dict[str, int]:
        """Return how many reports there are in each state."""
        ...


class MemoryStore:
    """A store in memory; every step costs the same however much it holds, or the logarithm of what is scheduled.

    Args:
        most: How many messages to remember.
    """

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        # OrderedDict, because evicting the oldest key of a dict by next(iter(...)) walks over all the deleted ones.
        self._messages: OrderedDict[str, Message] = OrderedDict()
        self._schedule: list[tuple[datetime, int, Message]] = []
        self._waiting: OrderedDict[str, Message] = OrderedDict()
        self._by_bulk: dict[str, OrderedDict[str, Message]] = {}
        self._counts: Counter[State] = Counter()
        self._added = 0
        self.dropped = 0

    def add(self, message: Message, due: datetime) -> None:
        """Keep a message whose report is due then; when the store is full the oldest message is forgotten."""
        if len(self._messages) >= self._most:
            self._forget(self._messages.popitem(last=False)[1])
        self._messages[message.message_id] = message
        self._counts[State.SCHEDULED] += 1
        self._added += 1
        heapq.heappush(self._schedule, (due, self._added, message))
        if len(self._schedule) > 2 * self._most:  # what was forgotten before its time is still in here
            self._schedule = [entry for entry in self._schedule if self.get(entry[2].message_id) is entry[2]]
            heapq.heapify(self._schedule)

    def get(self, message_id: str) -> Message | None:
        """Return a message that is still remembered."""
        return self._messages.get(message_id)

    def newest(self) -> Iterator[Message]:
        """Return the messages, the newest first."""
        return reversed(self._messages.values())

    def next_due(self) -> datetime | None:
        """Return when the next report falls due."""
        return self._schedule[0][0] if self._schedule else None

    def pop_due(self, now: datetime) -> Iterator[Message]:
        """Take the reports that are due out of the schedule, in the order in which they fell due."""
        while self._schedule and self._schedule[0][0] <= now:
            message = heapq.heappop(self._schedule)[2]
            if self._messages.get(message.message_id) is message:
                yield message

    def wait(self, message: Message) -> None:
        """Let a report wait to be fetched, behind those that wait already."""
        if message.state is State.WAITING:
            return
        self.move(message, State.WAITING)
        self._waiting[message.message_id] = message
        if message.bulk_id is not None:
            self._by_bulk.setdefault(message.bulk_id, OrderedDict())[message.message_id] = message

    def take(self, limit: int, bulk_id: str | None, message_id: str | None) -> list[Message]:
        """Hand out the oldest `limit` of the waiting reports that match every filter given."""
        found: Iterable[Message]
        if message_id is not None:
            one = self._waiting.get(message_id)
            found = [one] if one is not None and bulk_id in (None, one.bulk_id) else []
        elif bulk_id is not None:
            found = self._by_bulk.get(bulk_id, OrderedDict[str, Message]()).values()
        else:
            found = self._waiting.values()
        taken = list(islice(found, limit))
        for message in taken:
            self._stop_waiting(message)
            self.move(message, State.CONSUMED)
        return taken

    def move(self, message: Message, state: State) -> None:
        """Say where the report of a message is now, other than waiting."""
        self._counts[message.state] -= 1
        self._counts[state] += 1
        message.state = state

    def counts(self) -> dict[str, int]:
        """Return how many reports there are in each state."""
        return {state.value: self._counts[state] for state in State}

    def _stop_waiting(self, message: Message) -> None:
        del self._waiting[message.message_id]
        if message.bulk_id is not None:
            bulk = self._by_bulk[message.bulk_id]
            del bulk[message.message_id]
            if not bulk:
                del self._by_bulk[message.bulk_id]

    def _forget(self, message: Message) -> None:
        self._counts[message.state] -= 1
        if message.state is State.WAITING:
            self._stop_waiting(message)
        if message.state in (State.SCHEDULED, State.WAITING):
            self.dropped += 1
