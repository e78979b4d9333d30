"""The client for event loops, the twin of `_client`."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, Unpack

from infobip_voice._arguments import shows_options
from infobip_voice._client import Client
from infobip_voice._drain import AsyncDrain
from infobip_voice._drivers import drive_async
from infobip_voice._exchange import Flow
from infobip_voice._operations import ClickToCall, Ivr, Reports
from infobip_voice._report import Report
from infobip_voice._reports import Found
from infobip_voice._settings import ClientOptions, authorization
from infobip_voice._transport import AsyncTransport

if TYPE_CHECKING:
    import httpx

__all__ = ["AsyncVoiceClient"]

T = TypeVar("T")


class AsyncVoiceClient(Client):
    """Talk to the voice API from event loops of asyncio. One client may be shared by all tasks.

    **Launching dials telephones, and reading reports consumes them**; each method says what a lost
    answer means.

    On another event loop (a second `asyncio.run`, another thread) and after a fork a client goes on
    over connections of its own there; one with an `http_client` works on the loop where it was
    first used, and refuses elsewhere. Without a running loop of asyncio, as under trio, and once
    closed, it refuses.

    Args:
        http_client: an `httpx.AsyncClient` of yours to send through, as in `VoiceClient`.
        sleep: waits that many seconds, by default `asyncio.sleep`.
        options: see `ClientOptions`.

    Attributes:
        ivr: launches outbound IVRs.
        click_to_call: launches clicks to call.
        reports: takes delivery reports, each of which is handed out once.

    Raises:
        ConfigurationError: no base URL, no credentials, or a setting that does not exist or cannot
            be used.
    """

    @shows_options(ClientOptions)
    def __init__(
        self,
        *,
        http_client: "httpx.AsyncClient | None" = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        **options: Unpack[ClientOptions],
    ) -> None:
        super().__init__(options, sleep)
        self._transport = AsyncTransport(self._address, authorization(options), options, http_client)
        self._sleep = sleep
        self.ivr: Final = Ivr(self._setup, self._run)
        self.click_to_call: Final = ClickToCall(self._setup, self._run)
        self.reports: Final[Reports[Coroutine[Any, Any, list[Report]], Coroutine[Any, Any, Found], AsyncDrain]] = (
            Reports(self._setup, self._run, AsyncDrain)
        )

    async def _run(self, flow: Flow[T]) -> T:
        return await drive_async(flow, self._transport.send, self._sleep)

    async def aclose(self) -> None:
        """Close the connections of this event loop. The client sends nothing more.

        Raises:
            ConfigurationError: no event loop of asyncio is running, as under trio.
        """
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
