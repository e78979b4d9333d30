"""Split rules by type: a kind of document has one type, and only the rules that speak of it."""

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from infobip_voice_diff.rules import ALL_TYPES, Bound, kind_of, unique

__all__ = ["Kind", "merged", "overlap", "split"]

Json = dict[str, Any]
STRING, NUMBER, ARRAY, OBJECT = ("string",), ("number", "integer"), ("array",), ("object",)
SPEAKS_OF: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("minLength", "maxLength", "pattern", "not pattern", "contentEncoding", "contentMediaType",
                     "contentSchema"), STRING),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), NUMBER),
    **dict.fromkeys(("items", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains",
                     "prefixItems", "unevaluatedItems"), ARRAY),
    **dict.fromkeys(("properties", "required", "additionalProperties", "patternProperties", "propertyNames",
                     "minProperties", "maxProperties", "dependentRequired", "dependentSchemas",
                     "unevaluatedProperties", "x-xml-entries"), OBJECT),
    "format": STRING + NUMBER,
}  # fmt: skip
NOTHING: Final[dict[str, tuple[Any, ...]]] = {
    **dict.fromkeys(("minLength", "minItems", "minProperties"), (0,)),
    **dict.fromkeys(("additionalProperties", "items", "propertyNames"), (True, {})),
    "required": ((),),
    "properties": ({},),
    "uniqueItems": (False,),
}
"""The values that make a keyword say nothing."""


class Kind(NamedTuple):
    """Documents of one type.

    Attributes:
        name: The schema that a union refers to for it; the empty string if it is written out.
        type: Its type.
        rules: The keywords that speak of this type, as `rules` writes them.
        notes: What a branch of a union says besides its rules.
    """

    name: str
    type: str
    rules: Json
    notes: Json

    @property
    def key(self) -> str:
        """Return a text that two kinds share if their rules and order of members are equal."""
        members = list(self.rules.get("properties", ()))
        return json.dumps([self.type, members, self.rules], sort_keys=True, default=str)


def split(body: Json, name: str, notes: Json) -> Iterator[Kind]:
    """Yield the kinds of document that rules accept."""
    types = body.get("type", ALL_TYPES)
    for each in dict.fromkeys(types):
        if each == "integer" and "number" in types:
            continue
        found = {
            key: value for key, value in body.items()
            if key != "type" and each in SPEAKS_OF.get(key, (each,)) and not _says_nothing(key, value, each)
        }  # fmt: skip
        if "enum" in body:
            found["enum"] = unique(value for value in body["enum"] if _has_type(value, each))
            if not found["enum"]:
                continue
            if each == "null" or (each == "boolean" and len(found["enum"]) == 2):
                del found["enum"]
        yield Kind("" if each == "null" else name, each, _of_integers(found) if each == "integer" else found, notes)


def _says_nothing(key: str, value: Any, kind: str) -> bool:
    if key == "multipleOf":
        return kind == "integer" and value == 1
    return any(value == nothing and type(value) is type(nothing) for nothing in NOTHING.get(key, ()))


def _has_type(value: Any, kind: str) -> bool:
    return kind_of(value) == kind or (kind == "number" and kind_of(value) == "integer")


def _of_integers(found: Json) -> Json:
    """Return rules for integers, whose bounds are integers that are allowed."""
    found = dict(found)
    if "minimum" in found:
        value, exclusive = found["minimum"]
        found["minimum"] = Bound(math.floor(value) + 1 if exclusive else math.ceil(value), False)
    if "maximum" in found:
        value, exclusive = found["maximum"]
        found["maximum"] = Bound(math.ceil(value) - 1 if exclusive else math.floor(value), False)
    return found


def merged(kinds: Sequence[Kind]) -> tuple[Kind, ...]:
    """Return kinds without repetition; those that only list values are one kind for each type."""
    found: dict[str, Kind] = {}
    for kind in kinds:
        listed = kind.rules.keys() == {"enum"}
        key = f"{kind.type} of a list" if listed else kind.key
        if key not in found:
            found[key] = kind
        elif listed:
            values = unique([*found[key].rules["enum"], *kind.rules["enum"]])
            found[key] = kind._replace(rules={"enum": values})
    return tuple(found.values())


def overlap(one: Kind, other: Kind) -> bool:
    """Say whether a document may be of both kinds, as far as types and lists of values tell."""
    if one.type != other.type and {one.type, other.type} != {"integer", "number"}:
        return False
    if "enum" in one.rules and "enum" in other.rules:
        return any(value in other.rules["enum"] for value in one.rules["enum"])
    return True
