"""Who a drain is among the drains of one database: a session, a number, and a lock that says that
it lives.

Each drain has a number, on which its session holds an advisory lock as long as it lives. Whoever
finds such a lock free *buries* the drain: its request under way becomes a gap, and its pages are
for anyone. PostgreSQL frees the lock when a process dies, so that nothing has a term to run out.

A drain whose session was lost comes back under another number. If nobody has buried it, it takes
its pages and its request along.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure

from infobip_voice._postgres import Address, Mark, Session, connect
from infobip_voice._spool import INTERRUPTED
from infobip_voice.errors import SpoolError, SpoolUnreachable

__all__ = ["Drainer"]

T = TypeVar("T")

_OF_THE_CONNECTION: Final = (psycopg.OperationalError, psycopg.InterfaceError)
_TO_REPEAT: Final = (DeadlockDetected, SerializationFailure)


class Drainer:
    """A drain among others. It connects when it is first asked for something, and again when it has
    to.

    Args:
        address: where the database is.
        now, new_id: as for `make_spool`.
        bulk_id: the launch that a new spool is for; None for all.
        pages: the numbers of the pages that it has read and that are not done.

    Attributes:
        mark: what marks the spool; None before the first connection.
        number: its number for this session; 0 before the first connection.
    """

    def __init__(
        self,
        address: Address,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        bulk_id: str | None,
        pages: Collection[int],
    ) -> None:
        self.mark: Mark | None = None
        self.number = 0
        self._address = address
        self._now = now
        self._new_id = new_id
        self._bulk_id = bulk_id
        self._pages = pages
        self._session: Session | None = None
        self._sync: bool | None = None

    def transact(self, work: Callable[[Session], T], *, sync: bool = False) -> T:
        """Do something in one transaction, again if the session was lost: it may then happen twice.

        Args:
            work: what to do with the session.
            sync: have it on the server's disk before this returns.

        Raises:
            SpoolUnreachable: the database is away.
            SpoolError: as for `connect`.
            psycopg.Error: it refused what was to be done.
        """
        again = True
        while True:
            try:
                session = self._connected()
                self._level(session, sync)
                with session.transaction():
                    return work(session)
            except _OF_THE_CONNECTION as error:
                is_gone = self._session is None or self._session.closed
                if isinstance(error, _TO_REPEAT):
                    continue  # nothing was done, and of those that wait for each other one gets through
                if again and is_gone:
                    again = False
                elif is_gone:
                    words = self._address.masked(error)
                    raise SpoolUnreachable(f"the connection to the database broke: {words}") from None
                else:
                    raise

    def bury(self, session: Session) -> bool:
        """Bury every drain that has died, and return whether there was one."""
        dead = session.execute(
            "WITH dead AS MATERIALIZED ("
            "  SELECT number FROM infobip_voice_drainer"
            "  WHERE number <> %s AND pg_try_advisory_xact_lock(%s::integer, number)"
            ") DELETE FROM infobip_voice_drainer USING dead WHERE infobip_voice_drainer.number = dead.number"
            " RETURNING dead.number",
            (self.number, self._key),
        ).fetchall()
        if dead:
            self._release(session, [number for (number,) in dead])
        return bool(dead)

    def close(self) -> None:
        """End the session; what it had is for others from now on. Raises nothing."""
        session, self._session = self._session, None
        if session is None:
            return
        try:
            with session.transaction():
                session.execute("DELETE FROM infobip_voice_drainer WHERE number = %s", (self.number,))
                self._release(session, [self.number])
        except psycopg.Error:
            pass  # then the next drain buries it
        finally:
            session.close()

    def disown(self) -> object:
        """Return the session, which is another process's, for keeping: nobody may close it here."""
        session, self._session = self._session, None
        return session

    def _connected(self) -> Session:
        if self._session is not None and not self._session.closed:
            return self._session
        session, mark = connect(self._address, self._new_id, self._bulk_id)
        try:
            if self.mark not in (None, mark):
                raise SpoolError("the database has another spool than before; open it with a drain of its own")
            self.number = self._enter(session, mark)
        except BaseException:
            session.close()
            raise
        self.mark, self._session, self._sync = mark, session, None
        return session

    def _enter(self, session: Session, mark: Mark) -> int:
        """Take a number, and what belongs to the last one."""
        row: Any = session.execute(
            "SELECT nextval(pg_get_serial_sequence('infobip_voice_drainer', 'number'))"
        ).fetchone()
        number = int(row[0])
        # The lock first: a drain with a number and without a lock would be buried.
        session.execute("SELECT pg_advisory_lock(%s::integer, %s::integer)", (mark.lock_key, number))
        with session.transaction():
            session.execute("INSERT INTO infobip_voice_drainer VALUES (%s)", (number,))
            # Not by its lock, which the server may hold for a session that it does not know to be
            # lost.
            last = session.execute("DELETE FROM infobip_voice_drainer WHERE number = %s", (self.number,))
            if last.rowcount:
                for table in ("infobip_voice_page", "infobip_voice_request"):
                    session.execute(f"UPDATE {table} SET drainer = %s WHERE drainer = %s", (number, self.number))  # noqa: S608
            session.execute(
                "UPDATE infobip_voice_page SET drainer = %s WHERE number = ANY(%s) AND drainer IS NULL",
                (number, list(self._pages)),
            )
        return number

    def _release(self, session: Session, numbers: list[int]) -> None:
        """Make a gap of each request under way of these drains, and let others have their pages."""
        lost = session.execute(
            "DELETE FROM infobip_voice_request WHERE drainer = ANY(%s) RETURNING drainer, request", (numbers,)
        ).fetchall()
        for number, request in lost:
            now = self._now()
            session.execute(
                "INSERT INTO infobip_voice_gap (drainer, request, reason, status, count, first, last)"
                " VALUES (%s, %s, %s, 0, 1, %s, %s)",
                (number, request, INTERRUPTED, now, now),
            )
        session.execute("UPDATE infobip_voice_page SET drainer = NULL WHERE drainer = ANY(%s)", (numbers,))

    @property
    def _key(self) -> int:
        return self.mark.lock_key if self.mark else 0

    def _level(self, session: Session, sync: bool) -> None:
        if sync is not self._sync:
            session.execute("SET synchronous_commit = on" if sync else "SET synchronous_commit = off")
            self._sync = sync
