"""The spool of a drain: one SQLite file that holds every answer from before it is parsed until its last report is done.

Written and synced before parsing: answers, gaps, and that a request is on its way, which becomes a gap if the process ends
before the answer is stored. Acknowledgements are written without a sync: `kill -9` does not lose them, and what a power
failure loses is delivered again.
"""

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final, NamedTuple

from attrs import evolve

from infobip_voice._answers import document
from infobip_voice._messages import Outcome, Verdict
from infobip_voice._pages import Page, read_page
from infobip_voice._reports import Gap, Item
from infobip_voice.errors import SpoolError, SpoolLocked

__all__ = ["Spool", "StoredPage"]

_VERSION: Final = 1
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS page (
    number INTEGER PRIMARY KEY AUTOINCREMENT, content_type TEXT, content_encoding TEXT, body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS acknowledged (page INTEGER, position INTEGER, PRIMARY KEY (page, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gap (number INTEGER PRIMARY KEY, reason TEXT NOT NULL, status INTEGER, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS on_its_way (request INTEGER PRIMARY KEY);
"""


class StoredPage(NamedTuple):
    """An answer, read, and those of its items that are not done."""

    number: int
    body: bytes
    page: Page
    waiting: list[Item]


class Spool:
    """Keep answers in a file, or in memory if there is no path. Its calls block and may come from any thread."""

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        self._path = ":memory:" if path is None else os.fspath(path)
        self._lock = Lock()
        self._database: sqlite3.Connection | None = None
        self._waiting: dict[int, set[int]] = {}
        self.gaps: tuple[Gap, ...] = ()
        self.known_gaps = 0

    def open(self) -> None:
        """Open the file for this drainer alone; a request of an earlier one that never ended is a gap. Once is enough.

        Raises:
            SpoolLocked: another drainer has it open.
            SpoolError: it cannot be opened, or is something else.
        """
        with self._lock, self._failing():
            if self._database is not None:  # opened by a task that was cancelled before it heard of it
                return
            if self._path != ":memory:":  # it will hold telephone numbers: for its owner alone
                os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            database = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(database)
            except BaseException:
                database.close()
                raise
            self._database = database

    def _prepare(self, database: sqlite3.Connection) -> None:
        # The lock belongs to the process: it goes with it, however it ends.
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA journal_mode = WAL")
        if database.execute("PRAGMA user_version").fetchone()[0] not in (0, _VERSION):
            raise SpoolError("the spool was written by another version of this package")
        database.executescript(f"BEGIN EXCLUSIVE; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT")
        self.gaps = tuple(Gap(*row) for row in database.execute("SELECT reason, status, body FROM gap ORDER BY number"))
        self.known_gaps = len(self.gaps)
        self._interrupted(database)

    def begin(self) -> None:
        """Note that a request is about to be sent. On a full disk this fails, and nothing has been asked for."""
        with self._writing(sync=True) as database:
            self._interrupted(database)
            database.execute("INSERT INTO on_its_way VALUES (1)")

    def end(self, outcome: Outcome, verdict: Verdict) -> None:
        """Store what a request brought: an answer, as far as it arrived, and a gap if there was no verdict.

        Raises:
            SpoolError: it cannot be stored; its bytes are in the error's `body`, and nowhere else.
        """
        with self._writing(sync=True, outcome=outcome) as database:
            database.execute("DELETE FROM on_its_way")
            page = verdict == "answered" or (outcome.body != b"" and (outcome.status or 0) // 100 == 2)
            if page:
                headers = outcome.headers.get("content-type"), outcome.headers.get("content-encoding")
                insert = "INSERT INTO page (content_type, content_encoding, body) VALUES (?, ?, ?)"
                database.execute(insert, (*headers, outcome.body))
            if verdict == "uncertain":
                reason = outcome.failure or "the server failed, or gave an unknown status"
                self._gap(database, Gap(reason, outcome.status, b"" if page else outcome.body))

    def read(self, after: int) -> StoredPage | None:
        """Return the oldest page with a number above `after`; one in which nothing waits is forgotten."""
        with self._writing(sync=False) as database:
            row: Any = database.execute("SELECT * FROM page WHERE number > ? ORDER BY number", (after,)).fetchone()
            if row is None:
                return None
            number, content_type, content_encoding, body = row
            done = {row[0] for row in database.execute("SELECT position FROM acknowledged WHERE page = ?", (number,))}
            page = read_page(body, content_type, content_encoding)
            items = [evolve(item, place=(number, position)) for position, item in enumerate(page.items)]
            self._waiting[number] = set(range(len(items))) - done
            waiting = [items[position] for position in sorted(self._waiting[number])]
            if not waiting:
                self._forget(database, number)
            return StoredPage(number, body, page, waiting)

    def acknowledge(self, item: Item) -> None:
        """Note that an item is done, and forget its page when it was the last; one that is done already is no error."""
        page, position = item.place or (0, 0)
        with self._writing(sync=False) as database:
            waiting = self._waiting.get(page, set())
            if position not in waiting:
                return
            if len(waiting) > 1:
                database.execute("INSERT INTO acknowledged VALUES (?, ?)", (page, position))
            else:
                self._forget(database, page)
            waiting.discard(position)

    def _forget(self, database: sqlite3.Connection, page: int) -> None:
        self._waiting.pop(page, None)
        database.execute("DELETE FROM page WHERE number = ?", (page,))
        database.execute("DELETE FROM acknowledged WHERE page = ?", (page,))

    def close(self) -> None:
        """Close the file and let another drainer have it."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _interrupted(self, database: sqlite3.Connection) -> None:
        if database.execute("DELETE FROM on_its_way").rowcount:
            self._gap(database, Gap("interrupted while an answer was on its way", None, b""))

    def _gap(self, database: sqlite3.Connection, gap: Gap) -> None:
        database.execute("INSERT INTO gap (reason, status, body) VALUES (?, ?, ?)", gap)
        self.gaps += (gap,)

    @contextmanager
    def _writing(self, *, sync: bool, outcome: Outcome | None = None) -> Generator[sqlite3.Connection]:
        with self._lock, self._failing(outcome):
            database = self._database
            if database is None:
                raise SpoolError("the spool is closed")
            database.execute(f"PRAGMA synchronous = {'FULL' if sync else 'NORMAL'}")
            with database:
                database.execute("BEGIN IMMEDIATE")
                yield database

    @contextmanager
    def _failing(self, outcome: Outcome | None = None) -> Generator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise SpoolLocked("another drainer has the spool open") from error
            lost = outcome or Outcome("unsent")
            raise SpoolError(
                f"the spool failed: {error}", status=lost.status, headers=lost.headers, body=document(lost)
            ) from error
