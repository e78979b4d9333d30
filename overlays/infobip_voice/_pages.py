"""Reading pages of reports, so that no report takes its neighbours with it."""

from contextlib import suppress
from typing import Any, Final, NamedTuple, cast

from infobip_voice._answers import NOT_UNDERSTOOD
from infobip_voice._reports import Item, Report, UnreadableReport
from infobip_voice_client.models import VoiceReport
from infobip_voice_wire import documents, salvage

__all__ = ["Page", "parse_push", "read_page"]

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
