"""Rules about what is refused as malformed, and what is accepted although it looks odd."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from infobip_voice_contract.history import History, Judged, items, members, moment, text
from infobip_voice_contract.rules.looks import Then, When, both, launches, only, says, status, succeeds, valid, violates
from infobip_voice_contract.rules.rule import Finding, Rule, each, fails, holds

__all__ = ["CLAMP", "VALIDATION"]

_IVR: Final = ("ivr-2017", "ivr-2019")
_BOTH: Final = ("ivr-2017", "ivr-2019", "ctc")
_PERIODS: Final = ("minPeriod", "maxPeriod", "maxCount")
_2026: Final = ("2026",)


def _within(schema: str) -> When:
    return lambda judged: judged.operation == schema


def _paths(judged: Judged) -> set[str]:
    exception = members(members(judged.value.get("requestError")).get("serviceException"))
    return set(members(exception.get("validationErrors")))


def _normal(path: str) -> str:
    return re.sub(r"^\$\.?", "", path)


def _lists_paths(judged: Judged) -> str:
    listed = {_normal(path) for path in _paths(judged)}
    missing = [cause.path for cause in judged.demand.causes if _normal(cause.path) not in listed]
    return f"validationErrors does not name {', '.join(missing[:3])}" if missing else ""


def _lists_texts(judged: Judged) -> str:
    exception = members(members(judged.value.get("requestError")).get("serviceException"))
    listed = members(exception.get("validationErrors"))
    wrong = [path for path, texts in listed.items() if not items(texts) or not all(map(text, items(texts)))]
    return f"validationErrors has no texts for {', '.join(wrong[:3])}" if wrong else ""


def _suggests(judged: Judged) -> str:
    causes = [cause for cause in judged.demand.causes if cause.member.lower() in ("bulkid", "messageid")]
    answer = judged.answer.body.decode("utf-8", "replace") if judged.answer is not None else ""
    wrong = [cause.member for cause in causes if {"bulkid": "bulkId", "messageid": "messageId"}[cause.member.lower()] not in answer]
    return f"the answer does not suggest the known member for {', '.join(wrong)}" if wrong else ""


def _misspelt(judged: Judged) -> bool:
    return only("unknown")(judged) and any(cause.member in ("bulkid", "messageid") for cause in judged.demand.causes)


def _is_400(judged: Judged) -> bool:
    return judged.status == 400 and bool(judged.demand.causes) and judged.demand.is_refused


def _sends(name: str, pattern: str) -> When:
    return says(lambda item: re.fullmatch(pattern, text(item.get(name)) or "") is not None)


def _number(name: str, least: int) -> When:
    return says(lambda item: isinstance(item.get(name), int) and item[name] >= least)


def _retry(condition: Any) -> When:
    return says(lambda item: bool(members(item.get("retry"))) and condition(members(item["retry"])))


def _periods_fall(retry: dict[str, Any]) -> bool:
    return retry.get("minPeriod", 1) > retry.get("maxPeriod", 1440)


def _of_ids(low: int, high: int) -> When:
    def when(judged: Judged) -> bool:
        ids = [wanted.message_id or "" for wanted in judged.wanted] + [text(members(judged.demand.value).get("bulkId")) or ""]
        return launches(judged) and judged.demand.is_valid and any(low <= len(each) <= high for each in ids)

    return when


def _past(judged: Judged) -> bool:
    def is_past(item: dict[str, Any]) -> bool:
        at = moment(item.get("sendAt")) if item.get("sendAt") else None
        return at is not None and at < datetime.fromtimestamp(judged.exchange.started - 60, at.tzinfo)

    return says(is_past)(judged)


def _as_boolean_and_text(history: History) -> Iterator[Finding]:
    for judged in history.exchanges:
        if judged.operation == "ctc" and judged.demand.form == "json" and judged.demand.is_valid and judged.answer is not None:
            if any(wanted.item.get("record") in ("true", "false") for wanted in judged.wanted):
                problem = succeeds(judged)
                yield fails(problem, judged) if problem else holds(judged)


_400: Final[Then] = status(400)

VALIDATION: Final = (
    Rule("valid.malformed-json", "validation", "A body that is not well-formed JSON is refused with 400.",
         ("platform-2026",), each(both(only("malformed"), lambda judged: judged.demand.form == "json"), _400)),
    Rule("valid.malformed-xml", "validation", "A body that is not well-formed XML is refused with 400.",
         ("platform-2026",), each(both(only("malformed"), lambda judged: judged.demand.form == "xml"), _400)),
    Rule("valid.required", "validation", "A launch without a member that is required is refused with 400.",
         ("ivr-2017", "ivr-2019", "platform-2026"), each(violates("required"), _400)),
    Rule("valid.type", "validation", "A member of a wrong type is refused with 400.",
         ("platform-2026",), each(violates("type"), _400)),
    Rule("valid.empty-list", "validation", "A launch without messages, or a message without destinations, is refused.",
         ("platform-2026",), each(violates("minItems"), _400)),
    Rule("valid.destination", "validation", "A destination is E.164 in digits; anything else is refused with 400 (R2).",
         ("ivr-2017", "ivr-2019", "ctc", "platform-2026"),
         each(violates("pattern", members=("to", "destinationA", "destinationB")), _400)),
    Rule("valid.from-ivr", "validation", "The from of an IVR has 3 to 14 digits (R2).",
         ("ivr-2019",), each(both(violates("pattern", members=("from",)), _within("ivr")), _400)),
    Rule("valid.from-ctc", "validation", "The from and fromB of a click to call have 3 to 15 digits (R2).",
         ("platform-2026",), each(both(violates("pattern", members=("from", "fromB")), _within("ctc")), _400)),
    Rule("valid.callback-data", "validation", "callbackData above 200 characters is refused with 400.",
         _IVR, each(violates("maxLength", members=("callbackData",)), _400)),
    Rule("valid.callback-points", "validation", "The 200 characters of callbackData are code points, not bytes.",
         _IVR, each(says(lambda item: len(text(item.get("callbackData")) or "") == 200), succeeds), ("launch",)),
    Rule("valid.ids", "validation", "A bulkId or messageId that is empty or above 100 characters is refused with 400.",
         ("assumption",), each(violates("maxLength", "minLength", members=("bulkId", "messageId")), _400)),
    Rule("valid.longest-ids", "validation", "A bulkId or messageId of 100 characters is accepted.",
         ("assumption",), each(_of_ids(100, 100), succeeds), ("launch",)),
    Rule("valid.time-unit", "validation", "The timeUnit is second, minute, hour or day; others are refused with 400.",
         _IVR, each(violates("enum", members=("timeUnit",)), _400)),
    Rule("valid.notify-type", "validation", "The notifyContentType is application/json or application/xml.",
         _BOTH, each(violates("enum", members=("notifyContentType",)), _400)),
    Rule("valid.notify-url", "validation", "A notifyUrl that is no absolute http(s) URL is refused with 400.",
         ("assumption",), each(violates("pattern", members=("notifyUrl",)), _400)),
    Rule("valid.send-at", "validation", "A sendAt that is no existing date and time is refused with 400.",
         _IVR, each(violates("pattern", "format", members=("sendAt",)), _400)),
    Rule("valid.minimum", "validation", "Zero and negative periods, counts, speeds and durations are refused with 400.",
         ("assumption",), each(violates("minimum"), _400)),
    Rule("valid.unknown-member", "validation", "A member that the contract does not know is refused with 400 (R8).",
         ("assumption",), each(only("unknown"), _400)),
    Rule("valid.nearest-member", "validation", "The refusal of a misspelt member names the known one (R8).",
         ("assumption",), each(both(_misspelt, _is_400), _suggests)),
    Rule("valid.parameter-names", "validation", "A name in parameters has to be usable as an XML element.",
         ("assumption",), each(only("propertyNames", "pattern", "false"), _400)),
    Rule("valid.limit", "validation", "A limit that is not a whole number from 1 is refused with 400.",
         ("assumption",), each(only("bad limit"), _400)),
    Rule("valid.largest-limit", "validation", "A limit of 2147483647 is accepted.",
         ("assumption",), each(both(valid("reports"), lambda judged: judged.limit == 2147483647), succeeds), ("read",)),
    Rule("valid.filter", "validation", "An empty bulkId or messageId, or one above 100 characters, is refused.",
         ("assumption",), each(only("bad filter"), _400)),
    Rule("valid.unknown-query", "validation", "A query parameter that the contract does not know is refused with 400.",
         ("assumption",), each(only("unknown query"), _400)),
    Rule("valid.repeated-query", "validation", "A query parameter that comes twice is refused with 400.",
         ("assumption",), each(only("repeated query"), _400)),
    Rule("valid.paths", "validation", "validationErrors of a 400 names every violation by its path.",
         ("platform-2026", "assumption"),
         each(both(_is_400, lambda judged: judged.demand.kinds.isdisjoint({"malformed"}) and bool(_paths(judged))), _lists_paths)),
    Rule("valid.texts", "validation", "Each path in validationErrors has a list of texts.",
         ("platform-2026",), each(both(_is_400, lambda judged: bool(_paths(judged))), _lists_texts)),
    Rule("valid.retry-whole", "validation", "In 2026 a retry without one of its three members is refused with 400.",
         ("platform-2026",), each(violates("required", members=_PERIODS), _400), editions=_2026),
    Rule("valid.pause", "validation", "A pause above 10 seconds is refused with 400.",
         ("assumption",), each(violates("maximum", members=("pause",)), _400)),
    Rule("valid.content-version", "validation", "The notifyContentVersion is 1 or 2.",
         ("platform-2026",), each(violates("enum", "maximum", members=("notifyContentVersion",)), _400)),
    Rule("valid.window", "validation", "A delivery time window has known days, hours to 23 and minutes to 59.",
         ("platform-2026",),
         each(violates("enum", "maximum", "minItems", members=("days", "hour", "minute", "deliveryTimeWindow")), _400)),
)  # fmt: skip

CLAMP: Final = (
    Rule("clamp.max-count", "clamp", "A maxCount above 4 counts as 4; it is accepted (R7).",
         ("ivr-2017", "ctc"), each(_retry(lambda retry: retry.get("maxCount", 0) > 4), succeeds), ("launch",)),
    Rule("clamp.validity", "clamp", "A validityPeriod above 2880 counts as 2880; it is accepted (R7).",
         _IVR, each(_number("validityPeriod", 2881), succeeds), ("launch",)),
    Rule("clamp.validity-paced", "clamp", "A validityPeriod beside a sendingSpeed is ignored, not refused.",
         _IVR, each(says(lambda item: "validityPeriod" in item and "sendingSpeed" in item), succeeds), ("launch",)),
    Rule("clamp.periods", "clamp", "Equal periods, and a minPeriod above maxPeriod, are accepted.",
         _BOTH, each(_retry(lambda retry: _periods_fall(retry) or retry.get("minPeriod") == retry.get("maxPeriod")), succeeds),
         ("launch",)),
    Rule("clamp.retry-members", "clamp", "A retry may lack members.",
         ("assumption",), each(_retry(lambda retry: len(retry) < 3), succeeds), ("launch",), ("seeds",)),
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
                   lambda judged: len({wanted.to for wanted in judged.wanted}) < len(judged.wanted)), succeeds), ("launch",)),
)  # fmt: skip
