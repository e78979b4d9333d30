"""Every way to lose an answer, over real sockets: no silent second call, no silent loss."""

import asyncio
from collections.abc import Iterator
from functools import partial, partialmethod
from time import monotonic
from typing import Any

import pytest
from httpcore import AsyncConnectionPool, ConnectionPool, Request
from httpcore._backends.anyio import AnyIOStream

from infobip_voice import (
    LaunchUncertain,
    LaunchUnreadable,
    Refused,
    ReportsUncertain,
    ReportsUnreadable,
    VoiceError,
    _network,
    _transport,
)
from infobip_voice._network import Seconds
from sdk.clients import BOTH, client, close, each, settle
from sdk.lossy_server import GARBAGE, HTML, PADDING, LossyServer, lossy_server

LOSSES = ("drop", "cut", "hang", 503, "garbage", "html", 520, 303, "drip", "drip-head", "continue", "large")
# The settings that end an answer, by the way in which the server goes on with it for ever.
BOUNDS = {"drip": "deadline", "drip-head": "deadline", "continue": "deadline", "large": "max_answer_bytes"}
REFUSALS = (402, 407, 422, 425)
# For each way to lose an answer: the error of a launch, the error of a fetch, and what is left.
LAUNCH = {"garbage": LaunchUnreadable, "html": LaunchUnreadable}
FETCH = {"garbage": ReportsUnreadable, "html": ReportsUnreadable}
NO = b"upstream says no"
BYTES = {503: NO, 520: NO, 303: NO, "garbage": GARBAGE, "html": HTML}
SALVAGE = {"cut": 2, "drip": 2, "large": 3}  # how many reports of three can be read
NO_STATUS = ("drop", "hang", "drip-head", "continue")

pytestmark = [
    pytest.mark.parametrize("warmth", ["cold", "warm"]),
    pytest.mark.parametrize("kind", BOTH),
    pytest.mark.parametrize("wire_format", ["json", "xml"]),
]
every_loss = pytest.mark.parametrize("loss", LOSSES)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LossyServer]:
    """Yield a server with nine reports; only an answer that never ends runs out of time.

    All other requests have a minute, however busy the machine is. A request that is never answered
    has a short timeout, which begins when the server has it. The deadline of an attempt passes when
    the client has read some of an endless answer: on threads by the clock, on an event loop by its
    timer.
    """
    with lossy_server(reports=9) as server:
        jumps, timers, hangs = [0.0], [asyncio.Timeout(None)], [False]

        def timer(_: float) -> asyncio.Timeout:
            timers[0] = asyncio.Timeout(None)
            return timers[0]

        def read(stream: Any, real: Any, *arguments: Any, **timeout: Any) -> bytes:
            if hangs[0]:
                server.arrived.wait(60)
            data: bytes = real(stream, *arguments, **timeout)
            jumps[0] += 1000 * server.endless
            return data

        async def read_async(stream: Any, real: Any, *arguments: Any, **timeout: Any) -> bytes:
            if hangs[0]:
                await asyncio.to_thread(server.arrived.wait, 60)
            data: bytes = await real(stream, *arguments, **timeout)
            if server.endless:
                timers[0].reschedule(0)
            return data

        def handle(pool: Any, real: Any, request: Request) -> Any:
            timeouts = request.extensions["timeout"]
            hangs[0] = bool(server.script and server.script[0] == "hang")
            if hangs[0]:
                server.arrived.clear()
                request.extensions["timeout"] = {**timeouts, "read": Seconds(0.05, timeouts["read"].ends)}
            return real(pool, request)

        for module in (_transport, _network):
            monkeypatch.setattr(module, "monotonic", lambda: monotonic() + jumps[0])
        monkeypatch.setattr(asyncio, "timeout", timer)
        for kind, name, watched in (
            (_network._Stream, "read", read),
            (AnyIOStream, "read", read_async),
            (ConnectionPool, "handle_request", handle),
            (AsyncConnectionPool, "handle_async_request", handle),
        ):
            monkeypatch.setattr(kind, name, partialmethod(watched, getattr(kind, name)))
        yield server


def bounds(loss: str | int) -> dict[str, Any]:
    return {"max_answer_bytes": PADDING} if loss == "large" else {}


def status_of(loss: str | int) -> int | None:
    return loss if isinstance(loss, int) else None if loss in NO_STATUS else 200


def assert_kept(loss: str | int, error: VoiceError) -> None:
    assert error.status == status_of(loss)
    if loss in SALVAGE:
        assert error.body
    else:
        assert error.body == BYTES.get(loss, b"")
    assert str(BOUNDS.get(loss, "")) in str(error)  # type: ignore[call-overload]


async def warm_up(voice: Any, server: LossyServer, warmth: str, loss: str | int) -> None:
    if warmth == "warm":
        await settle(voice.ivr.launch(scenario_id="s", to="41793026700"))
        server.seen.clear()
        server.launched.clear()
    server.script.append(loss)


