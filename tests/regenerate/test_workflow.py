"""The reusable workflow, run line by line in a real repository, with a double of `gh`."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from regenerate.conftest import SETTINGS, contract
from regenerate.test_changes import ADDITIVE, BREAKING, VERSION

ROOT = Path(__file__).parents[2]
WORKFLOW = YAML(typ="safe", pure=True).load(ROOT / ".github/workflows/regenerate.yml")
GH = '''\
#!{python}
"""A double of GitHub's command: one file has the pull requests and their comments."""
import json, pathlib, sys
state = pathlib.Path({state!r})
known = json.loads(state.read_text())
words = sys.argv[1:]
options = dict(zip(words, words[1:]))
if words[:2] == ["auth", "setup-git"]:
    pass
elif words[:2] == ["pr", "list"]:
    assert options["--jq"] == ".[0].number // empty"
    print(*[7 for each in known["pulls"] if each["--head"] == options["--head"]])
elif words[:2] == ["pr", "create"]:
    known["pulls"].append(options)
elif words[:2] == ["pr", "edit"]:
    known["pulls"][0]["--title"] = options["--title"]
elif words[0] == "api" and "--field" in words:
    name, _, value = options["--field"].partition("=@")
    assert name == "body"
    last = words[-3].rpartition("/")[2]
    number = int(last) if options["--method"] == "PATCH" else len(known["comments"])
    known["comments"][number:number + 1] = [pathlib.Path(value).read_text()]
    known["asked"].append(options["--method"] + " " + words[-3])
elif words[0] == "api":
    assert words[2] == "repos/somebody/program/issues/7/comments"
    print(*range(len(known["comments"])), sep="\\n")
else:
    sys.exit(f"unknown: {{words}}")
