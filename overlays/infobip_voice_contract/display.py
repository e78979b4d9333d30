"""What a person sees: what is under way, and at the end groups and rules, failures first."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from infobip_voice_contract.excerpts import Excerpts, quoted
from infobip_voice_contract.run import Progress as Tell
from infobip_voice_contract.run import Result
from infobip_voice_contract.verdicts import Judgement, totals

__all__ = ["live", "result"]

MAX_LINES: Final = 30
_STYLES: Final = {
    "fail": "bold red",
    "warn": "yellow",
    "known": "cyan",
    "pass": "green",
    "inconclusive": "magenta",
    "not observable here": "dim",
}
_SIGNS: Final = {"fail": "✗", "warn": "!", "known": "≈", "pass": "✓", "inconclusive": "?", "not observable here": "·"}


@contextmanager
def live(console: Console, *, wanted: bool) -> Generator[Tell]:
    """Show what is under way on a terminal; yield what is told about it."""
    if not wanted or not console.is_terminal:
        yield lambda _what, _done, _all: None
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("preflight", total=None)

        def tell(what: str, done: int, count: int) -> None:
            progress.update(task, description=what, completed=done, total=count)

        yield tell


def result(found: Result, *, quiet: bool = False) -> RenderableType:
    """Return the whole result: failures with their exchanges and scripts, warnings, groups, notes.

    Args:
        found: What the run gave.
        quiet: Show failures and the last line alone.
    """
    excerpts = Excerpts(found)
    failures = [judgement for judgement in found.judgements if judgement.verdict == "fail"]
    warnings = [judgement for judgement in found.judgements if judgement.verdict == "warn"]
    named = [judgement for judgement in found.judgements if judgement.baseline and judgement not in failures]
    parts: list[RenderableType] = []
    for judgement in failures:
        parts += [_headline(judgement), _failure(judgement, excerpts), Text()]
    if quiet:
        return Group(*parts, _sentence(found, excerpts))
    for judgement in warnings:
        parts += [_headline(judgement), _quoted(excerpts.problem(judgement), "yellow")]
    for judgement in named:
        parts += [_headline(judgement), _quoted(judgement.baseline, _STYLES[judgement.verdict])]
    if warnings or named:
        parts.append(Text())
    parts += [_groups(found), *_open(found), *_notes(found, excerpts), _sentence(found, excerpts)]
    return Group(*parts)


def _headline(judgement: Judgement) -> Text:
    style = _STYLES[judgement.verdict]
    sources = ", ".join(judgement.rule.source)
    times = f" ({judgement.broken} times)" if judgement.broken > 1 else ""
    return Text.assemble(
        (f"{_SIGNS[judgement.verdict]} {judgement.rule.id}", style),
        f"  {judgement.rule.sentence}",
        (f"  [{sources}]{times}", "dim"),
    )


def _failure(judgement: Judgement, excerpts: Excerpts) -> RenderableType:
    lines = [_quoted(excerpts.problem(judgement), "red")]
    lines += [_quoted(judgement.baseline, "yellow")] if judgement.baseline else []
    lines += [_quoted(step) for step in excerpts.steps(judgement)]
    lines += [_quoted(exchange, "dim") for exchange in excerpts.exchanges(judgement)]
    kept = excerpts.script(judgement).splitlines()
    if len(kept) > MAX_LINES:
        kept = [*kept[:MAX_LINES], f"# {len(kept) - MAX_LINES} more lines; --scripts DIR writes all of them"]
    return Group(*lines, Text("\n".join(kept)))  # the script as it is, to be copied


def _quoted(text: str, style: str = "") -> Text:
    return Text(quoted(text), style)


def _groups(found: Result) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("group")
    for verdict in _STYLES:
        table.add_column(verdict, justify="right", style=_STYLES[verdict])
    for group in dict.fromkeys(judgement.rule.group for judgement in found.judgements):
        counted = totals([judgement for judgement in found.judgements if judgement.rule.group == group])
        table.add_row(group, *(str(counted[verdict] or "") for verdict in _STYLES))
    counted = totals(found.judgements)
    table.add_row(Text("all", style="bold"), *(str(counted[verdict]) for verdict in _STYLES))
    return table


def _open(found: Result) -> Iterator[RenderableType]:
    """Return why rules are open, with the rules of each reason."""
    reasons: dict[str, list[str]] = {}
    for judgement in found.judgements:
        if judgement.reason:
            reasons.setdefault(f"{judgement.verdict}: {judgement.reason}", []).append(judgement.rule.id)
    if reasons:
        yield Text()
    for reason, rules in reasons.items():
        shown = ", ".join(rules[:6]) + (f" and {len(rules) - 6} more" if len(rules) > 6 else "")
        yield Text.assemble((reason, "magenta" if reason.startswith("inconclusive") else "dim"), (f" ({shown})", "dim"))


def _notes(found: Result, excerpts: Excerpts) -> Iterator[RenderableType]:
    if found.facts.notes:
        yield Text()
    yield from (Text(f"note: {excerpts.line(note)}") for note in found.facts.notes)


def _sentence(found: Result, excerpts: Excerpts) -> Text:
    facts = found.facts
    delay = f"; reports appear after {facts.delay:.2g} s" if facts.delay is not None else ""
    count, where = len(found.history.exchanges), facts.base_url or "the recording"
    text = f"\n{count} exchanges with {where}, edition {facts.edition}{delay}"
    text += f"; ids begin with kit-{facts.run}-; seed {facts.seed}\n" if facts.run else "\n"
    return Text.assemble(text, (excerpts.line(found.sentence), "bold red" if found.code else "bold green"))
