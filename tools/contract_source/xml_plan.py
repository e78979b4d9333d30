"""Compile what the `xml:` objects of the schemas say into the plan that the XML codec reads."""

import pprint
import re
from typing import Any, Final

from contract_source.lines import line_of

__all__ = ["HEADER", "xml_plan_module"]

Json = dict[str, Any]
HEADER: Final = "# Generated from openapi.yaml by tools/generate.py. Do not edit.\n"
SCALARS: Final = {"string": "text", "integer": "integer", "number": "number", "boolean": "boolean"}


def xml_plan_module(schemas: Json) -> str:
    """Return the source of `xml_plan.py`: the `xml:` objects of the schemas as plain literals."""
    plan = {
        name: (schema.get("xml", {}).get("name", name), kind(schemas, schema, name)) for name, schema in schemas.items()
    }
    literal = pprint.pformat(plan, width=118, sort_dicts=False)
    return f'''{HEADER}"""How each schema of the contract is written in XML.

`PLAN` maps the name of a schema to the name of its root element and its kind, which is one of

    "text", "integer", "number", "boolean"
    ("nullable", kind)                        as that kind; an empty element is null
    ("ref", schema)                           as that schema
    ("object", ((member, element, kind), …))  a child element for each member
    ("map", kind)                             a child element for each key, named by it
    ("list", element, kind)                   a child element for each item
    ("entries", element, attribute, child)    a child element for each key, which is an attribute; a list of texts in it
"""

from typing import Any, Final

PLAN: Final[dict[str, tuple[str, Any]]] = {literal}
'''


def kind(schemas: Json, schema: Json, place: str, name: str = "") -> Any:
    """Return the XML kind of `schema`, whose element is called `name`; an error names `place`.

    XML has no null. Where the schema allows null and no empty text, an empty element is one. (Of a
    number or a boolean it is so in any case.)
    """
    found = _kind(schemas, schema, place, name)
    branches = schema.get("anyOf") or schema.get("oneOf") or []
    allows_null = "null" in schema.get("type", ()) or any(branch.get("type") == "null" for branch in branches)
    read_empty_as_null = found in ("integer", "number", "boolean") or (found == "text" and _may_be_empty(schema))
    return ("nullable", found) if allows_null and not read_empty_as_null else found


def _may_be_empty(text: Json) -> bool:
    return not text.get("minLength") and "" in text.get("enum", [""]) and bool(re.search(text.get("pattern", ""), ""))


def _kind(schemas: Json, schema: Json, place: str, name: str) -> Any:
    xml = schema.get("xml", {})
    if unknown := xml.keys() - {"name", "wrapped"}:
        raise unsupported(schema, f"{place}: xml.{min(unknown)} is not supported by the XML codec")
    if "$ref" in schema:
        return ("ref", schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema or "oneOf" in schema:
        # XML has only text. In a union with a boolean or an integer, a text that reads as one is
        # one: `true` means the same as the value (R6), and a time of digits alone is milliseconds.
        # What does not read so stays a text. Any other union is read as its first member.
        branches = [branch for branch in schema.get("anyOf") or schema["oneOf"] if branch.get("type") != "null"]
        chosen = next((branch for branch in branches if branch.get("type") in ("boolean", "integer")), branches[0])
        return kind(schemas, chosen, place, name)
    types = [
        item for item in (schema["type"] if isinstance(schema["type"], list) else [schema["type"]]) if item != "null"
    ]
    if len(types) != 1:
        raise unsupported(schema, f"{place}: the XML codec needs exactly one type besides null")
    if types[0] in SCALARS:
        return SCALARS[types[0]]
    if types[0] == "array":
        if not xml.get("wrapped"):
            raise unsupported(schema, f"{place}: the XML codec needs xml.wrapped on an array")
        item = schemas[schema["items"]["$ref"].rpartition("/")[2]] if "$ref" in schema["items"] else schema["items"]
        return ("list", item.get("xml", {}).get("name", name), kind(schemas, schema["items"], f"{place}[]", name))
    if "x-xml-entries" in schema:
        entries = schema["x-xml-entries"]
        return ("entries", entries["name"], entries["key"], entries["item"])
    if "properties" not in schema:
        return ("map", kind(schemas, schema["additionalProperties"], f"{place}.*"))
    members = []
    for member, value in schema["properties"].items():
        element = value.get("xml", {}).get("name", member)
        members.append((member, element, kind(schemas, value, f"{place}.{member}", element)))
    return ("object", tuple(members))


def unsupported(schema: Json, sentence: str) -> SystemExit:
    """Return the end of the generation at a schema that the XML codec cannot read."""
    return SystemExit(f"openapi.yaml:{line_of(schema)}: {sentence}")
