"""A small contract with one of everything that the gate compares."""

import copy
from typing import Any

from ruamel.yaml import YAML

GONE = object()

CONTRACT: dict[str, Any] = YAML(typ="safe", pure=True).load(r"""
openapi: 3.1.1
info: {title: Orders, version: 1.2.3, description: About orders.}
servers:
  - {url: 'https://{account}.example.com', variables: {account: {default: main}}}
  - {url: 'https://api.example.com'}
  - {url: 'https://test.example.com'}
tags: [{name: Orders}]
paths:
  /orders:
    post:
      operationId: placeOrder
      tags: [Orders, Extra]
      summary: Place an order
      security: [{basic: []}, {key: []}]
      parameters:
        - {name: limit, in: query, required: false, schema: {type: integer, minimum: 1, maximum: 100, default: 50}}
        - {name: Trace, in: header, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Order'}}
          application/xml: {schema: {$ref: '#/components/schemas/Order'}}
      responses:
        '200': {$ref: '#/components/responses/Placed'}
        '401': {description: No.}
        default: {description: Anything else.}
      callbacks:
        done:
          '{$request.body#/notifyUrl}':
            post:
              operationId: receive
              tags: [Orders]
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Push'}}}}
              responses: {'200': {description: Received.}}
  /lists:
    get:
      operationId: listOrders
      tags: [Orders]
      security: []
      responses: {default: {$ref: '#/components/responses/Placed'}}
webhooks:
  audit:
    post:
      operationId: audit
      tags: [Orders]
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Push'}}
          application/xml: {schema: {$ref: '#/components/schemas/Push'}}
      responses: {'200': {description: Received.}}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
    key: {type: apiKey, in: header, name: Authorization}
  responses:
    Placed:
      description: Placed.
      headers:
        Cache-Control: {description: Always no-store., schema: {type: string}}
        ETag: {required: true, schema: {type: string}}
      content:
        application/json: {schema: {$ref: '#/components/schemas/Answer'}}
        application/xml: {schema: {$ref: '#/components/schemas/Answer'}}
      links: {again: {operationId: placeOrder, parameters: {limit: 5}}}
  schemas:
    Order:
      type: object
      xml: {name: order}
      additionalProperties: false
      required: [to]
      properties:
        to: {type: string, pattern: '^[1-9][0-9]{4,14}$', description: A number., x-provenance: [a]}
        count: {type: integer, minimum: 1, default: 1, description: How many. Absent means 1.}
        rate: {type: integer, default: 5, description: At most 5 a second. Absent means the account's rate.}
        quiet: {type: boolean, default: false, description: 'Without it, `false`: there is noise.'}
        pack: {type: integer, multipleOf: 4}
        note: {type: string, maxLength: 200}
        unit: {type: string, enum: [hour, day]}
        flag: {oneOf: [{type: boolean}, {type: string}]}
        items: {type: array, xml: {wrapped: true}, minItems: 1, maxItems: 9, items: {$ref: '#/components/schemas/Item'}}
        words: {type: object, propertyNames: {pattern: '^[a-z]+$'}, additionalProperties: {type: string, maxLength: 9}}
        both: {$ref: '#/components/schemas/Shared'}
        weight: {anyOf: [{type: integer}, {type: number}]}
        code: {anyOf: [{type: string, maxLength: 5}, {type: string, pattern: '^[0-9]*$'}]}
        free: {type: string, pattern: '^[^\u0000-\u0008]*$'}
        given: {type: string, readOnly: true}
        tree: {$ref: '#/components/schemas/Tree'}
    Item: {type: object, xml: {name: item}, properties: {size: {type: number, minimum: 0}}}
    Tree:
      type: object
      properties:
        leaf: {type: string, maxLength: 5}
        branches: {type: array, xml: {wrapped: true}, items: {$ref: '#/components/schemas/Tree'}}
    Answer:
      type: object
      xml: {name: answer}
      required: [id]
      properties:
        id: {type: integer, examples: [1]}
        state: {type: string, pattern: '^[A-Z]{2,5}$'}
        price: {type: number, format: decimal, xml: {name: cost}}
        note: {type: [string, 'null'], maxLength: 200}
        kind: {type: string, enum: [one, two]}
        lines: {type: array, xml: {wrapped: true}, items: {$ref: '#/components/schemas/Line'}}
        maybe: {anyOf: [{$ref: '#/components/schemas/Line'}, {type: 'null'}]}
        errors: {$ref: '#/components/schemas/Errors'}
        both: {$ref: '#/components/schemas/Shared'}
        code: {anyOf: [{type: string, maxLength: 5}, {type: string, pattern: '^[0-9]*$'}]}
        hidden: {type: string, writeOnly: true}
        receipt: {$ref: '#/components/schemas/Receipt'}
    Receipt: {type: object, additionalProperties: false, properties: {number: {type: integer}}}
    Line: {type: object, xml: {name: line}, required: [text], properties: {text: {type: string}, price: {type: string}}}
    Errors: {type: object, x-xml-entries: {name: error, key: path}, additionalProperties: {type: string}}
    Push:
      type: object
      properties:
        state: {type: string, enum: [ok, bad]}
        detail: {type: object, properties: {code: {type: string}}}
    Shared: {type: string, minLength: 2}
    Twin: {type: string, minLength: 2}
""")


def edited(*edits: tuple[str, Any]) -> dict[str, Any]:
    """Return the contract with the value at each `a/b/c` replaced, added, or removed with GONE.

    `:` stands for `/` within a step, and `-` appends to a list.
    """
    document = copy.deepcopy(CONTRACT)
    for path, value in edits:
        node: Any = document
        *steps, last = [step.replace(":", "/") for step in path.split("/")]
        for step in steps:
            node = node[int(step)] if isinstance(node, list) else node[step]
        key = int(last) if isinstance(node, list) and last.isdigit() else last
        if value is GONE:
            del node[key]
        elif isinstance(node, list) and key == "-":
            node.append(value)
        else:
            node[key] = value
    return document


def halves(name: str, first: list[str], **outside: object) -> dict[str, object]:
    """Return an object schema as two conditions: the members `first`, and the others."""
    whole = CONTRACT["components"]["schemas"][name]
    members = whole["properties"]
    return {
        **{key: value for key, value in whole.items() if key not in ("properties", "required", "additionalProperties")},
        "allOf": [
            {"required": whole.get("required", []), "properties": {key: members[key] for key in first}},
            {"properties": {key: value for key, value in members.items() if key not in first}},
        ],
        **outside,
    }
