"""A drain forgets no report before it is done, and shows every loss."""

import asyncio
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

from infobip_voice import (
    Budget,
    Gap,
    NotSent,
    Refused,
    Report,
    ReportsPending,
    ReportsUncertain,
    ReportsUnreadable,
    SpoolError,
    SpoolLocked,
    Unauthorized,
    UnreadableReport,
    VoiceClient,
)
from infobip_voice._messages import Outcome
from infobip_voice._spool import Spool
from sdk.clients import BOTH, Clock, client, close, each, settings, settle
from sdk.lossy_server import GARBAGE, answer, lossy_server


def names(items: Any) -> list[str | None]:
    return [item.message_id for item in items]


def numbered(*numbers: int) -> list[str]:
    return [f"report-{number}" for number in numbers]


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("memory", [True, False])
def test_all_reports_page_by_page(kind: str, memory: bool, tmp_path: Path) -> None:
    """A drain asks with a limit until an answer is empty, and leaves nothing in the spool."""

    async def scenario(url: str) -> list[Any]:
        async with client(kind, url) as voice:
            drain = voice.reports.drain(None if memory else tmp_path / "spool", limit=4, bulk_id="b")
            items = [item async for item in each(drain)]
            assert [item async for item in each(drain)] == []
            assert drain._spool._waiting == {}  # a page that is done leaves nothing behind
            return items

    with lossy_server(reports=10) as server:
        assert names(asyncio.run(scenario(server.url))) == numbered(*range(10))
        assert [request.target for request in server.seen] == ["/tts/3/reports?bulkId=b&limit=4"] * 4
    if not memory:
        with sqlite3.connect(tmp_path / "spool") as database:
            assert database.execute("SELECT count(*) FROM page").fetchone() == (0,)
        database.close()


@pytest.mark.parametrize("kind", BOTH)
def test_what_was_not_done_comes_again(kind: str, tmp_path: Path) -> None:
    """After `break` the report in hand and all later ones come again; earlier ones do not."""

    async def scenario(url: str) -> list[list[str | None]]:
        runs: list[list[str | None]] = []
        for stop in ("report-3", "report-5", "none"):
            async with client(kind, url) as voice:
                drain = voice.reports.drain(tmp_path / "spool", limit=4)
                run: list[str | None] = []
                runs.append(run)
                async for item in each(drain):
                    run.append(item.message_id)
                    if item.message_id == stop:
                        break
                await close(drain)
        return runs

    with lossy_server(reports=7) as server:
        runs = asyncio.run(scenario(server.url))
    assert runs == [numbered(0, 1, 2, 3), numbered(3, 4, 5), numbered(5, 6)]


@pytest.mark.parametrize("kind", BOTH)
def test_explicit_acknowledgement_in_any_order(kind: str, tmp_path: Path) -> None:
    """Without `auto_ack` only `ack` forgets a report: once, and in any order."""

    async def scenario(url: str, done: tuple[int, ...]) -> list[Any]:
        async with client(kind, url) as voice:
            drain = voice.reports.drain(tmp_path / "spool", limit=4, auto_ack=False)
            return [item async for item in each(drain)]

    async def acknowledge(url: str, done: tuple[int, ...]) -> list[Any]:
        async with client(kind, url) as voice:
            drain = voice.reports.drain(tmp_path / "spool", limit=4, auto_ack=False)
            manager = drain if kind == "async" else _Async(drain)
            async with manager:
                items = [await _next(drain) for _ in range(4)]
                for position in done:
                    await settle(drain.ack(items[position]))
                    await settle(drain.ack(items[position]))
            return items

    with lossy_server(reports=4) as server:
        assert names(asyncio.run(acknowledge(server.url, (2, 0)))) == numbered(0, 1, 2, 3)
        assert names(asyncio.run(scenario(server.url, ()))) == numbered(1, 3)
        assert names(asyncio.run(scenario(server.url, ()))) == numbered(1, 3)
        Spool(tmp_path / "spool").close()
        foreign = Report(data=None, raw={})  # type: ignore[arg-type]
        with (
            VoiceClient(**settings(server.url)) as voice,
            voice.reports.drain(tmp_path / "spool", auto_ack=False) as drain,
        ):
            items = [next(drain), next(drain)]
            drain.ack(foreign)
            drain.close()
            for item in items:
                with pytest.raises(SpoolError, match="closed"):
                    drain.ack(item)


