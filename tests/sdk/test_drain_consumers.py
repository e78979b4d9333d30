"""Who takes reports from a drain: one consumer, or several in turns, and what each has done."""

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infobip_voice import DrainInUse, Report, ReportsUncertain, SpoolError, SpoolLocked, Unauthorized, VoiceClient
from sdk.clients import BOTH, client, close, each, settings, settle
from sdk.lossy_server import LossyServer, lossy_server
from sdk.test_drain import _Async, _next, names, numbered


@pytest.fixture
def server() -> Iterator[LossyServer]:
    with lossy_server(reports=6) as running:
        yield running


@pytest.fixture
def voice(server: LossyServer) -> Iterator[VoiceClient]:
    with VoiceClient(**settings(server.url)) as voice:
        yield voice


def left(voice: VoiceClient, path: Path) -> list[str | None]:
    """Return what the next drain of the spool delivers."""
    return names(voice.reports.drain(path))


def take_one_in_a_loop(drain: Any) -> None:
    for _ in drain:
        break


# Two ways to take from one drain at the same time.
CONSUMERS: list[Callable[[Any], Any]] = [iter, lambda drain: drain.batches(2)]


@pytest.mark.parametrize("second", [*CONSUMERS, lambda drain: drain])
@pytest.mark.parametrize("first", CONSUMERS)
def test_a_second_consumer_is_refused_while_the_first_lives(
    first: Callable[[Any], Any], second: Callable[[Any], Any], voice: VoiceClient, tmp_path: Path
) -> None:
    """It would acknowledge what the first still works on."""
    drain = voice.reports.drain(tmp_path / "spool")
    living = first(drain)
    next(living)
    with pytest.raises(DrainInUse):
        next(second(drain))
    next(living)
    del living
    taken = next(second(drain))
    assert taken
    drain.close()


@pytest.mark.parametrize("first", CONSUMERS)
def test_a_consumer_lives_before_it_has_taken_anything(first: Callable[[Any], Any], voice: VoiceClient) -> None:
    """Of two that were made one after the other, the second is refused at once."""
    drain = voice.reports.drain(None)
    living = first(drain)
    for second in CONSUMERS:
        with pytest.raises(DrainInUse, match=r"^another consumer takes reports from this drain"):
            second(drain)
    assert next(living)


def test_a_failed_consumer_that_goes_leaves_the_next_one_its_place(server: LossyServer, voice: VoiceClient) -> None:
    """It has let another in; a third is still refused when the first is gone."""
    server.script.append(401)
    drain = voice.reports.drain(None, limit=2)
    failed = iter(drain)
    with pytest.raises(Unauthorized):
        next(failed)
    living = iter(drain)
    assert next(living).message_id == "report-2"  # this server consumes a page even when it refuses
    del failed
    gc.collect()
    with pytest.raises(DrainInUse):
        next(drain)
    assert next(living).message_id == "report-3"


def test_two_threads_lose_nothing(voice: VoiceClient, tmp_path: Path) -> None:
    """Whichever thread comes second is refused, and what the first fails on comes again."""
    drain = voice.reports.drain(tmp_path / "spool")
    refused: list[Exception] = []
    stored: list[str | None] = []
    working, go_on = threading.Event(), threading.Event()

    def fail_on_the_first() -> None:
        for _ in drain:
            working.set()
            go_on.wait(30)
            return

    def store_all() -> None:
        try:
            stored.extend(names(drain))
        except DrainInUse as error:
            refused.append(error)

    first, second = threading.Thread(target=fail_on_the_first), threading.Thread(target=store_all)
    first.start()
    working.wait(30)
    second.start()
    second.join(30)
    go_on.set()
    first.join(30)
    assert len(refused) == 1
    assert stored == []
    assert names(drain) == numbered(*range(6))


