"""Faults of handing out once: what comes again, and what is lost."""

import json
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from infobip_voice_contract.credentials import WRONG_PASSWORD
from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import given, page, paged, remembering, stated
from infobip_voice_contract.faults.edits import fetches, header, query, stateless
from infobip_voice_contract.faults.fault import Fault, Send, Wrapper
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, reports
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]

_ALL: Final = "1000000"


async def _taken_by_anybody(request: Request, send: Send, known: str) -> Answer:
    answer = await send(request)
    if fetches(request) and answer.status == 401 and stated(request, "authorization") and known:
        await send(header(request, "Authorization", known))
    return answer


async def _taken_unacceptably(request: Request, send: Send) -> Answer:
    answer = await send(request)
    if fetches(request) and answer.status == 406:
        await send(header(request, "Accept", "application/json"))
    return answer


async def _taken_misspelt(request: Request, send: Send) -> Answer:
    answer = await send(request)
    if fetches(request) and answer.status == 400:
        known = {name: text for name, text in request.query if name in ("bulkId", "messageId") and text}
        await send(replace(request, target=f"{request.path}?{urlencode(known)}"))
    return answer


def _limit_of(request: Request) -> int:
    return int(given(request, "limit") or 50)


async def _rest_lost(request: Request, send: Send) -> Answer:
    if not fetches(request) or given(request, "limit") is None:
        return await send(request)
    answer = await send(request)
    if answer.status == 200 and len(page(answer)) == _limit_of(request):
        await send(query(request, limit=_ALL))
    return answer


async def _bulk_lost(request: Request, send: Send) -> Answer:
    answer = await send(request)
    if fetches(request) and answer.status == 200 and given(request, "bulkId") and given(request, "messageId"):
        await send(query(request, messageId=None, limit=_ALL))
    return answer


async def _last_of_fifty(request: Request, send: Send) -> Answer:
    answer = await send(request)
    if fetches(request) and answer.status == 200 and given(request, "limit") is None and len(page(answer)) == 50:
        await send(query(request, limit="1"))
    return answer


def _once_per_form() -> Wrapper:
    shown: dict[str, list[tuple[str, Answer]]] = {"xml": [], "json": []}

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if not fetches(request) or answer.status != 200:
            return answer
        form, other = ("xml", "json") if "xml" in stated(answer, "content-type") else ("json", "xml")
        kept = next((each for each in shown[form] if each[0] == request.target), None)
        if kept is not None and not page(answer):
            shown[form].remove(kept)
            return kept[1]
        if page(answer):
            # What the other form still has to show is written in it when it is asked for.
            shown[other].append((request.target, _in_form(answer, other)))
        return answer

    return wrapper


def _in_form(answer: Answer, form: str) -> Answer:
    empty = b"<reportResponse><results/></reportResponse>" if form == "xml" else b"{}"
    blank: Answer = replace(header(answer, "Content-Type", f"application/{form}"), body=empty)
    return paged(blank, page(answer))


def _rolled_back() -> Wrapper:
    last: dict[str, Answer] = {}
    again: dict[str, Answer] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        if not fetches(request):
            return await send(request)
        key = json.dumps([sorted(request.query), stated(request, "accept")])
        kept = again.pop(key, None)
        answer = kept or await send(request)
        if answer.status == 400:
            again.update(last)
        last.clear()
        if answer.status == 200 and page(answer) and kept is None:
            last[key] = answer
        return answer

    return wrapper


def _overlapping() -> Wrapper:
    ends: dict[str, dict[str, Any]] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if not fetches(request) or answer.status != 200:
            return answer
        found = page(answer)
        filters = json.dumps([given(request, "bulkId"), given(request, "messageId")])
        end = ends.pop(filters, None)
        if found and len(found) == _limit_of(request):
            ends[filters] = found[-1]
        # The list begins where the last page ended: one too early.
        return paged(answer, [end, *found]) if end is not None and found else answer

    return wrapper


def _launched(stage: Stage, bulk: str, calls: int = 1) -> Request:
    return stage.post(stage.ivr(calls, bulk=bulk))


