"""Rules about the filters and the limit of requests for reports."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from infobip_voice_contract.history import Call, History
from infobip_voice_contract.judged import DEFAULT_LIMIT, Judged, moment, text
from infobip_voice_contract.rules.losses import is_full, is_proof, taken_by
from infobip_voice_contract.rules.rule import Check, Finding, Rule, fails, holds

__all__ = ["FILTER"]


def _is_of_others(judged: Judged, call: Call) -> bool:
    return judged.status == 200 and bool(judged.filters) and not call.matches(judged)


def _calls(history: History, judged: Judged) -> Iterator[Call]:
    """Return the calls whose reports a read returned."""
    for report in judged.reports:
        call = history.call_of(report)
        if call is not None:
            yield call


def _filtered(name: str) -> Check:
    def check(history: History) -> Iterator[Finding]:
        for judged in history.reads:
            wanted = judged.filters.get(name)
            if wanted is None:
                continue
            # A report may lack the member; the call that it belongs to does not.
            found = {text(report.get(name)) for report in judged.reports} - {None}
            if name == "bulkId":
                found |= {call.bulk_id for call in _calls(history, judged)}
            others = sorted(str(each) for each in found if each != wanted)
            yield fails(f"it has reports of {', '.join(others[:3])}", judged) if others else holds(judged)

    return check


def _both_filters(history: History) -> Iterator[Finding]:
    for judged in history.reads:
        if len(judged.filters) == 2:
            wrong = [call.message_id for call in _calls(history, judged) if not call.matches(judged)]
            yield fails(f"{wrong[0]} does not match both", judged) if wrong else holds(judged)


def _finds(history: History) -> Iterator[Finding]:
    for judged in history.reads:
        if judged.filters and any(call.matches(judged) for call in _calls(history, judged)):
            yield holds(judged)
    reads_of: defaultdict[tuple[str, str | None], list[Judged]] = defaultdict(list)
    for judged in history.reads:
        name = "messageId" if "messageId" in judged.filters else "bulkId"
        reads_of[name, judged.filters.get(name)].append(judged)
    for message_id, handed in history.handed.items():
        call = history.calls.get(message_id)
        if call is None:
            continue
        asked = [*reads_of["messageId", message_id], *(reads_of["bulkId", call.bulk_id] if call.bulk_id else ())]
        for judged in sorted(asked, key=lambda each: each.number):
            before = judged.exchange.ended <= handed[0].exchange.started and judged.number < handed[0].number
            if before and is_proof(history, judged, call):
                yield fails(f"the report of {message_id} was due, and came only later", judged, handed[0])
                break


def _limited(history: History) -> Iterator[Finding]:
    for judged in history.reads:
        if judged.demand.is_valid and "limit" in dict(judged.request.query):
            count = len(judged.reports)
            yield (
                fails(f"{count} reports, with a limit of {judged.limit}", judged)
                if count > judged.limit
                else holds(judged)
            )


def _default_limit(history: History) -> Iterator[Finding]:
    for judged in history.reads:
        count = len(judged.reports)
        if "limit" not in dict(judged.request.query) and count >= DEFAULT_LIMIT:
            yield fails(f"{count} reports without a limit", judged) if count > DEFAULT_LIMIT else holds(judged)


def _whole_pages(history: History) -> Iterator[Finding]:
    """A page is shorter than its limit only if no more is waiting: what comes later was there."""
    by_bulk: dict[str | None, list[Call]] = {}
    for call in history.calls.values():
        by_bulk.setdefault(call.bulk_id, []).append(call)
    for judged in history.reads:
        bulk_id = judged.filters.get("bulkId") if judged.demand.is_valid and judged.is_sound else None
        waiting = [
            call
            for call in (by_bulk.get(bulk_id, []) if bulk_id is not None else [])
            if call.matches(judged)
            and history.is_due(call, judged.exchange.started)
            and history.launches[call.message_id] == 1
            and (handed := history.handed.get(call.message_id))
            and handed[0].number >= judged.number
        ]
        # Readers at the same time share what is waiting; what each may get, nobody can say.
        alone = not any(
            other is not judged
            and other.exchange.started < judged.exchange.ended
            and judged.exchange.started < other.exchange.ended
            for other in history.reads[max(0, history.reads.index(judged) - 16) :][:33]
        )
        if len(waiting) > 1 and alone:
            count, expected = len(judged.reports), min(judged.limit, len(waiting))
            yield (
                fails(f"{count} reports, and {len(waiting)} were waiting", judged)
                if count < expected
                else holds(judged)
            )


def _oldest(history: History) -> Iterator[Finding]:
    """What is left for the next page with the same filters is not older than what came first."""
    before: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[Judged, datetime]] = {}
    for judged in history.reads:
        times = [at for report in judged.reports if (at := moment(report.get("doneAt"))) is not None]
        key = judged.exchange.script, tuple(sorted(judged.filters.items()))
        if not times or not judged.filters:
            continue
        # Of readers at the same time nobody knows who was served first.
        if key in before and before[key][0].exchange.ended <= judged.exchange.started:
            earlier, youngest = before[key]
            # What was done after the first page was read could not be on it.
            old = min(times) < youngest and min(times).timestamp() < earlier.exchange.started - 0.001
            yield fails("an older report came later", earlier, judged) if old else holds(earlier, judged)
        before[key] = judged, max(times)


FILTER: Final = (
    Rule("filter.bulk", "filter", "With bulkId only reports of that launch are returned.",
         ("reports",), _filtered("bulkId"), ("read",)),
    Rule("filter.message", "filter", "With messageId only the report of that message is returned.",
         ("reports",), _filtered("messageId"), ("read",)),
    Rule("filter.both", "filter", "With both filters, a report has to match both.",
         ("assumption",), _both_filters, ("read",)),
    Rule("filter.finds", "filter", "With a filter, the reports that match it are returned.",
         ("reports",), _finds, ("report",)),
    Rule("filter.leaves-others", "filter", "A filtered request consumes only what it returns.",
         ("reports",), taken_by(_is_of_others), ("report", "complete")),
    Rule("filter.limit", "filter", "No more reports than limit are returned.", ("reports",), _limited, ("read",)),
    Rule("filter.default", "filter", "Without limit 50 reports are returned at most.",
         ("reports",), _default_limit, ("report",)),
    Rule("filter.limit-leaves-rest", "filter", "What limit leaves out stays, and comes with the next request.",
         ("reports",), taken_by(is_full), ("report", "complete")),
    Rule("filter.oldest", "filter", "Of the reports that match, the oldest come first, page by page (R16).",
         ("assumption",), _oldest, ("report",)),
    Rule("filter.whole-pages", "filter", "A page is full while more reports are waiting: 120 give 50, 50, 20, 0.",
         ("reports",), _whole_pages, ("report",)),
)  # fmt: skip
