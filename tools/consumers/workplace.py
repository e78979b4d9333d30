"""The folders and programs that the consumers need, installed from the locked versions."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

__all__ = [
    "CONTRACT", "NODE_MODULES", "PROGRAMS", "PYTHON", "WORK", "Failed", "call", "empty", "install", "locked", "unpack",
]  # fmt: skip

ROOT: Final = Path(__file__).resolve().parents[2]
CONTRACT: Final = ROOT / "openapi.yaml"
HERE: Final = Path(__file__).parent
PROGRAMS: Final = HERE / "programs"
WORK: Final = ROOT / "build" / "consumers"
PYTHON: Final = WORK / ".venv" / "bin" / "python"
NODE_MODULES: Final = WORK / "node_modules"


class Failed(Exception):
    """Says what a program printed before it failed."""


def call(*command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run a program and return what it printed.

    Raises:
        Failed: it failed, takes longer than ten minutes, or is not there.
    """
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd or WORK,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(str(error)) from None
    if done.returncode != 0:
        told = done.stdout[-3000:] + done.stderr[-3000:]
        raise Failed(f"{Path(command[0]).name} ended with {done.returncode}\n{told}")
    return done.stdout


def empty(name: str) -> Path:
    """Return an empty folder for a consumer."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def install() -> None:
    """Install what is locked beside this module: a Python environment and Node packages.

    What is there already is left alone.

    Raises:
        Failed: it cannot be installed.
    """
    WORK.mkdir(parents=True, exist_ok=True)
    requirements = HERE / "requirements.txt"
    _once(
        requirements,
        ("uv", "venv", "--quiet", "--clear", "--python", sys.executable, WORK / ".venv"),
        ("uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "--requirement", requirements),
    )
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, WORK / name)
    _once(HERE / "package-lock.json", ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"))


def locked(package: str) -> str:
    """Return the version of a Python or Node package that is locked beside this module."""
    python = re.search(rf"^{re.escape(package)}==([^ ]+)", (HERE / "requirements.txt").read_text(), re.MULTILINE)
    node: dict[str, str] = json.loads((HERE / "package.json").read_text())["dependencies"]
    return python[1] if python else node[package]


def _once(source: Path, *commands: tuple[str | Path, ...]) -> None:
    """Run commands if a file has changed since they were run."""
    mark = WORK / f".{source.name}"
    content = source.read_bytes()
    if not mark.exists() or mark.read_bytes() != content:
        for command in commands:
            call(*command)
        mark.write_bytes(content)


def unpack(package: str, integrity: str, folder: Path) -> Path:
    """Return the folder of an npm package without those that it depends on: its bundle has them.

    Args:
        package: the name and the version.
        integrity: what its archive has to be, as npm writes it.
        folder: where it goes.

    Raises:
        Failed: it cannot be had, or is another than was locked.
    """
    archive = folder / call("npm", "pack", package, "--silent", cwd=folder).split()[-1]
    kind, _, expected = integrity.partition("-")
    if hashlib.new(kind, archive.read_bytes()).digest() != base64.b64decode(expected):
        raise Failed(f"{package} is not the archive that was locked")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return folder / "package"
