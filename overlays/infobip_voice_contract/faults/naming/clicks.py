"""Entries and reports of a click to call."""

from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    fetches,
    items_of,
    rewritten,
)
from infobip_voice_contract.faults.fault import Make, Send, Wrapper
from infobip_voice_contract.faults.naming.words import ENTRIES, REPORT_ADVICE, fault, whole
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, entries, launched, reports
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["CLICKS"]


def _shows_b(stage: Stage) -> Steps:
    body = stage.ctc()
    answer: Answer = yield stage.post(body, CTC)
    return bool(entries(answer)[0]["to"] == body["messages"][0]["destinationB"])


def _both_entries(document: dict[str, Any], request: Request) -> dict[str, Any]:
    pairs = zip(document["messages"], items_of(request), strict=False)
    both = [each for entry, item in pairs for each in (entry, {**entry, "to": item["destinationB"]})]
    return {**document, "messages": both}


def _of_clicks(change: Callable[[dict[str, Any], str], list[dict[str, Any]]]) -> Make:
    """Change the reports of clicks to call, with the number of B."""

    def make() -> Wrapper:
        numbers: dict[str, str] = {}

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            if request.path == CTC and answer.status == 200:
                for entry, item in zip(entries(answer), items_of(request), strict=False):
                    numbers[entry["messageId"]] = item["destinationB"]
            if not fetches(request) or answer.status != 200 or not reports(answer):
                return answer
            found = [
                each
                for report in reports(answer)
                for each in (
                    change(report, numbers[report["messageId"]]) if report["messageId"] in numbers else [report]
                )
            ]
            return rewritten(answer, {"results": found})

        return wrapper

    return make


_reported_b = _of_clicks(lambda report, number: [{**report, "to": number}])


_reported_both = _of_clicks(lambda report, number: [report, {**report, "to": number}])


def _clicked(shows: Callable[[dict[str, Any], list[dict[str, Any]]], object]) -> Witness:
    def witness(stage: Stage) -> Steps:
        body = stage.ctc(bulk=stage.id())
        yield stage.post(body, CTC)
        yield Wait()
        answer: Answer = yield stage.get(bulkId=body["bulkId"])
        return bool(shows(body["messages"][0], reports(answer)))

    return witness


_reports_b = _clicked(lambda item, found: found and found[0]["to"] == item["destinationB"])


_reports_both = _clicked(
    lambda item, found: {each["to"] for each in found} == {item["destinationA"], item["destinationB"]}
)


CLICKS: Final = (
    fault(
        id="a-to-b",
        group="ctc",
        rule="ctc.entry",
        sentence="The entry of a click to call has the number of B.",
        advice=ENTRIES,
        source=("ctc",),
        make=whole(
            lambda document, request: (
                [
                    entry.update(to=item["destinationB"])
                    for entry, item in zip(document["messages"], items_of(request), strict=False)
                ]
                and None
            ),
            when=lambda request: request.path == CTC,
        ),
        witness=_shows_b,
    ),
    fault(
        id="two-entries",
        group="ctc",
        rule="ctc.entry",
        sentence="A click to call has an entry for A and one for B.",
        advice=ENTRIES,
        source=("ctc",),
        make=whole(_both_entries, when=lambda request: request.path == CTC),
        witness=launched(lambda answer: len(entries(answer)) == 2, path=CTC),
    ),
    fault(
        id="report-of-b",
        group="ctc",
        rule="ctc.report",
        sentence="The report of a click to call has the number of B.",
        advice=REPORT_ADVICE,
        source=("assumption",),
        make=_reported_b,
        witness=_reports_b,
    ),
    fault(
        id="two-reports",
        group="ctc",
        rule="ctc.report",
        sentence="A click to call has a report for A and one for B.",
        advice=REPORT_ADVICE,
        source=("assumption",),
        make=_reported_both,
        witness=_reports_both,
    ),
)
