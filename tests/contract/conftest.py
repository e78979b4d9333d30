"""The server under test: a mock that we start for each edition, or the one at CONTRACT_BASE_URL."""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from urllib.parse import urlsplit

import pytest
import requests

from infobip_voice_mock import running_mock


@pytest.fixture(scope="session")
def session() -> Iterator[requests.Session]:
    """One connection serves all requests: most of the time would go into opening new ones."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str], str]]:
    """Return the base URL of a server for an edition; CONTRACT_BASE_URL stands for both."""
    given = os.environ.get("CONTRACT_BASE_URL", "").rstrip("/")
    # The vendor would dial the generated numbers, and the tests would consume reports of real
    # calls.
    if (urlsplit(given).hostname or "").endswith("infobip.com"):
        pytest.exit("CONTRACT_BASE_URL is the vendor's own platform: these tests dial and consume", returncode=2)
    with ExitStack() as mocks:

        @cache
        def base_url(edition: str) -> str:
            return given or mocks.enter_context(running_mock("--edition", edition)).base_url

        yield base_url


@pytest.fixture(scope="session")
def authorization() -> str:
    """The account: the documentation's own, or CONTRACT_USERNAME and CONTRACT_PASSWORD."""
    name = os.environ.get("CONTRACT_USERNAME", "Aladdin")
    password = os.environ.get("CONTRACT_PASSWORD", "open sesame")
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
