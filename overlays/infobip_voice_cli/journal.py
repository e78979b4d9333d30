"""The journal of a campaign: one file that knows what became of every call.

A request is noted as `sending`, and that is on the disk, before it is sent. What its answer says of
its calls is one transaction. So whatever happens in between, a call of a `sending` request may have
been made, a call of a `planned` one has not, and nothing else is possible.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

if TYPE_CHECKING:
    from infobip_voice import Launch, Prepared

__all__ = ["Call", "Campaign", "Journal", "JournalError", "PlannedRequest", "Totals"]

_APPLICATION_ID: Final = 0x1F0B1CA1  # in the header of the file, so that nothing else is taken for a journal
_VERSION: Final = 1
_TABLES: Final = f"""
CREATE TABLE campaign (server TEXT, account TEXT, source TEXT, recipients TEXT, options TEXT, bulk_id TEXT);
CREATE TABLE request (number INTEGER PRIMARY KEY, prepared TEXT NOT NULL, state TEXT NOT NULL, answer BLOB);
CREATE TABLE call (
    message_id TEXT PRIMARY KEY, request INTEGER NOT NULL, line INTEGER NOT NULL, recipient TEXT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX call_of_request ON call (request);
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_VERSION};
"""


class JournalError(ValueError):
    """Say why a journal cannot be used. Nothing was sent."""


class Campaign(NamedTuple):
    """What a journal belongs to.

    Attributes:
        server: the address that it is launched at.
        account: the account that launches it.
        source: the file that names the recipients.
        recipients: a digest of what the file says.
        options: the options of the launch, as JSON.
        bulk_id: the id that all its requests share.
    """

    server: str
    account: str
    source: str
    recipients: str
    options: str
    bulk_id: str


class PlannedRequest(NamedTuple):
    """A request of the plan.

    Attributes:
        prepared: the request, as text.
        calls: its calls: message id, row, and what the file says of the recipient, as JSON.
    """

    prepared: str
    calls: list[tuple[str, int, str]]


class Call(NamedTuple):
    """A call, for people.

    Attributes:
        message_id: its id.
        row: the row that named it.
        recipient: what the file says of the recipient, as JSON.
        state: `accepted`, `unreadable`, `uncertain`, `unsent`, or the status that rejects it.
    """

    message_id: str
    row: int
    recipient: str
    state: str


class Totals(NamedTuple):
    """How far a campaign is: how many of its calls are in which state.

    Attributes:
        accepted: the platform dials them.
        rejected: the platform will not dial them.
        unreadable: sent and accepted, but the answer could not be read.
        uncertain: sent, and no answer says what became of them.
        unsent: not sent yet.
    """

    accepted: int = 0
    rejected: int = 0
    unreadable: int = 0
    uncertain: int = 0
    unsent: int = 0

    @property
    def sent(self) -> int:
        """Return how many calls may have been dialled or were answered for."""
        return sum(self) - self.unsent


_STATE: Final = """
    CASE WHEN request.state = 'planned' THEN 'unsent'
         WHEN request.state = 'sending' OR call.state = 'unlisted' THEN 'uncertain'
         ELSE call.state END
