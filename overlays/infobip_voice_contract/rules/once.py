"""Rules about reports that are handed out once."""

from collections.abc import Iterator
from typing import Final

from infobip_voice_contract.history import Call, History
from infobip_voice_contract.judged import Judged, members, moment, text
from infobip_voice_contract.rules.losses import losses, taken_by
from infobip_voice_contract.rules.rule import Finding, Rule, fails, holds

__all__ = ["ONCE"]


def _twice(history: History) -> Iterator[Finding]:
    for message_id, reads in history.handed.items():
        if len(reads) > max(history.launches[message_id], 1):
            yield fails(f"the report of {message_id} was handed out {len(reads)} times", *reads)
        else:
            yield holds(*reads)


def _missing(history: History) -> Iterator[Finding]:
    if history.foreign or history.shared:
        return
    for message_id, reads in history.handed.items():
        if message_id in history.calls:
            yield holds(*reads)
    for call, proof in losses(history):
        yield fails(f"the report of {call.message_id} never came", call.launch, proof)


def _is_refused(judged: Judged, _: Call) -> bool:
    return judged.status is not None and judged.status >= 400 and judged.request.method == "GET"


def _is_other_method(judged: Judged, _: Call) -> bool:
    return judged.request.method != "GET"


def _empty_is_200(history: History) -> Iterator[Finding]:
    for judged in history.exchanges:
        if judged.operation != "reports" or not judged.demand.is_valid:
            continue
        if judged.status in (204, 404):
            yield fails(f"answered {judged.status}", judged)
        elif (
            judged.status == 200
            and not judged.reports
            and judged.document is not None
            and judged.document.form == "json"
        ):
            is_list = isinstance(judged.value.get("results"), list)
            yield holds(judged) if is_list else fails("there is no empty collection of results", judged)


def _none_for_rejected(history: History) -> Iterator[Finding]:
    for message_id, launch in history.rejected.items():
        if message_id not in history.calls:
            reads = history.handed.get(message_id, [])
            yield fails(f"{message_id} was rejected, and has a report", launch, *reads) if reads else holds(launch)


def _in_order(history: History) -> Iterator[Finding]:
    for judged in history.reads:
        times = [at for report in judged.reports if (at := moment(report.get("doneAt"))) is not None]
        if len(times) > 1:
            yield holds(judged) if times == sorted(times) else fails("a report is older than the one before it", judged)


def _refused_launch(history: History) -> Iterator[Finding]:
    """A messageId of a refused launch is still free, and no report comes for it."""
    refused: dict[str, Judged] = {}
    used: set[str] = set()
    for judged in history.exchanges:
        is_refused = judged.status is not None and 400 <= judged.status < 500
        for wanted in judged.wanted if is_refused else ():
            if wanted.message_id and wanted.message_id not in used:
                refused.setdefault(wanted.message_id, judged)
        for entry in judged.entries:
            message_id = text(entry.get("messageId")) or ""
            before = refused.get(message_id)
            if before is not None and message_id not in used:
                taken = members(entry.get("status")).get("id") == 23
                yield fails(f"{message_id} counts as used", before, judged) if taken else holds(before, judged)
            used.add(message_id)
        if not is_refused:
            # An answer that is missing or cannot be read may have accepted what it was asked for.
            used.update(wanted.message_id or "" for wanted in judged.wanted)
    for message_id, judged in refused.items():
        if message_id not in used and history.handed.get(message_id):
            yield fails(f"{message_id} was refused, and has a report", judged, *history.handed[message_id])


ONCE: Final = (
    Rule("once.never-twice", "once", "A report is handed out once.", ("reports",), _twice, ("report",)),
    Rule("once.nothing-missing", "once", "The report of every accepted call is handed out.",
         ("reports",), _missing, ("report", "complete")),
    Rule("once.empty", "once", "When nothing is left, the answer is 200 with an empty collection, never 404.",
         ("reports",), _empty_is_200, ("read",)),
    Rule("once.refused-reads", "once", "A refused request for reports consumes nothing.",
         ("reports", "platform-2026"), taken_by(_is_refused, after_a_page=True), ("report", "complete")),
    Rule("once.other-methods", "once", "HEAD and other methods consume nothing.",
         ("reports",), taken_by(_is_other_method, after_a_page=True), ("report", "complete")),
    Rule("once.refused-launches", "once", "A refused launch has no effect: its ids are free, and no report comes.",
         ("platform-2026",), _refused_launch, ("launch",)),
    Rule("once.rejected", "once", "A call that was rejected at launch has no report.",
         ("assumption",), _none_for_rejected, ("report",)),
    Rule("once.oldest-first", "once", "Reports come oldest first (R16).", ("assumption",), _in_order, ("report",)),
)  # fmt: skip
