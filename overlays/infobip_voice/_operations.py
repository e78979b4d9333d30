"""The three operations as methods, for threads and for an event loop. What they do is in the flows."""

from collections.abc import Awaitable
from typing import Any, Protocol, TypeVar, Unpack, overload

from infobip_voice import _launches, _reports
from infobip_voice._exchange import Flow, Setup
from infobip_voice._launches import ClickToCallOptions, IvrOptions, Launch, Prepared
from infobip_voice._reports import Item
from infobip_voice_client.models import ClickToCallLaunchRequest, IvrLaunchRequest

__all__ = ["AsyncClickToCall", "AsyncIvr", "AsyncReports", "ClickToCall", "Ivr", "Reports"]

T = TypeVar("T")


class _Run(Protocol):
    def __call__(self, flow: Flow[T], /) -> T: ...


class _RunAsync(Protocol):
    def __call__(self, flow: Flow[T], /) -> Awaitable[T]: ...


class _PreparesIvr:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    @overload
    def prepare(self, request: IvrLaunchRequest, /) -> Prepared[IvrLaunchRequest]: ...
    @overload
    def prepare(self, **options: Unpack[IvrOptions]) -> Prepared[IvrLaunchRequest]: ...
    def prepare(self, request: IvrLaunchRequest | None = None, /, **options: Any) -> Prepared[IvrLaunchRequest]:
        """Give the launch its bulk id and every call its message id, and send nothing.

        More than 20,000 destinations are split into several requests under one bulk id (contract, `destinations`).

        Args:
            request: a whole request as generated models, sent as it is; or
            options: the arguments of one message, see `IvrOptions`.

        Raises:
            ValueError: a number, a period or a time that cannot be sent.
        """
        return _launches.prepare_ivr(request, options, self._setup.new_id)


class _PreparesClickToCall:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    @overload
    def prepare(self, request: ClickToCallLaunchRequest, /) -> Prepared[ClickToCallLaunchRequest]: ...
    @overload
    def prepare(self, **options: Unpack[ClickToCallOptions]) -> Prepared[ClickToCallLaunchRequest]: ...
    def prepare(
        self, request: ClickToCallLaunchRequest | None = None, /, **options: Any
    ) -> Prepared[ClickToCallLaunchRequest]:
        """Give the launch its bulk id and every call its message id, and send nothing.

        Args:
            request: a whole request as generated models, sent as it is; or
            options: the arguments of one message, see `ClickToCallOptions`.

        Raises:
            ValueError: a number or a period that cannot be sent.
        """
        return _launches.prepare_click_to_call(request, options, self._setup.new_id)


class Ivr(_PreparesIvr):
    """Launch outbound IVRs."""

    def __init__(self, setup: Setup, run: _Run) -> None:
        super().__init__(setup)
        self._run = run

    @overload
    def launch(self, request: IvrLaunchRequest, /, *, repeat_uncertain: bool = False) -> Launch: ...
    @overload
    def launch(self, *, repeat_uncertain: bool = False, **options: Unpack[IvrOptions]) -> Launch: ...
    def launch(
        self, request: IvrLaunchRequest | None = None, /, *, repeat_uncertain: bool = False, **options: Any
    ) -> Launch:
        """**Dial the telephones**: `prepare` and `send` in one step; see there, and `IvrOptions` for the arguments."""
        return self.send(_launches.prepare_ivr(request, options, self._setup.new_id), repeat_uncertain=repeat_uncertain)

    def send(
        self, prepared: Prepared[IvrLaunchRequest], *, repeat_uncertain: bool = False, sent_before: bool = False
    ) -> Launch:
        """**Dial the telephones** of a prepared launch, each at most once unless you ask for more.

        A request that certainly never left, or was throttled, is sent again within the client's `budget`. One whose answer
        was lost is not: that raises `LaunchUncertain`. (All this is about requests; `redial` is about telephones.)

        Args:
            prepared: what `prepare` returned.
            repeat_uncertain: **Can dial twice** on a server that forgets message ids. Send a request whose answer was lost
                again, with the same ids; `REJECTED_DUPLICATE_MESSAGE_ID` then means that the first try went through
                (ruling R5, of which the placement is an assumption).
            sent_before: an earlier run may have sent this already; read duplicates in the same way.

        Raises:
            LaunchUncertain: sent, and no verdict came back.
            LaunchUnreadable: accepted, and the answer cannot be understood.
            Refused, NotSent: nothing happened.
        """
        flow = _launches.launch(self._setup, prepared, sent_before=sent_before, repeat_uncertain=repeat_uncertain)
        return self._run(flow)


