"""Say in Markdown what changed, the gravest first."""

from collections.abc import Iterator, Sequence
from typing import Final

from infobip_voice_diff.changes import Change, Verdict

__all__ = ["changes_in_words"]

HEADINGS: Final[tuple[tuple[Verdict, str], ...]] = (
    ("breaking", "Breaking"),
    ("additive", "Additive"),
    ("documentation", "Documentation"),
)


def changes_in_words(changes: Sequence[Change]) -> Iterator[str]:
    """Yield the lines of a table for each verdict; or the one that says that nothing changed."""
    if not changes:
        yield from ("", "Nothing changed.")
    for verdict, heading in HEADINGS:
        rows = [change for change in changes if change.verdict == verdict]
        if rows:
            yield from ("", f"## {heading} ({len(rows)})", "", "| where | what | because |", "|---|---|---|")
            yield from (f"| {_cell(row.place)} | {_cell(row.what)} | {_cell(row.reason)} |" for row in rows)


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")
