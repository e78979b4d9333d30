"""Faults of clicks to call alone."""

import json
from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import items_of, listed, mending, refusing
from infobip_voice_contract.faults.edits import ABSENT, body_of, fetches, rewritten
from infobip_voice_contract.faults.fault import Fault, Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.incoming import ignoring, misreading
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, answered, entries, launched, reported, reports
from infobip_voice_contract.stage import CTC, Stage, changed

__all__ = ["FAULTS"]

Edit = Callable[[dict[str, Any], dict[str, Any]], Any]


def _clicked(edit: Edit) -> Make:
    """Return the maker of a wrapper that edits the fetched reports of clicks to call.

    Args:
        edit: Gets the report and the item of the launch; ABSENT drops the report.
    """

    def make() -> Wrapper:
        clicks: dict[str, dict[str, Any]] = {}

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            if request.path == CTC and not is_push(request) and answer.status == 200:
                clicks.update(zip([entry["messageId"] for entry in entries(answer)], items_of(request), strict=False))
            if not fetches(request) or answer.status != 200:
                return answer
            document = body_of(answer)
            kept = [
                report
                for report in listed(document, "results")
                if report.get("messageId") not in clicks or edit(report, clicks[report["messageId"]]) is not ABSENT
            ]
            other: Answer = rewritten(answer, {**document, "results": kept})
            return other if clicks else answer

        return wrapper

    return make


def _recorded(report: dict[str, Any], click: dict[str, Any]) -> None:
    if click.get("record") in (False, "false"):
        report["recordedAudioFileUrl"] = f"https://api.infobip.com/tts/3/files/{report['messageId']}/{report['to']}"


def _to_b(report: dict[str, Any], click: dict[str, Any]) -> None:
    report["to"] = click["destinationB"]


def _pairs_once(request: Request) -> Request:
    items = items_of(request) if request.path == CTC else []
    pairs = {f"{item.get('destinationA')} {item.get('destinationB')}": item for item in reversed(items)}
    if len(pairs) == len(items):
        return request
    other: Request = rewritten(request, {**body_of(request), "messages": list(reversed(pairs.values()))})
    return other


def _same_pair(stage: Stage) -> Steps:
    launch = stage.ctc()
    answer: Answer = yield stage.post({"messages": launch["messages"] * 2}, CTC)
    return answer.status == 200 and len(entries(answer)) == 1


def _without(*names: str) -> Callable[[dict[str, Any], list[dict[str, Any]]], None]:
    def edit(item: dict[str, Any], _: list[dict[str, Any]]) -> None:
        for name in names:
            if "destinationA" in item:
                item.pop(name, None)

    return edit


def _of_clicks(odd: Callable[[dict[str, Any]], object]) -> Make:
    return refusing(lambda request: request.path == CTC and any(odd(item) for item in items_of(request)))


def _refused(**options: Any) -> Witness:
    return launched(lambda answer: answer.status == 400, path=CTC, **options)


def _with_b(stage: Stage) -> Steps:
    bulk = stage.id()
    launch = stage.ctc(bulk=bulk)
    yield stage.post(launch, CTC)
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return [report["to"] for report in reports(answer)] == [launch["messages"][0]["destinationB"]]


def _seen_by_b(stage: Stage) -> Steps:
    launch = stage.ctc(anonymization=True)
    yield stage.post(launch, CTC)
    yield Wait()
    # No answer of the API says it, so the mock is asked what it did.
    told: Answer = yield Request("GET", "/_mock/tenants/Aladdin/calls")
    dialled = [event for event in json.loads(told.body)[0]["events"] if event["what"] == "dialled"]
    return bool(dialled[1]["shows"] == launch["messages"][0]["destinationA"])


FAULTS: Final = (
    Fault(
        id="false-text-is-true", group="ctc",
        sentence="A click to call with `record: \"false\"` is recorded, since every text that is not empty is true.",
        advice="Leave `record` out rather than say \"false\".", source=("ctc",), make=_clicked(_recorded),
        witness=reported(lambda found: "recordedAudioFileUrl" in found[0], path=CTC, record="false"),
    ),
    Fault(
        id="record-text-400", group="ctc", sentence="`record: \"true\"` is a 400: only truth values are read.",
        advice="Send a boolean.", source=("ctc",), make=_of_clicks(lambda item: isinstance(item.get("record"), str)),
        witness=_refused(record="true"),
    ),
    Fault(
        id="report-to-b", group="ctc", sentence="The report of a click to call has `destinationB` in `to`.",
        advice="Go by the messageId.", source=("assumption",), make=_clicked(_to_b), witness=_with_b,
    ),
    Fault(
        id="pairs-once", group="ctc", sentence="The same pair twice in a launch is called once, and has one entry.",
        advice="Launch the second call by itself.", source=("assumption",), make=misreading(_pairs_once),
        witness=_same_pair,
    ),
    Fault(
        id="members-of-ivr", group="ctc",
        sentence="A click to call may have `validityPeriod`, `sendAt` and `callbackData`, and ignores them.",
        advice="Send none of them: the call is made at once.", source=("ctc",),
        make=mending(_without("validityPeriod", "sendAt", "callbackData")),
        witness=launched(lambda answer: answer.status == 200, path=CTC, sendAt="2030-01-01T00:00:00Z"),
    ),
    Fault(
        id="caller-of-14", group="ctc", sentence="A `from` of 15 digits is a 400 in a click to call, as in an IVR.",
        advice="Give at most 14.", source=("ctc",),
        make=_of_clicks(lambda item: len(str(item.get("from", ""))) == 15),
        witness=answered(
            lambda stage: stage.post(changed(stage.ctc(), {"messages[0].from": "123456789012345"}), CTC),
            lambda answer: answer.status == 400,
        ),
    ),
    Fault(
        id="silent-400", group="ctc", sentence="A click to call with neither text nor audio is a 400.",
        advice="Give a text.", source=("ctc", "assumption"),
        make=_of_clicks(lambda item: not item.get("text") and not item.get("audioFileUrl")), witness=_refused(),
    ),
    Fault(
        id="anonymity-lost", group="ctc", sentence="`anonymization` is accepted and ignored: B sees the number of A.",
        advice="Give a `fromB`.", source=("ctc",),
        make=ignoring("anonymization", when=lambda item: item["anonymization"] is True), witness=_seen_by_b,
        unobservable="Only the telephone of B shows who calls.",
    ),
)  # fmt: skip
