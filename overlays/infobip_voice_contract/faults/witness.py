"""What a witness is written with: steps that show a fault on one server, and not on another.

A witness is a generator, as a script is. It yields requests and waits, gets answers, and returns
whether the fault is there. It judges nothing else.
"""

from collections.abc import Callable, Generator, Iterable
from typing import Any, Final

from infobip_voice_contract.driver import Together, Wait
from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.stage import CTC, Stage
from infobip_voice_wire import documents

__all__ = [
    "PUSHED", "Steps", "Together", "Wait", "Witness", "answered", "entries", "launched", "pushed", "reported",
    "reports", "value",
]  # fmt: skip


class _Pushed:
    """A step that asks for the pushes that have arrived since, as a list of `Request`."""


PUSHED: Final = _Pushed()

Steps = Generator[Request | Together | Wait | _Pushed, Any, bool]
"""Gets an `Answer` for a request, a list of them for `Together`, nothing for `Wait`."""

Witness = Callable[[Stage], Steps]

_SCHEMAS: Final = ("VoiceResponse", "VoiceReportResponse", "ApiException")


def value(message: Answer | Request, *schemas: str) -> Any:
    """Return the value of a document in JSON or XML; None if it cannot be read."""
    fields = message.fields("content-type")
    content_type = fields[0] if fields else None
    for schema in schemas or _SCHEMAS:
        try:
            return documents.decode(message.body, content_type, schema)
        except (ValueError, KeyError):
            continue
    return None


def reports(message: Answer | Request) -> list[dict[str, Any]]:
    """Return the reports of an answer or of a push; none if there are none to read."""
    return _listed(value(message, "VoiceReportResponse"), "results")


def entries(answer: Answer) -> list[dict[str, Any]]:
    """Return the entries of the answer to a launch."""
    return _listed(value(answer, "VoiceResponse"), "messages")


def _listed(document: Any, name: str) -> list[dict[str, Any]]:
    found = document.get(name) if isinstance(document, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def answered(request: Callable[[Stage], Request], shows: Callable[[Answer], object]) -> Witness:
    """Return the witness that sends one request, and looks at the answer."""

    def witness(stage: Stage) -> Steps:
        answer: Answer = yield request(stage)
        return bool(shows(answer))

    return witness


def launched(shows: Callable[[Answer], object], *, path: str = "", **options: Any) -> Witness:
    """Return the witness that launches by IVR, or by click to call, and looks at the answer.

    Args:
        shows: Says whether the fault shows.
        path: The path of the operation.
        options: As for `Stage.post` and `Stage.ivr`.
    """
    return answered(lambda stage: _launch(stage, path, options), shows)


def reported(
    shows: Callable[[list[dict[str, Any]]], object], *, path: str = "", seconds: float = 0, **options: Any
) -> Witness:
    """Return the witness that launches, waits, fetches by `bulkId`, and looks at the reports."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        accept = options.get("accept", "application/json")
        yield _launch(stage, path, {**options, "bulk": bulk})
        yield Wait(seconds)
        answer: Answer = yield stage.get(bulkId=bulk, accept=accept)
        return bool(shows(reports(answer)))

    return witness


def pushed(shows: Callable[[list[Request]], object], *, path: str = "", seconds: float = 0, **options: Any) -> Witness:
    """Return the witness that launches with a `notifyUrl`, waits, and looks at the pushes."""

    def witness(stage: Stage) -> Steps:
        yield _launch(stage, path, {"notifyUrl": f"{stage.sink}/push", **options})
        yield Wait(seconds)
        arrived: list[Request] = yield PUSHED
        return bool(shows(arrived))

    return witness


_POSTED: Final = ("form", "accept", "authorization", "content_type", "method")


def _launch(stage: Stage, path: str, options: dict[str, Any]) -> Request:
    sent = {name: options[name] for name in _POSTED if name in options}
    item = {name: given for name, given in options.items() if name not in sent}
    calls, bulk, ids = item.pop("calls", 1), item.pop("bulk", None), item.pop("ids", ())
    named: Iterable[str | None] = [stage.id() if each == "?" else each for each in ids]
    if path == CTC:
        return stage.post(stage.ctc(calls, bulk=bulk, ids=named, **item), CTC, **sent)
    return stage.post(stage.ivr(calls, bulk=bulk, ids=named, **item), **sent)
