"""The requests of every account, what each carried, and what became of it.

Each account has a log. All logs share one bound in bytes, so that no number of accounts and no size
of requests fills the memory; what is dropped is counted.
"""

import codecs
import re
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Final

from infobip_voice_mock.request import Request

__all__ = ["MAX_BODY_BYTES_KEPT", "Journal", "LoggedRequest", "RequestLog"]

MAX_BODY_BYTES_KEPT: Final = 65_536
"""How much of each body is kept unless `--journal-bytes` says otherwise."""

MAX_LOG_BYTES: Final = 8 * 1024 * 1024
"""How much one account's log holds: about 6,000 requests of 1 kB."""

MAX_JOURNAL_BYTES: Final = 128 * 1024 * 1024
"""How much all logs hold together."""

_OVERHEAD: Final = 600
"""What an entry takes beside target, head and body."""

_SECRET: Final = re.compile(r"auth|cookie|token|secret|passw|credential|session|signature|api[-_]?key|(?<!cy)[-_]key$")
_SECRET_PARAMETER: Final = re.compile(r"(?<=[?&])([^=&]+)=([^&]+)")
_SCHEMES: Final = frozenset({b"basic", b"app", b"bearer", b"ibsso", b"digest"})
_MASK: Final = b"***"


@dataclass(slots=True, eq=False)
class LoggedRequest:
    """One request and what became of it.

    Attributes:
        number: Its position among all requests of the account, from 1.
        at: When it arrived, by the account's clock.
        received_at: When it arrived, by the machine's clock.
        method: The HTTP method.
        target: The path and the query, with credentials in it masked.
        head: Names and values of the header fields, in order, with credentials masked. They are
            one piece of bytes, because few requests are ever looked at, and thousands of small
            objects cost Python's collector more than the requests themselves.
        body: The beginning of the body.
        body_bytes: How many bytes the body had when it arrived.
        size: About how many bytes the entry takes.
        status: The status of the answer; 0 if there is none, because the connection was reset or
            the client left, and None until that is known.
        reason: Why it was refused, with the path of every violation; empty if it was not.
        fault: The kind of the fault that struck it; empty if none did.
    """

    number: int
    at: datetime
    received_at: datetime
    method: str
    target: str
    head: bytes
    body: bytes
    body_bytes: int
    size: int
    status: int | None = None
    reason: str = ""
    fault: str = ""

    @property
    def path(self) -> str:
        """The path without the query."""
        return self.target.partition("?")[0]

    @property
    def cut(self) -> bool:
        """Whether the end of the body is missing."""
        return len(self.body) < self.body_bytes

    def text(self) -> str:
        """Return what is kept of the body as text; a character that was cut in two is left out."""
        return codecs.getincrementaldecoder("utf-8")("replace").decode(self.body, final=not self.cut)

    def fields(self) -> list[tuple[str, str]]:
        """Return the names and values of the header fields as text."""
        parts = self.head.decode("latin-1").split("\n")
        return list(zip(parts[::2], parts[1::2], strict=False))


