"""What changed between two schemas, and whether it breaks the side that has to live with it.

A change of a schema makes the set of its valid documents *narrower*, *wider* or *different*. In a request narrower breaks,
because what was accepted can be refused; in an answer wider breaks, because a reader meets what was ruled out before.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from greenery import parse

__all__ = ["SEVERITY", "Change", "Direction", "Log", "Place", "Schemas", "Verdict", "annotations"]

Verdict = Literal["breaking", "additive", "documentation"]
Direction = Literal["request", "response"]
Effect = Literal["narrower", "wider", "different"]
Json = dict[str, Any]

SEVERITY: Final[tuple[Verdict, ...]] = ("documentation", "additive", "breaking")
ANNOTATIONS: Final = ("description", "title", "summary", "example", "examples", "externalDocs", "$comment")
REASONS: Final[dict[tuple[Effect, Direction], tuple[Verdict, str]]] = {
    ("narrower", "request"): ("breaking", "a request that was accepted can now be refused"),
    ("wider", "request"): ("additive", "every request that was accepted still is"),
    ("different", "request"): ("breaking", "a request that was accepted can now be refused"),
    ("narrower", "response"): ("additive", "every answer was possible before"),
    ("wider", "response"): ("breaking", "a reader can meet what was ruled out before"),
    ("different", "response"): ("breaking", "a reader can meet what was ruled out before"),
}
LOWER: Final = {"minimum": -math.inf, "exclusiveMinimum": -math.inf, "minLength": 0, "minItems": 0, "minProperties": 0,
                "minContains": 1}  # fmt: skip
UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")
SUBSCHEMAS: Final = (
    "additionalProperties",
    "unevaluatedProperties",
    "items",
    "unevaluatedItems",
    "propertyNames",
    "contains",
)
STRUCTURE: Final = {"$ref", "properties", "required", "anyOf", "oneOf", "allOf", "xml", "type", "enum", "pattern",
                    "default", "deprecated"}  # fmt: skip
ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the contract.

    Attributes:
        verdict: what it does to people who rely on the contract.
        place: where it is, for people.
        what: what it is.
        reason: why the verdict.
        name: the word by which the changelog has to mention it.
    """

    verdict: Verdict
    place: str
    what: str
    reason: str
    name: str


