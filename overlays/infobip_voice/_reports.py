"""Delivery reports: what one says, and reading a page of them so that no report takes its neighbours with it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, cast
from urllib.parse import urlencode

from attrs import field, frozen

from infobip_voice import errors
from infobip_voice._answers import UNREADABLE, content, evidence, exact_json, failed, parse, wire_format
from infobip_voice._exchange import Flow, Request, Setup, exchange
from infobip_voice._policy import Operation
from infobip_voice_client.api.reports import fetch_reports
from infobip_voice_client.models import Price, ReportError, ReportStatus, VoiceReport
from infobip_voice_client.types import UNSET
from infobip_voice_wire import media_types
from infobip_voice_wire.telephone import mask_numbers
from infobip_voice_wire.timestamps import parse as parse_time

__all__ = ["Gap", "Item", "Page", "Report", "UnreadableReport", "fetch", "page_request", "parse_push", "read_page"]

_RESULTS: Final = re.compile(r'"results"\s*:\s*\[')
_BETWEEN: Final = re.compile(r"[\s,]*")
# A string that does not end goes to the end of the text: looking for its end from each quote in it would be quadratic.
_STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[][{}]', re.DOTALL)
_SCALAR: Final = re.compile(r"[^\s,\]]*")
# What the nested `voiceCall` of the 2026 platform calls the members of a flat report (ruling R17).
_NESTED: Final = {
    "doneAt": "endTime",
    "duration": "duration",
    "dtmfCodes": "dtmfCodes",
    "recordedAudioFileUrl": "recordedAudioFileUrl",
}
# Voice errors are numbered from 5000 in the documentation of these operations, and from 10000 since 2024. 10000 itself,
# NORMAL_HANGUP, does not say who answered.
_ANSWERED_BY: Final[dict[str, Literal["human", "machine"]]] = {
    "VOICE_ANSWERED": "human", "HUMAN_DETECTED": "human", "5000": "human", "10003": "human",
    "VOICE_ANSWERED_MACHINE": "machine", "MACHINE_DETECTED": "machine", "5001": "machine", "10002": "machine",
}  # fmt: skip


@frozen(repr=False)
class Report:
    """How one message ended.

    Codes are open sets: compare `data.status.name` and the like with what you know, and expect others.

    Attributes:
        data: the generated model, with every member of the contract. Prices in it are `Decimal`, whatever its types say.
        raw: the report as it was sent, decoded, unknown members included.
        place: where it lies in the spool of a drain: page and position.
    """

    data: VoiceReport
    raw: Mapping[str, Any]
    place: tuple[int, int] | None = field(default=None, eq=False)

    @property
    def message_id(self) -> str | None:
        """Return the name of the call; with `done_at` it tells a report that is delivered twice."""
        return self.data.message_id or None

    @property
    def sent_at(self) -> datetime | None:
        """Return when the call was started; None if that is missing or no time (`data.sent_at` has the text)."""
        return _moment(self.data.sent_at)

    @property
    def done_at(self) -> datetime | None:
        """Return when the platform was done; None if that is missing or no time (`data.done_at` has the text)."""
        return _moment(self.data.done_at)

    @property
    def price(self) -> Decimal | None:
        """Return the price of one second exactly as sent; None if it is missing or no number."""
        value: object = self.data.price.price_per_second if isinstance(self.data.price, Price) else None
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        return value if isinstance(value, Decimal) else None

    @property
    def currency(self) -> str | None:
        """Return the currency; `UNKNOWN` has been seen."""
        return (self.data.price.currency or None) if isinstance(self.data.price, Price) else None

    @property
    def delivered(self) -> bool:
        """Return whether the call was made and answered: status group 3, DELIVERED."""
        status = self.data.status
        return isinstance(status, ReportStatus) and (status.group_id == 3 or status.group_name == "DELIVERED")

    @property
    def answered_by(self) -> Literal["human", "machine"] | None:
        """Return who answered, as far as the error code says so."""
        error = self.data.error
        if not isinstance(error, ReportError):
            return None
        # As text: an odd server's name or id might be anything, even what cannot be looked up.
        return _ANSWERED_BY.get(str(error.name)) or _ANSWERED_BY.get(str(error.id))

    def __repr__(self) -> str:
        status = self.data.status.name if isinstance(self.data.status, ReportStatus) else None
        return mask_numbers(f"Report(message_id={self.message_id!r}, status={status or None!r})")


@frozen(repr=False)
class UnreadableReport:
    """A report, or the rest of a page, that cannot be understood. The server will not send it again: keep the bytes.

    Attributes:
        body: its bytes.
        reason: why, in words that do not quote it.
        place: where it lies in the spool of a drain: page and position.
    """

    body: bytes
    reason: str
    place: tuple[int, int] | None = field(default=None, eq=False)

    def __repr__(self) -> str:
        return f"UnreadableReport({len(self.body)} byte(s), reason={self.reason!r})"


Item = Report | UnreadableReport


class Gap(NamedTuple):
    """A report request without a verdict: up to `limit` reports may have been handed out and lost.

    Attributes:
        reason: what happened.
        status: the HTTP status, if there was one.
        body: the bytes of an answer that is no page of reports, such as that of a 503.
    """

    reason: str
    status: int | None
    body: bytes


class Page(NamedTuple):
    """What one answer says: its reports, and in `damage` why that may not be all of them."""

    items: list[Item]
    damage: str = ""


def read_page(headers: Mapping[str, str], body: bytes) -> Page:
    """Return every report of an answer, each understood alone; never raise for what is in it."""
    try:
        document = content(headers, body)
    except ValueError as error:
        return Page([UnreadableReport(body, str(error))], str(error))
    form = headers.get("content-type")
    try:
        value = parse(form, document, "VoiceReportResponse")
    except UNREADABLE as error:
        damage = f"the document cannot be read: {type(error).__name__}"
    else:
        listed: Any = cast(dict[str, Any], value).get("results", "") if isinstance(value, dict) else ""
        damage = "" if listed is None or isinstance(listed, list) else "the document has no list of reports"
        with suppress(*_NOT_UNDERSTOOD):
            if not damage:
                return Page([_understand(each) for each in cast(list[Any], listed or [])])
    # Something is wrong with at least one report: take the document apart, with the bytes of each.
    items: list[Item] = []
    pieces = (_xml_pieces if wire_format(form, document) == "xml" else _json_pieces)(document)
    for piece, read in pieces:
        try:
            items.append(_understand(read()))
        except _NOT_UNDERSTOOD as error:
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
    return read_page({"content-type": content_type or ""}, body).items


def _understand(document: Any) -> Report:
    if not isinstance(document, dict) or not document:
        raise TypeError("it is not an object with members")
    raw = cast(dict[str, Any], document)
    return Report(VoiceReport.from_dict(_flat(raw)), raw)


_NOT_UNDERSTOOD: Final = (*UNREADABLE, TypeError, KeyError, AttributeError, SyntaxError)


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


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:32])  # epoch milliseconds in XML
    try:
        return parse_time(value)
    except ValueError:
        return None


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
    return Request(operation, arguments["method"].upper(), path, b"", None, accept)


def fetch(setup: Setup, limit: int, bulk_id: str | None, message_id: str | None) -> Flow[list[Item]]:
    """Fetch one page. A second request would return other reports, so that after a gap this ends."""
    request = page_request(setup, Operation("reports.fetch"), limit, bulk_id, message_id)
    outcome, verdict, _ = yield from exchange(setup, request)
    page = read_page(outcome.headers, outcome.body)
    if verdict == "answered" and not page.damage:
        return page.items
    error: errors.VoiceError
    if verdict == "answered":
        error = errors.ReportsUnreadable(page.damage, **evidence(request, outcome))
    else:
        error = failed(request, outcome, verdict)
    if isinstance(error, errors.ReportsUnreadable | errors.ReportsUncertain):
        error.reports = tuple(item for item in page.items if isinstance(item, Report))
    raise error


Pieces = Iterator[tuple[bytes, Any]]


def _json_pieces(document: bytes) -> Pieces:
    """Yield the bytes of each element of `results` and how to read it; what follows a cut comes as one last piece."""
    text = document.decode("utf-8", "surrogateescape")
    start = _RESULTS.search(text)
    position = start.end() if start else len(text)
    while True:
        position = _BETWEEN.match(text, position).end()  # type: ignore[union-attr]
        if position >= len(text) or text[position] == "]":
            return
        end = _json_end(text, position)
        piece = text[position:end].encode("utf-8", "surrogateescape")
        yield piece, lambda piece=piece: exact_json(piece)
        position = end


def _json_end(text: str, position: int) -> int:
    """Return where the element at `position` ends, by its brackets alone: it may be anything between them."""
    if text[position] not in "{[":
        return max(_SCALAR.match(text, position).end(), position + 1)  # type: ignore[union-attr]
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text, position):
        depth += (match[0] in "{[") - (match[0] in "}]")
        if depth == 0:
            return match.end()
    return len(text)


def _xml_pieces(document: bytes) -> Pieces:
    """Yield the bytes of each element of `results` and how to read it; of a broken document, from start tag to start tag."""
    from lxml import etree

    from infobip_voice_wire import xml

    def element(piece: bytes) -> Any:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        return etree.fromstring(piece, parser)

    try:
        root = element(document)
    except etree.LxmlError:
        tag = b"result" if re.search(rb"<result[\s/>]", document) else b"results"
        reports = document if tag == b"result" else document.partition(b"<results")[2]
        for match in re.finditer(rb"<%b[\s/>].*?(?=<%b[\s/>]|\Z)" % (tag, tag), reports, re.DOTALL):
            piece, closing, _ = match[0].partition(b"</%b>" % tag)
            yield piece + closing, lambda piece=piece + closing: xml.decode_element(element(piece), "VoiceReport")
        return
    for wrapper in [root] if _local(root) == "results" else [child for child in root if _local(child) == "results"]:
        for child in wrapper:
            source = etree.tostring(child, encoding="unicode", with_tail=False).encode()
            yield source, lambda child=child: xml.decode_element(child, "VoiceReport")
        stray = "".join([wrapper.text or "", *(child.tail or "" for child in wrapper)]).strip()
        if stray:
            yield stray.encode(), lambda stray=stray: stray


def _local(element: Any) -> str:
    name: str = element.tag
    return name.rpartition("}")[2]
