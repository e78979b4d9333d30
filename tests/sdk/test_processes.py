"""A client goes on after a fork and on another event loop: each use gets its own answers, and
leaves the connections of the others alone.
"""

import asyncio
import builtins
import copy
import gc
import importlib
import multiprocessing
import os
import pickle
import signal
import threading
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from infobip_voice import AsyncVoiceClient, ConfigurationError, VoiceClient, _forks
from sdk.clients import BOTH, client, settings, settle
from sdk.lossy_server import LossyServer, lossy_server

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here"),
    # Newer interpreters warn of a fork while threads run, which is what is tested here.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


def launch(voice: VoiceClient, rounds: int) -> int:
    """Launch so many times; return how many answers were another's."""
    wrong = 0
    for _ in range(rounds):
        made = voice.ivr.launch(scenario_id="s", to="41793026727")
        wrong += made.unlisted != () or made.responses[0].bulk_id != made.bulk_id
    return wrong


def launch_on_threads(voice: VoiceClient, threads: int, rounds: int) -> int:
    wrong: list[int] = []
    workers = [threading.Thread(target=lambda: wrong.append(launch(voice, rounds))) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(wrong) + (threads - len(wrong)) * rounds


async def launch_in_tasks(voice: AsyncVoiceClient, tasks: int, rounds: int) -> int:
    async def some() -> int:
        wrong = 0
        for _ in range(rounds):
            made = await voice.ivr.launch(scenario_id="s", to="41793026727")
            wrong += made.unlisted != () or made.responses[0].bulk_id != made.bulk_id
        return wrong

    return sum(await asyncio.gather(*(some() for _ in range(tasks))))


@contextmanager
def children(count: int, work: Callable[[], int]) -> Iterator[None]:
    """Fork; on the way out, wait for the children, in each of which `work` has to come to 0."""
    pids: list[int] = []
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            code = 99
            signal.alarm(60)  # a child that waits for ever fails, too
            try:
                code = min(work(), 98)
            finally:
                os._exit(code)  # nothing of the parent's is torn down here
        pids.append(pid)
    yield
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids] == [0] * count


def test_threads_and_processes_share_a_client() -> None:
    """Each gets the answers to its own launches, from a fork in the midst of the others' on."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        assert launch_on_threads(voice, 4, 2) == 0
        during = threading.Thread(target=launch_on_threads, args=(voice, 2, 20))
        during.start()
        with children(3, lambda: launch_on_threads(voice, 3, 10)):
            assert launch_on_threads(voice, 3, 10) == 0
        during.join()
        assert len(server.launched) == len(set(server.launched)) == 8 + 40 + 90 + 30


def test_workers_of_multiprocessing_share_a_client() -> None:
    """Which inherit it by a fork, as those of gunicorn and celery do."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        assert launch(voice, 1) == 0
        with multiprocessing.get_context("fork").Pool(3, initializer=_use, initargs=(voice,)) as pool:
            assert pool.map(_launch_some, [5] * 6, chunksize=1) == [0] * 6
        assert len(set(server.launched)) == 1 + 30


_SHARED: list[VoiceClient] = []


def _use(voice: VoiceClient) -> None:
    _SHARED.append(voice)


def _launch_some(rounds: int) -> int:
    return launch(_SHARED[0], rounds)


@pytest.mark.parametrize("end", ["close", "forget", "use"])
def test_a_child_leaves_inherited_connections_alone(end: str) -> None:
    """Whatever it does with the client, its parent goes on over the connection that it has."""
    held = [VoiceClient(**settings("http://127.0.0.1:1"))]

    def work() -> int:
        warnings.simplefilter("ignore")  # that a socket was not closed: it is not the child's to close
        voice = held.pop()
        if end == "close":
            with voice:
                pass
        if end == "use":
            launch(voice, 3)
        del voice
        gc.collect()
        return 0

    with lossy_server() as server:
        held = [VoiceClient(**settings(server.url))]
        launch(held[0], 1)
        with children(1, work):
            pass
        assert launch(held[0], 3) == 0
        assert server.connections == (2 if end == "use" else 1)
        held[0].close()


@pytest.mark.parametrize("end", ["close", "forget", "use"])
def test_a_fork_inside_an_event_loop(end: str) -> None:
    """The child runs a loop of its own; the parent's goes on over the connection that it has."""

    def work() -> int:
        warnings.simplefilter("ignore")
        voice = held.pop()
        wrong = 0
        if end == "close":
            asyncio.run(voice.aclose())
        if end == "use":
            wrong = asyncio.run(launch_in_tasks(voice, 3, 3))
        del voice
        gc.collect()
        return wrong

    held: list[AsyncVoiceClient] = []

    async def scenario(server: LossyServer) -> None:
        held.append(AsyncVoiceClient(**settings(server.url)))
        assert await launch_in_tasks(held[0], 1, 1) == 0
        with children(2, work):
            assert await launch_in_tasks(held[0], 1, 3) == 0
        assert await launch_in_tasks(held[0], 1, 3) == 0
        await held[0].aclose()

    with lossy_server() as server:
        asyncio.run(scenario(server))
        assert len(set(server.launched)) == (7 + 18 if end == "use" else 7)
        assert server.connections == (1 + 6 if end == "use" else 1)


