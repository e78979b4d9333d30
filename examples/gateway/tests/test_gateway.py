"""What the team tests by itself; the contract adds an item for each of its rules."""

import asyncio

import httpx
from gateway import Gateway

from infobip_voice import AsyncVoiceClient


def test_a_call_has_a_report() -> None:
    """Each once, also for the client that customers use."""

    async def reports() -> list[list[str | None]]:
        transport = httpx.ASGITransport(Gateway("secret"))
        account = {"base_url": "http://gateway", "username": "Aladdin", "password": "secret"}
        async with (
            httpx.AsyncClient(transport=transport) as inner,
            AsyncVoiceClient(**account, http_client=inner) as client,
        ):
            await client.ivr.launch(scenario_id="S", to=["41793026727"])
            return [[report.to for report in await client.reports.fetch()] for _ in range(2)]

    assert asyncio.run(reports()) == [["41793026727"], []]
