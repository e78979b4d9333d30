"""Judge one keyword of a schema: does its new value allow more, fewer or other documents?"""

import json
import math
import re
from collections.abc import Callable
from typing import Any, Final

from greenery import parse

from contract_diff.changes import ABSENT, Effect

__all__ = ["keyword_effect"]

LOWER: Final = {"minimum": -math.inf, "exclusiveMinimum": -math.inf, "minLength": 0, "minItems": 0, "minProperties": 0,
                "minContains": 1}  # fmt: skip
UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")


def keyword_effect(key: str, old: Any, new: Any) -> Effect | None:
    """Compare two values of a keyword; either may be ABSENT. An unknown keyword is `different`."""
    return EFFECTS.get(key, _presence)(old, new)


def _bound(lower: bool, default: float) -> Callable[[Any, Any], Effect | None]:
    def compare(old: Any, new: Any) -> Effect | None:
        low, high = (default if value is ABSENT else value for value in (old, new))
        if low == high:
            return None
        return "narrower" if (high > low) == lower else "wider"

    return compare


def _type(old: Any, new: Any) -> Effect | None:
    def types(value: Any) -> set[str]:
        if value is ABSENT:
            return {"null", "boolean", "object", "array", "number", "integer", "string"}
        found = {value} if isinstance(value, str) else set(value)
        return found | {"integer"} if "number" in found else found

    return _sets(types(old), types(new))


def _enum(old: Any, new: Any) -> Effect | None:
    if old is ABSENT or new is ABSENT:
        return _presence(old, new)
    before, after = ({json.dumps(item, sort_keys=True) for item in value} for value in (old, new))
    return _sets(before, after)


def _sets(before: set[str], after: set[str]) -> Effect | None:
    if before == after:
        return None
    return "wider" if before < after else "narrower" if after < before else "different"


def _pattern(old: Any, new: Any) -> Effect | None:
    if old is ABSENT or new is ABSENT:
        return _presence(old, new)
    try:
        before, after = (parse(_language(text)).to_fsm() for text in (old, new))
        lost, won = not (before - after).empty(), not (after - before).empty()
    except Exception:  # greenery raises many kinds for what it cannot read; that counts as different
        return "different"
    if lost and won:
        return "different"
    return "narrower" if lost else "wider" if won else None


def _language(pattern: str) -> str:
    """Return a JSON Schema pattern as an expression for the whole text.

    Raises:
        ValueError: The pattern may match anywhere, has an anchor inside, or repeats a hundred times
            or more, which takes greenery too long.
    """
    text = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), pattern)
    bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "_", text)
    inner = bare[1:-1]
    depth = alternatives = 0
    for character in inner:
        depth += (character == "(") - (character == ")")
        alternatives += character == "|" and depth == 0
    if f"^{inner}$" != bare or {"^", "$"} & set(inner) or alternatives or re.search(r"\{\d*,?\d{3,}\}", inner):
        raise ValueError(pattern)
    return text[1:-1].replace("(?:", "(")


def _presence(old: Any, new: Any) -> Effect | None:
    return "narrower" if old is ABSENT else "wider" if new is ABSENT else "different"


def _flag(old: Any, new: Any) -> Effect | None:
    before, after = (value is True for value in (old, new))
    return None if before == after else "narrower" if after else "wider"


EFFECTS: Final[dict[str, Callable[[Any, Any], Effect | None]]] = {
    **{key: _bound(True, default) for key, default in LOWER.items()},
    **{key: _bound(False, math.inf) for key in UPPER},
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "uniqueItems": _flag,
    "readOnly": _flag,
    "writeOnly": _flag,
}
