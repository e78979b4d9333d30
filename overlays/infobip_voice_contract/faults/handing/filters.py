"""Filters that are read otherwise."""

from collections.abc import Callable
from typing import Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    body_of,
    fetches,
    launches,
    query,
    rewritten,
)
from infobip_voice_contract.faults.fault import Make, Send, Wrapper
from infobip_voice_contract.faults.handing.words import MOST, PAGE, counts, filter_fault, get, launch_and, valid_limit
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, reports
from infobip_voice_contract.stage import Stage

__all__ = ["FILTERS"]

_ALL: Final = "Let one program drain an account, and tell no other server apart by filters."


def _filtering(
    change: Callable[[dict[str, str]], dict[str, str | None]], *, when: Callable[[dict[str, str]], object]
) -> Make:
    """Understand a filter otherwise, where the server would have accepted it."""

    async def wrapper(request: Request, send: Send) -> Answer:
        given = dict(request.query)
        sound = (
            fetches(request)
            and len(given) == len(request.query)
            and all(1 <= len(text) <= 100 for text in given.values())
        )
        sound = sound and given.keys() <= {"bulkId", "messageId", "limit"}
        return await send(query(request, **change(given)) if sound and when(given) else request)

    return lambda: wrapper


def _either() -> Wrapper:
    """Of two filters one is enough."""

    async def wrapper(request: Request, send: Send) -> Answer:
        given = dict(request.query)
        if not (fetches(request) and given.keys() == {"bulkId", "messageId"}):
            return await send(request)
        first, second = await send(query(request, messageId=None)), await send(query(request, bulkId=None))
        if first.status != 200 or second.status != 200:
            return await send(request)
        return rewritten(first, {"results": [*reports(first), *reports(second)]})

    return wrapper


def _remembering_bulks(match: Callable[[str, str], bool]) -> Make:
    """A bulkId also finds the reports of launches whose names are alike."""

    def make() -> Wrapper:
        known: list[str] = []

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            document = body_of(answer) if launches(request) and answer.status == 200 else None
            if isinstance(document, dict) and document.get("bulkId") and document["bulkId"] not in known:
                known.append(document["bulkId"])
            given = dict(request.query).get("bulkId")
            if not fetches(request) or answer.status != 200 or given is None:
                return answer
            found = reports(answer)
            for other in [name for name in known if name != given and match(given, name)]:
                found += reports(await send(query(request, bulkId=other)))
            return rewritten(answer, {"results": found}) if found else answer

        return wrapper

    return make


def _taking_all() -> Wrapper:
    """A read with a filter takes everything, and hands out what matches."""

    async def wrapper(request: Request, send: Send) -> Answer:
        given = dict(request.query)
        answer = await send(request)
        if fetches(request) and answer.status == 200 and given.keys() & {"bulkId", "messageId"}:
            await send(query(request, bulkId=None, messageId=None, limit=MOST))
        return answer

    return wrapper


def _two_launches(
    read: Callable[[Stage, list[str]], list[Request]],
    shows: Callable[[list[Answer]], object],
    *,
    hints: tuple[str, str] = ("", ""),
) -> Witness:
    """Launch twice, and look at what comes for one."""

    def witness(stage: Stage) -> Steps:
        name = stage.id("Bulk")
        bulks = [name + hints[0], name + hints[1] if hints[1] else stage.id()]
        messages = [stage.id(), stage.id()]
        for bulk, message in zip(bulks, messages, strict=True):
            yield stage.post(stage.ivr(1, bulk=bulk, ids=[message]))
        yield Wait()
        answers: list[Answer] = []
        for request in read(stage, [*bulks, *messages]):
            answer: Answer = yield request
            answers.append(answer)
        return bool(shows(answers))

    return witness


def _swapped(stage: Stage) -> Steps:
    name = stage.id("Bulk")
    yield stage.post(stage.ivr(1, bulk=name))
    yield stage.post(stage.ivr(1, bulk=name.swapcase()))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=name)
    return len(reports(answer)) == 2


