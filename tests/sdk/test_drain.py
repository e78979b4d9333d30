"""A drain forgets no report before it is done, and shows every loss."""

import asyncio
import json
import pickle
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from infobip_voice import (
    NO_RETRIES,
    Budget,
    FilterIgnored,
    Gap,
    Launch,
    NotSent,
    Refused,
    ReportsPending,
    ReportsUncertain,
    ReportsUnreadable,
    SpoolError,
    SpoolLocked,
    Unauthorized,
    Unreadable,
    VoiceClient,
)
from infobip_voice._messages import Outcome
from infobip_voice._reports import Filter
from infobip_voice._spool_file import APPLICATION_ID
from infobip_voice._sqlite_spool import SqliteSpool as Spool
from infobip_voice_client.models import VoiceResponse, VoiceResponseDetails
from sdk.clients import BOTH, Clock, client, close, each, settings, settle
from sdk.lossy_server import GARBAGE, HTML, answer, entry, lossy_server, report

MOMENT = datetime(2026, 11, 26, 12, tzinfo=UTC)


def now() -> datetime:
    return MOMENT


def spool(path: Path | None, asked: Filter | None = None) -> Spool:
    return Spool(path, asked, now, lambda: "identity")


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
        with (
            VoiceClient(**settings(server.url)) as voice,
            voice.reports.drain(tmp_path / "spool", auto_ack=False) as drain,
        ):
            items = [next(drain), next(drain)]
            drain.close()
            for item in items:
                with pytest.raises(SpoolError, match="not open"):
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
        with pytest.raises(SpoolError, match="no spool" if content else "the spool failed"):
            next(voice.reports.drain(path))
        assert server.seen == []
        assert not content or path.read_bytes() == content


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("journal", ["wal", "delete"])
@pytest.mark.parametrize(
    ("pragma", "reason"),
    [
        ("user_version = 0", "no spool"),
        ("user_version = 2", "no spool"),  # another application, with a version of its own
        ("application_id = 252006674", "no spool"),  # a GeoPackage
        (f"application_id = {APPLICATION_ID}", "another version"),
    ],
)
def test_a_database_of_something_else_is_refused_untouched(
    pragma: str, reason: str, journal: str, tmp_path: Path
) -> None:
    """Somebody's database, or a spool of another version: not one byte of it changes, and nothing
    is asked for.
    """
    path = tmp_path / "spool"
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA journal_mode = {journal}")
        database.execute("CREATE TABLE page (number INTEGER)")
        database.execute(f"PRAGMA {pragma}")
    database.close()
    before = files(tmp_path)
    with lossy_server(reports=1) as server, VoiceClient(**settings(server.url)) as voice:
        with pytest.raises(SpoolError, match=reason):
            next(voice.reports.drain(path))
        assert server.seen == []
    assert files(tmp_path) == before


def test_an_empty_file_becomes_a_spool(tmp_path: Path) -> None:
    """As a temporary file that somebody made for it."""
    (tmp_path / "spool").touch()
    with lossy_server(reports=2) as server, VoiceClient(**settings(server.url)) as voice:
        assert names(voice.reports.drain(tmp_path / "spool")) == numbered(0, 1)


def test_a_spool_killed_at_its_first_breath_is_still_a_spool(tmp_path: Path) -> None:
    """What the file is stands in its header before anything goes into the write-ahead log."""
    first = spool(tmp_path / "spool")
    first.open()
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "spool").write_bytes((tmp_path / "spool").read_bytes())  # without the log: as if nothing of it was synced
    first.close()
    again = spool(copy / "spool")
    again.open()  # anything else would be refused
    assert again.read(0) is None
    again.close()


def test_a_spool_remembers_its_filter(tmp_path: Path) -> None:
    """Reports of one launch and those of all do not mix in one file: refused before anything is
    sent.
    """
    with lossy_server(reports=3) as server, VoiceClient(**settings(server.url)) as voice:
        with voice.reports.drain(tmp_path / "spool", bulk_id="b", limit=1) as drain:
            next(drain)
        sent = len(server.seen)
        for other in (None, "c"):
            with pytest.raises(SpoolError, match="the launch b"):
                next(voice.reports.drain(tmp_path / "spool", bulk_id=other))
        assert len(server.seen) == sent
        with voice.reports.drain(tmp_path / "all", limit=1) as drain:
            next(drain)
        with pytest.raises(SpoolError, match="every launch"):
            next(voice.reports.drain(tmp_path / "all", bulk_id="b"))
        assert len(server.seen) == sent + 1
        with voice.reports.drain(tmp_path / "spool", bulk_id="b") as drain:
            assert names(drain) == ["report-0", "report-2"]


