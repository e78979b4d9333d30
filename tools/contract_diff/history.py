"""The contract, the package and the changelog in the work tree and at git refs."""

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any, Final, NamedTuple

from ruamel.yaml import YAML

__all__ = ["ROOT", "State", "committed", "git", "present"]

ROOT: Final = Path(__file__).resolve().parents[2]


class State(NamedTuple):
    """The contract, the version of the package and the changelog at one moment."""

    contract: dict[str, Any]
    package: str
    changelog: str

    @property
    def version(self) -> str:
        """Return the version of the contract."""
        return str(self.contract["info"]["version"])


def present() -> State:
    """Return the state of the work tree."""
    contract, project, changelog = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("openapi.yaml", "pyproject.toml", "CHANGELOG.md")
    )
    return _state(contract, project, changelog)


def committed(ref: str) -> State | None:
    """Return the state at a ref, without its changelog; None if no contract is there."""
    contract, project = (git("show", f"{ref}:{name}") for name in ("openapi.yaml", "pyproject.toml"))
    return _state(contract, project, "") if contract and project else None


def git(*arguments: str) -> str:
    """Return what git prints; the empty string if it fails, as it does without a repository."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)  # noqa: S607
    return done.stdout if done.returncode == 0 else ""


def _state(contract: str, project: str, changelog: str) -> State:
    # Through JSON, an alias of YAML becomes a copy: what is changed in one place stays there.
    document: dict[str, Any] = json.loads(json.dumps(YAML(typ="safe", pure=True).load(contract)))
    return State(document, str(tomllib.loads(project)["project"]["version"]), changelog)
