"""What a person sees at the end of a run."""

import io

from rich.console import Console

from contract_kit.examples import examples
from contract_kit.recorded import Record, document, stage
from infobip_voice_contract.display import result
from infobip_voice_contract.exchange import Answer
from infobip_voice_contract.history import History
from infobip_voice_contract.journal import Facts
from infobip_voice_contract.run import Result
from infobip_voice_contract.verdicts import judge


def shown(rule_id: str, *, hidden: tuple[str, ...] = (), quiet: bool = False) -> str:
    """Return what is printed about a recording in which a rule is broken."""
    return printed(examples()[rule_id][1].history(), hidden=hidden, quiet=quiet)


def printed(history: History, *, hidden: tuple[str, ...] = (), quiet: bool = False) -> str:
    found = Result(Facts(base_url="http://127.0.0.1:9", run="run"), history, judge(history, {}), 1)
    text = io.StringIO()
    Console(file=text, width=60).print(result(found, hidden=hidden, quiet=quiet), soft_wrap=True)
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
    assert "rules are broken." in text


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
    """A number that --numbers gave is in no output."""
    text = shown("ids.numbers", hidden=("9991000000",))
    assert "9991000000" not in text
    assert "99***" in text


def test_nothing_of_a_server_is_a_command_of_the_terminal():
    """Control characters are shown as dots."""
    record = Record().add(stage().get(), document({"results": [{"duration": "\x1b[31m"}]}, 200))
    assert "\x1b" not in printed(record.history())
    raw = Answer(200, (("Content-Type", "text/\x1b[31m"),), b"\x1b[31m")
    assert "\x1b" not in printed(Record().add(stage().get(), raw).history())