class Log:
    """Collects changes; one that is reached twice, as by two operations, is kept once, with its gravest verdict."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, str], Change] = {}

    def add(self, verdict: Verdict, place: str, what: str, reason: str, name: str) -> None:
        """Add one change."""
        known = self._changes.get((place, what))
        if known is None or SEVERITY.index(verdict) > SEVERITY.index(known.verdict):
            self._changes[place, what] = Change(verdict, place, what, reason, name)

    def sorted(self) -> list[Change]:
        """Return the changes, the gravest first."""
        return sorted(self._changes.values(), key=lambda change: (-SEVERITY.index(change.verdict), change.place))


class Place(NamedTuple):
    """Where a schema is: for people, by its own name, and in which direction its documents travel."""

    path: str
    name: str
    direction: Direction

    def inside(self, suffix: str, name: str | None = None) -> "Place":
        """Return the place of something in this schema."""
        return Place(self.path + suffix, name or self.name, self.direction)


def annotations(log: Log, before: Mapping[str, Any], after: Mapping[str, Any], place: str, name: str) -> None:
    """Log what changed for readers alone: texts, examples and our own `x-` members."""
    keys = [key for key in {**before, **after} if key in ANNOTATIONS or (key[:2] == "x-" and key != "x-xml-entries")]
    for key in keys:
        if before.get(key) != after.get(key):
            log.add(
                "documentation", place, f"`{key}` {_verb(before, after, key)}", "no document on the wire changes", name
            )
    if before.get("deprecated", False) != after.get("deprecated", False):
        verdict: Verdict = "additive" if after.get("deprecated") else "documentation"
        what = "deprecated" if after.get("deprecated") else "no longer deprecated"
        log.add(verdict, place, what, "it goes on working", name)


class Schemas:
    """Compares the schemas of two documents."""

    def __init__(self, log: Log, before: Json, after: Json) -> None:
        self._log = log
        self._documents = before, after
        self._seen: set[tuple[str, str, Direction]] = set()

    def compare(self, before: Json, after: Json, place: Place) -> None:
        """Log what changed from one schema to the other; either may be a reference."""
        names = before.get("$ref", ""), after.get("$ref", "")
        if names == ("", ""):
            return self._bodies(before, after, place)
        if names[0] == names[1]:
            self._bodies(_without(before, "$ref"), _without(after, "$ref"), place)
            name = names[0].rpartition("/")[2]
            place = Place(name, name, place.direction)
            before, after = ({"$ref": ref} for ref in names)
        elif all(names):
            old, new = (ref.rpartition("/")[2] for ref in names)
            reason = "generated clients name a class by it"
            self._log.add("breaking", place.path, f"the schema `{old}` is now `{new}`", reason, place.name)
        if (*names, place.direction) not in self._seen:
            self._seen.add((*names, place.direction))
            self._bodies(self._expanded(before, 0), self._expanded(after, 1), place)
        return None

    def resolve(self, node: Any, version: int) -> Any:
        """Follow references in the old document (0) or the new one (1)."""
        while isinstance(node, dict) and "$ref" in node:
            target: Any = self._documents[version]
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            node = {**target, **_without(node, "$ref")}
        return node

    def root(self, schema: Json, version: int) -> str:
        """Return the name of a document's root element in XML."""
        own: str = schema.get("$ref", "").rpartition("/")[2]
        return str(self.resolve(schema, version).get("xml", {}).get("name", own))

    def _expanded(self, schema: Any, version: int) -> Json:
        """Return the schema without references at its top, and a union with null as a nullable type."""
        body: Json = self.resolve(schema, version)
        for key in ("anyOf", "oneOf"):
            branches = body.get(key, [])
            others = [branch for branch in branches if branch != {"type": "null"}]
            if len(others) == 1:
                only = self.resolve(others[0], version)
                if len(branches) == 1:
                    return {**only, **_without(body, key)}
                if "type" in only and not {"enum", "const"} & only.keys():
                    types = only["type"] if isinstance(only["type"], list) else [only["type"]]
                    return {**only, **_without(body, key), "type": [*types, "null"]}
        return body

    def _bodies(self, before: Json, after: Json, place: Place) -> None:
        before, after = _as_unions(*(_without_const(self._expanded(side, n)) for n, side in enumerate((before, after))))
        annotations(self._log, before, after, place.path, place.name)
        self._keywords(before, after, place)
        self._default(before, after, place)
        self._xml(before, after, place)
        self._members(before, after, place)
        for key in SUBSCHEMAS:
            if key in before or key in after:
                self._subschema(before.get(key, True), after.get(key, True), key, place)
        self._branches(before, after, place)

    def _effect(self, effect: Effect | None, place: Place, what: str) -> None:
        if effect is not None:
            verdict, reason = REASONS[effect, place.direction]
            self._log.add(verdict, place.path, what, reason, place.name)

    def _keywords(self, before: Json, after: Json, place: Place) -> None:
        """Compare every keyword that speaks of the value itself. One that is not known here counts as breaking."""
        for key in {**before, **after}:
            old, new = before.get(key, ABSENT), after.get(key, ABSENT)
            if old == new or key in STRUCTURE - EFFECTS.keys() or key in SUBSCHEMAS or key in ANNOTATIONS:
                continue
            if key[:2] == "x-" and key != "x-xml-entries":
                continue
            what = f"`{key}` {_verb(before, after, key)}{_values(old, new)}"
            if key == "x-xml-entries":
                self._log.add("breaking", place.path, what, "the XML is written differently", place.name)
            elif key == "pattern" and _pattern(old, new) is None:
                self._log.add("documentation", place.path, what, "the same texts match", place.name)
            else:
                self._effect(EFFECTS.get(key, _presence)(old, new), place, what)

    def _default(self, before: Json, after: Json, place: Place) -> None:
        old, new = before.get("default", ABSENT), after.get("default", ABSENT)
        if old is ABSENT and new is not ABSENT:
            self._log.add(
                "additive", place.path, f"`default` added{_values(old, new)}", "it says what was open", place.name
            )
        elif old != new:
            what = f"`default` {_verb(before, after, 'default')}{_values(old, new)}"
            self._log.add("breaking", place.path, what, "leaving it out means something else", place.name)

    def _xml(self, before: Json, after: Json, place: Place) -> None:
        """Compare what `xml:` says besides `name`, which counts only where it names an element."""
        old, new = ({"wrapped": False, **_without(body.get("xml", {}), "name")} for body in (before, after))
        for key in {**old, **new}:
            if old.get(key) != new.get(key):
                what = f"`xml.{key}` changed from {_text(old.get(key))} to {_text(new.get(key))}"
                self._log.add("breaking", place.path, what, "the XML is written differently", place.name)

    def _element(self, old: str, new: str, place: Place) -> None:
        if old != new:
            what = f"in XML its element is `{new}`, no longer `{old}`"
            self._log.add("breaking", place.path, what, "XML that was read before is not found any more", place.name)

    def _members(self, before: Json, after: Json, place: Place) -> None:
        old, new = before.get("properties", {}), after.get("properties", {})
        was, now = set(before.get("required", ())), set(after.get("required", ()))
        asked = place.direction == "request"
        for name in {**old, **new}:
            inner = place.inside(f".{name}", name)
            if name not in new:
                reason = "a request that sends it is refused or ignored" if asked else "a reader of it finds nothing"
                self._log.add("breaking", inner.path, "member removed", reason, name)
            elif name in old:
                self._element(*(side[name].get("xml", {}).get("name", name) for side in (old, new)), inner)
                self.compare(old[name], new[name], inner)
            elif asked and name in now:
                self._log.add("breaking", inner.path, "required member added", "older requests lack it", name)
            elif not asked and before.get("additionalProperties") is False:
                self._log.add(
                    "breaking", inner.path, "member added", "the answer was closed: readers may refuse it", name
                )
            else:
                reason = "requests without it stay valid" if asked else "readers ignore members that they do not know"
                self._log.add("additive", inner.path, "member added", reason, name)
        for name in (was ^ now) - (old.keys() ^ new.keys()):
            inner = place.inside(f".{name}", name)
            self._effect(
                "narrower" if name in now else "wider", inner, "now required" if name in now else "now optional"
            )

    def _subschema(self, before: Any, after: Any, key: str, place: Place) -> None:
        if False in (before, after):
            if before != after:
                what = f"`{key}` changed from {_text(before)} to {_text(after)}"
                self._effect("narrower" if after is False else "wider", place, what)
            return
        before, after = ({} if side is True else side for side in (before, after))
        inner = place.inside("[]" if key == "items" else f" {key}")
        if key == "items":
            items = (self.resolve(side, version) for version, side in enumerate((before, after)))
            self._element(*(side.get("xml", {}).get("name", place.name) for side in items), inner)
        self.compare(before, after, inner)

    def _branches(self, before: Json, after: Json, place: Place) -> None:
        kinds = tuple(next((key for key in ("oneOf", "anyOf") if key in side), None) for side in (before, after))
        old, new = (side.get(kind, []) if kind else [] for side, kind in zip((before, after), kinds, strict=True))
        if None not in kinds and kinds[0] != kinds[1] and not (_disjoint(old) and _disjoint(new)):
            effect: Effect = "narrower" if kinds[1] == "oneOf" else "wider"
            self._effect(effect, place, f"`{kinds[0]}` is now `{kinds[1]}`")
        added: Effect = "wider" if old else "narrower"
        removed: Effect = "narrower" if new else "wider"
        self._pairs(old, new, place, added, removed, "alternative")
        self._pairs(before.get("allOf", []), after.get("allOf", []), place, "narrower", "wider", "condition")

    def _pairs(
        self, before: list[Any], after: list[Any], place: Place, added: Effect, removed: Effect, word: str
    ) -> None:
        old = [branch for branch in before if branch not in after]
        new = [branch for branch in after if branch not in before]
        for mate in (_same_reference, _same_type):
            for branch in old[:]:
                match = next((other for other in new if mate(branch, other)), None)
                if match is not None:
                    old.remove(branch)
                    new.remove(match)
                    self.compare(branch, match, place.inside(f" ({word} {_label(match)})"))
        for branch in old:
            self._effect(removed, place, f"{word} removed: {_label(branch)}")
        for branch in new:
            self._effect(added, place, f"{word} added: {_label(branch)}")


