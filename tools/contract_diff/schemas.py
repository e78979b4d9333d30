"""Compare two schemas, and judge each difference by the direction that the documents travel in."""

from typing import Any, Final

from contract_diff.changes import ABSENT, Direction, Effect, Log, Place, is_annotation, quoted, values, verb
from contract_diff.keywords import keyword_effect
from contract_diff.pair import Pair, reference, without

__all__ = ["Schemas"]

Json = dict[str, Any]

SUBSCHEMAS: Final = (
    "additionalProperties",
    "unevaluatedProperties",
    "items",
    "unevaluatedItems",
    "propertyNames",
    "contains",
)
STRUCTURE: Final = {"$ref", "properties", "required", "anyOf", "oneOf", "allOf", "xml", "default", "deprecated"}


class Schemas:
    """Compares the schemas of two documents."""

    def __init__(self, log: Log, pair: Pair) -> None:
        self._log, self._pair = log, pair
        self._seen: set[tuple[str, str, Direction]] = set()

    def compare(self, before: Json, after: Json, place: Place) -> None:
        """Log the changes from one schema to the other; either may be a reference."""
        names = before.get("$ref", ""), after.get("$ref", "")
        if names == ("", ""):
            return self._bodies(before, after, place)
        if names[0] == names[1]:
            self._bodies(without(before, "$ref"), without(after, "$ref"), place)
            name = reference(before)
            place = Place(name, name, place.direction)
            before, after = ({"$ref": ref} for ref in names)
        elif all(names):
            what = f"the schema `{reference(before)}` is now `{reference(after)}`"
            self._log.breaking(place.path, what, "generated clients name a class by it", place.name)
        if (*names, place.direction) not in self._seen:
            self._seen.add((*names, place.direction))
            self._bodies(*self._pair.expanded(before, after), place)
        return None

    def _bodies(self, before: Json, after: Json, place: Place) -> None:
        before, after = self._pair.alike(before, after)
        self._log.annotations(before, after, place.path, place.name)
        self._keywords(before, after, place)
        self._default(before, after, place)
        self._xml(before, after, place)
        self._members(before, after, place)
        for key in SUBSCHEMAS:
            if key in before or key in after:
                self._subschema(before.get(key, True), after.get(key, True), key, place)
        self._branches(before, after, place)

    def _keywords(self, before: Json, after: Json, place: Place) -> None:
        """Compare the keywords about the value itself; an unknown one counts as breaking."""
        for key in {**before, **after}:
            old, new = before.get(key, ABSENT), after.get(key, ABSENT)
            if old == new or key in STRUCTURE or key in SUBSCHEMAS or is_annotation(key):
                continue
            what = f"`{key}` {verb(before, after, key)}{values(old, new)}"
            if key == "x-xml-entries":
                self._log.breaking(place.path, what, "the XML is written differently", place.name)
                continue
            effect = keyword_effect(key, old, new)
            if effect is None and key == "pattern":
                self._log.add("documentation", place.path, what, "the same texts match", place.name)
            else:
                self._log.effect(effect, place, what)

    def _default(self, before: Json, after: Json, place: Place) -> None:
        old, new = before.get("default", ABSENT), after.get("default", ABSENT)
        if old is ABSENT and new is not ABSENT:
            self._log.additive(place.path, f"`default` added{values(old, new)}", "it says what was open", place.name)
        elif old != new:
            what = f"`default` {verb(before, after, 'default')}{values(old, new)}"
            self._log.breaking(place.path, what, "leaving it out means something else", place.name)

    def _xml(self, before: Json, after: Json, place: Place) -> None:
        """Compare what `xml:` says; its `name` is compared where it names an element."""
        old, new = ({"wrapped": False, **without(body.get("xml", {}), "name")} for body in (before, after))
        for key in {**old, **new}:
            if old.get(key) != new.get(key):
                what = f"`xml.{key}` changed from {quoted(old.get(key))} to {quoted(new.get(key))}"
                self._log.breaking(place.path, what, "the XML is written differently", place.name)

    def _element(self, before: Json, after: Json, default: str, place: Place) -> None:
        old, new = (body.get("xml", {}).get("name", default) for body in (before, after))
        if old != new:
            what = f"in XML its element is `{new}`, no longer `{old}`"
            self._log.breaking(place.path, what, "XML that was read before is not found any more", place.name)

    def _members(self, before: Json, after: Json, place: Place) -> None:
        old, new = before.get("properties", {}), after.get("properties", {})
        was, now = set(before.get("required", ())), set(after.get("required", ()))
        asked = place.direction == "request"
        for name in {**old, **new}:
            inner = place.inside(f".{name}", name)
            if name not in new:
                reason = "a request that sends it is refused or ignored" if asked else "a reader of it finds nothing"
                self._log.breaking(inner.path, "member removed", reason, name)
            elif name in old:
                self._element(old[name], new[name], name, inner)
                self.compare(old[name], new[name], inner)
            elif asked and name in now:
                self._log.breaking(inner.path, "required member added", "older requests lack it", name)
            elif not asked and before.get("additionalProperties") is False:
                self._log.breaking(inner.path, "member added", "the answer was closed: readers may refuse it", name)
            else:
                reason = "requests without it stay valid" if asked else "readers ignore members that they do not know"
                self._log.additive(inner.path, "member added", reason, name)
        for name in (was ^ now) - (old.keys() ^ new.keys()):
            what = "now required" if name in now else "now optional"
            self._log.effect("narrower" if name in now else "wider", place.inside(f".{name}", name), what)

    def _subschema(self, before: Any, after: Any, key: str, place: Place) -> None:
        if False in (before, after):
            if before != after:
                what = f"`{key}` changed from {quoted(before)} to {quoted(after)}"
                self._log.effect("narrower" if after is False else "wider", place, what)
            return
        before, after = ({} if side is True else side for side in (before, after))
        inner = place.inside("[]" if key == "items" else f" {key}")
        if key == "items":
            self._element(*self._pair.resolved(before, after), place.name, inner)
        self.compare(before, after, inner)

    def _branches(self, before: Json, after: Json, place: Place) -> None:
        kinds = tuple(next((key for key in ("oneOf", "anyOf") if key in side), None) for side in (before, after))
        old, new = (side.get(kind, []) if kind else [] for side, kind in zip((before, after), kinds, strict=True))
        if None not in kinds and kinds[0] != kinds[1] and not (_disjoint(old) and _disjoint(new)):
            what = f"`{kinds[0]}` is now `{kinds[1]}`"
            self._log.effect("narrower" if kinds[1] == "oneOf" else "wider", place, what)
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
            self._log.effect(removed, place, f"{word} removed: {_label(branch)}")
        for branch in new:
            self._log.effect(added, place, f"{word} added: {_label(branch)}")


def _disjoint(branches: list[Any]) -> bool:
    types = [branch.get("type") for branch in branches]
    return all(isinstance(kind, str) for kind in types) and len(set(types)) == len(types)


def _same_reference(one: Json, other: Json) -> bool:
    return "$ref" in one and one["$ref"] == other.get("$ref")


def _same_type(one: Json, other: Json) -> bool:
    return "type" in one and one["type"] == other.get("type")


def _label(branch: Json) -> str:
    name = reference(branch)
    return f"`{name}`" if name else quoted(branch)
