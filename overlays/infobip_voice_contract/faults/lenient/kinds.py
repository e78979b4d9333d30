"""Members that are missing or of another type, and are accepted."""

from typing import Final

from infobip_voice_contract.faults.edits import (
    ABSENT,
    mending,
)
from infobip_voice_contract.faults.lenient.words import (
    GOOD,
    ITEM,
    IVR_SOURCES,
    TO,
    fault,
    is_text,
    nothing_to_do,
    of,
    takes,
)
from infobip_voice_contract.faults.witness import value
from infobip_voice_contract.stage import ABSENT as MISSING
from infobip_voice_contract.stage import CTC, IVR

__all__ = ["KINDS"]


KINDS: Final = (
    fault(
        id="takes-no-scenario",
        rule="valid.required",
        sentence="A message without a scenarioId is accepted.",
        source=IVR_SOURCES,
        make=mending("scenarioId", lambda given: given is ABSENT, "x", at="messages", within=of(IVR)),
        witness=takes(f"{ITEM}.scenarioId", MISSING),
    ),
    fault(
        id="takes-no-caller",
        rule="valid.required",
        sentence="A click to call without a from is accepted.",
        source=("platform-2026",),
        make=mending("from", lambda given: given is ABSENT, GOOD, at="messages", within=of(CTC)),
        witness=takes(f"{ITEM}.from", MISSING, operation=CTC),
    ),
    fault(
        id="takes-no-b",
        rule="valid.required",
        sentence="A click to call without a destinationB is accepted.",
        source=("platform-2026",),
        make=mending("destinationB", lambda given: given is ABSENT, GOOD, at="messages", within=of(CTC)),
        witness=takes(f"{ITEM}.destinationB", MISSING, operation=CTC, form="xml"),
    ),
    fault(
        id="takes-no-unit",
        rule="valid.required",
        sentence="A sendingSpeed without a timeUnit is accepted.",
        source=IVR_SOURCES,
        make=mending("timeUnit", lambda given: given is ABSENT, "hour", at="sendingSpeed"),
        witness=takes(f"{ITEM}.sendingSpeed", {"speed": 10}),
    ),
    fault(
        id="takes-no-to",
        rule="valid.required",
        sentence="A destination without a number is accepted.",
        source=("platform-2026",),
        make=mending("to", lambda given: given is ABSENT, GOOD, at="destinations"),
        witness=takes(f"{ITEM}.destinations[0]", {}),
    ),
    fault(
        id="takes-empty-scenario",
        rule="valid.scenario",
        sentence="An empty scenarioId is accepted.",
        source=("assumption",),
        make=mending("scenarioId", lambda given: given == "", "x"),
        witness=takes(f"{ITEM}.scenarioId", ""),
    ),
    fault(
        id="takes-numbers-as-text",
        rule="valid.type",
        sentence="A number of JSON is taken for a telephone number.",
        source=("platform-2026",),
        make=mending("to", lambda given: isinstance(given, int), str),
        witness=takes(TO, 999100000001),
    ),
    fault(
        id="takes-text-as-number",
        rule="valid.type",
        sentence="A text is taken for a whole number.",
        source=("platform-2026",),
        make=mending("validityPeriod", is_text(r"\d+"), int),
        witness=takes(f"{ITEM}.validityPeriod", "720"),
    ),
    fault(
        id="takes-fractions",
        rule="valid.type",
        sentence="A fraction is taken for a whole number.",
        source=("platform-2026",),
        make=mending("validityPeriod", lambda given: not isinstance(given, int | str) and given is not ABSENT, int),
        witness=takes(f"{ITEM}.validityPeriod", 1.5),
    ),
    fault(
        id="takes-yes",
        rule="valid.type",
        sentence="The record of an IVR may be yes or 1.",
        source=("platform-2026",),
        make=mending(
            "record",
            lambda given: not isinstance(given, bool) and given in ("yes", 1),
            True,
            within=of(IVR),
        ),
        witness=takes(f"{ITEM}.record", "yes"),
    ),
    fault(
        id="takes-yes-in-clicks",
        rule="valid.type",
        sentence="The record of a click to call may be yes.",
        source=("ctc",),
        make=mending("record", lambda given: given == "yes", "true", within=of(CTC)),
        witness=takes(f"{ITEM}.record", "yes", operation=CTC),
    ),
    fault(
        id="takes-null",
        rule="valid.type",
        sentence="A destination that is null is skipped in its number.",
        source=("platform-2026",),
        make=mending("to", lambda given: given is None, GOOD),
        witness=takes(TO, None),
    ),
    fault(
        id="takes-number-parameters",
        rule="valid.type",
        sentence="The values of parameters may be numbers.",
        source=("platform-2026",),
        make=mending(
            "parameters",
            lambda given: isinstance(given, dict) and any(isinstance(each, int) for each in given.values()),
            ABSENT,
        ),
        witness=takes(f"{ITEM}.parameters", {"foo": 1}),
    ),
    fault(
        id="takes-text-boolean",
        rule="valid.type",
        sentence="An anonymization that is a text is accepted.",
        source=("ctc",),
        make=mending("anonymization", lambda given: given == "true", True),
        witness=takes(f"{ITEM}.anonymization", "true", operation=CTC),
    ),
    fault(
        id="takes-no-messages",
        rule="valid.empty-list",
        sentence="A launch with an empty list of messages is accepted.",
        source=("platform-2026",),
        make=nothing_to_do(
            lambda request: value(request, "IvrLaunchRequest") in ({"messages": []}, {"messages": None})
        ),
        witness=takes("messages", []),
    ),
    fault(
        id="takes-no-destinations",
        rule="valid.empty-list",
        sentence="A message with an empty list of destinations is accepted.",
        source=("platform-2026",),
        make=mending("destinations", lambda given: given == [], [{"to": GOOD}]),
        witness=takes(f"{ITEM}.destinations", []),
    ),
)
