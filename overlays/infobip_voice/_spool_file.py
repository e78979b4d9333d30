"""The file of a spool: what marks it, its tables, and which process may touch it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from stat import S_ISREG
from typing import Final
from weakref import WeakSet

from infobip_voice.errors import SpoolError, SpoolLocked

__all__ = ["APPLICATION_ID", "SpoolFile"]

APPLICATION_ID: Final = 0x1F0B1CE5  # in the header of the file, so that nothing else is taken for a spool
_VERSION: Final = 2
_TABLES: Final = f"""
CREATE TABLE spool (identity TEXT NOT NULL, bulk_id TEXT);
CREATE TABLE page (
    number INTEGER PRIMARY KEY AUTOINCREMENT, content_type TEXT, content_encoding TEXT, body BLOB NOT NULL,
    reports INTEGER
);
CREATE TABLE acknowledged (page INTEGER, position INTEGER, PRIMARY KEY (page, position)) WITHOUT ROWID;
CREATE TABLE unreadable (
    digest BLOB PRIMARY KEY, body BLOB NOT NULL, reason TEXT NOT NULL, content_type TEXT, content_encoding TEXT,
    count INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL
);
CREATE TABLE gap (
    number INTEGER PRIMARY KEY, outage INTEGER NOT NULL, reason TEXT NOT NULL, status INTEGER NOT NULL,
    count INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, UNIQUE (outage, reason, status)
);
CREATE TABLE gap_body (
    gap INTEGER, digest BLOB, body BLOB NOT NULL, PRIMARY KEY (gap, digest)
);
CREATE TABLE on_its_way (request INTEGER PRIMARY KEY);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {_VERSION};
"""


_Inode = tuple[int, int]  # device and inode

_open_inodes: dict[_Inode, object] = {}
_inheritable: "WeakSet[_Database]" = WeakSet()


class _Database(sqlite3.Connection):
    """A connection that can be referred to weakly, as `sqlite3.Connection` cannot."""


class SpoolFile:
    """An open spool, for this process alone.

    A child made by `fork` keeps the database open for ever and never uses it. Closing a database in
    WAL mode deletes its log, and the child has the connection without the parent's lock, so that a
    page which the parent stores after that would be gone at the next `kill -9`.

    Args:
        path: the file, made if it does not exist; None for memory.

    Attributes:
        database: the connection, once it is open.
    """

    database: sqlite3.Connection

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._claim = object()

    def open(self, new_id: Callable[[], str], bulk_id: str | None) -> None:
        """Open the file. Close it also if this fails, or is broken off by Ctrl-C.

        Args:
            new_id: makes the identity of a new spool.
            bulk_id: the launch that a new spool is for; None for all.

        Raises:
            SpoolLocked: another drain has it open.
            SpoolError: it is something else, or of another version. Such a file is not touched.
            OSError, sqlite3.Error: it cannot be opened.
        """
        if self._path is not None:
            _claim(self._path, self._claim)
            _refuse_another_file(self._path)
        # SQLite takes some relative names for something else: `:memory:`, or a URI in `file:x`.
        self.database = _connect(":memory:" if self._path is None else os.path.abspath(self._path))  # noqa: PTH100  or bytes
        self._lock_and_fill(new_id, bulk_id)

    def _lock_and_fill(self, new_id: Callable[[], str], bulk_id: str | None) -> None:
        database = self.database
        # SQLite releases the lock when the process exits, even after kill -9.
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("BEGIN EXCLUSIVE")
        if database.execute("PRAGMA application_id").fetchone()[0] == 0:
            # Before the journal mode changes: from here on the header itself says what the file is.
            for statement in _TABLES.split(";"):
                database.execute(statement)
            database.execute("INSERT INTO spool VALUES (?, ?)", (new_id(), bulk_id))
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = WAL")

    def close(self) -> None:
        """Close the file, however far it was opened, and let another drain have it."""
        if hasattr(self, "database"):
            self.database.close()
        for inode, claim in list(_open_inodes.items()):
            if claim is self._claim:
                _open_inodes.pop(inode)


def _claim(path: str, claim: object) -> None:
    """Make the file if there is none, and claim it for one spool of this process.

    A process that closes any descriptor of a file loses all its POSIX locks on that file, those of
    SQLite included. So a file that is open in this process must not be opened again, not even for a
    look at its header.
    """
    with suppress(FileExistsError):
        # For its owner alone: it will hold telephone numbers. A new file has no locks to lose.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    status = os.stat(path)  # noqa: PTH116  a path of bytes is one too
    if not S_ISREG(status.st_mode):  # a pipe, say, of which reading a header would wait for ever
        raise SpoolError("the spool has to be a file")
    if _open_inodes.setdefault((status.st_dev, status.st_ino), claim) is not claim:
        raise SpoolLocked("another drain of this process has the spool open")


def _refuse_another_file(path: str) -> None:
    """Look at the header before SQLite does, which would write into a database of somebody else.

    Raises:
        SpoolError: the file is not empty and is no spool of this version.
    """
    with open(path, "rb") as file:  # noqa: PTH123  a path of bytes is one too
        header = file.read(100)
    if not header:
        return
    # SQLite's file format, section 1.3: the user version at offset 60, the application id at 68.
    version, application = int.from_bytes(header[60:64]), int.from_bytes(header[68:72])
    if not header.startswith(b"SQLite format 3\0") or application != APPLICATION_ID:
        raise SpoolError("the file is no spool of this version; it was not touched")
    if version != _VERSION:
        raise SpoolError(f"the spool was written by another version of this package (format {version}, not {_VERSION})")


def _connect(path: str) -> sqlite3.Connection:
    _disown_in_children()
    database = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False, factory=_Database)
    _inheritable.add(database)
    return database


@cache
def _disown_in_children() -> None:
    os.register_at_fork(after_in_child=_disown)


def _disown() -> None:
    """Keep what a child has inherited alive: one reference too many, also when Python ends."""
    import ctypes  # 10 ms, which only a child of a process with a spool has to pay

    for database in list(_inheritable):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(database))
    _inheritable.clear()
    _open_inodes.clear()
