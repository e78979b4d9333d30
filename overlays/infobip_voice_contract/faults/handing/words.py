"""Words that several modules here use."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.fault import Fault
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, reports
from infobip_voice_contract.stage import Stage

__all__ = ["MOST", "PAGE", "counts", "filter_fault", "get", "launch_and", "once", "valid_limit"]

PAGE: Final = "Fetch until a page is empty; a short page does not say that nothing is left."
MOST: Final = "1000000"


def launch_and(
    *steps: Callable[[Stage, str], Request], calls: int = 3, shows: Callable[[list[Answer]], object]
) -> Witness:
    """Launch, wait, send requests about the launch, and look at all of their answers."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        yield stage.post(stage.ivr(calls, bulk=bulk))
        yield Wait()
        answers: list[Answer] = []
        for step in steps:
            answer: Answer = yield step(stage, bulk)
            answers.append(answer)
        return bool(shows(answers))

    return witness


def get(**options: Any) -> Callable[[Stage, str], Request]:
    return lambda stage, bulk: stage.get(bulkId=bulk, **options)


def counts(*expected: int) -> Callable[[list[Answer]], bool]:
    return lambda answers: tuple(len(reports(answer)) for answer in answers) == expected


def valid_limit(request: Request) -> int | None:
    given = dict(request.query).get("limit")
    return (
        int(given)
        if given is not None and given.isascii() and given.isdecimal() and given[0] != "0" and int(given) < 1 << 31
        else None
    )


once = partial(Fault, group="once")


filter_fault = partial(Fault, group="filter")
