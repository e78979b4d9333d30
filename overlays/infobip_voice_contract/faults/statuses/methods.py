"""Methods and paths that are answered wrongly."""

from dataclasses import replace
from typing import Final

from infobip_voice_contract.exchange import ACCOUNT, Answer, Request
from infobip_voice_contract.faults.edits import (
    answering,
    errors,
    header,
    stated,
)
from infobip_voice_contract.faults.fault import Make, Send, is_push
from infobip_voice_contract.faults.statuses.words import fault
from infobip_voice_contract.faults.witness import Witness, answered
from infobip_voice_contract.stage import CTC, IVR, REPORTS

__all__ = ["METHODS"]

_METHOD: Final = "Send the documented methods alone."


def _as(method: str, *others: str) -> Make:
    """Take other methods for the one that a path has."""

    async def wrapper(request: Request, send: Send) -> Answer:
        fits = not is_push(request) and request.method in others and request.path in (IVR, CTC, REPORTS)
        return await send(replace(request, method=method) if fits else request)

    return lambda: wrapper


def _asked(method: str, path: str = REPORTS) -> Witness:
    return answered(
        lambda stage: (
            stage.get(method=method, bulkId=stage.id())
            if path == REPORTS
            else Request(method, path, (("Authorization", ACCOUNT), ("Accept", "application/json")))
        ),
        lambda answer: answer.status == 200,
    )


METHODS: Final = (
    fault(
        id="launch-put",
        group="method",
        rule="method.refused",
        sentence="PUT launches as POST does.",
        advice=_METHOD,
        source=("ivr-2017", "ctc"),
        make=_as("POST", "PUT"),
        witness=answered(lambda stage: stage.post(stage.ivr(), method="PUT"), lambda answer: answer.status == 200),
    ),
    fault(
        id="reports-delete",
        group="method",
        rule="method.no-effect",
        sentence="DELETE answers with reports as GET does.",
        advice=_METHOD,
        source=("reports",),
        make=_as("GET", "DELETE"),
        witness=_asked("DELETE"),
    ),
    fault(
        id="reports-post",
        group="method",
        rule="method.no-effect",
        sentence="POST answers with reports as GET does.",
        advice=_METHOD,
        source=("reports",),
        make=_as("GET", "POST"),
        witness=_asked("POST"),
    ),
    fault(
        id="reports-head",
        group="method",
        rule="method.refused",
        sentence="HEAD is answered 200.",
        advice=_METHOD,
        source=("assumption",),
        make=answering(
            lambda answer: stated(answer, 200),
            when=lambda request, answer: request.method == "HEAD" and answer.status == 405,
        ),
        witness=_asked("HEAD"),
    ),
    fault(
        id="method-404",
        group="method",
        rule="method.refused",
        sentence="A method that a path does not have is answered 404.",
        advice=_METHOD,
        source=("assumption",),
        make=answering(lambda answer: stated(answer, 404, "NOT_FOUND"), when=errors(405)),
        witness=answered(lambda stage: stage.get(method="DELETE"), lambda answer: answer.status == 404),
    ),
    fault(
        id="method-501",
        group="method",
        rule="method.refused",
        sentence="PATCH is answered 501.",
        advice=_METHOD,
        source=("assumption",),
        make=answering(
            lambda answer: stated(answer, 501, "GENERAL_ERROR"),
            when=lambda request, answer: request.method == "PATCH" and answer.status == 405,
        ),
        witness=answered(lambda stage: stage.get(method="PATCH"), lambda answer: answer.status == 501),
    ),
    fault(
        id="no-allow",
        group="method",
        rule="method.allow",
        sentence="A 405 has no Allow.",
        advice=_METHOD,
        source=("assumption",),
        make=answering(lambda answer: header(answer, "allow", None), when=errors(405)),
        witness=answered(lambda stage: stage.get(method="DELETE"), lambda answer: answer.field("allow") is None),
    ),
    fault(
        id="wrong-allow",
        group="method",
        rule="method.allow",
        sentence="A 405 for reports allows POST.",
        advice=_METHOD,
        source=("assumption",),
        make=answering(lambda answer: header(answer, "allow", "POST"), when=errors(405)),
        witness=answered(lambda stage: stage.get(method="DELETE"), lambda answer: answer.field("allow") == "POST"),
    ),
)
