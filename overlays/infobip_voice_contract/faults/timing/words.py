"""Words that several modules here use."""

from functools import partial
from typing import Any

from infobip_voice_contract.exchange import Answer
from infobip_voice_contract.faults.fault import Fault
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, reports
from infobip_voice_contract.stage import Stage

__all__ = ["comes", "fault"]


def comes(*, after: float, count: int, path: str = "", outcome: str = "answered", **item: Any) -> Witness:
    """After a while a launch has so many reports."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        made = item["make"](stage) if "make" in item else item
        document = stage.ctc(1, bulk=bulk, **made) if path else stage.ivr(1, bulk=bulk, **made)
        if not path:
            document["messages"][0]["destinations"][0]["to"] = stage.numbers.take(outcome)
        yield stage.post(document, path) if path else stage.post(document)
        yield Wait(after)
        answer: Answer = yield stage.get(bulkId=bulk)
        return len(reports(answer)) == count

    return witness


fault = partial(Fault, group="schedule")
