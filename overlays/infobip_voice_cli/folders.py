"""Replace a folder of generated files as a whole, or not at all."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

__all__ = ["CACHES", "beside", "digests", "publish"]

CACHES: Final = {"__pycache__", ".ruff_cache", ".mypy_cache", ".pytest_cache"}
_HERE: Final = -100  # AT_FDCWD
_SWAP: Final = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


@contextmanager
def beside(folder: Path) -> Generator[tuple[Path, int]]:
    """Yield an empty folder next to `folder`, and the descriptor of its lock.

    A child process that inherits the descriptor keeps the lock for as long as it lives. What a
    killed run left there is thrown away; a folder that it had put aside comes back first.

    Raises:
        ValueError: Somebody else is replacing the same folder.
    """
    place = folder.with_name(f".{folder.name}.regenerate")
    place.mkdir(parents=True, exist_ok=True)
    lock = os.open(place, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = os.path.samestat(os.fstat(lock), place.stat())
        except (BlockingIOError, FileNotFoundError):
            mine = False
        if not mine:
            raise ValueError(f"another run is regenerating {folder}: wait for it, and run this one again")
        if not folder.exists() and (place / "old").exists():
            (place / "old").rename(folder)
        for path in place.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        try:
            yield place, lock
        finally:
            if folder.exists() or not (place / "old").exists():
                shutil.rmtree(place, ignore_errors=True)
    finally:
        os.close(lock)


def publish(new: Path, folder: Path, place: Path) -> None:
    """Put a new folder in the place of another, whose files go to `place` if it is there.

    Where the system can exchange two folders, there is no moment without one. Elsewhere a run that
    is killed between two renames leaves the old folder in `place`, and `beside` puts it back.
    """
    if folder.exists() and not _exchanged(new, folder):
        folder.rename(place / "old")
    if new.exists() and not folder.exists():
        new.rename(folder)


def _exchanged(one: Path, other: Path) -> bool:
    import ctypes

    library = ctypes.CDLL(None)
    names = os.fsencode(one), os.fsencode(other)
    with suppress(AttributeError):  # no such function in this library
        return bool(library.renameat2(_HERE, names[0], _HERE, names[1], _SWAP) == 0)
    with suppress(AttributeError):
        return bool(library.renamex_np(*names, _SWAP) == 0)
    return False


def digests(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file below a folder, by path; without caches. A link has none."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if not CACHES.isdisjoint(path.relative_to(folder).parts):
            continue
        if path.is_symlink() or path.is_file():
            content = b"" if path.is_symlink() else path.read_bytes()
            digest = "a link" if path.is_symlink() else hashlib.sha256(content).hexdigest()
            found[path.relative_to(folder).as_posix()] = digest
    return found
