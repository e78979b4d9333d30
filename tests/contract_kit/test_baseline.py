"""Known deviations: which count as known, what a file has to say, and what is written."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from contract_kit.results import BROKEN, DAY, found
from contract_kit.running import FakeClock
from infobip_voice_contract.baseline import Baseline, Deviation, load, today

GOOD = '[[deviation]]\nrule = "auth.none"\nreason = "in March"\nuntil = 2026-12-31\n'


def applied(*deviations: Deviation, day: date = DAY, rule: str):
    result = Baseline(deviations).applied(found(*BROKEN), day)
    [judgement] = [each for each in result.judgements if each.rule.id == rule]
    return judgement.verdict, judgement.baseline, result


@pytest.mark.parametrize(
    ("rule", "where", "until", "verdict", "words"),
    [
        ("xml.root", (), DAY, "known", "known: because (until 2026-06-01)"),
        ("xml.root", ("reports xml",), DAY, "known", "known: because"),
        ("auth.challenge", (), DAY, "known", "known: because"),
        ("xml.root", (), DAY - timedelta(1), "fail", "no longer than that: because (until 2026-05-31)"),
        ("auth.challenge", (), DAY - timedelta(1), "warn", "no longer than that: because"),
        ("xml.root", ("ivr xml",), DAY, "fail", "accepts it in ivr xml, but not in reports xml"),
        ("valid.limit", ("reports xml", "reports json"), DAY, "known", "no longer in reports xml"),
        ("status.answered", (), DAY, "pass", "no longer deviates"),
        ("push.arrives", (), DAY, "inconclusive", ""),
    ],
)  # fmt: skip
def test_what_is_known(rule, where, until, verdict, words):
    """By rule, place and day: what is new or expired fails, what is mended is told."""
    seen, text, _ = applied(Deviation(rule, "because", until, where), rule=rule)
    assert seen == verdict
    assert words in text
    assert bool(text) == bool(words)


def test_the_exit_code_follows():
    """0 once every failure is known; a run that could judge nothing stays 2."""
    broken = found(*BROKEN)
    failing = [each.rule.id for each in broken.judgements if each.verdict == "fail"]
    deviations = tuple(Deviation(rule, "because", DAY) for rule in failing)
    assert len(failing) > 3
    assert broken.code == 1
    assert Baseline(deviations).applied(broken, DAY).code == 0
    assert Baseline(deviations[1:]).applied(broken, DAY).code == 1
    assert Baseline(deviations).applied(replace(broken, code=2, complaint="gone"), DAY).code == 2
    required = replace(broken, required=frozenset({"push"}))
    assert Baseline(deviations).applied(required, DAY).code == 1


def test_a_baseline_is_written_and_read(tmp_path):
    """What fails, with its places, ninety days, and no reason, which the next run asks for."""
    broken = found(*BROKEN)
    baseline = Baseline().renewed(broken, DAY)
    failing = [each.rule.id for each in broken.judgements if each.verdict == "fail"]
    assert [each.rule for each in baseline.deviations] == failing
    assert {each.until for each in baseline.deviations} == {DAY + timedelta(90)}
    assert {each.rule: each.where for each in baseline.deviations}["xml.root"] == ("reports xml",)
    path = tmp_path / "baseline.toml"
    path.write_text(baseline.dumps(), encoding="utf-8")
    assert load(path, explained=False) == baseline
    with pytest.raises(ValueError, match=f"say why in `reason`, for {failing[0]}, "):
        load(path)


def test_what_a_person_wrote_stays():
    """Reasons, dates and open places; what holds goes, what could not be seen stays."""
    soon = date(2026, 5, 1)
    before = Baseline(
        (
            Deviation("push.arrives", "not seen", soon, ("push json",)),
            Deviation("xml.root", "expired", soon),
            Deviation("auth.none", "moved", soon, ("ctc json",)),
            Deviation("auth.challenge", "a warning", soon, ("ivr json",)),
            Deviation("status.answered", "mended", soon),
            Deviation("xml.items-2026", "of the other edition", soon),
        )
    )
    after = {each.rule: each for each in before.renewed(found(*BROKEN), DAY).deviations}
    assert "status.answered" not in after
    assert after["xml.root"] == Deviation("xml.root", "expired", soon)
    assert after["auth.none"] == Deviation("auth.none", "moved", soon, ("reports json",))
    assert after["auth.challenge"] == Deviation("auth.challenge", "a warning", soon, ("reports json",))
    assert after["push.arrives"] == before.deviations[0]
    assert after["xml.items-2026"] == before.deviations[-1]


@pytest.mark.parametrize("reason", ['"quoted" \\ back', "two\nlines\ttab", "\x7f\x01 é 漢 🙂", "# no comment"])
def test_every_reason_is_kept(reason, tmp_path):
    """Whatever a person writes comes back from the file."""
    baseline = Baseline((Deviation("auth.none", reason, DAY),))
    (tmp_path / "it.toml").write_text(baseline.dumps(), encoding="utf-8")
    assert load(tmp_path / "it.toml") == baseline


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("deviation = 5", "each deviation begins with [[deviation]]"),
        ("x = ", "is no TOML: Invalid value (at end of document)"),
        ("deviations = []", "deviations is not known; do you mean deviation?"),
        (GOOD + "untill = 1\n", "deviation 1: untill is not known; do you mean until?"),
        (GOOD.replace("auth.none", "auth.non"), "there is no rule auth.non; do you mean auth.none?"),
        (GOOD.replace("auth.none", "zzz"), "deviation 1: there is no rule zzz"),
        (GOOD.replace('rule = "auth.none"', ""), 'deviation 1 needs a rule = "…"'),
        (GOOD.replace('"in March"', '" "'), "say why in `reason`, for auth.none"),
        (GOOD.replace('reason = "in March"', ""), 'deviation 1 (auth.none) needs a reason = "…"'),
        (GOOD.replace("2026-12-31", '"2026-12-31"'), "without quotes: until = 2027-01-31"),
        (GOOD.replace("2026-12-31", "2026-12-31T00:00:00"), "needs the last day"),
        (GOOD + 'where = ["ivr jsn"]\n', "there is no place ivr jsn; do you mean ivr json?"),
        (GOOD + 'where = "ivr json"\n', 'where has to be a list such as ["ivr json"]'),
        (GOOD + "where = []\n", "where has to be a list"),
        (GOOD + GOOD, "auth.none is there twice"),
    ],
)
def test_a_mistake_is_named(text, words, tmp_path):
    """With the file, the place in it, and what to do."""
    path = tmp_path / "baseline.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the words are looked at below
        load(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_a_file_of_other_bytes_is_named(tmp_path):
    """As a file that is no text."""
    (tmp_path / "it.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"it\.toml is no TOML"):
        load(tmp_path / "it.toml")
    with pytest.raises(OSError, match=r"gone\.toml"):
        load(Path("gone.toml"))


def test_the_day_is_that_of_the_clock():
    """In UTC, whatever the zone of this machine."""
    clock = FakeClock()
    assert today(clock) == date(2026, 3, 1)
    clock.sleep(12 * 3600)
    assert today(clock) == date(2026, 3, 2)
