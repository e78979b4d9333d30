"""Launches in XML that are read otherwise than they are written."""

import re
from dataclasses import replace
from functools import partial
from typing import Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.edits import is_xml, launches, mended
from infobip_voice_contract.faults.fault import Fault
from infobip_voice_contract.faults.incoming import misreading
from infobip_voice_contract.faults.witness import answered, value
from infobip_voice_contract.stage import Stage

__all__ = ["READING"]

_COMMENTED: Final = re.compile(rb"(?<=>)[^<>]+<!--.*?-->(?=[^<])", re.DOTALL)
_ENTITY: Final = re.compile(rb'<!ENTITY (\w+) "([^"]*)">')
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE [^\[>]*(\[.*?\])?>", re.DOTALL)


def _resolved(request: Request) -> Request | None:
    """Resolve the entities that a DOCTYPE defines."""
    if not launches(request) or b"<!DOCTYPE" not in request.body:
        return None
    body = request.body
    for name, text in _ENTITY.findall(body):
        body = body.replace(b"&" + name + b";", text)
    return replace(request, body=_DOCTYPE.sub(b"", body))


def _from_comment(request: Request) -> Request:
    if not launches(request) or not is_xml(request):
        return request
    return replace(request, body=_COMMENTED.sub(b"", request.body))


def _with_entity(stage: Stage) -> Request:
    whole = stage.post(stage.ivr(scenarioId="entity"), form="xml").body
    declared = b'<!DOCTYPE request [<!ENTITY name "entity">]>'
    return stage.post(declared + whole.replace(b">entity<", b">&name;<"), form="xml")


def _commented(stage: Stage) -> Request:
    whole = stage.post(stage.ivr(bulk="one-two"), form="xml").body
    return stage.post(whole.replace(b"one-", b"one-<!-- and -->"), form="xml")


_xml = partial(Fault, group="xml")


READING: Final = (
    _xml(
        id="takes-doctype",
        rule="xml.doctype",
        sentence="A DOCTYPE is processed, and its entities are resolved.",
        advice="Send none, and tell the operator: files of the server may be read this way.",
        source=("assumption",),
        make=mended(_resolved),
        witness=answered(_with_entity, lambda answer: answer.status == 200),
    ),
    _xml(
        id="text-from-comment",
        rule="xml.text",
        sentence="Of a text with a comment in it only the end is read.",
        advice="Write no comments into a launch.",
        source=("platform-2026",),
        make=misreading(_from_comment),
        witness=answered(_commented, lambda answer: value(answer)["bulkId"] == "two"),
    ),
)
