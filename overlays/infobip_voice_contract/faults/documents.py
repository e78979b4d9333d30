"""Faults of the documents of answers, in JSON and in XML."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    answering,
    documented,
    each,
    errors,
    fetches,
    header,
    is_xml,
    launches,
    refusing,
)
from infobip_voice_contract.faults.fault import ONLY_2026, ONLY_SEEDS, Fault, Make
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, answered, launched
from infobip_voice_contract.rules.rule import SEEDS
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["DOCUMENTS"]

_BROKEN: Final = "Keep the bytes of every answer before you read it, and take a broken one apart report by report."
_TYPES: Final = "Read the members that you need, each by itself, and let an odd one spoil only itself."
_LISTS: Final = "Take every child of a list for an item, whatever its name."
_REFUSAL: Final = "Decide by the status, and read the document of a refusal for people only."
_XML: Final = "Send JSON; it is what servers are tested with."

_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")
_XMLS: Final = ("reports", "platform-2026")


def _bytes(
    change: Callable[[bytes], bytes],
    *,
    form: str,
    when: Callable[[Request, Answer], bool] = lambda _, answer: answer.status == 200,
) -> Make:
    """Change the bytes of answers in one form."""

    def fits(request: Request, answer: Answer) -> bool:
        return when(request, answer) and is_xml(answer) == (form == "xml") and bool(answer.body)

    return answering(lambda answer: replace(answer, body=change(answer.body)), when=fits)


def _of_reports(request: Request, answer: Answer) -> bool:
    return fetches(request) and answer.status == 200


def _of_launches(request: Request, answer: Answer) -> bool:
    return launches(request) and answer.status == 200


def _read(
    shows: Callable[[Answer], object], *, form: str = "json", calls: int = 1, path: str = "", **options: Any
) -> Witness:
    """Launch, wait, fetch in one form, and look at the answer's bytes."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        if path:
            yield stage.post(stage.ctc(calls, bulk=bulk, **options), path)
        else:
            yield stage.post(stage.ivr(calls, bulk=bulk, **options))
        yield Wait()
        answer: Answer = yield stage.get(bulkId=bulk, accept=f"application/{form}")
        return bool(shows(answer))

    return witness


def _says(text: bytes) -> Callable[[Answer], bool]:
    return lambda answer: text in answer.body


def _without_list(name: str) -> Callable[[bytes], bytes]:
    return lambda body: re.sub(rf"<{name}/>|<{name}></{name}>".encode(), b"", body)


def _empty_reports(form: str) -> Callable[[Stage], Request]:
    return lambda stage: stage.get(bulkId=stage.id(), accept=f"application/{form}")


def _unwrapped(body: bytes) -> bytes:
    return re.sub(rb"<results>(<results?>.*</results?>)</results>", rb"\1", body, flags=re.DOTALL)


def _nested(member: str, **members: Any) -> Callable[[dict[str, Any]], None]:
    def edit(item: dict[str, Any]) -> None:
        if isinstance(item.get(member), dict):
            item[member].update(members)

    return edit


def _refusals(edit: Callable[[dict[str, Any]], Any], form: str) -> Make:
    return documented(edit, when=lambda _, answer: answer.status == 400 and is_xml(answer) == (form == "xml"))


def _without_text(document: dict[str, Any]) -> None:
    document["requestError"]["serviceException"].pop("text", None)


def _renamed(document: dict[str, Any]) -> Any:
    return {"error": document["requestError"]["serviceException"]["text"]}


def _only_json(edit: Callable[[Any], Any], when: Callable[[Request, Answer], bool]) -> Make:
    return documented(edit, when=lambda request, answer: when(request, answer) and not is_xml(answer))


def _as_in_seeds(body: bytes) -> bytes:
    inner = body.replace(b"<results>", b"<result>").replace(b"</results>", b"</result>")
    return (
        inner.replace(b"<result>", b"<results>", 1)[: -len(b"</result></reportResponse>")]
        + b"</results></reportResponse>"
    )


def _echoed(shows: Callable[[bytes], object], *, form: str = "json") -> Witness:
    """Look at how a bulkId with odd characters comes back."""
    return answered(
        lambda stage: stage.post(
            stage.ivr(bulk=f"{stage.id()} <&> \u00fc & x"), form="json", accept=f"application/{form}"
        ),
        lambda answer: shows(answer.body),
    )