@pytest.mark.parametrize("kind", BOTH)
def test_a_server_that_ignores_the_filter_is_asked_once(kind: str, tmp_path: Path) -> None:
    """What was asked for is handed out; the strangers stay in the spool; then `FilterIgnored`,
    again and again.
    """
    strangers = [report("stranger-1", bulkId="x"), report("stranger-2", bulkId="x")]
    mine = [report("mine", bulkId="b"), {"messageId": "nameless"}]

    async def scenario(url: str) -> Any:
        async with client(kind, url) as voice:
            drain = voice.reports.drain(tmp_path / "spool", bulk_id="b")
            items: list[Any] = []
            for _ in range(2):
                with pytest.raises(FilterIgnored) as caught:  # noqa: PT012  how many come before it is what is tested
                    async for item in each(drain):
                        items.append(item)  # noqa: PERF401  an error ends it
            assert (caught.value.operation, caught.value.bulk_id) == ("reports.drain", "b")
            others = drain.others
            await close(drain)
            again = voice.reports.drain(tmp_path / "spool", bulk_id="b")
            async with again if kind == "async" else _Async(again):
                later = [item async for item in each(again)]
                handed_over = names(again.others)
                await settle(again.ack(again.others))
            last = voice.reports.drain(tmp_path / "spool", bulk_id="b")
            later += [item async for item in each(last)]
            return names(items), names(others), names(caught.value.others), names(later), handed_over, last.others

    with lossy_server() as server:
        page = json.dumps({"results": [mine[0], *strangers, mine[1]]}).encode()
        server.script.append(answer(page))
        result = asyncio.run(scenario(server.url))
        assert len(server.seen) == 3
    told = ["stranger-1", "stranger-2"]
    assert result == (["mine", "nameless"], told, told, [], told, ())


def test_a_full_disk_is_told_before_asking_or_with_the_bytes(tmp_path: Path) -> None:
    """If a page does not fit, the error has its bytes: they exist nowhere else."""
    big = b'{"results": [{"messageId": "' + b"x" * 200_000 + b'"}]}'
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        server.script.append(answer(big))
        with voice.reports.drain(tmp_path / "spool") as drain:
            drain._spool.open()
            assert drain._spool._file is not None
            database = drain._spool._file.database
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


INTERRUPTED = Gap("interrupted while an answer was on its way", None, 1, MOMENT, MOMENT)


def test_a_request_that_never_ended_is_a_gap(tmp_path: Path) -> None:
    """Of an earlier process (the file still says that it was on its way), and of this one."""
    earlier = spool(tmp_path / "spool")
    earlier.open()
    earlier.begin()
    earlier.close()
    with lossy_server(reports=1) as server, VoiceClient(**settings(server.url), now=now) as voice:
        for reports in (numbered(0), []):
            with voice.reports.drain(tmp_path / "spool") as drain:
                assert names(drain) == reports
                assert drain.gaps == (INTERRUPTED,)


def test_an_outage_is_one_gap(tmp_path: Path) -> None:
    """Answers lost in a row that ended alike are counted in one gap, with the different bodies; an
    answer ends it.
    """
    moments = [MOMENT + timedelta(minutes=minute) for minute in range(10)]
    clock = iter(moments)
    store = Spool(tmp_path / "spool", None, lambda: next(clock), str)
    store.open()
    for body in (b"down", b"down", b"still down"):
        store.end(Outcome("answered", 503, {}, body), "uncertain")
    store.end(Outcome("lost", failure="no answer"), "uncertain")
    store.end(Outcome("answered", 503, {}, b"down"), "uncertain")
    store.end(Outcome("answered", 200, {}, b'{"results": []}'), "answered")
    store.end(Outcome("answered", 503, {}, b"again"), "uncertain")
    reason = "the server failed, or gave an unknown status"
    expected = (
        Gap(reason, 503, 4, moments[0], moments[4]),
        Gap("no answer", None, 1, moments[3], moments[3]),
        Gap(reason, 503, 1, moments[5], moments[5]),
    )
    assert store.gaps == expected
    assert [gap.bodies for gap in store.gaps] == [(b"down", b"still down"), (), (b"again",)]
    kept = pickle.loads(pickle.dumps(store.gaps))  # noqa: S301
    store.close()
    assert [gap.bodies for gap in kept] == [(b"down", b"still down"), (), (b"again",)]
    with pytest.raises(SpoolError, match="not open"):
        _ = store.gaps[0].bodies
    later = Spool(tmp_path / "spool", None, lambda: next(clock), str)
    later.open()
    assert later.gaps == expected
    later.end(Outcome("answered", 503, {}, b"down"), "uncertain")
    assert [gap.count for gap in later.gaps] == [4, 1, 1, 1]  # another run is another outage
    later.forget_gaps()
    assert later.gaps == ()
    later.end(Outcome("answered", 503, {}, b"down"), "uncertain")
    assert [(gap.count, gap.bodies) for gap in later.gaps] == [(1, (b"down",))]
    later.close()


