"""The spool in PostgreSQL, for any number of drains and receivers at once; `_spool` says what a
spool is, and `_postgres_drainer` how drains know of each other.

No transaction is open while users work. Every transaction may be repeated, since a commit whose
answer is lost may have happened. An answer that a drain has in hand after its session was lost is
stored, and the gap that was made of its request meanwhile is deleted.
"""

import os
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from json import dumps
from threading import Lock
from typing import Any, Final, NamedTuple

import psycopg
from psycopg.types.multirange import Int4Multirange

from infobip_voice._messages import Outcome, Verdict
from infobip_voice._pages import Page, read_page
from infobip_voice._postgres import Address, Session
from infobip_voice._postgres_drainer import Drainer
from infobip_voice._postgres_losses import clean, keep, lose, read_bodies, read_gaps, read_unreadable
from infobip_voice._report import Report
from infobip_voice._reports import Filter, Gap, Unreadable
from infobip_voice._spool import INTERRUPTED, StoredPage, evidence, for_filter, is_page, places, reason, sort_out
from infobip_voice.errors import SpoolError, SpoolUnreachable

__all__ = ["REPEATED_WITHIN", "PostgresSpool"]

REPEATED_WITHIN: Final = timedelta(days=7)  # the same push within this time is a repeat

_inherited: list[object] = []  # sessions of a parent process, which must not be closed in this one


class _Row(NamedTuple):
    """A page as it is stored; the columns in their order."""

    number: int
    body: bytes
    content_type: str | None
    content_encoding: str | None
    reports: int | None
    done: "Int4Multirange"
    pushed: bool

    def read(self) -> tuple[Page, set[int]]:
        """Return what it says, and the positions of the reports that are not done."""
        page = read_page(self.body, self.content_type, self.content_encoding, bare=self.pushed)
        undone = set(range(len(page.reports)))
        for done in self.done:
            undone.difference_update(range(done.lower or 0, done.upper or 0))
        return page, undone


_PAGE: Final = """
SELECT number, body, content_type, content_encoding, reports, done, pushed FROM infobip_voice_page
WHERE number > %s ORDER BY number LIMIT 1
"""
_CLAIM: Final = """
UPDATE infobip_voice_page SET drainer = %s WHERE number = (
    SELECT number FROM infobip_voice_page WHERE drainer IS NULL OR (drainer = %s AND number > %s)
    ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING number, body, content_type, content_encoding, reports, done, pushed
"""


