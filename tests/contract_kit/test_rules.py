"""Each rule holds in one recording and is broken in another, and says where it comes from."""

import json
from dataclasses import replace

import pytest

from contract_kit.examples import examples
from contract_kit.recorded import REJECTED, XML, Record, document, launched, refusal, report, reports, stage
from infobip_voice_contract.exchange import CLOSED_MEANWHILE, Answer, Request
from infobip_voice_contract.rules import RULES
from infobip_voice_contract.rules.rule import SOFT
from infobip_voice_contract.stage import ABSENT
from infobip_voice_contract.verdicts import judge

EXAMPLES = examples()
SIX = {"hour": 6, "minute": 0}
PROVENANCE = {"ivr-2017", "ivr-2019", "ctc", "reports", "platform-2026", "sibling", "assumption"}


def violating(path):
    """A refusal that names one violation."""
    named = {"messageId": "BAD_REQUEST", "text": "x", "validationErrors": {path: ["no"]}}
    return document({"requestError": {"serviceException": named}}, 400)


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
    request = stage().post(stage().ivr(1, surprise=1, parameters=[]))
    record = Record().add(request, violating(path))
    assert [each.verdict for each in judge(record.history(), {}, rules=[rule])] == [verdict]


NAMED = [
    ({"scenarioId": ABSENT}, "messages[0].scenarioId", "pass"),
    ({"scenarioId": ABSENT}, "messages[0]", "pass"),  # what is missing is no place of the request
    ({"scenarioId": ABSENT}, "messages", "fail"),
    ({"scenarioId": 5}, "messages[0].scenarioId", "pass"),
    ({"scenarioId": 5}, "messages[0]", "fail"),
    ({"": 1}, "messages[0].", "pass"),
    ({"": 1}, "messages[0]", "pass"),
    ({"parameters": {"": "x"}}, "messages[0].parameters", "pass"),
    ({"parameters": {"not a name": "x"}}, "messages[0].parameters", "pass"),
    ({"parameters": {".a": "x"}}, "messages[0].parameters", "pass"),
    ({"parameters": {"2": 5}}, "messages[0].parameters.2", "pass"),
    ({"parameters": {"2": 5}}, "messages[0].parameters[2]", "fail"),
    ({"surprise": 1}, "messages[0]", "fail"),
    ({"deliveryTimeWindow": {"days": ["MONDAY"], "from": SIX, "to": SIX}}, "messages[0].deliveryTimeWindow.to", "pass"),
    ({"deliveryTimeWindow": {"days": ["MONDAY"], "from": SIX, "to": SIX}}, "messages[0].deliveryTimeWindow.from", "pass"),
    ({"deliveryTimeWindow": {"days": ["MONDAY"], "from": SIX, "to": SIX}}, "messages[0].deliveryTimeWindow", "pass"),
    ({"deliveryTimeWindow": {"days": ["MONDAY"], "from": SIX, "to": SIX}}, "messages[0]", "fail"),
    ({"deliveryTimeWindow": {"days": ["MONDAY"], "from": SIX}}, "messages[0].deliveryTimeWindow", "pass"),
    ({"parameters": {"": 5}}, "messages[0].parameters", "pass"),  # how no name is named is open
    ({"parameters": {"": 5}}, "messages[0].parameters.", "pass"),
    ({"parameters": {"": 5}}, "messages[0]", "fail"),
    ({"deliveryTimeWindow": {"days": ["MONDAY"] * 2}}, "messages[0].deliveryTimeWindow.days", "pass"),
    ({"deliveryTimeWindow": {"days": ["MONDAY"] * 2}}, "messages[0].deliveryTimeWindow.days[1]", "pass"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "verdict"), NAMED)
def test_a_violation_may_be_named_where_it_can_be_looked_for(change, path, verdict):
    """Of several members together any may be named, and of a missing one what lacks it."""
    [rule] = [rule for rule in RULES if rule.id == "valid.paths"]
    item = {**stage().ivr(1)["messages"][0], **change}
    launch = {"messages": [{name: value for name, value in item.items() if value is not ABSENT}]}
    record = Record().add(stage().post(launch), violating(path))
    assert [each.verdict for each in judge(record.history(), {}, rules=[rule])] == [verdict]


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(("number", "verdict"), [(2**53 - 1, "fail"), (2**53, "not observable here")])
def test_who_has_no_room_for_a_number_is_not_accused(number, verdict, form):
    """The contract has no largest number, and neither has JSON; but few have room for all."""
    [rule] = [rule for rule in RULES if rule.id == "clamp.validity"]
    s = stage()
    plain = s.post(s.ivr(1), form=form)
    record = Record().add(plain, launched(s.post(s.ivr(1))))
    record.add(s.post(s.ivr(1, validityPeriod=number), form=form), refusal(400))
    assert [each.verdict for each in judge(record.history(), {}, rules=[rule])] == [verdict]


