"""What a person sees: what is under way, and at the end groups and rules, failures first."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from infobip_voice_contract import curl
from infobip_voice_contract.exchange import Exchange
from infobip_voice_contract.run import Progress as Tell
from infobip_voice_contract.run import Result
from infobip_voice_contract.verdicts import Judgement, totals

__all__ = ["live", "result"]

MAX_SHOWN: Final = 600  # characters of a body
MAX_LINES: Final = 30
_STYLES: Final = {
    "fail": "bold red",
    "warn": "yellow",
    "pass": "green",
    "inconclusive": "magenta",
    "not observable here": "dim",
}
_SIGNS: Final = {"fail": "✗", "warn": "!", "pass": "✓", "inconclusive": "?", "not observable here": "·"}


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


def result(found: Result, *, hidden: tuple[str, ...] = (), quiet: bool = False) -> RenderableType:
    """Return the whole result: failures with their exchanges and scripts, warnings, groups, notes.

    Args:
        found: What the run gave.
        hidden: Telephone numbers to mask.
        quiet: Show failures and the last line alone.
    """
    failures = [judgement for judgement in found.judgements if judgement.verdict == "fail"]
    warnings = [judgement for judgement in found.judgements if judgement.verdict == "warn"]
    parts: list[RenderableType] = []
    for judgement in failures:
        parts += [_headline(judgement), _failure(judgement, found, hidden), Text()]
    if quiet:
        return Group(*parts, _sentence(found))
    for judgement in warnings:
        problem = judgement.findings[0].problem
        parts += [_headline(judgement), _indented(_masked(problem, hidden), "yellow")]
    if warnings:
        parts.append(Text())
    parts += [_groups(found), *_open(found), *_notes(found), _sentence(found)]
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


def _failure(judgement: Judgement, found: Result, hidden: tuple[str, ...]) -> RenderableType:
    finding = judgement.findings[0]
    by_number = {judged.number: judged.exchange for judged in found.history.exchanges}
    lines = [_indented(_masked(finding.problem, hidden), "red")]
    if judgement.replay is not None:
        lines += [_indented(f"{index}. {step}") for index, step in enumerate(judgement.replay.steps, start=1)]
        lines += [] if judgement.replay.reproduced else [_indented("not reproduced", "yellow")]
    lines += [_indented(_masked(_shown(by_number[number]), hidden), "dim") for number in finding.exchanges[-2:]]
    if curl.shown(judgement, found.history):
        text = curl.script(judgement, found.history, base_url=found.facts.base_url, run=found.facts.run)
        kept = text.splitlines()
        if len(kept) > MAX_LINES:
            kept = [
                *kept[:MAX_LINES],
                f"# {len(text.splitlines()) - MAX_LINES} more lines; --scripts DIR writes all of them",
            ]
        shown = "\n".join(kept)
        # As it is, to be copied; but nothing of a server's may reach a terminal as a command.
        is_plain = shown == _printable(shown)
        lines.append(Text(_masked(shown, hidden)) if is_plain else _indented("--scripts DIR writes the script of it"))
    return Group(*lines)


def _indented(text: str, style: str = "") -> Text:
    return Text("\n".join(f"    {line}" for line in _printable(text).splitlines()), style)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() or letter == "\n" else "·" for letter in text)


def _shown(exchange: Exchange) -> str:
    request, answer = exchange.request, exchange.answer
    head = [
        f"{exchange.number}: {request.method} {request.target}",
        *(f"{name}: {value}" for name, value in request.headers),
    ]
    text = "\n".join([*head, _body(request.body)])
    if answer is None:
        return f"{text}\n→ {exchange.failure}"
    fields = [f"{name}: {value}" for name, value in answer.headers]
    return "\n".join([text, f"→ {answer.status}", *fields, _body(answer.body)])


def _body(body: bytes) -> str:
    text = body[: MAX_SHOWN * 4].decode("utf-8", "backslashreplace")
    printable = "".join(letter if letter.isprintable() or letter == "\n" else "·" for letter in text)
    return (
        printable
        if len(printable) <= MAX_SHOWN and len(body) <= MAX_SHOWN * 4
        else f"{printable[:MAX_SHOWN]}… ({len(body)} bytes)"
    )


def _masked(text: str, hidden: tuple[str, ...]) -> str:
    for number in hidden:
        text = text.replace(number, f"{number[:2]}***")
    return text


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


def _notes(found: Result) -> Iterator[RenderableType]:
    if found.facts.notes:
        yield Text()
    yield from (Text(f"note: {note}") for note in found.facts.notes)


def _sentence(found: Result) -> Text:
    counted, facts = totals(found.judgements), found.facts
    delay = f"; reports appear after {facts.delay:.2g} s" if facts.delay is not None else ""
    count, where = len(found.history.exchanges), facts.base_url or "the recording"
    text = f"\n{count} exchanges with {where}, edition {facts.edition}{delay}"
    text += f"; ids begin with kit-{facts.run}-; seed {facts.seed}\n" if facts.run else "\n"
    if found.complaint:
        return Text.assemble(text, (f"Nothing to judge: {found.complaint}.", "bold red"))
    if counted["fail"]:
        return Text.assemble(text, (f"{counted['fail']} rules are broken.", "bold red"))
    return Text.assemble(
        text,
        ("All rules that could be observed hold." if not found.code else "A required group is open.", "bold green"),
    )
