"""Go through a document: which objects are in it, and which of its members no object has."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from contract_source.grammar import OBJECTS, REQUIRED
from contract_source.lines import line_of, nearest, or_rather

__all__ = ["Objects", "Visit"]

Json = dict[str, Any]
Found = tuple[int, str]
VALUES: Final[dict[str, tuple[type, ...]]] = {
    "text": (str,), "boolean": (bool,), "integer": (int,), "number": (int, float),
}  # fmt: skip


class Visit(NamedTuple):
    """An object of a document: what it is, what it holds, and where it is, for people."""

    kind: str
    node: Json
    place: str


class Objects:
    """Finds the objects of a document, and checks that each place holds what it should.

    Attributes:
        visits: The objects, in their order.
    """

    def __init__(self) -> None:
        self.visits: list[Visit] = []

    def mistakes(self, node: Any, kind: str = "document", place: str = "the document") -> Iterator[Found]:
        """Yield line and sentence for each member that is unknown, missing or no such value."""
        if not isinstance(node, dict):
            return
        self.visits.append(Visit(kind, node, place))
        members = OBJECTS[kind]
        unknown = [key for key in node if key not in members and not str(key).startswith("x-")]
        for key in unknown:
            yield line_of(node, key), f"{place}: `{key}` is no member of {_a(kind)}{or_rather(key, members)}"
        meant = [nearest(key, members) for key in unknown]
        for key in REQUIRED.get(kind, ()):
            if key not in node and key not in meant and "$ref" not in node:
                yield line_of(node), f"{place}: `{key}` is missing."
        for key, inside in members.items():
            if key in node:
                yield from self._member(node, key, inside, place)

    def _member(self, node: Json, key: str, inside: str, place: str) -> Iterator[Found]:
        value, line = node[key], line_of(node, key)
        if inside in VALUES:
            if not isinstance(value, VALUES[inside]) or (isinstance(value, bool) and inside != "boolean"):
                yield line, f"{place}: `{key}` is `{value}`, and has to be {_a(inside)}."
        elif inside[0] == "[":
            if not isinstance(value, list):
                yield line, f"{place}: `{key}` has to be a list."
                return
            for number, each in enumerate(value):
                if inside != "[text]":
                    yield from self.mistakes(each, inside[1:-1], f"{_inside(place, key)}[{number}]")
        elif inside == "schema" and isinstance(value, bool):
            return
        elif inside != "any" and not isinstance(value, dict):
            yield line, f"{place}: `{key}` has to be a map."
        elif inside in OBJECTS:
            yield from self.mistakes(value, inside, _inside(place, key))
        elif inside != "any":
            for name, each in value.items():
                at = _inside(place, key, name)
                if isinstance(each, dict):
                    yield from self._entry(each, inside[1:-1], at)
                elif not (inside == "{schema}" and isinstance(each, bool)) and not str(name).startswith("x-"):
                    yield line_of(value, name), f"{at} has to be a map."

    def _entry(self, node: Json, kind: str, place: str) -> Iterator[Found]:
        if kind != "callback":
            yield from self.mistakes(node, kind, place)
            return
        for expression, item in {"": node}.items() if "$ref" in node else node.items():
            yield from self.mistakes(item, "path", f"{place} {expression}".strip())


def _inside(place: str, *steps: Any) -> str:
    """Return the name of a place, with only those steps that people call schemas and members by."""
    kept = [str(step) for step in steps if step not in ("components", "schemas", "properties", "paths")]
    return ".".join([*([] if place in ("the document", "") else [place]), *kept])


def _a(kind: str) -> str:
    words = {"document": "the document", "path": "a path item", "body": "a request body", "media": "a media type",
             "xml": "`xml`", "info": "`info`", "components": "`components`", "integer": "an integer",
             "operation": "an operation"}  # fmt: skip
    return words.get(kind, f"a {kind}")
