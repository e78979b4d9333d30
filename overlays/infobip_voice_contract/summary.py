"""A result as Markdown, for the page on which a CI system sums a job up."""

import html
import re
from collections.abc import Iterator
from typing import Final

from infobip_voice_contract.excerpts import Excerpts, printable
from infobip_voice_contract.run import Result
from infobip_voice_contract.verdicts import VERDICTS, Judgement, totals

__all__ = ["MAX_SUMMARY", "summary"]

MAX_SUMMARY: Final = 1024 * 1024
"""The most bytes of GITHUB_STEP_SUMMARY; GitHub shows nothing of a longer one."""

_SIGNS: Final = {
    "pass": "✅", "fail": "❌", "warn": "⚠️", "known": "🔷", "inconclusive": "❔", "not observable here": "▫️",
}  # fmt: skip
_REST: Final = 256  # bytes for the sentence that says what was left out


def summary(found: Result, *, room: int = MAX_SUMMARY) -> str:
    """Return the page.

    Args:
        found: The result.
        room: How many bytes it may have; failures that do not fit are counted.
    """
    excerpts = Excerpts(found)
    shown = [each for each in found.judgements if each.verdict == "fail"]
    parts = [_head(found, excerpts), _counts(found)]
    details = [_details(judgement, excerpts) for judgement in shown]
    after = [*_warned(found, excerpts), *_named(found), *_open(found), *_notes(found, excerpts)]
    left = room - _REST - sum(len(part.encode()) for part in (*parts, *after))
    for index, text in enumerate(details):
        left -= len(text.encode())
        if left < 0:
            parts.append(f"{len(details) - index} more failures are not shown, because the page would be too long.\n\n")
            break
        parts.append(text)
    whole = "".join([*parts, *after])
    shorter = (whole, "".join(parts[:2]), parts[0])
    return next((text for text in shorter if len(text.encode()) <= room), "")


def _head(found: Result, excerpts: Excerpts) -> str:
    facts = found.facts
    where = f"{len(found.history.exchanges)} exchanges with {facts.base_url or 'a recording'}, edition {facts.edition}"
    title = "## Voice contract: " + ("❌ " if found.code else "✅ ")
    # A complaint may have words of the server.
    text = f"{title}{_code(excerpts.line(found.sentence)) if found.complaint else found.sentence}\n\n"
    return text + f"{_code(excerpts.masked(where))}\n\n"


def _counts(found: Result) -> str:
    rows = [f"| group | {' | '.join(f'{_SIGNS[verdict]} {verdict}' for verdict in VERDICTS)} |", f"|---|{'--:|' * 6}"]
    for group in dict.fromkeys(judgement.rule.group for judgement in found.judgements):
        counted = totals([judgement for judgement in found.judgements if judgement.rule.group == group])
        rows.append(f"| {group} | {' | '.join(str(counted[verdict] or '') for verdict in VERDICTS)} |")
    counted = totals(found.judgements)
    rows.append(f"| **all** | {' | '.join(f'**{counted[verdict]}**' for verdict in VERDICTS)} |")
    return "\n".join(rows) + "\n\n"


def _details(judgement: Judgement, excerpts: Excerpts) -> str:
    rule = judgement.rule
    head = f"<details><summary>❌ <code>{rule.id}</code> {html.escape(rule.sentence)}</summary>\n\n"
    blocks = [_block("\n".join(excerpts.problems(judgement)))]
    blocks += [f"{_code(judgement.baseline)}\n\n"] if judgement.baseline else []
    blocks += [_block("\n".join(excerpts.steps(judgement)))] if judgement.replay is not None else []
    blocks += [_block(text, "http") for text in excerpts.exchanges(judgement)]
    script = excerpts.script(judgement)
    return "".join([head, *blocks, _block(script, "sh") if script else "", "</details>\n\n"])


def _warned(found: Result, excerpts: Excerpts) -> Iterator[str]:
    warned = [judgement for judgement in found.judgements if judgement.verdict == "warn"]
    if warned:
        yield "### Warnings\n\nOnly we say so, or it was carried over; the server may have reason to differ.\n\n"
        for judgement in warned:
            sentence = re.sub(r"([\\`*_\[\]<>|])", r"\\\1", judgement.rule.sentence)
            yield f"- `{judgement.rule.id}` {sentence} {_code(excerpts.problem(judgement)[:200])}\n"
        yield "\n"


def _named(found: Result) -> Iterator[str]:
    named = [judgement for judgement in found.judgements if judgement.baseline and judgement.verdict != "fail"]
    if named:
        yield "### In the baseline\n\n"
        for judgement in named:
            yield f"- {_SIGNS[judgement.verdict]} `{judgement.rule.id}` {_code(judgement.baseline)}\n"
        yield "\n"


def _open(found: Result) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for judgement in found.judgements:
        if judgement.reason:
            reasons.setdefault(f"{judgement.verdict}: {judgement.reason}", []).append(judgement.rule.id)
    if reasons:
        yield "<details><summary>Not judged, and why</summary>\n\n"
        for reason, rules in reasons.items():
            yield f"- {_code(reason)}: {', '.join(f'`{rule}`' for rule in rules)}\n"
        yield "\n</details>\n\n"


def _notes(found: Result, excerpts: Excerpts) -> Iterator[str]:
    if found.facts.notes:
        yield "### Notes\n\n" + _block("\n".join(excerpts.line(note) for note in found.facts.notes))


def _fence(text: str, least: int) -> str:
    """Return more backticks than a text has in a row, so that nothing in it ends the code."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)


def _block(text: str, language: str = "text") -> str:
    fence = _fence(text, 3)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n\n"


def _code(text: str) -> str:
    """Return a text as code in a line."""
    line = " ".join(printable(text).split())
    fence = _fence(line, 1)
    return f"{fence} {line} {fence}" if "`" in line else f"`{line or '–'}`"
