"""What the columns of a file mean, by their names and by what is in them."""

import re
import unicodedata
from typing import Final, NamedTuple

from infobip_voice_cli.sheet import Row, SheetError
from infobip_voice_wire.telephone import normalise

__all__ = ["NOT_PLAIN", "PARAMETER", "Columns", "find_columns", "is_number", "is_telling"]

PARAMETER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")  # a name of a scenario's value (contract)
# What people call a column of telephone numbers, without accents, spaces and signs.
_WORDS: Final = frozenset((
    "phone", "phonenumber", "phoneno", "phonenr", "tel", "telno", "telnr", "telephone", "telephonenumber", "mobile",
    "mobilenumber", "mobileno", "mobilephone", "mobilephonenumber", "cell", "cellphone", "cellnumber",
    "cellphonenumber", "number", "msisdn", "gsm", "gsmnumber", "e164", "destination", "recipient", "contactnumber",
    "telefon", "telefonnummer", "telefonnr", "telnummer", "rufnummer", "handy", "handynummer", "mobil", "mobilnummer",
    "mobiltelefon", "natel", "mobilnr", "nummer", "telefoon", "telefoonnummer", "mobiel", "numero",
    "telephoneportable", "portable", "mobiletelephone", "numerotelephone", "numerodetelephone", "telefono",
    "numerotelefono", "numeroditelefono", "numerodetelefono", "cellulare", "celular", "movil", "telefonomovil",
    "telefone", "telemovel", "broj", "brojtelefona", "mobitel", "telefonszam",
))  # fmt: skip
NOT_PLAIN: Final = "there is no header, and it is not plain which column has the numbers: name it with --column"


class Columns(NamedTuple):
    """Which column of a file means what.

    Attributes:
        has_header: whether the first row names the columns.
        width: how many columns there are.
        to: the column of the numbers, counted from 0.
        message_id: that of the ids, if there is one.
        sender: that of the numbers that are shown, if there is one.
        parameters: those of the scenario's values, by their names.
        unknown: the other columns, by what they are called.
    """

    has_header: bool
    width: int
    to: int
    message_id: int | None
    sender: int | None
    parameters: dict[str, int]
    unknown: dict[int, str]


def find_columns(first: Row, column: str | None) -> Columns:
    """Return what the columns of a file mean.

    Args:
        first: its first row.
        column: the column of the numbers, by its name or its number from 1, if the user names it.

    Raises:
        SheetError: it is not plain which column has the numbers, or two columns mean the same.
    """
    has_header = not any(map(is_number, first.cells))
    names = first.cells if has_header else []
    to = _chosen(first, column, has_header) if column else _found(first, has_header)
    message_id = sender = None
    parameters: dict[str, int] = {}
    unknown: dict[int, str] = {}
    for index in range(len(first.cells)):
        name = names[index] if has_header else ""
        plain = _plain(name)
        if index == to:
            continue
        if plain == "messageid" and message_id is None:
            message_id = index
        elif plain == "from" and sender is None:
            sender = index
        elif re.match(r"parameters?\.", name, re.IGNORECASE):
            parameter = name.partition(".")[2].strip()
            if not PARAMETER.fullmatch(parameter) or parameter in parameters:
                raise SheetError(
                    f"row {first.number}: the column {name!r} names no parameter, or the same as another column"
                )
            parameters[parameter] = index
        else:
            unknown[index] = name or f"column {index + 1}"
    return Columns(has_header, len(first.cells), to, message_id, sender, parameters, unknown)


def _chosen(first: Row, column: str, has_header: bool) -> int:
    """Return the column that the user names."""
    names = first.cells if has_header else []
    for same in (str, str.casefold):
        matching = [index for index, name in enumerate(names) if same(name) == same(column)]
        if len(matching) == 1:
            return matching[0]
    if column.isdecimal() and 1 <= int(column) <= len(first.cells):
        return int(column) - 1
    raise SheetError(f"row {first.number}: there is no one column {column!r}; {_listed(first, has_header)}")


def _found(first: Row, has_header: bool) -> int:
    """Return the column that has the numbers, if that is plain to see."""
    if not has_header:
        numbers = [index for index, cell in enumerate(first.cells) if is_number(cell)]
        if numbers == [0]:
            return 0
        raise SheetError(f"row {first.number}: {NOT_PLAIN}")
    plain = [_plain(name) for name in first.cells]
    exact = [index for index, name in enumerate(plain) if name == "to"]
    usual = exact or [index for index, name in enumerate(plain) if name in _WORDS]
    if len(usual) == 1:
        return usual[0]
    if usual:
        raise SheetError(
            f"row {first.number}: several columns may have the numbers: name one with --column; {_listed(first, True)}"
        )
    if len(first.cells) == 1 and sum(character.isdigit() for character in first.cells[0]) >= 5:
        try:
            normalise(first.cells[0])
        except ValueError as error:
            raise SheetError(f"row {first.number}: {error}") from None
    raise SheetError(
        f"row {first.number} neither names the column of the numbers nor has one: name it with --column; "
        + _listed(first, True)
    )


def _listed(first: Row, has_header: bool) -> str:
    if not has_header:
        return f"there are {len(first.cells)} columns"
    return "the columns are " + ", ".join(
        repr(name) if name else f"number {index} without a name" for index, name in enumerate(first.cells, 1)
    )


def is_number(cell: str) -> bool:
    """Return whether a cell is a telephone number."""
    try:
        return bool(normalise(cell))
    except ValueError:
        return False


def is_telling(cell: str) -> bool:
    """Return whether a cell of a first row is a number, or names the column of the numbers."""
    return _plain(cell) in _WORDS | {"to"} or is_number(cell)


def _plain(name: str) -> str:
    """Return a column's name without case, accents, spaces and signs."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKD", name.casefold()))
