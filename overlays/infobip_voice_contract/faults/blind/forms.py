"""Faults of choosing the form: of reading an Accept and a Content-Type."""

import re
from collections.abc import Callable
from typing import Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import refusing, stated, types
from infobip_voice_contract.faults.edits import asking, fetches, header, launches, mended, stateless
from infobip_voice_contract.faults.fault import Fault, Send
from infobip_voice_contract.faults.witness import Steps, answered, entries
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]

_KNOWN: Final = ("application/json", "application/xml")
_NEVER: Final = re.compile(r"(application/(?:json|xml))\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")


def _first_of_many(request: Request) -> Request:
    accept = stated(request, "accept")
    listed = [name for name in types(accept) if name in _KNOWN]
    return header(request, "Accept", listed[0]) if "," in accept and listed else request


def _zero_is_one(request: Request) -> Request:
    never = _NEVER.search(stated(request, "accept"))
    return header(request, "Accept", never[1]) if never else request


def _mirrored(request: Request) -> Request:
    return request if stated(request, "accept") else header(request, "Accept", "application/json")


def _as_sent(request: Request) -> Request:
    wanted = stated(request, "content-type") if fetches(request) and not stated(request, "accept") else ""
    other: Request = header(request, "Accept", wanted) if "xml" in wanted else request
    return other


def _sniffed(request: Request) -> Request | None:
    if request.fields("content-type") or not launches(request):
        return None
    kind = "xml" if request.body.lstrip().startswith(b"<") else "json"
    known: Request = header(request, "Content-Type", f"application/{kind}")
    return known


async def _errors_in_json(request: Request, send: Send) -> Answer:
    answer = await send(request)
    if launches(request) and answer.status == 400 and "xml" in stated(answer, "content-type"):
        return await send(header(request, "Accept", "application/json"))
    return answer


def _chosen(accept: str | None) -> Callable[[Stage], Request]:
    return lambda stage: stage.get(bulkId=stage.id(), accept=accept)


def _is(form: str) -> Callable[[Answer], bool]:
    return lambda answer: answer.status == 200 and form in (answer.field("content-type") or "")


def _of_an_xml_launch_without(stage: Stage) -> Steps:
    answer: Answer = yield stage.post(stage.ivr(), form="xml", accept=None)
    return answer.status == 200 and "json" in (answer.field("content-type") or "")


FAULTS: Final = (
    Fault(
        id="accept-by-case", group="negotiation",
        sentence="`Accept: Application/XML` is a 406: types are compared by case.",
        advice="Write media types in lower case.", source=("platform-2026",),
        make=refusing(lambda request: any(name != name.lower() for name in types(stated(request, "accept"))), 406),
        witness=answered(_chosen("Application/XML"), lambda answer: answer.status == 406),
    ),
    Fault(
        id="first-type-wins", group="negotiation",
        sentence="The first known type of an Accept wins, whatever its quality.",
        advice="Accept one type only.", source=("platform-2026",), make=asking(_first_of_many),
        witness=answered(_chosen("application/json;q=0.2, application/xml"), _is("json")),
    ),
    Fault(
        id="quality-zero-wins", group="negotiation", sentence="A type with `q=0` is served, though it means never.",
        advice="Name only what you accept.", source=("platform-2026",), make=asking(_zero_is_one),
        witness=answered(_chosen("application/json;q=0, */*;q=0.1"), _is("json")),
    ),
    Fault(
        id="nothing-is-json", group="negotiation", sentence="A launch in XML without an Accept is answered in JSON.",
        advice="Say what you accept.", source=("platform-2026",), make=asking(_mirrored),
        witness=_of_an_xml_launch_without,
    ),
    Fault(
        id="fetch-by-content-type", group="negotiation",
        sentence="Without an Accept, reports come in the form of the Content-Type of the GET.",
        advice="Send an Accept, and no Content-Type, with a GET.",
        source=("platform-2026", "reports"), make=asking(_as_sent),
        witness=answered(
            lambda stage: stage.get(
                bulkId=stage.id(), accept=None, headers=(("Content-Type", "application/xml"),)
            ),
            _is("xml"),
        ),
    ),
    Fault(
        id="charset-by-case", group="negotiation",
        sentence="`application/json; charset=UTF-8` is a 415, and the same in lower case is not.",
        advice="Send no charset.", source=("platform-2026",),
        make=refusing(lambda request: launches(request) and "UTF-8" in stated(request, "content-type"), 415),
        witness=answered(
            lambda stage: stage.post(stage.ivr(), content_type="application/json; charset=UTF-8"),
            lambda answer: answer.status == 415,
        ),
    ),
    Fault(
        id="type-guessed", group="negotiation",
        sentence="A launch without a Content-Type is read by its first character.",
        advice="Name the type of what you send.", source=("assumption",), make=mended(_sniffed, statuses=(415,)),
        witness=answered(lambda stage: stage.post(stage.ivr(), content_type=None), entries),
    ),
    Fault(
        id="fetch-with-body-400", group="negotiation",
        sentence="A GET with a body, such as the `false` of the documentation's sample, is a 400.",
        advice="Send no body with a GET.", source=("reports",),
        make=refusing(lambda request: fetches(request) and bool(request.body)),
        witness=answered(
            lambda stage: stage.get(bulkId=stage.id(), body=b"false", headers=(("Content-Type", "application/json"),)),
            lambda answer: answer.status == 400,
        ),
    ),
    Fault(
        id="violations-in-json", group="negotiation",
        sentence="What is wrong with a launch is said in JSON, whatever is accepted.",
        advice="Read an error by its Content-Type.", source=("platform-2026",), make=stateless(_errors_in_json),
        witness=answered(
            lambda stage: stage.post(stage.ivr(ringTimeout=0), form="xml"),
            lambda answer: answer.status == 400 and "json" in (answer.field("content-type") or ""),
        ),
    ),
)  # fmt: skip
