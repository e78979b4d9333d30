"""Rules about the values in answers and reports."""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.history import Call, History
from infobip_voice_contract.judged import Judged, members, moment, text
from infobip_voice_contract.rules.looks import launched, of_own, outcome
from infobip_voice_contract.rules.rule import Check, Finding, Rule, fails, holds
from infobip_voice_wire import codes

__all__ = ["VALUES", "look_of_times"]

_SEEDS_ONLY: Final[tuple[Edition, ...]] = ("seeds",)
_2026: Final[tuple[Edition, ...]] = ("2026",)
_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")

MAX_APART: Final = 1800.0
"""Seconds that the clocks of two machines may be apart, with what a call takes."""
_REPORT_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")


def _fine_status(judged: Judged) -> str:
    for entry in judged.entries:
        status = members(entry.get("status"))
        if status.get("groupId") == 1 and (status.get("id"), status.get("groupName")) != (26, "PENDING"):
            return f"an accepted call has status {status.get('id')} {status.get('groupName')}, not 26 PENDING"
        if status.get("id") == 26 and status.get("name") != "PENDING_ACCEPTED":
            return f"status 26 is called {status.get('name')}"
        if status.get("groupId") not in (1, 5):
            return f"an entry has a status of group {status.get('groupId')}"
    return ""


def _code_names(kind: str) -> Check:
    table = codes.STATUSES if kind == "status" else codes.ERRORS
    names: dict[int, set[str]] = {}
    for code in table:
        names.setdefault(code.id, set()).add(code.name)

    def then(report: dict[str, Any], _: Call) -> str:
        found = members(report.get(kind))
        known = names.get(found.get("id", -1))
        # The codes are open: only one that is known under other names is suspicious.
        return (
            f"{kind} {found.get('id')} is called {found.get('name')}"
            if known and found.get("name") not in {*known, None}
            else ""
        )

    return of_own(then)


def look_of_times(report: dict[str, Any]) -> str:
    """Say which time of a flat report does not look as it should (R1); nothing if none."""
    for name in ("sentAt", "doneAt"):
        value = report.get(name)
        if value is not None and not (isinstance(value, str) and _REPORT_TIME.fullmatch(value)):
            return f"{name} is {value}, not such as 2015-02-12T09:58:20.323+0100"
    return ""


def _times(report: dict[str, Any], _: Call) -> str:
    return look_of_times(report)


def _time_order(report: dict[str, Any], _: Call) -> str:
    sent, done = moment(report.get("sentAt")), moment(report.get("doneAt"))
    return "doneAt is before sentAt" if sent and done and done < sent else ""


def _duration(report: dict[str, Any], _: Call) -> str:
    value = report.get("duration")
    return f"duration is {value}" if isinstance(value, int) and value < 0 else ""


def _final(report: dict[str, Any], _: Call) -> str:
    group = members(report.get("status")).get("groupId")
    return "the status of a report is PENDING" if group == 1 else ""


def _numbering(lowest: int, highest: int) -> Callable[[dict[str, Any], Call], str]:
    def then(report: dict[str, Any], _: Call) -> str:
        number = members(report.get("error")).get("id")
        fits = not isinstance(number, int) or number == 0 or not 5000 <= number < 20000 or lowest <= number <= highest
        return "" if fits else f"the error is {number}"

    return then


def _recorded(call: Call) -> bool:
    return call.wanted is not None and call.wanted.item.get("record") in (True, "true")


def _has_recording(report: dict[str, Any], _: Call) -> str:
    answered = members(report.get("error")).get("groupId") == 0
    return "" if not answered or report.get("recordedAudioFileUrl") else "there is no recordedAudioFileUrl"


def _price(report: dict[str, Any], _: Call) -> str:
    price = members(report.get("price")).get("pricePerSecond")
    return f"the price is {price}" if isinstance(price, int | Decimal) and price < 0 else ""


def _price_digits(report: dict[str, Any], _: Call) -> str:
    price = members(report.get("price")).get("pricePerSecond")
    digits = len(price.as_tuple().digits) if isinstance(price, Decimal) else 0
    return f"the price {price} has {digits} digits, as a binary fraction has" if digits > 15 else ""


def _by_group(table: Iterable[codes.Code]) -> dict[int, set[str]]:
    names: dict[int, set[str]] = {}
    for code in table:
        names.setdefault(code.group_id, set()).add(code.group_name)
    return names


_NAMES: Final = {"status": _by_group(codes.STATUSES), "error": _by_group(codes.ERRORS)}


def _group_names(report: dict[str, Any], _: Call) -> str:
    for kind, names in _NAMES.items():
        found = members(report.get(kind))
        known = names.get(found.get("groupId", -1))
        if known and found.get("groupName") not in {*known, None}:
            return f"group {found.get('groupId')} of {kind} is called {found.get('groupName')}"
    return ""


