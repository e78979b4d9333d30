"""Faults of when calls are made again, and of when they end."""

from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.faults.blind.words import part
from infobip_voice_contract.faults.fault import Fault, Make
from infobip_voice_contract.faults.incoming import ignoring, launching
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, reported, reports
from infobip_voice_contract.stage import CTC, IVR, Stage
from infobip_voice_wire import timestamps

__all__ = ["FAULTS"]

_RUNGS: Final = (1440, 960, 480, 240, 120, 60, 30, 20, 10, 5, 2, 1)


def _counts(given: Any) -> bool:
    return isinstance(given, int) and given >= 1


def _retrying(edit: Callable[[dict[str, Any]], object]) -> Make:
    def item_with(item: dict[str, Any]) -> None:
        if part(item, "retry") and all(_counts(given) for given in item["retry"].values()):
            edit(item)

    return launching(item_with)


def _redialled_click(item: dict[str, Any]) -> bool:
    return "destinationA" in item and all(_counts(given) for given in part(item, "retry").values())


def _attempts(item: dict[str, Any]) -> None:
    if part(item, "retry").get("maxCount") == 1:
        del item["retry"]
    elif "maxCount" in part(item, "retry"):
        item["retry"]["maxCount"] = min(item["retry"]["maxCount"], 4) - 1


def _one_period(item: dict[str, Any]) -> None:
    if "minPeriod" in part(item, "retry"):
        item["retry"].setdefault("maxPeriod", item["retry"]["minPeriod"])


def _swapped(item: dict[str, Any]) -> None:
    retry = part(item, "retry")
    if retry.get("minPeriod", 0) > retry.get("maxPeriod", 1440):
        retry["minPeriod"], retry["maxPeriod"] = retry["maxPeriod"], retry["minPeriod"]


def _rounded_down(item: dict[str, Any]) -> None:
    retry = part(item, "retry")
    for name in ("minPeriod", "maxPeriod"):
        if name in retry:
            retry[name] = next((rung for rung in _RUNGS if rung <= retry[name]), retry[name])


def _longer(item: dict[str, Any]) -> None:
    if isinstance(item.get("validityPeriod"), int) and item["validityPeriod"] > 0:
        item["validityPeriod"] += 1


def _ring(item: dict[str, Any]) -> None:
    if "destinations" in item:
        item.setdefault("ringTimeout", 30)


def _done_after(seconds: float, outcome: str = "busy", path: str = IVR, **item: Any) -> Witness:
    """Return the witness that the report of a call that fails is done so long after its launch."""

    def witness(stage: Stage) -> Steps:
        bulk, began = stage.id(), stage.now()
        launch = stage.ctc(bulk=bulk, **item) if path == CTC else stage.ivr(bulk=bulk, **item)
        place = launch["messages"][0] if path == CTC else launch["messages"][0]["destinations"][0]
        place["destinationA" if path == CTC else "to"] = stage.numbers.take(outcome)
        yield stage.post(launch, path)
        yield Wait(1800)
        found = reports((yield stage.get(bulkId=bulk)))
        lasted = (timestamps.parse(found[0]["doneAt"]) - began).total_seconds()
        return abs(lasted - seconds) < 5

    return witness


FAULTS: Final = (
    Fault(
        id="attempts-for-redials", group="schedule", sentence="`maxCount` counts every attempt, and not only redials.",
        advice="Ask for one more.", source=("ivr-2017", "ctc"), make=_retrying(_attempts),
        witness=_done_after(60, retry={"minPeriod": 1, "maxPeriod": 1, "maxCount": 2}),
    ),
    Fault(
        id="one-period", group="schedule", sentence="A missing `maxPeriod` is the `minPeriod`, and not 1440.",
        advice="Give both.", source=("assumption",), make=_retrying(_one_period), editions=["seeds"],
        witness=_done_after(120, retry={"minPeriod": 1, "maxCount": 2}),
    ),
    Fault(
        id="periods-swapped", group="schedule", sentence="A `minPeriod` above the `maxPeriod` changes places with it.",
        advice="Give the shorter one first.", source=("ivr-2017", "assumption"), make=_retrying(_swapped),
        witness=_done_after(420, retry={"minPeriod": 5, "maxPeriod": 2, "maxCount": 2}),
    ),
    Fault(
        id="periods-down", group="schedule", sentence="Periods are rounded down to the ladder of waits.",
        advice="Give periods of the ladder.", source=("platform-2026",), make=_retrying(_rounded_down),
        editions=["2026"],
        witness=_done_after(300, retry={"minPeriod": 7, "maxPeriod": 7, "maxCount": 1}),
    ),
    Fault(
        id="click-without-redial", group="schedule", sentence="`retry` of a click to call is accepted and ignored.",
        advice="Launch again yourself.", source=("ctc",),
        make=ignoring("retry", when=_redialled_click),
        witness=_done_after(0, path=CTC, retry={"minPeriod": 1, "maxPeriod": 1, "maxCount": 1}),
    ),
    Fault(
        id="last-minute-included", group="schedule",
        sentence="A redial that falls due exactly at the end of the validity is made.",
        advice="Give one minute less.", source=("ivr-2017", "assumption"), make=launching(_longer),
        witness=_done_after(540, validityPeriod=8, retry={"minPeriod": 1, "maxPeriod": 5, "maxCount": 4}),
    ),
    Fault(
        id="rings-30-seconds", group="schedule", sentence="Without a `ringTimeout` it rings for 30 seconds.",
        advice="Give a `ringTimeout`.", source=("platform-2026",), make=launching(_ring), editions=["2026"],
        witness=_done_after(30, "no answer"),
    ),
    Fault(
        id="calls-without-end", group="schedule", sentence="`callTimeout` is accepted and ignored.",
        advice="End calls in the scenario.", source=("platform-2026",),
        make=ignoring("callTimeout", when=lambda item: _counts(item["callTimeout"])),
        witness=reported(lambda found: found[0]["duration"] > 5, callTimeout=5),
    ),
)  # fmt: skip