class _Async:
    def __init__(self, drain: Any) -> None:
        self.drain = drain

    async def __aenter__(self) -> Any:
        return self.drain.__enter__()

    async def __aexit__(self, *error: object) -> None:
        self.drain.__exit__(*error)


async def _next(drain: Any) -> Any:
    return await anext(drain) if hasattr(drain, "__anext__") else next(drain)


def test_the_bytes_are_in_the_file_before_a_report_is_delivered(tmp_path: Path) -> None:
    """A copy of the files, made while the first report is in hand, has the whole page."""
    with lossy_server(reports=3) as server, VoiceClient(**settings(server.url)) as voice:
        drain = voice.reports.drain(tmp_path / "spool", limit=3)
        next(drain)
        for name in ("spool", "spool-wal"):
            (tmp_path / f"copy-{name}").write_bytes((tmp_path / name).read_bytes())
        drain.close()
    copy = tmp_path / "copy-spool"
    with sqlite3.connect(copy) as database:
        ((body,),) = database.execute("SELECT body FROM page").fetchall()
        assert b"report-2" in body
    database.close()
    assert stat.S_IMODE((tmp_path / "spool").stat().st_mode) == 0o600


def test_a_second_drainer_is_locked_out(tmp_path: Path) -> None:
    """It is refused before it sends anything; once the first has closed, another may drain."""
    with lossy_server(reports=3) as server, VoiceClient(**settings(server.url)) as voice:
        with voice.reports.drain(tmp_path / "spool") as first:
            next(first)
            with pytest.raises(SpoolLocked):
                next(voice.reports.drain(tmp_path / "spool"))
            assert len(server.handed_out) == 1
        with voice.reports.drain(tmp_path / "spool") as second:
            assert names(second) == numbered(0, 1, 2)


@pytest.mark.parametrize("content", [b"this is no database " * 100, None])
def test_a_spool_that_cannot_be_opened(content: bytes | None, tmp_path: Path) -> None:
    """If the file is no database, or its folder is missing, nothing is asked for."""
    path = tmp_path / "spool" if content else tmp_path / "nowhere" / "spool"
    if content:
        path.write_bytes(content)
    with lossy_server(reports=3) as server, VoiceClient(**settings(server.url)) as voice:
        with pytest.raises(SpoolError, match="the spool failed"):
            next(voice.reports.drain(path))
        assert server.seen == []


def test_a_spool_of_another_version(tmp_path: Path) -> None:
    """A file that a later version wrote is not touched."""
    with sqlite3.connect(tmp_path / "spool") as database:
        database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(SpoolError, match="another version"):
        Spool(tmp_path / "spool").open()


def test_a_full_disk_is_told_before_asking_or_with_the_bytes(tmp_path: Path) -> None:
    """If a page does not fit, the error has its bytes: they exist nowhere else."""
    big = b'{"results": [{"messageId": "' + b"x" * 200_000 + b'"}]}'
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        server.script.append(answer(big))
        with voice.reports.drain(tmp_path / "spool") as drain:
            drain._spool.open()
            database = drain._spool._database
            assert database is not None
            drain._opened = True
            database.execute("PRAGMA max_page_count = 20")
            with pytest.raises(SpoolError, match="full") as caught:
                next(drain)
            assert caught.value.body == big
            assert caught.value.status == 200
            assert len(server.seen) == 1
            database.execute("PRAGMA max_page_count = 1")
            with pytest.raises(SpoolError, match=r".") as caught:  # noqa: PT012  which of them fails is SQLite's choice
                for _ in range(2000):
                    drain._spool.end(Outcome("lost", failure="x" * 3000), "uncertain")
    assert not caught.value.body


def test_a_request_that_never_ended_is_a_gap(tmp_path: Path) -> None:
    """This holds for a request of an earlier process, as the file tells, and of this one."""
    spool = Spool(tmp_path / "spool")
    spool.open()
    spool.begin()
    spool.close()
    with lossy_server(reports=1) as server, VoiceClient(**settings(server.url)) as voice:
        with voice.reports.drain(tmp_path / "spool") as drain:
            assert names(drain) == numbered(0)
            assert drain.gaps == (Gap("interrupted while an answer was on its way", None, b""),)
            assert drain.known_gaps == 0
        with voice.reports.drain(tmp_path / "spool") as drain:
            assert names(drain) == []
            assert len(drain.gaps) == 1
            assert drain.known_gaps == 1