def _bound(lower: bool, default: float) -> Callable[[Any, Any], Effect | None]:
    def effect(old: Any, new: Any) -> Effect | None:
        low, high = (default if value is ABSENT else value for value in (old, new))
        if low == high:
            return None
        return "narrower" if (high > low) == lower else "wider"

    return effect


def _type(old: Any, new: Any) -> Effect | None:
    def types(value: Any) -> set[str]:
        if value is ABSENT:
            return {"null", "boolean", "object", "array", "number", "integer", "string"}
        found = {value} if isinstance(value, str) else set(value)
        return found | {"integer"} if "number" in found else found

    return _sets(types(old), types(new))


def _enum(old: Any, new: Any) -> Effect | None:
    def values(value: Any) -> set[str] | None:
        return None if value is ABSENT else {json.dumps(item, sort_keys=True) for item in value}

    before, after = values(old), values(new)
    if before is None or after is None:
        return "wider" if after is None else "narrower"
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
    except Exception:  # what greenery cannot read, of any kind, is not compared
        return "different"
    if lost and won:
        return "different"
    return "narrower" if lost else "wider" if won else None


def _language(pattern: str) -> str:
    """Return a JSON Schema pattern as an expression for the whole text.

    Raises:
        ValueError: it may match anywhere, an anchor stands inside, or it repeats so often that a comparison takes for ever.
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


def _as_unions(before: Json, after: Json) -> tuple[Json, Json]:
    """Where one side alone is a union, write the other as a union of one, so that their branches can be compared."""
    unions = [next((key for key in ("anyOf", "oneOf") if key in side), None) for side in (before, after)]
    asserted = [{key for key in side if key not in ANNOTATIONS and key[:2] != "x-"} for side in (before, after)]
    if unions[0] and not unions[1] and asserted[0] == {unions[0]} and asserted[1]:
        return before, _wrapped(after, unions[0])
    if unions[1] and not unions[0] and asserted[1] == {unions[1]} and asserted[0]:
        return _wrapped(before, unions[1]), after
    return before, after


def _wrapped(body: Json, union: str) -> Json:
    texts = {key: value for key, value in body.items() if key in ANNOTATIONS or key[:2] == "x-"}
    return {**texts, union: [{key: value for key, value in body.items() if key not in texts}]}


def _disjoint(branches: list[Any]) -> bool:
    types = [branch.get("type") for branch in branches]
    return all(isinstance(kind, str) for kind in types) and len(set(types)) == len(types)


def _without_const(body: Json) -> Json:
    return {**_without(body, "const"), "enum": [body["const"]]} if "const" in body else body


def _same_reference(one: Json, other: Json) -> bool:
    return "$ref" in one and one["$ref"] == other.get("$ref")


def _same_type(one: Json, other: Json) -> bool:
    return "type" in one and one["type"] == other.get("type")


def _label(branch: Json) -> str:
    name = str(branch.get("$ref", "")).rpartition("/")[2]
    return f"`{name}`" if name else _text(branch)


def _without(body: Mapping[str, Any], key: str) -> Json:
    return {name: value for name, value in body.items() if name != key}


def _verb(before: Mapping[str, Any], after: Mapping[str, Any], key: str) -> str:
    return "added" if key not in before else "removed" if key not in after else "changed"


def _values(old: Any, new: Any) -> str:
    if isinstance(old, list) and isinstance(new, list):
        lost, won = (", ".join(_text(item) for item in a if item not in b) for a, b in ((old, new), (new, old)))
        return ": " + " and ".join([f"without {lost}"] * bool(lost) + [f"with {won}"] * bool(won) or ["another order"])
    if old is ABSENT:
        return f": {_text(new)}"
    return f": was {_text(old)}" if new is ABSENT else f" from {_text(old)} to {_text(new)}"


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= 60 else text[:57] + '…'}`"
