"""The rules of a schema, each written in one way, and how two sets of rules join into one."""

import json
import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final, NamedTuple

__all__ = ["ALL_TYPES", "Bound", "both", "joined", "kind_of", "rules"]

Json = dict[str, Any]
ALL_TYPES: Final = ("null", "boolean", "object", "array", "number", "string")
LOWER: Final = {"minLength", "minItems", "minProperties", "minContains"}
UPPER: Final = {"maxLength", "maxItems", "maxProperties", "maxContains"}
MEMBERS: Final = {"properties", "additionalProperties", "patternProperties"}


class Bound(NamedTuple):
    """A bound of a number; an exclusive one is no value that is allowed."""

    value: float
    exclusive: bool

    def __str__(self) -> str:
        return f"{'beyond ' if self.exclusive else ''}{self.value}"


def rules(body: Json) -> Json:
    """Return the keywords of a schema in one spelling; references and unions are gone by then.

    `type`, `required`, `pattern` and the texts that `not` rules out by a pattern (`not pattern`)
    become tuples, `const` an `enum`, exclusive bounds a `Bound` in `minimum` and `maximum`.
    """
    found = dict(body)
    if "type" in found:
        found["type"] = (found["type"],) if isinstance(found["type"], str) else tuple(found["type"])
    if "const" in found:
        found = joined(found, {"enum": [found.pop("const")]})
    if "pattern" in found:
        found["pattern"] = (found["pattern"],)
    if "required" in found:
        found["required"] = tuple(found["required"])
    for key, exclusive, nearest in (("minimum", "exclusiveMinimum", max), ("maximum", "exclusiveMaximum", min)):
        bounds = [Bound(found.pop(key), False)] if key in found else []
        bounds += [Bound(found.pop(exclusive), True)] if exclusive in found else []
        if bounds:
            found[key] = nearest(bounds, key=lambda bound: (bound.value, bound.exclusive == (nearest is max)))
    return _without_not(found) if "not" in found else found


def _without_not(found: Json) -> Json:
    ruled_out = found["not"]
    rest = {key: value for key, value in found.items() if key != "not"}
    if ruled_out is False:
        return rest
    if ruled_out is True or ruled_out == {}:
        return joined(rest, {"type": ()})
    if (
        ruled_out.keys() <= {"pattern", "type"}
        and "pattern" in ruled_out
        and ruled_out.get("type", "string") == "string"
    ):
        rest = joined(rest, {"not pattern": (ruled_out["pattern"],)})
        # A pattern accepts whatever is no text; `not` rules that out, unless it names the type.
        return rest if "type" in ruled_out else joined(rest, {"type": ("string",)})
    return found


def joined(one: Json, other: Json) -> Json:
    """Return the rules that accept what both accept; `allOf` keeps what cannot be joined."""
    found = {**one, **other}
    left = list(one.get("allOf", ())) + [part for part in other.get("allOf", ()) if part not in one.get("allOf", ())]
    for key in (one.keys() & other.keys()) - MEMBERS - {"allOf"}:
        if one[key] != other[key]:
            found[key] = _both_values(key, one[key], other[key])
            if found[key] is None:
                found[key] = one[key]
                left.append({key: other[key]})
    if MEMBERS & one.keys() and MEMBERS & other.keys():
        if "patternProperties" in found:
            found.update({key: one[key] for key in MEMBERS & one.keys()})
            left.append({key: other[key] for key in MEMBERS & other.keys()})
        else:
            found.update(_members(one, other))
    return {**found, "allOf": left} if left else found


def _both_values(key: str, one: Any, other: Any) -> Any:
    """Return the value of a keyword that accepts what both values accept; None if there is none."""
    if key == "type":
        wide = [{*types, *(("integer",) if "number" in types else ())} for types in (one, other)]
        return tuple(each for each in dict.fromkeys([*one, *other]) if all(each in types for types in wide))
    if key == "enum":
        return [value for value in one if _text(value) in map(_text, other)]
    if key in ("pattern", "not pattern", "required"):
        return tuple(dict.fromkeys([*one, *other]))
    if key in LOWER:
        return max(one, other)
    if key in UPPER:
        return min(one, other)
    if key == "minimum":
        return max(one, other)
    if key == "maximum":
        return min(one, other, key=lambda bound: (bound.value, not bound.exclusive))
    if key == "multipleOf":
        steps = [Fraction(str(step)) for step in (one, other)]
        common = math.lcm(*(step.numerator for step in steps)) / Fraction(
            math.gcd(*(step.denominator for step in steps))
        )
        return int(common) if common.denominator == 1 else float(common)
    if key in ("items", "propertyNames", "unevaluatedItems"):
        return both(one, other)
    return True if key == "uniqueItems" else None


def _members(one: Json, other: Json) -> Json:
    rests = one.get("additionalProperties", True), other.get("additionalProperties", True)
    rest = both(*rests)
    sides = one.get("properties", {}), other.get("properties", {})
    members = {
        name: both(*(side.get(name, beside) for side, beside in zip(sides, rests, strict=True)))
        for name in dict.fromkeys([*sides[0], *sides[1]])
    }
    kept = {name: value for name, value in members.items() if value is not False or rest is not False}
    found: Json = {"properties": kept}
    if "additionalProperties" in one or "additionalProperties" in other:
        found["additionalProperties"] = rest
    return found


def both(one: Any, other: Any) -> Any:
    """Return a schema that accepts what both schemas accept."""
    if one in (True, {}) or one == other or other is False:
        return other
    if other in (True, {}) or one is False:
        return one
    parts = [part["allOf"] if part.keys() == {"allOf"} else [part] for part in (one, other)]
    return {"allOf": [*parts[0], *(part for part in parts[1] if part not in parts[0])]}


def kind_of(value: Any) -> str:
    """Return the type of a JSON value; a number without a fraction is an integer."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int | float):
        return "integer" if value == int(value) else "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def unique(values: Iterable[Any]) -> list[Any]:
    """Return JSON values in one order, each once."""
    return [json.loads(text) for text in sorted({_text(value) for value in values})]