def test_a_next_while_another_is_under_way_is_refused(server: LossyServer, tmp_path: Path) -> None:
    """Two tasks that both ask: the second is told, and the first gets its report."""

    async def scenario() -> tuple[Any, Any]:
        async with client("async", server.url) as voice, voice.reports.drain(tmp_path / "spool") as drain:
            results = await asyncio.gather(anext(drain), anext(drain), return_exceptions=True)
            return results[0], results[1]

    first, second = asyncio.run(scenario())
    assert isinstance(first, Report)
    assert isinstance(second, DrainInUse)


def test_each_call_may_be_a_task_of_its_own(server: LossyServer, tmp_path: Path) -> None:
    """`asyncio.wait_for(anext(drain))` is a new task each time: a task is no consumer."""

    async def scenario() -> list[Any]:
        async with client("async", server.url) as voice, voice.reports.drain(tmp_path / "spool") as drain:
            return [await asyncio.wait_for(anext(drain), 30) for _ in range(6)]

    assert names(asyncio.run(scenario())) == numbered(*range(6))


@pytest.mark.parametrize("kind", BOTH)
def test_without_auto_ack_several_may_share_a_drain(kind: str, server: LossyServer, tmp_path: Path) -> None:
    """Each report goes to one of them, in turns."""

    async def scenario() -> list[Any]:
        async with client(kind, server.url) as voice:
            drain = voice.reports.drain(tmp_path / "spool", limit=2, auto_ack=False)

            async def work() -> list[Any]:
                taken = []
                if kind == "async":
                    async for report in drain:
                        taken.append(report)
                        await drain.ack(report)
                else:
                    for report in drain:
                        taken.append(report)
                        drain.ack(report)
                return taken

            if kind == "async":
                shares = await asyncio.gather(work(), work(), work())
            else:
                shares = await asyncio.gather(*(asyncio.to_thread(lambda: asyncio.run(work())) for _ in range(3)))
            await close(drain)
            return [report for share in shares for report in share]

    assert sorted(str(name) for name in names(asyncio.run(scenario()))) == numbered(*range(6))


def test_a_loop_acknowledges_only_what_it_took(voice: VoiceClient, tmp_path: Path) -> None:
    """What `next(drain)` took before is not done by the loop that comes after it."""
    drain = voice.reports.drain(tmp_path / "spool")
    assert next(drain).message_id == "report-0"
    assert names(drain) == numbered(1, 2, 3, 4, 5)
    assert left(voice, tmp_path / "spool") == numbered(0)


@pytest.mark.parametrize("kind", BOTH)
def test_next_ends_and_stays_at_the_end(kind: str, server: LossyServer) -> None:
    """As every iterator does; what comes later is for another drain."""

    async def scenario() -> list[Any]:
        async with client(kind, server.url) as voice:
            drain = voice.reports.drain(None, limit=6)
            end = StopAsyncIteration if kind == "async" else StopIteration
            taken = [await _next(drain) for _ in range(6)]
            for _ in range(2):
                with pytest.raises(end):
                    next(drain) if kind == "sync" else await anext(drain)
                server.waiting.append("later")
            return taken

    assert names(asyncio.run(scenario())) == numbered(*range(6))


def test_a_loop_that_is_left_gives_back_what_it_had_in_hand(voice: VoiceClient, tmp_path: Path) -> None:
    """The next loop over the same drain begins with it."""
    drain = voice.reports.drain(tmp_path / "spool")
    for report in drain:
        if report.message_id == "report-1":
            break
    consumer = iter(drain)
    assert names([next(consumer), next(consumer)]) == numbered(1, 2)
    assert names(consumer) == numbered(3, 4, 5)
    assert left(voice, tmp_path / "spool") == []


