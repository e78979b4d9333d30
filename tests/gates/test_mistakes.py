"""A mistake in the contract is one sentence with its line, and no generator runs."""

from pathlib import Path

import pytest

import generate
from contract_source import read

ROOT = Path(__file__).parents[2]
SOURCE = """\
openapi: 3.1.1
info: {title: Orders, version: 1.0.0}
tags:
  - name: Orders
paths:
  /orders:
    post:
      operationId: placeOrder
      tags: [Orders]
      security: [{basic: []}]
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Order'}
      responses:
        '200':
          description: Placed.
          links:
            again: {operationId: placeOrder}
      callbacks:
        done:
          '{$request.body#/url}':
            post:
              operationId: receive
              responses: {default: {description: Any.}}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
  schemas:
    Order:
      type: object
      required: [to]
      properties:
        to:
          type: string
          pattern: '^[0-9]+$'
          minLength: 1
          xml: {name: to}
        items:
          type: [array, 'null']
          items: {$ref: '#/components/schemas/Item'}
    Item:
      type: object
      additionalProperties: false
"""
MISTAKES = [
    ("type: string", "type: strng", 35, "Order.to: `type` is `strng`, which is no type; did you mean `string`?"),
    ("[array, 'null']", "[aray, 'null']", 40, "Order.items: `type` is `aray`, which is no type; did you mean `array`?"),
    ("type: object\n      required", "type: json\n      required", 31, "Order: `type` is `json`, which is no type."),
    ("schemas/Item'", "schemas/Itme'", 41,
     "Order.items.items: Nothing is at `#/components/schemas/Itme`; did you mean `Item`?"),
    ("'#/components/schemas/Order'", "Order", 14,
     "/orders.post.requestBody.content.application/json.schema: The reference `Order` has to begin with `#/`."),
    ("operationId: receive", "operationId: placeOrder", 24,
     "/orders.post.callbacks.done {$request.body#/url}.post: `operationId` is `placeOrder`, as in line 8, "
     "and has to be unique."),
    ("xml: {name: to}", "xml: {name: 2to}", 38, "Order.to: `2to` is no name for an XML element."),
    ("xml: {name: to}", "xml: {name: items}", 39, "Order: `items` and `to` are both `items` in XML."),
    ("        items:\n          type", "        the items:\n          type", 39,
     "Order: `the items` is no name for an XML element: it needs `xml.name`."),
    ("xml: {name", "xml: {nam", 38, "Order.to.xml: `nam` is no member of `xml`; did you mean `name`?"),
    ("minLength: 1", "minLenght: 1", 37, "Order.to: `minLenght` is no member of a schema; did you mean `minLength`?"),
    ("minLength: 1", "minLength: one", 37, "Order.to: `minLength` is `one`, and has to be an integer."),
    ("minLength: 1", "readOnly: 1", 37, "Order.to: `readOnly` is `1`, and has to be a boolean."),
    ("'^[0-9]+$'", "'^[0-9+$'", 36, "Order.to: `pattern` is no regular expression: unterminated character set."),
    ("required: [to]", "required: [too]", 32, "Order: `required` names `too`, which is no member; did you mean `to`?"),
    ("required: [to]", "required: true", 32, "Order: `required` has to be a list."),
    ("{operationId: placeOrder}", "{operationId: placeOder}", 19,
     "/orders.post.responses.200.links.again: No operation has the `operationId` `placeOder`; "
     "did you mean `placeOrder`?"),
    ("tags: [Orders]", "tags: [Order]", 9, "/orders.post: No tag is called `Order`; did you mean `Orders`?"),
    ("[{basic: []}]", "[{basci: []}]", 10, "/orders.post: No security scheme is called `basci`; did you mean `basic`?"),
    ("description: Placed.", "descriptoin: Placed.", 17,
     "/orders.post.responses.200: `descriptoin` is no member of a response; did you mean `description`?"),
    ("requestBody:", "requestbody:", 11,
     "/orders.post: `requestbody` is no member of an operation; did you mean `requestBody`?"),
    ("    post:\n      operationId: placeOrder", "    put on:\n      operationId: placeOrder", 7,
     "/orders: `put on` is no member of a path item; did you mean `put`?"),
    ("components:\n", "componets:\n", 26, "the document: `componets` is no member of the document; did you mean `components`?"),
    ("title: Orders, ", "", 2, "info: `title` is missing."),
    ("    Item:\n      type: object\n      additionalProperties: false\n", "    Item: object\n", 42,
     "Item has to be a map."),
    ("additionalProperties: false", "additionalProperties: none", 44, "Item: `additionalProperties` has to be a map."),
    ("type: object\n      additional", "type: object\n      type: object\n      additional", 44,
     "This is no YAML: found duplicate key \"type\" with value \"object\" (original value: \"object\")."),
    ("required: [to]", "required: [to", 33, "This is no YAML: expected ',' or ']', but got ':'."),
]  # fmt: skip


def sentences(path: Path) -> list[str]:
    with pytest.raises(SystemExit) as caught:
        read(path)
    return str(caught.value).split("\n")


@pytest.mark.parametrize(("old", "new", "line", "sentence"), MISTAKES)
def test_a_mistake_is_named_with_its_line(tmp_path, old, new, line, sentence):
    """The sentence says what is wrong there, and which known word is nearest."""
    assert SOURCE.count(old) == 1
    (tmp_path / "openapi.yaml").write_text(SOURCE.replace(old, new))
    assert sentences(tmp_path / "openapi.yaml") == [f"openapi.yaml:{line}: {sentence}"]


def test_what_is_right_is_read(tmp_path):
    """The document without a mistake is read, and so is our own."""
    (tmp_path / "openapi.yaml").write_text(SOURCE)
    assert read(tmp_path / "openapi.yaml")["components"]["schemas"]["Item"]["type"] == "object"
    assert read(ROOT / "openapi.yaml")["openapi"] == "3.1.1"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("          type: integer\n", "          type: interger\n", "`type` is `interger`, which is no type; did you mean `integer`?"),
        ("schemas/Identifier'", "schemas/Identifer'", "Nothing is at `#/components/schemas/Identifer`; did you mean `Identifier`?"),
        ("operationId: launchClickToCall\n", "operationId: launchOutboundIvr\n", "`operationId` is `launchOutboundIvr`, as in line"),
        ("xml: {name: pricePerMessage}", "xml: {name: 'price per message'}", "`price per message` is no name for an XML element."),
    ],
)  # fmt: skip
def test_no_generator_runs_on_a_mistake(tmp_path, monkeypatch, old, new, sentence):
    """`make generate` ends with one sentence, the file and the line."""
    text = (ROOT / "openapi.yaml").read_text()
    line = text[: text.index(old)].count("\n") + 1
    (tmp_path / "openapi.yaml").write_text(text.replace(old, new, 1))
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "run", lambda *_, **__: pytest.fail("a generator ran"))
    with pytest.raises(SystemExit) as caught:
        generate.main()
    [message] = str(caught.value).split("\n")
    assert message.startswith(f"openapi.yaml:{line}: ")
    assert sentence in message
