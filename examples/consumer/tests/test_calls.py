"""The program against the mock: no telephone rings."""

import pytest

from infobip_voice_mock.pytest_plugin import VoiceClock, VoiceMock
from reminders.calls import AuthenticatedClient, connect, outcome, remind


@pytest.fixture
def client(voice_mock: VoiceMock) -> AuthenticatedClient:
    return connect(voice_mock.base_url, voice_mock.username, voice_mock.credentials["password"])


@pytest.mark.parametrize(("number", "answered"), [("999100001", True), ("999102001", False)], ids=["human", "busy"])
def test_a_reminder_dials_once_and_is_reported_once(
    client: AuthenticatedClient, voice_mock: VoiceMock, voice_clock: VoiceClock, number: str, answered: bool
) -> None:
    call = remind(client, "S", number)
    voice_clock.run_until_idle()
    report = outcome(client, call)
    assert report is not None
    assert (report.error.name == "VOICE_ANSWERED") is answered
    assert outcome(client, call) is None
    assert voice_mock.calls(to=number).one()["messageId"] == call


def test_a_number_that_is_none_is_refused(client: AuthenticatedClient) -> None:
    with pytest.raises(RuntimeError, match="refused"):
        remind(client, "S", "nobody")
