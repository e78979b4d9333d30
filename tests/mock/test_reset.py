"""After a reset an account is as it was in the beginning, and nothing of it goes on."""

import asyncio

import pytest

import asgi
from infobip_voice_mock import create_app

LAUNCH = {
    "messages": [{"scenarioId": "S", "destinations": [{"to": "41793026727"}], "notifyUrl": "http://127.0.0.1:9/"}]
}
FIELDS = {"authorization": asgi.BASIC, "content-type": "application/json"}
CONTROL = {"host": "127.0.0.1", "content-type": "application/json"}


class Poster:
    """Notes which pushes began and which came to their end."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.allowed = asyncio.Event()

    async def post(self, url: str, headers: object, body: bytes) -> int:
        self.begun.append(url)
        await self.allowed.wait()
        self.ended.append(url)
        return 500


async def turns() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("users", "name", "before", "after"),
    [
        ({"a": "first"}, "a", "first", 200),
        ({"a": "first"}, "a", "later", 401),
        ({"a": "first"}, "b", "later", 401),
    ],
)
def test_its_password_is_the_one_that_was_given(new_mock, users, name, before, after):
    """One that was set since then is forgotten, and with it an account that was not given."""
    import base64

    mock = new_mock(users=users)
    account = f"/_mock/tenants/{name}"
    assert mock.control("PUT", account, {"password": "later"}).status == 200
    basic = "Basic " + base64.b64encode(f"{name}:{before}".encode()).decode()
    assert mock.reports(authorization=basic).status == (200 if before == "later" else 401)
    assert mock.control("DELETE", account).status == 204
    assert mock.reports(authorization=basic).status == after


def test_a_request_that_waits_meanwhile_has_no_effect():
    """A launch that a fault delays is refused: it dials nobody and pushes nothing."""

    async def scenario() -> None:
        poster = Poster()
        app = create_app(poster=poster)
        fault = {"kind": "latency", "seconds": 0.05}
        assert (await asgi.exchange(app, "POST", "/_mock/tenants/Aladdin/faults", fault, CONTROL)).status == 200
        launch = asyncio.ensure_future(asgi.exchange(app, "POST", "/voice/ivr/1/messages", LAUNCH, FIELDS))
        await turns()
        assert (await asgi.exchange(app, "DELETE", "/_mock/tenants/Aladdin", b"", CONTROL)).status == 204
        refused = await launch
        assert refused.status == 409
        assert refused.json["requestError"]["serviceException"]["text"].startswith("the account was reset while")
        assert (await asgi.exchange(app, "GET", "/_mock/tenants/Aladdin/calls", b"", CONTROL)).json == []
        assert poster.begun == []

    asyncio.run(scenario())


def test_a_push_under_way_is_broken_off():
    """It is not repeated either, and the timer of the account is gone."""

    async def scenario() -> None:
        poster = Poster()
        app = create_app(poster=poster)
        for _ in range(3):
            await asgi.exchange(app, "POST", "/voice/ivr/1/messages", LAUNCH, FIELDS)
        await turns()
        assert len(poster.begun) == 1
        await asgi.exchange(app, "DELETE", "/_mock/tenants/Aladdin", b"", CONTROL)
        poster.allowed.set()
        await turns()
        assert (len(poster.begun), poster.ended) == (1, [])
        assert (await asgi.exchange(app, "GET", "/_mock/tenants/Aladdin/pushes", b"", CONTROL)).json == []

    asyncio.run(scenario())
