"""Reports on their way to a `notifyUrl`: attempt by attempt, on the account's clock."""

import asyncio
import heapq
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol
from urllib.parse import urlsplit

from infobip_voice_mock.schedule import push_waits
from infobip_voice_wire.loopback import is_loopback

if TYPE_CHECKING:
    import httpx

__all__ = ["HttpPoster", "Poster", "Push", "PushAttempt", "Pushes", "is_allowed", "refusal"]

MAX_SECONDS_TO_ANSWER = 10.0
NO_ANSWER = f"no answer within {MAX_SECONDS_TO_ANSWER:g} s"


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Return whether a report may be pushed to `url`: on this machine, or on one of `hosts`."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        return (host in hosts or is_loopback(host)) and parts.port != 0
    except ValueError:  # in brackets something that is no address, or a port that cannot be
        return False


def refusal(url: str, hosts: Collection[str]) -> str:
    """Return why a report may not be pushed to `url`; empty if it may."""
    if is_allowed(url, hosts):
        return ""
    try:
        parts = urlsplit(url)
        if parts.port != 0 and parts.hostname:
            return f"the host {parts.hostname} is not allowed; --allow-push-host {parts.hostname} allows it"
    except ValueError:
        pass
    return "the URL has no host and port that could be reached"


class Poster(Protocol):
    """Sends one push."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Return the status of the answer.

        Raises:
            OSError: There was no answer; the text says why.
        """
        ...


