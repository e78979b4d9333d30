"""Faults of size: of bodies, of lists, of the address line, of pages."""

from dataclasses import replace
from typing import Any, Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.blind.words import MAX_BODY, items_of, refusing
from infobip_voice_contract.faults.edits import body_of, fetches, launches, mended, rewritten
from infobip_voice_contract.faults.fault import Fault
from infobip_voice_contract.faults.witness import answered
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]

_MOST_DESTINATIONS: Final = 20_000
_MEBIBYTE: Final = 1 << 20
_LINE: Final = 255


def _padded(stage: Stage, size: int) -> Request:
    """Return a launch whose body has a size, most of it spaces."""
    small = stage.post(stage.ivr())
    return replace(small, body=small.body.ljust(size))


def _shortened(request: Request) -> Request | None:
    document: Any = body_of(request) if launches(request) else None
    long = [item for item in items_of(request) if len(item.get("destinations", ())) > _MOST_DESTINATIONS]
    if not long:
        return None
    for item in document["messages"]:
        item["destinations"] = item["destinations"][:_MOST_DESTINATIONS]
    shorter: Request = rewritten(request, document)
    return shorter


def _too_many(stage: Stage) -> Request:
    callee = {"to": stage.numbers.take("rejected")}
    return stage.post({"messages": [{"scenarioId": "a", "destinations": [callee] * (_MOST_DESTINATIONS + 1)}]})


FAULTS: Final = (
    Fault(
        id="one-mebibyte", group="size", sentence="A body above 1 MiB is a 413: the proxy in front has its default.",
        advice="Split a launch of more than some thousand calls.", source=("assumption",),
        make=refusing(lambda request: launches(request) and _MEBIBYTE < len(request.body) <= MAX_BODY, 413),
        witness=answered(lambda stage: _padded(stage, _MEBIBYTE + 1), lambda answer: answer.status == 413),
    ),
    Fault(
        id="decimal-megabytes", group="size", sentence="The most that a body may have is 4,000,000 bytes, not 4 MiB.",
        advice="Stay below 4,000,000 bytes.", source=("assumption",),
        make=refusing(lambda request: launches(request) and 4_000_000 < len(request.body) <= MAX_BODY, 413),
        witness=answered(lambda stage: _padded(stage, MAX_BODY - 9), lambda answer: answer.status == 413),
    ),
    Fault(
        id="destinations-beyond", group="size",
        sentence="Destinations beyond the 20,000th are left out without a word.",
        advice="Count the entries of every answer.", source=("platform-2026",), make=mended(_shortened),
        witness=answered(_too_many, lambda answer: answer.status == 200),
    ),
    Fault(
        id="long-line-414", group="size",
        sentence="A request line above 255 characters is a 414, so that long ids cannot be asked for.",
        advice="Keep ids short and in ASCII.", source=("assumption",),
        make=refusing(lambda request: fetches(request) and len(request.target) > _LINE, 414),
        witness=answered(
            lambda stage: stage.get(bulkId=stage.id("é" * 60)), lambda answer: answer.status == 414
        ),
    ),
)  # fmt: skip
