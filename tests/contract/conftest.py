"""The server under test: a mock that we start, or the one at CONTRACT_BASE_URL."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

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
    given = os.environ.get("CONTRACT_BASE_URL")
    if given:
        # The vendor would dial the generated numbers, and the tests would consume reports of real
        # calls.
        if (urlsplit(given).hostname or "").endswith("infobip.com"):
            pytest.exit("CONTRACT_BASE_URL is the vendor's own platform: these tests dial and consume", returncode=2)
        yield given.rstrip("/")
        return
    command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())["base_url"]
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def authorization() -> str:
    """The account: the documentation's own, or CONTRACT_USERNAME and CONTRACT_PASSWORD."""
    name = os.environ.get("CONTRACT_USERNAME", "Aladdin")
    password = os.environ.get("CONTRACT_PASSWORD", "open sesame")
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
