"""Every way to lose an answer, over real sockets: no silent second call, no silent loss."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from infobip_voice import (
    LaunchUncertain,
    LaunchUnreadable,
    ReportsUncertain,
    ReportsUnreadable,
    VoiceError,
)
from sdk.clients import BOTH, client, close, each, settle
from sdk.lossy_server import GARBAGE, HTML, LossyServer, lossy_server

LOSSES = ("drop", "cut", "hang", 503, "garbage", "html", 520)
# For each way to lose an answer: the error of a launch, the error of a fetch, and what is left.
LAUNCH = {"garbage": LaunchUnreadable, "html": LaunchUnreadable}
FETCH = {"garbage": ReportsUnreadable, "html": ReportsUnreadable}
BYTES = {"drop": b"", "hang": b"", 503: b"upstream says no", 520: b"upstream says no", "garbage": GARBAGE, "html": HTML}

pytestmark = [
    pytest.mark.parametrize("warmth", ["cold", "warm"]),
    pytest.mark.parametrize("kind", BOTH),
    pytest.mark.parametrize("wire_format", ["json", "xml"]),
    pytest.mark.parametrize("loss", LOSSES),
]


def options(loss: str | int, wire_format: str) -> dict[str, Any]:
    return {"wire_format": wire_format, "timeout": 0.4 if loss == "hang" else 5.0}


def assert_kept(loss: str | int, error: VoiceError) -> None:
    if loss == "cut":
        assert error.body
        assert error.status == 200
    else:
        assert error.body == BYTES[loss]
        assert error.status == {"drop": None, "hang": None, 503: 503, 520: 520}.get(loss, 200)


async def warm_up(voice: Any, server: LossyServer, warmth: str, loss: str | int) -> None:
    if warmth == "warm":
        await settle(voice.ivr.launch(scenario_id="s", to="41793026700"))
        server.seen.clear()
        server.launched.clear()
    server.script.append(loss)


def test_a_launch_is_sent_once_and_its_loss_is_told(loss: Any, wire_format: str, kind: str, warmth: str) -> None:
    """A launch is one request; its error names every call and has the bytes that came back."""

    async def scenario(server: LossyServer) -> tuple[VoiceError, VoiceError]:
        async with client(kind, server.url, **options(loss, wire_format)) as voice:
            await warm_up(voice, server, warmth, loss)
            with pytest.raises(LAUNCH.get(loss, LaunchUncertain)) as ivr:
                await settle(voice.ivr.launch(scenario_id="s", to=["41793026727", "41793026731"]))
            server.script.append(loss)
            call = {"from_": "41793026700", "destination_a": "41793026727", "destination_b": "41793026731"}
            with pytest.raises(LAUNCH.get(loss, LaunchUncertain)) as ctc:
                await settle(voice.click_to_call.launch(**call))
            return ivr.value, ctc.value

    with lossy_server() as server:
        ivr, ctc = asyncio.run(scenario(server))
        assert [request.target for request in server.seen] == ["/voice/ivr/1/messages", "/voice/ctc/1/send"]
        assert list(ivr.message_ids + ctc.message_ids) == server.launched
        assert server.connections <= 2
    for error in (ivr, ctc):
        assert error.sent
        assert error.bulk_id
        assert_kept(loss, error)


def test_one_page_is_asked_for_once_and_its_loss_is_told(loss: Any, wire_format: str, kind: str, warmth: str) -> None:
    """`fetch` does not ask again after a loss; it salvages the whole reports of a cut answer."""

    async def scenario(server: LossyServer) -> ReportsUncertain | ReportsUnreadable:
        async with client(kind, server.url, **options(loss, wire_format)) as voice:
            await warm_up(voice, server, warmth, loss)
            with pytest.raises(FETCH.get(loss, ReportsUncertain)) as caught:
                await settle(voice.reports.fetch(limit=3))
            error: ReportsUncertain | ReportsUnreadable = caught.value
            return error

    with lossy_server(reports=9) as server:
        error = asyncio.run(scenario(server))
        assert server.handed_out == [["report-0", "report-1", "report-2"]]
    assert_kept(loss, error)
    expected = ["report-0", "report-1"] if loss == "cut" else []
    assert [report.message_id for report in error.reports] == expected


def test_a_drain_goes_on_and_shows_every_gap(
    loss: Any, wire_format: str, kind: str, warmth: str, tmp_path: Any
) -> None:
    """Every report that was handed out is delivered, or lies in an unreadable piece, or is covered
    by a visible gap.
    """

    async def scenario(server: LossyServer) -> tuple[list[Any], Any, list[bytes], Any]:
        async with client(kind, server.url, **options(loss, wire_format)) as voice:
            await warm_up(voice, server, warmth, loss)
            drain = voice.reports.drain(tmp_path / "spool", limit=3, auto_ack=False)
            delivered = [report.message_id async for report in each(drain)]
            unreadable = [piece.body for piece in drain.unreadable]
            bodies = [gap.bodies for gap in drain.gaps]
            await close(drain)
            return delivered, drain.gaps, unreadable, bodies

    with lossy_server(reports=9) as server:
        delivered, gaps, unreadable, bodies = asyncio.run(scenario(server))
        assert server.handed_out == [*(pages(range(9), 3)), []]
    rest = [f"report-{number}" for number in range(3, 9)]
    if loss == "cut":
        assert delivered == ["report-0", "report-1", *rest]
        assert b"report-2" in unreadable[0]
    else:
        assert delivered == rest
    if loss in LAUNCH:
        assert unreadable == [BYTES[loss]]
        assert gaps == ()
    else:
        assert [gap.status for gap in gaps] == [{503: 503, 520: 520, "cut": 200}.get(loss)]
        assert bodies == [() if loss == "cut" or not BYTES[loss] else (BYTES[loss],)]


def pages(numbers: Iterable[int], size: int) -> list[list[str]]:
    names = [f"report-{number}" for number in numbers]
    return [names[start : start + size] for start in range(0, len(names), size)]
