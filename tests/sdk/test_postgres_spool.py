"""The spool in PostgreSQL: who lives, who has what, and what a lost session costs."""

import os
import socket
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg.errors import DeadlockDetected, SerializationFailure

from infobip_voice import (
    ConfigurationError,
    Gap,
    SpoolError,
    SpoolLocked,
    SpoolUnreachable,
    VoiceClient,
    _postgres,
)
from infobip_voice._messages import Outcome
from infobip_voice._postgres import Address
from infobip_voice._postgres_drainer import Drainer
from infobip_voice._postgres_spool import PostgresSpool
from infobip_voice._reports import Filter
from infobip_voice._spool import INTERRUPTED
from postgres import PASSWORD, Postgres
from sdk.clients import settings

JSON = {"content-type": "application/json"}
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
GAP = Gap(INTERRUPTED, None, 1, NOW, NOW)
DOWN = Outcome("answered", 503, {}, b"down")


def page(*names: str) -> Outcome:
    results = ", ".join(f'{{"messageId": "{name}"}}' for name in names)
    return Outcome("answered", 200, JSON, f'{{"results": [{results}]}}'.encode())


class Ids:
    """Names of spools and requests."""

    made = 0

    def __call__(self) -> str:
        self.made += 1
        return f"id-{id(self)}-{self.made}"


def opened(url: str, asked: Filter | None = None, now: Callable[[], datetime] = lambda: NOW) -> PostgresSpool:
    spool = PostgresSpool(url, asked, now, Ids())
    spool.open()
    return spool


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.url()


@pytest.fixture
def two(url: str) -> Iterator[tuple[PostgresSpool, PostgresSpool]]:
    """Two drains of one database."""
    first, second = opened(url), opened(url)
    yield first, second
    for spool in (first, second):
        spool.close()


def backend(spool: PostgresSpool) -> int:
    """Return the process of the server that a spool talks to."""
    assert spool._drainer is not None
    assert spool._drainer._session is not None
    return spool._drainer._session.info.backend_pid


def lose_session(postgres: Postgres, spool: PostgresSpool) -> None:
    """End the session of a spool, which does not hear of it, and wait until its lock is free."""
    with postgres.session() as session:
        pid = backend(spool)
        session.execute("SELECT pg_terminate_backend(%s)", (pid,))
        while session.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (pid,)).fetchone():
            pass


def names(spool: PostgresSpool, after: int = 0) -> list[str | None] | None:
    read = spool.read(after)
    return None if read is None else [report.message_id for report in read.waiting]


def table(postgres: Postgres, url: str, what: str) -> list[Any]:
    """Return rows of a spool, as SQL sees them."""
    schema = url.partition("search_path%3D")[2].partition("&")[0]
    with postgres.session(options=f"-csearch_path={schema}") as session:
        return session.execute(f"SELECT {what}").fetchall()


# --- who has what


def test_each_page_goes_to_one_drain(two: tuple[PostgresSpool, PostgresSpool]) -> None:
    """An answer is its asker's; what nobody has goes to whoever comes first."""
    first, second = two
    first.end(page("a"), "answered")
    assert names(second) is None
    assert names(first) == ["a"]
    first.close()
    assert names(second) == ["a"]


def test_the_dead_are_buried_at_once(postgres: Postgres, two: tuple[PostgresSpool, PostgresSpool]) -> None:
    """As soon as anybody asks or reads: its request is a gap, and its pages are for anyone."""
    first, second = two
    first.end(page("a"), "answered")
    first.begin()
    assert second.gaps == ()
    lose_session(postgres, first)
    assert names(second) == ["a"]
    assert second.gaps == (GAP,)


@pytest.mark.parametrize("use", [PostgresSpool.begin, lambda spool: spool.read(0), None])
def test_whoever_comes_buries(use: Callable[[Any], Any] | None, postgres: Postgres, two: Any, url: str) -> None:
    """One that asks, one that has nothing to read, one that opens."""
    first, second = two
    first.begin()
    lose_session(postgres, first)
    if use is None:
        opened(url).close()
    else:
        use(second)
    assert second.gaps == (GAP,)


