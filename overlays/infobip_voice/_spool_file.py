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
        new_id: makes the identity of a new spool.
        bulk_id: the launch that a new spool is for; None for all.

    Attributes:
        database: the connection.

    Raises:
        SpoolLocked: another drain has it open.
        SpoolError: it is something else, or of another version. Such a file is not touched.
        OSError, sqlite3.Error: it cannot be opened.
    """

    def __init__(self, path: str | None, new_id: Callable[[], str], bulk_id: str | None) -> None:
        self._inode = None if path is None else _claim(path)
        try:
            if path is not None:
                _refuse_another_file(path)
            # SQLite takes some relative names for something else: `:memory:`, or a URI in `file:x`.
            self.database = _connect(":memory:" if path is None else os.path.abspath(path))  # noqa: PTH100  or bytes
            try:
                self._lock_and_fill(new_id, bulk_id)
            except BaseException:
                self.database.close()
                raise
        except BaseException:
            _release(self._inode)
            raise

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
        """Close the file and let another drain have it."""
        self.database.close()
        _release(self._inode)


def _claim(path: str) -> _Inode:
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
    inode, claimant = (status.st_dev, status.st_ino), object()
    if _open_inodes.setdefault(inode, claimant) is not claimant:
        raise SpoolLocked("another drain of this process has the spool open")
    return inode


def _release(inode: _Inode | None) -> None:
    if inode is not None:
        _open_inodes.pop(inode, None)


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
