"""The members of a document of the contract, object by object, as rows of tables."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from portal.limits import limits, type_name

__all__ = ["Field", "Group", "groups", "parameters", "resolved"]

Json = dict[str, Any]


class Field(NamedTuple):
    """One member: its anchor, its name and all that is said of it."""

    anchor: str
    name: str
    type: str
    required: bool
    description: str
    limits: list[str]
    example: str
    sources: list[str]
    xml: str


class Group(NamedTuple):
    """The members of one object, and the path that leads to it."""

    path: str
    title: str
    description: str
    closed: bool
    fields: list[Field]


def resolved(contract: Json, schema: Json) -> Json:
    """Return a schema with the one that it refers to, whose own description is then `x-about`."""
    if "$ref" not in schema:
        return _alternatives(contract, schema)
    target = resolved(contract, contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    own = {name: value for name, value in schema.items() if name != "$ref"}
    return {**target, "x-about": target["description"], **own}


def _alternatives(contract: Json, schema: Json) -> Json:
    """Return a schema whose alternatives are resolved; `X or null` becomes X that may be null."""
    known: Json = {
        key: [resolved(contract, each) for each in schema[key]] for key in ("anyOf", "oneOf") if key in schema
    }
    if "items" in schema:
        known["items"] = resolved(contract, schema["items"])
    objects = [each for each in known.get("anyOf", ()) if "properties" in each]
    if len(objects) == 1 and len(known["anyOf"]) == 2:
        kept = {name: value for name, value in schema.items() if name != "anyOf"}
        return {**objects[0], **kept, "type": ["object", "null"]}
    return {**schema, **known}


def groups(contract: Json, schema: Json, prefix: str, root: str) -> Iterator[Group]:
    """Yield the objects of a document in the order of reading, each with its members.

    Args:
        contract: the contract.
        schema: the schema of the document.
        prefix: what the anchors begin with, such as `answer.`.
        root: what the outermost object is called.
    """
    document = resolved(contract, schema)
    element = f" In XML it is the element `<{document['xml']['name']}>`."
    yield from _groups(contract, {**document, "x-about": document["description"] + element}, prefix, "", root)


def _groups(contract: Json, schema: Json, prefix: str, path: str, title: str) -> Iterator[Group]:
    members = {name: resolved(contract, member) for name, member in schema["properties"].items()}
    fields = [_field(schema, name, member, prefix, path) for name, member in members.items()]
    together = [f" {each}" for each in limits({k: v for k, v in schema.items() if k == "dependentRequired"})]
    about = str(schema.get("x-about", schema["description"])).rstrip() + "".join(together)
    yield Group(f"{prefix}{path}".strip("."), title, about, "unevaluatedProperties" in schema, fields)
    for name, member in members.items():
        inner = member.get("items", member)
        if "properties" in inner:
            below = f"{path}{name}"
            shown = f"{'' if title.startswith('The ') else f'{title}.'}{name}{'[]' if 'items' in member else ''}"
            yield from _groups(contract, inner, prefix, f"{below}.", shown)


def _field(parent: Json, name: str, member: Json, prefix: str, path: str) -> Field:
    said = limits(member) + (
        limits(member["items"]) if "items" in member and "properties" not in member["items"] else []
    )
    if isinstance(member.get("additionalProperties"), dict):
        said += [f"Each value: {each[0].lower()}{each[1:]}" for each in limits(member["additionalProperties"])]
    example = json.dumps(member["examples"][0], ensure_ascii=False)
    return Field(
        anchor=f"{prefix}{path}{name}",
        name=name,
        type=type_name(member),
        required=name in parent.get("required", ()),
        description=member["description"],
        limits=said,
        example=example if len(example) <= 80 else "",
        sources=member["x-provenance"],
        xml=_xml(name, member),
    )


def _xml(name: str, member: Json) -> str:
    outer = member.get("xml", {}).get("name", name)
    if member.get("xml", {}).get("wrapped"):
        item = member["items"].get("xml", {}).get("name", outer)
        return f"<{outer}><{item}>"
    entries = member.get("x-xml-entries")
    if entries:
        return f'<{outer}><{entries["name"]} {entries["key"]}="…"><{entries["item"]}>'
    return f"<{outer}>"


def parameters(operation: Json) -> list[Field]:
    """Return the query parameters of an operation."""
    return [
        Field(
            anchor=f"query.{each['name']}",
            name=each["name"],
            type=type_name(each["schema"]),
            required=each["required"],
            description=each["description"],
            limits=limits(each["schema"]),
            example=str(each["example"]),
            sources=each["x-provenance"],
            xml="",
        )
        for each in operation.get("parameters", ())
    ]
