"""Every kind of edit, in requests and in answers, with the one verdict that it has to get."""

import pytest

from contract_changes import classify
from gates.contract import CONTRACT, GONE, edited

PATH = "paths/:orders/post"
ORDER = "components/schemas/Order"
TO, COUNT, NOTE, UNIT, FLAG = (f"{ORDER}/properties/{name}" for name in ("to", "count", "note", "unit", "flag"))
ITEMS, WORDS = (f"{ORDER}/properties/{name}" for name in ("items", "words"))
ANSWER = "components/schemas/Answer"
STATE, PRICE, TEXT, KIND = (f"{ANSWER}/properties/{name}" for name in ("state", "price", "note", "kind"))
PLACED = "components/responses/Placed"
SHARED = "components/schemas/Shared"
PUSH = f"{PATH}/callbacks/done/{{$request.body#:notifyUrl}}/post"
STRING = {"type": "string"}
B, A, D = "breaking", "additive", "documentation"

EDITS = [
    # --- requests: narrower breaks, wider is additive
    ("a pattern is tightened", B, "to", [(f"{TO}/pattern", "^[1-9][0-9]{5,14}$")]),
    ("a pattern is loosened", A, "to", [(f"{TO}/pattern", "^[1-9][0-9]{3,14}$")]),
    ("a pattern is moved", B, "to", [(f"{TO}/pattern", "^[1-8][0-9]{4,15}$")]),
    ("a pattern is written differently", D, "to", [(f"{TO}/pattern", r"^[1-9]\d{4}\d{0,10}$")]),
    ("a pattern that may match anywhere is not compared", B, "to", [(f"{TO}/pattern", "[1-9][0-9]{4,14}")]),
    ("a pattern cannot be read", B, "to", [(f"{TO}/pattern", r"^(?=1)[0-9]+$")]),
    ("a pattern is added", B, "note", [(f"{NOTE}/pattern", "^a$")]),
    ("a pattern is removed", A, "to", [(f"{TO}/pattern", GONE)]),
    ("a text may be shorter only", B, "note", [(f"{NOTE}/maxLength", 100)]),
    ("a text may be longer", A, "note", [(f"{NOTE}/maxLength", 300)]),
    ("a text has no longest length any more", A, "note", [(f"{NOTE}/maxLength", GONE)]),
    ("a text gets a shortest length", B, "note", [(f"{NOTE}/minLength", 1)]),
    ("a lower bound rises", B, "count", [(f"{COUNT}/minimum", 2)]),
    ("a lower bound falls", A, "count", [(f"{COUNT}/minimum", 0)]),
    ("an upper bound is set", B, "count", [(f"{COUNT}/maximum", 4)]),
    ("a default changes", B, "count", [(f"{COUNT}/default", 2)]),
    ("a default is removed", B, "count", [(f"{COUNT}/default", GONE)]),
    ("a default is added", A, "unit", [(f"{UNIT}/default", "hour")]),
    ("a value of an enum is removed", B, "unit", [(f"{UNIT}/enum", ["hour"])]),
    ("a value of an enum is added", A, "unit", [(f"{UNIT}/enum", ["hour", "day", "week"])]),
    ("a value of an enum is renamed", B, "unit", [(f"{UNIT}/enum", ["hour", "days"])]),
    ("an enum is put in another order", D, "", [(f"{UNIT}/enum", ["day", "hour"])]),
    ("an enum is added", B, "note", [(f"{NOTE}/enum", ["a"])]),
    ("an enum is removed", A, "unit", [(f"{UNIT}/enum", GONE)]),
    ("an enum of one becomes a constant", B, "unit", [(f"{UNIT}/enum", GONE), (f"{UNIT}/const", "hour")]),
    ("a type changes", B, "note", [(f"{NOTE}/type", "integer")]),
    ("a type also allows null", A, "note", [(f"{NOTE}/type", ["string", "null"])]),
    ("an integer may be any number", A, "count", [(f"{COUNT}/type", "number")]),
    ("a number has to be an integer", B, "size", [("components/schemas/Item/properties/size/type", "integer")]),
    ("a type becomes a union with more", A, "note", [(NOTE, {"anyOf": [{**STRING, "maxLength": 200}, {"type": "integer"}]})]),
    ("a branch of a union is removed", B, "flag", [(f"{FLAG}/oneOf", [{"type": "boolean"}])]),
    ("a branch of a union is added", A, "flag", [(f"{FLAG}/oneOf/-", {"type": "integer"})]),
    ("a branch of a union is tightened", B, "flag", [(f"{FLAG}/oneOf/1/enum", ["true"])]),
    ("a format is added", B, "note", [(f"{NOTE}/format", "email")]),
    ("an optional member becomes required", B, "note", [(f"{ORDER}/required", ["to", "note"])]),
    ("a required member becomes optional", A, "to", [(f"{ORDER}/required", [])]),
    ("a required member is added", B, "more", [(f"{ORDER}/required", ["to", "more"]), (f"{ORDER}/properties/more", STRING)]),
    ("an optional member is added", A, "more", [(f"{ORDER}/properties/more", STRING)]),
    ("a member is removed", B, "note", [(NOTE, GONE)]),
    ("a closed object is opened", A, "Order", [(f"{ORDER}/additionalProperties", True)]),
    ("a closed object is opened by silence", A, "Order", [(f"{ORDER}/additionalProperties", GONE)]),
    ("an open object is closed", B, "Item", [("components/schemas/Item/additionalProperties", False)]),
    ("the values of a map are tightened", B, "words", [(f"{WORDS}/additionalProperties/maxLength", 8)]),
    ("the keys of a map are tightened", B, "words", [(f"{WORDS}/propertyNames/pattern", "^[a-y]+$")]),
    ("the keys of a map are freed", A, "words", [(f"{WORDS}/propertyNames", GONE)]),
    ("a list has to be longer", B, "items", [(f"{ITEMS}/minItems", 2)]),
    ("a list may be longer", A, "items", [(f"{ITEMS}/maxItems", 10)]),
    ("the items of a list have to differ", B, "items", [(f"{ITEMS}/uniqueItems", True)]),
    ("a keyword that nobody knows", B, "note", [(f"{NOTE}/minimumm", 1)]),
    ("a condition is added", B, "note", [(f"{NOTE}/allOf", [{"minLength": 1}])]),
    # --- answers: wider breaks, narrower is additive
    ("an answer's pattern is loosened", B, "state", [(f"{STATE}/pattern", "^[A-Z]{2,6}$")]),
    ("an answer's pattern is tightened", A, "state", [(f"{STATE}/pattern", "^[A-Z]{2,4}$")]),
    ("an answer's enum grows", B, "kind", [(f"{KIND}/enum", ["one", "two", "three"])]),
    ("an answer's enum shrinks", A, "kind", [(f"{KIND}/enum", ["one"])]),
    ("an answer's enum is opened", B, "kind", [(f"{KIND}/enum", GONE)]),
    ("an answer's member may be null", B, "state", [(f"{STATE}/type", ["string", "null"])]),
    ("an answer's member is never null", A, "note", [(f"{TEXT}/type", "string")]),
    ("an answer's text may be longer", B, "note", [(f"{TEXT}/maxLength", 300)]),
    ("an answer's member is removed", B, "state", [(STATE, GONE)]),
    ("an answer's member is added", A, "more", [(f"{ANSWER}/properties/more", STRING)]),
    ("a required member of an answer is added", A, "more", [
        (f"{ANSWER}/required", ["id", "more"]), (f"{ANSWER}/properties/more", STRING)]),
    ("an answer's member becomes optional", B, "id", [(f"{ANSWER}/required", [])]),
    ("an answer's member becomes required", A, "state", [(f"{ANSWER}/required", ["id", "state"])]),
    ("an answer's format changes", B, "price", [(f"{PRICE}/format", "double")]),
    ("an integer of an answer may be a fraction", B, "id", [(f"{ANSWER}/properties/id/type", "number")]),
    ("nothing in an answer may be missing behind a null", A, "maybe", [
        (f"{ANSWER}/properties/maybe", {"$ref": "#/components/schemas/Line"})]),
    # --- both directions at once
    ("a shared text has to be longer", B, "Shared", [(f"{SHARED}/minLength", 3)]),
    ("a shared text may be shorter", B, "Shared", [(f"{SHARED}/minLength", 1)]),
    # --- XML
    ("a root element is renamed", B, "Placed", [(f"{ANSWER}/xml/name", "reply")]),
    ("a member's element is renamed", B, "price", [(f"{PRICE}/xml/name", "price")]),
    ("a member's element gets a name of its own", B, "state", [(f"{STATE}/xml", {"name": "status"})]),
    ("a member's element gets the name that it had", D, "", [(f"{STATE}/xml", {"name": "state"})]),
    ("an item's element is renamed", B, "lines", [("components/schemas/Line/xml/name", "row")]),
    ("a list is no longer wrapped", B, "items", [(f"{ITEMS}/xml/wrapped", False)]),
    ("a member becomes an attribute", B, "state", [(f"{STATE}/xml", {"attribute": True})]),
    ("the entries of a map are renamed", B, "Errors", [("components/schemas/Errors/x-xml-entries/name", "fault")]),
    # --- operations
    ("a path is removed", B, "/orders", [("paths/:orders", GONE)]),
    ("a path is added", A, "/more", [("paths/:more", {"get": {"responses": {}}})]),
    ("a method is added", A, "/orders", [("paths/:orders/get", {"responses": {}})]),
    ("an operation is renamed", B, "order", [(f"{PATH}/operationId", "order")]),
    ("an operation gets a further tag", D, "placeOrder", [(f"{PATH}/tags/-", "New")]),
    ("an operation is deprecated", A, "placeOrder", [(f"{PATH}/deprecated", True)]),
    ("a way to authenticate is removed", B, "placeOrder", [(f"{PATH}/security", [{"basic": []}])]),
    ("a way to authenticate is added", A, "placeOrder", [(f"{PATH}/security/-", {})]),
    ("a server is removed", B, "https://{account}.example.com", [("servers", [])]),
    ("a server is added", A, "https://b.example.com", [("servers/-", {"url": "https://b.example.com"})]),
    ("a server's variable changes", B, "account", [("servers/0/variables/account/default", "other")]),
    ("a parameter is removed", B, "limit", [(f"{PATH}/parameters/0", GONE)]),
    ("an optional parameter is added", A, "q", [(f"{PATH}/parameters/-", {"name": "q", "in": "query", "schema": STRING})]),
    ("a required parameter is added", B, "q", [
        (f"{PATH}/parameters/-", {"name": "q", "in": "query", "required": True, "schema": STRING})]),
    ("a parameter becomes required", B, "limit", [(f"{PATH}/parameters/0/required", True)]),
    ("a parameter's bound falls", B, "limit", [(f"{PATH}/parameters/0/schema/maximum", 99)]),
    ("a parameter's bound rises", A, "limit", [(f"{PATH}/parameters/0/schema/maximum", 101)]),
    ("a parameter's default changes", B, "limit", [(f"{PATH}/parameters/0/schema/default", 20)]),
    ("a header parameter changes its case", D, "", [(f"{PATH}/parameters/1/name", "trace")]),
    ("a list in a query is written differently", B, "limit", [(f"{PATH}/parameters/0/explode", False)]),
    ("a body becomes optional", A, "POST /orders", [(f"{PATH}/requestBody/required", False)]),
    ("a media type of a request is removed", B, "application/xml", [(f"{PATH}/requestBody/content/application:xml", GONE)]),
    ("a media type of a request is added", A, "text/csv", [(f"{PATH}/requestBody/content/text:csv", {})]),
    ("a media type of an answer is removed", B, "application/xml", [(f"{PLACED}/content/application:xml", GONE)]),
    ("a status is removed", B, "401", [(f"{PATH}/responses/401", GONE)]),
    ("a status is added", A, "429", [(f"{PATH}/responses/429", {"description": "Slow."})]),
    ("a header of an answer is removed", B, "Cache-Control", [(f"{PLACED}/headers/Cache-Control", GONE)]),
    ("a header of an answer is added", A, "Age", [(f"{PLACED}/headers/Age", {"schema": STRING})]),
    ("a header's type changes", B, "Cache-Control", [(f"{PLACED}/headers/Cache-Control/schema/type", "integer")]),
    ("a link is removed", B, "again", [(f"{PLACED}/links/again", GONE)]),
    ("a link leads elsewhere", B, "again", [(f"{PLACED}/links/again/parameters", {"limit": 6})]),
    ("a link is described", D, "again", [(f"{PLACED}/links/again/description", "Once more.")]),
    # --- pushes: the platform is the client
    ("a callback is removed", B, "done", [(f"{PATH}/callbacks", GONE)]),
    ("a pushed enum grows", B, "state", [("components/schemas/Push/properties/state/enum", ["ok", "bad", "odd"])]),
    ("a pushed enum shrinks", A, "state", [("components/schemas/Push/properties/state/enum", ["ok"])]),
    ("a pushed member is added", A, "more", [("components/schemas/Push/properties/more", STRING)]),
    ("a push in another media type", A, "application/xml", [(f"{PUSH}/requestBody/content/application:xml", {})]),
    # --- names that generated code takes
    ("a schema is renamed", B, "both", [(f"{ORDER}/properties/both/$ref", "#/components/schemas/Twin")]),
    # --- words
    ("a description", D, "to", [(f"{TO}/description", "A telephone number.")]),
    ("a provenance", D, "to", [(f"{TO}/x-provenance", ["a", "b"])]),
    ("an example", D, "id", [(f"{ANSWER}/properties/id/examples", [2])]),
    ("a summary", D, "placeOrder", [(f"{PATH}/summary", "Order")]),
    ("the title", D, "title", [("info/title", "Our orders")]),
    ("the text of a tag", D, "tags", [("tags/0/description", "About orders.")]),
    ("a schema that nobody uses", D, "Unused", [("components/schemas/Unused", STRING)]),
]  # fmt: skip


