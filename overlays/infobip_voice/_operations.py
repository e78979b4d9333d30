"""The three operations as methods, for threads and for an event loop. What they do is in the flows."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, Unpack, overload

from infobip_voice import _launches, _pages
from infobip_voice._drivers import Run, RunAsync, Runner
from infobip_voice._exchange import Setup
from infobip_voice._launches import Launch, Prepared
from infobip_voice._options import ClickToCallOptions, IvrOptions
from infobip_voice._reports import Item
from infobip_voice_client.models import ClickToCallLaunchRequest, IvrLaunchRequest

if TYPE_CHECKING:
    from infobip_voice._drain import AsyncDrain, Drain

__all__ = ["AsyncClickToCall", "AsyncIvr", "AsyncReports", "ClickToCall", "Ivr", "Reports"]

R = TypeVar("R", IvrLaunchRequest, ClickToCallLaunchRequest)


class _Operations(Generic[Runner]):
    def __init__(self, setup: Setup, run: Runner) -> None:
        self._setup = setup
        self._run: Runner = run


class _Sends(_Operations[Run], Generic[R]):
    def send(self, prepared: Prepared[R], *, repeat_uncertain: bool = False, sent_before: bool = False) -> Launch:
        """**Dial the telephones** of a prepared launch, each at most once unless you ask for more.

        A request that certainly never left, or was throttled, is sent again within the client's `budget`. One whose answer
        was lost is not: that raises `LaunchUncertain`. (All this is about requests; `redial` is about telephones.)

        Args:
            prepared: what `prepare` returned.
            repeat_uncertain: **Can dial twice** on a server that forgets message ids. Send a request whose answer was lost
                again, with the same ids; `REJECTED_DUPLICATE_MESSAGE_ID` then means that the first try went through
                (ruling R5, of which the placement in a 200 is an assumption).
            sent_before: an earlier run may have sent this already; read duplicates in the same way.

        Raises:
            LaunchUncertain: sent, and no verdict came back.
            LaunchUnreadable: accepted, and the answer cannot be understood.
            Refused, NotSent: nothing happened.
        """
        return self._run(_launches.launch(self._setup, prepared, repeat_uncertain, sent_before))


class _AsyncSends(_Operations[RunAsync], Generic[R]):
    async def send(self, prepared: Prepared[R], *, repeat_uncertain: bool = False, sent_before: bool = False) -> Launch:
        """**Dial the telephones** of a prepared launch; as `Ivr.send`.

        A task that is cancelled meanwhile, also by a timeout of yours, **may have dialled**: that is logged with the bulk
        id, and `prepared` has the ids. Prefer the client's `timeout` and `budget`, which end in a `LaunchUncertain`.
        """
        return await self._run(_launches.launch(self._setup, prepared, repeat_uncertain, sent_before))


class _PreparesIvr(_Operations[Runner]):
    @overload
    def prepare(self, request: IvrLaunchRequest, /) -> Prepared[IvrLaunchRequest]: ...
    @overload
    def prepare(self, /, **options: Unpack[IvrOptions]) -> Prepared[IvrLaunchRequest]: ...
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


class _PreparesClickToCall(_Operations[Runner]):
    @overload
    def prepare(self, request: ClickToCallLaunchRequest, /) -> Prepared[ClickToCallLaunchRequest]: ...
    @overload
    def prepare(self, /, **options: Unpack[ClickToCallOptions]) -> Prepared[ClickToCallLaunchRequest]: ...
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


class Ivr(_PreparesIvr[Run], _Sends[IvrLaunchRequest]):
    """Launch outbound IVRs."""

    @overload
    def launch(self, request: IvrLaunchRequest, /, *, repeat_uncertain: bool = False) -> Launch: ...
    @overload
    def launch(self, /, *, repeat_uncertain: bool = False, **options: Unpack[IvrOptions]) -> Launch: ...
    def launch(self, request: Any = None, /, *, repeat_uncertain: bool = False, **options: Any) -> Launch:
        """**Dial the telephones**: `prepare` and `send` in one step; see there, and `IvrOptions` for the arguments."""
        prepared = _launches.prepare_ivr(request, options, self._setup.new_id)
        return self.send(prepared, repeat_uncertain=repeat_uncertain)


class ClickToCall(_PreparesClickToCall[Run], _Sends[ClickToCallLaunchRequest]):
    """Launch clicks to call."""

    @overload
    def launch(self, request: ClickToCallLaunchRequest, /, *, repeat_uncertain: bool = False) -> Launch: ...
    @overload
    def launch(self, /, *, repeat_uncertain: bool = False, **options: Unpack[ClickToCallOptions]) -> Launch: ...
    def launch(self, request: Any = None, /, *, repeat_uncertain: bool = False, **options: Any) -> Launch:
        """**Dial A, and then B**: `prepare` and `send` in one step; see there, and `ClickToCallOptions`."""
        prepared = _launches.prepare_click_to_call(request, options, self._setup.new_id)
        return self.send(prepared, repeat_uncertain=repeat_uncertain)


class AsyncIvr(_PreparesIvr[RunAsync], _AsyncSends[IvrLaunchRequest]):
    """Launch outbound IVRs from an event loop."""

    @overload
    async def launch(self, request: IvrLaunchRequest, /, *, repeat_uncertain: bool = False) -> Launch: ...
    @overload
    async def launch(self, /, *, repeat_uncertain: bool = False, **options: Unpack[IvrOptions]) -> Launch: ...
    async def launch(self, request: Any = None, /, *, repeat_uncertain: bool = False, **options: Any) -> Launch:
        """**Dial the telephones**; as `Ivr.launch`."""
        prepared = _launches.prepare_ivr(request, options, self._setup.new_id)
        return await self.send(prepared, repeat_uncertain=repeat_uncertain)


class AsyncClickToCall(_PreparesClickToCall[RunAsync], _AsyncSends[ClickToCallLaunchRequest]):
    """Launch clicks to call from an event loop."""

    @overload
    async def launch(self, request: ClickToCallLaunchRequest, /, *, repeat_uncertain: bool = False) -> Launch: ...
    @overload
    async def launch(self, /, *, repeat_uncertain: bool = False, **options: Unpack[ClickToCallOptions]) -> Launch: ...
    async def launch(self, request: Any = None, /, *, repeat_uncertain: bool = False, **options: Any) -> Launch:
        """**Dial A, and then B**; as `ClickToCall.launch`."""
        prepared = _launches.prepare_click_to_call(request, options, self._setup.new_id)
        return await self.send(prepared, repeat_uncertain=repeat_uncertain)


class Reports(_Operations[Run]):
    """Take delivery reports. **Every report is handed out once.**"""

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
        return self._run(_pages.fetch(self._setup, limit, bulk_id, message_id))

    def drain(
        self,
        spool: str | os.PathLike[str] | None,
        *,
        limit: int = 50,
        bulk_id: str | None = None,
        follow: float | None = None,
        auto_ack: bool = True,
    ) -> "Drain":
        """Take all reports, page by page, storing each answer before it is read.

        **Between the server and this machine a report is delivered at most once**: an answer lost on its way is gone,
        which shows in `gaps` and a warning in the log; `limit` is the most that one can cost. **From the spool on it is
        delivered at least once**: after a crash the next drain of the same file delivers again what was not acknowledged;
        `message_id` with `done_at` tells a repeat. Leave a loop with `break`, and the report in hand counts as not done.

        Args:
            spool: a file of this drain's own, made if it does not exist; None keeps answers in memory only, which a crash
                loses. There is no default: that is for the caller to decide.
            limit: the most reports to take at a time.
            bulk_id: only reports of this launch.
            follow: when nothing is left, ask again after this many seconds, for ever; None ends there.
            auto_ack: acknowledge a report when the next one is asked for; otherwise call `ack`.

        Returns:
            An iterator of `Report` and `UnreadableReport`, and a context manager that lets go of the spool. After an error
            it can be asked for the next report again.

        Raises:
            ReportsUncertain, ReportsUnreadable: too many gaps or unreadable answers in a row, once all that did arrive has
                been delivered.
            SpoolError: the spool failed. SpoolLocked: another drainer has it.
            Refused, NotSent: nothing was consumed.
        """
        from infobip_voice._drain import Drain

        return Drain(self._run, self._setup, spool, limit, bulk_id, follow, auto_ack)

    def wait_for(self, message_ids: Sequence[str], *, timeout: float, every: float = 2.0) -> dict[str, Item]:
        """Wait for the reports of a few known calls, **and consume them**; no other report is touched.

        Args:
            message_ids: the names of the calls.
            timeout: how long to ask, in seconds.
            every: how long to wait between two rounds, in seconds.

        Returns:
            One item for each message id.

        Raises:
            ReportsPending: the time is over, or a request was refused; the error has the reports that did come, which
                exist nowhere else.
        """
        return self._run(_pages.wait_for(self._setup, message_ids, timeout, every))


class AsyncReports(_Operations[RunAsync]):
    """Take delivery reports from an event loop. **Every report is handed out once.**"""

    async def fetch(self, *, limit: int = 50, bulk_id: str | None = None, message_id: str | None = None) -> list[Item]:
        """Fetch one page, **which consumes it**; as `Reports.fetch`. A task cancelled meanwhile may have lost a page."""
        return await self._run(_pages.fetch(self._setup, limit, bulk_id, message_id))

    def drain(
        self,
        spool: str | os.PathLike[str] | None,
        *,
        limit: int = 50,
        bulk_id: str | None = None,
        follow: float | None = None,
        auto_ack: bool = True,
    ) -> "AsyncDrain":
        """Take all reports, page by page, storing each answer before it is read, as `Reports.drain`.

        The spool is used on a thread. A request that is cancelled on its way is a gap.
        """
        from infobip_voice._drain import AsyncDrain

        return AsyncDrain(self._run, self._setup, spool, limit, bulk_id, follow, auto_ack)

    async def wait_for(self, message_ids: Sequence[str], *, timeout: float, every: float = 2.0) -> dict[str, Item]:
        """Wait for the reports of a few known calls, **and consume them**; as `Reports.wait_for`.

        A task cancelled meanwhile loses the reports that it had: use `timeout`.
        """
        return await self._run(_pages.wait_for(self._setup, message_ids, timeout, every))
