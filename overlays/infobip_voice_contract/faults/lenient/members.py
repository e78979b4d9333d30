"""Unknown members that are accepted, and refusals that do not say where."""

import re
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    ABSENT,
    documented,
    errors,
    launches,
    mended,
    mending,
    rewritten,
)
from infobip_voice_contract.faults.fault import Make
from infobip_voice_contract.faults.lenient.words import (
    AT,
    ITEM,
    fault,
    of,
    takes,
)
from infobip_voice_contract.faults.witness import answered, value
from infobip_voice_contract.stage import CTC, Stage, changed

__all__ = ["MEMBERS"]

_NAMES: Final = "Compare the names of your members with the contract's: this server drops what it does not know."
_PATHS: Final = "Show the whole refusal to people, and let no program rely on its paths."


def _first_path(document: dict[str, Any]) -> None:
    found = document["requestError"]["serviceException"].get("validationErrors")
    if found:
        first = next(iter(found))
        document["requestError"]["serviceException"]["validationErrors"] = {first: found[first]}


def _stray_path(document: dict[str, Any]) -> None:
    found = document["requestError"]["serviceException"].get("validationErrors")
    if found:
        found["messages[9].from"] = next(iter(found.values()))


def _pointers(document: dict[str, Any]) -> None:
    found = document["requestError"]["serviceException"].get("validationErrors")
    if found:
        document["requestError"]["serviceException"]["validationErrors"] = {
            "/" + re.sub(r"\[(\d+)\]", r"/\1", path).replace(".", "/"): texts for path, texts in found.items()
        }


def _unsuggested(document: dict[str, Any]) -> None:
    exception = document["requestError"]["serviceException"]
    if "validationErrors" in exception:
        exception["validationErrors"] = {path: ["is unknown"] for path in exception["validationErrors"]}


def _bad_launch(stage: Stage) -> Request:
    return stage.post(changed(stage.ivr(2), {f"{ITEM}.destinations[1].to": "abc", f"{ITEM}.from": "1"}))


def _listed(answer: Answer) -> dict[str, Any]:
    document = value(answer, "ApiException") or {}
    return document["requestError"]["serviceException"].get("validationErrors") or {}


def _unknown(*known: str, at: str) -> Make:
    """Ignore unknown members of one kind of object."""

    def mend(request: Request) -> Request | None:
        document = value(request, "ClickToCallLaunchRequest" if request.path == CTC else "IvrLaunchRequest")
        if not launches(request) or not isinstance(document, dict):
            return None
        objects: list[Any] = [document] if not at else list(document.get("messages") or ())
        if at == "destinations":
            objects = [each for item in objects if isinstance(item, dict) for each in item.get("destinations") or ()]
        strange = [(each, name) for each in objects if isinstance(each, dict) for name in each if name not in known]
        for each, name in strange:
            del each[name]
        return rewritten(request, document) if strange else None

    return mended(mend)


_IVR_ITEM: Final = (
    "scenarioId",
    "from",
    "destinations",
    "parameters",
    "notifyUrl",
    "notifyContentType",
    "callbackData",
    "validityPeriod",
    "sendAt",
    "record",
    "retry",
    "sendingSpeed",
    "notifyContentVersion",
    "ringTimeout",
    "callTimeout",
    "pause",
    "deliveryTimeWindow",
)


_CTC_ITEM: Final = (
    "messageId",
    "from",
    "fromB",
    "destinationA",
    "destinationB",
    "text",
    "language",
    "audioFileUrl",
    "record",
    "anonymization",
    "notifyUrl",
    "notifyContentType",
    "maxDuration",
    "warningTime",
    "retry",
    "notifyContentVersion",
    "deliveryTimeWindow",
    "voice",
    "machineDetection",
)


