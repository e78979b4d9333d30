"""Faults of pushing reports: where to, and how often."""

from dataclasses import replace
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import listed, page, paged
from infobip_voice_contract.faults.edits import (
    body_of,
    fetches,
    is_xml,
    launches,
    pushing,
    rewritten,
    stateless,
)
from infobip_voice_contract.faults.fault import Fault, Send, Wrapper, is_push
from infobip_voice_contract.faults.incoming import misreading
from infobip_voice_contract.faults.witness import PUSHED, Steps, Wait, pushed, reports
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]


def _fetched_too() -> Wrapper:
    sent: list[dict[str, Any]] = []

    async def wrapper(request: Request, send: Send) -> Answer:
        if is_push(request):
            sent.extend(listed(body_of(request), "results"))
        answer = await send(request)
        if not fetches(request) or answer.status != 200:
            return answer
        filters = {name: text for name, text in request.query if name != "limit"}
        chosen = [report for report in sent if all(report.get(name) == text for name, text in filters.items())]
        sent[:] = [report for report in sent if report not in chosen]
        return paged(answer, page(answer) + chosen)

    return wrapper


def _piling_up() -> Wrapper:
    sent: dict[str, list[dict[str, Any]]] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        if not is_push(request):
            return await send(request)
        pile = sent.setdefault(f"{request.target} {is_xml(request)}", [])
        pile += [report for report in listed(body_of(request), "results") if report not in pile]
        return await send(rewritten(request, {"results": pile}) if len(pile) > 1 else request)

    return wrapper


def _once_per_bulk() -> Wrapper:
    known: set[Any] = set()

    async def wrapper(request: Request, send: Send) -> Answer:
        found = listed(body_of(request), "results") if is_push(request) else []
        bulks = {report.get("bulkId") for report in found}
        if bulks and None not in bulks and bulks <= known:
            return Answer(200)
        answer = await send(request)
        if answer.status == 200:
            known.update(bulks)
        return answer

    return wrapper


async def _never_again(request: Request, send: Send) -> Answer:
    answer = await send(request)
    return Answer(200) if is_push(request) else answer


def _without_query(push: Request) -> Request:
    return replace(push, target=push.target.partition("?")[0])


def _in_small_letters(push: Request) -> Request:
    return replace(push, target=push.target.lower())


def _to_the_first(request: Request) -> Request:
    document = body_of(request) if launches(request) else None
    items = listed(document, "messages")
    urls = [item["notifyUrl"] for item in items if item.get("notifyUrl")]
    if len(urls) < 2 or len(set(map(str, urls))) == 1:
        return request
    for item in items:
        if item.get("notifyUrl"):
            item["notifyUrl"] = urls[0]
    other: Request = rewritten(request, document)
    return other


def _pulled(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(bulk=bulk, notifyUrl=f"{stage.sink}/push"))
    yield Wait()
    yield PUSHED
    answer: Answer = yield stage.get(bulkId=bulk)
    return bool(reports(answer))


def _not_again(stage: Stage) -> Steps:
    yield stage.post(stage.ivr(notifyUrl=f"{stage.sink}/refusing/{stage.id()}"))
    yield Wait(300)
    arrived: list[Request] = yield PUSHED
    return len(arrived) == 1


def _elsewhere(stage: Stage) -> Steps:
    items = [stage.ivr(notifyUrl=f"{stage.sink}/{place}")["messages"][0] for place in ("one", "two")]
    yield stage.post({"messages": items})
    yield Wait()
    arrived: list[Request] = yield PUSHED
    return [push.path.rpartition("/")[2] for push in arrived] == ["one", "one"]


def _to_a_query(stage: Stage) -> Steps:
    yield stage.post(stage.ivr(notifyUrl=f"{stage.sink}/push?token=a%2Fb"))
    yield Wait()
    arrived: list[Request] = yield PUSHED
    return bool(arrived) and "token" not in arrived[0].target


def _to_capitals(stage: Stage) -> Steps:
    yield stage.post(stage.ivr(notifyUrl=f"{stage.sink}/Push"))
    yield Wait()
    arrived: list[Request] = yield PUSHED
    return bool(arrived) and "Push" not in arrived[0].target


FAULTS: Final = (
    Fault(
        id="pushed-and-fetched", group="push", sentence="A report that was pushed can be fetched, too.",
        advice="Recognise a report by its messageId.", source=("assumption",), make=_fetched_too, witness=_pulled,
    ),
    Fault(
        id="pushes-pile-up", group="push", sentence="A push holds every report that was pushed to its URL before.",
        advice="Recognise a report by its messageId.", source=("assumption",), make=_piling_up,
        witness=pushed(lambda arrived: len(reports(arrived[-1])) == 2, calls=2),
    ),
    Fault(
        id="pushed-once-per-bulk", group="push", sentence="Of a bulk only the first report is pushed.",
        advice="Launch one call at a time.", source=("ivr-2017", "assumption"), make=_once_per_bulk,
        witness=pushed(lambda arrived: len(arrived) == 1, calls=2),
    ),
    Fault(
        id="never-pushed-again", group="push", sentence="A push that is answered with 503 is not repeated.",
        advice="Ask for what you miss.", source=("sibling",), make=stateless(_never_again), witness=_not_again,
    ),
    Fault(
        id="query-of-url-lost", group="push", sentence="A push goes to the `notifyUrl` without its query.",
        advice="Put a secret into the path.", source=("ivr-2017",), make=pushing(_without_query), witness=_to_a_query,
    ),
    Fault(
        id="url-in-small-letters", group="push", sentence="A push goes to the `notifyUrl` in small letters.",
        advice="Write URLs in small letters.", source=("ivr-2017",), make=pushing(_in_small_letters),
        witness=_to_capitals,
    ),
    Fault(
        id="url-of-the-first", group="push",
        sentence="Every report of a launch is pushed to the `notifyUrl` of its first item.",
        advice="Launch one item at a time.", source=("ivr-2017",), make=misreading(_to_the_first), witness=_elsewhere,
    ),
)  # fmt: skip
