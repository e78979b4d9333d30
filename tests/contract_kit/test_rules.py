"""Each rule holds in one recording and is broken in another, and says where it comes from."""

import pytest

from contract_kit.examples import examples
from contract_kit.recorded import Record, document, refusal, stage
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


@pytest.mark.parametrize(
    ("challenge", "verdict"),
    [
        ("Basic", "pass"),
        ('Basic realm="voice", charset="UTF-8"', "pass"),
        ('Bearer, App realm = "voice"', "pass"),
        ("Negotiate YWJj==", "pass"),
        ("", "warn"),
        ('realm="voice"', "warn"),
        ('"Basic"', "warn"),
    ],
)
def test_a_challenge_names_a_scheme(challenge, verdict):
    """Parameters alone, or nothing, tell nobody how to authenticate."""
    [rule] = [rule for rule in RULES if rule.id == "auth.challenge"]
    record = Record().add(stage().get(authorization=None), refusal(401, WWW_Authenticate=challenge))
    assert [each.verdict for each in judge(record.history(), {}, rules=[rule])] == [verdict]


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("messages[0].destinations[0].to", "pass"),
        ("$.messages[0].destinations[0].to", "pass"),
        ("/messages/1/destinations/1/to", "pass"),  # that it is another notation is said elsewhere
        ("messages[0].parameters[5]", "pass"),  # an empty list has no last item
        ("surprise[3]", "pass"),
        ("messages[1].destinations[0].to", "fail"),
        ("messages[0].destinations[1].to", "fail"),
    ],
)
def test_a_path_leads_into_the_request(path, verdict):
    """Only an index beyond the end of a list leads out of it."""
    [rule] = [rule for rule in RULES if rule.id == "valid.places"]
    named = {"messageId": "BAD_REQUEST", "text": "x", "validationErrors": {path: ["no"]}}
    request = stage().post(stage().ivr(1, surprise=1, parameters=[]))
    record = Record().add(request, document({"requestError": {"serviceException": named}}, 400))
    assert [each.verdict for each in judge(record.history(), {}, rules=[rule])] == [verdict]
