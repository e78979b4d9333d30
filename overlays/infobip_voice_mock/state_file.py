"""The file that keeps the state of a mock from one run to the next."""

import contextlib
import fcntl
import os
import tempfile
from pathlib import Path

from infobip_voice_mock.state import StateError

__all__ = ["StateFile"]


class StateFile:
    """One file, of one mock at a time.

    Beside it a lock is kept, which the system releases however the mock ends.

    Args:
        path: Where it is, or will be.

    Raises:
        OSError: Its folder cannot be written.
        StateError: Another mock uses it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock = os.open(
            self.path.with_name(f"{self.path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise StateError("another mock uses it: what one writes, the other would overwrite") from None

    def read(self) -> bytes | None:
        """Return what the file has; None if there is none yet.

        Raises:
            OSError: It cannot be read.
        """
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def write(self, document: bytes) -> None:
        """Replace the file; until the new one is whole and on the disk, the old one stays.

        Only its owner may read it: there are telephone numbers in it.

        Raises:
            OSError: It cannot be written; the old one is as it was.
        """
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(document)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def close(self) -> None:
        """Let another mock use the file."""
        os.close(self._lock)
