"""Which members the objects of an OpenAPI 3.1 document have, and what each of them holds.

What a member holds is an object of this table by its name, `[…]` for a list of such, `{…}` for a
map of such, the type of a value, or `any` for what is not looked into.
"""

from typing import Final

__all__ = ["OBJECTS", "REQUIRED", "TYPES"]

TYPES: Final = ("string", "integer", "number", "boolean", "object", "array", "null")
REQUIRED: Final = {
    "document": ("openapi", "info", "paths"),
    "info": ("title", "version"),
    "server": ("url",),
    "parameter": ("name", "in"),
    "response": ("description",),
    "body": ("content",),
}


def _members(**groups: str) -> dict[str, str]:
    """Return a table of members from one that lists the members of each kind."""
    found = {name: kind.replace("_", " ") for kind, names in groups.items() for name in names.split()}
    return {name: KINDS.get(kind, kind) for name, kind in found.items()}


KINDS: Final = {
    "texts": "[text]", "schemas": "[schema]", "schema map": "{schema}", "parameters": "[parameter]",
    "servers": "[server]", "header map": "{header}", "link map": "{link}", "media map": "{media}",
    "response map": "{response}", "path map": "{path}", "callback map": "{callback}",
    "parameter map": "{parameter}", "body map": "{body}", "tags": "[tag]",
}  # fmt: skip
FIELD: Final = _members(
    text="description style $ref", boolean="required deprecated allowEmptyValue explode allowReserved", schema="schema",
    any="example examples", media_map="content",
)  # fmt: skip
METHODS: Final = "get put post delete options head patch trace"
OBJECTS: Final[dict[str, dict[str, str]]] = {
    "document": _members(
        text="openapi jsonSchemaDialect", info="info", servers="servers", path_map="paths webhooks",
        components="components", any="security externalDocs", tags="tags",
    ),
    "info": _members(text="title summary description termsOfService version", any="contact license"),
    "server": _members(text="url description", any="variables"),
    "tag": _members(text="name description", any="externalDocs"),
    "components": _members(
        schema_map="schemas", response_map="responses", parameter_map="parameters", any="examples securitySchemes",
        body_map="requestBodies", header_map="headers", link_map="links", callback_map="callbacks",
        path_map="pathItems",
    ),
    "path": _members(
        text="$ref summary description", operation=METHODS, servers="servers", parameters="parameters",
    ),
    "operation": _members(
        texts="tags", text="summary description operationId", any="externalDocs security", parameters="parameters",
        body="requestBody", response_map="responses", callback_map="callbacks", boolean="deprecated", servers="servers",
    ),
    "parameter": {**FIELD, **_members(text="name in")},
    "header": FIELD,
    "body": _members(text="description $ref", media_map="content", boolean="required"),
    "media": _members(schema="schema", any="example examples encoding"),
    "response": _members(text="description $ref", header_map="headers", media_map="content", link_map="links"),
    "link": _members(
        text="operationRef operationId description $ref", any="parameters requestBody", server="server",
    ),
    "xml": _members(text="name namespace prefix", boolean="attribute wrapped"),
    "schema": _members(
        text="$ref $id $schema $anchor $comment $dynamicRef $dynamicAnchor title description format pattern "
             "contentEncoding contentMediaType",
        any="type enum const default examples example externalDocs discriminator $vocabulary dependentRequired",
        number="minimum maximum exclusiveMinimum exclusiveMaximum multipleOf",
        integer="minLength maxLength minItems maxItems minContains maxContains minProperties maxProperties",
        boolean="uniqueItems deprecated readOnly writeOnly",
        texts="required",
        schema="items contains propertyNames additionalProperties unevaluatedItems unevaluatedProperties not if "
               "then else contentSchema",
        schemas="allOf anyOf oneOf prefixItems",
        schema_map="properties patternProperties dependentSchemas $defs",
        xml="xml",
    ),
}  # fmt: skip
