"""Every constraint of a request, and the contract without it or with it moved.

A mutant is a copy of the contract in which one keyword of a request's schema is removed, or one of
its bounds is moved by one.
"""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
CONTRACT: dict[str, Any] = json.loads((ROOT / "generated/infobip_voice_schema/openapi.json").read_text())
REQUESTS = {"/voice/ivr/1/messages": "IvrLaunchRequest", "/voice/ctc/1/send": "ClickToCallLaunchRequest"}
REPORTS = "/tts/3/reports"

BOUNDS = ("minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum")
REMOVED = (
    "type",
    "pattern",
    "not",
    "unevaluatedProperties",
    "propertyNames",
    "additionalProperties",
    "uniqueItems",
)
LISTS = ("required", "enum", "oneOf")
QUANTIFIER = re.compile(r"\{(\d+)(?:,(\d+))?\}")


class Mutant(NamedTuple):
    """A changed contract.

    Attributes:
        constraint: which keyword of which schema, such as `IvrMessage.from pattern`.
        change: what was done to it.
        contract: the whole document.
    """

    constraint: str
    change: str
    contract: dict[str, Any]


def mutants() -> Iterator[Mutant]:
    """Yield each mutant of each constraint of the requests and of the query of the reports."""
    seen: set[str] = set()
    for name in REQUESTS.values():
        yield from _schema(["components", "schemas", name], name, seen)
    for index, parameter in enumerate(CONTRACT["paths"][REPORTS]["get"]["parameters"]):
        steps = ["paths", REPORTS, "get", "parameters", index, "schema"]
        found = _keywords(steps, f"?{parameter['name']}")
        # A query is text; what the type of a parameter does is said by its grammar.
        yield from (mutant for mutant in found if not mutant.constraint.endswith(" type"))


def _schema(steps: list[Any], name: str, seen: set[str]) -> Iterator[Mutant]:
    node = _at(CONTRACT, steps)
    if "$ref" in node:
        target = node["$ref"].rpartition("/")[2]
        if target not in seen:
            seen.add(target)
            yield from _schema(["components", "schemas", target], target, seen)
        return
    yield from _keywords(steps, name)
    for member in node.get("properties", {}):
        yield from _schema([*steps, "properties", member], f"{name}.{member}", seen)
    for keyword in ("items", "propertyNames", "additionalProperties"):
        if isinstance(node.get(keyword), dict):
            yield from _schema([*steps, keyword], f"{name} {keyword}", seen)
    for index in range(len(node.get("oneOf", ()))):
        yield from _schema([*steps, "oneOf", index], f"{name} oneOf {index}", seen)


def _keywords(steps: list[Any], name: str) -> Iterator[Mutant]:
    node = _at(CONTRACT, steps)
    for keyword in REMOVED:
        if keyword in node:
            yield Mutant(f"{name} {keyword}", "removed", _changed([*steps, keyword]))
    for keyword in BOUNDS:
        if keyword in node:
            yield Mutant(f"{name} {keyword}", "removed", _changed([*steps, keyword]))
            for distance in (-1, 1):
                moved = node[keyword] + distance
                if moved >= 0 or "imum" in keyword:
                    yield Mutant(f"{name} {keyword}", f"{distance:+}", _changed([*steps, keyword], moved))
    for keyword in LISTS:
        for index, item in enumerate(node.get(keyword, ())):
            rest = node[keyword][:index] + node[keyword][index + 1 :]
            yield Mutant(f"{name} {keyword}", f"without {item}", _changed([*steps, keyword], rest))
    for key in node.get("dependentRequired", {}):
        yield Mutant(f"{name} dependentRequired", f"without {key}", _changed([*steps, "dependentRequired", key]))
    for text in _moved_quantifiers(node.get("pattern", "")):
        yield Mutant(f"{name} pattern", f"as {text}", _changed([*steps, "pattern"], text))


def _moved_quantifiers(pattern: str) -> Iterator[str]:
    for match in QUANTIFIER.finditer(pattern):
        least = int(match[1])
        most = int(match[2] or match[1])
        for low, high in ((least - 1, most), (least + 1, most), (least, most - 1), (least, most + 1)):
            if 0 <= low <= high:
                yield f"{pattern[: match.start()]}{{{low},{high}}}{pattern[match.end() :]}"


def _at(document: Any, steps: list[Any]) -> Any:
    for step in steps:
        document = document[step]
    return document


def _changed(steps: list[Any], value: Any = None) -> dict[str, Any]:
    """Return the contract with another value at a place, or without what is there."""
    document = copy.deepcopy(CONTRACT)
    parent = _at(document, steps[:-1])
    if value is None:
        del parent[steps[-1]]
    else:
        parent[steps[-1]] = value
    return document
