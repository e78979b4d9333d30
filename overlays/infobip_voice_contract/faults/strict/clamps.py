"""What has to be accepted and clamped, and is refused or taken as it is."""

from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.edits import is_xml, refusing, some_item
from infobip_voice_contract.faults.fault import ONLY_SEEDS
from infobip_voice_contract.faults.strict.words import (
    BOTH_SOURCES,
    ITEM,
    IVR_SOURCES,
    fault,
    has,
    looks,
    numbers,
    refuses,
)
from infobip_voice_contract.stage import CTC

__all__ = ["CLAMPS"]


def _retry(condition: Callable[[dict[str, Any]], object]) -> Callable[[Request], bool]:
    return some_item(lambda item: isinstance(item.get("retry"), dict) and condition(item["retry"]))


CLAMPS: Final = (
    fault(
        id="no-fifth-retry",
        rule="clamp.max-count",
        sentence="A maxCount above 4 is refused.",
        source=("ivr-2017", "ctc"),
        make=refusing(_retry(lambda retry: retry.get("maxCount", 0) > 4)),
        witness=refuses(f"{ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 5}),
    ),
    fault(
        id="no-long-validity",
        rule="clamp.validity",
        sentence="A validityPeriod above 2880 is refused.",
        source=IVR_SOURCES,
        make=refusing(has("validityPeriod", lambda given: given > 2880)),
        witness=refuses(f"{ITEM}.validityPeriod", 5000),
    ),
    fault(
        id="no-validity-with-speed",
        rule="clamp.validity",
        sentence="A validityPeriod above 2880 beside a sendingSpeed is refused.",
        source=IVR_SOURCES,
        make=refusing(some_item(lambda item: item.get("validityPeriod", 0) > 2880 and "sendingSpeed" in item)),
        witness=refuses(
            ITEM,
            {
                "scenarioId": "x",
                "destinations": [{"to": "999100000001"}],
                "validityPeriod": 5000,
                "sendingSpeed": {"speed": 100, "timeUnit": "second"},
            },
        ),
    ),
    fault(
        id="no-equal-periods",
        rule="clamp.periods",
        sentence="Equal periods of a retry are refused.",
        source=BOTH_SOURCES,
        make=refusing(_retry(lambda retry: retry.get("minPeriod", 1) == retry.get("maxPeriod", 1440))),
        witness=refuses(f"{ITEM}.retry", {"minPeriod": 7, "maxPeriod": 7, "maxCount": 1}),
    ),
    fault(
        id="no-falling-periods",
        rule="clamp.periods",
        sentence="A minPeriod above maxPeriod is refused.",
        source=BOTH_SOURCES,
        make=refusing(_retry(lambda retry: retry.get("minPeriod", 1) > retry.get("maxPeriod", 1440))),
        witness=refuses(f"{ITEM}.retry", {"minPeriod": 60, "maxPeriod": 5, "maxCount": 1}),
    ),
    fault(
        id="no-partial-retry",
        rule="clamp.retry-members",
        sentence="A retry without all of its members is refused.",
        source=("assumption",),
        editions=ONLY_SEEDS,
        make=refusing(_retry(lambda retry: len(retry) < 3)),
        witness=refuses(f"{ITEM}.retry", {"maxCount": 2}),
    ),
    fault(
        id="no-past",
        rule="clamp.past",
        sentence="A sendAt in the past is refused.",
        source=IVR_SOURCES,
        make=refusing(has("sendAt", looks("201.*"))),
        witness=refuses(f"{ITEM}.sendAt", "2016-07-07T17:00:00.000+01:00"),
    ),
    fault(
        id="no-colon",
        rule="clamp.send-at-colon",
        sentence="An offset of sendAt with a colon is refused.",
        source=IVR_SOURCES,
        make=refusing(has("sendAt", looks(r".*[+-]\d\d:\d\d"))),
        witness=refuses(f"{ITEM}.sendAt", "2016-07-07T17:00:00.000+01:00"),
    ),
    fault(
        id="no-plain-offset",
        rule="clamp.send-at-plain",
        sentence="An offset of sendAt without a colon is refused.",
        source=("platform-2026",),
        make=refusing(has("sendAt", looks(r".*[+-]\d{4}"))),
        witness=refuses(f"{ITEM}.sendAt", "2016-07-07T17:00:00.000+0100"),
    ),
    fault(
        id="no-z",
        rule="clamp.send-at-z",
        sentence="A sendAt that ends in Z is refused.",
        source=("assumption",),
        make=refusing(has("sendAt", looks(".*Z"))),
        witness=refuses(f"{ITEM}.sendAt", "2016-07-07T17:00:00Z"),
    ),
    fault(
        id="no-nanoseconds",
        rule="clamp.send-at-z",
        sentence="A sendAt with nine fractional digits is refused.",
        source=("assumption",),
        make=refusing(has("sendAt", looks(r".*\.\d{7,}.*"))),
        witness=refuses(f"{ITEM}.sendAt", "2016-07-07T17:00:00.123456789-05:30"),
    ),
    fault(
        id="no-half-hours",
        rule="clamp.send-at-colon",
        sentence="An offset of half an hour is refused.",
        source=IVR_SOURCES,
        make=refusing(has("sendAt", looks(r".*[+-]\d\d:30"))),
        witness=refuses(f"{ITEM}.sendAt", "2016-07-07T17:00:00.000+05:30"),
    ),
    fault(
        id="no-empty-url",
        rule="clamp.empty-notify-url",
        sentence="An empty notifyUrl is refused.",
        source=("ivr-2019",),
        make=refusing(has("notifyUrl", lambda given: given in ("", None))),
        witness=refuses(f"{ITEM}.notifyUrl", ""),
    ),
    fault(
        id="no-late-warning",
        rule="clamp.warning",
        sentence="A warningTime that is not below maxDuration is refused.",
        source=("assumption",),
        make=refusing(some_item(lambda item: item.get("warningTime", 0) >= item.get("maxDuration", 1 << 60))),
        witness=refuses(
            ITEM,
            {
                "from": "41793026700",
                "destinationA": "999100000001",
                "destinationB": "999100000002",
                "maxDuration": 5,
                "warningTime": 60,
            },
            operation=CTC,
        ),
    ),
    fault(
        id="no-lone-warning",
        rule="clamp.warning",
        sentence="A warningTime without maxDuration is refused.",
        source=("assumption",),
        make=refusing(some_item(lambda item: "warningTime" in item and "maxDuration" not in item)),
        witness=refuses(f"{ITEM}.warningTime", 5, operation=CTC),
    ),
    fault(
        id="no-record-text",
        rule="clamp.record-text",
        sentence="The record of a click to call may not be a text.",
        source=("ctc",),
        make=refusing(lambda request: not is_xml(request) and has("record", looks("true|false"), path=CTC)(request)),
        witness=refuses(f"{ITEM}.record", "true", operation=CTC),
    ),
    fault(
        id="no-record-boolean",
        rule="clamp.record-boolean",
        sentence="The record of a click to call may not be a boolean.",
        source=("assumption",),
        make=refusing(
            lambda request: (
                not is_xml(request) and has("record", lambda given: isinstance(given, bool), path=CTC)(request)
            )
        ),
        witness=refuses(f"{ITEM}.record", True, operation=CTC),
    ),
    fault(
        id="no-number-twice",
        rule="clamp.same-number",
        sentence="The same number twice in one message is refused.",
        source=("assumption",),
        make=refusing(
            lambda request: 1 < len(numbers(request)) < 1000 and len(set(numbers(request))) < len(numbers(request))
        ),
        witness=refuses(f"{ITEM}.destinations", [{"to": "999100000001"}, {"to": "999100000001"}]),
    ),
)
