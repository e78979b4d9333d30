"""Faults of the hour at which calls are made: of `sendAt`, of pacing, of windows."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import listed, part
from infobip_voice_contract.faults.edits import body_of, is_xml, launches, rewritten
from infobip_voice_contract.faults.fault import Fault, Make
from infobip_voice_contract.faults.incoming import launching, misreading
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, reports
from infobip_voice_contract.stage import Stage
from infobip_voice_wire import timestamps

__all__ = ["FAULTS"]

Items = Callable[[Stage], list[dict[str, Any]]]

_DAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_OFFSET: Final = re.compile(r"-([0-9]{2}):?([0-9]{2})$")
_COLONLESS: Final = re.compile(r"[+-][0-9]{4}$")


def _send_at(change: Callable[[str], str]) -> Make:
    def edit(item: dict[str, Any]) -> None:
        with suppress(ValueError):
            timestamps.parse(str(item.get("sendAt", "")))
            item["sendAt"] = change(item["sendAt"])

    return launching(edit)


def _at_once(item: dict[str, Any]) -> None:
    with suppress(ValueError):
        timestamps.parse(str(item.get("sendAt", "")))
        del item["sendAt"]


def _minutes_added(time: str) -> str:
    offset = _OFFSET.search(time)
    if offset is None:
        return time
    minutes = -60 * int(offset[1]) + int(offset[2])
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    return f"{time[: offset.start()]}{sign}{size // 60:02}:{size % 60:02}"


def _second_without(member: str) -> Make:
    """Return the maker of a wrapper that takes a member out of every item but the first."""

    def change(request: Request) -> Request:
        document = body_of(request) if launches(request) else None
        others = [item for item in listed(document, "messages")[1:] if member in item]
        for item in others:
            del item[member]
        other: Request = rewritten(request, document) if others else request
        return other

    return misreading(change)


def _window(edit: Callable[[dict[str, Any]], object]) -> Make:
    def item_with(item: dict[str, Any]) -> None:
        days: Any = part(item, "deliveryTimeWindow").get("days")
        if days and all(day in _DAYS for day in days):
            edit(item["deliveryTimeWindow"])

    return launching(item_with)


def _overnight(window: dict[str, Any]) -> bool:
    times = [(part(window, name).get("hour", 0), part(window, name).get("minute", 0)) for name in ("from", "to")]
    return times[1] < times[0]


def _day_of_end(window: dict[str, Any]) -> None:
    if _overnight(window):
        window["days"] = [_DAYS[_DAYS.index(day) - 1] for day in window["days"]]


def _hour_early(window: dict[str, Any]) -> None:
    times = [part(window, name) for name in ("from", "to")]
    if all(time.get("hour") in range(1, 24) for time in times):
        for time in times:
            time["hour"] -= 1


def _first_day(window: dict[str, Any]) -> None:
    if len(set(window["days"])) == len(window["days"]) > 1:
        del window["days"][1:]


def _written(moment: datetime, offset: str) -> str:
    """Return a moment as the clocks of an offset show it, with the offset."""
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    shift = timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    return f"{moment + shift:%Y-%m-%dT%H:%M:%S}{offset}"


def _called(make: Items, calls: int, *, after: float = 0, form: Any = "json") -> Witness:
    """Return the witness that so many reports of these items are there after a time."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        yield stage.post({"bulkId": bulk, "messages": make(stage)}, form=form)
        yield Wait(after)
        answer: Answer = yield stage.get(bulkId=bulk)
        return len(reports(answer)) == calls

    return witness


def _item(stage: Stage, calls: int = 1, **members: Any) -> dict[str, Any]:
    item: dict[str, Any] = stage.ivr(calls, **members)["messages"][0]
    return item


def _at(hour: int) -> dict[str, int]:
    return {"hour": hour % 24, "minute": 0}


def _day(stage: Stage, distance: int = 0) -> str:
    return _DAYS[(stage.now().weekday() + distance) % 7]


def _night(stage: Stage) -> list[dict[str, Any]]:
    hour = stage.now().hour
    window = {"days": [_day(stage, -1)], "from": _at(hour + 2), "to": _at(hour + 1)}
    return [_item(stage, deliveryTimeWindow=window)]


def _this_hour(stage: Stage) -> list[dict[str, Any]]:
    hour = stage.now().hour
    return [_item(stage, deliveryTimeWindow={"days": [_day(stage)], "from": _at(hour), "to": _at(hour + 1)})]


def _today_second(stage: Stage) -> list[dict[str, Any]]:
    return [_item(stage, deliveryTimeWindow={"days": [_day(stage, -2), _day(stage)]})]


def _in(stage: Stage, minutes: int, offset: str = "+00:00") -> str:
    return _written(stage.now() + timedelta(minutes=minutes), offset)


_SLOWLY: Final = {"speed": 1, "timeUnit": "hour"}

FAULTS: Final = (
    Fault(
        id="xml-at-once", group="schedule", sentence="`sendAt` is ignored in a launch in XML.",
        advice="Launch in JSON.",
        source=("ivr-2017", "platform-2026"),
        make=launching(_at_once, when=lambda request: launches(request) and is_xml(request)),
        witness=_called(lambda stage: [_item(stage, sendAt=_in(stage, 60))], 1, form="xml"),
    ),
    Fault(
        id="minutes-of-west", group="schedule", sentence="In an offset such as `-05:30` the minutes count eastward.",
        advice="Write `Z`.", source=("ivr-2017", "assumption"), make=_send_at(_minutes_added),
        witness=_called(lambda stage: [_item(stage, sendAt=_in(stage, 30, "-05:30"))], 1),
    ),
    Fault(
        id="colonless-is-utc", group="schedule", sentence="An offset without a colon is read as none.",
        advice="Write the colon.", source=("platform-2026",),
        make=_send_at(lambda time: _COLONLESS.sub("Z", time)),
        witness=_called(lambda stage: [_item(stage, sendAt=_in(stage, 30, "+0200"))], 0, after=3600),
    ),
    Fault(
        id="second-item-at-once", group="schedule", sentence="Only the first item of a launch has a `sendAt`.",
        advice="Launch one item at a time.", source=("ivr-2017",), make=_second_without("sendAt"),
        witness=_called(lambda stage: [_item(stage), _item(stage, sendAt=_in(stage, 60))], 2),
    ),
    Fault(
        id="second-item-unpaced", group="schedule", sentence="Only the first item of a launch has a `sendingSpeed`.",
        advice="Launch one item at a time.", source=("ivr-2017", "assumption"), make=_second_without("sendingSpeed"),
        witness=_called(lambda stage: [_item(stage), _item(stage, 2, sendingSpeed=_SLOWLY)], 3),
    ),
    Fault(
        id="night-of-its-end", group="schedule",
        sentence="A window past midnight belongs to the day on which it ends.",
        advice="Split it at midnight.", source=("assumption",), make=_window(_day_of_end), witness=_called(_night, 0),
    ),
    Fault(
        id="window-in-local-time", group="schedule",
        sentence="Windows are in the time of the server's zone, an hour ahead of UTC.",
        advice="Watch when the calls are made.", source=("platform-2026",), make=_window(_hour_early),
        witness=_called(_this_hour, 0),
    ),
    Fault(
        id="first-day-only", group="schedule", sentence="Of the days of a window only the first one counts.",
        advice="Launch for one day at a time.", source=("platform-2026",), make=_window(_first_day),
        witness=_called(_today_second, 0),
    ),
)  # fmt: skip
