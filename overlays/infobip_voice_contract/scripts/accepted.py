"""Scripts of launches that look odd and are valid: one table of changes to a plain launch."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

from infobip_voice_contract import credentials
from infobip_voice_contract.demands import MAX_BODY
from infobip_voice_contract.driver import Flow, Wait
from infobip_voice_contract.exchange import Request
from infobip_voice_contract.scripts.script import Script, sends
from infobip_voice_contract.stage import CTC, IVR, Form, Stage, changed

__all__ = ["ODD_CTC", "ODD_IVR", "SCRIPTS", "Odd"]

_ITEM: Final = "messages[0]"


class Odd(NamedTuple):
    """A change after which a launch is still valid.

    Attributes:
        path: What is changed.
        value: Its value.
        schema: As in `Broken`.
        editions: The editions in which it is valid; empty for all.
    """

    path: str
    value: Any
    schema: str = ""
    edition: str = ""


_FORMS: Final[tuple[Form, ...]] = ("json", "xml")
_DAYS: Final = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
_WINDOWS: Final = (
    {"days": ["MONDAY"]},
    {"days": _DAYS, "from": {"hour": 0, "minute": 0}, "to": {"hour": 23, "minute": 59}},
    {"days": ["FRIDAY", "SUNDAY"], "from": {"hour": 23, "minute": 59}, "to": {"hour": 0, "minute": 0}},
)

ODD_IVR: Final = (
    Odd(f"{_ITEM}.from", "123"), Odd(f"{_ITEM}.from", "12345678901234"), Odd(f"{_ITEM}.destinations[0].to", "99910"),
    Odd(f"{_ITEM}.destinations[0].to", "999100000000001"), Odd("bulkId",
    "x<&>\"' ü 😀"), Odd(f"{_ITEM}.callbackData", "😀" * 200),
    Odd(f"{_ITEM}.callbackData", ""), Odd(f"{_ITEM}.parameters", {"foo": "bar", "_x.1-y": ""}),
    Odd(f"{_ITEM}.notifyUrl", ""),
    Odd(f"{_ITEM}.notifyContentType", "application/xml"), Odd(f"{_ITEM}.validityPeriod", 1),
    Odd(f"{_ITEM}.validityPeriod", 5000),
    Odd(f"{_ITEM}.sendAt", "2016-07-07T17:00:00.000+01:00"), Odd(f"{_ITEM}.sendAt", "2016-07-07T17:00:00.000+0100"),
    Odd(f"{_ITEM}.sendAt", "2016-07-07T17:00:00Z"), Odd(f"{_ITEM}.sendAt", "2016-07-07T17:00:00.123456789-05:30"),
    Odd(f"{_ITEM}.sendAt", "2016-02-29T23:59:59.999+14:00"), Odd(f"{_ITEM}.record", True), Odd(f"{_ITEM}.record",
    False),
    Odd(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 5}),
    Odd(f"{_ITEM}.retry", {"minPeriod": 7, "maxPeriod": 7, "maxCount": 1}),
    Odd(f"{_ITEM}.retry", {"minPeriod": 60, "maxPeriod": 5, "maxCount": 1}),
    Odd(f"{_ITEM}.retry", {"maxCount": 2}, edition="seeds"), Odd(f"{_ITEM}.retry", {}, edition="seeds"),
    Odd(f"{_ITEM}.sendingSpeed", {"speed": 1000, "timeUnit": "second"}),
    Odd(f"{_ITEM}.sendingSpeed", {"speed": 1000000, "timeUnit": "minute"}),
    Odd(f"{_ITEM}.sendingSpeed", {"speed": 1000000, "timeUnit": "hour"}),
    Odd(f"{_ITEM}.sendingSpeed", {"speed": 1000000000, "timeUnit": "day"}),
    Odd(f"{_ITEM}.notifyContentVersion", 1, "IvrMessage"), Odd(f"{_ITEM}.notifyContentVersion", 2, "IvrMessage"),
    Odd(f"{_ITEM}.ringTimeout", 1, "IvrMessage"), Odd(f"{_ITEM}.callTimeout", 1, "IvrMessage"),
    Odd(f"{_ITEM}.pause", 0, "IvrMessage"), Odd(f"{_ITEM}.pause", 10, "IvrMessage"),
    *(Odd(f"{_ITEM}.deliveryTimeWindow", window, "IvrMessage") for window in _WINDOWS),
)  # fmt: skip

ODD_CTC: Final = (
    Odd(f"{_ITEM}.fromB", "41793026701"), Odd(f"{_ITEM}.from", "123456789012345"), Odd(f"{_ITEM}.anonymization", True),
    Odd(f"{_ITEM}.anonymization", False), Odd(f"{_ITEM}.record", "true"), Odd(f"{_ITEM}.record", "false"),
    Odd(f"{_ITEM}.record", True), Odd(f"{_ITEM}.text", "Test Voice message."), Odd(f"{_ITEM}.text", ""),
    Odd(f"{_ITEM}.text", "<&> ü 😀"), Odd(f"{_ITEM}.notifyUrl", ""), Odd(f"{_ITEM}.maxDuration", 60),
    Odd(f"{_ITEM}.warningTime", 1),
    Odd(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 5}),
    Odd(f"{_ITEM}.voice", {"gender": "female"}, "ClickToCallMessage"), Odd(f"{_ITEM}.machineDetection", "hangup",
    "ClickToCallMessage"),
    *(Odd(f"{_ITEM}.notifyContentVersion", version, "ClickToCallMessage") for version in (1, 2)),
    *(Odd(f"{_ITEM}.deliveryTimeWindow", window, "ClickToCallMessage") for window in _WINDOWS),
    *(
        Odd(f"{_ITEM}.voice", voice, "ClickToCallMessage")
        for voice in ({"name": "Joanna"}, {"gender": "male", "name": "x"}, {})
    ),
    Odd(f"{_ITEM}.from", "123"), Odd(f"{_ITEM}.fromB", "123456789012345"), Odd(f"{_ITEM}.maxDuration", 1),
    Odd(f"{_ITEM}.destinationA", "99910"), Odd(f"{_ITEM}.destinationB", "999100000000001"),
    Odd(f"{_ITEM}.text", "<speak>Hello</speak>"), Odd(f"{_ITEM}.language", "en"),
    Odd(f"{_ITEM}.audioFileUrl", "http://127.0.0.1:9/a.mp3"), Odd(f"{_ITEM}.notifyContentType", "application/xml"),
    Odd(f"{_ITEM}.retry", {"minPeriod": 7, "maxPeriod": 7, "maxCount": 1}),
    Odd("bulkId", "x<&>\"' ü 😀"), Odd(f"{_ITEM}.messageId", "x<&>\"' ü 😀"),
)  # fmt: skip


_OTHER_XML: Final[tuple[Callable[[bytes], bytes], ...]] = (
    lambda body: b'<?xml version="1.0" encoding="UTF-8"?>' + body,
    lambda body: b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + body + b"\n",
    lambda body: body.replace(b"><", b">\n  <"),
    lambda body: body.replace(b"<messages>", b"<!-- all of them --><messages>", 1),
    lambda body: re.sub(rb"<bulkId>([^<]*)</bulkId>", rb"<bulkId><![CDATA[\1]]></bulkId>", body),
    lambda body: re.sub(rb"<bulkId>(...)", rb"<bulkId>\1<!-- the rest -->", body),
    lambda body: body.replace(b">999", b">&#57;&#x39;9"),
)
_OTHER_JSON: Final[tuple[Callable[[bytes], bytes], ...]] = (
    lambda body: body.replace(b"{", b"{\r\n\t").replace(b": ", b" :\n"),
    lambda body: body.replace(b'"messages"', b'"\\u006dessages"'),
)


def _fits(stage: Stage, odd: Odd) -> bool:
    known = not odd.schema or stage.contract.knows(odd.schema, odd.path.rpartition(".")[2])
    return known and odd.edition in ("", stage.edition)


def _odd(stage: Stage) -> Iterator[Request]:
    for index, odd in enumerate((*ODD_IVR, *ODD_CTC)):
        if not _fits(stage, odd):
            continue
        for_ivr = index < len(ODD_IVR)
        plain = stage.ivr(bulk=stage.id()) if for_ivr else stage.ctc(bulk=stage.id())
        value = f"{stage.id()} {odd.value}" if odd.path in ("bulkId", f"{_ITEM}.messageId") else odd.value
        document = changed(plain, {odd.path: value})
        path = IVR if for_ivr else CTC
        yield stage.post(document, path)
        yield stage.post(changed(document, {"bulkId": stage.id()} if odd.path != "bulkId" else {}), path, form="xml")
    yield stage.post(
        changed(
            stage.ivr(bulk=stage.id()),
            {f"{_ITEM}.validityPeriod": 5000, f"{_ITEM}.sendingSpeed": {"speed": 100, "timeUnit": "second"}},
        )
    )
    yield stage.post(changed(stage.ctc(bulk=stage.id()), {f"{_ITEM}.maxDuration": 60, f"{_ITEM}.warningTime": 5}), CTC)
    yield stage.post(changed(stage.ctc(bulk=stage.id()), {f"{_ITEM}.maxDuration": 5, f"{_ITEM}.warningTime": 60}), CTC)
    hidden = {f"{_ITEM}.anonymization": True, f"{_ITEM}.fromB": "41793026701"}
    yield stage.post(changed(stage.ctc(bulk=stage.id()), hidden), CTC)
    twice = stage.ivr(2, bulk=stage.id())
    pair = stage.ctc(2, bulk=stage.id())
    first = pair["messages"][0]
    yield stage.post(
        changed(pair, {f"messages[1].{name}": first[name] for name in ("destinationA", "destinationB")}), CTC
    )
    yield stage.post(changed(twice, {f"{_ITEM}.destinations[1].to": twice["messages"][0]["destinations"][0]["to"]}))


def _spaced(stage: Stage) -> Iterator[Request]:
    """Ids with blanks around them, which are part of them."""
    for form in _FORMS:
        yield stage.post(stage.ivr(bulk=f" {stage.id()} ", ids=[f"{stage.id()} "]), form=form)
        yield stage.post(stage.ctc(bulk=f"{stage.id()} ", ids=[f" {stage.id()}"]), CTC, form=form)


def _longest(stage: Stage) -> Flow:
    # Each of these letters is six characters of a request line.
    one, other = ([stage.id().ljust(100, letter) for _ in range(2)] for letter in "éx")
    yield stage.post(stage.ivr(bulk=one[0], ids=one[1:]))
    yield stage.post(stage.ctc(bulk=other[0], ids=other[1:]), CTC, form="xml")
    yield Wait()
    yield stage.get(bulkId=one[0], messageId=one[1])
    yield stage.get(bulkId=other[0], messageId=other[1])


def _negotiated(stage: Stage) -> Iterator[Request]:
    for accept in (
        "application/json", "application/xml", None, "*/*", "application/*;q=0.1, application/xml;q=0.9",
        "application/xml;q=0.2, application/json;q=0.8", "application/json;q=0, application/xml;q=0.5",
        "application/xml;q=0, */*",
        "text/html, application/xml;q=0.9, */*;q=0.1",
        "application/json; charset=utf-8", "application/xml; charset=UTF-8", "text/html, application/json",
        "Application/XML", "APPLICATION/json;Q=1",
    ):  # fmt: skip
        yield stage.post(stage.ivr(bulk=stage.id()), accept=accept)
        yield stage.post(stage.ivr(bulk=stage.id()), form="xml", accept=accept)
        yield stage.post(stage.ctc(bulk=stage.id()), CTC, accept=accept)
        yield stage.post(stage.ctc(bulk=stage.id()), CTC, form="xml", accept=accept)
        yield stage.get(bulkId=stage.id(), accept=accept)
    yield stage.post(stage.ivr(bulk=stage.id()), content_type="application/json; charset=utf-8")
    yield stage.post(stage.ctc(bulk=stage.id()), CTC, form="xml", content_type="application/xml;charset=UTF-8")
    yield stage.post(stage.ivr(bulk=stage.id()), content_type="Application/JSON")
    # Many clients and proxies write the names of fields in lower case.
    for request in (
        stage.post(stage.ivr(bulk=stage.id())),
        stage.post(stage.ctc(bulk=stage.id()), CTC, form="xml"),
        stage.get(bulkId=stage.id()),
    ):
        yield replace(request, headers=tuple((name.lower(), value) for name, value in request.headers))


def _written(stage: Stage) -> Iterator[Request]:
    """Launches in XML and JSON that say the same in other bytes."""
    for path, launch in ((IVR, stage.ivr), (CTC, stage.ctc)):
        for write in _OTHER_XML:
            yield stage.post(write(stage.post(launch(bulk=stage.id()), path, form="xml").body), path, form="xml")
        for write in _OTHER_JSON:
            yield stage.post(write(stage.post(launch(bulk=stage.id()), path).body), path)


def _refused_in_form(stage: Stage) -> Iterator[Request]:
    for accept in ("application/json", "application/xml", None, "*/*"):
        yield stage.post(b"{}", accept=accept)
        yield stage.post(b"<request/>", form="xml", accept=accept)
        yield stage.get(limit=0, accept=accept)


def _schemes(stage: Stage) -> Iterator[Request]:
    for placeholder in (credentials.LOWER_CASE, credentials.SECOND):
        if placeholder in stage.placeholders:
            yield stage.post(stage.ivr(bulk=stage.id()), authorization=placeholder)
            yield stage.get(bulkId=stage.id(), authorization=placeholder)


def _odd_reads(stage: Stage) -> Iterator[Request]:
    # The documentation's own samples send these.
    yield stage.get(bulkId=stage.id(), headers=(("Content-Type", "application/json"),))
    yield stage.get(bulkId=stage.id(), headers=(("Content-Type", "application/json"),), body=b"false")
    yield stage.get(bulkId=stage.id(), headers=(("Content-Type", "text/plain"),), body=b"anything")
    for media_type in ("application/xml", "application/json"):
        yield stage.get(bulkId=stage.id(), headers=(("Content-Type", media_type),), accept=None)
    yield stage.get(bulkId=stage.id(), limit=2147483647)
    yield stage.get(bulkId="x<&>\"' ü 😀")


def _large(stage: Stage) -> Iterator[Request]:
    whole = stage.post(stage.ivr(bulk=stage.id())).body
    yield stage.post(whole + b" " * (MAX_BODY - len(whole)))


def _too_many(stage: Stage) -> Iterator[Request]:
    item: dict[str, Any] = {"scenarioId": "contract-kit", "destinations": [{"to": stage.numbers.take()}] * 20_001}
    yield stage.post({"messages": [item]})


def _most(stage: Stage) -> Iterator[Request]:
    item: dict[str, Any] = {"scenarioId": "contract-kit", "destinations": [{"to": stage.numbers.take()}] * 20_000}
    yield stage.post({"bulkId": stage.id(), "messages": [item]})


SCRIPTS: Final = (
    Script("launches that look odd", sends(_odd), ("launch",)),
    Script("ids with blanks around them", sends(_spaced), ("launch",)),
    Script("the longest ids", _longest, ("launch", "read")),
    Script("launches in other bytes", sends(_written), ("launch",)),
    Script("every form of Accept", sends(_negotiated), ("launch", "read")),
    Script("refusals in every form", sends(_refused_in_form), ("launch", "read")),
    Script("other ways to authenticate", sends(_schemes), ("launch", "read")),
    Script("requests for reports that look odd", sends(_odd_reads), ("read",)),
    Script("a body of 4 MiB", sends(_large), ("launch",)),
    Script("20,001 destinations", sends(_too_many), ("launch",)),
    Script("20,000 destinations", sends(_most), ("launch", "patience")),
)
