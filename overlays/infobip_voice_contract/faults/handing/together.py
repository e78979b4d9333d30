"""Requests at the same time that meet."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    body_of,
    broken,
    fetches,
    items_of,
    launches,
    rewritten,
    stated,
)
from infobip_voice_contract.faults.fault import Fault, Send, Wrapper
from infobip_voice_contract.faults.incoming import acceptable
from infobip_voice_contract.faults.witness import Steps, Together, Wait, entries, reports, value
from infobip_voice_contract.stage import Stage

__all__ = ["TOGETHER"]


def _readers_alike() -> Wrapper:
    """Readers at the same time get the same page: the first waits a moment for another."""
    under_way: dict[str, tuple[asyncio.Future[Answer], asyncio.Event]] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        if not fetches(request):
            return await send(request)
        if request.target in under_way:
            first, joined = under_way[request.target]
            joined.set()
            return await first
        answer = await send(request)
        if not reports(answer):
            return answer
        future, joined = asyncio.get_running_loop().create_future(), asyncio.Event()
        under_way[request.target] = future, joined
        with suppress(TimeoutError):
            await asyncio.wait_for(joined.wait(), 0.1)
        del under_way[request.target]
        future.set_result(answer)
        return answer

    return wrapper


def _launches_alike() -> Wrapper:
    """Of launches of one messageId at the same time each is accepted."""
    under_way: set[str] = set()

    async def wrapper(request: Request, send: Send) -> Answer:
        names = {
            str(each.get("messageId"))
            for item in items_of(request)
            for each in item.get("destinations") or ()
            if each.get("messageId")
        }
        if not names:
            return await send(request)
        again = names & under_way
        under_way.update(names)
        try:
            await asyncio.sleep(0.01)
            answer = await send(request)
        finally:
            under_way.difference_update(names)
        if not again or answer.status != 200:
            return answer
        document = body_of(answer)
        for entry in document["messages"]:
            if entry["status"].get("id") == 23:
                entry["status"] = {
                    "groupId": 1,
                    "groupName": "PENDING",
                    "id": 26,
                    "name": "PENDING_ACCEPTED",
                    "description": "x",
                }
        return rewritten(answer, document)

    return wrapper


def _launches_named_alike() -> Wrapper:
    """Launches at the same time are answered with the bulkId of the first of them."""
    under_way: list[str] = []

    async def wrapper(request: Request, send: Send) -> Answer:
        document = body_of(request) if launches(request) and acceptable(request) else {}
        bulk = document.get("bulkId")
        if bulk is None:
            return await send(request)
        under_way.append(bulk)
        first = under_way[0]
        await asyncio.sleep(0.01)
        answer = await send(request)
        under_way.remove(bulk)
        if first == bulk or answer.status != 200:
            return answer
        return rewritten(answer, {**body_of(answer), "bulkId": first})

    return wrapper


def _readers_in_the_way() -> Wrapper:
    """Who reads beside another one loses the first report of the page."""
    reading = [0]

    async def wrapper(request: Request, send: Send) -> Answer:
        if not fetches(request):
            return await send(request)
        reading[0] += 1
        await asyncio.sleep(0.01)
        beside = reading[0] > 1
        answer = await send(request)
        reading[0] -= 1
        found = reports(answer) if answer.status == 200 else []
        return rewritten(answer, {**body_of(answer), "results": found[1:]}) if beside and found else answer

    return wrapper


def _one_reader() -> Wrapper:
    """A request for reports beside another one is a 503."""
    reading = [0]

    async def wrapper(request: Request, send: Send) -> Answer:
        if not fetches(request) or not acceptable(request):
            return await send(request)
        if reading[0]:
            answer = await send(broken(request))
            return stated(answer, 503, "GENERAL_ERROR") if answer.status == 400 else answer
        reading[0] += 1
        await asyncio.sleep(0.01)
        answer = await send(request)
        reading[0] -= 1
        return answer

    return wrapper


def _launched_under_other_names(stage: Stage) -> Steps:
    bulks = [stage.id() for _ in range(3)]
    answers: list[Answer] = yield Together(tuple(stage.post(stage.ivr(1, bulk=bulk)) for bulk in bulks))
    return [value(answer)["bulkId"] for answer in answers] != bulks


def _lost_between_readers(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(8, bulk=bulk))
    yield Wait()
    answers: list[Answer] = yield Together(tuple(stage.get(bulkId=bulk, limit=2) for _ in range(4)))
    return sum(len(reports(answer)) for answer in answers) < 8


def _turned_away(stage: Stage) -> Steps:
    answers: list[Answer] = yield Together(tuple(stage.get(bulkId=stage.id()) for _ in range(3)))
    return any(answer.status == 503 for answer in answers)


def _read_together(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(8, bulk=bulk))
    yield Wait()
    request = stage.get(bulkId=bulk, limit=2)
    answers: list[Answer] = yield Together((request, request, request))
    found = [report["messageId"] for answer in answers for report in reports(answer)]
    return len(set(found)) < len(found)


def _launched_together(stage: Stage) -> Steps:
    name = stage.id()
    answers: list[Answer] = yield Together(
        tuple(stage.post(stage.ivr(1, bulk=stage.id(), ids=[name])) for _ in range(3))
    )
    return len([1 for answer in answers for entry in entries(answer) if entry["status"]["groupId"] == 1]) > 1


_together = partial(Fault, group="concurrency")


TOGETHER: Final = (
    _together(
        id="readers-alike",
        rule="together.readers",
        sentence="Readers at the same time get the same page.",
        advice="Let one program drain an account.",
        source=("reports",),
        make=_readers_alike,
        witness=_read_together,
    ),
    _together(
        id="launches-alike",
        rule="together.launches",
        sentence="Of launches of one messageId at the same time each is accepted.",
        advice="Send a launch once, and wait for its answer.",
        source=("platform-2026",),
        make=_launches_alike,
        witness=_launched_together,
    ),
    _together(
        id="readers-in-the-way",
        rule="together.all",
        sentence="Who reads beside another one does not get the first report of the page, and nobody does.",
        advice="Let one program drain an account.",
        source=("reports",),
        make=_readers_in_the_way,
        witness=_lost_between_readers,
    ),
    _together(
        id="launches-named-alike",
        rule="together.own",
        sentence="Launches at the same time are answered with the bulkId of the first of them.",
        advice="Go by the bulkId that you have sent, not by the one that comes back.",
        source=("ctc",),
        make=_launches_named_alike,
        witness=_launched_under_other_names,
    ),
    _together(
        id="one-reader",
        rule="together.served",
        sentence="A request for reports while another one is answered is a 503.",
        advice="Let one program drain an account.",
        source=("platform-2026",),
        make=_one_reader,
        witness=_turned_away,
    ),
)
