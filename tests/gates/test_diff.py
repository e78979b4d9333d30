"""Which versions a change needs, what the changelog has to say, and the command in CI."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import diff
from changes import Change
from gates.contract import edited
from history import State, present

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
    """Versions follow semantic versioning, as CONTRIBUTING.md states it."""
    assert diff.required(version, changes) == needed


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
    """It names both versions, and each breaking or additive change the changelog leaves out."""
    found = list(diff.problems(state("1.2.3", "0.1.0"), state(version, package, changelog), [ADDITIVE]))
    assert [complaint in line for complaint, line in zip(complaints, found, strict=True)] == [True] * len(complaints)


def test_nothing_is_owed_for_no_change():
    """Without a change neither a version nor a word is asked for."""
    assert list(diff.problems(state("1.2.3", "0.1.0"), state("1.2.3", "0.1.0"), [])) == []


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a repository with one commit: the contract, and what the command needs."""
    for name in ("openapi.yaml", "pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "tools").mkdir()
    for path in (ROOT / "tools").glob("*.py"):
        shutil.copy(path, tmp_path / "tools")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "--quiet", "-m", "first")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S607


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, folder / "tools/diff.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_command_holds_up_an_unversioned_change(checkout):
    """A renamed XML element breaks: exit 1; with both versions and an entry, exit 0."""
    contract = checkout / "openapi.yaml"
    version = str(present().version)
    git(checkout, "tag", f"contract-{version}")
    assert run(checkout).returncode == 0
    replace(contract, "xml: {name: pricePerMessage}", "xml: {name: pricePerSecond}")
    done = run(checkout)
    assert done.returncode == 1, done.stderr
    assert "## Breaking (1)" in done.stdout
    assert "| VoiceReport.price.pricePerSecond | in XML its element is `pricePerSecond`, no longer" in done.stdout
    assert done.stdout.count("✘") == 3
    replace(contract, f"version: {version}", "version: 99.0.0")
    replace(checkout / "pyproject.toml", f'version = "{present().package}"', 'version = "99.0.0"')
    replace(checkout / "CHANGELOG.md", "## ", "## Next\n\n### Contract 99.0.0\n- `pricePerSecond`, in XML.\n\n## ")
    done = run(checkout)
    assert done.returncode == 0, done.stdout + done.stderr


def test_before_the_first_release_it_reports_and_passes(checkout):
    """Without a tag and origin/main there is nobody to break, and the command says so."""
    replace(checkout / "openapi.yaml", "xml: {name: pricePerMessage}", "xml: {name: pricePerSecond}")
    done = run(checkout)
    assert done.returncode == 0
    assert "## Breaking (1)" in done.stdout
    assert "nothing is published yet" in done.stdout


def test_a_base_without_a_contract_passes(checkout):
    """A commit from before the contract passes; a ref that does not exist is an error."""
    unknown = run(checkout, "nowhere")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "There is no commit `nowhere`" in unknown.stderr
    git(checkout, "rm", "--quiet", "--cached", "openapi.yaml")
    git(checkout, "-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "--quiet", "-m", "without")
    done = run(checkout, "HEAD")
    assert done.returncode == 0
    assert "`HEAD` has no contract" in done.stdout
