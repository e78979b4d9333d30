"""Sizes that are refused or taken wrongly."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.edits import (
    answering,
    body_of,
    documented,
    errors,
    fetches,
    items_of,
    launches,
    mended,
    refusing,
    rewritten,
    some_item,
    stated,
)
from infobip_voice_contract.faults.fault import Make
from infobip_voice_contract.faults.statuses.words import fault
from infobip_voice_contract.faults.witness import Witness, answered, entries
from infobip_voice_contract.stage import Stage

__all__ = ["SIZES"]

_LARGE: Final = "Split a large launch into several, and count the entries of each answer."
MIB: Final = 1024 * 1024


def _many(count: int) -> Witness:
    return answered(
        lambda stage: stage.post({"messages": [{"scenarioId": "x", "destinations": [{"to": "999100000001"}] * count}]}),
        lambda answer: answer.status == 200,
    )


def _fewer(request: Request) -> Request | None:
    document = body_of(request)
    long = [item for item in items_of(request) if len(item.get("destinations", ())) > 20_000]
    if not long:
        return None
    for item in document["messages"]:
        item["destinations"] = item["destinations"][:20_000]
    return rewritten(request, document)


def _large(size: int) -> Callable[[Stage], Request]:
    def request(stage: Stage) -> Request:
        whole = stage.post(stage.ivr()).body
        return stage.post(whole + b" " * (size - len(whole)))

    return request


def _trimmed(request: Request) -> Request | None:
    return replace(request, body=request.body.strip()) if len(request.body) > 4 * MIB else None


def _cut(most: int) -> Make:
    def cut(document: dict[str, Any]) -> None:
        document["messages"] = document["messages"][:most]

    return documented(
        cut, when=lambda request, answer: launches(request) and answer.status == 200 and b"messages" in answer.body
    )


SIZES: Final = (
    fault(
        id="too-large-taken",
        group="size",
        rule="size.too-large",
        sentence="A body above 4 MiB is accepted.",
        advice=_LARGE,
        source=("assumption",),
        make=mended(_trimmed, statuses=(413,)),
        witness=answered(_large(4 * MIB + 1), lambda answer: answer.status == 200),
    ),
    fault(
        id="too-large-400",
        group="size",
        rule="size.too-large",
        sentence="A body above 4 MiB is answered 400.",
        advice=_LARGE,
        source=("assumption",),
        make=answering(lambda answer: stated(answer, 400, "BAD_REQUEST"), when=errors(413)),
        witness=answered(_large(4 * MIB + 1), lambda answer: answer.status == 400),
    ),
    fault(
        id="one-mib",
        group="size",
        rule="size.fits",
        sentence="A body above 1 MiB is refused.",
        advice=_LARGE,
        source=("assumption",),
        make=refusing(lambda request: len(request.body) > MIB),
        witness=answered(_large(2 * MIB), lambda answer: answer.status == 400),
    ),
    fault(
        id="long-line-refused",
        group="size",
        rule="size.line",
        sentence="A request for reports whose line has more than 1,000 characters is refused.",
        advice="Use short ids in ASCII.",
        source=("assumption",),
        make=refusing(lambda request: fetches(request) and len(request.target) > 1000),
        witness=answered(
            lambda stage: stage.get(bulkId="é" * 90, messageId="é" * 90), lambda answer: answer.status == 400
        ),
    ),
    fault(
        id="too-many-taken",
        group="size",
        rule="size.too-many",
        sentence="Of more than 20,000 destinations the first 20,000 are called.",
        advice=_LARGE,
        source=("platform-2026",),
        make=mended(_fewer),
        witness=_many(20_001),
    ),
    fault(
        id="too-few",
        group="size",
        rule="size.most",
        sentence="A message with more than 10,000 destinations is refused.",
        advice=_LARGE,
        source=("platform-2026",),
        make=refusing(some_item(lambda item: len(item.get("destinations", ())) > 10_000)),
        witness=answered(
            lambda stage: stage.post(
                {"messages": [{"scenarioId": "x", "destinations": [{"to": "999100000001"}] * 10_001}]}
            ),
            lambda answer: answer.status == 400,
        ),
    ),
    fault(
        id="entries-cut",
        group="size",
        rule="size.most",
        sentence="The answer to a launch lists 1,000 entries at most.",
        advice=_LARGE,
        source=("platform-2026",),
        make=_cut(1000),
        witness=answered(
            lambda stage: stage.post(
                {"messages": [{"scenarioId": "x", "destinations": [{"to": "999100000001"}] * 1001}]}
            ),
            lambda answer: len(entries(answer)) == 1000,
        ),
    ),
)
