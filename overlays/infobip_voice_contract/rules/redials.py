"""Rules about calls that nobody answers: how long they ring, are made again, and end."""

from collections.abc import Iterator
from typing import Any, Final

from infobip_voice_contract.history import Call, History
from infobip_voice_contract.judged import members, moment
from infobip_voice_contract.rules.looks import of_own, outcome
from infobip_voice_contract.rules.losses import losses, overdue
from infobip_voice_contract.rules.rule import Finding, Rule, fails, holds
from infobip_voice_contract.rules.times import LATE, SKEW

__all__ = ["REDIALS"]

_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")
_RUNGS: Final = (1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 960, 1440)  # minutes
_EXPIRED: Final = 4  # the group of statuses
_RINGS: Final = 45  # seconds, in 2026 without a ringTimeout
_EARLY: Final = 5.0  # seconds that a telephone may stop ringing early


def _lasted(report: dict[str, Any]) -> float | None:
    """Return how long a call was tried that nobody answered."""
    sent, done = moment(report.get("sentAt")), moment(report.get("doneAt"))
    failed = members(report.get("error")).get("groupId") not in (0, None)
    return (done - sent).total_seconds() if sent and done and failed else None


def _redialled(history: History) -> Iterator[Finding]:
    """A call that fails is repeated while its validity lasts: doneAt tells how long that was.

    The sentAt of the last attempt tells nothing; the launch does, if the server's clock is right.
    """
    for judged, report, call in history.own_reports:
        retry, waited = members(call.item.get("retry")), _lasted(report)
        if not retry or waited is None or call.item.keys() & {"sendAt", "sendingSpeed", "deliveryTimeWindow"}:
            continue
        expected = _until_the_last(retry, call.launch.edition)
        validity = call.item.get("validityPeriod")
        expected = min(expected, validity * 60) if isinstance(validity, int) else expected
        done = moment(report.get("doneAt"))
        since_launch = done.timestamp() - call.launch.exchange.ended if done else waited
        if any(expected - SKEW <= lasted <= expected + LATE for lasted in (waited, since_launch)):
            yield holds(call.launch, judged)
        else:
            only = "only " if waited > expected else ""
            yield fails(f"done {only}after {waited:g} s, and not after {expected} s", call.launch, judged)


def _until_the_last(retry: dict[str, Any], edition: str) -> int:
    """Return the seconds from a call that always fails to its last redial (domain, redial)."""
    least, most, count = retry.get("minPeriod", 1), retry.get("maxPeriod", 1440), min(retry.get("maxCount", 4), 4)
    if edition == "2026":
        least, most = (next((rung for rung in _RUNGS if rung >= period), _RUNGS[-1]) for period in (least, most))
    waits = [rung for rung in _RUNGS if least <= rung < most]
    waits += [most] * count
    return sum(waits[:count]) * 60


def _expired(history: History) -> Iterator[Finding]:
    """When the validity of a call ends, it is over, however many redials are left."""
    for judged, report, call in history.own_reports:
        validity, waited = call.item.get("validityPeriod"), _lasted(report)
        if _is_limited(call) and isinstance(validity, int) and waited is not None:
            late = waited > validity * 60 + LATE
            yield (
                fails(f"done after {waited:g} s, with a validity of {validity} min", call.launch, judged)
                if late
                else holds(call.launch, judged)
            )
    others_lost = next(losses(history), None) is not None
    for call in history.calls.values() if not others_lost else ():
        validity = call.item.get("validityPeriod")
        if _is_limited(call) and isinstance(validity, int):
            proof = overdue(history, call, call.launch.exchange.ended + validity * 60)
            if proof is not None:
                yield fails("there is no report, though its validity has ended", call.launch, proof)


def _is_limited(call: Call) -> bool:
    later = call.item.keys() & {"sendAt", "sendingSpeed", "deliveryTimeWindow"}
    return bool(members(call.item.get("retry"))) and "validityPeriod" in call.item and not later


def _is_cut_short(call: Call) -> bool:
    """Return whether the validity of a call ends before its last redial, or just then."""
    retry, validity = members(call.item.get("retry")), call.item.get("validityPeriod")
    if not _is_limited(call) or not isinstance(validity, int):
        return False
    return validity * 60 <= _until_the_last(retry, call.launch.edition)


def _says_expired(report: dict[str, Any], _: Call) -> str:
    status = members(report.get("status"))
    failed = members(report.get("error")).get("groupId") not in (0, None)
    wrong = failed and status.get("groupId") not in (_EXPIRED, None)
    return f"its validity ended, and its status is {status.get('name')}" if wrong else ""


def _rings(call: Call) -> int | None:
    """Return for how many seconds a call rings that surely nobody answers; None if nobody knows."""
    if outcome(call) != "no-answer" or call.item.keys() & {"retry", "sendAt", "sendingSpeed", "deliveryTimeWindow"}:
        return None
    given = call.item.get("ringTimeout", _RINGS if call.launch.edition == "2026" else None)
    return given if isinstance(given, int) else None


def _rang(history: History) -> Iterator[Finding]:
    """Look at calls that rang at all: where calls are only played, ringing may take no time."""
    for judged, report, call in history.own_reports:
        waited, expected = _lasted(report), _rings(call)
        if waited is None or waited < 1 or expected is None:
            continue
        wrong = not expected - _EARLY <= waited <= expected + LATE
        problem = f"it rang for {waited:g} s, and not for {expected}" if wrong else ""
        yield fails(problem, call.launch, judged) if problem else holds(call.launch, judged)


REDIALS: Final = (
    Rule("time.redial", "schedule", "A call that fails is repeated after minPeriod, while its validity lasts.",
         _LAUNCHES, _redialled, ("report", "patience", "outcomes")),
    Rule("time.validity", "schedule", "When its validityPeriod has passed, a call is not repeated, and has its report.",
         ("ivr-2017", "ivr-2019"), _expired, ("report", "patience", "outcomes")),
    Rule("time.expired", "schedule", "A call whose validity ends before its last redial is reported as expired.",
         ("assumption",), of_own(_says_expired, when=_is_cut_short), ("report", "patience", "outcomes")),
    Rule("time.ring", "schedule", "A call that nobody answers rings for its ringTimeout; in 2026 for 45 s without one.",
         ("platform-2026",), _rang, ("report", "patience", "outcomes")),
)  # fmt: skip
