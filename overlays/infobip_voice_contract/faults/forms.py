"""Faults about the form of answers, and about their header fields."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    accepted,
    answering,
    converted,
    errors,
    fetches,
    header,
    is_xml,
    launches,
    mended,
    refusing,
)
from infobip_voice_contract.faults.fault import Fault, Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.witness import Steps, Witness, answered, launched
from infobip_voice_contract.rules.rule import SEEDS
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["FORMS"]

_FORM: Final = "Say with Accept which form you want, and read the form that Content-Type names."
_ACCEPT: Final = "Send one media type in Accept, without weights and parameters."
_TYPE: Final = "Send application/json or application/xml as Content-Type, without parameters."
_HEAD: Final = "Read a body by its Content-Type; if there is none, look at the first byte."
_CACHE: Final = "Let no cache between you and the server: a cached page of reports is lost, or comes twice."
_WAIT: Final = "Wait for some seconds of your own after a 429 that does not say how long."


def _accept(request: Request) -> str | None:
    return ", ".join(request.fields("accept")) or None


def _in(
    form: str, *, when: Callable[[Request], object] = lambda _: True, of: Callable[[Request, Answer], bool] = accepted
) -> Make:
    """Answer in one form whatever was asked for."""
    return answering(
        lambda answer: converted(answer, form), when=lambda request, answer: of(request, answer) and bool(when(request))
    )


def _chosen(choose: Callable[[str], str | None]) -> Make:
    """Choose the form by another reading of Accept; None for the right one."""

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        accept = _accept(request)
        form = choose(accept) if not is_push(request) and accept and answer.status == 200 else None
        return converted(answer, form) if form else answer

    return lambda: wrapper


def _first(accept: str) -> str | None:
    names = [name for name in ("json", "xml") if name in accept]
    return min(names, key=accept.index) if names and "q=" in accept else None


def _is(form: str) -> Callable[[Answer], bool]:
    return lambda answer: is_xml(answer) == (form == "xml") and bool(answer.body)


def _reading(accept: str | None, **options: Any) -> Callable[[Stage], Request]:
    return lambda stage: stage.get(bulkId=stage.id(), accept=accept, **options)


def _refused(accept: str | None, **options: Any) -> Callable[[Stage], Request]:
    return lambda stage: stage.get(limit=0, accept=accept, **options)


def _typed(*types: str) -> Callable[[Request], bool]:
    return lambda request: launches(request) and (request.fields("content-type") or [""])[0] in types


def _as_json(*types: str) -> Make:
    """Read bodies of other media types as JSON."""
    return mended(
        lambda request: header(request, "content-type", "application/json") if _typed(*types)(request) else None,
        statuses=(415,),
    )


def _media_type_refused(when: Callable[[Request], object]) -> Make:
    async def wrapper(request: Request, send: Send) -> Answer:
        refused = not is_push(request) and when(request)
        return await send(header(request, "content-type", "text/nothing") if refused else request)

    return lambda: wrapper


def _unacceptable(when: Callable[[Request], object]) -> Make:
    async def wrapper(request: Request, send: Send) -> Answer:
        return await send(header(request, "accept", "text/html") if not is_push(request) and when(request) else request)

    return lambda: wrapper


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


_fault = partial(Fault, group="negotiation")
_field = partial(Fault, group="headers")

FORMS: Final = (
    _fault(
        id="always-json",
        rule="form.xml",
        sentence="Answers to launches are JSON, whatever was asked for.",
        advice=_FORM,
        source=SEEDS,
        make=_in("json", when=launches),
        witness=launched(_is("json"), accept="application/xml"),
    ),
    _fault(
        id="reports-always-json",
        rule="form.xml",
        sentence="Reports are JSON, whatever was asked for.",
        advice=_FORM,
        source=("reports",),
        make=_in("json", when=fetches),
        witness=answered(_reading("application/xml"), _is("json")),
    ),
    _fault(
        id="always-xml",
        rule="form.json",
        sentence="Clicks to call are answered in XML, whatever was asked for.",
        advice=_FORM,
        source=SEEDS,
        make=_in("xml", when=lambda request: request.path == CTC),
        witness=launched(_is("xml"), path=CTC),
    ),
    _fault(
        id="form-of-body",
        rule="form.json",
        sentence="A launch is answered in the form of its body, whatever Accept says.",
        advice=_FORM,
        source=SEEDS,
        make=answering(
            lambda answer: converted(answer, "xml"),
            when=lambda request, answer: launches(request) and is_xml(request) and answer.status == 200,
        ),
        witness=launched(_is("xml"), form="xml", accept="application/json"),
    ),
    _fault(
        id="refusal-json",
        rule="form.refusal",
        sentence="Refusals are JSON, also where XML was asked for.",
        advice=_FORM,
        source=("platform-2026",),
        make=_in("json", of=errors()),
        witness=answered(_refused("application/xml"), _is("json")),
    ),
    _fault(
        id="refusal-xml",
        rule="form.refusal",
        sentence="A 401 is XML, also where JSON was asked for.",
        advice=_FORM,
        source=("platform-2026",),
        make=_in("xml", of=errors(401)),
        witness=answered(_reading("application/json", authorization=None), _is("xml")),
    ),
    _fault(
        id="not-mirrored",
        rule="form.mirrored",
        sentence="Without Accept, a launch in XML is answered in JSON.",
        advice=_FORM,
        source=("platform-2026",),
        make=_in("json", when=lambda request: launches(request) and not _accept(request)),
        witness=launched(_is("json"), form="xml", accept=None),
    ),
    _fault(
        id="star-not-mirrored",
        rule="form.mirrored",
        sentence="With */*, a launch in XML is answered in JSON.",
        advice=_FORM,
        source=("platform-2026",),
        make=_in("json", when=lambda request: launches(request) and _accept(request) == "*/*"),
        witness=launched(_is("json"), form="xml", accept="*/*"),
    ),
    _fault(
        id="get-xml",
        rule="form.mirrored",
        sentence="Without Accept, reports are XML.",
        advice=_FORM,
        source=("platform-2026",),
        make=_in("xml", when=lambda request: fetches(request) and not _accept(request)),
        witness=answered(_reading(None), _is("xml")),
    ),
    _fault(
        id="weights-ignored",
        rule="form.weights",
        sentence="Of several media types in Accept the first counts, whatever their weights.",
        advice=_ACCEPT,
        source=("assumption",),
        make=_chosen(_first),
        witness=answered(_reading("application/xml;q=0.2, application/json;q=0.8"), _is("xml")),
    ),
    _fault(
        id="zero-weight",
        rule="form.weights",
        sentence="A media type with the weight 0 is taken to be wanted.",
        advice=_ACCEPT,
        source=("assumption",),
        make=_chosen(lambda accept: "json" if "json;q=0," in accept.replace(" ", "") else None),
        witness=answered(_reading("application/json;q=0, application/xml;q=0.5"), _is("json")),
    ),
    _fault(
        id="html-gets-json",
        rule="form.not-acceptable",
        sentence="Who accepts only HTML gets reports in JSON.",
        advice=_ACCEPT,
        source=("assumption",),
        make=mended(lambda request: header(request, "accept", None) if fetches(request) else None, statuses=(406,)),
        witness=answered(_reading("text/html"), lambda answer: answer.status == 200),
    ),
    _fault(
        id="launch-html-gets-json",
        rule="form.not-acceptable",
        sentence="Who accepts only HTML launches all the same.",
        advice=_ACCEPT,
        source=("assumption",),
        make=mended(lambda request: header(request, "accept", None) if launches(request) else None, statuses=(406,)),
        witness=launched(lambda answer: answer.status == 200, accept="text/html"),
    ),
    _fault(
        id="zero-weights-served",
        rule="form.not-acceptable",
        sentence="Weights of 0 are ignored: who accepts nothing gets JSON.",
        advice=_ACCEPT,
        source=("assumption",),
        make=mended(
            lambda request: header(request, "accept", None) if "q=0" in (_accept(request) or "") else None,
            statuses=(406,),
        ),
        witness=answered(_reading("*/*;q=0"), lambda answer: answer.status == 200),
    ),
    _fault(
        id="unacceptable-xml",
        rule="form.not-acceptable-json",
        sentence="A 406 is XML.",
        advice=_FORM,
        source=("assumption",),
        make=_in("xml", of=errors(406)),
        witness=answered(_reading("text/html"), _is("xml")),
    ),
    _fault(
        id="plain-is-json",
        rule="form.media-type",
        sentence="A body in text/plain is read as JSON.",
        advice=_TYPE,
        source=("assumption",),
        make=_as_json("text/plain"),
        witness=launched(lambda answer: answer.status == 200, content_type="text/plain"),
    ),
    _fault(
        id="no-type-is-json",
        rule="form.media-type",
        sentence="A body without a Content-Type is read as JSON.",
        advice=_TYPE,
        source=("assumption",),
        make=mended(
            lambda request: (
                header(request, "content-type", "application/json")
                if launches(request) and not request.fields("content-type")
                else None
            ),
            statuses=(415,),
        ),
        witness=launched(lambda answer: answer.status == 200, content_type=None, accept="application/json"),
    ),
    _fault(
        id="form-is-json",
        rule="form.media-type",
        sentence="A click to call that calls itself a form is read as JSON.",
        advice=_TYPE,
        source=("assumption",),
        make=_as_json("application/x-www-form-urlencoded"),
        witness=launched(
            lambda answer: answer.status == 200,
            path=CTC,
            content_type="application/x-www-form-urlencoded",
            accept="application/json",
        ),
    ),
    _fault(
        id="type-400",
        rule="form.media-type",
        sentence="A body of another media type is answered 400.",
        advice=_TYPE,
        source=("assumption",),
        make=answering(lambda answer: replace(answer, status=400), when=errors(415)),
        witness=launched(lambda answer: answer.status == 400, content_type="text/plain", accept="application/json"),
    ),
    _fault(
        id="charset-refused",
        rule="form.charset",
        sentence="A Content-Type with a charset is refused with 415.",
        advice=_TYPE,
        source=("assumption",),
        make=_media_type_refused(
            lambda request: launches(request) and "charset" in str(request.fields("content-type"))
        ),
        witness=launched(lambda answer: answer.status == 415, content_type="application/json; charset=utf-8"),
    ),
    _fault(
        id="accept-charset-refused",
        rule="form.charset",
        sentence="An Accept with a charset is refused with 406.",
        advice=_ACCEPT,
        source=("assumption",),
        make=_unacceptable(lambda request: "charset" in (_accept(request) or "")),
        witness=answered(_reading("application/xml; charset=UTF-8"), lambda answer: answer.status == 406),
    ),
    _fault(
        id="type-case",
        rule="form.case",
        sentence="A Content-Type in capital letters is refused with 415.",
        advice=_TYPE,
        source=("assumption",),
        make=_media_type_refused(
            lambda request: (
                launches(request)
                and (request.fields("content-type") or [""])[0]
                not in ("", (request.fields("content-type") or [""])[0].lower())
            )
        ),
        witness=launched(lambda answer: answer.status == 415, content_type="Application/JSON"),
    ),
    _fault(
        id="get-type-refused",
        rule="form.odd-get",
        sentence="A request for reports with a Content-Type of its own is refused.",
        advice="Send no Content-Type and no body with a GET.",
        source=("reports",),
        make=refusing(lambda request: fetches(request) and "text/plain" in request.fields("content-type")),
        witness=answered(
            _reading("application/json", headers=(("Content-Type", "text/plain"),)), lambda answer: answer.status == 400
        ),
    ),
    _fault(
        id="get-body-refused",
        rule="form.odd-get",
        sentence="A request for reports with a body is refused.",
        advice="Send no Content-Type and no body with a GET.",
        source=("reports",),
        make=refusing(lambda request: fetches(request) and request.body),
        witness=answered(_reading("application/json", body=b"false"), lambda answer: answer.status == 400),
    ),
    _fault(
        id="get-type-decides",
        rule="form.json",
        sentence="A Content-Type on a request for reports decides the form of the answer.",
        advice="Send no Content-Type with a GET.",
        source=("reports",),
        make=_in("xml", when=lambda request: fetches(request) and "text/plain" in request.fields("content-type")),
        witness=answered(_reading("application/json", headers=(("Content-Type", "text/plain"),)), _is("xml")),
    ),
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
        witness=answered(_reading("application/json"), _has("content-type", "text/plain")),
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
        witness=answered(_reading("application/xml"), _has("content-type", "text/xml")),
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
        witness=answered(_reading("application/json"), lambda answer: len(answer.fields("content-type")) == 2),
    ),
    _field(
        id="refusal-plain",
        rule="head.refusal-type",
        sentence="A 400 calls itself text/plain.",
        advice=_HEAD,
        source=("platform-2026",),
        make=answering(lambda answer: header(answer, "content-type", "text/plain"), when=errors(400)),
        witness=answered(_refused("application/json"), _has("content-type", "text/plain")),
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
        witness=answered(_reading("application/json"), _has("content-encoding", "gzip")),
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
        witness=answered(_reading("application/json"), lambda answer: answer.body.startswith(b"\x1f\x8b")),
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
        witness=answered(_reading("application/json"), _has("content-encoding", "gzip")),
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
        witness=answered(_reading("application/json"), _has("cache-control", "max-age=60")),
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
        witness=answered(_reading("application/xml"), _has("cache-control", None)),
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
