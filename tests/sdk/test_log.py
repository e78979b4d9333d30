"""The log tells what happens, and does not change it."""

import asyncio
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infobip_voice import LaunchUncertain, VoiceClient
from sdk.clients import BOTH, client, close, each, settings, settle
from sdk.lossy_server import answer, entry, lossy_server

LOGGER = logging.getLogger("infobip_voice")


class _Filter(logging.Filter):
    """As one that takes numbers out of the arguments, and has not thought of all of them."""

    def filter(self, record: logging.LogRecord) -> bool:
        raise TypeError(record.name)


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        raise KeyError(record.name)


@pytest.fixture(params=[_Filter, _Handler])
def faulty(request: pytest.FixtureRequest) -> Iterator[None]:
    one = request.param()
    add, remove = ("addFilter", "removeFilter") if isinstance(one, _Filter) else ("addHandler", "removeHandler")
    before = LOGGER.level
    LOGGER.setLevel(logging.DEBUG)
    getattr(LOGGER, add)(one)
    yield
    getattr(LOGGER, remove)(one)
    LOGGER.setLevel(before)


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize("kind", BOTH)
def test_a_faulty_listener_does_not_take_the_place_of_the_result(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a launch that was accepted, of reports that were handed out, of a loss."""

    async def scenario() -> list[Any]:
        with lossy_server(reports=4) as server:
            async with client(kind, server.url) as voice:
                found = [(await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))).unlisted]
                server.script.append(answer(json.dumps({"messages": [entry("other", "41793026727")]}).encode()))
                found.append(len((await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))).others))
                server.script.append("drop")
                with pytest.raises(LaunchUncertain):
                    await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))
                found.append(len(await settle(voice.reports.fetch(limit=1))))
                server.script.extend([503, answer(b'{"results": [7]}')])
                drain = voice.reports.drain(tmp_path / "spool", limit=1)
                found.append([report.message_id async for report in each(drain)])
                found.append(len(drain.gaps))
                await close(drain)
            return found

    found = asyncio.run(scenario())
    assert found == [(), 1, 1, ["report-3"], 1]
    assert re.search(r"(TypeError: |KeyError: ')infobip_voice", capsys.readouterr().err)


def test_a_line_is_of_the_place_that_logs(caplog: pytest.LogCaptureFixture) -> None:
    """And not of what stands between."""
    caplog.set_level(logging.DEBUG, "infobip_voice")

    async def scenario() -> None:
        with lossy_server() as server:
            async with client("sync", server.url) as voice:
                voice.reports.fetch()

    asyncio.run(scenario())
    assert {record.module for record in caplog.records if record.name == "infobip_voice"} == {"_exchange"}


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize("silent", ["without standard error", "in production"])
def test_nothing_is_shown_where_logging_shows_nothing(
    silent: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its own faults are silent where nobody can read them, and where `raiseExceptions` is off."""
    with lossy_server(reports=1) as server, VoiceClient(**settings(server.url)) as voice:
        if silent == "in production":
            monkeypatch.setattr(logging, "raiseExceptions", False)
        else:
            monkeypatch.setattr(sys, "stderr", None)
        assert len(voice.reports.fetch()) == 1
        monkeypatch.undo()
    assert capsys.readouterr().err == ""
