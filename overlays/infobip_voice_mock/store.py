"""What the mock keeps of one account: its messages, and where the report of each is."""

import heapq
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from itertools import islice
from typing import Any, NamedTuple, Protocol

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.capacity import MESSAGE_BYTES, Capacity, full
from infobip_voice_mock.pushes import Push
from infobip_voice_mock.simulation import Call

__all__ = ["MemoryStore", "Message", "ReportState", "Snapshot", "Store"]


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
        size: About how many bytes it takes.
        state: Where the report is.
        push: The push of the report; None if it is not pushed, or not yet.
    """

    __slots__ = ("bulk_id", "call", "message_id", "push", "seed", "size", "state")

    def __init__(
        self,
        message_id: str,
        bulk_id: str | None,
        call: Call | None = None,
        seed: Any = None,
        size: int = MESSAGE_BYTES,
    ) -> None:
        self.message_id = message_id
        self.bulk_id = bulk_id
        self.call = call
        self.seed = seed
        self.size = size
        self.state = ReportState.SCHEDULED
        self.push: Push | None = None

    @property
    def done(self) -> bool:
        """Whether nobody waits for the report any more, so that the message may be forgotten."""
        pending = self.push is not None and self.push.state == "pending"
        return self.state in (ReportState.CONSUMED, ReportState.PUSHED) and not pending


class Snapshot(NamedTuple):
    """Everything that a store keeps, at one moment.

    Attributes:
        messages: The messages, the oldest first.
        due: When the reports of the scheduled ones fall due, by their ids.
        queue: The ids of those whose reports wait, in order.
        done: The ids of those that nobody waits for, the longest so first.
    """

    messages: list[Message]
    due: dict[str, datetime]
    queue: list[str]
    done: list[str]


class Store(Protocol):
    """The messages of one account.

    No method waits, and each is atomic: an application that calls them without `await` in between
    needs no lock.
    """

    forgotten: int
    """How many messages were forgotten to make room."""

    @property
    def all_done(self) -> bool:
        """Whether nobody waits for any report."""
        ...

    def reserve(self, count: int, size: int) -> None:
        """Make room for `count` messages of `size` bytes together, which are to be added.

        Done messages are forgotten until there is enough.

        Raises:
            Refusal: 429, or 413 if there never is so much room; nothing was forgotten.
        """
        ...

    def add(self, message: Message, due: datetime) -> None:
        """Keep a message whose report falls due at `due`; its room has to be reserved."""
        ...

    def clear(self) -> None:
        """Drop every message, and give back the room that they take."""
        ...

    def get(self, message_id: str) -> Message | None:
        """Return the message of that id; None if it was never kept, or was forgotten."""
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

    def review(self, message: Message) -> None:
        """Note whether a message is done, after its push has changed."""
        ...

    def snapshot(self) -> Snapshot:
        """Return everything that is kept."""
        ...

    def place(self, states: Iterable[tuple[Message, ReportState]]) -> None:
        """Put messages that were just added where their reports were when a snapshot was taken.

        The order is that of the queue and of what is done; all others stay scheduled.
        """
        ...

    def counts(self) -> dict[str, int]:
        """Return how many reports there are in each state."""
        ...


class MemoryStore(Store):
    """A store in memory.

    However much it holds, a step costs the same, or grows with the logarithm of what is scheduled.

    Args:
        capacity: The memory that the messages of all accounts share.
        forget: Is told of every message that is forgotten to make room.
    """

    def __init__(self, capacity: Capacity, forget: Callable[[Message], None] = lambda _: None) -> None:
        self._capacity = capacity
        self._tell = forget
        # OrderedDicts, because finding the oldest key of a dict by next(iter(...)) walks over all
        # deleted ones.
        self._messages: OrderedDict[str, Message] = OrderedDict()
        self._schedule: list[tuple[datetime, int, Message]] = []
        self._queue: OrderedDict[str, Message] = OrderedDict()
        self._queue_by_bulk: dict[str, OrderedDict[str, Message]] = {}
        self._done: OrderedDict[str, Message] = OrderedDict()
        self._counts: Counter[ReportState] = Counter()
        self._added = 0
        self._reserved = 0
        self._bytes = 0
        self.forgotten = 0

    @property
    def all_done(self) -> bool:
        return len(self._done) == len(self._messages)

    def reserve(self, count: int, size: int) -> None:
        most = self._capacity.limits.messages
        if count > most:
            text = f"these are {count:,} messages; an account keeps {most:,} (--max-messages)"
            raise Refusal.of(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
        waiting = len(self._messages) - len(self._done) + self._reserved
        if waiting + count > most:
            raise full(
                f"an account keeps {most:,} messages (--max-messages), and {waiting:,} of this one's wait, "
                f"so {count:,} more do not fit: fetch their reports, or reset the account"
            )
        self._capacity.reserve(size)
        self._bytes += size
        self._reserved += count
        while len(self._messages) + self._reserved > most:
            self._forget(next(iter(self._done.values())))

    def add(self, message: Message, due: datetime) -> None:
        self._messages[message.message_id] = message
        self._counts[ReportState.SCHEDULED] += 1
        self._reserved -= 1
        self._added += 1
        heapq.heappush(self._schedule, (due, self._added, message))

    def clear(self) -> None:
        for message in self._done.values():
            self._capacity.undo(message)
        self._capacity.release(self._bytes)
        self._bytes = self._reserved = 0
        self._messages.clear()
        self._schedule.clear()
        self._queue.clear()
        self._queue_by_bulk.clear()
        self._done.clear()
        self._counts.clear()

    def get(self, message_id: str) -> Message | None:
        return self._messages.get(message_id)

    def newest(self) -> Iterator[Message]:
        return reversed(self._messages.values())

    def next_due(self) -> datetime | None:
        return self._schedule[0][0] if self._schedule else None

    def pop_due(self, now: datetime) -> Iterator[Message]:
        while self._schedule and self._schedule[0][0] <= now:
            yield heapq.heappop(self._schedule)[2]

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
        self.review(message)

    def review(self, message: Message) -> None:
        if not message.done:
            self._done.pop(message.message_id, None)
            self._capacity.undo(message)
        elif message.message_id not in self._done and self._messages.get(message.message_id) is message:
            self._done[message.message_id] = message
            self._capacity.do(message, self._forget)

    def snapshot(self) -> Snapshot:
        due = {message.message_id: at for at, _, message in self._schedule}
        return Snapshot(list(self._messages.values()), due, list(self._queue), list(self._done))

    def place(self, states: Iterable[tuple[Message, ReportState]]) -> None:
        placed: set[str] = set()
        for message, state in states:
            placed.add(message.message_id)
            if state is ReportState.WAITING:
                self.enqueue(message)
            else:
                self.move(message, state)
        self._schedule = [entry for entry in self._schedule if entry[2].message_id not in placed]
        heapq.heapify(self._schedule)

    def counts(self) -> dict[str, int]:
        return {state.value: self._counts[state] for state in ReportState}

    def _dequeue(self, message: Message) -> None:
        del self._queue[message.message_id]
        if message.bulk_id is not None:
            bulk = self._queue_by_bulk[message.bulk_id]
            del bulk[message.message_id]
            if not bulk:
                del self._queue_by_bulk[message.bulk_id]

    def _forget(self, message: Message) -> None:
        del self._messages[message.message_id]
        del self._done[message.message_id]
        self._capacity.undo(message)
        self._capacity.release(message.size)
        self._bytes -= message.size
        self._counts[message.state] -= 1
        self.forgotten += 1
        self._tell(message)
