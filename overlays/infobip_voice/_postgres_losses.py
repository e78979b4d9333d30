"""The gaps of a spool in PostgreSQL, and what of it cannot be understood, as parts of a drain's
transactions.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from infobip_voice._postgres import Session
from infobip_voice._reports import Gap, Unreadable

__all__ = ["clean", "keep", "lose", "read_bodies", "read_gaps", "read_unreadable"]


def keep(session: Session, piece: Unreadable, now: datetime) -> bool:
    """Keep a piece; the same bytes again are counted. Return whether it is new."""
    row: Any = session.execute(
        "INSERT INTO infobip_voice_unreadable"
        " (digest, body, reason, content_type, content_encoding, count, first, last)"
        " VALUES (%s, %s, %s, %s, %s, 1, %s, %s) ON CONFLICT (digest)"
        " DO UPDATE SET count = infobip_voice_unreadable.count + 1, last = excluded.last RETURNING count",
        (
            sha256(piece.body).digest(), piece.body, clean(piece.reason), clean(piece.content_type),
            clean(piece.content_encoding), now, now,
        ),
    ).fetchone()  # fmt: skip
    return int(row[0]) == 1


def read_unreadable(session: Session) -> tuple[Unreadable, ...]:
    """Return all pieces, the oldest first."""
    rows = session.execute(
        "SELECT body, reason, content_type, content_encoding, count, first, last"
        " FROM infobip_voice_unreadable ORDER BY number"
    )
    return tuple(Unreadable(*row) for row in rows)


def lose(
    session: Session, outage: tuple[int, int], reason: str, status: int | None, body: bytes, now: datetime
) -> None:
    """Count a lost answer; those of one outage that ended alike are one gap.

    Args:
        session: the drain's.
        outage: the number of the drain, and that of its outage.
        reason: what happened.
        status: the HTTP status, if there was one.
        body: what came and is no page.
        now: when.
    """
    row: Any = session.execute(
        "INSERT INTO infobip_voice_gap (drainer, outage, reason, status, count, first, last)"
        " VALUES (%s, %s, %s, %s, 1, %s, %s) ON CONFLICT (drainer, outage, reason, status)"
        " DO UPDATE SET count = infobip_voice_gap.count + 1, last = excluded.last RETURNING number",
        (*outage, clean(reason), status or 0, now, now),
    ).fetchone()
    if body:
        session.execute(
            "INSERT INTO infobip_voice_gap_body (gap, digest, body) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (row[0], sha256(body).digest(), body),
        )


def read_gaps(session: Session, bodies: Callable[[int], tuple[bytes, ...]]) -> tuple[Gap, ...]:
    """Return all gaps, the oldest first; `bodies` reads those of one, when somebody asks."""
    rows = session.execute("SELECT number, reason, status, count, first, last FROM infobip_voice_gap ORDER BY number")
    return tuple(
        Gap(reason, status or None, count, first, last, partial(bodies, number))
        for number, reason, status, count, first, last in rows
    )


def read_bodies(session: Session, gap: int) -> tuple[bytes, ...]:
    """Return the bodies of a gap, by its number."""
    rows = session.execute("SELECT body FROM infobip_voice_gap_body WHERE gap = %s ORDER BY number", (gap,))
    return tuple(row[0] for row in rows)


def clean(words: str | None) -> str | None:
    """Return what PostgreSQL can store as text: no NUL, and no half of a character."""
    return words and words.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
