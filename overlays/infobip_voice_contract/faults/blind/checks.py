"""Faults of refusing too little: what a validator lets through."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.blind.words import mending, part
from infobip_voice_contract.faults.edits import fetches, mended, query
from infobip_voice_contract.faults.fault import Fault
from infobip_voice_contract.faults.witness import Witness, answered
from infobip_voice_contract.stage import IVR, Stage, changed

__all__ = ["FAULTS"]

_NAMES: Final = {"bulkid": "bulkId", "messageid": "messageId", "limit": "limit"}
_FEBRUARY: Final = re.compile(r"([0-9]{4})-02-(29|30|31)T")


def _known_of_retry(item: dict[str, Any], _: list[dict[str, Any]]) -> None:
    if isinstance(item.get("retry"), dict):
        known = ("minPeriod", "maxPeriod", "maxCount")
        item["retry"] = {name: given for name, given in item["retry"].items() if name in known}


def _rolled_over(item: dict[str, Any], _: list[dict[str, Any]]) -> None:
    if isinstance(item.get("sendAt"), str):
        item["sendAt"] = _FEBRUARY.sub(lambda date: f"{date[1]}-03-0{int(date[2]) - 28}T", item["sendAt"])


def _whole_days(item: dict[str, Any], _: list[dict[str, Any]]) -> None:
    window = part(item, "deliveryTimeWindow")
    if "from" in window and window["from"] == window.get("to"):
        item["deliveryTimeWindow"] = {"days": window.get("days")}


def _whole_retry(item: dict[str, Any], _: list[dict[str, Any]]) -> None:
    if isinstance(item.get("retry"), dict):
        item["retry"] = {"minPeriod": 1, "maxPeriod": 1440, "maxCount": 4, **item["retry"]}


def _speed_first(item: dict[str, Any], _: list[dict[str, Any]]) -> None:
    if "sendingSpeed" in item:
        item.pop("validityPeriod", None)


def _no_empty_ids(_: dict[str, Any], inner: list[dict[str, Any]]) -> None:
    for callee in inner:
        if callee.get("messageId") == "":
            del callee["messageId"]


def _whole_limit(request: Request) -> Request | None:
    limits = [text for name, text in request.query if name == "limit"]
    if not fetches(request) or len(limits) != 1 or not re.fullmatch(r"\s*\+?[0-9]*[1-9][0-9]*\s*", limits[0]):
        return None
    other: Request = query(request, limit=str(int(limits[0])))
    return other


def _right_names(request: Request) -> Request | None:
    if not fetches(request):
        return None
    pairs = [(_NAMES.get(name.lower(), name), text) for name, text in request.query]
    return replace(request, target=f"{request.path}?{urlencode(pairs)}")


def _last_ones(request: Request) -> Request | None:
    last = dict(request.query)
    return replace(request, target=f"{request.path}?{urlencode(last)}") if fetches(request) else None


def _accepts(make: Callable[[Stage], Any], path: str = IVR) -> Witness:
    """Return the witness that a document is launched."""
    return answered(lambda stage: stage.post(make(stage), path), lambda answer: answer.status == 200)


def _finds(text: str) -> Witness:
    return answered(lambda stage: stage.get(query=text), lambda answer: answer.status == 200)


_SIX: Final = {"hour": 6, "minute": 0}

FAULTS: Final = (
    Fault(
        id="inner-members-unknown", group="validation",
        sentence="An unknown member is refused in a message, and passed over within `retry`.",
        advice="Look at the spelling yourself: nobody else does.", source=("assumption",),
        make=mending(_known_of_retry),
        witness=_accepts(lambda stage: stage.ivr(retry={"minPeriod": 1, "maxPeriod": 1, "maxCount": 1, "max": 1})),
    ),
    Fault(
        id="february-30", group="validation",
        sentence="`sendAt` on 30 February means 2 March.",
        advice="Send dates that exist.", source=("ivr-2017", "assumption"), make=mending(_rolled_over),
        witness=_accepts(lambda stage: stage.ivr(sendAt=f"{stage.now().year}-02-30T12:00:00.000+00:00")),
    ),
    Fault(
        id="window-of-nothing", group="validation",
        sentence="A window that ends when it begins is taken for whole days.",
        advice="Leave both times out for whole days.", source=("assumption",), make=mending(_whole_days),
        witness=_accepts(
            lambda stage: stage.ivr(deliveryTimeWindow={"days": ["MONDAY"], "from": _SIX, "to": _SIX})
        ),
    ),
    Fault(
        id="retry-in-part", group="validation",
        sentence="A `retry` without all of its members is accepted in 2026 too.",
        advice="Give all three.", source=("platform-2026",), make=mending(_whole_retry), editions=["2026"],
        witness=_accepts(lambda stage: stage.ivr(retry={"minPeriod": 1, "maxCount": 2})),
    ),
    Fault(
        id="zero-behind-speed", group="validation",
        sentence="A validity of 0 minutes is accepted beside `sendingSpeed`, because it is ignored then.",
        advice="Leave the validity out.", source=("assumption",), make=mending(_speed_first),
        witness=_accepts(lambda stage: stage.ivr(validityPeriod=0, sendingSpeed={"speed": 1, "timeUnit": "second"})),
    ),
    Fault(
        id="empty-id-is-none", group="validation", sentence="An empty `messageId` counts as none.",
        advice="Leave it out.", source=("assumption",), make=mending(_no_empty_ids),
        witness=_accepts(lambda stage: changed(stage.ivr(), {"messages[0].destinations[0].messageId": ""})),
    ),
    Fault(
        id="limit-read-loosely", group="validation", sentence="`limit=+05` means 5.", advice="Write digits alone.",
        source=("assumption",), make=mended(_whole_limit), witness=_finds("limit=%2B05"),
    ),
    Fault(
        id="parameters-by-any-case", group="validation",
        sentence="`bulkid` and `Limit` pass for `bulkId` and `limit` in a query.",
        advice="Write them as documented.", source=("assumption",), make=mended(_right_names),
        witness=_finds("bulkid=none&Limit=1"),
    ),
    Fault(
        id="last-parameter-wins", group="validation", sentence="Of a repeated parameter the last one counts.",
        advice="Send each once.", source=("platform-2026", "assumption"), make=mended(_last_ones),
        witness=_finds("bulkId=none&limit=1&limit=2"),
    ),
)  # fmt: skip
