"""What a change of the contract is: its verdict, its words, and the log that collects changes.

A change of a schema makes the set of its valid documents *narrower*, *wider* or *different*. In a
request narrower breaks: the server can refuse what it accepted. In an answer wider breaks: the
server can send what readers were told never to expect.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, cast

__all__ = ["ABSENT", "ANNOTATIONS", "Change", "Direction", "Effect", "Log", "Place", "Verdict", "is_annotation",
           "quoted", "values", "verb"]  # fmt: skip

Verdict = Literal["breaking", "additive", "documentation"]
Direction = Literal["request", "response"]
Effect = Literal["narrower", "wider", "different"]

SEVERITY: Final[tuple[Verdict, ...]] = ("documentation", "additive", "breaking")
ANNOTATIONS: Final = ("description", "title", "summary", "example", "examples", "externalDocs", "$comment", "$defs")
REASONS: Final[dict[tuple[Effect, Direction], tuple[Verdict, str]]] = {
    ("narrower", "request"): ("breaking", "a request that was accepted can now be refused"),
    ("wider", "request"): ("additive", "every request that was accepted still is"),
    ("different", "request"): ("breaking", "a request that was accepted can now be refused"),
    ("narrower", "response"): ("additive", "every answer was possible before"),
    ("wider", "response"): ("breaking", "a reader can meet what was ruled out before"),
    ("different", "response"): ("breaking", "a reader can meet what was ruled out before"),
}
ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the contract.

    Attributes:
        verdict: What it does to people who rely on the contract.
        place: Where it is, for people.
        what: What changed there.
        reason: Why it gets this verdict.
        name: The word that the changelog has to contain.
        migration: Whether the changelog has to say what to do about it.
    """

    verdict: Verdict
    place: str
    what: str
    reason: str
    name: str
    migration: bool = False


class Place(NamedTuple):
    """Where a schema is: its path and name for people, and the direction of its documents."""

    path: str
    name: str
    direction: Direction

    def inside(self, suffix: str, name: str | None = None) -> "Place":
        """Return the place of something in this schema."""
        return Place(self.path + suffix, name or self.name, self.direction)


class Log:
    """Collects changes; one that two operations share is kept once, with its gravest verdict."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, str], Change] = {}

    def add(self, verdict: Verdict, place: str, what: str, reason: str, name: str, migration: bool = False) -> None:
        """Add one change."""
        known = self._changes.get((place, what))
        if known is None or SEVERITY.index(verdict) > SEVERITY.index(known.verdict):
            self._changes[place, what] = Change(verdict, place, what, reason, name, migration)

    def breaking(self, place: str, what: str, reason: str, name: str) -> None:
        """Add a change that breaks somebody."""
        self.add("breaking", place, what, reason, name)

    def additive(self, place: str, what: str, reason: str, name: str, migration: bool = False) -> None:
        """Add a change after which everything that worked still works."""
        self.add("additive", place, what, reason, name, migration)

    def documentation(self, place: str, what: str, name: str) -> None:
        """Add a change that only readers of the contract see."""
        self.add("documentation", place, what, "no document on the wire changes", name)

    def effect(self, effect: Effect | None, place: Place, what: str) -> None:
        """Add a change of what is valid at a place, unless `effect` is None."""
        if effect is not None:
            verdict, reason = REASONS[effect, place.direction]
            self.add(verdict, place.path, what, reason, place.name)

    def annotations(self, before: Mapping[str, Any], after: Mapping[str, Any], place: str, name: str) -> None:
        """Add what only readers see: texts, examples, our own `x-` members, and deprecation."""
        for key in {**before, **after}:
            if is_annotation(key) and before.get(key) != after.get(key):
                self.documentation(place, f"`{key}` {verb(before, after, key)}", name)
        if before.get("deprecated", False) != after.get("deprecated", False):
            verdict: Verdict = "additive" if after.get("deprecated") else "documentation"
            what = "deprecated" if after.get("deprecated") else "no longer deprecated"
            self.add(verdict, place, what, "it goes on working", name)

    def sorted(self) -> list[Change]:
        """Return the changes, the gravest first."""
        return sorted(self._changes.values(), key=lambda change: (-SEVERITY.index(change.verdict), change.place))


def is_annotation(key: str) -> bool:
    """Say whether a member is for readers only; `x-xml-entries` says how XML is written."""
    return key in ANNOTATIONS or (key.startswith("x-") and key != "x-xml-entries")


def verb(before: Mapping[str, Any], after: Mapping[str, Any], key: str) -> str:
    """Return whether a member was added, removed or changed."""
    return "added" if key not in before else "removed" if key not in after else "changed"


def values(old: Any, new: Any) -> str:
    """Return both values in words, of two lists only what differs; either may be ABSENT."""
    if isinstance(old, list) and isinstance(new, list):
        pairs = cast(tuple[tuple[list[Any], list[Any]], ...], ((old, new), (new, old)))
        lost, won = (", ".join(quoted(item) for item in a if item not in b) for a, b in pairs)
        return ": " + " and ".join([f"without {lost}"] * bool(lost) + [f"with {won}"] * bool(won) or ["another order"])
    if old is ABSENT:
        return f": {quoted(new)}"
    return f": was {quoted(old)}" if new is ABSENT else f" from {quoted(old)} to {quoted(new)}"


def quoted(value: Any) -> str:
    """Return a value as it stands in a sentence, cut short if it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return f"`{text if len(text) <= 60 else text[:57] + '…'}`"