class RequestLog:
    """The newest requests of one account; the oldest are dropped first.

    Args:
        journal: What bounds all logs together.

    Attributes:
        dropped: How many requests were dropped because there were too many.
        bytes: About how many bytes the log takes.
        last_number: The number of the newest request; calls refer to requests by their numbers.
    """

    def __init__(self, journal: "Journal") -> None:
        self.dropped = 0
        self.bytes = 0
        self._journal = journal
        self._requests: deque[LoggedRequest] = deque()
        self.last_number = 0

    def __len__(self) -> int:
        return len(self._requests)

    def begin(self, at: datetime, received_at: datetime, request: Request) -> LoggedRequest:
        """Log a request that has arrived, and return it, to be told its end."""
        self.last_number += 1
        kept = request.body[: self._journal.body_bytes]
        target = _SECRET_PARAMETER.sub(_masked_parameter, request.target) if request.query else request.target
        head = _kept_head(request.headers)
        size = _OVERHEAD + len(target) + len(head) + len(kept)
        logged = LoggedRequest(
            self.last_number, at, received_at, request.method, target, head, kept, len(request.body), size
        )
        self._requests.append(logged)
        self._grow(size)
        return logged

    def end(self, logged: LoggedRequest, status: int, reason: str, fault: str) -> None:
        """Note what became of a request of this log."""
        logged.status, logged.reason, logged.fault = status, reason, fault
        if reason and self._requests and logged.number >= self._requests[0].number:  # else it is gone already
            logged.size += len(reason)
            self._grow(len(reason))

    def newest(self, before: int | None = None) -> Iterator[LoggedRequest]:
        """Return the requests, or those with a number below `before`, the newest first."""
        return (logged for logged in reversed(self._requests) if before is None or logged.number < before)

    def get(self, number: int) -> LoggedRequest | None:
        """Return the request of that number; None if there is none, or it was dropped."""
        index = number - self._requests[0].number if self._requests else -1
        return self._requests[index] if 0 <= index < len(self._requests) else None

    def clear(self) -> None:
        """Forget every request. The numbers go on from where they are."""
        self._requests.clear()
        self._journal.shrink(self, self.bytes)
        self.bytes = 0

    def drop_oldest(self) -> None:
        """Drop the oldest request, and count it."""
        size = self._requests.popleft().size
        self.dropped += 1
        self.bytes -= size
        self._journal.shrink(self, size)

    def _grow(self, size: int) -> None:
        self.bytes += size
        self._journal.grow(self, size)
        while self.bytes > self._journal.max_log_bytes:
            self.drop_oldest()
        self._journal.make_room()


class Journal:
    """The logs of all accounts together.

    Args:
        body_bytes: How many bytes of each body are kept; 0 for none.
        max_log_bytes: How many bytes each log may take.
        max_bytes: How many they may take together. When they take more, the log that has been quiet
            for longest loses its oldest requests, so that many idle accounts cost a busy one
            nothing.

    Attributes:
        strays: The requests that name no account that exists.
        bytes: About how many bytes all logs take.

    Raises:
        ValueError: `body_bytes` is negative.
    """

    def __init__(
        self,
        body_bytes: int = MAX_BODY_BYTES_KEPT,
        max_log_bytes: int = MAX_LOG_BYTES,
        max_bytes: int = MAX_JOURNAL_BYTES,
    ) -> None:
        if body_bytes < 0:
            raise ValueError(f"expected the number of bytes to keep of a body, found {body_bytes}")
        self.body_bytes = body_bytes
        self.max_log_bytes = max_log_bytes
        self.bytes = 0
        self._max_bytes = max_bytes
        self._logs: OrderedDict[RequestLog, None] = OrderedDict()  # the longest quiet first
        self.strays = RequestLog(self)

    def grow(self, log: RequestLog, size: int) -> None:
        """Count what a log has added."""
        self.bytes += size
        self._logs[log] = None
        self._logs.move_to_end(log)

    def make_room(self) -> None:
        """Drop requests until all logs are within the bound."""
        while self.bytes > self._max_bytes:
            next(iter(self._logs)).drop_oldest()

    def shrink(self, log: RequestLog, size: int) -> None:
        """Count what a log has lost."""
        self.bytes -= size
        if not log:
            self._logs.pop(log, None)


@lru_cache(maxsize=64)  # a client sends the same fields again and again
def _kept_head(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """Return header fields as they are kept; no field can have the end of a line in it."""
    fields = (_masked(*field) if _is_secret(field[0]) else field for field in headers)
    return b"\n".join(chain.from_iterable(fields))


def _masked(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Return a field that is secret without its credentials."""
    scheme, space, _ = value.partition(b" ")
    return name, scheme + b" " + _MASK if space and scheme.lower() in _SCHEMES else _MASK


def _masked_parameter(match: re.Match[str]) -> str:
    return f"{match[1]}={_MASK.decode()}" if _SECRET.search(match[1].lower()) else match[0]


# Cached, because clients send the same few names again and again, and small, so that long ones do
# not fill the memory.
@lru_cache(maxsize=64)
def _is_secret(name: bytes) -> bool:
    """Return whether a field says by its name, in lower case, that it is secret."""
    return _SECRET.search(name.decode("latin-1")) is not None
