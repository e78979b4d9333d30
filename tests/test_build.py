"""A build regenerates from the contract, is complete, is repeatable, and its result works."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"infobip_voice", "infobip_voice_cli", "infobip_voice_client", "infobip_voice_contract", "infobip_voice_diff",
            "infobip_voice_mock", "infobip_voice_schema", "infobip_voice_wire"}  # fmt: skip
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

pytestmark = pytest.mark.xdist_group("build")  # one worker, so that `built` is built once


def source(folder: Path) -> Path:
    """Return a copy of what a build reads: a changed contract, but no `make generate`."""
    folder.mkdir()
    for name in ("openapi.yaml", "generator-config.yml", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name in ("generated", "overlays", "tools"):
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    contract = (folder / "openapi.yaml").read_text()
    assert "The key of the scenario to play." in contract
    changed = contract.replace("The key of the scenario to play.", "A description just changed.")
    (folder / "openapi.yaml").write_text(changed)
    return folder


def build(folder: Path, into: Path) -> tuple[Path, Path]:
    """Build as `make build` does; return the wheel and the sdist."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", into, folder]
    environment = {**os.environ, "PATH": PATH, "SOURCE_DATE_EPOCH": "1700000000"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel], [sdist] = into.glob("*.whl"), into.glob("*.tar.gz")
    return wheel, sdist


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = source(tmp_path_factory.mktemp("build") / "source")
    return build(folder, folder.parent / "dist")


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder, caches left out."""
    paths = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_a_wheel_is_regenerated_and_complete(built):
    """The wheel has the changed contract, py.typed, the licence, all our modules, nothing else."""
    with zipfile.ZipFile(built[0]) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    names = set(files)
    assert b"A description just changed." in files["infobip_voice_client/models/ivr_message.py"]
    modules = {name for name in names if ".dist-info/" not in name}
    assert {f"{package}/py.typed" for package in PACKAGES} <= modules
    assert "infobip_voice_schema/openapi.json" in modules
    overlays, generated = contents(ROOT / "overlays"), contents(ROOT / "generated")
    assert modules == overlays.keys() | generated.keys() - {"lock.json"}
    assert {name: files[name] for name in overlays} == overlays
    metadata = {name.partition("/")[2] for name in names - modules}
    assert metadata == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}


def test_a_build_takes_the_tools_that_are_locked():
    """`build-system.requires`, the group `dev` and the lock name the same versions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["build-system"]["requires"]
    locked = re.findall(r"^([a-z-]+==\S+)", (ROOT / "tools/requirements.txt").read_text(), re.MULTILINE)
    assert [name for name in wanted if name not in locked] == []
    assert wanted == [name for name in project["dependency-groups"]["dev"] if "==" in name]


def test_an_sdist_has_what_a_build_needs(built):
    """The sdist has the contract and the build hook, and no cache, environment or npm package."""
    with tarfile.open(built[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "openapi.yaml",
        "generator-config.yml",
        "tools/build_hook.py",
        "tools/contract_source/__init__.py",
        "tools/generate.py",
        "LICENSE",
        "PKG-INFO",
    } <= names
    assert [name for name in names if "__pycache__" in name or "node_modules" in name or ".venv" in name] == []


def test_a_change_of_the_contract_leaves_the_lock_alone(built):
    """The lock records the versions of the tools alone, so that branches do not conflict in it."""
    with tarfile.open(built[1]) as archive:
        [name] = [name for name in archive.getnames() if name.endswith("generated/lock.json")]
        lock = archive.extractfile(name)
        assert lock is not None
        assert lock.read() == (ROOT / "generated/lock.json").read_bytes()


def test_the_same_sources_give_the_same_bytes(built, tmp_path):
    """Neither the folder, nor the age of the files, nor the umask changes a byte."""
    folder = source(tmp_path / "again")
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1))
            path.chmod(0o664)
    for one, two in zip(built, build(folder, tmp_path / "dist"), strict=True):
        assert one.name == two.name
        assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(two.read_bytes()).digest()
