"""Runs the steps of a CI system: shells, variables, and the files that GitHub gives a step."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

__all__ = ["Done", "Machine", "read"]

EXPRESSION = re.compile(r"\$\{\{ *(.*?) *\}\}")


class Done(NamedTuple):
    """What a step did."""

    code: int
    text: str


def read(path: Path) -> Any:
    """Return a YAML document."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class Machine:
    """A machine on which nothing of ours is installed; pip finds the wheel."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kit: Path | None = None  # where the action has installed it

    def run(self, script: str, folder: Path, **variables: str) -> Done:
        """Run a script as GitHub runs `shell: bash`."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("INFOBIP", "PYTEST", "PIP"))}
        environment = {
            **clean,
            "PATH": f"{self.folder / 'venv/bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(self.folder / "others"),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.folder / "index"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            **variables,
        }
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280)
        return Done(done.returncode, done.stdout + done.stderr)

    def action(self, document: Any, inputs: Mapping[str, str], folder: Path, **variables: str) -> list[Done]:
        """Run the `run` steps of a composite action, one after the other, until one fails."""
        defaults = {name: str(value.get("default", "")) for name, value in document["inputs"].items()}
        assert inputs.keys() <= defaults.keys()
        known = {f"inputs.{name}": value for name, value in {**defaults, **inputs}.items()}
        files = {name: str(folder / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            Path(path).touch()
        found: list[Done] = []
        for step in document["runs"]["steps"]:
            if "run" in step:
                filled = {
                    name: EXPRESSION.sub(lambda match: known[match[1]], text) for name, text in step["env"].items()
                }
                done = self.run(step["run"], folder, RUNNER_TEMP=str(folder), **files, **variables, **filled)
                found.append(done)
                if done.code:
                    break
        return found
