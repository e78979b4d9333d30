"""Faults about which status an answer has, which methods a path has, and what is too large."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import ACCOUNT, Answer, Request
from infobip_voice_contract.faults.edits import (
    NOTHING,
    answering,
    body_of,
    broken,
    documented,
    errors,
    fetches,
    header,
    items_of,
    launches,
    mended,
    refusing,
    rewritten,
    some_item,
    stated,
)
from infobip_voice_contract.faults.fault import Fault, Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, answered, entries, launched, reports, value
from infobip_voice_contract.rules.rule import SEEDS
from infobip_voice_contract.stage import CTC, IVR, REPORTS, Stage

__all__ = ["STATUSES"]

_LOST: Final = "Never repeat a launch whose answer was lost: ask by its messageIds what became of it."
_READ_LOST: Final = "Write every answer down before you read it; what a lost answer carried is gone."
_STATUS: Final = "Decide by the class of a status, and keep the bytes of an answer that you did not expect."
_REFUSED: Final = "Show the refusal with its text, and do not send the same again."
_METHOD: Final = "Send the documented methods alone."
_LARGE: Final = "Split a large launch into several, and count the entries of each answer."
MIB: Final = 1024 * 1024


def _documents(*pairs: tuple[int, str]) -> Make:
    kinds = dict(pairs)
    return answering(lambda answer: stated(answer, answer.status, kinds[answer.status]),
                     when=lambda _, answer: answer.status in kinds)  # fmt: skip


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


def _many(count: int) -> Witness:
    return answered(
        lambda stage: stage.post({"messages": [{"scenarioId": "x", "destinations": [{"to": "999100000001"}] * count}]}),
        lambda answer: answer.status == 200,
    )


def _fewer(request: Request) -> Request | None:
    document = body_of(request)
    long = [item for item in items_of(request) if len(item.get("destinations", ())) > 20_000]
    if not long:
        return None
    for item in document["messages"]:
        item["destinations"] = item["destinations"][:20_000]
    return rewritten(request, document)


def _as(method: str, *others: str) -> Make:
    """Take other methods for the one that a path has."""

    async def wrapper(request: Request, send: Send) -> Answer:
        fits = not is_push(request) and request.method in others and request.path in (IVR, CTC, REPORTS)
        return await send(replace(request, method=method) if fits else request)

    return lambda: wrapper


def _asked(method: str, path: str = REPORTS) -> Witness:
    return answered(
        lambda stage: stage.get(method=method, bulkId=stage.id()) if path == REPORTS
        else Request(method, path, (("Authorization", ACCOUNT), ("Accept", "application/json"))),
        lambda answer: answer.status == 200,
    )  # fmt: skip


def _large(size: int) -> Callable[[Stage], Request]:
    def request(stage: Stage) -> Request:
        whole = stage.post(stage.ivr()).body
        return stage.post(whole + b" " * (size - len(whole)))

    return request


def _trimmed(request: Request) -> Request | None:
    return replace(request, body=request.body.strip()) if len(request.body) > 4 * MIB else None


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


def _cut(most: int) -> Make:
    def cut(document: dict[str, Any]) -> None:
        document["messages"] = document["messages"][:most]

    return documented(
        cut, when=lambda request, answer: launches(request) and answer.status == 200 and b"messages" in answer.body
    )


_fault = partial(Fault, group="status")

STATUSES: Final = (
    _fault(
        id="launch-answer-lost",
        rule="status.answered",
        sentence="A launch of five calls or more is made, and not answered.",
        advice=_LOST,
        source=SEEDS,
        make=_reset_after(5),
        witness=_launch_lost,
    ),
    _fault(
        id="read-answer-lost",
        rule="status.answered",
        sentence="A page of three reports or more is lost on its way.",
        advice=_READ_LOST,
        source=SEEDS,
        make=answering(lambda _: NOTHING, when=lambda request, answer: fetches(request) and len(reports(answer)) > 2),
        witness=_lost_read,
    ),
    _fault(
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
    _fault(
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
    _fault(
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
    _fault(
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
    _fault(
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
    _fault(
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
    _fault(
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
    _fault(
        id="several-items-refused",
        rule="status.launched",
        sentence="A launch with several messages is refused.",
        advice=_REFUSED,
        source=SEEDS,
        make=refusing(lambda request: len(items_of(request)) > 1),
        witness=launched(lambda answer: answer.status == 400, path=CTC, calls=2),
    ),
    _fault(
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
    _fault(
        id="unknown-path-200",
        rule="status.unknown-path",
        sentence="An unknown path is answered 200.",
        advice=_STATUS,
        source=("assumption",),
        make=answering(lambda answer: stated(answer, 200), when=errors(404)),
        witness=answered(_unknown, lambda answer: answer.status == 200),
    ),
    _fault(
        id="unknown-path-400",
        rule="status.unknown-path",
        sentence="An unknown path is answered 400.",
        advice=_STATUS,
        source=("assumption",),
        make=answering(lambda answer: stated(answer, 400, "BAD_REQUEST"), when=errors(404)),
        witness=answered(_unknown, lambda answer: answer.status == 400),
    ),
    _fault(
        id="kind-400",
        rule="status.error-kind",
        sentence="A 400 calls itself INVALID_REQUEST.",
        advice="Decide by the status; the messageId of a refusal is for people and logs.",
        source=("platform-2026",),
        make=_documents((400, "INVALID_REQUEST")),
        witness=answered(lambda stage: stage.get(limit=0), lambda answer: _kind(answer) == "INVALID_REQUEST"),
    ),
    _fault(
        id="kind-401",
        rule="status.error-kind",
        sentence="A 401 calls itself BAD_REQUEST.",
        advice="Decide by the status; the messageId of a refusal is for people and logs.",
        source=("platform-2026",),
        make=_documents((401, "BAD_REQUEST")),
        witness=answered(lambda stage: stage.get(authorization=None), lambda answer: _kind(answer) == "BAD_REQUEST"),
    ),
    _fault(
        id="kind-others",
        rule="status.assumed-kind",
        sentence="A 404, 405, 406 or 415 calls itself GENERAL_ERROR.",
        advice="Decide by the status; the messageId of a refusal is for people and logs.",
        source=("assumption",),
        make=_documents(*((status, "GENERAL_ERROR") for status in (404, 405, 406, 415))),
        witness=answered(_unknown, lambda answer: _kind(answer) == "GENERAL_ERROR"),
    ),
    _fault(
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
    _fault(
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
    _fault(
        id="body-before-user",
        rule="status.precedence",
        sentence="The body is read before the credentials: strangers get 400.",
        advice=_STATUS,
        source=("assumption",),
        make=_early(lambda request, right: header(request, "authorization", right), when=_malformed),
        witness=_after_one(lambda stage: stage.post(b"{", authorization=None), 400),
    ),
    _fault(
        id="query-before-user",
        rule="status.precedence",
        sentence="The query is read before the credentials: strangers get 400.",
        advice=_STATUS,
        source=("assumption",),
        make=_early(lambda request, right: header(request, "authorization", right), when=_no_limit),
        witness=_after_one(lambda stage: stage.get(limit=0, authorization="nonsense"), 400),
    ),
    _fault(
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
    _fault(
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
    _fault(
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
    _fault(
        id="launch-put",
        group="method",
        rule="method.refused",
        sentence="PUT launches as POST does.",
        advice=_METHOD,
        source=("ivr-2017", "ctc"),
        make=_as("POST", "PUT"),
        witness=answered(lambda stage: stage.post(stage.ivr(), method="PUT"), lambda answer: answer.status == 200),
    ),
    _fault(
        id="reports-delete",
        group="method",
        rule="method.no-effect",
        sentence="DELETE answers with reports as GET does.",
        advice=_METHOD,
        source=("reports",),
        make=_as("GET", "DELETE"),
        witness=_asked("DELETE"),
    ),
    _fault(
        id="reports-post",
        group="method",
        rule="method.no-effect",
        sentence="POST answers with reports as GET does.",
        advice=_METHOD,
        source=("reports",),
        make=_as("GET", "POST"),
        witness=_asked("POST"),
    ),
    _fault(
        id="reports-head",
        group="method",
        rule="method.refused",
        sentence="HEAD is answered 200.",
        advice=_METHOD,
        source=("assumption",),
        make=answering(
            lambda answer: stated(answer, 200),
            when=lambda request, answer: request.method == "HEAD" and answer.status == 405,
        ),
        witness=_asked("HEAD"),
    ),
    _fault(
        id="method-404",
        group="method",
        rule="method.refused",
        sentence="A method that a path does not have is answered 404.",
        advice=_METHOD,
        source=("assumption",),
        make=answering(lambda answer: stated(answer, 404, "NOT_FOUND"), when=errors(405)),
        witness=answered(lambda stage: stage.get(method="DELETE"), lambda answer: answer.status == 404),
    ),
    _fault(
        id="method-501",
        group="method",
        rule="method.refused",
        sentence="PATCH is answered 501.",
        advice=_METHOD,
        source=("assumption",),
        make=answering(
            lambda answer: stated(answer, 501, "GENERAL_ERROR"),
            when=lambda request, answer: request.method == "PATCH" and answer.status == 405,
        ),
        witness=answered(lambda stage: stage.get(method="PATCH"), lambda answer: answer.status == 501),
    ),
    _fault(
        id="no-allow",
        group="method",
        rule="method.allow",
        sentence="A 405 has no Allow.",
        advice=_METHOD,
        source=("assumption",),
        make=answering(lambda answer: header(answer, "allow", None), when=errors(405)),
        witness=answered(lambda stage: stage.get(method="DELETE"), lambda answer: answer.field("allow") is None),
    ),
    _fault(
        id="wrong-allow",
        group="method",
        rule="method.allow",
        sentence="A 405 for reports allows POST.",
        advice=_METHOD,
        source=("assumption",),
        make=answering(lambda answer: header(answer, "allow", "POST"), when=errors(405)),
        witness=answered(lambda stage: stage.get(method="DELETE"), lambda answer: answer.field("allow") == "POST"),
    ),
    _fault(
        id="too-large-taken",
        group="size",
        rule="size.too-large",
        sentence="A body above 4 MiB is accepted.",
        advice=_LARGE,
        source=("assumption",),
        make=mended(_trimmed, statuses=(413,)),
        witness=answered(_large(4 * MIB + 1), lambda answer: answer.status == 200),
    ),
    _fault(
        id="too-large-400",
        group="size",
        rule="size.too-large",
        sentence="A body above 4 MiB is answered 400.",
        advice=_LARGE,
        source=("assumption",),
        make=answering(lambda answer: stated(answer, 400, "BAD_REQUEST"), when=errors(413)),
        witness=answered(_large(4 * MIB + 1), lambda answer: answer.status == 400),
    ),
    _fault(
        id="one-mib",
        group="size",
        rule="size.fits",
        sentence="A body above 1 MiB is refused.",
        advice=_LARGE,
        source=("assumption",),
        make=refusing(lambda request: len(request.body) > MIB),
        witness=answered(_large(2 * MIB), lambda answer: answer.status == 400),
    ),
    _fault(
        id="too-many-taken",
        group="size",
        rule="size.too-many",
        sentence="Of more than 20,000 destinations the first 20,000 are called.",
        advice=_LARGE,
        source=("platform-2026",),
        make=mended(_fewer),
        witness=_many(20_001),
    ),
    _fault(
        id="too-few",
        group="size",
        rule="size.most",
        sentence="A message with more than 10,000 destinations is refused.",
        advice=_LARGE,
        source=("platform-2026",),
        make=refusing(some_item(lambda item: len(item.get("destinations", ())) > 10_000)),
        witness=answered(
            lambda stage: stage.post(
                {"messages": [{"scenarioId": "x", "destinations": [{"to": "999100000001"}] * 10_001}]}
            ),
            lambda answer: answer.status == 400,
        ),
    ),
    _fault(
        id="entries-cut",
        group="size",
        rule="size.most",
        sentence="The answer to a launch lists 1,000 entries at most.",
        advice=_LARGE,
        source=("platform-2026",),
        make=_cut(1000),
        witness=answered(
            lambda stage: stage.post(
                {"messages": [{"scenarioId": "x", "destinations": [{"to": "999100000001"}] * 1001}]}
            ),
            lambda answer: len(entries(answer)) == 1000,
        ),
    ),
)