class ClickToCall(_PreparesClickToCall):
    """Launch clicks to call."""

    def __init__(self, setup: Setup, run: _Run) -> None:
        super().__init__(setup)
        self._run = run

    @overload
    def launch(self, request: ClickToCallLaunchRequest, /, *, repeat_uncertain: bool = False) -> Launch: ...
    @overload
    def launch(self, *, repeat_uncertain: bool = False, **options: Unpack[ClickToCallOptions]) -> Launch: ...
    def launch(
        self, request: ClickToCallLaunchRequest | None = None, /, *, repeat_uncertain: bool = False, **options: Any
    ) -> Launch:
        """**Dial A, and then B**: `prepare` and `send` in one step; see there, and `ClickToCallOptions`."""
        prepared = _launches.prepare_click_to_call(request, options, self._setup.new_id)
        return self.send(prepared, repeat_uncertain=repeat_uncertain)

    def send(
        self, prepared: Prepared[ClickToCallLaunchRequest], *, repeat_uncertain: bool = False, sent_before: bool = False
    ) -> Launch:
        """**Dial the telephones** of a prepared launch. Arguments and errors are those of `Ivr.send`."""
        flow = _launches.launch(self._setup, prepared, sent_before=sent_before, repeat_uncertain=repeat_uncertain)
        return self._run(flow)


class Reports:
    """Fetch delivery reports. **Every report is handed out once.**"""

    def __init__(self, setup: Setup, run: _Run) -> None:
        self._setup = setup
        self._run = run

    def fetch(self, *, limit: int = 50, bulk_id: str | None = None, message_id: str | None = None) -> list[Item]:
        """Fetch one page, **which consumes it**: what is lost or ignored here does not come back. `drain` is safer.

        Args:
            limit: the most reports to take, and so the most that one lost answer can cost.
            bulk_id: only reports of this launch.
            message_id: only the report of this call.

        Returns:
            One item for each report, oldest first; an `UnreadableReport` for one that cannot be understood. Empty when
            nothing (more) matches.

        Raises:
            ReportsUncertain: sent, and no verdict came back: a gap. It is not asked again, which would hide the gap.
            ReportsUnreadable: the answer as a whole cannot be understood; the error has its bytes.
            Refused, NotSent: nothing was consumed.
        """
        return self._run(_reports.fetch(self._setup, limit, bulk_id, message_id))


class AsyncIvr(_PreparesIvr):
    """Launch outbound IVRs from an event loop."""

    def __init__(self, setup: Setup, run: _RunAsync) -> None:
        super().__init__(setup)
        self._run = run

    @overload
    async def launch(self, request: IvrLaunchRequest, /, *, repeat_uncertain: bool = False) -> Launch: ...
    @overload
    async def launch(self, *, repeat_uncertain: bool = False, **options: Unpack[IvrOptions]) -> Launch: ...
    async def launch(
        self, request: IvrLaunchRequest | None = None, /, *, repeat_uncertain: bool = False, **options: Any
    ) -> Launch:
        """**Dial the telephones**; as `Ivr.launch`."""
        prepared = _launches.prepare_ivr(request, options, self._setup.new_id)
        return await self.send(prepared, repeat_uncertain=repeat_uncertain)

    async def send(
        self, prepared: Prepared[IvrLaunchRequest], *, repeat_uncertain: bool = False, sent_before: bool = False
    ) -> Launch:
        """**Dial the telephones** of a prepared launch; as `Ivr.send`. A task cancelled meanwhile may have dialled."""
        flow = _launches.launch(self._setup, prepared, sent_before=sent_before, repeat_uncertain=repeat_uncertain)
        return await self._run(flow)


class AsyncClickToCall(_PreparesClickToCall):
    """Launch clicks to call from an event loop."""

    def __init__(self, setup: Setup, run: _RunAsync) -> None:
        super().__init__(setup)
        self._run = run

    @overload
    async def launch(self, request: ClickToCallLaunchRequest, /, *, repeat_uncertain: bool = False) -> Launch: ...
    @overload
    async def launch(self, *, repeat_uncertain: bool = False, **options: Unpack[ClickToCallOptions]) -> Launch: ...
    async def launch(
        self, request: ClickToCallLaunchRequest | None = None, /, *, repeat_uncertain: bool = False, **options: Any
    ) -> Launch:
        """**Dial A, and then B**; as `ClickToCall.launch`."""
        prepared = _launches.prepare_click_to_call(request, options, self._setup.new_id)
        return await self.send(prepared, repeat_uncertain=repeat_uncertain)

    async def send(
        self, prepared: Prepared[ClickToCallLaunchRequest], *, repeat_uncertain: bool = False, sent_before: bool = False
    ) -> Launch:
        """**Dial the telephones** of a prepared launch; as `Ivr.send`. A task cancelled meanwhile may have dialled."""
        flow = _launches.launch(self._setup, prepared, sent_before=sent_before, repeat_uncertain=repeat_uncertain)
        return await self._run(flow)


class AsyncReports:
    """Fetch delivery reports from an event loop. **Every report is handed out once.**"""

    def __init__(self, setup: Setup, run: _RunAsync) -> None:
        self._setup = setup
        self._run = run

    async def fetch(self, *, limit: int = 50, bulk_id: str | None = None, message_id: str | None = None) -> list[Item]:
        """Fetch one page, **which consumes it**; as `Reports.fetch`. A task cancelled meanwhile may have lost a page."""
        return await self._run(_reports.fetch(self._setup, limit, bulk_id, message_id))
