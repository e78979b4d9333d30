"""A rule: one sentence, where it comes from, and a pure check over a history."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from infobip_voice_contract.contract import EDITIONS, Edition
from infobip_voice_contract.history import History
from infobip_voice_contract.judged import Judged

__all__ = ["SEEDS", "SOFT", "Check", "Finding", "Group", "Need", "Rule", "Verdict", "each", "fails", "holds"]

Group = Literal[
    "authentication", "status", "method", "negotiation", "xml", "json", "validation", "clamp", "once", "filter", "ids",
    "values", "schedule", "push", "ctc", "concurrency", "size", "headers",
]  # fmt: skip
Need = Literal["launch", "read", "report", "complete", "push", "patience", "outcomes"]
Verdict = Literal["pass", "fail", "warn", "known", "inconclusive", "not observable here"]

SEEDS: Final = ("ivr-2017", "ivr-2019", "ctc", "reports")
SOFT: Final = frozenset({"assumption", "sibling"})
"""Sources that a conforming server may not know: to break their rules is worth a warning."""


class Finding(NamedTuple):
    """What one look at the history gave.

    Attributes:
        exchanges: The numbers of the exchanges that show it.
        problem: What breaks the rule; empty if it holds.
    """

    exchanges: tuple[int, ...]
    problem: str = ""


Check = Callable[[History], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the contract.

    Attributes:
        id: Its name; the part before the dot is short for its group.
        group: Its group.
        sentence: What a conforming server does.
        source: The sources that say so, by their provenance ids.
        check: Finds where it holds and where it breaks. No finding means that nothing was observed.
        needs: What has to be possible before it can be observed: to `launch`, to `read` reports,
            that a `report` appears, that our reports are `complete` because nobody else takes
            them, a `push` receiver, `patience` of minutes, numbers with known `outcomes`.
        editions: The editions in which it counts.
    """

    id: str
    group: Group
    sentence: str
    source: tuple[str, ...]
    check: Check
    needs: tuple[Need, ...] = ()
    editions: Collection[Edition] = EDITIONS

    @property
    def severity(self) -> Literal["fail", "warn"]:
        """What breaking it is, unless it was raised."""
        return "warn" if SOFT.issuperset(self.source) else "fail"


def holds(*judged: Judged) -> Finding:
    """Return a finding that the rule holds."""
    return Finding(tuple(each.number for each in judged))


def fails(problem: str, *judged: Judged) -> Finding:
    """Return a finding that the rule is broken."""
    return Finding(tuple(each.number for each in judged), problem)


def each(when: Callable[[Judged], bool], then: Callable[[Judged], str]) -> Check:
    """Return the check that looks at every answered exchange by itself.

    Args:
        when: Whether the rule speaks about an exchange.
        then: Returns what is wrong with it; empty if nothing is.
    """

    def check(history: History) -> Iterator[Finding]:
        for judged in history.answered:
            if when(judged):
                yield Finding((judged.number,), then(judged))

    return check
