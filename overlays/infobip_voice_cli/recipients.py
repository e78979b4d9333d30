"""Whom a file names: its columns, its numbers, and everything in it that cannot be used."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final, Generic, Literal, NamedTuple, TypeVar
from weakref import finalize

from infobip_voice_cli.columns import NOT_PLAIN, Columns, find_columns, is_number, is_telling
from infobip_voice_cli.sheet import Row, Sheet, SheetError, read_sheet
from infobip_voice_wire.telephone import normalise, normalise_sender

__all__ = ["MAX_SHOWN", "Listed", "Reading", "Recipient", "Recipients", "read_recipients"]

Duplicates = Literal["refuse", "once", "call"]

MAX_ID: Final = 100  # characters of a message id (contract)
MAX_SHOWN: Final = 20  # rows that a message names one by one
T = TypeVar("T")


class Recipient(NamedTuple):
    """Somebody to call.

    Attributes:
        row: the row that names them, as an editor counts.
        to: their number, as it is dialled.
        message_id: the file's id for the call; empty if it has none.
        sender: the number that they see; empty for that of the command.
        parameters: values for the scenario, beside those of the command.
    """

    row: int
    to: str
    message_id: str = ""
    sender: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


class Recipients:
    """Whom to call, in order: a million of them, not in memory but in a private temporary file.

    Attributes:
        is_uniform: whether all have the same sender and parameters.
    """

    def __init__(self) -> None:
        # Without a name, SQLite keeps the database in a file of its own that ends with it.
        self._database = sqlite3.connect("", isolation_level=None)
        finalize(self, self._database.close)
        for statement in _TABLES.split(";"):
            self._database.execute(statement)
        self._digest = hashlib.sha256(b"[")
        self._alike: tuple[object, ...] | None = None
        self._count = 0
        self.is_uniform = True

    def row_of_number(self, to: str, row: int) -> int:
        """Return the first row that has a number, which is this one if none had it before."""
        return self._first_row("number", to, row)

    def row_of_id(self, message_id: str, row: int) -> int:
        """Return the first row that has a message id, which is this one if none had it before."""
        return self._first_row("name", message_id, row)

    def _first_row(self, table: str, value: str, row: int) -> int:
        if self._database.execute(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", (value, row)).rowcount:  # noqa: S608
            return row
        found: int = self._database.execute(f"SELECT row FROM {table} WHERE value = ?", (value,)).fetchone()[0]  # noqa: S608
        return found

    def append(self, recipient: Recipient) -> None:
        """Add one at the end."""
        told = json.dumps(recipient[1:])
        self._digest.update((", " if self._count else "").encode() + told.encode())
        self._database.execute("INSERT INTO recipient VALUES (NULL, ?, ?)", (recipient.row, told))
        self._count += 1
        alike = recipient.sender, recipient.parameters
        self.is_uniform = self.is_uniform and self._alike in (None, alike)
        self._alike = alike

    @property
    def first(self) -> Recipient:
        """Return the first of them; there is one."""
        return next(iter(self))

    def digest(self) -> str:
        """Return a digest of all of them, without their rows."""
        digest = self._digest.copy()
        digest.update(b"]")
        return digest.hexdigest()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Recipient]:
        for row, told in self._database.execute("SELECT row, told FROM recipient ORDER BY position"):
            to, message_id, sender, parameters = json.loads(told)
            yield Recipient(row, to, message_id, sender, tuple((name, value) for name, value in parameters))


_TABLES: Final = """
PRAGMA journal_mode = OFF;
CREATE TABLE recipient (position INTEGER PRIMARY KEY, row INTEGER, told TEXT);
CREATE TABLE number (value INTEGER PRIMARY KEY, row INTEGER);
CREATE TABLE name (value TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID;
BEGIN
"""


class Listed(Generic[T]):
    """Something that a file may have many of: the first few, and how many there are."""

    def __init__(self) -> None:
        self.first: list[T] = []
        self.count = 0

    def append(self, item: T) -> None:
        """Add one at the end."""
        self.count += 1
        if len(self.first) < MAX_SHOWN:
            self.first.append(item)

    @property
    def more(self) -> int:
        """How many are not among the first."""
        return self.count - len(self.first)


class Reading(NamedTuple):
    """What a file says.

    Attributes:
        sheet: how the file is written.
        columns: what its columns mean.
        number_column: what the column of the numbers is called.
        recipients: whom to call.
        refused: rows that cannot be used, and why.
        repeated: rows whose number an earlier row has, and that row.
        ignored: columns with something in them that means nothing here.
    """

    sheet: Sheet
    columns: Columns
    number_column: str
    recipients: Recipients
    refused: Listed[tuple[int, str]]
    repeated: Listed[tuple[int, int]]
    ignored: list[str]


def read_recipients(
    file: BinaryIO, *, column: str | None = None, duplicates: Duplicates = "refuse", encoding: str | None = None
) -> Reading:
    """Return whom a file names. Rows that cannot be used are in `refused`, and stop nothing here.

    Args:
        file: the file, from its beginning, as bytes; it can be sought.
        column: the name of the column of the numbers, or its number from 1; by default it is known
            by one of the usual words.
        duplicates: what to do with a number that comes again: `refuse` its row, call it `once`, or
            `call` it as often as it comes.
        encoding: the file's encoding, by default the one that it shows.

    Raises:
        SheetError: the file is no table, has no row, or does not show which column has the numbers.
        OSError, sqlite3.Error: the file cannot be read, or there is no room for temporary files.
    """
    sheet = read_sheet(file, is_telling, encoding)
    first = next(sheet.rows, None)
    if first is None:
        raise SheetError("it is empty")
    columns = find_columns(first, column)
    body = sheet.rows if columns.has_header else _with_first(first, sheet.rows)
    recipients = Recipients()
    refused: Listed[tuple[int, str]] = Listed()
    repeated: Listed[tuple[int, int]] = Listed()
    full: set[int] = set()
    for row in body:
        if not columns.has_header and not column and any(map(is_number, _others(row, columns))):
            raise SheetError(f"row {row.number}: {NOT_PLAIN}")
        full.update(index for index in columns.unknown if index < len(row.cells) and row.cells[index])
        try:
            recipient = _recipient(row, columns)
        except ValueError as error:
            refused.append((row.number, str(error)))
            continue
        earlier = recipients.row_of_number(recipient.to, row.number)
        if earlier != row.number:
            repeated.append((row.number, earlier))
            if duplicates == "refuse":
                refused.append((row.number, f"the number of row {earlier} again"))
            if duplicates != "call":
                continue
        if recipient.message_id:
            other = recipients.row_of_id(recipient.message_id, row.number)
            if other != row.number:
                refused.append((row.number, f"the messageId of row {other} again"))
                continue
        recipients.append(recipient)
    title = first.cells[columns.to] if columns.has_header else f"column {columns.to + 1}"
    ignored = [name for index, name in columns.unknown.items() if index in full]
    return Reading(sheet, columns, title, recipients, refused, repeated, ignored)


def _with_first(first: Row, rows: Iterable[Row]) -> Iterator[Row]:
    yield first
    yield from rows


def _others(row: Row, columns: Columns) -> list[str]:
    return [cell for index, cell in enumerate(row.cells) if index != columns.to]


def _recipient(row: Row, columns: Columns) -> Recipient:
    if len(row.cells) > columns.width and any(row.cells[columns.width :]):
        raise ValueError(f"it has {len(row.cells)} cells, and the first row has {columns.width}")
    cells = row.cells + [""] * (columns.width - len(row.cells))
    if not cells[columns.to]:
        raise ValueError("it has no number")
    to = normalise(cells[columns.to])
    name = "" if columns.message_id is None else cells[columns.message_id]
    if len(name) > MAX_ID:
        raise ValueError(f"its messageId has {len(name)} characters, and {MAX_ID} are the most")
    sender = "" if columns.sender is None else cells[columns.sender]
    if sender:
        sender = normalise_sender(sender, 14)
    return Recipient(
        row.number, to, name, sender, tuple((key, cells[at]) for key, at in columns.parameters.items() if cells[at])
    )
