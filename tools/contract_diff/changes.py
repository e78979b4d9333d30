"""What a change of the contract is: its verdict, its wording, and the log that keeps each change once.

A change of a schema makes the set of its valid documents *narrower*, *wider* or *different*. In a request narrower breaks,
because what was accepted can be refused; in an answer wider breaks, because a reader meets what was ruled out before.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

__all__ = ["ABSENT", "ANNOTATIONS", "Change", "Direction", "Effect", "Log", "Place", "Verdict", "is_annotation", "quoted",
           "values", "verb"]  # fmt: skip

Verdict = Literal["breaking", "additive", "documentation"]
Direction = Literal["request", "response"]
Effect = Literal["narrower", "wider", "different"]

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


class Place(NamedTuple):
    """Where a schema is: for people, by its own name, and in which direction its documents travel."""

    path: str
    name: str
    direction: Direction

    def inside(self, suffix: str, name: str | None = None) -> "Place":
        """Return the place of something in this schema."""
        return Place(self.path + suffix, name or self.name, self.direction)


class Log:
    """Collects changes; one that is reached twice, as by two operations, is kept once, with its gravest verdict."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, str], Change] = {}

    def add(self, verdict: Verdict, place: str, what: str, reason: str, name: str) -> None:
        """Add one change."""
        known = self._changes.get((place, what))
        if known is None or SEVERITY.index(verdict) > SEVERITY.index(known.verdict):
            self._changes[place, what] = Change(verdict, place, what, reason, name)

    def breaking(self, place: str, what: str, reason: str, name: str) -> None:
        """Add a change that breaks somebody."""
        self.add("breaking", place, what, reason, name)

    def additive(self, place: str, what: str, reason: str, name: str) -> None:
        """Add a change with which everything that worked still works."""
        self.add("additive", place, what, reason, name)

    def documentation(self, place: str, what: str, name: str) -> None:
        """Add a change for readers alone."""
        self.add("documentation", place, what, "no document on the wire changes", name)

    def effect(self, effect: Effect | None, place: Place, what: str) -> None:
        """Add a change of what is valid at a place, if it is one."""
        if effect is not None:
            verdict, reason = REASONS[effect, place.direction]
            self.add(verdict, place.path, what, reason, place.name)

    def annotations(self, before: Mapping[str, Any], after: Mapping[str, Any], place: str, name: str) -> None:
        """Add what changed for readers alone: texts, examples and our own `x-` members."""
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
    """Say whether a member of the contract is for readers alone; `x-xml-entries` says how XML is written."""
    return key in ANNOTATIONS or (key.startswith("x-") and key != "x-xml-entries")


def verb(before: Mapping[str, Any], after: Mapping[str, Any], key: str) -> str:
    """Return what became of a member."""
    return "added" if key not in before else "removed" if key not in after else "changed"


def values(old: Any, new: Any) -> str:
    """Return a value before and after, either of which may be ABSENT; of lists, only what differs."""
    if isinstance(old, list) and isinstance(new, list):
        lost, won = (", ".join(quoted(item) for item in a if item not in b) for a, b in ((old, new), (new, old)))
        return ": " + " and ".join([f"without {lost}"] * bool(lost) + [f"with {won}"] * bool(won) or ["another order"])
    if old is ABSENT:
        return f": {quoted(new)}"
    return f": was {quoted(old)}" if new is ABSENT else f" from {quoted(old)} to {quoted(new)}"


def quoted(value: Any) -> str:
    """Return a value as it stands in a sentence, cut short if it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= 60 else text[:57] + '…'}`"
