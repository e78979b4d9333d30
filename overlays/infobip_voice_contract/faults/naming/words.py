"""Words that several modules here use."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    body_of,
    launches,
    rewritten,
)
from infobip_voice_contract.faults.fault import Fault, Make, Send

__all__ = ["ENTRIES", "REPORT_ADVICE", "fault", "whole"]

ENTRIES: Final = "Find an entry by its messageId, not by its place or its number."
REPORT_ADVICE: Final = "Keep what you launched by messageId, and believe that more than what a report repeats."


def whole(edit: Callable[[dict[str, Any], Request], Any], *, when: Callable[[Request], object] = launches) -> Make:
    """Edit the answer to a launch, with a look at the request."""

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if not launches(request) or answer.status != 200 or not when(request):
            return answer
        document = body_of(answer)
        other = edit(document, request)
        return rewritten(answer, document if other is None else other)

    return lambda: wrapper


fault = partial(Fault, group="ids")
