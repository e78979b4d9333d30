"""The contract is complete, names its sources, and all its examples fit."""

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from ruamel.yaml import YAML

from infobip_voice_schema.operations import OPERATIONS
from infobip_voice_wire import codes, xml

ROOT = Path(__file__).parents[1]
DOCUMENT: dict[str, Any] = YAML(typ="safe", pure=True).load(ROOT / "openapi.yaml")
PROVENANCE = {"ivr-2017", "ivr-2019", "ctc", "reports", "platform-2026", "sibling", "assumption"}
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
JSON, XML = "application/json", "application/xml"


def resolve(node: Any) -> Any:
    """Follow a `$ref`. Keywords beside it count, as JSON Schema says."""
    while "$ref" in node:
        target = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = {**target, **{name: value for name, value in node.items() if name != "$ref"}}
    return node


def items() -> Iterator[tuple[str, Any]]:
    yield from DOCUMENT["paths"].items()
    yield from DOCUMENT["webhooks"].items()


def operations() -> Iterator[tuple[str, Any]]:
    for path, item in items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def properties(schema: Any, place: str) -> Iterator[tuple[str, Any]]:
    for name, value in schema.get("properties", {}).items():
        yield f"{place}.{name}", value
        yield from properties(value, f"{place}.{name}")


def all_properties() -> list[Any]:
    schemas = DOCUMENT["components"]["schemas"].items()
    return [pytest.param(value, id=place) for name, schema in schemas for place, value in properties(schema, name)]


def responses() -> Iterator[tuple[str, Any]]:
    yield from DOCUMENT["components"]["responses"].items()
    for place, operation in operations():
        for status, response in operation["responses"].items():
            if "$ref" not in response:
                yield f"{place} {status}", response


def contents() -> Iterator[tuple[str, Any]]:
    for place, operation in operations():
        if "requestBody" in operation:
            yield f"{place} request", operation["requestBody"]["content"]
    for place, response in responses():
        if "content" in response:
            yield place, response["content"]


def all_contents() -> list[Any]:
    return [pytest.param(content, id=place) for place, content in contents()]


def validator(schema: Any) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def traced() -> list[Any]:
    found = [*operations(), *responses()]
    for place, operation in operations():
        found += [(f"{place} ?{item['name']}", item) for item in operation.get("parameters", ())]
    return [pytest.param(node, id=place) for place, node in found] + all_properties()


def test_it_is_a_valid_document():
    """openapi-spec-validator finds nothing."""
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


@pytest.mark.parametrize("node", traced())
def test_provenance(node):
    """Every operation, response, parameter and property names its sources, and only known ones."""
    sources = node["x-provenance"]
    assert sources
    assert set(sources) <= PROVENANCE
    assert len(set(sources)) == len(sources)


@pytest.mark.parametrize("value", all_properties())
def test_every_property_is_described_and_has_an_example(value):
    """The description stands at the property, not only at its type; each example fits."""
    assert value["description"]
    assert value["examples"]
    for example in value["examples"]:
        validator(value).validate(example)


@pytest.mark.parametrize(
    "schema", [pytest.param(schema, id=n) for n, schema in DOCUMENT["components"]["schemas"].items()]
)
def test_every_schema_is_described_and_its_examples_fit(schema):
    """This includes the schemas that only give a type to properties."""
    assert schema["description"]
    for example in schema.get("examples", ()):
        validator(schema).validate(example)


@pytest.mark.parametrize(
    "parameter", [pytest.param(item, id=item["name"]) for _, op in operations() for item in op.get("parameters", ())]
)
def test_every_parameter_is_described_and_its_example_fits(parameter):
    """These are the query parameters of the reports."""
    assert parameter["description"]
    validator(parameter["schema"]).validate(parameter["example"])


@pytest.mark.parametrize("content", all_contents())
def test_every_media_type_has_examples_that_fit(content):
    """A JSON Schema validator checks JSON examples, and XML examples as our codec reads them."""
    assert JSON in content
    for media_type, body in content.items():
        assert body["examples"]
        for example in body["examples"].values():
            assert example["summary"]
            value = example["value"]
            if media_type == XML:
                value = xml.decode(value.encode(), body["schema"]["$ref"].rpartition("/")[2])
            validator(body["schema"]).validate(value)


