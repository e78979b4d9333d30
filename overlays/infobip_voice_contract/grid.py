"""Where rules were looked at: the operation and media type of the exchange that showed it."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from infobip_voice_contract.history import History
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.rules.rule import Rule

__all__ = ["MEDIA", "OPERATIONS", "PLACES", "Grid", "Media", "Operation", "Place", "grid", "place"]

Operation = Literal["ivr", "ctc", "reports", "push", "other"]
Media = Literal["json", "xml"]
OPERATIONS: Final[dict[Operation, str]] = {
    "ivr": "launch an IVR",
    "ctc": "launch a click to call",
    "reports": "fetch reports",
    "push": "push a report",
    "other": "another path",
}
MEDIA: Final[dict[Media, str]] = {"json": "JSON", "xml": "XML"}


class Place(NamedTuple):
    """An operation in a media type."""

    operation: Operation
    media: Media

    def __str__(self) -> str:
        return f"{self.operation} {self.media}"


PLACES: Final = tuple(Place(operation, media) for operation in OPERATIONS for media in MEDIA)

Grid = dict[str, dict[Place, bool]]
"""For each rule the places in which it was looked at, and whether it is broken there."""


def place(judged: Judged) -> Place:
    """Return the place of an exchange.

    The media type is the one in which the answer was due, whatever came. Where a request leaves it
    open, it is that of the body; for a push it is that of the push.
    """
    if judged.exchange.direction == "push":
        form = judged.document.form if judged.document is not None else None
        return Place("push", "xml" if form == "xml" else "json")
    demand = judged.demand
    name = demand.operation.name if demand.operation is not None else ""
    operation: Operation = "ivr" if name == "ivr" else "ctc" if name == "ctc" else "reports" if name else "other"
    wanted = demand.wanted or demand.form or min(demand.accepted, default="json")
    return Place(operation, "xml" if wanted == "xml" else "json")


def grid(rules: Iterable[Rule], history: History) -> Grid:
    """Return where the findings of rules are: each at the last exchange that it names."""
    by_number = {judged.number: judged for judged in history.exchanges}
    found: Grid = {}
    for rule in rules:
        row: dict[Place, bool] = {}
        for finding in rule.check(history):
            if finding.exchanges:
                at = place(by_number[finding.exchanges[-1]])
                row[at] = row.get(at, False) or bool(finding.problem)
        found[rule.id] = {each: row[each] for each in PLACES if each in row}
    return found
