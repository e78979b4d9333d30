"""The options of pytest, as a team uses them: in a folder of its own, in a process of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infobip_voice_contract.items import Outcome, Outcomes, once
from infobip_voice_contract.rules import RULES

# Refuses every request: in JSON alone, which breaks a rule; without WWW-Authenticate, which warns.
GATEWAY = """
import json
from pathlib import Path

LOG = Path(__file__).with_name("log")
REFUSAL = {"requestError": {"serviceException": {"messageId": "UNAUTHORIZED", "text": "::error::no"}}}


def note(line):
    with LOG.open("a") as file:
        file.write(line + "\\n")


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while (message := await receive())["type"] != "lifespan.shutdown":
            note("start")
            await send({"type": "lifespan.startup.complete"})
        note("stop")
        return await send({"type": "lifespan.shutdown.complete"})
    note(scope["method"] + " " + scope["path"])
    await send({"type": "http.response.start", "status": 401, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(REFUSAL).encode()})


def create_app():
    return app
"""
OWN = "def test_own():\n    pass\n"
KNOWN = '[[deviation]]\nrule = "form.refusal"\nreason = "XML comes in March"\nuntil = 2999-12-31\n'
ACCOUNT = {"INFOBIP_USERNAME": "Aladdin", "INFOBIP_PASSWORD": "open sesame"}


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A team's repository: an application, a test of its own, and its configuration."""
    (tmp_path / "gateway.py").write_text(GATEWAY)
    (tmp_path / "test_own.py").write_text(OWN)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def run(team: Path, *words: str, environment: dict[str, str] = ACCOUNT) -> tuple[int, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("INFOBIP", "PYTEST"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:schemathesis", *words]
    done = subprocess.run(
        command, cwd=team, env={**clean, "COLUMNS": "200", **environment}, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def tried(team: Path, *words: str, **environment: dict[str, str]) -> tuple[int, str]:
    return run(team, "-q", "--contract-app", "gateway:create_app", *words, **environment)


def log(team: Path) -> list[str]:
    path = team / "log"
    return path.read_text().splitlines() if path.exists() else []


def test_an_item_for_each_rule(team):
    """Passed, failed, warned and skipped; the team's own test runs as always."""
    code, text = tried(team, "-rs")
    assert code == 1
    counted = {word: int(number) for number, word in re.findall("([0-9]+) (failed|passed|skipped|warnings)", text)}
    assert counted["failed"] == 1
    rules = [rule for rule in RULES if "seeds" in rule.editions]
    assert sum(counted.values()) - counted["warnings"] == len(rules) + 1
    assert counted["passed"] > 20
    assert "ContractWarning: there is no WWW-Authenticate" in text
    assert "it launches or consumes; give --destructive" in text


def test_a_failure_shows_the_finding_and_the_script(team):
    """The sentence, the problem, the exchange, curl calls; no traceback, and no command of CI."""
    _, text = tried(team)
    shown = text.partition("FAILURES")[2].partition("warnings summary")[0]
    assert "form.refusal: A refusal has the form that was asked for." in shown
    assert "✗ the answer is json, not xml\nsource: platform-2026\n" in shown
    assert ': "${BASE_URL:?the address of the server}"' in shown
    assert "curl -sS -i" in shown
    assert "::error::no" in shown
    assert [line for line in shown.splitlines() if line.strip().startswith("::")] == []
    assert "Traceback" not in text
    assert "suite.py" not in shown
    assert "FAILED contract::form.refusal - Failed: ✗ the answer is json, not xml" in text


def test_without_consent_nothing_is_launched(team):
    """Every request is one that has to be refused; the application is started and stopped once."""
    (team / "gateway.py").write_text(
        "from infobip_voice_mock import create_app as new\nstatuses = open('statuses', 'a')\n"
        "def create_app():\n    inner = new()\n    async def app(scope, receive, send):\n"
        "        async def tell(message):\n"
        "            if message['type'] == 'http.response.start': print(message['status'], file=statuses, flush=True)\n"
        "            await send(message)\n"
        "        await inner(scope, receive, tell)\n    return app\n"
    )
    code, text = tried(team)
    assert code == 0, text
    statuses = (team / "statuses").read_text().split()
    assert len(statuses) > 50
    assert {status[0] for status in statuses} == {"4"}


@pytest.mark.parametrize("spread", [("-n", "2"), ("-n", "2", "--dist", "each"), ("-n", "2", "--dist", "loadscope")])
def test_workers_share_one_run(team, spread):
    """However xdist spreads the items, the server is tested once, and nothing is left behind."""
    assert tried(team)[0] == 1
    alone = log(team)
    (team / "log").unlink()
    code, text = tried(team, *spread, environment={**ACCOUNT, "TMPDIR": str(team)})
    assert code == 1
    assert "1 failed" in text or ("each" in spread and "2 failed" in text)
    assert "✗ the answer is json, not xml" in text
    assert sorted(log(team)) == sorted(alone)
    assert (alone.count("start"), alone.count("stop")) == (1, 1)
    assert list(team.glob("infobip-voice-contract-*")) == []


def test_a_worker_that_died_is_not_replaced(tmp_path):
    """Its run may have launched calls, so that nobody begins another."""
    (tmp_path / "begun").touch()
    assert "died" in once(tmp_path, lambda: pytest.fail("nobody runs")).complaint
    (tmp_path / "begun").unlink()
    outcomes = Outcomes("", {"auth.none": Outcome("fail", "é", "text")})
    assert once(tmp_path, lambda: outcomes) == outcomes
    assert once(tmp_path, lambda: pytest.fail("nobody runs")) == outcomes


def test_what_is_listed_is_not_run(team):
    """`--co` shows the rules, and `-k` chooses by rule or group; neither asks the server."""
    code, text = tried(team, "--co", "-k", "once")
    assert code == 0
    assert "contract::once.never-twice" in text
    assert "contract::auth.none" not in text
    assert log(team) == []
    code, text = tried(team, "-k", "test_own")
    assert (code, log(team)) == (0, [])
    code, text = tried(team, "-k", "clamp", "--co")
    assert text.count("contract::clamp.") == 13


def test_one_rule_is_run_by_its_name(team):
    """As the last lines of a report name it, also beside a file; but not one that is not there."""
    code, text = tried(team, "contract::form.refusal")
    assert (code, "1 failed in" in text) == (1, True)
    code, text = tried(team, "contract::auth.none", "test_own.py")
    assert (code, "2 passed" in text) == (0, True)
    code, text = tried(team, "contract::auth.non")
    assert code == 4
    assert "the contract has no rule auth.non; do you mean auth.none?" in text


def test_the_first_failure_ends_it(team):
    """`-x` is as always."""
    code, text = tried(team, "-x")
    assert code == 1
    assert "stopping after 1 failures" in text


@pytest.mark.parametrize("place", ["option", "configuration"])
def test_a_known_deviation_is_an_expected_failure(team, place):
    """With its reason; the path is beside where pytest began, or beside the configuration."""
    inner = team / "inner"
    inner.mkdir()
    (team / "baseline.toml").write_text(KNOWN)
    words: tuple[str, ...] = ("--contract-baseline", "../baseline.toml")
    if place == "configuration":
        (team / "pytest.ini").write_text("[pytest]\ncontract_baseline = baseline.toml\n")
        words = ()
    (inner / "gateway.py").write_text(GATEWAY)
    code, text = tried(inner, *words, "-rx", "--rootdir", str(team), "-c", str(team / "pytest.ini"))
    assert code == 0, text
    assert "1 xfailed" in text
    assert "XFAIL ../contract::form.refusal - known: XML comes in March (until 2999-12-31)" in text
    code, text = tried(inner, *words, "--runxfail", "-c", str(team / "pytest.ini"), "../contract::form.refusal")
    assert (code, "✗ the answer is json, not xml" in text) == (1, True)


def test_an_expired_deviation_fails_and_a_mended_one_is_told(team):
    """The one as a failure, the other as an unexpected pass, which does not fail."""
    mended = KNOWN.replace("form.refusal", "auth.none")
    (team / "baseline.toml").write_text(KNOWN.replace("2999", "2020") + mended)
    (team / "pytest.ini").write_text("[pytest]\nxfail_strict = true\n")
    code, text = tried(team, "-rX", "--contract-baseline", "baseline.toml")
    assert code == 1
    assert "the baseline accepted it no longer than that: XML comes in March (until 2020-12-31)" in text
    assert "1 failed" in text
    assert "XPASS contract::auth.none - no longer deviates; the baseline still has it: XML comes in March" in text


def test_who_makes_errors_of_warnings_gets_failures(team):
    """Then a warning of the contract is one, too, with all that shows it."""
    code, text = tried(team, "-W", "error", "contract::auth.challenge")
    assert code == 1
    assert "✗ there is no WWW-Authenticate" in text
    assert "curl -sS -i" in text
    assert "Traceback" not in text
    ignored = ("-W", "error", "-W", "ignore::infobip_voice_contract.pytest_plugin.ContractWarning")
    assert tried(team, *ignored, "contract::auth.challenge")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--contract-app", "a:b", "--contract-base-url", "http://127.0.0.1:9"), "exclude each other"),
        (("--contract-base-url", "https://api.infobip.com"), "the vendor's own platform"),
        (("--contract-base-url", "ftp://x"), "no http or https URL"),
        (("--contract-app", "a:b", "--contract-edition", "2025"), "the contract has no edition 2025; do you mean 2026?"),
        (("--contract-app", "a:b", "--contract-profile", "all"), "no profile all; there are quick, full"),
        (("--contract-app", "a:b", "--contract-baseline", "gone.toml"), "gone.toml"),
        (("--contract-app", "a:b", "--contract-baseline", "bare.toml"), "say why in `reason`, for form.refusal"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_named_before_anything_runs(team, words, said):
    """As pytest's own are: exit code 4, and no test runs."""
    (team / "bare.toml").write_text(KNOWN.replace("XML comes in March", ""))
    code, text = run(team, *words)
    assert code == 4
    assert said in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        (("--contract-base-url", "http://127.0.0.1:1"), ACCOUNT, "http://127.0.0.1:1 cannot be reached"),
        (("--contract-app", "gateway:create_app"), {}, "no credentials: set INFOBIP_USERNAME"),
        (("--contract-app", "gateway"), ACCOUNT, "gateway has to be module:factory"),
        (("--contract-app", "gatewy:create_app"), ACCOUNT, "there is no module gatewy, of gatewy:create_app"),
        (("--contract-app", "gateway:create"), ACCOUNT, "gateway has no create"),
        (("--contract-app", "gateway:create_app", "--contract-destructive"), ACCOUNT, "does not accept the credentials"),
        (("--contract-app", "gateway:create_app", "--contract-numbers", "gone.json"), ACCOUNT, "gone.json"),
    ],
)  # fmt: skip
def test_a_run_that_fails_is_no_green_suite(team, words, environment, said):
    """One item says why, the others are skipped, whatever -k chose."""
    code, text = run(team, "-q", *words, "-k", "auth", environment=environment)
    assert code == 1
    assert said in text
    assert "9 skipped, 1 error" in re.sub(", [0-9]+ deselected", "", text)
    assert "Traceback" not in text


def test_an_application_that_fails_is_tried_once(team):
    """The first item shows the error of the team's own module; the others begin no other run."""
    (team / "gateway.py").write_text(
        "with open('log', 'a') as log:\n    log.write('import\\n')\nimport nowhere_to_be_found\n"
    )
    code, text = tried(team, "-k", "auth")
    assert code == 1
    assert "ModuleNotFoundError: No module named 'nowhere_to_be_found'" in text
    assert "9 skipped" in text
    assert "1 error" in text
    assert log(team) == ["import"]


def test_a_journal_is_kept(team):
    """So that `contract judge` makes its pages of it."""
    tried(team, "--contract-journal", "run.journal")
    lines = [json.loads(line) for line in (team / "run.journal").read_text().splitlines()]
    assert lines[0]["base_url"] == "asgi://gateway:create_app"
    assert len(lines) > 50


def test_the_edition_of_the_configuration_counts(team):
    """An edition has rules of its own."""
    (team / "pytest.ini").write_text("[pytest]\ncontract_edition = 2026\n")
    assert "contract::valid.retry-whole" in tried(team, "--co")[1]
    assert "contract::valid.retry-whole" not in tried(team, "--co", "--contract-edition", "seeds")[1]


def test_it_costs_nothing_without_the_options(team):
    """A plain run loads one small module of the kit, and nothing that is optional."""
    (team / "test_own.py").write_text(
        "import sys\ndef test_own():\n    loaded = {name for name in sys.modules if name.startswith('infobip_voice_contract')}\n"
        "    assert loaded == {'infobip_voice_contract', 'infobip_voice_contract.pytest_plugin'}\n"
        "    assert not {'h11', 'jinja2', 'jsonschema_rs', 'schemathesis', 'lxml', 'rich'} & set(sys.modules)\n"
    )
    code, text = run(team, "-q")
    assert (code, "1 passed" in text) == (0, True), text


def test_what_is_missing_is_named(team):
    """Without the extra `contract` the options say what to install."""
    (team / "conftest.py").write_text("import sys\nsys.modules['jsonschema_rs'] = None\n")
    code, text = tried(team)
    assert code == 4
    assert "the contract needs jsonschema_rs: pip install 'infobip-voice[contract]'" in text
