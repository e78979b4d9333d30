"""One run: what it waits for, what it gives up, what it leaves behind."""

import dataclasses
import subprocess
from urllib.parse import parse_qsl

import pytest

from contract_kit import variants
from contract_kit.recorded import document
from contract_kit.results import found, recorded
from contract_kit.running import CREDENTIALS, FakeClock, broken, tried
from infobip_voice_contract import curl
from infobip_voice_contract.conversations import Move, conversations, in_words, minimised
from infobip_voice_contract.exchange import Answer, Sent
from infobip_voice_contract.rules.rule import Finding
from infobip_voice_mock import create_app


class Failing:
    """A transport whose first answers are what a test says."""

    def __init__(self, transport, *answers):
        self.transport, self.answers = transport, list(answers)

    def send(self, request):
        return self.answers.pop(0) if self.answers else self.transport.send(request)

    def close(self):
        self.transport.close()


def test_only_the_preflight_tries_again():
    """A 503 and a reset at the beginning are tried again; the run goes on, and they are faults."""
    clock = FakeClock()
    lost, failed = Sent(None, "no whole answer: reset"), Sent(document({}, 503))
    result = tried(variants.mock(clock), clock=clock, wrapped=lambda transport: Failing(transport, failed, lost))
    assert result.complaint == ""
    assert [rule for rule, verdict in broken(result).items() if verdict == "fail"] == [
        "status.answered", "status.documented", "status.no-fault", "status.fetched", "json.refusal",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ([Sent(None, "no connection: refused")], "cannot be tested: no connection"),
        ([Sent(Answer(503))] * 5, "cannot be tested: it answers 503"),
        ([Sent(document({}, 429, Retry_After="1"))] * 40, "cannot be tested: it answers 429"),
        ([Sent(document({}, 401))], "does not accept the credentials"),
    ],
)
def test_what_cannot_be_tested_is_said(answers, complaint):
    """Exit code 2, and why."""
    clock = FakeClock()
    result = tried(variants.mock(clock), clock=clock, wrapped=lambda transport: Failing(transport, *answers))
    assert result.code == 2
    assert complaint in result.complaint


async def refusing(scope, receive, send):
    """A server that knows the credentials, and accepts no launch."""
    body = b'{"results": []}' if scope["method"] == "GET" else b"{}"
    status = 200 if scope["method"] == "GET" else 400
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def test_a_server_that_accepts_no_launch_cannot_be_judged():
    """Exit code 2: what there is to know about reports stays unknown."""
    result = tried(refusing, clock=FakeClock())
    assert result.code == 2
    assert "no launch was accepted (answered 400)" in result.complaint
    assert result.facts.skipped["report"] == ("inconclusive", "no call was accepted")


