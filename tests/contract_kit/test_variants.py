"""A server may keep the contract in its own way: no rule may be broken by that."""

import importlib
import itertools
import json
import re
from dataclasses import replace

import pytest

from contract_kit import variants
from contract_kit.running import FakeClock, broken, tried
from infobip_voice_contract.contract import EDITIONS
from infobip_voice_contract.scripts import SCRIPTS


def ulids():
    counter = itertools.count(1)
    return lambda: f"01HZZZZZZZZZZZZZZZZZ{next(counter):06d}"


SERVERS = {
    "reports after 0.2 s": lambda clock: variants.mock(clock, variants.late(0.2)),
    "reports after 2 s": lambda clock: variants.mock(clock, variants.late(2)),
    "reports after 20 s": lambda clock: variants.mock(clock, variants.late(20)),
    "reports every 5 s": lambda clock: variants.mock(clock, variants.late(0, 5)),
    "ULIDs": lambda clock: variants.mock(clock, new_id=ulids()),
    "indented": lambda clock: variants.rewritten(variants.mock(clock), variants.indented),
    "other words": lambda clock: variants.rewritten(variants.mock(clock), variants.in_other_words),
    "more members": lambda clock: variants.rewritten(variants.mock(clock), variants.with_more),
    "fewer members": lambda clock: variants.rewritten(variants.mock(clock), variants.with_less),
    "gzip": lambda clock: variants.rewritten(variants.mock(clock), variants.zipped),
    "bursts of 429": lambda clock: variants.Throttling(variants.mock(clock)),
}


WARNINGS = {
    "other words": {"valid.nearest-member": "warn"},
    "fewer members": {"values.recording": "warn"},
}
"""What only we say, and these servers do otherwise."""


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_that_keeps_the_contract_breaks_no_rule(name):
    """Hardly a warning, and hardly anything is open."""
    clock = FakeClock()
    result = tried(SERVERS[name](clock), clock=clock)
    assert broken(result) == WARNINGS.get(name, {})
    assert result.code == 0
    assert sum(each.verdict == "pass" for each in result.judgements) >= 130


@pytest.mark.parametrize("name", SERVERS)
def test_it_breaks_none_in_minutes_either(name, monkeypatch):
    """Of the full profile only what waits is played here; `make strength` plays all of it."""
    patient = tuple(script for script in SCRIPTS if "patience" in script.needs and script.name != "20,000 destinations")
    monkeypatch.setattr(importlib.import_module("infobip_voice_contract.run"), "SCRIPTS", patient)
    clock = FakeClock()
    result = tried(SERVERS[name](clock), clock=clock, profile="full", numbers="mock")
    assert broken(result) == {}
    verdicts = {each.rule.id: each.verdict for each in result.judgements}
    # Without `sentAt` and `duration` nobody sees when an attempt was made.
    seen = {"time.expired"} if name == "fewer members" else {"time.redial", "time.validity", "time.expired"}
    assert {verdicts[rule] for rule in seen} == {"pass"}


