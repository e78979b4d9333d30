import asyncio

from infobip_voice import AsyncVoiceClient

SCENARIO = "6298AA7707903A4ED680B436929681AD"


async def main() -> None:
    async with AsyncVoiceClient() as client:
        launch = await client.ivr.launch(scenario_id=SCENARIO, to=["+41 79 302 67 27"])
        print(launch)
        async for report in client.reports.drain(spool="reports.db"):
            print(report)


asyncio.run(main())
