"""Faults of a server that refuses what is valid, though it looks odd."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.edits import body_of, fetches, is_xml, items_of, launches, refusing, some_item
from infobip_voice_contract.faults.fault import ONLY_SEEDS, Fault
from infobip_voice_contract.faults.witness import Witness, answered
from infobip_voice_contract.stage import CTC, IVR, Form, changed

__all__ = ["STRICT"]

_REFUSED: Final = "Send this launch in its plainest form: leave out what you do not need."
_QUERY: Final = "Send a query in its plainest form."

_ITEM: Final = "messages[0]"
_IVR: Final = ("ivr-2017", "ivr-2019")
_BOTH: Final = ("ivr-2017", "ivr-2019", "ctc")


def _refuses(path: str, given: Any, *, operation: str = IVR, form: Form = "json") -> Witness:
    """A launch with this change is refused."""
    return answered(
        lambda stage: stage.post(
            changed(stage.ctc() if operation == CTC else stage.ivr(), {path: given}), operation, form=form
        ),
        lambda answer: answer.status == 400,
    )


def _has(
    member: str, condition: Callable[[Any], object] = lambda _: True, *, path: str = ""
) -> Callable[[Request], bool]:
    """It is a launch in which a member of an item is like this."""
    found = some_item(lambda item: member in item and condition(item[member]))
    return lambda request: request.path in ((path,) if path else (IVR, CTC)) and found(request)


def _retry(condition: Callable[[dict[str, Any]], object]) -> Callable[[Request], bool]:
    return some_item(lambda item: isinstance(item.get("retry"), dict) and condition(item["retry"]))


def _looks(pattern: str) -> Callable[[Any], bool]:
    return lambda given: isinstance(given, str) and re.fullmatch(pattern, given) is not None


def _numbers(request: Request) -> list[str]:
    return [str(each.get("to")) for item in items_of(request) for each in item.get("destinations") or ()]


def _ids(request: Request) -> list[str]:
    document = body_of(request) if launches(request) else None
    if not isinstance(document, dict):
        return []
    items = items_of(request)
    inner = [each for item in items for each in item.get("destinations") or () if isinstance(each, dict)]
    return [
        given
        for each in (document, *items, *inner)
        for given in (each.get("bulkId"), each.get("messageId"))
        if isinstance(given, str)
    ]


_fault = partial(Fault, group="clamp", advice=_REFUSED)
_valid = partial(Fault, group="validation", advice=_REFUSED)

STRICT: Final = (
    _fault(
        id="no-fifth-retry",
        rule="clamp.max-count",
        sentence="A maxCount above 4 is refused.",
        source=("ivr-2017", "ctc"),
        make=refusing(_retry(lambda retry: retry.get("maxCount", 0) > 4)),
        witness=_refuses(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 5}),
    ),
    _fault(
        id="no-long-validity",
        rule="clamp.validity",
        sentence="A validityPeriod above 2880 is refused.",
        source=_IVR,
        make=refusing(_has("validityPeriod", lambda given: given > 2880)),
        witness=_refuses(f"{_ITEM}.validityPeriod", 5000),
    ),
    _fault(
        id="no-validity-with-speed",
        rule="clamp.validity",
        sentence="A validityPeriod above 2880 beside a sendingSpeed is refused.",
        source=_IVR,
        make=refusing(some_item(lambda item: item.get("validityPeriod", 0) > 2880 and "sendingSpeed" in item)),
        witness=_refuses(
            _ITEM,
            {
                "scenarioId": "x",
                "destinations": [{"to": "999100000001"}],
                "validityPeriod": 5000,
                "sendingSpeed": {"speed": 100, "timeUnit": "second"},
            },
        ),
    ),
    _fault(
        id="no-equal-periods",
        rule="clamp.periods",
        sentence="Equal periods of a retry are refused.",
        source=_BOTH,
        make=refusing(_retry(lambda retry: retry.get("minPeriod", 1) == retry.get("maxPeriod", 1440))),
        witness=_refuses(f"{_ITEM}.retry", {"minPeriod": 7, "maxPeriod": 7, "maxCount": 1}),
    ),
    _fault(
        id="no-falling-periods",
        rule="clamp.periods",
        sentence="A minPeriod above maxPeriod is refused.",
        source=_BOTH,
        make=refusing(_retry(lambda retry: retry.get("minPeriod", 1) > retry.get("maxPeriod", 1440))),
        witness=_refuses(f"{_ITEM}.retry", {"minPeriod": 60, "maxPeriod": 5, "maxCount": 1}),
    ),
    _fault(
        id="no-partial-retry",
        rule="clamp.retry-members",
        sentence="A retry without all of its members is refused.",
        source=("assumption",),
        editions=ONLY_SEEDS,
        make=refusing(_retry(lambda retry: len(retry) < 3)),
        witness=_refuses(f"{_ITEM}.retry", {"maxCount": 2}),
    ),
    _fault(
        id="no-past",
        rule="clamp.past",
        sentence="A sendAt in the past is refused.",
        source=_IVR,
        make=refusing(_has("sendAt", _looks("201.*"))),
        witness=_refuses(f"{_ITEM}.sendAt", "2016-07-07T17:00:00.000+01:00"),
    ),
    _fault(
        id="no-colon",
        rule="clamp.send-at-colon",
        sentence="An offset of sendAt with a colon is refused.",
        source=_IVR,
        make=refusing(_has("sendAt", _looks(r".*[+-]\d\d:\d\d"))),
        witness=_refuses(f"{_ITEM}.sendAt", "2016-07-07T17:00:00.000+01:00"),
    ),
    _fault(
        id="no-plain-offset",
        rule="clamp.send-at-plain",
        sentence="An offset of sendAt without a colon is refused.",
        source=("platform-2026",),
        make=refusing(_has("sendAt", _looks(r".*[+-]\d{4}"))),
        witness=_refuses(f"{_ITEM}.sendAt", "2016-07-07T17:00:00.000+0100"),
    ),
    _fault(
        id="no-z",
        rule="clamp.send-at-z",
        sentence="A sendAt that ends in Z is refused.",
        source=("assumption",),
        make=refusing(_has("sendAt", _looks(".*Z"))),
        witness=_refuses(f"{_ITEM}.sendAt", "2016-07-07T17:00:00Z"),
    ),
    _fault(
        id="no-nanoseconds",
        rule="clamp.send-at-z",
        sentence="A sendAt with nine fractional digits is refused.",
        source=("assumption",),
        make=refusing(_has("sendAt", _looks(r".*\.\d{7,}.*"))),
        witness=_refuses(f"{_ITEM}.sendAt", "2016-07-07T17:00:00.123456789-05:30"),
    ),
    _fault(
        id="no-half-hours",
        rule="clamp.send-at-colon",
        sentence="An offset of half an hour is refused.",
        source=_IVR,
        make=refusing(_has("sendAt", _looks(r".*[+-]\d\d:30"))),
        witness=_refuses(f"{_ITEM}.sendAt", "2016-07-07T17:00:00.000+05:30"),
    ),
    _fault(
        id="no-empty-url",
        rule="clamp.empty-notify-url",
        sentence="An empty notifyUrl is refused.",
        source=("ivr-2019",),
        make=refusing(_has("notifyUrl", lambda given: given in ("", None))),
        witness=_refuses(f"{_ITEM}.notifyUrl", ""),
    ),
    _fault(
        id="no-late-warning",
        rule="clamp.warning",
        sentence="A warningTime that is not below maxDuration is refused.",
        source=("assumption",),
        make=refusing(some_item(lambda item: item.get("warningTime", 0) >= item.get("maxDuration", 1 << 60))),
        witness=_refuses(
            _ITEM,
            {
                "from": "41793026700",
                "destinationA": "999100000001",
                "destinationB": "999100000002",
                "maxDuration": 5,
                "warningTime": 60,
            },
            operation=CTC,
        ),
    ),
    _fault(
        id="no-lone-warning",
        rule="clamp.warning",
        sentence="A warningTime without maxDuration is refused.",
        source=("assumption",),
        make=refusing(some_item(lambda item: "warningTime" in item and "maxDuration" not in item)),
        witness=_refuses(f"{_ITEM}.warningTime", 5, operation=CTC),
    ),
    _fault(
        id="no-record-text",
        rule="clamp.record-text",
        sentence="The record of a click to call may not be a text.",
        source=("ctc",),
        make=refusing(lambda request: not is_xml(request) and _has("record", _looks("true|false"), path=CTC)(request)),
        witness=_refuses(f"{_ITEM}.record", "true", operation=CTC),
    ),
    _fault(
        id="no-record-boolean",
        rule="clamp.record-boolean",
        sentence="The record of a click to call may not be a boolean.",
        source=("assumption",),
        make=refusing(
            lambda request: (
                not is_xml(request) and _has("record", lambda given: isinstance(given, bool), path=CTC)(request)
            )
        ),
        witness=_refuses(f"{_ITEM}.record", True, operation=CTC),
    ),
    _fault(
        id="no-number-twice",
        rule="clamp.same-number",
        sentence="The same number twice in one message is refused.",
        source=("assumption",),
        make=refusing(
            lambda request: 1 < len(_numbers(request)) < 1000 and len(set(_numbers(request))) < len(_numbers(request))
        ),
        witness=_refuses(f"{_ITEM}.destinations", [{"to": "999100000001"}, {"to": "999100000001"}]),
    ),
    _fault(
        id="no-recording",
        group="validation",
        rule="valid.members",
        sentence="A record of an IVR is refused.",
        source=("ivr-2017",),
        make=refusing(_has("record", path=IVR)),
        witness=_refuses(f"{_ITEM}.record", True),
    ),
    _valid(
        id="bytes-of-data",
        rule="valid.callback-points",
        sentence="The 200 characters of callbackData are counted in bytes.",
        source=_IVR,
        make=refusing(_has("callbackData", lambda given: isinstance(given, str) and len(given.encode()) > 200)),
        witness=_refuses(f"{_ITEM}.callbackData", "\U0001f600" * 200),
    ),
    _valid(
        id="units-of-data",
        rule="valid.callback-points",
        sentence="The 200 characters of callbackData are counted in UTF-16.",
        source=_IVR,
        make=refusing(
            _has("callbackData", lambda given: isinstance(given, str) and len(given.encode("utf-16-le")) > 400)
        ),
        witness=_refuses(f"{_ITEM}.callbackData", "\U0001f600" * 200),
    ),
    _valid(
        id="short-ids",
        rule="valid.longest-ids",
        sentence="An id of more than 64 characters is refused.",
        source=("assumption",),
        make=refusing(lambda request: any(len(each) > 64 for each in _ids(request))),
        witness=_refuses("bulkId", "x" * 100),
    ),
    _valid(
        id="ascii-ids",
        rule="valid.odd-ids",
        sentence="An id with other characters than ASCII is refused.",
        source=("assumption",),
        make=refusing(lambda request: any(not each.isascii() for each in _ids(request))),
        witness=_refuses("bulkId", "ü"),
    ),
    _valid(
        id="no-blanks",
        rule="valid.odd-ids",
        sentence="A bulkId with a blank is refused.",
        source=("assumption",),
        make=refusing(lambda request: any(" " in each for each in _ids(request))),
        witness=_refuses("bulkId", "a b"),
    ),
    _valid(
        id="small-limit",
        rule="valid.largest-limit",
        sentence="A limit above 1000 is refused.",
        advice=_QUERY,
        source=("assumption",),
        make=refusing(
            lambda request: (
                fetches(request) and int(dict(request.query).get("limit", "1").strip("x-+") or 0) > 1000
                if dict(request.query).get("limit", "1").isdecimal()
                else False
            )
        ),
        witness=answered(lambda stage: stage.get(limit=2147483647), lambda answer: answer.status == 400),
    ),
    _valid(
        id="no-14-digits",
        rule="valid.members",
        sentence="A from of 14 digits is refused in an IVR.",
        source=("ivr-2019",),
        make=refusing(_has("from", _looks(r"\d{14}"), path=IVR)),
        witness=_refuses(f"{_ITEM}.from", "12345678901234"),
    ),
    _valid(
        id="no-short-from",
        rule="valid.members",
        sentence="A from of three digits is refused.",
        source=_IVR,
        make=refusing(_has("from", _looks(r"\d{3}"))),
        witness=_refuses(f"{_ITEM}.from", "123"),
    ),
    _valid(
        id="no-15-digits",
        rule="valid.members",
        sentence="A from of 15 digits is refused in a click to call.",
        source=("platform-2026",),
        make=refusing(_has("from", _looks(r"\d{15}"), path=CTC)),
        witness=_refuses(f"{_ITEM}.from", "123456789012345", operation=CTC),
    ),
    _valid(
        id="no-long-destination",
        rule="valid.members",
        sentence="A number of 15 digits is refused.",
        source=_BOTH,
        make=refusing(lambda request: any(len(each) == 15 for each in _numbers(request))),
        witness=_refuses(f"{_ITEM}.destinations[0].to", "999100000000001"),
    ),
    _valid(
        id="no-short-destination",
        rule="valid.members",
        sentence="A number of five digits is refused.",
        source=("assumption",),
        make=refusing(lambda request: any(len(each) == 5 for each in _numbers(request))),
        witness=_refuses(f"{_ITEM}.destinations[0].to", "99910"),
    ),
    _valid(
        id="no-parameters",
        rule="valid.members",
        sentence="A message with parameters is refused.",
        source=("ivr-2017",),
        make=refusing(_has("parameters")),
        witness=_refuses(f"{_ITEM}.parameters", {"foo": "bar"}),
    ),
    _valid(
        id="no-xml-pushes",
        rule="valid.members",
        sentence="A notifyContentType of application/xml is refused.",
        source=_BOTH,
        make=refusing(_has("notifyContentType", lambda given: given == "application/xml")),
        witness=_refuses(f"{_ITEM}.notifyContentType", "application/xml"),
    ),
    _valid(
        id="no-validity",
        rule="valid.members",
        sentence="A validityPeriod of a minute is refused.",
        source=_IVR,
        make=refusing(_has("validityPeriod", lambda given: given == 1)),
        witness=_refuses(f"{_ITEM}.validityPeriod", 1),
    ),
    _valid(
        id="no-speed-a-day",
        rule="valid.members",
        sentence="A sendingSpeed a day is refused.",
        source=_IVR,
        make=refusing(some_item(lambda item: (item.get("sendingSpeed") or {}).get("timeUnit") == "day")),
        witness=_refuses(f"{_ITEM}.sendingSpeed", {"speed": 1000000000, "timeUnit": "day"}),
    ),
    _valid(
        id="no-version",
        rule="valid.members",
        sentence="A notifyContentVersion of 2 is refused.",
        source=("platform-2026",),
        make=refusing(_has("notifyContentVersion", lambda given: given == 2)),
        witness=_refuses(f"{_ITEM}.notifyContentVersion", 2),
    ),
    _valid(
        id="no-pause",
        rule="valid.members",
        sentence="A pause of 10 seconds is refused.",
        source=("platform-2026",),
        make=refusing(_has("pause", lambda given: given == 10)),
        witness=_refuses(f"{_ITEM}.pause", 10),
    ),
    _valid(
        id="no-ring-timeout",
        rule="valid.members",
        sentence="A ringTimeout or callTimeout is refused.",
        source=("platform-2026",),
        make=refusing(some_item(lambda item: "ringTimeout" in item or "callTimeout" in item)),
        witness=_refuses(f"{_ITEM}.callTimeout", 60),
    ),
    _valid(
        id="no-window",
        rule="valid.members",
        sentence="A delivery time window without hours is refused.",
        source=("platform-2026",),
        make=refusing(_has("deliveryTimeWindow", lambda given: "from" not in given)),
        witness=_refuses(f"{_ITEM}.deliveryTimeWindow", {"days": ["MONDAY"]}),
    ),
    _valid(
        id="no-night-window",
        rule="valid.members",
        sentence="A delivery time window that runs past midnight is refused.",
        source=("assumption",),
        make=refusing(
            _has("deliveryTimeWindow", lambda given: "from" in given and given["from"]["hour"] > given["to"]["hour"])
        ),
        witness=_refuses(
            f"{_ITEM}.deliveryTimeWindow",
            {"days": ["MONDAY"], "from": {"hour": 22, "minute": 0}, "to": {"hour": 6, "minute": 0}},
        ),
    ),
    _valid(
        id="no-voice",
        rule="valid.members",
        sentence="A voice with a gender alone is refused.",
        source=("platform-2026",),
        make=refusing(_has("voice", lambda given: "name" not in given)),
        witness=_refuses(f"{_ITEM}.voice", {"gender": "female"}, operation=CTC),
    ),
    _valid(
        id="no-named-voice",
        rule="valid.members",
        sentence="A voice with a name alone is refused.",
        source=("platform-2026",),
        make=refusing(_has("voice", lambda given: "gender" not in given)),
        witness=_refuses(f"{_ITEM}.voice", {"name": "Joanna"}, operation=CTC),
    ),
    _valid(
        id="no-detection",
        rule="valid.members",
        sentence="machineDetection is refused.",
        source=("platform-2026",),
        make=refusing(_has("machineDetection")),
        witness=_refuses(f"{_ITEM}.machineDetection", "hangup", operation=CTC),
    ),
    _valid(
        id="no-click-window",
        rule="valid.members",
        sentence="A click to call with a delivery time window is refused.",
        source=("platform-2026",),
        make=refusing(_has("deliveryTimeWindow", path=CTC)),
        witness=_refuses(f"{_ITEM}.deliveryTimeWindow", {"days": ["MONDAY", "SUNDAY"]}, operation=CTC),
    ),
    _valid(
        id="no-second-caller",
        rule="valid.members",
        sentence="A click to call with a fromB is refused.",
        source=("ctc",),
        make=refusing(_has("fromB")),
        witness=_refuses(f"{_ITEM}.fromB", "41793026701", operation=CTC),
    ),
    _valid(
        id="no-audio",
        rule="valid.members",
        sentence="A click to call with an audioFileUrl is refused.",
        source=("ctc",),
        make=refusing(_has("audioFileUrl")),
        witness=_refuses(f"{_ITEM}.audioFileUrl", "http://127.0.0.1:9/a.mp3", operation=CTC),
    ),
    _valid(
        id="no-markup",
        rule="valid.members",
        sentence="A text with markup is refused.",
        source=("platform-2026",),
        make=refusing(_has("text", lambda given: isinstance(given, str) and "<" in given)),
        witness=_refuses(f"{_ITEM}.text", "<speak>x</speak>", operation=CTC),
    ),
    _valid(
        id="no-click-retry",
        rule="valid.members",
        sentence="A click to call with a retry is refused.",
        source=("ctc",),
        make=refusing(_has("retry", path=CTC)),
        witness=_refuses(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 5}, operation=CTC),
    ),
    _fault(
        id="no-silence",
        group="ctc",
        rule="ctc.nothing-to-play",
        sentence="A click to call with nothing to play is refused.",
        source=("assumption",),
        make=refusing(
            lambda request: (
                request.path == CTC
                and any("text" not in item and "audioFileUrl" not in item for item in items_of(request))
            )
        ),
        witness=_refuses("bulkId", "x", operation=CTC),
    ),
    _fault(
        id="no-default-language",
        group="ctc",
        rule="ctc.language",
        sentence="A text without a language is refused.",
        source=("platform-2026",),
        make=refusing(some_item(lambda item: item.get("text") and "language" not in item)),
        witness=_refuses(f"{_ITEM}.text", "x", operation=CTC),
    ),
    _fault(
        id="no-anonymity",
        group="ctc",
        rule="ctc.anonymization",
        sentence="A click to call with anonymization is refused.",
        source=("ctc",),
        make=refusing(_has("anonymization", lambda given: given is True)),
        witness=_refuses(f"{_ITEM}.anonymization", True, operation=CTC),
    ),
    _fault(
        id="no-anonymity-with-b",
        group="ctc",
        rule="ctc.anonymization",
        sentence="anonymization beside fromB is refused.",
        source=("ctc",),
        make=refusing(some_item(lambda item: "anonymization" in item and "fromB" in item)),
        witness=_refuses(
            _ITEM,
            {
                "from": "41793026700",
                "fromB": "41793026701",
                "destinationA": "999100000001",
                "destinationB": "999100000002",
                "anonymization": True,
            },
            operation=CTC,
        ),
    ),
    _fault(
        id="no-durations",
        group="ctc",
        rule="ctc.durations",
        sentence="A click to call with maxDuration and warningTime is refused.",
        source=("ctc",),
        make=refusing(some_item(lambda item: 0 < item.get("warningTime", 0) < item.get("maxDuration", 0))),
        witness=_refuses(
            _ITEM,
            {
                "from": "41793026700",
                "destinationA": "999100000001",
                "destinationB": "999100000002",
                "maxDuration": 60,
                "warningTime": 5,
            },
            operation=CTC,
        ),
    ),
)
