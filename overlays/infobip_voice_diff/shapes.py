"""The normal form of a schema, in which schemas that mean the same look the same.

References are followed, conditions (`allOf`) are joined, unions are flattened, and what is left is
split by type. A schema is then a list of kinds, and a document is valid if one of them accepts it.
The schemas of members and items inside a kind stay as they are written: whoever compares them
brings them into their own normal form.
"""

import itertools
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from infobip_voice_diff.changes import is_annotation
from infobip_voice_diff.kinds import Kind, merged, overlap, split
from infobip_voice_diff.references import is_object, named, resolve
from infobip_voice_diff.rules import joined, rules

__all__ = ["Shape", "shape"]

Json = dict[str, Any]
MAX_KINDS: Final = 64
NOTES: Final = {"xml", "default", "deprecated", "readOnly", "writeOnly"}
NULL: Final = {"type": "null"}


class Shape(NamedTuple):
    """A schema in normal form.

    Attributes:
        notes: What it says besides its rules: texts, `xml`, `default` and the like.
        kinds: Its alternatives.
        exclusive: Whether a document must not fit two of them, although it could.
    """

    notes: Json
    kinds: tuple[Kind, ...]
    exclusive: bool


class _Flat(NamedTuple):
    """A schema whose references and conditions are joined.

    `name` is the schema behind it, if all that is added to that is `null`.
    """

    notes: Json
    rules: Json
    unions: tuple[Json, ...] = ()
    name: str = ""


def shape(document: Json, schema: Any, above: tuple[str, ...] = ()) -> Shape:
    """Return the normal form of a schema; `above` are the references that led to it."""
    flat = _flat(document, schema, above)
    found = [Kind(flat.name, "", flat.rules, {})]
    exclusive = False
    for union in flat.unions:
        branches = list(_branches(document, union, above))
        if len(found) * len(branches) > MAX_KINDS:
            found = [kind._replace(rules=joined(kind.rules, {"allOf": [union]})) for kind in found]
            continue
        exclusive = exclusive or ("oneOf" in union and _overlapping(branches))
        found = [
            Kind(branch.name or kind.name, "", joined(kind.rules, {**branch.rules, "type": (branch.type,)}),
                 {**kind.notes, **branch.notes})
            for kind, (_, branch) in itertools.product(found, branches)
        ]  # fmt: skip
    return Shape(
        flat.notes, merged([part for kind in found for part in split(kind.rules, kind.name, kind.notes)]), exclusive
    )


def _branches(document: Json, union: Json, above: tuple[str, ...]) -> Iterator[tuple[int, Kind]]:
    """Yield the kinds of a union, each with the number of its branch."""
    [branches] = union.values()
    for number, branch in enumerate(branches):
        inner = shape(document, branch, above)
        for kind in inner.kinds:
            name = named(branch)[0].rpartition("/")[2] or kind.name
            yield number, kind._replace(name=name, notes={**inner.notes, **kind.notes})


def _overlapping(branches: list[tuple[int, Kind]]) -> bool:
    pairs = itertools.combinations(branches, 2)
    return any(first[0] != second[0] and overlap(first[1], second[1]) for first, second in pairs)


def _flat(document: Json, schema: Any, above: tuple[str, ...]) -> _Flat:
    if not is_object(schema):
        return _Flat({}, {} if schema else {"type": ()})
    notes = {key: value for key, value in schema.items() if is_annotation(key) or key in NOTES}
    body = {key: value for key, value in schema.items() if key not in notes}
    pointer = body.pop("$ref", None)
    evaluated = body.pop("unevaluatedProperties", True)
    conditions = body.pop("allOf", [])
    unions: list[Json] = [{key: body.pop(key)} for key in ("anyOf", "oneOf") if key in body]
    parts: list[_Flat] = []
    if pointer is not None and pointer not in above:
        parts.append(_flat(document, resolve(document, {"$ref": pointer}), (*above, pointer)))
    for condition in conditions:
        parts.append(_flat(document, condition, above))
        notes = _described(notes, parts[-1].notes)
    alone = not body and not parts and len(unions) == 1
    for union in unions[:]:
        part = _union_of_one(document, union, above)
        if part is not None:
            unions.remove(union)
            parts.append(part)
    found = rules(body)
    for part in parts:
        found, unions = joined(found, part.rules), [*unions, *part.unions]
        notes = {**part.notes, **notes}
    if evaluated not in (True, {}):
        # Which members a union evaluates depends on its branch; the keyword stays as it is there.
        found = {"unevaluatedProperties" if unions else "additionalProperties": evaluated, **found}
    return _Flat(notes, found, tuple(unions), parts[0].name if alone and parts else "")


def _union_of_one(document: Json, union: Json, above: tuple[str, ...]) -> _Flat | None:
    """Return the only branch of a union, or the only one besides null; None if there are more."""
    [branches] = union.values()
    others = [branch for branch in branches if branch != NULL]
    if len(others) != 1:
        return None
    flat = _flat(document, others[0], above)
    if len(branches) == 1:
        return flat
    if flat.unions or "allOf" in flat.rules or "type" not in flat.rules:
        return None
    name = named(others[0])[0].rpartition("/")[2]
    nullable = {**flat.rules, "type": (*flat.rules["type"], "null")}
    if "enum" in nullable:
        nullable["enum"] = [*nullable["enum"], None]
    return flat._replace(rules=nullable, name=name)


def _described(notes: Json, condition: Json) -> Json:
    """Return notes with the description of a condition below their own."""
    texts = [each["description"] for each in (notes, condition) if "description" in each]
    return {**notes, "description": "\n\n".join(texts)} if texts else notes
