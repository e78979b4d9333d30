"""Pair the alternatives of two schemas, and judge those that come or go."""

from collections.abc import Iterator, Sequence
from typing import Any

from infobip_voice_diff.changes import Effect, Log, Place, quoted
from infobip_voice_diff.inclusion import Inclusion
from infobip_voice_diff.kinds import Kind
from infobip_voice_diff.references import Pair
from infobip_voice_diff.shapes import Shape

__all__ = ["Alternatives"]

Json = dict[str, Any]
Matches = list[tuple[Kind, Kind]]
NUMBERS = {"integer", "number"}


class Alternatives:
    """Compares the kinds of two schemas as sets."""

    def __init__(self, log: Log, pair: Pair) -> None:
        self._log, self._pair = log, pair

    def pairs(self, before: Shape, after: Shape, place: Place) -> Iterator[tuple[Kind, Kind, Place]]:
        """Log the alternatives that came or went; yield the others in pairs, with their place."""
        old, new = (self._needed(*side) for side in zip(self._pair, (before, after), strict=True))
        matches, removed, added = _matched(old, new)
        several = any(sum(kind.type != "null" for kind in side) > 1 for side in (old, new))
        for one, other in matches:
            if one.type != other.type:
                what = f"`type` changed from {quoted(one.type)} to {quoted(other.type)}"
                self._log.effect("wider" if other.type == "number" else "narrower", place, what)
            if one.name and one.name == other.name:
                yield one, other, Place(one.name, one.name, place.direction)
            else:
                yield one, other, place.inside(f" ({_label(other)})") if several else place
        changed = self._come_and_go(old, new, removed, added, place)
        self._exclusive(before, after, changed, place)

    def _needed(self, document: Json, side: Shape) -> tuple[Kind, ...]:
        """Return the kinds without those whose documents are all of another kind."""
        inclusion = Inclusion(document, document, described=False)
        kept = list(side.kinds)
        for kind in reversed(side.kinds):
            if not side.exclusive and any(kind is not other and inclusion.holds(kind, other) for other in kept):
                kept.remove(kind)
        return tuple(kept)

    def _come_and_go(
        self, old: Sequence[Kind], new: Sequence[Kind], removed: list[Kind], added: list[Kind], place: Place
    ) -> bool:
        types = [{kind.type for kind in side} for side in (old, new)]
        if removed and added and not types[0] & types[1]:
            what = f"`type` changed from {_types(old)} to {_types(new)}"
            self._log.effect("different", place, what)
            return True
        asked = place.direction == "request"
        still = Inclusion(self._pair.before, self._pair.after, described=True)
        for kind in removed:
            if asked and any(still.holds(kind, other) for other in new):
                reason = "another accepts what it accepted"
                self._log.additive(place.path, f"alternative removed: {_label(kind)}", reason, place.name)
            else:
                self._log.effect("narrower", place, f"alternative removed: {_label(kind)}")
        known = Inclusion(self._pair.after, self._pair.before, described=True)
        for kind in added:
            if not asked and any(known.holds(kind, other) for other in old):
                reason = "readers of the others understand it"
                self._log.additive(place.path, f"alternative added: {_label(kind)}", reason, place.name)
            else:
                self._log.effect("wider", place, f"alternative added: {_label(kind)}")
        return bool(removed or added)

    def _exclusive(self, before: Shape, after: Shape, changed: bool, place: Place) -> None:
        if before.exclusive != after.exclusive:
            effect: Effect = "narrower" if after.exclusive else "wider"
            what = (
                "alternatives now exclude each other"
                if after.exclusive
                else "alternatives no longer exclude each other"
            )
            self._log.effect(effect, place, what)
        elif after.exclusive and changed:
            self._log.effect("different", place, "alternatives that exclude each other changed")


def _matched(old: Sequence[Kind], new: Sequence[Kind]) -> tuple[Matches, list[Kind], list[Kind]]:
    """Return pairs of kinds, and the kinds of each side that have no partner."""
    left, right = list(old), list(new)
    matches: Matches = []

    def match(one: Kind, other: Kind) -> None:
        matches.append((one, other))
        left.remove(one)
        right.remove(other)

    for alike in (_same, _same_name):
        for one in left[:]:
            partner = next((other for other in right if alike(one, other)), None)
            if partner is not None:
                match(one, partner)
    for one in left[:]:
        siblings = [[kind for kind in side if _group(kind) == _group(one)] for side in (left, right)]
        if len(siblings[0]) == len(siblings[1]):
            match(one, siblings[1][0])
    return matches, left, right


def _same(one: Kind, other: Kind) -> bool:
    return one.key == other.key


def _same_name(one: Kind, other: Kind) -> bool:
    return one.type == other.type and one.name == other.name != ""


def _group(kind: Kind) -> str:
    return "number" if kind.type in NUMBERS else kind.type


def _label(kind: Kind) -> str:
    return (
        f"`{kind.name or kind.type}`"
        if kind.name or not kind.rules
        else f"{quoted(kind.type)} with {quoted(kind.rules)}"
    )


def _types(kinds: Sequence[Kind]) -> str:
    return quoted(", ".join(kind.type for kind in kinds) or "nothing")
