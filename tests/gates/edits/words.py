"""Edits that people read and no document on the wire shows."""

from gates.contract import GONE
from gates.edits.places import ANSWER, BOTH, COUNT, ITEM, ORDER, PATH, STRING, TO, B, D, ref

EDITS = [
    ("a description", D, "to", [(f"{TO}/description", "A telephone number.")]),
    ("a description is removed", D, "to", [(f"{TO}/description", GONE)]),
    ("a description beside a reference", D, "both", [(BOTH, {**ref("Shared"), "description": "Two."})]),
    ("a description around a reference", D, "both", [(BOTH, {"allOf": [ref("Shared")], "description": "Two."})]),
    ("a description in a condition", D, "count", [(f"{COUNT}/allOf", [{"description": "A number."}])]),
    ("a title", D, "Item", [(f"{ITEM}/title", "An item")]),
    ("a provenance", D, "to", [(f"{TO}/x-provenance", ["a", "b"])]),
    ("a word about an operation for machines", D, "placeOrder", [(f"{PATH}/x-idempotent", False)]),
    ("an example", D, "id", [(f"{ANSWER}/properties/id/examples", [2])]),
    ("an example of a body", D, "POST /orders", [
        (f"{PATH}/requestBody/content/application:json/examples", {"a": {"value": {"to": "12345"}}})]),
    ("a comment", D, "Order", [(f"{ORDER}/$comment", "Keep it short.")]),
    ("definitions that nothing refers to", D, "Order", [(f"{ORDER}/$defs", {"Unused": STRING})]),
    ("a summary", D, "placeOrder", [(f"{PATH}/summary", "Order")]),
    ("a summary of a path", D, "/orders", [("paths/:orders/summary", "Orders")]),
    ("more to read", D, "placeOrder", [(f"{PATH}/externalDocs", {"url": "https://example.com"})]),
    ("the title of the document", D, "title", [("info/title", "Our orders")]),
    ("somebody to ask", D, "contact", [("info/contact", {"url": "https://example.com"})]),
    ("the text of a tag", D, "tags", [("tags/0/description", "About orders.")]),
    ("the document's own extension", D, "x-owner", [("x-owner", "us")]),
    ("a schema that nobody uses", D, "Unused", [("components/schemas/Unused", STRING)]),
    ("a schema that nobody used", D, "Twin", [("components/schemas/Twin", GONE)]),
    ("another patch of OpenAPI", D, "openapi", [("openapi", "3.1.0")]),
    ("another version of OpenAPI", B, "openapi", [("openapi", "3.2.0")]),
    ("another dialect", B, "jsonSchemaDialect", [("jsonSchemaDialect", "https://example.com/dialect")]),
]  # fmt: skip
