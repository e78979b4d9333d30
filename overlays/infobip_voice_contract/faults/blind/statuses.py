"""Faults of the status of an answer: which number says what happened."""

from dataclasses import replace
from typing import Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import failed, given, refused
from infobip_voice_contract.faults.edits import answering, body_of, fetches, header, launches, stateless
from infobip_voice_contract.faults.fault import Fault, Send
from infobip_voice_contract.faults.witness import Steps, answered, entries, reports
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]


async def _general_error(request: Request, send: Send) -> Answer:
    answer = await send(request)
    empty = launches(request) and answer.status == 400 and not request.body
    return await failed(request, send) if empty else answer


def _malformed(request: Request) -> bool:
    return launches(request) and body_of(request) is None


async def _nobody_called(request: Request, send: Send) -> Answer:
    answer = await send(request)
    found = entries(answer) if launches(request) else []
    if found and all(entry["status"]["groupId"] == 5 for entry in found):
        return await refused(request, send)
    return answer


def _called_already(stage: Stage) -> Steps:
    known = stage.id()
    yield stage.post(stage.ivr(ids=[known]))
    answer: Answer = yield stage.post(stage.ivr(ids=[known]))
    return answer.status == 400


async def _no_content(request: Request, send: Send) -> Answer:
    answer = await send(request)
    if fetches(request) and answer.status == 200 and given(request, "bulkId") and not reports(answer):
        kept = tuple(field for field in answer.headers if field[0].lower() != "content-type")
        return Answer(204, kept)
    return answer


async def _type_first(request: Request, send: Send) -> Answer:
    answer = await send(request)
    if answer.status != 406 or not launches(request):
        return answer
    other = await send(header(request, "Accept", "application/json"))
    return other if other.status == 415 else answer


FAULTS: Final = (
    Fault(
        id="violation-422", group="status",
        sentence="A launch that can be read and breaks the schema is a 422; only what cannot be read is a 400.",
        advice="Treat a 422 as a 400: nothing was launched.", source=("platform-2026",),
        make=answering(
            lambda answer: replace(answer, status=422),
            when=lambda request, answer: launches(request) and answer.status == 400 and not _malformed(request),
        ),
        witness=answered(lambda stage: stage.post({"messages": []}), lambda answer: answer.status == 422),
    ),
    Fault(
        id="empty-body-500", group="status", sentence="A launch without a body is a 500.",
        advice="Nothing was launched, although a 500 leaves it open.", source=("platform-2026",),
        make=stateless(_general_error),
        witness=answered(lambda stage: stage.post(b""), lambda answer: answer.status == 500),
    ),
    Fault(
        id="all-rejected-400", group="status",
        sentence="A launch whose every call is rejected is a 400, without a word about the calls.",
        advice="Look for a messageId that you have used before.", source=("platform-2026", "assumption"),
        make=stateless(_nobody_called), witness=_called_already,
    ),
    Fault(
        id="empty-bulk-204", group="status",
        sentence="When nothing waits under a bulkId the answer is 204 without a document.",
        advice="Read a 204 as an empty collection.", source=("reports",), make=stateless(_no_content),
        witness=answered(lambda stage: stage.get(bulkId=stage.id()), lambda answer: answer.status == 204),
    ),
    Fault(
        id="415-before-406", group="status",
        sentence="A launch of an unsupported type that accepts nothing the server has is a 415, not a 406.",
        advice="Look at both media types.", source=("assumption",), make=stateless(_type_first),
        witness=answered(
            lambda stage: stage.post(stage.ivr(), content_type="text/plain", accept="image/png"),
            lambda answer: answer.status == 415,
        ),
    ),
)  # fmt: skip
