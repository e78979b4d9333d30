"""Faults of refusing too much: what looks odd, and is to be accepted."""

import re
from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.blind.words import items_of, refusing
from infobip_voice_contract.faults.edits import fetches
from infobip_voice_contract.faults.fault import Fault, Make
from infobip_voice_contract.faults.witness import Witness, answered, launched
from infobip_voice_contract.stage import CTC

__all__ = ["FAULTS"]

_PRECISE: Final = re.compile(r"\.[0-9]{7,9}(Z|[+-])")
_COLONLESS: Final = re.compile(r"[+-][0-9]{4}$")
_SPEED: Final = {"speed": 1, "timeUnit": "second"}


def _items(odd: Callable[[dict[str, Any]], object]) -> Make:
    """Return the maker of a wrapper that refuses launches with an item that looks odd."""
    return refusing(lambda request: any(odd(item) for item in items_of(request)))


def _send_at(item: dict[str, Any]) -> str:
    return str(item.get("sendAt", ""))


def _whole(given: Any) -> int:
    return given if isinstance(given, int) else 0


def _late(item: dict[str, Any]) -> bool:
    return "maxDuration" in item and _whole(item.get("warningTime")) >= _whole(item["maxDuration"])


def _large(request: Request) -> bool:
    limit = dict(request.query).get("limit", "") if fetches(request) else ""
    return len(limit) > 3 and limit != "1000"


def _refused(path: str = "", **options: Any) -> Witness:
    """Return the witness that a launch is refused."""
    return launched(lambda answer: answer.status == 400, path=path, **options)


FAULTS: Final = (
    Fault(
        id="empty-url-400", group="clamp",
        sentence="An empty `notifyUrl` is a 400, though the documentation's example has it.",
        advice="Leave it out.", source=("ivr-2019",), make=_items(lambda item: item.get("notifyUrl") == ""),
        witness=_refused(notifyUrl=""),
    ),
    Fault(
        id="nanoseconds-400", group="clamp", sentence="A `sendAt` with more than six fractional digits is a 400.",
        advice="Write milliseconds.", source=("assumption",), make=_items(lambda item: _PRECISE.search(_send_at(item))),
        witness=_refused(sendAt="2016-07-07T17:00:00.000000000+01:00"),
    ),
    Fault(
        id="colonless-400", group="clamp", sentence="A `sendAt` whose offset has no colon is a 400.",
        advice="Write the colon.", source=("platform-2026",),
        make=_items(lambda item: _COLONLESS.search(_send_at(item))),
        witness=_refused(sendAt="2016-07-07T17:00:00.000+0100"),
    ),
    Fault(
        id="leap-day-400", group="clamp", sentence="29 February is a 400 in every year.",
        advice="Choose another day.", source=("ivr-2017",), make=_items(lambda item: "-02-29T" in _send_at(item)),
        witness=_refused(sendAt="2024-02-29T12:00:00.000+00:00"),
    ),
    Fault(
        id="long-validity-with-speed-400", group="clamp",
        sentence="A validity above 2880 minutes is clamped, but a 400 beside `sendingSpeed`.",
        advice="Leave the validity out beside a speed.", source=("ivr-2017", "ivr-2019"),
        make=_items(lambda item: "sendingSpeed" in item and _whole(item.get("validityPeriod")) > 2880),
        witness=_refused(validityPeriod=5000, sendingSpeed=_SPEED),
    ),
    Fault(
        id="late-beep-400", group="clamp", sentence="A `warningTime` that is not below `maxDuration` is a 400.",
        advice="Leave the beep out of short calls.", source=("assumption",),
        make=_items(_late),
        witness=_refused(CTC, maxDuration=5, warningTime=5),
    ),
    Fault(
        id="zero-pause-400", group="clamp", sentence="A `pause` of 0, the default, is a 400 when it is given.",
        advice="Leave it out.", source=("platform-2026",), make=_items(lambda item: item.get("pause") == 0),
        witness=_refused(pause=0),
    ),
    Fault(
        id="large-limit-400", group="validation", sentence="A `limit` above 1000 is a 400.",
        advice="Ask for 1000 at most.", source=("reports",), make=refusing(_large),
        witness=answered(lambda stage: stage.get(query="bulkId=none&limit=1001"), lambda answer: answer.status == 400),
    ),
    Fault(
        id="characters-as-units", group="validation",
        sentence="The 200 characters of `callbackData` are counted in UTF-16, where an emoji is two.",
        advice="Count an emoji twice.", source=("ivr-2017", "assumption"),
        make=_items(lambda item: len(str(item.get("callbackData", "")).encode("utf-16-le")) > 400),
        witness=_refused(callbackData="📞" * 101),
    ),
)  # fmt: skip
