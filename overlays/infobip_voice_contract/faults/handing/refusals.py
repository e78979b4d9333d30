"""Refusals that have an effect all the same."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    body_of,
    fetches,
    header,
    launches,
    query,
    rewritten,
)
from infobip_voice_contract.faults.fault import Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.handing.words import MOST, counts, get, launch_and, once
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, entries, reports
from infobip_voice_contract.stage import REPORTS, Stage

__all__ = ["REFUSALS"]

_REPEAT: Final = "Do not send a request again that was refused before you know why."


def _eating(when: Callable[[Request, Answer], object], mend: Callable[[Request], Request]) -> Make:
    """Take reports for requests that are refused."""

    def make() -> Wrapper:
        right: list[str] = []

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            if answer.status == 200 and request.fields("authorization"):
                right[:] = request.fields("authorization")
            if (
                not is_push(request)
                and request.path == REPORTS
                and answer.status >= 400
                and right
                and when(request, answer)
            ):
                await send(mend(header(header(request, "authorization", right[0]), "accept", None)))
            return answer

        return wrapper

    return make


def _dialling(when: Callable[[Request, Answer], object], mend: Callable[[Request], Request]) -> Make:
    """Make the calls of launches that are refused."""

    def make() -> Wrapper:
        right: list[str] = []

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            if answer.status == 200 and request.fields("authorization"):
                right[:] = request.fields("authorization")
            if launches(request) and answer.status >= 400 and right and when(request, answer):
                await send(mend(header(header(request, "authorization", right[0]), "accept", None)))
            return answer

        return wrapper

    return make


def _same(request: Request) -> Request:
    return request


def _plain_get(request: Request) -> Request:
    kept = {name: text for name, text in request.query if name in ("bulkId", "messageId") and 1 <= len(text) <= 100}
    return query(replace(request, method="GET", target=REPORTS, body=b""), **kept, limit=MOST)


def _without_surprises(request: Request) -> Request:
    document = body_of(request)
    if not isinstance(document, dict):
        return request
    document.pop("surprise", None)
    return rewritten(replace(request, target=request.path), document)


def _as_json(request: Request) -> Request:
    return header(request, "content-type", "application/json")


def _rejected_reported() -> Wrapper:
    """Calls that were rejected get a report of their own."""
    rejected: dict[str, dict[str, Any]] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if launches(request) and answer.status == 200:
            for entry in entries(answer):
                if entry["status"].get("groupId") == 5 and entry["status"].get("id") != 23:
                    rejected[entry["messageId"]] = {**entry, "bulkId": (body_of(answer) or {}).get("bulkId")}
        document = body_of(answer) if fetches(request) and answer.status == 200 else None
        if document is None or not document["results"]:
            return answer
        bulk = document["results"][0].get("bulkId")
        for name in [name for name, entry in rejected.items() if entry["bulkId"] == bulk]:
            entry = rejected.pop(name)
            document["results"].append(
                {**document["results"][0], "messageId": name, "to": entry["to"], "status": entry["status"]}
            )
        return rewritten(answer, document)

    return wrapper


def _gone_after(**options: Any) -> Witness:
    """After a refused request the reports are gone."""
    return launch_and(get(**options), get(), shows=lambda answers: answers[0].status >= 400 and not reports(answers[1]))


def _calls_after(change: Callable[[Stage, dict[str, Any]], Request]) -> Witness:
    """After a refused launch its calls have reports."""

    def witness(stage: Stage) -> Steps:
        yield stage.get(bulkId=stage.id())
        bulk = stage.id()
        answer: Answer = yield change(stage, stage.ivr(2, bulk=bulk, ids=[stage.id()]))
        yield Wait()
        found: Answer = yield stage.get(bulkId=bulk)
        return answer.status >= 400 and bool(reports(found))

    return witness


def _rejected(stage: Stage) -> Steps:
    bulk, named = stage.id(), stage.id()
    destinations = [{"to": stage.numbers.take("rejected"), "messageId": named}, {"to": stage.numbers.take()}]
    yield stage.post({"bulkId": bulk, "messages": [{"scenarioId": "x", "destinations": destinations}]})
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return any(report["messageId"] == named for report in reports(answer))


def _taken_by_stranger(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(3, bulk=bulk))
    yield Wait()
    yield stage.get(bulkId=bulk, authorization=None)
    answer: Answer = yield stage.get(bulkId=bulk)
    return not reports(answer)


def _good_numbers(request: Request) -> Request:
    document = body_of(request)
    if not isinstance(document, dict):
        return request
    for item in document.get("messages") or ():
        if isinstance(item, dict) and isinstance(item.get("destinations"), list):
            item["destinations"] = [each for each in item["destinations"] if str(each.get("to")).isdecimal()]
    return rewritten(request, document)


def _with_letters(body: dict[str, Any]) -> dict[str, Any]:
    [item] = body["messages"]
    return {**body, "messages": [{**item, "destinations": [*item["destinations"], {"to": "abc"}]}]}


REFUSALS: Final = (
    once(
        id="strangers-take",
        rule="once.refused-reads",
        sentence="A request that is refused with 401 takes the reports.",
        advice=_REPEAT,
        source=("reports",),
        make=_eating(lambda request, answer: answer.status == 401 and request.method == "GET", _plain_get),
        witness=_taken_by_stranger,
    ),
    once(
        id="unacceptable-takes",
        rule="once.refused-reads",
        sentence="A request that is refused with 406 takes the reports.",
        advice=_REPEAT,
        source=("reports",),
        make=_eating(lambda _, answer: answer.status == 406, _plain_get),
        witness=_gone_after(accept="text/html"),
    ),
    once(
        id="bad-limit-takes",
        rule="once.refused-reads",
        sentence="A request with a bad limit takes the reports.",
        advice=_REPEAT,
        source=("reports",),
        make=_eating(lambda request, answer: answer.status == 400 and "limit" in dict(request.query), _plain_get),
        witness=_gone_after(limit=0),
    ),
    once(
        id="unknown-query-takes",
        rule="once.refused-reads",
        sentence="A request with an unknown parameter takes the reports.",
        advice=_REPEAT,
        source=("reports",),
        make=_eating(lambda request, answer: answer.status == 400 and "surprise" in request.target, _plain_get),
        witness=launch_and(lambda stage, bulk: stage.get(query=f"bulkId={bulk}&surprise=1"), get(), shows=counts(0, 0)),
    ),
    once(
        id="head-takes",
        rule="once.other-methods",
        sentence="HEAD takes the reports that GET would.",
        advice="Never send HEAD to an address that consumes.",
        source=("reports",),
        make=_eating(lambda request, _: request.method == "HEAD", _plain_get),
        witness=_gone_after(method="HEAD"),
    ),
    once(
        id="delete-takes",
        rule="once.other-methods",
        sentence="DELETE throws the reports away, and is answered 405.",
        advice="Send the documented methods alone.",
        source=("reports",),
        make=_eating(lambda request, _: request.method == "DELETE", _plain_get),
        witness=_gone_after(method="DELETE"),
    ),
    once(
        id="stranger-dials",
        rule="once.refused-launches",
        sentence="A launch that is refused with 401 is made.",
        advice=_REPEAT,
        source=("platform-2026",),
        make=_dialling(lambda _, answer: answer.status == 401, _same),
        witness=_calls_after(lambda stage, body: stage.post(body, authorization=None)),
    ),
    once(
        id="unacceptable-dials",
        rule="once.refused-launches",
        sentence="A launch that is refused with 406 is made.",
        advice=_REPEAT,
        source=("platform-2026",),
        make=_dialling(lambda _, answer: answer.status == 406, _same),
        witness=_calls_after(lambda stage, body: stage.post(body, accept="text/html")),
    ),
    once(
        id="plain-dials",
        rule="once.refused-launches",
        sentence="A launch that is refused with 415 is made.",
        advice=_REPEAT,
        source=("platform-2026",),
        make=_dialling(lambda _, answer: answer.status == 415, _as_json),
        witness=_calls_after(lambda stage, body: stage.post(body, content_type="text/plain")),
    ),
    once(
        id="unknown-dials",
        rule="once.refused-launches",
        sentence="A launch that is refused for an unknown member is made.",
        advice=_REPEAT,
        source=("platform-2026",),
        make=_dialling(lambda _, answer: answer.status == 400, _without_surprises),
        witness=_calls_after(lambda stage, body: stage.post({**body, "surprise": 1})),
    ),
    once(
        id="half-dials",
        rule="once.refused-launches",
        sentence="Of a launch that is refused for one number the others are called.",
        advice=_REPEAT,
        source=("platform-2026",),
        make=_dialling(
            lambda request, answer: answer.status == 400 and "abc" in request.body.decode("latin-1"), _good_numbers
        ),
        witness=_calls_after(lambda stage, body: stage.post(_with_letters(body))),
    ),
    once(
        id="rejected-reported",
        rule="once.rejected",
        sentence="A call that was rejected at launch has a report.",
        advice="Take a call for over when its entry is in the group REJECTED.",
        source=("assumption",),
        make=_rejected_reported,
        witness=_rejected,
    ),
)
