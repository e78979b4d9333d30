"""Seeded faults: each is there, each has a rule, and the committed results are about these."""

import json
from pathlib import Path

import pytest

from infobip_voice_contract.faults import FAULTS
from infobip_voice_contract.faults.fault import Fault, Variant
from infobip_voice_contract.faults.mount import Mount
from infobip_voice_contract.rules import RULES
from strength.__main__ import holds
from strength.kit import kit
from strength.measure import likely
from strength.server import Server
from strength.subjects import faults, variants
from strength.table import FIRST, document, folded, shares, table, written
from strength.witness import seen_alone

GROUPS = {rule.id: rule.group for rule in RULES}
SUBJECTS: dict[str, Fault | Variant] = {
    **{name: fault for name, (fault, _) in faults().items()},
    **{f"variant:{name}": variant for name, (variant, _) in variants().items()},
}
FOUND = [
    name for name, entry in document()["faults"].items() if entry.get("by") == "quick" and "own" in entry["verdict"]
]
README = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SUBJECTS)
def test_its_witness_sees_it_and_only_it(name: str) -> None:
    """It is there on the server that has it, and not on the one without."""
    subject = SUBJECTS[name]
    edition = "seeds" if "seeds" in subject.editions else "2026"
    assert seen_alone(subject, edition) == (True, False)


def test_every_fault_has_a_name_a_sentence_and_advice() -> None:
    """Names are unique, sentences are sentences, sources are known."""
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)
    known = {source for rule in RULES for source in rule.source}
    for fault in FAULTS:
        assert fault.sentence.endswith("."), fault.id
        assert fault.advice.endswith("."), fault.id
        assert set(fault.source) <= known, fault.id
        assert fault.source, fault.id


def test_every_fault_wakes_a_rule_of_its_group() -> None:
    """The rule that it names exists and is of its group, unless nobody can see it."""
    for fault in FAULTS:
        if not fault.unobservable:
            assert GROUPS.get(fault.rule) == fault.group, (fault.id, fault.rule)


def test_every_rule_has_a_fault() -> None:
    """So that no rule is there that nothing has ever woken."""
    assert {rule.id for rule in RULES} - {fault.rule for fault in FAULTS} == set()


@pytest.mark.parametrize("name", FOUND[::25])
def test_a_rule_of_its_group_finds_it(name: str) -> None:
    """Some of those that a quick run finds, by likely scripts first; `make strength` runs all."""
    fault = faults()[name][0]
    edition = "seeds" if "seeds" in fault.editions else "2026"
    parts = ({"scripts": scripts} for scripts in likely(fault.group))
    found = ({GROUPS[rule] for rule in kit([fault], edition, **part).broken} for part in (*parts, {}))
    assert any(fault.group in groups for groups in found)


def test_the_committed_results_are_about_these() -> None:
    """The same faults and variants, judged by rules that exist, and enough of them found."""
    report = document()
    assert report["faults"].keys() == faults().keys()
    assert report["variants"].keys() == variants().keys()
    for name, (fault, author) in faults().items():
        entry = report["faults"][name]
        assert (entry["group"], entry["author"]) == (fault.group, author), name
        assert set(entry.get("rules", ())) <= GROUPS.keys(), name
        assert (entry["verdict"] == "not observable") == bool(fault.unobservable), name
    assert holds(report)


def test_the_first_verdicts_are_about_the_blind_ones() -> None:
    """They are kept as they were."""
    first = json.loads(FIRST.read_text(encoding="utf-8"))
    assert first.keys() == {name for name, (_, author) in faults().items() if author == "blind"}


def test_the_table_of_the_readme_is_that_of_the_results() -> None:
    """Row by row; and the sentences can be made."""
    assert folded(document()) in README
    assert table(document()) in folded(document())
    assert written(README, document()) == README
    assert written(README.replace("| **all** | ", "| **all** | 9"), document()) == README
    assert "stock schemathesis" in table(document())
    assert "own faults" in shares(document())


def test_the_control_plane_has_no_faults() -> None:
    """What tests ask of the mock is untouched, whatever is mounted."""
    everything = [fault for fault in FAULTS if "seeds" in fault.editions]
    with Server(everything) as server:
        server.sleep(1)  # it moves the clock through the control plane
    assert len(Mount(everything)._wrappers) == len(everything)
