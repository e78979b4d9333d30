"""Reports on their way to a `notifyUrl`: attempt by attempt, on the account's clock."""

import asyncio
import heapq
import ipaddress
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from infobip_voice_mock.schedule import push_waits

__all__ = ["Attempt", "HttpPoster", "Poster", "Push", "Pushes", "is_allowed"]

MOST_PUSHES = 10_000
SECONDS_TO_ANSWER = 10.0


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Return whether reports may be pushed there: to this machine, or to a host that was allowed by name."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        known = host == "localhost" or host in hosts or ipaddress.ip_address(host).is_loopback
        return known and parts.port != 0
    except ValueError:  # no address, in brackets something that is none, or a port that cannot be
        return False


class Poster(Protocol):
    """Sends one push."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Return the status of the answer.

        Raises:
            OSError: There was no answer; the text says why.
        """
        ...


class HttpPoster:
    """Sends pushes over HTTP. It follows no redirect, uses no proxy, and does not wait for ever."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Return the status of the answer."""
        import httpx  # a quarter of the start time, and most mocks never push

        try:
            async with (
                asyncio.timeout(SECONDS_TO_ANSWER),
                httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=None) as client,  # noqa: S113
                client.stream("POST", url, headers=dict(headers), content=body) as response,
            ):
                return response.status_code
        except TimeoutError:
            raise OSError(f"no answer within {SECONDS_TO_ANSWER:g} s") from None
        except Exception as error:  # whatever a URL makes of the client, it is one attempt that failed
            raise OSError(type(error).__name__) from None


class Attempt(NamedTuple):
    """One attempt at a push: when, by the account's clock, and the status or what went wrong."""

    at: datetime
    status: int | None
    error: str


@dataclass
class Push:
    """One report on its way.

    Attributes:
        id: Its name in the control plane.
        message_id: The name of the call.
        url: The receiver.
        headers: Header fields of each attempt.
        body: The report, written once.
        attempts: What has been tried.
        state: `pending`, `delivered`, or `exhausted` when every repetition has failed.
    """

    id: str
    message_id: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    state: str = "pending"
    _waits: Iterator[timedelta] = field(default_factory=push_waits, repr=False)

    def next_wait(self) -> timedelta | None:
        """Return how long to wait after a failed attempt; None when it was the last."""
        return next(self._waits, None)

    def document(self) -> dict[str, Any]:
        """Return the push as the control plane shows it."""
        attempts = [{"at": item.at.isoformat(), "status": item.status, "error": item.error} for item in self.attempts]
        return {"id": self.id, "messageId": self.message_id, "url": self.url, "state": self.state, "attempts": attempts}


class Pushes:
    """The pushes of one account.

    Args:
        poster: Sends one push.
    """

    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._pushes: OrderedDict[str, Push] = OrderedDict()
        self._due: list[tuple[datetime, int, Push]] = []
        self._made = 0
        self._scheduled = 0

    def add(self, message_id: str, url: str, headers: Mapping[str, str], body: bytes, at: datetime) -> None:
        """Send a report, for the first time at `at`."""
        self._made += 1
        push = Push(f"push-{self._made}", message_id, url, headers, body)
        if len(self._pushes) >= MOST_PUSHES:
            self._pushes.popitem(last=False)
        self._pushes[push.id] = push
        self._schedule(push, at)

    def get(self, name: str) -> Push | None:
        """Return a push by its name."""
        return self._pushes.get(name)

    def newest(self) -> Iterator[Push]:
        """Return the pushes, the newest first."""
        return reversed(self._pushes.values())

    def next_due(self) -> datetime | None:
        """Return when the next attempt is due."""
        return self._due[0][0] if self._due else None

    def pop_due(self, now: datetime) -> Iterator[Push]:
        """Take the pushes whose next attempt is due, in order."""
        while self._due and self._due[0][0] <= now:
            yield heapq.heappop(self._due)[2]

    async def attempt(self, push: Push, now: Callable[[], datetime]) -> None:
        """Make one attempt; if it fails, schedule the next."""
        at = now()
        try:
            status: int | None = await self._poster.post(push.url, push.headers, push.body)
            error = ""
        except OSError as failure:
            status, error = None, str(failure)
        push.attempts.append(Attempt(at, status, error))
        if status is not None and 200 <= status < 300:
            push.state = "delivered"
        elif push.state == "pending":
            wait = push.next_wait()
            if wait is None:
                push.state = "exhausted"
            else:
                self._schedule(push, at + wait)

    def _schedule(self, push: Push, at: datetime) -> None:
        self._scheduled += 1
        heapq.heappush(self._due, (at, self._scheduled, push))
