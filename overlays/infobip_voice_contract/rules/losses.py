"""Which reports are lost, and which requests can have taken them."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from infobip_voice_contract.exchange import CLOSED_MEANWHILE
from infobip_voice_contract.history import Call, History
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.rules.rule import Check, Finding, fails, holds

__all__ = ["Suspect", "is_full", "losses", "overdue", "taken_by"]

Suspect = Callable[[Judged, Call], bool]
"""Says whether a request is of the kind that may have taken the report of a call."""


def losses(history: History) -> Iterator[tuple[Call, Judged]]:
    """Return the calls whose report never came, each with a read that should have had it.

    Such a read matches the call, was made when the report had to be there, and had room for it. If
    others use the account, nothing counts as lost: they may have it. So may a read whose connection
    the server closed before it answered, as it may at any time.
    """
    if history.foreign or history.shared:
        return
    unanswered = [
        judged
        for judged in history.exchanges
        if judged.operation == "reports" and judged.exchange.failure.startswith(CLOSED_MEANWHILE)
    ]
    for call in history.pending():
        if any(call.matches(judged) and call.launch.number < judged.number for judged in unanswered):
            continue
        proof = next((judged for judged in history.reads if is_proof(history, judged, call)), None)
        if proof is not None:
            yield call, proof


def is_proof(history: History, judged: Judged, call: Call) -> bool:
    """Return whether a read should have returned a call's report, unless that was taken before.

    Of calls that were accepted twice under one id, nobody knows which report is whose.
    """
    if history.launches[call.message_id] > 1:
        return False
    has_room = judged.demand.is_valid and judged.is_sound and len(judged.reports) < judged.limit
    return has_room and call.matches(judged) and history.is_due(call, judged.exchange.started)


def overdue(history: History, call: Call, due: float) -> Judged | None:
    """Return a read that should have had a report that was due by then; None without one."""
    patience, got = history.patience, history.handed.get(call.message_id)
    if patience is None or call.pushed or history.foreign or history.shared or history.launches[call.message_id] > 1:
        return None
    for judged in history.reads:
        if got and judged.number >= got[0].number:
            return None
        if not judged.filters or not judged.demand.is_valid:
            continue  # a page of everything may be shorter than its limit, and say nothing of this call
        has_room = judged.is_sound and len(judged.reports) < judged.limit
        if has_room and call.matches(judged) and due + patience <= judged.exchange.started:
            return judged
    return None


def is_full(judged: Judged, call: Call) -> bool:
    """The request matches the call, and was answered with as many reports as its limit has."""
    return judged.status == 200 and call.matches(judged) and len(judged.reports) >= judged.limit


def taken_by(suspect: Suspect, *, after_a_page: bool = False) -> Check:
    """Return the check that a kind of request takes no report away.

    It looks at what the launch's own script did after the report had to be there, and before it was
    handed out or should have been. There must be nothing but suspects, so that the blame is sure.

    Args:
        suspect: The kind of request.
        after_a_page: The script has read a page that left the report where it was, just before.
            Then nothing that other scripts did before can have taken it. If pages take what they
            leave out, this proves nothing.
    """

    def check(history: History) -> Iterator[Finding]:
        if after_a_page and any(finding.problem for finding in _FULL_PAGES(history)):
            return
        lost = {call.message_id: proof for call, proof in losses(history)}
        requests: defaultdict[str, list[Judged]] = defaultdict(list)
        for judged in history.exchanges:
            if judged.demand.operation is not None and judged.demand.operation.name == "reports":
                requests[judged.exchange.script].append(judged)
        for call in history.calls.values():
            proof, got = lost.get(call.message_id), history.handed.get(call.message_id)
            end = proof or (got[0] if got else None)
            if end is None or call.pushed:
                continue
            between = [
                judged
                for judged in requests[call.launch.exchange.script]
                if call.launch.number < judged.number < end.number and history.is_due(call, judged.exchange.started)
            ]
            if after_a_page:
                between = _after_page(between, call)
            suspects = [judged for judged in between if suspect(judged, call)]
            if suspects and proof is None:
                yield holds(*suspects[:3])
            elif suspects and proof is not None:
                others = [judged for judged in between if judged not in suspects]
                alone = not after_a_page or proof.number - suspects[0].number == len(between)
                if alone and not others:
                    yield fails(f"after this, the report of {call.message_id} was gone", suspects[0], proof)

    return check


def _after_page(between: list[Judged], call: Call) -> list[Judged]:
    pages = [index for index, judged in enumerate(between) if is_full(judged, call)]
    return between[pages[-1] + 1 :] if pages else []


_FULL_PAGES = taken_by(is_full)
