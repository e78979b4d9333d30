"""Faults of ids that the server behind knows by another name: made up twice, or not compared."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar
from uuid import uuid4

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import callees, given, listed, page
from infobip_voice_contract.faults.edits import body_of, fetches, launches, query, rewritten
from infobip_voice_contract.faults.fault import Fault, Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.incoming import acceptable
from infobip_voice_contract.faults.witness import Steps, Together, entries
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["FAULTS"]

_MOMENT: Final = 0.02
"""Seconds between looking and writing, in which another launch may look."""

Message = TypeVar("Message", Request, Answer)
Incoming = Callable[[Request, dict[str, str]], Awaitable[Request]]


def _renaming(make_incoming: Callable[[], Incoming], *, made: bool = False) -> Make:
    """Return the maker of a wrapper that names some calls otherwise to the server.

    Args:
        make_incoming: Makes what gives a launch other ids, and writes down what is shown.
        made: Whether ids that the server makes are shown as bulkId and number.
    """

    def make() -> Wrapper:
        shown: dict[str, str] = {}
        incoming = make_incoming()

        async def wrapper(request: Request, send: Send) -> Answer:
            if is_push(request):
                return await send(_renamed(request, shown))
            if launches(request):
                sent = await incoming(request, shown)
                answer = await send(sent)
                if made and answer.status == 200:
                    _number(request, answer, shown)
                return _renamed(answer, shown)
            answer = await send(request)
            wanted = given(request, "messageId") if fetches(request) and answer.status == 200 else None
            for name in [name for name, text in shown.items() if text == wanted]:
                answer = answer if page(answer) else await send(query(request, messageId=name))
            return _renamed(answer, shown)

        return wrapper

    return make


def _renamed(message: Message, shown: dict[str, str]) -> Message:
    if not any(name.encode() in message.body for name in shown):
        return message
    document: Any = body_of(message)
    for report in (*listed(document, "messages"), *listed(document, "results")):
        report["messageId"] = shown.get(str(report.get("messageId")), report.get("messageId"))
    other: Message = rewritten(message, document)
    return other


def _number(request: Request, answer: Answer, shown: dict[str, str]) -> None:
    document = body_of(answer)
    for number, (callee, entry) in enumerate(zip(callees(request), listed(document, "messages"), strict=False)):
        if "messageId" not in callee and document.get("bulkId"):
            shown[entry["messageId"]] = f"{document['bulkId']}-{number}"


def _as_it_is() -> Incoming:
    async def incoming(request: Request, shown: dict[str, str]) -> Request:  # noqa: ARG001 - as others
        return request

    return incoming


def _with_new_ids(request: Request, names: set[str], shown: dict[str, str]) -> Request:
    if not names or not acceptable(request):
        return request
    document = body_of(request)
    for item in listed(document, "messages"):
        for callee in listed(item, "destinations") or [item]:
            if callee.get("messageId") in names:
                unlike = str(uuid4())
                shown[unlike] = callee["messageId"]
                callee["messageId"] = unlike
    other: Request = rewritten(request, document)
    return other


def _ids_of(request: Request) -> list[str]:
    return [str(callee["messageId"]) for callee in callees(request) if "messageId" in callee]


def _per_operation() -> Incoming:
    known: dict[bool, set[str]] = {True: set(), False: set()}

    async def incoming(request: Request, shown: dict[str, str]) -> Request:
        clicks = request.path == CTC
        names = {name for name in _ids_of(request) if name in known[not clicks] - known[clicks]}
        known[clicks].update(_ids_of(request))
        return _with_new_ids(request, names, shown)

    return incoming


def _race() -> Incoming:
    under_way: list[str] = []

    async def incoming(request: Request, shown: dict[str, str]) -> Request:
        mine = _ids_of(request)
        # Whoever looks while another one is about to write sees nothing.
        together = {name for name in mine if name in under_way}
        under_way.extend(mine)
        if mine:
            await asyncio.sleep(_MOMENT)
        for name in mine:
            under_way.remove(name)
        return _with_new_ids(request, together, shown)

    return incoming


def _accepted(answer: Answer) -> list[bool]:
    return [entry["status"]["groupId"] == 1 for entry in entries(answer)]


def _by_click(stage: Stage) -> Steps:
    known = stage.id()
    yield stage.post(stage.ivr(ids=[known]))
    answer: Answer = yield stage.post(stage.ctc(ids=[known]), CTC)
    return _accepted(answer) == [True]


def _bulk_again(stage: Stage) -> Steps:
    bulk = stage.id()
    first: Answer = yield stage.post(stage.ivr(bulk=bulk))
    second: Answer = yield stage.post(stage.ivr(bulk=bulk))
    return bool(entries(first)[0]["messageId"] == entries(second)[0]["messageId"])


def _at_once(stage: Stage) -> Steps:
    known = stage.id()
    answers: list[Answer] = yield Together(tuple(stage.post(stage.ivr(ids=[known])) for _ in range(4)))
    return sum(_accepted(answer) == [True] for answer in answers) > 1


FAULTS: Final = (
    Fault(
        id="ids-per-operation", group="ids",
        sentence="A messageId of an IVR may be used for a click to call again, and the other way round.",
        advice="Use no id twice.", source=("platform-2026",), make=_renaming(_per_operation), witness=_by_click,
    ),
    Fault(
        id="made-of-bulk", group="ids",
        sentence="Made-up messageIds are the bulkId and a number, so that a bulkId used twice makes them twice.",
        advice="Give messageIds.", source=("platform-2026", "assumption"), make=_renaming(_as_it_is, made=True),
        witness=_bulk_again,
    ),
    Fault(
        id="duplicates-at-once", group="concurrency",
        sentence="Launches at the same time with one messageId are all accepted.",
        advice="Do not repeat a launch while it is under way.", source=("platform-2026",), make=_renaming(_race),
        witness=_at_once,
    ),
)  # fmt: skip
