"""Whom a file names: its columns, its numbers, and everything in it that cannot be used."""

from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from infobip_voice_cli.columns import NOT_PLAIN, Columns, find_columns, is_number, is_telling
from infobip_voice_cli.sheet import Row, Sheet, SheetError, read_sheet
from infobip_voice_wire.telephone import normalise, normalise_sender

__all__ = ["Reading", "Recipient", "read_recipients"]

Duplicates = Literal["refuse", "once", "call"]

MAX_ID: Final = 100  # characters of a message id (contract)


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
    recipients: list[Recipient]
    refused: list[tuple[int, str]]
    repeated: list[tuple[int, int]]
    ignored: list[str]


def read_recipients(
    data: bytes, *, column: str | None = None, duplicates: Duplicates = "refuse", encoding: str | None = None
) -> Reading:
    """Return whom a file names. Rows that cannot be used are in `refused`, and stop nothing here.

    Args:
        data: the file's bytes.
        column: the name of the column of the numbers, or its number from 1; by default it is known
            by one of the usual words.
        duplicates: what to do with a number that comes again: `refuse` its row, call it `once`, or
            `call` it as often as it comes.
        encoding: the file's encoding, by default the one that it shows.

    Raises:
        SheetError: the file is no table, has no row, or does not show which column has the numbers.
    """
    sheet = read_sheet(data, is_telling, encoding)
    first = next(sheet.rows, None)
    if first is None:
        raise SheetError("it is empty")
    columns = find_columns(first, column)
    body = sheet.rows if columns.has_header else _with_first(first, sheet.rows)
    recipients: list[Recipient] = []
    refused: list[tuple[int, str]] = []
    repeated: list[tuple[int, int]] = []
    called: dict[str, int] = {}
    named: dict[str, int] = {}
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
        earlier = called.setdefault(recipient.to, row.number)
        if earlier != row.number:
            repeated.append((row.number, earlier))
            if duplicates == "refuse":
                refused.append((row.number, f"the number of row {earlier} again"))
            if duplicates != "call":
                continue
        if recipient.message_id:
            other = named.setdefault(recipient.message_id, row.number)
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
