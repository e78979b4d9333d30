"""The spool in a file: what is special to SQLite, and to a file that one drain has at a time."""

import gc
import gzip
import os
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infobip_voice import SpoolError, SpoolLocked, _spool_file
from infobip_voice._messages import Outcome
from infobip_voice._report import Place
from infobip_voice._reports import Filter
from infobip_voice._spool_file import SpoolFile
from infobip_voice._sqlite_spool import SqliteSpool

JSON = {"content-type": "application/json"}
EMPTY = Outcome("answered", 200, JSON, b'{"results": []}')


def opened(path: Path | None = None, asked: Filter | None = None) -> SqliteSpool:
    spool = SqliteSpool(path, asked, lambda: datetime(2026, 11, 26, tzinfo=UTC), lambda: "identity")
    spool.open()
    return spool


@pytest.fixture
def spool() -> Iterator[SqliteSpool]:
    spool = opened()
    yield spool
    spool.close()


def stored(spool: SqliteSpool, outcome: Outcome) -> Any:
    """Store an answer in a spool that is empty, and read it."""
    spool.end(outcome, "answered")
    return spool.read(0)


def test_reading_a_page_that_is_whole_needs_no_sync(spool: SqliteSpool) -> None:
    """Nothing of it has to be moved; what is unreadable has, the first time."""

    def level() -> int:  # of the last transaction: 1 is NORMAL, 2 is FULL
        assert spool._file is not None
        level: int = spool._file.database.execute("PRAGMA synchronous").fetchone()[0]
        return level

    stored(spool, Outcome("answered", 200, JSON, b'{"results": [{"messageId": "a"}]}'))
    assert level() == 1
    spool.end(Outcome("answered", 200, JSON, b'{"results": [{"messageId": "a"}, 7]}'), "answered")
    spool.read(1)
    assert level() == 2
    again = spool.read(1)
    assert again is not None
    assert again.new == []
    assert level() == 1


