"""When calls begin: times, pace, redials, validity."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import body_of, fetches, items_of, launches, rewritten
from infobip_voice_contract.faults.fault import Make, Send, Wrapper
from infobip_voice_contract.faults.incoming import ignoring, launching
from infobip_voice_contract.faults.timing.words import comes, fault
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, reports
from infobip_voice_contract.stage import CTC, Stage
from infobip_voice_wire import timestamps

__all__ = ["STARTS"]

_LATER: Final = "Launch at the moment at which the calls are to be made, and do not leave that to sendAt."
_PACE: Final = "Pace your launches yourself where a line behind them depends on it."
_REDIAL: Final = "Look at the last attempt's time in a report, and redial yourself where it counts."
_IVR: Final = ("ivr-2017", "ivr-2019")
_BOTH: Final = ("ivr-2017", "ivr-2019", "ctc")


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


_ONE: Final = {"minPeriod": 1, "maxPeriod": 1, "maxCount": 1}


STARTS: Final = (
    fault(
        id="send-at-ignored",
        rule="time.send-at",
        sentence="sendAt is ignored.",
        advice=_LATER,
        source=_IVR,
        make=ignoring("sendAt", when=lambda item: _moment(item["sendAt"]) is not None),
        witness=comes(after=0, count=1, make=_in(30)),
    ),
    fault(
        id="send-at-early",
        rule="time.send-at",
        sentence="Calls are made a minute before sendAt.",
        advice=_LATER,
        source=_IVR,
        make=_send_at(lambda at: _text(at - timedelta(minutes=1))),
        witness=comes(after=150, count=1, make=_in(3)),
    ),
    fault(
        id="send-at-late",
        rule="time.at",
        sentence="Calls are made an hour after sendAt.",
        advice=_LATER,
        source=_IVR,
        make=_send_at(lambda at: _text(at + timedelta(hours=1))),
        witness=comes(after=600, count=0, make=_in(1)),
    ),
    fault(
        id="send-at-offset",
        rule="time.at",
        sentence="The offset of sendAt is ignored: its time is taken for UTC.",
        advice="Write sendAt in UTC.",
        source=_IVR,
        make=_send_at(lambda at: _text(at.replace(tzinfo=UTC))),
        witness=_offset_ignored,
    ),
    fault(
        id="past-is-then",
        rule="time.past",
        sentence="The report of a call for a past time says that it was made then.",
        advice=_LATER,
        source=_IVR,
        make=_past_sent,
        witness=_sent(lambda times: times[0] < -1e6, calls=1, sendAt="2016-07-07T17:00:00.000+01:00"),
    ),
    fault(
        id="pace-ignored",
        rule="time.pace",
        sentence="sendingSpeed is ignored.",
        advice=_PACE,
        source=_IVR,
        make=_speed(lambda _: None),
        witness=_sent(lambda times: _one_second(times) == [0, 0, 0], sendingSpeed={"speed": 1, "timeUnit": "second"}),
    ),
    fault(
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
    fault(
        id="pace-doubled",
        rule="time.pace",
        sentence="Calls are made at twice their sendingSpeed.",
        advice=_PACE,
        source=_IVR,
        make=_speed(lambda given: {**given, "speed": given["speed"] * 2}),
        witness=_sent(lambda times: _one_second(times) == [0, 0.5, 1], sendingSpeed={"speed": 1, "timeUnit": "second"}),
    ),
    fault(
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
    fault(
        id="no-redial",
        rule="time.redial",
        sentence="Calls that fail are not repeated.",
        advice=_REDIAL,
        source=_BOTH,
        make=_retry(lambda _: None),
        witness=_lasted(lambda seconds: seconds < 60, retry=_ONE),
    ),
    fault(
        id="late-redial",
        rule="time.redial",
        sentence="Calls that fail are repeated after twice the time.",
        advice=_REDIAL,
        source=_BOTH,
        make=_retry(lambda given: {**given, "minPeriod": 2 * given["minPeriod"], "maxPeriod": 2 * given["maxPeriod"]}),
        witness=_lasted(lambda seconds: 120 <= seconds < 150, retry=_ONE),
    ),
    fault(
        id="redial-too-often",
        rule="time.redial",
        sentence="Calls that fail are repeated once more than maxCount.",
        advice=_REDIAL,
        source=_BOTH,
        make=_retry(lambda given: {**given, "maxCount": given["maxCount"] + 1}),
        witness=_lasted(lambda seconds: 120 <= seconds < 150, retry=_ONE),
    ),
    fault(
        id="no-click-redial",
        rule="time.redial",
        sentence="Clicks to call that fail are not repeated.",
        advice=_REDIAL,
        source=("ctc",),
        make=ignoring("retry", when=lambda item: "destinationA" in item and _whole_retry(item["retry"])),
        witness=_lasted(lambda seconds: seconds < 60, path=CTC, retry=_ONE),
    ),
    fault(
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
    fault(
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
)
