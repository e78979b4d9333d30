"""Servers to point the kit at: the mock as a process, and applications in this process."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def mock_url() -> Iterator[str]:
    """A mock that runs as anybody would start it."""
    command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0", "--api-key", "Aladdin:KEY-of-Aladdin"]
    command += ["--user", "Aladdin:open sesame"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())["base_url"]
        finally:
            process.terminate()
