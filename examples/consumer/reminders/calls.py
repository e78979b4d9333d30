"""What this program adds to the generated client: its credentials, and two calls it needs."""

from base64 import b64encode

from reminders.voice_client import AuthenticatedClient
from reminders.voice_client.api.ivr import launch_outbound_ivr
from reminders.voice_client.api.reports import fetch_reports
from reminders.voice_client.models import (
    IvrDestination,
    IvrLaunchRequest,
    IvrMessage,
    VoiceReport,
    VoiceReportResponse,
    VoiceResponse,
)


def connect(base_url: str, username: str, password: str) -> AuthenticatedClient:
    """Return a client that sends HTTP Basic."""
    token = b64encode(f"{username}:{password}".encode()).decode()
    return AuthenticatedClient(base_url=base_url, token=token, prefix="Basic")


def remind(client: AuthenticatedClient, scenario_id: str, number: str) -> str:
    """Dial a number once and return the id of the call; whatever fails here is never repeated."""
    message = IvrMessage(scenario_id=scenario_id, destinations=[IvrDestination(to=number)])
    answer = launch_outbound_ivr.sync(client=client, body=IvrLaunchRequest(messages=[message]))
    if not isinstance(answer, VoiceResponse):
        raise RuntimeError(f"refused: {answer}")
    return answer.messages[0].message_id


def outcome(client: AuthenticatedClient, message_id: str) -> VoiceReport | None:
    """Return the report of a call; None as long as there is none. It is handed out once."""
    answer = fetch_reports.sync(client=client, message_id=message_id)
    if not isinstance(answer, VoiceReportResponse):
        raise RuntimeError(f"refused: {answer}")
    return answer.results[0] if answer.results else None