async def friendly(scope, receive, send):
    """A server of something else, which has a page for everything."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": b"<html>Welcome</html>"})


def test_a_server_of_something_else_has_refused_nothing():
    """Nor has it accepted a call, and that is what is said."""
    result = tried(friendly, clock=FakeClock())
    assert result.code == 2
    assert "no answer to a launch names an accepted call" in result.complaint


@pytest.mark.parametrize(
    ("after", "destructive", "complaint"),
    [
        ("86400", True, "no request was answered, unless with 429"),
        ("86400", False, "no request was answered, unless with 429"),
        (None, True, "no launch was answered"),
    ],
)
def test_a_run_that_its_deadline_ends_too_early_has_not_passed(after, destructive, complaint):
    """What has judged nothing is no success for CI."""
    clock = FakeClock()
    waits = [Sent(document({}, 429, Retry_After=after or "5"))] * 40
    first = [] if after else [Sent(document({"results": []}))]
    wrapped = {"wrapped": lambda transport: Failing(transport, *first, *waits)}
    result = tried(variants.mock(clock), clock=clock, deadline=60, destructive=destructive, **wrapped)
    assert (result.code, result.complaint.partition(",")[0]) == (2, complaint.partition(",")[0])


def test_without_a_report_nothing_passes_that_needs_one():
    """Without reports, what is about them stays open; --require makes that a failure."""
    clock = FakeClock()
    silent = variants.mock(clock, variants.late(1_000_000))
    result = tried(silent, clock=clock, report_within=30)
    verdicts = {each.rule.id: each.verdict for each in result.judgements}
    assert verdicts["once.nothing-missing"] == verdicts["values.times"] == "inconclusive"
    assert result.code == 0
    again = tried(
        variants.mock(clock, variants.late(1_000_000)), clock=clock, report_within=30, required=frozenset({"once"})
    )
    assert again.code == 1


def test_a_deadline_ends_in_a_partial_result():
    """What was seen by then counts; the rest is open."""
    clock = FakeClock()
    result = tried(variants.mock(clock), clock=clock, deadline=2.0)
    verdicts = {each.rule.id: each.verdict for each in result.judgements}
    assert verdicts["auth.accepted"] == "pass"
    assert verdicts["once.nothing-missing"] == "inconclusive"
    assert any("deadline" in note for note in result.facts.notes)


def test_two_runs_on_one_server_do_not_meet():
    """The second run finds nothing of the first."""
    clock = FakeClock()
    app = variants.mock(clock)
    first, second = tried(app, clock=clock), tried(app, clock=clock)
    assert (broken(first), broken(second)) == ({}, {})
    assert first.facts.run != second.facts.run


def test_what_is_left_behind_is_said():
    """Calls whose reports were not handed out are counted, with their prefix."""
    clock = FakeClock()
    result = tried(variants.mock(clock), clock=clock)
    assert any("left behind" in note and result.facts.run in note for note in result.facts.notes) is bool(
        result.history.pending()
    )


def test_a_seed_gives_the_same_conversations():
    """And another seed others; each can be said in words."""
    assert conversations(1, 5) == conversations(1, 5) != conversations(2, 5)
    assert all(in_words(move) for conversation in conversations(3, 20) for move in conversation)


def test_a_conversation_is_made_smaller():
    """Only the steps stay without which the rule holds again."""
    wait, launch, read = Move("wait"), Move("launch"), Move("read")
    whole = (wait, launch, wait, wait, read, wait, launch, wait)
    played = []

    def breaks(conversation):
        played.append(conversation)
        return launch in conversation and read in conversation

    shortest = minimised(whole, breaks)
    assert sorted(shortest) == sorted((launch, read))
    assert len(played) <= 16
    assert minimised(whole, lambda _: False) is None


def forgetful(app):
    """A server that hands out a page again after a limit of 10, which only conversations use."""
    kept = {}

    def change(scope, answer):
        query = dict(parse_qsl(scope["query_string"].decode()))
        name = query.get("bulkId") or query.get("messageId")
        if answer[0] == 200 and query.get("limit") == "10" and b"messageId" in answer[2]:
            kept[name] = answer
        elif answer[0] == 200 and name in kept and scope["method"] == "GET":
            return kept.pop(name)
        return answer

    return variants.rewritten(app, change)


def test_a_failure_of_a_conversation_is_played_again_with_fewer_steps():
    """What only a conversation finds comes with its few steps, from a fresh state."""
    clock = FakeClock()
    result = tried(forgetful(variants.mock(clock)), clock=clock, seed=1)
    [found] = [each for each in result.judgements if each.rule.id == "once.never-twice"]
    assert found.verdict == "fail"
    assert found.replay is not None
    assert found.replay.reproduced
    assert len(found.replay.steps) <= 5
    assert curl.shown(found, result.history)


@pytest.fixture(scope="module")
def plain():
    """A run against the mock on this machine's clock."""
    return tried(create_app())


