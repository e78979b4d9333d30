"""Rules about requests at the same time."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from infobip_voice_contract.history import History
from infobip_voice_contract.judged import Judged, members, text
from infobip_voice_contract.rules.losses import losses
from infobip_voice_contract.rules.rule import Finding, Rule, fails, holds

__all__ = ["CONCURRENCY"]

_NEAR: Final = 16  # exchanges of a journal that are looked at for those at the same time as one


def _overlap(one: Judged, other: Judged) -> bool:
    return one.exchange.started < other.exchange.ended and other.exchange.started < one.exchange.ended


def _pairs(exchanges: Sequence[Judged]) -> Iterator[tuple[Judged, Judged]]:
    """Return every two exchanges that were under way at the same time."""
    for index, one in enumerate(exchanges):
        for other in exchanges[index + 1 : index + _NEAR]:
            if _overlap(one, other):
                yield one, other


def _readers(history: History) -> Iterator[Finding]:
    for one, other in _pairs(history.reads):
        ids = [{text(report.get("messageId")) for report in judged.reports} - {None} for judged in (one, other)]
        shared = sorted(str(each) for each in ids[0] & ids[1])
        yield fails(f"two readers got {', '.join(shared)}", one, other) if shared else holds(one, other)


def _all(history: History) -> Iterator[Finding]:
    """What readers at the same time asked for is not lost; other losses are told elsewhere."""
    crowd: dict[str, list[Judged]] = {}
    for judged in {each.number: each for pair in _pairs(history.reads) for each in pair}.values():
        crowd.setdefault(judged.exchange.script, []).append(judged)

    def readers(script: str, message_id: str) -> list[Judged]:
        return [judged for judged in crowd.get(script, ()) if history.calls[message_id].matches(judged)]

    lost = {call.message_id: proof for call, proof in losses(history)}
    only_here = all(readers(history.calls[name].launch.exchange.script, name) for name in lost)
    for call in history.calls.values():
        among = readers(call.launch.exchange.script, call.message_id)
        proof = lost.get(call.message_id)
        if among and proof is None and call.message_id in history.handed:
            yield holds(*among[:3])
        elif among and proof is not None and only_here:
            yield fails(f"no reader got the report of {call.message_id}", *among[:3], proof)


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


def _own(history: History) -> Iterator[Finding]:
    """No launch is answered with the ids of another one that is under way."""
    launches = [judged for judged in history.exchanges if judged.wanted and judged.status == 200]
    for first, second in _pairs(launches):
        for one, other in ((first, second), (second, first)):
            wrong = sorted(_named(one) & (_supplied(other) - _supplied(one)))
            problem = f"a launch is answered with {', '.join(wrong)} of another"
            yield fails(problem, one, other) if wrong else holds(one, other)


def _supplied(judged: Judged) -> set[str]:
    ids = {wanted.message_id for wanted in judged.wanted} | {text(members(judged.demand.value).get("bulkId"))}
    return {each for each in ids if each}


def _named(judged: Judged) -> set[str]:
    ids = {text(entry.get("messageId")) for entry in judged.entries} | {text(judged.value.get("bulkId"))}
    return {each for each in ids if each}


def _served(history: History) -> Iterator[Finding]:
    """A request that is served alone is served beside others, too."""
    sent = [judged for judged in history.exchanges if judged.exchange.direction == "out"]
    crowd = {judged.number: judged for pair in _pairs(sent) for judged in pair}
    alone = {judged.operation for judged in sent if judged.status == 200 and judged.number not in crowd}
    for judged in crowd.values():
        if judged.demand.is_valid and judged.operation in alone and judged.status is not None:
            failed = judged.status >= 500
            yield fails(f"answered {judged.status} beside others", judged) if failed else holds(judged)


CONCURRENCY: Final = (
    Rule("together.readers", "concurrency", "Of readers at the same time each gets other reports.",
         ("reports",), _readers, ("report",)),
    Rule("together.all", "concurrency", "Readers at the same time get all reports between them.",
         ("reports",), _all, ("report", "complete")),
    Rule("together.launches", "concurrency", "Of launches of one messageId at the same time one is accepted (R5).",
         ("platform-2026",), _launches, ("launch",)),
    Rule("together.own", "concurrency", "Launches at the same time are each answered with their own ids (R4, R5).",
         ("ivr-2017", "ivr-2019", "ctc"), _own, ("launch",)),
    Rule("together.served", "concurrency", "What is served alone is served beside others, and not a 5xx.",
         ("platform-2026",), _served, ("launch",)),
)  # fmt: skip
