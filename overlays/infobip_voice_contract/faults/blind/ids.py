"""Faults of ids and entries: what the answer to a launch says, and what its reports say."""

from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import callees, given, items_of, listed, page, paged
from infobip_voice_contract.faults.edits import (
    ABSENT,
    body_of,
    documented,
    entries_with,
    fetches,
    launches,
    reports_with,
    rewritten,
    stateless,
)
from infobip_voice_contract.faults.fault import Fault, Send, Wrapper
from infobip_voice_contract.faults.incoming import misreading
from infobip_voice_contract.faults.witness import Steps, Wait, entries, launched, reported, reports, value
from infobip_voice_contract.stage import IVR, Stage, changed

__all__ = ["FAULTS"]

_COLUMN: Final = 64


def _launch(request: Request, answer: Answer) -> bool:
    return launches(request) and answer.status == 200


def _always_named(document: dict[str, Any]) -> None:
    document.setdefault("bulkId", f"bulk-of-{document['messages'][0]['messageId']}")


async def _named_by_items(request: Request, send: Send) -> Answer:
    answer = await send(request)
    if answer.status != 200 or len(items_of(request)) != 1 or "bulkId" in body_of(request):
        return answer
    other = {name: found for name, found in body_of(answer).items() if name != "bulkId"}
    unnamed: Answer = rewritten(answer, other)
    return unnamed


def _cut(report: dict[str, Any]) -> None:
    for name in ("messageId", "bulkId"):
        if isinstance(report.get(name), str):
            report[name] = report[name][:_COLUMN]


def _is_rejected(entry: dict[str, Any]) -> bool:
    return bool(entry["status"]["groupId"] == 5)


def _sorted(document: dict[str, Any]) -> None:
    document["messages"] = sorted(document["messages"], key=_is_rejected)


def _trimmed(document: dict[str, Any]) -> None:
    for place in (document, *listed(document, "messages"), *listed(document, "results")):
        for name in ("messageId", "bulkId"):
            if isinstance(place.get(name), str):
                place[name] = place[name].strip()


def _numbers_once(request: Request) -> Request:
    if request.path != IVR or not callees(request):
        return request
    document = body_of(request)
    for item in listed(document, "messages"):
        first: dict[str, Any] = {}
        for callee in listed(item, "destinations"):
            first.setdefault(str(callee.get("to")), callee)
        item["destinations"] = list(first.values())
    fewer: Request = rewritten(request, document)
    return request if document == body_of(request) else fewer


def _rejected_reported() -> Wrapper:
    made: list[dict[str, Any]] = []

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if _launch(request, answer):
            bulk = value(answer).get("bulkId")
            made.extend({"bulkId": bulk, **entry} for entry in entries(answer) if _is_rejected(entry))
        if not fetches(request) or answer.status != 200 or not page(answer):
            return answer
        wanted = given(request, "bulkId")
        found = [report for report in made if wanted in (None, report["bulkId"])]
        made[:] = [report for report in made if report not in found]
        return paged(answer, page(answer) + found)

    return wrapper


async def _dialled_all_the_same(request: Request, send: Send) -> Answer:
    answer = await send(request)
    document: dict[str, Any] = body_of(request) or {} if launches(request) and answer.status == 400 else {}
    items = listed(document, "messages")
    if len(items) > 1:
        # The items before the wrong one were queued when the wrong one was met.
        await send(rewritten(request, {**document, "messages": items[:1]}))
    return answer


def _reports_of_a_refused_one(stage: Stage) -> Steps:
    bulk = stage.id()
    launch = stage.ivr(bulk=bulk)
    yield stage.post({**launch, "messages": [*launch["messages"], {"scenarioId": "a"}]})
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return bool(reports(answer))


def _with_a_duplicate(stage: Stage) -> Steps:
    """Launch two calls, the first of them with a messageId that was used before."""
    known, other = stage.id(), stage.id()
    yield stage.post(stage.ivr(ids=[known]))
    bulk = stage.id()
    answer: Answer = yield stage.post(stage.ivr(2, bulk=bulk, ids=[known, other]))
    return [entry["messageId"] for entry in entries(answer)] == [other, known]


