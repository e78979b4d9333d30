"""Rules about what is refused as malformed."""

import re
from typing import Any, Final

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.demands import Cause
from infobip_voice_contract.judged import Judged, items, members, text
from infobip_voice_contract.rules.looks import (
    Then,
    When,
    both,
    launches,
    only,
    says,
    service_exception,
    status,
    taken,
    valid,
    violates,
)
from infobip_voice_contract.rules.rule import Rule, each

__all__ = ["VALIDATION"]

_IVR: Final = ("ivr-2017", "ivr-2019")

_BOTH: Final = ("ivr-2017", "ivr-2019", "ctc")

MAX_LISTED: Final = 100
"""A server may stop listing somewhere; so many violations it has to list."""
_STEPS: Final = re.compile(r"([^.\[\]]+)(?=[.\[]|$)|\[(\d{1,9})\]", re.ASCII)
_OF_SEVERAL: Final = ("window", "uniqueItems", "maxItems")
"""Violations of several members, or items, together: either of them may be named, or the whole."""
_PERIODS: Final = ("minPeriod", "maxPeriod", "maxCount")

_2026: Final[tuple[Edition, ...]] = ("2026",)


def _within(schema: str) -> When:
    return lambda judged: judged.operation == schema


def _paths(judged: Judged) -> set[str]:
    return set(members(service_exception(judged).get("validationErrors")))


def _normal(path: str) -> str:
    return re.sub(r"^\$\.?", "", path)


def _lists_paths(judged: Judged) -> str:
    listed = {_normal(path) for path in _paths(judged)}
    if len(judged.demand.causes) > MAX_LISTED:
        return ""
    # How the whole is named, or a name that cannot be printed, no source says.
    causes = [cause for cause in judged.demand.causes if cause.path != "$" and cause.path.isprintable()]
    missing = [cause.path for cause in causes if not _is_listed(cause, listed)]
    return f"validationErrors does not name {', '.join(missing[:3])}" if missing else ""


def _is_listed(cause: Cause, listed: set[str]) -> bool:
    path = _normal(cause.path)
    # The kit's validator leaves a member whose name is empty out of a path.
    if path in listed or f"{path}." in listed:
        return True
    if cause.kind == "window":  # that `to` is `from` is a fault of either, and of the window
        path = path.removesuffix(".to")
    if cause.kind in _OF_SEVERAL:
        return any(each == path or each.startswith((f"{path}.", f"{path}[")) for each in listed)
    # What is missing is no place of the request, and what has no name can hardly be named.
    is_nowhere = cause.kind in ("required", "propertyNames") or not cause.member
    whole = path.removesuffix(cause.member).removesuffix(".")
    return is_nowhere and (not whole or whole in listed)


def _names_items_there_are(judged: Judged) -> str:
    strangers = [path for path in sorted(_paths(judged)) if _is_beyond(_normal(path), judged.demand.value)]
    return f"validationErrors names {', '.join(strangers[:3])}, and the request has no such item" if strangers else ""


def _is_beyond(path: str, value: Any) -> bool:
    """Follow a path as far as it can be read; say whether it leads past the end of a list."""
    for name, index in _STEPS.findall(path):
        if name:
            value = members(value).get(name)
            continue
        listed = items(value)
        if not listed or int(index) >= len(listed):
            # What is missing from an empty list may well be named as its first item.
            return bool(listed)
        value = listed[int(index)]
    return False


def _suggests(judged: Judged) -> str:
    causes = [cause for cause in judged.demand.causes if cause.member.lower() in ("bulkid", "messageid")]
    answer = str(judged.value)
    wrong = [
        cause.member
        for cause in causes
        if {"bulkid": "bulkId", "messageid": "messageId"}[cause.member.lower()] not in answer
    ]
    return f"the answer does not suggest the known member for {', '.join(wrong)}" if wrong else ""


def _wrong_type(judged: Judged) -> bool:
    """One value has a wrong type; what is listed is then not among the values either."""
    kinds, causes = judged.demand.kinds, judged.demand.causes
    return "type" in kinds and kinds <= {"type", "enum"} and len({cause.path for cause in causes}) == 1


def _misspelt(judged: Judged) -> bool:
    return only("unknown")(judged) and any(cause.member in ("bulkid", "messageid") for cause in judged.demand.causes)


def _bad_parameter(judged: Judged) -> bool:
    return only("propertyNames", "pattern")(judged) and all(
        ".parameters." in each.path for each in judged.demand.causes
    )


def _is_400(judged: Judged) -> bool:
    causes = judged.demand.causes
    return judged.status == 400 and judged.demand.is_refused and all(cause.status == 400 for cause in causes)


def _of_ids(low: int, high: int) -> When:
    def when(judged: Judged) -> bool:
        ids = [wanted.message_id or "" for wanted in judged.wanted] + [
            text(members(judged.demand.value).get("bulkId")) or ""
        ]
        return launches(judged) and judged.demand.is_valid and any(low <= len(each) <= high for each in ids)

    return when


_PLAIN: Final = frozenset({"scenarioId", "destinations", "from", "destinationA", "destinationB", "messageId"})
_TEXTS: Final = ("bulkId", "messageId", "scenarioId", "callbackData", "text", "language", "name", "foo")


def _is_more_than_plain(item: dict[str, Any]) -> bool:
    numbers = [text(item.get(name)) or "" for name in ("from", "fromB", "destinationA", "destinationB")]
    numbers += [text(members(each).get("to")) or "" for each in items(item.get("destinations"))]
    return not item.keys() <= _PLAIN or any(len(number) in (3, 5, 14, 15) for number in numbers)


