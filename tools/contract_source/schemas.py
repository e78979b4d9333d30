"""Find mistakes inside a schema: its types, its pattern, its required members, its names in XML."""

import re
from collections.abc import Iterator
from typing import Any, Final

from contract_source.grammar import TYPES
from contract_source.lines import line_of, or_rather

__all__ = ["schema_mistakes"]

Json = dict[str, Any]
Found = tuple[int, str]
ELEMENT: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")


def schema_mistakes(node: Json, place: str) -> Iterator[Found]:
    """Yield the line and a sentence for each mistake of one schema, not of those inside it."""
    types = node.get("type", [])
    for each in types if isinstance(types, list) else [types]:
        if each not in TYPES:
            yield line_of(node, "type"), f"{place}: `type` is `{each}`, which is no type{or_rather(each, TYPES)}"
    if isinstance(node.get("pattern"), str):
        try:
            re.compile(node["pattern"])
        except re.error as error:
            yield line_of(node, "pattern"), f"{place}: `pattern` is no regular expression: {error.msg}."
    members = node.get("properties", {})
    if members and not {"$ref", "allOf", "anyOf", "oneOf"} & node.keys():
        for name in node.get("required", ()):
            if name not in members:
                what = f"`required` names `{name}`, which is no member{or_rather(name, members)}"
                yield line_of(node, "required"), f"{place}: {what}"
    yield from _elements(node, members, place)


def _elements(node: Json, members: Json, place: str) -> Iterator[Found]:
    """Check the names that a schema and its members have in XML."""
    own = node.get("xml", {})
    if isinstance(own, dict) and "name" in own and not ELEMENT.fullmatch(str(own["name"])):
        yield line_of(own, "name"), f"{place}: `{own['name']}` is no name for an XML element."
    elements: dict[str, str] = {}
    for name, member in members.items() if isinstance(members, dict) else ():
        xml = member.get("xml", {}) if isinstance(member, dict) else {}
        element = str(xml.get("name", name))
        if "name" not in xml and not ELEMENT.fullmatch(element):
            yield line_of(members, name), f"{place}: `{name}` is no name for an XML element: it needs `xml.name`."
        if element in elements:
            yield line_of(members, name), f"{place}: `{name}` and `{elements[element]}` are both `{element}` in XML."
        elements[element] = name
