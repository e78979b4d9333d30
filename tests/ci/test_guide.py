"""The guide "Your server in CI": each line of its configurations runs, on a free port."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ci.machine import EXPRESSION, read
from infobip_voice_contract.baseline import load
from infobip_voice_mock import running_mock

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/guides/server-in-ci.md").read_text(encoding="utf-8")
GITHUB, GITLAB = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL))
pytestmark = pytest.mark.xdist_group("ci")  # one worker, so that the wheel is built once
PASSWORD = "a password: $HOME"


@pytest.fixture
def port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def at(port: str, text: str) -> str:
    """A text of the guide with another port, and the secret that the system would fill in."""
    return EXPRESSION.sub(PASSWORD, str(text).replace("9000", port))


def killed(script: str) -> str:
    """A script that ends what it has started in the background."""
    return f"trap 'kill $(jobs -p)' EXIT\n{script}"


CONSOLE = re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize(
    "block", [block for block in CONSOLE if block.startswith("infobip")], ids=["run", "judge", "baseline"]
)
def test_the_shell(block, mock_url, tmp_path):
    """Each line, with the variables that the guide speaks of; what it writes is there."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    account = {"INFOBIP_BASE_URL": mock_url, "INFOBIP_USERNAME": "Aladdin", "INFOBIP_PASSWORD": "open sesame"}
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", block],
        cwd=tmp_path,
        env={**os.environ, **account, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for name in re.findall(r"--(?:journal|junit|html|summary|baseline) (\S+)", block):
        assert (tmp_path / name).stat().st_size > 200, name


def test_pytest(tmp_path):
    """Each line, with an application in place of the gateway: the rules of a mock hold."""
    [block] = [block for block in CONSOLE if block.startswith("pytest")]
    (tmp_path / "gateway.py").write_text("from infobip_voice_mock import create_app\n")
    with running_mock() as mock:
        environment = {
            **os.environ,
            "INFOBIP_USERNAME": mock.username,
            "INFOBIP_PASSWORD": mock.credentials["password"],
        }
        for line, account in zip(block.splitlines(), (mock.username, "Aladdin", "Aladdin"), strict=True):
            words = [*line.replace("http://127.0.0.1:9000", mock.base_url).split()[1:], "-p", "no:cacheprovider"]
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *words],
                cwd=tmp_path,
                env={**environment, "INFOBIP_USERNAME": account},
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            assert re.search(r"\b1 passed|1[0-9]{2} passed", done.stdout)


def test_github(machine, port, tmp_path):
    """The steps of the job, and those of the action with the inputs that the guide gives it."""
    [job] = GITHUB["jobs"].values()
    start, use = job["steps"]
    variables = {name: at(port, value) for name, value in job["env"].items()}
    inputs = {
        name: str(value).lower() if isinstance(value, bool) else at(port, value) for name, value in use["with"].items()
    }
    assert use["uses"].partition("@")[0] == "OWNER/infobip-voice"
    # Steps share a machine, and what one has started; here that is one shell.
    action = read(ROOT / "action.yml")
    variables |= {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "out"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "page"),
    }
    scripts = [at(port, start["run"])]
    defaults = {name: str(value.get("default", "")) for name, value in action["inputs"].items()}
    known = {f"inputs.{name}": value for name, value in {**defaults, **inputs}.items()}
    for step in action["runs"]["steps"]:
        if "run" in step:
            variables |= {
                name: EXPRESSION.sub(lambda match: known[match[1]], text) for name, text in step["env"].items()
            }
            scripts.append(f"(\n{step['run']}\n)")
    done = machine.run(killed("\n".join(scripts)), tmp_path, **variables)
    assert done.code == 0, done.text
    assert "All rules that could be observed hold." in done.text
    assert PASSWORD not in "".join(
        path.read_text() for path in (tmp_path / "voice-contract").iterdir() if path.is_file()
    )
    assert (tmp_path / "page").read_text().startswith("## Voice contract: ✅")


def test_gitlab(machine, port, tmp_path):
    """The script, in one shell as GitLab runs it; what it keeps is there."""
    job = GITLAB["contract"]
    variables = {name: at(port, value) for name, value in job["variables"].items()}
    script = killed("\n".join(at(port, line) for line in job["script"]))
    done = machine.run(script, tmp_path, INFOBIP_PASSWORD=PASSWORD, **variables)
    assert done.code == 0, done.text
    for kept in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]):
        assert (tmp_path / kept).stat().st_size > 1000


def test_the_deviation_that_it_shows(tmp_path):
    """Is one that the command reads."""
    [shown] = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "baseline.toml").write_text(shown)
    [deviation] = load(tmp_path / "baseline.toml").deviations
    assert (deviation.rule, deviation.where) == ("push.arrives", ("ivr json", "ctc json"))


def test_it_knows_every_option():
    """Of the result, of pytest, and of the action."""
    plugin = (ROOT / "overlays/infobip_voice_contract/pytest_plugin.py").read_text()
    named = {f"--contract-{name}" for name in ("edition", "profile", "baseline", "numbers")}
    options = set(re.findall('"(--contract-[a-z-]+)"', plugin)) | named
    assert len(options) == 9
    assert options == set(re.findall(r"^\| `(--contract-[a-z-]+)", GUIDE, re.MULTILINE))
    inputs = set(read(ROOT / "action.yml")["inputs"])
    [sentence] = re.findall(r"Its inputs are (.*?)\. Start", GUIDE, re.DOTALL)
    assert inputs == set(re.findall("`([a-z-]+)`", sentence))
