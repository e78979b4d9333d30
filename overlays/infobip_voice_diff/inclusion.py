"""Say whether every document of one kind is also of another, as far as that can be proved."""

from typing import Any, Final

from infobip_voice_diff.changes import ABSENT
from infobip_voice_diff.keywords import keyword_effect
from infobip_voice_diff.kinds import Kind
from infobip_voice_diff.patterns import TEXTS, texts_effect
from infobip_voice_diff.shapes import shape

__all__ = ["STRUCTURE", "Inclusion"]

Json = dict[str, Any]
STRUCTURE: Final = {"properties", "required", "additionalProperties", "propertyNames", "items"}


class Inclusion:
    """Compares kinds of the document `inner` with kinds of the document `outer`.

    Args:
        inner: The document of the kinds that may be included.
        outer: The document of the kinds that may include them.
        described: Whether documents have only the members that their schema describes. A client or
            server that follows the contract sends no others, although others would be accepted.
    """

    def __init__(self, inner: Json, outer: Json, described: bool) -> None:
        self._inner, self._outer, self._described = inner, outer, described
        self._assumed: list[tuple[Any, Any]] = []

    def holds(self, inner: Kind, outer: Kind) -> bool:
        """Say whether each document of the kind `inner` is one of the kind `outer`."""
        if inner.type != outer.type and (inner.type, outer.type) != ("integer", "number"):
            return False
        texts = TEXTS if inner.type == "string" else ()
        if texts and texts_effect(outer.rules, inner.rules) not in (None, "narrower"):
            return False
        for key in (inner.rules.keys() | outer.rules.keys()) - STRUCTURE - set(texts):
            old, new = outer.rules.get(key, ABSENT), inner.rules.get(key, ABSENT)
            if old != new and keyword_effect(key, old, new) not in (None, "narrower"):
                return False
        return self._members(inner.rules, outer.rules) and all(
            key not in outer.rules or self._schemas(inner.rules.get(key, True), outer.rules[key])
            for key in ("items", "propertyNames")
        )

    def _members(self, inner: Json, outer: Json) -> bool:
        if set(outer.get("required", ())) - set(inner.get("required", ())):
            return False
        members, wanted = inner.get("properties", {}), outer.get("properties", {})
        rest = False if self._described else inner.get("additionalProperties", True)
        others = outer.get("additionalProperties", True)
        return self._schemas(rest, others) and all(
            self._schemas(members.get(name, rest), wanted.get(name, others)) for name in (*members, *wanted)
        )

    def _schemas(self, inner: Any, outer: Any) -> bool:
        if inner is False or outer in (True, {}) or (inner, outer) in self._assumed:
            return True
        self._assumed.append((inner, outer))
        try:
            within, around = shape(self._inner, inner), shape(self._outer, outer)
            if around.exclusive:
                return inner == outer and self._inner == self._outer
            return all(any(self.holds(kind, other) for other in around.kinds) for kind in within.kinds)
        finally:
            self._assumed.pop()
