"""Words that several modules here use."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    launches,
)
from infobip_voice_contract.faults.fault import Fault, Make, Send, is_push
from infobip_voice_contract.faults.witness import Witness, answered
from infobip_voice_contract.stage import CTC, IVR, Form, changed

__all__ = [
    "AT", "BOTH_SOURCES", "CHECK", "GOOD", "ITEM", "IVR_SOURCES", "TO", "fault", "is_text", "nothing_to_do", "of",
    "takes",
]  # fmt: skip

CHECK: Final = "Check a launch before you send it: this server launches what the platform would refuse."
ITEM: Final = "messages[0]"
TO: Final = "messages[0].destinations[0].to"
IVR_SOURCES: Final = ("ivr-2017", "ivr-2019")
BOTH_SOURCES: Final = ("ivr-2017", "ivr-2019", "ctc")
GOOD: Final = "999100000001"
AT: Final = "2016-07-07T17:00:00.000+01:00"


def takes(path: str, given: Any, *, operation: str = IVR, form: Form = "json") -> Witness:
    """A launch with this change is accepted."""
    return answered(
        lambda stage: stage.post(
            changed(stage.ctc() if operation == CTC else stage.ivr(), {path: given}), operation, form=form
        ),
        lambda answer: answer.status == 200,
    )


def is_text(pattern: str) -> Callable[[Any], bool]:
    return lambda given: isinstance(given, str) and re.fullmatch(pattern, given, re.DOTALL) is not None


def of(path: str) -> Callable[[Request], bool]:
    return lambda request: launches(request) and request.path == path


def nothing_to_do(when: Callable[[Request], bool]) -> Make:
    """Answer as if there were no calls to make."""

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if is_push(request) or answer.status != 400 or not when(request):
            return answer
        fields = (("content-type", "application/json"),)
        return Answer(200, fields, b'{"bulkId":"none","messages":[]}')

    return lambda: wrapper


fault = partial(Fault, group="validation", advice=CHECK)
