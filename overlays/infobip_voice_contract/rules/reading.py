"""Rules about reports that are handed out once: nothing twice, nothing missing, nothing of others."""

from collections.abc import Callable, Iterator
from typing import Final

from infobip_voice_contract.history import DEFAULT_LIMIT, Call, History, Judged, Read, moment, text
from infobip_voice_contract.rules.rule import Check, Finding, Rule, fails, holds

__all__ = ["CONCURRENCY", "FILTER", "ONCE"]


def _twice(history: History) -> Iterator[Finding]:
    for message_id, reads in history.handed.items():
        if len(reads) > 1:
            yield fails(f"the report of {message_id} was handed out {len(reads)} times", *reads)
        else:
            yield holds(*reads)


def _overlap(one: Judged, other: Judged) -> bool:
    return one.exchange.started < other.exchange.ended and other.exchange.started < one.exchange.ended


def _together(history: History) -> Iterator[Finding]:
    """Look at reads that overlapped in time and asked for the same."""
    for index, one in enumerate(history.reads):
        for other in history.reads[index + 1 : index + 32]:
            if not _overlap(one, other):
                continue
            ids = {text(report.get("messageId")) for report in one.reports}
            both = ids & {text(report.get("messageId")) for report in other.reports} - {None}
            yield fails(f"two readers got {', '.join(map(str, sorted(map(str, both))))}", one, other) if both else holds(one, other)


def _together_once(history: History) -> Iterator[Finding]:
    """Look at launches of one messageId that overlapped in time."""
    launched: dict[str, list[Judged]] = {}
    for judged in history.exchanges:
        if judged.status == 200 and judged.operation in ("ivr", "ctc"):
            for wanted in judged.wanted:
                if wanted.message_id:
                    launched.setdefault(wanted.message_id, []).append(judged)
    for message_id, launches in launched.items():
        if any(_overlap(one, other) for one in launches for other in launches if one is not other):
            taken = [one for one in launches if any(
                entry.get("messageId") == message_id and _group(entry) != 5 for entry in one.entries)]  # fmt: skip
            yield fails(f"{message_id} was accepted {len(taken)} times", *taken) if len(taken) > 1 else holds(*launches)