MEMBERS: Final = (
    fault(
        id="ignores-unknown",
        rule="valid.unknown-member",
        sentence="Unknown members beside messages are ignored.",
        advice=_NAMES,
        source=("assumption",),
        make=_unknown("bulkId", "messages", at=""),
        witness=takes("surprise", 1),
    ),
    fault(
        id="ignores-unknown-in-items",
        rule="valid.unknown-member",
        sentence="Unknown members of a message are ignored.",
        advice=_NAMES,
        source=("assumption",),
        make=_unknown(*_IVR_ITEM, *_CTC_ITEM, at="messages"),
        witness=takes(f"{ITEM}.surprise", True),
    ),
    fault(
        id="ignores-unknown-in-destinations",
        rule="valid.unknown-member",
        sentence="Unknown members of a destination are ignored.",
        advice=_NAMES,
        source=("assumption",),
        make=_unknown("to", "messageId", at="destinations"),
        witness=takes(f"{ITEM}.destinations[0].messageid", "x"),
    ),
    fault(
        id="takes-data-in-clicks",
        rule="valid.unknown-member",
        sentence="A click to call may have a callbackData.",
        advice=_NAMES,
        source=("ctc",),
        make=mending("callbackData", lambda given: given is not ABSENT, ABSENT, within=of(CTC)),
        witness=takes(f"{ITEM}.callbackData", "x", operation=CTC),
    ),
    fault(
        id="takes-send-at-in-clicks",
        rule="valid.unknown-member",
        sentence="A click to call may have a sendAt.",
        advice=_NAMES,
        source=("ctc",),
        make=mending("sendAt", lambda given: given is not ABSENT, ABSENT, within=of(CTC)),
        witness=takes(f"{ITEM}.sendAt", AT, operation=CTC),
    ),
    fault(
        id="takes-misspelt-retry",
        rule="valid.unknown-member",
        sentence="Unknown members of retry are ignored.",
        advice=_NAMES,
        source=("assumption",),
        make=mending("minperiod", lambda given: given is not ABSENT, ABSENT),
        witness=takes(f"{ITEM}.retry", {"minPeriod": 1, "maxPeriod": 5, "maxCount": 4, "minperiod": 1}),
    ),
    fault(
        id="takes-bulkid",
        rule="valid.unknown-member",
        sentence="bulkid is taken for bulkId.",
        advice=_NAMES,
        source=("assumption",),
        make=mending("bulkid", lambda given: given is not ABSENT, ABSENT),
        witness=takes("bulkid", "x"),
    ),
    fault(
        id="suggests-nothing",
        rule="valid.nearest-member",
        sentence="The refusal of a misspelt member does not name the known one.",
        advice=_PATHS,
        source=("assumption",),
        make=documented(_unsuggested, when=errors(400)),
        witness=answered(
            lambda stage: stage.post({**stage.ivr(), "bulkid": "x"}), lambda answer: b"bulkId" not in answer.body
        ),
    ),
    fault(
        id="takes-any-parameter",
        rule="valid.parameter-names",
        sentence="A parameter may have any name.",
        source=("assumption",),
        make=mending(
            "parameters",
            lambda given: (
                isinstance(given, dict) and any(not re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in given)
            ),
            ABSENT,
        ),
        witness=takes(f"{ITEM}.parameters", {"not a name": "x"}),
    ),
    fault(
        id="first-path",
        rule="valid.paths",
        sentence="Of several violations the refusal names the first.",
        advice=_PATHS,
        source=("platform-2026",),
        make=documented(_first_path, when=errors(400)),
        witness=answered(_bad_launch, lambda answer: len(_listed(answer)) == 1),
    ),
    fault(
        id="stray-path",
        rule="valid.places",
        sentence="A refusal also names an item that the request does not have.",
        advice=_PATHS,
        source=("platform-2026",),
        make=documented(_stray_path, when=errors(400)),
        witness=answered(_bad_launch, lambda answer: any(path.startswith("messages[9]") for path in _listed(answer))),
    ),
    fault(
        id="pointers",
        rule="valid.paths",
        sentence="The paths of violations are JSON pointers.",
        advice=_PATHS,
        source=("platform-2026",),
        make=documented(_pointers, when=errors(400)),
        witness=answered(_bad_launch, lambda answer: any(path.startswith("/") for path in _listed(answer))),
    ),
)