def test_a_living_drain_is_not_buried(two: tuple[PostgresSpool, PostgresSpool]) -> None:
    """However long it takes: there is no term."""
    first, second = two
    first.begin()
    second.begin()
    assert names(second) is None
    assert second.gaps == ()
    first.end(page("a"), "answered")
    second.end(page("b"), "answered")
    assert (names(first), names(second)) == (["a"], ["b"])
    assert first.gaps == ()


# --- a session that was lost


def test_an_answer_in_hand_deletes_the_gap_that_was_made_of_it(postgres: Postgres, two: Any) -> None:
    """The session was lost while the server answered, and somebody has buried it meanwhile."""
    first, second = two
    first.begin()
    lose_session(postgres, first)
    second.begin()
    assert second.gaps == (GAP,)
    first.end(page("a"), "answered")
    assert first.gaps == second.gaps == ()
    assert names(first) == ["a"]


def test_a_drain_that_nobody_buried_goes_on_as_it_was(postgres: Postgres, two: Any) -> None:
    """It takes its pages and its request along under another number."""
    first, second = two
    first.end(page("a", "b"), "answered")
    read = first.read(0)
    first.begin()
    lose_session(postgres, first)
    first.acknowledge(read.waiting[:1])  # connects again
    assert names(second) is None
    assert second.gaps == ()
    first.end(page("c"), "answered")
    assert names(first, read.number) == ["c"]
    first.close()
    assert names(second) == ["b"]


def test_a_buried_drain_takes_back_what_nobody_has_taken(postgres: Postgres, two: Any) -> None:
    """Of the pages that it works on. What another one has by now, that one delivers too."""
    first, second = two
    for name in ("a", "b"):
        first.end(page(name), "answered")
    one = first.read(0)
    other = first.read(one.number)
    lose_session(postgres, first)
    assert names(second) == ["a"]
    assert first.gaps == ()  # connects again
    assert names(second, one.number) is None
    first.acknowledge([*one.waiting, *other.waiting])  # done is done, whoever has the page
    assert names(second) is None


def test_a_loss_is_counted_once(postgres: Postgres, two: Any, url: str) -> None:
    """Also if its request was buried: that gap gives way to the one that says what happened."""
    first, second = two
    first.begin()
    lose_session(postgres, first)
    second.begin()
    first.end(DOWN, "uncertain")
    (gap,) = second.gaps
    assert (gap.status, gap.count, gap.bodies) == (503, 1, (b"down",))
    first.begin()
    lose_session(postgres, first)
    second.read(0)
    second.forget_gaps()
    first.end(DOWN, "uncertain")  # somebody has said that this gap is no matter
    assert second.gaps == ()


class Deaf:
    """Loses the session when it is asked to commit, after the commit: the answer does not come."""

    def __init__(self, postgres: Postgres, spool: PostgresSpool, after: int = 0) -> None:
        self._postgres, self._spool, self._left = postgres, spool, after

    def __enter__(self) -> None:
        drainer = self._spool._drainer
        assert drainer is not None
        real = drainer._connected

        def connected() -> Any:
            session = real()
            self._left -= 1
            if self._left >= 0:  # this transaction is not the one
                return session
            drainer._connected = real  # type: ignore[method-assign]
            return _LosesItsAnswer(session, self._postgres, self._spool)

        drainer._connected = connected  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None: ...


class _LosesItsAnswer:
    def __init__(self, session: Any, postgres: Postgres, spool: PostgresSpool) -> None:
        self._session, self._postgres, self._spool = session, postgres, spool

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def transaction(self) -> Any:
        test = self

        class Transaction:
            def __enter__(self) -> None:
                self.real = test._session.transaction()
                self.real.__enter__()

            def __exit__(self, *error: Any) -> None:
                self.real.__exit__(*error)
                lose_session(test._postgres, test._spool)
                test._session.close()
                raise psycopg.OperationalError("the answer to the commit is lost")

        return Transaction()