def test_one_client_in_one_loop_after_another() -> None:
    """No answer is lost, and a loop that ends takes its connections with it."""
    with lossy_server(reports=4) as server:
        voice = AsyncVoiceClient(**settings(server.url))

        async def fetch() -> list[Any]:
            return await voice.reports.fetch(limit=1)

        got = [item.message_id for _ in range(4) for item in asyncio.run(fetch())]
        assert got == ["report-0", "report-1", "report-2", "report-3"]
        assert server.connections == 4
        while server.open_connections:  # the server sees the end of each
            threading.Event().wait(0.001)
        asyncio.run(voice.aclose())


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # of sockets that nobody closed
def test_loops_that_did_not_let_go() -> None:
    """A loop that is only closed leaves its connections; the next loop's first use forgets them."""
    with lossy_server(reports=3) as server:
        voice = AsyncVoiceClient(**settings(server.url))
        for number in range(3):
            loop = asyncio.new_event_loop()
            (item,) = loop.run_until_complete(voice.reports.fetch(limit=1))
            assert item.message_id == f"report-{number}"  # type: ignore[union-attr]
            loop.close()
            assert len(voice._transport._own) == 1
        del loop
        voice._transport._own.clear()
        gc.collect()


def test_loops_in_turns_keep_their_connections() -> None:
    """The first use on another loop forgets those of loops that are closed, and no others."""
    with lossy_server(reports=4) as server:
        voice = AsyncVoiceClient(**settings(server.url))
        loops = [asyncio.new_event_loop() for _ in range(2)]
        for loop in loops * 2:
            loop.run_until_complete(voice.reports.fetch(limit=1))
        assert server.connections == 2
        for loop in loops:
            loop.run_until_complete(voice.aclose())
            loop.close()


def test_a_client_that_is_closed_closes_its_connections_at_once() -> None:
    """Not only when its loop ends."""

    async def scenario(url: str) -> list[Any]:
        voice = AsyncVoiceClient(**settings(url))
        await voice.reports.fetch(limit=1)
        ((own, _),) = voice._transport._own.values()
        pool = own._pool
        assert len(pool.connections) == 1
        await voice.aclose()
        return [*pool.connections]

    with lossy_server(reports=1) as server:
        assert asyncio.run(scenario(server.url)) == []


def test_threads_with_a_loop_each_share_a_client() -> None:
    """Each loop has connections of its own."""
    wrong: list[int] = []
    with lossy_server() as server:
        voice = AsyncVoiceClient(**settings(server.url))
        threads = [
            threading.Thread(target=lambda: wrong.append(asyncio.run(launch_in_tasks(voice, 3, 5)))) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == [0] * 4
        assert len(set(server.launched)) == 60


def by_hand(coroutine: Awaitable[Any]) -> None:
    """Run a coroutine as another library than asyncio does."""
    coroutine.__await__().send(None)


@pytest.mark.parametrize("use", ["launch", "fetch", "drain"])
def test_without_a_loop_of_asyncio_nothing_is_sent(use: str, tmp_path: Any) -> None:
    """As under trio: refused, also before the first step of a drain, which would be its spool's."""
    with lossy_server(reports=1) as server:
        voice = AsyncVoiceClient(**settings(server.url))
        uses: dict[str, Callable[[], Awaitable[Any]]] = {
            "launch": lambda: voice.ivr.launch(scenario_id="s", to="41793026727"),
            "fetch": voice.reports.fetch,
            "drain": lambda: anext(voice.reports.drain(tmp_path / "spool")),
        }
        with pytest.raises(ConfigurationError, match="event loop of asyncio"):
            by_hand(uses[use]())
        assert server.connections == 0
        assert not (tmp_path / "spool").exists()


@pytest.mark.parametrize("kind", BOTH)
def test_a_closed_client_sends_nothing(kind: str, tmp_path: Any) -> None:
    """It refuses, and a drain that it stops in the midst does not take that for a lost answer."""

    async def scenario(server: LossyServer) -> None:
        async with client(kind, server.url) as voice:
            drain = voice.reports.drain(tmp_path / "spool", limit=1)
            await settle(anext(drain) if kind == "async" else next(drain))
        for use in (voice.reports.fetch, drain.__anext__ if kind == "async" else drain.__next__):
            with pytest.raises(ConfigurationError, match=r"^the client is closed"):
                await settle(use())
        assert drain.gaps == ()
        await settle(drain.aclose() if kind == "async" else drain.close())
        await settle(voice.aclose() if kind == "async" else voice.close())

    with lossy_server(reports=2) as server:
        asyncio.run(scenario(server))
        assert server.handed_out == [["report-0"]]


def nothing(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"results": []})