@pytest.mark.parametrize("kind", BOTH)
def test_what_cannot_be_understood_never_stops_the_line(kind: str, tmp_path: Path, caplog: Any) -> None:
    """It is kept beside the reports, with bytes, type and reason; equal bytes are counted; told
    once; kept until forgotten.
    """
    page = b'{"results": [{"messageId": "one"}, 7, {"messageId": "two"}, null, 7]}'

    async def scenario(url: str) -> list[Any]:
        runs: list[Any] = []
        for _ in range(3):
            async with client(kind, url, now=now) as voice:
                drain = voice.reports.drain(tmp_path / "spool")
                manager = drain if kind == "async" else _Async(drain)
                async with manager:
                    runs.append((names([item async for item in each(drain)]), drain.unreadable))
                    assert drain.unreadable is drain.unreadable  # read from the disk once
        async with client(kind, url, now=now) as voice:
            drain = voice.reports.drain(tmp_path / "spool")
            async with drain if kind == "async" else _Async(drain):
                await settle(drain.forget_unreadable())
                await settle(drain.forget_gaps())
                runs.append(drain.unreadable)
        return runs

    with lossy_server() as server:
        server.script.extend([answer(page), "ok", answer(page), answer(HTML, "text/html")])
        first, second, third, forgotten = asyncio.run(scenario(server.url))
    kept = (
        Unreadable(b"7", "it is not an object with members", "application/json", None, 2, MOMENT, MOMENT),
        Unreadable(b"null", "it is not an object with members", "application/json", None, 1, MOMENT, MOMENT),
    )
    assert first == (["one", "two"], kept)
    more = tuple(evolve(piece, count=2 * piece.count) for piece in kept)
    assert second == (["one", "two"], (*more, evolve(second[1][2])))
    assert (second[1][2].body, second[1][2].content_type) == (HTML, "text/html")
    assert third == ([], second[1])
    assert forgotten == ()
    told = [record.getMessage() for record in caplog.records if "cannot be understood" in record.getMessage()]
    reason = "it is not an object with members"
    assert told[:2] == [
        f"a report cannot be understood, its 1 byte(s) are in the spool: {reason}",
        f"a report cannot be understood, its 4 byte(s) are in the spool: {reason}",
    ]
    assert len(told) == 3


def test_a_task_cancelled_on_its_way_leaves_a_gap(tmp_path: Path) -> None:
    """The page that the cancelled request took is a gap; the drain delivers the rest."""

    async def scenario(url: str) -> tuple[Any, Any]:
        async with client("async", url, now=now) as voice, voice.reports.drain(tmp_path / "spool", limit=2) as drain:
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
    assert gaps == (INTERRUPTED,)


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


@pytest.mark.parametrize("left", [[b'{"results": []}'], [b'{"results": []}', GARBAGE], [GARBAGE] * 5])
def test_a_page_of_an_earlier_run_says_nothing_of_the_server(left: list[bytes], tmp_path: Path) -> None:
    """The drain asks the server, whether what an earlier one left is empty or unreadable."""
    earlier = spool(tmp_path / "spool")
    earlier.open()
    for body in left:
        earlier.begin()
        earlier.end(Outcome("answered", 200, {"content-type": "application/json"}, body), "answered")
    earlier.close()
    with lossy_server(reports=2) as server, VoiceClient(**settings(server.url)) as voice:
        assert names(voice.reports.drain(tmp_path / "spool")) == numbered(0, 1)


