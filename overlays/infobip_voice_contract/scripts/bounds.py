"""Scripts of launches that break one constraint of the contract each, just outside of it.

`invalid` has what people get wrong. This is the rest, so that every constraint is tried: a test
holds the two tables together against the list of all of them.
"""

from collections.abc import Iterator
from typing import Any, Final

from infobip_voice_contract.scripts.invalid import Broken, broken_bodies
from infobip_voice_contract.scripts.script import Script

__all__ = ["OUTSIDE_CTC", "OUTSIDE_IVR", "SCRIPTS"]

_ITEM: Final = "messages[0]"
_CONTROL: Final = "a\x01b"  # no XML document can have it
_FROM: Final = {"hour": 6, "minute": 0}
_TO: Final = {"hour": 10, "minute": 0}


def _windows() -> Iterator[dict[str, Any]]:
    """Return windows with one thing wrong."""
    whole: dict[str, Any] = {"days": ["MONDAY"], "from": _FROM, "to": _TO}
    yield {"from": _FROM, "to": _TO}
    yield {**whole, "days": {}}
    yield {**whole, "days": [5]}
    yield {**whole, "days": ["MON"]}
    yield {**whole, "days": []}
    yield {**whole, "days": ["MONDAY", "MONDAY"]}
    yield {**whole, "surprise": 1}
    yield {**whole, "to": _FROM}  # it never opens
    for name, other in (("from", "to"), ("to", "from")):
        yield {key: value for key, value in whole.items() if key != other}  # one without the other
        yield {**whole, name: "06:00"}
        yield {**whole, name: {**whole[name], "second": 0}}
        for part, most in (("hour", 23), ("minute", 59)):
            yield {**whole, name: {key: value for key, value in whole[name].items() if key != part}}
            for value in (-1, most + 1, "x"):
                yield {**whole, name: {**whole[name], part: value}}


_BOTH: Final = (
    Broken("bulkId", _CONTROL), Broken("bulkId", ""), Broken("bulkId", 7), Broken("messages", {}), Broken(_ITEM, "x"),
    Broken(f"{_ITEM}.surprise", 1), Broken(f"{_ITEM}.notifyContentType", 5), Broken(f"{_ITEM}.notifyUrl", 1),
    Broken(f"{_ITEM}.retry", 5),
    Broken(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 0, "maxCount": 4}),
    Broken(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 0}),
    Broken(f"{_ITEM}.retry", {"minPeriod": "x", "maxPeriod": 5, "maxCount": 4}),
    Broken(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": "x", "maxCount": 4}),
    Broken(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 1.5}),
    Broken(f"{_ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 4, "surprise": 1}),
)  # fmt: skip


def _of_2026(schema: str) -> Iterator[Broken]:
    yield from (Broken(f"{_ITEM}.notifyContentVersion", value, schema) for value in (0, 3, "x"))
    yield Broken(f"{_ITEM}.deliveryTimeWindow", [], schema)
    yield from (Broken(f"{_ITEM}.deliveryTimeWindow", window, schema) for window in _windows())


_NUMBERS: Final = (
    "", "9991", "+999100000001", "0999100000001", "9991000000000001", "999 100 000", "999100000001\n", "abc",
    "٩٩٩١٠٠٠٠٠٠٠١", "999100000001x", "999.100.001", "00999100000001",
)  # fmt: skip

OUTSIDE_IVR: Final = (
    *(Broken(f"{_ITEM}.destinations[0].to", number) for number in _NUMBERS[7:]), Broken(f"{_ITEM}.from", "١٢٣٤٥"),
    *(Broken(f"{_ITEM}.{name}", True) for name in ("validityPeriod", "callbackData", "from")),
    Broken(f"{_ITEM}.retry", {"minPeriod": True, "maxPeriod": 5, "maxCount": 4}),
    Broken(f"{_ITEM}.sendingSpeed", {"speed": True, "timeUnit": "hour"}),
    *_BOTH, *_of_2026("IvrMessage"),
    Broken(f"{_ITEM}.scenarioId", _CONTROL), Broken(f"{_ITEM}.callbackData", _CONTROL),
    Broken(f"{_ITEM}.destinations[0]", "x"), Broken(f"{_ITEM}.destinations[0].surprise", 1),
    Broken(f"{_ITEM}.destinations[0].messageId", 7), Broken(f"{_ITEM}.destinations[0].messageId", _CONTROL),
    *(Broken(f"{_ITEM}.parameters", {name: "x"}) for name in ("", "-a", ".a", "a b", "a/b", "é")),
    Broken(f"{_ITEM}.parameters", {"foo": _CONTROL}),
    Broken(f"{_ITEM}.sendingSpeed", []), Broken(f"{_ITEM}.sendingSpeed", {"speed": "x", "timeUnit": "hour"}),
    Broken(f"{_ITEM}.sendingSpeed", {"speed": 10, "timeUnit": 5}),
    Broken(f"{_ITEM}.sendingSpeed", {"speed": 10, "timeUnit": "hour", "surprise": 1}),
    *(Broken(f"{_ITEM}.{name}", "x", "IvrMessage") for name in ("ringTimeout", "callTimeout", "pause")),
    Broken(f"{_ITEM}.pause", -1, "IvrMessage"),
)  # fmt: skip

OUTSIDE_CTC: Final = (
    *(Broken(f"{_ITEM}.{name}", number) for name in ("destinationA", "destinationB") for number in _NUMBERS),
    *(Broken(f"{_ITEM}.{name}", True) for name in ("maxDuration", "warningTime", "text")),
    Broken(f"{_ITEM}.maxDuration", 1.5),
    *_BOTH, *_of_2026("ClickToCallMessage"),
    *(Broken(f"{_ITEM}.{name}", 999100000001) for name in ("from", "fromB", "destinationA", "destinationB")),
    Broken(f"{_ITEM}.messageId", 7), Broken(f"{_ITEM}.messageId", _CONTROL), Broken(f"{_ITEM}.text", _CONTROL),
    Broken(f"{_ITEM}.language", 5), Broken(f"{_ITEM}.language", ""), Broken(f"{_ITEM}.language", _CONTROL),
    Broken(f"{_ITEM}.audioFileUrl", 5), Broken(f"{_ITEM}.audioFileUrl", "ftp://127.0.0.1/a.mp3"),
    Broken(f"{_ITEM}.warningTime", "x"), Broken(f"{_ITEM}.maxDuration", -1),
    *(
        Broken(f"{_ITEM}.voice", value, "ClickToCallMessage")
        for value in (
            "x", {"gender": "robot"}, {"gender": 5}, {"name": ""}, {"name": 5}, {"name": _CONTROL}, {"surprise": 1},
        )
    ),
    *(Broken(f"{_ITEM}.machineDetection", value, "ClickToCallMessage") for value in ("continue", True)),
    Broken(f"{_ITEM}.sendingSpeed", {"speed": 10, "timeUnit": "hour"}),
)  # fmt: skip

SCRIPTS: Final = (
    Script("bodies just outside of each constraint", broken_bodies(OUTSIDE_IVR, OUTSIDE_CTC), ("launch",)),
)
