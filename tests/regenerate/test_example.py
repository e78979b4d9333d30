"""The example of `examples/consumer` does what its README says, without any other machine."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from regenerate.conftest import Page

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/consumer"
README = (EXAMPLE / "README.md").read_text(encoding="utf-8")
ADDRESS = "https://voice.example.com"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the example, without what a run of it may have left."""
    ignored = shutil.ignore_patterns("__pycache__", "voice_client", ".*cache")
    return Path(shutil.copytree(EXAMPLE, tmp_path / "consumer", ignore=ignored))


def lines(server_url: str) -> list[str]:
    """Return the commands of the README after the installation, with our server in them."""
    [block] = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    install, *rest = block.replace("\\\n", "").splitlines()
    assert install == "pip install -r requirements.txt"
    return [line.replace(ADDRESS, server_url) for line in rest]


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    return subprocess.run(["/bin/sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True)


def test_the_readme_runs(checkout, serve):
    """The client is generated, the overlay's tests pass; a change that breaks stops it."""
    server = serve()
    published = (ROOT / "openapi.yaml").read_bytes()
    server.pages["/openapi.yaml"] = Page(published)
    regenerate, test = lines(server.url)
    done = shell(regenerate, checkout)
    assert done.returncode == 0, done.stderr
    done = shell(test, checkout)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
    client = {path: path.read_bytes() for path in (checkout / "reminders/voice_client").rglob("*.py")}
    assert published.count(b"required: [scenarioId, destinations]") == 1
    changed = published.replace(b"required: [scenarioId, destinations]", b"required: [scenarioId, destinations, from]")
    server.pages["/openapi.yaml"] = Page(changed)
    done = shell(regenerate, checkout)
    assert done.returncode == 1
    assert "**This breaks you.**" in done.stdout
    assert "| IvrMessage.from | now required | a request that was accepted can now be refused |" in done.stdout
    assert {path: path.read_bytes() for path in client} == client
    assert len(server.asked) == 2


def test_it_pins_the_generator_that_we_use():
    """Its requirements name our version, so that its client is one that we have seen."""
    ours = re.findall(r"openapi-python-client==[\d.]+", (ROOT / "pyproject.toml").read_text())
    assert re.findall(r"openapi-python-client==[\d.]+", (EXAMPLE / "requirements.txt").read_text()) == ours[:1]
    assert len(README.splitlines()) <= 22