@pytest.mark.parametrize("body", [b'{"results": [{"messageId": "a"}, {"messageId": "b"}, null]}', GARBAGE])
def test_what_must_survive_a_power_failure_is_synced(body: bytes, tmp_path: Path) -> None:
    """Requests on their way, answers, gaps and what is unreadable are; acknowledgements are not."""
    store = spool(tmp_path / "spool")
    store.open()

    def level() -> str:  # of the last transaction: SQLite refuses to change it within one
        assert store._file is not None
        return ("OFF", "NORMAL", "FULL")[store._file.database.execute("PRAGMA synchronous").fetchone()[0]]

    for _ in range(2):
        store.begin()
        assert level() == "FULL"
        store.end(Outcome("answered", 200, {}, body), "answered")
        assert level() == "FULL"
        page = store.read(0)
        assert page is not None
        assert level() == "FULL"
        for waiting in page.waiting:
            store.acknowledge([waiting])
            assert level() == "NORMAL"
        store.begin()
        store.end(Outcome("lost"), "uncertain")
        assert level() == "FULL"
        store.forget_gaps()
        assert level() == "NORMAL"
    store.close()


@pytest.mark.parametrize("kind", BOTH)
def test_too_many_gaps_end_the_drain_after_what_did_arrive(kind: str) -> None:
    """The whole reports of cut answers come first; then the error counts every gap."""

    async def scenario(url: str) -> tuple[list[Any], Any, int, list[Any]]:
        async with client(kind, url) as voice:
            drain = voice.reports.drain(None, limit=3)
            items: list[Any] = []
            with pytest.raises(ReportsUncertain):  # noqa: PT012  how many come before it is what is tested
                async for item in each(drain):
                    items.append(item)  # noqa: PERF401  an error ends it
            gaps, pieces = drain.gaps, len(drain.unreadable)
            return items, gaps, pieces, [item async for item in each(drain)]

    with lossy_server(reports=10) as server:
        server.script.extend(["cut"] * 3)
        items, gaps, pieces, rest = asyncio.run(scenario(server.url))
    assert names(items) == numbered(0, 1, 3, 4, 6, 7)
    assert pieces == 3
    assert [(gap.status, gap.count) for gap in gaps] == [(200, 3)]
    assert names(rest) == numbered(9)


def test_a_server_that_talks_nonsense_ends_the_drain() -> None:
    """Unreadable answers in a row are all kept with their bytes, and then end it instead of going
    on for ever.
    """
    clock = Clock()
    options = settings("", clock=clock, budget=Budget(attempts=2))
    with (
        lossy_server(reports=10) as server,
        VoiceClient(**{**options, "base_url": server.url}, sleep=clock.sleep) as voice,
    ):
        for nonsense in (GARBAGE, b'{"results": [7]}'):
            server.script.extend([answer(nonsense)] * 3)
            with voice.reports.drain(None, limit=1) as drain:
                with pytest.raises(ReportsUnreadable, match=r"2 answers in a row: (this is|it is)") as caught:
                    next(drain)
                assert [(piece.body, piece.count) for piece in drain.unreadable] == [(caught.value.body, 2)]
                assert caught.value.unreadable[0].body == caught.value.body
                assert caught.value.operation == "reports.drain"
                with pytest.raises(ReportsUnreadable, match="3 answers in a row"):  # asked again, and no better
                    next(drain)
            assert not server.script
    assert clock.slept == [0.5, 0.5] * 2


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


@pytest.mark.parametrize("header", ["90", "Thu, 26 Nov 2026 12:01:30 GMT"])
@pytest.mark.parametrize(("status", "error"), [(429, None), (503, ReportsUncertain)])
def test_following_waits_as_long_as_the_server_says(status: int, error: Any, header: str) -> None:
    """`Retry-After` on a 429, and on a 503, before a follower asks again; a 429 does not end it."""
    clock = Clock()
    wait = answer(b"", "text/plain", status, f"Retry-After: {header}", "Date: Thu, 26 Nov 2026 12:00:00 GMT")
    with lossy_server() as server:

        def sleep(seconds: float) -> None:
            clock.sleep(seconds)
            server.waiting.append("report-0")

        options = settings(server.url, clock=clock, budget=NO_RETRIES)
        with VoiceClient(sleep=sleep, **options) as voice:
            drain = voice.reports.drain(None, follow=5.0)
            server.script.append(wait)
            if error is not None:
                with pytest.raises(error):
                    next(drain)
                assert clock.slept == []
            assert next(drain).message_id == "report-0"
    assert clock.slept == [90.0]