_json = partial(Fault, group="json")
_xml = partial(Fault, group="xml")
_declared: Final = b'<?xml version="1.0" encoding="ISO-8859-1"?>'

DOCUMENTS: Final = (
    _json(
        id="json-cut",
        rule="json.well-formed",
        sentence="The last bracket of reports in JSON is missing.",
        advice=_BROKEN,
        source=SEEDS,
        make=_bytes(lambda body: body[:-1], form="json", when=_of_reports),
        witness=_read(lambda answer: not answer.body.endswith(b"}")),
    ),
    _json(
        id="json-nan",
        rule="json.well-formed",
        sentence="A price in JSON is NaN.",
        advice=_BROKEN,
        source=SEEDS,
        make=_bytes(lambda body: re.sub(rb'("pricePerSecond":)[^,}]+', rb"\1NaN", body), form="json"),
        witness=_read(_says(b"NaN")),
    ),
    _json(
        id="json-trailing-comma",
        rule="json.well-formed",
        sentence="The answer to a launch ends with a comma before its bracket.",
        advice=_BROKEN,
        source=SEEDS,
        make=_bytes(lambda body: body[:-1] + b",}", form="json", when=_of_launches),
        witness=launched(_says(b",}")),
    ),
    _json(
        id="json-bom",
        rule="json.well-formed",
        sentence="JSON begins with a byte order mark.",
        advice="Skip a byte order mark.",
        source=SEEDS,
        make=_bytes(lambda body: b"\xef\xbb\xbf" + body, form="json"),
        witness=launched(_says(b"\xef\xbb\xbf")),
    ),
    _json(
        id="json-twice",
        rule="json.members",
        sentence="A report has its messageId twice.",
        advice=_TYPES,
        source=("assumption",),
        make=_bytes(lambda body: re.sub(rb'("messageId":"[^"]*")', rb"\1,\1", body), form="json", when=_of_reports),
        witness=_read(lambda answer: answer.body.count(b'"messageId"') == 2),
    ),
    _json(
        id="json-latin",
        rule="json.utf-8",
        sentence="JSON is encoded in Latin-1.",
        advice="Keep the bytes, and try other encodings by hand.",
        source=SEEDS,
        make=_bytes(lambda body: body.decode().encode("latin-1", "replace"), form="json"),
        witness=_echoed(lambda body: b"\xfc" in body and b"\xc3\xbc" not in body),
    ),
    _json(
        id="json-said-latin",
        rule="json.utf-8",
        sentence="JSON says that it is encoded in Latin-1.",
        advice="Read JSON as UTF-8, whatever the charset says.",
        source=SEEDS,
        make=answering(
            lambda answer: header(answer, "content-type", "application/json;charset=ISO-8859-1"),
            when=lambda _, answer: answer.status == 200 and not is_xml(answer),
        ),
        witness=launched(lambda answer: "8859" in str(answer.headers)),
    ),
    _json(
        id="launch-list",
        rule="json.launched",
        sentence="The answer to a launch is the list of its entries.",
        advice=_TYPES,
        source=_LAUNCHES,
        make=documented(
            lambda document: document["messages"],
            when=lambda request, answer: _of_launches(request, answer) and not is_xml(answer),
        ),
        witness=launched(lambda answer: answer.body.startswith(b"[")),
    ),
    _json(
        id="launch-without-messages",
        rule="json.launched",
        sentence="The answer to a launch has no messages.",
        advice="Give every call a messageId of your own, and need no answer for it.",
        source=_LAUNCHES,
        make=documented(
            lambda document: {key: value for key, value in document.items() if key != "messages"},
            when=lambda request, answer: _of_launches(request, answer) and not is_xml(answer),
        ),
        witness=launched(lambda answer: b"messages" not in answer.body),
    ),
    _json(
        id="launch-number",
        rule="json.launched",
        sentence="The numbers in the answer to a launch are numbers of JSON.",
        advice=_TYPES,
        source=_LAUNCHES,
        make=_bytes(lambda body: re.sub(rb'"to":"(\d+)"', rb'"to":\1', body), form="json", when=_of_launches),
        witness=launched(lambda answer: re.search(rb'"to":\d', answer.body)),
    ),
    _json(
        id="status-text",
        rule="json.launched",
        sentence="The status of an entry is its name alone.",
        advice=_TYPES,
        source=_LAUNCHES,
        make=_only_json(each("messages", lambda entry: entry.update(status=entry["status"]["name"])), _of_launches),
        witness=launched(lambda answer: b'"status":"' in answer.body.replace(b" ", b"")),
    ),
    _json(
        id="group-text",
        rule="json.launched",
        sentence="The groupId of a click to call is a text.",
        advice=_TYPES,
        source=_LAUNCHES,
        make=_only_json(
            each("messages", lambda entry: entry["status"].update(groupId=str(entry["status"]["groupId"]))),
            lambda request, answer: request.path == CTC and answer.status == 200,
        ),
        witness=launched(_says(b'"groupId": "1"'), path=CTC),
    ),
    _json(
        id="reports-null",
        rule="once.empty",
        group="once",
        sentence="Without reports, results is null.",
        advice="Take null for an empty list.",
        source=("reports",),
        make=_only_json(lambda document: document if document["results"] else {"results": None}, _of_reports),
        witness=answered(_empty_reports("json"), _says(b"null")),
    ),
    _json(
        id="reports-list",
        rule="json.reports",
        sentence="The answer to a request for reports is a bare list.",
        advice="Read a bare list as the list of reports.",
        source=("reports",),
        make=documented(
            lambda document: document["results"],
            when=lambda request, answer: _of_reports(request, answer) and not is_xml(answer),
        ),
        witness=answered(_empty_reports("json"), lambda answer: answer.body.startswith(b"[")),
    ),
    _json(
        id="price-text",
        rule="json.reports",
        sentence="A price is a text.",
        advice="Read a price from a text, too; never through a binary fraction.",
        source=("reports",),
        make=_only_json(each("results", lambda report: _nested("price", pricePerSecond="0.01")(report)), _of_reports),
        witness=_read(_says(b'"0.01"')),
    ),
    _json(
        id="duration-text",
        rule="json.reports",
        sentence="A duration is a text.",
        advice=_TYPES,
        source=("reports",),
        make=_only_json(
            each("results", lambda report: report.update(duration=f"{report.get('duration')} s")), _of_reports
        ),
        witness=_read(_says(b' s"')),
    ),
    _json(
        id="permanent-text",
        rule="json.reports",
        sentence="Whether an error is permanent is a text.",
        advice=_TYPES,
        source=("reports",),
        make=_only_json(each("results", _nested("error", permanent="true")), _of_reports),
        witness=_read(_says(b'"permanent": "true"')),
    ),
    _json(
        id="report-number",
        rule="json.reports",
        sentence="The number of a report is a number of JSON.",
        advice=_TYPES,
        source=("reports",),
        make=_bytes(lambda body: re.sub(rb'"to":"(\d+)"', rb'"to":\1', body), form="json", when=_of_reports),
        witness=_read(lambda answer: re.search(rb'"to":\d', answer.body)),
    ),
    _json(
        id="refusal-other",
        rule="json.refusal",
        sentence="A refusal is an object of its own invention.",
        advice=_REFUSAL,
        source=("platform-2026",),
        make=_refusals(_renamed, "json"),
        witness=answered(lambda stage: stage.get(limit=0), _says(b'"error"')),
    ),
    _json(
        id="refusal-no-text",
        rule="json.refusal",
        sentence="A refusal has no text.",
        advice=_REFUSAL,
        source=("platform-2026",),
        make=_refusals(_without_text, "json"),
        witness=answered(lambda stage: stage.get(limit=0), lambda answer: b'"text"' not in answer.body),
    ),
    _json(
        id="refusal-empty",
        rule="json.refusal",
        sentence="A 401 has an empty object.",
        advice=_REFUSAL,
        source=("platform-2026",),
        make=documented(lambda _: {}, when=lambda _, answer: answer.status == 401 and not is_xml(answer)),
        witness=answered(lambda stage: stage.get(authorization=None), lambda answer: answer.body == b"{}"),
    ),
    _xml(
        id="xml-cut",
        rule="xml.well-formed",
        sentence="The end tag of reports in XML is missing.",
        advice=_BROKEN,
        source=SEEDS,
        make=_bytes(lambda body: body[:-8], form="xml", when=_of_reports),
        witness=_read(lambda answer: not answer.body.endswith(b"e>"), form="xml"),
    ),
    _xml(
        id="xml-bare-ampersand",
        rule="xml.well-formed",
        sentence="An ampersand in XML is written as it is.",
        advice=_BROKEN,
        source=SEEDS,
        make=_bytes(lambda body: body.replace(b"&amp;", b"&"), form="xml"),
        witness=_echoed(lambda body: b"& " in body, form="xml"),
    ),
    _xml(
        id="xml-doctype",
        rule="xml.well-formed",
        sentence="Reports in XML have a DOCTYPE.",
        advice="Never process a DOCTYPE.",
        source=SEEDS,
        make=_bytes(lambda body: b"<!DOCTYPE reportResponse>" + body, form="xml", when=_of_reports),
        witness=_read(_says(b"DOCTYPE"), form="xml"),
    ),
    _xml(
        id="xml-latin",
        rule="xml.utf-8",
        sentence="XML is encoded in Latin-1, and says so.",
        advice="Let the XML parser decide the encoding.",
        source=SEEDS,
        make=_bytes(lambda body: _declared + body.decode().encode("latin-1", "xmlcharrefreplace"), form="xml"),
        witness=launched(_says(_declared), accept="application/xml"),
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
        make=_bytes(lambda body: body.replace(b"voiceResponse>", b"response>"), form="xml"),
        witness=launched(_says(b"<response>"), accept="application/xml"),
    ),
    _xml(
        id="xml-root-reports",
        rule="xml.root",
        sentence="The root of reports is VoiceReportResponse.",
        advice="Read a document by what is in it, and not by its root.",
        source=_XMLS,
        make=_bytes(lambda body: body.replace(b"reportResponse>", b"VoiceReportResponse>"), form="xml"),
        witness=_read(_says(b"VoiceReport"), form="xml"),
    ),
    _xml(
        id="xml-root-refusal",
        rule="xml.root",
        sentence="The root of a refusal is requestError.",
        advice=_REFUSAL,
        source=("platform-2026",),
        make=_bytes(
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
        make=_bytes(lambda body: body.replace(b"result>", b"report>"), form="xml", when=_of_reports),
        witness=_read(_says(b"<report>"), form="xml"),
    ),
    _xml(
        id="xml-items-of-2026",
        rule="xml.items",
        sentence="The items of results are results.",
        advice=_LISTS,
        source=("reports",),
        editions=ONLY_SEEDS,
        make=_bytes(lambda body: body.replace(b"result>", b"results>"), form="xml", when=_of_reports),
        witness=_read(_says(b"<results><results>"), form="xml"),
    ),
    _xml(
        id="xml-items-of-seeds",
        rule="xml.items-2026",
        sentence="The items of results are result.",
        advice=_LISTS,
        source=("platform-2026",),
        editions=ONLY_2026,
        make=_bytes(_as_in_seeds, form="xml", when=_of_reports),
        witness=_read(_says(b"<result>"), form="xml"),
    ),
    _xml(
        id="xml-messages",
        rule="xml.messages",
        sentence="The items of messages are messages.",
        advice=_LISTS,
        source=("platform-2026",),
        make=_bytes(
            lambda body: body.replace(b"<message>", b"<messages>").replace(b"</message>", b"</messages>"),
            form="xml",
            when=_of_launches,
        ),
        witness=launched(_says(b"<messages><messages>"), accept="application/xml"),
    ),
    _xml(
        id="xml-price",
        rule="xml.price",
        sentence="The price element is pricePerSecond.",
        advice="Read both names of the price.",
        source=("reports",),
        editions=ONLY_SEEDS,
        make=_bytes(lambda body: body.replace(b"pricePerMessage", b"pricePerSecond"), form="xml"),
        witness=_read(_says(b"pricePerSecond"), form="xml"),
    ),
    _xml(
        id="xml-price-of-seeds",
        rule="xml.price-2026",
        sentence="The price element is pricePerMessage.",
        advice="Read both names of the price.",
        source=("platform-2026",),
        editions=ONLY_2026,
        make=_bytes(lambda body: body.replace(b"pricePerSecond", b"pricePerMessage"), form="xml"),
        witness=_read(_says(b"pricePerMessage"), form="xml"),
    ),
    _xml(
        id="xml-no-list",
        rule="xml.empty-list",
        sentence="Without reports, there is no element results.",
        advice="Take a missing list for an empty one.",
        source=("sibling",),
        make=_bytes(_without_list("results"), form="xml", when=_of_reports),
        witness=answered(_empty_reports("xml"), lambda answer: b"results" not in answer.body),
    ),
    _xml(
        id="xml-unwrapped",
        rule="xml.repeated",
        sentence="Reports stand in the root, without the element around them.",
        advice=_LISTS,
        source=("reports",),
        editions=ONLY_SEEDS,
        make=_bytes(_unwrapped, form="xml", when=_of_reports),
        witness=_read(lambda answer: answer.body.startswith(b"<reportResponse><result>"), form="xml"),
    ),
    _xml(
        id="xml-twice",
        rule="xml.repeated",
        sentence="A report has its status twice.",
        advice=_TYPES,
        source=_XMLS,
        make=_bytes(
            lambda body: re.sub(rb"(<status>.*?</status>)", rb"\1\1", body, flags=re.DOTALL),
            form="xml",
            when=_of_reports,
        ),
        witness=_read(lambda answer: answer.body.count(b"<status>") == 2, form="xml"),
    ),
    _xml(
        id="xml-launch-twice",
        rule="xml.repeated",
        sentence="An entry of a launch has its number twice.",
        advice=_TYPES,
        source=_XMLS,
        make=_bytes(lambda body: re.sub(rb"(<to>\d*</to>)", rb"\1\1", body), form="xml", when=_of_launches),
        witness=launched(lambda answer: answer.body.count(b"<to>") == 2, accept="application/xml"),
    ),
    _xml(
        id="xml-boolean",
        rule="xml.values",
        sentence="A boolean is written as Python does.",
        advice=_TYPES,
        source=_XMLS,
        make=_bytes(
            lambda body: body.replace(b">true<", b">True<").replace(b">false<", b">False<"),
            form="xml",
            when=_of_reports,
        ),
        witness=_read(lambda answer: b">True<" in answer.body or b">False<" in answer.body, form="xml"),
    ),
    _xml(
        id="xml-decimal-comma",
        rule="xml.values",
        sentence="A price has a decimal comma.",
        advice=_TYPES,
        source=_XMLS,
        make=_bytes(lambda body: re.sub(rb"(<pricePer\w+>\d+)\.", rb"\1,", body), form="xml"),
        witness=_read(lambda answer: re.search(rb"<pricePer\w+>\d+,", answer.body), form="xml"),
    ),
    _xml(
        id="xml-duration",
        rule="xml.values",
        sentence="A duration has its unit.",
        advice=_TYPES,
        source=_XMLS,
        make=_bytes(lambda body: re.sub(rb"<duration>(\d+)<", rb"<duration>\1 s<", body), form="xml"),
        witness=_read(_says(b" s</duration>"), form="xml"),
    ),
    _xml(
        id="xml-group",
        rule="xml.values",
        sentence="The groupId of an entry is its name.",
        advice=_TYPES,
        source=_XMLS,
        make=_bytes(lambda body: re.sub(rb"<groupId>\d+<", b"<groupId>PENDING<", body), form="xml", when=_of_launches),
        witness=launched(_says(b"<groupId>PENDING"), accept="application/xml"),
    ),
    _xml(
        id="xml-refusal-no-text",
        rule="xml.refusal",
        sentence="A refusal in XML has no text.",
        advice=_REFUSAL,
        source=("platform-2026",),
        make=_refusals(_without_text, "xml"),
        witness=answered(
            lambda stage: stage.get(limit=0, accept="application/xml"),
            lambda answer: b"<text>" not in answer.body.partition(b"<validationErrors")[0],
        ),
    ),
    _xml(
        id="xml-refusal-paths",
        rule="xml.refusal",
        sentence="The violations of a refusal in XML have the elements key and value.",
        advice=_REFUSAL,
        source=("assumption",),
        make=_bytes(
            lambda body: re.sub(
                rb'<validationError path="([^"]*)"><text>', rb"<validationError><key>\1</key><text>", body
            ),
            form="xml",
            when=errors(400),
        ),
        witness=answered(lambda stage: stage.get(limit=0, accept="application/xml"), _says(b"<key>")),
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