@pytest.mark.parametrize("kind", BOTH)
def test_batches(kind: str, server: LossyServer, tmp_path: Path) -> None:
    """Lists of 1 to `size`, of what is at hand; asking for the next acknowledges the last."""

    async def scenario() -> tuple[Any, ...]:
        sizes: list[int] = []
        async with client(kind, server.url) as voice:
            drain = voice.reports.drain(tmp_path / "spool", limit=5)
            async for batch in each(drain.batches(3)):
                sizes.append(len(batch))
                if len(sizes) == 2:
                    break
            del batch
            again = drain.forget_unreadable, drain.forget_gaps
            for forget in again:
                await settle(forget())
            await close(drain)
            again = voice.reports.drain(tmp_path / "spool", limit=5)
            rest = [names(batch) async for batch in each(again.batches(3))]
            with pytest.raises(ValueError, match="size"):
                again.batches(0)
            return sizes, rest

    sizes, rest = asyncio.run(scenario())
    assert sizes == [3, 2]  # not three: the third would have to be waited for
    assert rest == [numbered(3, 4), numbered(5)]


def test_batches_of_one(voice: VoiceClient) -> None:
    """The smallest size is a list all the same."""
    assert [names(batch) for batch in voice.reports.drain(None).batches(1)] == [[f"report-{n}"] for n in range(6)]


@pytest.mark.parametrize("size", [0, -1, True, "3", 1.0, None])
def test_a_size_that_is_none(size: Any, voice: VoiceClient, server: LossyServer) -> None:
    """Refused by name, and nothing is sent."""
    with pytest.raises(ValueError, match="size"):
        voice.reports.drain(None).batches(size)
    assert server.seen == []


@pytest.mark.parametrize("kind", BOTH)
def test_take_all_store_acknowledge(kind: str, server: LossyServer, tmp_path: Path) -> None:
    """Without `auto_ack`, `ack` takes one or many, also after the end, inside the `with`."""

    async def scenario() -> Any:
        async with client(kind, server.url) as voice:
            drain = voice.reports.drain(tmp_path / "spool", limit=4, auto_ack=False)
            async with drain if kind == "async" else _Async(drain):
                reports = [report async for report in each(drain)]
                await settle(drain.ack(reports[0]))
                await settle(drain.ack(reports[1:5]))
                await settle(drain.ack(reports))  # what is done already is no error
                await settle(drain.ack([]))
            later = voice.reports.drain(tmp_path / "spool")
            return names(reports), [report async for report in each(later)]

    assert asyncio.run(scenario()) == (numbered(*range(6)), [])


def test_an_acknowledgement_is_for_a_report_of_this_spool(voice: VoiceClient, tmp_path: Path) -> None:
    """Of another spool or of none it is an error, and then nothing is done.

    A later drain of the same spool may acknowledge it.
    """
    with voice.reports.drain(tmp_path / "spool", limit=3, auto_ack=False) as drain:
        mine = [next(drain), next(drain), next(drain)]
    with voice.reports.drain(tmp_path / "other", limit=3, auto_ack=False) as other:
        theirs = next(other)
    assert all(report.place is not None for report in (*mine, theirs))
    for stranger in (theirs, Report({"messageId": "report-0"})):
        with voice.reports.drain(tmp_path / "spool", auto_ack=False) as later:
            next(later)
            with pytest.raises(ValueError, match=r"another spool|no spool"):
                later.ack([mine[0], stranger])
    with voice.reports.drain(tmp_path / "spool", auto_ack=False) as later:
        next(later)
        later.ack(mine[1:])
        later.ack(mine[1])
    assert left(voice, tmp_path / "spool") == numbered(0)
    with voice.reports.drain(tmp_path / "spool", auto_ack=False) as last:
        assert names(last) == []
        last.ack(mine)  # done already, and their page is gone


def test_a_later_drain_acknowledges_a_page_that_it_has_not_read(voice: VoiceClient, tmp_path: Path) -> None:
    """The report counts as done, though this drain has not come to it."""
    with voice.reports.drain(tmp_path / "spool", limit=1, auto_ack=False) as drain:
        earlier = [next(drain) for _ in range(3)]
    with voice.reports.drain(tmp_path / "spool", limit=1, auto_ack=False) as later:
        next(later)
        later.ack(earlier[1:])
    assert left(voice, tmp_path / "spool") == numbered(0, 3, 4, 5)