@every_loss
def test_a_launch_is_sent_once_and_its_loss_is_told(
    server: LossyServer, loss: Any, wire_format: str, kind: str, warmth: str
) -> None:
    """A launch is one request; its error names every call and has the bytes that came back."""

    async def scenario() -> tuple[VoiceError, VoiceError]:
        async with client(kind, server.url, wire_format=wire_format, **bounds(loss)) as voice:
            await warm_up(voice, server, warmth, loss)
            with pytest.raises(LAUNCH.get(loss, LaunchUncertain)) as ivr:
                await settle(voice.ivr.launch(scenario_id="s", to=["41793026727", "41793026731"]))
            server.script.append(loss)
            call = {"from_": "41793026700", "destination_a": "41793026727", "destination_b": "41793026731"}
            with pytest.raises(LAUNCH.get(loss, LaunchUncertain)) as ctc:
                await settle(voice.click_to_call.launch(**call))
            return ivr.value, ctc.value

    ivr, ctc = asyncio.run(scenario())
    assert [request.target for request in server.seen] == ["/voice/ivr/1/messages", "/voice/ctc/1/send"]
    assert list(ivr.message_ids + ctc.message_ids) == server.launched
    assert server.connections <= 2
    for error in (ivr, ctc):
        assert error.sent
        assert error.bulk_id
        assert_kept(loss, error)


@every_loss
def test_one_page_is_asked_for_once_and_its_loss_is_told(
    server: LossyServer, loss: Any, wire_format: str, kind: str, warmth: str
) -> None:
    """`fetch` does not ask again after a loss; it salvages the whole reports of a cut answer."""

    async def scenario() -> ReportsUncertain | ReportsUnreadable:
        async with client(kind, server.url, wire_format=wire_format, **bounds(loss)) as voice:
            await warm_up(voice, server, warmth, loss)
            with pytest.raises(FETCH.get(loss, ReportsUncertain)) as caught:
                await settle(voice.reports.fetch(limit=3))
            error: ReportsUncertain | ReportsUnreadable = caught.value
            return error

    error = asyncio.run(scenario())
    assert server.handed_out == [["report-0", "report-1", "report-2"]]
    assert_kept(loss, error)
    assert [report.message_id for report in error.reports] == names(SALVAGE.get(loss, 0))


@every_loss
def test_a_drain_shows_every_gap(
    server: LossyServer, loss: Any, wire_format: str, kind: str, warmth: str, tmp_path: Any
) -> None:
    """Every report that was handed out is delivered, or lies in an unreadable piece, or is covered
    by a visible gap. A drain goes on, unless a setting of the client cut the answer: it could lose
    every page.
    """
    delivered: list[str] = []

    async def scenario() -> tuple[Any, list[bytes], Any]:
        async with client(kind, server.url, wire_format=wire_format, **bounds(loss)) as voice:
            await warm_up(voice, server, warmth, loss)
            drain = voice.reports.drain(tmp_path / "spool", limit=3, auto_ack=False)
            try:
                async for report in each(drain):
                    delivered.append(report.message_id)  # noqa: PERF401
                assert loss not in BOUNDS
            except ReportsUncertain as error:
                assert BOUNDS[loss] in str(error)  # noqa: PT017
            unreadable = [piece.body for piece in drain.unreadable]
            bodies = [gap.bodies for gap in drain.gaps]
            await close(drain)
            return drain.gaps, unreadable, bodies

    gaps, unreadable, bodies = asyncio.run(scenario())
    pages = [names(3), names(6, 3), names(9, 6), []]
    assert server.handed_out == (pages[:1] if loss in BOUNDS else pages)
    salvaged = SALVAGE.get(loss, 0)
    assert delivered == names(salvaged) + ([] if loss in BOUNDS else names(9, 3))
    if 0 < salvaged < 3:
        assert b"report-2" in unreadable[0]
    if loss in LAUNCH:
        assert unreadable == [BYTES[loss]]
        assert gaps == ()
    else:
        assert [gap.status for gap in gaps] == [status_of(loss)]
        assert bodies == [(BYTES[loss],) if loss in BYTES else ()]


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_is_told_as_harmless(status: int, wire_format: str, kind: str, warmth: str) -> None:
    """Nothing happened, so that it is neither repeated nor told as a loss (ruling R22)."""

    async def scenario(server: LossyServer) -> list[VoiceError]:
        errors: list[VoiceError] = []
        async with client(kind, server.url, wire_format=wire_format) as voice:
            await warm_up(voice, server, warmth, status)
            for ask in (partial(voice.ivr.launch, scenario_id="s", to="41793026727"), voice.reports.fetch):
                with pytest.raises(Refused) as caught:
                    await settle(ask())
                errors.append(caught.value)
                server.script.append(status)
        return errors

    with lossy_server() as server:
        for error in asyncio.run(scenario(server)):
            assert (error.status, error.body) == (status, NO)
        assert len(server.seen) == 2


def test_an_answer_in_several_members_is_whole(wire_format: str, kind: str, warmth: str) -> None:
    """Every report of a gzip answer is read that a server wrote piece by piece, and every call."""

    async def scenario(server: LossyServer) -> tuple[Any, list[Any]]:
        async with client(kind, server.url, wire_format=wire_format) as voice:
            await warm_up(voice, server, warmth, "members")
            launch = await settle(voice.ivr.launch(scenario_id="s", to=["41793026727", "41793026731"]))
            server.script.append("members")
            return launch, await settle(voice.reports.fetch(limit=9))

    with lossy_server(reports=9) as server:
        launch, items = asyncio.run(scenario(server))
        assert [entry.message_id for entry in launch.messages] == server.launched
    assert [item.message_id for item in items] == names(9)


def names(end: int, start: int = 0) -> list[str]:
    return [f"report-{number}" for number in range(start, end)]