class HttpPoster:
    """Sends pushes over HTTP, without redirects and proxies.

    Every push has a connection of its own: one that was kept could have been closed by the receiver
    meanwhile, and the push would count as failed although the receiver was there.
    """

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None
        self._making = asyncio.Lock()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Return the status of the answer.

        Raises:
            OSError: There was no answer. The text says why and leaves the URL out, which may hold a
                secret.
        """
        try:
            client = self._client or await self._first_client()
            async with client.stream("POST", url, headers=dict(headers), content=body) as response:
                return response.status_code
        except Exception as error:  # whatever a URL makes of the client, it is one attempt that failed
            raise OSError(type(error).__name__) from None

    async def prepare(self) -> None:
        """Load what pushes need, so that the first does not take longer than those after it."""
        if self._client is None:
            await self._first_client()

    async def _first_client(self) -> "httpx.AsyncClient":
        async with self._making:
            if self._client is None:
                self._client = await asyncio.to_thread(_new_client)
            return self._client


def _new_client() -> "httpx.AsyncClient":
    # One for all pushes, because each client reads all certificates of the machine. Made when it is
    # needed, and on a thread: the import takes longer than the mock takes to start.
    import httpx

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=None, limits=limits)  # noqa: S113


class PushAttempt(NamedTuple):
    """One attempt to push a report.

    Attributes:
        at: When it was made, by the account's clock.
        status: The status of the receiver's answer; None if there was no answer.
        error: Why there was no answer; empty if there was one.
    """

    at: datetime
    status: int | None
    error: str


PushState = Literal["pending", "delivered", "exhausted", "refused"]


@dataclass
class Push:
    """One report on its way.

    Attributes:
        id: The id of the push in the control plane.
        message_id: The id of the message that the report is about.
        url: The receiver.
        headers: The header fields of each attempt.
        write: Writes the report, the same bytes each time: to keep them would take more memory than
            the call that they tell of.
        at: When the report fell due, by the account's clock.
        reason: Why the push was refused; empty if it was not.
        edition: The name of the edition that the report is written in; empty if it was refused.
        attempts: The attempts that were made, the oldest first.
        state: `pending`, `delivered`, `exhausted` when every repetition has failed, or `refused`
            when its host is not allowed, so that no attempt was made.
    """

    id: str
    message_id: str
    url: str
    headers: Mapping[str, str]
    write: Callable[[], bytes]
    at: datetime
    reason: str = ""
    edition: str = ""
    attempts: list[PushAttempt] = field(default_factory=list[PushAttempt])
    state: PushState = "pending"
    _waits: Iterator[timedelta] = field(default_factory=push_waits, repr=False)

    @property
    def body(self) -> bytes:
        """The report; empty if the push was refused."""
        return self.write()

    def next_wait(self) -> timedelta | None:
        """Return how long to wait after a failed attempt; None when it was the last."""
        return next(self._waits, None)

    def skip_waits(self, count: int) -> None:
        """Go on as after so many failed attempts."""
        for _ in range(count):
            self.next_wait()


class Pushes:
    """The pushes of one account.

    Args:
        poster: Sends one push.

    Attributes:
        last_number: The number of the newest push, with which its id ends.
    """

    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._pushes: OrderedDict[str, Push] = OrderedDict()
        self._due: list[tuple[datetime, int, Push]] = []
        self.last_number = 0
        self._scheduled = 0

    def add(
        self, message_id: str, url: str, headers: Mapping[str, str], write: Callable[[], bytes], at: datetime
    ) -> Push:
        """Schedule a push whose first attempt is due at `at`, and return it."""
        push = self._keep(message_id, url, headers, write, at)
        self.schedule(push, at)
        return push

    def refuse(self, message_id: str, url: str, at: datetime, reason: str) -> Push:
        """Note a push that is never attempted, so that whoever waits for it can see why."""
        push = self._keep(message_id, url, {}, bytes, at)
        push.state, push.reason = "refused", reason
        return push

    def restore(self, push: Push) -> None:
        """Keep a push that was made before, without an attempt."""
        self._pushes[push.id] = push

    def due(self) -> dict[str, datetime]:
        """Return when the next attempts are due, by the ids of their pushes."""
        return {push.id: at for at, _, push in self._due}

    def forget(self, push: Push) -> None:
        """Forget a push whose message is forgotten; it is not pending."""
        del self._pushes[push.id]

    def get(self, push_id: str) -> Push | None:
        """Return the push of that id; None if there is none, or its message was forgotten."""
        return self._pushes.get(push_id)

    def newest(self) -> Iterator[Push]:
        """Return the pushes, the newest first."""
        return reversed(self._pushes.values())

    def next_due(self) -> datetime | None:
        """Return when the next attempt is due; None if none is."""
        return self._due[0][0] if self._due else None

    def pop_due(self, now: datetime) -> Iterator[Push]:
        """Take the pushes whose next attempt is due out of the schedule, the longest due first."""
        while self._due and self._due[0][0] <= now:
            yield heapq.heappop(self._due)[2]

    async def attempt(
        self, push: Push, now: Callable[[], datetime], seconds: float = MAX_SECONDS_TO_ANSWER
    ) -> PushAttempt:
        """Make one attempt now, and return it; if it fails, schedule the next.

        Args:
            push: The push.
            now: Returns the present moment of the account.
            seconds: How long to wait for the answer; 0 for not to ask at all.
        """
        at, status, error = now(), None, NO_ANSWER
        if seconds:
            try:
                async with asyncio.timeout(seconds):
                    status, error = await self._poster.post(push.url, push.headers, push.body), ""
            except TimeoutError:
                pass
            except OSError as failure:
                error = str(failure)
        made = PushAttempt(at, status, error)
        push.attempts.append(made)
        if status is not None and 200 <= status < 300:
            push.state = "delivered"
        elif push.state == "pending":
            wait = push.next_wait()
            if wait is None:
                push.state = "exhausted"
            else:
                self.schedule(push, at + wait)
        return made

    def schedule(self, push: Push, at: datetime) -> None:
        """Let the next attempt fall due at `at`."""
        self._scheduled += 1
        heapq.heappush(self._due, (at, self._scheduled, push))

    def _keep(
        self, message_id: str, url: str, headers: Mapping[str, str], write: Callable[[], bytes], at: datetime
    ) -> Push:
        self.last_number += 1
        push = self._pushes[f"push-{self.last_number}"] = Push(
            f"push-{self.last_number}", message_id, url, headers, write, at
        )
        return push