MOVES = [
    ("an operation moves to another tag", {(B, "Extra"), (D, "placeOrder")}, [(f"{PATH}/tags", ["Extra"])]),
    ("two keys are needed at once", {(B, "placeOrder"), (A, "placeOrder")}, [
        (f"{PATH}/security", [{"basic": [], "key": []}, {"basic": []}])]),
    ("a key moves into the query", {(B, "placeOrder"), (A, "placeOrder")}, [("components/securitySchemes/key/in", "query")]),
    ("a parameter moves into a header", {(B, "limit"), (A, "limit")}, [(f"{PATH}/parameters/0/in", "header")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "name", "edits"), [pytest.param(*rest, id=label.replace(" ", "-")) for label, *rest in EDITS]
)
def test_an_edit_gets_its_verdict_and_no_other(verdict, name, edits):
    """One edit is one change, under the name that the changelog has to mention."""
    found = {(change.verdict, change.name) for change in classify(CONTRACT, edited(*edits))}
    assert found == {(verdict, name)}


@pytest.mark.parametrize(
    ("changes", "edits"), [pytest.param(*rest, id=label.replace(" ", "-")) for label, *rest in MOVES]
)
def test_what_moves_is_taken_away_and_added(changes, edits):
    """The gate names the place that is gone and the place that is new."""
    assert {(change.verdict, change.name) for change in classify(CONTRACT, edited(*edits))} == changes


def test_the_table_is_large_enough():
    """Each verdict occurs often, so a gate that always says the same would fail."""
    verdicts = [verdict for _, verdict, _, _ in EDITS]
    assert {verdict: verdicts.count(verdict) >= 10 for verdict in (B, A, D)} == {B: True, A: True, D: True}


def test_nothing_changes_nothing():
    """A document equals itself, and itself with another version number."""
    assert classify(CONTRACT, CONTRACT) == []
    assert classify(CONTRACT, edited(("info/version", "9.9.9"))) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"$ref": "#/components/schemas/Shared"}, {"type": "string", "minLength": 2}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": ["string", "null"]}),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        ({"type": "string", "minLength": 0}, {"type": "string"}),
        ({"type": "object", "additionalProperties": True}, {"type": "object"}),
        ({"type": "array", "items": {}, "xml": {}}, {"type": "array", "xml": {"wrapped": False}}),
    ],
)
def test_two_ways_to_say_the_same_break_nobody(one, other):
    """Either way to write it may come first: there is no change."""
    for place in (NOTE, TEXT):
        for before, after in ((one, other), (other, one)):
            changes = classify(edited((place, before)), edited((place, after)))
            assert [change for change in changes if change.verdict != D] == []


def test_several_edits_are_all_found_and_sorted_by_gravity():
    """No change hides another, and the gravest comes first."""
    after = edited((f"{TO}/description", "x"), (f"{ORDER}/properties/more", STRING), (f"{COUNT}/minimum", 2))
    assert [(change.verdict, change.name) for change in classify(CONTRACT, after)] == [
        (B, "count"),
        (A, "more"),
        (D, "to"),
    ]
