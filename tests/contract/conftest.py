"""The server under test: a mock that we start for each edition."""

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

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
    """Return the base URL of a mock for an edition."""
    with ExitStack() as mocks:

        @cache
        def base_url(edition: str) -> str:
            return mocks.enter_context(running_mock("--edition", edition)).base_url

        yield base_url


@pytest.fixture(scope="session")
def authorization() -> str:
    """The account: the documentation's own."""
    return "Basic " + base64.b64encode(b"Aladdin:open sesame").decode()
