"""The page of status and error codes: each with an anchor, a meaning and what to do."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from infobip_voice_wire import codes
from portal.pages import Site

__all__ = ["Row", "rows", "what_to_do", "write"]

STATUS_ADVICE: Final = {
    "PENDING": "Wait for the report.",
    "UNDELIVERABLE": "Look at the error of the report: its meaning says whether to call again.",
    "DELIVERED": "Nothing.",
    "EXPIRED": "Call again, or allow more time with `validityPeriod`.",
    "REJECTED": "Nothing was dialled, and no report follows. Correct what the name says, and use a new id.",
}
AGAIN: Final = "Call again later, or let the platform dial again with `retry`."
CORRECT: Final = "Correct the cause before you call again."
CHECK: Final = "Check the number, and do not call it again unchanged."
PASSING: Final = {
    "EC_VOICE_USER_BUSY", "EC_VOICE_NO_ANSWER", "EC_VOICE_ERROR_REQUEST_TIMEOUT", "EC_DECLINE",
    "EC_VOICE_ERROR_TEMPORARILY_NOT_AVAILABLE", "EC_VOICE_ERROR_CALL_DOES_NOT_EXIST", "EC_SERVICE_UNAVAILABLE",
    "EC_VOICE_ERROR_REQUEST_TERMINATED", "EC_VOICE_ERROR_REQUEST_PENDING", "DEVICE_UNAVAILABLE", "NO_ANSWER", "BUSY",
    "CANCELLED", "REJECTED", "TEMPORARILY_UNAVAILABLE", "DESTINATION_UNAVAILABLE", "REQUEST_TIMEOUT", "NETWORK_ERROR",
    "SERVICE_UNAVAILABLE", "UNKNOWN", "CONGESTION",
}  # fmt: skip
"""Errors that another attempt may not meet. The vendor calls a busy line `permanent` too."""
NUMBER: Final = {
    "EC_VOICE_ERROR_DESTINATION_NOT_FOUND", "EC_VOICE_ERROR_GONE", "EC_VOICE_ERROR_ADDRESS_INCOMPLETE",
    "DEVICE_NOT_FOUND", "DESTINATION_NOT_FOUND", "INVALID_DESTINATION",
}  # fmt: skip
"""Errors of the called number itself."""


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
    if code.group_name == "OK":
        return "Nothing."
    return AGAIN if code.name in PASSING else CHECK if code.name in NUMBER else CORRECT
