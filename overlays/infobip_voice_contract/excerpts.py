"""What may be shown of a server's traffic: printable, with numbers masked, and not too long.

A server decides what its answers say, so nothing of it reaches a person as it is.
"""

import re
from collections.abc import Iterator
from typing import Final

from infobip_voice_contract import curl
from infobip_voice_contract.exchange import Exchange
from infobip_voice_contract.history import History
from infobip_voice_contract.judged import items, members, text
from infobip_voice_contract.run import Result
from infobip_voice_contract.safety import POOL
from infobip_voice_contract.verdicts import Judgement

__all__ = ["MAX_SHOWN", "Excerpts", "printable", "quoted"]

MAX_SHOWN: Final = 600  # characters of a body, unless more are asked for, or of a line
MAX_FIELDS: Final = 50  # of a header
MAX_SCRIPT: Final = 16384  # characters
_DIGITS: Final = re.compile("[0-9]{7,}")
_SHORTEST: Final = 7  # digits; fewer belong to a service, and may be part of anything


class Excerpts:
    """Shows what a result has to show. Telephone numbers that may be somebody's are masked.

    Args:
        found: The result.
        max_body: How many characters of a body are shown.
    """

    def __init__(self, found: Result, *, max_body: int = MAX_SHOWN) -> None:
        self._found = found
        self._max_body = max_body
        self._numbers = frozenset(_numbers(found.history))
        self._by_number = {judged.number: judged.exchange for judged in found.history.exchanges}

    def problem(self, judgement: Judgement) -> str:
        """Return what breaks a rule, in the words of its first finding."""
        return self.line(judgement.findings[0].problem)

    def problems(self, judgement: Judgement) -> list[str]:
        """Return every different thing that breaks a rule."""
        return list(dict.fromkeys(self.line(finding.problem) for finding in judgement.findings))

    def exchanges(self, judgement: Judgement) -> list[str]:
        """Return the last two exchanges of the first finding, as texts."""
        return [self._exchange(self._by_number[number]) for number in judgement.findings[0].exchanges[-2:]]

    def whole(self, judgement: Judgement) -> str:
        """Return all that shows a broken rule as one text: problems, exchanges, script."""
        parts = [*(f"✗ {problem}" for problem in self.problems(judgement)), judgement.baseline]
        parts += [f"source: {', '.join(judgement.rule.source)}", *self.steps(judgement)]
        shown = "\n".join(part for part in parts if part)
        return "\n\n".join([shown, *map(quoted, self.exchanges(judgement)), self.script(judgement)])

    def steps(self, judgement: Judgement) -> list[str]:
        """Return the steps of the shortest conversation that breaks a rule."""
        replay = judgement.replay
        if replay is None:
            return []
        steps = [f"{index}. {step}" for index, step in enumerate(replay.steps, start=1)]
        return steps if replay.reproduced else [*steps, "not reproduced"]

    def script(self, judgement: Judgement) -> str:
        """Return the script that shows a failure again; empty if nothing can be sent again."""
        if not curl.shown(judgement, self._found.history):
            return ""
        facts = self._found.facts
        whole = curl.script(judgement, self._found.history, base_url=facts.base_url, run=facts.run)
        # A script is there to be copied: with other characters it would be another one.
        shown = whole if len(whole) <= MAX_SCRIPT and whole == printable(whole) else ""
        return self.masked(shown) or "# too long, or with characters that cannot be shown: --scripts DIR writes it\n"

    def masked(self, shown: str) -> str:
        """Return a text in printable characters, with a mask over numbers."""
        return printable(_DIGITS.sub(self._mask, shown))

    def line(self, shown: str) -> str:
        """Return a text in one line, masked, and cut where it is too long."""
        return _cut(" ".join(self.masked(shown).split()), MAX_SHOWN)

    def _mask(self, digits: re.Match[str]) -> str:
        number = digits[0].lstrip("0")
        return f"{number[:2]}***" if number in self._numbers else digits[0]

    def _exchange(self, exchange: Exchange) -> str:
        request, answer = exchange.request, exchange.answer
        lines = [f"{exchange.number}: {request.method} {_cut(request.target, MAX_SHOWN)}", *_fields(request.headers)]
        lines.append(self._body(request.body))
        if answer is None:
            lines.append(f"→ {exchange.failure}")
        else:
            lines += [f"→ {answer.status}", *_fields(answer.headers), self._body(answer.body)]
        return self.masked("\n".join(line for line in lines if line))

    def _body(self, body: bytes) -> str:
        beginning = body[: self._max_body * 4].decode("utf-8", "backslashreplace")
        if len(beginning) <= self._max_body and len(body) <= self._max_body * 4:
            return beginning
        return f"{beginning[: self._max_body]}… ({len(body)} bytes)"


def quoted(shown: str) -> str:
    """Return a text with a mark before each line.

    A CI system takes lines of a log as commands that begin with `::` or `##`, also after spaces.
    """
    return "\n".join(f"  │ {line}" for line in shown.splitlines())


def printable(shown: str) -> str:
    """Return a text with a dot for everything that is no letter, sign, space or end of a line."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "·" for letter in shown)


def _fields(fields: tuple[tuple[str, str], ...]) -> list[str]:
    return [_cut(f"{name}: {value}", MAX_SHOWN) for name, value in fields[:MAX_FIELDS]]


def _cut(shown: str, most: int) -> str:
    return shown if len(shown) <= most else f"{shown[:most]}…"


def _numbers(history: History) -> Iterator[str]:
    """Return every called number that may be somebody's: of launches, of answers and of reports."""
    for judged in history.exchanges:
        called = [wanted.to for wanted in judged.wanted]
        called += [text(wanted.item.get("destinationB")) for wanted in judged.wanted]
        for listed in ("messages", "results"):
            called += [text(members(entry).get("to")) for entry in items(judged.value.get(listed))]
        for number in called:
            digits = (number or "").strip().lstrip("+")
            if digits.isdecimal() and len(digits) >= _SHORTEST and not digits.startswith(POOL):
                yield digits
