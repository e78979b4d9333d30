"""Ids that are taken for others, since they look alike or begin alike."""

import unicodedata
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import body_of, items_of, launches, reports_with, rewritten
from infobip_voice_contract.faults.fault import Send, Wrapper
from infobip_voice_contract.faults.incoming import acceptable
from infobip_voice_contract.faults.naming.words import fault
from infobip_voice_contract.faults.witness import Steps, Wait, entries, reports
from infobip_voice_contract.stage import Stage

__all__ = ["ALIKE"]

_COLUMN: Final = 90


def _bare(text: str) -> str:
    """Return a text without the marks on its letters, as some databases compare texts."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _callees(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [callee for item in items for callee in item.get("destinations", [item])]


def _without_marks() -> Wrapper:
    """An id is known that differs from a known one in the marks on its letters alone."""
    known: dict[str, str] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        if not launches(request) or not acceptable(request):
            return await send(request)
        document = body_of(request)
        spelt = [callee.get("messageId") for callee in _callees(items_of(request))]
        for callee in _callees(document["messages"]):
            if "messageId" in callee:
                callee["messageId"] = known.setdefault(_bare(callee["messageId"]), callee["messageId"])
        if [callee.get("messageId") for callee in _callees(document["messages"])] == spelt:
            return await send(request)
        answer = await send(rewritten(request, document))
        found = body_of(answer)
        for entry, name in zip(found["messages"], spelt, strict=True):
            entry["messageId"] = name or entry["messageId"]
        return rewritten(answer, found)

    return wrapper


def _cut(report: dict[str, Any]) -> None:
    if isinstance(report.get("messageId"), str):
        report["messageId"] = report["messageId"][:_COLUMN]


def _with_marks(stage: Stage) -> Steps:
    name = stage.id()
    yield stage.post(stage.ivr(1, ids=[f"{name}-e"]))
    answer: Answer = yield stage.post(stage.ivr(1, ids=[f"{name}-é"]))
    return [entry["status"]["id"] for entry in entries(answer)] == [23]


def _reported_in_part(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(1, bulk=bulk, ids=["i" * 100]))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return [len(report["messageId"]) for report in reports(answer)] == [_COLUMN]


ALIKE: Final = (
    fault(
        id="ids-without-marks",
        rule="ids.new",
        sentence="A messageId counts as known if another one has the same letters with other marks on them.",
        advice="Use ASCII in your ids.",
        source=("platform-2026",),
        make=_without_marks,
        witness=_with_marks,
    ),
    fault(
        id="report-ids-cut",
        rule="ids.whole",
        sentence="Reports have the first 90 characters of a messageId.",
        advice="Keep ids short.",
        source=("reports",),
        make=reports_with(_cut),
        witness=_reported_in_part,
    ),
)
