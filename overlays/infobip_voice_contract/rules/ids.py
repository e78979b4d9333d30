"""Rules about what a launch is told: ids, entries, and what comes back in reports."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from infobip_voice_contract.history import History
from infobip_voice_contract.judged import Judged, members, text
from infobip_voice_contract.rules.looks import (
    launched,
    launches,
    member,
    of_own,
    refused,
)
from infobip_voice_contract.rules.rule import Check, Finding, Rule, fails, holds

__all__ = ["IDS"]

_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")


def _supplied(judged: Judged) -> str | None:
    return text(members(judged.demand.value).get("bulkId"))


def _echoes_bulk(judged: Judged) -> str:
    found, supplied = judged.value.get("bulkId"), _supplied(judged)
    return "" if found == supplied else f"bulkId is {found}, not {supplied}"


def _echoes_messages(judged: Judged) -> str:
    found = {text(entry.get("messageId")) for entry in judged.entries}
    missing = [wanted.message_id for wanted in judged.wanted if wanted.message_id and wanted.message_id not in found]
    return f"the answer does not have {', '.join(missing[:3])}" if missing else ""


def _one_each(judged: Judged) -> str:
    found, wanted = len(judged.entries), len(judged.wanted)
    return "" if found == wanted else f"{found} entries for {wanted} calls"


def _same_order(judged: Judged) -> str:
    found = [text(entry.get("to")) for entry in judged.entries]
    return "" if found == [wanted.to for wanted in judged.wanted] else "the entries are in another order"


def _same_numbers(judged: Judged) -> str:
    found = sorted(str(entry.get("to")) for entry in judged.entries)
    return "" if found == sorted(str(wanted.to) for wanted in judged.wanted) else "the entries name other numbers"


def _makes_ids(judged: Judged) -> str:
    found = [entry.get("messageId") for entry in judged.entries]
    return "" if all(isinstance(each, str) and each for each in found) else "an entry has no messageId"


def _unique(history: History) -> Iterator[Finding]:
    made: dict[str, Judged] = {}
    for judged in history.exchanges:
        if not launches(judged) or len(judged.entries) != len(judged.wanted):
            continue
        for wanted, entry in zip(judged.wanted, judged.entries, strict=True):
            message_id = text(entry.get("messageId"))
            if wanted.message_id is None and message_id:
                before = made.get(message_id)
                made[message_id] = judged
                yield fails(f"{message_id} was made twice", before, judged) if before else holds(judged)


def _status(entry: dict[str, Any]) -> dict[str, Any]:
    return members(entry.get("status"))


def _repeats(history: History) -> Iterator[tuple[Judged, Judged, dict[str, Any], str]]:
    """Return every entry whose messageId was supplied before, with that launch and its own."""
    seen: dict[str, Judged] = {}
    for judged in history.exchanges:
        if not launches(judged) or not judged.demand.is_valid or len(judged.entries) != len(judged.wanted):
            continue
        for wanted, entry in zip(judged.wanted, judged.entries, strict=True):
            if wanted.message_id is None:
                continue
            before = seen.get(wanted.message_id)
            if before is not None and (before is judged or before.exchange.ended < judged.exchange.started):
                yield before, judged, entry, wanted.message_id
            if _status(entry).get("groupId") != 5:
                seen[wanted.message_id] = judged


def _duplicate(*, same: bool) -> Check:
    def check(history: History) -> Iterator[Finding]:
        for before, judged, entry, message_id in _repeats(history):
            if (before is judged) is same:
                code, both = _status(entry).get("id"), (before, judged)[same:]
                yield holds(*both) if code == 23 else fails(f"{message_id} again has status {code}, not 23", *both)
        yield from _misjudged(history, same=same)

    return check


def _misjudged(history: History, *, same: bool) -> Iterator[Finding]:
    """Find launches that are refused for an id, and pairs of which the first is rejected."""
    known: dict[str, Judged] = {}
    for judged in history.exchanges:
        if not launches(judged) or not judged.demand.is_valid or judged.status is None:
            continue
        # What another run has sent by an id that is not ours, nobody here knows.
        names = [each.message_id for each in judged.wanted if each.message_id and each.message_id.startswith("kit-")]
        twice = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set[str]()
        again = {name for name in names if name in known}
        if (twice and not again if same else again and not twice) and 400 <= judged.status < 500:
            yield fails("the whole launch is refused", *(known[name] for name in again), judged)
        pairs = zip(judged.wanted, judged.entries, strict=False) if same and twice - known.keys() else ()
        for wanted, entry in pairs:
            if wanted.message_id in twice - known.keys():
                twice = twice - {wanted.message_id}
                if _status(entry).get("id") == 23:
                    yield fails(f"{wanted.message_id} is rejected where it comes first", judged)
        known |= dict.fromkeys(names if judged.status == 200 else (), judged)


def _new(history: History) -> Iterator[Finding]:
    """Look at the ids of ours that no other launch had in it before this one was answered."""
    begun: dict[str, list[tuple[float, int]]] = {}
    alike: dict[str, list[Judged]] = {}
    for judged in history.exchanges:
        for message_id in {wanted.message_id for wanted in judged.wanted if wanted.message_id}:
            begun.setdefault(message_id, []).append((judged.exchange.started, judged.number))
            alike.setdefault(message_id.casefold(), []).append(judged)
    for judged in history.exchanges:
        if not launches(judged) or not judged.demand.is_valid or len(judged.entries) != len(judged.wanted):
            continue
        names = Counter(wanted.message_id for wanted in judged.wanted)
        for wanted, entry in zip(judged.wanted, judged.entries, strict=True):
            name = wanted.message_id or ""
            # What another run has sent by an id that is not ours, nobody here knows.
            ours = name.casefold().startswith("kit-") and names[name] == 1
            if ours and all(
                number == judged.number or started > judged.exchange.ended for started, number in begun[name]
            ):
                known = _status(entry).get("id") == 23
                first = alike[name.casefold()][0]
                shown = (first, judged) if first is not judged else (judged,)
                yield fails(f"{name} is new, and rejected as known", *shown) if known else holds(judged)


def _whole(history: History) -> Iterator[Finding]:
    """No report of a call has only the beginning of its messageId."""
    for judged in history.reads:
        for report in judged.reports:
            found, to = text(report.get("messageId")), text(report.get("to"))
            if found in history.calls:
                yield holds(judged)
            elif found and found not in history.rejected:
                alike = (call for name, call in history.calls.items() if name.startswith(found))
                whole = next((call for call in alike if to in (None, call.to)), None)
                if whole is not None:
                    yield fails(f"{found} is only the beginning of {whole.message_id}", judged)


def _phantoms(history: History) -> Iterator[Finding]:
    """A report of one of our launches has one of its message ids."""
    bulks = {call.bulk_id for call in history.calls.values() if call.bulk_id}
    # Nobody knows the ids that were made for a launch whose answer is missing or cannot be read.
    bulks -= {
        text(members(judged.demand.value).get("bulkId"))
        for judged in history.exchanges
        if launches(judged) and not refused(judged) and not judged.entries
    }
    for judged in history.reads:
        for report in judged.reports:
            bulk_id, message_id = text(report.get("bulkId")), text(report.get("messageId"))
            if bulk_id in bulks and message_id is not None:
                known = message_id in history.calls or message_id in history.rejected
                yield holds(judged) if known else fails(f"{message_id} was never launched", judged)


IDS: Final = (
    Rule("ids.bulk", "ids", "A bulkId that was supplied is echoed (R4).",
         _LAUNCHES, launched(_echoes_bulk, when=lambda judged: _supplied(judged) is not None), ("launch",)),
    Rule("ids.bulk-made", "ids", "Without one, a bulkId is made if the answer has several entries (R4).",
         ("assumption",),
         launched(lambda judged: "" if judged.value.get("bulkId") else "there is no bulkId",
                   when=lambda judged: _supplied(judged) is None and len(judged.wanted) > 1), ("launch",)),
    Rule("ids.bulk-omitted", "ids", "Without one, there is no bulkId if the answer has one entry (R4).",
         ("assumption",),
         launched(lambda judged: "there is a bulkId" if judged.value.get("bulkId") is not None else "",
                   when=lambda judged: _supplied(judged) is None and len(judged.wanted) == 1), ("launch",)),
    Rule("ids.message", "ids", "A messageId that was supplied is echoed (R5).",
         ("ivr-2019", "ctc", "platform-2026"),
         launched(_echoes_messages, when=lambda judged: any(wanted.message_id for wanted in judged.wanted)),
         ("launch",)),
    Rule("ids.message-made", "ids", "Every entry has a messageId; one is made where none was supplied (R5).",
         _LAUNCHES, launched(_makes_ids), ("launch",)),
    Rule("ids.unique", "ids", "No messageId is made twice (R5).", _LAUNCHES, _unique, ("launch",)),
    Rule("ids.entries", "ids", "The answer has one entry for each call.",
         ("platform-2026",), launched(_one_each), ("launch",)),
    Rule("ids.numbers", "ids", "The entries name the numbers that were to be called.",
         _LAUNCHES, launched(_same_numbers), ("launch",)),
    Rule("ids.order", "ids", "The entries are in the order of the request.",
         ("assumption",), launched(_same_order), ("launch",)),
    Rule("ids.twice", "ids", "A messageId twice in one request: the later one is rejected with status 23 (R5).",
         ("platform-2026",), _duplicate(same=True), ("launch",)),
    Rule("ids.known", "ids", "A messageId that the account has used is rejected with status 23 (R5).",
         ("platform-2026",), _duplicate(same=False), ("launch",)),
    Rule("ids.new", "ids", "A messageId that differs from used ones, if only in case, is not rejected (R5).",
         ("platform-2026",), _new, ("launch",)),
    Rule("ids.report-bulk", "ids", "A report has the bulkId of its launch.",
         ("reports",), of_own(member("bulkId", lambda call: call.bulk_id)), ("report",)),
    Rule("ids.report-number", "ids", "A report has the number that was called.",
         ("reports",), of_own(member("to", lambda call: call.to)), ("report",)),
    Rule("ids.whole", "ids", "A report has the whole of its messageId.", ("reports",), _whole, ("report",)),
    Rule("ids.no-phantom", "ids", "A report of a launch belongs to one of its messages.",
         ("reports",), _phantoms, ("report",)),
)  # fmt: skip
