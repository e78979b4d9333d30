"""Values beyond their bounds that are accepted."""

import re
from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.faults.edits import (
    ABSENT,
    mending,
)
from infobip_voice_contract.faults.fault import ONLY_2026
from infobip_voice_contract.faults.lenient.words import (
    ITEM,
    fault,
    is_text,
    of,
    takes,
)
from infobip_voice_contract.stage import CTC

__all__ = ["BOUNDS"]


def _below(least: int) -> Callable[[Any], bool]:
    return lambda given: isinstance(given, int) and not isinstance(given, bool) and given < least


BOUNDS: Final = (
    fault(
        id="takes-no-validity",
        rule="valid.minimum",
        sentence="A validityPeriod of 0 means the default.",
        source=("assumption",),
        make=mending("validityPeriod", lambda given: given == 0, ABSENT),
        witness=takes(f"{ITEM}.validityPeriod", 0),
    ),
    fault(
        id="takes-negative-validity",
        rule="valid.minimum",
        sentence="A negative validityPeriod is accepted.",
        source=("assumption",),
        make=mending("validityPeriod", _below(0), ABSENT),
        witness=takes(f"{ITEM}.validityPeriod", -1),
    ),
    fault(
        id="takes-no-speed",
        rule="valid.minimum",
        sentence="A speed of 0 is accepted.",
        source=("assumption",),
        make=mending("speed", lambda given: given == 0, 1),
        witness=takes(f"{ITEM}.sendingSpeed", {"speed": 0, "timeUnit": "hour"}),
    ),
    fault(
        id="takes-no-period",
        rule="valid.minimum",
        sentence="A minPeriod of 0 is accepted.",
        source=("assumption",),
        make=mending("minPeriod", lambda given: given == 0, 1),
        witness=takes(f"{ITEM}.retry", {"minPeriod": 0, "maxPeriod": 5, "maxCount": 4}),
    ),
    fault(
        id="takes-no-count",
        rule="valid.minimum",
        sentence="A maxCount of 0 means no redial.",
        source=("assumption",),
        make=mending("maxCount", lambda given: given == 0, 1),
        witness=takes(f"{ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 0}),
    ),
    fault(
        id="takes-no-duration",
        rule="valid.minimum",
        sentence="A maxDuration of 0 means no limit.",
        source=("assumption",),
        make=mending("maxDuration", lambda given: given == 0, ABSENT),
        witness=takes(f"{ITEM}.maxDuration", 0, operation=CTC),
    ),
    fault(
        id="takes-no-warning",
        rule="valid.minimum",
        sentence="A warningTime of 0 means no beep.",
        source=("assumption",),
        make=mending("warningTime", lambda given: given == 0, ABSENT),
        witness=takes(f"{ITEM}.warningTime", 0, operation=CTC, form="xml"),
    ),
    fault(
        id="takes-no-ringing",
        rule="valid.minimum",
        sentence="A ringTimeout of 0 is accepted.",
        source=("assumption",),
        make=mending("ringTimeout", lambda given: given == 0, ABSENT),
        witness=takes(f"{ITEM}.ringTimeout", 0),
    ),
    fault(
        id="takes-no-call",
        rule="valid.minimum",
        sentence="A callTimeout of 0 is accepted.",
        source=("assumption",),
        make=mending("callTimeout", lambda given: given == 0, ABSENT),
        witness=takes(f"{ITEM}.callTimeout", 0),
    ),
    fault(
        id="takes-long-pause",
        rule="valid.pause",
        sentence="A pause of 11 seconds is accepted.",
        source=("assumption",),
        make=mending("pause", lambda given: isinstance(given, int) and given > 10, 10),
        witness=takes(f"{ITEM}.pause", 11),
    ),
    fault(
        id="takes-version-3",
        rule="valid.content-version",
        sentence="A notifyContentVersion of 3 is accepted.",
        source=("platform-2026",),
        make=mending("notifyContentVersion", lambda given: given not in (1, 2, ABSENT), ABSENT),
        witness=takes(f"{ITEM}.notifyContentVersion", 3),
    ),
    fault(
        id="takes-version-0-in-clicks",
        rule="valid.content-version",
        sentence="A click to call with the notifyContentVersion 0 is accepted.",
        source=("platform-2026",),
        make=mending("notifyContentVersion", lambda given: given == 0, ABSENT, within=of(CTC)),
        witness=takes(f"{ITEM}.notifyContentVersion", 0, operation=CTC),
    ),
    fault(
        id="takes-small-days",
        rule="valid.window",
        sentence="The days of a window may be in small letters.",
        source=("platform-2026",),
        make=mending(
            "days",
            lambda given: isinstance(given, list) and any(str(each).islower() for each in given),
            lambda given: [each.upper() for each in given],
        ),
        witness=takes(f"{ITEM}.deliveryTimeWindow", {"days": ["monday"]}),
    ),
    fault(
        id="takes-no-days",
        rule="valid.window",
        sentence="A window without days is open every day.",
        source=("platform-2026",),
        make=mending("days", lambda given: given == [], ["MONDAY"]),
        witness=takes(f"{ITEM}.deliveryTimeWindow", {"days": []}),
    ),
    fault(
        id="takes-hour-24",
        rule="valid.window",
        sentence="An hour of 24 means midnight.",
        source=("platform-2026",),
        make=mending("hour", lambda given: given == 24, 0),
        witness=takes(
            f"{ITEM}.deliveryTimeWindow",
            {"days": ["MONDAY"], "from": {"hour": 24, "minute": 0}, "to": {"hour": 1, "minute": 0}},
        ),
    ),
    fault(
        id="takes-minute-60",
        rule="valid.window",
        sentence="A minute of 60 is accepted in clicks to call.",
        source=("platform-2026",),
        make=mending("minute", lambda given: given == 60, 59),
        witness=takes(
            f"{ITEM}.deliveryTimeWindow",
            {"days": ["MONDAY"], "from": {"hour": 2, "minute": 60}, "to": {"hour": 4, "minute": 0}},
            operation=CTC,
        ),
    ),
    fault(
        id="takes-empty-window",
        rule="valid.window-open",
        sentence="A window whose end is its beginning is accepted.",
        source=("assumption",),
        make=mending(
            "to",
            lambda given: isinstance(given, dict),
            lambda given: {**given, "minute": (given.get("minute", 0) + 1) % 60},
        ),
        witness=takes(
            f"{ITEM}.deliveryTimeWindow",
            {"days": ["MONDAY"], "from": {"hour": 2, "minute": 0}, "to": {"hour": 2, "minute": 0}},
        ),
    ),
    fault(
        id="takes-half-window",
        rule="valid.required",
        sentence="A window with a beginning and no end is accepted.",
        source=("platform-2026",),
        make=mending("from", lambda given: isinstance(given, dict), ABSENT),
        witness=takes(f"{ITEM}.deliveryTimeWindow", {"days": ["MONDAY"], "from": {"hour": 2, "minute": 0}}),
    ),
    fault(
        id="takes-half-retry",
        rule="valid.retry-whole",
        sentence="A retry without all of its members is accepted.",
        source=("platform-2026",),
        editions=ONLY_2026,
        make=mending("retry", lambda given: isinstance(given, dict) and len(given) < 3, ABSENT),
        witness=takes(f"{ITEM}.retry", {"maxCount": 2}),
    ),
    fault(
        id="takes-any-voice",
        rule="valid.choices",
        sentence="The gender of a voice may be any word.",
        source=("platform-2026",),
        make=mending("gender", is_text("(?!male|female).*"), "male"),
        witness=takes(f"{ITEM}.voice", {"gender": "robot"}, operation=CTC),
    ),
    fault(
        id="takes-any-detection",
        rule="valid.choices",
        sentence="The machineDetection may be any word.",
        source=("platform-2026",),
        make=mending("machineDetection", is_text("(?!hangup).*"), ABSENT),
        witness=takes(f"{ITEM}.machineDetection", "continue", operation=CTC),
    ),
    fault(
        id="takes-ftp-audio",
        rule="valid.audio",
        sentence="The audioFileUrl may be of FTP.",
        source=("assumption",),
        make=mending("audioFileUrl", is_text("ftp:.*"), ABSENT),
        witness=takes(f"{ITEM}.audioFileUrl", "ftp://127.0.0.1/a.mp3", operation=CTC),
    ),
    fault(
        id="takes-empty-language",
        rule="valid.spoken",
        sentence="An empty language means the default.",
        source=("assumption",),
        make=mending("language", lambda given: given == "", ABSENT),
        witness=takes(f"{ITEM}.language", "", operation=CTC),
    ),
    fault(
        id="drops-control-characters",
        rule="valid.texts",
        sentence="Control characters in a callbackData are dropped.",
        source=("assumption",),
        make=mending("callbackData", is_text(".*[\x00-\x08].*"), lambda given: re.sub("[\x00-\x08]", "", given)),
        witness=takes(f"{ITEM}.callbackData", "a\x01b"),
    ),
    fault(
        id="takes-day-twice",
        rule="valid.window-days",
        sentence="A window may have a day twice.",
        source=("assumption",),
        make=mending(
            "days",
            lambda given: isinstance(given, list) and len(set(map(str, given))) < len(given),
            lambda given: list(dict.fromkeys(given)),
        ),
        witness=takes(f"{ITEM}.deliveryTimeWindow", {"days": ["MONDAY", "MONDAY"]}),
    ),
)