def _as_it_ended(report: dict[str, Any], call: Call) -> str:
    error = members(report.get("error"))
    group, how = error.get("groupId"), outcome(call)
    if group is None:
        return ""
    failed = how in ("busy", "no-answer")
    if failed == (group == 0):
        return f"the call ended as {how}, and the error is {error.get('name')}"
    if failed and members(report.get("status")).get("groupId") == 3:
        return f"the call ended as {how}, and was delivered"
    if failed and report.get("duration"):
        return f"the call ended as {how}, and lasted {report.get('duration')} s"
    by_machine = codes.answered_by(error.get("name"), error.get("id")) == "machine"
    wrong = by_machine if how == "answered" else how == "machine" and not by_machine
    return f"the call was answered by {how}, and the error is {error.get('name')}" if wrong else ""


def _has_keys(report: dict[str, Any], _: Call) -> str:
    return "" if report.get("dtmfCodes") else "keys were pressed, and there are no dtmfCodes"


def _unrecorded(report: dict[str, Any], _: Call) -> str:
    return "there is a recordedAudioFileUrl" if report.get("recordedAudioFileUrl") else ""


def _callback_data(report: dict[str, Any], call: Call) -> str:
    found, sent = report.get("callbackData"), call.item.get("callbackData")
    return "" if found is None or sent is None or found == sent else "callbackData is not what was sent"


def _at_that_time(report: dict[str, Any], call: Call) -> str:
    sent, launched = moment(report.get("sentAt")), call.launch.exchange.started
    apart = abs(sent.timestamp() - launched) if sent else 0
    return f"sentAt is {apart:.0f} s from the launch" if apart > MAX_APART else ""


def _is_immediate(call: Call) -> bool:
    waits = ("sendAt", "sendingSpeed", "deliveryTimeWindow", "retry")
    return call.wanted is not None and not call.item.keys() & set(waits)


def _recordings(history: History) -> Iterator[Finding]:
    """Each recording has an address of its own."""
    seen: dict[str, tuple[str, Judged]] = {}
    for judged, report, call in history.own_reports:
        url = text(report.get("recordedAudioFileUrl"))
        if url:
            name, before = seen.setdefault(url, (call.message_id, judged))
            yield (
                fails(f"{name} and {call.message_id} have one recording", before, judged)
                if name != call.message_id
                else holds(judged)
            )


VALUES: Final = (
    Rule("values.accepted", "values",
         "An accepted call has status 26 in group 1 PENDING; a rejected one is in group 5.",
         _LAUNCHES, launched(_fine_status), ("launch",)),
    Rule("values.times", "values", "The times of reports look like 2015-02-12T09:58:20.323+0100, without a colon (R1).",
         ("reports",), of_own(_times), ("report",)),
    Rule("values.time-order", "values", "A call is not done before it was sent.",
         ("assumption",), of_own(_time_order), ("report",)),
    Rule("values.duration", "values", "A duration is not negative.", ("reports",), of_own(_duration), ("report",)),
    Rule("values.final", "values", "The status of a report is not PENDING.", ("reports",), of_own(_final), ("report",)),
    Rule("values.status-names", "values", "A known status has its known name.",
         ("platform-2026",), _code_names("status"), ("report",)),
    Rule("values.error-names", "values", "A known error has its known name.",
         ("platform-2026",), _code_names("error"), ("report",)),
    Rule("values.errors", "values", "Voice errors are numbered from 5000.",
         ("reports",), of_own(_numbering(5000, 5999)), ("report",), _SEEDS_ONLY),
    Rule("values.errors-2026", "values", "Voice errors are numbered from 10000.",
         ("platform-2026",), of_own(_numbering(10000, 19999)), ("report",), _2026),
    Rule("values.group-names", "values", "A known group of statuses or errors has its known name.",
         ("platform-2026",), of_own(_group_names), ("report",)),
    Rule("values.price", "values", "A price is not negative.", ("reports",), of_own(_price), ("report",)),
    Rule("values.price-digits", "values", "A price has no trace of a binary fraction.",
         ("assumption",), of_own(_price_digits), ("report",)),
    Rule("values.outcome", "values", "A report says how the call ended, where the number surely has an outcome.",
         ("assumption",), of_own(_as_it_ended, when=lambda call: bool(outcome(call))), ("report", "outcomes")),
    Rule("values.keys", "values", "The report of a call in which keys were pressed has dtmfCodes.",
         ("assumption",), of_own(_has_keys, when=lambda call: outcome(call) == "pressed"), ("report", "outcomes")),
    Rule("values.moment", "values", "The sentAt of a call that is made at once is near its launch.",
         ("assumption",), of_own(_at_that_time, when=_is_immediate), ("report",)),
    Rule("values.callback-data", "values", "A callbackData in a report is the one that was sent.",
         ("ivr-2017", "ivr-2019"), of_own(_callback_data), ("report",)),
    Rule("values.unrecorded", "values", "A call that did not ask for a recording has none.",
         ("assumption",), of_own(_unrecorded, when=lambda call: call.wanted is not None and "record" not in call.item),
         ("report",)),
    Rule("values.recordings", "values", "Each recording has an address of its own.",
         ("reports",), _recordings, ("report",)),
    Rule("values.recording", "values", "The report of an answered call with record has recordedAudioFileUrl.",
         ("assumption",), of_own(_has_recording, when=_recorded), ("report",)),
)  # fmt: skip
