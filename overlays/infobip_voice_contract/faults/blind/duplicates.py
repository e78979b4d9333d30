"""Faults of recognising a messageId that was used before."""

from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import callees, listed, page, paged
from infobip_voice_contract.faults.edits import body_of, fetches, launches, rewritten
from infobip_voice_contract.faults.fault import Fault, Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.witness import Steps, entries, reports
from infobip_voice_contract.stage import Stage, changed

__all__ = ["FAULTS"]

_DUPLICATE: Final = {
    "groupId": 5, "groupName": "REJECTED", "id": 23, "name": "REJECTED_DUPLICATE_MESSAGE_ID",
    "description": "The message ID has been used already",
}  # fmt: skip

Judge = Callable[[list[str]], list[bool]]


def _rejecting(judge: Callable[[], tuple[Judge, Callable[[list[str]], None]]]) -> Make:
    """Return the maker of a wrapper that rejects calls that the server accepts.

    Args:
        judge: Makes what says which ids of an accepted launch are rejected, and what is told the
            ids of a refused one.
    """

    def make() -> Wrapper:
        rejects, refused = judge()
        dropped: set[tuple[Any, Any]] = set()

        async def wrapper(request: Request, send: Send) -> Answer:
            if is_push(request) and any(_key(report) in dropped for report in reports(request)):
                return Answer(200)
            answer = await send(request)
            if launches(request) and answer.status == 200:
                document = body_of(answer)
                found = listed(document, "messages")
                for entry, rejected in zip(found, rejects([entry["messageId"] for entry in found]), strict=True):
                    if rejected:
                        dropped.add(_key(entry))
                        entry["status"] = _DUPLICATE
                other: Answer = rewritten(answer, document)
                return other
            if launches(request) and answer.status == 400:
                refused([str(callee["messageId"]) for callee in callees(request) if "messageId" in callee])
            if fetches(request) and answer.status == 200:
                return paged(answer, [report for report in page(answer) if _key(report) not in dropped])
            return answer

        return wrapper

    return make


def _key(found: dict[str, Any]) -> tuple[Any, Any]:
    return found.get("messageId"), found.get("to")


def _both() -> tuple[Judge, Callable[[list[str]], None]]:
    return lambda ids: [ids.count(each) > 1 for each in ids], lambda _: None


def _any_case() -> tuple[Judge, Callable[[list[str]], None]]:
    known: set[str] = set()

    def rejects(ids: list[str]) -> list[bool]:
        rejected = [each.casefold() in known for each in ids]
        known.update(each.casefold() for each in ids)
        return rejected

    return rejects, lambda _: None


def _after_refusal() -> tuple[Judge, Callable[[list[str]], None]]:
    taken: set[str] = set()
    return lambda ids: [each in taken for each in ids], taken.update


def _accepted(answer: Answer) -> list[bool]:
    return [entry["status"]["groupId"] == 1 for entry in entries(answer)]


def _twice_in_one(stage: Stage) -> Steps:
    known = stage.id()
    answer: Answer = yield stage.post(stage.ivr(2, ids=[known, known]))
    return _accepted(answer) == [False, False]


def _in_capitals(stage: Stage) -> Steps:
    known = stage.id("a")
    yield stage.post(stage.ivr(ids=[known]))
    answer: Answer = yield stage.post(stage.ivr(ids=[known[:-1] + "A"]))
    return _accepted(answer) == [False]


def _corrected(stage: Stage) -> Steps:
    launch = stage.ivr(ids=[stage.id()])
    yield stage.post(changed(launch, {"messages[0].from": "1"}))
    answer: Answer = yield stage.post(launch)
    return _accepted(answer) == [False]


FAULTS: Final = (
    Fault(
        id="both-rejected", group="ids", sentence="Of two calls of a launch with one messageId both are rejected.",
        advice="Give every call an id of its own.", source=("platform-2026", "assumption"), make=_rejecting(_both),
        witness=_twice_in_one,
    ),
    Fault(
        id="duplicate-by-any-case", group="ids",
        sentence="A messageId that differs from another one only in its case is rejected as a duplicate.",
        advice="Let ids differ in more than their case.", source=("platform-2026",), make=_rejecting(_any_case),
        witness=_in_capitals,
    ),
    Fault(
        id="refused-id-taken", group="once",
        sentence="The messageIds of a launch that was refused count as used.",
        advice="Make up new ids for the corrected launch.", source=("assumption",), make=_rejecting(_after_refusal),
        witness=_corrected,
    ),
)  # fmt: skip
