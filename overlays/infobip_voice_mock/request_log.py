"""The newest thousand requests of one account, and what became of each."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import NamedTuple

__all__ = ["LoggedRequest", "RequestLog"]

MAX_LOGGED_REQUESTS = 1000
MAX_LOGGED_CHARACTERS = 2000


class LoggedRequest(NamedTuple):
    """One request and what became of it.

    Attributes:
        number: The position of the request among all requests of the account, from 1.
        at: When the request arrived, by the account's clock.
        method: The HTTP method.
        target: The path and the query.
        body: The beginning of the body.
        status: The status of the answer; 0 if the connection was reset instead.
        reason: Why the request was refused, with the path of every violation; empty if it was not.
        fault: The kind of the fault that struck the request; empty if none did.
    """

    number: int
    at: datetime
    method: str
    target: str
    body: str
    status: int
    reason: str
    fault: str


class RequestLog:
    """Keeps the newest requests and drops the oldest."""

    def __init__(self) -> None:
        self._requests: deque[LoggedRequest] = deque(maxlen=MAX_LOGGED_REQUESTS)
        self._numbers = count(1)

    def add(self, at: datetime, method: str, target: str, body: bytes, status: int, reason: str, fault: str) -> None:
        """Log a request."""
        # A character has at most four bytes, so this decodes no more of a large body than is kept.
        text = body[: 4 * MAX_LOGGED_CHARACTERS].decode(errors="replace")[:MAX_LOGGED_CHARACTERS]
        self._requests.append(LoggedRequest(next(self._numbers), at, method, target, text, status, reason, fault))

    def newest(self, status: int | None = None, path: str | None = None) -> Iterator[LoggedRequest]:
        """Return the requests that have the `status` and the `path`, if given, the newest first."""
        for logged in reversed(self._requests):
            if status in (None, logged.status) and path in (None, logged.target.partition("?")[0]):
                yield logged

    def clear(self) -> None:
        """Drop every logged request. The numbers go on from where they are."""
        self._requests.clear()
