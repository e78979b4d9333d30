"""A build regenerates from the contract, is complete, is repeatable, and its result works."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"infobip_voice", "infobip_voice_cli", "infobip_voice_client", "infobip_voice_mock", "infobip_voice_schema",
            "infobip_voice_wire"}  # fmt: skip
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
ON_THE_WHEEL = (
    "wire/test_xml_samples.py",
    "sdk/test_policy.py",
    "mock/test_launch.py",
    "mock/test_reports.py",
    "sdk/test_launches.py",
)


def source(folder: Path) -> Path:
    """Return a copy of what a build reads."""
    folder.mkdir()
    for name in ("openapi.yaml", "generator-config.yml", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name in ("generated", "overlays", "tools"):
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
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
    """Return a wheel and an sdist of a changed contract, for which nobody ran `make generate`."""
    folder = source(tmp_path_factory.mktemp("build") / "source")
    contract = (folder / "openapi.yaml").read_text()
    assert "The key of the scenario to play." in contract
    changed = contract.replace("The key of the scenario to play.", "A description just changed.")
    (folder / "openapi.yaml").write_text(changed)
    return build(folder, folder.parent / "dist")


def test_a_wheel_is_regenerated_and_complete(built):
    """The wheel has the changed contract, py.typed, the licence, all our modules, nothing else."""
    with zipfile.ZipFile(built[0]) as archive:
        names = set(archive.namelist())
        model = archive.read("infobip_voice_client/models/ivr_message.py").decode()
    assert "A description just changed." in model
    modules = {name for name in names if ".dist-info/" not in name}
    assert {f"{package}/py.typed" for package in PACKAGES} <= modules
    assert "infobip_voice_schema/openapi.json" in modules
    expected = {
        path.relative_to(parent).as_posix()
        for parent in (ROOT / "generated", ROOT / "overlays")
        for path in parent.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name != "lock.json"
    }
    assert modules == expected
    metadata = {name.partition("/")[2] for name in names - modules}
    assert metadata == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}


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


def test_the_same_sources_give_the_same_bytes(tmp_path):
    """Neither the folder, nor the age of the files, nor the umask changes a byte."""
    first = build(source(tmp_path / "one"), tmp_path / "first")
    folder = source(tmp_path / "two")
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1))
            path.chmod(0o664)
    second = build(folder, tmp_path / "second")
    for one, two in zip(first, second, strict=True):
        assert one.name == two.name
        assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(two.read_bytes()).digest()


def test_tests_pass_against_the_installed_wheel(built, tmp_path):
    """The sources are out of reach: every module that is loaded comes out of the wheel."""
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__", "portal", "gates"))
    with zipfile.ZipFile(built[0]) as archive:
        archive.extractall(tmp_path / "installed")  # noqa: S202 - built above
    (tmp_path / "conftest.py").write_text(f"""\
import sys

ROOT, INSTALLED = {str(ROOT)!r}, {str(tmp_path / "installed")!r}
sys.path[:] = [path for path in sys.path if not path.startswith((ROOT + "/generated", ROOT + "/overlays"))]


def pytest_sessionfinish(session, exitstatus):
    loaded = {{name: module.__file__ for name, module in sys.modules.items() if name.startswith("infobip_voice")}}
    assert len(loaded) > 30, sorted(loaded)
    assert [path for path in loaded.values() if path and not path.startswith(INSTALLED)] == []
""")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = tests\naddopts = --import-mode=importlib\n")
    environment = {
        **os.environ,
        "PATH": PATH,
        "PYTHONPATH": str(tmp_path / "installed"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *(f"tests/{name}" for name in ON_THE_WHEEL),
    ]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
