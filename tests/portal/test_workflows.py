"""The workflows run against the mock, and the kit says what Arazzo cannot."""

import json
import os
import re
import shlex
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from infobip_voice_cli import main
from infobip_voice_mock import running_mock
from infobip_voice_mock.receiver import Receiver
from infobip_voice_mock.running import VoiceMock

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/guides/workflows.md").read_text(encoding="utf-8")
ARAZZO = YAML(typ="safe", pure=True).load(ROOT / "workflows.arazzo.yaml")
REPORTED = ("launchAndReport", "clickToCallAndReport")
Respect = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def mock() -> Iterator[VoiceMock]:
    with running_mock() as started:
        yield started


def commands() -> list[list[str]]:
    """Return the words of each command of the guide that runs workflows."""
    text = "".join(re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)).replace("\\\n", " ")
    return [shlex.split(line) for line in text.splitlines() if " respect " in line]


@pytest.fixture
def respect(mock: VoiceMock, tmp_path: Path) -> Respect:
    """Return what runs a command of the guide, with the locked version, against our mock."""
    with zipfile.ZipFile(ROOT / "site/latest.zip") as archive:
        archive.extractall(tmp_path)
    variables = dict(re.findall(r"(REDOCLY_\w+)=(\w+)", GUIDE))
    assert variables == {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}

    def run(words: list[str], *more: str) -> subprocess.CompletedProcess[str]:
        found = [word.replace("http://127.0.0.1:8080", mock.base_url) for word in words]
        assert found[:2] == ["npx", "@redocly/cli@" + json.loads((ROOT / "tools/package.json").read_text())
                             ["dependencies"]["@redocly/cli"]]  # fmt: skip
        command = [ROOT / "tools/node_modules/.bin/redocly", *found[2:], *more]
        return subprocess.run(command, cwd=tmp_path, env={**os.environ, **variables}, capture_output=True, text=True)

    return run


def verdicts(har: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    capsys.readouterr()
    code = main(["contract", "judge", str(har), "--json", "-", "--quiet"])
    return code, {rule["id"]: rule["verdict"] for rule in json.loads(capsys.readouterr().out)["rules"]}


def test_from_a_launch_to_its_report(respect, tmp_path, capsys):
    """Both kinds of call; the recording shows that the report came once, and then an empty page."""
    done = respect(commands()[0])
    assert done.returncode == 0, done.stdout
    assert "Workflows: 2 passed, 2 total" in done.stdout
    code, found = verdicts(tmp_path / "run.har", capsys)
    assert code == 0
    assert {found["once.never-twice"], found["once.empty"], found["ctc.report"]} == {"pass"}
    assert "fail" not in found.values()
    assert "warn" not in found.values()


def test_what_arazzo_cannot_see_is_seen_in_the_recording(respect, tmp_path, capsys):
    """A report that comes a second time passes the workflow, and not the kit."""
    assert respect(commands()[0]).returncode == 0
    har = json.loads((tmp_path / "run.har").read_text())
    answers = [entry["response"] for entry in har["log"]["entries"] if "/tts/3/reports" in entry["request"]["url"]]
    assert len(answers) == 4
    answers[1]["content"] = answers[0]["content"]
    (tmp_path / "twice.har").write_text(json.dumps(har))
    code, found = verdicts(tmp_path / "twice.har", capsys)
    assert (code, found["once.never-twice"]) == (1, "fail")


def test_from_a_launch_to_its_push(respect):
    """The receiver of the guide's command gets the report, with what the launch said."""
    receiver = Receiver()
    try:
        words = [word.replace("http://127.0.0.1:9000/reports", receiver.url) for word in commands()[1]]
        done = respect(words)
        assert done.returncode == 0, done.stdout
        assert json.loads(receiver.next().body)["results"][0]["callbackData"] == "from the workflow"
    finally:
        receiver.close()


def test_a_workflow_can_fail(respect):
    """With a wrong password the launch is refused, and the run is red; nothing is repeated."""
    done = respect(commands()[0], "--input", '{"username": "Aladdin", "password": "wrong"}')
    assert done.returncode == 1
    assert "Workflows: 2 failed, 2 total" in done.stdout
    assert "Retrying" not in done.stdout


def test_the_file_repeats_no_launch_and_names_no_telephone():
    """Launches have no `onFailure`; every number that is dialled is one of no country."""
    launches = [step for workflow in ARAZZO["workflows"] for step in workflow["steps"] if "requestBody" in step]
    assert len(launches) == len(ARAZZO["workflows"]) == 3
    for step in launches:
        assert "onFailure" not in step
        [message] = step["requestBody"]["payload"]["messages"]
        dialled = [each["to"] for each in message.get("destinations", ())]
        dialled += [message[name] for name in ("destinationA", "destinationB") if name in message]
        assert dialled
        assert all(number.startswith("999") for number in dialled)


def test_the_guide_names_every_workflow_and_real_rules(capsys):
    """Its tables are those of the file and of the kit; the version is that of the contract."""
    from infobip_voice_contract.rules import RULES

    assert re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE) == [each["workflowId"] for each in ARAZZO["workflows"]]
    named = set(re.findall(r"`(once\.[a-z-]+)`", GUIDE))
    assert len(named) == 3
    assert named <= {rule.id for rule in RULES}
    contract = YAML(typ="safe", pure=True).load(ROOT / "openapi.yaml")
    assert ARAZZO["info"]["version"] == contract["info"]["version"]
