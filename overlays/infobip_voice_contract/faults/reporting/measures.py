"""Times, prices, recordings and other values of a report."""

import re
from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.faults.edits import reports_with
from infobip_voice_contract.faults.fault import Make
from infobip_voice_contract.faults.incoming import ignoring, launching
from infobip_voice_contract.faults.reporting.words import fault, first, member
from infobip_voice_contract.stage import CTC

__all__ = ["MEASURES"]

_TIMES: Final = "Read times in several forms, and let a strange one spoil only itself."
_CHECK: Final = "Check what you bill by, and keep the report as it came."
_RECORDING: Final = "Expect a recording to be missing."


def _times(change: Callable[[str], Any], *names: str) -> Make:
    """Write the times of reports otherwise."""

    def edit(report: dict[str, Any]) -> None:
        for name in names or ("sentAt", "doneAt"):
            if isinstance(report.get(name), str):
                report[name] = change(report[name])

    return reports_with(edit)


def _swapped(report: dict[str, Any]) -> None:
    # The call took a second at least; without this the two would be alike in calls that take none.
    if report.get("doneAt") and report.get("sentAt"):
        report["sentAt"], report["doneAt"] = report["doneAt"], re.sub(r"T\d\d", "T00", report["sentAt"])


def _recording(item: dict[str, Any]) -> None:
    if "destinationA" in item and item.get("record") in (False, "false"):
        item["record"] = True


MEASURES: Final = (
    fault(
        id="times-colon",
        rule="values.times",
        sentence="The offsets of times have a colon.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: f"{text[:-2]}:{text[-2:]}"),
        witness=first(lambda report: report["sentAt"][-3] == ":"),
    ),
    fault(
        id="times-z",
        rule="values.times",
        sentence="Times end in Z.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: f"{text[:-5]}Z"),
        witness=first(lambda report: report["doneAt"].endswith("Z"), accept="application/xml"),
    ),
    fault(
        id="times-seconds",
        rule="values.times",
        sentence="Times have no milliseconds.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: re.sub(r"\.\d+", "", text)),
        witness=first(lambda report: "." not in report["sentAt"]),
    ),
    fault(
        id="times-local",
        rule="values.times",
        sentence="Times have no offset.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: text[:-5]),
        witness=first(lambda report: len(report["sentAt"]) == 23),
    ),
    fault(
        id="times-blank",
        rule="values.times",
        sentence="Times have a blank for their T.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: text.replace("T", " ")),
        witness=first(lambda report: " " in report["sentAt"]),
    ),
    fault(
        id="times-epoch",
        rule="json.reports",
        group="json",
        sentence="Times are milliseconds since 1970.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda _: 1772366400000),
        witness=first(lambda report: isinstance(report["sentAt"], int)),
    ),
    fault(
        id="done-before-sent",
        rule="values.time-order",
        sentence="A call is done before it was sent.",
        advice=_TIMES,
        source=("assumption",),
        make=reports_with(_swapped),
        witness=first(lambda report: report["doneAt"] < report["sentAt"]),
    ),
    fault(
        id="duration-negative",
        rule="values.duration",
        sentence="A duration is negative.",
        advice=_CHECK,
        source=("reports",),
        make=reports_with(lambda report: report.update(duration=-1)),
        witness=first(lambda report: report["duration"] == -1, accept="application/xml"),
    ),
    fault(
        id="no-recording-url",
        rule="values.recording",
        sentence="A recorded call has no recordedAudioFileUrl.",
        advice=_RECORDING,
        source=("assumption",),
        make=reports_with(lambda report: report.pop("recordedAudioFileUrl", None)),
        witness=first(lambda report: "recordedAudioFileUrl" not in report, record=True),
    ),
    fault(
        id="record-ignored",
        rule="values.recording",
        sentence="The record of a click to call is ignored.",
        advice=_RECORDING,
        source=("ctc",),
        make=ignoring("record", when=lambda item: "destinationA" in item),
        witness=first(lambda report: not report.get("recordedAudioFileUrl"), path=CTC, record="true"),
    ),
    fault(
        id="records-always",
        group="ctc",
        rule="ctc.not-recorded",
        sentence="A click to call whose record is false is recorded.",
        advice="Leave record out where nothing may be recorded, and look for recordings all the same.",
        source=("ctc",),
        make=launching(_recording),
        witness=first(lambda report: report.get("recordedAudioFileUrl"), path=CTC, record="false"),
    ),
    fault(
        id="half-days",
        rule="values.moment",
        sentence="The hours of times are counted to twelve.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: re.sub(r"T(\d\d)", lambda hour: f"T{(int(hour[1]) - 1) % 12 + 1:02}", text)),
        witness=first(lambda report: int(report["sentAt"][11:13]) <= 12),
    ),
    fault(
        id="data-of-others",
        rule="values.callback-data",
        sentence="Reports have a callbackData in which markup is escaped.",
        advice="Find a report by its messageId, and do not rely on callbackData.",
        source=("ivr-2017", "ivr-2019"),
        make=reports_with(
            lambda report: (
                report.update(callbackData=report["callbackData"].replace("<", "&lt;"))
                if report.get("callbackData")
                else None
            )
        ),
        witness=first(lambda report: report.get("callbackData") == "&lt;", callbackData="<"),
    ),
    fault(
        id="recorded-unasked",
        rule="values.unrecorded",
        sentence="Every call is recorded, asked for or not.",
        advice="Look for recordings of calls for which you did not ask for one.",
        source=("assumption",),
        make=reports_with(
            lambda report: report.setdefault("recordedAudioFileUrl", f"/tts/3/files/{report['messageId']}")
        ),
        witness=first(lambda report: report.get("recordedAudioFileUrl")),
    ),
    fault(
        id="recordings-alike",
        rule="values.recordings",
        sentence="Every recording has the same address.",
        advice=_RECORDING,
        source=("reports",),
        make=reports_with(
            lambda report: (
                report.update(recordedAudioFileUrl="/tts/3/files/1") if report.get("recordedAudioFileUrl") else None
            )
        ),
        witness=first(lambda report: report.get("recordedAudioFileUrl") == "/tts/3/files/1", record=True),
    ),
    fault(
        id="price-negative",
        rule="values.price",
        sentence="A price is negative.",
        advice=_CHECK,
        source=("reports",),
        make=member("price", pricePerSecond=-0.01),
        witness=first(lambda report: report["price"]["pricePerSecond"] < 0),
    ),
    fault(
        id="price-rounded-badly",
        rule="values.price-digits",
        sentence="A price went through a binary fraction.",
        advice="Read a price as a decimal number.",
        source=("reports",),
        make=member("price", pricePerSecond=0.010000000000000009),
        witness=first(lambda report: len(str(report["price"]["pricePerSecond"])) > 10),
    ),
    fault(
        id="duration-in-milliseconds",
        rule="values.duration",
        sentence="A duration counts milliseconds.",
        advice=_CHECK,
        source=("reports",),
        make=reports_with(lambda report: report.update(duration=(report.get("duration") or 0) * 1000)),
        witness=first(lambda report: report["duration"] == 10000),
        unobservable="no relation between the times of a report and its duration may be asserted",
    ),
)
