"""Text tables as spreadsheets, databases and editors write them: from bytes to rows."""

import codecs
import csv
import io
import itertools
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO, Final, NamedTuple

__all__ = ["Row", "Sheet", "SheetError", "read_sheet"]

_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
_NONE: Final = "\x1f"  # stands for "no delimiter": a file of one column
_LOOKED_AT: Final = 500  # rows that decide on the delimiter
_CHUNK: Final = 1 << 20  # bytes; an even number, so that the bytes of a UTF-16 character stay together
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
    assumed: tuple[str, ...]
    rows: Iterator[Row]


def read_sheet(file: BinaryIO, is_telling: Callable[[str], bool], encoding: str | None = None) -> Sheet:
    """Return the table in a file.

    Args:
        file: the file, from its beginning, as bytes. It can be sought, and is read several times.
        is_telling: whether a cell of the first row is one that the caller looks for. It decides
            where two delimiters are possible.
        encoding: the encoding; by default the one that the bytes show.

    Raises:
        SheetError: the file is no text, no table, or two tables.
        OSError: the file cannot be read.
    """
    name, errors, assumed = _encoding(file, encoding)
    lines = partial(_lines, file, name, errors)
    declared = next(lines(), "").rstrip("\n")
    if declared[:4].lower() == "sep=" and len(declared) == 5:
        delimiter, skipped = declared[4], 1
    else:
        delimiter, skipped = _delimiter(lines, is_telling), 0
    words = "one column" if delimiter == _NONE else _DELIMITERS.get(delimiter, f"{delimiter!r} between the cells")
    return Sheet(_SHOWN.get(name, name), words, assumed, _rows(islice(lines(), skipped, None), delimiter, skipped))


class _Encoding(NamedTuple):
    """How the characters of a file are encoded, what becomes of others, and what was assumed."""

    name: str
    errors: str = "strict"
    assumed: tuple[str, ...] = ()


def _encoding(file: BinaryIO, given: str | None) -> _Encoding:
    start = file.read(4)
    for magic, kind in _OTHER_FILES.items():
        if start.startswith(magic):
            raise SheetError(f"it is {kind}: export the table as CSV (UTF-8)")
    named = given or next((name for mark, name in _BYTE_ORDER_MARKS.items() if start.startswith(mark)), None)
    if named:
        found = _Encoding(named)
    else:
        size, zeros, odd = _zeros(file)
        if not zeros:
            return _without_zeros(file)
        # Every second byte of UTF-16 is zero where the text has digits and Latin letters.
        name, every_second = ("utf-16-le", odd) if odd > zeros / 2 else ("utf-16-be", zeros - odd)
        if every_second <= size / 4:
            raise SheetError("it is not a text file")
        found = _Encoding(name, "strict" if size % 2 == 0 else "ignore")
    if fault := _fault(file, found):
        raise SheetError(f"row {fault.row}: it is not {_SHOWN.get(found.name, found.name)} ({fault.reason})")
    return found


def _without_zeros(file: BinaryIO) -> _Encoding:
    fault = _fault(file, _Encoding("utf-8"))
    if fault is None:
        return _Encoding("utf-8")
    # Digits are the same bytes as in UTF-8: a wrong guess can misspell a name, and no number.
    if _fault(file, _Encoding("cp1252")):
        raise SheetError(f"row {fault.row}: it is neither UTF-8 nor Windows-1252: name its --encoding")
    example = next(islice(_lines(file, "cp1252", "strict"), fault.row - 1, None)).strip()
    assumed = f"the file is not UTF-8 and was read as Windows-1252; row {fault.row} reads: {example[:60]}"
    return _Encoding("cp1252", assumed=(assumed,))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _lines(file: BinaryIO, encoding: str, errors: str) -> Iterator[str]:
    """Yield the lines of a text, from its first; each but the last ends with a newline."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(errors), translate=True)
    rest = ""
    for chunk in itertools.chain(_chunks(file), (b"",)):
        *lines, rest = (rest + decoder.decode(chunk, final=not chunk)).split("\n")
        if len(rest) > _CHUNK:
            raise SheetError("a row is longer than any that a table has")
        for line in lines:
            yield f"{line}\n"
    if rest:
        yield rest


def _zeros(file: BinaryIO) -> tuple[int, int, int]:
    """Return how many bytes there are, how many are zero, and how many of those at odd places."""
    size = zeros = odd = 0
    for chunk in _chunks(file):
        size += len(chunk)
        zeros += chunk.count(0)
        odd += chunk[1::2].count(0)
    return size, zeros, odd


class _Fault(NamedTuple):
    """The first byte that an encoding does not allow: its row, and what is wrong."""

    row: int
    reason: str


def _fault(file: BinaryIO, encoding: _Encoding) -> _Fault | None:
    """Decode a whole file.

    Raises:
        SheetError: it has characters that no text has.
    """
    decoder = codecs.getincrementaldecoder(encoding.name)(encoding.errors)
    row = 1
    for chunk in itertools.chain(_chunks(file), (b"",)):
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return _Fault(row + error.object.count(b"\n", 0, error.start), error.reason)
        except UnicodeError as error:  # UTF-16 without its mark
            return _Fault(row, str(error))
        if "\0" in text:
            raise SheetError("it is not a text file")
        row += text.count("\n")
    return None


def _delimiter(lines: Callable[[], Iterator[str]], is_telling: Callable[[str], bool]) -> str:
    """Return the delimiter by which the first row has several cells and no other row has more."""
    found: dict[str, Row] = {}
    for delimiter in _DELIMITERS:
        try:
            rows = list(islice(_rows(lines(), delimiter), _LOOKED_AT))
        except SheetError:
            continue
        if rows and len(rows[0].cells) > 1 and all(len(row.cells) <= len(rows[0].cells) for row in rows[1:]):
            found[delimiter] = rows[0]
    if len(found) > 1:
        telling = {each: row for each, row in found.items() if any(map(is_telling, row.cells))}
        found = telling or found
    if len(found) > 1:
        words = " or ".join(_DELIMITERS[each] for each in found)
        raise SheetError(
            f"its cells may be divided by {words}: write sep= and the right one on a line before all others"
        )
    if found:
        return next(iter(found))
    first = next(filter(str.strip, lines()), "")
    several = [each for each in _DELIMITERS if each in first]
    # One cell, unless a row below is odd: then the refusal of that row says more.
    return several[0] if several else _NONE


def _rows(lines: Iterator[str], delimiter: str, skipped: int = 0) -> Iterator[Row]:
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
