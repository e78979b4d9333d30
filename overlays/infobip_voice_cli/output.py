"""Where a drain puts reports: on standard output, or into a file that is synced."""

import csv
import errno
import fcntl
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from infobip_voice_cli.terminal import colour, is_terminal

if TYPE_CHECKING:
    from infobip_voice import Report

__all__ = ["COLUMNS", "FORMATS", "Output", "OutputFile", "StandardOutput", "write_synced"]

COLUMNS: Final = (
    "messageId", "bulkId", "to", "sentAt", "doneAt", "duration", "mccMnc", "dtmfCodes", "pricePerSecond", "currency",
    "status", "error", "delivered", "answeredBy", "recordedAudioFileUrl", "callbackData",
)  # fmt: skip
_TABLE: Final = {"done": 16, "to": 15, "status": 20, "by": 7, "s": 4, "message id": 0}
_WIDTH_WITH_IDS: Final = 106  # columns, with an id of 32 letters
_RUN_BY_SPREADSHEETS: Final = ("=", "+", "-", "@", "\t", "\r")
_CHUNK: Final = 1 << 20


class _Format(Protocol):
    """How reports look."""

    header: str

    def line(self, report: "Report") -> str: ...


class _Jsonl:
    header = ""

    def line(self, report: "Report") -> str:
        return json.dumps(report.to_dict(), ensure_ascii=not _is_unicode()) + "\n"


class _Csv:
    def __init__(self, exact: bool) -> None:
        self._exact = exact
        self.header = _csv_line(COLUMNS)

    def line(self, report: "Report") -> str:
        return _csv_line([cell if self._exact else _harmless(cell) for cell in _row(report)])


class _Table:
    """For people: on a terminal that has no room for the ids, without them."""

    def __init__(self) -> None:
        self._has_ids = not is_terminal(sys.stdout) or shutil.get_terminal_size().columns >= _WIDTH_WITH_IDS
        self.header = colour(self._cells(list(_TABLE)), "bold") + "\n"

    def line(self, report: "Report") -> str:
        done = report.done_at.isoformat(sep=" ", timespec="minutes")[:16] if report.done_at else ""
        status = report.status.name if report.status else ""
        if not report.delivered and report.error and report.error.name:
            status = report.error.name
        cells = [done, report.to, status, report.answered_by, report.duration, report.message_id]
        return colour(self._cells(cells), "green" if report.delivered else "yellow") + "\n"

    def _cells(self, cells: Sequence[Any]) -> str:
        # What a terminal would take for commands is shown as "?".
        texts = ["".join(c if c.isprintable() else "?" for c in str("" if cell is None else cell)) for cell in cells]
        padded = [f"{text:<{width}}" for text, width in zip(texts, _TABLE.values(), strict=True)]
        return "  ".join(padded if self._has_ids else padded[:-1]).rstrip()


FORMATS: Final[dict[str, Callable[[bool], _Format]]] = {
    "table": lambda _: _Table(),
    "jsonl": lambda _: _Jsonl(),
    "csv": _Csv,
}


class Output(Protocol):
    """Takes reports; once `put` returns, they are as safe as they will be."""

    def put(self, reports: "Sequence[Report]") -> None:
        """Put reports, or none, where they belong.

        Raises:
            OSError: they are not there, none of them.
        """
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class StandardOutput:
    """Prints reports below a header, which the first `put` prints.

    Args:
        form: the name of a format.
        exact: leave cells as they are that a spreadsheet would run.
    """

    def __init__(self, form: str, *, exact: bool) -> None:
        self._format: _Format = FORMATS[form](exact)
        self._header = self._format.header

    def put(self, reports: "Sequence[Report]") -> None:
        """Print reports.

        Raises:
            OSError: nobody reads them, or the disk is full.
        """
        sys.stdout.write(self._header + "".join(map(self._format.line, reports)))
        sys.stdout.flush()
        self._header = ""

    def close(self) -> None:
        """Do nothing: standard output stays open."""


