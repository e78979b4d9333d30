"""Faults of pushes: reports that go to a `notifyUrl`."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    body_of,
    fetches,
    header,
    ignoring,
    is_xml,
    launching,
    pushing,
    rewritten,
)
from infobip_voice_contract.faults.fault import ONLY_2026, ONLY_SEEDS, Fault, Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.witness import PUSHED, Steps, Wait, Witness, pushed, reports
from infobip_voice_contract.sink import REFUSING
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["PUSHING"]

_LOST: Final = "Keep the messageIds of your launches, and ask for what was not pushed after a day."
_FORM: Final = "Read a push in either form, by its Content-Type or its first byte."
_SHAPE: Final = "Read both shapes of a pushed report, flat and nested, alone or in a list."
_AGAIN: Final = "Answer a push that you have seen with 200, and drop it."
_DATA: Final = "Find a pushed report by its messageId, and do not rely on callbackData."
_BOTH: Final = "Recognise a report by its messageId, whichever way it comes."

_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")
_IVR: Final = ("ivr-2017", "ivr-2019")
_XML: Final = "application/xml"


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


def _edited(edit: Callable[[dict[str, Any]], Any]) -> Make:
    """Edit every pushed report, flat or nested."""

    def change(push: Request) -> Request:
        document = body_of(push)
        if not isinstance(document, dict) or not isinstance(document.get("results"), list):
            return push
        for report in document["results"]:
            edit(report)
        return rewritten(push, document)

    return pushing(change)


def _document(change: Callable[[dict[str, Any]], Any]) -> Make:
    """Push another document in JSON."""

    def other(push: Request) -> Request:
        return push if is_xml(push) else rewritten(push, change(body_of(push)))

    return pushing(other)


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


def _wrong_type(push: Request) -> Request:
    return header(push, "content-type", "text/plain")


def _as_other_form(push: Request) -> Request:
    return header(push, "content-type", "application/json" if is_xml(push) else _XML)


def _versions(change: Callable[[dict[str, Any]], Any]) -> Make:
    return launching(lambda item: change(item) if item.get("notifyUrl") else None)


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


def _pushed_report(shows: Callable[[dict[str, Any]], object], **options: Any) -> Witness:
    return pushed(lambda found: found and reports(found[0]) and shows(reports(found[0])[0]), **options)


def _colon(report: dict[str, Any]) -> None:
    for name in ("sentAt", "doneAt"):
        if isinstance(report.get(name), str):
            report[name] = f"{report[name][:-2]}:{report[name][-2:]}"


def _without_query(stage: Stage) -> Steps:
    yield stage.post(stage.ivr(1, notifyUrl=f"{stage.sink}/push?one=1"))
    yield Wait()
    arrived: list[Request] = yield PUSHED
    return [push.target for push in arrived] == ["/push"]


_fault = partial(Fault, group="push")

PUSHING: Final = (
    _fault(
        id="push-lost",
        rule="push.arrives",
        sentence="Pushes are lost.",
        advice=_LOST,
        source=_LAUNCHES,
        make=_sending(_lost),
        witness=pushed(lambda found: not found),
    ),
    _fault(
        id="notify-ignored",
        rule="push.arrives",
        sentence="notifyUrl is ignored: the report has to be fetched.",
        advice=_LOST,
        source=_LAUNCHES,
        make=ignoring("notifyUrl", when=lambda item: str(item["notifyUrl"]).startswith("http")),
        witness=pushed(lambda found: not found),
    ),
    _fault(
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
    _fault(
        id="xml-not-pushed",
        rule="push.arrives",
        sentence="Pushes in XML are lost.",
        advice=_LOST,
        source=_LAUNCHES,
        make=_sending(_lost_in_xml_only),
        witness=pushed(lambda found: not found, notifyContentType=_XML),
    ),
    _fault(
        id="push-without-query",
        rule="push.url",
        sentence="A push goes to the notifyUrl without its query.",
        advice="Put what tells your pushes apart into the path of the notifyUrl.",
        source=_LAUNCHES,
        make=pushing(lambda push: replace(push, target=push.target.partition("?")[0])),
        witness=_without_query,
    ),
    _fault(
        id="push-always-json",
        rule="push.form",
        sentence="Pushes are JSON, whatever was asked for.",
        advice=_FORM,
        source=_LAUNCHES,
        make=ignoring("notifyContentType", when=lambda item: item["notifyContentType"] == _XML),
        witness=pushed(lambda found: found and not is_xml(found[0]), notifyContentType=_XML),
    ),
    _fault(
        id="push-xml-by-default",
        rule="push.form",
        sentence="Without a notifyContentType, pushes are XML.",
        advice=_FORM,
        source=("assumption",),
        make=_versions(lambda item: item.setdefault("notifyContentType", _XML)),
        witness=pushed(lambda found: found and is_xml(found[0])),
    ),
    _fault(
        id="push-plain",
        rule="push.form",
        sentence="Pushes call themselves text/plain.",
        advice=_FORM,
        source=_LAUNCHES,
        make=pushing(_wrong_type),
        witness=pushed(lambda found: found and "text/plain" in found[0].fields("content-type")),
    ),
    _fault(
        id="push-says-other",
        rule="push.form",
        sentence="The Content-Type of a push names the other form.",
        advice=_FORM,
        source=_LAUNCHES,
        make=pushing(_as_other_form),
        witness=pushed(lambda found: found and found[0].body.startswith(b"{") and is_xml(found[0])),
    ),
    _fault(
        id="push-two",
        rule="push.one",
        sentence="A push has its report twice.",
        advice=_SHAPE,
        source=("assumption",),
        make=_document(lambda document: {"results": [*document["results"], *document["results"]]}),
        witness=pushed(lambda found: found and len(reports(found[0])) == 2),
    ),
    _fault(
        id="push-pairs",
        rule="push.one",
        sentence="Pushes in JSON have two reports each.",
        advice=_SHAPE,
        source=("assumption",),
        make=_two_in_one,
        witness=pushed(lambda found: len(found) == 1 and len(reports(found[0])) == 2, calls=2),
    ),
    _fault(
        id="push-bare-list",
        rule="push.flat",
        sentence="A push is a bare list.",
        advice=_SHAPE,
        source=_LAUNCHES,
        make=_document(lambda document: document["results"]),
        witness=pushed(lambda found: found and found[0].body.startswith(b"[")),
    ),
    _fault(
        id="push-bare-report",
        rule="push.flat",
        sentence="A push is a report without a list around it.",
        advice=_SHAPE,
        source=_LAUNCHES,
        make=_document(lambda document: document["results"][0]),
        witness=pushed(lambda found: found and b"results" not in found[0].body),
    ),
    _fault(
        id="push-flat",
        rule="push.nested",
        sentence="A push of version 2 is flat.",
        advice=_SHAPE,
        source=("platform-2026",),
        make=_versions(
            lambda item: item.update(notifyContentVersion=1) if item.get("notifyContentVersion") == 2 else None
        ),
        witness=_pushed_report(lambda report: "voiceCall" not in report, notifyContentVersion=2),
    ),
    _fault(
        id="push-nested",
        rule="push.flat",
        sentence="A push of version 1 is nested.",
        advice=_SHAPE,
        source=_LAUNCHES,
        make=_versions(
            lambda item: item.update(notifyContentVersion=2) if item.get("notifyContentVersion") == 1 else None
        ),
        witness=_pushed_report(lambda report: "voiceCall" in report, notifyContentVersion=1),
    ),
    _fault(
        id="push-other-default",
        rule="push.flat",
        sentence="Without a notifyContentVersion, pushes are nested.",
        advice=_SHAPE,
        source=_LAUNCHES,
        editions=ONLY_SEEDS,
        make=_versions(lambda item: item.setdefault("notifyContentVersion", 2)),
        witness=_pushed_report(lambda report: "voiceCall" in report),
    ),
    _fault(
        id="push-flat-default",
        rule="push.nested",
        sentence="Without a notifyContentVersion, pushes are flat.",
        advice=_SHAPE,
        source=("platform-2026",),
        editions=ONLY_2026,
        make=_versions(lambda item: item.setdefault("notifyContentVersion", 1)),
        witness=_pushed_report(lambda report: "voiceCall" not in report),
    ),
    _fault(
        id="data-dropped",
        rule="push.callback-data",
        sentence="callbackData is not echoed.",
        advice=_DATA,
        source=_IVR,
        make=ignoring(
            "callbackData", when=lambda item: isinstance(item["callbackData"], str) and len(item["callbackData"]) <= 200
        ),
        witness=_pushed_report(lambda report: not report.get("callbackData"), callbackData="x"),
    ),
    _fault(
        id="data-made-up",
        rule="push.callback-data",
        sentence="Without a callbackData, a push has an empty one.",
        advice=_DATA,
        source=_IVR,
        make=_edited(lambda report: report.setdefault("callbackData", "none")),
        witness=_pushed_report(lambda report: report.get("callbackData") == "none"),
    ),
    _fault(
        id="data-ascii",
        rule="push.callback-data",
        sentence="What is not ASCII in callbackData becomes question marks.",
        advice=_DATA,
        source=_IVR,
        make=_edited(
            lambda report: (
                report.update(callbackData=str(report["callbackData"]).encode("ascii", "replace").decode())
                if report.get("callbackData")
                else None
            )
        ),
        witness=_pushed_report(lambda report: report["callbackData"] == "?", callbackData="ü"),
    ),
    _fault(
        id="data-escaped",
        rule="push.callback-data",
        sentence="An ampersand in callbackData comes back escaped.",
        advice=_DATA,
        source=_IVR,
        make=_edited(
            lambda report: (
                report.update(callbackData=str(report["callbackData"]).replace("&", "&amp;"))
                if report.get("callbackData")
                else None
            )
        ),
        witness=_pushed_report(lambda report: report["callbackData"] == "&amp;", callbackData="&"),
    ),
    _fault(
        id="pushed-and-fetched",
        rule="push.not-fetched",
        sentence="What is pushed is fetched, too.",
        advice=_BOTH,
        source=("assumption",),
        make=_both_ways,
        witness=_both(notifyContentVersion=1),
    ),
    _fault(
        id="push-once-only",
        rule="push.again",
        sentence="A push that is refused is not repeated.",
        advice=_LOST,
        source=("sibling",),
        make=_sending(_never_again),
        witness=_refused(lambda found: len(found) == 1),
    ),
    _fault(
        id="push-at-once-again",
        rule="push.again",
        sentence="A push that is refused is repeated at once, and then never.",
        advice=_AGAIN,
        source=("sibling",),
        make=_sending(_at_once_again),
        witness=_quick_again,
    ),
    _fault(
        id="push-twice",
        rule="push.once",
        sentence="Every push is sent twice, although it was accepted.",
        advice=_AGAIN,
        source=("assumption",),
        make=_sending(_twice),
        witness=pushed(lambda found: len(found) == 2),
    ),
    _fault(
        id="push-times-colon",
        rule="push.values",
        sentence="The offsets of times in pushes have a colon.",
        advice="Read times in several forms, and let a strange one spoil only itself.",
        source=("reports",),
        make=_edited(_colon),
        witness=_pushed_report(lambda report: report["sentAt"][-3] == ":", notifyContentVersion=1),
    ),
    _fault(
        id="push-other-number",
        rule="push.values",
        sentence="The number of a pushed report begins with a plus.",
        advice=_BOTH,
        source=_LAUNCHES,
        make=_edited(lambda report: report.update(to=f"+{report['to']}")),
        witness=_pushed_report(lambda report: report["to"].startswith("+")),
    ),
    _fault(
        id="push-other-bulk",
        rule="push.values",
        sentence="A pushed report has another bulkId than its launch.",
        advice=_BOTH,
        source=_LAUNCHES,
        make=_edited(
            lambda report: report.update(bulkId=f"{report['bulkId']}-other") if report.get("bulkId") else None
        ),
        witness=_pushed_report(lambda report: report["bulkId"].endswith("-other"), bulk="x"),
    ),
    _fault(
        id="push-other-message",
        rule="push.arrives",
        sentence="A pushed report has another messageId than its call.",
        advice=_BOTH,
        source=_LAUNCHES,
        make=_edited(lambda report: report.update(messageId=f"{report['messageId']}-other")),
        witness=_pushed_report(lambda report: report["messageId"].endswith("-other")),
    ),
)
