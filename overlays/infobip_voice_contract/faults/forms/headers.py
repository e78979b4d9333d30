"""Header fields of answers that are missing or wrong."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    answering,
    errors,
    fetches,
    header,
    is_xml,
    launches,
)
from infobip_voice_contract.faults.fault import Fault, Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.forms.words import reading, refused
from infobip_voice_contract.faults.witness import Steps, Witness, answered, launched
from infobip_voice_contract.rules.rule import SEEDS
from infobip_voice_contract.stage import Stage

__all__ = ["HEADERS"]

_HEAD: Final = "Read a body by its Content-Type; if there is none, look at the first byte."
_CACHE: Final = "Let no cache between you and the server: a cached page of reports is lost, or comes twice."
_WAIT: Final = "Wait for some seconds of your own after a 429 that does not say how long."


def _has(name: str, text: str | None) -> Callable[[Answer], bool]:
    return lambda answer: answer.field(name) == text


def _throttled(retry_after: str | None) -> Make:
    """Every fortieth request is answered 429."""

    def make() -> Wrapper:
        count = 0

        async def wrapper(request: Request, send: Send) -> Answer:
            nonlocal count
            count += not is_push(request)
            if count % 40 or is_push(request):
                return await send(request)
            document = b'{"requestError":{"serviceException":{"messageId":"TOO_MANY_REQUESTS","text":"Slower"}}}'
            return header(Answer(429, (("content-type", "application/json"),), document), "retry-after", retry_after)

        return wrapper

    return make


def _throttles(field: str | None) -> Witness:
    def witness(stage: Stage) -> Steps:
        for _ in range(40):
            answer: Answer = yield stage.get(bulkId=stage.id())
            if answer.status == 429:
                return answer.field("retry-after") == field
        return False

    return witness


_field = partial(Fault, group="headers")


HEADERS: Final = (
    _field(
        id="no-content-type",
        rule="head.content-type",
        sentence="The answer to a launch has no Content-Type.",
        advice=_HEAD,
        source=SEEDS,
        make=answering(
            lambda answer: header(answer, "content-type", None),
            when=lambda request, answer: launches(request) and answer.status == 200,
        ),
        witness=launched(_has("content-type", None)),
    ),
    _field(
        id="text-plain",
        rule="head.content-type",
        sentence="Reports call themselves text/plain.",
        advice=_HEAD,
        source=SEEDS,
        make=answering(
            lambda answer: header(answer, "content-type", "text/plain"),
            when=lambda request, answer: fetches(request) and answer.status == 200,
        ),
        witness=answered(reading("application/json"), _has("content-type", "text/plain")),
    ),
    _field(
        id="text-xml",
        rule="head.content-type",
        sentence="XML calls itself text/xml.",
        advice=_HEAD,
        source=SEEDS,
        make=answering(
            lambda answer: header(answer, "content-type", "text/xml"),
            when=lambda _, answer: answer.status == 200 and is_xml(answer),
        ),
        witness=answered(reading("application/xml"), _has("content-type", "text/xml")),
    ),
    _field(
        id="types-twice",
        rule="head.content-type",
        sentence="The Content-Type of reports comes twice.",
        advice=_HEAD,
        source=SEEDS,
        make=answering(
            lambda answer: replace(answer, headers=(*answer.headers, ("content-type", "application/json"))),
            when=lambda request, answer: fetches(request) and answer.status == 200,
        ),
        witness=answered(reading("application/json"), lambda answer: len(answer.fields("content-type")) == 2),
    ),
    _field(
        id="refusal-plain",
        rule="head.refusal-type",
        sentence="A 400 calls itself text/plain.",
        advice=_HEAD,
        source=("platform-2026",),
        make=answering(lambda answer: header(answer, "content-type", "text/plain"), when=errors(400)),
        witness=answered(refused("application/json"), _has("content-type", "text/plain")),
    ),
    _field(
        id="other-refusal-html",
        rule="head.other-type",
        sentence="A 404 is a page in HTML.",
        advice=_HEAD,
        source=("assumption",),
        make=answering(
            lambda answer: header(replace(answer, body=b"<h1>Not found</h1>"), "content-type", "text/html"),
            when=errors(404),
        ),
        witness=answered(lambda stage: stage.get(path="/nothing"), _has("content-type", "text/html")),
    ),
    _field(
        id="empty-405",
        rule="head.other-type",
        sentence="A 405 has no body.",
        advice=_HEAD,
        source=("assumption",),
        make=answering(lambda answer: header(replace(answer, body=b""), "content-type", None), when=errors(405)),
        witness=answered(lambda stage: stage.get(method="DELETE"), lambda answer: not answer.body),
    ),
    _field(
        id="said-gzip",
        rule="head.coding",
        sentence="Answers say that they are in gzip, and are not.",
        advice="Read a body as it is if it is not in the coding that it names.",
        source=SEEDS,
        make=answering(
            lambda answer: header(answer, "content-encoding", "gzip"), when=lambda _, answer: bool(answer.body)
        ),
        witness=answered(reading("application/json"), _has("content-encoding", "gzip")),
    ),
    _field(
        id="silent-gzip",
        rule="json.well-formed",
        sentence="Reports are in gzip, and do not say so.",
        advice="Keep the bytes of what cannot be read: they can be unpacked later.",
        source=SEEDS,
        make=answering(
            lambda answer: replace(answer, body=gzip.compress(answer.body, mtime=0)),
            when=lambda request, answer: fetches(request) and answer.status == 200,
        ),
        witness=answered(reading("application/json"), lambda answer: answer.body.startswith(b"\x1f\x8b")),
        group="json",
    ),
    _field(
        id="cut-gzip",
        rule="head.coding",
        sentence="Reports are in gzip, and end too early.",
        advice="Read what can be read of a cut answer, and keep its bytes.",
        source=SEEDS,
        make=answering(
            lambda answer: header(
                replace(answer, body=gzip.compress(answer.body, mtime=0)[:-9]), "content-encoding", "gzip"
            ),
            when=lambda request, answer: fetches(request) and answer.status == 200,
        ),
        witness=answered(reading("application/json"), _has("content-encoding", "gzip")),
    ),
    _field(
        id="may-be-stored",
        rule="head.no-store",
        sentence="Reports may be cached for a minute.",
        advice=_CACHE,
        source=("assumption",),
        make=answering(
            lambda answer: header(answer, "cache-control", "max-age=60"), when=lambda request, _: fetches(request)
        ),
        witness=answered(reading("application/json"), _has("cache-control", "max-age=60")),
    ),
    _field(
        id="no-cache-control",
        rule="head.no-store",
        sentence="Reports in XML have no Cache-Control.",
        advice=_CACHE,
        source=("assumption",),
        make=answering(
            lambda answer: header(answer, "cache-control", None),
            when=lambda request, answer: fetches(request) and is_xml(answer),
        ),
        witness=answered(reading("application/xml"), _has("cache-control", None)),
    ),
    _field(
        id="length-of-launches",
        rule="head.length",
        sentence="The Content-Length of the answer to a launch counts characters.",
        advice="Use ASCII in the ids of a launch.",
        source=SEEDS,
        make=answering(
            lambda answer: replace(answer, body=answer.body[: len(answer.body.decode(errors="replace"))]),
            when=lambda request, answer: launches(request) and answer.status == 200,
        ),
        witness=launched(lambda answer: answer.body[-1:] not in (b"}", b">"), bulk="Žluťoučký kůň"),
    ),
    _field(
        id="no-retry-after",
        rule="head.retry-after",
        sentence="A 429 does not say how long to wait.",
        advice=_WAIT,
        source=("assumption",),
        make=_throttled(None),
        witness=_throttles(None),
    ),
    _field(
        id="odd-retry-after",
        rule="head.retry-after",
        sentence="The Retry-After of a 429 is a word.",
        advice=_WAIT,
        source=("assumption",),
        make=_throttled("soon"),
        witness=_throttles("soon"),
    ),
)
