"""Faults about when calls are made, and how often."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import body_of, fetches, ignoring, items_of, launches, launching, rewritten
from infobip_voice_contract.faults.fault import Fault, Make, Send, Wrapper
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, reports
from infobip_voice_contract.stage import CTC, Stage
from infobip_voice_wire import timestamps

__all__ = ["TIMING"]

_LATER: Final = "Launch at the moment at which the calls are to be made, and do not leave that to sendAt."
_PACE: Final = "Pace your launches yourself where a line behind them depends on it."
_REDIAL: Final = "Look at the last attempt's time in a report, and redial yourself where it counts."
_WINDOW: Final = "Launch within the hours in which you may call, and do not leave that to a window."
_LENGTH: Final = "Check the durations that you are billed for."

_IVR: Final = ("ivr-2017", "ivr-2019")
_BOTH: Final = ("ivr-2017", "ivr-2019", "ctc")
_DAYS: Final = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


def _moment(given: Any) -> datetime | None:
    try:
        return timestamps.parse(given)
    except (ValueError, TypeError):
        return None


def _send_at(change: Callable[[datetime], str]) -> Make:
    """Take a valid sendAt for another moment."""

    def edit(item: dict[str, Any]) -> None:
        at = _moment(item.get("sendAt")) if isinstance(item.get("sendAt"), str) else None
        if at is not None:
            item["sendAt"] = change(at)

    return launching(edit)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _speed(change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Make:
    """Take a valid sendingSpeed for another one; None for none."""

    def edit(item: dict[str, Any]) -> None:
        given = item.get("sendingSpeed")
        if (
            isinstance(given, dict)
            and isinstance(given.get("speed"), int)
            and given["speed"] > 0
            and given.get("timeUnit") in ("second", "minute", "hour", "day")
        ):
            other = change(given)
            item.pop("sendingSpeed")
            if other is not None:
                item["sendingSpeed"] = other

    return launching(edit)


def _whole_retry(given: Any) -> bool:
    names = {"minPeriod", "maxPeriod", "maxCount"}
    return (
        isinstance(given, dict)
        and given.keys() == names
        and all(isinstance(each, int) and each > 0 for each in given.values())
    )


def _retry(change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Make:
    """Take a valid retry for another one; None for none."""

    def edit(item: dict[str, Any]) -> None:
        given: Any = item.get("retry")
        if _whole_retry(given):
            other = change(given)
            item.pop("retry")
            if other is not None:
                item["retry"] = other

    return launching(edit)


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


def _past_sent() -> Wrapper:
    """The report of a call for a past time says that it was made then."""
    past: dict[str, str] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        document = body_of(answer) if answer.status == 200 and (launches(request) or fetches(request)) else None
        if launches(request) and isinstance(document, dict):
            places = [item.get("sendAt") for item in items_of(request) for _ in item.get("destinations", "1")]
            for at, entry in zip(places, document["messages"], strict=False):
                moment = _moment(at) if isinstance(at, str) else None
                if moment is not None and moment.year < 2020:
                    past[entry["messageId"]] = timestamps.format_report_time(moment)
        elif isinstance(document, dict) and any(report.get("messageId") in past for report in document["results"]):
            for report in document["results"]:
                report["sentAt"] = past.get(report["messageId"], report.get("sentAt"))
            return rewritten(answer, document)
        return answer

    return wrapper


def _comes(*, after: float, count: int, path: str = "", outcome: str = "answered", **item: Any) -> Witness:
    """After a while a launch has so many reports."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        made = item["make"](stage) if "make" in item else item
        document = stage.ctc(1, bulk=bulk, **made) if path else stage.ivr(1, bulk=bulk, **made)
        if not path:
            document["messages"][0]["destinations"][0]["to"] = stage.numbers.take(outcome)
        yield stage.post(document, path) if path else stage.post(document)
        yield Wait(after)
        answer: Answer = yield stage.get(bulkId=bulk)
        return len(reports(answer)) == count

    return witness


def _sent(shows: Callable[[list[float]], object], *, calls: int = 3, **item: Any) -> Witness:
    """Look at when calls were made, in seconds after the first."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        now = stage.now()
        yield stage.post(stage.ivr(calls, bulk=bulk, **item))
        yield Wait(3600)
        answer: Answer = yield stage.get(bulkId=bulk)
        sent = sorted((timestamps.parse(report["sentAt"]) - now).total_seconds() for report in reports(answer))
        return bool(shows(sent))

    return witness


def _lasted(shows: Callable[[float], object], *, path: str = "", outcome: str = "busy", **item: Any) -> Witness:
    """Look at how long a call that nobody answers was tried."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        document = stage.ctc(1, bulk=bulk, **item) if path else stage.ivr(1, bulk=bulk, **item)
        if path:
            document["messages"][0]["destinationA"] = stage.numbers.take(outcome)
        else:
            document["messages"][0]["destinations"][0]["to"] = stage.numbers.take(outcome)
        yield stage.post(document, path) if path else stage.post(document)
        yield Wait(7200)
        answer: Answer = yield stage.get(bulkId=bulk)
        found = reports(answer)
        return bool(found) and bool(
            shows((timestamps.parse(found[0]["doneAt"]) - timestamps.parse(found[0]["sentAt"])).total_seconds())
        )

    return witness