class PostgresSpool:
    """Keep answers in a database; see `Spool`.

    Args:
        url: where the database is.
        asked, now, new_id: as for `make_spool`.

    Raises:
        ValueError: the URL cannot be understood.
    """

    def __init__(self, url: str, asked: Filter | None, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._asked = asked
        self._now = now
        self._new_id = new_id
        self._lock = Lock()
        self._process = os.getpid()
        self._drainer: Drainer | None = None
        self._identity = ""
        self._request: str | None = None  # the one under way
        self._own: set[int] = set()  # answers to this drain that it has not read
        self._waiting: dict[int, set[int]] = {}
        self._outage = 0
        self._gaps: tuple[Gap, ...] = ()
        self._address = Address(url)

    def __del__(self) -> None:
        self.close()

    # --- for a drain

    @property
    def gaps(self) -> tuple[Gap, ...]:
        self._disown()
        if self._drainer is not None:
            with suppress(SpoolUnreachable), self._using() as drainer:
                self._gaps = drainer.transact(partial(read_gaps, bodies=self._bodies))
        return self._gaps

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        with self._using() as drainer:
            return drainer.transact(read_unreadable)

    def open(self) -> None:
        self._disown()
        with self._lock:
            if self._drainer is not None:  # opened by a task that was cancelled before it heard of it
                return
            bulk_id = self._asked.bulk_id if self._asked else None
            drainer = Drainer(self._address, self._now, self._new_id, bulk_id, self._waiting.keys())
            try:
                with self._failing():
                    drainer.transact(drainer.bury)
                assert drainer.mark is not None  # noqa: S101  a transaction has happened
                self._asked = for_filter(self._asked, drainer.mark.bulk_id)
            except BaseException:
                drainer.close()
                raise
            self._drainer, self._identity, self._process = drainer, drainer.mark.identity, os.getpid()

    def begin(self) -> None:
        request = self._new_id()
        with self._using() as drainer:

            def note(session: Session) -> None:
                drainer.bury(session)
                interrupted = session.execute(
                    "DELETE FROM infobip_voice_request WHERE drainer = %s AND request <> %s", (drainer.number, request)
                )
                if interrupted.rowcount:
                    lose(session, (drainer.number, self._outage), INTERRUPTED, None, b"", self._now())
                session.execute(
                    "INSERT INTO infobip_voice_request VALUES (%s, %s) ON CONFLICT DO NOTHING",
                    (drainer.number, request),
                )

            drainer.transact(note, sync=True)
            self._request = request

    def end(self, outcome: Outcome, verdict: Verdict) -> None:
        request, kept = self._request, is_page(outcome, verdict)
        with self._using(outcome) as drainer:

            def store(session: Session) -> int | None:
                is_new = True
                if request is not None:
                    under_way = session.execute("DELETE FROM infobip_voice_request WHERE request = %s", (request,))
                    buried = session.execute("DELETE FROM infobip_voice_gap WHERE request = %s", (request,))
                    is_new = under_way.rowcount + buried.rowcount > 0
                if verdict == "uncertain" and is_new:
                    words, body = reason(outcome, self._asked), b"" if kept else outcome.body
                    lose(session, (drainer.number, self._outage), words, outcome.status, body, self._now())
                return self._store(session, drainer, request, outcome) if kept else None

            number = drainer.transact(store, sync=True)
            self._request = None
            if number is not None:
                self._own.add(number)
            if verdict == "answered":
                self._outage += 1

    def read(self, after: int) -> StoredPage | None:
        with self._using() as drainer:
            row = drainer.transact(partial(self._claim, drainer, after))
        if row is None:
            return None
        page, undone = row.read()

        def note(session: Session) -> list[Unreadable]:
            first = session.execute(
                "UPDATE infobip_voice_page SET reports = %s WHERE number = %s AND reports IS NULL",
                (len(page.reports), row.number),
            )
            new = [piece for piece in page.unreadable if first.rowcount and keep(session, piece, self._now())]
            if not undone:
                session.execute("DELETE FROM infobip_voice_page WHERE number = %s", (row.number,))
            return new

        new: list[Unreadable] = []
        with self._using() as drainer:
            if row.reports is None or not undone:
                new = drainer.transact(note, sync=row.reports is None and bool(page.unreadable))
            own = row.number in self._own
            self._own.discard(row.number)
            if undone:
                self._waiting[row.number] = undone
        return sort_out(self._identity, row.number, page, undone, self._asked or Filter(), new, own)

    def look(self, after: int) -> StoredPage | None:
        def find(session: Session) -> _Row | None:
            found = session.execute(_PAGE, (after,)).fetchone()
            return _Row(*found) if found else None

        with self._using() as drainer:
            row = drainer.transact(find)
        if row is None:
            return None
        page, undone = row.read()
        new = list(page.unreadable) if row.reports is None else []
        return sort_out(self._identity, row.number, page, undone, self._asked or Filter(), new, own=False)

    def acknowledge(self, reports: Iterable[Report]) -> None:
        found = places(self._identity, reports)
        with self._using() as drainer:

            def note(session: Session) -> None:
                for number in sorted(found):  # in one order, or two drains could wait for each other
                    undone = self._waiting.get(number)
                    if undone is not None and undone.issubset(found[number]):
                        session.execute("DELETE FROM infobip_voice_page WHERE number = %s", (number,))
                        continue
                    session.execute(
                        "UPDATE infobip_voice_page SET done = done + %s::int4multirange WHERE number = %s",
                        (_ranges(found[number]), number),
                    )
                    if undone is None:  # a page of an earlier drain, not read again by this one
                        session.execute(
                            "DELETE FROM infobip_voice_page WHERE number = %s"
                            " AND done @> int4multirange(int4range(0, reports))",
                            (number,),
                        )

            if not found:
                return
            drainer.transact(note)
            for number, positions in found.items():  # only now: what has failed is not done
                undone = self._waiting.get(number, set())
                undone.difference_update(positions)
                if not undone:
                    self._waiting.pop(number, None)

    def forget_gaps(self) -> None:
        with self._using() as drainer:
            drainer.transact(lambda session: session.execute("DELETE FROM infobip_voice_gap"))

    def forget_unreadable(self) -> None:
        with self._using() as drainer:
            drainer.transact(lambda session: session.execute("DELETE FROM infobip_voice_unreadable"))

    def close(self) -> None:
        if sys.is_finalizing():  # nothing can be imported any more; the server notices the end by itself
            return
        self._disown()
        if self._drainer is not None:
            with suppress(SpoolError):
                self._gaps = self.gaps
        with self._lock:
            drainer, self._drainer = self._drainer, None
            self._waiting.clear()
            if drainer is not None:
                drainer.close()

    def _disown(self) -> None:
        """Leave what a forked process has inherited to its parent."""
        if self._drainer is not None and self._process != os.getpid():
            _inherited.append(self._drainer.disown())
            self._drainer = None
            self._lock = Lock()  # a thread that there is no more may have held it

    # --- for a receiver

    def receive(self, body: bytes, content_type: str | None, content_encoding: str | None) -> bool:
        """Store a pushed body for whichever drain comes first, and return whether there is anything
        new in it.

        A report with a `messageId` that came with the same content within seven days is done
        already. One without is never taken for a repeat: delivered twice beats dropped.

        Raises:
            SpoolError: it is not stored.
        """
        page = read_page(body, content_type, content_encoding, bare=True)
        digests = [_digest(report) for report in page.reports]

        def store(session: Session) -> bool:
            now = self._now()
            session.execute("DELETE FROM infobip_voice_push WHERE came < %s", (now - REPEATED_WITHIN,))
            repeats: list[int] = []
            for position, digest in enumerate(digests):
                insert = "INSERT INTO infobip_voice_push VALUES (%s, %s) ON CONFLICT DO NOTHING"
                if digest is not None and not session.execute(insert, (digest, now)).rowcount:
                    repeats.append(position)
            if len(repeats) == len(digests) and not page.unreadable:  # or there is nothing in it
                return False
            session.execute(
                "INSERT INTO infobip_voice_page (pushed, content_type, content_encoding, body, done)"
                " VALUES (true, %s, %s, %s, %s::int4multirange)",
                (clean(content_type), clean(content_encoding), body, _ranges(repeats)),
            )
            return True

        with self._using() as drainer:
            return drainer.transact(store, sync=True)

    # --- parts of transactions

    def _claim(self, drainer: Drainer, after: int, session: Session) -> _Row | None:
        arguments = drainer.number, drainer.number, after
        found = session.execute(_CLAIM, arguments).fetchone()
        if found is None and drainer.bury(session):
            found = session.execute(_CLAIM, arguments).fetchone()
        return _Row(*found) if found else None

    def _store(self, session: Session, drainer: Drainer, request: str | None, outcome: Outcome) -> int:
        types = (clean(outcome.headers.get(name)) for name in ("content-type", "content-encoding"))
        row: Any = session.execute(
            "INSERT INTO infobip_voice_page (drainer, request, pushed, content_type, content_encoding, body)"
            " VALUES (%s, %s, false, %s, %s, %s) ON CONFLICT (request) DO UPDATE SET request = excluded.request"
            " RETURNING number",
            (drainer.number, request, *types, outcome.body),
        ).fetchone()
        return int(row[0])

    def _bodies(self, gap: int) -> tuple[bytes, ...]:
        with self._using() as drainer:
            return drainer.transact(partial(read_bodies, gap=gap))

    @contextmanager
    def _using(self, outcome: Outcome | None = None) -> Generator[Drainer]:
        self._disown()
        with self._lock, self._failing(outcome):
            if self._drainer is None:
                raise SpoolError("the spool is not open")
            yield self._drainer

    @contextmanager
    def _failing(self, outcome: Outcome | None = None) -> Generator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise SpoolError(f"the spool failed: {self._address.masked(error)}", **evidence(outcome)) from error
        except SpoolError as error:  # such as "not open": somebody closed the drain while it asked
            raise type(error)(error.args[0], **evidence(outcome)) from None


def _ranges(positions: Iterable[int]) -> str:
    """Return positions as PostgreSQL reads a multirange."""
    return f"{{{','.join(f'[{position},{position + 1})' for position in positions)}}}"


def _digest(report: Report) -> bytes | None:
    """Return what tells a repeat of this report, in whichever order its members come."""
    if report.message_id is None:
        return None
    return sha256(dumps(report.to_dict(), sort_keys=True).encode()).digest()
