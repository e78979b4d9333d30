"""The page of status and error codes: each with an anchor, a meaning and what to do."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from infobip_voice_wire import codes
from portal.pages import Site

__all__ = ["Row", "rows", "what_to_do", "write"]

STATUS_ADVICE: Final = {
    "PENDING": "Wait for the report.",
    "UNDELIVERABLE": "Look at the error of the report: call again later unless it is permanent.",
    "DELIVERED": "Nothing.",
    "EXPIRED": "Call again, or allow more time with `validityPeriod`.",
    "REJECTED": "Nothing was dialled, and no report follows. Correct what the name says, and use a new id.",
}
FAILED: Final = {
    True: "Do not call this number again unchanged.",
    False: "Call again later, or let the platform dial again with `retry`.",
}
"""By whether the error is permanent."""


class Row(NamedTuple):
    """A code and the name of its row."""

    anchor: str
    code: codes.Code
    todo: str


def write(site: Site) -> None:
    """Write the page, and list each code for the search."""
    tables = [(heading, heading.lower(), list(rows(table))) for heading, table in (
        ("Statuses", codes.STATUSES), ("Errors", codes.ERRORS),
    )]  # fmt: skip
    site.page(
        "codes.html",
        "codes.html",
        "Status and error codes",
        "Codes",
        tables=tables,
        wide=True,
        summary="Every known status and error code of the voice API: its meaning in plain words, and what to do.",
    )
    for heading, _, table in tables:
        for row in table:
            text = f"{row.code.group_name}. {row.code.description} {row.todo}"
            site.listed(f"{row.code.id} {row.code.name}", f"Codes, {heading}", f"codes.html#{row.anchor}", text)


def rows(table: tuple[codes.Code, ...]) -> Iterator[Row]:
    """Yield the rows of a table. The second row of a code that is in two groups names the group."""
    taken: set[str] = set()
    for code in table:
        anchor = f"{code.id}-{code.name}"
        yield Row(anchor if anchor not in taken else f"{anchor}-{code.group_name}", code, what_to_do(code))
        taken.add(anchor)


def what_to_do(code: codes.Code) -> str:
    """Return what to do about a code.

    Raises:
        KeyError: a status of a group about which nothing is said here.
    """
    if code.kind == "status":
        return STATUS_ADVICE[code.group_name]
    return "Nothing." if code.group_name == "OK" else FAILED[bool(code.permanent)]
