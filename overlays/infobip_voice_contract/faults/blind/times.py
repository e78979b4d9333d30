"""Faults of times in reports: of their form, of their zone, and of their hours."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from infobip_voice_contract.faults.edits import reports_with
from infobip_voice_contract.faults.fault import Fault, Make
from infobip_voice_contract.faults.witness import Steps, Wait, reported, reports
from infobip_voice_contract.stage import Stage
from infobip_voice_wire import timestamps

__all__ = ["FAULTS"]

_TIMES: Final = ("sentAt", "doneAt", "startTime", "answerTime", "endTime")


def _times(change: Callable[[str], str], names: tuple[str, ...] = _TIMES) -> Make:
    """Return the maker of a wrapper that changes times of fetched reports."""

    def edit(report: dict[str, Any]) -> None:
        for name in names:
            if isinstance(report.get(name), str):
                report[name] = change(report[name])

    return reports_with(edit)


def _half_of_day(time: str) -> str:
    hour = int(time[11:13])
    return f"{time[:11]}{(hour - 1) % 12 + 1:02}{time[13:]}"


def _of_server(time: str) -> str:
    """The clock of the server is an hour ahead, and calls itself UTC."""
    return timestamps.format_report_time(timestamps.parse(time) + timedelta(hours=1))


def _in_the_afternoon(stage: Stage) -> Steps:
    bulk = stage.id()
    yield Wait(3600)
    yield stage.post(stage.ivr(bulk=bulk))
    yield Wait()
    found = reports((yield stage.get(bulkId=bulk)))
    return abs(timestamps.parse(found[0]["sentAt"]) - stage.now()) > timedelta(hours=6)


def _ahead(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(bulk=bulk))
    yield Wait()
    found = reports((yield stage.get(bulkId=bulk)))
    return timestamps.parse(found[0]["sentAt"]) > stage.now()


FAULTS: Final = (
    Fault(
        id="zulu", group="values", sentence="Times in UTC end in `Z`, not in `+0000`.",
        advice="Read both.", source=("reports",), make=_times(lambda time: time.replace("+0000", "Z")),
        witness=reported(lambda found: found[0]["sentAt"].endswith("Z")),
    ),
    Fault(
        id="colon-in-done", group="values",
        sentence="The offset of `doneAt` has a colon, and that of `sentAt` has none.",
        advice="Read both.", source=("reports",),
        make=_times(lambda time: re.sub(r"([+-][0-9]{2})([0-9]{2})$", r"\1:\2", time), ("doneAt",)),
        witness=reported(lambda found: found[0]["doneAt"][-3] == ":"),
    ),
    Fault(
        id="no-milliseconds-when-zero", group="values", sentence="A time of a whole second has no milliseconds.",
        advice="Read times with and without them.", source=("reports",),
        make=_times(lambda time: time.replace(".000", "")),
        witness=reported(lambda found: "." not in found[0]["doneAt"]),
    ),
    Fault(
        id="twelve-hours", group="values", sentence="Hours are counted to twelve, so that 13:00 is 01:00.",
        advice="Do not go by the hour in the afternoon.", source=("reports",), make=_times(_half_of_day),
        witness=_in_the_afternoon,
    ),
    Fault(
        id="local-time-as-utc", group="values", sentence="Times are those of the server's zone, and say UTC.",
        advice="Compare `sentAt` with your own clock.", source=("reports",), make=_times(_of_server), witness=_ahead,
    ),
)  # fmt: skip
