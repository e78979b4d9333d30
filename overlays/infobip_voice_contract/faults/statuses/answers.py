"""Statuses that do not say what happened, and refusals in another form."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    NOTHING,
    answering,
    body_of,
    broken,
    errors,
    fetches,
    header,
    items_of,
    launches,
    refusing,
    some_item,
    stated,
)
from infobip_voice_contract.faults.fault import Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.statuses.words import fault
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, answered, launched, reports, value
from infobip_voice_contract.rules.rule import SEEDS
from infobip_voice_contract.stage import CTC, IVR, REPORTS, Stage

__all__ = ["ANSWERS"]

_LOST: Final = "Never repeat a launch whose answer was lost: ask by its messageIds what became of it."
_READ_LOST: Final = "Write every answer down before you read it; what a lost answer carried is gone."
_STATUS: Final = "Decide by the class of a status, and keep the bytes of an answer that you did not expect."
_REFUSED: Final = "Show the refusal with its text, and do not send the same again."


def _documents(*pairs: tuple[int, str]) -> Make:
    kinds = dict(pairs)
    return answering(
        lambda answer: stated(answer, answer.status, kinds[answer.status]),
        when=lambda _, answer: answer.status in kinds,
    )


def _kind(answer: Answer) -> object:
    document = value(answer, "ApiException")
    return document["requestError"]["serviceException"]["messageId"] if document else None


def _early(change: Callable[[Request, str], Request], *, when: Callable[[Request], object]) -> Make:
    """Look at something earlier than the contract says, so that a later cause wins.

    Args:
        change: Takes the earlier cause away; it is given the account's right Authorization.
        when: Says that there surely is a later cause, so that nothing takes effect.
    """

    def make() -> Wrapper:
        right: list[str] = []

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            if answer.status == 200 and request.fields("authorization"):
                right[:] = request.fields("authorization")
            if answer.status < 400 or not right or is_push(request) or not when(request):
                return answer
            return await send(change(request, right[0]))

        return wrapper

    return make


def _malformed(request: Request) -> bool:
    return launches(request) and body_of(request) is None


def _no_limit(request: Request) -> bool:
    return fetches(request) and ("limit", "0") in request.query


def _after_one(request: Callable[[Stage], Request], status: int) -> Witness:
    def witness(stage: Stage) -> Steps:
        yield stage.get(bulkId=stage.id())
        answer: Answer = yield request(stage)
        return answer.status == status

    return witness


def _reset_after(calls: int) -> Make:
    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        count = sum(len(item.get("destinations", "1")) for item in items_of(request)) if answer.status == 200 else 0
        return NOTHING if count >= calls else answer

    return lambda: wrapper


def _launch_lost(stage: Stage) -> Steps:
    bulk = stage.id()
    lost: Answer = yield stage.post(stage.ivr(5, bulk=bulk))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return lost.status == 0 and len(reports(answer)) == 5


def _unknown(stage: Stage) -> Request:
    return stage.get(path="/nothing")


def _lost_read(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(3, bulk=bulk))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return answer.status == 0


def _failing(when: Callable[[Request], object]) -> Make:
    async def wrapper(request: Request, send: Send) -> Answer:
        if is_push(request) or not when(request):
            return await send(request)
        answer = await send(broken(request))
        return stated(answer, 500, "GENERAL_ERROR") if answer.status == 400 else answer

    return lambda: wrapper


ANSWERS: Final = (
    fault(
        id="launch-answer-lost",
        rule="status.answered",
        sentence="A launch of five calls or more is made, and not answered.",
        advice=_LOST,
        source=SEEDS,
        make=_reset_after(5),
        witness=_launch_lost,
    ),
    fault(
        id="read-answer-lost",
        rule="status.answered",
        sentence="A page of three reports or more is lost on its way.",
        advice=_READ_LOST,
        source=SEEDS,
        make=answering(lambda _: NOTHING, when=lambda request, answer: fetches(request) and len(reports(answer)) > 2),
        witness=_lost_read,
    ),
    fault(
        id="launched-202",
        rule="status.documented",
        sentence="An accepted launch is answered 202.",
        advice=_STATUS,
        source=("platform-2026",),
        make=answering(
            lambda answer: stated(answer, 202), when=lambda request, answer: launches(request) and answer.status == 200
        ),
        witness=launched(lambda answer: answer.status == 202),
    ),
    fault(
        id="click-created",
        rule="status.documented",
        sentence="An accepted click to call is answered 201.",
        advice=_STATUS,
        source=("platform-2026",),
        make=answering(
            lambda answer: stated(answer, 201),
            when=lambda request, answer: request.path == CTC and answer.status == 200,
        ),
        witness=launched(lambda answer: answer.status == 201, path=CTC),
    ),
    fault(
        id="refused-422",
        rule="status.documented",
        sentence="A body that breaks the schema is answered 422.",
        advice=_STATUS,
        source=("platform-2026",),
        make=answering(
            lambda answer: stated(answer, 422),
            when=lambda request, answer: answer.status == 400 and body_of(request) is not None,
        ),
        witness=launched(lambda answer: answer.status == 422, **{"from": "1"}),
    ),
    fault(
        id="refused-500",
        rule="status.no-fault",
        sentence="A body that is not well-formed makes the server fail with 500.",
        advice=_STATUS,
        source=("platform-2026",),
        make=answering(
            lambda answer: stated(answer, 500, "GENERAL_ERROR"),
            when=lambda request, answer: answer.status == 400 and _malformed(request),
        ),
        witness=answered(lambda stage: stage.post(b"{"), lambda answer: answer.status == 500),
    ),
    fault(
        id="limit-500",
        rule="status.no-fault",
        sentence="A limit in letters makes the server fail with 500.",
        advice=_STATUS,
        source=("platform-2026",),
        make=answering(
            lambda answer: stated(answer, 500, "GENERAL_ERROR"),
            when=lambda request, answer: answer.status == 400 and dict(request.query).get("limit", "").isalpha(),
        ),
        witness=answered(lambda stage: stage.get(limit="abc"), lambda answer: answer.status == 500),
    ),
    fault(
        id="emoji-500",
        rule="status.no-fault",
        sentence="A text outside the first plane of Unicode makes the server fail with 500.",
        advice=_STATUS,
        source=("platform-2026",),
        make=_failing(
            lambda request: any(byte >= 0xF0 for byte in request.body) or "\\ud83d" in request.body.decode("latin-1")
        ),
        witness=launched(lambda answer: answer.status == 500, callbackData="\U0001f600"),
    ),
    fault(
        id="ivr-refused",
        rule="status.launched",
        sentence="An IVR launch in JSON of several calls is refused.",
        advice=_REFUSED,
        source=SEEDS,
        make=refusing(
            lambda request: (
                "json" in str(request.fields("content-type"))
                and some_item(lambda item: len(item.get("destinations", ())) > 1)(request)
            )
        ),
        witness=launched(lambda answer: answer.status == 400, calls=2),
    ),
    fault(
        id="several-items-refused",
        rule="status.launched",
        sentence="A launch with several messages is refused.",
        advice=_REFUSED,
        source=SEEDS,
        make=refusing(lambda request: len(items_of(request)) > 1),
        witness=launched(lambda answer: answer.status == 400, path=CTC, calls=2),
    ),
    fault(
        id="reports-forbidden",
        rule="status.fetched",
        sentence="A request for reports of an unknown launch is refused.",
        advice=_STATUS,
        source=("reports",),
        make=answering(
            lambda answer: stated(answer, 400),
            when=lambda request, answer: (
                fetches(request) and answer.status == 200 and not reports(answer) and "bulkId" in request.target
            ),
        ),
        witness=answered(lambda stage: stage.get(bulkId=stage.id()), lambda answer: answer.status == 400),
    ),
    fault(
        id="unknown-path-200",
        rule="status.unknown-path",
        sentence="An unknown path is answered 200.",
        advice=_STATUS,
        source=("assumption",),
        make=answering(lambda answer: stated(answer, 200), when=errors(404)),
        witness=answered(_unknown, lambda answer: answer.status == 200),
    ),
    fault(
        id="unknown-path-400",
        rule="status.unknown-path",
        sentence="An unknown path is answered 400.",
        advice=_STATUS,
        source=("assumption",),
        make=answering(lambda answer: stated(answer, 400, "BAD_REQUEST"), when=errors(404)),
        witness=answered(_unknown, lambda answer: answer.status == 400),
    ),
    fault(
        id="kind-400",
        rule="status.error-kind",
        sentence="A 400 calls itself INVALID_REQUEST.",
        advice="Decide by the status; the messageId of a refusal is for people and logs.",
        source=("platform-2026",),
        make=_documents((400, "INVALID_REQUEST")),
        witness=answered(lambda stage: stage.get(limit=0), lambda answer: _kind(answer) == "INVALID_REQUEST"),
    ),
    fault(
        id="kind-401",
        rule="status.error-kind",
        sentence="A 401 calls itself BAD_REQUEST.",
        advice="Decide by the status; the messageId of a refusal is for people and logs.",
        source=("platform-2026",),
        make=_documents((401, "BAD_REQUEST")),
        witness=answered(lambda stage: stage.get(authorization=None), lambda answer: _kind(answer) == "BAD_REQUEST"),
    ),
    fault(
        id="kind-others",
        rule="status.assumed-kind",
        sentence="A 404, 405, 406 or 415 calls itself GENERAL_ERROR.",
        advice="Decide by the status; the messageId of a refusal is for people and logs.",
        source=("assumption",),
        make=_documents(*((status, "GENERAL_ERROR") for status in (404, 405, 406, 415))),
        witness=answered(_unknown, lambda answer: _kind(answer) == "GENERAL_ERROR"),
    ),
    fault(
        id="path-after-user",
        rule="status.precedence",
        sentence="At an unknown path the credentials are looked at first.",
        advice=_STATUS,
        source=("assumption",),
        make=_early(
            lambda request, _: replace(request, target=REPORTS, method="GET"),
            when=lambda request: request.path not in (IVR, CTC, REPORTS) and not request.fields("authorization"),
        ),
        witness=_after_one(lambda stage: stage.get(path="/nothing", authorization=None), 401),
    ),
    fault(
        id="method-after-user",
        rule="status.precedence",
        sentence="For a wrong method the credentials are looked at first.",
        advice=_STATUS,
        source=("assumption",),
        make=_early(
            lambda request, _: replace(request, method="GET"),
            when=lambda request: (
                request.path == REPORTS and request.method != "GET" and not request.fields("authorization")
            ),
        ),
        witness=_after_one(lambda stage: stage.get(method="DELETE", authorization=None), 401),
    ),
    fault(
        id="body-before-user",
        rule="status.precedence",
        sentence="The body is read before the credentials: strangers get 400.",
        advice=_STATUS,
        source=("assumption",),
        make=_early(lambda request, right: header(request, "authorization", right), when=_malformed),
        witness=_after_one(lambda stage: stage.post(b"{", authorization=None), 400),
    ),
    fault(
        id="query-before-user",
        rule="status.precedence",
        sentence="The query is read before the credentials: strangers get 400.",
        advice=_STATUS,
        source=("assumption",),
        make=_early(lambda request, right: header(request, "authorization", right), when=_no_limit),
        witness=_after_one(lambda stage: stage.get(limit=0, authorization="nonsense"), 400),
    ),
    fault(
        id="body-before-accept",
        rule="status.precedence",
        sentence="A malformed body is refused before Accept is looked at.",
        advice=_STATUS,
        source=("assumption",),
        make=_early(
            lambda request, _: header(request, "accept", None),
            when=lambda request: _malformed(request) and bool(request.fields("authorization")),
        ),
        witness=_after_one(lambda stage: stage.post(b"{", accept="text/html"), 400),
    ),
    fault(
        id="type-before-accept",
        rule="status.precedence",
        sentence="Content-Type is looked at before Accept.",
        advice=_STATUS,
        source=("assumption",),
        make=_early(
            lambda request, _: header(request, "accept", None),
            when=lambda request: (
                launches(request)
                and "text/plain" in request.fields("content-type")
                and bool(request.fields("authorization"))
            ),
        ),
        witness=_after_one(lambda stage: stage.post(b"{", accept="text/html", content_type="text/plain"), 415),
    ),
    fault(
        id="user-after-accept",
        rule="status.precedence",
        sentence="Accept is looked at before the credentials.",
        advice=_STATUS,
        source=("assumption",),
        make=_early(
            lambda request, right: header(request, "authorization", right),
            when=lambda request: request.fields("accept") == ["text/html"],
        ),
        witness=_after_one(
            lambda stage: stage.post(b"{", accept="text/html", authorization=None, content_type="text/plain"), 406
        ),
    ),
)
