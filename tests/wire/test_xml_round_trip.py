"""Every schema of the contract goes to XML and back, and comes from strange XML."""

import json
from decimal import Decimal
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infobip_voice_schema.xml_plan import PLAN
from infobip_voice_wire import xml

CONTRACT = json.loads(files("infobip_voice_schema").joinpath("openapi.json").read_bytes())
SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]
PROFILE = settings(
    derandomize=True,
    deadline=None,
    max_examples=30,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff") | (
    st.sampled_from("\t\n\r <>&'\"]")
)
TEXTS = st.text(CHARACTERS, max_size=8)
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.\-]{0,8}", fullmatch=True)
NUMBERS = (
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers()
)
# The values of an unknown member that XML gives back: without a schema, a list with one item
# becomes a lone element, and an empty dict an empty text.
UNKNOWN: st.SearchStrategy[Any] = st.recursive(
    TEXTS,
    lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3) | st.lists(TEXTS, min_size=2, max_size=3),
    max_leaves=6,
)


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for a schema's values; it uses every keyword of the contract."""
    if "$ref" in schema:
        return values(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if union := schema.get("anyOf", schema.get("oneOf")):
        return st.one_of([values(branch) for branch in union])
    if isinstance(schema["type"], list):
        return st.one_of([values({**schema, "type": kind}) for kind in schema["type"]])
    match schema["type"]:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(min_value=schema.get("minimum"))
        case "number":
            return NUMBERS
        case "string":
            return texts(schema)
        case "array":
            return st.lists(values(schema["items"]), min_size=schema.get("minItems", 0), max_size=3)
    assert schema["type"] == "object"
    if "properties" not in schema:
        keys = NAMES if "propertyNames" in schema else TEXTS
        return st.dictionaries(keys, values(schema["additionalProperties"]), max_size=3)
    members = {name: values(member) for name, member in schema["properties"].items()}
    required = schema.get("required", [])
    return st.fixed_dictionaries(
        {name: members[name] for name in required},
        optional={name: member for name, member in members.items() if name not in required},
    )


def texts(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    least, most = schema.get("minLength", 0), schema.get("maxLength", 200)
    if schema.get("pattern", "^[^").startswith("^[^"):
        return st.text(CHARACTERS, min_size=least, max_size=min(most, 12))
    return st.from_regex(schema["pattern"], fullmatch=True)


# Where the contract allows null beside an object, an empty object is the same element.
MAY_BE_NULL = {"price", "status", "error", "voiceCall", "ivr"}


def normal(value: Any, name: str = "") -> Any:
    """Return a value's normal form: no nulls, R6's strings as booleans, numbers by exact value."""
    if isinstance(value, dict):
        members = {key: normal(item, key) for key, item in value.items() if item is not None}
        return {key: item for key, item in members.items() if item != {} or key not in MAY_BE_NULL}
    if isinstance(value, list):
        return [normal(item) for item in value if item is not None]
    if name == "record" and isinstance(value, str):
        return value == "true"
    return Decimal(repr(value)) if isinstance(value, float) else value


# Made once: each draw from a new strategy would read its patterns again.
STRATEGIES = {name: values(schema).filter(lambda drawn: drawn is not None) for name, schema in SCHEMAS.items()}


@pytest.mark.parametrize("schema", SCHEMAS)
@given(data=st.data(), names=st.sampled_from(["xml", "json"]))
@PROFILE
def test_to_xml_and_back(schema: str, data: st.DataObject, names: xml.Names) -> None:
    """A value comes back from XML in its normal form, whichever names its elements have.

    Written again, that reads the same, byte for byte.
    """
    value = data.draw(STRATEGIES[schema])
    read = xml.decode(xml.encode(value, schema, names), schema)
    assert normal(read) == normal(value)
    once = xml.encode(read, schema, names)
    assert normal(xml.decode(once, schema)) == normal(read)
    assert xml.encode(xml.decode(once, schema), schema, names) == once


def without_returns(value: Any) -> Any:
    """Remove carriage returns, which the standard library does not escape."""
    if isinstance(value, dict):
        return {without_returns(key): without_returns(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_returns(item) for item in value]
    return value.replace("\r", "") if isinstance(value, str) else value


class Stranger:
    """Write XML with the standard library, as other servers may: layout and names are drawn."""

    def __init__(self, data: st.DataObject) -> None:
        self.pick = lambda *choices: data.draw(st.sampled_from(choices))
        self.namespace = self.pick("", "{urn:example:voice}")
        self.indented = self.pick(False, True)

    def document(self, value: Any, schema: str) -> bytes:
        root, kind = PLAN[schema]
        tree = self.element(root, kind, value)
        if self.indented:
            ElementTree.indent(tree)
        return ElementTree.tostring(tree, self.pick("utf-8", "utf-16"), xml_declaration=True)

    def element(self, name: str, kind: Any, value: Any) -> ElementTree.Element:
        made = ElementTree.Element(self.namespace + name)
        if kind[0] == "nullable":
            return self.element(name, kind[1], value)
        if kind[0] == "ref":
            return self.element(name, PLAN[kind[1]][1], value)
        if kind[0] == "object":
            for member, element, inner in kind[1]:
                if member in value:
                    made.append(self.element(self.pick(member, element), inner, value[member]))
        elif kind[0] == "list":
            for item in value:
                made.append(self.element(self.pick(kind[1], name, "item"), kind[2], item))
        elif kind[0] == "map":
            for key, item in value.items():
                made.append(self.element(key, kind[1], item))
        elif kind[0] == "entries":
            for key, items in value.items():
                entry = ElementTree.SubElement(made, self.namespace + kind[1], {kind[2]: key})
                entry.extend([self.element(kind[3], "text", item) for item in items])
        else:
            made.text = str(value).lower() if isinstance(value, bool) else str(value)
        if len(made) and self.pick(False, True):
            made.append(ElementTree.Comment("385981112"))
        return made


@pytest.mark.parametrize("schema", [name for name, (_, kind) in PLAN.items() if kind[0] == "object"])
@given(data=st.data())
@PROFILE
def test_the_xml_of_others(schema: str, data: st.DataObject) -> None:
    """JSON names, names of items, namespaces, layout, comments and UTF-16 change nothing."""
    value = without_returns(normal(data.draw(STRATEGIES[schema])))
    document = Stranger(data).document(value, schema)
    assert normal(xml.decode(document, schema)) == value


@given(value=st.dictionaries(NAMES.map(lambda name: f"x-{name}"), UNKNOWN, max_size=4))
@PROFILE
def test_unknown_members_are_kept(value: dict[str, Any]) -> None:
    """Members that the contract does not know survive at every level (ruling R9)."""
    answer = {"results": [{"to": "385981178", "price": {"currency": "EUR", **value}, **value}], **value}
    assert xml.decode(xml.encode(answer, "VoiceReportResponse"), "VoiceReportResponse") == answer


@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_every_number_of_items(count: int) -> None:
    """A list keeps its length, be it none, one or many."""
    for schema, member in [("VoiceReportResponse", "results"), ("VoiceResponse", "messages")]:
        value = {member: [{"to": str(index)} for index in range(count)]}
        assert xml.decode(xml.encode(value, schema), schema) == value
        assert xml.decode(xml.encode(value, schema, names="json"), schema) == value
    request = {"messages": [{"destinations": [{"to": "385981178"}] * count}] * count}
    assert xml.decode(xml.encode(request, "IvrLaunchRequest"), "IvrLaunchRequest") == request