@pytest.mark.parametrize("kind", BOTH)
def test_a_page_that_our_own_bound_cut_ends_the_drain(kind: str) -> None:
    """What arrived is delivered; then the error names the setting, and that is all."""

    async def scenario(url: str) -> tuple[list[Any], list[str], Any]:
        async with client(kind, url, max_answer_bytes=1500) as voice:
            drain = voice.reports.drain(None, limit=9)
            items: list[Any] = []
            told: list[str] = []
            for _ in range(2):
                with pytest.raises(ReportsUncertain) as caught:  # noqa: PT012  see above
                    async for item in each(drain):
                        items.append(item)  # noqa: PERF401  an error ends it
                told.append(str(caught.value))
            return items, told, drain.gaps

    with lossy_server(reports=9) as server:
        items, told, gaps = asyncio.run(scenario(server.url))
        assert len(server.seen) == 1
    assert items
    assert names(items) == numbered(*range(len(items)))
    assert all("max_answer_bytes" in text for text in told)
    assert [gap.count for gap in gaps] == [1]


def launched(*names_: str) -> Launch:
    entries = [VoiceResponseDetails.from_dict(entry(name, "385981178")) for name in names_]
    return Launch("bulk", names_, (VoiceResponse(entries, "bulk"),), tuple(entries))


@pytest.mark.parametrize("kind", BOTH)
def test_waiting_for_known_calls(kind: str) -> None:
    """It asks for each call by its id, round by round, until all reports are there."""
    clock = Clock()

    async def scenario(url: str) -> Any:
        async with client(kind, url, clock=clock, now=now) as voice:
            return await settle(voice.reports.wait_for(["a", "b", "a"], timeout=60, every=2.0))

    with lossy_server() as server:
        server.waiting.append("b")
        server.script.extend(
            [503, "ok", answer(b'{"results": []}'), answer(json.dumps({"results": [report("a")]}).encode())]
        )
        found = asyncio.run(scenario(server.url))
        targets = [request.target.partition("?")[2] for request in server.seen]
    assert targets == [f"messageId={name}&limit=1" for name in ("a", "b", "a", "a")]
    assert list(found) == ["b", "a"]
    assert found.others == ()
    assert clock.slept == [2.0, 2.0]
    reason = "the server failed or gave an unknown status"
    assert found.gaps == (Gap(reason, 503, 1, MOMENT, MOMENT),)
    assert found.gaps[0].bodies == (b"upstream says no",)


@pytest.mark.parametrize("kind", BOTH)
def test_waiting_for_a_launch_asks_by_its_bulk(kind: str) -> None:
    """One request a round for all that is pending; at once again after a full page; others' reports
    are beside.
    """
    clock = Clock()

    async def scenario(url: str) -> Any:
        async with client(kind, url, clock=clock) as voice:
            return await settle(voice.reports.wait_for(launched("a", "b", "c"), timeout=60, every=2.0))

    with lossy_server() as server:
        server.waiting.extend(["x", "a", "y", "b"])

        def sleep(seconds: float) -> None:
            server.waiting.append("c")

        real, clock.sleep = clock.sleep, lambda seconds: (real(seconds), sleep(seconds))[0]  # type: ignore[method-assign]
        found = asyncio.run(scenario(server.url))
        targets = [request.target.partition("?")[2] for request in server.seen]
    assert targets == ["bulkId=bulk&limit=3", "bulkId=bulk&limit=2", "bulkId=bulk&limit=1"]
    assert list(found) == ["a", "b", "c"]
    assert names(found.others) == ["x", "y"]
    assert clock.slept == [2.0]


