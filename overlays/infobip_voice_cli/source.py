"""What the numbers of a campaign are read from: a file, standard input, or a pipe."""

import re
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO, Final

__all__ = ["check", "opened"]

_NAMELESS: Final = re.compile(r"-|/dev/stdin|/dev/fd/.*|/proc/.*")  # what is open, and no file of this name


def check(name: str, *, names_journal: bool) -> None:
    """Refuse what has no end, and what cannot give its name to a journal.

    Args:
        name: the file, or `-` for standard input.
        names_journal: whether the journal is to be called after it.

    Raises:
        ValueError: it is a device, or no later run could find the journal by its name.
    """
    if names_journal and _NAMELESS.fullmatch(name):
        raise ValueError(f"--to {name} needs a --journal: without its file's name there is none by which to go on")
    if names_journal and Path(name).is_fifo():
        raise ValueError(f"{name} is a pipe and needs a --journal, by which to go on")
    if name != "-" and Path(name).is_char_device():
        raise ValueError(f"{name} is a device, and no file that ends")


@contextmanager
def opened(name: str) -> Generator[BinaryIO]:
    """Open the file, and copy one that cannot be read twice, such as a pipe."""
    with ExitStack() as stack:
        file: BinaryIO = sys.stdin.buffer if name == "-" else stack.enter_context(Path(name).open("rb"))
        if not file.seekable() or name == "-":
            copy = stack.enter_context(TemporaryFile())
            copyfileobj(file, copy)
            file = copy
        yield file
