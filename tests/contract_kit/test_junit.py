"""The JUnit report: read by another parser, and held against a schema that pytest keeps too."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree

from contract_kit.results import BROKEN, DAY, found, hostile
from infobip_voice_contract.baseline import Baseline, Deviation
from infobip_voice_contract.junit import junit

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("junit.xsd")))


def read(document: bytes) -> ElementTree.Element:
    SCHEMA.assertValid(etree.fromstring(document))
    return ElementTree.fromstring(document)  # noqa: S314 - it is ours


def case(document: bytes, rule: str) -> ElementTree.Element:
    [found] = [each for each in read(document).iter("testcase") if each.get("name").startswith(f"{rule}: ")]
    return found


def test_the_schema_is_not_only_ours(tmp_path):
    """The report that pytest writes is valid by it; one without its counts is not."""
    (tmp_path / "test_it.py").write_text(
        "import pytest\ndef test_a(): pass\ndef test_b(): assert 0\n@pytest.mark.skip\ndef test_c(): pass\n"
    )
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=it.xml", "test_it.py"],
        cwd=tmp_path,
        capture_output=True,
    )
    read((tmp_path / "it.xml").read_bytes())
    with pytest.raises(etree.DocumentInvalid):
        read(b'<testsuites><testsuite name="x"/></testsuites>')


def test_a_case_for_each_rule():
    """Named by rule and sentence in the class of its group; the counts are those of the cases."""
    result = found(*BROKEN)
    document = junit(result)
    suite = read(document).find("testsuite")
    cases = suite.findall("testcase")
    assert [(each.get("classname"), each.get("name").partition(": ")[0]) for each in cases] == [
        (judgement.rule.group, judgement.rule.id) for judgement in result.judgements
    ]
    for name, tag in (("failures", "failure"), ("skipped", "skipped"), ("errors", "error")):
        assert int(suite.get(name)) == len(suite.findall(f"testcase/{tag}")), name
    assert int(suite.get("tests")) == len(cases) == 205
    assert (suite.get("timestamp"), suite.get("time")) == ("2026-03-01T12:00:01", "420.500")


def test_a_failure_has_its_evidence_and_its_script():
    """The sentence, what is wrong, the exchange, and curl calls."""
    failure = case(junit(found(*BROKEN)), "once.never-twice").find("failure")
    assert failure.get("message") == "the report of m1 was handed out 2 times"
    assert "✗ the report of m1 was handed out 2 times\nsource: reports\n" in failure.text
    assert '  │ {"results": [{"bulkId": "b", "messageId": "m1"' in failure.text
    assert 'curl -sS -i "$BASE_URL"' in failure.text


def test_a_warning_passes_and_is_seen():
    """It is in the output of a case that neither fails nor is skipped."""
    warned = case(junit(found(*BROKEN)), "auth.challenge")
    assert [child.tag for child in warned] == ["system-out"]
    assert warned.find("system-out").text.startswith("warning: ✗ there is no WWW-Authenticate")


def test_what_is_open_is_skipped_with_the_reason():
    """Inconclusive, not observable, and what nothing showed."""
    document = junit(found(*BROKEN))
    reasons = {
        "push.arrives": ("inconclusive", "nobody knows"),
        "time.redial": ("not observable here", "it takes minutes; give --profile full"),
        "auth.wrong-password": ("not observable here", "nothing in this run showed it"),
    }
    for rule, reason in reasons.items():
        skipped = case(document, rule).find("skipped")
        assert (skipped.get("type"), skipped.get("message")) == reason


def test_a_known_deviation_is_skipped_with_its_reason():
    """And an expired one fails, and says so."""
    baseline = Baseline(
        (Deviation("auth.none", "in March", DAY), Deviation("xml.root", "in May", DAY.replace(month=5)))
    )
    document = junit(baseline.applied(found(*BROKEN), DAY))
    skipped = case(document, "auth.none").find("skipped")
    assert (skipped.get("type"), skipped.get("message")) == ("known", "known: in March (until 2026-06-01)")
    assert "answered 200, not 401" in skipped.text
    assert "in May (until 2026-05-01)" in case(document, "xml.root").find("failure").text


def test_a_run_that_could_judge_nothing_is_an_error():
    """So that no CI system shows a green report of it; and a required group that is open fails."""
    broken = replace(found(*BROKEN), code=2, complaint="nobody is there")
    [error] = read(junit(broken)).iter("error")
    assert error.get("message") == "nobody is there"
    required = replace(found(*BROKEN), required=frozenset({"push", "once"}))
    failures = [each for each in read(junit(required)).iter("testcase") if each.get("classname") == "run"]
    assert [each.get("name") for each in failures] == ["The required group push is judged."]
    assert failures[0].find("failure") is not None


def test_a_hostile_server_breaks_nothing():
    """Control characters are replaced, markup is text, and no line is a command of a CI system."""
    document = junit(hostile())
    text = "".join(read(document).itertext())
    assert "<script>alert(1)</script>" in text
    assert [line for line in text.splitlines() if line.strip().startswith(("::", "##"))] == []
    assert not {"\x00", "\x1b", "\u202e", "\ufffe"} & set(document.decode())
