"""The command as a person runs it, against the mock as a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infobip_voice_contract.journal import load
from infobip_voice_contract.run import judged_recording

SECRETS = ("open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ", "KEY-of-Aladdin", "gateway-secret")


def contract(*arguments: str, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("INFOBIP", "HYPOTHESIS"))}
    return subprocess.run(
        [sys.executable, "-m", "infobip_voice_cli", "contract", *arguments],
        env={**clean, "PYTHONUTF8": "1", **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=280,
    )


pytestmark = pytest.mark.xdist_group("contract command")  # one worker, so that the run below is made once

ACCOUNT = {"INFOBIP_USERNAME": "Aladdin", "INFOBIP_PASSWORD": "open sesame"}


@pytest.fixture(scope="module")
def tested(mock_url, tmp_path_factory):
    """One whole run, whose outputs the tests below look at."""
    folder: Path = tmp_path_factory.mktemp("contract")
    done = contract(
        "--base-url", mock_url, "--destructive", "--numbers", "mock", "--header", "X-Gateway: gateway-secret",
        "--json", "result.json", "--journal", "run.journal",
        "--junit", "junit.xml", "--html", "page.html", "--summary", "summary.md",
        folder=folder, **ACCOUNT, INFOBIP_API_KEY="KEY-of-Aladdin",
    )  # fmt: skip
    return done, folder


def test_the_mock_keeps_every_rule(tested):
    """No rule is broken, not even one of our own; hardly any is open."""
    done, folder = tested
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((folder / "result.json").read_text())
    verdicts = {rule["id"]: rule["verdict"] for rule in result["rules"]}
    assert [rule for rule, verdict in verdicts.items() if verdict in ("fail", "warn", "inconclusive")] == []
    assert result["totals"]["pass"] >= 145
    assert result["totals"]["exchanges"] > 1000
    assert set(result["rules"][0]) >= {"id", "group", "verdict", "severity", "source", "sentence", "evidence"}
    assert "All rules that could be observed hold." in done.stdout


def test_it_leaves_only_what_it_was_asked_for(tested):
    """No folder of Hypothesis, which invents requests, is left where the command ran."""
    _, folder = tested
    assert {path.name for path in folder.iterdir()} == {
        "result.json", "run.journal", "junit.xml", "page.html", "summary.md",
    }  # fmt: skip


def test_a_journal_is_judged_as_the_run_was(tested):
    """`judge FILE` says what the run said, from the journal alone."""
    _, folder = tested
    result = json.loads((folder / "result.json").read_text())
    found = judged_recording(load(folder / "run.journal"))
    assert {each.rule.id: each.verdict for each in found.judgements} == {
        rule["id"]: rule["verdict"] for rule in result["rules"]
    }
    done = contract("judge", str(folder / "run.journal"), "--json", "-")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["totals"] == result["totals"]


def test_every_view_is_made_again_from_the_journal(tested, tmp_path):
    """To the byte: a page of last week's run is the page of that day."""
    _, folder = tested
    views = {"--junit": "junit.xml", "--html": "page.html", "--summary": "summary.md"}
    options = [word for option, name in views.items() for word in (option, str(tmp_path / name))]
    assert contract("judge", str(folder / "run.journal"), "--quiet", *options).returncode == 0
    for name in views.values():
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


@pytest.mark.parametrize("cut", ["between lines", "in a line"])
def test_a_journal_that_was_cut_off_is_not_judged_whole(tested, tmp_path, cut):
    """What a killed run has left behind says nothing of what it had still to see."""
    _, folder = tested
    whole = (folder / "run.journal").read_bytes()
    half = whole[: whole.index(b"\n", len(whole) // 2) + (1 if cut == "between lines" else 40)]
    (tmp_path / "run.journal").write_bytes(half)
    done = contract("judge", str(tmp_path / "run.journal"))
    assert done.returncode == 2
    assert "the run was cut off" in done.stdout
    assert "hold" not in done.stdout.splitlines()[-1]


def test_no_output_has_a_secret(tested):
    """Passwords, keys and further header fields are on the wire, and in no output."""
    done, folder = tested
    texts = [done.stdout, done.stderr, *(path.read_text() for path in folder.iterdir())]
    assert [secret for secret in SECRETS for text in texts if secret in text] == []


def test_without_consent_nothing_is_launched_or_consumed(mock_url, tmp_path):
    """Without --destructive only requests go out that have to be refused."""
    done = contract("--base-url", mock_url, "--journal", str(tmp_path / "journal"), **ACCOUNT)
    assert done.returncode == 0, done.stdout + done.stderr
    exchanges = load(tmp_path / "journal").exchanges
    assert len(exchanges) > 50
    assert {exchange.answer.status for exchange in exchanges if exchange.answer} <= {400, 401, 404, 405, 406, 413, 415}
    assert "give --destructive" in done.stdout


def test_a_server_that_is_not_there_is_said_at_once():
    """Exit code 2, and the reason."""
    done = contract("--base-url", "http://127.0.0.1:1", **ACCOUNT)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be reached" in done.stderr


def test_wrong_credentials_are_said(mock_url):
    """Exit code 2: with credentials that are refused nothing can be judged."""
    done = contract("--base-url", mock_url, "--destructive", INFOBIP_USERNAME="Aladdin", INFOBIP_PASSWORD="wrong")
    assert done.returncode == 2
    assert "does not accept the credentials" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "no base URL"),
        (("--base-url", "http://127.0.0.1:9"), "no credentials"),
        (
            ("--base-url", "https://API.infobip.com.:443/x", "--user", "a", "--password", "b"),
            "the vendor's own platform",
        ),
        (("--base-url", "ftp://127.0.0.1", "--user", "a", "--password", "b"), "no http or https URL"),
        (("--base-url", "http://127.0.0.1:9", "--user", "a"), "a username needs a password"),
        (("judge", "nothing.journal"), "nothing.journal"),
        (("judge",), "judge FILE"),
    ],
)
def test_a_mistake_is_named(arguments, words):
    """Exit code 2, and one sentence that says what to do."""
    done = contract(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
