"""The fixtures are used here as a stranger would use them."""

import json
import subprocess
import sys

import httpx
import pytest

from infobip_voice import VoiceClient
from infobip_voice_client.models import SendingSpeed


def test_each_test_has_an_account_and_a_clock(voice_mock, voice_clock):
    """The test of the README works."""
    with VoiceClient(**voice_mock.credentials) as client:
        client.ivr.launch(scenario_id="S", to=["41793026727", "999102001"], sending_speed=SendingSpeed(10, "hour"))
        assert client.reports.fetch() == []
        voice_clock.advance(seconds=10)
        [report] = client.reports.fetch()
        assert report.delivered
        voice_clock.advance(minutes=6)
        [report] = client.reports.fetch()
        assert not report.delivered


def test_accounts_of_two_tests_are_strangers(voice_mock, voice_mock_server):
    """Nothing of the test before is left: faults, history and clock belong to an account."""
    assert voice_mock.base_url == voice_mock_server
    assert voice_mock.control("GET", "calls") == []
    assert voice_mock.control("GET", "clock")["mode"] == "real"
    with pytest.raises(ValueError, match=r"PUT clock: 400 .*must be one of real, manual"):
        voice_mock.control("PUT", "clock", {"mode": "sideways"})


@pytest.mark.parametrize(("voice_edition", "error"), [("seeds", 5002), ("2026", 10201)])
def test_a_test_chooses_the_edition(voice_mock, voice_clock, voice_edition, error):
    """One test can run in both editions; what it has to say differs."""
    assert voice_mock.control("GET", "")["edition"] == voice_edition
    with VoiceClient(**voice_mock.credentials) as client:
        client.ivr.launch(scenario_id="S", to=["999102001"])
        voice_clock.run_until_idle()
        [report] = client.reports.fetch()
        assert report.error.id == error


def test_pushes_arrive(voice_mock, voice_pushes):
    """On a running clock a plain launch is pushed at once, over a socket."""
    with VoiceClient(**voice_mock.credentials) as client:
        client.ivr.launch(scenario_id="S", to=["41793026727"], notify_url=voice_pushes.url, callback_data="mine")
        pushed = voice_pushes.next()
        [report] = json.loads(pushed.body)["results"]
        assert (report["callbackData"], pushed.headers["content-type"]) == ("mine", "application/json")
        assert client.reports.fetch() == []


@pytest.fixture
def behind_a_proxy(monkeypatch):
    """A machine that reaches others through a proxy, which is down."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)


def test_a_proxy_of_the_environment_is_for_other_machines(behind_a_proxy, voice_mock, voice_clock, voice_pushes):
    """Control plane, client and receiver are on this machine, and no request leaves it."""
    with VoiceClient(**voice_mock.credentials) as client:
        client.ivr.launch(scenario_id="S", to=["41793026727"], notify_url=voice_pushes.url)
        client.ivr.launch(scenario_id="S", to=["41793026728"])
        voice_clock.run_until_idle()
        assert [report.to for report in client.reports.fetch()] == ["41793026728"]
    assert len(voice_pushes.received) == 1


def test_a_push_that_fails_is_repeated(voice_mock, voice_clock, voice_pushes):
    """On a clock that stands still, everything has happened when `advance` returns."""
    voice_pushes.answers = [500]
    with VoiceClient(**voice_mock.credentials) as client:
        client.ivr.launch(scenario_id="S", to=["41793026727"], notify_url=voice_pushes.url)
    voice_clock.advance(seconds=10)
    assert len(voice_pushes.received) == 1
    voice_clock.advance(minutes=1)
    assert len(voice_pushes.received) == 2
    before = voice_clock.now
    voice_clock.run_until_idle()
    assert voice_clock.now == before


def test_the_application_in_process(voice_mock_app):
    """The same mock works without a socket."""
    import asyncio

    async def fetch() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(voice_mock_app), base_url="http://127.0.0.1"
        ) as client:
            return await client.get("/tts/3/reports", auth=("Aladdin", "open sesame"))

    assert asyncio.run(fetch()).json() == {"results": []}


def test_the_plugin_imports_nothing_optional():
    """Every pytest run of everybody who installs the package loads it."""
    program = "import sys, infobip_voice_mock.pytest_plugin; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = set(eval(done.stdout))  # noqa: S307 - a list of names that we printed
    assert {"msgspec", "jsonschema_rs", "uvicorn", "lxml", "httpx", "infobip_voice_mock.factory"}.isdisjoint(modules)
