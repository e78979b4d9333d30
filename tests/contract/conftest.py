"""The server under test: a mock that we start."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests


@pytest.fixture(scope="session")
def session() -> Iterator[requests.Session]:
    """One connection serves all requests: most of the time would go into opening new ones."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())["base_url"]
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def authorization() -> str:
    """The account: the documentation's own."""
    return "Basic " + base64.b64encode(b"Aladdin:open sesame").decode()
