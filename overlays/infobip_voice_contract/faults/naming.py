"""Faults of ids, entries and numbers: what a launch is told, and what comes back in reports."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    body_of,
    documented,
    entries_with,
    fetches,
    items_of,
    launches,
    reports_with,
    rewritten,
)
from infobip_voice_contract.faults.fault import Fault, Make, Send, Wrapper
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, entries, launched, reported, reports, value
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["NAMING"]

_OWN: Final = "Give every call a messageId of your own, and find its report by that."
_BULK: Final = "Give every launch a bulkId of your own, and do not read it from the answer."
_ENTRIES: Final = "Find an entry by its messageId, not by its place or its number."
_TWICE: Final = "Make a new messageId for every call; do not count on the platform to stop a second one."
_REPORTS: Final = "Keep what you launched by messageId, and believe that more than what a report repeats."

_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")
_ACCEPTED: Final = {
    "groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED",
    "description": "Message accepted, pending for delivery.",
}  # fmt: skip


def _whole(edit: Callable[[dict[str, Any], Request], Any], *, when: Callable[[Request], object] = launches) -> Make:
    """Edit the answer to a launch, with a look at the request."""

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if not launches(request) or answer.status != 200 or not when(request):
            return answer
        document = body_of(answer)
        other = edit(document, request)
        return rewritten(answer, document if other is None else other)

    return lambda: wrapper


def _bulk(request: Request) -> Any:
    document = body_of(request)
    return document.get("bulkId") if isinstance(document, dict) else None


def _no_bulk(document: dict[str, Any], request: Request) -> None:
    if _bulk(request):
        document.pop("bulkId", None)


def _other_bulk(document: dict[str, Any], request: Request) -> None:
    if _bulk(request):
        document["bulkId"] = f"{document['bulkId']}-1"


def _lower_bulk(document: dict[str, Any], request: Request) -> None:
    if _bulk(request):
        document["bulkId"] = str(document["bulkId"]).swapcase()


def _no_made_bulk(document: dict[str, Any], request: Request) -> None:
    if not _bulk(request):
        document.pop("bulkId", None)


def _always_bulk(document: dict[str, Any], _: Request) -> dict[str, Any]:
    return {"bulkId": document.get("bulkId") or "made-for-one", **document}


def _ids_of(request: Request) -> list[Any]:
    """Return the messageIds of a launch in order; None where there is none."""
    return [
        each.get("messageId") if isinstance(each, dict) else None
        for item in items_of(request)
        for each in item.get("destinations", [item])
    ]


def _renaming(which: Callable[[str | None], bool], to: Callable[[int], str]) -> Make:
    """Name messages in answers and reports otherwise than they were."""

    def make() -> Wrapper:
        names: dict[str, str] = {}
        count = itertools.count(1)

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            if launches(request) and answer.status == 200:
                document = body_of(answer)
                for given, entry in zip(_ids_of(request), document["messages"], strict=False):
                    if which(given):
                        names[entry["messageId"]] = to(next(count))
                        entry["messageId"] = names[entry["messageId"]]
                return rewritten(answer, document)
            if fetches(request) and answer.status == 200 and reports(answer):
                found = [
                    {**each, "messageId": names.get(each["messageId"], each["messageId"])} for each in reports(answer)
                ]
                return rewritten(answer, {"results": found})
            return answer

        return wrapper

    return make


def _accepting_again(*, same: bool, where: Callable[[Request], object] = launches) -> Make:
    """Say that a messageId is accepted again, in the same request or in another."""

    def edit(document: dict[str, Any], request: Request) -> None:
        here: set[str] = set()
        for name, entry in zip(_ids_of(request), document["messages"], strict=False):
            if entry["status"].get("id") == 23 and (name in here) is same:
                entry["status"] = _ACCEPTED
            here.add(name)

    return _whole(edit, when=where)


def _refusing_again() -> Wrapper:
    """A launch with a messageId that comes twice is refused as a whole."""

    async def wrapper(request: Request, send: Send) -> Answer:
        names = [each for each in _ids_of(request) if each] if launches(request) else []
        if len(set(names)) == len(names):
            return await send(request)
        return await send(replace(request, body=b"{" if request.body.lstrip()[:1] == b"{" else b"<"))

    return wrapper


def _first_rejected(document: dict[str, Any], request: Request) -> None:
    """Of a messageId that comes twice, the first is rejected and the later one is not."""
    names = _ids_of(request)
    for index, entry in enumerate(document["messages"]):
        if entry["status"].get("id") == 23 and index < len(names) and names[index] in names[:index]:
            first = names.index(names[index])
            other = document["messages"][first]
            entry["status"], other["status"] = other["status"], entry["status"]


def _otherwise_rejected(entry: dict[str, Any]) -> None:
    if entry["status"].get("id") == 23:
        entry["status"] = {**entry["status"], "id": 6, "name": "REJECTED_NETWORK"}


def _an_entry_more(document: dict[str, Any]) -> None:
    document["messages"].append({**document["messages"][-1], "messageId": f"{document['messages'][-1]['messageId']}-1"})


def _one_entry(document: dict[str, Any]) -> None:
    document["messages"] = document["messages"][:1]


def _reversed(document: dict[str, Any]) -> None:
    document["messages"].reverse()


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


def _launched(request: Request, answer: Answer) -> bool:
    return launches(request) and answer.status == 200


def _twice(*, same: bool, shows: Callable[[list[dict[str, Any]]], object], path: str = "") -> Witness:
    def witness(stage: Stage) -> Steps:
        name = stage.id()
        make, operation = (stage.ctc, CTC) if path == CTC else (stage.ivr, "/voice/ivr/1/messages")
        first: Answer = yield stage.post(
            make(3, bulk=stage.id(), ids=[name, stage.id(), name if same else None]), operation
        )
        if same:
            return bool(shows(entries(first)))
        second: Answer = yield stage.post(make(1, bulk=stage.id(), ids=[name]), operation)
        return bool(shows(entries(second)))

    return witness


def _refused_twice(stage: Stage) -> Steps:
    name = stage.id()
    answer: Answer = yield stage.post(stage.ivr(2, ids=[name, name]))
    return answer.status == 400


def _alike(stage: Stage) -> Steps:
    first: Answer = yield stage.post(stage.ivr(1))
    second: Answer = yield stage.post(stage.ivr(1))
    return bool(entries(first)[0]["messageId"] == entries(second)[0]["messageId"])


def _statuses(*groups: int) -> Callable[[list[dict[str, Any]]], bool]:
    return lambda found: [entry["status"]["groupId"] for entry in found] == list(groups)


def _document(answer: Answer) -> dict[str, Any]:
    return value(answer, "VoiceResponse") or {}


def _fifty(stage: Stage) -> Steps:
    answer: Answer = yield stage.post(stage.ivr(60))
    return len({entry["messageId"] for entry in entries(answer)}) == 50


def _backwards(stage: Stage) -> Steps:
    body = stage.ivr(2)
    answer: Answer = yield stage.post(body)
    wanted = [each["to"] for each in body["messages"][0]["destinations"]]
    return [entry["to"] for entry in entries(answer)] == wanted[::-1]


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
_clicks_again = _accepting_again(same=False, where=lambda request: request.path == CTC)


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

_fault = partial(Fault, group="ids")

NAMING: Final = (
    _fault(
        id="bulk-not-echoed",
        rule="ids.bulk",
        sentence="A bulkId that was supplied is not in the answer.",
        advice=_BULK,
        source=_LAUNCHES,
        make=_whole(_no_bulk),
        witness=launched(lambda answer: "bulkId" not in _document(answer), bulk="x", form="xml"),
    ),
    _fault(
        id="bulk-replaced",
        rule="ids.bulk",
        sentence="A bulkId that was supplied is replaced.",
        advice=_BULK,
        source=_LAUNCHES,
        make=_whole(_other_bulk),
        witness=launched(lambda answer: _document(answer).get("bulkId") == "x-1", bulk="x"),
    ),
    _fault(
        id="bulk-case-changed",
        rule="ids.bulk",
        sentence="The letters of a bulkId come back in the other case.",
        advice=_BULK,
        source=_LAUNCHES,
        make=_whole(_lower_bulk),
        witness=launched(lambda answer: _document(answer).get("bulkId") == "X", bulk="x", path=CTC),
    ),
    _fault(
        id="no-bulk-made",
        rule="ids.bulk-made",
        sentence="Without one, no bulkId is made for several calls.",
        advice=_BULK,
        source=("assumption",),
        make=_whole(_no_made_bulk),
        witness=launched(lambda answer: "bulkId" not in _document(answer), calls=2),
    ),
    _fault(
        id="bulk-for-one",
        rule="ids.bulk-omitted",
        sentence="A launch of one call gets a bulkId.",
        advice=_BULK,
        source=("assumption",),
        make=_whole(_always_bulk),
        witness=launched(lambda answer: "bulkId" in _document(answer)),
    ),
    _fault(
        id="message-replaced",
        rule="ids.message",
        sentence="A messageId that was supplied is replaced by one of the server's.",
        advice=_ENTRIES,
        source=("ivr-2019", "ctc", "platform-2026"),
        make=_renaming(lambda given: given is not None, lambda count: f"server-{count}"),
        witness=launched(lambda answer: entries(answer)[0]["messageId"].startswith("server-"), ids=["?"]),
    ),
    _fault(
        id="no-message-made",
        rule="ids.message-made",
        sentence="An entry without a supplied messageId has none.",
        advice=_OWN,
        source=_LAUNCHES,
        make=_whole(
            lambda document, request: (
                [
                    entry.pop("messageId")
                    for name, entry in zip(_ids_of(request), document["messages"], strict=False)
                    if name is None
                ]
                and None
            )
        ),
        witness=launched(lambda answer: "messageId" not in entries(answer)[0], form="xml"),
    ),
    _fault(
        id="made-alike",
        rule="ids.unique",
        sentence="Every messageId that the server makes is the same.",
        advice=_OWN,
        source=_LAUNCHES,
        make=_renaming(lambda given: given is None, lambda _: "made"),
        witness=_alike,
    ),
    _fault(
        id="made-in-turns",
        rule="ids.unique",
        sentence="The messageIds that the server makes come again after 50.",
        advice=_OWN,
        source=_LAUNCHES,
        make=_renaming(lambda given: given is None, lambda count: f"made-{count % 50}"),
        witness=_fifty,
    ),
    _fault(
        id="one-entry-a-message",
        rule="ids.entries",
        sentence="The answer has one entry for all calls.",
        advice=_ENTRIES,
        source=("platform-2026",),
        make=documented(_one_entry, when=_launched),
        witness=launched(lambda answer: len(entries(answer)) == 1, calls=2),
    ),
    _fault(
        id="an-entry-more",
        rule="ids.entries",
        sentence="The answer to a launch in XML has an entry too many.",
        advice=_ENTRIES,
        source=("platform-2026",),
        make=documented(
            _an_entry_more,
            when=lambda request, answer: (
                launches(request) and answer.status == 200 and "xml" in str(answer.fields("content-type"))
            ),
        ),
        witness=launched(lambda answer: len(entries(answer)) == 2, form="xml"),
    ),
    _fault(
        id="entry-plus",
        rule="ids.numbers",
        sentence="The numbers of entries begin with a plus.",
        advice=_ENTRIES,
        source=_LAUNCHES,
        make=entries_with(lambda entry: entry.update(to=f"+{entry['to']}")),
        witness=launched(lambda answer: entries(answer)[0]["to"].startswith("+")),
    ),
    _fault(
        id="entry-cut",
        rule="ids.numbers",
        sentence="The numbers of entries lose their last digit.",
        advice=_ENTRIES,
        source=_LAUNCHES,
        make=entries_with(lambda entry: entry.update(to=entry["to"][:-1])),
        witness=launched(lambda answer: len(entries(answer)[0]["to"]) < 13, path=CTC),
    ),
    _fault(
        id="no-entry-number",
        rule="json.launched",
        group="json",
        sentence="Entries have no number.",
        advice=_ENTRIES,
        source=_LAUNCHES,
        make=entries_with(lambda entry: entry.pop("to")),
        witness=launched(lambda answer: "to" not in entries(answer)[0]),
    ),
    _fault(
        id="entries-reversed",
        rule="ids.order",
        sentence="The entries come in the reverse order.",
        advice=_ENTRIES,
        source=("assumption",),
        make=documented(_reversed, when=_launched),
        witness=_backwards,
    ),
    _fault(
        id="twice-accepted",
        rule="ids.twice",
        sentence="A messageId twice in one request is accepted twice.",
        advice=_TWICE,
        source=("platform-2026",),
        make=_accepting_again(same=True),
        witness=_twice(same=True, shows=_statuses(1, 1, 1)),
    ),
    _fault(
        id="twice-refused",
        rule="ids.twice",
        sentence="A launch with a messageId that comes twice is refused as a whole.",
        advice=_TWICE,
        source=("platform-2026",),
        make=_refusing_again,
        witness=_refused_twice,
    ),
    _fault(
        id="first-rejected",
        rule="ids.twice",
        sentence="Of a messageId that comes twice, the first is rejected.",
        advice=_TWICE,
        source=("platform-2026",),
        make=_whole(_first_rejected),
        witness=_twice(same=True, shows=_statuses(5, 1, 1)),
    ),
    _fault(
        id="known-accepted",
        rule="ids.known",
        sentence="A messageId that the account has used is accepted again.",
        advice=_TWICE,
        source=("platform-2026",),
        make=_accepting_again(same=False),
        witness=_twice(same=False, shows=_statuses(1)),
    ),
    _fault(
        id="known-accepted-in-clicks",
        rule="ids.known",
        sentence="A click to call may use a messageId of an earlier one.",
        advice=_TWICE,
        source=("platform-2026",),
        make=_clicks_again,
        witness=_twice(same=False, path=CTC, shows=_statuses(1)),
    ),
    _fault(
        id="known-otherwise",
        rule="ids.known",
        sentence="A messageId that is known is rejected with another status.",
        advice=_TWICE,
        source=("platform-2026",),
        make=entries_with(_otherwise_rejected),
        witness=_twice(same=False, shows=lambda found: found[0]["status"]["id"] == 6),
    ),
    _fault(
        id="report-of-other-bulk",
        rule="ids.report-bulk",
        sentence="A report has another bulkId than its launch.",
        advice=_REPORTS,
        source=("reports",),
        make=reports_with(lambda report: report.update(bulkId=f"{report.get('bulkId')}-other")),
        witness=reported(lambda found: found and found[0]["bulkId"].endswith("-other")),
    ),
    _fault(
        id="report-of-message",
        rule="ids.report-bulk",
        sentence="The bulkId of a report is its messageId.",
        advice=_REPORTS,
        source=("reports",),
        make=reports_with(lambda report: report.update(bulkId=report["messageId"])),
        witness=reported(
            lambda found: found and found[0]["bulkId"] == found[0]["messageId"], accept="application/xml", form="xml"
        ),
    ),
    _fault(
        id="report-of-other-number",
        rule="ids.report-number",
        sentence="The number of a report has its last digit changed.",
        advice=_REPORTS,
        source=("reports",),
        make=reports_with(lambda report: report.update(to=f"{report['to'][:-1]}{(int(report['to'][-1]) + 1) % 10}")),
        witness=reported(lambda found: found and found[0]["to"].endswith("2"), destinations=[{"to": "999100000001"}]),
    ),
    _fault(
        id="report-plus",
        rule="ids.report-number",
        sentence="The number of a report begins with a plus.",
        advice=_REPORTS,
        source=("reports",),
        make=reports_with(lambda report: report.update(to=f"+{report['to']}")),
        witness=reported(lambda found: found and found[0]["to"].startswith("+")),
    ),
    _fault(
        id="reports-exchanged",
        rule="ids.report-number",
        sentence="The messageIds of the reports of a page are exchanged.",
        advice=_REPORTS,
        source=("reports",),
        make=documented(_exchanged, when=lambda request, answer: fetches(request) and answer.status == 200),
        witness=_exchanged_ids,
    ),
    _fault(
        id="phantom",
        rule="ids.no-phantom",
        sentence="With the reports of a launch comes one that nobody launched.",
        advice=_REPORTS,
        source=("reports",),
        make=_phantoms,
        witness=reported(lambda found: len(found) == 2),
    ),
    _fault(
        id="report-without-id",
        sentence="A report has no messageId.",
        advice="Read a report without a messageId by its bulkId and its number.",
        source=("reports",),
        make=reports_with(lambda report: report.pop("messageId")),
        witness=reported(lambda found: found and "messageId" not in found[0]),
        unobservable="any member of a report may be missing on a real server",
    ),
    _fault(
        id="a-to-b",
        group="ctc",
        rule="ctc.entry",
        sentence="The entry of a click to call has the number of B.",
        advice=_ENTRIES,
        source=("ctc",),
        make=_whole(
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
    _fault(
        id="two-entries",
        group="ctc",
        rule="ctc.entry",
        sentence="A click to call has an entry for A and one for B.",
        advice=_ENTRIES,
        source=("ctc",),
        make=_whole(_both_entries, when=lambda request: request.path == CTC),
        witness=launched(lambda answer: len(entries(answer)) == 2, path=CTC),
    ),
    _fault(
        id="report-of-b",
        group="ctc",
        rule="ctc.report",
        sentence="The report of a click to call has the number of B.",
        advice=_REPORTS,
        source=("assumption",),
        make=_reported_b,
        witness=_reports_b,
    ),
    _fault(
        id="two-reports",
        group="ctc",
        rule="ctc.report",
        sentence="A click to call has a report for A and one for B.",
        advice=_REPORTS,
        source=("assumption",),
        make=_reported_both,
        witness=_reports_both,
    ),
)