def test_what_is_shown_after_the_end(voice: VoiceClient, tmp_path: Path) -> None:
    """Inside `with` the spool stays open; without it, the end of the loop lets go of it."""
    with voice.reports.drain(tmp_path / "spool") as drain:
        names(drain)
        assert drain.unreadable == ()
        drain.forget_gaps()
    loose = voice.reports.drain(tmp_path / "spool")
    names(loose)
    assert loose.gaps == ()
    with pytest.raises(SpoolError, match="not open"):
        _ = loose.unreadable
    assert left(voice, tmp_path / "spool") == []


class TestTheCollectorNeverComes:
    """A drain that nobody refers to frees its spool at once, without the cycle collector."""

    @pytest.fixture(autouse=True)
    def _no_collector(self) -> Iterator[None]:
        gc.disable()
        yield
        gc.enable()

    def test_after_break(self, voice: VoiceClient, tmp_path: Path) -> None:
        """The report in hand comes again."""
        for _ in range(3):
            take_one_in_a_loop(voice.reports.drain(tmp_path / "spool", limit=2))
        assert left(voice, tmp_path / "spool") == numbered(*range(6))

    def test_after_an_exception_of_the_loop(self, voice: VoiceClient, tmp_path: Path) -> None:
        """Of the loop's own body."""
        with pytest.raises(ZeroDivisionError):
            self._fail(voice, tmp_path)
        assert left(voice, tmp_path / "spool") == numbered(*range(6))

    @staticmethod
    def _fail(voice: VoiceClient, folder: Path) -> None:
        for _ in voice.reports.drain(folder / "spool"):
            raise ZeroDivisionError

    def test_after_an_error_of_the_drain(self, voice: VoiceClient, server: LossyServer, tmp_path: Path) -> None:
        """No error may keep by its traceback what raised it."""
        server.script.extend([401, 503, 503, 503, 503])
        for _ in range(2):
            self._err(voice, tmp_path)
        with voice.reports.drain(tmp_path / "spool") as drain:  # SpoolLocked if the others are still there
            assert names(drain) == []  # this server has consumed what it lost

    @staticmethod
    def _err(voice: VoiceClient, folder: Path) -> None:
        with pytest.raises((Unauthorized, ReportsUncertain)):
            names(voice.reports.drain(folder / "spool"))

    @pytest.mark.parametrize("batches", [False, True])
    def test_on_an_event_loop(self, batches: bool, server: LossyServer, tmp_path: Path) -> None:
        """As on threads."""

        async def scenario() -> list[Any]:
            async with client("async", server.url) as voice:
                for _ in range(2):
                    drain = voice.reports.drain(tmp_path / "spool", limit=4)
                    async for _ in drain.batches(2) if batches else drain:
                        break
                    del drain, _
                return [report async for report in voice.reports.drain(tmp_path / "spool")]

        assert names(asyncio.run(scenario())) == numbered(*range(6))

    def test_one_that_is_bound_may_be_resumed(self, voice: VoiceClient, tmp_path: Path) -> None:
        """Its spool stays its own."""
        drain = voice.reports.drain(tmp_path / "spool")
        take_one_in_a_loop(drain)
        with pytest.raises(SpoolLocked):
            next(voice.reports.drain(tmp_path / "spool"))
        assert names(drain) == numbered(*range(6))


@pytest.mark.parametrize("kind", BOTH)
def test_an_error_can_be_followed_by_another_loop_in_its_handler(kind: str, server: LossyServer) -> None:
    """A consumer that has failed no longer lives, though its traceback does."""

    async def scenario() -> list[Any]:
        async with client(kind, server.url) as voice:
            drain = voice.reports.drain(None, limit=4)
            server.script.append(401)
            try:
                await _next(drain.__aiter__() if kind == "async" else iter(drain))
            except Exception:
                return [report async for report in each(drain)]
            return []

    assert names(asyncio.run(scenario())) == numbered(4, 5)
