"""Faults of requests at the same time."""

import asyncio
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import failed, page, paged, stated
from infobip_voice_contract.faults.edits import body_of, fetches, launches, rewritten
from infobip_voice_contract.faults.fault import Fault, Send, Wrapper
from infobip_voice_contract.faults.witness import Steps, Together, Wait, Witness, reports, value
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]

_MOMENT: Final = 0.02
"""Seconds that a page or an answer is held, in which another request may come."""


def _shared_page() -> Wrapper:
    selected: dict[tuple[str, str], Answer] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        key = (request.target, stated(request, "accept"))
        if fetches(request) and key in selected:
            return selected[key]
        answer = await send(request)
        if fetches(request) and answer.status == 200 and page(answer):
            # Selected, and not yet marked as handed out.
            selected[key] = answer
            await asyncio.sleep(_MOMENT)
            del selected[key]
        return answer

    return wrapper


def _latest_bulk() -> Wrapper:
    latest: list[str] = []

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        document: dict[str, Any] = body_of(answer) if launches(request) and answer.status == 200 else {}
        if "bulkId" not in document:
            return answer
        latest[:] = [document["bulkId"]]
        await asyncio.sleep(_MOMENT)
        other: Answer = rewritten(answer, {**document, "bulkId": latest[0]})
        return answer if latest[0] == document["bulkId"] else other

    return wrapper


def _locked() -> Wrapper:
    writing: list[Request] = []

    async def wrapper(request: Request, send: Send) -> Answer:
        if not launches(request):
            return await send(request)
        if writing:
            return await failed(request, send)
        writing.append(request)
        await asyncio.sleep(_MOMENT)
        try:
            return await send(request)
        finally:
            writing.remove(request)

    return wrapper


def _thinned_out() -> Wrapper:
    reading = [0]

    async def wrapper(request: Request, send: Send) -> Answer:
        if not fetches(request):
            return await send(request)
        reading[0] += 1
        answer = await send(request)
        if answer.status == 200 and len(page(answer)) > 1:
            await asyncio.sleep(_MOMENT)
            # Two readers advance one cursor: each of them misses a report.
            answer = paged(answer, page(answer)[1:]) if reading[0] > 1 else answer
        reading[0] -= 1
        return answer

    return wrapper


def _two_readers(calls: int, limit: int) -> Witness:
    def steps(stage: Stage) -> Steps:
        bulk = stage.id()
        yield stage.post(stage.ivr(calls, bulk=bulk))
        yield Wait()
        answers: list[Answer] = yield Together(tuple(stage.get(bulkId=bulk, limit=limit) for _ in range(4)))
        return sum(len(reports(answer)) for answer in answers) != calls

    return steps


def _launches_at_once(stage: Stage) -> Steps:
    bulks = [stage.id() for _ in range(4)]
    answers: list[Answer] = yield Together(tuple(stage.post(stage.ivr(bulk=bulk)) for bulk in bulks))
    return any(value(answer)["bulkId"] != bulk for answer, bulk in zip(answers, bulks, strict=True))


def _one_fails(stage: Stage) -> Steps:
    answers: list[Answer] = yield Together(tuple(stage.post(stage.ivr()) for _ in range(4)))
    return any(answer.status == 500 for answer in answers)


FAULTS: Final = (
    Fault(
        id="page-for-all", group="concurrency",
        sentence="Who asks for reports while a page is under way to another one gets the same page.",
        advice="Let one process fetch.", source=("reports",), make=_shared_page, witness=_two_readers(4, 4),
    ),
    Fault(
        id="cursor-of-all", group="concurrency",
        sentence="Of two pages that are fetched at the same time each lacks a report.",
        advice="Let one process fetch.", source=("reports",), make=_thinned_out, witness=_two_readers(8, 2),
    ),
    Fault(
        id="bulk-of-the-latest", group="concurrency",
        sentence="Launches at the same time are all answered with the bulkId of the latest.",
        advice="Launch one after the other.", source=("ctc",), make=_latest_bulk, witness=_launches_at_once,
    ),
    Fault(
        id="locked-500", group="concurrency", sentence="A launch while another one is under way is a 500.",
        advice="Launch one after the other.", source=("platform-2026",), make=_locked, witness=_one_fails,
    ),
)  # fmt: skip