def test_what_is_waited_for() -> None:
    """Accepted calls and those that the answer left out, not the rejected; a prepared launch;
    nothing at all.
    """
    rejected = VoiceResponseDetails.from_dict(entry("no", "1", duplicate=True))
    accepted = VoiceResponseDetails.from_dict(entry("yes", "1"))
    names_ = ("no", "yes", "maybe")
    launch = Launch("bulk", names_, (), (rejected, accepted), unlisted=("maybe",))
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        server.waiting.extend(["maybe", "yes"])
        assert voice.reports.wait_for(launch, timeout=1).keys() == {"maybe", "yes"}
        prepared = voice.ivr.prepare(scenario_id="S", to=["41793026727", "41793026731"])
        server.waiting.extend(prepared.message_ids)
        assert voice.reports.wait_for(prepared, timeout=1).keys() == set(prepared.message_ids)
        server.waiting.extend(["one", "two"])
        assert voice.reports.wait_for("one", timeout=1).keys() == {"one"}
        seen = len(server.seen)
        assert voice.reports.wait_for([], timeout=1) == {}
        assert len(server.seen) == seen


def test_a_bound_is_checked_inside_the_round_that_it_bounds() -> None:
    """Three hundred calls, each request a second: after the timeout no request begins."""
    clock = Clock()
    with (
        lossy_server() as server,
        VoiceClient(sleep=clock.sleep, trace=lambda _: clock.sleep(1), **settings(server.url, clock=clock)) as voice,
    ):
        with pytest.raises(ReportsPending) as caught:
            voice.reports.wait_for([f"m{number}" for number in range(300)], timeout=3)
        assert len(server.seen) == 3
        assert len(caught.value.pending) == 300
        with pytest.raises(ReportsPending):
            voice.reports.wait_for(["a", "b"], timeout=0)
        assert len(server.seen) == 4  # it asks at least once


@pytest.mark.parametrize("asked", [4.0, 90.0])
def test_waiting_does_not_undercut_the_server(asked: float) -> None:
    """`Retry-After` is waited out, or the waiting ends where it leads beyond the timeout."""
    clock = Clock()
    with lossy_server() as server:

        def sleep(seconds: float) -> None:
            clock.sleep(seconds)
            server.waiting.append("a")

        server.script.append(answer(b"", "text/plain", 429, f"Retry-After: {asked:g}"))
        options = settings(server.url, clock=clock, budget=NO_RETRIES)
        with VoiceClient(sleep=sleep, **options) as voice:
            if asked < 60:
                assert voice.reports.wait_for(["a"], timeout=60).keys() == {"a"}
                assert clock.slept == [asked]
            else:
                with pytest.raises(ReportsPending):
                    voice.reports.wait_for(["a"], timeout=60)
                assert len(server.seen) == 1


@pytest.mark.parametrize("calls", [["a", "b"], launched("a", "b")])
def test_an_unreadable_answer_ends_the_waiting(calls: Any) -> None:
    """It may hold what is waited for, and will not come again: the error has all of it."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        page = json.dumps({"results": [report("a"), report("b") if calls == ["b"] else None]}).encode()
        server.script.append(answer(page))
        with pytest.raises(ReportsUnreadable) as caught:
            voice.reports.wait_for(calls, timeout=60)
        assert names(caught.value.reports) == ["a"]
        assert [piece.body for piece in caught.value.unreadable] == [b"null"]


def test_waiting_ends_with_what_there_is() -> None:
    """On a timeout or a refusal the error has the reports that came, and the gaps."""
    clock = Clock()
    with (
        lossy_server() as server,
        VoiceClient(sleep=clock.sleep, **settings(server.url, clock=clock)) as voice,
    ):
        server.waiting.append("a")
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


@pytest.mark.parametrize("kind", BOTH)
def test_a_drain_that_is_closed_while_it_asks_does_not_drop_the_answer(kind: str, tmp_path: Path) -> None:
    """Another thread or task closes it to end it; the answer that comes then is in the error."""

    async def scenario() -> tuple[SpoolError, str]:
        with lossy_server(reports=2) as server:
            async with client(kind, server.url) as voice:
                drain = voice.reports.drain(tmp_path / "spool")
                process = server._process

                def processed(request: Any) -> Any:
                    drain._spool.close()
                    return process(request)

                server._process = processed  # type: ignore[method-assign]
                with pytest.raises(SpoolError) as caught:
                    await settle(drain.__next__() if kind == "sync" else anext(drain))
                return caught.value, json.loads(caught.value.body)["results"][1]["messageId"]

    error, name = asyncio.run(scenario())
    assert (error.sent, name) == (True, "report-1")
