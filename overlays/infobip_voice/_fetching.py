"""Fetching reports: the requests for a page, and the flows that ask for one page or for the reports of known calls."""

from collections.abc import Sequence
from urllib.parse import urlencode

from infobip_voice import errors
from infobip_voice._answers import failed
from infobip_voice._exchange import Flow, Setup, Wait, exchange
from infobip_voice._messages import Operation, Request
from infobip_voice._pages import read_page
from infobip_voice._reports import Gap, Item, Report
from infobip_voice_client.api.reports import fetch_reports
from infobip_voice_client.types import UNSET
from infobip_voice_wire import media_types

__all__ = ["fetch", "page_request", "wait_for"]


def page_request(
    setup: Setup, operation: Operation, limit: int, bulk_id: str | None = None, message_id: str | None = None
) -> Request:
    """Return the request for one page."""
    if not 1 <= limit <= 2147483647:
        raise ValueError("limit has to be at least 1")
    filters = {"bulk_id": bulk_id or UNSET, "message_id": message_id or UNSET}
    arguments = fetch_reports._get_kwargs(limit=limit, **filters)  # pyright: ignore[reportPrivateUsage]
    accept = media_types.XML if setup.wire_format == "xml" else media_types.JSON
    path = f"{arguments['url']}?{urlencode(arguments['params'])}"
    return Request(operation, arguments["method"].upper(), path, b"", accept)


def fetch(setup: Setup, limit: int, bulk_id: str | None, message_id: str | None) -> Flow[list[Item]]:
    """Fetch one page. A second request would return other reports, so that after a gap this ends."""
    request = page_request(setup, Operation("reports.fetch"), limit, bulk_id, message_id)
    exchanged = yield from exchange(setup, request)
    headers = exchanged.outcome.headers
    page = read_page(exchanged.outcome.body, headers.get("content-type"), headers.get("content-encoding"))
    if exchanged.verdict == "answered" and not page.damage:
        return page.items
    error = failed(request, exchanged, page.damage)
    if isinstance(error, errors.ReportsUnreadable | errors.ReportsUncertain):
        error.reports = tuple(item for item in page.items if isinstance(item, Report))
    raise error


def wait_for(setup: Setup, message_ids: Sequence[str], timeout: float, every: float) -> Flow[dict[str, Item]]:
    """Ask for the report of each call until all are there."""
    wanted = tuple(dict.fromkeys(message_ids))
    found: dict[str, Item] = {}
    gaps: list[Gap] = []
    ends = setup.clock() + timeout

    def pending(reason: str) -> errors.ReportsPending:
        error = errors.ReportsPending(reason, operation="reports.wait_for")
        error.reports, error.gaps = found, tuple(gaps)
        error.pending = tuple(name for name in wanted if name not in found)
        return error

    while True:
        for name in (name for name in wanted if name not in found):
            patience = min(setup.budget.seconds, max(0.0, ends - setup.clock()))
            patient = setup._replace(budget=setup.budget._replace(seconds=patience))
            items: Sequence[Item] = ()
            try:
                items = yield from fetch(patient, 1, None, name)
            except (errors.ReportsUncertain, errors.ReportsUnreadable) as error:
                items = error.reports
                gaps.append(Gap(str(error.args[0]), error.status, error.body))
            except (errors.NotSent, errors.Throttled):
                pass  # nothing was consumed; asked again in the next round
            except errors.VoiceError as error:
                raise pending(str(error)) from error
            found.update((name, item) for item in items[:1])
        if len(found) == len(wanted):
            return found
        if setup.clock() + every > ends:
            raise pending(f"not all reports came within {timeout} seconds")
        yield Wait(every)