def _group(entry: dict[str, object]) -> object:
    status = entry.get("status")
    return status.get("groupId") if isinstance(status, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def _unique_together(history: History) -> Iterator[Finding]:
    """Look at the ids that were made for launches that overlapped in time."""
    made: list[tuple[str, Judged]] = []
    for judged in history.exchanges:
        if judged.status == 200 and judged.operation in ("ivr", "ctc") and len(judged.entries) == len(judged.wanted):
            for wanted, entry in zip(judged.wanted, judged.entries, strict=True):
                if wanted.message_id is None and isinstance(entry.get("messageId"), str):
                    made.append((entry["messageId"], judged))
    for index, (name, one) in enumerate(made):
        for other_name, other in made[index + 1 : index + 32]:
            if one is not other and _overlap(one, other):
                yield fails(f"{name} was made twice", one, other) if name == other_name else holds(one, other)


def _proof(history: History, call: Call) -> Read | None:
    """Return a read that should have had a call's report, because it was due and there was room."""
    for judged in history.reads:
        if judged.matches(call) and history.is_due(call, judged.exchange.started) and len(judged.reports) < judged.limit:
            return judged
    return None


def _lost(history: History) -> Iterator[tuple[Call, Read]]:
    """Return the calls whose report never came, each with a read that should have had it."""
    if not history.foreign:
        for call in history.pending():
            proof = _proof(history, call)
            if proof is not None:
                yield call, proof


def _missing(history: History) -> Iterator[Finding]:
    if history.foreign:
        return
    for message_id, reads in history.handed.items():
        if message_id in history.calls:
            yield holds(*reads)
    for call, proof in _lost(history):
        yield fails(f"the report of {call.message_id} never came", call.launch, proof)


def _thief(suspect: Callable[[Judged, Call], bool]) -> Check:
    """Return the check that a kind of request takes no report away.

    It looks at the requests of the launch's own script between the launch and a read that should
    have had the report.
    """

    def check(history: History) -> Iterator[Finding]:
        lost = {call.message_id: proof for call, proof in _lost(history)}
        scripts: dict[str, list[Judged]] = {}
        for judged in history.exchanges:
            if judged.demand.operation is not None and judged.demand.operation.name == "reports":
                scripts.setdefault(judged.exchange.script, []).append(judged)
        for call in history.calls.values():
            if call.pushed or (call.message_id not in lost and call.message_id not in history.handed):
                continue
            reads = history.handed.get(call.message_id)
            end = lost[call.message_id].number if call.message_id in lost else reads[0].number if reads else 0
            suspects = [
                judged
                for judged in scripts.get(call.launch.exchange.script, ())
                if call.launch.number < judged.number < end
                and history.is_due(call, judged.exchange.started)
                and suspect(judged, call)
            ]
            if suspects and call.message_id in lost:
                yield fails(f"after this, the report of {call.message_id} was gone", suspects[0], lost[call.message_id])
            elif suspects:
                yield holds(*suspects[:3])

    return check


def _is_refused(judged: Judged, _: Call) -> bool:
    return judged.status is not None and judged.status >= 400


def _is_head(judged: Judged, _: Call) -> bool:
    return judged.request.method == "HEAD"


def _is_of_others(judged: Judged, call: Call) -> bool:
    return judged.status == 200 and bool(judged.filters) and not judged.matches(call)


def _is_full(judged: Judged, call: Call) -> bool:
    return judged.status == 200 and judged.matches(call) and len(judged.reports) >= judged.limit


def _empty_again(history: History) -> Iterator[Finding]:
    """After a page with room, the same request has nothing more to give but what came meanwhile."""
    drained: dict[str, Read] = {}
    for judged in history.reads:
        bulk_id = judged.filters.get("bulkId")
        if bulk_id is None or "messageId" in judged.filters:
            continue
        before = drained.get(bulk_id)
        if before is not None and not judged.reports:
            yield holds(judged)
        if len(judged.reports) < judged.limit:
            drained[bulk_id] = judged


def _empty_is_200(history: History) -> Iterator[Finding]:
    for judged in history.exchanges:
        if judged.operation == "reports" and judged.demand.is_valid and judged.status is not None:
            if judged.status in (204, 404):
                yield fails(f"answered {judged.status}", judged)
            elif judged.status == 200 and not judged.reports:
                problem = "" if isinstance(judged.value.get("results"), list) else "there is no empty collection of results"
                yield fails(problem, judged) if problem and judged.document and judged.document.form == "json" else holds(judged)


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
    """A messageId of a refused launch is still free."""
    refused: dict[str, Judged] = {}
    for judged in history.exchanges:
        if judged.operation not in ("ivr", "ctc") and not (judged.demand.operation and judged.demand.operation.request):
            continue
        ids = [wanted.message_id for wanted in judged.wanted if wanted.message_id]
        if judged.status is not None and 400 <= judged.status < 500:
            refused.update({message_id: judged for message_id in ids if message_id not in history.calls or
                            history.calls[message_id].launch.number > judged.number})  # fmt: skip
        for entry in judged.entries:
            message_id = text(entry.get("messageId"))
            before = refused.get(message_id or "")
            if before is not None and before.number < judged.number:
                taken = _group(entry) == 5
                yield fails(f"{message_id} counts as used", before, judged) if taken else holds(before, judged)
    for message_id, judged in refused.items():
        if message_id not in history.calls and history.handed.get(message_id):
            yield fails(f"{message_id} was refused, and has a report", judged, *history.handed[message_id])


def _filtered(name: str, member: str) -> Check:
    def check(history: History) -> Iterator[Finding]:
        for judged in history.reads:
            wanted = judged.filters.get(name)
            if wanted is None:
                continue
            # A report that lacks the member says nothing (R9); the call that it belongs to does.
            found = {text(report.get(member)) for report in judged.reports} - {None}
            for report in judged.reports:
                call = history.calls.get(text(report.get("messageId")) or "")
                if call is not None and name == "bulkId":
                    found.add(call.bulk_id)
            others = sorted(str(each) for each in found if each != wanted)
            yield fails(f"it has reports of {', '.join(others[:3])}", judged) if others else holds(judged)

    return check


def _both_filters(history: History) -> Iterator[Finding]:
    for judged in history.reads:
        if len(judged.filters) == 2:
            wrong = [call.message_id for report in judged.reports
                     if (call := history.calls.get(text(report.get("messageId")) or "")) and not judged.matches(call)]  # fmt: skip
            yield fails(f"{wrong[0]} does not match both", judged) if wrong else holds(judged)


def _found(name: str) -> Check:
    """Look whether a filter lets through what it should."""

    def check(history: History) -> Iterator[Finding]:
        lost = {call.message_id: proof for call, proof in _lost(history)}
        for judged in history.reads:
            if set(judged.filters) == {name} and any(judged.matches(history.calls[found]) for report in judged.reports
                                                     if (found := text(report.get("messageId")) or "") in history.calls):  # fmt: skip
                yield holds(judged)
        for message_id, proof in lost.items():
            if set(proof.filters) == {name}:
                yield fails(f"the report of {message_id} was due, and is not there", proof)

    return check


def _limited(history: History) -> Iterator[Finding]:
    for judged in history.reads:
        if "limit" in dict(judged.request.query):
            count = len(judged.reports)
            yield fails(f"{count} reports, with a limit of {judged.limit}", judged) if count > judged.limit else holds(judged)


def _default_limit(history: History) -> Iterator[Finding]:
    for judged in history.reads:
        if "limit" not in dict(judged.request.query):
            count = len(judged.reports)
            if count > DEFAULT_LIMIT:
                yield fails(f"{count} reports without a limit", judged)
            elif count == DEFAULT_LIMIT:
                yield holds(judged)


def _whole_pages(history: History) -> Iterator[Finding]:
    """A page is only shorter than its limit if no more is waiting."""
    for judged in history.reads:
        waiting = [
            call
            for call in history.calls.values()
            if judged.matches(call)
            and history.is_due(call, judged.exchange.started)
            and all(read.number >= judged.number for read in history.handed.get(call.message_id, ()))
        ]
        expected = min(judged.limit, len(waiting))
        if len(waiting) > 1 and not history.foreign:
            count = len(judged.reports)
            yield fails(f"{count} reports, and {len(waiting)} were waiting", judged) if count < expected else holds(judged)


ONCE: Final = (
    Rule("once.never-twice", "once", "A report is handed out once.", ("reports",), _twice, ("report",)),
    Rule("once.nothing-missing", "once", "The report of every accepted call is handed out.",
         ("reports",), _missing, ("report", "complete")),
    Rule("once.empty", "once", "When nothing is left, the answer is 200 with an empty collection, never 404.",
         ("reports",), _empty_is_200, ("read",)),
    Rule("once.drained", "once", "After all was handed out, the same request gives nothing.",
         ("reports",), _empty_again, ("report",)),
    Rule("once.refused-reads", "once", "A refused request for reports consumes nothing.",
         ("reports", "platform-2026"), _thief(_is_refused), ("report", "complete")),
    Rule("once.head", "once", "HEAD consumes nothing.", ("assumption",), _thief(_is_head), ("report", "complete")),
    Rule("once.refused-launches", "once", "A refused launch has no effect: its ids are free, and no report comes.",
         ("platform-2026",), _refused_launch, ("launch",)),
    Rule("once.rejected", "once", "A call that was rejected at launch has no report.",
         ("assumption",), _none_for_rejected, ("report",)),
    Rule("once.oldest-first", "once", "Reports come oldest first.", ("assumption",), _in_order, ("report",)),
)  # fmt: skip

FILTER: Final = (
    Rule("filter.bulk", "filter", "With bulkId only reports of that launch are returned.",
         ("reports",), _filtered("bulkId", "bulkId"), ("read",)),
    Rule("filter.message", "filter", "With messageId only the report of that message is returned.",
         ("reports",), _filtered("messageId", "messageId"), ("read",)),
    Rule("filter.bulk-finds", "filter", "With bulkId the reports of that launch are returned.",
         ("reports",), _found("bulkId"), ("report", "complete")),
    Rule("filter.message-finds", "filter", "With messageId the report of that message is returned.",
         ("reports",), _found("messageId"), ("report", "complete")),
    Rule("filter.both", "filter", "With both, a report has to match both.",
         ("assumption",), _both_filters, ("read",)),
    Rule("filter.leaves-others", "filter", "A filtered request consumes only what it returns.",
         ("reports",), _thief(_is_of_others), ("report", "complete")),
    Rule("filter.limit", "filter", "No more reports than limit are returned.", ("reports",), _limited, ("read",)),
    Rule("filter.default", "filter", "Without limit 50 reports are returned at most.",
         ("reports",), _default_limit, ("report",)),
    Rule("filter.limit-leaves-rest", "filter", "What limit leaves out stays, and comes with the next request.",
         ("reports",), _thief(_is_full), ("report", "complete")),
    Rule("filter.whole-pages", "filter", "A page is full while more reports are waiting: 120 give 50, 50, 20, 0.",
         ("reports",), _whole_pages, ("report", "complete")),
)  # fmt: skip

CONCURRENCY: Final = (
    Rule("together.readers", "concurrency", "Of readers at the same time each gets other reports.",
         ("reports",), _together, ("report",)),
    Rule("together.launches", "concurrency", "Of launches of one messageId at the same time one is accepted.",
         ("platform-2026",), _together_once, ("launch",)),
    Rule("together.ids", "concurrency", "Launches at the same time get different ids.",
         ("ivr-2017", "ivr-2019", "ctc"), _unique_together, ("launch",)),
)  # fmt: skip