def test_what_is_done_twice_counts_once(postgres: Postgres, url: str) -> None:
    """A commit of which the answer was lost is made again: begin, end, read, acknowledge, push."""
    spool = opened(url)
    with Deaf(postgres, spool):
        spool.begin()
    assert spool.gaps == ()
    with Deaf(postgres, spool):
        spool.end(DOWN, "uncertain")
    assert [gap.count for gap in spool.gaps] == [1]
    spool.begin()
    with Deaf(postgres, spool):
        spool.end(
            Outcome("answered", 200, JSON, b'{"results": [{"messageId": "a"}, 7, {"messageId": "b"}]}'), "answered"
        )
    with Deaf(postgres, spool):
        assert spool.look(0) is not None
    with Deaf(postgres, spool, after=1):
        read = spool.read(0)  # which claims the page, and then notes what is in it
    assert read is not None
    assert [piece.count for piece in spool.unreadable] == [1]
    with Deaf(postgres, spool):
        spool.acknowledge(read.waiting[:1])
    assert names(spool) == ["b"]
    with Deaf(postgres, spool):
        spool.acknowledge(read.waiting)
    assert names(spool) is None
    with Deaf(postgres, spool):
        assert not spool.receive(b'{"results": [{"messageId": "a"}]}', "application/json", None)
    assert not spool.receive(b'{"results": []}', "application/json", None)  # nothing is in it
    assert names(spool) == ["a"]
    spool.close()


def test_a_database_that_is_away(postgres: Postgres, url: str) -> None:
    """Nothing is done, the answer is in the error, and gaps are those that were known."""
    spool = opened(url)
    spool.end(DOWN, "uncertain")
    (gap,) = spool.gaps
    lose_session(postgres, spool)
    assert spool._drainer is not None
    spool._drainer._address = Address("postgresql://127.0.0.1:1/nowhere")
    assert spool.gaps == (gap,)
    with pytest.raises(SpoolUnreachable, match=r"^no connection to the database: ") as caught:
        spool.begin()
    assert caught.value.body == b""
    with pytest.raises(SpoolUnreachable) as caught:
        spool.end(page("a"), "answered")
    assert (caught.value.status, caught.value.body) == (200, page("a").body)
    spool.close()
    assert spool.gaps == (gap,)


def test_a_connection_that_breaks_again_and_again(postgres: Postgres, url: str) -> None:
    """After the second time the database counts as away, in words without its password."""
    spool = opened(url)
    assert spool._drainer is not None

    def work(session: Any) -> None:
        lose_session(postgres, spool)
        session.execute("SELECT 1")

    with pytest.raises(SpoolUnreachable, match=r"^the connection to the database broke: ") as caught:
        spool._drainer.transact(work)
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))
    assert names(spool) is None
    spool.close()


def test_drains_that_wait_for_each_other(two: Any, url: str) -> None:
    """PostgreSQL breaks a deadlock by refusing one of them, which does it again."""
    first, second = two
    for number in range(2):
        first.end(Outcome("answered", 200, JSON, b"%d" % number), "answered")
        first.read(number)
    pieces = [piece.body for piece in first.unreadable]
    assert pieces == [b"0", b"1"]
    tries: list[int] = []
    met = threading.Barrier(2)

    def lock(spool: PostgresSpool, order: list[bytes]) -> None:
        def work(session: Any) -> None:
            tries.append(1)
            for position, body in enumerate(order):
                session.execute("UPDATE infobip_voice_unreadable SET count = count + 1 WHERE body = %s", (body,))
                if position == 0 and len(tries) <= 2:
                    met.wait(30)

        assert spool._drainer is not None
        spool._drainer.transact(work)

    other = threading.Thread(target=lock, args=(second, pieces[::-1]))
    other.start()
    lock(first, pieces)
    other.join()
    assert len(tries) > 2  # at least one was refused, and on a busy machine both at once
    assert [piece.count for piece in first.unreadable] == [3, 3]


def test_what_is_refused_for_others_is_done_again_as_often_as_it_takes(two: Any) -> None:
    """A refused transaction has done nothing, so that nothing is done twice."""
    refusals = [DeadlockDetected(), SerializationFailure(), DeadlockDetected()]

    def work(session: Any) -> str:
        session.execute("UPDATE infobip_voice_unreadable SET count = count + 1")
        if refusals:
            raise refusals.pop()
        return "done"

    first, _ = two
    first.end(Outcome("answered", 200, JSON, b"?"), "answered")
    first.read(0)
    assert first._drainer.transact(work) == "done"
    assert [piece.count for piece in first.unreadable] == [2]


# --- opening