@pytest.mark.parametrize("content", [param for param in all_contents() if XML in param.values[0]])
def test_an_xml_example_says_what_its_json_twin_says(content):
    """Examples of one name have the same data, and our codec writes the XML from the JSON."""
    schema = content[XML]["schema"]["$ref"].rpartition("/")[2]
    for name, example in content[XML]["examples"].items():
        twin = json.loads(json.dumps(content[JSON]["examples"][name]["value"]), parse_float=Decimal)
        assert xml.decode(example["value"].encode(), schema) == twin
        compact = re.sub(rb">\s+<", b"><", example["value"].strip().encode())
        assert sorted(leaves(xml.encode(twin, schema))) == sorted(leaves(compact))


@pytest.mark.parametrize("content", [param for param in all_contents() if XML in param.values[0]])
def test_an_xml_example_read_by_another_parser(content):
    """Its texts are its JSON twin's values, in order; our codec has no part in this."""
    for name, example in content[XML]["examples"].items():
        twin = content[JSON]["examples"][name]["value"]
        assert [text for _, text in leaves(example["value"].encode())] == list(texts(twin))


def leaves(document: bytes) -> list[tuple[str, str]]:
    """Return each element that holds text, in order, with the path of names from the root to it."""

    def walk(element: ElementTree.Element, path: str) -> Iterator[tuple[str, str]]:
        if len(element) == 0 and (element.text or "").strip():
            yield f"{path}/{element.tag}", element.text or ""
        for child in element:
            yield from walk(child, f"{path}/{element.tag}")

    return list(walk(ElementTree.fromstring(document), ""))  # noqa: S314 - our own examples


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    else:
        yield value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize(("operation", "refused"), [
    ("launchOutboundIvr", {400, 401, 403, 404, 405, 406, 413, 415, 429, 500}),
    ("launchClickToCall", {400, 401, 403, 404, 405, 406, 413, 415, 429, 500}),
    ("fetchReports", {400, 401, 403, 404, 405, 406, 429, 500}),
])  # fmt: skip
def test_every_operation_lists_its_answers(operation, refused):
    """Each is a reference. `default` covers the rest; 413 and 415 need a request with a body."""
    [found] = [item for _, item in operations() if item["operationId"] == operation]
    assert set(found["responses"]) == {"200", "default", *map(str, refused)}
    assert all(list(response) == ["$ref"] for response in found["responses"].values())
    assert found["security"] == [{"basic": []}, {"appKey": []}]
    assert found["summary"]
    assert "**" in found["description"].split("\n\n")[0], "the danger comes first"


@pytest.mark.parametrize(
    ("response", "header"),
    [
        ("Unauthorized", "WWW-Authenticate"),
        ("MethodNotAllowed", "Allow"),
        ("TooManyRequests", "Retry-After"),
        ("Reports", "Cache-Control"),
    ],
)
def test_headers_are_declared(response, header):
    """The contract declares the header fields that a client acts on."""
    assert list(DOCUMENT["components"]["responses"][response]["headers"]) == [header]


def test_every_answer_but_406_has_both_forms():
    """For a 406 neither form is acceptable, so it is JSON."""
    for name, response in DOCUMENT["components"]["responses"].items():
        assert set(response["content"]) == ({JSON} if name == "NotAcceptable" else {JSON, XML}), name


def test_requests_are_closed_and_answers_open():
    """Unknown members of a request are refused; unknown members and codes of an answer are not.

    They are refused by `unevaluatedProperties`, which generated clients do not take for a reason to
    drop them (R21).
    """
    requests = {"IvrLaunchRequest", "IvrMessage", "IvrDestination", "SendingSpeed", "CallRetry",
                "ClickToCallLaunchRequest", "ClickToCallMessage", "DeliveryTimeWindow", "TimeOfDay", "Voice"}  # fmt: skip
    schemas = DOCUMENT["components"]["schemas"]
    assert {name for name, schema in schemas.items() if schema.get("unevaluatedProperties") is False} == requests
    assert [name for name, schema in schemas.items() if schema.get("additionalProperties") is False] == []
    answers = schemas.keys() - requests - {"NotifyContentType"}
    assert [name for name in answers if '"enum"' in json.dumps(schemas[name])] == []


def test_what_is_clamped_has_no_maximum():
    """R7: a value above the ceiling counts as the ceiling. A `maximum` would refuse it."""
    schemas = DOCUMENT["components"]["schemas"]
    assert "maximum" not in schemas["IvrMessage"]["properties"]["validityPeriod"]
    assert "maximum" not in schemas["CallRetry"]["properties"]["maxCount"]


