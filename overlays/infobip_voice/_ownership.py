"""Which process may touch which spool: databases that a fork inherits, and files that this process has open."""

import os
import sqlite3
from contextlib import suppress
from functools import cache
from weakref import WeakSet

from infobip_voice.errors import SpoolLocked

__all__ = ["File", "claim", "connect", "release"]

File = tuple[int, int]  # device and inode

_open_files: dict[File, object] = {}
_inheritable: "WeakSet[_Database]" = WeakSet()


class _Database(sqlite3.Connection):
    """A connection that can be referred to weakly, as `sqlite3.Connection` cannot."""


def claim(path: str) -> File:
    """Make the file if there is none, and claim it for one spool of this process.

    A process that closes any descriptor of a file loses all its POSIX locks on that file, those of SQLite included. So a
    file that is open in this process must not be opened again, not even for a look at its header.

    Raises:
        SpoolLocked: another spool of this process has it.
        OSError: there is no such folder, or no right to it.
    """
    with suppress(FileExistsError):
        # For its owner alone: it will hold telephone numbers. A new file has no locks that closing could lose.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    status = os.stat(path)  # noqa: PTH116  a path of bytes is one too
    file, claimant = (status.st_dev, status.st_ino), object()
    if _open_files.setdefault(file, claimant) is not claimant:
        raise SpoolLocked("another drain of this process has the spool open")
    return file


def release(file: File | None) -> None:
    """Give a claimed file back."""
    if file is not None:
        _open_files.pop(file, None)


def connect(path: str) -> sqlite3.Connection:
    """Open a database for this process alone: a child made by `fork` keeps it open for ever and never uses it.

    Closing a database in WAL mode deletes its log. The child has the connection without the parent's lock, so that a page
    which the parent stores after that would be gone at the next `kill -9`. At its exit the interpreter closes every
    connection that is left, unless one reference too many keeps it alive.
    """
    _disown_in_children()
    database = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False, factory=_Database)
    _inheritable.add(database)
    return database


@cache
def _disown_in_children() -> None:
    os.register_at_fork(after_in_child=_disown)


def _disown() -> None:
    import ctypes  # 10 ms, which only a child of a process with a spool has to pay

    for database in list(_inheritable):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(database))
    _inheritable.clear()
    _open_files.clear()
