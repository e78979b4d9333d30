"""What a spool is to a drain, and what its engines share: `_sqlite_spool` keeps a file for one
drain, `_postgres_spool` a database for many.

Written and synced before anything is parsed: answers, gaps, and that a request is on its way, which
becomes a gap if the process ends before the answer is stored. What cannot be understood is synced
before its page may go. Acknowledgements are written without a sync, each before the next report is
handed out: `kill -9` loses none, and repeats the report or the batch in hand. What a power failure
loses is delivered again.
"""

import os
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from infobip_voice._answers import document
from infobip_voice._messages import Outcome, Verdict
from infobip_voice._pages import Page
from infobip_voice._report import Place, Report
from infobip_voice._reports import Filter, Gap, Unreadable
from infobip_voice.errors import ConfigurationError, SpoolError
from infobip_voice_wire.telephone import mask_numbers

__all__ = [
    "INTERRUPTED",
    "Spool",
    "StoredPage",
    "evidence",
    "for_filter",
    "is_page",
    "is_url",
    "make_spool",
    "places",
    "reason",
    "sort_out",
]

INTERRUPTED: Final = "interrupted while an answer was on its way"


class StoredPage(NamedTuple):
    """An answer, read, without the reports that are done.

    Attributes:
        number: its number in the spool.
        page: what it says.
        waiting: the reports that were asked for and are not done.
        others: reports of another launch than the spool is for, which the server returned all the
            same.
        new: what cannot be understood of it and is in the spool for the first time.
        own: whether this drain asked for it since it opened the spool. Only then does it say
            anything of what the server has now.
    """

    number: int
    page: Page
    waiting: list[Report]
    others: list[Report]
    new: list[Unreadable]
    own: bool


class Spool(Protocol):
    """Keep answers from before they are parsed until their last report is done.

    The methods block and may be called from any thread. Each raises `SpoolError` where the spool
    fails or is not open, and `SpoolUnreachable` where it is away and may come back; then nothing
    was done, or it may be done again without harm.
    """

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return every gap, the oldest first; after `close` those that were known then.

        Their bodies stay in the spool until they are asked for.
        """
        ...

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Return everything that could not be understood, the oldest first."""
        ...

    def open(self) -> None:
        """Open the spool; a request of an earlier drain that never ended is a gap. Once is enough.

        Raises:
            SpoolLocked: another drain has it, and it is for one alone; or one of another version.
            SpoolError: it cannot be opened, is something else, or is for another `bulk_id`.
        """
        ...

    def begin(self) -> None:
        """Note that a request is about to be sent. Where this fails, nothing has been asked for."""
        ...

    def end(self, outcome: Outcome, verdict: Verdict) -> None:
        """Store what a request brought: an answer, as far as it arrived, and a gap if there was no
        verdict.

        Raises:
            SpoolError: it cannot be stored; its bytes are in the error's `body`, and nowhere else.
        """
        ...

    def read(self, after: int) -> StoredPage | None:
        """Return the oldest page that this drain may have; of those it has had already only one
        with a number above `after`. A page in which nothing waits is forgotten.

        What cannot be understood of it is moved, once, to where it stays until `forget_unreadable`.
        """
        ...

    def look(self, after: int) -> StoredPage | None:
        """Return the oldest page with a number above `after`, whoever has it, and change nothing.

        What cannot be understood and was not moved yet is in its `new`.
        """
        ...

    def acknowledge(self, reports: Iterable[Report]) -> None:
        """Note in one transaction that reports are done; one that is done already is no error.

        Raises:
            ValueError: a report is not from this spool. Then none of them is acknowledged.
        """
        ...

    def forget_gaps(self) -> None:
        """Delete every gap, with its bodies."""
        ...

    def forget_unreadable(self) -> None:
        """Delete everything that could not be understood."""
        ...

    def close(self) -> None:
        """Let go of the spool; in a forked process, leave it to the parent. Raises nothing."""
        ...


