"""The three operations as methods, each written once. What they do is in the flows.

Each class is generic in what its methods return: the result itself for `VoiceClient`, and for `AsyncVoiceClient` a coroutine
that has it. Which of the two follows from the `run` that the client hands in.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, Unpack, overload

from infobip_voice import _fetching, _launches, _prepared
from infobip_voice._exchange import Flow, Setup
from infobip_voice._launches import Launch
from infobip_voice._messages import Operation
from infobip_voice._options import ClickToCallOptions, IvrOptions
from infobip_voice._prepared import Prepared
from infobip_voice._reports import Item
from infobip_voice._spool import Spool
from infobip_voice_client.models import ClickToCallLaunchRequest, IvrLaunchRequest

__all__ = ["ClickToCall", "Ivr", "Reports"]

R = TypeVar("R", IvrLaunchRequest, ClickToCallLaunchRequest)
Launched = TypeVar("Launched")  # a `Launch`, now or awaited
Fetched = TypeVar("Fetched")  # a list of items, now or awaited
Found = TypeVar("Found")  # items by message id, now or awaited
Drained = TypeVar("Drained")  # a `Drain` or an `AsyncDrain`


class _Launches(Generic[R, Launched]):
    def __init__(self, setup: Setup, run: Callable[[Flow[Launch]], Launched]) -> None:
        self._setup = setup
        self._run = run

    def send(self, prepared: Prepared[R], *, repeat_uncertain: bool = False, sent_before: bool = False) -> Launched:
        """**Dial the telephones** of a prepared launch, each at most once unless you ask for more.

        A request that certainly never left, or was throttled, is sent again within the client's `budget`. One whose answer
        was lost is not: that raises `LaunchUncertain`. (All this is about requests; `redial` is about telephones.)

        A task that is cancelled meanwhile, also by a timeout of yours, **may have dialled**: that is logged with the bulk
        id, and `prepared` has the ids. Prefer the client's `timeout` and `budget`, which end in a `LaunchUncertain`.

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


class Ivr(_Launches[IvrLaunchRequest, Launched]):
    """Launch outbound IVRs."""

    @overload
    def prepare(self, request: IvrLaunchRequest, /) -> Prepared[IvrLaunchRequest]: ...
    @overload
    def prepare(self, /, **options: Unpack[IvrOptions]) -> Prepared[IvrLaunchRequest]: ...
    def prepare(self, request: Any = None, /, **options: Any) -> Prepared[IvrLaunchRequest]:
        """Give the launch its bulk id and every call its message id, and send nothing.

        More than 20,000 destinations are split into several requests under one bulk id (contract, `destinations`).

        Args:
            request: a whole request as generated models, sent as it is; or
            options: the arguments of one message, see `IvrOptions`.

        Raises:
            ValueError: a number, a period or a time that cannot be sent.
        """
        return _prepared.prepare_ivr(request, options, self._setup.new_id)

    @overload
    def launch(self, request: IvrLaunchRequest, /, *, repeat_uncertain: bool = False) -> Launched: ...
    @overload
    def launch(self, /, *, repeat_uncertain: bool = False, **options: Unpack[IvrOptions]) -> Launched: ...
    def launch(self, request: Any = None, /, *, repeat_uncertain: bool = False, **options: Any) -> Launched:
        """**Dial the telephones**: `prepare` and `send` in one step; see there, and `IvrOptions` for the arguments."""
        return self.send(self.prepare(request, **options), repeat_uncertain=repeat_uncertain)


class ClickToCall(_Launches[ClickToCallLaunchRequest, Launched]):
    """Launch clicks to call."""

    @overload
    def prepare(self, request: ClickToCallLaunchRequest, /) -> Prepared[ClickToCallLaunchRequest]: ...
    @overload
    def prepare(self, /, **options: Unpack[ClickToCallOptions]) -> Prepared[ClickToCallLaunchRequest]: ...
    def prepare(self, request: Any = None, /, **options: Any) -> Prepared[ClickToCallLaunchRequest]:
        """Give the launch its bulk id and every call its message id, and send nothing.

        Args:
            request: a whole request as generated models, sent as it is; or
            options: the arguments of one message, see `ClickToCallOptions`.

        Raises:
            ValueError: a number or a period that cannot be sent.
        """
        return _prepared.prepare_click_to_call(request, options, self._setup.new_id)

    @overload
    def launch(self, request: ClickToCallLaunchRequest, /, *, repeat_uncertain: bool = False) -> Launched: ...
    @overload
    def launch(self, /, *, repeat_uncertain: bool = False, **options: Unpack[ClickToCallOptions]) -> Launched: ...
    def launch(self, request: Any = None, /, *, repeat_uncertain: bool = False, **options: Any) -> Launched:
        """**Dial A, and then B**: `prepare` and `send` in one step; see there, and `ClickToCallOptions`."""
        return self.send(self.prepare(request, **options), repeat_uncertain=repeat_uncertain)


class Reports(Generic[Fetched, Found, Drained]):
    """Take delivery reports. **Every report is handed out once.**"""

    def __init__(
        self,
        setup: Setup,
        run_fetch: Callable[[Flow[list[Item]]], Fetched],
        run_wait: Callable[[Flow[dict[str, Item]]], Found],
        drain: Callable[..., Drained],
    ) -> None:
        self._setup = setup
        self._run_fetch = run_fetch
        self._run_wait = run_wait
        self._drain = drain

    def fetch(self, *, limit: int = 50, bulk_id: str | None = None, message_id: str | None = None) -> Fetched:
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
        return self._run_fetch(_fetching.fetch(self._setup, limit, bulk_id, message_id))

    def drain(
        self,
        spool: str | os.PathLike[str] | None,
        *,
        limit: int = 50,
        bulk_id: str | None = None,
        follow: float | None = None,
        auto_ack: bool = True,
    ) -> Drained:
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
        request = _fetching.page_request(self._setup, Operation("reports.drain", repeat_uncertain=True), limit, bulk_id)
        return self._drain(self._setup, request, Spool(spool), follow, auto_ack)

    def wait_for(self, message_ids: Sequence[str], *, timeout: float, every: float = 2.0) -> Found:
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
        return self._run_wait(_fetching.wait_for(self._setup, message_ids, timeout, every))