def test_a_child_that_closes_leaves_the_file_to_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the child the spool is closed; the database stays open."""
    spool = opened(tmp_path / "spool")
    file = spool._file
    assert file is not None
    monkeypatch.setattr("os.getpid", lambda: -1)
    spool.close()
    with pytest.raises(SpoolError, match=r"^the spool is not open\."):
        spool.read(0)
    assert file.database.execute("SELECT 1").fetchone() == (1,)
    file.close()


def test_a_failure_has_the_answer_that_could_not_be_stored(spool: SqliteSpool) -> None:
    """Unpacked, with its status and headers; a failure of anything else has none."""
    assert spool._file is not None
    spool._file.database.execute("PRAGMA query_only = 1")
    headers = {**JSON, "content-encoding": "gzip"}
    with pytest.raises(SpoolError) as caught:
        spool.end(Outcome("answered", 200, headers, gzip.compress(b"{}")), "answered")
    assert caught.value.args[0] == "the spool failed: attempt to write a readonly database"
    assert (caught.value.status, caught.value.headers, caught.value.body) == (200, headers, b"{}")
    assert caught.value.sent
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    with pytest.raises(SpoolError) as caught:
        spool.begin()
    assert (caught.value.status, caught.value.headers, caught.value.body) == (None, {}, b"")
    assert not caught.value.sent


def test_a_file_that_is_busy_has_the_answer_too(spool: SqliteSpool) -> None:
    """Nobody can lock a file that a drain has open; if SQLite says so, the bytes are not lost."""

    class Busy:
        def execute(self, _: str) -> None:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error

    file, spool._file = spool._file, SimpleNamespace(database=Busy())  # type: ignore[assignment]
    with pytest.raises(SpoolLocked) as caught:
        spool.end(Outcome("answered", 200, JSON, b"{}"), "answered")
    assert (caught.value.sent, caught.value.status, caught.value.body) == (True, 200, b"{}")
    spool._file = file


def test_a_process_may_have_several_files_open(tmp_path: Path) -> None:
    """Each is claimed for itself."""
    spools = [opened(tmp_path / name) for name in "ab"]
    for number, spool in enumerate(spools):
        spool.end(Outcome("answered", 200, JSON, b'{"results": [{"messageId": "%d"}]}' % number), "answered")
    pages = [spool.read(0) for spool in spools]
    assert [[report.message_id for report in page.waiting] for page in pages if page] == [["0"], ["1"]]
    for spool in spools:
        spool.close()


def test_the_words_of_a_spool_that_cannot_be_opened(tmp_path: Path) -> None:
    """Who has it, or what it is; the file stays as it was."""
    spool = opened(tmp_path / "spool")
    with pytest.raises(SpoolLocked) as caught:
        opened(tmp_path / "spool")
    assert caught.value.args[0] == "another drain of this process has the spool open"
    spool.close()
    somebody = sqlite3.connect(tmp_path / "spool", isolation_level=None)
    somebody.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SpoolLocked) as caught:
        opened(tmp_path / "spool")
    assert caught.value.args[0] == "another drain has the spool open"
    somebody.execute("ROLLBACK")
    somebody.close()
    for version, shown in ((3, "3"), (0x1000002, "******18")):  # so long a number is masked
        with sqlite3.connect(tmp_path / "spool") as somebody:
            somebody.execute(f"PRAGMA user_version = {version}")
        somebody.close()
        with pytest.raises(SpoolError) as caught:
            opened(tmp_path / "spool")
        assert caught.value.args[0] == (
            f"the spool was written by another version of this package (format {shown}, not 2)"
        )
    (tmp_path / "other").write_bytes(b"SQLite format 3\0" + bytes(84))
    with pytest.raises(SpoolError) as caught:
        opened(tmp_path / "other")
    assert caught.value.args[0] == "the file is no spool of this version; it was not touched"
    with pytest.raises(SpoolError, match=r"^the spool failed: \[Errno 2\] No such file or directory"):
        opened(tmp_path / "nowhere" / "spool")


def test_a_refused_file_may_be_opened_once_it_is_right(tmp_path: Path) -> None:
    """A refusal keeps neither the file nor the claim on it."""
    (tmp_path / "spool").write_bytes(b"something else" * 10)
    for _ in range(2):
        with pytest.raises(SpoolError, match=r"^the file is no spool"):
            opened(tmp_path / "spool")
    (tmp_path / "spool").write_bytes(b"")
    opened(tmp_path / "spool").close()


@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")  # nobody has got it yet
@pytest.mark.parametrize(
    "broken_off", ["_claim", "_refuse_another_file", "_connect", "SpoolFile.open", "SqliteSpool._load"]
)
def test_an_opening_that_is_broken_off_lets_go(
    broken_off: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C comes at the end of each step; the same process opens the spool again."""
    owner, _, name = broken_off.rpartition(".")
    place: Any = {"": _spool_file, "SpoolFile": SpoolFile, "SqliteSpool": SqliteSpool}[owner]
    step = getattr(place, name)

    def interrupted(*arguments: Any) -> None:
        step(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(place, name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            opened(tmp_path / "spool")
    gc.collect()  # only the collector closes a connection that nobody has, and its warning belongs here
    opened(tmp_path / "spool").close()


def test_a_spool_in_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them know nothing of each other."""
    monkeypatch.chdir(tmp_path)
    first, second = opened(), opened()
    first.end(EMPTY, "answered")
    assert second.read(0) is None
    for spool in (first, second):
        spool.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [":memory:", "file:spool", "file:spool?mode=memory", "a b%20?c#d", "ü"])
def test_a_file_is_a_file_whatever_it_is_called(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that mean something else to SQLite too: what was stored there would end with the
    process."""
    monkeypatch.chdir(tmp_path)
    spool = opened(Path(name))
    spool.end(Outcome("answered", 200, JSON, b'{"results": [{"messageId": "a"}]}'), "answered")
    spool.close()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    again = opened(Path(name))
    page = again.read(0)
    again.close()
    assert page is not None
    assert len(page.waiting) == 1


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """A pipe without a writer, a device, a folder."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/null"), tmp_path):
        with pytest.raises(SpoolError, match=r"^the spool has to be a file"):
            opened(path)


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    """Its marks, its journal mode, and the launch that it is for; it is for its owner alone."""
    opened(tmp_path / "spool", Filter("b")).close()
    assert stat.S_IMODE((tmp_path / "spool").stat().st_mode) == 0o600
    with sqlite3.connect(tmp_path / "spool") as database:
        marks = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        assert marks == [0x1F0B1CE5, 2]
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("SELECT * FROM spool").fetchall() == [("identity", "b")]
    database.close()


def test_nobody_waits_for_a_lock(tmp_path: Path) -> None:
    """Another drain has it as long as it drains."""
    file = SpoolFile(str(tmp_path / "spool"))
    file.open(str, None)
    assert file.database.execute("PRAGMA busy_timeout").fetchone() == (0,)
    file.close()


def test_any_thread_may_use_it(tmp_path: Path) -> None:
    """A drain on an event loop uses it on whichever thread is free."""
    with ThreadPoolExecutor(1) as thread:
        spool = opened(tmp_path / "spool")
        thread.submit(spool.begin).result()
        thread.submit(spool.close).result()
    again = opened(tmp_path / "spool")
    assert [gap.count for gap in again.gaps] == [1]  # the request that was begun there, and never ended
    again.close()


def test_an_acknowledgement_is_one_transaction_and_no_more_statements_than_it_needs(spool: SqliteSpool) -> None:
    """One report of a page that was read is one statement; several, or the last, a transaction."""
    body = b'{"results": [{"to": "1"}, {"to": "2"}, {"to": "3"}, {"to": "4"}, {"to": "5"}]}'
    page = stored(spool, Outcome("answered", 200, JSON, body))
    assert spool._file is not None
    statements: list[str] = []
    spool._file.database.set_trace_callback(lambda statement: statements.append(" ".join(statement.split()[:2])))
    for done in (page.waiting[:1], page.waiting[1:3], page.waiting[3:4], page.waiting[3:4], page.waiting[4:]):
        spool.acknowledge(done)
        statements.append("")
    assert "\n".join(statements) == (
        "INSERT INTO\n"
        "\n"
        "BEGIN IMMEDIATE\nINSERT INTO\nINSERT INTO\nCOMMIT\n"
        "\n"
        "INSERT INTO\n"
        "\n"
        "\n"  # it is done already
        "BEGIN IMMEDIATE\nDELETE FROM\nDELETE FROM\nCOMMIT\n"
    )
    assert spool._waiting == {}


def test_a_look_shows_a_page_as_a_read_would(tmp_path: Path) -> None:
    """Also one that is compressed, or has what cannot be understood; and whose answer it is."""
    headers = {"content-type": "text/plain", "content-encoding": "gzip"}
    spool = opened(tmp_path / "spool")
    spool.end(Outcome("answered", 200, headers, gzip.compress(b'{"results": [{"messageId": "a"}, 7]}')), "answered")
    look = spool.look(0)
    assert look is not None
    assert [(report.message_id, report.place) for report in look.waiting] == [("a", Place("identity", 1, 0))]
    assert [(piece.body, piece.content_type) for piece in look.new] == [(b"7", "text/plain")]
    assert look.own
    spool.close()
    again = opened(tmp_path / "spool")
    later = again.look(0)
    assert later is not None
    assert not later.own
    again.close()