def test_many_open_a_new_database_at_once(url: str) -> None:
    """One makes the tables; all see the same spool."""
    spools = [PostgresSpool(url, None, lambda: NOW, Ids()) for _ in range(6)]
    threads = [threading.Thread(target=spool.open) for spool in spools]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({spool._identity for spool in spools}) == 1
    assert spools[0]._identity
    for spool in spools:
        spool.close()


def test_two_spools_of_one_database_do_not_meet(postgres: Postgres) -> None:
    """Each in a schema of its own, with drains of the same numbers."""
    first, second = opened(postgres.url()), opened(postgres.url())
    first.begin()
    second.begin()
    first.end(page("a"), "answered")
    assert names(second) is None
    assert first._identity != second._identity
    for spool in (first, second):
        spool.close()


def test_a_migration_waits_for_nobody(postgres: Postgres, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While drains of an earlier version live it is refused; once it is done, they are."""
    old = opened(url)
    old.end(page("a"), "answered")
    migrations = _postgres._MIGRATIONS
    monkeypatch.setattr(_postgres, "MAX_WAIT", 0.05)
    with monkeypatch.context() as newer:
        newer.setattr(_postgres, "_MIGRATIONS", (*migrations, "ALTER TABLE infobip_voice_page ADD COLUMN extra text"))
        with pytest.raises(SpoolLocked, match=r"^drainers of an earlier version have the spool open"):
            opened(url)
        assert names(old) == ["a"]
        old.close()
        new = opened(url)
        assert names(new) == ["a"]
        assert table(postgres, url, "version FROM infobip_voice_spool") == [(2,)]
    with pytest.raises(SpoolError, match=r"newer version of this package \(format 2, not 1\)"):
        opened(url)
    new.close()


def test_tables_that_are_being_changed(postgres: Postgres, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes meanwhile is told so."""
    opened(url).close()
    monkeypatch.setattr(_postgres, "MAX_WAIT", 0.05)
    schema = url.partition("search_path%3D")[2]
    with postgres.session(options=f"-csearch_path={schema}") as session:
        session.execute(f"SELECT pg_advisory_lock({_postgres._SCHEMA_LOCK})")
        with pytest.raises(SpoolLocked, match=r"^the tables of the spool are being changed by another process"):
            opened(url)
    opened(url).close()


def test_two_that_migrate_do_it_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one finds it done."""
    opened(url).close()
    real = _postgres._version
    told = iter([0])
    monkeypatch.setattr(_postgres, "_version", lambda session: next(told, real(session)))
    spool = opened(url)  # has seen a schema without tables, which another one has made meanwhile
    assert spool._identity
    spool.close()


def test_a_database_that_was_replaced(postgres: Postgres, url: str) -> None:
    """A drain does not go on with another spool: its pages are not there."""
    spool = opened(url)
    lose_session(postgres, spool)
    assert spool._drainer is not None
    spool._drainer._address = Address(postgres.url())
    with pytest.raises(SpoolError, match=r"^the database has another spool than before"):
        spool.begin()
    spool.close()


def test_a_server_that_is_too_old(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no multiranges."""
    monkeypatch.setattr(_postgres, "_OLDEST", 990000)
    with pytest.raises(SpoolError, match=r"^the server is PostgreSQL \d+; a spool needs 99 or newer"):
        opened(url)


def test_a_user_who_may_not_make_tables(postgres: Postgres) -> None:
    """The words of PostgreSQL, and no waiting for better times."""
    url = postgres.url().replace("search_path%3D", "search_path%3Dnowhere_")
    with pytest.raises(SpoolError, match=r"^the spool failed: no schema has been selected") as caught:
        opened(url)
    assert type(caught.value) is SpoolError


class Pooler:
    """Passes everything on, and names a backend of its own, as a connection pooler does."""

    def __init__(self, port: int) -> None:
        self._server = "127.0.0.1", port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        client, _ = self._listener.accept()
        with client, socket.create_connection(self._server) as server:
            threading.Thread(target=self._pass, args=(client, server), daemon=True).start()
            while chunk := server.recv(65536):
                at = chunk.find(b"K\0\0\0\x0c")  # BackendKeyData: process and secret
                if at >= 0:
                    chunk = chunk[: at + 5] + struct.pack("!I", 4242) + chunk[at + 9 :]
                client.sendall(chunk)

    @staticmethod
    def _pass(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):  # whichever end closes first
            while chunk := source.recv(65536):
                sink.sendall(chunk)

    def close(self) -> None:
        self._listener.close()


def test_a_pooler_is_refused(postgres: Postgres, url: str) -> None:
    """It hands sessions around, and with them the locks that say who lives."""
    pooler = Pooler(postgres.port)
    with pytest.raises(SpoolError, match=r"^a connection pooler stands before the database"):
        opened(url.replace(f":{postgres.port}/", f":{pooler.port}/"))
    pooler.close()


def test_the_session_notices_a_lost_host_within_a_minute(url: str) -> None:
    """On both ends, and whatever the server is set to."""
    spool = opened(url)
    assert spool._drainer is not None
    shown: dict[str, Any] = {}

    def look(session: Any) -> None:
        for name in (
            "synchronous_commit",
            "tcp_keepalives_idle",
            "tcp_keepalives_interval",
            "tcp_keepalives_count",
            "tcp_user_timeout",
            "idle_session_timeout",
            "statement_timeout",
            "transaction_isolation",
        ):
            shown[name] = session.execute(f"SHOW {name}").fetchone()[0]
        ours = session.info.get_parameters()
        assert {name: ours[name] for name in ("keepalives_idle", "tcp_user_timeout", "connect_timeout")} == {
            "keepalives_idle": "20",
            "tcp_user_timeout": "40000",
            "connect_timeout": "10",
        }

    spool._drainer.transact(look, sync=True)
    assert shown == {
        "synchronous_commit": "on",
        "tcp_keepalives_idle": "20",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "4",
        "tcp_user_timeout": "40000",
        "idle_session_timeout": "0",
        "statement_timeout": "0",
        "transaction_isolation": "read committed",
    }
    spool.close()


def test_what_must_survive_a_power_failure_is_synced(url: str) -> None:
    """Requests, answers, gaps and what is unreadable are; acknowledgements are not."""
    spool = opened(url)

    def level() -> bool | None:
        assert spool._drainer is not None
        return spool._drainer._sync

    spool.begin()
    assert level() is True
    spool.end(Outcome("answered", 200, JSON, b'{"results": [{"to": "1"}, 7]}'), "answered")
    assert level() is True
    read = spool.read(0)
    assert level() is True
    assert read is not None
    spool.acknowledge(read.waiting)
    assert level() is False
    spool.receive(b"{}", "application/json", None)
    assert level() is True
    spool.acknowledge([])
    assert level() is True  # nothing was done
    spool.close()


# --- secrets


@pytest.mark.parametrize("secret", ["s3cr=t word", "50%", "hunter2"])
def test_no_error_shows_the_password(secret: str, postgres: Postgres) -> None:
    """Not in its text, not in its traceback, not in a repr; percent-encoded or not."""
    address = f"postgresql://Aladdin:{quote(secret)}@127.0.0.1:{postgres.port}/postgres"
    with pytest.raises(SpoolUnreachable, match="password authentication failed") as caught:
        opened(address)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(Address(address))
    assert secret not in told
    assert quote(secret) not in told
    assert Address(address).masked(f"a {secret} b {quote(secret)}") == "a *** b ***"


@pytest.mark.parametrize(
    "address", ["postgresql://Aladdin:open%sesame@host/db", "postgresql://host/db?colour=hunter2", "postgresql://[::1"]
)
def test_a_url_that_cannot_be_understood(address: str) -> None:
    """Refused without quoting it, when the drain is made."""
    with (
        VoiceClient(**settings("http://127.0.0.1:1")) as voice,
        pytest.raises(ValueError, match=r"^spool: the URL of the database cannot be understood$") as caught,
    ):
        voice.reports.drain(address)
    assert "sesame" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("address", ["mysql://host/db", "http://host", "sqlite:///file"])
def test_a_url_of_something_else(address: str) -> None:
    """It would be taken for the path of a file in a folder called `mysql:`."""
    with (
        VoiceClient(**settings("http://127.0.0.1:1")) as voice,
        pytest.raises(ValueError, match=r"^spool: the URL of a spool begins with postgresql://"),
    ):
        voice.reports.drain(address)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "infobip_voice._postgres_spool", None)
    with (
        VoiceClient(**settings("http://127.0.0.1:1")) as voice,
        pytest.raises(ConfigurationError, match=r"^a spool in PostgreSQL needs the extra infobip-voice\[postgres\]"),
    ):
        voice.reports.drain("postgresql://host/db")


