"""Servers that keep the contract in other ways than the mock: nobody may accuse them."""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    answering,
    anything,
    documented,
    each,
    errors,
    fetches,
    header,
    is_xml,
    launches,
    reports_with,
)
from infobip_voice_contract.faults.fault import Make, Send, Variant, Wrapper, is_push
from infobip_voice_contract.faults.witness import Steps, Witness, answered, entries, launched, reported
from infobip_voice_contract.stage import Stage
from infobip_voice_wire import timestamps

__all__ = ["VARIANTS"]


def _bytes(change: Callable[[bytes], bytes], *, form: str) -> Make:
    return answering(lambda answer: replace(answer, body=change(answer.body)),
                     when=lambda _, answer: bool(answer.body) and is_xml(answer) == (form == "xml"))  # fmt: skip


def _documents(edit: Callable[[Any], Any]) -> Make:
    return documented(edit, when=lambda request, _: launches(request) or fetches(request))


def _one(shows: Callable[[Answer], object], *, accept: str = "application/json") -> Witness:
    return answered(lambda stage: stage.get(bulkId=stage.id(), accept=accept), shows)


def _report(shows: Callable[[dict[str, Any]], object], **options: Any) -> Witness:
    return reported(lambda found: found and shows(found[0]), **options)


def _fewer(report: dict[str, Any]) -> None:
    for name in ("mccMnc", "duration", "price", "sentAt", "bulkId", "to"):
        report.pop(name, None)


def _nulls(report: dict[str, Any]) -> None:
    report.update(dict.fromkeys(("mccMnc", "duration", "price", "sentAt", "dtmfCodes", "recordedAudioFileUrl")))


def _unknown(report: dict[str, Any]) -> None:
    report["mccMnc"] = "0"
    if isinstance(report.get("price"), dict):
        report["price"]["currency"] = "UNKNOWN"


def _in_india(report: dict[str, Any]) -> None:
    for name in ("sentAt", "doneAt"):
        if isinstance(report.get(name), str):
            moment = timestamps.parse(report[name]).astimezone(timezone(timedelta(hours=5.5)))
            report[name] = timestamps.format_report_time(moment)


def _more(document: dict[str, Any]) -> None:
    for item in [document, *document.get("results", ()), *document.get("messages", ())]:
        item["extra"] = {"deep": "1"}


def _other_words(document: dict[str, Any]) -> None:
    for item in [*document.get("results", ()), *document.get("messages", ())]:
        for name in ("status", "error"):
            if isinstance(item.get(name), dict):
                item[name]["description"] = "In other words"


def _bare(document: dict[str, Any]) -> None:
    document["requestError"]["serviceException"].pop("validationErrors", None)


def _other_text(document: dict[str, Any]) -> None:
    document["requestError"]["serviceException"]["text"] = "Nein"


def _bursts() -> Wrapper:
    """Two of every nine requests are answered 429."""
    count = 0

    async def wrapper(request: Request, send: Send) -> Answer:
        nonlocal count
        count += not is_push(request)
        if is_push(request) or count % 9 not in (3, 4):
            return await send(request)
        document = b'{"requestError":{"serviceException":{"messageId":"TOO_MANY_REQUESTS","text":"Slower"}}}'
        return Answer(429, (("content-type", "application/json"), ("retry-after", "1")), document)

    return wrapper


def _burst(stage: Stage) -> Steps:
    statuses: list[int] = []
    for _ in range(9):
        answer: Answer = yield stage.get(bulkId=stage.id())
        statuses.append(answer.status)
    return statuses.count(429) == 2


def _short_ids() -> Wrapper:
    """Ids that the server makes are numbers of 23 digits, as captures have them."""
    inner, outer = r"made-(\d{8})", r"1(0{14})(\d{8})"

    def shown(body: bytes) -> bytes:
        return re.sub(inner.encode(), rb"100000000000000\1", body)

    async def wrapper(request: Request, send: Send) -> Answer:
        if is_push(request):
            return await send(replace(request, body=shown(request.body)))
        answer = await send(replace(request, target=re.sub(outer, r"made-\2", request.target)))
        answers_ids = (launches(request) or fetches(request)) and answer.status == 200
        return replace(answer, body=shown(answer.body)) if answers_ids else answer

    return wrapper


_IS: Final = ("assumption",)

