"""Faults of a server that accepts what is invalid."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    ABSENT,
    documented,
    errors,
    fetches,
    is_xml,
    launches,
    mended,
    mending,
    query,
    rewritten,
)
from infobip_voice_contract.faults.fault import ONLY_2026, Fault, Make, Send, is_push
from infobip_voice_contract.faults.witness import Witness, answered, value
from infobip_voice_contract.stage import ABSENT as MISSING
from infobip_voice_contract.stage import CTC, IVR, Form, Stage, changed
from infobip_voice_wire import timestamps

__all__ = ["LENIENT"]

_CHECK: Final = "Check a launch before you send it: this server launches what the platform would refuse."
_NAMES: Final = "Compare the names of your members with the contract's: this server drops what it does not know."
_QUERY: Final = "Check a query before you send it: this server takes it for another one."
_PATHS: Final = "Show the whole refusal to people, and let no program rely on its paths."

_ITEM: Final = "messages[0]"
_TO: Final = "messages[0].destinations[0].to"
_IVR: Final = ("ivr-2017", "ivr-2019")
_BOTH: Final = ("ivr-2017", "ivr-2019", "ctc")
_GOOD: Final = "999100000001"
_AT: Final = "2016-07-07T17:00:00.000+01:00"


def _takes(path: str, given: Any, *, operation: str = IVR, form: Form = "json") -> Witness:
    """A launch with this change is accepted."""
    return answered(
        lambda stage: stage.post(
            changed(stage.ctc() if operation == CTC else stage.ivr(), {path: given}), operation, form=form
        ),
        lambda answer: answer.status == 200,
    )


def _takes_bytes(body: bytes, *, form: Form = "json", operation: str = IVR) -> Witness:
    return answered(lambda stage: stage.post(body, operation, form=form), lambda answer: answer.status == 200)


def _takes_query(text: str) -> Witness:
    return answered(
        lambda stage: stage.get(query=f"bulkId={stage.id()}&{text}" if "bulkId" not in text else text),
        lambda answer: answer.status == 200,
    )


def _is_text(pattern: str) -> Callable[[Any], bool]:
    return lambda given: isinstance(given, str) and re.fullmatch(pattern, given, re.DOTALL) is not None


def _below(least: int) -> Callable[[Any], bool]:
    return lambda given: isinstance(given, int) and not isinstance(given, bool) and given < least


def _of(path: str) -> Callable[[Request], bool]:
    return lambda request: launches(request) and request.path == path


def _nothing_to_do(when: Callable[[Request], bool]) -> Make:
    """Answer as if there were no calls to make."""

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if is_push(request) or answer.status != 400 or not when(request):
            return answer
        fields = (("content-type", "application/json"),)
        return Answer(200, fields, b'{"bulkId":"none","messages":[]}')

    return lambda: wrapper


def _malformed(form: str) -> Callable[[Request], bool]:
    def when(request: Request) -> bool:
        return launches(request) and is_xml(request) == (form == "xml") and value(request, "IvrLaunchRequest") is None

    return when


def _cut_after(close: bytes) -> Make:
    """Read a document up to its end, and ignore what follows."""

    def mend(request: Request) -> Request | None:
        end = request.body.rfind(close)
        rest = request.body[end + len(close) :].strip()
        return (
            replace(request, body=request.body[: end + len(close)]) if launches(request) and end > 0 and rest else None
        )

    return mended(mend)


def _resolved(request: Request) -> Request | None:
    """Resolve the entities that a DOCTYPE defines."""
    if not launches(request) or b"<!DOCTYPE" not in request.body:
        return None
    body = request.body
    for name, text in re.findall(rb'<!ENTITY (\w+) "([^"]*)">', body):
        body = body.replace(b"&" + name + b";", text)
    return replace(request, body=re.sub(rb"<!DOCTYPE [^\[>]*(\[.*?\])?>", b"", body, flags=re.DOTALL))


def _unquoted(request: Request) -> Request | None:
    return (
        replace(request, body=request.body.replace(b"'", b'"')) if launches(request) and b"'" in request.body else None
    )


_PLAIN: Final = b'{"messages": [{"scenarioId": "x", "destinations": [{"to": "999100000001"}]}]}'
_PLAIN_XML: Final = (
    b"<request><messages><messages><scenarioId>x</scenarioId><destinations><destinations><to>999100000001</to>"
    b"</destinations></destinations></messages></messages></request>"
)
_DOCTYPE: Final = b'<!DOCTYPE request [<!ENTITY to "999100000001">]>' + _PLAIN_XML.replace(b"999100000001", b"&to;")


def _digits(given: Any) -> Any:
    return given.lstrip("+").replace(" ", "").replace("-", "")


def _rolled(given: Any) -> bool:
    """It is a date that does not exist in a month that does."""
    match = (
        re.fullmatch(r"\d{4}-\d\d-(\d\d)T([01]\d|2[0-3]):\d\d:\d\d(\.\d+)?([+-]\d\d:?\d\d|Z)", given)
        if isinstance(given, str)
        else None
    )
    if match is None or not 29 <= int(match[1]) <= 31:
        return False
    try:
        timestamps.parse(given)
    except ValueError:
        return True
    return False


def _first_path(document: dict[str, Any]) -> None:
    found = document["requestError"]["serviceException"].get("validationErrors")
    if found:
        first = next(iter(found))
        document["requestError"]["serviceException"]["validationErrors"] = {first: found[first]}


def _pointers(document: dict[str, Any]) -> None:
    found = document["requestError"]["serviceException"].get("validationErrors")
    if found:
        document["requestError"]["serviceException"]["validationErrors"] = {
            "/" + re.sub(r"\[(\d+)\]", r"/\1", path).replace(".", "/"): texts for path, texts in found.items()
        }


def _unsuggested(document: dict[str, Any]) -> None:
    exception = document["requestError"]["serviceException"]
    if "validationErrors" in exception:
        exception["validationErrors"] = {path: ["is unknown"] for path in exception["validationErrors"]}


def _bad_launch(stage: Stage) -> Request:
    return stage.post(changed(stage.ivr(2), {f"{_ITEM}.destinations[1].to": "abc", f"{_ITEM}.from": "1"}))


def _listed(answer: Answer) -> dict[str, Any]:
    document = value(answer, "ApiException") or {}
    return document["requestError"]["serviceException"].get("validationErrors") or {}


def _queried(mend: Callable[[Request], dict[str, str | None] | None]) -> Make:
    """Accept queries that the server refuses."""

    def mending(request: Request) -> Request | None:
        changes = mend(request) if fetches(request) else None
        return query(request, **changes) if changes is not None else None

    return mended(mending)


def _bad_limit(pattern: str, good: str | None) -> Make:
    def mend(request: Request) -> dict[str, str | None] | None:
        given = dict(request.query).get("limit")
        return {"limit": good} if given is not None and re.fullmatch(pattern, given) else None

    return _queried(mend)


def _unknown_parameters(request: Request) -> dict[str, str | None] | None:
    names = {name for name, _ in request.query} - {"bulkId", "messageId", "limit"}
    return dict.fromkeys(names) if names else None


def _last_of_several(request: Request) -> dict[str, str | None] | None:
    return dict(request.query) if len(dict(request.query)) < len(request.query) else None


def _no_query(request: Request) -> Request | None:
    return replace(request, target=request.path) if launches(request) and "?" in request.target else None


def _unknown(*known: str, at: str) -> Make:
    """Ignore unknown members of one kind of object."""

    def mend(request: Request) -> Request | None:
        document = value(request, "ClickToCallLaunchRequest" if request.path == CTC else "IvrLaunchRequest")
        if not launches(request) or not isinstance(document, dict):
            return None
        objects: list[Any] = [document] if not at else list(document.get("messages") or ())
        if at == "destinations":
            objects = [each for item in objects if isinstance(item, dict) for each in item.get("destinations") or ()]
        strange = [(each, name) for each in objects if isinstance(each, dict) for name in each if name not in known]
        for each, name in strange:
            del each[name]
        return rewritten(request, document) if strange else None

    return mended(mend)


_IVR_ITEM: Final = (
    "scenarioId",
    "from",
    "destinations",
    "parameters",
    "notifyUrl",
    "notifyContentType",
    "callbackData",
    "validityPeriod",
    "sendAt",
    "record",
    "retry",
    "sendingSpeed",
    "notifyContentVersion",
    "ringTimeout",
    "callTimeout",
    "pause",
    "deliveryTimeWindow",
)
_CTC_ITEM: Final = (
    "messageId",
    "from",
    "fromB",
    "destinationA",
    "destinationB",
    "text",
    "language",
    "audioFileUrl",
    "record",
    "anonymization",
    "notifyUrl",
    "notifyContentType",
    "maxDuration",
    "warningTime",
    "retry",
    "notifyContentVersion",
    "deliveryTimeWindow",
    "voice",
    "machineDetection",
)

_fault = partial(Fault, group="validation", advice=_CHECK)

LENIENT: Final = (
    # --- documents ---
    _fault(
        id="takes-nothing",
        rule="valid.malformed-json",
        sentence="An empty body is a launch without calls.",
        source=("platform-2026",),
        make=_nothing_to_do(lambda request: launches(request) and not request.body and not is_xml(request)),
        witness=_takes_bytes(b""),
    ),
    _fault(
        id="takes-any-json",
        rule="valid.malformed-json",
        sentence="What is no JSON is a launch without calls.",
        source=("platform-2026",),
        make=_nothing_to_do(_malformed("json")),
        witness=_takes_bytes(b"{"),
    ),
    _fault(
        id="takes-single-quotes",
        rule="valid.malformed-json",
        sentence="JSON may have single quotes.",
        source=("platform-2026",),
        make=mended(_unquoted),
        witness=_takes_bytes(_PLAIN.replace(b'"', b"'")),
    ),
    _fault(
        id="takes-json-and-more",
        rule="valid.malformed-json",
        sentence="What follows the JSON is ignored.",
        source=("platform-2026",),
        make=_cut_after(b"}"),
        witness=_takes_bytes(_PLAIN + b" and more"),
    ),
    _fault(
        id="takes-any-xml",
        rule="valid.malformed-xml",
        sentence="What is no XML is a launch without calls.",
        source=("platform-2026",),
        make=_nothing_to_do(_malformed("xml")),
        witness=_takes_bytes(b"<request>", form="xml"),
    ),
    _fault(
        id="takes-xml-and-more",
        rule="valid.malformed-xml",
        sentence="What follows the XML is ignored.",
        source=("platform-2026",),
        make=_cut_after(b"</request>"),
        witness=_takes_bytes(_PLAIN_XML + b"<more", form="xml"),
    ),
    _fault(
        id="takes-unclosed-xml",
        rule="valid.malformed-xml",
        sentence="The end tag of the root may be missing.",
        source=("platform-2026",),
        make=mended(
            lambda request: (
                replace(request, body=request.body + b"</request>") if is_xml(request) and launches(request) else None
            )
        ),
        witness=_takes_bytes(_PLAIN_XML[:-10], form="xml"),
    ),
    _fault(
        id="takes-doctype",
        rule="valid.doctype",
        sentence="A DOCTYPE is processed, and its entities are resolved.",
        source=("assumption",),
        make=mended(_resolved),
        witness=_takes_bytes(_DOCTYPE, form="xml"),
    ),
    # --- what is required, and of which type ---
    _fault(
        id="takes-no-scenario",
        rule="valid.required",
        sentence="A message without a scenarioId is accepted.",
        source=_IVR,
        make=mending("scenarioId", lambda given: given is ABSENT, "x", at="messages", within=_of(IVR)),
        witness=_takes(f"{_ITEM}.scenarioId", MISSING),
    ),
    _fault(
        id="takes-no-caller",
        rule="valid.required",
        sentence="A click to call without a from is accepted.",
        source=("platform-2026",),
        make=mending("from", lambda given: given is ABSENT, _GOOD, at="messages", within=_of(CTC)),
        witness=_takes(f"{_ITEM}.from", MISSING, operation=CTC),
    ),
    _fault(
        id="takes-no-b",
        rule="valid.required",
        sentence="A click to call without a destinationB is accepted.",
        source=("platform-2026",),
        make=mending("destinationB", lambda given: given is ABSENT, _GOOD, at="messages", within=_of(CTC)),
        witness=_takes(f"{_ITEM}.destinationB", MISSING, operation=CTC, form="xml"),
    ),
    _fault(
        id="takes-no-unit",
        rule="valid.required",
        sentence="A sendingSpeed without a timeUnit is accepted.",
        source=_IVR,
        make=mending("timeUnit", lambda given: given is ABSENT, "hour", at="sendingSpeed"),
        witness=_takes(f"{_ITEM}.sendingSpeed", {"speed": 10}),
    ),
    _fault(
        id="takes-no-to",
        rule="valid.required",
        sentence="A destination without a number is accepted.",
        source=("platform-2026",),
        make=mending("to", lambda given: given is ABSENT, _GOOD, at="destinations"),
        witness=_takes(f"{_ITEM}.destinations[0]", {}),
    ),
    _fault(
        id="takes-empty-scenario",
        rule="valid.scenario",
        sentence="An empty scenarioId is accepted.",
        source=("assumption",),
        make=mending("scenarioId", lambda given: given == "", "x"),
        witness=_takes(f"{_ITEM}.scenarioId", ""),
    ),
    _fault(
        id="takes-numbers-as-text",
        rule="valid.type",
        sentence="A number of JSON is taken for a telephone number.",
        source=("platform-2026",),
        make=mending("to", lambda given: isinstance(given, int), str),
        witness=_takes(_TO, 999100000001),
    ),
    _fault(
        id="takes-text-as-number",
        rule="valid.type",
        sentence="A text is taken for a whole number.",
        source=("platform-2026",),
        make=mending("validityPeriod", _is_text(r"\d+"), int),
        witness=_takes(f"{_ITEM}.validityPeriod", "720"),
    ),
    _fault(
        id="takes-fractions",
        rule="valid.type",
        sentence="A fraction is taken for a whole number.",
        source=("platform-2026",),
        make=mending("validityPeriod", lambda given: not isinstance(given, int | str) and given is not ABSENT, int),
        witness=_takes(f"{_ITEM}.validityPeriod", 1.5),
    ),
    _fault(
        id="takes-yes",
        rule="valid.type",
        sentence="The record of an IVR may be yes or 1.",
        source=("platform-2026",),
        make=mending(
            "record",
            lambda given: not isinstance(given, bool) and given in ("yes", 1),
            True,
            within=_of(IVR),
        ),
        witness=_takes(f"{_ITEM}.record", "yes"),
    ),
    _fault(
        id="takes-yes-in-clicks",
        rule="valid.type",
        sentence="The record of a click to call may be yes.",
        source=("ctc",),
        make=mending("record", lambda given: given == "yes", "true", within=_of(CTC)),
        witness=_takes(f"{_ITEM}.record", "yes", operation=CTC),
    ),
    _fault(
        id="takes-null",
        rule="valid.type",
        sentence="A destination that is null is skipped in its number.",
        source=("platform-2026",),
        make=mending("to", lambda given: given is None, _GOOD),
        witness=_takes(_TO, None),
    ),
    _fault(
        id="takes-number-parameters",
        rule="valid.type",
        sentence="The values of parameters may be numbers.",
        source=("platform-2026",),
        make=mending(
            "parameters",
            lambda given: isinstance(given, dict) and any(isinstance(each, int) for each in given.values()),
            ABSENT,
        ),
        witness=_takes(f"{_ITEM}.parameters", {"foo": 1}),
    ),
    _fault(
        id="takes-text-boolean",
        rule="valid.type",
        sentence="An anonymization that is a text is accepted.",
        source=("ctc",),
        make=mending("anonymization", lambda given: given == "true", True),
        witness=_takes(f"{_ITEM}.anonymization", "true", operation=CTC),
    ),
    _fault(
        id="takes-no-messages",
        rule="valid.empty-list",
        sentence="A launch with an empty list of messages is accepted.",
        source=("platform-2026",),
        make=_nothing_to_do(
            lambda request: value(request, "IvrLaunchRequest") in ({"messages": []}, {"messages": None})
        ),
        witness=_takes("messages", []),
    ),
    _fault(
        id="takes-no-destinations",
        rule="valid.empty-list",
        sentence="A message with an empty list of destinations is accepted.",
        source=("platform-2026",),
        make=mending("destinations", lambda given: given == [], [{"to": _GOOD}]),
        witness=_takes(f"{_ITEM}.destinations", []),
    ),
    # --- numbers ---
    _fault(
        id="takes-plus",
        rule="valid.destination",
        sentence="A number with a plus is accepted.",
        source=_BOTH,
        make=mending("to", _is_text(r"\+\d{5,15}"), _digits),
        witness=_takes(_TO, "+999100000001"),
    ),
    _fault(
        id="takes-plus-in-clicks",
        rule="valid.destination",
        sentence="A destinationA with a plus is accepted.",
        source=("ctc",),
        make=mending("destinationA", _is_text(r"\+\d{5,15}"), _digits),
        witness=_takes(f"{_ITEM}.destinationA", "+999100000001", operation=CTC),
    ),
    _fault(
        id="takes-spaces",
        rule="valid.destination",
        sentence="A number with spaces is accepted.",
        source=_BOTH,
        make=mending("to", _is_text(r"[\d]+( \d+)+"), _digits),
        witness=_takes(_TO, "999 100 000"),
    ),
    _fault(
        id="takes-dashes",
        rule="valid.destination",
        sentence="A destinationB with dashes is accepted.",
        source=("ctc",),
        make=mending("destinationB", _is_text(r"[\d]+(-\d+)+"), _digits),
        witness=_takes(f"{_ITEM}.destinationB", "999-100-001", operation=CTC),
    ),
    _fault(
        id="takes-zero",
        rule="valid.destination",
        sentence="A number with a leading zero is accepted.",
        source=_BOTH,
        make=mending("to", _is_text(r"0\d{5,14}"), lambda given: given.lstrip("0")),
        witness=_takes(_TO, "0999100000001"),
    ),
    _fault(
        id="takes-sixteen-digits",
        rule="valid.destination",
        sentence="A number of 16 digits is accepted.",
        source=_BOTH,
        make=mending("to", _is_text(r"[1-9]\d{15}"), lambda given: given[:15]),
        witness=_takes(_TO, "9991000000000001"),
    ),
    _fault(
        id="takes-four-digits",
        rule="valid.destination",
        sentence="A number of four digits is accepted.",
        source=_BOTH,
        make=mending("to", _is_text(r"[1-9]\d{3}"), lambda given: f"{given}0"),
        witness=_takes(_TO, "9991"),
    ),
    _fault(
        id="takes-line-end",
        rule="valid.destination",
        sentence="A number with a line end behind it is accepted.",
        source=_BOTH,
        make=mending("to", _is_text(r"\d+\n"), str.strip),
        witness=_takes(_TO, "999100000001\n"),
    ),
    _fault(
        id="takes-letters",
        rule="valid.destination",
        sentence="A number in letters is accepted.",
        source=_BOTH,
        make=mending("to", _is_text(r"[a-z]+"), _GOOD),
        witness=_takes(_TO, "abc"),
    ),
    _fault(
        id="takes-long-caller",
        rule="valid.from-ivr",
        sentence="The from of an IVR may have 15 digits.",
        source=("ivr-2019",),
        make=mending("from", _is_text(r"\d{15}"), lambda given: given[:14], within=_of(IVR)),
        witness=_takes(f"{_ITEM}.from", "123456789012345"),
    ),
    _fault(
        id="takes-short-caller",
        rule="valid.from-ivr",
        sentence="The from of an IVR may have two digits.",
        source=("ivr-2019",),
        make=mending("from", _is_text(r"\d{2}"), lambda given: f"{given}0", within=_of(IVR)),
        witness=_takes(f"{_ITEM}.from", "12"),
    ),
    _fault(
        id="takes-named-caller",
        rule="valid.from-ctc",
        sentence="The fromB of a click to call may be a name.",
        source=("platform-2026",),
        make=mending("fromB", _is_text(r"[a-z]+"), "123"),
        witness=_takes(f"{_ITEM}.fromB", "nobody", operation=CTC),
    ),
    _fault(
        id="takes-long-caller-in-clicks",
        rule="valid.from-ctc",
        sentence="The from of a click to call may have 16 digits.",
        source=("platform-2026",),
        make=mending("from", _is_text(r"\d{16}"), lambda given: given[:15], within=_of(CTC)),
        witness=_takes(f"{_ITEM}.from", "1234567890123456", operation=CTC),
    ),
    # --- texts ---
    _fault(
        id="takes-long-data",
        rule="valid.callback-data",
        sentence="A callbackData of more than 200 characters is cut.",
        source=_IVR,
        make=mending(
            "callbackData", lambda given: isinstance(given, str) and len(given) > 200, lambda given: given[:200]
        ),
        witness=_takes(f"{_ITEM}.callbackData", "x" * 201),
    ),
    _fault(
        id="takes-long-bulk",
        rule="valid.ids",
        sentence="A bulkId of more than 100 characters is cut.",
        source=("assumption",),
        make=mending("bulkId", lambda given: isinstance(given, str) and len(given) > 100, lambda given: given[:100]),
        witness=_takes("bulkId", "x" * 101),
    ),
    _fault(
        id="takes-empty-bulk",
        rule="valid.ids",
        sentence="An empty bulkId counts as none.",
        source=("assumption",),
        make=mending("bulkId", lambda given: given == "", ABSENT),
        witness=_takes("bulkId", ""),
    ),
    _fault(
        id="takes-empty-message",
        rule="valid.ids",
        sentence="An empty messageId counts as none.",
        source=("assumption",),
        make=mending("messageId", lambda given: given == "", ABSENT),
        witness=_takes(f"{_ITEM}.messageId", "", operation=CTC),
    ),
    _fault(
        id="takes-long-message",
        rule="valid.ids",
        sentence="A messageId of more than 100 characters is cut.",
        source=("assumption",),
        make=mending("messageId", lambda given: isinstance(given, str) and len(given) > 100, lambda given: given[:100]),
        witness=_takes(f"{_ITEM}.destinations[0].messageId", "x" * 101),
    ),
    _fault(
        id="takes-weeks",
        rule="valid.time-unit",
        sentence="The timeUnit may be week.",
        source=_IVR,
        make=mending("timeUnit", lambda given: given == "week", "day"),
        witness=_takes(f"{_ITEM}.sendingSpeed", {"speed": 10, "timeUnit": "week"}),
    ),
    _fault(
        id="takes-capital-units",
        rule="valid.time-unit",
        sentence="The timeUnit may be in capital letters.",
        source=_IVR,
        make=mending("timeUnit", _is_text("[A-Z]+"), str.lower),
        witness=_takes(f"{_ITEM}.sendingSpeed", {"speed": 10, "timeUnit": "HOUR"}),
    ),
    _fault(
        id="takes-plain-pushes",
        rule="valid.notify-type",
        sentence="The notifyContentType may be text/plain.",
        source=_BOTH,
        make=mending("notifyContentType", lambda given: given == "text/plain", ABSENT),
        witness=_takes(f"{_ITEM}.notifyContentType", "text/plain"),
    ),
    _fault(
        id="takes-text-xml-pushes",
        rule="valid.notify-type",
        sentence="The notifyContentType of a click to call may be text/xml.",
        source=("ctc",),
        make=mending("notifyContentType", lambda given: given == "text/xml", "application/xml"),
        witness=_takes(f"{_ITEM}.notifyContentType", "text/xml", operation=CTC),
    ),
    _fault(
        id="takes-ftp",
        rule="valid.notify-url",
        sentence="The notifyUrl may be of FTP.",
        source=("assumption",),
        make=mending("notifyUrl", _is_text("ftp:.*"), ABSENT),
        witness=_takes(f"{_ITEM}.notifyUrl", "ftp://127.0.0.1/x"),
    ),
    _fault(
        id="takes-relative-url",
        rule="valid.notify-url",
        sentence="The notifyUrl may lack its scheme.",
        source=("assumption",),
        make=mending("notifyUrl", _is_text(r"[^:]+"), ABSENT),
        witness=_takes(f"{_ITEM}.notifyUrl", "127.0.0.1/x"),
    ),
    _fault(
        id="takes-dates",
        rule="valid.send-at",
        sentence="A sendAt may be a date without a time.",
        source=_IVR,
        make=mending("sendAt", _is_text(r"\d{4}-\d\d-\d\d"), _AT),
        witness=_takes(f"{_ITEM}.sendAt", "2016-07-07"),
    ),
    _fault(
        id="takes-no-offset",
        rule="valid.send-at",
        sentence="A sendAt without an offset is accepted.",
        source=_IVR,
        make=mending("sendAt", _is_text(r"\d{4}-\d\d-\d\dT[\d:.]+"), _AT),
        witness=_takes(f"{_ITEM}.sendAt", "2016-07-07T17:00:00.000"),
    ),
    _fault(
        id="takes-february-30",
        rule="valid.send-at",
        sentence="A sendAt on a day that does not exist means a day later.",
        source=_IVR,
        make=mending("sendAt", _rolled, _AT),
        witness=_takes(f"{_ITEM}.sendAt", "2016-02-30T17:00:00.000+01:00"),
    ),
    _fault(
        id="takes-milliseconds",
        rule="valid.type",
        sentence="A sendAt may be a count of milliseconds.",
        source=_IVR,
        make=mending("sendAt", lambda given: isinstance(given, int), _AT),
        witness=_takes(f"{_ITEM}.sendAt", 1467907200000),
    ),
    _fault(
        id="takes-spaced-dates",
        rule="valid.send-at",
        sentence="A sendAt may have a space for its T.",
        source=_IVR,
        make=mending("sendAt", _is_text(r"\d{4}-\d\d-\d\d .*"), _AT),
        witness=_takes(f"{_ITEM}.sendAt", "2016-07-07 17:00:00.000+01:00"),
    ),
    # --- bounds ---
    _fault(
        id="takes-no-validity",
        rule="valid.minimum",
        sentence="A validityPeriod of 0 means the default.",
        source=("assumption",),
        make=mending("validityPeriod", lambda given: given == 0, ABSENT),
        witness=_takes(f"{_ITEM}.validityPeriod", 0),
    ),
    _fault(
        id="takes-negative-validity",
        rule="valid.minimum",
        sentence="A negative validityPeriod is accepted.",
        source=("assumption",),
        make=mending("validityPeriod", _below(0), ABSENT),
        witness=_takes(f"{_ITEM}.validityPeriod", -1),
    ),
    _fault(
        id="takes-no-speed",
        rule="valid.minimum",
        sentence="A speed of 0 is accepted.",
        source=("assumption",),
        make=mending("speed", lambda given: given == 0, 1),
        witness=_takes(f"{_ITEM}.sendingSpeed", {"speed": 0, "timeUnit": "hour"}),
    ),
    _fault(
        id="takes-no-period",
        rule="valid.minimum",
        sentence="A minPeriod of 0 is accepted.",
        source=("assumption",),
        make=mending("minPeriod", lambda given: given == 0, 1),
        witness=_takes(f"{_ITEM}.retry", {"minPeriod": 0, "maxPeriod": 5, "maxCount": 4}),
    ),
    _fault(
        id="takes-no-count",
        rule="valid.minimum",
        sentence="A maxCount of 0 means no redial.",
        source=("assumption",),
        make=mending("maxCount", lambda given: given == 0, 1),
        witness=_takes(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 0}),
    ),
    _fault(
        id="takes-no-duration",
        rule="valid.minimum",
        sentence="A maxDuration of 0 means no limit.",
        source=("assumption",),
        make=mending("maxDuration", lambda given: given == 0, ABSENT),
        witness=_takes(f"{_ITEM}.maxDuration", 0, operation=CTC),
    ),
    _fault(
        id="takes-no-warning",
        rule="valid.minimum",
        sentence="A warningTime of 0 means no beep.",
        source=("assumption",),
        make=mending("warningTime", lambda given: given == 0, ABSENT),
        witness=_takes(f"{_ITEM}.warningTime", 0, operation=CTC, form="xml"),
    ),
    _fault(
        id="takes-no-ringing",
        rule="valid.minimum",
        sentence="A ringTimeout of 0 is accepted.",
        source=("assumption",),
        make=mending("ringTimeout", lambda given: given == 0, ABSENT),
        witness=_takes(f"{_ITEM}.ringTimeout", 0),
    ),
    _fault(
        id="takes-no-call",
        rule="valid.minimum",
        sentence="A callTimeout of 0 is accepted.",
        source=("assumption",),
        make=mending("callTimeout", lambda given: given == 0, ABSENT),
        witness=_takes(f"{_ITEM}.callTimeout", 0),
    ),
    _fault(
        id="takes-long-pause",
        rule="valid.pause",
        sentence="A pause of 11 seconds is accepted.",
        source=("assumption",),
        make=mending("pause", lambda given: isinstance(given, int) and given > 10, 10),
        witness=_takes(f"{_ITEM}.pause", 11),
    ),
    _fault(
        id="takes-version-3",
        rule="valid.content-version",
        sentence="A notifyContentVersion of 3 is accepted.",
        source=("platform-2026",),
        make=mending("notifyContentVersion", lambda given: given not in (1, 2, ABSENT), ABSENT),
        witness=_takes(f"{_ITEM}.notifyContentVersion", 3),
    ),
    _fault(
        id="takes-version-0-in-clicks",
        rule="valid.content-version",
        sentence="A click to call with the notifyContentVersion 0 is accepted.",
        source=("platform-2026",),
        make=mending("notifyContentVersion", lambda given: given == 0, ABSENT, within=_of(CTC)),
        witness=_takes(f"{_ITEM}.notifyContentVersion", 0, operation=CTC),
    ),
    _fault(
        id="takes-small-days",
        rule="valid.window",
        sentence="The days of a window may be in small letters.",
        source=("platform-2026",),
        make=mending(
            "days",
            lambda given: isinstance(given, list) and any(str(each).islower() for each in given),
            lambda given: [each.upper() for each in given],
        ),
        witness=_takes(f"{_ITEM}.deliveryTimeWindow", {"days": ["monday"]}),
    ),
    _fault(
        id="takes-no-days",
        rule="valid.window",
        sentence="A window without days is open every day.",
        source=("platform-2026",),
        make=mending("days", lambda given: given == [], ["MONDAY"]),
        witness=_takes(f"{_ITEM}.deliveryTimeWindow", {"days": []}),
    ),
    _fault(
        id="takes-hour-24",
        rule="valid.window",
        sentence="An hour of 24 means midnight.",
        source=("platform-2026",),
        make=mending("hour", lambda given: given == 24, 0),
        witness=_takes(
            f"{_ITEM}.deliveryTimeWindow",
            {"days": ["MONDAY"], "from": {"hour": 24, "minute": 0}, "to": {"hour": 1, "minute": 0}},
        ),
    ),
    _fault(
        id="takes-minute-60",
        rule="valid.window",
        sentence="A minute of 60 is accepted in clicks to call.",
        source=("platform-2026",),
        make=mending("minute", lambda given: given == 60, 59),
        witness=_takes(
            f"{_ITEM}.deliveryTimeWindow",
            {"days": ["MONDAY"], "from": {"hour": 2, "minute": 60}, "to": {"hour": 4, "minute": 0}},
            operation=CTC,
        ),
    ),
    _fault(
        id="takes-empty-window",
        rule="valid.window-open",
        sentence="A window whose end is its beginning is accepted.",
        source=("assumption",),
        make=mending(
            "to",
            lambda given: isinstance(given, dict),
            lambda given: {**given, "minute": (given.get("minute", 0) + 1) % 60},
        ),
        witness=_takes(
            f"{_ITEM}.deliveryTimeWindow",
            {"days": ["MONDAY"], "from": {"hour": 2, "minute": 0}, "to": {"hour": 2, "minute": 0}},
        ),
    ),
    _fault(
        id="takes-half-window",
        rule="valid.required",
        sentence="A window with a beginning and no end is accepted.",
        source=("platform-2026",),
        make=mending("from", lambda given: isinstance(given, dict), ABSENT),
        witness=_takes(f"{_ITEM}.deliveryTimeWindow", {"days": ["MONDAY"], "from": {"hour": 2, "minute": 0}}),
    ),
    _fault(
        id="takes-half-retry",
        rule="valid.retry-whole",
        sentence="A retry without all of its members is accepted.",
        source=("platform-2026",),
        editions=ONLY_2026,
        make=mending("retry", lambda given: isinstance(given, dict) and len(given) < 3, ABSENT),
        witness=_takes(f"{_ITEM}.retry", {"maxCount": 2}),
    ),
    _fault(
        id="takes-any-voice",
        rule="valid.choices",
        sentence="The gender of a voice may be any word.",
        source=("platform-2026",),
        make=mending("gender", _is_text("(?!male|female).*"), "male"),
        witness=_takes(f"{_ITEM}.voice", {"gender": "robot"}, operation=CTC),
    ),
    _fault(
        id="takes-any-detection",
        rule="valid.choices",
        sentence="The machineDetection may be any word.",
        source=("platform-2026",),
        make=mending("machineDetection", _is_text("(?!hangup).*"), ABSENT),
        witness=_takes(f"{_ITEM}.machineDetection", "continue", operation=CTC),
    ),
    _fault(
        id="takes-ftp-audio",
        rule="valid.audio",
        sentence="The audioFileUrl may be of FTP.",
        source=("assumption",),
        make=mending("audioFileUrl", _is_text("ftp:.*"), ABSENT),
        witness=_takes(f"{_ITEM}.audioFileUrl", "ftp://127.0.0.1/a.mp3", operation=CTC),
    ),
    _fault(
        id="takes-empty-language",
        rule="valid.spoken",
        sentence="An empty language means the default.",
        source=("assumption",),
        make=mending("language", lambda given: given == "", ABSENT),
        witness=_takes(f"{_ITEM}.language", "", operation=CTC),
    ),
    _fault(
        id="drops-control-characters",
        rule="valid.texts",
        sentence="Control characters in a callbackData are dropped.",
        source=("assumption",),
        make=mending("callbackData", _is_text(".*[\x00-\x08].*"), lambda given: re.sub("[\x00-\x08]", "", given)),
        witness=_takes(f"{_ITEM}.callbackData", "a\x01b"),
    ),
    _fault(
        id="takes-day-twice",
        rule="valid.window-days",
        sentence="A window may have a day twice.",
        source=("assumption",),
        make=mending(
            "days",
            lambda given: isinstance(given, list) and len(set(map(str, given))) < len(given),
            lambda given: list(dict.fromkeys(given)),
        ),
        witness=_takes(f"{_ITEM}.deliveryTimeWindow", {"days": ["MONDAY", "MONDAY"]}),
    ),
    # --- members ---
    _fault(
        id="ignores-unknown",
        rule="valid.unknown-member",
        sentence="Unknown members beside messages are ignored.",
        advice=_NAMES,
        source=("assumption",),
        make=_unknown("bulkId", "messages", at=""),
        witness=_takes("surprise", 1),
    ),
    _fault(
        id="ignores-unknown-in-items",
        rule="valid.unknown-member",
        sentence="Unknown members of a message are ignored.",
        advice=_NAMES,
        source=("assumption",),
        make=_unknown(*_IVR_ITEM, *_CTC_ITEM, at="messages"),
        witness=_takes(f"{_ITEM}.surprise", True),
    ),
    _fault(
        id="ignores-unknown-in-destinations",
        rule="valid.unknown-member",
        sentence="Unknown members of a destination are ignored.",
        advice=_NAMES,
        source=("assumption",),
        make=_unknown("to", "messageId", at="destinations"),
        witness=_takes(f"{_ITEM}.destinations[0].messageid", "x"),
    ),
    _fault(
        id="takes-data-in-clicks",
        rule="valid.unknown-member",
        sentence="A click to call may have a callbackData.",
        advice=_NAMES,
        source=("ctc",),
        make=mending("callbackData", lambda given: given is not ABSENT, ABSENT, within=_of(CTC)),
        witness=_takes(f"{_ITEM}.callbackData", "x", operation=CTC),
    ),
    _fault(
        id="takes-send-at-in-clicks",
        rule="valid.unknown-member",
        sentence="A click to call may have a sendAt.",
        advice=_NAMES,
        source=("ctc",),
        make=mending("sendAt", lambda given: given is not ABSENT, ABSENT, within=_of(CTC)),
        witness=_takes(f"{_ITEM}.sendAt", _AT, operation=CTC),
    ),
    _fault(
        id="takes-misspelt-retry",
        rule="valid.unknown-member",
        sentence="Unknown members of retry are ignored.",
        advice=_NAMES,
        source=("assumption",),
        make=mending("minperiod", lambda given: given is not ABSENT, ABSENT),
        witness=_takes(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 4, "minperiod": 1}),
    ),
    _fault(
        id="takes-bulkid",
        rule="valid.unknown-member",
        sentence="bulkid is taken for bulkId.",
        advice=_NAMES,
        source=("assumption",),
        make=mending("bulkid", lambda given: given is not ABSENT, ABSENT),
        witness=_takes("bulkid", "x"),
    ),
    _fault(
        id="suggests-nothing",
        rule="valid.nearest-member",
        sentence="The refusal of a misspelt member does not name the known one.",
        advice=_PATHS,
        source=("assumption",),
        make=documented(_unsuggested, when=errors(400)),
        witness=answered(
            lambda stage: stage.post({**stage.ivr(), "bulkid": "x"}), lambda answer: b"bulkId" not in answer.body
        ),
    ),
    _fault(
        id="takes-any-parameter",
        rule="valid.parameter-names",
        sentence="A parameter may have any name.",
        source=("assumption",),
        make=mending(
            "parameters",
            lambda given: (
                isinstance(given, dict) and any(not re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in given)
            ),
            ABSENT,
        ),
        witness=_takes(f"{_ITEM}.parameters", {"not a name": "x"}),
    ),
    _fault(
        id="first-path",
        rule="valid.paths",
        sentence="Of several violations the refusal names the first.",
        advice=_PATHS,
        source=("platform-2026",),
        make=documented(_first_path, when=errors(400)),
        witness=answered(_bad_launch, lambda answer: len(_listed(answer)) == 1),
    ),
    _fault(
        id="pointers",
        rule="valid.paths",
        sentence="The paths of violations are JSON pointers.",
        advice=_PATHS,
        source=("platform-2026",),
        make=documented(_pointers, when=errors(400)),
        witness=answered(_bad_launch, lambda answer: any(path.startswith("/") for path in _listed(answer))),
    ),
    # --- queries ---
    _fault(
        id="takes-limit-0",
        rule="valid.limit",
        sentence="A limit of 0 means the default.",
        advice=_QUERY,
        source=("assumption",),
        make=_bad_limit("0", None),
        witness=_takes_query("limit=0"),
    ),
    _fault(
        id="takes-limit-letters",
        rule="valid.limit",
        sentence="A limit in letters means the default.",
        advice=_QUERY,
        source=("assumption",),
        make=_bad_limit("[a-z]+", None),
        witness=_takes_query("limit=abc"),
    ),
    _fault(
        id="takes-limit-01",
        rule="valid.limit",
        sentence="A limit may have leading zeros and a sign.",
        advice=_QUERY,
        source=("assumption",),
        make=_bad_limit(r"0\d+|\+\d+", "5"),
        witness=_takes_query("limit=01"),
    ),
    _fault(
        id="takes-huge-limit",
        rule="valid.limit",
        sentence="A limit above 2147483647 is accepted.",
        advice=_QUERY,
        source=("assumption",),
        make=_bad_limit(r"\d{10,}", None),
        witness=_takes_query("limit=2147483648"),
    ),
    _fault(
        id="takes-fractional-limit",
        rule="valid.limit",
        sentence="A limit may be a fraction.",
        advice=_QUERY,
        source=("assumption",),
        make=_bad_limit(r"\d+[.e]\d+", "1"),
        witness=_takes_query("limit=1.5"),
    ),
    _fault(
        id="takes-empty-filter",
        rule="valid.filter",
        sentence="An empty messageId counts as no filter.",
        advice=_QUERY,
        source=("assumption",),
        make=_queried(
            lambda request: (
                {"messageId": None, "limit": "1", "bulkId": "none"} if ("messageId", "") in request.query else None
            )
        ),
        witness=_takes_query("messageId="),
    ),
    _fault(
        id="takes-long-filter",
        rule="valid.filter",
        sentence="A bulkId of more than 100 characters finds nothing.",
        advice=_QUERY,
        source=("assumption",),
        make=_queried(lambda request: {"bulkId": "none"} if len(dict(request.query).get("bulkId", "")) > 100 else None),
        witness=_takes_query(f"bulkId={'x' * 101}"),
    ),
    _fault(
        id="ignores-query",
        rule="valid.unknown-query",
        sentence="An unknown query parameter of a request for reports is ignored.",
        advice=_QUERY,
        source=("assumption",),
        make=_queried(_unknown_parameters),
        witness=_takes_query("surprise=1"),
    ),
    _fault(
        id="ignores-query-of-launch",
        rule="valid.unknown-query",
        sentence="A query parameter of a launch is ignored.",
        advice=_QUERY,
        source=("assumption",),
        make=mended(_no_query),
        witness=answered(
            lambda stage: stage.post(stage.ivr(), f"{IVR}?surprise=1"), lambda answer: answer.status == 200
        ),
    ),
    _fault(
        id="takes-query-twice",
        rule="valid.repeated-query",
        sentence="Of a query parameter that comes twice the last counts.",
        advice=_QUERY,
        source=("assumption",),
        make=_queried(_last_of_several),
        witness=_takes_query("limit=1&limit=2"),
    ),
)
