"""What is valid, and is refused."""

from functools import partial
from typing import Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.edits import body_of, fetches, items_of, launches, refusing, some_item
from infobip_voice_contract.faults.fault import Fault
from infobip_voice_contract.faults.strict.words import (
    BOTH_SOURCES,
    ITEM,
    IVR_SOURCES,
    REFUSED,
    fault,
    has,
    looks,
    numbers,
    refuses,
)
from infobip_voice_contract.faults.witness import answered
from infobip_voice_contract.stage import CTC, IVR

__all__ = ["REFUSALS"]

_QUERY: Final = "Send a query in its plainest form."


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


_valid = partial(Fault, group="validation", advice=REFUSED)


REFUSALS: Final = (
    fault(
        id="no-recording",
        group="validation",
        rule="valid.members",
        sentence="A record of an IVR is refused.",
        source=("ivr-2017",),
        make=refusing(has("record", path=IVR)),
        witness=refuses(f"{ITEM}.record", True),
    ),
    _valid(
        id="bytes-of-data",
        rule="valid.callback-points",
        sentence="The 200 characters of callbackData are counted in bytes.",
        source=IVR_SOURCES,
        make=refusing(has("callbackData", lambda given: isinstance(given, str) and len(given.encode()) > 200)),
        witness=refuses(f"{ITEM}.callbackData", "\U0001f600" * 200),
    ),
    _valid(
        id="units-of-data",
        rule="valid.callback-points",
        sentence="The 200 characters of callbackData are counted in UTF-16.",
        source=IVR_SOURCES,
        make=refusing(
            has("callbackData", lambda given: isinstance(given, str) and len(given.encode("utf-16-le")) > 400)
        ),
        witness=refuses(f"{ITEM}.callbackData", "\U0001f600" * 200),
    ),
    _valid(
        id="short-ids",
        rule="valid.longest-ids",
        sentence="An id of more than 64 characters is refused.",
        source=("assumption",),
        make=refusing(lambda request: any(len(each) > 64 for each in _ids(request))),
        witness=refuses("bulkId", "x" * 100),
    ),
    _valid(
        id="ascii-ids",
        rule="valid.odd-ids",
        sentence="An id with other characters than ASCII is refused.",
        source=("assumption",),
        make=refusing(lambda request: any(not each.isascii() for each in _ids(request))),
        witness=refuses("bulkId", "ü"),
    ),
    _valid(
        id="no-blanks",
        rule="valid.odd-ids",
        sentence="A bulkId with a blank is refused.",
        source=("assumption",),
        make=refusing(lambda request: any(" " in each for each in _ids(request))),
        witness=refuses("bulkId", "a b"),
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
        make=refusing(has("from", looks(r"\d{14}"), path=IVR)),
        witness=refuses(f"{ITEM}.from", "12345678901234"),
    ),
    _valid(
        id="no-short-from",
        rule="valid.members",
        sentence="A from of three digits is refused.",
        source=IVR_SOURCES,
        make=refusing(has("from", looks(r"\d{3}"))),
        witness=refuses(f"{ITEM}.from", "123"),
    ),
    _valid(
        id="no-15-digits",
        rule="valid.members",
        sentence="A from of 15 digits is refused in a click to call.",
        source=("platform-2026",),
        make=refusing(has("from", looks(r"\d{15}"), path=CTC)),
        witness=refuses(f"{ITEM}.from", "123456789012345", operation=CTC),
    ),
    _valid(
        id="no-long-destination",
        rule="valid.members",
        sentence="A number of 15 digits is refused.",
        source=BOTH_SOURCES,
        make=refusing(lambda request: any(len(each) == 15 for each in numbers(request))),
        witness=refuses(f"{ITEM}.destinations[0].to", "999100000000001"),
    ),
    _valid(
        id="no-short-destination",
        rule="valid.members",
        sentence="A number of five digits is refused.",
        source=("assumption",),
        make=refusing(lambda request: any(len(each) == 5 for each in numbers(request))),
        witness=refuses(f"{ITEM}.destinations[0].to", "99910"),
    ),
    _valid(
        id="no-parameters",
        rule="valid.members",
        sentence="A message with parameters is refused.",
        source=("ivr-2017",),
        make=refusing(has("parameters")),
        witness=refuses(f"{ITEM}.parameters", {"foo": "bar"}),
    ),
    _valid(
        id="no-xml-pushes",
        rule="valid.members",
        sentence="A notifyContentType of application/xml is refused.",
        source=BOTH_SOURCES,
        make=refusing(has("notifyContentType", lambda given: given == "application/xml")),
        witness=refuses(f"{ITEM}.notifyContentType", "application/xml"),
    ),
    _valid(
        id="no-validity",
        rule="valid.members",
        sentence="A validityPeriod of a minute is refused.",
        source=IVR_SOURCES,
        make=refusing(has("validityPeriod", lambda given: given == 1)),
        witness=refuses(f"{ITEM}.validityPeriod", 1),
    ),
    _valid(
        id="no-speed-a-day",
        rule="valid.members",
        sentence="A sendingSpeed a day is refused.",
        source=IVR_SOURCES,
        make=refusing(some_item(lambda item: (item.get("sendingSpeed") or {}).get("timeUnit") == "day")),
        witness=refuses(f"{ITEM}.sendingSpeed", {"speed": 1000000000, "timeUnit": "day"}),
    ),
    _valid(
        id="no-version",
        rule="valid.members",
        sentence="A notifyContentVersion of 2 is refused.",
        source=("platform-2026",),
        make=refusing(has("notifyContentVersion", lambda given: given == 2)),
        witness=refuses(f"{ITEM}.notifyContentVersion", 2),
    ),
    _valid(
        id="no-pause",
        rule="valid.members",
        sentence="A pause of 10 seconds is refused.",
        source=("platform-2026",),
        make=refusing(has("pause", lambda given: given == 10)),
        witness=refuses(f"{ITEM}.pause", 10),
    ),
    _valid(
        id="no-ring-timeout",
        rule="valid.members",
        sentence="A ringTimeout or callTimeout is refused.",
        source=("platform-2026",),
        make=refusing(some_item(lambda item: "ringTimeout" in item or "callTimeout" in item)),
        witness=refuses(f"{ITEM}.callTimeout", 60),
    ),
    _valid(
        id="no-window",
        rule="valid.members",
        sentence="A delivery time window without hours is refused.",
        source=("platform-2026",),
        make=refusing(has("deliveryTimeWindow", lambda given: "from" not in given)),
        witness=refuses(f"{ITEM}.deliveryTimeWindow", {"days": ["MONDAY"]}),
    ),
    _valid(
        id="no-night-window",
        rule="valid.members",
        sentence="A delivery time window that runs past midnight is refused.",
        source=("assumption",),
        make=refusing(
            has("deliveryTimeWindow", lambda given: "from" in given and given["from"]["hour"] > given["to"]["hour"])
        ),
        witness=refuses(
            f"{ITEM}.deliveryTimeWindow",
            {"days": ["MONDAY"], "from": {"hour": 22, "minute": 0}, "to": {"hour": 6, "minute": 0}},
        ),
    ),
    _valid(
        id="no-voice",
        rule="valid.members",
        sentence="A voice with a gender alone is refused.",
        source=("platform-2026",),
        make=refusing(has("voice", lambda given: "name" not in given)),
        witness=refuses(f"{ITEM}.voice", {"gender": "female"}, operation=CTC),
    ),
    _valid(
        id="no-named-voice",
        rule="valid.members",
        sentence="A voice with a name alone is refused.",
        source=("platform-2026",),
        make=refusing(has("voice", lambda given: "gender" not in given)),
        witness=refuses(f"{ITEM}.voice", {"name": "Joanna"}, operation=CTC),
    ),
    _valid(
        id="no-detection",
        rule="valid.members",
        sentence="machineDetection is refused.",
        source=("platform-2026",),
        make=refusing(has("machineDetection")),
        witness=refuses(f"{ITEM}.machineDetection", "hangup", operation=CTC),
    ),
    _valid(
        id="no-click-window",
        rule="valid.members",
        sentence="A click to call with a delivery time window is refused.",
        source=("platform-2026",),
        make=refusing(has("deliveryTimeWindow", path=CTC)),
        witness=refuses(f"{ITEM}.deliveryTimeWindow", {"days": ["MONDAY", "SUNDAY"]}, operation=CTC),
    ),
    _valid(
        id="no-second-caller",
        rule="valid.members",
        sentence="A click to call with a fromB is refused.",
        source=("ctc",),
        make=refusing(has("fromB")),
        witness=refuses(f"{ITEM}.fromB", "41793026701", operation=CTC),
    ),
    _valid(
        id="no-audio",
        rule="valid.members",
        sentence="A click to call with an audioFileUrl is refused.",
        source=("ctc",),
        make=refusing(has("audioFileUrl")),
        witness=refuses(f"{ITEM}.audioFileUrl", "http://127.0.0.1:9/a.mp3", operation=CTC),
    ),
    _valid(
        id="no-markup",
        rule="valid.members",
        sentence="A text with markup is refused.",
        source=("platform-2026",),
        make=refusing(has("text", lambda given: isinstance(given, str) and "<" in given)),
        witness=refuses(f"{ITEM}.text", "<speak>x</speak>", operation=CTC),
    ),
    _valid(
        id="no-click-retry",
        rule="valid.members",
        sentence="A click to call with a retry is refused.",
        source=("ctc",),
        make=refusing(has("retry", path=CTC)),
        witness=refuses(f"{ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 5}, operation=CTC),
    ),
)
