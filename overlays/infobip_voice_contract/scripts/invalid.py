"""Scripts of requests whose query or body is invalid: one table of changes to a valid launch."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.driver import Flow
from infobip_voice_contract.exchange import Request
from infobip_voice_contract.scripts.script import Script, sends
from infobip_voice_contract.stage import ABSENT, CTC, IVR, Stage, changed
from infobip_voice_wire import xml

__all__ = ["BROKEN_CTC", "BROKEN_IVR", "BROKEN_QUERIES", "SCRIPTS", "Broken", "broken_bodies"]

_2026: Final[tuple[Edition, ...]] = ("2026",)
_ITEM: Final = "messages[0]"
_TO: Final = "messages[0].destinations[0].to"


class Broken(NamedTuple):
    """A change that makes a valid launch invalid.

    Attributes:
        path: What is changed.
        value: Its new value; `ABSENT` takes it away.
        schema: The schema whose member it is, if not every version of the contract has it.
    """

    path: str
    value: Any
    schema: str = ""


BROKEN_IVR: Final = (
    Broken("messages", ABSENT), Broken("messages", []), Broken("messages", {}), Broken("messages", "x"),
    Broken("messages[0]", "x"), Broken("bulkId", ""), Broken("bulkId", "x" * 101), Broken("bulkId", 7),
    Broken("bulkid", "x"), Broken("surprise", 1), Broken(f"{_ITEM}.surprise", True),
    Broken(f"{_ITEM}.scenarioId", ABSENT), Broken(f"{_ITEM}.scenarioId", ""), Broken(f"{_ITEM}.scenarioId", 5),
    Broken(f"{_ITEM}.from", "12"), Broken(f"{_ITEM}.from", "123456789012345"), Broken(f"{_ITEM}.from", "41 79 302"),
    Broken(f"{_ITEM}.from", 41793026700),
    Broken(f"{_ITEM}.destinations", ABSENT), Broken(f"{_ITEM}.destinations", []), Broken(f"{_ITEM}.destinations", {}),
    Broken(f"{_ITEM}.destinations[0]", {}), Broken(f"{_ITEM}.destinations[0].messageid", "x"),
    Broken(f"{_ITEM}.destinations[0].messageId", ""), Broken(f"{_ITEM}.destinations[0].messageId", "x" * 101),
    Broken(_TO, ""), Broken(_TO, "9991"), Broken(_TO, "+999100000001"), Broken(_TO, "0999100000001"),
    Broken(_TO, "9991000000000001"), Broken(_TO, "999 100 000"), Broken(_TO, "999100000001\n"), Broken(_TO, "abc"),
    Broken(_TO, 999100000001), Broken(_TO, None),
    Broken(f"{_ITEM}.parameters", {"not a name": "x"}), Broken(f"{_ITEM}.parameters", {"1x": "x"}),
    Broken(f"{_ITEM}.parameters", {"foo": 1}), Broken(f"{_ITEM}.parameters", []),
    Broken(f"{_ITEM}.notifyUrl", "127.0.0.1/x"), Broken(f"{_ITEM}.notifyUrl", "ftp://127.0.0.1/x"),
    Broken(f"{_ITEM}.notifyUrl", 1),
    Broken(f"{_ITEM}.notifyContentType", "text/plain"), Broken(f"{_ITEM}.notifyContentType", "JSON"),
    Broken(f"{_ITEM}.callbackData", "x" * 201), Broken(f"{_ITEM}.callbackData", "😀" * 201),
    Broken(f"{_ITEM}.callbackData", 1),
    Broken(f"{_ITEM}.validityPeriod", 0), Broken(f"{_ITEM}.validityPeriod", -1), Broken(f"{_ITEM}.validityPeriod",
    "720"),
    Broken(f"{_ITEM}.validityPeriod", 1.5),
    Broken(f"{_ITEM}.sendAt", "tomorrow"), Broken(f"{_ITEM}.sendAt", "2016-07-07"),
    Broken(f"{_ITEM}.sendAt", "2016-07-07T17:00:00.000"), Broken(f"{_ITEM}.sendAt", "2016-02-30T17:00:00.000+01:00"),
    Broken(f"{_ITEM}.sendAt", "2016-07-07T25:00:00.000+01:00"), Broken(f"{_ITEM}.sendAt",
    "2016-07-07 17:00:00.000+01:00"),
    Broken(f"{_ITEM}.sendAt", 1467907200000),
    Broken(f"{_ITEM}.record", "yes"), Broken(f"{_ITEM}.record", 1),
    Broken(f"{_ITEM}.retry", 5), Broken(f"{_ITEM}.retry", {"minPeriod": 0, "maxPeriod": 5, "maxCount": 4}),
    Broken(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 0}),
    Broken(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": -5, "maxCount": 4}),
    Broken(f"{_ITEM}.retry", {"minPeriod": "1", "maxPeriod": 5, "maxCount": 4}),
    Broken(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 4, "minperiod": 1}),
    Broken(f"{_ITEM}.sendingSpeed", {"speed": 0, "timeUnit": "hour"}),
    Broken(f"{_ITEM}.sendingSpeed", {"speed": 10, "timeUnit": "week"}),
    Broken(f"{_ITEM}.sendingSpeed", {"speed": 10, "timeUnit": "HOUR"}),
    Broken(f"{_ITEM}.sendingSpeed", {"speed": 10}), Broken(f"{_ITEM}.sendingSpeed", {"timeUnit": "hour"}),
    Broken(f"{_ITEM}.notifyContentVersion", 3, "IvrMessage"), Broken(f"{_ITEM}.ringTimeout", 0, "IvrMessage"),
    Broken(f"{_ITEM}.callTimeout", 0, "IvrMessage"), Broken(f"{_ITEM}.pause", 11, "IvrMessage"),
    Broken(f"{_ITEM}.deliveryTimeWindow", {"days": ["monday"]}, "IvrMessage"),
    Broken(f"{_ITEM}.deliveryTimeWindow", {"days": []}, "IvrMessage"),
    Broken(f"{_ITEM}.deliveryTimeWindow",
           {"days": ["MONDAY"], "from": {"hour": 24, "minute": 0}, "to": {"hour": 1, "minute": 0}}, "IvrMessage"),
)  # fmt: skip

BROKEN_CTC: Final = (
    Broken("messages", ABSENT), Broken("messages", []), Broken("bulkId", "x" * 101), Broken("bulkid", "x"),
    Broken(f"{_ITEM}.from", ABSENT), Broken(f"{_ITEM}.destinationA", ABSENT), Broken(f"{_ITEM}.destinationB", ABSENT),
    Broken(f"{_ITEM}.from", "12"), Broken(f"{_ITEM}.from", "1234567890123456"), Broken(f"{_ITEM}.fromB", "12"),
    Broken(f"{_ITEM}.fromB", "nobody"), Broken(f"{_ITEM}.destinationA", "+999100000001"),
    Broken(f"{_ITEM}.destinationB", "9991"),
    Broken(f"{_ITEM}.destinationB", "999-100-001"), Broken(f"{_ITEM}.messageId", ""), Broken(f"{_ITEM}.messageId",
    "x" * 101),
    Broken(f"{_ITEM}.record", "yes"), Broken(f"{_ITEM}.record", 1), Broken(f"{_ITEM}.anonymization", "true"),
    Broken(f"{_ITEM}.maxDuration", 0), Broken(f"{_ITEM}.warningTime", 0), Broken(f"{_ITEM}.maxDuration", "60"),
    Broken(f"{_ITEM}.notifyContentType", "text/xml"), Broken(f"{_ITEM}.notifyUrl", "nowhere"),
    Broken(f"{_ITEM}.retry", {"minPeriod": 0, "maxPeriod": 5, "maxCount": 4}), Broken(f"{_ITEM}.text", 5),
    Broken(f"{_ITEM}.destinations", [{"to": "999100000001"}]), Broken(f"{_ITEM}.callbackData", "x"),
    Broken(f"{_ITEM}.sendAt", "2016-07-07T17:00:00.000+01:00"), Broken(f"{_ITEM}.validityPeriod", 720),
)  # fmt: skip

BROKEN_QUERIES: Final = (
    "limit=0", "limit=-1", "limit=01", "limit=abc", "limit=1.5", "limit=", "limit=2147483648", "limit=%2B5",
    "limit=1e2",
    "bulkId=", "messageId=", f"bulkId={'x' * 101}", f"messageId={'x' * 101}", "bulkid=x", "Limit=1",
    "messageid=x", "surprise=1", "page=2",
    "limit=1&limit=2", "bulkId=a&bulkId=b",
)  # fmt: skip

_MALFORMED_JSON: Final = (
    b"",
    b"{",
    b"nonsense",
    b"{'messages': []}",
    b'{"messages": [}',
    b'{"a": NaN}',
    b"[" * 200,
    b'{"a": "\xff"}',
)
_MALFORMED_XML: Final = (
    b"", b"<request>", b"nonsense", b"<request><messages></request>", b"<other/>", b"<request>&unknown;</request>",
    b'<?xml version="1.0" encoding="UTF-8"?>', b"<request>\xff</request>",
)  # fmt: skip
_DOCTYPE: Final = (
    b'<!DOCTYPE request [<!ENTITY to "999100000001">]><request><messages><messages><scenarioId>x</scenarioId>'
    b"<destinations><destinations><to>&to;</to></destinations></destinations></messages></messages></request>"
)


def _known(stage: Stage, broken: Broken) -> bool:
    return not broken.schema or stage.contract.knows(broken.schema, broken.path.rpartition(".")[2])


def broken_bodies(ivr: Iterable[Broken], ctc: Iterable[Broken]) -> Callable[[Stage], Flow]:
    """Return the flow that sends launches with each change, in JSON and where possible in XML."""

    def requests(stage: Stage) -> Iterator[Request]:
        for path, table in ((IVR, ivr), (CTC, ctc)):
            for broken in table:
                if not _known(stage, broken):
                    continue
                valid = stage.ctc(ids=[stage.id()]) if path == CTC else stage.ivr(ids=[stage.id()])
                document = changed(valid, {broken.path: broken.value})
                yield stage.post(document, path)
                try:
                    yield stage.post(document, path, form="xml")
                except xml.XmlError:
                    continue  # it has a name or a value that XML cannot carry

    return sends(requests)


def _partial_retries(stage: Stage) -> Iterator[Request]:
    for retry in ({}, {"maxCount": 2}, {"minPeriod": 1, "maxPeriod": 5}):
        yield stage.post(stage.ivr(ids=[stage.id()], retry=retry))
        yield stage.post(stage.ctc(ids=[stage.id()], retry=retry), CTC, form="xml")


def _ignored_and_invalid(stage: Stage) -> Iterator[Request]:
    """What has no effect where it stands is validated all the same."""
    speed = {"speed": 1000, "timeUnit": "second"}
    for validity in (0, -1):
        document = stage.ivr(ids=[stage.id()], validityPeriod=validity, sendingSpeed=speed)
        yield stage.post(document)
        yield stage.post(document, form="xml")
    yield stage.post(stage.ctc(ids=[stage.id()], warningTime=0, maxDuration=60), CTC)
    yield stage.post(stage.ctc(ids=[stage.id()], fromB="41793026701", anonymization="no"), CTC)


def _several(stage: Stage) -> Iterator[Request]:
    document = changed(stage.ivr(2), {"messages[0].destinations[1].to": "abc", "messages[0].from": "1", "bulkid": "x"})
    yield stage.post(document)
    yield stage.post(document, form="xml")


def _queries(stage: Stage) -> Iterator[Request]:
    for query in BROKEN_QUERIES:
        # With a filter that matches nothing, so that a careless server has nothing to give.
        harmless = query if "bulkId=" in query else f"{query}&bulkId={stage.id()}"
        yield stage.get(query=harmless)
    yield stage.get(query=f"limit=0&bulkId={stage.id()}", accept="application/xml")
    yield stage.post(stage.ivr(), "/voice/ivr/1/messages?surprise=1")


def _nearly_json(whole: bytes) -> Iterator[bytes]:
    """Return what a lenient reader would take for the launch."""
    yield whole.replace(b'"', b"'")
    yield whole + b" and more"
    yield whole + whole
    yield whole[:-1]
    yield whole[:-1] + b",}"
    yield b"// a launch\n" + whole
    yield whole.replace(b'"messages":', b"messages:")


def _nearly_xml(whole: bytes) -> Iterator[bytes]:
    yield whole + b"<more"
    yield whole + whole
    yield whole[: whole.rindex(b"</")]
    yield whole.replace(b"</to>", b"</To>").replace(b"</destinationA>", b"</DestinationA>")
    yield whole.replace(b"<from>", b"<from a=1>").replace(b"<to>", b"<to a=1>")


def _malformed(stage: Stage) -> Iterator[Request]:
    for path, launch in ((IVR, stage.ivr), (CTC, stage.ctc)):
        yield from (stage.post(body, path) for body in _MALFORMED_JSON)
        yield from (stage.post(body, path, form="xml") for body in _MALFORMED_XML)
        yield from (stage.post(body, path) for body in _nearly_json(stage.post(launch(), path).body))
        yield from (
            stage.post(body, path, form="xml") for body in _nearly_xml(stage.post(launch(), path, form="xml").body)
        )
    yield stage.post(_DOCTYPE, form="xml")
    for path in (IVR, CTC):
        yield from (stage.post(body, path) for body in (b"null", b"[]", b'"text"', b"5", b"true"))


SCRIPTS: Final = (
    Script("bodies that are not well-formed", sends(_malformed), ("launch",)),
    Script("bodies that break the schema", broken_bodies(BROKEN_IVR, BROKEN_CTC), ("launch",)),
    Script("a retry without all of its members", sends(_partial_retries), ("launch",), _2026),
    Script("what has no effect, and is invalid", sends(_ignored_and_invalid), ("launch",)),
    Script("bodies that break it several times", sends(_several), ("launch",)),
    Script("queries that are invalid", sends(_queries), ("read",)),
)