state.write_text(json.dumps(known))
'''


class Runner(NamedTuple):
    """A machine of GitHub: a checkout of the repository, and what the steps have in common."""

    folder: Path
    origin: Path
    address: Path

    @property
    def known(self) -> Any:
        return json.loads((self.folder / "state.json").read_text())

    def git(self, *words: str, cwd: Path | None = None) -> str:
        command = ["git", "-c", "user.name=n", "-c", "user.email=e@example.com", *words]
        return subprocess.run(command, cwd=cwd or self.origin, check=True, capture_output=True, text=True).stdout

    def job(self, name: str, **steps: int) -> dict[str, str]:
        """Run the scripts of a job in a new checkout; each exits as `steps` says, or with 0."""
        temporary = self.folder / "temp"
        checkout = self.folder / f"{name}-{len(list(self.folder.iterdir()))}"
        self.git("clone", "--quiet", str(self.origin), str(checkout), cwd=self.folder)
        output = self.folder / "output"
        output.write_text("")
        inputs = {"contract": str(self.address), "config": "generator.yml", "out": "program/client $(id)",
                  "requirements": "requirements.txt"}  # fmt: skip
        context = {f"inputs.{key}": value for key, value in inputs.items()}
        context |= {"github.token": "t", "github.ref_name": "main"}
        for step in WORKFLOW["jobs"][name]["steps"]:
            if "run" not in step or "pip install" in step["run"]:
                continue
            assert "${{" not in step["run"], "a value of somebody in a script can be a command"
            given = {key: context.get(value.strip("${} "), value) for key, value in step.get("env", {}).items()}
            path = os.pathsep.join((str(self.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]))
            environment = {
                **os.environ, **given, "PATH": path, "RUNNER_TEMP": str(temporary), "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"), "GITHUB_REPOSITORY": "somebody/program",
            }  # fmt: skip
            label = step.get("id") or step["name"].partition(" ")[0].lower()
            if label == "be" and "be" not in steps:
                continue
            done = subprocess.run(
                ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=checkout, env=environment, capture_output=True, text=True,
            )  # fmt: skip
            assert done.returncode == steps.get(label, 0), done.stdout + done.stderr
        return dict(line.split("=") for line in output.read_text().splitlines())


@pytest.fixture
def runner(tmp_path: Path, generated: Path) -> Runner:
    """Return a machine, and a repository on `main` whose client is that of contract 1.0.0."""
    made = Runner(tmp_path, tmp_path / "origin", tmp_path / "orders.json")
    client = made.origin / "program/client $(id)"
    shutil.copytree(generated, client)
    (made.origin / "generator.yml").write_text(SETTINGS)
    made.git("init", "--quiet", "--initial-branch=main")
    made.git("add", ".")
    made.git("commit", "--quiet", "--message", "first")
    (tmp_path / "bin").mkdir()
    (tmp_path / "state.json").write_text(json.dumps({"pulls": [], "comments": [], "asked": []}))
    double = tmp_path / "bin/gh"
    double.write_text(GH.format(python=sys.executable, state=str(tmp_path / "state.json")))
    double.chmod(0o755)
    return made


def new(runner: Runner) -> None:
    shutil.rmtree(runner.folder / "temp", ignore_errors=True)
    (runner.folder / "temp").mkdir()


def test_a_change_is_one_pull_request_with_one_comment(runner):
    """A second change updates both; breaking is said, and makes the run red."""
    runner.address.write_bytes(contract(ADDITIVE, VERSION))
    new(runner)
    assert runner.job("generate") == {"changed": "true", "breaking": "false"}
    runner.job("propose")
    known = runner.known
    assert [(each["--head"], each["--base"]) for each in known["pulls"]] == [("infobip-voice/regenerate", "main")]
    assert known["pulls"][0]["--title"] == "Contract 1.0.0 → 1.1.0"
    [comment] = known["comments"]
    assert comment.startswith("<!-- infobip-voice regenerate -->\n# Contract 1.0.0 → 1.1.0\n")
    assert "## Additive (1)" in comment
    names = runner.git("diff", "--name-only", "main", "infobip-voice/regenerate").splitlines()
    assert names == [f"program/client $(id)/{name}" for name in (
        ".regenerate/contract.yaml", ".regenerate/lock.json", "api/orders/list_orders.py")]  # fmt: skip
    runner.address.write_bytes(contract(BREAKING, ("info/version", "2.0.0")))
    new(runner)
    assert runner.job("generate") == {"changed": "true", "breaking": "true"}
    runner.job("propose", be=1)
    known = runner.known
    assert [each["--title"] for each in known["pulls"]] == ["Contract 1.0.0 → 2.0.0"]
    assert known["asked"] == [
        "POST repos/somebody/program/issues/7/comments",
        "PATCH repos/somebody/program/issues/comments/0",
    ]
    [comment] = known["comments"]
    assert "**this breaks you**" in comment
    assert "## Breaking (1)" in comment
    assert runner.git("log", "--format=%s", "main..infobip-voice/regenerate") == "Contract 1.0.0 → 2.0.0\n"


def test_no_change_proposes_nothing(runner):
    """Then only the summary says so, and the second job is skipped."""
    runner.address.write_bytes(contract())
    new(runner)
    assert runner.job("generate") == {"changed": "false", "breaking": "false"}
    assert "is up to date" in (runner.folder / "summary.md").read_text()
    assert WORKFLOW["jobs"]["propose"]["if"] == "needs.generate.outputs.changed == 'true'"


def test_a_failed_run_fails_the_job(runner):
    """Nothing is proposed from a contract that cannot be read."""
    runner.address.write_bytes(b"<html>")
    new(runner)
    assert runner.job("generate", regenerate=1) == {}


def test_the_job_that_generates_may_write_nothing():
    """Hooks and generators run where the token can only read; what may write runs no such code."""
    jobs = WORKFLOW["jobs"]
    assert WORKFLOW["permissions"] == {}
    assert jobs["generate"]["permissions"] == {"contents": "read"}
    assert jobs["propose"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    scripts = " ".join(shlex.quote(step.get("run", "")) for step in jobs["propose"]["steps"])
    assert not [word for word in ("python", "pip ", "--contract") if word in scripts]
    uses = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    ci = (ROOT / ".github/workflows/release.yml").read_text()
    assert [each for each in uses if each not in ci] == []