def test_the_mock_keeps_the_edition_of_2026():
    """Every rule holds that is about that edition, too."""
    clock = FakeClock()
    result = tried(variants.mock(clock, edition="2026"), clock=clock, edition="2026")
    assert broken(result) == {}
    verdicts = {each.rule.id: each.verdict for each in result.judgements}
    expected = ("xml.items-2026", "xml.price-2026", "values.errors-2026", "valid.retry-whole", "time.window")
    assert {verdicts[rule] for rule in expected} == {"pass"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_mock_keeps_the_contract_for_minutes(edition):
    """In the full profile, too, and though its calls take no time: they ring for none."""
    clock = FakeClock()
    result = tried(variants.mock(clock, edition=edition), clock=clock, edition=edition, profile="full", numbers="mock")
    assert broken(result) == {}
    verdicts = {each.rule.id: each.verdict for each in result.judgements}
    assert {verdicts[rule] for rule in ("time.redial", "time.validity", "time.expired")} == {"pass"}
    assert verdicts["time.ring"] == "not observable here"


def test_an_edition_is_not_the_other():
    """A server of one edition breaks rules of the other."""
    clock = FakeClock()
    result = tried(variants.mock(clock, edition="2026"), clock=clock, edition="seeds")
    assert {"xml.items", "xml.price", "values.errors", "clamp.retry-members"} <= broken(result).keys()


def test_another_order_is_only_a_warning():
    """That reports come oldest first is our assumption."""
    clock = FakeClock()
    assert broken(tried(variants.mock(clock, variants.Unordered), clock=clock)) == {"once.oldest-first": "warn"}


def test_in_company_nothing_is_missing():
    """With --shared, what somebody else has taken is not called missing."""
    clock = FakeClock()
    result = tried(variants.Company(variants.mock(clock)), clock=clock, shared=True)
    assert broken(result) == {}
    verdicts = {each.rule.id: each.verdict for each in result.judgements}
    assert verdicts["once.nothing-missing"] == "inconclusive"
    assert verdicts["once.never-twice"] == "pass"


def test_unexpected_company_is_noticed(tmp_path):
    """A report of somebody else ends reads without a filter, is kept, and leaves *once* open."""
    clock = FakeClock()
    file = tmp_path / "foreign.jsonl"
    result = tried(variants.Company(variants.mock(clock)), clock=clock, foreign=file)
    assert {rule: verdict for rule, verdict in broken(result).items() if verdict == "fail"} == {}
    verdicts = {each.rule.id: each.verdict for each in result.judgements}
    assert verdicts["once.nothing-missing"] == "inconclusive"
    assert "999100000000777" in file.read_text()


def test_small_pages_lose_no_report():
    """A server with a largest page of its own is told that, and not that reports never came."""
    clock = FakeClock()
    found = broken(tried(variants.mock(clock, variants.SmallPages), clock=clock))
    assert found.keys() <= {"filter.whole-pages", "filter.finds"}
    assert found["filter.whole-pages"] == "fail"


class TitleCase:
    """A transport to a server that knows the names of header fields in one spelling alone."""

    def __init__(self, transport):
        self.transport = transport

    def send(self, request):
        known = tuple(field for field in request.headers if not field[0].islower())
        return self.transport.send(replace(request, headers=known))

    def close(self):
        self.transport.close()


def test_names_of_fields_are_read_in_any_case():
    """A server behind a proxy that writes them in lower case would refuse every client."""
    clock = FakeClock()
    found = broken(tried(variants.mock(clock), clock=clock, wrapped=TitleCase))
    assert {"form.case", "status.launched", "status.fetched", "xml.accepted"} <= found.keys()


@pytest.mark.parametrize("status", [204, 404])
def test_an_empty_list_that_is_answered_otherwise_is_said_once(status):
    """Not for every odd request that found no reports, too."""

    def change(_, answer):
        is_empty = b'"results":[]' in answer[2] or b"<results/>" in answer[2]
        return (status, [], b"") if is_empty else answer

    clock = FakeClock()
    found = broken(tried(variants.rewritten(variants.mock(clock), change), clock=clock))
    about_the_status = {"status.documented", "status.error-kind", "status.assumed-kind", "head.other-type"}
    assert found.keys() - about_the_status == {"status.fetched", "once.empty"}


def is_launch(scope, status):
    return scope["method"] == "POST" and status == 200


def created(scope, answer):
    """A launch is answered with 201."""
    status, headers, body = answer
    return (201 if is_launch(scope, status) else status), headers, body


def as_a_list(_, answer):
    """Reports in JSON are a bare list."""
    status, headers, body = answer
    return (
        status,
        headers,
        json.dumps(json.loads(body)["results"], ensure_ascii=False).encode() if b'"results":' in body else body,
    )


def in_small_letters(_, answer):
    """All names in XML are in lower case."""
    status, headers, body = answer
    if variants.is_xml(answer):
        body = re.sub(rb"</?\w+", lambda name: name[0].lower(), body)
    return status, headers, body


def marked(_, answer):
    """JSON begins with a byte order mark."""
    status, headers, body = answer
    return status, headers, b"\xef\xbb\xbf" + body if body.startswith(b"{") else body


def refused_as_200(_, answer):
    """Refusals are answered with 200."""
    return 200, *answer[1:]


ABOUT_REFUSALS = (
    "auth.", "valid.", "method.", "status.unknown-path", "status.precedence", "form.not-acceptable", "form.media-type",
    "xml.doctype", "ctc.own-members", "size.too-", "xml.root", "json.reports", "head.no-store",
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "accused"),
    [
        (created, ("status.documented", "status.launched", "xml.accepted")),
        (as_a_list, ("json.reports", "once.empty")),
        (in_small_letters, ("xml.root", "xml.items", "xml.messages")),
        (marked, ("json.well-formed",)),
        (refused_as_200, ABOUT_REFUSALS),
    ],
    ids=["201", "bare list", "small letters", "byte order mark", "200 for all"],
)
def test_a_fault_of_every_answer_is_not_taken_for_others(change, accused):
    """A server is told what it does, and not what would follow if it did something else."""
    clock = FakeClock()
    result = tried(variants.rewritten(variants.mock(clock), change), clock=clock)
    found = broken(result)
    assert {rule for rule in found if not rule.startswith(accused)} == set()
    assert "fail" in found.values()
    # Reports are judged all the same, but for those that no reader of the contract finds.
    assert ("report" in result.facts.skipped) is (change is as_a_list)


def test_a_launch_refused_for_a_known_id_is_said_once():
    """And not again for all that was odd about that launch, too."""
    clock = FakeClock()
    found = broken(tried(variants.OneUse(variants.mock(clock)), clock=clock))
    assert found.keys() <= {"ids.twice", "ids.known", "together.launches", "valid.paths"}
    assert "ids.known" in found
