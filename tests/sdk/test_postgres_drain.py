"""Drains of one PostgreSQL: the same iterator and the same promises, for any number of them."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from infobip_voice import Budget, NotSent, SpoolError, SpoolUnreachable, VoiceClient
from infobip_voice._messages import Outcome
from infobip_voice._postgres_spool import PostgresSpool
from infobip_voice._reports import Filter
from postgres import Postgres, running
from sdk.clients import BOTH, Clock, client, close, each, settings, settle
from sdk.lossy_server import answer, lossy_server
from sdk.test_drain import _Async, names, now, numbered
from sdk.test_postgres_spool import Ids


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.url()


@pytest.fixture(scope="module")
def fragile() -> Iterator[Postgres]:
    """A server that tests of this file stop and start."""
    with running("fsync=off") as server:
        yield server


@pytest.mark.parametrize("kind", BOTH)
def test_all_reports_and_what_was_not_done_again(kind: str, url: str) -> None:
    """After `break` the report in hand and all later ones come again; then nothing is left."""

    async def scenario(server: str) -> list[list[str | None]]:
        runs: list[list[str | None]] = []
        for stop in ("report-3", "report-5", "none"):
            async with client(kind, server) as voice:
                drain = voice.reports.drain(url, limit=4)
                run: list[str | None] = []
                runs.append(run)
                async for item in each(drain):
                    run.append(item.message_id)
                    if item.message_id == stop:
                        break
                await close(drain)
                assert drain.gaps == ()
        return runs

    with lossy_server(reports=7) as server:
        runs = asyncio.run(scenario(server.url))
    assert runs == [numbered(0, 1, 2, 3), numbered(3, 4, 5), numbered(5, 6)]


@pytest.mark.parametrize("kind", BOTH)
def test_batches_and_explicit_acknowledgement(kind: str, url: str) -> None:
    """As with a file."""

    async def scenario(server: str) -> tuple[Any, ...]:
        async with client(kind, server) as voice:
            drain = voice.reports.drain(url, limit=5, auto_ack=False)
            async with drain if kind == "async" else _Async(drain):
                taken = [batch async for batch in each(drain.batches(3))]
                await settle(drain.ack(taken[0]))
                await settle(drain.ack(taken[1][0]))
            later = voice.reports.drain(url, limit=5)
            return [names(batch) for batch in taken], [item.message_id async for item in each(later)]

    with lossy_server(reports=6) as server:
        taken, rest = asyncio.run(scenario(server.url))
    assert taken == [numbered(0, 1, 2), numbered(3, 4), numbered(5)]
    assert rest == numbered(4, 5)


def test_four_drains_at_once(url: str) -> None:
    """Each report goes to one of them; each drain ends by itself."""
    shares: list[list[str | None]] = []

    def work(server: str) -> None:
        with VoiceClient(**settings(server)) as voice, voice.reports.drain(url, limit=3) as drain:
            shares.append(names(drain))

    with lossy_server(reports=40) as server:
        threads = [threading.Thread(target=work, args=(server.url,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with VoiceClient(**settings(server.url)) as voice, voice.reports.drain(url) as drain:
            assert names(drain) == []
            assert drain.gaps == ()
    assert len(shares) == 4
    assert sorted(str(name) for share in shares for name in share) == sorted(map(str, numbered(*range(40))))


def test_what_others_left_says_nothing_of_the_server(url: str) -> None:
    """A page that another drain left, or that was pushed, is no answer to this one: it asks on."""
    with lossy_server(reports=1) as server, VoiceClient(**settings(server.url)) as voice:
        server.script.extend([answer(b'{"results": [{"messageId": "x", "bulkId": "bulk"}]}'), "ok", "ok"])
        with voice.reports.drain(url) as first:
            next(first)
            second = voice.reports.drain(url)
            with second:
                assert names(second) == []  # the server is empty: it has consumed `report-0` for the page above
            left = PostgresSpool(url, Filter(), now, Ids())
            left.open()
            left.end(Outcome("answered", 200, {"content-type": "application/json"}, b'{"results": []}'), "answered")
            left.close()
            server.waiting.append("later")
            assert names(first) == ["later"]


def test_pushes_and_answers_are_one_iterator(url: str) -> None:
    """Reports that came by pushes are delivered by the same loop, in the order of the database."""
    receiver = PostgresSpool(url, Filter(), now, Ids())
    receiver.open()
    receiver.receive(b'[{"messageId": "pushed-1"}, {"messageId": "pushed-2"}]', "application/json", None)
    with lossy_server(reports=2) as server, VoiceClient(**settings(server.url)) as voice:
        assert names(voice.reports.drain(url)) == ["pushed-1", "pushed-2", *numbered(0, 1)]
    receiver.close()


def test_a_spool_remembers_its_filter(url: str) -> None:
    """Refused before anything is sent."""
    with lossy_server(reports=1) as server, VoiceClient(**settings(server.url)) as voice:
        with voice.reports.drain(url, bulk_id="b") as drain:
            next(drain)
        seen = len(server.seen)
        with pytest.raises(SpoolError, match=r"the launch b; use another spool"):
            next(voice.reports.drain(url))
        assert len(server.seen) == seen


# --- the database goes away


class Away(Clock):
    """A clock on which time passes while the database is away; it comes back when somebody has
    waited long enough.
    """

    def __init__(self, server: Postgres, waits: int) -> None:
        super().__init__()
        self.server, self.left = server, waits

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self.left -= 1
        if self.left == 0:
            self.server.start()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
@pytest.mark.parametrize("kind", BOTH)
def test_a_drain_that_follows_waits_for_its_database(kind: str, how: signal.Signals, fragile: Postgres) -> None:
    """However long: the server is asked for nothing meanwhile, and nothing is lost."""
    url = fragile.url()
    clock = Away(fragile, waits=7)

    async def scenario(server: Any) -> list[Any]:
        async with client(kind, server.url, clock=clock, budget=Budget(attempts=2, seconds=3.0)) as voice:
            drain = voice.reports.drain(url, limit=2, follow=5.0)
            told: list[Any] = []
            async for item in each(drain):
                told.append(item.message_id)
                if len(told) == 2:
                    fragile.stop(how)
                    asked = len(server.seen)
                if len(told) == 4:
                    told.append(asked)
                    break
            await close(drain)
            return told

    with lossy_server(reports=4) as server:
        told = asyncio.run(scenario(server))
        assert told == [*numbered(0, 1, 2, 3), 1]
        assert len(server.seen) == 2
        assert clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0]


def test_another_drain_waits_as_its_budget_allows(fragile: Postgres) -> None:
    """Then it raises, nothing was asked for, and whoever asks again goes on."""
    url = fragile.url()
    clock = Clock()
    options = settings("", clock=clock, budget=Budget(attempts=3))
    with (
        lossy_server(reports=4) as server,
        VoiceClient(**{**options, "base_url": server.url}, sleep=clock.sleep) as voice,
        voice.reports.drain(url, limit=2) as drain,
    ):
        assert names([next(drain), next(drain)]) == numbered(0, 1)
        fragile.stop()
        for _ in range(2):
            with pytest.raises(SpoolUnreachable):
                next(drain)
        assert len(server.seen) == 1
        assert clock.slept == [0.5, 1.0] * 2
        fragile.start()
        assert set(names(drain)) == set(numbered(2, 3))
        assert drain.gaps == ()


@pytest.mark.parametrize("seconds", [0.4, 1.4])
def test_the_seconds_of_the_budget_count_too(seconds: float, fragile: Postgres) -> None:
    """No wait begins that would go beyond them."""
    clock = Clock()
    url = fragile.url()
    options = settings("", clock=clock, budget=Budget(attempts=9, seconds=seconds))
    with (
        lossy_server(reports=2) as server,
        VoiceClient(**{**options, "base_url": server.url}, sleep=clock.sleep) as voice,
        voice.reports.drain(url, limit=1) as drain,
    ):
        next(drain)
        fragile.stop()
        with pytest.raises(SpoolUnreachable):
            next(drain)
        assert sum(clock.slept) <= seconds
        fragile.start()


def test_an_answer_in_hand_is_held_until_the_database_is_back(fragile: Postgres) -> None:
    """It exists nowhere else. No gap is left of it, though the request died with its session."""
    url = fragile.url()
    clock = Away(fragile, waits=5)
    with (
        lossy_server(reports=2) as server,
        VoiceClient(**settings(server.url, clock=clock, budget=Budget(attempts=9)), sleep=clock.sleep) as voice,
    ):
        drain = voice.reports.drain(url, limit=2)
        drain._spool.open()
        end = drain._spool.end
        first: list[int] = []

        def ended(outcome: Any, verdict: Any) -> None:
            if not first:
                first.append(1)
                fragile.stop(signal.SIGQUIT)
            end(outcome, verdict)

        drain._spool.end = ended  # type: ignore[method-assign]
        with drain:
            assert names(drain) == numbered(0, 1)
            assert drain.gaps == ()
    assert len(clock.slept) == 5


def test_an_answer_that_could_not_be_stored_is_in_the_error(fragile: Postgres) -> None:
    """When patience ends: its bytes are the only copy, and its request is a gap."""
    url = fragile.url()
    with lossy_server(reports=2) as server, VoiceClient(**settings(server.url, budget=Budget(attempts=1))) as voice:
        drain = voice.reports.drain(url, limit=2)
        drain._spool.open()
        end = drain._spool.end

        def ended(outcome: Any, verdict: Any) -> None:
            fragile.stop()
            end(outcome, verdict)

        drain._spool.end = ended  # type: ignore[method-assign]
        with pytest.raises(SpoolUnreachable) as caught:
            next(drain)
        assert b"report-1" in caught.value.body
        drain.close()
        fragile.start()
        with voice.reports.drain(url) as later:
            assert names(later) == []
            assert [gap.count for gap in later.gaps] == [1]


def test_a_database_that_is_not_there_from_the_beginning() -> None:
    """That is raised at once, also by a drain that follows, and nothing is sent."""
    with lossy_server(reports=1) as server, VoiceClient(**settings(server.url)) as voice:
        for follow in (None, 5.0):
            with pytest.raises(SpoolUnreachable, match=r"^no connection to the database"):
                next(voice.reports.drain("postgresql://127.0.0.1:1/nowhere", follow=follow))
        assert server.seen == []


def test_a_server_that_cannot_be_reached_leaves_no_gap(url: str) -> None:
    """As with a file."""
    with VoiceClient(**settings("http://127.0.0.1:1", budget=Budget(attempts=1))) as voice:
        drain = voice.reports.drain(url)
        with pytest.raises(NotSent):
            next(drain)
        assert drain.gaps == ()
        drain.close()
