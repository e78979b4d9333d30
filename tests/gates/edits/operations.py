"""Edits of operations: who may call them, their names, and what surrounds their schemas."""

from gates.contract import CONTRACT, GONE
from gates.edits.places import ANSWER, LISTS, ORDER, PATH, PLACED, STRING, A, B, D

API, TEST = "https://api.example.com", "https://test.example.com"
TEMPLATE, SECOND, THIRD = CONTRACT["servers"]
FIRST, TRACE = CONTRACT["paths"]["/orders"]["post"]["parameters"]
EXTRA = {"name": "q", "in": "query", "schema": STRING}
SCHEMES = CONTRACT["components"]["securitySchemes"]
KEY, BASIC = {"key": []}, {"basic": []}


def members(schema: str, *first: str) -> dict[str, object]:
    """Return the members of a schema with `first` at the beginning."""
    properties = CONTRACT["components"]["schemas"][schema]["properties"]
    return {name: properties[name] for name in (*first, *(each for each in properties if each not in first))}


EDITS = [
    ("a path is removed", B, "/orders", [("paths/:orders", GONE)]),
    ("a path is added", A, "/more", [("paths/:more", {"get": {"responses": {}}})]),
    ("a method is added", A, "/orders", [("paths/:orders/get", {"responses": {}})]),
    ("an operation gets a further tag", D, "placeOrder", [(f"{PATH}/tags/-", "New")]),
    ("an operation is deprecated", A, "placeOrder", [(f"{PATH}/deprecated", True)]),
    # --- names and places that generated code takes
    ("an operation is renamed", B, "order", [(f"{PATH}/operationId", "order")]),
    ("a schema is renamed", B, "both", [(f"{ORDER}/properties/both/$ref", "#/components/schemas/Twin")]),
    ("two members of a request change places", B, "Order", [(f"{ORDER}/properties", members("Order", "count", "to"))]),
    ("two members of an answer change places", B, "Answer", [(f"{ANSWER}/properties", members("Answer", "state", "id"))]),
    ("a member is added before others", B, "more", [(f"{ORDER}/properties", {"more": STRING, **members("Order")})]),
    ("a member of an answer is added before others", B, "more", [
        (f"{ANSWER}/properties", {"more": STRING, **members("Answer")})]),
    ("two parameters change places", B, "placeOrder", [(f"{PATH}/parameters", [TRACE, FIRST])]),
    ("a parameter is added before others", B, "q", [(f"{PATH}/parameters", [EXTRA, FIRST, TRACE])]),
    # --- authentication
    ("a way to authenticate is removed", B, "placeOrder", [(f"{PATH}/security", [BASIC])]),
    ("a way to authenticate is optional", A, "placeOrder", [(f"{PATH}/security/-", {})]),
    ("nobody has to authenticate any more", A, "placeOrder", [(f"{PATH}/security", [])]),
    ("nobody has to authenticate any more, in other words", A, "placeOrder", [(f"{PATH}/security", [{}])]),
    ("everybody has to authenticate", B, "listOrders", [(f"{LISTS}/security", [BASIC])]),
    ("the ways to authenticate change places", D, "", [(f"{PATH}/security", [KEY, BASIC])]),
    ("two keys are needed at once", B, "placeOrder", [(f"{PATH}/security", [{"basic": [], "key": []}])]),
    ("two keys are needed at once, or one of them", B, "placeOrder", [
        (f"{PATH}/security", [{"basic": [], "key": []}, BASIC])]),
    ("silence instead of no authentication", D, "", [(f"{LISTS}/security", GONE)]),
    # --- servers
    ("a server is removed", B, TEST, [("servers/2", GONE)]),
    ("a server is added", A, "https://b.example.com", [("servers/-", {"url": "https://b.example.com"})]),
    ("the server that clients call by themselves changes places", B, TEST, [("servers", [TEMPLATE, THIRD, SECOND])]),
    ("the servers are turned round", B, TEST, [("servers", [THIRD, SECOND, TEMPLATE])]),
    ("a server that has to be filled in changes places", A, API, [("servers", [SECOND, TEMPLATE, THIRD])]),
    ("a server's variable changes", B, "account", [("servers/0/variables/account/default", "other")]),
    ("a server's variable has to be one of some", B, "account", [("servers/0/variables/account/enum", ["main", "b"])]),
    ("a server's variable is described", D, "account", [("servers/0/variables/account/description", "Yours.")]),
    ("a server is described", D, API, [("servers/1/description", "For all.")]),
    ("an operation gets servers of its own", B, "placeOrder", [(f"{PATH}/servers", [{"url": TEST}])]),
    # --- parameters
    ("a parameter is removed", B, "limit", [(f"{PATH}/parameters/0", GONE)]),
    ("an optional parameter is added", A, "q", [(f"{PATH}/parameters/-", EXTRA)]),
    ("a required parameter is added", B, "q", [(f"{PATH}/parameters/-", {**EXTRA, "required": True})]),
    ("a parameter becomes required", B, "limit", [(f"{PATH}/parameters/0/required", True)]),
    ("a parameter is optional by silence", D, "", [(f"{PATH}/parameters/0/required", GONE)]),
    ("a parameter's bound falls", B, "limit", [(f"{PATH}/parameters/0/schema/maximum", 99)]),
    ("a parameter's bound rises", A, "limit", [(f"{PATH}/parameters/0/schema/maximum", 101)]),
    ("a parameter's default changes", B, "limit", [(f"{PATH}/parameters/0/schema/default", 20)]),
    ("a parameter's default is removed", B, "limit", [(f"{PATH}/parameters/0/schema/default", GONE)]),
    ("a header parameter changes its case", D, "", [(f"{PATH}/parameters/1/name", "trace")]),
    ("a list in a query is written differently", B, "limit", [(f"{PATH}/parameters/0/explode", False)]),
    ("a query is written as it was", D, "", [(f"{PATH}/parameters/0/style", "form"), (f"{PATH}/parameters/0/explode", True)]),
    ("a header is written as it was", D, "", [(f"{PATH}/parameters/1/style", "simple"), (f"{PATH}/parameters/1/explode", False)]),
    ("a parameter is deprecated", A, "limit", [(f"{PATH}/parameters/0/deprecated", True)]),
    ("a parameter is described", D, "limit", [(f"{PATH}/parameters/0/description", "At most so many.")]),
    ("the parameters belong to the path", D, "", [("paths/:orders/parameters", [FIRST, TRACE]), (f"{PATH}/parameters", GONE)]),
    # --- messages
    ("a body becomes optional", A, "POST /orders", [(f"{PATH}/requestBody/required", False)]),
    ("a body is described", D, "POST /orders", [(f"{PATH}/requestBody/description", "An order.")]),
    ("a media type of a request is removed", B, "application/xml", [(f"{PATH}/requestBody/content/application:xml", GONE)]),
    ("a media type of a request is added", A, "text/csv", [(f"{PATH}/requestBody/content/text:csv", {})]),
    ("a media type of an answer is removed", B, "application/xml", [(f"{PLACED}/content/application:xml", GONE)]),
    ("a media type of an answer is added", A, "text/csv", [(f"{PLACED}/content/text:csv", {})]),
    ("a body is encoded in another way", B, "application/json", [
        (f"{PATH}/requestBody/content/application:json/encoding", {"to": {"style": "form"}})]),
    ("a status is removed", B, "401", [(f"{PATH}/responses/401", GONE)]),
    ("a status is added", A, "429", [(f"{PATH}/responses/429", {"description": "Slow."})]),
    ("a success beside a default is added", A, "202", [(f"{PATH}/responses/202", {"description": "Later."})]),
    ("the default answer is removed", B, "default", [(f"{PATH}/responses/default", GONE)]),
    ("a header of an answer is removed", B, "Cache-Control", [(f"{PLACED}/headers/Cache-Control", GONE)]),
    ("a header of an answer is added", A, "Age", [(f"{PLACED}/headers/Age", {"schema": STRING})]),
    ("a header of an answer changes its case", D, "", [
        (f"{PLACED}/headers", {key.lower(): each for key, each in CONTRACT["components"]["responses"]["Placed"]["headers"].items()})]),
    ("a header of an answer may be missing", B, "ETag", [(f"{PLACED}/headers/ETag/required", GONE)]),
    ("a header of an answer is promised", A, "Cache-Control", [(f"{PLACED}/headers/Cache-Control/required", True)]),
    ("a header's type changes", B, "Cache-Control", [(f"{PLACED}/headers/Cache-Control/schema/type", "integer")]),
    ("a link is removed", B, "again", [(f"{PLACED}/links/again", GONE)]),
    ("a link is added", A, "more", [(f"{PLACED}/links/more", {"operationId": "placeOrder"})]),
    ("a link leads elsewhere", B, "again", [(f"{PLACED}/links/again/parameters", {"limit": 6})]),
    ("a link is described", D, "again", [(f"{PLACED}/links/again/description", "Once more.")]),
]  # fmt: skip

SEVERAL = [
    ("a default for all operations, which only pushes do not override", {(A, "receive"), (A, "audit")}, [
        ("security", [BASIC])]),
    ("an operation moves to another tag", {(B, "Extra"), (D, "placeOrder")}, [(f"{PATH}/tags", ["Extra"])]),
    ("a key moves into the query", {(B, "placeOrder"), (A, "placeOrder")}, [("components/securitySchemes/key/in", "query")]),
    ("a way to authenticate is called otherwise", {(D, "basic"), (D, "login")}, [
        ("components/securitySchemes", {"login": SCHEMES["basic"], "key": SCHEMES["key"]}),
        (f"{PATH}/security", [{"login": []}, KEY])]),
    ("a parameter moves into a header", {(B, "limit"), (A, "limit")}, [(f"{PATH}/parameters/0/in", "header")]),
    ("a server is added before others", {(B, "https://b.example.com"), (A, "https://b.example.com")}, [
        ("servers", [{"url": "https://b.example.com"}, TEMPLATE, SECOND, THIRD])]),
    ("the server that clients call by themselves is removed", {(B, API), (B, TEST)}, [("servers/1", GONE)]),
]  # fmt: skip
