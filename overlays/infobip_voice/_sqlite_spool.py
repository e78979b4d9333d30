"""The spool in one SQLite file, or in memory, for one drain at a time; `_spool` says what it is."""

import os
import sqlite3
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from hashlib import sha256
from threading import Lock
from typing import Any

from infobip_voice._messages import Outcome, Verdict
from infobip_voice._pages import read_page
from infobip_voice._report import Report
from infobip_voice._reports import Filter, Gap, Unreadable
from infobip_voice._spool import INTERRUPTED, StoredPage, evidence, for_filter, is_page, places, reason, sort_out
from infobip_voice._spool_file import SpoolFile
from infobip_voice.errors import SpoolError, SpoolLocked

__all__ = ["SqliteSpool"]

_PAGE = (
    "SELECT number, body, content_type, content_encoding, reports FROM page WHERE number > ? ORDER BY number LIMIT 1"
)


class SqliteSpool:
    """Keep answers in a file, or in memory if there is no path; see `Spool`.

    Args:
        path: the file; None for memory.
        asked, now, new_id: as for `make_spool`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        asked: Filter | None,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._path = None if path is None else os.fspath(path)
        self._asked = asked
        self._now = now
        self._new_id = new_id
        self._lock = Lock()
        self._process = os.getpid()
        self._file: SpoolFile | None = None
        self._identity = ""
        self._sync: bool | None = None
        self._waiting: dict[int, set[int]] = {}
        self._outage = 0
        self._last = 0
        self._gaps: dict[int, Gap] = {}
        self._unreadable: tuple[Unreadable, ...] | None = None

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(self._gaps.values())

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        if self._unreadable is None:
            with self._using() as database:
                rows = database.execute("SELECT * FROM unreadable ORDER BY rowid")
                self._unreadable = tuple(
                    Unreadable(body, reason, form, encoding, count, *map(datetime.fromisoformat, moments))
                    for _, body, reason, form, encoding, count, *moments in rows
                )
        return self._unreadable

    def open(self) -> None:
        with self._lock, self._failing():
            if self._file is not None:  # opened by a task that was cancelled before it heard of it
                return
            file = SpoolFile(self._path)
            try:
                file.open(self._new_id, self._asked.bulk_id if self._asked else None)
                self._load(file.database)
            except BaseException:
                file.close()
                raise
            self._file = file

    def _load(self, database: sqlite3.Connection) -> None:
        self._identity, bulk_id = database.execute("SELECT identity, bulk_id FROM spool").fetchone()
        self._asked = for_filter(self._asked, bulk_id)
        # A page with a higher number is an answer to this drain.
        (self._last,) = database.execute("SELECT coalesce(max(number), 0) FROM page").fetchone()
        for number, *row in database.execute(
            "SELECT number, reason, status, count, first, last, outage FROM gap ORDER BY number"
        ):
            self._outage = max(self._outage, row.pop())
            self._remember(number, row)
        self._outage += 1
        self._interrupted(database)

    def begin(self) -> None:
        with self._transaction(sync=True) as database:
            self._interrupted(database)
            database.execute("INSERT INTO on_its_way VALUES (1)")

    def end(self, outcome: Outcome, verdict: Verdict) -> None:
        with self._transaction(sync=True, outcome=outcome) as database:
            database.execute("DELETE FROM on_its_way")
            kept = is_page(outcome, verdict)
            if kept:
                headers = outcome.headers.get("content-type"), outcome.headers.get("content-encoding")
                insert = "INSERT INTO page (content_type, content_encoding, body) VALUES (?, ?, ?)"
                database.execute(insert, (*headers, outcome.body))
            if verdict == "uncertain":
                self._lose(database, reason(outcome, self._asked), outcome.status, b"" if kept else outcome.body)
            elif verdict == "answered":
                self._outage += 1

    def read(self, after: int) -> StoredPage | None:
        with self._using() as database:
            row: Any = database.execute(_PAGE, (after,)).fetchone()
        if row is None:
            return None
        number, body, content_type, content_encoding, count = row
        page = read_page(body, content_type, content_encoding)
        new: list[Unreadable] = []
        with self._transaction(sync=count is None and bool(page.unreadable)) as database:
            if count is None:
                new = [piece for piece in page.unreadable if self._keep(database, piece)]
                database.execute("UPDATE page SET reports = ? WHERE number = ?", (len(page.reports), number))
            undone = self._undone(database, number, len(page.reports))
            if not undone:
                self._forget(database, number)
        if undone:
            self._waiting[number] = undone
        return sort_out(self._identity, number, page, undone, self._asked or Filter(), new, number > self._last)

    def look(self, after: int) -> StoredPage | None:
        with self._using() as database:
            row: Any = database.execute(_PAGE, (after,)).fetchone()
            if row is None:
                return None
            number, body, content_type, content_encoding, count = row
            page = read_page(body, content_type, content_encoding)
            undone = self._undone(database, number, len(page.reports))
        new = list(page.unreadable) if count is None else []
        return sort_out(self._identity, number, page, undone, self._asked or Filter(), new, number > self._last)

    def acknowledge(self, reports: Iterable[Report]) -> None:
        found = places(self._identity, reports)
        changes: list[tuple[int, set[int], set[int]]] = []
        with self._using() as database:
            for number, positions in found.items():
                undone = self._waiting.get(number)
                if undone is None:  # a page of an earlier drain, not read again by this one
                    row = database.execute("SELECT reports FROM page WHERE number = ?", (number,)).fetchone()
                    undone = self._undone(database, number, row[0] if row else 0)
                if done := undone.intersection(positions):
                    changes.append((number, undone, done))
            self._level(database, sync=False)
            with database:
                # In a loop over single reports each is one statement, which is a transaction by
                # itself: with a BEGIN and a COMMIT the loop would cost half as much again.
                if sum(len(done) + (done == undone) for _, undone, done in changes) > 1:
                    database.execute("BEGIN IMMEDIATE")
                for number, undone, done in changes:
                    if done == undone:
                        self._forget(database, number)
                    else:
                        rows = [(number, position) for position in done]
                        database.executemany("INSERT INTO acknowledged VALUES (?, ?)", rows)
            for number, undone, done in changes:  # only now: what has failed is not done
                undone -= done
                if not undone:
                    self._waiting.pop(number, None)

    def forget_gaps(self) -> None:
        with self._transaction() as database:
            database.execute("DELETE FROM gap_body")
            database.execute("DELETE FROM gap")
            self._gaps.clear()

    def forget_unreadable(self) -> None:
        with self._transaction() as database:
            database.execute("DELETE FROM unreadable")
            self._unreadable = None

    def close(self) -> None:
        if self._process != os.getpid():
            return
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = self._sync = None

    def _undone(self, database: sqlite3.Connection, number: int, reports: int) -> set[int]:
        rows = database.execute("SELECT position FROM acknowledged WHERE page = ?", (number,))
        return set(range(reports)).difference(*zip(*rows, strict=True))

    def _forget(self, database: sqlite3.Connection, number: int) -> None:
        database.execute("DELETE FROM page WHERE number = ?", (number,))
        database.execute("DELETE FROM acknowledged WHERE page = ?", (number,))

    def _keep(self, database: sqlite3.Connection, piece: Unreadable) -> bool:
        """Keep a piece; the same bytes again are counted. Return whether it is new."""
        self._unreadable = None
        now = self._now().isoformat()
        digest = sha256(piece.body).digest()
        again = database.execute("UPDATE unreadable SET count = count + 1, last = ? WHERE digest = ?", (now, digest))
        if again.rowcount:
            return False
        row = digest, piece.body, piece.reason, piece.content_type, piece.content_encoding, now, now
        database.execute("INSERT INTO unreadable VALUES (?, ?, ?, ?, ?, 1, ?, ?)", row)
        return True

    def _interrupted(self, database: sqlite3.Connection) -> None:
        if database.execute("DELETE FROM on_its_way").rowcount:
            self._lose(database, INTERRUPTED, None, b"")

    def _lose(self, database: sqlite3.Connection, reason: str, status: int | None, body: bytes) -> None:
        """Count a lost answer; those of one outage that ended alike are one gap."""
        now = self._now().isoformat()
        row: Any = database.execute(
            "INSERT INTO gap (outage, reason, status, count, first, last) VALUES (?, ?, ?, 1, ?, ?)"
            " ON CONFLICT DO UPDATE SET count = count + 1, last = excluded.last"
            " RETURNING number, reason, status, count, first, last",
            (self._outage, reason, status or 0, now, now),
        ).fetchone()
        number, *rest = row
        if body:
            database.execute("INSERT OR IGNORE INTO gap_body VALUES (?, ?, ?)", (number, sha256(body).digest(), body))
        self._remember(number, rest)

    def _remember(self, number: int, row: list[Any]) -> None:
        reason, status, count, first, last = row
        moments = datetime.fromisoformat(first), datetime.fromisoformat(last)
        self._gaps[number] = Gap(reason, status or None, count, *moments, partial(self._bodies, number))

    def _bodies(self, number: int) -> tuple[bytes, ...]:
        with self._using() as database:
            rows = database.execute("SELECT body FROM gap_body WHERE gap = ? ORDER BY rowid", (number,))
            return tuple(row[0] for row in rows)

    @contextmanager
    def _using(self, outcome: Outcome | None = None) -> Generator[sqlite3.Connection]:
        if self._process != os.getpid():  # what a fork inherits is the parent's; the lock may be held for ever
            raise SpoolError("the spool is not open")
        with self._lock, self._failing(outcome):
            if self._file is None:
                raise SpoolError("the spool is not open")
            yield self._file.database

    @contextmanager
    def _transaction(self, *, sync: bool = False, outcome: Outcome | None = None) -> Generator[sqlite3.Connection]:
        with self._using(outcome) as database:
            self._level(database, sync)
            with database:
                database.execute("BEGIN IMMEDIATE")
                yield database

    def _level(self, database: sqlite3.Connection, sync: bool) -> None:
        if sync is not self._sync:
            database.execute(f"PRAGMA synchronous = {'FULL' if sync else 'NORMAL'}")
            self._sync = sync

    @contextmanager
    def _failing(self, outcome: Outcome | None = None) -> Generator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise SpoolLocked("another drain has the spool open", **evidence(outcome)) from error
            raise SpoolError(f"the spool failed: {error}", **evidence(outcome)) from error
        except SpoolError as error:  # such as "not open": somebody closed the drain while it asked
            raise type(error)(error.args[0], **evidence(outcome)) from None