def _odd_ids(judged: Judged) -> bool:
    ids = [wanted.message_id or "" for wanted in judged.wanted] + [
        text(members(judged.demand.value).get("bulkId")) or ""
    ]
    return (
        launches(judged)
        and judged.demand.is_valid
        and not all(re.fullmatch(r"[\w.-]*", each, re.ASCII) for each in ids)
    )


_400: Final[Then] = status(400)

VALIDATION: Final = (
    Rule("valid.malformed-json", "validation", "A body that is not well-formed JSON is refused with 400.",
         ("platform-2026",), each(both(only("malformed"), lambda judged: judged.demand.form == "json"), _400)),
    Rule("valid.malformed-xml", "validation", "A body that is not well-formed XML is refused with 400.",
         ("platform-2026",), each(both(only("malformed"), lambda judged: judged.demand.form == "xml"), _400)),
    Rule("valid.required", "validation", "A launch without a member that is required is refused with 400.",
         ("ivr-2017", "ivr-2019", "platform-2026"), each(violates("required"), _400)),
    Rule("valid.type", "validation", "A member of a wrong type is refused with 400.",
         ("platform-2026",), each(_wrong_type, _400)),
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
         _IVR, taken(says(lambda item: len(text(item.get("callbackData")) or "") == 200)), ("launch",)),
    Rule("valid.scenario", "validation", "An empty scenarioId is refused with 400.",
         ("assumption",), each(violates("minLength", members=("scenarioId",)), _400)),
    Rule("valid.texts", "validation", "A text with a character that no XML document can have is refused with 400.",
         ("assumption",), each(violates("pattern", members=_TEXTS), _400)),
    Rule("valid.spoken", "validation", "An empty language or name of a voice is refused with 400.",
         ("assumption",), each(violates("minLength", members=("language", "name")), _400)),
    Rule("valid.choices", "validation", "The gender of a voice and machineDetection have the listed values.",
         ("platform-2026",), each(violates("enum", members=("gender", "machineDetection")), _400)),
    Rule("valid.audio", "validation", "An audioFileUrl that is no absolute http(s) URL is refused with 400.",
         ("assumption",), each(violates("pattern", members=("audioFileUrl",)), _400)),
    Rule("valid.members", "validation", "Every documented member is accepted, at its bounds too.",
         ("ivr-2017", "ivr-2019", "ctc", "platform-2026"), taken(says(_is_more_than_plain)), ("launch",)),
    Rule("valid.odd-ids", "validation", "An id may have any characters that XML can carry.",
         ("assumption",), taken(_odd_ids), ("launch",)),
    Rule("valid.ids", "validation", "A bulkId or messageId that is empty or above 100 characters is refused with 400.",
         ("assumption",), each(violates("maxLength", "minLength", members=("bulkId", "messageId")), _400)),
    Rule("valid.longest-ids", "validation", "A bulkId or messageId of 100 characters is accepted.",
         ("assumption",), taken(_of_ids(100, 100)), ("launch",)),
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
         ("assumption",), each(both(_misspelt, _is_400, lambda judged: judged.is_sound), _suggests)),
    Rule("valid.parameter-names", "validation", "A name in parameters has to be usable as an XML element.",
         ("assumption",), each(_bad_parameter, _400)),
    Rule("valid.limit", "validation", "A limit that is not a whole number from 1 is refused with 400.",
         ("assumption",), each(only("bad limit"), _400)),
    Rule("valid.largest-limit", "validation", "A limit of 2147483647 is accepted.",
         ("assumption",), taken(both(valid("reports"), lambda judged: judged.limit == 2147483647)), ("read",)),
    Rule("valid.filter", "validation", "An empty bulkId or messageId, or one above 100 characters, is refused.",
         ("assumption",), each(only("bad filter"), _400)),
    Rule("valid.unknown-query", "validation", "A query parameter that the contract does not know is refused with 400.",
         ("assumption",), each(only("unknown query"), _400)),
    Rule("valid.repeated-query", "validation", "A query parameter that comes twice is refused with 400.",
         ("assumption",), each(only("repeated query"), _400)),
    Rule("valid.paths", "validation", "validationErrors of a 400 names every violation by its path.",
         ("platform-2026", "assumption"),
         each(both(_is_400, lambda judged: judged.demand.kinds.isdisjoint({"malformed"}) and bool(_paths(judged))),
         _lists_paths)),
    Rule("valid.places", "validation",
         "validationErrors names no item that the request does not have; items are counted from 0.",
         ("platform-2026", "assumption"), each(both(_is_400, lambda judged: bool(_paths(judged))),
                                               _names_items_there_are)),
    Rule("valid.retry-whole", "validation", "In 2026 a retry without one of its three members is refused with 400.",
         ("platform-2026",), each(violates("required", members=_PERIODS), _400), editions=_2026),
    Rule("valid.pause", "validation", "A pause above 10 seconds is refused with 400.",
         ("assumption",), each(violates("maximum", members=("pause",)), _400)),
    Rule("valid.content-version", "validation", "The notifyContentVersion is 1 or 2.",
         ("platform-2026",), each(violates("enum", "maximum", members=("notifyContentVersion",)), _400)),
    Rule("valid.window", "validation", "A delivery time window has known days, hours to 23 and minutes to 59.",
         ("platform-2026",),
         each(violates("enum", "maximum", "minItems", members=("days", "hour", "minute", "deliveryTimeWindow")), _400)),
    Rule("valid.window-days", "validation", "A delivery time window does not have a day twice.",
         ("assumption",), each(violates("uniqueItems", members=("days",)), _400)),
    Rule("valid.window-open", "validation", "A delivery time window that is never open is refused with 400 (R20).",
         ("assumption",), each(only("window"), _400)),
)  # fmt: skip