def test_a_task_cancelled_on_its_way_leaves_a_gap(tmp_path: Path) -> None:
    """The page that the cancelled request took is a gap; the drain delivers the rest."""

    async def scenario(url: str) -> tuple[Any, Any]:
        async with client("async", url) as voice, voice.reports.drain(tmp_path / "spool", limit=2) as drain:
            task = asyncio.ensure_future(anext(drain))
            while not server.seen:
                await asyncio.sleep(0.005)  # wait until the request is at the server, however slow the machine is
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return [item async for item in drain], drain.gaps

    with lossy_server(reports=4) as server:
        server.script.append("hang")
        items, gaps = asyncio.run(scenario(server.url))
    assert names(items) == numbered(2, 3)
    assert gaps == (Gap("interrupted while an answer was on its way", None, b""),)


def test_a_task_cancelled_while_the_spool_opens_does_not_lock_itself_out(tmp_path: Path) -> None:
    """The thread still opens the file, and the next call finds it open."""

    async def scenario(url: str) -> list[Any]:
        async with client("async", url) as voice, voice.reports.drain(tmp_path / "spool") as drain:
            opening = asyncio.Event()
            loop, open_spool = asyncio.get_running_loop(), drain._spool.open

            def watched() -> None:
                loop.call_soon_threadsafe(opening.set)
                open_spool()

            drain._spool.open = watched
            task = asyncio.ensure_future(anext(drain))
            await opening.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return [item async for item in drain]

    with lossy_server(reports=2) as server:
        assert names(asyncio.run(scenario(server.url))) == numbered(0, 1)


def test_a_cancelled_task_still_stores_what_arrived(tmp_path: Path) -> None:
    """If a task is cancelled while the spool writes, the write still ends."""
    finished: list[bool] = []

    async def scenario(url: str) -> None:
        async with client("async", url) as voice:
            drain = voice.reports.drain(tmp_path / "spool")
            store = drain._spool.end
            started = asyncio.Event()
            loop = asyncio.get_running_loop()

            def slow(*arguments: Any) -> None:
                loop.call_soon_threadsafe(started.set)
                while not cancelled:
                    pass
                store(*arguments)
                finished.append(True)

            cancelled: list[bool] = []
            drain._spool.end = slow
            task = asyncio.ensure_future(anext(drain))
            await started.wait()
            task.cancel()
            cancelled.append(True)
            with pytest.raises(asyncio.CancelledError):
                await task
            assert finished == [True]
            await drain.aclose()

    with lossy_server(reports=2) as server:
        asyncio.run(scenario(server.url))
        with VoiceClient(**settings(server.url)) as voice, voice.reports.drain(tmp_path / "spool") as drain:
            assert names(drain) == numbered(0, 1)
            assert drain.gaps == ()


@pytest.mark.parametrize("kind", BOTH)
def test_too_many_gaps_end_the_drain_after_what_did_arrive(kind: str) -> None:
    """The whole reports of cut answers come first; then the error counts every gap."""

    async def scenario(url: str) -> tuple[list[Any], Any, list[Any]]:
        async with client(kind, url) as voice:
            drain = voice.reports.drain(None, limit=3)
            items: list[Any] = []
            with pytest.raises(ReportsUncertain):  # noqa: PT012  how many come before it is what is tested
                async for item in each(drain):
                    items.append(item)  # noqa: PERF401  an error ends it
            gaps = drain.gaps
            return items, gaps, [item async for item in each(drain)]

    with lossy_server(reports=10) as server:
        server.script.extend(["cut"] * 3)
        items, gaps, rest = asyncio.run(scenario(server.url))
    assert names(item for item in items if isinstance(item, Report)) == numbered(0, 1, 3, 4, 6, 7)
    assert sum(isinstance(item, UnreadableReport) for item in items) == 3
    assert [gap.status for gap in gaps] == [200, 200, 200]
    assert names(rest) == numbered(9)


