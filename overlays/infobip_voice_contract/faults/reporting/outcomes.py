"""Statuses, errors and outcomes in answers."""

from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.exchange import Answer
from infobip_voice_contract.faults.edits import entries_with, reports_with
from infobip_voice_contract.faults.fault import ONLY_2026, ONLY_SEEDS, Make
from infobip_voice_contract.faults.reporting.words import fault, first, member
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, entries, launched, reports
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["OUTCOMES"]

_CODES: Final = "Decide by the group of a status or an error, and keep what you do not know."
_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")


def _entry_status(when: Callable[[dict[str, Any]], object], **members: Any) -> Make:
    def edit(entry: dict[str, Any]) -> None:
        if when(entry["status"]):
            entry["status"].update(members)

    return entries_with(edit)


def _is_pending(status: dict[str, Any]) -> bool:
    return status.get("groupId") == 1


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


OUTCOMES: Final = (
    fault(
        id="accepted-enroute",
        rule="values.accepted",
        sentence="An accepted call has status 7 PENDING_ENROUTE.",
        advice=_CODES,
        source=_LAUNCHES,
        make=_entry_status(_is_pending, id=7, name="PENDING_ENROUTE"),
        witness=launched(lambda answer: entries(answer)[0]["status"]["id"] == 7),
    ),
    fault(
        id="accepted-delivered",
        rule="values.accepted",
        sentence="An accepted click to call is DELIVERED at once.",
        advice=_CODES,
        source=_LAUNCHES,
        make=_entry_status(_is_pending, groupId=3, groupName="DELIVERED", id=5, name="DELIVERED_TO_HANDSET"),
        witness=launched(lambda answer: entries(answer)[0]["status"]["groupId"] == 3, path=CTC),
    ),
    fault(
        id="accepted-group-name",
        rule="values.accepted",
        sentence="The group of an accepted call is called ACCEPTED.",
        advice=_CODES,
        source=_LAUNCHES,
        make=_entry_status(_is_pending, groupName="ACCEPTED"),
        witness=launched(lambda answer: entries(answer)[0]["status"]["groupName"] == "ACCEPTED", form="xml"),
    ),
    fault(
        id="accepted-name",
        rule="values.accepted",
        sentence="The status of an accepted call is called MESSAGE_ACCEPTED.",
        advice=_CODES,
        source=_LAUNCHES,
        make=_entry_status(_is_pending, name="MESSAGE_ACCEPTED"),
        witness=launched(lambda answer: entries(answer)[0]["status"]["name"] == "MESSAGE_ACCEPTED"),
    ),
    fault(
        id="rejected-undeliverable",
        rule="values.accepted",
        sentence="A rejected call is in the group UNDELIVERABLE.",
        advice=_CODES,
        source=("platform-2026",),
        make=_entry_status(lambda status: status.get("groupId") == 5, groupId=2, groupName="UNDELIVERABLE"),
        witness=_rejected(lambda status: status["groupId"] == 2),
    ),
    fault(
        id="report-pending",
        rule="values.final",
        sentence="A report says that the call is pending.",
        advice=_CODES,
        source=("reports",),
        make=member("status", groupId=1, groupName="PENDING", id=26, name="PENDING_ACCEPTED"),
        witness=first(lambda report: report["status"]["groupId"] == 1),
    ),
    fault(
        id="status-renamed",
        rule="values.status-names",
        sentence="A known status has another name.",
        advice=_CODES,
        source=("platform-2026",),
        make=member("status", name="DELIVERED"),
        witness=first(lambda report: report["status"]["name"] == "DELIVERED"),
    ),
    fault(
        id="error-renamed",
        rule="values.error-names",
        sentence="A known error has another name.",
        advice=_CODES,
        source=("platform-2026",),
        make=member("error", name="ANSWERED"),
        witness=first(lambda report: report["error"]["name"] == "ANSWERED"),
    ),
    fault(
        id="errors-10000",
        rule="values.errors",
        sentence="Voice errors are numbered from 10000.",
        advice=_CODES,
        source=("reports",),
        editions=ONLY_SEEDS,
        make=_numbered(lambda number: number + 5000),
        witness=first(lambda report: report["error"]["id"] == 10000),
    ),
    fault(
        id="errors-5000",
        rule="values.errors-2026",
        sentence="Voice errors are numbered from 5000.",
        advice=_CODES,
        source=("platform-2026",),
        editions=ONLY_2026,
        make=_numbered(lambda number: number - 5000),
        witness=first(lambda report: report["error"]["id"] == 5000),
    ),
    fault(
        id="group-unlike-name",
        rule="values.group-names",
        sentence="The groupName of a report's status is not that of its groupId.",
        advice=_CODES,
        source=("platform-2026",),
        make=member("status", groupName="UNDELIVERABLE"),
        witness=first(
            lambda report: report["status"]["groupName"] == "UNDELIVERABLE" and report["status"]["groupId"] == 3
        ),
    ),
    fault(
        id="error-group-unlike-name",
        rule="values.group-names",
        sentence="The groupName of a report's error is not that of its groupId.",
        advice=_CODES,
        source=("platform-2026",),
        make=member("error", groupName="HANDSET_ERRORS"),
        witness=first(
            lambda report: report["error"]["groupName"] == "HANDSET_ERRORS" and report["error"]["groupId"] == 0
        ),
    ),
    fault(
        id="busy-is-answered",
        rule="values.outcome",
        sentence="A call that failed is reported as answered.",
        advice="Ask the platform's logs where an outcome counts.",
        source=("reports",),
        make=reports_with(_answered_all),
        witness=_outcome("busy", lambda report: report["error"]["groupId"] == 0),
    ),
    fault(
        id="machine-is-human",
        rule="values.outcome",
        sentence="A call that a machine answered is reported as answered by a human.",
        advice="Do not tell humans from machines by the report alone.",
        source=("platform-2026",),
        make=reports_with(_human),
        witness=_outcome("machine", lambda report: report["error"]["name"] == "VOICE_ANSWERED"),
    ),
    fault(
        id="keys-lost",
        rule="values.keys",
        sentence="The keys that were pressed are not reported.",
        advice="Expect dtmfCodes to be missing.",
        source=("reports",),
        make=reports_with(lambda report: report.pop("dtmfCodes", None)),
        witness=_outcome("pressed", lambda report: not report.get("dtmfCodes")),
    ),
    fault(
        id="no-report-status",
        rule="values.named",
        sentence="A report has no status.",
        advice="Keep a report without a status, and ask the platform's logs.",
        source=("reports",),
        make=reports_with(lambda report: report.pop("status", None)),
        witness=first(lambda report: "status" not in report),
        unobservable="any member of a report may be missing on a real server",
    ),
)
