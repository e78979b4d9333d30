"""The SDK against the mock in both editions: what is launched has its effect and is read."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

import pytest

from infobip_voice import Report, VoiceClient, Window, parse_push
from infobip_voice_client.models import NestedReport, Voice, VoiceReport
from infobip_voice_mock.pytest_plugin import Receiver, VoiceClock, VoiceMock

pytestmark = [
    pytest.mark.parametrize("voice_edition", ["seeds", "2026"]),
    pytest.mark.parametrize("wire_format", ["json", "xml"]),
]
PRESSED, MACHINE = "999106001", "999101001"


def pushed(receiver: Receiver) -> Report:
    push = receiver.next(timeout=60)
    (report,) = parse_push(push.body, push.headers["content-type"])
    return report


@pytest.mark.parametrize("version", [1, 2, None])
def test_a_push_says_the_same_in_both_forms(
    version: Literal[1, 2] | None,
    voice_edition: str,
    wire_format: Any,
    voice_mock: VoiceMock,
    voice_clock: VoiceClock,
    voice_pushes: Receiver,
) -> None:
    """Whichever form the launch asks for, or the edition has, in JSON and XML."""
    with VoiceClient(**voice_mock.credentials, wire_format=wire_format) as client:
        client.ivr.launch(
            scenario_id="S", to=[PRESSED], from_="41793026700", callback_data="mine", notify_url=voice_pushes.url,
            notify_content_type="application/xml" if wire_format == "xml" else "application/json",
            notify_content_version=version,
        )  # fmt: skip
        voice_clock.run_until_idle()
        report = pushed(voice_pushes)
    nested = version == 2 or (version is None and voice_edition == "2026")
    assert type(report.data) is (NestedReport if nested else VoiceReport)
    assert (report.to, report.callback_data, report.scenario_id, report.delivered) == (PRESSED, "mine", "S", True)
    assert (report.from_, report.direction) == (("41793026700", "OUTBOUND") if nested else (None, None))
    assert report.dtmf_codes is not None
    assert report.dtmf_codes.replace(", ", "") == "42"
    assert report.error is not None
    assert report.error.id == (10000 if voice_edition == "2026" else 5000)
    assert report.answer_time is not None
    assert report.end_time is not None
    assert report.duration is not None
    assert report.end_time - report.answer_time == timedelta(seconds=report.duration)
    assert (str(report.price), report.currency) == ("0.01", "EUR")


def test_a_window_and_a_pause_have_their_effect(
    voice_edition: str, wire_format: Any, voice_mock: VoiceMock, voice_clock: VoiceClock
) -> None:
    """On a Sunday at noon: what may ring on Monday from six rings then."""
    voice_mock.control("PUT", "clock", {"mode": "manual", "now": "2026-03-01T12:00:00Z"})
    window = Window(["MONDAY"], opens=time(6), closes=time(15, 30, tzinfo=UTC))
    with VoiceClient(**voice_mock.credentials, wire_format=wire_format) as client:
        client.ivr.launch(scenario_id="S", to=[PRESSED], window=window, pause=timedelta(seconds=2), call_timeout=5)
        voice_clock.advance(hours=17)
        assert client.reports.fetch() == []
        voice_clock.advance(hours=2)
        (report,) = client.reports.fetch()
    assert report.sent_at == datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert report.duration == 5


def test_a_machine_is_hung_up_on(
    voice_edition: str, wire_format: Any, voice_mock: VoiceMock, voice_clock: VoiceClock, voice_pushes: Receiver
) -> None:
    """The report says that a machine answered, in the codes of the edition and in `answeredBy`."""
    with VoiceClient(**voice_mock.credentials, wire_format=wire_format) as client:
        for version in (1, 2):
            client.click_to_call.launch(
                destination_a=MACHINE, destination_b="41793026731", from_="41793026700", text="hello",
                voice=Voice("female", "Joanna"), machine_detection="hangup", notify_url=voice_pushes.url,
                notify_content_version=version,
            )  # fmt: skip
            voice_clock.run_until_idle()
            report = pushed(voice_pushes)
            assert (report.answered_by, report.to) == ("machine", MACHINE)
            assert report.error is not None
            assert report.error.id == (10002 if voice_edition == "2026" else 5001)
