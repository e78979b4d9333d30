"""What a person sees at the end of a run."""

import io

import pytest
from rich.console import Console

from contract_kit.recorded import Record, document, launched, report, reports, stage
from contract_kit.results import DAY, found, hostile
from infobip_voice_contract import display
from infobip_voice_contract.baseline import Baseline, Deviation
from infobip_voice_contract.excerpts import Excerpts
from infobip_voice_contract.exchange import Answer
from infobip_voice_contract.junit import junit
from infobip_voice_contract.page import page
from infobip_voice_contract.run import Result
from infobip_voice_contract.stage import changed
from infobip_voice_contract.summary import summary


def shown(rule_id: str, *, quiet: bool = False) -> str:
    """Return what is printed about a recording in which a rule is broken."""
    return printed(found(rule_id), quiet=quiet)


def printed(result: Result, *, quiet: bool = False) -> str:
    text = io.StringIO()
    Console(file=text, width=60).print(display.result(result, quiet=quiet), soft_wrap=True)
    return text.getvalue()


def test_a_failure_comes_first_with_its_exchange_and_its_script():
    """The sentence, the source, the request and the answer, and curl calls in whole lines."""
    text = shown("auth.none")
    assert text.startswith("✗ auth.none  A request without credentials is refused with 401.")
    assert "[ivr-2017, ivr-2019, ctc, reports]" in text
    assert "answered 200, not 401 (no credentials at $)" in text
    assert "1: GET /tts/3/reports" in text
    [call] = [line for line in text.splitlines() if line.startswith("curl")]
    assert call == "curl -sS -i \"$BASE_URL\"/tts/3/reports -H 'Accept: application/json' -H 'Content-Type:'; echo"
    assert "rule is broken." in text


def test_a_warning_is_one_line():
    """What only we say is shown with its problem, and without a script."""
    text = shown("auth.challenge")
    assert "! auth.challenge" in text
    assert "there is no WWW-Authenticate" in text


def test_quiet_shows_failures_alone():
    """And the last line."""
    text = shown("auth.none", quiet=True)
    assert "✗ auth.none" in text
    assert "inconclusive" not in text


def test_numbers_of_people_are_masked():
    """A called number that may be somebody's is in no output, not even in the script."""
    request = stage().post(changed(stage().ivr(ids=["m1"]), {"messages[0].destinations[0].to": "41793026727"}))
    record = Record().add(request, launched(request, bulkId=7))
    text = printed(found(exchanges=record.exchanges))
    assert "json.launched" in text
    assert '"to": "41***"' in text
    assert "41793026727" not in text
    for other in (page(found(exchanges=record.exchanges)), summary(found(exchanges=record.exchanges))):
        assert "41***" in other
        assert "41793026727" not in other


@pytest.mark.parametrize("shown", ["41793026727", "+41793026727", "0041793026727", "https://example.com/41793026727/x"])
def test_a_number_is_masked_wherever_it_is(shown):
    """In whatever a server makes of it; a longer run of digits is another thing."""
    request = stage().post(changed(stage().ivr(ids=["m1"]), {"messages[0].destinations[0].to": "41793026727"}))
    excerpts = Excerpts(found(exchanges=Record().add(request, launched(request)).exchanges))
    assert "41793026727" not in excerpts.masked(shown)
    assert excerpts.masked("141793026727 9991000000001 2026-03-01") == "141793026727 9991000000001 2026-03-01"


def test_what_a_server_says_is_cut():
    """A megabyte of an id, of a field or of a body is no page that anybody reads."""
    long = "x" * 1_000_000
    record = Record()
    for _ in range(2):
        record.add(stage().get(), reports(report(long), X_Long=long, **{f"X_{index}": "y" for index in range(999)}))
    result = found(exchanges=record.exchanges)
    for text in (printed(result), page(result), summary(result), junit(result).decode()):
        assert "once.never-twice" in text
        assert "xxxxxx…" in text
        assert len(text) < 300_000


def test_nothing_of_a_server_is_a_command_of_the_terminal():
    """Control characters are shown as dots."""
    record = Record().add(stage().get(), document({"results": [{"duration": "\x1b[31m"}]}, 200))
    assert "\x1b" not in printed(found(exchanges=record.exchanges))
    raw = Answer(200, (("Content-Type", "text/\x1b[31m"),), b"\x1b[31m")
    assert "\x1b" not in printed(found(exchanges=Record().add(stage().get(), raw).exchanges))
    assert "\x1b" not in printed(hostile())


def test_nothing_of_a_server_is_a_command_of_ci():
    """A line that begins with `::` or `##` would be one for a runner that reads the log."""
    text = printed(hostile())
    assert "::error::owned" in text
    assert [line for line in text.splitlines() if line.strip().startswith(("::", "##"))] == []


def test_a_known_deviation_is_one_line():
    """With its reason; and one that is mended is told, also when it is the only thing to say."""
    deviations = [Deviation(rule, "in March", DAY) for rule in ("auth.none", "status.answered")]
    text = printed(Baseline(tuple(deviations)).applied(found("auth.none"), DAY))
    assert "≈ auth.none" in text
    assert "known: in March (until 2026-06-01)" in text
    assert "no longer deviates; the baseline still has it: in March" in text
    assert text.rstrip().endswith("All rules that could be observed hold, but for 1 known deviation.")
