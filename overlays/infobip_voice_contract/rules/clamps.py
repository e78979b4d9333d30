"""Rules about what is accepted although it looks odd."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.judged import Judged, members, moment, text
from infobip_voice_contract.rules.looks import (
    When,
    both,
    launches,
    says,
    taken,
    valid,
)
from infobip_voice_contract.rules.rule import Rule

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


def _record_as_text(judged: Judged) -> bool:
    in_text = says(lambda item: item.get("record") in ("true", "false"))
    return judged.operation == "ctc" and judged.demand.form == "json" and in_text(judged)


CLAMP: Final = (
    Rule("clamp.max-count", "clamp", "A maxCount above 4 counts as 4; it is accepted (R7).",
         ("ivr-2017", "ctc"), taken(_retry(lambda retry: retry.get("maxCount", 0) > 4)), ("launch",)),
    Rule("clamp.validity", "clamp", "A validityPeriod above 2880 is accepted, with a sendingSpeed and without (R7).",
         _IVR, taken(_number("validityPeriod", 2881)), ("launch",)),
    Rule("clamp.periods", "clamp", "Equal periods, and a minPeriod above maxPeriod, are accepted.",
         _BOTH, taken(_retry(lambda retry: _periods_fall(retry) or retry.get("minPeriod") == retry.get("maxPeriod"))),
         ("launch",)),
    Rule("clamp.retry-members", "clamp", "A retry may lack members.",
         ("assumption",), taken(_retry(lambda retry: len(retry) < 3)), ("launch",), _SEEDS_ONLY),
    Rule("clamp.past", "clamp", "A sendAt in the past means now; it is accepted.",
         _IVR, taken(_past), ("launch",)),
    Rule("clamp.send-at-colon", "clamp", "The offset of sendAt may have a colon (R1).",
         _IVR, taken(_sends("sendAt", r".*[+-]\d\d:\d\d")), ("launch",)),
    Rule("clamp.send-at-plain", "clamp", "The offset of sendAt may have no colon (R1).",
         ("platform-2026",), taken(_sends("sendAt", r".*[+-]\d\d\d\d")), ("launch",)),
    Rule("clamp.send-at-z", "clamp", "sendAt may end in Z, and have no to nine fractional digits (R1).",
         ("assumption",), taken(_sends("sendAt", r".*(Z|:\d\d[+-].*|\.\d{4,9}.*)")), ("launch",)),
    Rule("clamp.empty-notify-url", "clamp", "An empty notifyUrl means that there is none; it is accepted.",
         ("ivr-2019",), taken(says(lambda item: item.get("notifyUrl") == "")), ("launch",)),
    Rule("clamp.warning", "clamp", "A warningTime that is not below maxDuration, or stands alone, is accepted (R10).",
         ("assumption",),
         taken(says(lambda item: item.get("warningTime", 0) >= item.get("maxDuration", 1 << 60) or
                   ("warningTime" in item and "maxDuration" not in item))), ("launch",)),
    Rule("clamp.record-text", "clamp", 'The record of a click to call may be the text "true" or "false" (R6).',
         ("ctc",), taken(_record_as_text), ("launch",)),
    Rule("clamp.record-boolean", "clamp", "The record of a click to call may be a boolean (R6).",
         ("assumption",),
         taken(both(_within("ctc"), says(lambda item: isinstance(item.get("record"), bool)))), ("launch",)),
    Rule("clamp.same-number", "clamp", "The same number twice is legal: two calls (R23).",
         ("assumption",),
         taken(both(valid(), launches,
                   lambda judged: len({wanted.to for wanted in judged.wanted}) < len(judged.wanted))),
                   ("launch",)),
)  # fmt: skip
