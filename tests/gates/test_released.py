"""What was released stays as it was: the portal refuses to publish anything else."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from contract_diff.history import State
from portal import versions
from portal.pages import Site

OLD = {"openapi.yaml": "old: 1\n", "postman.json": '{"made": "by an older program"}\n'}
NEW = {"openapi.yaml": "new: 1\n", "postman.json": "{}\n"}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which contract 1.0.0 is released, with its archive."""
    folder = tmp_path / "docs/versions"
    folder.mkdir(parents=True)
    (tmp_path / "openapi.yaml").write_text(OLD["openapi.yaml"])
    (folder / "2026-01-31-1.0.0.zip").write_bytes(versions.archive(OLD))

    def git(*arguments: str) -> str:
        words = ["git", "-c", "user.name=n", "-c", "user.email=e@example.com", *arguments]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True).stdout

    git("init", "--quiet", "--initial-branch=main")
    git("add", ".")
    git("commit", "--quiet", "-m", "released")
    git("tag", "contract-1.0.0")
    monkeypatch.setattr(versions, "git", git)
    monkeypatch.setattr(versions, "ROOT", tmp_path)
    monkeypatch.setattr(versions, "FOLDER", folder)
    return tmp_path


def site(folder: Path, version: str) -> Site:
    info = {"title": "Orders", "version": version, "summary": "s"}
    return Site(folder / "site", State({"info": info}, "0.1.0", ""))


def test_a_released_version_is_published_as_it_was(repository):
    """A later program makes other files from the same contract: the copy has the old bytes."""
    found = versions.write(site(repository, "1.0.0"), {**NEW, "openapi.yaml": OLD["openapi.yaml"]})
    assert [(each.name, each.present) for each in found] == [("versions/2026-01-31-1.0.0", True)]
    copy = repository / "site/versions/2026-01-31-1.0.0"
    released = repository / "docs/versions/2026-01-31-1.0.0.zip"
    assert copy.with_suffix(".0.zip").read_bytes() == released.read_bytes()
    assert (copy / "postman.json").read_text() == OLD["postman.json"]
    with zipfile.ZipFile(repository / "site/latest.zip") as archive:
        assert archive.read("postman.json").decode() == NEW["postman.json"]


def test_a_new_version_stands_beside_the_released_ones(repository):
    """The latest comes first, also where its text would sort before an older one."""
    found = versions.write(site(repository, "1.10.0"), NEW)
    assert [(each.contract, each.present) for each in found] == [("1.10.0", True), ("1.0.0", False)]
    assert (repository / "site" / found[0].name / "openapi.yaml").read_text() == NEW["openapi.yaml"]
    with zipfile.ZipFile(repository / "site/latest.zip") as archive:
        assert archive.read("openapi.yaml").decode() == NEW["openapi.yaml"]


def test_a_released_contract_is_not_edited(repository):
    """Another contract needs another version."""
    with pytest.raises(SystemExit, match=r"Contract 1\.0\.0 is released .* raise `info\.version`"):
        versions.write(site(repository, "1.0.0"), NEW)


def test_a_released_archive_is_not_replaced_or_forgotten(repository):
    """Each tag has its archive, with the bytes that were tagged."""
    path = repository / "docs/versions/2026-01-31-1.0.0.zip"
    path.write_bytes(versions.archive(NEW))
    with pytest.raises(SystemExit, match=r"is not what the tag contract-1\.0\.0 released"):
        versions.write(site(repository, "1.1.0"), NEW)
    path.unlink()
    with pytest.raises(SystemExit, match=r"The tag contract-1\.0\.0 has no archive"):
        versions.write(site(repository, "1.1.0"), NEW)
