"""The three operations as methods, each written once. What they do is in the flows.

Each class is generic in what its methods return: the result itself for `VoiceClient`, and for
`AsyncVoiceClient` a coroutine that has it. Which of the two follows from the `run` that the client
hands in.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, Unpack, overload

from infobip_voice import _prepared
from infobip_voice._arguments import shows_options
from infobip_voice._exchange import Flow, Setup
from infobip_voice._messages import Operation
from infobip_voice._options import ClickToCallOptions, IvrOptions
from infobip_voice._prepared import Duplicates, Prepared
from infobip_voice._shapes import check
from infobip_voice_client.models import ClickToCallLaunchRequest, IvrLaunchRequest

# What reads answers and reports is imported by the methods that need it: those who only prepare
# launches, or only launch, do not pay for SQLite and the reports.
if TYPE_CHECKING:
    from infobip_voice._launches import Launch

__all__ = ["ClickToCall", "Ivr", "Reports"]

R = TypeVar("R", IvrLaunchRequest, ClickToCallLaunchRequest)
Launched = TypeVar("Launched")  # a `Launch`, now or awaited
Fetched = TypeVar("Fetched")  # a list of reports, now or awaited
Waited = TypeVar("Waited")  # a `Found`, now or awaited
Drained = TypeVar("Drained")  # a `Drain` or an `AsyncDrain`


class _Launches(Generic[R, Launched]):
    _model: ClassVar[type[Any]]

    def __init__(self, setup: Setup, run: "Callable[[Flow[Launch]], Launched]") -> None:
        self._setup = setup
        self._run = run

    def send(self, prepared: Prepared[R], *, repeat_uncertain: bool = False, sent_before: bool = False) -> Launched:
        """**Dial the telephones** of a prepared launch, each at most once unless you ask for more.

        A request that certainly never left, or was throttled, is sent again within the client's
        `budget`. One whose answer was lost is not: that raises `LaunchUncertain`. (All this is
        about requests; `redial` is about telephones.)

        A task that is cancelled meanwhile, also by a timeout of yours, **may have dialled**: that
        is logged with the bulk id, and `prepared` has the ids. Prefer the client's `timeout` and
        `budget`, which end in a `LaunchUncertain`.

        Args:
            prepared: what `prepare` returned.
            repeat_uncertain: **Can dial twice** on a server that forgets message ids. Send a
                request whose answer was lost again, with the same ids;
                `REJECTED_DUPLICATE_MESSAGE_ID` then means that the first try went through (ruling
                R5, of which the placement in a 200 is an assumption).
            sent_before: an earlier run may have sent this already; read duplicates in the same way.

        Returns:
            What became of it. Look at its `rejected` and `unlisted`.

        Raises:
            LaunchUncertain: sent, and no verdict came back.
            LaunchUnreadable: accepted, and the answer cannot be understood.
            Refused, NotSent: nothing happened; or, of a launch in several requests, to this one
                and those after it: the error has the answers to the others in `accepted`, and the
                rest in `unsent`.
            ValueError: an argument of a wrong type, or a launch that cannot be written in the
                client's format; nothing was sent.
        """
        from infobip_voice import _launches

        check(repeat_uncertain, bool, "repeat_uncertain")
        check(sent_before, bool, "sent_before")
        request: object = prepared.requests[0] if isinstance(prepared, Prepared) else prepared  # pyright: ignore[reportUnnecessaryIsInstance]
        if not isinstance(request, self._model):
            raise ValueError(f"prepared: expected a prepared {self._model.__name__}, found {type(request).__name__}")
        return self._run(_launches.launch(self._setup, prepared, repeat_uncertain, sent_before))


class Ivr(_Launches[IvrLaunchRequest, Launched]):
    """Launch outbound IVRs."""

    _model = IvrLaunchRequest

    @overload
    def prepare(
        self, request: IvrLaunchRequest | Mapping[str, Any], /, *, duplicates: Duplicates = "refuse"
    ) -> Prepared[IvrLaunchRequest]: ...
    @overload
    def prepare(
        self, /, *, duplicates: Duplicates = "refuse", **options: Unpack[IvrOptions]
    ) -> Prepared[IvrLaunchRequest]: ...
    @shows_options(IvrOptions)
    def prepare(
        self,
        request: IvrLaunchRequest | Mapping[str, Any] | None = None,
        /,
        *,
        duplicates: Duplicates = "refuse",
        **options: Any,
    ) -> Prepared[IvrLaunchRequest]:
        """Give the launch its bulk id and every call its message id, and send nothing.

        More than 20,000 destinations are split into several requests under one bulk id (contract,
        `destinations`).

        Args:
            request: a whole request, as a generated model or a JSON document, sent as it is, with
                members that the contract does not know (ruling R21).
            options: the arguments of one message in its place, see `IvrOptions`.
            duplicates: `call` to call a number as often as one message has it; otherwise it may
                come once (ruling R23).

        Raises:
            TypeError: an argument that does not exist, or one too few.
            ValueError: an argument of a wrong type or that cannot be sent, or a number that comes
                twice. It names the place.
        """
        return _prepared.prepare_ivr(request, options, duplicates, self._setup)

    @overload
    def launch(
        self,
        request: IvrLaunchRequest | Mapping[str, Any],
        /,
        *,
        duplicates: Duplicates = "refuse",
        repeat_uncertain: bool = False,
    ) -> Launched: ...
    @overload
    def launch(
        self,
        /,
        *,
        duplicates: Duplicates = "refuse",
        repeat_uncertain: bool = False,
        **options: Unpack[IvrOptions],
    ) -> Launched: ...
    @shows_options(IvrOptions)
    def launch(
        self,
        request: IvrLaunchRequest | Mapping[str, Any] | None = None,
        /,
        *,
        duplicates: Duplicates = "refuse",
        repeat_uncertain: bool = False,
        **options: Any,
    ) -> Launched:
        """**Dial the telephones**: `prepare` and `send` in one step; see there, and `IvrOptions`
        for the arguments.

        Raises:
            TypeError, ValueError: as for `prepare`; nothing was sent.
            LaunchUncertain, LaunchUnreadable, Refused, NotSent: as for `send`.
        """
        prepared = _prepared.prepare_ivr(request, options, duplicates, self._setup)
        return self.send(prepared, repeat_uncertain=repeat_uncertain)


class ClickToCall(_Launches[ClickToCallLaunchRequest, Launched]):
    """Launch clicks to call."""

    _model = ClickToCallLaunchRequest

    @overload
    def prepare(
        self, request: ClickToCallLaunchRequest | Mapping[str, Any], /, *, duplicates: Duplicates = "refuse"
    ) -> Prepared[ClickToCallLaunchRequest]: ...
    @overload
    def prepare(
        self, /, *, duplicates: Duplicates = "refuse", **options: Unpack[ClickToCallOptions]
    ) -> Prepared[ClickToCallLaunchRequest]: ...
    @shows_options(ClickToCallOptions)
    def prepare(
        self,
        request: ClickToCallLaunchRequest | Mapping[str, Any] | None = None,
        /,
        *,
        duplicates: Duplicates = "refuse",
        **options: Any,
    ) -> Prepared[ClickToCallLaunchRequest]:
        """Give the launch its bulk id and every call its message id, and send nothing.

        Args:
            request: a whole request, as a generated model or a JSON document, sent as it is, with
                members that the contract does not know (ruling R21).
            options: the arguments of one message in its place, see `ClickToCallOptions`.
            duplicates: `call` to connect A with B as often as the request says; otherwise a pair
                may come once (ruling R23).

        Raises:
            TypeError: an argument that does not exist, or one too few.
            ValueError: an argument of a wrong type or that cannot be sent, or a pair that comes
                twice. It names the place.
        """
        return _prepared.prepare_click_to_call(request, options, duplicates, self._setup)

    @overload
    def launch(
        self,
        request: ClickToCallLaunchRequest | Mapping[str, Any],
        /,
        *,
        duplicates: Duplicates = "refuse",
        repeat_uncertain: bool = False,
    ) -> Launched: ...
    @overload
    def launch(
        self,
        /,
        *,
        duplicates: Duplicates = "refuse",
        repeat_uncertain: bool = False,
        **options: Unpack[ClickToCallOptions],
    ) -> Launched: ...
    @shows_options(ClickToCallOptions)
    def launch(
        self,
        request: ClickToCallLaunchRequest | Mapping[str, Any] | None = None,
        /,
        *,
        duplicates: Duplicates = "refuse",
        repeat_uncertain: bool = False,
        **options: Any,
    ) -> Launched:
        """**Dial A, and then B**: `prepare` and `send` in one step; see there, and
        `ClickToCallOptions`.

        Raises:
            TypeError, ValueError: as for `prepare`; nothing was sent.
            LaunchUncertain, LaunchUnreadable, Refused, NotSent: as for `send`.
        """
        prepared = _prepared.prepare_click_to_call(request, options, duplicates, self._setup)
        return self.send(prepared, repeat_uncertain=repeat_uncertain)


class Reports(Generic[Fetched, Waited, Drained]):
    """Take delivery reports. **Every report is handed out once.**"""

    def __init__(self, setup: Setup, run: Callable[[Flow[Any]], Any], drain: Callable[..., Drained]) -> None:
        self._setup = setup
        self._run = run
        self._drain = drain

    def fetch(self, *, limit: int = 50, bulk_id: str | None = None, message_id: str | None = None) -> Fetched:
        """Fetch one page, **which consumes it**: what is lost or ignored here does not come back.
        `drain` is safer.

        Args:
            limit: the most reports to take, and so the most that one lost answer can cost.
            bulk_id: only reports of this launch.
            message_id: only the report of this call.

        Returns:
            The reports, oldest first; an empty list when nothing (more) matches.

        Raises:
            ValueError: a limit or a filter that cannot be sent, such as an empty one. Nothing was
                sent.
            ReportsUncertain: sent, and no verdict came back: a gap. It is not asked again, which
                would hide the gap.
            ReportsUnreadable: the answer, or a part of it, cannot be understood; the error has what
                can, and the bytes.
            FilterIgnored: the server returned reports of others; the error has all of them.
            Refused, NotSent: nothing was consumed.
        """
        from infobip_voice import _fetching
        from infobip_voice._reports import Filter

        asked = Filter(bulk_id, message_id)
        request = _fetching.page_request(self._setup, Operation("reports.fetch"), limit, asked)
        fetched: Fetched = self._run(_fetching.fetch(self._setup, request, asked))
        return fetched

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

        **Between the server and this machine a report is delivered at most once**: an answer lost
        on its way is gone, which shows in `gaps` and a warning in the log; `limit` is the most that
        one can cost. **From the spool on it is delivered at least once**: after a crash the next
        drain of the same spool delivers again what was not acknowledged, which for `kill -9` is the
        report or the batch in hand; `message_id` with `done_at` tells a repeat. Leave a loop with
        `break`, and the report in hand counts as not done.

        Any number of drains, on any number of hosts, may share a PostgreSQL. What a killed one had
        is for the others at once, without a term to set. A host that is lost without a word is
        noticed within a minute, and a process that hangs never: end it. While the database is away
        nothing is asked for: a drain that follows waits for it, and another one as long as the
        client's `budget` allows; that it is there is expected when a drain begins. Give the address
        of PostgreSQL itself: behind a pooler nobody knows who lives. **Where a failover is
        asynchronous, a page that was stored a moment before can be lost.**

        Args:
            spool: a file of this drain's own, made if it does not exist; or the URL of a PostgreSQL
                for many (`postgresql://…`, extra `postgres`), which gets its tables in the first
                schema of its `search_path`; None keeps answers in memory only, which a crash loses.
                There is no default: that is for the caller to decide. The spool remembers
                `bulk_id`.
            limit: the most reports to take at a time.
            bulk_id: only reports of this launch.
            follow: when nothing is left, ask again after this many seconds, for ever; None ends
                there.
            auto_ack: acknowledge a report when the next one is asked for; otherwise call `ack`.

        Returns:
            An iterator of `Report` with one consumer, and a context manager that lets go of the
            spool; see `Drain`. What cannot be understood stays in `unreadable`. After an error it
            can be asked for the next report again.

        Raises:
            ValueError: an argument that cannot be used. Nothing was sent.
            ReportsUncertain, ReportsUnreadable: too many gaps or unreadable answers in a row, once
                all that did arrive has been delivered.
            FilterIgnored: the server returned reports of other launches, once those of this one
                have been delivered; the others are in the spool and in `others`. The drain asks no
                more.
            SpoolError: the spool failed, or is for another `bulk_id`. SpoolLocked: another drain
                has the file, or drains of an earlier version the database. SpoolUnreachable: the
                database is away.
            DrainInUse: a second consumer asks this drain.
            Refused, NotSent: nothing was consumed.
        """
        from infobip_voice import _fetching
        from infobip_voice._reports import Filter
        from infobip_voice._spool import make_spool

        operation = Operation("reports.drain", repeat_uncertain=True)
        asked = Filter(bulk_id)
        request = _fetching.page_request(self._setup, operation, limit, asked)
        if follow is not None:
            _fetching.seconds("follow", follow)
        check(auto_ack, bool, "auto_ack")
        stored = make_spool(spool, asked, self._setup.now, self._setup.new_id)
        return self._drain(self._run, self._setup, request, stored, follow, auto_ack)

    def wait_for(
        self, calls: "Launch | Prepared[Any] | str | Iterable[str]", *, timeout: float, every: float = 2.0
    ) -> Waited:
        """Wait for the reports of known calls, **and consume them**.

        For a launch, each request asks for reports of its bulk, which may bring those of other
        calls of that bulk: they are in `others`. For message ids, one request a round asks for each
        call, and no other report is touched.

        A task that is cancelled meanwhile, also by a timeout of yours, **loses the reports that did
        come**. Prefer `timeout`, which ends in a `ReportsPending` that has them, or a drain.

        Args:
            calls: a launch, a prepared launch, a message id or several. Rejected calls are not
                waited for.
            timeout: how long to ask, in seconds. After that no request begins; one that is under
                way is not cut off.
            every: how long to wait between two rounds, in seconds.

        Returns:
            A dictionary of the reports by message id, with `others` and `gaps`.

        Raises:
            ValueError: an argument that cannot be used, such as an empty id. Nothing was sent.
            ReportsPending: the time is over, or a request was refused; the error has the reports
                that did come, which exist nowhere else.
            ReportsUnreadable, FilterIgnored: as for `fetch`; the error has all reports that did
                come.
        """
        from infobip_voice import _fetching

        waited: Waited = self._run(_fetching.wait_for(self._setup, calls, timeout, every))
        return waited
