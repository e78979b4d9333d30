"""Compare two schemas, and judge each difference by the direction that the documents travel in."""

from typing import Any, cast

from infobip_voice_diff.alternatives import Alternatives
from infobip_voice_diff.changes import ABSENT, Direction, Log, Place, values, verb
from infobip_voice_diff.inclusion import STRUCTURE
from infobip_voice_diff.keywords import keyword_effect
from infobip_voice_diff.kinds import Kind
from infobip_voice_diff.notes import compare_notes
from infobip_voice_diff.patterns import TEXTS, texts_effect
from infobip_voice_diff.positions import REASON, displaces, exchanged
from infobip_voice_diff.references import Pair, is_object, named
from infobip_voice_diff.rules import Bound
from infobip_voice_diff.shapes import Shape, shape

__all__ = ["Schemas"]

Json = dict[str, Any]
Pointers = tuple[str, str, Direction]


class Schemas:
    """Compares the schemas of two documents."""

    def __init__(self, log: Log, pair: Pair) -> None:
        self._log, self._pair = log, pair
        self._alternatives = Alternatives(log, pair)
        self._seen: set[Pointers] = set()
        self._open: list[tuple[Any, Any, Direction]] = []

    def compare(self, before: Any, after: Any, place: Place) -> None:
        """Log the changes from one schema to the other."""
        (old, beside), (new, besides) = named(before), named(after)
        if old and old == new:
            shapes = shape(self._pair.before, beside), shape(self._pair.after, besides)
            compare_notes(self._log, shapes[0].notes, shapes[1].notes, place)
            if shapes[0].kinds != shapes[1].kinds:
                self._shapes(*self._whole(before, after), place)
            return self._named({"$ref": old}, {"$ref": new}, place)
        if old and new:
            names = [pointer.rpartition("/")[2] for pointer in (old, new)]
            what = f"the schema `{names[0]}` is now `{names[1]}`"
            self._log.breaking(place.path, what, "generated clients name a class by it", place.name)
        if (before, after, place.direction) in self._open:
            return None
        self._open.append((before, after, place.direction))
        whole = self._whole(before, after)
        compare_notes(self._log, whole[0].notes, whole[1].notes, place)
        self._shapes(*whole, place)
        self._open.pop()
        return None

    def _named(self, before: Json, after: Json, place: Place) -> None:
        """Compare what a name means in both documents, once for each direction."""
        pointers = (before["$ref"], after["$ref"], place.direction)
        if pointers not in self._seen:
            self._seen.add(pointers)
            name = before["$ref"].rpartition("/")[2]
            targets = self._pair.resolved(before, after)
            self.compare(*targets, Place(name, name, place.direction))

    def _whole(self, before: Any, after: Any) -> tuple[Shape, Shape]:
        return shape(self._pair.before, before), shape(self._pair.after, after)

    def _shapes(self, before: Shape, after: Shape, place: Place) -> None:
        for old, new, at in self._alternatives.pairs(before, after, place):
            if old.notes or new.notes:
                compare_notes(self._log, old.notes, new.notes, at)
            self._rules(old, new, at)

    def _rules(self, before: Kind, after: Kind, place: Place) -> None:
        """Compare the keywords of two kinds; an unknown one counts as breaking."""
        old, new = before.rules, after.rules
        texts = [key for key in TEXTS if before.type == "string" and old.get(key) != new.get(key)]
        if texts:
            what = ", ".join(_changed(old, new, key) for key in texts)
            effect = texts_effect(old, new)
            if effect is None:
                self._log.add("documentation", place.path, what, "the same texts are valid", place.name)
            self._log.effect(effect, place, what)
        for key in {**old, **new}:
            if key not in STRUCTURE and key not in texts and old.get(key, ABSENT) != new.get(key, ABSENT):
                if key == "x-xml-entries":
                    what = _changed(old, new, key)
                    self._log.breaking(place.path, what, "the XML is written differently", place.name)
                elif (effect := keyword_effect(key, old.get(key, ABSENT), new.get(key, ABSENT))) is not None:
                    self._log.effect(effect, place, _changed(old, new, key))
        if before.type == "object":
            self._members(old, new, place)
            self._rest(old.get("additionalProperties", True), new.get("additionalProperties", True), place)
            self._inner(old, new, "propertyNames", place.inside(" propertyNames"))
        if before.type == "array":
            items = place.inside("[]")
            elements = self._pair.resolved(old.get("items", True), new.get("items", True))
            self._element(elements, place.name, items)
            self._inner(old, new, "items", items)

    def _inner(self, before: Json, after: Json, key: str, place: Place) -> None:
        if key in before or key in after:
            self.compare(before.get(key, True), after.get(key, True), place)

    def _rest(self, before: Any, after: Any, place: Place) -> None:
        """Compare what is said of members that have no schema of their own."""
        if (before is False) == (after is False):
            if before is not False:
                self.compare(before, after, place.inside(" additionalProperties"))
            return
        what = "closed to members that it does not name" if after is False else "open to members that it does not name"
        if place.direction == "response" and after is False:
            reason = "generated readers refuse what is added later"
            self._log.breaking(place.path, what, reason, place.name)
        else:
            self._log.effect("narrower" if after is False else "wider", place, what)

    def _element(self, sides: tuple[Any, Any], default: str, place: Place) -> None:
        old, new = (side.get("xml", {}).get("name", default) if is_object(side) else default for side in sides)
        if old != new:
            what = f"in XML its element is `{new}`, no longer `{old}`"
            self._log.breaking(place.path, what, "XML that was read before is not found any more", place.name)

    def _members(self, before: Json, after: Json, place: Place) -> None:
        old, new = before.get("properties", {}), after.get("properties", {})
        was, now = set(before.get("required", ())), set(after.get("required", ()))
        asked = place.direction == "request"
        moved = exchanged(old, new)
        if moved is not None:
            self._log.breaking(place.path, f"`{moved}` and others change places", REASON, place.name)
        for name in {**old, **new}:
            inner = place.inside(f".{name}", name)
            if name not in new:
                reason = "a request that sends it is refused or ignored" if asked else "a reader of it finds nothing"
                self._log.breaking(inner.path, "member removed", reason, name)
            elif name in old:
                self._element((old[name], new[name]), name, inner)
                self.compare(old[name], new[name], inner)
            elif asked and name in now:
                self._log.breaking(inner.path, "required member added", "older requests lack it", name)
            elif not asked and before.get("additionalProperties") is False:
                self._log.breaking(inner.path, "member added", "the answer was closed: readers may refuse it", name)
            elif displaces(old, new, name):
                self._log.breaking(inner.path, "member added before others, and not as the last", REASON, name)
            else:
                reason = "requests without it stay valid" if asked else "readers ignore members that they do not know"
                self._log.additive(inner.path, "member added", reason, name)
        for name in (was ^ now) - (old.keys() ^ new.keys()):
            what = "now required" if name in now else "now optional"
            self._log.effect("narrower" if name in now else "wider", place.inside(f".{name}", name), what)


def _changed(before: Json, after: Json, key: str) -> str:
    old, new = (_shown(side.get(key, ABSENT)) for side in (before, after))
    return f"`{key}` {verb(before, after, key)}{values(old, new)}"


def _shown(value: Any) -> Any:
    if isinstance(value, Bound):
        return str(value)
    if isinstance(value, tuple):
        items = list(cast(tuple[object, ...], value))
        return items[0] if len(items) == 1 else items
    return value
