"""Each rule holds in one recording and is broken in another, and says where it comes from."""

import pytest

from contract_kit.examples import examples
from infobip_voice_contract.rules import RULES
from infobip_voice_contract.rules.rule import SOFT
from infobip_voice_contract.verdicts import judge

EXAMPLES = examples()
PROVENANCE = {"ivr-2017", "ivr-2019", "ctc", "reports", "platform-2026", "sibling", "assumption"}


def test_every_rule_has_its_examples():
    """No rule is without recordings, and no recording without a rule."""
    assert {rule.id for rule in RULES} == EXAMPLES.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_tells_right_from_wrong(rule):
    """It passes where the server does as it says, and is broken where it does not."""
    edition = "seeds" if "seeds" in rule.editions and rule.id != "push.nested" else "2026"
    good, bad = (record.history(edition) for record in EXAMPLES[rule.id])
    [passed], [broken] = judge(good, {}, rules=[rule]), judge(bad, {}, rules=[rule])
    assert (passed.verdict, broken.verdict) == ("pass", rule.severity)
    assert all(finding.problem and finding.exchanges for finding in broken.findings)


def test_a_rule_that_nothing_showed_is_not_passed():
    """An empty history decides nothing."""
    verdicts = {each.verdict for each in judge(examples()["auth.none"][0].history(delay=None), {}, rules=RULES[20:])}
    assert "fail" not in verdicts
    assert {each.verdict for each in judge(EXAMPLES["auth.none"][0].history(), {}, rules=RULES[:1])} == {"pass"}


def test_what_only_we_say_is_a_warning_unless_it_is_raised():
    """A rule without a source of the vendor warns; raised by its id, group or source, it fails."""
    for rule in RULES:
        assert set(rule.source) <= PROVENANCE, rule.id
        assert rule.severity == ("warn" if set(rule.source) <= SOFT else "fail"), rule.id
    bad = EXAMPLES["auth.challenge"][1].history()
    [rule] = [rule for rule in RULES if rule.id == "auth.challenge"]
    for raised in ("auth.challenge", "authentication", "assumption"):
        assert judge(bad, {}, {raised}, [rule])[0].verdict == "fail"
    assert judge(bad, {}, {"sibling", "status"}, [rule])[0].verdict == "warn"


def test_what_is_lacking_is_named():
    """A rule whose need is not met is open, with the reason, and not passed."""
    [rule] = [rule for rule in RULES if rule.id == "once.nothing-missing"]
    good = EXAMPLES[rule.id][0].history()
    [judged] = judge(good, {"complete": ("inconclusive", "others use the account")}, rules=[rule])
    assert (judged.verdict, judged.reason) == ("inconclusive", "others use the account")


def test_ids_of_rules_are_unique():
    """A rule is named by its id."""
    assert len({rule.id for rule in RULES}) == len(RULES)
