"""Find the mistakes of a document, and the names in it that nothing answers to."""

from collections.abc import Iterable, Iterator
from typing import Any

from contract_source.lines import line_of, or_rather
from contract_source.objects import Objects, Visit
from contract_source.schemas import schema_mistakes

__all__ = ["mistakes"]

Json = dict[str, Any]
Found = tuple[int, str]


def mistakes(document: Json) -> list[Found]:
    """Return the line and a sentence for each mistake, by their lines.

    A member with a wrong name often leaves references to it behind, so names are only looked at in
    a document whose objects are right.
    """
    objects = Objects()
    found = list(objects.mistakes(document))
    return sorted(set(found or _names(document, objects.visits)))


def _names(document: Json, visits: list[Visit]) -> Iterator[Found]:
    tags = [tag["name"] for tag in document.get("tags", ()) if "name" in tag]
    schemes = document.get("components", {}).get("securitySchemes", {})
    operations = [visit for visit in visits if visit.kind == "operation"]
    yield from _twice(operations)
    ids = [visit.node.get("operationId") for visit in operations]
    for kind, node, place in visits:
        if "$ref" in node:
            yield from _reference(document, node, place)
        if kind == "schema":
            yield from schema_mistakes(node, place)
        elif kind == "operation":
            ways = [name for way in node.get("security", ()) for name in way]
            yield from _unknown(node, "tags", node.get("tags", ()) if tags else (), tags, f"{place}: No tag is called")
            yield from _unknown(node, "security", ways, schemes, f"{place}: No security scheme is called")
        elif kind == "link" and "operationId" in node:
            named = [node["operationId"]]
            yield from _unknown(node, "operationId", named, ids, f"{place}: No operation has the `operationId`")


def _unknown(node: Json, key: str, words: Iterable[str], known: Iterable[Any], sentence: str) -> Iterator[Found]:
    names = list(known)
    for word in words:
        if word not in names:
            yield line_of(node, key), f"{sentence} `{word}`{or_rather(word, names)}"


def _reference(document: Json, node: Json, place: str) -> Iterator[Found]:
    target: Any = document
    pointer, line = node["$ref"], line_of(node, "$ref")
    if not pointer.startswith("#/"):
        yield line, f"{place}: The reference `{pointer}` has to begin with `#/`."
        return
    for step in pointer.removeprefix("#/").split("/"):
        key = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(target, dict) or key not in target:
            known = target if isinstance(target, dict) else ()
            yield line, f"{place}: Nothing is at `{pointer}`{or_rather(key, known)}"
            return
        target = target[key]


def _twice(operations: list[Visit]) -> Iterator[Found]:
    lines: dict[str, int] = {}
    for _, node, place in operations:
        name, line = node.get("operationId", ""), line_of(node, "operationId")
        if lines.setdefault(name, line) != line and name:
            yield line, f"{place}: `operationId` is `{name}`, as in line {lines[name]}, and has to be unique."
