"""The gate: the versions that a change needs, the changelog's words, and the command in CI."""

import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract_diff.history import State, present
from contract_diff.release import problems, required
from gates.contract import edited
from infobip_voice_diff.changes import Change

ROOT = Path(__file__).parents[2]
BREAKING, ADDITIVE, DOCUMENTATION = (
    Change(verdict, "Order.note", "it changed", "because", "note")
    for verdict in ("breaking", "additive", "documentation")
)


@pytest.mark.parametrize(
    ("version", "changes", "needed"),
    [
        ("1.2.3", [BREAKING, ADDITIVE], "2.0.0"),
        ("1.2.3", [ADDITIVE, DOCUMENTATION], "1.3.0"),
        ("1.2.3", [DOCUMENTATION], "1.2.4"),
        ("1.2.3", [], "1.2.3"),
        ("0.2.3", [BREAKING], "0.3.0"),
        ("0.2.3", [ADDITIVE], "0.2.4"),
    ],
)
def test_the_lowest_version_that_may_follow(version, changes, needed):
    """Semantic versioning, as CONTRIBUTING.md states it."""
    assert required(version, changes) == needed


def state(version: str, package: str, changelog: str = "") -> State:
    return State(edited(("info/version", version)), package, changelog)


LOG = "## Unreleased\n\n### Contract 1.3.0\n- `note` is new.\n\n### Package 0.2.0\n- `other`\n"


@pytest.mark.parametrize(
    ("version", "package", "changelog", "complaints"),
    [
        ("1.3.0", "0.1.1", LOG, []),
        ("1.4.0", "2.0.0", LOG.replace("1.3", "1.4"), []),
        ("1.2.3", "0.1.1", LOG.replace("1.3.0", "1.2.3"), ["`info.version`"]),
        ("1.3.0", "0.1.0", LOG, ["`version` in pyproject.toml"]),
        ("1.3.0", "0.1.1", "", ["no text under a heading"]),
        ("1.3.0", "0.1.1", LOG.replace("`note`", "`notes`"), ["does not mention `note`"]),
        ("1.3.0", "0.1.1", LOG.replace("`note` is", "It is").replace("other", "note"), ["does not mention `note`"]),
        ("1.2.3", "0.1.0", "", ["`info.version`", "`version` in pyproject.toml", "no text"]),
    ],
)
def test_what_is_missing_is_named(version, package, changelog, complaints):
    """The gate names a version that is too low, and each change that the changelog leaves out."""
    found = list(problems(state("1.2.3", "0.1.0"), state(version, package, changelog), [ADDITIVE]))
    assert [complaint in line for complaint, line in zip(complaints, found, strict=True)] == [True] * len(complaints)


@pytest.mark.parametrize(
    ("changelog", "complaints"),
    [
        (LOG, 1),
        (LOG.replace("is new.\n", "is new.\n\n#### Migration\n- Send `note`.\n"), 0),
        (LOG.replace("is new.\n", "is new.\n\n#### Migration\n- Nothing.\n\n#### More\n- `note`\n"), 1),
        (LOG.replace("`other`", "`other`\n\n#### Migration\n- Send `note`."), 1),
    ],
)
def test_a_default_that_is_removed_needs_a_migration_note(changelog, complaints):
    """The note stands below `#### Migration` in the section of this version of the contract."""
    change = dataclasses.replace(ADDITIVE, migration=True)
    found = list(problems(state("1.2.3", "0.1.0"), state("1.3.0", "0.1.1", changelog), [change]))
    assert ["under `#### Migration` what to do about `note`" in line for line in found] == [True] * complaints


def test_nothing_is_owed_for_no_change():
    """Without a change, neither version has to rise and the changelog needs no entry."""
    assert list(problems(state("1.2.3", "0.1.0"), state("1.2.3", "0.1.0"), [])) == []


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one commit: the contract, and the files that the command reads."""
    for name in ("openapi.yaml", "pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "tools/contract_diff", tmp_path / "tools/contract_diff")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "--quiet", "-m", "first")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S607


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "contract_diff", *arguments]
    environment = {**os.environ, "PYTHONPATH": "tools"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_command_holds_up_an_unversioned_change(checkout):
    """A renamed XML element is breaking: exit 1, and exit 0 once versions and changelog follow."""
    contract = checkout / "openapi.yaml"
    version = str(present().version)
    git(checkout, "tag", f"contract-{version}")
    assert run(checkout).returncode == 0
    replace(contract, "xml: {name: pricePerMessage}", "xml: {name: pricePerSecond}")
    done = run(checkout)
    assert done.returncode == 1, done.stderr
    assert "## Breaking (1)" in done.stdout
    assert "| Price.pricePerSecond | in XML its element is `pricePerSecond`, no longer" in done.stdout
    assert done.stdout.count("✘") == 3
    replace(contract, f"version: {version}", "version: 99.0.0")
    replace(checkout / "pyproject.toml", f'version = "{present().package}"', 'version = "99.0.0"')
    replace(checkout / "CHANGELOG.md", "## ", "## Next\n\n### Contract 99.0.0\n- `pricePerSecond`, in XML.\n\n## ")
    done = run(checkout)
    assert done.returncode == 0, done.stdout + done.stderr


def test_before_the_first_release_it_reports_and_passes(checkout):
    """Without a tag and origin/main there is nobody to break: it says so and exits 0."""
    replace(checkout / "openapi.yaml", "xml: {name: pricePerMessage}", "xml: {name: pricePerSecond}")
    done = run(checkout)
    assert done.returncode == 0
    assert "## Breaking (1)" in done.stdout
    assert "nothing is published yet" in done.stdout


def test_a_base_without_a_contract_passes(checkout):
    """A base from before the contract passes; a base that does not exist is exit 2."""
    unknown = run(checkout, "nowhere")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "There is no commit `nowhere`" in unknown.stderr
    git(checkout, "rm", "--quiet", "--cached", "openapi.yaml")
    git(checkout, "-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "--quiet", "-m", "without")
    done = run(checkout, "HEAD")
    assert done.returncode == 0
    assert "`HEAD` has no contract" in done.stdout
