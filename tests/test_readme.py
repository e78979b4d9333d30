"""What the README says is true."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from infobip_voice_mock.outcomes import BY_PREFIX

ROOT = Path(__file__).parents[1]
README = ROOT.joinpath("README.md").read_text(encoding="utf-8")
INSTALL, JUDGE = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
TEN_LINES = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)[0]


def test_the_table_of_outcomes_is_the_mocks():
    """Each row of the table equals the mock's own data."""
    rows = [f"| `{prefix}` | {outcome.name} |" for prefix, outcome in BY_PREFIX.items()]
    assert "\n".join(rows) in README


def test_what_it_installs_runs_the_ten_lines(tmp_path):
    """In a new environment, in which pip finds the wheel, and of the others what it requires."""
    index, found, home = tmp_path / "index", tmp_path / "found", tmp_path / "venv"
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(index), str(ROOT)]
    # The generated code is committed; regenerating it is the business of other tests.
    ran(build, {**os.environ, "HATCH_BUILD_NO_HOOKS": "true"}, tmp_path)
    venv.create(home, with_pip=True)
    found.mkdir()
    site = Path(sysconfig.get_path("purelib"))
    for name in needed("infobip-voice", {"mock"}) - {"infobip-voice"}:
        for top in {path.parts[0] for path in distribution(name).files or ()} - {"..", "__pycache__"}:
            (found / top).symlink_to(site / top)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "INFOBIP_"))},
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(found),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(index),
    }
    ran(shell(INSTALL), environment, tmp_path)
    assert ran(["python", "-c", TEN_LINES], environment, tmp_path).startswith("Launch(bulk_id=")


def test_the_lines_that_judge_a_server_run(tmp_path):
    """With a mock in the server's place, and its credentials where the dots are."""
    command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    block = JUDGE.replace("…", "Aladdin", 1).replace("…", "'open sesame'", 1)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as mock:
        try:
            block = block.replace("http://127.0.0.1:9000", json.loads(mock.stdout.readline())["base_url"])
            printed = ran(shell(block), {**os.environ, "PATH": path}, tmp_path)
        finally:
            mock.terminate()
    assert printed.endswith("All rules that could be observed hold.\n")


def needed(name: str, extras: set[str]) -> set[str]:
    """Return a distribution and all that it requires, with these extras."""
    found = {name}
    for text in distribution(name).requires or ():
        wanted = Requirement(text)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            found |= needed(wanted.name, wanted.extras)
    return found


def shell(block: str) -> list[str]:
    return ["/bin/bash", "-euo", "pipefail", "-c", block]


def ran(command: list[str], environment: dict[str, str], folder: Path) -> str:
    """Run a command, which has to succeed and to warn of nothing, and return what it prints."""
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return done.stdout
