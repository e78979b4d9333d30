"""Faults of what a report says: codes, prices, links."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import listed, page, paged, part
from infobip_voice_contract.faults.edits import (
    answering,
    documented,
    fetches,
    reports_with,
    stateless,
)
from infobip_voice_contract.faults.fault import Fault, Send
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, reported, reports
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]

_NOT_ANSWERED: Final = 4
_PRICE: Final = re.compile(rb'(pricePer(?:Second|Message)(?:"\s*:\s*|>))([0-9]+\.[0-9]+)')


def _group(report: dict[str, Any]) -> Any:
    return part(report, "status").get("groupId")


def _delivered(report: dict[str, Any]) -> None:
    if _group(report) == _NOT_ANSWERED:
        report["status"] = {
            "groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET",
            "description": "Message delivered to handset",
        }  # fmt: skip


def _human(report: dict[str, Any]) -> None:
    error = part(report, "error")
    if error.get("id") == 5001:
        error.update(id=5000, name="VOICE_ANSWERED", description="Call answered by human")
    elif error.get("id") == 10002:
        error.update(id=10000, name="NORMAL_HANGUP", description="The call ended normally")


def _charged(report: dict[str, Any]) -> None:
    if _group(report) == _NOT_ANSWERED and report.get("duration") == 0:
        report["duration"] = 60


def _binary(answer: Answer) -> Answer:
    def written(price: re.Match[bytes]) -> bytes:
        return price[1] + f"{Decimal(float(price[2])):f}".encode()

    return replace(answer, body=_PRICE.sub(written, answer.body))


def _link_of_first(document: dict[str, Any]) -> None:
    found = [report for report in listed(document, "results") if report.get("recordedAudioFileUrl")]
    for report in found:
        report["recordedAudioFileUrl"] = found[0]["recordedAudioFileUrl"]


def _linked(report: dict[str, Any]) -> None:
    if _group(report) == 3:
        link = f"https://api.infobip.com/tts/3/files/{report['messageId']}/{report['to']}"
        report.setdefault("recordedAudioFileUrl", link)


async def _of_the_page(request: Request, send: Send) -> Answer:
    answer = await send(request)
    found = page(answer) if fetches(request) and answer.status == 200 else []
    for report in found:
        report["error"] = found[0].get("error")
    return paged(answer, found) if found else answer


def _called(outcome: str, shows: Callable[[dict[str, Any]], bool]) -> Witness:
    """Return the witness that calls a number with an outcome, and looks at the report."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        launch = stage.ivr(bulk=bulk)
        launch["messages"][0]["destinations"][0]["to"] = stage.numbers.take(outcome)
        yield stage.post(launch)
        yield Wait()
        answer: Answer = yield stage.get(bulkId=bulk)
        return shows(reports(answer)[0])

    return witness


def _busy_then_answered(stage: Stage) -> Steps:
    bulk = stage.id()
    launch = stage.ivr(2, bulk=bulk)
    launch["messages"][0]["destinations"][0]["to"] = stage.numbers.take("busy")
    yield stage.post(launch)
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return len({report["error"]["id"] for report in reports(answer)}) == 1


FAULTS: Final = (
    Fault(
        id="always-delivered", group="values", sentence="The status of a call that failed is `DELIVERED_TO_HANDSET`.",
        advice="Go by `error`.", source=("reports",), make=reports_with(_delivered),
        witness=_called("busy", lambda report: report["status"]["id"] == 5),
    ),
    Fault(
        id="machine-is-human", group="values", sentence="A machine that answers is reported as a human.",
        advice="Do not go by who answered.", source=("platform-2026",), make=reports_with(_human),
        witness=_called("machine", lambda report: report["error"]["id"] in (5000, 10000)),
    ),
    Fault(
        id="failed-call-lasts", group="values", sentence="A call that nobody took lasts a minute in its report.",
        advice="Bill no call that failed.", source=("reports",), make=reports_with(_charged),
        witness=_called("busy", lambda report: report["duration"] == 60),
    ),
    Fault(
        id="price-through-float", group="values",
        sentence="The price has passed through a binary fraction: 0.01 has 59 digits.",
        advice="Round prices to what your contract says.", source=("reports",), make=answering(_binary),
        witness=reported(lambda found: len(str(found[0]["price"]["pricePerSecond"])) > 30),
    ),
    Fault(
        id="link-of-the-first", group="values", sentence="Every recording of a page has the link of the first one.",
        advice="Make the link of messageId and number yourself.", source=("reports",),
        make=documented(_link_of_first, when=lambda request, answer: fetches(request) and answer.status == 200),
        witness=reported(
            lambda found: len(found) == 2 and len({report["recordedAudioFileUrl"] for report in found}) == 1,
            calls=2, record=True,
        ),
    ),
    Fault(
        id="recorded-unasked", group="values", sentence="Every call that was answered has a recording.",
        advice="Tell people that they are recorded.", source=("reports", "ivr-2017"), make=reports_with(_linked),
        witness=reported(lambda found: "recordedAudioFileUrl" in found[0]),
    ),
    Fault(
        id="error-of-the-first", group="values", sentence="Every report of a page has the error of the first one.",
        advice="Fetch one report at a time.", source=("reports",), make=stateless(_of_the_page),
        witness=_busy_then_answered,
    ),
)  # fmt: skip