class OutputFile:
    """Appends reports to a file. What `put` has taken is on the disk.

    No other run can have the file meanwhile: two would write over each other's reports.

    Args:
        path: the file. It is made if it is not there, for its owner alone.
        form: `jsonl` or `csv`.
        exact: leave cells as they are that a spreadsheet would run.

    Attributes:
        torn: how many bytes of a report were removed from its end, which a crash had left there.

    Raises:
        ValueError: the file has something else in it, or another run has it.
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path, form: str, *, exact: bool) -> None:
        self._format: _Format = FORMATS[form](exact)
        self._path = path
        self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.torn = self._prepare()
        except BlockingIOError:
            os.close(self._file)
            raise ValueError(f"another run writes to {path}: give each its own; nothing was asked for") from None
        except BaseException:
            os.close(self._file)
            raise

    def _prepare(self) -> int:
        header = self._format.header.encode()
        start = os.read(self._file, max(len(header), 1))
        if header and header.startswith(start) and start != header:  # a new file, or a header that broke off
            os.ftruncate(self._file, 0)
            self._append(b"")
            return 0
        if start != header if header else start not in (b"", b"{"):
            raise ValueError(f"{self._path} has something else in it; nothing was asked for")
        size = os.lseek(self._file, 0, os.SEEK_END)
        whole = self._whole(quotes=bool(header))
        if not header and self._lacks_newline(whole, size):
            self._append(b"\n")
            return 0
        os.ftruncate(self._file, whole)
        return size - whole

    def _whole(self, *, quotes: bool) -> int:
        """Return where the last whole record ends: behind a newline that is not within quotes."""
        os.lseek(self._file, 0, os.SEEK_SET)
        end = position = 0
        quoted = False
        while chunk := os.read(self._file, _CHUNK):
            if not quotes:
                last = chunk.rfind(b"\n")
                end = position + last + 1 if last >= 0 else end
            else:
                at = position
                for piece in chunk.split(b'"'):
                    if not quoted and (last := piece.rfind(b"\n")) >= 0:
                        end = at + last + 1
                    at += len(piece) + 1
                    quoted = not quoted
                quoted = not quoted  # there is one quote less than there are pieces
            position += len(chunk)
        return end

    def _lacks_newline(self, start: int, end: int) -> bool:
        """Return whether the rest of the file is a whole document: another program may have left
        it, such as an answer of the server, which nothing brings again.
        """
        if end == start or os.pread(self._file, 1, start) + os.pread(self._file, 1, end - 1) != b"{}":
            return False
        try:
            json.loads(os.pread(self._file, end - start, start))
        except (ValueError, RecursionError):
            return False
        return True

    def put(self, reports: "Sequence[Report]") -> None:
        """Append reports, and have them on the disk.

        Raises:
            OSError: they are not there, none of them.
        """
        if reports:
            self._append("".join(map(self._format.line, reports)).encode("utf-8", "backslashreplace"))

    def _append(self, data: bytes) -> None:
        """Append bytes, below a header: a program such as logrotate may have emptied the file.

        One that has taken it away may have read it already, so that nobody would read these.
        """
        begin = os.lseek(self._file, 0, os.SEEK_END)
        header = b"" if begin else self._format.header.encode()
        try:
            write_synced(self._file, header + data, self._path)
            if not (self._path.exists() and os.path.samestat(os.fstat(self._file), self._path.stat())):
                raise FileNotFoundError(errno.ENOENT, "another program has taken it away", str(self._path))
        except BaseException:
            os.ftruncate(self._file, begin)
            raise

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def write_synced(file: int, data: bytes, path: Path) -> None:
    """Write all of it to an open file, and have it on the disk.

    Raises:
        OSError: not all of it is there. It names the path, which the system does not.
    """
    try:
        rest = memoryview(data)
        while rest:  # a disk that is nearly full takes a part
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _is_unicode() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"


def _csv_line(cells: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _harmless(cell: Any) -> Any:
    """Return a cell that a spreadsheet shows, and does not run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUN_BY_SPREADSHEETS) else cell


def _row(report: "Report") -> list[Any]:
    members: dict[str, Any] = {
        "messageId": report.message_id,
        "bulkId": report.bulk_id,
        "to": report.to,
        "sentAt": report.raw.get("sentAt"),
        "doneAt": report.raw.get("doneAt"),
        "duration": report.duration,
        "mccMnc": report.mcc_mnc,
        "dtmfCodes": report.dtmf_codes,
        "pricePerSecond": report.price,
        "currency": report.currency,
        "status": report.status.name if report.status else None,
        "error": report.error.name if report.error else None,
        "delivered": str(report.delivered).lower(),
        "answeredBy": report.answered_by,
        "recordedAudioFileUrl": report.recorded_audio_file_url,
        "callbackData": report.callback_data,
    }
    return [members[name] for name in COLUMNS]
