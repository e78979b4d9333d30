"""Pages of reports: asking for one, and reading one so that no report takes its neighbours with it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlencode

from infobip_voice import errors
from infobip_voice._answers import UNREADABLE, content, evidence, exact_json, failed, parse, wire_format
from infobip_voice._exchange import Flow, Request, Setup, exchange
from infobip_voice._policy import Operation
from infobip_voice._reports import Item, Report, UnreadableReport
from infobip_voice_client.api.reports import fetch_reports
from infobip_voice_client.models import VoiceReport
from infobip_voice_client.types import UNSET
from infobip_voice_wire import media_types

__all__ = ["Page", "fetch", "page_request", "parse_push", "read_page"]

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
