"""Every kind of edit, in requests and in answers, and the one verdict that it has to get."""

import pytest

from gates.contract import CONTRACT, edited
from gates.edits import answers, composition, operations, pushes, requests, same_meaning, words, xml
from gates.edits.places import COUNT, NOTE, ORDER, STRING, TEXT, TO, A, B, D
from infobip_voice_diff.documents import classify

TABLES = (requests, answers, same_meaning, composition, operations, pushes, xml, words)
EDITS = [row for table in TABLES for row in table.EDITS]
SEVERAL = [row for table in (requests, composition, operations, pushes) for row in table.SEVERAL]


@pytest.mark.parametrize(
    ("verdict", "name", "edits"), [pytest.param(*rest, id=label.replace(" ", "-")) for label, *rest in EDITS]
)
def test_an_edit_gets_its_verdict_and_no_other(verdict, name, edits):
    """One edit is one change, with the name that the changelog has to contain."""
    found = {(change.verdict, change.name) for change in classify(CONTRACT, edited(*edits))}
    assert found == {(verdict, name)}


@pytest.mark.parametrize(
    ("changes", "edits"), [pytest.param(*rest, id=label.replace(" ", "-")) for label, *rest in SEVERAL]
)
def test_an_edit_of_several_changes_gets_each_verdict(changes, edits):
    """What moves is removed and added; what is renamed is named by both names."""
    assert {(change.verdict, change.name) for change in classify(CONTRACT, edited(*edits))} == changes


@pytest.mark.parametrize(
    "edits", [pytest.param(edits, id=label.replace(" ", "-")) for label, *_, edits in same_meaning.EDITS]
)
def test_the_same_meaning_is_no_change_backwards_either(edits):
    """An edit that rewrites a schema and keeps its meaning is undone without a change, too."""
    assert [(change.verdict, change.name) for change in classify(edited(*edits), CONTRACT)] == [(D, "")]


def test_the_table_is_large_enough():
    """At least 200 edits, and each verdict often, so that a gate with one answer fails."""
    verdicts = [verdict for _, verdict, _, _ in EDITS]
    assert len({label for label, *_ in [*EDITS, *SEVERAL]}) == len(EDITS) + len(SEVERAL) >= 200
    assert {verdict: verdicts.count(verdict) >= 40 for verdict in (B, A, D)} == {B: True, A: True, D: True}


def test_nothing_changes_nothing():
    """A document and itself, or itself with another version number, do not differ."""
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
    """Schemas that mean the same do not break, in requests and answers, forwards and backwards."""
    for place in (NOTE, TEXT):
        for before, after in ((one, other), (other, one)):
            changes = classify(edited((place, before)), edited((place, after)))
            assert [change for change in changes if change.verdict != D] == []


def test_several_edits_are_all_found_and_sorted_by_gravity():
    """No edit hides another, and the gravest comes first."""
    after = edited((f"{TO}/description", "x"), (f"{ORDER}/properties/more", STRING), (f"{COUNT}/minimum", 2))
    assert [(change.verdict, change.name) for change in classify(CONTRACT, after)] == [
        (B, "count"),
        (A, "more"),
        (D, "to"),
    ]