def test_nothing_of_it_is_loaded_without_such_a_url(tmp_path: Any) -> None:
    """Whoever has a file does not pay for it."""
    program = (
        "import sys; from infobip_voice import VoiceClient; from infobip_voice._spool import make_spool\n"
        f"make_spool({str(tmp_path / 'spool')!r}, None, None, str).open()\n"
        "sys.exit('psycopg' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


# --- other processes


def test_a_child_leaves_the_session_of_its_parent_alone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a fork inherits is neither closed nor used."""
    spool = opened(url)
    spool.end(page("a"), "answered")
    child = os.fork()
    if not child:
        try:
            spool.close()
            del spool
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert names(spool) == ["a"]
    pid = backend(spool)
    assert spool._drainer is not None
    session = spool._drainer._session
    with monkeypatch.context() as ending:
        ending.setattr(sys, "is_finalizing", lambda: True)
        spool.close()  # does nothing: nothing could be imported
    with monkeypatch.context() as forked:
        forked.setattr(os, "getpid", lambda: -1)
        spool.close()
        spool.close()
        with pytest.raises(SpoolError, match=r"^the spool is not open"):
            spool.read(0)
    assert session is not None
    assert session.execute("SELECT pg_backend_pid()").fetchone() == (pid,)
    session.close()


def test_a_program_that_ends_with_an_open_spool(url: str) -> None:
    """Ends quietly; the next drain has what it had."""
    program = (
        "import sys; from infobip_voice._spool import make_spool; from infobip_voice._exchange import Setup\n"
        "setup = Setup(); sys.kept = make_spool(sys.argv[1], None, setup.now, setup.new_id)\n"
        "sys.kept.open(); sys.kept.begin()"
    )
    done = subprocess.run([sys.executable, "-c", program, url], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    spool = opened(url)
    while not spool.gaps:  # the server notices as soon as it can
        spool.begin()
        spool.end(Outcome("unsent"), "unsent")
    assert [gap.count for gap in spool.gaps] == [1]
    spool.close()


def test_closing_raises_nothing(postgres: Postgres, url: str) -> None:
    """Also if its session is gone; then the next one buries it."""
    spool = opened(url)
    spool.begin()
    lose_session(postgres, spool)
    assert spool._drainer is not None
    spool._drainer._address = Address("postgresql://127.0.0.1:1/nowhere")
    drainer = spool._drainer
    spool.close()
    spool.close()
    Drainer.close(drainer)
    later = opened(url)
    assert later.gaps == (GAP,)
    later.close()


def test_a_failure_has_the_answer_that_could_not_be_stored(postgres: Postgres, url: str) -> None:
    """The database refuses: the bytes are in the error, and nothing is tried again."""
    spool = opened(url)
    schema = url.partition("search_path%3D")[2]
    with postgres.session(options=f"-csearch_path={schema}") as session:
        session.execute("ALTER TABLE infobip_voice_page ADD CHECK (length(body) < 10)")
    with pytest.raises(SpoolError, match=r"^the spool failed: .*violates check constraint") as caught:
        spool.end(page("a"), "answered")
    assert (type(caught.value), caught.value.status, caught.value.body) == (SpoolError, 200, page("a").body)
    spool.close()


def test_text_that_postgresql_cannot_store(url: str) -> None:
    """NUL and half characters, in a reason or a header: marked, and the page is kept."""
    spool = opened(url)
    spool.end(Outcome("cut", 200, {"content-type": "a\0b\ud800"}, b"x", "no\0 \ud83d"), "uncertain")
    assert [gap.reason for gap in spool.gaps] == ["no\ufffd ?"]
    read = spool.read(0)
    assert read is not None
    assert [piece.content_type for piece in spool.unreadable] == ["a\ufffdb?"]
    spool.close()


# --- pushes


def push(*names: str, **members: str) -> bytes:
    more = "".join(f', "{name}": "{value}"' for name, value in members.items())
    results = ", ".join(f'{{"messageId": "{name}"{more}}}' if name else "{" + more[2:] + "}" for name in names)
    return f'{{"results": [{results}]}}'.encode()


@pytest.mark.parametrize(
    ("first", "second", "delivered"),
    [
        (push("a"), push("a"), ["a"]),
        (push("a"), b' { "results" :[{"messageId":"a"}] }', ["a"]),
        (push("a"), b'[{"messageId": "a"}]', ["a"]),
        (push("a", to="1"), b'{"results": [{"to": "1", "messageId": "a"}]}', ["a"]),
        (push("a", to="1"), push("a", to="2"), ["a", "a"]),
        (push("a"), push("a", "b"), ["a", "b"]),
        (push("a", "a"), push("a"), ["a"]),
        (push("", to="1"), push("", to="1"), [None, None]),
        (push("\\ud800", to="1"), push("\\ud800", to="1"), ["\ud800"]),
        (push("\\u0000"), push("\\u0000"), ["\0"]),
    ],
)
def test_the_same_push_twice(first: bytes, second: bytes, delivered: list[str | None], url: str) -> None:
    """The same `messageId` with the same content is one report; without one it never is."""
    spool = opened(url)
    for body in (first, second):
        spool.receive(body, "application/json", None)
    told: list[str | None] = []
    number = 0
    while (read := spool.read(number)) is not None:
        number = read.number
        assert not read.own
        told += [report.message_id for report in read.waiting]
    assert told == delivered
    spool.close()


def test_a_push_after_seven_days_is_a_report_of_its_own(url: str) -> None:
    """Up to then it is a repeat, from whichever receiver it comes."""
    clock = [NOW]
    first, second = (opened(url, now=lambda: clock[0]) for _ in range(2))
    assert first.receive(push("a"), "application/json", None)
    clock[0] = NOW + timedelta(days=7)
    assert not second.receive(push("a"), "application/json", None)
    clock[0] += timedelta(seconds=1)
    assert second.receive(push("a"), "application/json", None)
    for spool in (first, second):
        spool.close()


def test_two_receivers_get_the_same_push_at_once(two: Any) -> None:
    """One of them stores it."""
    threads = [threading.Thread(target=spool.receive, args=(push("a"), "application/json", None)) for spool in two * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, _ = two
    read = first.read(0)
    assert names(first, read.number) is None


@pytest.mark.parametrize(
    ("body", "media_type", "encoding", "reports", "pieces"),
    [
        (b"<reportResponse><results><result><messageId>a</messageId></result></results></reportResponse>",
         "application/xml", None, ["a"], []),
        (b'{"results": [{"messageId": "a"}, 7]}', "application/json", None, ["a"], [b"7"]),
        (b"nonsense", None, None, [], [b"nonsense"]),
        (b"", None, None, [], [b""]),
        (b"xx", "application/json", "br", [], [b"xx"]),
    ],
)  # fmt: skip
def test_whatever_is_pushed_is_kept(
    body: bytes, media_type: str | None, encoding: str | None, reports: list[str], pieces: list[bytes], url: str
) -> None:
    """Also what cannot be understood, again each time: an error answer would bring it again."""
    spool = opened(url)
    assert spool.receive(body, media_type, encoding)
    assert spool.receive(body, media_type, encoding) is bool(pieces)
    number, told = 0, []
    look = spool.look(0)
    assert look is not None
    assert [piece.body for piece in look.new] == pieces
    while (read := spool.read(number)) is not None:
        number = read.number
        told += [report.message_id for report in read.waiting]
    assert told == reports
    assert [piece.body for piece in spool.unreadable] == pieces
    assert spool.look(number) is None
    spool.close()


def test_what_the_database_refuses_is_not_repeated(url: str) -> None:
    """Its session lives, and it would refuse it again."""
    spool = opened(url)
    tries: list[int] = []

    def work(session: Any) -> None:
        tries.append(1)
        session.execute("SET LOCAL statement_timeout = 1")
        session.execute("SELECT pg_sleep(60)")

    with (
        pytest.raises(SpoolError, match=r"^the spool failed: canceling statement") as caught,
        spool._using() as drainer,
    ):
        drainer.transact(work)
    assert (type(caught.value), len(tries)) == (SpoolError, 1)
    spool.close()
