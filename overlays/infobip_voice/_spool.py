"""The spool of a drain: one SQLite file that holds every answer from before it is parsed until its
last report is done.

Written and synced before anything is parsed: answers, gaps, and that a request is on its way, which
becomes a gap if the process ends before the answer is stored. What cannot be understood is synced
before its page may go. Acknowledgements are written without a sync: `kill -9` does not lose them,
and what a power failure loses is delivered again.
"""

import os
import sqlite3
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from hashlib import sha256
from threading import Lock
from typing import Any, NamedTuple

from infobip_voice._answers import document
from infobip_voice._messages import Outcome, Verdict
from infobip_voice._pages import Page, read_page
from infobip_voice._report import Place, Report
from infobip_voice._reports import Filter, Gap, Unreadable
from infobip_voice._spool_file import SpoolFile
from infobip_voice.errors import SpoolError, SpoolLocked
from infobip_voice_wire.telephone import mask_numbers

__all__ = ["Spool", "StoredPage"]


class StoredPage(NamedTuple):
    """An answer, read, without the reports that are done.

    Attributes:
        number: its number in the spool.
        page: what it says.
        waiting: the reports that were asked for and are not done.
        others: reports of another launch than the spool is for, which the server returned all the
            same.
        new: what cannot be understood of it and is in the spool for the first time.
    """

    number: int
    page: Page
    waiting: list[Report]
    others: list[Report]
    new: list[Unreadable]