VARIANTS: Final = (
    Variant(
        id="xml-declared",
        sentence="XML has a declaration and white space.",
        source=("reports",),
        make=_bytes(
            lambda body: (
                b'<?xml version="1.0" encoding="UTF-8"?>\n' + body.replace(b"><", b">\n <").replace(b">\n </", b"></")
            ),
            form="xml",
        ),
        witness=_one(lambda answer: answer.body.startswith(b"<?xml"), accept="application/xml"),
    ),
    Variant(
        id="json-spaced",
        sentence="JSON has white space.",
        source=("reports",),
        make=_bytes(lambda body: b"\n" + body + b"\r\n", form="json"),
        witness=_one(lambda answer: answer.body.startswith(b"\n")),
    ),
    Variant(
        id="charset",
        sentence="Content-Type names the charset.",
        source=("reports",),
        make=answering(
            lambda answer: header(answer, "Content-Type", f"{answer.field('content-type')};charset=UTF-8"),
            when=lambda _, answer: bool(answer.body),
        ),
        witness=_one(lambda answer: "charset" in str(answer.field("content-type"))),
    ),
    Variant(
        id="gzip",
        sentence="Answers are in gzip, and say so.",
        source=_IS,
        make=answering(
            lambda answer: header(
                replace(answer, body=gzip.compress(answer.body, mtime=0)), "Content-Encoding", "gzip"
            ),
            when=lambda _, answer: bool(answer.body),
        ),
        witness=_one(lambda answer: answer.field("content-encoding") == "gzip"),
    ),
    Variant(
        id="more-fields",
        sentence="Answers have more header fields.",
        source=_IS,
        make=answering(
            lambda answer: header(header(header(answer, "Server", "another"), "Vary", "Accept"), "X-Request-Id", "1"),
            when=anything,
        ),
        witness=_one(lambda answer: answer.field("server")),
    ),
    Variant(
        id="strict-cache",
        sentence="Cache-Control says more than no-store.",
        source=_IS,
        make=answering(
            lambda answer: header(answer, "Cache-Control", "private, No-Store, max-age=0"),
            when=lambda request, _: fetches(request),
        ),
        witness=_one(lambda answer: "private" in str(answer.field("cache-control"))),
    ),
    Variant(
        id="other-words",
        sentence="Descriptions are in other words.",
        source=("platform-2026",),
        make=_documents(_other_words),
        witness=launched(lambda answer: b"other words" in answer.body),
    ),
    Variant(
        id="other-texts",
        sentence="Refusals have other texts.",
        source=("platform-2026",),
        make=documented(_other_text, when=errors(401, 404, 405, 406, 413, 415)),
        witness=answered(lambda stage: stage.get(authorization=None), lambda answer: b"Nein" in answer.body),
    ),
    Variant(
        id="more-members",
        sentence="Documents have members that the contract does not know.",
        source=("platform-2026",),
        make=_documents(_more),
        witness=launched(lambda answer: b"extra" in answer.body),
    ),
    Variant(
        id="own-lists",
        sentence="Documents in XML have lists that the contract does not know.",
        source=("platform-2026",),
        make=_bytes(
            lambda body: body.replace(b"<status>", b"<tags><tag>1</tag><tag>2</tag></tags><tag/><tag/><status>"),
            form="xml",
        ),
        witness=answered(
            lambda stage: stage.post(stage.ivr(), form="xml", accept="application/xml"),
            lambda answer: answer.body.count(b"<tag>") > 1,
        ),
    ),
    Variant(
        id="fewer-members",
        sentence="Reports lack what they may lack.",
        source=("reports",),
        make=reports_with(_fewer),
        witness=_report(lambda report: "to" not in report),
    ),
    Variant(
        id="nulls",
        sentence="Reports have nulls.",
        source=("platform-2026",),
        make=documented(
            each("results", _nulls),
            when=lambda request, answer: fetches(request) and answer.status == 200 and not is_xml(answer),
        ),
        witness=_report(lambda report: "price" in report and report["price"] is None),
    ),
    Variant(
        id="unknown-prices",
        sentence="Reports have an unknown currency and network.",
        source=("platform-2026",),
        make=reports_with(_unknown),
        witness=_report(lambda report: report["mccMnc"] == "0"),
    ),
    Variant(
        id="other-zone",
        sentence="Times are in another zone.",
        source=("reports",),
        make=reports_with(_in_india),
        witness=_report(lambda report: report["doneAt"].endswith("+0530")),
    ),
    Variant(
        id="relative-recordings",
        sentence="The URL of a recording is relative.",
        source=("reports",),
        make=reports_with(
            lambda report: (
                report.update(recordedAudioFileUrl=f"/tts/3/files/{report['messageId']}/{report['to']}")
                if report.get("recordedAudioFileUrl")
                else None
            )
        ),
        witness=_report(lambda report: report["recordedAudioFileUrl"].startswith("/"), record=True),
    ),
    Variant(
        id="exact-prices",
        sentence="Prices have more digits.",
        source=("reports",),
        make=reports_with(
            lambda report: (
                report["price"].update(pricePerSecond=0.00012345) if isinstance(report.get("price"), dict) else None
            )
        ),
        witness=_report(lambda report: float(report["price"]["pricePerSecond"]) < 0.001),
    ),
    Variant(
        id="bare-refusals",
        sentence="A 400 does not list its violations.",
        source=("platform-2026",),
        make=documented(_bare, when=errors(400)),
        witness=answered(lambda stage: stage.get(limit=0), lambda answer: b"validationErrors" not in answer.body),
    ),
    Variant(
        id="allows-more",
        sentence="Allow names OPTIONS, too.",
        source=_IS,
        make=answering(lambda answer: header(answer, "Allow", f"{answer.field('allow')}, OPTIONS"), when=errors(405)),
        witness=answered(
            lambda stage: stage.get(method="DELETE"), lambda answer: "OPTIONS" in str(answer.field("allow"))
        ),
    ),
    Variant(
        id="other-challenge",
        sentence="A 401 asks for Basic credentials and for others.",
        source=_IS,
        make=answering(lambda answer: header(answer, "WWW-Authenticate", 'Basic realm="x", Bearer'), when=errors(401)),
        witness=answered(
            lambda stage: stage.get(authorization=None),
            lambda answer: "Bearer" in str(answer.field("www-authenticate")),
        ),
    ),
    Variant(
        id="bursts", sentence="Some requests are answered 429.", source=("platform-2026",), make=_bursts, witness=_burst
    ),
    Variant(
        id="numbers-for-ids",
        sentence="Ids that the server makes are numbers of 23 digits.",
        source=("platform-2026",),
        make=_short_ids,
        witness=launched(lambda answer: entries(answer)[0]["messageId"].isdecimal()),
    ),
)
