"""Faults of the values of answers and reports: codes, times, prices."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer
from infobip_voice_contract.faults.edits import entries_with, ignoring, launching, reports_with
from infobip_voice_contract.faults.fault import ONLY_2026, ONLY_SEEDS, Fault, Make
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, entries, launched, reported, reports
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["REPORTING"]

_CODES: Final = "Decide by the group of a status or an error, and keep what you do not know."
_TIMES: Final = "Read times in several forms, and let a strange one spoil only itself."
_CHECK: Final = "Check what you bill by, and keep the report as it came."
_RECORDING: Final = "Expect a recording to be missing."

_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")


def _times(change: Callable[[str], Any], *names: str) -> Make:
    """Write the times of reports otherwise."""

    def edit(report: dict[str, Any]) -> None:
        for name in names or ("sentAt", "doneAt"):
            if isinstance(report.get(name), str):
                report[name] = change(report[name])

    return reports_with(edit)


def _member(member: str, /, **members: Any) -> Make:
    def edit(report: dict[str, Any]) -> None:
        if isinstance(report.get(member), dict):
            report[member].update(members)

    return reports_with(edit)


def _entry_status(when: Callable[[dict[str, Any]], object], **members: Any) -> Make:
    def edit(entry: dict[str, Any]) -> None:
        if when(entry["status"]):
            entry["status"].update(members)

    return entries_with(edit)


def _is_pending(status: dict[str, Any]) -> bool:
    return status.get("groupId") == 1


def _first(shows: Callable[[dict[str, Any]], object], **options: Any) -> Witness:
    return reported(lambda found: found and shows(found[0]), **options)


def _swapped(report: dict[str, Any]) -> None:
    # The call took a second at least; without this the two would be alike in calls that take none.
    if report.get("doneAt") and report.get("sentAt"):
        report["sentAt"], report["doneAt"] = report["doneAt"], re.sub(r"T\d\d", "T00", report["sentAt"])


def _outcome(outcome: str, shows: Callable[[dict[str, Any]], object]) -> Witness:
    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        yield stage.post(
            {"bulkId": bulk, "messages": [{"scenarioId": "x", "destinations": [{"to": stage.numbers.take(outcome)}]}]}
        )
        yield Wait(120)
        answer: Answer = yield stage.get(bulkId=bulk)
        found = reports(answer)
        return bool(found and shows(found[0]))

    return witness


def _rejected(shows: Callable[[dict[str, Any]], object]) -> Witness:
    def witness(stage: Stage) -> Steps:
        answer: Answer = yield stage.post(
            {"messages": [{"scenarioId": "x", "destinations": [{"to": stage.numbers.take("rejected")}]}]}
        )
        return bool(shows(entries(answer)[0]["status"]))

    return witness


def _numbered(other: Callable[[int], int]) -> Make:
    def edit(report: dict[str, Any]) -> None:
        number = (report.get("error") or {}).get("id")
        if isinstance(number, int) and number:
            report["error"]["id"] = other(number)

    return reports_with(edit)


def _answered_all(report: dict[str, Any]) -> None:
    if (report.get("error") or {}).get("groupId") not in (0, None):
        report["status"] = {
            "groupId": 3,
            "groupName": "DELIVERED",
            "id": 5,
            "name": "DELIVERED_TO_HANDSET",
            "description": "x",
        }
        report["error"] = {
            "groupId": 0,
            "groupName": "OK",
            "id": 5000,
            "name": "VOICE_ANSWERED",
            "description": "x",
            "permanent": True,
        }


def _human(report: dict[str, Any]) -> None:
    if "MACHINE" in str((report.get("error") or {}).get("name")):
        report["error"].update(id=5000, name="VOICE_ANSWERED", description="x")


def _recording(item: dict[str, Any]) -> None:
    if "destinationA" in item and item.get("record") in (False, "false"):
        item["record"] = True


_fault = partial(Fault, group="values")

REPORTING: Final = (
    _fault(
        id="accepted-enroute",
        rule="values.accepted",
        sentence="An accepted call has status 7 PENDING_ENROUTE.",
        advice=_CODES,
        source=_LAUNCHES,
        make=_entry_status(_is_pending, id=7, name="PENDING_ENROUTE"),
        witness=launched(lambda answer: entries(answer)[0]["status"]["id"] == 7),
    ),
    _fault(
        id="accepted-delivered",
        rule="values.accepted",
        sentence="An accepted click to call is DELIVERED at once.",
        advice=_CODES,
        source=_LAUNCHES,
        make=_entry_status(_is_pending, groupId=3, groupName="DELIVERED", id=5, name="DELIVERED_TO_HANDSET"),
        witness=launched(lambda answer: entries(answer)[0]["status"]["groupId"] == 3, path=CTC),
    ),
    _fault(
        id="accepted-group-name",
        rule="values.accepted",
        sentence="The group of an accepted call is called ACCEPTED.",
        advice=_CODES,
        source=_LAUNCHES,
        make=_entry_status(_is_pending, groupName="ACCEPTED"),
        witness=launched(lambda answer: entries(answer)[0]["status"]["groupName"] == "ACCEPTED", form="xml"),
    ),
    _fault(
        id="accepted-name",
        rule="values.accepted",
        sentence="The status of an accepted call is called MESSAGE_ACCEPTED.",
        advice=_CODES,
        source=_LAUNCHES,
        make=_entry_status(_is_pending, name="MESSAGE_ACCEPTED"),
        witness=launched(lambda answer: entries(answer)[0]["status"]["name"] == "MESSAGE_ACCEPTED"),
    ),
    _fault(
        id="rejected-undeliverable",
        rule="values.accepted",
        sentence="A rejected call is in the group UNDELIVERABLE.",
        advice=_CODES,
        source=("platform-2026",),
        make=_entry_status(lambda status: status.get("groupId") == 5, groupId=2, groupName="UNDELIVERABLE"),
        witness=_rejected(lambda status: status["groupId"] == 2),
    ),
    _fault(
        id="times-colon",
        rule="values.times",
        sentence="The offsets of times have a colon.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: f"{text[:-2]}:{text[-2:]}"),
        witness=_first(lambda report: report["sentAt"][-3] == ":"),
    ),
    _fault(
        id="times-z",
        rule="values.times",
        sentence="Times end in Z.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: f"{text[:-5]}Z"),
        witness=_first(lambda report: report["doneAt"].endswith("Z"), accept="application/xml"),
    ),
    _fault(
        id="times-seconds",
        rule="values.times",
        sentence="Times have no milliseconds.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: re.sub(r"\.\d+", "", text)),
        witness=_first(lambda report: "." not in report["sentAt"]),
    ),
    _fault(
        id="times-local",
        rule="values.times",
        sentence="Times have no offset.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: text[:-5]),
        witness=_first(lambda report: len(report["sentAt"]) == 23),
    ),
    _fault(
        id="times-blank",
        rule="values.times",
        sentence="Times have a blank for their T.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: text.replace("T", " ")),
        witness=_first(lambda report: " " in report["sentAt"]),
    ),
    _fault(
        id="times-epoch",
        rule="json.reports",
        group="json",
        sentence="Times are milliseconds since 1970.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda _: 1772366400000),
        witness=_first(lambda report: isinstance(report["sentAt"], int)),
    ),
    _fault(
        id="done-before-sent",
        rule="values.time-order",
        sentence="A call is done before it was sent.",
        advice=_TIMES,
        source=("assumption",),
        make=reports_with(_swapped),
        witness=_first(lambda report: report["doneAt"] < report["sentAt"]),
    ),
    _fault(
        id="duration-negative",
        rule="values.duration",
        sentence="A duration is negative.",
        advice=_CHECK,
        source=("reports",),
        make=reports_with(lambda report: report.update(duration=-1)),
        witness=_first(lambda report: report["duration"] == -1, accept="application/xml"),
    ),
    _fault(
        id="report-pending",
        rule="values.final",
        sentence="A report says that the call is pending.",
        advice=_CODES,
        source=("reports",),
        make=_member("status", groupId=1, groupName="PENDING", id=26, name="PENDING_ACCEPTED"),
        witness=_first(lambda report: report["status"]["groupId"] == 1),
    ),
    _fault(
        id="status-renamed",
        rule="values.status-names",
        sentence="A known status has another name.",
        advice=_CODES,
        source=("platform-2026",),
        make=_member("status", name="DELIVERED"),
        witness=_first(lambda report: report["status"]["name"] == "DELIVERED"),
    ),
    _fault(
        id="error-renamed",
        rule="values.error-names",
        sentence="A known error has another name.",
        advice=_CODES,
        source=("platform-2026",),
        make=_member("error", name="ANSWERED"),
        witness=_first(lambda report: report["error"]["name"] == "ANSWERED"),
    ),
    _fault(
        id="errors-10000",
        rule="values.errors",
        sentence="Voice errors are numbered from 10000.",
        advice=_CODES,
        source=("reports",),
        editions=ONLY_SEEDS,
        make=_numbered(lambda number: number + 5000),
        witness=_first(lambda report: report["error"]["id"] == 10000),
    ),
    _fault(
        id="errors-5000",
        rule="values.errors-2026",
        sentence="Voice errors are numbered from 5000.",
        advice=_CODES,
        source=("platform-2026",),
        editions=ONLY_2026,
        make=_numbered(lambda number: number - 5000),
        witness=_first(lambda report: report["error"]["id"] == 5000),
    ),
    _fault(
        id="no-recording-url",
        rule="values.recording",
        sentence="A recorded call has no recordedAudioFileUrl.",
        advice=_RECORDING,
        source=("assumption",),
        make=reports_with(lambda report: report.pop("recordedAudioFileUrl", None)),
        witness=_first(lambda report: "recordedAudioFileUrl" not in report, record=True),
    ),
    _fault(
        id="record-ignored",
        rule="values.recording",
        sentence="The record of a click to call is ignored.",
        advice=_RECORDING,
        source=("ctc",),
        make=ignoring("record", when=lambda item: "destinationA" in item),
        witness=_first(lambda report: not report.get("recordedAudioFileUrl"), path=CTC, record="true"),
    ),
    _fault(
        id="records-always",
        group="ctc",
        rule="ctc.not-recorded",
        sentence="A click to call whose record is false is recorded.",
        advice="Leave record out where nothing may be recorded, and look for recordings all the same.",
        source=("ctc",),
        make=launching(_recording),
        witness=_first(lambda report: report.get("recordedAudioFileUrl"), path=CTC, record="false"),
    ),
    _fault(
        id="half-days",
        rule="values.moment",
        sentence="The hours of times are counted to twelve.",
        advice=_TIMES,
        source=("reports",),
        make=_times(lambda text: re.sub(r"T(\d\d)", lambda hour: f"T{(int(hour[1]) - 1) % 12 + 1:02}", text)),
        witness=_first(lambda report: int(report["sentAt"][11:13]) <= 12),
    ),
    _fault(
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
        witness=_first(lambda report: report.get("callbackData") == "&lt;", callbackData="<"),
    ),
    _fault(
        id="recorded-unasked",
        rule="values.unrecorded",
        sentence="Every call is recorded, asked for or not.",
        advice="Look for recordings of calls for which you did not ask for one.",
        source=("assumption",),
        make=reports_with(
            lambda report: report.setdefault("recordedAudioFileUrl", f"/tts/3/files/{report['messageId']}")
        ),
        witness=_first(lambda report: report.get("recordedAudioFileUrl")),
    ),
    _fault(
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
        witness=_first(lambda report: report.get("recordedAudioFileUrl") == "/tts/3/files/1", record=True),
    ),
    _fault(
        id="price-negative",
        rule="values.price",
        sentence="A price is negative.",
        advice=_CHECK,
        source=("reports",),
        make=_member("price", pricePerSecond=-0.01),
        witness=_first(lambda report: report["price"]["pricePerSecond"] < 0),
    ),
    _fault(
        id="price-rounded-badly",
        rule="values.price-digits",
        sentence="A price went through a binary fraction.",
        advice="Read a price as a decimal number.",
        source=("reports",),
        make=_member("price", pricePerSecond=0.010000000000000009),
        witness=_first(lambda report: len(str(report["price"]["pricePerSecond"])) > 10),
    ),
    _fault(
        id="group-unlike-name",
        rule="values.group-names",
        sentence="The groupName of a report's status is not that of its groupId.",
        advice=_CODES,
        source=("platform-2026",),
        make=_member("status", groupName="UNDELIVERABLE"),
        witness=_first(
            lambda report: report["status"]["groupName"] == "UNDELIVERABLE" and report["status"]["groupId"] == 3
        ),
    ),
    _fault(
        id="error-group-unlike-name",
        rule="values.group-names",
        sentence="The groupName of a report's error is not that of its groupId.",
        advice=_CODES,
        source=("platform-2026",),
        make=_member("error", groupName="HANDSET_ERRORS"),
        witness=_first(
            lambda report: report["error"]["groupName"] == "HANDSET_ERRORS" and report["error"]["groupId"] == 0
        ),
    ),
    _fault(
        id="busy-is-answered",
        rule="values.outcome",
        sentence="A call that failed is reported as answered.",
        advice="Ask the platform's logs where an outcome counts.",
        source=("reports",),
        make=reports_with(_answered_all),
        witness=_outcome("busy", lambda report: report["error"]["groupId"] == 0),
    ),
    _fault(
        id="machine-is-human",
        rule="values.outcome",
        sentence="A call that a machine answered is reported as answered by a human.",
        advice="Do not tell humans from machines by the report alone.",
        source=("platform-2026",),
        make=reports_with(_human),
        witness=_outcome("machine", lambda report: report["error"]["name"] == "VOICE_ANSWERED"),
    ),
    _fault(
        id="keys-lost",
        rule="values.keys",
        sentence="The keys that were pressed are not reported.",
        advice="Expect dtmfCodes to be missing.",
        source=("reports",),
        make=reports_with(lambda report: report.pop("dtmfCodes", None)),
        witness=_outcome("pressed", lambda report: not report.get("dtmfCodes")),
    ),
    _fault(
        id="no-report-status",
        rule="values.named",
        sentence="A report has no status.",
        advice="Keep a report without a status, and ask the platform's logs.",
        source=("reports",),
        make=reports_with(lambda report: report.pop("status", None)),
        witness=_first(lambda report: "status" not in report),
        unobservable="any member of a report may be missing on a real server",
    ),
    _fault(
        id="duration-in-milliseconds",
        rule="values.duration",
        sentence="A duration counts milliseconds.",
        advice=_CHECK,
        source=("reports",),
        make=reports_with(lambda report: report.update(duration=(report.get("duration") or 0) * 1000)),
        witness=_first(lambda report: report["duration"] == 10000),
        unobservable="no relation between the times of a report and its duration may be asserted",
    ),
)
