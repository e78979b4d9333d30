"""A machine of a CI system: the wheel in an index of its own, and everything else installed."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from ci.machine import Machine
from infobip_voice_mock import running_mock

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A new environment, whose pip finds this package's wheel, and its dependencies in place."""
    folder = tmp_path_factory.mktemp("machine")
    # The generated code is committed; regenerating it is the business of other tests.
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "index", ROOT],
        env={**os.environ, "HATCH_BUILD_NO_HOOKS": "true"}, capture_output=True, text=True,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    others = folder / "others"
    others.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if (
            not path.name.startswith(("infobip_voice", "_editable", "__editable", "_infobip", "pip"))
            and path.suffix != ".pth"
        ):
            (others / path.name).symlink_to(path)
    venv.create(folder / "venv", with_pip=True)
    return Machine(folder)


@pytest.fixture(scope="module")
def mock_url():
    with running_mock() as mock:
        yield mock.base_url
