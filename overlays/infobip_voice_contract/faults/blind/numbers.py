"""Faults of refusing too few numbers: of telephones, and of minutes and seconds."""

import unicodedata
from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.faults.blind.words import mending
from infobip_voice_contract.faults.fault import Fault, Make
from infobip_voice_contract.faults.witness import Witness, answered
from infobip_voice_contract.stage import CTC, IVR, Stage, changed

__all__ = ["FAULTS"]

_NUMBERS: Final = ("to", "destinationA", "destinationB", "from", "fromB")
_COUNTS: Final = ("validityPeriod", "maxDuration", "warningTime", "ringTimeout", "callTimeout", "pause")
_ARABIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def _numbers(change: Callable[[str, str], str]) -> Make:
    """Return the maker of a wrapper that launches with numbers as a change makes them."""

    def edit(item: dict[str, Any], inner: list[dict[str, Any]]) -> None:
        for place in (item, *inner):
            for name in _NUMBERS:
                if isinstance(place.get(name), str):
                    place[name] = change(name, place[name])

    return mending(edit)


def _ascii(_: str, number: str) -> str:
    return "".join(str(unicodedata.decimal(digit)) if digit.isdecimal() else digit for digit in number)


def _read_counts(read: Callable[[Any], Any]) -> Make:
    def edit(item: dict[str, Any], _: list[dict[str, Any]]) -> None:
        for name in _COUNTS:
            if name in item:
                item[name] = read(item[name])

    return mending(edit)


def _like_the_first(item: dict[str, Any], inner: list[dict[str, Any]]) -> None:  # noqa: ARG001 - one of several
    for callee in inner[1:]:
        for name in ("to", "destinationA", "destinationB"):
            if name in callee and name in inner[0]:
                callee[name] = inner[0][name]


def _accepts(make: Callable[[Stage], Any], path: str = IVR) -> Witness:
    """Return the witness that a document is launched."""
    return answered(lambda stage: stage.post(make(stage), path), lambda answer: answer.status == 200)


def _to(stage: Stage, change: Callable[[str], str], place: int = 0) -> Any:
    launch = stage.ivr(place + 1)
    number = launch["messages"][0]["destinations"][place]["to"]
    return changed(launch, {f"messages[0].destinations[{place}].to": change(number)})


FAULTS: Final = (
    Fault(
        id="zero-first-of-b", group="validation", sentence="`destinationB` may begin with a zero.",
        advice="Give numbers in the international form.", source=("assumption",),
        make=_numbers(lambda name, number: number.lstrip("0") if name == "destinationB" else number),
        witness=_accepts(
            lambda stage: changed(stage.ctc(), {"messages[0].destinationB": "0" + stage.numbers.take()}), CTC
        ),
    ),
    Fault(
        id="digits-of-the-world", group="validation", sentence="Numbers may be written in the digits of any script.",
        advice="Write them in ASCII.", source=("ivr-2017", "assumption"), make=_numbers(_ascii),
        witness=_accepts(lambda stage: _to(stage, lambda number: number.translate(_ARABIC))),
    ),
    Fault(
        id="line-break-after-number", group="validation", sentence="A number may end in a line break.",
        advice="Trim numbers.", source=("assumption",),
        make=_numbers(lambda _, number: number.removesuffix("\n")),
        witness=_accepts(lambda stage: _to(stage, lambda number: number + "\n")),
    ),
    Fault(
        id="later-numbers-unread", group="validation",
        sentence="Only the first number of a launch is checked; a later one may be anything.",
        advice="Check every number before you launch.", source=("ivr-2017", "platform-2026"),
        make=mending(_like_the_first),
        witness=_accepts(lambda stage: _to(stage, lambda number: f"x{number}", place=1)),
    ),
    Fault(
        id="true-is-one", group="validation", sentence="`true` passes for the number 1.",
        advice="Write numbers as numbers.", source=("ctc", "assumption"),
        make=_read_counts(lambda given: 1 if given is True else given),
        witness=_accepts(lambda stage: stage.ctc(maxDuration=True), CTC),
    ),
)  # fmt: skip
