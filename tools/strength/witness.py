"""Asks a witness: is the fault there?"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from infobip_voice_contract.contract import Contract, Edition
from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.fault import Deviation
from infobip_voice_contract.faults.witness import Together, Wait
from infobip_voice_contract.safety import Numbers
from infobip_voice_contract.stage import Stage
from strength.server import CREDENTIALS, Server

__all__ = ["seen_alone", "sees"]

SECONDS_FOR_A_CALL: Final = 60.0
"""On the mock's clock a call has ended, and its report is there, after less."""


def sees(deviation: Deviation, mounted: Iterable[Deviation], edition: Edition = "seeds") -> bool:
    """Return whether a witness sees its fault on a server that has these."""
    with Server(mounted, edition) as server:
        stage = Stage(
            "witness", Contract(edition), Numbers.of("mock"), sink=server.inbox.url, patient=True,
            placeholders=CREDENTIALS.placeholders, clock=server,
        )  # fmt: skip
        steps = deviation.witness(stage)
        given: Any = None
        while True:
            try:
                step = steps.send(given)
            except StopIteration as end:
                return bool(end.value)
            given = _carry_out(server, step)


def seen_alone(deviation: Deviation, edition: Edition = "seeds") -> tuple[bool, bool]:
    """Return whether a witness sees its fault on the server that has it, and on the one without."""
    return sees(deviation, [deviation], edition), sees(deviation, [], edition)


def _carry_out(server: Server, step: Any) -> Any:
    if isinstance(step, Request):
        return _answer(server, step)
    if isinstance(step, Together):
        with ThreadPoolExecutor(len(step.requests)) as pool:
            return list(pool.map(lambda request: _answer(server, request), step.requests))
    if isinstance(step, Wait):
        server.sleep(max(step.seconds, SECONDS_FOR_A_CALL))
        return None
    return [push.request for push in server.inbox.take()]


def _answer(server: Server, request: Request) -> Answer:
    server.now()
    sent = server.transport.send(request)
    # A lost answer is an answer that says nothing.
    return sent.answer if sent.answer is not None else Answer(0)
