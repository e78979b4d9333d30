"""Which reports are lost, and which requests can have taken them."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from infobip_voice_contract.history import Call, History
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.rules.rule import Check, Finding, fails, holds

__all__ = ["losses", "taken_by"]


def losses(history: History) -> Iterator[tuple[Call, Judged]]:
    """Return the calls whose report never came, each with a read that should have had it.

    Such a read matches the call, was made when the report had to be there, and had room for it. If
    reports of others were handed out, others use the account, and nothing counts as lost.
    """
    if history.foreign:
        return
    for call in history.pending():
        for judged in history.reads:
            has_room = len(judged.reports) < judged.limit
            if has_room and call.matches(judged) and history.is_due(call, judged.exchange.started):
                yield call, judged
                break


def taken_by(suspect: Callable[[Judged, Call], bool]) -> Check:
    """Return the check that a kind of request takes no report away.

    It looks at the requests of the launch's own script, after the report had to be there and before
    it was handed out, or should have been.
    """

    def check(history: History) -> Iterator[Finding]:
        lost = {call.message_id: proof for call, proof in losses(history)}
        requests: defaultdict[str, list[Judged]] = defaultdict(list)
        for judged in history.exchanges:
            if judged.demand.operation is not None and judged.demand.operation.name == "reports":
                requests[judged.exchange.script].append(judged)
        for call in history.calls.values():
            proof = lost.get(call.message_id)
            got = history.handed.get(call.message_id)
            end = proof or (got[0] if got else None)
            if end is None or call.pushed:
                continue
            suspects = [
                judged
                for judged in requests[call.launch.exchange.script]
                if call.launch.number < judged.number < end.number
                and history.is_due(call, judged.exchange.started)
                and suspect(judged, call)
            ]
            if suspects and proof is not None:
                yield fails(f"after this, the report of {call.message_id} was gone", suspects[0], proof)
            elif suspects:
                yield holds(*suspects[:3])

    return check
