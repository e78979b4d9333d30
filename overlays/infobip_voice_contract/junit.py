"""A result as JUnit's XML, as CI systems read it: a test case for each rule."""

from collections import Counter
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from infobip_voice_contract.excerpts import Excerpts
from infobip_voice_contract.run import Result
from infobip_voice_contract.verdicts import Judgement, open_groups

__all__ = ["junit"]

SUITE: Final = "infobip-voice contract"


def junit(found: Result) -> bytes:
    """Return the document.

    A broken rule is a failure. A known deviation, and what nothing can be said about, is skipped
    with the reason. A warning is in the output of a case that passes. What is wrong with the run
    as a whole is a case of its own.
    """
    excerpts = Excerpts(found)
    cases = [_case(judgement, excerpts) for judgement in found.judgements] + _of_the_run(found, excerpts)
    counted = Counter(child.tag for case in cases for child in case)
    exchanges = [judged.exchange for judged in found.history.exchanges]
    began = exchanges[0].started if exchanges else 0.0
    took = max((exchange.ended for exchange in exchanges), default=began) - began
    suite = etree.Element(
        "testsuite",
        name=SUITE,
        timestamp=f"{datetime.fromtimestamp(began, UTC):%Y-%m-%dT%H:%M:%S}",
        time=f"{took:.3f}",
        tests=str(len(cases)),
        failures=str(counted["failure"]),
        errors=str(counted["error"]),
        skipped=str(counted["skipped"]),
    )
    properties = etree.SubElement(suite, "properties")
    facts = found.facts
    for name, value in {
        "server": facts.base_url, "edition": facts.edition, "profile": facts.profile, "seed": str(facts.seed),
        "exchanges": str(len(exchanges)),
    }.items():  # fmt: skip
        etree.SubElement(properties, "property", name=name, value=_text(value))
    suite.extend(cases)
    notes = [f"note: {excerpts.line(note)}" for note in facts.notes]
    if notes:
        etree.SubElement(suite, "system-out").text = _text("\n".join(notes))
    whole = etree.Element("testsuites")
    whole.append(suite)
    return bytes(etree.tostring(whole, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _case(judgement: Judgement, excerpts: Excerpts) -> etree._Element:  # pyright: ignore[reportPrivateUsage]
    rule = judgement.rule
    case = etree.Element("testcase", classname=rule.group, name=f"{rule.id}: {rule.sentence}", time="0")
    if judgement.verdict == "fail":
        failure = etree.SubElement(case, "failure", type="broken", message=_text(excerpts.problem(judgement)))
        failure.text = _text(excerpts.whole(judgement))
    elif judgement.verdict in ("pass", "warn"):
        warning = f"warning: {excerpts.whole(judgement)}" if judgement.verdict == "warn" else judgement.baseline
        if warning:
            etree.SubElement(case, "system-out").text = _text(warning)
    else:
        skipped = etree.SubElement(case, "skipped", type=judgement.verdict)
        skipped.set("message", _text(excerpts.masked(judgement.baseline or judgement.reason)))
        if judgement.verdict == "known":
            skipped.text = _text(excerpts.whole(judgement))
    return case


def _of_the_run(found: Result, excerpts: Excerpts) -> list[etree._Element]:  # pyright: ignore[reportPrivateUsage]
    cases: list[etree._Element] = []  # pyright: ignore[reportPrivateUsage]
    if found.code == 2:
        case = etree.Element("testcase", classname="run", name="The server can be judged.", time="0")
        message = _text(excerpts.masked(found.complaint or "nothing could be judged"))
        etree.SubElement(case, "error", type="run", message=message)
        cases.append(case)
    for group in open_groups(found.judgements, found.required):
        case = etree.Element("testcase", classname="run", name=f"The required group {group} is judged.", time="0")
        message = f"a rule of the group {group} is inconclusive, or none could be observed"
        etree.SubElement(case, "failure", type="open", message=message)
        cases.append(case)
    return cases


def _text(value: str) -> str:
    """Return a text without the characters that no XML document can have."""
    return "".join(
        letter if letter in "\t\n" or " " <= letter < "\ud800" or "\ue000" <= letter not in "\ufffe\uffff" else "\ufffd"
        for letter in value
    )
