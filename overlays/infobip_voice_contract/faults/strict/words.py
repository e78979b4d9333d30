"""Words that several modules here use."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.edits import items_of, some_item
from infobip_voice_contract.faults.fault import Fault
from infobip_voice_contract.faults.witness import Witness, answered
from infobip_voice_contract.stage import CTC, IVR, Form, changed

__all__ = ["BOTH_SOURCES", "ITEM", "IVR_SOURCES", "REFUSED", "fault", "has", "looks", "numbers", "refuses"]

REFUSED: Final = "Send this launch in its plainest form: leave out what you do not need."
ITEM: Final = "messages[0]"
IVR_SOURCES: Final = ("ivr-2017", "ivr-2019")
BOTH_SOURCES: Final = ("ivr-2017", "ivr-2019", "ctc")


def refuses(path: str, given: Any, *, operation: str = IVR, form: Form = "json") -> Witness:
    """A launch with this change is refused."""
    return answered(
        lambda stage: stage.post(
            changed(stage.ctc() if operation == CTC else stage.ivr(), {path: given}), operation, form=form
        ),
        lambda answer: answer.status == 400,
    )


def has(
    member: str, condition: Callable[[Any], object] = lambda _: True, *, path: str = ""
) -> Callable[[Request], bool]:
    """It is a launch in which a member of an item is like this."""
    found = some_item(lambda item: member in item and condition(item[member]))
    return lambda request: request.path in ((path,) if path else (IVR, CTC)) and found(request)


def looks(pattern: str) -> Callable[[Any], bool]:
    return lambda given: isinstance(given, str) and re.fullmatch(pattern, given) is not None


def numbers(request: Request) -> list[str]:
    return [str(each.get("to")) for item in items_of(request) for each in item.get("destinations") or ()]


fault = partial(Fault, group="clamp", advice=REFUSED)
