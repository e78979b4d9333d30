"""Documents in JSON that are written wrongly."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
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
    documented,
    each,
    header,
    is_xml,
)
from infobip_voice_contract.faults.fault import Fault, Make
from infobip_voice_contract.faults.witness import answered, launched
from infobip_voice_contract.rules.rule import SEEDS
from infobip_voice_contract.stage import CTC

__all__ = ["JSON"]

_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")


def _nested(member: str, **members: Any) -> Callable[[dict[str, Any]], None]:
    def edit(item: dict[str, Any]) -> None:
        if isinstance(item.get(member), dict):
            item[member].update(members)

    return edit


def _in_ascii(report: dict[str, Any]) -> None:
    for name in ("bulkId", "messageId", "callbackData"):
        if isinstance(report.get(name), str):
            report[name] = report[name].encode("ascii", "replace").decode()


def _renamed(document: dict[str, Any]) -> Any:
    return {"error": document["requestError"]["serviceException"]["text"]}


def _only_json(edit: Callable[[Any], Any], when: Callable[[Request, Answer], bool]) -> Make:
    return documented(edit, when=lambda request, answer: when(request, answer) and not is_xml(answer))


_json = partial(Fault, group="json")


JSON: Final = (
    _json(
        id="json-cut",
        rule="json.well-formed",
        sentence="The last bracket of reports in JSON is missing.",
        advice=BROKEN,
        source=SEEDS,
        make=in_bytes(lambda body: body[:-1], form="json", when=of_reports),
        witness=read(lambda answer: not answer.body.endswith(b"}")),
    ),
    _json(
        id="json-nan",
        rule="json.well-formed",
        sentence="A price in JSON is NaN.",
        advice=BROKEN,
        source=SEEDS,
        make=in_bytes(lambda body: re.sub(rb'("pricePerSecond":)[^,}]+', rb"\1NaN", body), form="json"),
        witness=read(says(b"NaN")),
    ),
    _json(
        id="json-trailing-comma",
        rule="json.well-formed",
        sentence="The answer to a launch ends with a comma before its bracket.",
        advice=BROKEN,
        source=SEEDS,
        make=in_bytes(lambda body: body[:-1] + b",}", form="json", when=of_launches),
        witness=launched(says(b",}")),
    ),
    _json(
        id="json-bom",
        rule="json.well-formed",
        sentence="JSON begins with a byte order mark.",
        advice="Skip a byte order mark.",
        source=SEEDS,
        make=in_bytes(lambda body: b"\xef\xbb\xbf" + body, form="json"),
        witness=launched(says(b"\xef\xbb\xbf")),
    ),
    _json(
        id="json-twice",
        rule="json.members",
        sentence="A report has its messageId twice.",
        advice=TYPES,
        source=("assumption",),
        make=in_bytes(lambda body: re.sub(rb'("messageId":"[^"]*")', rb"\1,\1", body), form="json", when=of_reports),
        witness=read(lambda answer: answer.body.count(b'"messageId"') == 2),
    ),
    _json(
        id="json-latin",
        rule="json.utf-8",
        sentence="JSON is encoded in Latin-1.",
        advice="Keep the bytes, and try other encodings by hand.",
        source=SEEDS,
        make=in_bytes(lambda body: body.decode().encode("latin-1", "replace"), form="json"),
        witness=echoed(lambda body: b"\xfc" in body and b"\xc3\xbc" not in body),
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
        advice=TYPES,
        source=_LAUNCHES,
        make=documented(
            lambda document: document["messages"],
            when=lambda request, answer: of_launches(request, answer) and not is_xml(answer),
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
            when=lambda request, answer: of_launches(request, answer) and not is_xml(answer),
        ),
        witness=launched(lambda answer: b"messages" not in answer.body),
    ),
    _json(
        id="launch-number",
        rule="json.launched",
        sentence="The numbers in the answer to a launch are numbers of JSON.",
        advice=TYPES,
        source=_LAUNCHES,
        make=in_bytes(lambda body: re.sub(rb'"to":"(\d+)"', rb'"to":\1', body), form="json", when=of_launches),
        witness=launched(lambda answer: re.search(rb'"to":\d', answer.body)),
    ),
    _json(
        id="status-text",
        rule="json.launched",
        sentence="The status of an entry is its name alone.",
        advice=TYPES,
        source=_LAUNCHES,
        make=_only_json(each("messages", lambda entry: entry.update(status=entry["status"]["name"])), of_launches),
        witness=launched(lambda answer: b'"status":"' in answer.body.replace(b" ", b"")),
    ),
    _json(
        id="group-text",
        rule="json.launched",
        sentence="The groupId of a click to call is a text.",
        advice=TYPES,
        source=_LAUNCHES,
        make=_only_json(
            each("messages", lambda entry: entry["status"].update(groupId=str(entry["status"]["groupId"]))),
            lambda request, answer: request.path == CTC and answer.status == 200,
        ),
        witness=launched(says(b'"groupId": "1"'), path=CTC),
    ),
    _json(
        id="reports-null",
        rule="once.empty",
        group="once",
        sentence="Without reports, results is null.",
        advice="Take null for an empty list.",
        source=("reports",),
        make=_only_json(lambda document: document if document["results"] else {"results": None}, of_reports),
        witness=answered(empty_reports("json"), says(b"null")),
    ),
    _json(
        id="reports-list",
        rule="json.reports",
        sentence="The answer to a request for reports is a bare list.",
        advice="Read a bare list as the list of reports.",
        source=("reports",),
        make=documented(
            lambda document: document["results"],
            when=lambda request, answer: of_reports(request, answer) and not is_xml(answer),
        ),
        witness=answered(empty_reports("json"), lambda answer: answer.body.startswith(b"[")),
    ),
    _json(
        id="price-text",
        rule="json.reports",
        sentence="A price is a text.",
        advice="Read a price from a text, too; never through a binary fraction.",
        source=("reports",),
        make=_only_json(each("results", lambda report: _nested("price", pricePerSecond="0.01")(report)), of_reports),
        witness=read(says(b'"0.01"')),
    ),
    _json(
        id="duration-text",
        rule="json.reports",
        sentence="A duration is a text.",
        advice=TYPES,
        source=("reports",),
        make=_only_json(
            each("results", lambda report: report.update(duration=f"{report.get('duration')} s")), of_reports
        ),
        witness=read(says(b' s"')),
    ),
    _json(
        id="permanent-text",
        rule="json.reports",
        sentence="Whether an error is permanent is a text.",
        advice=TYPES,
        source=("reports",),
        make=_only_json(each("results", _nested("error", permanent="true")), of_reports),
        witness=read(says(b'"permanent": "true"')),
    ),
    _json(
        id="report-number",
        rule="json.reports",
        sentence="The number of a report is a number of JSON.",
        advice=TYPES,
        source=("reports",),
        make=in_bytes(lambda body: re.sub(rb'"to":"(\d+)"', rb'"to":\1', body), form="json", when=of_reports),
        witness=read(lambda answer: re.search(rb'"to":\d', answer.body)),
    ),
    _json(
        id="refusal-other",
        rule="json.refusal",
        sentence="A refusal is an object of its own invention.",
        advice=REFUSAL,
        source=("platform-2026",),
        make=refusals(_renamed, "json"),
        witness=answered(lambda stage: stage.get(limit=0), says(b'"error"')),
    ),
    _json(
        id="json-marks-lost",
        rule="json.text",
        sentence="In reports in JSON a letter beyond ASCII is a question mark.",
        advice="Use ASCII in ids and in callbackData.",
        source=("reports", "platform-2026"),
        make=_only_json(each("results", _in_ascii), of_reports),
        witness=read(says(b"a ??? b"), callbackData="a ü😀é b"),
    ),
    _json(
        id="refusal-no-text",
        rule="json.refusal",
        sentence="A refusal has no text.",
        advice=REFUSAL,
        source=("platform-2026",),
        make=refusals(without_text, "json"),
        witness=answered(lambda stage: stage.get(limit=0), lambda answer: b'"text"' not in answer.body),
    ),
    _json(
        id="refusal-empty",
        rule="json.refusal",
        sentence="A 401 has an empty object.",
        advice=REFUSAL,
        source=("platform-2026",),
        make=documented(lambda _: {}, when=lambda _, answer: answer.status == 401 and not is_xml(answer)),
        witness=answered(lambda stage: stage.get(authorization=None), lambda answer: answer.body == b"{}"),
    ),
)
