"""The two clients: whom to talk to, with which credentials, how patiently."""

import asyncio
import os
import ssl
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypedDict, TypeVar, Unpack

from infobip_voice._drain import AsyncDrain, Drain
from infobip_voice._drivers import drive, drive_async
from infobip_voice._exchange import Attempt, Flow, Setup
from infobip_voice._operations import ClickToCall, Ivr, Reports
from infobip_voice._policy import Budget
from infobip_voice._reports import Found, Report
from infobip_voice._transport import AsyncTransport, ConnectionSettings, Transport
from infobip_voice.errors import ConfigurationError

if TYPE_CHECKING:
    import httpx

__all__ = ["AsyncVoiceClient", "ClientOptions", "VoiceClient"]

T = TypeVar("T")


class ClientOptions(TypedDict, total=False):
    """The settings of both clients.

    Attributes:
        base_url: the account's host, `https://{account}.api.infobip.com`; by default `INFOBIP_BASE_URL`. There is no
            other default: a client must not call real telephones because a setting was forgotten.
        username, password: HTTP Basic credentials, sent in UTF-8; by default `INFOBIP_USERNAME`, `INFOBIP_PASSWORD`.
        api_key: an API key, sent as `App {key}`; by default `INFOBIP_API_KEY`. It wins over a username; what is given here
            wins over the environment.
        wire_format: `json` (default) or `xml`, of requests and answers.
        timeout: the longest silence in seconds, of connecting, sending, receiving and waiting for a connection; 30.
        budget: how often and how long a request may be repeated where that is safe; `NO_RETRIES` for never.
        proxy: the URL of a proxy; by default the one of HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.
        verify: the TLS context to use, or False to accept any certificate.
        max_connections: the most connections at a time; 20.
        trace: called with an `Attempt` after each attempt.
        clock: monotonic seconds, by default `time.monotonic`.
        now: the present time with an offset, by which gaps are dated; by default that of this machine, in UTC.
        random: fractions from 0 to 1, for the jitter of waits.
        new_id: makes bulk ids and message ids, by default 32 random letters.
    """

    base_url: str | None
    username: str | None
    password: str | None
    api_key: str | None
    wire_format: Literal["json", "xml"]
    timeout: float
    budget: Budget
    proxy: str | None
    verify: ssl.SSLContext | bool
    max_connections: int
    trace: Callable[[Attempt], None] | None
    clock: Callable[[], float]
    now: Callable[[], datetime]
    random: Callable[[], float]
    new_id: Callable[[], str]


class _Client:
    def __init__(self, options: ClientOptions, http_client: "httpx.Client | httpx.AsyncClient | None") -> None:
        given: dict[str, Any] = {**options}
        self._setup = Setup(**{name: given[name] for name in Setup._fields if name in given})
        if self._setup.wire_format not in ("json", "xml"):
            raise ConfigurationError("wire_format has to be 'json' or 'xml'")
        base_url = options.get("base_url") or os.environ.get("INFOBIP_BASE_URL")
        if not base_url:
            raise ConfigurationError("no base URL: give base_url or set INFOBIP_BASE_URL")
        connections: dict[str, Any] = {
            name: given[name] for name in ("proxy", "verify", "max_connections") if given.get(name) is not None
        }
        self._connection = ConnectionSettings(
            base_url, _authorization(options), http_client, options.get("timeout"), connections
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._connection.base!r}, wire_format={self._setup.wire_format!r})"


class VoiceClient(_Client):
    """Talk to the voice API from threads. One client may be shared by all of them.

    **Launching dials telephones, and reading reports consumes them**; each method says what a lost answer means.

    Args:
        http_client: an httpx client of yours to send through. It stays yours to close; of its settings the transport, the
            timeout and the headers count, and not its redirects, authentication and query parameters.
        sleep: waits that many seconds, by default `time.sleep`.
        options: see `ClientOptions`.

    Raises:
        ConfigurationError: no base URL, no credentials, or a setting that cannot be used.
    """

    def __init__(
        self,
        *,
        http_client: "httpx.Client | None" = None,
        sleep: Callable[[float], object] = time.sleep,
        **options: Unpack[ClientOptions],
    ) -> None:
        super().__init__(options, http_client)
        self._transport = Transport(self._connection, http_client)
        self._sleep = sleep
        self.ivr: Final = Ivr(self._setup, self._run)
        self.click_to_call: Final = ClickToCall(self._setup, self._run)
        self.reports: Final[Reports[list[Report], Found, Drain]] = Reports(self._setup, self._run, Drain)

    def _run(self, flow: Flow[T]) -> T:
        return drive(flow, self._transport.send, self._sleep)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncVoiceClient(_Client):
    """Talk to the voice API from an event loop of asyncio. One client may be shared by all its tasks.

    **Launching dials telephones, and reading reports consumes them**; each method says what a lost answer means.

    Args:
        http_client: as in `VoiceClient`.
        sleep: waits that many seconds, by default `asyncio.sleep`.
        options: see `ClientOptions`.

    Raises:
        ConfigurationError: no base URL, no credentials, or a setting that cannot be used.
    """

    def __init__(
        self,
        *,
        http_client: "httpx.AsyncClient | None" = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        **options: Unpack[ClientOptions],
    ) -> None:
        super().__init__(options, http_client)
        self._transport = AsyncTransport(self._connection, http_client)
        self._sleep = sleep
        self.ivr: Final = Ivr(self._setup, self._run)
        self.click_to_call: Final = ClickToCall(self._setup, self._run)
        self.reports: Final[Reports[Coroutine[Any, Any, list[Report]], Coroutine[Any, Any, Found], AsyncDrain]] = (
            Reports(self._setup, self._run, AsyncDrain)
        )

    async def _run(self, flow: Flow[T]) -> T:
        return await drive_async(flow, self._transport.send, self._sleep)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _authorization(options: ClientOptions) -> str:
    username, password, key = options.get("username"), options.get("password"), options.get("api_key")
    # Credentials in arguments hide those of the environment of either kind: a key that happens to be set must not be sent
    # to a test server that was given a username.
    if username is None and key is None:
        username, key = os.environ.get("INFOBIP_USERNAME"), os.environ.get("INFOBIP_API_KEY")
    if password is None:
        password = os.environ.get("INFOBIP_PASSWORD")
    if key:
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ConfigurationError("the API key has characters that a header cannot carry")
        return f"App {key}"
    if not username or password is None:
        raise ConfigurationError("no credentials: give api_key, or username and password, or set INFOBIP_API_KEY")
    if ":" in username:
        raise ConfigurationError("a username with a colon cannot be sent: the first colon ends it (RFC 7617)")
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode("ascii")