def _in(minutes: float) -> Callable[[Stage], dict[str, Any]]:
    return lambda stage: {"sendAt": _text(stage.now() + timedelta(minutes=minutes))}


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


def _one_second(times: list[float]) -> list[float]:
    return [round(each - times[0], 1) for each in times]


def _offset_ignored(stage: Stage) -> Steps:
    bulk = stage.id()
    at = (stage.now() + timedelta(minutes=1)).astimezone(timezone(timedelta(hours=5.5)))
    yield stage.post(stage.ivr(1, bulk=bulk, sendAt=_text(at)))
    yield Wait(600)
    answer: Answer = yield stage.get(bulkId=bulk)
    return not reports(answer)


def _hours_of_validity(item: dict[str, Any]) -> None:
    if "destinations" in item and isinstance(item.get("validityPeriod"), int) and item["validityPeriod"] > 0:
        item["validityPeriod"] *= 60


_validity_in_hours = launching(_hours_of_validity)


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
_ONE: Final = {"minPeriod": 1, "maxPeriod": 1, "maxCount": 1}
_fault = partial(Fault, group="schedule")

TIMING: Final = (
    _fault(
        id="send-at-ignored",
        rule="time.send-at",
        sentence="sendAt is ignored.",
        advice=_LATER,
        source=_IVR,
        make=ignoring("sendAt", when=lambda item: _moment(item["sendAt"]) is not None),
        witness=_comes(after=0, count=1, make=_in(30)),
    ),
    _fault(
        id="send-at-early",
        rule="time.send-at",
        sentence="Calls are made a minute before sendAt.",
        advice=_LATER,
        source=_IVR,
        make=_send_at(lambda at: _text(at - timedelta(minutes=1))),
        witness=_comes(after=150, count=1, make=_in(3)),
    ),
    _fault(
        id="send-at-late",
        rule="time.at",
        sentence="Calls are made an hour after sendAt.",
        advice=_LATER,
        source=_IVR,
        make=_send_at(lambda at: _text(at + timedelta(hours=1))),
        witness=_comes(after=600, count=0, make=_in(1)),
    ),
    _fault(
        id="send-at-offset",
        rule="time.at",
        sentence="The offset of sendAt is ignored: its time is taken for UTC.",
        advice="Write sendAt in UTC.",
        source=_IVR,
        make=_send_at(lambda at: _text(at.replace(tzinfo=UTC))),
        witness=_offset_ignored,
    ),
    _fault(
        id="past-is-then",
        rule="time.past",
        sentence="The report of a call for a past time says that it was made then.",
        advice=_LATER,
        source=_IVR,
        make=_past_sent,
        witness=_sent(lambda times: times[0] < -1e6, calls=1, sendAt="2016-07-07T17:00:00.000+01:00"),
    ),
    _fault(
        id="pace-ignored",
        rule="time.pace",
        sentence="sendingSpeed is ignored.",
        advice=_PACE,
        source=_IVR,
        make=_speed(lambda _: None),
        witness=_sent(lambda times: _one_second(times) == [0, 0, 0], sendingSpeed={"speed": 1, "timeUnit": "second"}),
    ),
    _fault(
        id="pace-halved",
        rule="time.pace",
        sentence="Calls are made at half their sendingSpeed.",
        advice=_PACE,
        source=_IVR,
        make=_speed(
            lambda given: (
                {"speed": max(given["speed"] // 2, 1), "timeUnit": given["timeUnit"]}
                if given["speed"] > 1
                else {"speed": 30, "timeUnit": "minute"}
                if given["timeUnit"] == "second"
                else given
            )
        ),
        witness=_sent(lambda times: _one_second(times) == [0, 2, 4], sendingSpeed={"speed": 1, "timeUnit": "second"}),
    ),
    _fault(
        id="pace-doubled",
        rule="time.pace",
        sentence="Calls are made at twice their sendingSpeed.",
        advice=_PACE,
        source=_IVR,
        make=_speed(lambda given: {**given, "speed": given["speed"] * 2}),
        witness=_sent(lambda times: _one_second(times) == [0, 0.5, 1], sendingSpeed={"speed": 1, "timeUnit": "second"}),
    ),
    _fault(
        id="pace-in-minutes",
        rule="time.pace",
        sentence="A sendingSpeed a second is taken for one a minute.",
        advice=_PACE,
        source=_IVR,
        make=_speed(lambda given: {**given, "timeUnit": "minute"} if given["timeUnit"] == "second" else given),
        witness=_sent(
            lambda times: _one_second(times) == [0, 60, 120], sendingSpeed={"speed": 1, "timeUnit": "second"}
        ),
    ),
    _fault(
        id="no-redial",
        rule="time.redial",
        sentence="Calls that fail are not repeated.",
        advice=_REDIAL,
        source=_BOTH,
        make=_retry(lambda _: None),
        witness=_lasted(lambda seconds: seconds < 60, retry=_ONE),
    ),
    _fault(
        id="late-redial",
        rule="time.redial",
        sentence="Calls that fail are repeated after twice the time.",
        advice=_REDIAL,
        source=_BOTH,
        make=_retry(lambda given: {**given, "minPeriod": 2 * given["minPeriod"], "maxPeriod": 2 * given["maxPeriod"]}),
        witness=_lasted(lambda seconds: 120 <= seconds < 150, retry=_ONE),
    ),
    _fault(
        id="redial-too-often",
        rule="time.redial",
        sentence="Calls that fail are repeated once more than maxCount.",
        advice=_REDIAL,
        source=_BOTH,
        make=_retry(lambda given: {**given, "maxCount": given["maxCount"] + 1}),
        witness=_lasted(lambda seconds: 120 <= seconds < 150, retry=_ONE),
    ),
    _fault(
        id="no-click-redial",
        rule="time.redial",
        sentence="Clicks to call that fail are not repeated.",
        advice=_REDIAL,
        source=("ctc",),
        make=ignoring("retry", when=lambda item: "destinationA" in item and _whole_retry(item["retry"])),
        witness=_lasted(lambda seconds: seconds < 60, path=CTC, retry=_ONE),
    ),
    _fault(
        id="validity-ignored",
        rule="time.validity",
        sentence="validityPeriod is ignored.",
        advice=_REDIAL,
        source=_IVR,
        make=ignoring(
            "validityPeriod",
            when=lambda item: (
                "destinations" in item and isinstance(item["validityPeriod"], int) and item["validityPeriod"] > 0
            ),
        ),
        witness=_lasted(
            lambda seconds: seconds > 120, retry={"minPeriod": 1, "maxPeriod": 1, "maxCount": 4}, validityPeriod=1
        ),
    ),
    _fault(
        id="validity-in-hours",
        rule="time.validity",
        sentence="validityPeriod is counted in hours.",
        advice=_REDIAL,
        source=_IVR,
        make=_validity_in_hours,
        witness=_lasted(
            lambda seconds: seconds > 120, retry={"minPeriod": 1, "maxPeriod": 1, "maxCount": 4}, validityPeriod=1
        ),
    ),
    _fault(
        id="window-ignored",
        rule="time.window",
        sentence="Delivery time windows are ignored.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(lambda _: None),
        witness=_comes(after=0, count=1, make=_hours(3, 4)),
    ),
    _fault(
        id="window-an-hour-early",
        rule="time.window",
        sentence="Delivery time windows are taken for those of a zone an hour ahead.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(_shifted(-1)),
        witness=_comes(after=0, count=1, make=_hours(1, 2)),
    ),
    _fault(
        id="window-hours-late",
        rule="time.window",
        sentence="Delivery time windows are taken for those of New York.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(_shifted(5)),
        witness=_comes(after=0, count=1, make=_hours(-6, -4)),
    ),
    _fault(
        id="window-days",
        rule="time.window",
        sentence="The days of delivery time windows are ignored.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(lambda window: {**window, "days": _DAYS}),
        witness=_comes(after=0, count=1, make=_tomorrow),
    ),
    _fault(
        id="window-hours",
        rule="time.window",
        sentence="The hours of delivery time windows are ignored.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(lambda window: {"days": window["days"]}),
        witness=_comes(after=0, count=1, make=_hours(3, 4)),
    ),
    _fault(
        id="click-window-ignored",
        rule="time.window",
        sentence="Delivery time windows of clicks to call are ignored.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=ignoring(
            "deliveryTimeWindow", when=lambda item: "destinationA" in item and _valid_window(item["deliveryTimeWindow"])
        ),
        witness=_comes(after=0, count=1, path=CTC, make=_hours(3, 4)),
    ),
    _fault(
        id="window-forever-shut",
        rule="time.window-open",
        sentence="A call with a delivery time window is never made.",
        advice=_WINDOW,
        source=("platform-2026",),
        make=_window(lambda window: {"days": window["days"][:1], **_NEVER}),
        witness=_comes(after=60, count=0, deliveryTimeWindow={"days": _DAYS}),
    ),
    _fault(
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
    _fault(
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
