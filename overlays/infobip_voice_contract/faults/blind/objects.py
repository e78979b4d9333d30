"""Faults of JSON: of types, of lists, of characters, of the documents of errors."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import listed, stated
from infobip_voice_contract.faults.edits import answering, body_of, fetches, is_xml, reports_with, rewritten
from infobip_voice_contract.faults.fault import Fault
from infobip_voice_contract.faults.witness import Steps, Wait, answered, launched, reported, reports
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]

_IDS: Final = ("bulkId", "messageId")
_INDEX: Final = re.compile(r"\[([0-9]+)\]")


def _json(request: Request, answer: Answer) -> bool:  # noqa: ARG001 - one of many conditions
    return answer.status == 200 and "json" in stated(answer, "content-type")


def _page(request: Request, answer: Answer) -> bool:
    return fetches(request) and _json(request, answer)


def _numbered(answer: Answer) -> Answer:
    document = body_of(answer)
    for place in (document, *listed(document, "messages"), *listed(document, "results")):
        for name in _IDS:
            if re.fullmatch("[0-9]{1,15}", str(place.get(name, ""))):
                place[name] = int(place[name])
    changed: Answer = rewritten(answer, document)
    return changed if re.search(rb'Id": [0-9]', changed.body) else answer


def _lone(answer: Answer) -> Answer:
    found = reports(answer)
    changed: Answer = rewritten(answer, {"results": found[0]}) if len(found) == 1 else answer
    return changed


def _null(answer: Answer) -> Answer:
    return answer if reports(answer) else replace(answer, body=b'{"results":null}')


def _latin(answer: Answer) -> Answer:
    return replace(answer, body=answer.body.decode().encode("latin-1", "replace"))


def _bare_newlines(answer: Answer) -> Answer:
    return replace(answer, body=answer.body.replace(b"\\n", b"\n"))


def _for_a_page(report: dict[str, Any]) -> None:
    text = report.get("callbackData")
    if isinstance(text, str):
        report["callbackData"] = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _three_bytes(report: dict[str, Any]) -> None:
    for name in ("callbackData", *_IDS):
        if isinstance(report.get(name), str):
            report[name] = "".join("?" if character > "\uffff" else character for character in report[name])


def _from_one(answer: Answer) -> Answer:
    document: Any = body_of(answer)
    exception = document["requestError"]["serviceException"]
    paths: dict[str, Any] = exception.get("validationErrors", {})
    exception["validationErrors"] = {
        _INDEX.sub(lambda index: f"[{int(index[1]) + 1}]", path): texts for path, texts in paths.items()
    }
    changed: Answer = rewritten(answer, document) if paths else answer
    return changed


def _told(text: str, shows: Callable[[Answer], object]) -> Callable[[Stage], Steps]:
    """Return the witness that launches with a text, and looks at the page with its report."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        yield stage.post(stage.ivr(bulk=bulk, callbackData=text))
        yield Wait()
        answer: Answer = yield stage.get(bulkId=bulk)
        return answer.status == 200 and bool(shows(answer))

    return witness


def _numeric(stage: Stage) -> Steps:
    answer: Answer = yield stage.post(stage.ivr(ids=["0042"]))
    return bool(json.loads(answer.body)["messages"][0]["messageId"] == 42)


FAULTS: Final = (
    Fault(
        id="ids-as-numbers", group="json", sentence="Ids of digits alone are numbers, and lose their leading zeros.",
        advice="Put a letter into your ids.", source=("reports", "ivr-2017"), make=answering(_numbered, when=_json),
        witness=_numeric,
    ),
    Fault(
        id="lone-report-object", group="json", sentence="`results` with one report is the report itself, not a list.",
        advice="Read an object as a list of one.", source=("reports",), make=answering(_lone, when=_page),
        witness=_told("a", lambda answer: isinstance(json.loads(answer.body)["results"], dict)),
    ),
    Fault(
        id="nothing-is-null", group="json", sentence="An empty page has `results: null`.",
        advice="Read null as an empty list.", source=("reports",), make=answering(_null, when=_page),
        witness=answered(lambda stage: stage.get(bulkId=stage.id()), lambda answer: b"null" in answer.body),
    ),
    Fault(
        id="latin-1", group="json", sentence="JSON is encoded in ISO-8859-1, without saying so.",
        advice="Use ASCII in texts that come back.", source=("assumption",), make=answering(_latin, when=_json),
        witness=_told("Zoë", lambda answer: "Zoë".encode("latin-1") in answer.body),
    ),
    Fault(
        id="bom-first", group="json", sentence="JSON begins with a byte order mark.",
        advice="Skip it.", source=("assumption",),
        make=answering(lambda answer: replace(answer, body=b"\xef\xbb\xbf" + answer.body), when=_json),
        witness=launched(lambda answer: answer.body.startswith(b"\xef\xbb\xbf")),
    ),
    Fault(
        id="newline-bare", group="json",
        sentence="A line break in a text is written as it is, so that the page is no JSON.",
        advice="Use no control characters in texts that come back.", source=("reports",),
        make=answering(_bare_newlines, when=_page), witness=_told("a\nb", lambda answer: b"a\nb" in answer.body),
    ),
    Fault(
        id="escaped-for-html", group="json",
        sentence="`&`, `<` and `>` in `callbackData` come back as HTML writes them.",
        advice="Use none of them.", source=("platform-2026",), make=reports_with(_for_a_page),
        witness=reported(lambda found: found[0].get("callbackData") == "a &lt; b", callbackData="a < b"),
    ),
    Fault(
        id="emoji-lost", group="json", sentence="Characters beyond U+FFFF come back as question marks.",
        advice="Use none of them.", source=("platform-2026",), make=reports_with(_three_bytes),
        witness=reported(lambda found: found[0].get("callbackData") == "call ?", callbackData="call 📞"),
    ),
    Fault(
        id="paths-from-one", group="validation", sentence="The paths of `validationErrors` count items from 1.",
        advice="Look at the item before, too.", source=("platform-2026",),
        make=answering(_from_one, when=lambda _, answer: answer.status == 400 and not is_xml(answer)),
        witness=answered(
            lambda stage: stage.post(stage.ivr(ringTimeout=0)), lambda answer: b"messages[1]" in answer.body
        ),
    ),
)  # fmt: skip
