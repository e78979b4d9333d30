"""Rules about what is accepted although it looks odd."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.history import History
from infobip_voice_contract.judged import Judged, members, moment, text
from infobip_voice_contract.rules.looks import (
    When,
    both,
    launches,
    says,
    succeeds,
    valid,
)
from infobip_voice_contract.rules.rule import Finding, Rule, each, fails, holds

__all__ = ["CLAMP"]

_SEEDS_ONLY: Final[tuple[Edition, ...]] = ("seeds",)
_IVR: Final = ("ivr-2017", "ivr-2019")

_BOTH: Final = ("ivr-2017", "ivr-2019", "ctc")


def _within(schema: str) -> When:
    return lambda judged: judged.operation == schema


def _sends(name: str, pattern: str) -> When:
    return says(lambda item: re.fullmatch(pattern, text(item.get(name)) or "") is not None)


def _number(name: str, least: int) -> When:
    return says(lambda item: isinstance(item.get(name), int) and item[name] >= least)


def _retry(condition: Callable[[dict[str, Any]], bool]) -> When:
    return says(lambda item: bool(members(item.get("retry"))) and condition(members(item["retry"])))


def _periods_fall(retry: dict[str, Any]) -> bool:
    return bool(retry.get("minPeriod", 1) > retry.get("maxPeriod", 1440))


def _past(judged: Judged) -> bool:
    def is_past(item: dict[str, Any]) -> bool:
        at = moment(item.get("sendAt")) if item.get("sendAt") else None
        return at is not None and at < datetime.fromtimestamp(judged.exchange.started - 60, at.tzinfo)

    return says(is_past)(judged)


def _as_boolean_and_text(history: History) -> Iterator[Finding]:
    for judged in history.exchanges:
        if (
            judged.operation == "ctc"
            and judged.demand.form == "json"
            and judged.demand.is_valid
            and judged.answer is not None
            and any(wanted.item.get("record") in ("true", "false") for wanted in judged.wanted)
        ):
            problem = succeeds(judged)
            yield fails(problem, judged) if problem else holds(judged)


CLAMP: Final = (
    Rule("clamp.max-count", "clamp", "A maxCount above 4 counts as 4; it is accepted (R7).",
         ("ivr-2017", "ctc"), each(_retry(lambda retry: retry.get("maxCount", 0) > 4), succeeds), ("launch",)),
    Rule("clamp.validity", "clamp", "A validityPeriod above 2880 is accepted, with a sendingSpeed and without (R7).",
         _IVR, each(_number("validityPeriod", 2881), succeeds), ("launch",)),
    Rule("clamp.periods", "clamp", "Equal periods, and a minPeriod above maxPeriod, are accepted.",
         _BOTH, each(_retry(lambda retry: _periods_fall(retry) or retry.get("minPeriod") == retry.get("maxPeriod")),
         succeeds),
         ("launch",)),
    Rule("clamp.retry-members", "clamp", "A retry may lack members.",
         ("assumption",), each(_retry(lambda retry: len(retry) < 3), succeeds), ("launch",), _SEEDS_ONLY),
    Rule("clamp.past", "clamp", "A sendAt in the past means now; it is accepted.",
         _IVR, each(_past, succeeds), ("launch",)),
    Rule("clamp.send-at-colon", "clamp", "The offset of sendAt may have a colon (R1).",
         _IVR, each(_sends("sendAt", r".*[+-]\d\d:\d\d"), succeeds), ("launch",)),
    Rule("clamp.send-at-plain", "clamp", "The offset of sendAt may have no colon (R1).",
         ("platform-2026",), each(_sends("sendAt", r".*[+-]\d\d\d\d"), succeeds), ("launch",)),
    Rule("clamp.send-at-z", "clamp", "sendAt may end in Z, and have no to nine fractional digits (R1).",
         ("assumption",), each(_sends("sendAt", r".*(Z|:\d\d[+-].*|\.\d{4,9}.*)"), succeeds), ("launch",)),
    Rule("clamp.empty-notify-url", "clamp", "An empty notifyUrl means that there is none; it is accepted.",
         ("ivr-2019",), each(says(lambda item: item.get("notifyUrl") == ""), succeeds), ("launch",)),
    Rule("clamp.warning", "clamp", "A warningTime that is not below maxDuration, or stands alone, is accepted (R10).",
         ("assumption",),
         each(says(lambda item: item.get("warningTime", 0) >= item.get("maxDuration", 1 << 60) or
                   ("warningTime" in item and "maxDuration" not in item)), succeeds), ("launch",)),
    Rule("clamp.record-text", "clamp", 'The record of a click to call may be the text "true" or "false" (R6).',
         ("ctc",), _as_boolean_and_text, ("launch",)),
    Rule("clamp.record-boolean", "clamp", "The record of a click to call may be a boolean (R6).",
         ("assumption",),
         each(both(_within("ctc"), says(lambda item: isinstance(item.get("record"), bool))), succeeds), ("launch",)),
    Rule("clamp.same-number", "clamp", "The same number twice is legal: two calls (R23).",
         ("assumption",),
         each(both(valid(), launches,
                   lambda judged: len({wanted.to for wanted in judged.wanted}) < len(judged.wanted)), succeeds),
                   ("launch",)),
)  # fmt: skip
