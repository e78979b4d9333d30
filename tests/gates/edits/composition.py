"""Edits that compose schemas: what counts is which documents are valid, not how that is written."""

from gates.contract import CONTRACT, halves
from gates.edits.places import (
    ANSWER,
    BOTH,
    CODE,
    FLAG,
    ITEM,
    LINE,
    MAYBE,
    NOTE,
    PUSH,
    SAME,
    STATE,
    STRING,
    TEXT,
    WEIGHT,
    A,
    B,
    D,
    ref,
)  # fmt: skip

SCHEMAS = CONTRACT["components"]["schemas"]
LONG = {"type": "string", "maxLength": 200}

EDITS = [
    ("a condition is added", B, "note", [(f"{NOTE}/allOf", [{"minLength": 1}])]),
    ("a tighter condition is added", B, "note", [(f"{NOTE}/allOf", [{"maxLength": 100}])]),
    ("an answer's tighter condition is added", A, "note", [(f"{TEXT}/allOf", [{"maxLength": 100}])]),
    ("a condition stands beside a reference", B, "both", [(BOTH, {**ref("Shared"), "maxLength": 9})]),
    ("a condition stands beside an answer's reference", A, "both", [(SAME, {**ref("Shared"), "maxLength": 9})]),
    ("a condition is wrapped with a reference", B, "both", [(BOTH, {"allOf": [ref("Shared"), {"maxLength": 9}]})]),
    ("a condition with a member is added", B, "size", [(f"{ITEM}/allOf", [{"required": ["size"]}])]),
    ("a condition closes an object", B, "Item", [
        (ITEM, {**SCHEMAS["Item"], "allOf": [{"additionalProperties": False, "properties": {"size": True}}]})]),
    ("halves that are closed by themselves", B, "Item", [
        (ITEM, {"type": "object", "xml": {"name": "item"}, "allOf": [
            {"additionalProperties": False, "properties": SCHEMAS["Item"]["properties"]},
            {"properties": {"color": STRING}}]})]),
    ("a split answer that is closed by the other word", B, "Answer", [
        (ANSWER, halves("Answer", ["id"], unevaluatedProperties=False))]),
    ("a type becomes a union with more", A, "note", [(NOTE, {"anyOf": [LONG, {"type": "integer"}]})]),
    ("a type becomes a union with null", A, "note", [(NOTE, {"anyOf": [LONG, {"type": "null"}]})]),
    ("an answer's type becomes a union with more", B, "note", [
        (TEXT, {"anyOf": [LONG, {"type": "integer"}, {"type": "null"}]})]),
    ("a branch is added that no other covers", A, "note", [(NOTE, {"anyOf": [LONG, {"type": "string", "pattern": "^x*$"}]})]),
    ("a union loses its number", B, "weight", [(WEIGHT, {"type": "integer"})]),
    ("alternatives exclude each other", B, "code", [(CODE, {"oneOf": SCHEMAS["Order"]["properties"]["code"]["anyOf"]})]),
    ("an answer may be another object that its readers understand", A, "maybe", [
        (f"{MAYBE}/anyOf/-", {"type": "object", "required": ["text"], "properties": {"text": STRING, "size": {"type": "number"}}})]),
    ("an answer may be another object that lacks what is promised", B, "maybe", [
        (f"{MAYBE}/anyOf/-", {"type": "object", "properties": {"text": STRING, "size": {"type": "number"}}})]),
    ("an answer may be another object with a member of another type", B, "maybe", [
        (f"{MAYBE}/anyOf/-", {"type": "object", "required": ["text"], "properties": {"text": {"type": "integer"}}})]),
    ("a push may be another object, where all members may be missing", A, "detail", [
        (f"{PUSH}/properties/detail", {"anyOf": [
            {"type": "object", "properties": {"code": STRING}},
            {"type": "object", "properties": {"inner": {"type": "object", "properties": {"code": {"type": "integer"}}}}}]})]),
    ("a branch of a union is loosened", A, "code", [(f"{CODE}/anyOf/0/maxLength", 6)]),
    ("a branch of an answer's union is loosened", B, "code", [(f"{ANSWER}/properties/code/anyOf/0/maxLength", 6)]),
    ("a union of references changes inside", B, "text", [(f"{LINE}/required", [])]),
    ("an answer's union gets a format", A, "state", [(STATE, {"allOf": [SCHEMAS["Answer"]["properties"]["state"], {"format": "code"}]})]),
    ("a discriminator is added", B, "maybe", [(f"{MAYBE}/discriminator", {"propertyName": "text"})]),
    ("unevaluated members are closed beside a union", B, "Item", [
        (ITEM, {**SCHEMAS["Item"], "anyOf": [{"required": ["size"]}, {}], "unevaluatedProperties": False})]),
]  # fmt: skip

SEVERAL = [
    ("a branch becomes a reference", {(D, "Text")}, [
        (FLAG, {"oneOf": [{"type": "boolean"}, ref("Text")]}), ("components/schemas/Text", STRING)]),
    ("a schema is split, and one half has a name", {(D, "Base")}, [
        (ITEM, {"xml": {"name": "item"}, "allOf": [ref("Base"), {"properties": SCHEMAS["Item"]["properties"]}]}),
        ("components/schemas/Base", {"type": "object"})]),
    ("a reference leads over another", {(B, "both"), (D, "Alias")}, [
        (BOTH, ref("Alias")), ("components/schemas/Alias", ref("Shared"))]),
    ("an answer's reference leads over another", {(B, "both"), (D, "Alias")}, [
        (SAME, ref("Alias")), ("components/schemas/Alias", ref("Shared"))]),
    ("a named branch covers what was written out", {(D, "Text")}, [
        (NOTE, {"anyOf": [ref("Text")]}), ("components/schemas/Text", LONG)]),
]  # fmt: skip
