"""What is built: regenerated from the contract at that moment, complete, and without anything else."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_a_wheel_is_regenerated_and_complete(tmp_path):
    """A wheel built from a changed contract has the change, without `make generate`; it has the contract and py.typed."""
    source = tmp_path / "source"
    source.mkdir()
    for name in ("openapi.yaml", "generator-config.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("generated", "overlays", "tools"):
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    contract = (source / "openapi.yaml").read_text()
    (source / "openapi.yaml").write_text(
        contract.replace("The key of the scenario to play.", "A description just changed.")
    )
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", source]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = (tmp_path / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        model = archive.read("infobip_voice_client/models/ivr_message.py").decode()
    assert "A description just changed." in model
    packages = {"infobip_voice", "infobip_voice_cli", "infobip_voice_client", "infobip_voice_mock", "infobip_voice_schema",
                "infobip_voice_wire"}  # fmt: skip
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == packages
    assert {f"{package}/py.typed" for package in packages} <= names
    assert "infobip_voice_schema/openapi.json" in names
    assert [name for name in names if name.endswith("/licenses/LICENSE")]
    assert [name for name in names if "__pycache__" in name or "tests/" in name] == []
