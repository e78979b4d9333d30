"""What people and programs see of a command: words on standard error, results on standard output.

Nothing that is printed may change what a command has done: a terminal that cannot show a character
shows its code, and a reader that has gone away is no error of the command.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any, Final, TextIO

__all__ = ["at_once", "colour", "emit", "is_terminal", "prepare", "progress", "say", "settle", "write"]

_STREAMS: Final = (("stdin", os.O_RDONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_WRONLY, "w"))
_COLOURS: Final = {"green": "32", "yellow": "33", "red": "31", "bold": "1"}


@contextmanager
def at_once() -> Generator[None]:
    """Let Ctrl-C end the process at once, while there is nothing to finish.

    Python raises KeyboardInterrupt wherever the program is. In a callback of a weak reference, of
    which imports have many, it is swallowed, and a server starts that was told to stop.

    A handler that is not Python's own stays: a shell lets its background jobs ignore Ctrl-C.
    """
    is_pythons = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not is_pythons or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def prepare() -> None:
    """Let both streams show what their encoding lacks as escapes, instead of failing.

    A process that was started without a stream gets one: nothing to read, a standard output to
    which nothing can be written, since nobody would read it, and a standard error that is lost.
    """
    for name, flags, mode in _STREAMS:
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, flags)
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with suppress(OSError, ValueError):
                reconfigure(errors="backslashreplace")


def settle() -> bool:
    """Write what is left in the streams, and return whether that worked.

    Where it does not, Python has nothing left to complain about when it ends.
    """
    is_written = True
    streams: tuple[TextIO | None, ...] = (sys.stdout, sys.stderr)  # None where there is no such descriptor
    for stream in streams:
        if stream is None:
            continue
        try:
            stream.flush()
        except (OSError, ValueError):
            is_written = False
            with suppress(OSError, ValueError), open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
                os.dup2(nowhere.fileno(), stream.fileno())
    return is_written


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a person looks at a stream."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def say(text: str) -> None:
    """Tell the user something, on standard error. Raises nothing."""
    with suppress(OSError, ValueError, RuntimeError):
        print(f"infobip-voice: {text}", file=sys.stderr, flush=True)


def write(text: str) -> None:
    """Print a line of the result.

    Raises:
        OSError: nobody reads it, or the disk is full.
    """
    print(text, flush=True)


def emit(document: object) -> None:
    """Print one JSON object in a line.

    Raises:
        OSError: nobody reads it, or the disk is full.
    """
    unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"
    write(json.dumps(document, ensure_ascii=not unicode))


def colour(text: str, name: str) -> str:
    """Return a text in a colour, where standard output is a terminal that should have colours."""
    if not is_terminal(sys.stdout) or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m"


@contextmanager
def progress(total: int, *, wanted: bool) -> Generator[Callable[[int], None]]:
    """Show a bar on a terminal, if the extra `cli` is there; yield what advances it."""
    if not wanted or not is_terminal(sys.stderr):
        yield lambda _: None
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    except ModuleNotFoundError:
        yield lambda _: None
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("calls", total=total)
    with suppress(OSError, ValueError):
        bar.start()
    try:
        yield lambda count: bar.advance(task, count)
    finally:
        with suppress(OSError, ValueError):
            bar.stop()
