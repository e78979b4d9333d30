"""Judge one keyword of a kind: does its new value allow more, fewer or other documents?"""

import json
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from infobip_voice_diff.changes import ABSENT, Effect
from infobip_voice_diff.rules import Bound

__all__ = ["keyword_effect"]

LOWER: Final = {"minLength": 0, "minItems": 0, "minProperties": 0, "minContains": 1}
UPPER: Final = ("maxLength", "maxItems", "maxProperties", "maxContains")
RULES: Final = ("format", "not", "if", "then", "else", "contains", "prefixItems", "patternProperties",
    "unevaluatedItems",
                "dependentRequired", "dependentSchemas", "unevaluatedProperties", "contentEncoding", "contentMediaType",
                "contentSchema")  # fmt: skip


def keyword_effect(key: str, old: Any, new: Any) -> Effect | None:
    """Compare two values of a keyword; either may be ABSENT. An unknown keyword is `different`."""
    return EFFECTS.get(key, _unknown)(old, new)


def _bound(lower: bool, default: Any) -> Callable[[Any, Any], Effect | None]:
    def compare(old: Any, new: Any) -> Effect | None:
        low, high = (default if value is ABSENT else value for value in (old, new))
        if low == high:
            return None
        return "narrower" if (high > low) == lower else "wider"

    return compare


def _maximum(old: Any, new: Any) -> Effect | None:
    low, high = (
        Bound(math.inf, True) if value is ABSENT else Bound(value.value, not value.exclusive) for value in (old, new)
    )
    return None if low == high else "narrower" if high < low else "wider"


def _step(old: Any, new: Any) -> Effect | None:
    if old is ABSENT or new is ABSENT:
        return _presence(old, new)
    ratio = Fraction(str(new)) / Fraction(str(old))
    return "narrower" if ratio.denominator == 1 else "wider" if ratio.numerator == 1 else "different"


def _enum(old: Any, new: Any) -> Effect | None:
    if old is ABSENT or new is ABSENT:
        return _presence(old, new)
    before, after = ({json.dumps(item, sort_keys=True) for item in value} for value in (old, new))
    if before == after:
        return None
    return "wider" if before < after else "narrower" if after < before else "different"


def _conditions(old: Any, new: Any) -> Effect | None:
    """Compare the conditions that could not be joined with the other rules."""
    was: list[Any] = [] if old is ABSENT else old
    now: list[Any] = [] if new is ABSENT else new
    lost, won = [each for each in was if each not in now], [each for each in now if each not in was]
    return "different" if lost and won else "wider" if lost else "narrower" if won else None


def _presence(old: Any, new: Any) -> Effect | None:
    return "narrower" if old is ABSENT else "wider" if new is ABSENT else "different"


def _flag(old: Any, new: Any) -> Effect | None:
    before, after = (value is True for value in (old, new))
    return None if before == after else "narrower" if after else "wider"


def _unknown(_old: Any, _new: Any) -> Effect | None:
    return "different"


EFFECTS: Final[dict[str, Callable[[Any, Any], Effect | None]]] = {
    **{key: _bound(True, default) for key, default in LOWER.items()},
    **{key: _bound(False, math.inf) for key in UPPER},
    **dict.fromkeys(RULES, _presence),
    "minimum": _bound(True, Bound(-math.inf, False)),
    "maximum": _maximum,
    "multipleOf": _step,
    "enum": _enum,
    "uniqueItems": _flag,
    "allOf": _conditions,
}
