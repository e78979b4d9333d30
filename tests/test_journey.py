"""The whole way: a documented request, through the SDK and the mock, to its one-time report."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from infobip_voice import AsyncVoiceClient, Report, VoiceClient
from infobip_voice_client import AuthenticatedClient
from infobip_voice_client.api.click_to_call import launch_click_to_call
from infobip_voice_client.api.ivr import launch_outbound_ivr
from infobip_voice_client.api.reports import fetch_reports
from infobip_voice_client.models import ApiException, ClickToCallLaunchRequest, IvrLaunchRequest

CONTRACT = json.loads(Path(__file__).parents[1].joinpath("generated/infobip_voice_schema/openapi.json").read_text())
BASIC = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def documented(path: str):
    content = CONTRACT["paths"][path]["post"]["requestBody"]["content"]
    return content["application/json"]["examples"]["documented"]["value"]


@pytest.fixture
def base_url() -> Iterator[str]:
    command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0", "--clock", "manual"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield json.loads(process.stdout.readline())["base_url"]
        process.terminate()


def finish(base_url: str) -> None:
    """Let every call start and end: the documented request asks for ten an hour."""
    httpx.post(f"{base_url}/_mock/tenants/Aladdin/clock/run-until-idle").raise_for_status()


@pytest.mark.parametrize("wire_format", ["json", "xml"])
def test_the_overlay(base_url, wire_format):
    """Both documented launches work, and each call has one report, once."""
    with VoiceClient(base_url=base_url, username="Aladdin", password="open sesame", wire_format=wire_format) as client:
        ivr = client.ivr.launch(IvrLaunchRequest.from_dict(documented("/voice/ivr/1/messages")))
        call = client.click_to_call.launch(ClickToCallLaunchRequest.from_dict(documented("/voice/ctc/1/send")))
        first, second = [entry.message_id for entry in ivr.messages]
        launched = [first, call.messages[0].message_id, second]  # the pacing puts the second destination last
        finish(base_url)
        reports = client.reports.fetch()
        assert all(isinstance(report, Report) for report in reports)
        assert [report.message_id for report in reports] == launched
        assert [str(report.price) for report in reports] == ["0.01"] * 3
        assert client.reports.fetch() == []


@pytest.mark.parametrize("wire_format", ["json", "xml"])
def test_the_overlay_in_async_code(base_url, wire_format):
    """The asynchronous client does the same."""
    import asyncio

    async def journey() -> None:
        async with AsyncVoiceClient(
            base_url=base_url, username="Aladdin", password="open sesame", wire_format=wire_format
        ) as client:
            launch = await client.ivr.launch(IvrLaunchRequest.from_dict(documented("/voice/ivr/1/messages")))
            finish(base_url)
            reports = await client.reports.fetch()
            assert [report.message_id for report in reports] == [entry.message_id for entry in launch.messages]
            assert await client.reports.fetch() == []

    asyncio.run(journey())


def test_the_bare_generated_client(base_url):
    """The generated client alone gives typed models: launches, reports and a refusal."""
    token = BASIC.removeprefix("Basic ")
    with AuthenticatedClient(base_url=base_url, token=token, prefix="Basic") as client:
        ivr = launch_outbound_ivr.sync(
            client=client, body=IvrLaunchRequest.from_dict(documented("/voice/ivr/1/messages"))
        )
        call = launch_click_to_call.sync(
            client=client, body=ClickToCallLaunchRequest.from_dict(documented("/voice/ctc/1/send"))
        )
        first, second = [entry.message_id for entry in ivr.messages]
        launched = [first, call.messages[0].message_id, second]  # the pacing puts the second destination last
        finish(base_url)
        reports = fetch_reports.sync(client=client)
        assert [report.message_id for report in reports.results] == launched
        assert fetch_reports.sync(client=client).results == []
        refused = fetch_reports.sync(client=client, limit=0)
        assert isinstance(refused, ApiException)
        assert list(refused.request_error.service_exception.validation_errors.additional_properties) == ["limit"]


def test_the_standard_library(base_url):
    """The documentation's Python sample works: a GET with an empty payload and a Content-Type."""
    address = urlsplit(base_url)
    connection = HTTPConnection(address.hostname, address.port, timeout=10)
    try:
        fields = {"authorization": BASIC, "content-type": "application/json", "accept": "application/json"}
        body = json.dumps(documented("/voice/ctc/1/send"))
        connection.request("POST", "/voice/ctc/1/send", body, fields)
        assert connection.getresponse().read()
        finish(base_url)
        connection.request("GET", "/tts/3/reports", "", fields)
        [report] = json.loads(connection.getresponse().read())["results"]
        assert report["messageId"] == "MESSAGE-ID-123-xyz"
    finally:
        connection.close()
