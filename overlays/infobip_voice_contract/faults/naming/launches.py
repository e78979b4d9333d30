"""Ids, numbers and entries of the answer to a launch."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    body_of,
    documented,
    entries_with,
    fetches,
    items_of,
    launches,
    rewritten,
)
from infobip_voice_contract.faults.fault import Make, Send, Wrapper
from infobip_voice_contract.faults.incoming import acceptable
from infobip_voice_contract.faults.naming.words import ENTRIES, fault, whole
from infobip_voice_contract.faults.witness import Steps, Witness, entries, launched, reports, value
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["LAUNCHES"]

_OWN: Final = "Give every call a messageId of your own, and find its report by that."
_BULK: Final = "Give every launch a bulkId of your own, and do not read it from the answer."
_TWICE: Final = "Make a new messageId for every call; do not count on the platform to stop a second one."
_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")
_ACCEPTED: Final = {
    "groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED",
    "description": "Message accepted, pending for delivery.",
}  # fmt: skip


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

    return whole(edit, when=where)


def _refusing_again() -> Wrapper:
    """A launch with a messageId that comes twice is refused as a whole."""

    async def wrapper(request: Request, send: Send) -> Answer:
        names = [each for each in _ids_of(request) if each] if launches(request) and acceptable(request) else []
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


_clicks_again = _accepting_again(same=False, where=lambda request: request.path == CTC)


LAUNCHES: Final = (
    fault(
        id="bulk-not-echoed",
        rule="ids.bulk",
        sentence="A bulkId that was supplied is not in the answer.",
        advice=_BULK,
        source=_LAUNCHES,
        make=whole(_no_bulk),
        witness=launched(lambda answer: "bulkId" not in _document(answer), bulk="x", form="xml"),
    ),
    fault(
        id="bulk-replaced",
        rule="ids.bulk",
        sentence="A bulkId that was supplied is replaced.",
        advice=_BULK,
        source=_LAUNCHES,
        make=whole(_other_bulk),
        witness=launched(lambda answer: _document(answer).get("bulkId") == "x-1", bulk="x"),
    ),
    fault(
        id="bulk-case-changed",
        rule="ids.bulk",
        sentence="The letters of a bulkId come back in the other case.",
        advice=_BULK,
        source=_LAUNCHES,
        make=whole(_lower_bulk),
        witness=launched(lambda answer: _document(answer).get("bulkId") == "X", bulk="x", path=CTC),
    ),
    fault(
        id="no-bulk-made",
        rule="ids.bulk-made",
        sentence="Without one, no bulkId is made for several calls.",
        advice=_BULK,
        source=("assumption",),
        make=whole(_no_made_bulk),
        witness=launched(lambda answer: "bulkId" not in _document(answer), calls=2),
    ),
    fault(
        id="bulk-for-one",
        rule="ids.bulk-omitted",
        sentence="A launch of one call gets a bulkId.",
        advice=_BULK,
        source=("assumption",),
        make=whole(_always_bulk),
        witness=launched(lambda answer: "bulkId" in _document(answer)),
    ),
    fault(
        id="message-replaced",
        rule="ids.message",
        sentence="A messageId that was supplied is replaced by one of the server's.",
        advice=ENTRIES,
        source=("ivr-2019", "ctc", "platform-2026"),
        make=_renaming(lambda given: given is not None, lambda count: f"server-{count}"),
        witness=launched(lambda answer: entries(answer)[0]["messageId"].startswith("server-"), ids=["?"]),
    ),
    fault(
        id="no-message-made",
        rule="ids.message-made",
        sentence="An entry without a supplied messageId has none.",
        advice=_OWN,
        source=_LAUNCHES,
        make=whole(
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
    fault(
        id="made-alike",
        rule="ids.unique",
        sentence="Every messageId that the server makes is the same.",
        advice=_OWN,
        source=_LAUNCHES,
        make=_renaming(lambda given: given is None, lambda _: "made"),
        witness=_alike,
    ),
    fault(
        id="made-in-turns",
        rule="ids.unique",
        sentence="The messageIds that the server makes come again after 50.",
        advice=_OWN,
        source=_LAUNCHES,
        make=_renaming(lambda given: given is None, lambda count: f"made-{count % 50}"),
        witness=_fifty,
    ),
    fault(
        id="one-entry-a-message",
        rule="ids.entries",
        sentence="The answer has one entry for all calls.",
        advice=ENTRIES,
        source=("platform-2026",),
        make=documented(_one_entry, when=_launched),
        witness=launched(lambda answer: len(entries(answer)) == 1, calls=2),
    ),
    fault(
        id="an-entry-more",
        rule="ids.entries",
        sentence="The answer to a launch in XML has an entry too many.",
        advice=ENTRIES,
        source=("platform-2026",),
        make=documented(
            _an_entry_more,
            when=lambda request, answer: (
                launches(request) and answer.status == 200 and "xml" in str(answer.fields("content-type"))
            ),
        ),
        witness=launched(lambda answer: len(entries(answer)) == 2, form="xml"),
    ),
    fault(
        id="entry-plus",
        rule="ids.numbers",
        sentence="The numbers of entries begin with a plus.",
        advice=ENTRIES,
        source=_LAUNCHES,
        make=entries_with(lambda entry: entry.update(to=f"+{entry['to']}")),
        witness=launched(lambda answer: entries(answer)[0]["to"].startswith("+")),
    ),
    fault(
        id="entry-cut",
        rule="ids.numbers",
        sentence="The numbers of entries lose their last digit.",
        advice=ENTRIES,
        source=_LAUNCHES,
        make=entries_with(lambda entry: entry.update(to=entry["to"][:-1])),
        witness=launched(lambda answer: len(entries(answer)[0]["to"]) < 13, path=CTC),
    ),
    fault(
        id="no-entry-number",
        rule="json.launched",
        group="json",
        sentence="Entries have no number.",
        advice=ENTRIES,
        source=_LAUNCHES,
        make=entries_with(lambda entry: entry.pop("to")),
        witness=launched(lambda answer: "to" not in entries(answer)[0]),
    ),
    fault(
        id="entries-reversed",
        rule="ids.order",
        sentence="The entries come in the reverse order.",
        advice=ENTRIES,
        source=("assumption",),
        make=documented(_reversed, when=_launched),
        witness=_backwards,
    ),
    fault(
        id="twice-accepted",
        rule="ids.twice",
        sentence="A messageId twice in one request is accepted twice.",
        advice=_TWICE,
        source=("platform-2026",),
        make=_accepting_again(same=True),
        witness=_twice(same=True, shows=_statuses(1, 1, 1)),
    ),
    fault(
        id="twice-refused",
        rule="ids.twice",
        sentence="A launch with a messageId that comes twice is refused as a whole.",
        advice=_TWICE,
        source=("platform-2026",),
        make=_refusing_again,
        witness=_refused_twice,
    ),
    fault(
        id="first-rejected",
        rule="ids.twice",
        sentence="Of a messageId that comes twice, the first is rejected.",
        advice=_TWICE,
        source=("platform-2026",),
        make=whole(_first_rejected),
        witness=_twice(same=True, shows=_statuses(5, 1, 1)),
    ),
    fault(
        id="known-accepted",
        rule="ids.known",
        sentence="A messageId that the account has used is accepted again.",
        advice=_TWICE,
        source=("platform-2026",),
        make=_accepting_again(same=False),
        witness=_twice(same=False, shows=_statuses(1)),
    ),
    fault(
        id="known-accepted-in-clicks",
        rule="ids.known",
        sentence="A click to call may use a messageId of an earlier one.",
        advice=_TWICE,
        source=("platform-2026",),
        make=_clicks_again,
        witness=_twice(same=False, path=CTC, shows=_statuses(1)),
    ),
    fault(
        id="known-otherwise",
        rule="ids.known",
        sentence="A messageId that is known is rejected with another status.",
        advice=_TWICE,
        source=("platform-2026",),
        make=entries_with(_otherwise_rejected),
        witness=_twice(same=False, shows=lambda found: found[0]["status"]["id"] == 6),
    ),
)
