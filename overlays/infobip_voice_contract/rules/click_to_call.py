"""Rules about clicks to call alone."""

from typing import Any, Final

from infobip_voice_contract.history import Call
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.rules.looks import both, launched, member, of_own, only, says, status, taken
from infobip_voice_contract.rules.rule import Rule, each

__all__ = ["CTC"]

_OF_IVR: Final = ("validityPeriod", "sendAt", "sendingSpeed", "callbackData")


def _is_ctc(judged: Judged) -> bool:
    return judged.operation == "ctc"


def _entries(judged: Judged) -> str:
    found = [entry.get("to") for entry in judged.entries]
    return "" if found == [wanted.to for wanted in judged.wanted] else "the entries are not one for each A, in order"


def _has_members_of_ivr(judged: Judged) -> bool:
    return only("unknown")(judged) and all(cause.member in _OF_IVR for cause in judged.demand.causes)


def _says_false(call: Call) -> bool:
    return _is_ctc(call.launch) and call.item.get("record") in (False, "false")


def _unrecorded(report: dict[str, Any], _: Call) -> str:
    return "there is a recordedAudioFileUrl" if report.get("recordedAudioFileUrl") else ""


CTC: Final = (
    Rule("ctc.entry", "ctc", "A click to call has one entry, whose number is that of A.",
         ("ctc",), launched(_entries, when=_is_ctc), ("launch",)),
    Rule("ctc.report", "ctc", "A click to call has one report, whose number is that of A (R15).",
         ("assumption",),
         of_own(member("to", lambda call: call.to), when=lambda call: _is_ctc(call.launch)), ("report",)),
    Rule("ctc.not-recorded", "ctc", "A click to call whose record is false is not recorded (R6).",
         ("ctc",), of_own(_unrecorded, when=_says_false), ("report",)),
    Rule("ctc.nothing-to-play", "ctc", "A click to call without text and audioFileUrl is accepted.",
         ("assumption",),
         taken(both(_is_ctc, says(lambda item: "text" not in item and "audioFileUrl" not in item))),
         ("launch",)),
    Rule("ctc.language", "ctc", "A text without a language is accepted, and means English.",
         ("platform-2026",),
         taken(both(_is_ctc, says(lambda item: bool(item.get("text")) and "language" not in item))),
         ("launch",)),
    Rule("ctc.anonymization", "ctc", "anonymization is accepted, with and without fromB.",
         ("ctc",), taken(both(_is_ctc, says(lambda item: "anonymization" in item))), ("launch",)),
    Rule("ctc.own-members", "ctc",
         "A click to call with validityPeriod, sendAt, sendingSpeed or callbackData is refused with 400 (R8).",
         ("assumption",), each(both(_is_ctc, _has_members_of_ivr), status(400)), ("launch",)),
    Rule("ctc.durations", "ctc", "maxDuration with an earlier warningTime is accepted.",
         ("ctc",),
         taken(both(_is_ctc, says(lambda item: 0 < item.get("warningTime", 0) < item.get("maxDuration", 0)))),
         ("launch",)),
)  # fmt: skip
