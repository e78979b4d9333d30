"""Follow references in the two documents, and write equal schemas in one way."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from contract_diff.changes import ANNOTATIONS

__all__ = ["Pair", "reference", "resolve", "shared_reference", "substance", "without"]

Json = dict[str, Any]


class Pair(NamedTuple):
    """The older and the newer document. Each method takes a part of either."""

    before: Json
    after: Json

    def resolved(self, before: Any, after: Any) -> tuple[Any, Any]:
        """Return what both parts refer to, or the parts themselves."""
        return resolve(self.before, before), resolve(self.after, after)

    def roots(self, before: Json, after: Json) -> tuple[str, str]:
        """Return the names of the root elements in XML."""
        old, new = self.resolved(before, after)
        return _root(before, old), _root(after, new)

    def expanded(self, before: Json, after: Json) -> tuple[Json, Json]:
        """Return both schemas, references followed and unions with null as nullable types."""
        return _expanded(self.before, before), _expanded(self.after, after)

    def alike(self, before: Json, after: Json) -> tuple[Json, Json]:
        """Return both schemas written in one way, so that only differences of meaning are left."""
        old, new = (_without_const(body) for body in self.expanded(before, after))
        return _as_union(old, new), _as_union(new, old)


def resolve(document: Json, node: Any) -> Any:
    """Follow references in a document."""
    while isinstance(node, dict) and "$ref" in node:
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = {**target, **without(node, "$ref")}
    return node


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


def _root(schema: Json, resolved: Json) -> str:
    return str(resolved.get("xml", {}).get("name", reference(schema)))


def _expanded(document: Json, schema: Any) -> Json:
    body: Json = resolve(document, schema)
    for key in ("anyOf", "oneOf"):
        branches = body.get(key, [])
        others = [branch for branch in branches if branch != {"type": "null"}]
        if len(others) == 1:
            only = resolve(document, others[0])
            if len(branches) == 1:
                return {**only, **without(body, key)}
            if "type" in only and not {"enum", "const"} & only.keys():
                types = only["type"] if isinstance(only["type"], list) else [only["type"]]
                return {**only, **without(body, key), "type": [*types, "null"]}
    return body


def _without_const(body: Json) -> Json:
    return {**without(body, "const"), "enum": [body["const"]]} if "const" in body else body


def _as_union(body: Json, other: Json) -> Json:
    """Write `body` as a union of one branch if `other` is nothing but a union."""
    texts, rest = _parted(body)
    for union in ("anyOf", "oneOf"):
        if _parted(other)[1].keys() == {union} and rest and not {"anyOf", "oneOf"} & rest.keys():
            return {**texts, union: [rest]}
    return body


def _parted(body: Json) -> tuple[Json, Json]:
    """Return what a schema says to readers, and what it demands."""
    texts = {key: value for key, value in body.items() if key in ANNOTATIONS or key.startswith("x-")}
    return texts, {key: value for key, value in body.items() if key not in texts}