@pytest.mark.parametrize("body", [b"[]", b"{}"])
def test_how_the_whole_is_named_is_open(body):
    """A body that is no object, or lacks a member, has no path that any source gives a name."""
    [rule] = [rule for rule in RULES if rule.id == "valid.paths"]
    record = Record().add(stage().post(body), violating("body"))
    assert [each.verdict for each in judge(record.history(), {}, rules=[rule])] == ["pass"]


def test_a_refusal_that_cannot_be_read_is_not_called_misnamed():
    """That is one fault, and another rule's."""
    rules = [rule for rule in RULES if rule.id in ("status.error-kind", "json.well-formed")]
    cut = refusal(400)
    record = Record().add(stage().get(limit=0), Answer(400, cut.headers, cut.body[:-1]))
    verdicts = {each.rule.id: each.verdict for each in judge(record.history(), {}, rules=rules)}
    assert verdicts == {"json.well-formed": "fail", "status.error-kind": "not observable here"}


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        (b"<tags><item>1</item><item>2</item></tags>", "pass"),
        (b"<tag>1</tag><tag>2</tag>", "pass"),
        (b"<own><to>1</to><to>2</to></own>", "pass"),
        (b"<duration>11</duration>", "fail"),
        (b"<own/><price><currency>EUR</currency><currency>USD</currency></price>", "fail"),
    ],
)
def test_a_list_of_the_servers_own_may_repeat_its_items(more, verdict):
    """What the contract does not know it says nothing about (R9); what it knows comes once."""
    [rule] = [rule for rule in RULES if rule.id == "xml.repeated"]
    known = report("m1")
    del known["price"]
    page = reports(known, form=XML)
    body = page.body.replace(b"<duration>", more + b"<duration>", 1)
    record = Record().add(stage().get(accept=XML), Answer(200, page.headers, body))
    assert [each.verdict for each in judge(record.history(), {}, rules=[rule])] == [verdict]


def test_of_two_calls_under_one_id_nobody_knows_which_is_reported():
    """A server that accepts an id twice is told that, and nothing about the reports of the two."""
    s, record = stage(), Record()
    sink = "http://127.0.0.1:9"
    plain = [s.post(s.ivr(1, bulk=bulk, ids=["ü"], callbackData=bulk)) for bulk in ("é1", "é2")]
    pushed = [
        s.post(s.ivr(1, bulk=path, ids=["p"], notifyUrl=f"{sink}/{path}", callbackData=path, notifyContentType=form))
        for path, form in (("one", XML), ("two", XML))
    ]
    for request in (*plain, *pushed):
        record.add(request, launched(request))
    record.wait()
    for path in ("one", "two"):
        value = {"results": [report("p", path, callbackData=path)]}
        sent = document(value, 200, XML, "VoiceReportResponse")
        record.add(Request("POST", f"/{path}", sent.headers, sent.body), Answer(200), direction="push")
    for bulk in ("é2", "é1"):
        record.add(s.get(bulkId=bulk), reports(report("ü", bulk, callbackData=bulk)))
    found = {each.rule.id for each in judge(record.history(), {}, rules=RULES) if each.broken}
    assert found == {"ids.known"}


