"""Ids and numbers of reports."""

from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    documented,
    fetches,
    reports_with,
    rewritten,
)
from infobip_voice_contract.faults.fault import Send, Wrapper
from infobip_voice_contract.faults.naming.words import REPORT_ADVICE, fault
from infobip_voice_contract.faults.witness import Steps, Wait, entries, reported, reports
from infobip_voice_contract.stage import Stage

__all__ = ["REPORTS"]


def _phantoms() -> Wrapper:
    """With the first report of a launch comes one that nobody launched."""
    seen: set[str] = set()

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if not fetches(request) or answer.status != 200 or not reports(answer):
            return answer
        found = reports(answer)
        bulk = str(found[0].get("bulkId"))
        if bulk in seen or not found[0].get("bulkId"):
            return answer
        seen.add(bulk)
        return rewritten(answer, {"results": [*found, {**found[-1], "messageId": f"{found[-1]['messageId']}-x"}]})

    return wrapper


def _exchanged(document: dict[str, Any]) -> None:
    names = [report["messageId"] for report in document["results"]]
    for report, name in zip(document["results"], [*names[1:], *names[:1]], strict=True):
        report["messageId"] = name


def _exchanged_ids(stage: Stage) -> Steps:
    bulk = stage.id()
    launch: Answer = yield stage.post(stage.ivr(2, bulk=bulk))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    numbers = {entry["messageId"]: entry["to"] for entry in entries(launch)}
    return any(numbers.get(report["messageId"]) != report["to"] for report in reports(answer))


REPORTS: Final = (
    fault(
        id="report-of-other-bulk",
        rule="ids.report-bulk",
        sentence="A report has another bulkId than its launch.",
        advice=REPORT_ADVICE,
        source=("reports",),
        make=reports_with(lambda report: report.update(bulkId=f"{report.get('bulkId')}-other")),
        witness=reported(lambda found: found and found[0]["bulkId"].endswith("-other")),
    ),
    fault(
        id="report-of-message",
        rule="ids.report-bulk",
        sentence="The bulkId of a report is its messageId.",
        advice=REPORT_ADVICE,
        source=("reports",),
        make=reports_with(lambda report: report.update(bulkId=report["messageId"])),
        witness=reported(
            lambda found: found and found[0]["bulkId"] == found[0]["messageId"], accept="application/xml", form="xml"
        ),
    ),
    fault(
        id="report-of-other-number",
        rule="ids.report-number",
        sentence="The number of a report has its last digit changed.",
        advice=REPORT_ADVICE,
        source=("reports",),
        make=reports_with(lambda report: report.update(to=f"{report['to'][:-1]}{(int(report['to'][-1]) + 1) % 10}")),
        witness=reported(lambda found: found and found[0]["to"].endswith("2"), destinations=[{"to": "999100000001"}]),
    ),
    fault(
        id="report-plus",
        rule="ids.report-number",
        sentence="The number of a report begins with a plus.",
        advice=REPORT_ADVICE,
        source=("reports",),
        make=reports_with(lambda report: report.update(to=f"+{report['to']}")),
        witness=reported(lambda found: found and found[0]["to"].startswith("+")),
    ),
    fault(
        id="reports-exchanged",
        rule="ids.report-number",
        sentence="The messageIds of the reports of a page are exchanged.",
        advice=REPORT_ADVICE,
        source=("reports",),
        make=documented(_exchanged, when=lambda request, answer: fetches(request) and answer.status == 200),
        witness=_exchanged_ids,
    ),
    fault(
        id="phantom",
        rule="ids.no-phantom",
        sentence="With the reports of a launch comes one that nobody launched.",
        advice=REPORT_ADVICE,
        source=("reports",),
        make=_phantoms,
        witness=reported(lambda found: len(found) == 2),
    ),
    fault(
        id="report-without-id",
        sentence="A report has no messageId.",
        advice="Read a report without a messageId by its bulkId and its number.",
        source=("reports",),
        make=reports_with(lambda report: report.pop("messageId")),
        witness=reported(lambda found: found and "messageId" not in found[0]),
        unobservable="any member of a report may be missing on a real server",
    ),
)
