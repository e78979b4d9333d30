"""Documents in XML that are written wrongly."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from infobip_voice_contract.faults.documents.words import (
    BROKEN,
    REFUSAL,
    TYPES,
    echoed,
    empty_reports,
    in_bytes,
    of_launches,
    of_reports,
    read,
    refusals,
    says,
    without_text,
)
from infobip_voice_contract.faults.edits import (
    answering,
    errors,
    header,
    is_xml,
    refusing,
)
from infobip_voice_contract.faults.fault import ONLY_2026, ONLY_SEEDS, Fault
from infobip_voice_contract.faults.witness import answered, launched
from infobip_voice_contract.rules.rule import SEEDS
from infobip_voice_contract.stage import CTC

__all__ = ["XML"]

_LISTS: Final = "Take every child of a list for an item, whatever its name."
_XML: Final = "Send JSON; it is what servers are tested with."
_XMLS: Final = ("reports", "platform-2026")


def _without_list(name: str) -> Callable[[bytes], bytes]:
    return lambda body: re.sub(rf"<{name}/>|<{name}></{name}>".encode(), b"", body)


def _unwrapped(body: bytes) -> bytes:
    return re.sub(rb"<results>(<results?>.*</results?>)</results>", rb"\1", body, flags=re.DOTALL)


def _as_in_seeds(body: bytes) -> bytes:
    inner = body.replace(b"<results>", b"<result>").replace(b"</results>", b"</result>")
    return (
        inner.replace(b"<result>", b"<results>", 1)[: -len(b"</result></reportResponse>")]
        + b"</results></reportResponse>"
    )


_xml = partial(Fault, group="xml")


_declared: Final = b'<?xml version="1.0" encoding="ISO-8859-1"?>'


XML: Final = (
    _xml(
        id="xml-cut",
        rule="xml.well-formed",
        sentence="The end tag of reports in XML is missing.",
        advice=BROKEN,
        source=SEEDS,
        make=in_bytes(lambda body: body[:-8], form="xml", when=of_reports),
        witness=read(lambda answer: not answer.body.endswith(b"e>"), form="xml"),
    ),
    _xml(
        id="xml-bare-ampersand",
        rule="xml.well-formed",
        sentence="An ampersand in XML is written as it is.",
        advice=BROKEN,
        source=SEEDS,
        make=in_bytes(lambda body: body.replace(b"&amp;", b"&"), form="xml"),
        witness=echoed(lambda body: b"& " in body, form="xml"),
    ),
    _xml(
        id="xml-doctype",
        rule="xml.well-formed",
        sentence="Reports in XML have a DOCTYPE.",
        advice="Never process a DOCTYPE.",
        source=SEEDS,
        make=in_bytes(lambda body: b"<!DOCTYPE reportResponse>" + body, form="xml", when=of_reports),
        witness=read(says(b"DOCTYPE"), form="xml"),
    ),
    _xml(
        id="xml-latin",
        rule="xml.utf-8",
        sentence="XML is encoded in Latin-1, and says so.",
        advice="Let the XML parser decide the encoding.",
        source=SEEDS,
        make=in_bytes(lambda body: _declared + body.decode().encode("latin-1", "xmlcharrefreplace"), form="xml"),
        witness=launched(says(_declared), accept="application/xml"),
    ),
    _xml(
        id="xml-said-latin",
        rule="xml.utf-8",
        sentence="The Content-Type of XML says that it is Latin-1.",
        advice="Let the XML parser decide the encoding.",
        source=SEEDS,
        make=answering(
            lambda answer: header(answer, "content-type", "application/xml;charset=ISO-8859-1"),
            when=lambda _, answer: is_xml(answer),
        ),
        witness=launched(lambda answer: "8859" in str(answer.headers), accept="application/xml"),
    ),
    _xml(
        id="xml-root-launch",
        rule="xml.root",
        sentence="The root of the answer to a launch is response.",
        advice="Read a document by what is in it, and not by its root.",
        source=_XMLS,
        make=in_bytes(lambda body: body.replace(b"voiceResponse>", b"response>"), form="xml"),
        witness=launched(says(b"<response>"), accept="application/xml"),
    ),
    _xml(
        id="xml-root-reports",
        rule="xml.root",
        sentence="The root of reports is VoiceReportResponse.",
        advice="Read a document by what is in it, and not by its root.",
        source=_XMLS,
        make=in_bytes(lambda body: body.replace(b"reportResponse>", b"VoiceReportResponse>"), form="xml"),
        witness=read(says(b"VoiceReport"), form="xml"),
    ),
    _xml(
        id="xml-root-refusal",
        rule="xml.root",
        sentence="The root of a refusal is requestError.",
        advice=REFUSAL,
        source=("platform-2026",),
        make=in_bytes(
            lambda body: body.replace(b"<ApiException>", b"").replace(b"</ApiException>", b""),
            form="xml",
            when=errors(),
        ),
        witness=answered(
            lambda stage: stage.get(limit=0, accept="application/xml"),
            lambda answer: answer.body.startswith(b"<requestError"),
        ),
    ),
    _xml(
        id="xml-items",
        rule="xml.items",
        sentence="The items of results are report.",
        advice=_LISTS,
        source=("reports",),
        editions=ONLY_SEEDS,
        make=in_bytes(lambda body: body.replace(b"result>", b"report>"), form="xml", when=of_reports),
        witness=read(says(b"<report>"), form="xml"),
    ),
    _xml(
        id="xml-items-of-2026",
        rule="xml.items",
        sentence="The items of results are results.",
        advice=_LISTS,
        source=("reports",),
        editions=ONLY_SEEDS,
        make=in_bytes(lambda body: body.replace(b"result>", b"results>"), form="xml", when=of_reports),
        witness=read(says(b"<results><results>"), form="xml"),
    ),
    _xml(
        id="xml-items-of-seeds",
        rule="xml.items-2026",
        sentence="The items of results are result.",
        advice=_LISTS,
        source=("platform-2026",),
        editions=ONLY_2026,
        make=in_bytes(_as_in_seeds, form="xml", when=of_reports),
        witness=read(says(b"<result>"), form="xml"),
    ),
    _xml(
        id="xml-messages",
        rule="xml.messages",
        sentence="The items of messages are messages.",
        advice=_LISTS,
        source=("platform-2026",),
        make=in_bytes(
            lambda body: body.replace(b"<message>", b"<messages>").replace(b"</message>", b"</messages>"),
            form="xml",
            when=of_launches,
        ),
        witness=launched(says(b"<messages><messages>"), accept="application/xml"),
    ),
    _xml(
        id="xml-price",
        rule="xml.price",
        sentence="The price element is pricePerSecond.",
        advice="Read both names of the price.",
        source=("reports",),
        editions=ONLY_SEEDS,
        make=in_bytes(lambda body: body.replace(b"pricePerMessage", b"pricePerSecond"), form="xml"),
        witness=read(says(b"pricePerSecond"), form="xml"),
    ),
    _xml(
        id="xml-price-of-seeds",
        rule="xml.price-2026",
        sentence="The price element is pricePerMessage.",
        advice="Read both names of the price.",
        source=("platform-2026",),
        editions=ONLY_2026,
        make=in_bytes(lambda body: body.replace(b"pricePerSecond", b"pricePerMessage"), form="xml"),
        witness=read(says(b"pricePerMessage"), form="xml"),
    ),
    _xml(
        id="xml-no-list",
        rule="xml.empty-list",
        sentence="Without reports, there is no element results.",
        advice="Take a missing list for an empty one.",
        source=("sibling",),
        make=in_bytes(_without_list("results"), form="xml", when=of_reports),
        witness=answered(empty_reports("xml"), lambda answer: b"results" not in answer.body),
    ),
    _xml(
        id="xml-unwrapped",
        rule="xml.repeated",
        sentence="Reports stand in the root, without the element around them.",
        advice=_LISTS,
        source=("reports",),
        editions=ONLY_SEEDS,
        make=in_bytes(_unwrapped, form="xml", when=of_reports),
        witness=read(lambda answer: answer.body.startswith(b"<reportResponse><result>"), form="xml"),
    ),
    _xml(
        id="xml-twice",
        rule="xml.repeated",
        sentence="A report has its status twice.",
        advice=TYPES,
        source=_XMLS,
        make=in_bytes(
            lambda body: re.sub(rb"(<status>.*?</status>)", rb"\1\1", body, flags=re.DOTALL),
            form="xml",
            when=of_reports,
        ),
        witness=read(lambda answer: answer.body.count(b"<status>") == 2, form="xml"),
    ),
    _xml(
        id="xml-launch-twice",
        rule="xml.repeated",
        sentence="An entry of a launch has its number twice.",
        advice=TYPES,
        source=_XMLS,
        make=in_bytes(lambda body: re.sub(rb"(<to>\d*</to>)", rb"\1\1", body), form="xml", when=of_launches),
        witness=launched(lambda answer: answer.body.count(b"<to>") == 2, accept="application/xml"),
    ),
    _xml(
        id="xml-boolean",
        rule="xml.values",
        sentence="A boolean is written as Python does.",
        advice=TYPES,
        source=_XMLS,
        make=in_bytes(
            lambda body: body.replace(b">true<", b">True<").replace(b">false<", b">False<"),
            form="xml",
            when=of_reports,
        ),
        witness=read(lambda answer: b">True<" in answer.body or b">False<" in answer.body, form="xml"),
    ),
    _xml(
        id="xml-decimal-comma",
        rule="xml.values",
        sentence="A price has a decimal comma.",
        advice=TYPES,
        source=_XMLS,
        make=in_bytes(lambda body: re.sub(rb"(<pricePer\w+>\d+)\.", rb"\1,", body), form="xml"),
        witness=read(lambda answer: re.search(rb"<pricePer\w+>\d+,", answer.body), form="xml"),
    ),
    _xml(
        id="xml-duration",
        rule="xml.values",
        sentence="A duration has its unit.",
        advice=TYPES,
        source=_XMLS,
        make=in_bytes(lambda body: re.sub(rb"<duration>(\d+)<", rb"<duration>\1 s<", body), form="xml"),
        witness=read(says(b" s</duration>"), form="xml"),
    ),
    _xml(
        id="xml-group",
        rule="xml.values",
        sentence="The groupId of an entry is its name.",
        advice=TYPES,
        source=_XMLS,
        make=in_bytes(lambda body: re.sub(rb"<groupId>\d+<", b"<groupId>PENDING<", body), form="xml", when=of_launches),
        witness=launched(says(b"<groupId>PENDING"), accept="application/xml"),
    ),
    _xml(
        id="xml-refusal-no-text",
        rule="xml.refusal",
        sentence="A refusal in XML has no text.",
        advice=REFUSAL,
        source=("platform-2026",),
        make=refusals(without_text, "xml"),
        witness=answered(
            lambda stage: stage.get(limit=0, accept="application/xml"),
            lambda answer: b"<text>" not in answer.body.partition(b"<validationErrors")[0],
        ),
    ),
    _xml(
        id="xml-refusal-paths",
        rule="xml.refusal",
        sentence="The violations of a refusal in XML have the elements key and value.",
        advice=REFUSAL,
        source=("assumption",),
        make=in_bytes(
            lambda body: re.sub(
                rb'<validationError path="([^"]*)"><text>', rb"<validationError><key>\1</key><text>", body
            ),
            form="xml",
            when=errors(400),
        ),
        witness=answered(lambda stage: stage.get(limit=0, accept="application/xml"), says(b"<key>")),
    ),
    _xml(
        id="xml-refused",
        rule="xml.accepted",
        sentence="A click to call in XML is refused.",
        advice=_XML,
        source=("platform-2026",),
        make=refusing(lambda request: request.path == CTC and is_xml(request)),
        witness=launched(lambda answer: answer.status == 400, path=CTC, form="xml"),
    ),
    _xml(
        id="xml-several-refused",
        rule="xml.accepted",
        sentence="A launch in XML with several destinations is refused.",
        advice=_XML,
        source=("platform-2026",),
        make=refusing(lambda request: is_xml(request) and request.body.count(b"<to>") > 1),
        witness=launched(lambda answer: answer.status == 400, form="xml", calls=2),
    ),
    _xml(
        id="xml-declared-refused",
        rule="xml.accepted",
        sentence="A launch in XML with a declaration is refused.",
        advice="Leave the XML declaration out.",
        source=("platform-2026",),
        make=refusing(lambda request: is_xml(request) and request.body.startswith(b"<?xml")),
        witness=answered(
            lambda stage: stage.post(
                b'<?xml version="1.0" encoding="UTF-8"?>' + stage.post(stage.ivr(), form="xml").body, form="xml"
            ),
            lambda answer: answer.status == 400,
        ),
    ),
    _xml(
        id="xml-indented-refused",
        rule="xml.accepted",
        sentence="A launch in indented XML is refused.",
        advice="Write XML without white space between elements.",
        source=("platform-2026",),
        make=refusing(lambda request: is_xml(request) and b">\n" in request.body),
        witness=answered(
            lambda stage: stage.post(stage.post(stage.ivr(), form="xml").body.replace(b"><", b">\n  <"), form="xml"),
            lambda answer: answer.status == 400,
        ),
    ),
)
