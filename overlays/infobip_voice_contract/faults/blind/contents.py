"""Faults of what a push says."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.blind.words import listed, part, stated
from infobip_voice_contract.faults.edits import body_of, header, pushing, rewritten
from infobip_voice_contract.faults.fault import Fault, Make
from infobip_voice_contract.faults.incoming import ignoring
from infobip_voice_contract.faults.witness import PUSHED, Steps, Wait, pushed, reports
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["FAULTS"]

_FAILED: Final = 4


def _edited(edit: Callable[[dict[str, Any]], None]) -> Make:
    """Return the maker of a wrapper that edits every report of a push."""

    def change(push: Request) -> Request:
        document = body_of(push)
        before = json.dumps(document, default=str)
        for report in listed(document, "results"):
            edit(report)
        other: Request = push if json.dumps(document, default=str) == before else rewritten(push, document)
        return other

    return pushing(change)


def _only_of_answered(report: dict[str, Any]) -> None:
    if part(report, "status").get("groupId") == _FAILED:
        report.pop("callbackData", None)


def _objects(report: dict[str, Any]) -> None:
    ivr = part(part(report, "voiceCall"), "ivr")
    for name, text in ivr.items():
        if isinstance(text, str) and text.startswith("{"):
            ivr[name] = json.loads(text)


def _in_ascii(push: Request) -> Request:
    text = push.body.decode("utf-8", "replace")
    return push if text.isascii() else replace(push, body=text.encode("ascii", "replace"))


def _click_in_xml(item: dict[str, Any]) -> bool:
    return "destinationA" in item and item["notifyContentType"] == "application/xml"


def _of_a_busy_one(stage: Stage) -> Steps:
    launch = stage.ivr(notifyUrl=f"{stage.sink}/push", callbackData="a")
    launch["messages"][0]["destinations"][0]["to"] = stage.numbers.take("busy")
    yield stage.post(launch)
    yield Wait()
    arrived: list[Request] = yield PUSHED
    return len(arrived) == 1 and "callbackData" not in reports(arrived[0])[0]


def _of_a_key(stage: Stage) -> Steps:
    launch = stage.ivr(notifyUrl=f"{stage.sink}/push", notifyContentVersion=2)
    launch["messages"][0]["destinations"][0]["to"] = stage.numbers.take("pressed")
    yield stage.post(launch)
    yield Wait()
    arrived: list[Request] = yield PUSHED
    return isinstance(reports(arrived[0])[0]["voiceCall"]["ivr"]["collectedDtmfs"], dict)


def _other_version(stage: Stage) -> Steps:
    version = 1 if stage.edition == "2026" else 2
    yield stage.post(stage.ivr(notifyUrl=f"{stage.sink}/push", notifyContentVersion=version))
    yield Wait()
    arrived: list[Request] = yield PUSHED
    return ("voiceCall" in reports(arrived[0])[0]) != (version == 2)


FAULTS: Final = (
    Fault(
        id="xml-pushed-as-json", group="push", sentence="A push in XML says `application/json`.",
        advice="Go by the first character.", source=("ivr-2017",),
        make=pushing(lambda push: header(push, "Content-Type", "application/json")),
        witness=pushed(
            lambda arrived: arrived[0].body.startswith(b"<") and "json" in stated(arrived[0], "content-type"),
            notifyContentType="application/xml",
        ),
    ),
    Fault(
        id="clicks-pushed-in-json", group="push",
        sentence="The reports of a click to call are pushed in JSON, whatever it asks for.",
        advice="Go by the Content-Type of the push.", source=("ctc",),
        make=ignoring("notifyContentType", when=_click_in_xml),
        witness=pushed(
            lambda arrived: arrived[0].body.startswith(b"{"), path=CTC, notifyContentType="application/xml"
        ),
    ),
    Fault(
        id="data-of-answered-only", group="push", sentence="The push of a call that failed lacks the `callbackData`.",
        advice="Go by the messageId.", source=("ivr-2017", "ivr-2019"), make=_edited(_only_of_answered),
        witness=_of_a_busy_one,
    ),
    Fault(
        id="results-as-objects", group="push",
        sentence="The results of the scenario are objects, and not texts that hold them.",
        advice="Read both.", source=("platform-2026",), make=_edited(_objects), witness=_of_a_key,
    ),
    Fault(
        id="version-unread", group="push", sentence="`notifyContentVersion` is accepted and ignored.",
        advice="Read both forms.", source=("platform-2026",),
        make=ignoring("notifyContentVersion", when=lambda item: item["notifyContentVersion"] in (1, 2)),
        witness=_other_version,
    ),
    Fault(
        id="pushed-in-ascii", group="push", sentence="What is not ASCII is pushed as question marks.",
        advice="Use ASCII in texts that come back.", source=("ivr-2017",), make=pushing(_in_ascii),
        witness=pushed(lambda arrived: "Zo?" in arrived[0].body.decode(), callbackData="Zoë"),
    ),
)  # fmt: skip
