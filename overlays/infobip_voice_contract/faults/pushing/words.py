"""Words that several modules here use."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.edits import (
    body_of,
    is_xml,
    pushing,
    rewritten,
)
from infobip_voice_contract.faults.fault import Fault, Make
from infobip_voice_contract.faults.witness import Witness, pushed, reports

__all__ = ["BOTH_SOURCES", "LAUNCHES", "SHAPE", "XML", "document", "edited", "fault", "pushed_report"]

SHAPE: Final = "Read both shapes of a pushed report, flat and nested, alone or in a list."
BOTH_SOURCES: Final = "Recognise a report by its messageId, whichever way it comes."
LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")
XML: Final = "application/xml"


def edited(edit: Callable[[dict[str, Any]], Any]) -> Make:
    """Edit every pushed report, flat or nested."""

    def change(push: Request) -> Request:
        document = body_of(push)
        if not isinstance(document, dict) or not isinstance(document.get("results"), list):
            return push
        for report in document["results"]:
            edit(report)
        return rewritten(push, document)

    return pushing(change)


def document(change: Callable[[dict[str, Any]], Any]) -> Make:
    """Push another document in JSON."""

    def other(push: Request) -> Request:
        return push if is_xml(push) else rewritten(push, change(body_of(push)))

    return pushing(other)


def pushed_report(shows: Callable[[dict[str, Any]], object], **options: Any) -> Witness:
    return pushed(lambda found: found and reports(found[0]) and shows(reports(found[0])[0]), **options)


fault = partial(Fault, group="push")
