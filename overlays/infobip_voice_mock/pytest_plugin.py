"""Fixtures for pytest: a mock with an account and a clock for each test, and a receiver of pushes.

    def test_nobody_answers(voice_mock, voice_clock):
        with VoiceClient(**voice_mock.credentials) as client:
            client.ivr.launch(scenario_id="S", to=["999103001"], redial=Redial(max_count=2))
            voice_clock.run_until_idle()
            [report] = client.reports.fetch()
            assert not report.delivered

Every pytest run where the package is installed loads this module, so it imports nothing that costs
time or may be missing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infobip_voice_mock.evidence import Found
from infobip_voice_mock.receiver import ReceivedPush, Receiver
from infobip_voice_mock.running import AsyncVoiceClock, Credentials, VoiceClock, VoiceMock, running_mock

__all__ = ["AsyncVoiceClock", "Credentials", "Found", "ReceivedPush", "Receiver", "VoiceClock", "VoiceMock"]


@pytest.fixture(scope="session")
def voice_mock_server() -> Iterator[str]:
    """The base URL of a mock on a free port, which runs as long as pytest does."""
    with running_mock("--open-tenants") as mock:
        yield mock.base_url


@pytest.fixture
def voice_edition() -> str:
    """The edition of the API that the test's account speaks: `seeds`, or `2026` for that of today.

    Define a fixture of the same name for another one, or run a test in both:
    `@pytest.mark.parametrize("voice_edition", ["seeds", "2026"])`.
    """
    return "seeds"


@pytest.fixture
def voice_mock(voice_mock_server: str, voice_edition: str) -> Iterator[VoiceMock]:
    """A new account on that mock, which is dropped after the test."""
    mock = VoiceMock(voice_mock_server, f"test-{uuid.uuid4()}")
    # So that it is there to be named by a request that is refused.
    mock.control("PUT", "", {"edition": voice_edition})
    yield mock
    mock.control("DELETE", "")


@pytest.fixture
def voice_clock(voice_mock: VoiceMock) -> VoiceClock:
    """The clock of the test's account, which stands still until the test moves it."""
    return VoiceClock(voice_mock)


@pytest.fixture
def async_voice_clock(voice_mock: VoiceMock) -> AsyncVoiceClock:
    """The same clock for an asynchronous test, whose event loop goes on while the clock moves."""
    return AsyncVoiceClock(voice_mock)


@pytest.fixture
def voice_pushes() -> Iterator[Receiver]:
    """A receiver of pushes on a free port."""
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def voice_mock_app() -> Callable[..., Any]:
    """A new mock as an ASGI application, for a client that calls it in process."""
    from infobip_voice_mock import create_app

    return create_app()