def test_launches_link_to_their_reports():
    """A launch links by its bulk id and its message id, and pushes to `notifyUrl`."""
    for name in ("IvrLaunched", "ClickToCallLaunched"):
        links = DOCUMENT["components"]["responses"][name]["links"]
        parameters = [resolve(link)["parameters"] for link in links.values()]
        assert parameters == [
            {"bulkId": "$response.body#/bulkId"},
            {"messageId": "$response.body#/messages/0/messageId"},
        ]
    pushes = [op["callbacks"]["deliveryReport"] for _, op in operations() if "callbacks" in op]
    assert [list(push) for push in pushes] == [["{$request.body#/messages/0/notifyUrl}"]] * 2


def test_the_push_is_where_renderers_look_for_it():
    """It is inline in both callbacks, and its two forms are webhooks with the same examples."""
    pushes = [
        item["post"]
        for _, op in operations()
        if "callbacks" in op
        for item in op["callbacks"]["deliveryReport"].values()
    ]
    assert len(pushes) == 2
    hooks = {name: item["post"] for name, item in DOCUMENT["webhooks"].items()}
    nested, flat = hooks["deliveryReport"], hooks["flatDeliveryReport"]
    assert (nested.get("deprecated"), flat.get("deprecated")) == (None, True)
    for push in pushes:
        assert "operationId" not in push, "generators would make a method of it"
        for media_type, body in push["requestBody"]["content"].items():
            forms = [hook["requestBody"]["content"][media_type] for hook in (nested, flat)]
            assert body["schema"] == {"anyOf": [form["schema"] for form in forms]}
            assert body["examples"] == forms[0]["examples"] | forms[1]["examples"]


def test_danger_is_said_for_programs_too():
    """No operation may be sent twice, and the reports are consumed by reading them."""
    said = {
        op["operationId"]: (op.get("x-idempotent"), op.get("x-consumes-on-read", False))
        for item in DOCUMENT["paths"].values()
        for op in item.values()
    }
    assert said == {
        "launchOutboundIvr": (False, False),
        "launchClickToCall": (False, False),
        "fetchReports": (False, True),
    }
    assert {name for name, op in OPERATIONS.items() if op["idempotent"]} == set()
    assert {name for name, op in OPERATIONS.items() if op["consumes_on_read"]} == {"fetchReports"}


def test_a_request_has_no_default():
    """Generated clients send defaults; the description says what absence means. `limit` has one."""

    def defaults(node: Any) -> Iterator[Any]:
        if isinstance(node, dict):
            yield from [node["default"]] if "default" in node and "description" in node and "type" in node else []
            for value in node.values():
                yield from defaults(value)

    assert list(defaults(DOCUMENT["components"]["schemas"])) == []
    [limit] = [each for each in DOCUMENT["paths"]["/tts/3/reports"]["get"]["parameters"] if each["name"] == "limit"]
    assert limit["schema"]["default"] == 50


def test_codes_in_prose_are_those_of_the_table():
    """If a description puts a number before a name in capitals, the code table has both."""
    known = {(code.id, code.name) for code in (*codes.STATUSES, *codes.ERRORS)}
    groups = {(code.group_id, code.group_name) for code in (*codes.STATUSES, *codes.ERRORS)}
    pairs = [
        (int(number), name)
        for schema in DOCUMENT["components"]["schemas"].values()
        for text in re.findall(r"'description': [\"'](.*?)[\"'](?:, '|})", repr(schema))
        for number, name in re.findall(r"(\d+) `([A-Z_]{3,})`", text)
    ]
    assert len(pairs) >= 15
    assert set(pairs) <= known | groups


def test_the_linter_ignores_only_xml_examples():
    """Redocly cannot check XML text, so it ignores those examples; we test them here instead."""
    ignored = YAML(typ="safe", pure=True).load(ROOT / "tools/.redocly.lint-ignore.yaml")
    [(_, rules)] = ignored.items()
    [(rule, pointers)] = rules.items()
    assert rule == "no-invalid-media-type-examples"
    for pointer in pointers:
        assert "/content/application~1xml/examples/" in pointer
    examples = sum(len(content[XML]["examples"]) for _, content in contents() if XML in content)
    pushed = 2  # once nested, once flat, in the callback where they are written
    assert len(pointers) == examples + pushed