def own_client(kind: str) -> Any:
    transport = httpx.MockTransport(nothing)
    return httpx.Client(transport=transport) if kind == "sync" else httpx.AsyncClient(transport=transport)


@pytest.mark.parametrize("kind", BOTH)
def test_an_injected_client_that_is_closed(kind: str) -> None:
    """Nothing was sent, and that is what is said."""

    async def scenario() -> None:
        http_client = own_client(kind)
        async with client(kind, "http://host", http_client=http_client) as voice:
            assert await settle(voice.reports.fetch()) == []
            await settle(http_client.aclose() if kind == "async" else http_client.close())
            with pytest.raises(ConfigurationError, match=r"^the http_client is closed"):
                await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))

    asyncio.run(scenario())


def test_an_injected_client_in_another_process() -> None:
    """It cannot be made anew, so it refuses; its own process goes on."""

    def work() -> int:
        try:
            voice.reports.fetch()
        except ConfigurationError as error:
            return 0 if str(error).startswith("the http_client belongs to another process") else 1
        return 2

    with VoiceClient(http_client=own_client("sync"), **settings("http://host")) as voice:
        assert voice.reports.fetch() == []
        with children(1, work):
            pass
        assert voice.reports.fetch() == []


def test_an_injected_client_on_another_loop() -> None:
    """It belongs to the loop on which it was first used."""
    voice = AsyncVoiceClient(http_client=own_client("async"), **settings("http://host"))

    async def fetch() -> list[Any]:
        return await voice.reports.fetch()

    assert asyncio.run(fetch()) == []
    with pytest.raises(
        ConfigurationError,
        match=r"^the http_client belongs to another process or event loop: make both clients anew here",
    ):
        asyncio.run(fetch())
    asyncio.run(voice.aclose())


@pytest.mark.parametrize("attempt", [pickle.dumps, copy.copy, copy.deepcopy], ids=lambda attempt: attempt.__name__)
def test_what_belongs_to_one_process_is_not_copied(attempt: Callable[[Any], Any], tmp_path: Path) -> None:
    """A pickle would have the credentials, and a copy would close what the original has open."""
    with lossy_server(reports=2) as server, VoiceClient(**settings(server.url)) as voice:
        drain = voice.reports.drain(tmp_path / "spool")
        loop = iter(drain)
        assert next(loop).message_id == "report-0"
        asynchronous = AsyncVoiceClient(base_url="https://host", api_key="k")
        client_words = "a client cannot be copied or pickled: make one in each process"
        drain_words = "a drain cannot be copied or pickled: it has one consumer, in one process"
        loop_words = "a loop over a drain cannot be copied or pickled: a drain has one consumer"
        for each, words in (
            (voice, client_words),
            (asynchronous, client_words),
            (drain, drain_words),
            (asynchronous.reports.drain(None), drain_words),
            (loop, loop_words),
        ):
            with pytest.raises(TypeError) as caught:
                attempt(each)
            assert str(caught.value) == words
        gc.collect()
        assert next(loop).message_id == "report-1"


def test_a_fork_while_another_thread_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits until that is done, or the child would wait for ever for the other thread."""
    (tmp_path / "infobip_voice_one.py").write_text("began.set()\ngo.wait(60)\n")
    (tmp_path / "infobip_voice_two.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    began, go = threading.Event(), threading.Event()
    monkeypatch.setattr(builtins, "began", began, raising=False)
    monkeypatch.setattr(builtins, "go", go, raising=False)
    waited_for: list[str] = []

    def wait(name: str) -> None:
        """Wait as before a fork, and only then let the other thread go on."""
        waited_for.append(name)
        go.set()
        importlib.import_module(name)

    def work() -> int:
        importlib.import_module("infobip_voice_one")
        importlib.import_module("infobip_voice_two")
        return 0

    importing = threading.Thread(target=work)
    importing.start()
    began.wait()
    monkeypatch.setattr(_forks, "import_module", wait)
    with children(1, work):
        importing.join()
    assert waited_for[0] == "infobip_voice_one"


def test_a_fork_in_the_midst_of_an_import_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that forks while it imports a module of ours cannot wait for itself."""
    (tmp_path / "infobip_voice_forking.py").write_text(
        "import os\nif child := os.fork():\n    ended = os.waitpid(child, 0)[1]\nelse:\n    os._exit(7)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert os.waitstatus_to_exitcode(importlib.import_module("infobip_voice_forking").ended) == 7
