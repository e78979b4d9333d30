"""The normal form of a schema accepts what the schema accepts, says an independent validator."""

from typing import Any

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from infobip_voice_diff.inclusion import Inclusion
from infobip_voice_diff.kinds import Kind
from infobip_voice_diff.rules import Bound
from infobip_voice_diff.shapes import shape

VALUES: list[Any] = [
    None, True, False, 0, 1, 2, 2.5, 3, 4, -1, "", "a", "ab", "5", "x5", [], [1], ["a", "a"], {}, {"a": 1}, {"a": "ab"},
    {"b": 1}, {"b": "5"}, {"a": 1, "b": "x5"}, {"c": None}, {"a": None, "c": 2.5}, {"a": {}, "b": {"a": 1}},
]  # fmt: skip
PATTERNS = st.sampled_from(["^a", "5", "^[a-z]*$", "^(a|x5)$", "b$"])
LEAVES = st.one_of(
    st.booleans(),
    st.fixed_dictionaries({}, optional={
        "type": st.sampled_from(["string", "integer", "number", "object", "null", ["string", "null"], ["integer", "object"]]),
        "minLength": st.integers(0, 2), "maxLength": st.integers(0, 2), "pattern": PATTERNS,
        "not": st.one_of(st.booleans(), st.builds(lambda text: {"pattern": text}, PATTERNS)),
        "minimum": st.sampled_from([0, 1, 1.5]), "exclusiveMinimum": st.sampled_from([0, 1, 2.5]),
        "maximum": st.sampled_from([2, 2.5, 3]), "exclusiveMaximum": st.sampled_from([1, 3]),
        "multipleOf": st.sampled_from([1, 2, 0.5, 4]),
    }),
    st.builds(lambda values: {"enum": values}, st.lists(st.sampled_from(VALUES[:15]), min_size=1, max_size=4)),
    st.builds(lambda value: {"const": value}, st.sampled_from(VALUES)),
    st.sampled_from([{"$ref": "#/components/schemas/Text"}, {"$ref": "#/components/schemas/Pair"}]),
)  # fmt: skip


def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.fixed_dictionaries({}, optional={
        "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
        "required": st.lists(st.sampled_from("abc"), max_size=1),
        "additionalProperties": inner, "unevaluatedProperties": st.booleans(), "items": inner,
        "allOf": several, "anyOf": several, "oneOf": several, "type": st.sampled_from(["object", "string", "array"]),
    })  # fmt: skip


SCHEMAS = st.recursive(LEAVES, larger, max_leaves=6)
DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "Text": {"type": "string", "maxLength": 1},
            "Pair": {"properties": {"a": {"type": "integer"}, "b": {"$ref": "#/components/schemas/Pair"}}},
        }
    }
}


def accepted(schema: Any) -> list[bool]:
    """Say for each of the values whether a validator accepts it."""
    validator = jsonschema_rs.Draft202012Validator({"allOf": [schema], **DOCUMENT})
    return [validator.is_valid(value) for value in VALUES]


def written(kind: Kind) -> dict[str, Any]:
    """Return a kind as a schema."""
    body: dict[str, Any] = {"type": kind.type, **kind.rules, "allOf": [True, *kind.rules.get("allOf", ())]}
    body["allOf"] += [{"pattern": text} for text in body.pop("pattern", ())]
    body["allOf"] += [{"not": {"pattern": text}} for text in body.pop("not pattern", ())]
    for key, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        bound = body.get(key)
        if isinstance(bound, Bound) and bound.exclusive:
            body[exclusive] = body.pop(key).value
        elif isinstance(bound, Bound):
            body[key] = bound.value
    return {**body, "required": list(body.get("required", ()))}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(SCHEMAS)
def test_the_normal_form_accepts_the_same_values(schema):
    """Each value is valid in the normal form if and only if it is valid in the schema."""
    normal = shape(DOCUMENT, schema)
    found = accepted({"anyOf": [written(kind) for kind in normal.kinds]} if normal.kinds else False)
    for value, before, after in zip(VALUES, accepted(schema), found, strict=True):
        if "unevaluatedProperties" in str(normal) and isinstance(value, dict):
            continue  # what a union evaluates is left as it is written, and judged as text
        assert after == before or (normal.exclusive and after), value


@settings(max_examples=200, deadline=None, derandomize=True)
@given(SCHEMAS, SCHEMAS)
def test_what_is_said_to_include_another_includes_it(one, other):
    """No value is of the inner kind and not of the outer one."""
    inclusion = Inclusion(DOCUMENT, DOCUMENT, described=False)
    for inner in shape(DOCUMENT, one).kinds:
        for outer in shape(DOCUMENT, other).kinds:
            if inclusion.holds(inner, outer):
                pairs = zip(accepted(written(inner)), accepted(written(outer)), strict=True)
                assert [
                    value for value, (is_inner, is_outer) in zip(VALUES, pairs, strict=True) if is_inner > is_outer
                ] == []
