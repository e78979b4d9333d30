"""Faults of header fields: the challenge, the cache, the length, the type of an error."""

from dataclasses import replace
from typing import Final

from infobip_voice_contract.exchange import Answer
from infobip_voice_contract.faults.blind.words import stated
from infobip_voice_contract.faults.edits import answering, fetches, header, is_xml
from infobip_voice_contract.faults.fault import Fault
from infobip_voice_contract.faults.witness import Steps, Wait, answered
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]


def _in_characters(answer: Answer) -> Answer:
    try:
        return replace(answer, body=answer.body[: len(answer.body.decode())])
    except UnicodeDecodeError:
        return answer


def _cut(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(bulk=bulk, callbackData="Žluťoučký kůň"))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return answer.status == 200 and not answer.body.rstrip().endswith(b"}")


FAULTS: Final = (
    Fault(
        id="no-challenge-for-launches", group="authentication",
        sentence="The 401 of a launch lacks `WWW-Authenticate`; that of a fetch has it.",
        advice="Do not wait for a challenge: send the credentials at once.", source=("assumption",),
        make=answering(
            lambda answer: header(answer, "WWW-Authenticate", None),
            when=lambda request, answer: answer.status == 401 and request.method == "POST",
        ),
        witness=answered(
            lambda stage: stage.post(stage.ivr(), authorization=None),
            lambda answer: answer.status == 401 and answer.field("www-authenticate") is None,
        ),
    ),
    Fault(
        id="xml-page-cached", group="headers", sentence="Reports in XML may be cached for a minute.",
        advice="Let no cache come between you and the server.", source=("assumption",),
        make=answering(
            lambda answer: header(answer, "Cache-Control", "private, max-age=60"),
            when=lambda request, answer: fetches(request) and answer.status == 200 and is_xml(answer),
        ),
        witness=answered(
            lambda stage: stage.get(bulkId=stage.id(), accept="application/xml"),
            lambda answer: "max-age" in (answer.field("cache-control") or ""),
        ),
    ),
    Fault(
        id="problem-json", group="headers", sentence="Errors call themselves `application/problem+json`.",
        advice="Read every type that ends in `+json` as JSON.", source=("platform-2026",),
        make=answering(
            lambda answer: header(answer, "Content-Type", "application/problem+json"),
            when=lambda _, answer: answer.status >= 400 and "json" in stated(answer, "content-type"),
        ),
        witness=answered(
            lambda stage: stage.get(query="limit=0"),
            lambda answer: answer.field("content-type") == "application/problem+json",
        ),
    ),
    Fault(
        id="length-in-characters", group="headers",
        sentence="Content-Length counts characters, so that a page with an accent ends too early.",
        advice="Keep every byte of a page that cannot be read: its reports will not come again.",
        source=("reports", "assumption"), make=answering(_in_characters, when=lambda request, _: fetches(request)),
        witness=_cut,
    ),
)  # fmt: skip
