"""Pages of reports: asking for one, and reading one so that no report takes its neighbours with it."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlencode

from infobip_voice import errors
from infobip_voice._answers import NOT_UNDERSTOOD, failed
from infobip_voice._exchange import Flow, Request, Setup, Wait, exchange
from infobip_voice._policy import Operation
from infobip_voice._reports import Gap, Item, Report, UnreadableReport
from infobip_voice_client.api.reports import fetch_reports
from infobip_voice_client.models import VoiceReport
from infobip_voice_client.types import UNSET
from infobip_voice_wire import documents, media_types, salvage

__all__ = ["Page", "fetch", "page_request", "parse_push", "read_page", "wait_for"]

# What the nested `voiceCall` of the 2026 platform calls the members of a flat report (ruling R17).
_NESTED: Final = {
    "doneAt": "endTime",
    "duration": "duration",
    "dtmfCodes": "dtmfCodes",
    "recordedAudioFileUrl": "recordedAudioFileUrl",
}


class Page(NamedTuple):
    """What one answer says: its reports, and in `damage` why that may not be all of them."""

    items: list[Item]
    damage: str = ""


def read_page(body: bytes, content_type: str | None, content_encoding: str | None = None) -> Page:
    """Return every report of an answer, each understood alone; never raise for what is in it."""
    try:
        document = documents.unpack(body, content_encoding)
    except ValueError as error:
        return Page([UnreadableReport(body, str(error))], str(error))
    damage = ""
    try:
        results: Any = documents.decode(document, content_type, "VoiceReportResponse")["results"]
        if not isinstance(results, list | None):
            raise TypeError("its results are no list")
    except NOT_UNDERSTOOD as error:
        damage = f"this is no page of reports ({type(error).__name__}: {error})"
    else:
        with suppress(*NOT_UNDERSTOOD):
            return Page([_understand(each) for each in results or []])  # pyright: ignore[reportUnknownVariableType]
    # Something is wrong with at least one report: take the document apart, with the bytes of each.
    items: list[Item] = []
    for piece, read in salvage.pieces(document, content_type):
        try:
            items.append(_understand(read()))
        except NOT_UNDERSTOOD as error:
            items.append(UnreadableReport(piece, str(error)))
    if all(isinstance(item, Report) for item in items):
        items.append(UnreadableReport(document, damage))
    return Page(items, damage)


def parse_push(body: bytes, content_type: str | None) -> list[Item]:
    """Return the reports of a push to your `notifyUrl`; answer 200 once they are stored, or they are pushed again.

    Nothing proves where a push comes from: put a secret into the `notifyUrl` and compare it in constant time. Read are the
    flat form, in JSON and in both forms of XML, and the nested `voiceCall` form of the 2026 platform, whose `endTime`,
    `duration` and `dtmfCodes` show as in a flat report (ruling R17); nulls; and times in epoch milliseconds.

    Args:
        body: the bytes of the request's body.
        content_type: its `Content-Type` header.

    Returns:
        One item for each report; an `UnreadableReport` for what cannot be understood, so that nothing is lost.
    """
    return read_page(body, content_type).items


def _understand(document: Any) -> Report:
    if not isinstance(document, dict) or not document:
        raise TypeError("it is not an object with members")
    raw = cast(dict[str, Any], document)
    return Report(VoiceReport.from_dict(_flat(raw)), raw)


def _flat(document: dict[str, Any]) -> dict[str, Any]:
    call = document.get("voiceCall")
    if not isinstance(call, dict):
        return document
    nested = cast(dict[str, Any], call)
    lifted = {
        flat: int(nested[deep]) if flat == "duration" and str(nested[deep]).isdecimal() else nested[deep]
        for flat, deep in _NESTED.items()
        if document.get(flat) is None and nested.get(deep) is not None
    }
    return {**document, **lifted}


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
