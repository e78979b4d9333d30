"""An application in this process: found by its name, told to start and to stop."""

import asyncio
import sys
import types
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from contract_kit.running import CREDENTIALS
from infobip_voice_contract.asgi import AsgiTransport
from infobip_voice_contract.exchange import Request
from infobip_voice_contract.trial import application

GET = Request("GET", "/state")


@pytest.fixture
def team(monkeypatch):
    """A module that a test can put applications in."""
    module = types.ModuleType("team_of_the_test")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def starlette(told: list[str]) -> Starlette:
    @asynccontextmanager
    async def lifespan(_):
        told.append("start")
        yield {"queue": "ready"}
        told.append("stop")

    def state(request):
        return PlainTextResponse(request.state.queue)

    return Starlette(routes=[Route("/state", state)], lifespan=lifespan)


def test_it_starts_once_and_stops(team):
    """What it makes when it starts is there for every request."""
    told: list[str] = []
    team.create_app = lambda: starlette(told)
    subject = application("team_of_the_test:create_app", CREDENTIALS)
    assert (subject.base_url, subject.is_here) == ("asgi://team_of_the_test:create_app", True)
    for _ in range(2):
        answer = subject.transport.send(GET).answer
        assert answer is not None
        assert (answer.status, answer.body) == (200, b"ready")
    assert told == ["start"]
    subject.transport.close()
    assert told == ["start", "stop"]


async def plain(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


async def only_http(scope, receive, send):
    assert scope["type"] == "http"
    await plain(scope, receive, send)


async def returns(scope, receive, send):
    if scope["type"] == "http":
        await plain(scope, receive, send)


class Callable:
    __call__ = staticmethod(only_http)


@pytest.mark.parametrize("app", [plain, only_http, returns, Callable()], ids=["answers", "raises", "returns", "object"])
def test_one_without_a_lifespan_is_served(team, app):
    """Whatever it does when it is asked to start; the application itself may be named, too."""
    team.inner = types.SimpleNamespace(app=app)
    subject = application("team_of_the_test:inner.app", CREDENTIALS)
    answer = subject.transport.send(GET).answer
    assert answer is not None
    assert answer.status == 204
    subject.transport.close()


async def refuses(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "no database"})


async def hangs(scope, receive, send):
    await asyncio.Event().wait()


@pytest.mark.parametrize(("app", "why"), [(refuses, "no database"), (hangs, "nothing came within 0.05 s")])
def test_one_that_does_not_start_is_named(app, why):
    """With what it says, and its loop is closed."""
    with pytest.raises(ValueError, match=f"the application does not start: {why}"):
        AsgiTransport(app, CREDENTIALS, lifespan=True, timeout=0.05)


def test_a_module_that_fails_by_itself_is_no_wrong_name(team, tmp_path, monkeypatch):
    """What an import of the team's own module raises is theirs to see."""
    (tmp_path / "broken_team.py").write_text("import nowhere_to_be_found\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="nowhere_to_be_found"):
        application("broken_team:app", CREDENTIALS)
    with pytest.raises(ValueError, match=r"there is no module team_of_the_test\.more"):
        application("team_of_the_test.more:app", CREDENTIALS)
