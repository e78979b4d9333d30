"""Pushes that say something else, or in another form."""

from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.edits import header, is_xml, pushing
from infobip_voice_contract.faults.fault import ONLY_2026, ONLY_SEEDS, Make
from infobip_voice_contract.faults.incoming import ignoring, launching
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
from infobip_voice_contract.faults.witness import pushed

__all__ = ["CONTENTS"]

_FORM: Final = "Read a push in either form, by its Content-Type or its first byte."
_DATA: Final = "Find a pushed report by its messageId, and do not rely on callbackData."
_IVR: Final = ("ivr-2017", "ivr-2019")


def _wrong_type(push: Request) -> Request:
    return header(push, "content-type", "text/plain")


def _as_other_form(push: Request) -> Request:
    return header(push, "content-type", "application/json" if is_xml(push) else XML)


def _versions(change: Callable[[dict[str, Any]], Any]) -> Make:
    return launching(lambda item: change(item) if item.get("notifyUrl") else None)


def _colon(report: dict[str, Any]) -> None:
    for name in ("sentAt", "doneAt"):
        if isinstance(report.get(name), str):
            report[name] = f"{report[name][:-2]}:{report[name][-2:]}"


CONTENTS: Final = (
    fault(
        id="push-always-json",
        rule="push.form",
        sentence="Pushes are JSON, whatever was asked for.",
        advice=_FORM,
        source=LAUNCHES,
        make=ignoring("notifyContentType", when=lambda item: item["notifyContentType"] == XML),
        witness=pushed(lambda found: found and not is_xml(found[0]), notifyContentType=XML),
    ),
    fault(
        id="push-xml-by-default",
        rule="push.form",
        sentence="Without a notifyContentType, pushes are XML.",
        advice=_FORM,
        source=("assumption",),
        make=_versions(lambda item: item.setdefault("notifyContentType", XML)),
        witness=pushed(lambda found: found and is_xml(found[0])),
    ),
    fault(
        id="push-plain",
        rule="push.form",
        sentence="Pushes call themselves text/plain.",
        advice=_FORM,
        source=LAUNCHES,
        make=pushing(_wrong_type),
        witness=pushed(lambda found: found and "text/plain" in found[0].fields("content-type")),
    ),
    fault(
        id="push-says-other",
        rule="push.form",
        sentence="The Content-Type of a push names the other form.",
        advice=_FORM,
        source=LAUNCHES,
        make=pushing(_as_other_form),
        witness=pushed(lambda found: found and found[0].body.startswith(b"{") and is_xml(found[0])),
    ),
    fault(
        id="push-bare-list",
        rule="push.flat",
        sentence="A push is a bare list.",
        advice=SHAPE,
        source=LAUNCHES,
        make=document(lambda document: document["results"]),
        witness=pushed(lambda found: found and found[0].body.startswith(b"[")),
    ),
    fault(
        id="push-bare-report",
        rule="push.flat",
        sentence="A push is a report without a list around it.",
        advice=SHAPE,
        source=LAUNCHES,
        make=document(lambda document: document["results"][0]),
        witness=pushed(lambda found: found and b"results" not in found[0].body),
    ),
    fault(
        id="push-flat",
        rule="push.nested",
        sentence="A push of version 2 is flat.",
        advice=SHAPE,
        source=("platform-2026",),
        make=_versions(
            lambda item: item.update(notifyContentVersion=1) if item.get("notifyContentVersion") == 2 else None
        ),
        witness=pushed_report(lambda report: "voiceCall" not in report, notifyContentVersion=2),
    ),
    fault(
        id="push-nested",
        rule="push.flat",
        sentence="A push of version 1 is nested.",
        advice=SHAPE,
        source=LAUNCHES,
        make=_versions(
            lambda item: item.update(notifyContentVersion=2) if item.get("notifyContentVersion") == 1 else None
        ),
        witness=pushed_report(lambda report: "voiceCall" in report, notifyContentVersion=1),
    ),
    fault(
        id="push-other-default",
        rule="push.flat",
        sentence="Without a notifyContentVersion, pushes are nested.",
        advice=SHAPE,
        source=LAUNCHES,
        editions=ONLY_SEEDS,
        make=_versions(lambda item: item.setdefault("notifyContentVersion", 2)),
        witness=pushed_report(lambda report: "voiceCall" in report),
    ),
    fault(
        id="push-flat-default",
        rule="push.nested",
        sentence="Without a notifyContentVersion, pushes are flat.",
        advice=SHAPE,
        source=("platform-2026",),
        editions=ONLY_2026,
        make=_versions(lambda item: item.setdefault("notifyContentVersion", 1)),
        witness=pushed_report(lambda report: "voiceCall" not in report),
    ),
    fault(
        id="data-dropped",
        rule="push.callback-data",
        sentence="callbackData is not echoed.",
        advice=_DATA,
        source=_IVR,
        make=ignoring(
            "callbackData", when=lambda item: isinstance(item["callbackData"], str) and len(item["callbackData"]) <= 200
        ),
        witness=pushed_report(lambda report: not report.get("callbackData"), callbackData="x"),
    ),
    fault(
        id="data-made-up",
        rule="push.callback-data",
        sentence="Without a callbackData, a push has an empty one.",
        advice=_DATA,
        source=_IVR,
        make=edited(lambda report: report.setdefault("callbackData", "none")),
        witness=pushed_report(lambda report: report.get("callbackData") == "none"),
    ),
    fault(
        id="data-ascii",
        rule="push.callback-data",
        sentence="What is not ASCII in callbackData becomes question marks.",
        advice=_DATA,
        source=_IVR,
        make=edited(
            lambda report: (
                report.update(callbackData=str(report["callbackData"]).encode("ascii", "replace").decode())
                if report.get("callbackData")
                else None
            )
        ),
        witness=pushed_report(lambda report: report["callbackData"] == "?", callbackData="ü"),
    ),
    fault(
        id="data-escaped",
        rule="push.callback-data",
        sentence="An ampersand in callbackData comes back escaped.",
        advice=_DATA,
        source=_IVR,
        make=edited(
            lambda report: (
                report.update(callbackData=str(report["callbackData"]).replace("&", "&amp;"))
                if report.get("callbackData")
                else None
            )
        ),
        witness=pushed_report(lambda report: report["callbackData"] == "&amp;", callbackData="&"),
    ),
    fault(
        id="push-times-colon",
        rule="push.values",
        sentence="The offsets of times in pushes have a colon.",
        advice="Read times in several forms, and let a strange one spoil only itself.",
        source=("reports",),
        make=edited(_colon),
        witness=pushed_report(lambda report: report["sentAt"][-3] == ":", notifyContentVersion=1),
    ),
    fault(
        id="push-other-number",
        rule="push.values",
        sentence="The number of a pushed report begins with a plus.",
        advice=BOTH_SOURCES,
        source=LAUNCHES,
        make=edited(lambda report: report.update(to=f"+{report['to']}")),
        witness=pushed_report(lambda report: report["to"].startswith("+")),
    ),
    fault(
        id="push-other-bulk",
        rule="push.values",
        sentence="A pushed report has another bulkId than its launch.",
        advice=BOTH_SOURCES,
        source=LAUNCHES,
        make=edited(lambda report: report.update(bulkId=f"{report['bulkId']}-other") if report.get("bulkId") else None),
        witness=pushed_report(lambda report: report["bulkId"].endswith("-other"), bulk="x"),
    ),
)
