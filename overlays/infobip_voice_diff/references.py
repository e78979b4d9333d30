"""Follow references, and read parts of a document without what only readers see."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeGuard

__all__ = ["Pair", "is_object", "named", "reference", "resolve", "shared_reference", "substance", "without"]

Json = dict[str, Any]


class Pair(NamedTuple):
    """The older and the newer document."""

    before: Json
    after: Json

    def resolved(self, before: Any, after: Any) -> tuple[Any, Any]:
        """Return what a part of each document refers to, or the parts themselves."""
        return resolve(self.before, before), resolve(self.after, after)


def is_object(node: Any) -> TypeGuard[Json]:
    """Say whether a part of a document is an object of JSON."""
    return isinstance(node, dict)


def resolve(document: Json, node: Any) -> Any:
    """Follow references in a document; what stands beside one overrides its target."""
    while is_object(node) and "$ref" in node:
        node = {**_target(document, node["$ref"]), **without(node, "$ref")}
    return node


def _target(document: Json, pointer: str) -> Any:
    target: Any = document
    for step in pointer.removeprefix("#/").split("/"):
        target = target[step.replace("~1", "/").replace("~0", "~")]
    return target


def named(schema: Any) -> tuple[str, Any]:
    """Return the only reference of a schema, and what the schema says beside it.

    A reference that is wrapped in `allOf`, or in a union of one, is a reference all the same. The
    first part is the empty string if there is no reference or more than one.
    """
    if not is_object(schema):
        return "", schema
    if "$ref" in schema:
        return schema["$ref"], without(schema, "$ref")
    for key in ("allOf", "anyOf", "oneOf"):
        if len(schema.get(key, ())) == 1:
            pointer, inner = named(schema[key][0])
            beside = without(schema, key)
            return (pointer, {**beside, "allOf": [inner]} if inner else beside) if pointer else ("", schema)
    parts = [named(part) for part in schema.get("allOf", ())]
    if sum(bool(pointer) for pointer, _ in parts) == 1:
        rest = [inner for _, inner in parts if inner]
        return "".join(pointer for pointer, _ in parts), {**schema, "allOf": rest}
    return "", schema


def reference(node: Mapping[str, Any]) -> str:
    """Return the name that a part refers to; the empty string if it is no reference."""
    return str(node.get("$ref", "")).rpartition("/")[2]


def shared_reference(before: Json, after: Json) -> str:
    """Return the name that both parts refer to; the empty string if there is none."""
    return reference(before) if reference(before) == reference(after) else ""


def without(body: Mapping[str, Any], key: str) -> Json:
    """Return a part without one of its members."""
    return {name: value for name, value in body.items() if name != key}


def substance(node: Json) -> Json:
    """Return a part without its description and our own `x-` members."""
    return {key: value for key, value in node.items() if key != "description" and not key.startswith("x-")}
