"""Media types that are read or chosen wrongly."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

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
from infobip_voice_contract.faults.fault import Fault, Make, Send, is_push
from infobip_voice_contract.faults.forms.words import reading, refused
from infobip_voice_contract.faults.witness import answered, launched
from infobip_voice_contract.rules.rule import SEEDS
from infobip_voice_contract.stage import CTC

__all__ = ["NEGOTIATION"]

_FORM: Final = "Say with Accept which form you want, and read the form that Content-Type names."
_ACCEPT: Final = "Send one media type in Accept, without weights and parameters."
_TYPE: Final = "Send application/json or application/xml as Content-Type, without parameters."


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


_fault = partial(Fault, group="negotiation")


NEGOTIATION: Final = (
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
        witness=answered(reading("application/xml"), _is("json")),
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
        witness=answered(refused("application/xml"), _is("json")),
    ),
    _fault(
        id="refusal-xml",
        rule="form.refusal",
        sentence="A 401 is XML, also where JSON was asked for.",
        advice=_FORM,
        source=("platform-2026",),
        make=_in("xml", of=errors(401)),
        witness=answered(reading("application/json", authorization=None), _is("xml")),
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
        witness=answered(reading(None), _is("xml")),
    ),
    _fault(
        id="weights-ignored",
        rule="form.weights",
        sentence="Of several media types in Accept the first counts, whatever their weights.",
        advice=_ACCEPT,
        source=("assumption",),
        make=_chosen(_first),
        witness=answered(reading("application/xml;q=0.2, application/json;q=0.8"), _is("xml")),
    ),
    _fault(
        id="zero-weight",
        rule="form.weights",
        sentence="A media type with the weight 0 is taken to be wanted.",
        advice=_ACCEPT,
        source=("assumption",),
        make=_chosen(lambda accept: "json" if "json;q=0," in accept.replace(" ", "") else None),
        witness=answered(reading("application/json;q=0, application/xml;q=0.5"), _is("json")),
    ),
    _fault(
        id="html-gets-json",
        rule="form.not-acceptable",
        sentence="Who accepts only HTML gets reports in JSON.",
        advice=_ACCEPT,
        source=("assumption",),
        make=mended(lambda request: header(request, "accept", None) if fetches(request) else None, statuses=(406,)),
        witness=answered(reading("text/html"), lambda answer: answer.status == 200),
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
        witness=answered(reading("*/*;q=0"), lambda answer: answer.status == 200),
    ),
    _fault(
        id="unacceptable-xml",
        rule="form.not-acceptable-json",
        sentence="A 406 is XML.",
        advice=_FORM,
        source=("assumption",),
        make=_in("xml", of=errors(406)),
        witness=answered(reading("text/html"), _is("xml")),
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
        witness=answered(reading("application/xml; charset=UTF-8"), lambda answer: answer.status == 406),
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
            reading("application/json", headers=(("Content-Type", "text/plain"),)), lambda answer: answer.status == 400
        ),
    ),
    _fault(
        id="get-body-refused",
        rule="form.odd-get",
        sentence="A request for reports with a body is refused.",
        advice="Send no Content-Type and no body with a GET.",
        source=("reports",),
        make=refusing(lambda request: fetches(request) and request.body),
        witness=answered(reading("application/json", body=b"false"), lambda answer: answer.status == 400),
    ),
    _fault(
        id="get-type-decides",
        rule="form.json",
        sentence="A Content-Type on a request for reports decides the form of the answer.",
        advice="Send no Content-Type with a GET.",
        source=("reports",),
        make=_in("xml", when=lambda request: fetches(request) and "text/plain" in request.fields("content-type")),
        witness=answered(reading("application/json", headers=(("Content-Type", "text/plain"),)), _is("xml")),
    ),
)
