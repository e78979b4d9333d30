"""Makers of faults that change requests change what a correct server accepts, and only that."""

import asyncio
from dataclasses import replace

import pytest

from infobip_voice_contract.contract import Contract
from infobip_voice_contract.demands import MAX_BODY
from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.fault import Make
from infobip_voice_contract.faults.incoming import ignoring, launching, misreading
from infobip_voice_contract.safety import Numbers
from infobip_voice_contract.stage import CTC, Stage, changed

STAGE = Stage("run", Contract("seeds"), Numbers.of("mock"))
RETRY = {"minPeriod": 1, "maxPeriod": 5, "maxCount": 4}
LAUNCH = STAGE.ivr(retry=RETRY)
MAKERS = {
    "launching": launching(lambda item: item.pop("retry", None)),
    "ignoring": ignoring("retry"),
    "misreading": misreading(lambda request: replace(request, body=request.body + b" ")),
}
ACCEPTABLE = {
    "in JSON": STAGE.post(LAUNCH),
    "in XML": STAGE.post(LAUNCH, form="xml"),
    "a click to call": STAGE.post(STAGE.ctc(retry=RETRY), CTC),
    "with credentials of its own": STAGE.post(LAUNCH, authorization="Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
}
REFUSED = {
    "an unknown member": STAGE.post({**LAUNCH, "surprise": 1}),
    "a wrong type beside it": STAGE.post(changed(LAUNCH, {"messages[0].scenarioId": 5})),
    "a wrong type within it": STAGE.post(changed(LAUNCH, {"messages[0].retry.maxCount": "4"}), form="json"),
    "too large": STAGE.post(STAGE.post(LAUNCH).body + b" " * MAX_BODY),
    "malformed": STAGE.post(STAGE.post(LAUNCH).body[:-1]),
    "a query": STAGE.post(LAUNCH, "/voice/ivr/1/messages?surprise=1"),
    "an unknown path": STAGE.post(LAUNCH, "/voice/ivr/2/messages"),
    "no form that is served": STAGE.post(LAUNCH, accept="text/html"),
}


def through(make: Make, request: Request) -> Request:
    """Return the request that reaches the server behind a fault."""
    arrived: list[Request] = []

    async def send(other: Request) -> Answer:
        arrived.append(other)
        return Answer(200)

    asyncio.run(make()(request, send))
    [reached] = arrived
    return reached


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_goes_out_as_it_came(maker: str, name: str) -> None:
    """So that no rule finds a fault by what another one is about."""
    assert through(MAKERS[maker], REFUSED[name]) == REFUSED[name]


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", ACCEPTABLE)
def test_what_is_accepted_is_changed(maker: str, name: str) -> None:
    """The fault is there."""
    assert through(MAKERS[maker], ACCEPTABLE[name]) != ACCEPTABLE[name]