def make_spool(
    place: str | os.PathLike[str] | None, asked: Filter | None, now: Callable[[], datetime], new_id: Callable[[], str]
) -> Spool:
    """Return a spool, not yet opened.

    Args:
        place: the path of a file, the URL of a PostgreSQL database, or None for memory.
        asked: what the reports are asked for by, which the spool remembers; None for whatever it
            remembers.
        now: the present time, with an offset.
        new_id: makes the identity of a new spool.

    Raises:
        ValueError: a URL of something else, or nothing of the three.
        ConfigurationError: a URL, and the extra `postgres` is not installed.
    """
    if place is not None and not isinstance(place, str | bytes | os.PathLike):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(
            f"spool has to be the path of a file, the URL of a PostgreSQL or None, not {type(place).__name__}"
        )
    if is_url(place):
        try:
            from infobip_voice._postgres_spool import PostgresSpool
        except ImportError as error:
            raise ConfigurationError(
                f"a spool in PostgreSQL needs the extra infobip-voice[postgres] ({error})"
            ) from None
        return PostgresSpool(str(place), asked, now, new_id)
    from infobip_voice._sqlite_spool import SqliteSpool

    return SqliteSpool(place, asked, now, new_id)


def is_url(place: object) -> bool:
    """Return whether this is the URL of a PostgreSQL and not the path of a file.

    Raises:
        ValueError: a URL of something else.
    """
    kind = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", place) if isinstance(place, str) else None
    if kind is not None and kind[1].lower() not in ("postgresql", "postgres"):
        raise ValueError("spool: the URL of a spool begins with postgresql://; anything else is the path of a file")
    return kind is not None


def is_page(outcome: Outcome, verdict: Verdict) -> bool:
    """Return whether there may be reports in what a request brought."""
    return verdict == "answered" or (outcome.body != b"" and (outcome.status or 0) // 100 == 2)


def reason(outcome: Outcome, asked: Filter | None) -> str:
    """Return why an answer was lost, with ids of ours and without telephone numbers."""
    words = outcome.failure or "the server failed, or gave an unknown status"
    return mask_numbers(words, [name for name in asked or () if name])


def evidence(outcome: Outcome | None) -> dict[str, Any]:
    """Return what an error has of an answer that could not be stored, where there is one: whatever
    the reason, its bytes are nowhere else.
    """
    lost = outcome or Outcome("unsent")
    return {"sent": lost.phase != "unsent", "status": lost.status, "headers": lost.headers, "body": document(lost)}


def for_filter(asked: Filter | None, bulk_id: str | None) -> Filter:
    """Return what a spool that holds the reports of `bulk_id` is asked for.

    Raises:
        SpoolError: it is asked for something else.
    """
    if asked is not None and asked.bulk_id != bulk_id:
        holds = "every launch" if bulk_id is None else f"the launch {bulk_id}"
        raise SpoolError(f"the spool holds the reports of {holds}; use another spool, or the same bulk_id")
    return Filter(bulk_id)


def sort_out(
    identity: str, number: int, page: Page, undone: Iterable[int], asked: Filter, new: list[Unreadable], own: bool
) -> StoredPage:
    """Give the reports of a page their places, and part those that were asked for from strangers.

    Args:
        identity: that of the spool.
        number: that of the page.
        page: what it says.
        undone: the positions of the reports that are not done.
        asked: what was asked for.
        new: as in `StoredPage`.
        own: as in `StoredPage`.
    """
    for position, report in enumerate(page.reports):
        report.place = Place(identity, number, position)
    waiting = [page.reports[position] for position in sorted(undone)]
    others: list[Report] = []
    if asked.bulk_id is not None:
        others = [report for report in waiting if not asked.matches(report)]
        waiting = [report for report in waiting if asked.matches(report)]
    return StoredPage(number, page, waiting, others, new, own)


def places(identity: str, reports: Iterable[Report]) -> dict[int, list[int]]:
    """Return where reports lie: positions by the number of the page.

    Raises:
        ValueError: one is not from this spool.
    """
    found: dict[int, list[int]] = {}
    for report in reports:
        place = report.place
        if place is None or place.spool != identity:
            where = "another spool" if place else "no spool"
            raise ValueError(f"{report!r} comes from {where}, so this one cannot acknowledge it")
        found.setdefault(place.page, []).append(place.position)
    return found
