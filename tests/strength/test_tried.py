"""What the kit tries: both sides of every constraint that `boundaries.jsonl` lists."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from infobip_voice_contract.contract import Contract
from infobip_voice_contract.demands import Demand, demand
from infobip_voice_contract.driver import Together, Wait
from infobip_voice_contract.exchange import ACCOUNT, Exchange, Request
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.safety import Numbers
from infobip_voice_contract.scripts import SCRIPTS
from infobip_voice_contract.stage import Stage

CONTRACT = Contract("seeds")
INNER = {"additionalProperties", "items", "propertyNames"}
"""Words in the name of a constraint that are no members."""
MEASURED = {
    "minLength": "length", "maxLength": "length", "minItems": "length", "maxItems": "length",
    "minimum": "value", "maximum": "value", "enum": "value", "oneOf": "value",
}  # fmt: skip
"""Rules that speak of a length or a value: the kit has to try the very one of the line."""
_OTHERS = "somebody else may have a name of one letter, and to read by it would take their reports"
UNTRIED = {"reports bulkId minLength inside": _OTHERS, "reports messageId minLength inside": _OTHERS}
"""What no script tries, and why."""


class Spot(NamedTuple):
    """A side of a constraint.

    Attributes:
        operation: `ivr`, `ctc` or `reports`.
        path: The member, without the places in lists.
        what: Outside the rule that is broken; inside what is there: a value, a length, or anything.
    """

    operation: str
    path: str
    what: Any


def lines() -> Iterator[tuple[str, str, Request]]:
    """Return the constraint, the side and the request of every line."""
    for text in Path(__file__).with_name("boundaries.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(text)
        body = entry["body"].replace("…", entry.get("repeat", "") * entry.get("times", 0))
        fields = (("Authorization", ACCOUNT), ("Accept", "application/json"))
        content = (("Content-Type", entry["content_type"]),) if entry["content_type"] else ()
        request = Request(entry["method"], entry["target"], (*fields, *content), body.encode())
        yield entry["constraint"], entry["side"], request


def sent() -> Iterator[Request]:
    """Return every request that the scripts send to a server that never answers."""
    stage = Stage("run", CONTRACT, Numbers.of("mock"), sink="http://127.0.0.1:9", patient=True, placeholders=(ACCOUNT,))
    for script in SCRIPTS:
        flow, given = script.flow(stage), None
        while True:
            try:
                step = flow.send(given)
            except StopIteration:
                break
            requests = step.requests if isinstance(step, Together) else () if isinstance(step, Wait) else (step,)
            yield from requests
            unanswered = tuple(Judged(Exchange(1, script.name, 0, 0, each, None), CONTRACT) for each in requests)
            given = unanswered if isinstance(step, Together) else unanswered[0] if unanswered else None


def broken(request: Request, found: Demand) -> set[Spot]:
    """Return what a request breaks."""
    name = found.operation.name if found.operation else ""
    spots = {Spot(name, bare(cause.path, cause.kind), cause.kind) for cause in found.causes}
    if name == "reports" and found.causes:
        # Of a query only the parameter is named, and not the rule.
        spots |= {Spot(name, each, ("not", size)) for each, value in request.query for size in (value, len(value))}
    return spots


def bare(path: str, rule: str) -> str:
    """Return a path without places in lists, and without names of which only the kind counts."""
    named = rule in ("unknown", "unknown query", "propertyNames")
    return re.sub(r"\[\d+\]", "", path.rpartition(".")[0] if named else path)


def kept(request: Request, found: Demand) -> set[Spot]:
    """Return what is there in a request that has to be accepted."""
    if not found.is_valid or found.operation is None:
        return set()
    document = dict(request.query) if found.operation.name == "reports" else found.value
    return {spot for path, value in members(document) for spot in looks(found.operation.name, path, value)}


def members(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from members(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        # All items of a long list are alike.
        for inner in value[:20]:
            yield from members(inner, path)


def looks(operation: str, path: str, value: Any) -> Iterator[Spot]:
    yield Spot(operation, path, "there")
    if isinstance(value, str | list):
        yield Spot(operation, path, ("length", len(value)))
    if isinstance(value, bool | int | str):
        yield Spot(operation, path, ("value", str(value)))
        if str(value).isdecimal() and int(value) > 4:
            yield Spot(operation, path, "beyond")


def wanted(constraint: str, side: str, request: Request) -> set[Spot]:
    """Return the spots of a line; to be at one of them is to be on its side of the constraint."""
    found = demand(request, CONTRACT)
    operation, *steps, rule = (word for word in constraint.split(" ") if word not in INNER)
    path = ".".join(step for step in steps if step not in ("request", "no"))
    if side == "outside" and rule in MEASURED and operation == "reports":
        kind = int if "Length" in rule else str
        refused = {spot for spot in broken(request, found) if spot.path == path and spot.what[0] == "not"}
        return {spot for spot in refused if isinstance(spot.what[1], kind)}
    if side == "outside":
        return broken(request, found)
    there = [spot for spot in kept(request, found) if (spot.operation, spot.path) == (operation, path)]
    if steps[-1:] == ["no"] and rule == "maximum":
        return {spot for spot in there if spot.what == "beyond"}
    kind = MEASURED.get(rule)
    return {spot for spot in there if (spot.what[0] == kind if kind else spot.what == "there")}


LINES = list(lines())


@cache
def tried() -> frozenset[Spot]:
    """Return every side of a constraint on which a script's request is."""
    spots: set[Spot] = set()
    for request in sent():
        found = demand(request, CONTRACT)
        spots |= broken(request, found) | kept(request, found)
    return frozenset(spots)


def test_both_sides_of_every_constraint_are_tried():
    """Some request of the scripts is on the side of the constraint on which a line is."""
    untried: set[str] = set()
    for constraint, side, request in LINES:
        asked = wanted(constraint, side, request)
        assert asked, (constraint, side)
        if asked.isdisjoint(tried()):
            untried.add(f"{constraint} {side}")
    assert untried == UNTRIED.keys()