def test_a_server_that_talks_nonsense_ends_the_drain() -> None:
    """It delivers the bytes of each unreadable answer, and gives up after a few in a row."""
    clock = Clock()
    options = settings("", clock=clock, budget=Budget(attempts=2))
    with (
        lossy_server(reports=10) as server,
        VoiceClient(**{**options, "base_url": server.url}, sleep=clock.sleep) as voice,
    ):
        server.script.extend(["garbage"] * 3)
        with voice.reports.drain(None, limit=1) as drain:
            items = [next(drain), next(drain)]
            with pytest.raises(ReportsUnreadable, match="2 answers in a row"):
                next(drain)
        assert [item.body for item in items if isinstance(item, UnreadableReport)] == [GARBAGE, GARBAGE]
    assert clock.slept == [0.5]


def test_errors_without_effect_end_the_drain_and_it_can_go_on() -> None:
    """A refusal is raised without a gap; whoever asks again goes on."""
    with lossy_server(reports=2) as server, VoiceClient(**settings(server.url)) as voice:
        drain = voice.reports.drain(None)
        server.script.append(401)
        with pytest.raises(Unauthorized):
            next(drain)
        server.script.append(answer(b"", "text/plain", 302))
        with pytest.raises(Refused):
            next(drain)
        assert drain.gaps == ()
        server.waiting.append("report-2")
        assert names(drain) == ["report-2"]  # this test server consumes a report even when it refuses


def test_following_waits_and_asks_again() -> None:
    """With `follow` an empty answer does not end the drain."""
    clock = Clock()
    with lossy_server(reports=1) as server:

        def sleep(seconds: float) -> None:
            clock.sleep(seconds)
            server.waiting.append(f"later-{len(clock.slept)}")

        with VoiceClient(sleep=sleep, **settings(server.url, clock=clock)) as voice:
            drain = voice.reports.drain(None, follow=5.0)
            assert names([next(drain), next(drain), next(drain)]) == ["report-0", "later-1", "later-2"]
            drain.close()
            assert names(drain) == []
    assert clock.slept == [5.0, 5.0]


@pytest.mark.parametrize("kind", BOTH)
def test_waiting_for_known_calls(kind: str) -> None:
    """It asks for each call by its id, round by round, until all reports are there."""
    clock = Clock()

    async def scenario(url: str) -> Any:
        async with client(kind, url, clock=clock) as voice:
            return await settle(voice.reports.wait_for(["a", "b", "a"], timeout=60, every=2.0))

    with lossy_server(reports=2) as server:
        server.script.extend([answer(b'{"results": []}'), "ok", "drop", "garbage", answer(b'{"results": [null]}')])
        found = asyncio.run(scenario(server.url))
        targets = [request.target.partition("?")[2] for request in server.seen]
    assert targets == [f"messageId={name}&limit=1" for name in ("a", "b", "a", "a", "a")]
    assert list(found) == ["b", "a"]
    assert isinstance(found["a"], UnreadableReport)
    assert clock.slept == [2.0, 2.0, 2.0]


def test_waiting_ends_with_what_there_is() -> None:
    """On a timeout or a refusal the error has the reports that came, and the gaps."""
    clock = Clock()
    with (
        lossy_server(reports=1) as server,
        VoiceClient(sleep=clock.sleep, **settings(server.url, clock=clock)) as voice,
    ):
        server.script.extend(["ok", "drop"])
        with pytest.raises(ReportsPending, match="within 3 seconds") as caught:
            voice.reports.wait_for(["a", "b"], timeout=3)
        assert list(caught.value.reports) == ["a"]
        assert caught.value.pending == ("b",)
        assert [gap.status for gap in caught.value.gaps] == [None]
        server.waiting.append("c")
        server.script.extend(["ok", answer(b"", "text/plain", 403)])
        with pytest.raises(ReportsPending) as caught:
            voice.reports.wait_for(["c", "d"], timeout=3)
        assert (list(caught.value.reports), caught.value.pending) == (["c"], ("d",))
        assert caught.value.__cause__ is not None
    clock = Clock()
    with VoiceClient(sleep=clock.sleep, **settings(server.url, clock=clock)) as voice:
        with pytest.raises(ReportsPending):
            voice.reports.wait_for(["a"], timeout=3)
        with pytest.raises(NotSent):
            voice.reports.fetch()
