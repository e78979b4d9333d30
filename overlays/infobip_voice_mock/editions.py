"""The two editions of the API, and everything in which they differ (§12, R18).

`seeds` is the API of the documentation's pages of 2017 to 2019, `2026` that of the vendor's present
document. They differ in what the mock does and writes, never in what the schemas accept. This one
table is read by the mock, the documentation and the tests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from infobip_voice_wire import codes

__all__ = ["DIFFERENCES", "EDITIONS", "Difference", "Edition", "EditionName"]

EditionName = Literal["seeds", "2026"]


@dataclass(frozen=True, slots=True)
class Edition:
    """How the mock behaves where the editions differ.

    Attributes:
        name: The name of the edition.
        error_codes: The numbering of the errors in reports.
        ring_timeout: For how many seconds a telephone that nobody answers rings, if the launch does
            not say; after 0 an attempt fails at once.
        pushed_version: The form of a pushed report, if the launch does not say: 1 is flat, 2 is
            nested (R19).
        xml_names: How the elements of reports are named in XML: by the contract's XML names, or by
            the JSON names.
        strict_retry: Whether `retry` has to have all its members, and its periods are rounded up to
            the waits that the documentation lists, 1440 minutes at the most.
    """

    name: EditionName
    error_codes: Literal["voice-5xxx", "voice-10xxx"]
    ring_timeout: int
    pushed_version: Literal[1, 2]
    xml_names: Literal["xml", "json"]
    strict_retry: bool

    def error(self, name: str, *, cut: bool = False) -> codes.Code:
        """Return the error that this edition writes.

        Args:
            name: The name of the error in `seeds`.
            cut: Whether the call was ended because it had reached its longest duration; only the
                new numbers have a word for it.
        """
        if self.error_codes == "voice-5xxx":
            return codes.error(name)
        return codes.error("MAX_DURATION_REACHED" if cut and name == "VOICE_ANSWERED" else _SUCCESSORS[name])


EDITIONS: Final[Mapping[str, Edition]] = {
    "seeds": Edition("seeds", "voice-5xxx", 0, pushed_version=1, xml_names="xml", strict_retry=False),
    "2026": Edition("2026", "voice-10xxx", 45, pushed_version=2, xml_names="json", strict_retry=True),
}
"""Every edition by its name."""

# The vendor's page on the new numbers maps none of them, so this table follows the meanings.
_SUCCESSORS: Final = {
    "VOICE_ANSWERED": "NORMAL_HANGUP",
    "VOICE_ANSWERED_MACHINE": "MACHINE_DETECTED",
    "EC_VOICE_USER_BUSY": "BUSY",
    "EC_VOICE_NO_ANSWER": "NO_ANSWER",
    "EC_DECLINE": "REJECTED",
    "EC_VOICE_ERROR_TEMPORARILY_NOT_AVAILABLE": "TEMPORARILY_UNAVAILABLE",
    "EC_SERVICE_UNAVAILABLE": "SERVICE_UNAVAILABLE",
    "NO_ERROR": "NO_ERROR",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which the editions differ.

    Attributes:
        what: What differs, in words.
        words: Returns what one edition does, in words; texts in backquotes are code.
    """

    what: str
    words: Callable[[Edition], str]


def _error_codes(edition: Edition) -> str:
    answered = edition.error("VOICE_ANSWERED")
    return f"{edition.error_codes.removeprefix('voice-')}: an answered call has `{answered.id} {answered.name}`"


DIFFERENCES: Final = (
    Difference("error codes", _error_codes),
    Difference(
        "`ringTimeout` absent",
        lambda edition: (
            f"{edition.ring_timeout} seconds"
            if edition.ring_timeout
            else "an attempt that nobody answers fails at once"
        ),
    ),
    Difference("pushed report, version absent", lambda edition: {1: "flat", 2: "nested"}[edition.pushed_version]),
    Difference(
        "XML lists of reports",
        lambda edition: {"xml": "`<results><result>`", "json": "`<results><results>`"}[edition.xml_names],
    ),
    Difference(
        "XML price",
        lambda edition: {"xml": "`pricePerMessage`", "json": "`pricePerSecond`"}[edition.xml_names],
    ),
    Difference(
        "`retry`",
        lambda edition: (
            "all members required, periods rounded up, 1440 minutes at the most"
            if edition.strict_retry
            else "absent members have defaults, periods as given"
        ),
    ),
)
"""Everything in which the editions differ, in the order of §12."""