@pytest.mark.parametrize(
    ("sent", "done", "verdict"),
    [
        ("13:00:01", "13:01:01", "pass"),  # sentAt is that of the first attempt
        ("13:01:01", "13:01:01", "pass"),  # or that of the last one
        ("13:07:00", "13:08:00", "pass"),  # by a clock that is wrong
        ("13:00:01", "13:00:01", "fail"),
        ("13:05:01", "13:05:01", "fail"),
    ],
)
def test_a_redial_is_seen_by_sent_at_or_by_the_launch(sent, done, verdict):
    """No source says whether the sentAt of a call that was repeated is its first or its last."""
    s = stage()
    launch = s.post(s.ivr(1, bulk="b", ids=["m1"], retry={"minPeriod": 1, "maxPeriod": 1, "maxCount": 1}))
    failed = {"groupId": 2, "groupName": "USER_ERRORS", "id": 5002, "name": "EC_VOICE_USER_BUSY", "permanent": True}
    times = {name: f"2026-03-01T{at}.000+0100" for name, at in (("sentAt", sent), ("doneAt", done))}
    record = Record().add(launch, launched(launch)).wait(600)
    record.add(s.get(bulkId="b"), reports(report("m1", "b", error=failed, **times)))
    [rule] = [rule for rule in RULES if rule.id == "time.redial"]
    assert judge(record.history(), {}, rules=[rule])[0].verdict == verdict


@pytest.mark.parametrize(
    ("failure", "verdict"), [(f"{CLOSED_MEANWHILE}: reset", "pass"), ("no whole answer: reset", "fail")]
)
def test_a_closed_connection_may_have_taken_a_report(failure, verdict):
    """A server may close an idle connection at any time; one that breaks off an answer loses it."""
    s = stage()
    launch = s.post(s.ivr(2, bulk="b", ids=["m1", "m2"]))
    record = Record().add(launch, launched(launch)).wait()
    record.add(s.get(bulkId="b", limit=1), reports(report("m1", "b")))
    record.add(s.get(bulkId="b", limit=1), None)
    record.exchanges[-1] = replace(record.exchanges[-1], failure=failure)
    record.add(s.get(bulkId="b"), reports())
    [rule] = [rule for rule in RULES if rule.id == "once.nothing-missing"]
    assert judge(record.history(), {}, rules=[rule])[0].verdict == verdict


def test_a_short_page_of_everything_says_nothing_of_one_call():
    """Only a page with a filter shows that the call of an open window was not made."""
    s = stage("2026")
    window = {"days": ["SATURDAY", "SUNDAY", "MONDAY"]}
    launch = s.post(s.ivr(1, bulk="b", ids=["m1"], deliveryTimeWindow=window))
    [rule] = [rule for rule in RULES if rule.id == "time.window-open"]
    for filters, verdict in (({}, "pass"), ({"bulkId": "b"}, "fail")):
        record = Record().add(launch, launched(launch)).wait().add(s.get(limit=9, **filters), reports())
        record.add(s.get(bulkId="b"), reports(report("m1", "b")))
        assert judge(record.history("2026"), {}, rules=[rule])[0].verdict == verdict


@pytest.mark.parametrize(("together", "verdict"), [(True, "not observable here"), (False, "warn")])
def test_of_readers_at_the_same_time_none_is_the_first(together, verdict):
    """The second to ask may be served first, and gets what is older."""
    s = stage()
    launch = s.post(s.ivr(2, bulk="b", ids=["m1", "m2"]))
    older, newer = (f"2026-03-01T13:00:0{second}.000+0100" for second in (1, 2))
    record = Record().add(launch, launched(launch)).wait()
    record.add(s.get(bulkId="b", limit=1), reports(report("m2", "b", doneAt=newer)))
    record.add(s.get(bulkId="b", limit=1), reports(report("m1", "b", doneAt=older)), together=together)
    [rule] = [rule for rule in RULES if rule.id == "filter.oldest"]
    assert judge(record.history(), {}, rules=[rule])[0].verdict == verdict


@pytest.mark.parametrize(("rule", "second"), [("ids.known", "m1"), ("ids.new", "M1")])
def test_what_is_wrong_with_an_id_is_shown_with_the_launch_that_had_it(rule, second):
    """Alone, the later launch shows nothing."""
    s = stage()
    launches = [s.post(s.ivr(1, ids=[f"kit-run-1-{name}"])) for name in ("m1", second)]
    body = json.loads(launched(launches[1]).body)["messages"]
    wrong = body if rule == "ids.known" else [{**body[0], "status": REJECTED}]
    record = Record().add(launches[0], launched(launches[0])).add(launches[1], launched(launches[1], messages=wrong))
    [judged] = judge(record.history(), {}, rules=[each for each in RULES if each.id == rule])
    assert [finding.exchanges for finding in judged.findings if finding.problem] == [(1, 2)]
