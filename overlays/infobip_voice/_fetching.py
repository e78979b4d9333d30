"""Fetching reports: the request for a page, and the flows that ask for one page or for the reports
of known calls.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlencode

from infobip_voice import errors
from infobip_voice._answers import failed
from infobip_voice._exchange import Flow, Setup, Wait, exchange
from infobip_voice._launches import Launch
from infobip_voice._messages import Operation, Request
from infobip_voice._pages import Page, read_page
from infobip_voice._policy import retry_after
from infobip_voice._prepared import Prepared
from infobip_voice._report import Report
from infobip_voice._reports import Filter, Found, Gap
from infobip_voice_client.api.reports import fetch_reports
from infobip_voice_client.types import UNSET
from infobip_voice_wire import media_types

__all__ = ["fetch", "page_request", "seconds", "wait_for"]

_MAX_LIMIT: Final = 2_147_483_647  # contract, `limit`
_MAX_BULK_LIMIT: Final = 1000  # of `wait_for`: what one lost answer may cost


def page_request(setup: Setup, operation: Operation, limit: int, asked: Filter) -> Request:
    """Return the request for one page.

    Raises:
        ValueError: a limit or a filter that cannot be sent. An empty one is refused too: without
            its filter the request would take everybody's reports.
    """
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= _MAX_LIMIT:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"limit has to be a whole number from 1 to {_MAX_LIMIT}, not {limit!r}")
    filters = {argument: UNSET if name is None else _name(argument, name) for argument, name in asked._asdict().items()}
    # Exactly an int: one of an enumeration would be written as its name.
    arguments = fetch_reports._get_kwargs(limit=int(limit), **filters)  # pyright: ignore[reportPrivateUsage]
    accept = media_types.XML if setup.wire_format == "xml" else media_types.JSON
    path = f"{arguments['url']}?{urlencode(arguments['params'])}"
    return Request(operation, arguments["method"].upper(), path, b"", accept)


def fetch(setup: Setup, request: Request, asked: Filter) -> Flow[list[Report]]:
    """Fetch one page.

    A second request would return other reports, so that after a gap this ends.
    """
    exchanged = yield from exchange(setup, request)
    outcome, verdict, _ = exchanged
    page = Page([])
    if outcome.status is not None and 200 <= outcome.status < 300:
        headers = outcome.headers
        page = read_page(outcome.body, headers.get("content-type"), headers.get("content-encoding"))
    mine = tuple(report for report in page.reports if asked.matches(report))
    others = tuple(report for report in page.reports if not asked.matches(report))
    if verdict == "answered" and not page.unreadable and not others:
        return page.reports
    reason = page.damage or "; ".join(dict.fromkeys(piece.reason for piece in page.unreadable))
    error: Any = failed(request, exchanged, reason)
    if others:
        ignored = errors.FilterIgnored(
            f"the server returned {len(others)} report(s) that were not asked for",
            operation=request.operation.name, bulk_id=error.bulk_id, message_ids=error.message_ids, status=error.status,
            headers=error.headers, body=error.body,
        )  # fmt: skip
        ignored.others = others
        error = ignored
    if isinstance(error, errors.ReportsUnreadable | errors.FilterIgnored):
        error.unreadable = page.unreadable
    error.reports = mine
    try:
        raise error
    finally:
        del error  # or the traceback and the error would keep each other alive


def wait_for(
    setup: Setup, calls: "Launch | Prepared[Any] | str | Iterable[str]", timeout: float, every: float
) -> Flow[Found]:
    """Ask for the reports of calls until all are there."""
    return _Waiting(setup, calls, seconds("timeout", timeout), seconds("every", every)).flow()


class _Waiting:
    """What `wait_for` has and still wants."""

    def __init__(
        self, setup: Setup, calls: "Launch | Prepared[Any] | str | Iterable[str]", timeout: float, every: float
    ) -> None:
        self._setup = setup
        self._timeout = timeout
        self._every = every
        self._bulk_id, wanted = _wanted(calls)
        self._wanted = tuple(dict.fromkeys(_name("calls", name) for name in wanted))
        self._found: dict[str, Report] = {}
        self._others: list[Report] = []
        self._gaps: list[Gap] = []
        self._ends = 0.0

    def flow(self) -> Flow[Found]:
        self._ends = self._setup.clock() + self._timeout
        asked = False
        while self._pending():
            pause = self._every
            for question, limit in list(self._questions()):
                if asked and self._setup.clock() >= self._ends:
                    break  # a bound that only the outer loop minds is none: there may be thousands of calls
                asked = True
                try:
                    full = yield from self._ask(question, limit)
                except (
                    errors.NotSent,
                    errors.Throttled,
                ) as error:  # nothing was consumed: all are asked in the next round
                    pause = max(pause, retry_after(error.headers) or 0.0)
                    break
                if full:
                    pause = 0.0
            if not self._pending():
                break
            if self._setup.clock() + pause >= self._ends:
                raise self._gave_up(f"not all reports came within {self._timeout:g} seconds")
            if pause:
                yield Wait(pause)
        found = Found(self._found)
        found.others, found.gaps = tuple(self._others), tuple(self._gaps)
        return found

    def _pending(self) -> tuple[str, ...]:
        return tuple(name for name in self._wanted if name not in self._found)

    def _questions(self) -> Iterator[tuple[Filter, int]]:
        pending = self._pending()
        if self._bulk_id is not None:
            yield Filter(bulk_id=self._bulk_id), min(len(pending), _MAX_BULK_LIMIT)
        else:
            yield from ((Filter(message_id=name), 1) for name in pending)

    def _ask(self, asked: Filter, limit: int) -> Flow[bool]:
        """Ask once, and return whether there may be more: the page was full."""
        patience = min(self._setup.budget.seconds, max(0.0, self._ends - self._setup.clock()))
        patient = self._setup._replace(budget=self._setup.budget._replace(seconds=patience))
        try:
            request = page_request(patient, Operation("reports.wait_for"), limit, asked)
            reports = yield from fetch(patient, request, asked)
        except errors.ReportsUncertain as lost:
            now = self._setup.now()
            self._gaps.append(Gap(str(lost.args[0]), lost.status, 1, now, now, (lost.body,) if lost.body else ()))
            self._take(asked, lost.reports)
            return False
        except (errors.ReportsUnreadable, errors.FilterIgnored) as error:
            self._take(asked, error.reports)
            error.reports = (*self._found.values(), *self._others)
            raise
        except (errors.NotSent, errors.Throttled):
            raise
        except errors.VoiceError as error:
            raise self._gave_up(str(error)) from error
        self._take(asked, reports)
        return self._bulk_id is not None and len(reports) >= limit

    def _take(self, asked: Filter, reports: Iterable[Report]) -> None:
        for report in reports:
            name = asked.message_id or report.message_id
            if name in self._wanted and name not in self._found:
                self._found[name] = report
            else:
                self._others.append(report)

    def _gave_up(self, reason: str) -> errors.ReportsPending:
        error = errors.ReportsPending(reason, operation="reports.wait_for", bulk_id=self._bulk_id)
        error.reports, error.others, error.gaps = self._found, tuple(self._others), tuple(self._gaps)
        error.pending = self._pending()
        return error


def _wanted(calls: "Launch | Prepared[Any] | str | Iterable[str]") -> tuple[str | None, Iterable[str]]:
    """Return the bulk id to ask for, if it is known, and the names of the calls that will have a
    report.
    """
    if isinstance(calls, Launch):
        return calls.bulk_id, (*(entry.message_id for entry in calls.accepted), *calls.unlisted)
    if isinstance(calls, Prepared):
        return calls.bulk_id, calls.message_ids
    if isinstance(calls, str):
        return None, (calls,)
    if isinstance(calls, bytes) or not isinstance(calls, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"calls has to be a launch, a message id or several, not {type(calls).__name__}")
    return None, calls


def _name(argument: str, name: object) -> str:
    if not isinstance(name, str):
        raise ValueError(f"{argument} has to be text, not {type(name).__name__}")
    if not name:
        raise ValueError(f"{argument} is empty: without it the request would take everybody's reports")
    return str.__str__(name)  # exactly a str: one of an enumeration would be written as its name


def seconds(argument: str, value: float) -> float:
    """Return a number of seconds, checked."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(f"{argument} has to be a number of seconds, not {value!r}")
    return value