@pytest.mark.parametrize(
    ("name", "answer"),
    [("filter.leaves-others", '"messageId"'), ("size.line", '"results"'), ("valid.longest-ids", "messageId")],
)
def test_the_curl_script_shows_a_failure_again(plain, mock_url, tmp_path, name, answer):
    """Run by a shell against the server, it gets the answers of the run, with ids of its own."""
    [rule] = [each for each in plain.judgements if each.rule.id == name]
    text = curl.script(rule, plain.history, base_url=mock_url, run=plain.facts.run)
    assert plain.facts.run not in text
    file = tmp_path / "script.sh"
    file.write_text(text)
    environment = {"AUTH": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["/bin/sh", str(file)], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.count("HTTP/1.1 200") == len(curl.shown(rule, plain.history))
    assert answer in done.stdout


@pytest.mark.parametrize("body", [b"\0", b"{\0}", b"\xff", b"%s'$HOME`\\n\r\n", "é😀\x1f\ufeff".encode()])
def test_a_script_sends_the_bytes_of_a_body(body, tmp_path):
    """Whatever bytes they are: a shell drops a NUL, and no shell knows an encoding."""
    exchange = recorded("valid.malformed-json")[0]
    exchange = dataclasses.replace(exchange, request=dataclasses.replace(exchange.request, body=body))
    result = found("valid.malformed-json", exchanges=[exchange])
    [rule] = [each for each in result.judgements if each.rule.id == "valid.malformed-json"]
    (tmp_path / "curl").write_text(f"#!/bin/sh\ncat > {tmp_path}/sent\n")
    (tmp_path / "curl").chmod(0o755)
    file = tmp_path / "script.sh"
    file.write_text(curl.script(rule, result.history, base_url="http://127.0.0.1:1", run="run"), newline="")
    environment = {"AUTH": "x", "PATH": f"{tmp_path}:/usr/bin:/bin"}
    subprocess.run(["/bin/sh", str(file)], env=environment, check=True, timeout=60)
    assert (tmp_path / "sent").read_bytes() == body


@pytest.mark.parametrize("name", ["json.reports", "xml.items", "filter.limit"])
def test_a_script_launches_the_calls_whose_reports_it_shows(plain, name):
    """Otherwise it would fetch nothing, and show nothing."""
    [rule] = [each for each in plain.judgements if each.rule.id == name]
    reads = [each for each in plain.history.reads if each.reports and len(each.reports) == 1 and each.filters]
    shown = dataclasses.replace(rule, replay=None, findings=(Finding((reads[0].number,), "x"),))
    assert "POST" in {each.request.method for each in curl.shown(shown, plain.history)}


def test_a_script_makes_all_ids_anew_in_every_case(plain):
    """Also those that a script sends in capitals, to see whether they stay different."""
    [rule] = [each for each in plain.judgements if each.rule.id == "ids.new"]
    capitals = [
        each
        for each in plain.history.exchanges
        if plain.facts.run.upper() in each.request.body.decode(errors="replace")
    ]
    shown = dataclasses.replace(
        rule, replay=None, findings=tuple(Finding((each.number,), "x") for each in capitals[-1:])
    )
    text = curl.script(shown, plain.history, base_url="http://127.0.0.1:1", run=plain.facts.run)
    assert plain.facts.run not in text.lower()


def test_a_script_says_which_ids_the_server_makes_anew(plain):
    """What follows does not find the old ones, which are nobody's any more."""
    [rule] = [each for each in plain.judgements if each.rule.id == "once.nothing-missing"]
    made = [each for each in plain.history.exchanges if each.entries and "bulkId" not in each.demand.value]
    [launch, read] = next(
        [launch, read]
        for launch in made
        for read in plain.history.reads
        if launch.value.get("bulkId") and read.filters.get("bulkId") == launch.value["bulkId"]
    )
    shown = dataclasses.replace(rule, replay=None, findings=(Finding((launch.number, read.number), "x"),))
    text = curl.script(shown, plain.history, base_url="http://127.0.0.1:1", run=plain.facts.run)
    note = f"# The server made the id {launch.value['bulkId']} then: put in the one that it makes now."
    assert f"{note}\ncurl" in text


def test_a_script_needs_credentials_from_outside(plain, tmp_path):
    """It says so, and has none in it."""
    text = curl.script(plain.judgements[0], plain.history, base_url="http://127.0.0.1:1", run=plain.facts.run)
    file = tmp_path / "script.sh"
    file.write_text(text)
    done = subprocess.run(
        ["/bin/sh", str(file)], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0
    assert "the value of the Authorization header" in done.stderr
    assert CREDENTIALS.mask(text.encode()) == text.encode()


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ({"auth.none": [500], "auth.unknown-user": [599]}, " 2 of them by answers of 5xx alone: mend those first."),
        ({"auth.none": [500], "auth.unknown-user": [404]}, ""),  # one alone explains nothing but itself
        ({"auth.none": [499], "auth.unknown-user": [404]}, ""),
        # Beyond the findings that are kept, too.
        ({"auth.none": [500], "auth.unknown-user": [500] * 30 + [404]}, ""),
    ],
)
def test_rules_that_only_a_failing_server_breaks_are_counted(statuses, said):
    """A fault of the server may be the cause of them all. A 5xx beside other answers is not."""
    answered = [(name, status) for name, each in statuses.items() for status in each]
    listed = recorded(*(name for name, _ in answered))
    assert len(listed) == len(answered)
    for at, (exchange, (_, status)) in enumerate(zip(listed, answered, strict=True)):
        listed[at] = dataclasses.replace(exchange, answer=dataclasses.replace(exchange.answer, status=status))
    result = found(exchanges=listed)
    rules = [each for each in result.judgements if each.rule.id in statuses]
    assert [(each.verdict, each.broken) for each in rules] == [("fail", len(each)) for each in statuses.values()]
    alone = dataclasses.replace(result, judgements=rules)
    assert alone.sentence == f"2 rules are broken.{said}"