def _limit_first() -> Wrapper:
    """A limit is applied to all that waits, and then the filter to what is left.

    What waits is known from what was launched: the oldest launches are looked at first.
    """
    waiting: list[str] = []

    async def wrapper(request: Request, send: Send) -> Answer:
        limit = valid_limit(request) if fetches(request) else None
        bulk = dict(request.query).get("bulkId")
        if limit is not None and bulk in waiting and waiting.index(bulk) >= limit:
            return await send(query(request, bulkId="nothing-of-that-name"))
        answer = await send(request)
        document = body_of(answer) if answer.status == 200 and (launches(request) or fetches(request)) else None
        if launches(request) and isinstance(document, dict) and document.get("bulkId"):
            waiting.append(document["bulkId"])
        if fetches(request) and isinstance(document, dict):
            for report in document["results"]:
                if report.get("bulkId") in waiting:
                    waiting.remove(report["bulkId"])
        return answer

    return wrapper


FILTERS: Final = (
    filter_fault(
        id="bulk-ignored",
        rule="filter.bulk",
        sentence="The filter bulkId is ignored.",
        advice=_ALL,
        source=("reports",),
        make=_filtering(lambda _: {"bulkId": None}, when=lambda given: "bulkId" in given and "messageId" not in given),
        witness=_two_launches(lambda stage, names: [stage.get(bulkId=names[0])], counts(2)),
    ),
    filter_fault(
        id="message-ignored",
        rule="filter.message",
        sentence="The filter messageId is ignored.",
        advice=_ALL,
        source=("reports",),
        make=_filtering(lambda _: {"messageId": None}, when=lambda given: "messageId" in given),
        witness=_two_launches(lambda stage, names: [stage.get(messageId=names[2])], counts(2)),
    ),
    filter_fault(
        id="either-filter",
        rule="filter.both",
        sentence="Of two filters a report has to match one.",
        advice=_ALL,
        source=("assumption",),
        make=_either,
        witness=_two_launches(lambda stage, names: [stage.get(bulkId=names[0], messageId=names[3])], counts(2)),
    ),
    filter_fault(
        id="bulk-wins",
        rule="filter.both",
        sentence="Beside a bulkId, the messageId is ignored.",
        advice=_ALL,
        source=("assumption",),
        make=_filtering(lambda _: {"messageId": None}, when=lambda given: given.keys() >= {"bulkId", "messageId"}),
        witness=_two_launches(lambda stage, names: [stage.get(bulkId=names[0], messageId=names[3])], counts(1)),
    ),
    filter_fault(
        id="bulk-begins",
        rule="filter.bulk",
        sentence="A bulkId finds every launch whose name begins so.",
        advice=_ALL,
        source=("reports",),
        make=_remembering_bulks(lambda given, name: name.startswith(given)),
        witness=_two_launches(lambda stage, names: [stage.get(bulkId=names[0])], counts(2), hints=("", "-2")),
    ),
    filter_fault(
        id="bulk-case",
        rule="filter.bulk",
        sentence="A bulkId is compared without regard to case.",
        advice=_ALL,
        source=("reports",),
        make=_remembering_bulks(lambda given, name: name.lower() == given.lower()),
        witness=_swapped,
    ),
    filter_fault(
        id="message-finds-nothing",
        rule="filter.finds",
        sentence="With a messageId nothing is found.",
        advice=_ALL,
        source=("reports",),
        make=_filtering(lambda _: {"messageId": "nothing"}, when=lambda given: given.keys() == {"messageId"}),
        witness=_two_launches(lambda stage, names: [stage.get(messageId=names[2])], counts(0)),
    ),
    filter_fault(
        id="first-message-only",
        rule="filter.finds",
        sentence="With a bulkId one report is found at a time.",
        advice=PAGE,
        source=("reports",),
        make=_filtering(lambda _: {"limit": "1"}, when=lambda given: "bulkId" in given),
        witness=launch_and(get(), get(), shows=counts(1, 1)),
    ),
    filter_fault(
        id="filter-takes-all",
        rule="filter.leaves-others",
        sentence="A request with a filter takes the reports of others, too.",
        advice=_ALL,
        source=("reports",),
        make=_taking_all,
        witness=_two_launches(
            lambda stage, names: [stage.get(bulkId=names[0]), stage.get(bulkId=names[1])], counts(1, 0)
        ),
    ),
    filter_fault(
        id="limit-before-filter",
        rule="filter.finds",
        sentence="limit counts reports before the filter does.",
        advice=_ALL,
        source=("reports",),
        make=_limit_first,
        witness=_two_launches(lambda stage, names: [stage.get(bulkId=names[1], limit=1)], counts(0)),
    ),
)