class Spool:
    """Keep answers in a file, or in memory if there is no path. Its methods block and may be called
    from any thread.

    Args:
        path: the file; None for memory.
        asked: what the reports were asked for by, which the file remembers; None for whatever it
            remembers.
        now: the present time, with an offset.
        new_id: makes the identity of a new spool.
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
        self._gaps: dict[int, Gap] = {}
        self._unreadable: tuple[Unreadable, ...] | None = None

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return every gap, the oldest first.

        Their bodies stay in the spool until they are asked for.
        """
        return tuple(self._gaps.values())

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Return everything that could not be understood, the oldest first."""
        if self._unreadable is None:
            with self._using() as database:
                rows = database.execute("SELECT * FROM unreadable ORDER BY rowid")
                self._unreadable = tuple(
                    Unreadable(body, reason, form, encoding, count, *map(datetime.fromisoformat, moments))
                    for _, body, reason, form, encoding, count, *moments in rows
                )
        return self._unreadable

    def open(self) -> None:
        """Open the file for this drain alone; a request of an earlier one that never ended is a
        gap. Once is enough.

        Raises:
            SpoolLocked: another drain has it open.
            SpoolError: it cannot be opened, or is something else. A file that is no spool is not
                touched.
        """
        with self._lock, self._failing():
            if self._file is not None:  # opened by a task that was cancelled before it heard of it
                return
            file = SpoolFile(self._path, self._new_id, self._asked.bulk_id if self._asked else None)
            try:
                self._load(file.database)
            except BaseException:
                file.close()
                raise
            self._file = file

    def _load(self, database: sqlite3.Connection) -> None:
        self._identity, bulk_id = database.execute("SELECT identity, bulk_id FROM spool").fetchone()
        if self._asked is None:
            self._asked = Filter(bulk_id)
        elif self._asked.bulk_id != bulk_id:
            holds = "every launch" if bulk_id is None else f"the launch {bulk_id}"
            raise SpoolError(f"the spool holds the reports of {holds}; use another file, or the same bulk_id")
        for number, *row in database.execute(
            "SELECT number, reason, status, count, first, last, outage FROM gap ORDER BY number"
        ):
            self._outage = max(self._outage, row.pop())
            self._remember(number, row)
        self._outage += 1
        self._interrupted(database)

    def begin(self) -> None:
        """Note that a request is about to be sent.

        On a full disk this fails, and nothing has been asked for.
        """
        with self._transaction(sync=True) as database:
            self._interrupted(database)
            database.execute("INSERT INTO on_its_way VALUES (1)")

    def end(self, outcome: Outcome, verdict: Verdict) -> None:
        """Store what a request brought: an answer, as far as it arrived, and a gap if there was no
        verdict.

        Raises:
            SpoolError: it cannot be stored; its bytes are in the error's `body`, and nowhere else.
        """
        with self._transaction(sync=True, outcome=outcome) as database:
            database.execute("DELETE FROM on_its_way")
            is_page = verdict == "answered" or (outcome.body != b"" and (outcome.status or 0) // 100 == 2)
            if is_page:
                headers = outcome.headers.get("content-type"), outcome.headers.get("content-encoding")
                insert = "INSERT INTO page (content_type, content_encoding, body) VALUES (?, ?, ?)"
                database.execute(insert, (*headers, outcome.body))
            if verdict == "uncertain":
                reason = outcome.failure or "the server failed, or gave an unknown status"
                reason = mask_numbers(reason, [name for name in self._asked or () if name])
                self._lose(database, reason, outcome.status, b"" if is_page else outcome.body)
            elif verdict == "answered":
                self._outage += 1

    def read(self, after: int) -> StoredPage | None:
        """Return the oldest page with a number above `after`; one in which nothing waits is
        forgotten.

        What cannot be understood of it is moved, once, to where it stays until `forget_unreadable`.
        """
        with self._using() as database:
            row: Any = database.execute(
                "SELECT number, body, content_type, content_encoding, reports FROM page"
                " WHERE number > ? ORDER BY number",
                (after,),
            ).fetchone()
        if row is None:
            return None
        number, body, content_type, content_encoding, count = row
        page = read_page(body, content_type, content_encoding)
        for position, report in enumerate(page.reports):
            report.place = Place(self._identity, number, position)
        new: list[Unreadable] = []
        with self._transaction(sync=count is None and bool(page.unreadable)) as database:
            if count is None:
                new = [piece for piece in page.unreadable if self._keep(database, piece)]
                database.execute("UPDATE page SET reports = ? WHERE number = ?", (len(page.reports), number))
            undone = self._undone(database, number, len(page.reports))
            if not undone:
                self._forget(database, number)
        asked = self._asked or Filter()
        waiting: list[Report] = []
        others: list[Report] = []
        for position in sorted(undone):
            report = page.reports[position]
            mine = asked.matches(report)
            (waiting if mine else others).append(report)
        return StoredPage(number, page, waiting, others, new)

    def acknowledge(self, reports: Iterable[Report]) -> None:
        """Note in one transaction that reports are done; one that is done already is no error.

        Raises:
            ValueError: a report is not from this spool. Then none of them is acknowledged.
        """
        places: list[Place] = []
        for report in reports:
            if report.place is None or report.place.spool != self._identity:
                where = "another spool" if report.place else "no spool"
                raise ValueError(f"{report!r} comes from {where}, so this one cannot acknowledge it")
            places.append(report.place)
        with self._transaction() as database:
            for _, number, position in places:
                undone = self._waiting.get(number)
                if undone is None:  # a page of an earlier drain, not read again by this one
                    row = database.execute("SELECT reports FROM page WHERE number = ?", (number,)).fetchone()
                    if row is None:
                        continue
                    undone = self._undone(database, number, row[0])
                if position not in undone:
                    continue
                if len(undone) > 1:
                    database.execute("INSERT INTO acknowledged VALUES (?, ?)", (number, position))
                    undone.discard(position)
                else:
                    self._forget(database, number)

    def forget_gaps(self) -> None:
        """Delete every gap, with its bodies."""
        with self._transaction() as database:
            database.execute("DELETE FROM gap_body")
            database.execute("DELETE FROM gap")
            self._gaps.clear()

    def forget_unreadable(self) -> None:
        """Delete everything that could not be understood."""
        with self._transaction() as database:
            database.execute("DELETE FROM unreadable")
            self._unreadable = None

    def close(self) -> None:
        """Close the file and let another drain have it; in a forked process, leave it to the
        parent.
        """
        if self._process != os.getpid():
            self._file = None
            return
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = self._sync = None

    def _undone(self, database: sqlite3.Connection, number: int, reports: int) -> set[int]:
        rows = database.execute("SELECT position FROM acknowledged WHERE page = ?", (number,))
        undone = self._waiting[number] = set(range(reports)) - {row[0] for row in rows}
        return undone

    def _forget(self, database: sqlite3.Connection, number: int) -> None:
        del self._waiting[number]
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
            self._lose(database, "interrupted while an answer was on its way", None, b"")

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
        with self._lock, self._failing(outcome):
            if self._file is None:
                raise SpoolError("the spool is not open")
            yield self._file.database

    @contextmanager
    def _transaction(self, *, sync: bool = False, outcome: Outcome | None = None) -> Generator[sqlite3.Connection]:
        with self._using(outcome) as database:
            if sync is not self._sync:
                database.execute(f"PRAGMA synchronous = {'FULL' if sync else 'NORMAL'}")
                self._sync = sync
            with database:
                database.execute("BEGIN IMMEDIATE")
                yield database

    @contextmanager
    def _failing(self, outcome: Outcome | None = None) -> Generator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise SpoolLocked("another drain has the spool open") from error
            lost = outcome or Outcome("unsent")
            raise SpoolError(
                f"the spool failed: {error}", status=lost.status, headers=lost.headers, body=document(lost)
            ) from error
