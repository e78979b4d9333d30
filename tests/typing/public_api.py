"""The public API as its users see it. Type-checked by mypy and pyright, and never run."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal, assert_type

import httpx

from infobip_voice import (
    NO_RETRIES,
    AsyncDrain,
    AsyncVoiceClient,
    Attempt,
    Day,
    Drain,
    Found,
    Gap,
    Launch,
    LaunchUncertain,
    Prepared,
    Pushed,
    PushReceiver,
    Redial,
    Refused,
    Report,
    ReportsPending,
    ReportsUncertain,
    Status,
    Throttled,
    Unreadable,
    VoiceClient,
    Window,
    parse_push,
)
from infobip_voice_client.models import (
    ClickToCallLaunchRequest,
    IvrDestination,
    IvrLaunchRequest,
    NestedReport,
    SendingSpeed,
    Voice,
    VoiceReport,
    VoiceResponseDetails,
)
from infobip_voice_client.types import Unset


def trace(attempt: Attempt) -> None:
    assert_type(attempt.seconds, float)
    assert_type(attempt.verdict, Literal["unsent", "throttled", "refused", "uncertain", "answered"])


def launching(ivr: IvrLaunchRequest, click: ClickToCallLaunchRequest, moment: datetime) -> None:
    with VoiceClient(
        base_url="https://a", api_key="k", budget=NO_RETRIES, trace=trace, http_client=httpx.Client()
    ) as voice:
        launch = voice.ivr.launch(
            scenario_id="s",
            to=["+41 79 302 67 27", IvrDestination("41793026727", "mine")],
            send_at=moment,
            validity_period=timedelta(hours=12),
            sending_speed=SendingSpeed(10, "hour"),
            redial=Redial(max_count=2),
            ring_timeout=timedelta(seconds=45),
            call_timeout=130,
            pause=timedelta(seconds=2),
            window=Window(days=["MONDAY", "FRIDAY"], opens=time(6), closes=time(15, 30)),
            notify_content_version=2,
            repeat_uncertain=True,
        )
        assert_type(launch, Launch)
        assert_type(launch.accepted, list[VoiceResponseDetails])
        assert_type(launch.messages, tuple[VoiceResponseDetails, ...])
        assert_type(launch.others, tuple[VoiceResponseDetails, ...])
        assert_type(launch.message_ids, tuple[str, ...])
        assert_type(launch.unlisted, tuple[str, ...])
        assert_type(voice.ivr.launch(ivr), Launch)
        assert_type(voice.ivr.launch(ivr, duplicates="call", repeat_uncertain=True), Launch)
        assert_type(voice.ivr.launch({"messages": []}), Launch)
        assert_type(voice.ivr.prepare(ivr.to_dict(), duplicates="refuse"), Prepared[IvrLaunchRequest])
        assert_type(voice.ivr.launch(scenario_id="s", to=["4", "4"], duplicates="call"), Launch)
        prepared = voice.ivr.prepare(scenario_id="s", to="41793026727")
        assert_type(prepared, Prepared[IvrLaunchRequest])
        assert_type(voice.ivr.send(prepared, sent_before=True), Launch)
        assert_type(
            voice.click_to_call.launch(destination_a="1", destination_b="2", from_="3", max_duration=60), Launch
        )
        days: list[Day] = ["SATURDAY", "SUNDAY"]
        assert_type(
            voice.click_to_call.launch(
                destination_a="1", destination_b="2", from_="3", voice=Voice("female", "Joanna"), window=Window(days),
                machine_detection="hangup", notify_content_version=1,
            ),
            Launch,
        )  # fmt: skip
        assert_type(voice.click_to_call.prepare(click), Prepared[ClickToCallLaunchRequest])
        assert_type(voice.click_to_call.prepare({}, duplicates="call"), Prepared[ClickToCallLaunchRequest])

        voice.ivr.launch(to="41793026727")  # type: ignore[call-overload]
        voice.ivr.launch(scenario_id="s", to="4", sendAt="now")  # type: ignore[call-overload]
        voice.ivr.launch(scenario_id="s", to="4", retry=3)  # type: ignore[call-overload]
        voice.ivr.launch(scenario_id="s", to="4", record="true")  # type: ignore[call-overload]
        voice.ivr.launch(scenario_id="s", to="4", parameters={"a": 1})  # type: ignore[dict-item]
        voice.ivr.launch(scenario_id="s", to="4", duplicates="once")  # type: ignore[call-overload]
        voice.ivr.launch(scenario_id="s", to=b"4")  # type: ignore[arg-type]
        voice.ivr.prepare(scenario_id="s", to="4", repeat_uncertain=True)  # type: ignore[call-overload]
        voice.ivr.launch(scenario_id="s", to="4", notify_content_version=3)  # type: ignore[call-overload]
        voice.ivr.launch(scenario_id="s", to="4", window={"days": ["MONDAY"]})  # type: ignore[call-overload]
        voice.ivr.launch(scenario_id="s", to="4", pause=1.5)  # type: ignore[call-overload]
        voice.ivr.launch(scenario_id="s", to="4", voice=Voice())  # type: ignore[call-overload]
        Window(["Monday"])  # type: ignore[list-item]
        Window(opens="06:00")  # type: ignore[arg-type]
        voice.click_to_call.launch(destination_a="1", destination_b="2")  # type: ignore[call-overload]
        voice.ivr.launch("{}")  # type: ignore[call-overload]
        voice.ivr.launch(click)  # type: ignore[call-overload]
        voice.ivr.launch(ivr, scenario_id="s")  # type: ignore[call-overload]
        voice.click_to_call.send(prepared)  # type: ignore[arg-type]
        VoiceClient("https://a")  # type: ignore[call-arg, arg-type]
        VoiceClient(wire_format="yaml")  # type: ignore[arg-type]
        VoiceClient(http_client=httpx.AsyncClient())  # type: ignore[arg-type]


def taking_reports(voice: VoiceClient, launch: Launch, prepared: Prepared[IvrLaunchRequest]) -> None:
    assert_type(voice.reports.fetch(limit=10), list[Report])
    assert_type(voice.reports.wait_for(["a"], timeout=30), Found)
    assert_type(voice.reports.wait_for(launch, timeout=30)["a"], Report)
    assert_type(voice.reports.wait_for(prepared, timeout=30).others, tuple[Report, ...])
    assert_type(voice.reports.drain(None), Drain)
    assert_type(voice.reports.drain("postgresql://host/db"), Drain)
    assert_type(PushReceiver("postgresql://host/db", secret="2f1c9a"), PushReceiver)
    PushReceiver("postgresql://host/db")  # type: ignore[call-arg]
    with voice.reports.drain(Path("spool"), limit=10, auto_ack=False) as drain:
        for report in drain:
            assert_type(report, Report)
            assert_type(report.data, VoiceReport | NestedReport)
            if isinstance(report.data, NestedReport):
                assert_type(report.data.callback_data, str | None | Unset)
            assert_type(report.status, Status | None)
            assert_type(report.price, Decimal | None)
            assert_type(report.done_at, datetime | None)
            assert_type(report.start_time, datetime | None)
            assert_type(report.file_duration, Decimal | None)
            assert_type(report.collected_dtmfs, dict[str, str])
            assert_type(report.answered_by, Literal["human", "machine"] | None)
            assert_type(report.delivered, bool)
            drain.ack(report)
        for reports in drain.batches(50):
            assert_type(reports, list[Report])
            drain.ack(reports)
        assert_type(drain.gaps, tuple[Gap, ...])
        assert_type(drain.gaps[0].bodies, tuple[bytes, ...])
        assert_type(drain.unreadable, tuple[Unreadable, ...])
        assert_type(drain.unreadable[0].body, bytes)
        assert_type(drain.others, tuple[Report, ...])
    pushed = parse_push(b"", "application/json")
    assert_type(pushed, Pushed)
    assert_type([report.message_id for report in pushed], list[str | None])
    voice.reports.wait_for(7, timeout=1)  # type: ignore[arg-type]


async def from_an_event_loop(voice: AsyncVoiceClient) -> None:
    assert_type(await voice.ivr.launch(scenario_id="s", to="4"), Launch)
    assert_type(voice.ivr.prepare(scenario_id="s", to="4"), Prepared[IvrLaunchRequest])
    assert_type(await voice.reports.fetch(), list[Report])
    assert_type(await voice.reports.wait_for("a", timeout=1), Found)
    assert_type(voice.reports.drain(None), AsyncDrain)
    async with voice.reports.drain(None) as drain:
        async for report in drain:
            assert_type(report, Report)
            await drain.ack(report)
        async for reports in drain.batches(50):
            assert_type(reports, list[Report])
    await voice.aclose()
    for _ in voice.reports.drain(None):  # type: ignore[attr-defined]
        pass


def failing(error: LaunchUncertain | Refused | Throttled | ReportsPending | ReportsUncertain) -> None:
    assert_type(error.sent, bool)
    assert_type(error.advice, str)
    assert_type(error.message_ids, tuple[str, ...])
    assert_type(error.status, int | None)
    assert_type(error.body, bytes)
    if isinstance(error, Throttled | ReportsUncertain):
        assert_type(error.retry_after, float | None)
    elif isinstance(error, Refused):
        assert_type(error.violations, dict[str, list[str]])
    elif isinstance(error, ReportsPending):
        assert_type(error.pending, tuple[str, ...])