def _lost_by(spoilt: dict[str, Any], text: str = "") -> Witness:
    """Return the witness that a report is lost by a request that is refused."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        yield _launched(stage, bulk)
        yield Wait()
        refused: Request = stage.get(bulkId=bulk, **spoilt)
        yield replace(refused, target=refused.target + text)
        answer: Answer = yield stage.get(bulkId=bulk)
        return answer.status == 200 and not reports(answer)

    return witness


def _lost_by_the_first(calls: int, **filters: Any) -> Witness:
    """Return the witness that fewer reports come in two pages than there are."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        yield _launched(stage, bulk, calls)
        yield Wait()
        first: Answer = yield stage.get(bulkId=bulk, **filters)
        second: Answer = yield stage.get(bulkId=bulk)
        return len(reports(first)) + len(reports(second)) < calls

    return witness


def _others_lost(stage: Stage) -> Steps:
    bulk, message = stage.id(), stage.id()
    yield stage.post(stage.ivr(2, bulk=bulk, ids=[message]))
    yield Wait()
    yield stage.get(bulkId=bulk, messageId=message)
    answer: Answer = yield stage.get(bulkId=bulk)
    return not reports(answer)


def _in_both_forms(stage: Stage) -> Steps:
    bulk = stage.id()
    yield _launched(stage, bulk)
    yield Wait()
    yield stage.get(bulkId=bulk, accept="application/xml")
    answer: Answer = yield stage.get(bulkId=bulk)
    return bool(reports(answer))


def _back_after_400(stage: Stage) -> Steps:
    bulk = stage.id()
    yield _launched(stage, bulk)
    yield Wait()
    yield stage.get(bulkId=bulk)
    yield stage.get(query="limit=none")
    answer: Answer = yield stage.get(bulkId=bulk)
    return bool(reports(answer))


def _overlaps(stage: Stage) -> Steps:
    bulk = stage.id()
    yield _launched(stage, bulk, 4)
    yield Wait()
    first: Answer = yield stage.get(bulkId=bulk, limit=2)
    second: Answer = yield stage.get(bulkId=bulk, limit=2)
    return bool(reports(first)[-1]["messageId"] == reports(second)[0]["messageId"])


FAULTS: Final = (
    Fault(
        id="consumed-by-wrong-password", group="once",
        sentence="A fetch with wrong credentials is a 401, and the reports are gone.",
        advice="Check the credentials before the first fetch.", source=("reports", "assumption"),
        make=remembering(_taken_by_anybody), witness=_lost_by({"authorization": WRONG_PASSWORD}),
    ),
    Fault(
        id="consumed-before-406", group="once",
        sentence="A fetch that accepts no known form is a 406, and the reports are gone.",
        advice="Accept JSON.", source=("assumption",), make=stateless(_taken_unacceptably),
        witness=_lost_by({"accept": "text/csv"}),
    ),
    Fault(
        id="consumed-before-400", group="once",
        sentence="A fetch with a bad or an unknown parameter is a 400, and the reports are gone.",
        advice="Check the query before you send it.", source=("assumption",), make=stateless(_taken_misspelt),
        witness=_lost_by({}, "&limt=1"),
    ),
    Fault(
        id="beyond-limit-lost", group="once", sentence="What is beyond a `limit` is consumed with the page, and lost.",
        advice="Fetch without a limit.", source=("reports",), make=stateless(_rest_lost),
        witness=_lost_by_the_first(3, limit=1),
    ),
    Fault(
        id="bulk-lost-with-message", group="once",
        sentence="A fetch with both filters consumes the whole bulk, and shows one message of it.",
        advice="Use one filter.", source=("reports", "assumption"), make=stateless(_bulk_lost), witness=_others_lost,
    ),
    Fault(
        id="fifty-first-lost", group="once", sentence="After a full page of 50 the next report is lost.",
        advice="Give a limit.", source=("reports",), make=stateless(_last_of_fifty), witness=_lost_by_the_first(52),
    ),
    Fault(
        id="once-per-form", group="once",
        sentence="A report that was fetched in XML can be fetched in JSON too, and back.",
        advice="Recognise a report by its messageId.", source=("reports",), make=_once_per_form, witness=_in_both_forms,
    ),
    Fault(
        id="rolled-back-by-400", group="once",
        sentence="A fetch that is refused undoes the one before: its page comes again.",
        advice="Recognise a report by its messageId.", source=("reports",), make=_rolled_back, witness=_back_after_400,
    ),
    Fault(
        id="pages-overlap", group="once", sentence="A page begins with the last report of the page before.",
        advice="Recognise a report by its messageId.", source=("reports",), make=_overlapping, witness=_overlaps,
    ),
)  # fmt: skip
