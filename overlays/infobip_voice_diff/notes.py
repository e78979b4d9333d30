"""Compare what a schema says besides its rules: texts, `default`, `xml`, and who may send it."""

import json
import re
from typing import Any, Final

from infobip_voice_diff.changes import ABSENT, Log, Place, quoted, values, verb
from infobip_voice_diff.references import without

__all__ = ["compare_notes"]

Json = dict[str, Any]
ABSENCE: Final = re.compile(
    r"\b(absent|absence|left out|omitted|missing|without it|not given|by default)\b", re.IGNORECASE
)
XML_DEFAULTS: Final = {"wrapped": False, "attribute": False}
WITHHELD: Final = {"request": "readOnly", "response": "writeOnly"}
"""The flag that keeps a member out of requests, and the one that keeps it out of answers."""


def compare_notes(log: Log, before: Json, after: Json, place: Place) -> None:
    """Log the changes of the notes of a schema, or of a branch of a union."""
    log.annotations(before, after, place.path, place.name)
    _default(log, before, after, place)
    _flags(log, before, after, place)
    old, new = ({**XML_DEFAULTS, **without(notes.get("xml", {}), "name")} for notes in (before, after))
    for key in {**old, **new}:
        if old.get(key) != new.get(key):
            what = f"`xml.{key}` changed from {quoted(old.get(key))} to {quoted(new.get(key))}"
            log.breaking(place.path, what, "the XML is written differently", place.name)


def _default(log: Log, before: Json, after: Json, place: Place) -> None:
    old, new = before.get("default", ABSENT), after.get("default", ABSENT)
    if old == new:
        return
    what = f"`default` {verb(before, after, 'default')}{values(old, new)}"
    if old is ABSENT:
        log.additive(place.path, what, "it says what was open", place.name)
    elif new is ABSENT and _states_absence(str(after.get("description", "")), old):
        reason = "its description says that absence means the same; clients no longer send it"
        log.additive(place.path, what, reason, place.name, migration=True)
    else:
        log.breaking(place.path, what, "leaving it out means something else", place.name)


def _states_absence(description: str, value: Any) -> bool:
    """Say whether a sentence of a description says that absence means a value."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    word = re.compile(rf"(?<![\w.]){re.escape(text)}(?!\.?\w)")
    return any(
        ABSENCE.search(sentence) and word.search(sentence) for sentence in re.split(r"(?<=[.!?])\s+", description)
    )


def _flags(log: Log, before: Json, after: Json, place: Place) -> None:
    for flag in ("readOnly", "writeOnly"):
        was, now = (notes.get(flag, False) is True for notes in (before, after))
        if was != now and flag != WITHHELD[place.direction]:
            log.documentation(place.path, f"`{flag}` {verb(before, after, flag)}", place.name)
        elif was != now and now:
            log.breaking(place.path, f"now `{flag}`", "it is left out in this direction", place.name)
        elif was != now:
            log.additive(place.path, f"no longer `{flag}`", "it appears in this direction", place.name)
