"""A large launch holds nobody up, and is as whole as a small one."""

import asyncio
import json

import asgi
from infobip_voice_mock import create_app
from infobip_voice_mock.capacity import Limits

FIELDS = {"authorization": asgi.BASIC, "content-type": "application/json"}
CONTROL = {"host": "127.0.0.1", "content-type": "application/json"}
MANY = [{"to": "41793026727", "messageId": f"m-{number}"} for number in range(5000)]


async def launch(app, destinations, **members) -> asgi.Response:
    body = {"messages": [{"scenarioId": "S", "destinations": destinations, **members}]}
    return await asgi.exchange(app, "POST", "/voice/ivr/1/messages", body, FIELDS)


async def reset(app) -> asgi.Response:
    return await asgi.exchange(app, "DELETE", "/_mock/tenants/Aladdin", b"", CONTROL)


async def waiting(app) -> int:
    answer = await asgi.exchange(app, "GET", "/_mock/tenants/Aladdin", b"", CONTROL)
    return answer.json["reports"]["waiting"]


def test_others_have_their_turn_while_many_calls_are_accepted():
    """Requests in between are answered, and see the launch grow."""

    async def scenario() -> None:
        app = create_app()
        large = asyncio.ensure_future(launch(app, MANY))
        seen = set()
        while not large.done():
            seen.add(await waiting(app))
            await asyncio.sleep(0)
        assert len(seen) >= 10
        assert [entry["messageId"] for entry in (await large).json["messages"]] == [each["messageId"] for each in MANY]
        assert await waiting(app) == 5000

    asyncio.run(scenario())


def test_launches_of_an_account_do_not_overlap():
    """Of two with the same ids one is accepted as a whole, and the other rejected as a whole."""

    async def scenario() -> None:
        app = create_app()
        answers = await asyncio.gather(launch(app, MANY), launch(app, MANY))
        statuses = [{entry["status"]["name"] for entry in answer.json["messages"]} for answer in answers]
        assert sorted(statuses, key=str) == [{"PENDING_ACCEPTED"}, {"REJECTED_DUPLICATE_MESSAGE_ID"}]
        assert await waiting(app) == 5000

    asyncio.run(scenario())


def test_the_room_of_a_launch_is_reserved():
    """What others keep meanwhile does not take it away, in their account or in ours."""

    async def scenario() -> None:
        app = create_app(limits=Limits(messages=5001, megabytes=9))
        large = asyncio.ensure_future(launch(app, MANY))
        while not await waiting(app):
            await asyncio.sleep(0)
        seeds = {"results": [{}, {}]}
        mine = await asgi.exchange(app, "POST", "/_mock/tenants/Aladdin/reports", seeds, CONTROL)
        seeds = {"results": [{"x": "y" * 3_000_000}]}
        others = await asgi.exchange(app, "POST", "/_mock/tenants/other/reports", seeds, CONTROL)
        assert (mine.status, others.status) == (429, 429)
        assert (await large).status == 200
        assert await waiting(app) == 5000

    asyncio.run(scenario())


def test_a_reset_in_the_middle():
    """The launch is refused, nothing of it is left, and its room is free again."""

    async def scenario() -> None:
        app = create_app(limits=Limits(megabytes=10))
        large = asyncio.ensure_future(launch(app, MANY))
        while not await waiting(app):
            await asyncio.sleep(0)
        assert (await reset(app)).status == 204
        refused = await large
        assert refused.status == 409
        assert "has no effect" in json.dumps(refused.json)
        assert await waiting(app) == 0
        assert (await launch(app, MANY)).status == 200

    asyncio.run(scenario())