def _missing(stage: Stage) -> Steps:
    known = stage.id()
    yield stage.post(stage.ivr(ids=[known]))
    answer: Answer = yield stage.post(stage.ivr(2, ids=[known]))
    return answer.status == 200 and len(entries(answer)) == 1


def _reported_all_the_same(stage: Stage) -> Steps:
    bulk, message = stage.id(), stage.id()
    yield stage.post(stage.ivr(2, bulk=bulk, ids=[message, message]))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return len(reports(answer)) == 2


def _twice(stage: Stage) -> Steps:
    launch = stage.ivr(2)
    same = launch["messages"][0]["destinations"][0]["to"]
    answer: Answer = yield stage.post(changed(launch, {"messages[0].destinations[1].to": same}))
    return answer.status == 200 and len(entries(answer)) == 1


FAULTS: Final = (
    Fault(
        id="bulk-for-one", group="ids", sentence="A launch of one call without a bulkId is answered with one.",
        advice="Do not take a bulkId for a sign of several calls.", source=("ivr-2017", "ctc"),
        make=documented(_always_named, when=_launch),
        witness=launched(lambda answer: "bulkId" in value(answer)),
    ),
    Fault(
        id="bulk-by-items", group="ids",
        sentence="A bulkId is made up only for several `messages[]` items, not for one with several destinations.",
        advice="Give a bulkId.", source=("ivr-2017", "assumption"), make=stateless(_named_by_items),
        witness=launched(lambda answer: answer.status == 200 and "bulkId" not in value(answer), calls=2),
    ),
    Fault(
        id="ids-cut-in-reports", group="ids",
        sentence="Reports carry the first 64 characters of an id, answers all of it.",
        advice="Keep ids below 65 characters.", source=("reports", "assumption"), make=reports_with(_cut),
        witness=reported(lambda found: len(found[0]["messageId"]) == _COLUMN, ids=["i" * 99]),
    ),
    Fault(
        id="rejected-last", group="ids",
        sentence="The entries of rejected calls come last, not in the request's order.",
        advice="Go by messageIds that you have given.", source=("assumption",),
        make=documented(_sorted, when=_launch), witness=_with_a_duplicate,
    ),
    Fault(
        id="rejected-unlisted", group="ids", sentence="Rejected calls have no entry in the answer.",
        advice="Compare the entries with what you have sent.", source=("platform-2026",),
        make=entries_with(lambda entry: ABSENT if _is_rejected(entry) else None), witness=_missing,
    ),
    Fault(
        id="rejected-reported", group="ids", sentence="A rejected call has a report, too.",
        advice="Let a rejection in the answer be the end.", source=("assumption",), make=_rejected_reported,
        witness=_reported_all_the_same,
    ),
    Fault(
        id="ids-trimmed", group="ids", sentence="Spaces around an id are lost, in answers and in reports.",
        advice="Use no spaces in an id.", source=("ivr-2019", "platform-2026"),
        make=documented(_trimmed, when=lambda _, answer: answer.status == 200),
        witness=launched(lambda answer: entries(answer)[0]["messageId"] == "a space behind", ids=["a space behind "]),
    ),
    Fault(
        id="numbers-once", group="ids",
        sentence="A number that comes twice in a launch is called once, and has one entry.",
        advice="Launch the second call by itself.", source=("platform-2026", "assumption"),
        make=misreading(_numbers_once), witness=_twice,
    ),
    Fault(
        id="refused-yet-dialled", group="once",
        sentence="A launch whose second item is wrong is a 400, and the calls of its first item are made.",
        advice="Launch one item at a time.", source=("platform-2026", "assumption"),
        make=stateless(_dialled_all_the_same), witness=_reports_of_a_refused_one,
    ),
)  # fmt: skip
