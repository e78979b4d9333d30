"""Text tables as spreadsheets, databases and editors write them: from bytes to rows."""

import csv
import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple

__all__ = ["Row", "Sheet", "SheetError", "read_sheet"]

_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
_NONE: Final = "\x1f"  # stands for "no delimiter": a file of one column
_LOOKED_AT: Final = 500  # rows that decide on the delimiter
_BYTE_ORDER_MARKS: Final = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_SHOWN: Final = {
    "utf-8-sig": "UTF-8",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
}
_OTHER_FILES: Final = {
    b"PK\x03\x04": "a workbook (xlsx, ods) or another archive",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "compressed",
}


class SheetError(ValueError):
    """Say why a file cannot be read, with the row where there is one."""


class Row(NamedTuple):
    """A row that is not blank.

    Attributes:
        number: the line that it begins on, as an editor counts lines.
        cells: its cells, without the space around them.
    """

    number: int
    cells: list[str]


class Sheet(NamedTuple):
    """A table.

    Attributes:
        encoding: how its characters are encoded, in words.
        delimiter: what stands between its cells, in words.
        assumed: what was assumed of the file, as sentences.
        rows: the rows that are not blank. They are read as they are asked for.
    """

    encoding: str
    delimiter: str
    assumed: list[str]
    rows: Iterator[Row]


def read_sheet(data: bytes, is_telling: Callable[[str], bool], encoding: str | None = None) -> Sheet:
    """Return the table in a file.

    Args:
        data: the file's bytes.
        is_telling: whether a cell of the first row is one that the caller looks for. It decides
            where two delimiters are possible.
        encoding: the encoding; by default the one that the bytes show.

    Raises:
        SheetError: the file is no text, no table, or two tables.
    """
    text, shown, assumed = _decode(data, encoding)
    if "\0" in text:
        raise SheetError("it is not a text file")
    lines = io.StringIO(text, newline=None)
    first = lines.readline()
    declared = first.rstrip("\n")
    if declared[:4].lower() == "sep=" and len(declared) == 5:
        delimiter, skipped = declared[4], 1
    else:
        delimiter, skipped = _delimiter(text, is_telling), 0
        lines.seek(0)
    words = "one column" if delimiter == _NONE else _DELIMITERS.get(delimiter, f"{delimiter!r} between the cells")
    return Sheet(shown, words, assumed, _rows(lines, delimiter, skipped))


def _decode(data: bytes, encoding: str | None) -> tuple[str, str, list[str]]:
    """Return the text, the encoding in words, and what was assumed."""
    for start, kind in _OTHER_FILES.items():
        if data.startswith(start):
            raise SheetError(f"it is {kind}: export the table as CSV (UTF-8)")
    named = encoding or next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    if named:
        try:
            return data.decode(named), _SHOWN.get(named, named), []
        except UnicodeError as error:
            raise SheetError(f"it is not {_SHOWN.get(named, named)}: {error}") from None
    if zeros := data.count(0):
        # Every second byte of UTF-16 is zero where the text has digits and Latin letters.
        name, offset = ("utf-16-le", 1) if data[1::2].count(0) > zeros / 2 else ("utf-16-be", 0)
        if data[offset::2].count(0) > len(data) / 4:
            return data.decode(name, "strict" if len(data) % 2 == 0 else "ignore"), "UTF-16", []
        raise SheetError("it is not a text file")
    try:
        return data.decode("utf-8"), "UTF-8", []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    try:
        # Digits are the same bytes as in UTF-8: a wrong guess can misspell a name, and no number.
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise SheetError(f"row {line}: it is neither UTF-8 nor Windows-1252: name its --encoding") from None
    example = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[line - 1].strip()
    return (
        text,
        "Windows-1252",
        [f"the file is not UTF-8 and was read as Windows-1252; row {line} reads: {example[:60]}"],
    )


def _delimiter(text: str, is_telling: Callable[[str], bool]) -> str:
    """Return the delimiter by which the first row has several cells and no other row has more."""
    found: list[str] = []
    for delimiter in _DELIMITERS:
        try:
            rows = [row.cells for row in islice(_rows(io.StringIO(text, newline=None), delimiter), _LOOKED_AT)]
        except SheetError:
            continue
        if rows and len(rows[0]) > 1 and all(len(row) <= len(rows[0]) for row in rows[1:]):
            found.append(delimiter)
    if len(found) > 1:
        telling = [each for each in found if any(map(is_telling, next(_rows(io.StringIO(text), each)).cells))]
        found = telling or found
    if len(found) > 1:
        words = " or ".join(_DELIMITERS[each] for each in found)
        raise SheetError(
            f"its cells may be divided by {words}: write sep= and the right one on a line before all others"
        )
    if found:
        return found[0]
    first = text.lstrip().partition("\n")[0]
    several = [each for each in _DELIMITERS if each in first]
    # One cell, unless a row below is odd: then the refusal of that row says more.
    return several[0] if several else _NONE


def _rows(lines: io.StringIO, delimiter: str, skipped: int = 0) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        number = reader.line_num + skipped + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetError(f"row {number}: {_in_words(error)}") from None
        if any(cells):
            yield Row(number, cells)


def _in_words(error: csv.Error) -> str:
    if "field larger" in str(error):
        return "a cell is longer than any telephone number or text: is a quote missing?"
    return 'the quotes (") around a cell do not match'
