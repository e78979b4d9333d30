"""Rules about the values in answers and reports."""

import re
from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.history import Call
from infobip_voice_contract.judged import Judged, members, moment
from infobip_voice_contract.rules.looks import (
    launched,
    of_own,
)
from infobip_voice_contract.rules.rule import Check, Rule
from infobip_voice_wire import codes

__all__ = ["VALUES"]

_SEEDS_ONLY: Final[tuple[Edition, ...]] = ("seeds",)
_2026: Final[tuple[Edition, ...]] = ("2026",)
_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")

_REPORT_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")


def _fine_status(judged: Judged) -> str:
    for entry in judged.entries:
        status = members(entry.get("status"))
        if status.get("groupId") == 1 and (status.get("id"), status.get("groupName")) != (26, "PENDING"):
            return f"an accepted call has status {status.get('id')} {status.get('groupName')}, not 26 PENDING"
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


def _times(report: dict[str, Any], _: Call) -> str:
    for name in ("sentAt", "doneAt"):
        value = report.get(name)
        if value is not None and not (isinstance(value, str) and _REPORT_TIME.fullmatch(value)):
            return f"{name} is {value}, not such as 2015-02-12T09:58:20.323+0100"
    return ""


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
    Rule("values.recording", "values", "The report of an answered call with record has recordedAudioFileUrl.",
         ("assumption",), of_own(_has_recording, when=_recorded), ("report",)),
)  # fmt: skip
