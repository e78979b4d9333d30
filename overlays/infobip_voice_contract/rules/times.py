"""Rules about when calls are made."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from infobip_voice_contract.history import Call, History
from infobip_voice_contract.judged import Judged, items, members, moment
from infobip_voice_contract.rules.looks import of_own
from infobip_voice_contract.rules.losses import losses, overdue
from infobip_voice_contract.rules.rule import Finding, Rule, fails, holds

__all__ = ["LATE", "SCHEDULE", "SKEW"]

_DAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_DAY: Final = 86400
_MARGIN: Final = 300  # seconds around a window in which nothing is said
LATE: Final = 45.0  # seconds that a call may be late
SKEW: Final = 2.0  # seconds that two clocks may differ where a rule compares them


def _later(call: Call) -> bool:
    at = moment(call.item.get("sendAt"))
    return at is not None and at.timestamp() > call.launch.exchange.ended


def _not_before(history: History) -> Iterator[Finding]:
    for judged, report, call in history.own_reports:
        if _later(call):
            at = moment(call.item.get("sendAt"))
            sent = moment(report.get("sentAt"))
            early = at is not None and sent is not None and (at - sent).total_seconds() > SKEW
            yield fails("the call was made before sendAt", call.launch, judged) if early else holds(call.launch, judged)
    for judged in history.reads:
        for report in judged.reports:
            known = history.call_of(report)
            at = moment(known.item.get("sendAt")) if known is not None and _later(known) else None
            if known is not None and at is not None and judged.exchange.ended < at.timestamp() - SKEW:
                yield fails("the report came before sendAt", known.launch, judged)


def _past_is_now(report: dict[str, Any], call: Call) -> str:
    sent = moment(report.get("sentAt"))
    launched = datetime.fromtimestamp(call.launch.exchange.started, UTC)
    return "sentAt is before the launch" if sent and (launched - sent).total_seconds() > 60 else ""


def _is_past(call: Call) -> bool:
    at = moment(call.item.get("sendAt")) if call.item.get("sendAt") else None
    return at is not None and at.timestamp() < call.launch.exchange.started - 120


def _paced(history: History) -> Iterator[Finding]:
    sent: dict[tuple[int, int], dict[int, datetime]] = {}
    speeds: dict[tuple[int, int], tuple[float, Judged]] = {}
    for _, report, call in history.own_reports:
        speed = members(call.item.get("sendingSpeed"))
        at = moment(report.get("sentAt"))
        if speed.get("timeUnit") == "second" and call.wanted is not None and at is not None:
            key = call.launch.number, id(call.wanted.item)
            sent.setdefault(key, {})[call.wanted.position] = at
            speeds[key] = 1 / float(speed.get("speed") or 1), call.launch
    for key, times in sent.items():
        gap, launch = speeds[key]
        for position, at in times.items():
            first = times.get(0)
            if position and first is not None:
                waited = (at - first).total_seconds()
                wrong = abs(waited - gap * position) > max(0.5, gap * 0.2)
                yield (
                    fails(f"call {position} was made {waited:g} s after the first, not {gap * position:g}", launch)
                    if wrong
                    else holds(launch)
                )


def _at_last(history: History) -> Iterator[Finding]:
    """A call for later is made then. Where others are missing, too, other rules say so."""
    lost = list(losses(history))
    only_later = all(_later(call) for call, _ in lost)
    for call, proof in lost if only_later else ():
        yield fails("the call was not made at its sendAt", call.launch, proof)
    for judged, report, call in history.own_reports:
        at, sent = moment(call.item.get("sendAt")), moment(report.get("sentAt"))
        if _later(call) and at is not None and sent is not None and not call.item.get("sendingSpeed"):
            late = (sent - at).total_seconds()
            yield (
                fails(f"the call was made {late:.0f} s after sendAt", call.launch, judged)
                if late > LATE + (history.patience or 0)
                else holds(call.launch, judged)
            )


def _open(history: History) -> Iterator[Finding]:
    """A call whose window is open is made. Where others are missing, too, other rules say so."""
    others_lost = next(losses(history), None) is not None
    for call in history.calls.values():
        window, begun = members(call.item.get("deliveryTimeWindow")), call.launch.exchange.started
        plain = not call.item.keys() & {"retry", "sendAt", "sendingSpeed"}
        if (
            not window
            or not plain
            or not all(
                _is_open(window, datetime.fromtimestamp(begun + seconds, UTC)) for seconds in (-_MARGIN, 0, _MARGIN)
            )
        ):
            continue
        proof, reads = overdue(history, call, call.launch.exchange.ended), history.handed.get(call.message_id, [])
        if proof is not None and not others_lost:
            yield fails("the window is open, and there is no report", call.launch, proof)
        elif reads:
            yield holds(call.launch, *reads[:1])


def _no_longer(member: str) -> Callable[[dict[str, Any], Call], str]:
    def then(report: dict[str, Any], call: Call) -> str:
        most, duration = call.item[member], report.get("duration")
        return f"the duration is {duration}, with a {member} of {most}" if _exceeds(duration, most) else ""

    return then


def _exceeds(duration: Any, most: Any) -> bool:
    return isinstance(duration, int) and isinstance(most, int) and duration > most + 1


def _shut(history: History) -> Iterator[Finding]:
    """A call whose delivery time window is shut has no report until it opens."""
    for call in history.calls.values():
        window = members(call.item.get("deliveryTimeWindow"))
        begun = call.launch.exchange.started
        if not window or not _is_shut(window, begun):
            continue
        reads = [
            judged
            for judged in history.handed.get(call.message_id, [])
            if _is_shut(window, begun, judged.exchange.ended)
        ]
        yield fails("the call was made outside its window", call.launch, *reads) if reads else holds(call.launch)


def _is_shut(window: dict[str, Any], begun: float, ended: float | None = None) -> bool:
    """Return whether a window is surely shut between two moments, and minutes around."""
    ended = begun if ended is None else ended
    if ended - begun > _DAY:
        return False
    steps = range(int(begun) - _MARGIN, int(ended) + _MARGIN + 60, 60)
    return not any(_is_open(window, datetime.fromtimestamp(moment, UTC)) for moment in steps)


def _is_open(window: dict[str, Any], moment: datetime) -> bool:
    days = {_DAYS.index(day) for day in items(window.get("days")) if day in _DAYS}
    opens, shuts = members(window.get("from")), members(window.get("to"))
    if not opens or not shuts:
        return moment.weekday() in days
    begin, end = (each.get("hour", 0) * 60 + each.get("minute", 0) for each in (opens, shuts))
    minute = moment.hour * 60 + moment.minute
    if begin < end:
        return begin <= minute < end and moment.weekday() in days
    # It runs past midnight, and belongs to the day on which it begins.
    return (minute >= begin and moment.weekday() in days) or (minute < end and (moment.weekday() - 1) % 7 in days)


SCHEDULE: Final = (
    Rule("time.send-at", "schedule", "No call is made before sendAt.", ("ivr-2017", "ivr-2019"), _not_before,
         ("report",)),
    Rule("time.at", "schedule", "A call with a sendAt is made then, whatever its offset.", ("ivr-2017", "ivr-2019"),
         _at_last, ("report", "complete")),
    Rule("time.past", "schedule", "A sendAt in the past means now, not then.",
         ("ivr-2017", "ivr-2019"), of_own(_past_is_now, when=_is_past), ("report",)),
    Rule("time.pace", "schedule", "With sendingSpeed the first call is made at once, and then one every unit / speed.",
         ("ivr-2017", "ivr-2019"), _paced, ("report",)),
    Rule("time.call-timeout", "schedule", "A call lasts no longer than its callTimeout.",
         ("platform-2026",),
         of_own(_no_longer("callTimeout"), when=lambda call: "callTimeout" in call.item), ("report",)),
    Rule("time.max-duration", "schedule", "A click to call lasts no longer than its maxDuration from the transfer on.",
         ("assumption",), of_own(_no_longer("maxDuration"), when=lambda call: "maxDuration" in call.item), ("report",)),
    Rule("time.window-open", "schedule", "A call whose delivery time window is open is made (R20).",
         ("platform-2026",), _open, ("report", "complete")),
    Rule("time.window", "schedule", "Outside its delivery time window no call is made (R20).",
         ("platform-2026",), _shut, ("report",)),
)  # fmt: skip
