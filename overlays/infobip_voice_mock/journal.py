"""The requests that an account has sent, the newest thousand."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple

__all__ = ["Entry", "Journal"]

MOST_ENTRIES = 1000
MOST_BODY_CHARACTERS = 2000


class Entry(NamedTuple):
    """One request and what became of it.

    Attributes:
        number: Counts the requests of the account.
        at: When it came, by the account's clock.
        method: The HTTP method.
        target: Path and query.
        body: The beginning of the body.
        status: The status of the answer.
        reason: Why it was refused, by the paths of the violations; empty if it was not.
        fault: The fault that struck it; empty if none did.
    """

    number: int
    at: datetime
    method: str
    target: str
    body: str
    status: int
    reason: str
    fault: str


class Journal:
    """Remembers requests, and forgets the oldest."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self._numbers = count(1)

    def add(self, at: datetime, method: str, target: str, body: bytes, status: int, reason: str, fault: str) -> None:
        """Remember a request."""
        text = body[: 4 * MOST_BODY_CHARACTERS].decode(errors="replace")[:MOST_BODY_CHARACTERS]
        self._entries.append(Entry(next(self._numbers), at, method, target, text, status, reason, fault))

    def newest(self, status: int | None = None, path: str | None = None) -> Iterator[Entry]:
        """Return the requests with that status and that path, the newest first."""
        for entry in reversed(self._entries):
            if status in (None, entry.status) and path in (None, entry.target.partition("?")[0]):
                yield entry

    def clear(self) -> None:
        """Forget every request."""
        self._entries.clear()


def document(entry: Entry) -> dict[str, Any]:
    """Return an entry as the control plane shows it."""
    return {**entry._asdict(), "at": entry.at.isoformat()}
