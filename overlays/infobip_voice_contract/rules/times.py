"""Rules about when calls are made."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from infobip_voice_contract.history import Call, History
from infobip_voice_contract.judged import Judged, members, moment, text
from infobip_voice_contract.rules.looks import (
    of_own,
)
from infobip_voice_contract.rules.rule import Finding, Rule, fails, holds

__all__ = ["SCHEDULE"]

_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")

_SKEW: Final = 2.0  # seconds that two clocks may differ where a rule compares them


def _later(call: Call) -> bool:
    at = moment(call.item.get("sendAt"))
    return at is not None and at.timestamp() > call.launch.exchange.ended


def _not_before(history: History) -> Iterator[Finding]:
    for judged, report, call in history.own_reports:
        if _later(call):
            at = moment(call.item.get("sendAt"))
            sent = moment(report.get("sentAt"))
            early = at is not None and sent is not None and (at - sent).total_seconds() > _SKEW
            yield fails("the call was made before sendAt", call.launch, judged) if early else holds(call.launch, judged)
    for judged in history.reads:
        for report in judged.reports:
            known = history.calls.get(text(report.get("messageId")) or "")
            at = moment(known.item.get("sendAt")) if known is not None and _later(known) else None
            if known is not None and at is not None and judged.exchange.ended < at.timestamp() - _SKEW:
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


def _redialled(history: History) -> Iterator[Finding]:
    """A call that fails is repeated while its validity lasts: doneAt tells how long that was."""
    for judged, report, call in history.own_reports:
        retry, validity = members(call.item.get("retry")), call.item.get("validityPeriod")
        sent, done = moment(report.get("sentAt")), moment(report.get("doneAt"))
        failed = members(report.get("error")).get("groupId") not in (0, None)
        if retry.get("minPeriod") == retry.get("maxPeriod") == retry.get("maxCount") == 1 and sent and done and failed:
            waited = (done - sent).total_seconds()
            expected = 60.0
            ending = "validity ended" if validity == 1 else "one redial"
            wrong = waited < expected - _SKEW
            yield (
                fails(f"done after {waited:g} s, before {ending}", call.launch, judged)
                if wrong
                else holds(call.launch, judged)
            )


def _shut(history: History) -> Iterator[Finding]:
    """A call whose delivery time window is shut has no report until it opens."""
    for call in history.calls.values():
        window = members(call.item.get("deliveryTimeWindow"))
        if window and _opens_in_hours(window, call.launch.exchange.started):
            reads = history.handed.get(call.message_id, [])
            yield fails("the call was made outside its window", call.launch, *reads) if reads else holds(call.launch)


def _opens_in_hours(window: dict[str, Any], now: float) -> bool:
    opens, shuts = members(window.get("from")), members(window.get("to"))
    if not opens or not shuts:
        return False
    minute = datetime.fromtimestamp(now, UTC).hour * 60 + datetime.fromtimestamp(now, UTC).minute
    begin: int = opens.get("hour", 0) * 60 + opens.get("minute", 0)
    return (begin - minute) % 1440 > 60 and (begin - minute) % 1440 < 1380


SCHEDULE: Final = (
    Rule("time.send-at", "schedule", "No call is made before sendAt.", ("ivr-2017", "ivr-2019"), _not_before,
         ("report",)),
    Rule("time.past", "schedule", "A sendAt in the past means now, not then.",
         ("ivr-2017", "ivr-2019"), of_own(_past_is_now, when=_is_past), ("report",)),
    Rule("time.pace", "schedule", "With sendingSpeed the first call is made at once, and then one every unit / speed.",
         ("ivr-2017", "ivr-2019"), _paced, ("report",)),
    Rule("time.redial", "schedule", "A call that fails is repeated after minPeriod, while its validity lasts.",
         _LAUNCHES, _redialled, ("report", "patience", "outcomes")),
    Rule("time.window", "schedule", "Outside its delivery time window no call is made (R20).",
         ("platform-2026",), _shut, ("report",)),
)  # fmt: skip
