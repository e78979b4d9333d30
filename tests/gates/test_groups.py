"""What tests of one group share is made once: pytest-xdist sees the groups with this pytest."""

import os
import subprocess
import sys
from pathlib import Path

SHARED = """
from pathlib import Path
import pytest

pytestmark = pytest.mark.xdist_group("shared")

@pytest.fixture(scope="module")
def made(worker_id):
    with Path("made").open("a") as file:
        file.write(worker_id + "\\n")

@pytest.mark.parametrize("number", range(8))
def test_one(made, number): ...
"""


def test_a_group_stays_on_one_worker(tmp_path: Path) -> None:
    """Without a word pytest 9.2 hid them: what the groups share was made by every worker."""
    (tmp_path / "test_shared.py").write_text(SHARED)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadgroup", "."]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=60)
    assert len((tmp_path / "made").read_text().split()) == 1