"""
_NAMES: Final = ("accepted", "unreadable", "uncertain", "unsent")


class Journal:
    """Keep a campaign in a file. Also a context manager that closes it.

    Args:
        path: the file. It is made if it is not there, and no other run can have it meanwhile.
        exists: look at a journal that is there, which another run may have.

    Raises:
        JournalError: the file is no journal, is missing, or another run has it.
        OSError, sqlite3.Error: the file cannot be opened or written.
    """

    def __init__(self, path: Path, *, exists: bool = False) -> None:
        self.path = path
        self._lock: int | None = None
        _refuse_another_file(path, exists)
        try:
            if not exists:
                self._lock = _own(path)
            # A reader may look at the journal while a run writes it; one waits for the other.
            # Its whole path, because SQLite takes `:memory:` and `file:x` for something else.
            self._database = sqlite3.connect(path.absolute(), timeout=60, isolation_level=None)
            if not exists:
                self._begin()
            elif self._database.execute("PRAGMA application_id").fetchone()[0] == 0:
                # A run was killed while it made the tables: SQLite has just taken them back.
                raise JournalError(f"nothing is planned in {path} yet")
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        with self._transaction() as database:
            if database.execute("PRAGMA application_id").fetchone()[0] == 0:
                for statement in _TABLES.split(";"):
                    database.execute(statement)

    @property
    def campaign(self) -> Campaign | None:
        """Return what the journal belongs to; None if nothing is planned yet."""
        row = self._database.execute("SELECT * FROM campaign").fetchone()
        return None if row is None else Campaign(*row)

    def plan(self, campaign: Campaign, requests: Iterable[PlannedRequest]) -> None:
        """Note every request with its ids, all or none."""
        with self._transaction() as database:
            database.execute("INSERT INTO campaign VALUES (?, ?, ?, ?, ?, ?)", campaign)
            for number, request in enumerate(requests, 1):
                database.execute("INSERT INTO request VALUES (?, ?, 'planned', NULL)", (number, request.prepared))
                rows = ((name, number, row, recipient) for name, row, recipient in request.calls)
                database.executemany("INSERT INTO call VALUES (?, ?, ?, ?, 'planned')", rows)

    def unanswered(self) -> "Iterator[tuple[int, Prepared[Any], bool]]":
        """Yield the requests without an answer: number, request, and whether it was sent before.

        What is noted meanwhile of one that was yielded does not bring it again.
        """
        from infobip_voice import Prepared

        number = 0
        while row := self._database.execute(
            "SELECT number, prepared, state FROM request WHERE number > ? AND state IN ('planned', 'sending') "
            "ORDER BY number LIMIT 1",
            (number,),
        ).fetchone():
            number, prepared, state = row
            yield number, Prepared.loads(prepared), state == "sending"

    def sending(self, number: int) -> None:
        """Note, on the disk, that a request is about to be sent."""
        self._database.execute("UPDATE request SET state = 'sending' WHERE number = ?", (number,))

    def unsent(self, number: int) -> None:
        """Note that a request had no effect."""
        self._database.execute("UPDATE request SET state = 'planned' WHERE number = ?", (number,))

    def answered(self, number: int, launch: "Launch") -> None:
        """Note what an answer says of its calls. Those that it leaves out stay uncertain."""
        states = [("accepted", entry.message_id) for entry in launch.accepted]
        states += [(str(entry.status.name), entry.message_id) for entry in launch.rejected]
        with self._transaction() as database:
            database.execute("UPDATE request SET state = 'done' WHERE number = ?", (number,))
            database.execute("UPDATE call SET state = 'unlisted' WHERE request = ?", (number,))
            # Only calls of this request: an answer may name ids that nobody sent.
            database.executemany(
                f"UPDATE call SET state = ? WHERE message_id = ? AND request = {number:d}",  # noqa: S608  a number
                states,
            )

    def unreadable(self, number: int, answer: bytes) -> None:
        """Note that a request was accepted, and keep the answer that could not be read."""
        with self._transaction() as database:
            database.execute("UPDATE request SET state = 'done', answer = ? WHERE number = ?", (answer, number))
            database.execute("UPDATE call SET state = 'unreadable' WHERE request = ?", (number,))

    def totals(self) -> Totals:
        """Return how many calls of the campaign are in which state."""
        counts = dict.fromkeys((*_NAMES, "rejected"), 0)
        query = f"SELECT {_STATE}, count(*) FROM call JOIN request ON request = number GROUP BY 1"  # noqa: S608  constants
        for state, count in self._database.execute(query):
            counts[state if state in _NAMES else "rejected"] += count
        return Totals(**counts)

    def calls(self, *states: str) -> Iterator[Call]:
        """Yield the calls in these states, by row; `rejected` is whatever was rejected."""
        query = f"SELECT message_id, line, recipient, {_STATE} FROM call JOIN request ON request = number ORDER BY line"  # noqa: S608
        for name, row, recipient, state in self._database.execute(query):
            if (state if state in _NAMES else "rejected") in states:
                yield Call(name, row, recipient, state)

    def close(self) -> None:
        """Close the file."""
        if hasattr(self, "_database"):
            self._database.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._database)


class _Transaction:
    """All of it or nothing, also when the disk is full."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> sqlite3.Connection:
        self._database.execute("BEGIN IMMEDIATE")
        return self._database

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._database.execute("COMMIT")
        elif self._database.in_transaction:
            self._database.execute("ROLLBACK")


def _own(path: Path) -> int:
    """Lock a file, made if need be, against other runs: they would dial everybody again.

    The system lets go of the lock when the process ends, however it ends. It is another lock than
    those of SQLite, which a reader has to get in between.
    """
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        raise JournalError(f"another run has the journal {path}") from None
    return file


def _refuse_another_file(path: Path, exists: bool) -> None:
    """Look at the header before SQLite does, which would write into a database of somebody else."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        if exists:
            raise JournalError(f"there is no journal {path}") from None
        return
    if not header and not exists:
        return
    # SQLite's file format, section 1.3: the user version at offset 60, the application id at 68.
    version, application = int.from_bytes(header[60:64]), int.from_bytes(header[68:72])
    if header.startswith(b"SQLite format 3\0") and application == _APPLICATION_ID:
        if version != _VERSION:
            raise JournalError(
                f"{path} was written by another version of this command (format {version}, not {_VERSION})"
            )
        return
    raise JournalError(f"{path} is no journal of this version; it was not touched")
