"""The drivers: what a flow yields is carried out, and an error leaves nothing behind."""

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from infobip_voice._drivers import drive, drive_async
from infobip_voice._exchange import Blocking, Flow, Wait
from infobip_voice._messages import Operation, Outcome, Request
from sdk.clients import BOTH, client, settle
from sdk.lossy_server import lossy_server

REQUEST = Request(Operation("reports.fetch"), "GET", "/tts/3/reports?limit=1", b"", "application/json")


class Broken(Exception):
    pass


class Held:
    """What a flow works on: an open spool, say."""

    def fail(self, *_: object) -> Any:
        raise Broken


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Without the cycle collector only what nobody refers to is freed."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def drain(held: Held, effect: Any) -> Flow[str]:
    yield Blocking(id, (held,))
    yield effect
    return "done"


async def run(kind: str, held: Held, effect: Any, fails: bool) -> str:
    def at_once(_: object) -> Any:
        return held.fail() if fails else Outcome("unsent")

    async def later(_: object) -> Any:
        await asyncio.sleep(0)
        return at_once(_)

    if kind == "sync":
        return drive(drain(held, effect), at_once, at_once)
    return await drive_async(drain(held, effect), later, later)


EFFECTS: dict[str, Callable[[Held], Any]] = {
    "request": lambda _: REQUEST,
    "wait": lambda _: Wait(1.0),
    "blocking": lambda held: Blocking(held.fail),
}


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.usefixtures("no_collector")
def test_an_error_holds_nothing_once_it_was_caught(kind: str, effect: str) -> None:
    """The frames that it passed through do not refer to it; what they held goes at once."""

    async def scenario() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        held = Held()
        gone = weakref.ref(held)
        try:
            await run(kind, held, EFFECTS[effect](held), fails=True)
        except Broken:
            del held
        await asyncio.sleep(0)  # the event loop lets go of what it has just called
        await asyncio.to_thread(int)  # and so does the thread, before it does something else
        assert gone() is None

    asyncio.run(scenario())


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("effect", [REQUEST, Wait(1.0), Blocking(id, (1,))])
def test_a_flow_returns_what_it_returns(kind: str, effect: Any) -> None:
    """Requests, waits and blocking calls go each to its own."""
    assert asyncio.run(run(kind, Held(), effect, fails=False)) == "done"


LOSSES: dict[str, str | bytes] = {
    "reset": "drop",
    "no HTTP": b"no HTTP at all\r\n\r\n",
    "another HTTP": b"HTTP/2 200\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "unknown coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
}


@pytest.mark.parametrize("kind", [*BOTH, "injected"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.usefixtures("no_collector")
def test_a_lost_answer_holds_nothing(kind: str, loss: str) -> None:
    """Nor do the frames of the transport, of httpx and h11, through which the failure came."""

    def flow(held: Held) -> Flow[None]:
        outcome = yield REQUEST
        assert outcome.phase == "lost"
        held.fail()

    async def scenario(url: str, theirs: httpx.Client) -> None:
        injected = {"http_client": theirs} if kind == "injected" else {}
        async with client("async" if kind == "async" else "sync", url, **injected) as voice:

            def ask(held: Held) -> Any:  # a frame that holds what it works on, as a drain's does
                return voice._run(flow(held))

            held = Held()
            gone = weakref.ref(held)
            try:
                await settle(ask(held))
            except Broken:
                del held
            assert gone() is None

    with lossy_server() as server, httpx.Client() as theirs:
        server.script.append(LOSSES[loss])
        asyncio.run(scenario(server.url, theirs))


def test_a_blocking_call_is_awaited_to_its_end_when_cancelled() -> None:
    """It may be storing the only copy of an answer."""
    ended: list[int] = []
    begun, finish = asyncio.Event(), asyncio.Event()

    async def scenario() -> None:
        loop = asyncio.get_running_loop()

        def store() -> None:
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(finish.wait(), loop).result()
            ended.append(1)

        def flow() -> Flow[None]:
            yield Blocking(store)

        async def never(_: object) -> Any:
            raise AssertionError

        task = asyncio.create_task(drive_async(flow(), never, never))
        await begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
        finish.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scenario())
    assert ended == [1]
