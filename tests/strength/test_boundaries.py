"""Each constraint of a request is defended by literal requests just inside and just outside of it.

`boundaries.jsonl` was written and reviewed by hand; nothing regenerates it, and no code derives an
expected status from the contract. So the contract is judged by a second source: a changed
constraint has to disagree with a line.
"""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import pytest

from asgi import BASIC, request
from infobip_voice_mock import create_app
from infobip_voice_mock.validation import QueryValidator
from infobip_voice_wire import xml
from strength.constraints import CONTRACT, REPORTS, REQUESTS, Mutant, mutants

JSON, XML = "application/json", "application/xml"

TEXTS = (
    "Identifier", "IvrMessage.scenarioId", "IvrMessage.callbackData", "ClickToCallMessage.text",
    "ClickToCallMessage.language", "Voice.name", "ScenarioParameters additionalProperties",
)  # fmt: skip
LISTED = (
    "NotifyContentType", "IvrMessage.notifyContentVersion", "ClickToCallMessage.notifyContentVersion",
    "SendingSpeed.timeUnit", "ClickToCallMessage.machineDetection", "DeliveryTimeWindow.days items", "Voice.gender",
    "ClickToCallMessage.record oneOf 1",
)  # fmt: skip
# Mutants that no line can notice, and why.
UNDEFENDED = {
    "DeliveryTimeWindow.days maxItems removed": "a week has no eight different days, and none may come twice",
    "DeliveryTimeWindow.days maxItems +1": "a week has no eight different days, and none may come twice",
    "ScenarioParameters propertyNames type removed": "the name of a member is always a text",
    **{f"?limit {what}": "its digits are read first, and 0 has none" for what in ("minimum removed", "minimum -1")},
    **{f"{name} type removed": "`not` beside it already refuses what is no text" for name in TEXTS},
    **{f"{name} type removed": "the values that are listed have that type already" for name in LISTED},
}
# Constraints that no document in XML can break, and why.
NOT_IN_XML = {
    "not": "no document can have U+FFFE or U+FFFF",
    "type": "XML has no types: a text that reads as the type is one",
    "oneOf": "`true` and `false` are read as booleans",
    "ClickToCallMessage.record oneOf 1 enum": "`true` and `false` are read as booleans",
    **{f"{name} pattern": "no document can have control characters" for name in TEXTS},
}


class Line(NamedTuple):
    """One request: how it is sent, and what has to come of it."""

    constraint: str
    side: str
    method: str
    target: str
    content_type: str | None
    body: str
    status: int
    path: str | None
    source: str


def read() -> Iterator[Line]:
    for text in Path(__file__).with_name("boundaries.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(text)
        if repeated := entry.pop("repeat", ""):
            entry["body"] = entry["body"].replace("…", repeated * entry.pop("times"))
        yield Line(**entry)


LINES = list(read())
CONSTRAINTS = list(dict.fromkeys(line.constraint for line in LINES))


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_the_mock_draws_the_line_where_the_table_does(constraint):
    """It accepts what is just inside, and refuses what is just outside by its path."""
    for line in LINES:
        if line.constraint != constraint:
            continue
        headers = {"authorization": BASIC, "accept": JSON}
        if line.content_type:
            headers["content-type"] = line.content_type
        answer = request(create_app(), line.method, line.target, line.body.encode(), headers)
        assert answer.status == line.status, line
        if line.path is not None:
            violations = answer.json["requestError"]["serviceException"]["validationErrors"]
            assert line.path in violations, line


def test_the_table_names_its_sources_and_both_sides():
    """Each line has a source of the contract, and a line outside says where the violation is."""
    known = {"ivr-2017", "ivr-2019", "ctc", "reports", "platform-2026", "assumption"}
    assert {line.source for line in LINES} == known
    assert {(line.side, line.status, line.path is None) for line in LINES} == {
        ("inside", 200, True),
        ("outside", 400, False),
    }
    assert len(LINES) == len(set(LINES))


@cache
def values() -> list[tuple[Line, Any]]:
    """Return each line of a launch with the JSON value of its body."""
    return [
        (
            line,
            json.loads(line.body)
            if line.content_type == JSON
            else xml.decode(line.body.encode(), REQUESTS[line.target]),
        )
        for line in LINES
        if line.method == "POST"
    ]


def disagreeing(contract: dict[str, Any]) -> Counter[str]:
    """Return how many lines of each form get another verdict from a contract than the table's."""
    found: Counter[str] = Counter()
    for target, name in REQUESTS.items():
        rules = jsonschema_rs.validator_for(
            {"$ref": f"#/components/schemas/{name}", "components": contract["components"]}
        )
        for line, value in values():
            if line.target == target and rules.is_valid(value) != (line.status == 200):
                found[str(line.content_type)] += 1
    query = QueryValidator(contract["paths"][REPORTS]["get"]["parameters"])
    for line in LINES:
        if line.method == "GET" and bool(query.read(line.target.partition("?")[2].encode())[1]) == (line.status == 200):
            found["query"] += 1
    return found


def test_the_contract_agrees_with_every_line():
    """Without a change, nothing disagrees; so what a mutant shows is due to the mutant."""
    assert disagreeing(CONTRACT) == Counter()


@pytest.mark.parametrize(
    "mutant", [pytest.param(each, id=f"{each.constraint} {each.change}"[:80]) for each in mutants()]
)
def test_a_changed_constraint_disagrees_with_a_line(mutant: Mutant):
    """Every constraint is defended, in both forms, or named above with its reason."""
    found = disagreeing(mutant.contract)
    if f"{mutant.constraint} {mutant.change}" in UNDEFENDED:
        assert not found, "it is defended: take it off the list"
        return
    assert found, "no line notices"
    inexpressible = {mutant.constraint, mutant.constraint.rpartition(" ")[2]} & NOT_IN_XML.keys()
    assert found[XML] or found["query"] or inexpressible, "no line in XML notices"


def test_the_exceptions_are_of_mutants_that_exist():
    """A reason for something that is gone is taken off the list."""
    known = {f"{each.constraint} {each.change}" for each in mutants()}
    assert UNDEFENDED.keys() <= known
