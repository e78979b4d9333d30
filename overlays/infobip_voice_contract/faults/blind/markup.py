"""Faults of XML: what is written without care, and what is not read."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import refusing
from infobip_voice_contract.faults.edits import Change, answering, fetches, is_xml, launches, mended
from infobip_voice_contract.faults.fault import Fault
from infobip_voice_contract.faults.incoming import misreading
from infobip_voice_contract.faults.witness import Steps, Wait, answered, launched, reports
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]

_ITEM: Final = re.compile(rb"<results><(results?)>(.*)</\1></results>", re.DOTALL)
_ENTITY: Final = re.compile(rb'<!DOCTYPE\s+\w+\s*\[\s*<!ENTITY\s+(\w+)\s+"([^"]*)"\s*>\s*\]\s*>')
_COMMENT: Final = re.compile(rb"(>[^<>]*)<!--.*?-->[^<]*")


def _pages(request: Request, answer: Answer) -> bool:
    return fetches(request) and answer.status == 200 and is_xml(answer)


def _bare(answer: Answer) -> Answer:
    found = _ITEM.search(answer.body)
    if found is None or b"<status>" in found[2].partition(b"</status>")[2]:
        return answer
    return replace(answer, body=answer.body.replace(found[0], b"<results>" + found[2] + b"</results>"))


def _replacing(old: bytes, new: bytes) -> Change:
    return lambda answer: replace(answer, body=answer.body.replace(old, new))


def _emptied(answer: Answer) -> Answer:
    return answer if reports(answer) else replace(answer, body=b"<reportResponse/>")


def _declared(answer: Answer) -> Answer:
    return replace(answer, body=b'<?xml version="1.0" encoding="ISO-8859-1"?>' + answer.body)


def _with_comma(answer: Answer) -> Answer:
    price = rb"<(pricePer(?:Message|Second))>([0-9]+)\.([0-9]+)<"
    return replace(answer, body=re.sub(price, rb"<\1>\2,\3<", answer.body))


def _lone(request: Request) -> bool:
    """It is a launch in XML with a list of one destination."""
    return launches(request) and is_xml(request) and request.body.count(b"<destinations>") == 2


def _expanded(request: Request) -> Request | None:
    entity = _ENTITY.search(request.body)
    if entity is None:
        return None
    body = request.body.replace(entity[0], b"").replace(b"&" + entity[1] + b";", entity[2])
    return replace(request, body=body)


def _up_to_comment(request: Request) -> Request:
    if not (launches(request) and is_xml(request)):
        return request
    return replace(request, body=_COMMENT.sub(rb"\1", request.body))


def _page(stage: Stage, shows: Callable[[Answer], bool], text: str = "a text") -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(bulk=bulk, callbackData=text))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk, accept="application/xml")
    return answer.status == 200 and shows(answer)


def _spliced(stage: Stage, old: bytes, new: bytes) -> Request:
    launch = stage.post(stage.ivr(callbackData="a text"), form="xml")
    return replace(launch, body=launch.body.replace(old, new))


def _with_entity(stage: Stage) -> Request:
    start = b'<!DOCTYPE request [<!ENTITY who "someone">]><request>'
    launch = _spliced(stage, b"a text", b"&who;")
    return replace(launch, body=launch.body.replace(b"<request>", start))


FAULTS: Final = (
    Fault(
        id="lone-report-bare", group="xml",
        sentence="A single report lies in `<results>` itself, without an element of its own.",
        advice="Read a list that has the members of a report as one report.", source=("reports",),
        make=answering(_bare, when=_pages),
        witness=lambda stage: _page(stage, lambda answer: len(re.findall(b"<results?>", answer.body)) == 1),
    ),
    Fault(
        id="ampersand-bare", group="xml", sentence="An `&` in a text is written as it is, so that the page is no XML.",
        advice="Use no `&` in texts that come back, and keep the bytes of a page that cannot be read.",
        source=("reports",), make=answering(_replacing(b"&amp;", b"&"), when=_pages),
        witness=lambda stage: _page(stage, lambda answer: b"a & b" in answer.body, text="a & b"),
    ),
    Fault(
        id="wrong-declaration", group="xml",
        sentence="The declaration of an answer names ISO-8859-1, and the bytes are UTF-8.",
        advice="Use ASCII in texts that come back.", source=("assumption",),
        make=answering(_declared, when=lambda _, answer: answer.status == 200 and is_xml(answer)),
        witness=launched(lambda answer: b"8859" in answer.body, form="xml"),
    ),
    Fault(
        id="empty-page-bare", group="xml", sentence="An empty page is `<reportResponse/>`, without its list.",
        advice="Read a page without a list as an empty one.", source=("reports", "sibling"),
        make=answering(_emptied, when=_pages),
        witness=answered(
            lambda stage: stage.get(bulkId=stage.id(), accept="application/xml"),
            lambda answer: answer.body == b"<reportResponse/>",
        ),
    ),
    Fault(
        id="price-with-comma", group="xml", sentence="The price has a decimal comma in XML.",
        advice="Refuse a price that is no number, and ask for JSON.", source=("reports",),
        make=answering(_with_comma, when=_pages),
        witness=lambda stage: _page(stage, lambda answer: b"0,01" in answer.body),
    ),
    Fault(
        id="lone-destination-400", group="xml",
        sentence="A launch in XML with one destination is a 400: it reads no list there.",
        advice="Launch in JSON.", source=("platform-2026",), make=refusing(_lone),
        witness=launched(lambda answer: answer.status == 400, form="xml"),
    ),
    Fault(
        id="doctype-expanded", group="xml", sentence="A launch with a DOCTYPE is read, and its entities are expanded.",
        advice="Send none; and tell the operator, whose files may be read this way.", source=("assumption",),
        make=mended(_expanded),
        witness=answered(_with_entity, lambda answer: answer.status == 200),
    ),
    Fault(
        id="text-up-to-comment", group="xml", sentence="Of a text with a comment in it only the beginning is read.",
        advice="Write no comments into a launch.", source=("platform-2026",), make=misreading(_up_to_comment),
        witness=answered(
            lambda stage: _spliced(stage, b"contract-kit", b"<!-- the scenario -->contract-kit"),
            lambda answer: answer.status == 400,
        ),
    ),
)  # fmt: skip
