"""Pushes that do not arrive, go elsewhere, or come again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import fetches, is_xml, pushing, rewritten
from infobip_voice_contract.faults.fault import Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.incoming import ignoring
from infobip_voice_contract.faults.pushing.words import (
    BOTH_SOURCES,
    LAUNCHES,
    SHAPE,
    XML,
    document,
    edited,
    fault,
    pushed_report,
)
from infobip_voice_contract.faults.witness import PUSHED, Steps, Wait, Witness, pushed, reports
from infobip_voice_contract.sink import REFUSING
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["DELIVERIES"]

_LOST: Final = "Keep the messageIds of your launches, and ask for what was not pushed after a day."
_AGAIN: Final = "Answer a push that you have seen with 200, and drop it."


def _sending(deliver: Callable[[Request, Send], Any]) -> Make:
    """Send pushes otherwise."""

    async def wrapper(request: Request, send: Send) -> Answer:
        if is_push(request):
            answer: Answer = await deliver(request, send)
            return answer
        return await send(request)

    return lambda: wrapper


async def _lost(_: Request, __: Send) -> Answer:
    return Answer(200)


async def _lost_in_xml_only(push: Request, send: Send) -> Answer:
    return Answer(200) if is_xml(push) else await send(push)


async def _twice(push: Request, send: Send) -> Answer:
    await send(push)
    return await send(push)


async def _never_again(push: Request, send: Send) -> Answer:
    await send(push)
    return Answer(200)


async def _at_once_again(push: Request, send: Send) -> Answer:
    answer = await send(push)
    if answer.status >= 300:
        await send(push)
    return Answer(200)


def _both_ways() -> Wrapper:
    """What is pushed is fetched, too."""
    kept: list[dict[str, Any]] = []

    async def wrapper(request: Request, send: Send) -> Answer:
        if is_push(request):
            kept.extend(reports(request))
            return await send(request)
        answer = await send(request)
        given = dict(request.query)
        if not fetches(request) or answer.status != 200:
            return answer
        found = [
            each
            for each in kept
            if given.get("bulkId", each.get("bulkId")) == each.get("bulkId")
            and given.get("messageId", each["messageId"]) == each["messageId"]
        ]
        for each in found:
            kept.remove(each)
        return rewritten(answer, {"results": [*reports(answer), *found]}) if found else answer

    return wrapper


def _two_in_one() -> Wrapper:
    """Two reports are pushed in one document."""
    held: list[Request] = []

    async def wrapper(request: Request, send: Send) -> Answer:
        if not is_push(request) or is_xml(request):
            return await send(request)
        if not held:
            held.append(request)
            return Answer(200)
        both = {"results": [*reports(held.pop()), *reports(request)]}
        return await send(rewritten(request, both))

    return wrapper


def _both(**item: Any) -> Witness:
    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        yield stage.post(stage.ivr(1, bulk=bulk, notifyUrl=f"{stage.sink}/push", **item))
        yield Wait()
        arrived: list[Request] = yield PUSHED
        answer: Answer = yield stage.get(bulkId=bulk)
        return len(arrived) == 1 and len(reports(answer)) == 1

    return witness


def _refused(shows: Callable[[list[Request]], object]) -> Witness:
    """Look at what comes after a push that is refused: within a minute and a half."""

    def witness(stage: Stage) -> Steps:
        yield stage.post(stage.ivr(1, notifyUrl=f"{stage.sink}{REFUSING}/x"))
        yield Wait(200)
        arrived: list[Request] = yield PUSHED
        return bool(shows(arrived))

    return witness


def _quick_again(stage: Stage) -> Steps:
    yield stage.post(stage.ivr(1, notifyUrl=f"{stage.sink}{REFUSING}/x"))
    yield Wait()
    arrived: list[Request] = yield PUSHED
    return len(arrived) == 2


def _without_query(stage: Stage) -> Steps:
    yield stage.post(stage.ivr(1, notifyUrl=f"{stage.sink}/push?one=1"))
    yield Wait()
    arrived: list[Request] = yield PUSHED
    return [push.target for push in arrived] == ["/push"]


DELIVERIES: Final = (
    fault(
        id="push-lost",
        rule="push.arrives",
        sentence="Pushes are lost.",
        advice=_LOST,
        source=LAUNCHES,
        make=_sending(_lost),
        witness=pushed(lambda found: not found),
    ),
    fault(
        id="notify-ignored",
        rule="push.arrives",
        sentence="notifyUrl is ignored: the report has to be fetched.",
        advice=_LOST,
        source=LAUNCHES,
        make=ignoring("notifyUrl", when=lambda item: str(item["notifyUrl"]).startswith("http")),
        witness=pushed(lambda found: not found),
    ),
    fault(
        id="clicks-not-pushed",
        rule="push.arrives",
        sentence="The reports of clicks to call are not pushed.",
        advice=_LOST,
        source=("ctc",),
        make=ignoring(
            "notifyUrl", when=lambda item: "destinationA" in item and str(item["notifyUrl"]).startswith("http")
        ),
        witness=pushed(lambda found: not found, path=CTC),
    ),
    fault(
        id="xml-not-pushed",
        rule="push.arrives",
        sentence="Pushes in XML are lost.",
        advice=_LOST,
        source=LAUNCHES,
        make=_sending(_lost_in_xml_only),
        witness=pushed(lambda found: not found, notifyContentType=XML),
    ),
    fault(
        id="push-without-query",
        rule="push.url",
        sentence="A push goes to the notifyUrl without its query.",
        advice="Put what tells your pushes apart into the path of the notifyUrl.",
        source=LAUNCHES,
        make=pushing(lambda push: replace(push, target=push.target.partition("?")[0])),
        witness=_without_query,
    ),
    fault(
        id="push-two",
        rule="push.one",
        sentence="A push has its report twice.",
        advice=SHAPE,
        source=("assumption",),
        make=document(lambda document: {"results": [*document["results"], *document["results"]]}),
        witness=pushed(lambda found: found and len(reports(found[0])) == 2),
    ),
    fault(
        id="push-pairs",
        rule="push.one",
        sentence="Pushes in JSON have two reports each.",
        advice=SHAPE,
        source=("assumption",),
        make=_two_in_one,
        witness=pushed(lambda found: len(found) == 1 and len(reports(found[0])) == 2, calls=2),
    ),
    fault(
        id="pushed-and-fetched",
        rule="push.not-fetched",
        sentence="What is pushed is fetched, too.",
        advice=BOTH_SOURCES,
        source=("assumption",),
        make=_both_ways,
        witness=_both(notifyContentVersion=1),
    ),
    fault(
        id="push-once-only",
        rule="push.again",
        sentence="A push that is refused is not repeated.",
        advice=_LOST,
        source=("sibling",),
        make=_sending(_never_again),
        witness=_refused(lambda found: len(found) == 1),
    ),
    fault(
        id="push-at-once-again",
        rule="push.again",
        sentence="A push that is refused is repeated at once, and then never.",
        advice=_AGAIN,
        source=("sibling",),
        make=_sending(_at_once_again),
        witness=_quick_again,
    ),
    fault(
        id="push-twice",
        rule="push.once",
        sentence="Every push is sent twice, although it was accepted.",
        advice=_AGAIN,
        source=("assumption",),
        make=_sending(_twice),
        witness=pushed(lambda found: len(found) == 2),
    ),
    fault(
        id="push-other-message",
        rule="push.arrives",
        sentence="A pushed report has another messageId than its call.",
        advice=BOTH_SOURCES,
        source=LAUNCHES,
        make=edited(lambda report: report.update(messageId=f"{report['messageId']}-other")),
        witness=pushed_report(lambda report: report["messageId"].endswith("-other")),
    ),
)
