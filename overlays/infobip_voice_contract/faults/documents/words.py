"""Words that several modules here use."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    answering,
    documented,
    fetches,
    is_xml,
    launches,
)
from infobip_voice_contract.faults.fault import Make
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, answered
from infobip_voice_contract.stage import Stage

__all__ = [
    "BROKEN",
    "REFUSAL",
    "TYPES",
    "echoed",
    "empty_reports",
    "in_bytes",
    "of_launches",
    "of_reports",
    "read",
    "refusals",
    "says",
    "without_text",
]  # fmt: skip

BROKEN: Final = "Keep the bytes of every answer before you read it, and take a broken one apart report by report."
TYPES: Final = "Read the members that you need, each by itself, and let an odd one spoil only itself."
REFUSAL: Final = "Decide by the status, and read the document of a refusal for people only."


def in_bytes(
    change: Callable[[bytes], bytes],
    *,
    form: str,
    when: Callable[[Request, Answer], bool] = lambda _, answer: answer.status == 200,
) -> Make:
    """Change the bytes of answers in one form."""

    def fits(request: Request, answer: Answer) -> bool:
        return when(request, answer) and is_xml(answer) == (form == "xml") and bool(answer.body)

    return answering(lambda answer: replace(answer, body=change(answer.body)), when=fits)


def of_reports(request: Request, answer: Answer) -> bool:
    return fetches(request) and answer.status == 200


def of_launches(request: Request, answer: Answer) -> bool:
    return launches(request) and answer.status == 200


def read(
    shows: Callable[[Answer], object], *, form: str = "json", calls: int = 1, path: str = "", **options: Any
) -> Witness:
    """Launch, wait, fetch in one form, and look at the answer's bytes."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        if path:
            yield stage.post(stage.ctc(calls, bulk=bulk, **options), path)
        else:
            yield stage.post(stage.ivr(calls, bulk=bulk, **options))
        yield Wait()
        answer: Answer = yield stage.get(bulkId=bulk, accept=f"application/{form}")
        return bool(shows(answer))

    return witness


def says(text: bytes) -> Callable[[Answer], bool]:
    return lambda answer: text in answer.body


def empty_reports(form: str) -> Callable[[Stage], Request]:
    return lambda stage: stage.get(bulkId=stage.id(), accept=f"application/{form}")


def refusals(edit: Callable[[dict[str, Any]], Any], form: str) -> Make:
    return documented(edit, when=lambda _, answer: answer.status == 400 and is_xml(answer) == (form == "xml"))


def without_text(document: dict[str, Any]) -> None:
    document["requestError"]["serviceException"].pop("text", None)


def echoed(shows: Callable[[bytes], object], *, form: str = "json") -> Witness:
    """Look at how a bulkId with odd characters comes back."""
    return answered(
        lambda stage: stage.post(
            stage.ivr(bulk=f"{stage.id()} <&> \u00fc & x"), form="json", accept=f"application/{form}"
        ),
        lambda answer: shows(answer.body),
    )
