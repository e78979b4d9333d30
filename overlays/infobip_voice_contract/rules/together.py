"""Rules about requests at the same time."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from infobip_voice_contract.history import History
from infobip_voice_contract.judged import Judged, members, text
from infobip_voice_contract.rules.rule import Finding, Rule, fails, holds

__all__ = ["CONCURRENCY"]


def _overlap(one: Judged, other: Judged) -> bool:
    return one.exchange.started < other.exchange.ended and other.exchange.started < one.exchange.ended


def _readers(history: History) -> Iterator[Finding]:
    for index, one in enumerate(history.reads):
        for other in history.reads[index + 1 : index + 16]:
            if _overlap(one, other):
                ids = [{text(report.get("messageId")) for report in judged.reports} - {None} for judged in (one, other)]
                shared = sorted(str(each) for each in ids[0] & ids[1])
                yield fails(f"two readers got {', '.join(shared)}", one, other) if shared else holds(one, other)


def _launches(history: History) -> Iterator[Finding]:
    launched: dict[str, list[Judged]] = {}
    for judged in history.exchanges:
        for message_id in {wanted.message_id for wanted in judged.wanted if wanted.message_id and judged.entries}:
            launched.setdefault(message_id, []).append(judged)
    for message_id, launches in launched.items():
        if any(_overlap(one, other) for one, other in combinations(launches, 2)):
            taken = [judged for judged in launches if _accepts(judged, message_id)]
            yield fails(f"{message_id} was accepted {len(taken)} times", *taken) if len(taken) > 1 else holds(*launches)


def _accepts(judged: Judged, message_id: str) -> bool:
    groups = [
        members(each.get("status")).get("groupId") for each in judged.entries if each.get("messageId") == message_id
    ]
    return any(group != 5 for group in groups)


CONCURRENCY: Final = (
    Rule("together.readers", "concurrency", "Of readers at the same time each gets other reports.",
         ("reports",), _readers, ("report",)),
    Rule("together.launches", "concurrency", "Of launches of one messageId at the same time one is accepted (R5).",
         ("platform-2026",), _launches, ("launch",)),
)  # fmt: skip
