"""Words that several modules here use."""

from collections.abc import Callable
from functools import partial
from typing import Any

from infobip_voice_contract.faults.edits import reports_with
from infobip_voice_contract.faults.fault import Fault, Make
from infobip_voice_contract.faults.witness import Witness, reported

__all__ = ["fault", "first", "member"]


def member(member: str, /, **members: Any) -> Make:
    def edit(report: dict[str, Any]) -> None:
        if isinstance(report.get(member), dict):
            report[member].update(members)

    return reports_with(edit)


def first(shows: Callable[[dict[str, Any]], object], **options: Any) -> Witness:
    return reported(lambda found: found and shows(found[0]), **options)


fault = partial(Fault, group="values")
