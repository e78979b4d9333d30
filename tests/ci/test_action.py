"""The Action: each step in a shell, with its inputs as GitHub gives them, against servers."""

import json
import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ci.machine import EXPRESSION, read

ROOT = Path(__file__).parents[2]
ACTION = read(ROOT / "action.yml")
STEPS = ACTION["runs"]["steps"]
ACCOUNT = {"INFOBIP_USERNAME": "Aladdin", "INFOBIP_PASSWORD": "open sesame"}
pytestmark = pytest.mark.xdist_group("ci")  # one worker, so that the wheel is built once
KNOWN = '[[deviation]]\nrule = "auth.none"\nreason = "x"\nuntil = 2999-12-31\n'


@pytest.fixture
def runner(machine, tmp_path):
    """Runs the action in a folder of its own; the first step installs the kit once for all."""

    def run(inputs, **variables):
        kit = tmp_path / "voice-contract-kit"
        if machine.kit is not None:
            kit.symlink_to(machine.kit)
        steps = STEPS if machine.kit is None else STEPS[1:]
        done = machine.action({**ACTION, "runs": {"steps": steps}}, inputs, tmp_path, **(variables or ACCOUNT))
        machine.kit = machine.kit or kit
        return done

    return run


def test_it_installs_the_version_and_tests_the_server(runner, mock_url, tmp_path):
    """Green: the reports are there to be kept, the page of the job has a summary."""
    done = runner({"base-url": mock_url})
    assert [each.code for each in done] == [0] * len(done), done
    reports = tmp_path / "voice-contract"
    assert {path.name for path in reports.iterdir()} >= {"journal", "result.json", "junit.xml", "contract.html"}
    assert ElementTree.parse(reports / "junit.xml").getroot().find("testsuite").get("failures") == "0"  # noqa: S314 - ours
    assert (tmp_path / "github_step_summary").read_text().startswith("## Voice contract: ✅")
    assert (tmp_path / "github_output").read_text() == "result=0\n"
    assert json.loads((reports / "result.json").read_text())["totals"]["exchanges"] > 50
    assert "open sesame" not in "".join(path.read_text() for path in reports.iterdir() if path.is_file())


def test_it_gives_the_result_back(runner, mock_url, tmp_path):
    """Nothing can be judged with wrong credentials, and calls are launched only when asked for."""
    done = runner({"base-url": mock_url, "destructive": "true"}, INFOBIP_USERNAME="Aladdin", INFOBIP_PASSWORD="wrong")
    assert done[-1].code == 2
    assert "does not accept the credentials" in done[-1].text
    assert (tmp_path / "github_output").read_text() == "result=2\n"
    assert "does not accept the credentials" in (tmp_path / "voice-contract/junit.xml").read_text()


def test_every_input_reaches_the_command(runner, mock_url, tmp_path):
    """Edition, profile, numbers and baseline; what is no longer broken is told."""
    (tmp_path / "known deviations.toml").write_text(KNOWN)
    inputs = {"edition": "2026", "profile": "full", "numbers": "mock", "baseline": "known deviations.toml"}
    done = runner({"base-url": mock_url, **inputs})
    assert done[-1].code == 0, done
    result = json.loads((tmp_path / "voice-contract/result.json").read_text())
    assert "valid.retry-whole" in {rule["id"] for rule in result["rules"]}
    [told] = [rule["baseline"] for rule in result["rules"] if rule["baseline"]]
    assert told.startswith("no longer deviates")
    journal = (tmp_path / "voice-contract/journal").read_text().partition("\n")[0]
    assert json.loads(journal)["profile"] == "full"
    assert "give --numbers" not in json.dumps(result)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"base-url": "--dial-real-telephones-at-the-vendor"}, "is no http or https URL"),
        ({"base-url": "https://api.infobip.com"}, "the vendor's own platform"),
        ({"base-url": "$(touch owned)`touch owned`;touch owned"}, "is no http or https URL"),
        ({"destructive": "yes"}, "destructive has to be true or false"),
        ({"edition": "2025"}, "invalid choice: '2025'"),
        ({"baseline": "a b\ntouch owned"}, r"a b\ntouch owned"),
    ],
    ids=["option", "vendor", "command", "destructive", "edition", "baseline"],
)
def test_an_input_is_no_command_and_no_option(runner, mock_url, tmp_path, inputs, words):
    """Whatever it says, it is the value of its option, and a mistake is named."""
    done = runner({"base-url": mock_url, **inputs})
    assert done[-1].code == 2
    assert words in done[-1].text
    assert not (tmp_path / "owned").exists()


def test_no_expression_is_in_a_script():
    """Values come as variables: an expression would be pasted into the shell."""
    scripts = [step["run"] for step in STEPS if "run" in step]
    assert len(scripts) == 2
    assert [script for script in scripts if EXPRESSION.search(script)] == []
    named = {name for step in STEPS for name in EXPRESSION.findall(json.dumps(step))}
    assert {f"inputs.{name}" for name in ACTION["inputs"]} <= named | {"inputs.artifact"}


def test_it_installs_the_version_that_it_belongs_to():
    """The default is the version of the package, so that an action's tag and its kit agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    version = project["project"]["version"]
    assert str(ACTION["inputs"]["version"]["default"]) == version
    for path in ("docs/guides/server-in-ci.md", "examples/gateway/requirements.txt"):
        named = re.findall(r"infobip-voice(?:\[[a-z,]+\]==|@v)([0-9.]+[0-9])", (ROOT / path).read_text())
        assert named
        assert set(named) == {version}, path
