"""Windows of hours, and settings that end a call."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from infobip_voice_contract.exchange import Answer
from infobip_voice_contract.faults.fault import Make
from infobip_voice_contract.faults.incoming import ignoring, launching
from infobip_voice_contract.faults.timing.words import comes, fault
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, reports
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["WINDOWS"]

_WINDOW: Final = "Launch within the hours in which you may call, and do not leave that to a window."
_LENGTH: Final = "Check the durations that you are billed for."
_DAYS: Final = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


def _valid_window(window: Any) -> bool:
    if not isinstance(window, dict) or not window.get("days") or not set(window["days"]) <= set(_DAYS):
        return False
    times = [window[name] for name in ("from", "to") if name in window]
    return not times or (
        len(times) == 2
        and times[0] != times[1]
        and all(0 <= each.get("hour", -1) <= 23 and 0 <= each.get("minute", -1) <= 59 for each in times)
    )


def _window(change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Make:
    """Take a valid delivery time window for another one; None for none."""

    def edit(item: dict[str, Any]) -> None:
        if _valid_window(item.get("deliveryTimeWindow")):
            other = change(item.pop("deliveryTimeWindow"))
            if other is not None:
                item["deliveryTimeWindow"] = other

    return launching(edit)


def _shifted(hours: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def change(window: dict[str, Any]) -> dict[str, Any]:
        moved: dict[str, Any] = {
            name: {**window[name], "hour": (window[name]["hour"] + hours) % 24}
            for name in ("from", "to")
            if name in window
        }
        return {**window, **moved}

    return change


def _hours(begin: int, end: int) -> Callable[[Stage], dict[str, Any]]:
    """A window from so many hours after now to so many."""

    def item(stage: Stage) -> dict[str, Any]:
        times = [(stage.now() + timedelta(hours=hours)).hour for hours in (begin, end)]
        return {
            "deliveryTimeWindow": {
                "days": _DAYS,
                "from": {"hour": times[0], "minute": 0},
                "to": {"hour": times[1], "minute": 0},
            }
        }

    return item


def _tomorrow(stage: Stage) -> dict[str, Any]:
    return {"deliveryTimeWindow": {"days": [_DAYS[(stage.now().weekday() + 1) % 7]]}}


def _longer(*, path: str = "", **item: Any) -> Witness:
    """A call lasts longer than it may."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        yield stage.post(stage.ctc(1, bulk=bulk, **item), path) if path else stage.post(stage.ivr(1, bulk=bulk, **item))
        yield Wait(120)
        answer: Answer = yield stage.get(bulkId=bulk)
        found = reports(answer)
        return bool(found) and found[0]["duration"] > 5

    return witness


_NEVER: Final = {"from": {"hour": 0, "minute": 0}, "to": {"hour": 0, "minute": 1}}


WINDOWS: Final = (
    fault(
        id="window-ignored",
        rule="time.window",
        sentence="Delivery time windows are ignored.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(lambda _: None),
        witness=comes(after=0, count=1, make=_hours(3, 4)),
    ),
    fault(
        id="window-an-hour-early",
        rule="time.window",
        sentence="Delivery time windows are taken for those of a zone an hour ahead.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(_shifted(-1)),
        witness=comes(after=0, count=1, make=_hours(1, 2)),
    ),
    fault(
        id="window-hours-late",
        rule="time.window",
        sentence="Delivery time windows are taken for those of New York.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(_shifted(5)),
        witness=comes(after=0, count=1, make=_hours(-6, -4)),
    ),
    fault(
        id="window-days",
        rule="time.window",
        sentence="The days of delivery time windows are ignored.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(lambda window: {**window, "days": _DAYS}),
        witness=comes(after=0, count=1, make=_tomorrow),
    ),
    fault(
        id="window-hours",
        rule="time.window",
        sentence="The hours of delivery time windows are ignored.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(lambda window: {"days": window["days"]}),
        witness=comes(after=0, count=1, make=_hours(3, 4)),
    ),
    fault(
        id="click-window-ignored",
        rule="time.window",
        sentence="Delivery time windows of clicks to call are ignored.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=ignoring(
            "deliveryTimeWindow", when=lambda item: "destinationA" in item and _valid_window(item["deliveryTimeWindow"])
        ),
        witness=comes(after=0, count=1, path=CTC, make=_hours(3, 4)),
    ),
    fault(
        id="window-forever-shut",
        rule="time.window-open",
        sentence="A call with a delivery time window is never made.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(lambda window: {"days": window["days"][:1], **_NEVER}),
        witness=comes(after=60, count=0, deliveryTimeWindow={"days": _DAYS}),
    ),
    fault(
        id="call-timeout-ignored",
        rule="time.call-timeout",
        sentence="callTimeout is ignored.",
        advice=_LENGTH,
        source=("platform-2026",),
        make=ignoring(
            "callTimeout",
            when=lambda item: (
                "destinations" in item and isinstance(item["callTimeout"], int) and item["callTimeout"] > 0
            ),
        ),
        witness=_longer(callTimeout=5),
    ),
    fault(
        id="max-duration-ignored",
        rule="time.max-duration",
        sentence="maxDuration is ignored.",
        advice=_LENGTH,
        source=("ctc",),
        make=ignoring(
            "maxDuration",
            when=lambda item: (
                "destinationA" in item and isinstance(item["maxDuration"], int) and item["maxDuration"] > 0
            ),
        ),
        witness=_longer(path=CTC, maxDuration=5),
    ),
)
