"""Telephone numbers that are none, and are accepted."""

from typing import Any, Final

from infobip_voice_contract.faults.edits import (
    mending,
)
from infobip_voice_contract.faults.lenient.words import BOTH_SOURCES, GOOD, ITEM, TO, fault, is_text, of, takes
from infobip_voice_contract.stage import CTC, IVR

__all__ = ["TELEPHONES"]


def _digits(given: Any) -> Any:
    return given.lstrip("+").replace(" ", "").replace("-", "")


TELEPHONES: Final = (
    fault(
        id="takes-plus",
        rule="valid.destination",
        sentence="A number with a plus is accepted.",
        source=BOTH_SOURCES,
        make=mending("to", is_text(r"\+\d{5,15}"), _digits),
        witness=takes(TO, "+999100000001"),
    ),
    fault(
        id="takes-plus-in-clicks",
        rule="valid.destination",
        sentence="A destinationA with a plus is accepted.",
        source=("ctc",),
        make=mending("destinationA", is_text(r"\+\d{5,15}"), _digits),
        witness=takes(f"{ITEM}.destinationA", "+999100000001", operation=CTC),
    ),
    fault(
        id="takes-spaces",
        rule="valid.destination",
        sentence="A number with spaces is accepted.",
        source=BOTH_SOURCES,
        make=mending("to", is_text(r"[\d]+( \d+)+"), _digits),
        witness=takes(TO, "999 100 000"),
    ),
    fault(
        id="takes-dashes",
        rule="valid.destination",
        sentence="A destinationB with dashes is accepted.",
        source=("ctc",),
        make=mending("destinationB", is_text(r"[\d]+(-\d+)+"), _digits),
        witness=takes(f"{ITEM}.destinationB", "999-100-001", operation=CTC),
    ),
    fault(
        id="takes-zero",
        rule="valid.destination",
        sentence="A number with a leading zero is accepted.",
        source=BOTH_SOURCES,
        make=mending("to", is_text(r"0\d{5,14}"), lambda given: given.lstrip("0")),
        witness=takes(TO, "0999100000001"),
    ),
    fault(
        id="takes-sixteen-digits",
        rule="valid.destination",
        sentence="A number of 16 digits is accepted.",
        source=BOTH_SOURCES,
        make=mending("to", is_text(r"[1-9]\d{15}"), lambda given: given[:15]),
        witness=takes(TO, "9991000000000001"),
    ),
    fault(
        id="takes-four-digits",
        rule="valid.destination",
        sentence="A number of four digits is accepted.",
        source=BOTH_SOURCES,
        make=mending("to", is_text(r"[1-9]\d{3}"), lambda given: f"{given}0"),
        witness=takes(TO, "9991"),
    ),
    fault(
        id="takes-line-end",
        rule="valid.destination",
        sentence="A number with a line end behind it is accepted.",
        source=BOTH_SOURCES,
        make=mending("to", is_text(r"\d+\n"), str.strip),
        witness=takes(TO, "999100000001\n"),
    ),
    fault(
        id="takes-letters",
        rule="valid.destination",
        sentence="A number in letters is accepted.",
        source=BOTH_SOURCES,
        make=mending("to", is_text(r"[a-z]+"), GOOD),
        witness=takes(TO, "abc"),
    ),
    fault(
        id="takes-long-caller",
        rule="valid.from-ivr",
        sentence="The from of an IVR may have 15 digits.",
        source=("ivr-2019",),
        make=mending("from", is_text(r"\d{15}"), lambda given: given[:14], within=of(IVR)),
        witness=takes(f"{ITEM}.from", "123456789012345"),
    ),
    fault(
        id="takes-short-caller",
        rule="valid.from-ivr",
        sentence="The from of an IVR may have two digits.",
        source=("ivr-2019",),
        make=mending("from", is_text(r"\d{2}"), lambda given: f"{given}0", within=of(IVR)),
        witness=takes(f"{ITEM}.from", "12"),
    ),
    fault(
        id="takes-named-caller",
        rule="valid.from-ctc",
        sentence="The fromB of a click to call may be a name.",
        source=("platform-2026",),
        make=mending("fromB", is_text(r"[a-z]+"), "123"),
        witness=takes(f"{ITEM}.fromB", "nobody", operation=CTC),
    ),
    fault(
        id="takes-long-caller-in-clicks",
        rule="valid.from-ctc",
        sentence="The from of a click to call may have 16 digits.",
        source=("platform-2026",),
        make=mending("from", is_text(r"\d{16}"), lambda given: given[:15], within=of(CTC)),
        witness=takes(f"{ITEM}.from", "1234567890123456", operation=CTC),
    ),
)
