"""The receiver of pushes: who may push, what is refused, and that 200 means stored."""

import asyncio
import gzip
import logging
import sys
from base64 import b64encode
from typing import Any

import pytest

import asgi
from infobip_voice import ConfigurationError, PushReceiver, VoiceClient, _receiver
from postgres import PASSWORD, Postgres
from sdk.clients import settings
from sdk.lossy_server import lossy_server
from sdk.test_drain import names
from sdk.test_postgres_spool import lose_session

SECRET = "2f1c9a ö"
REPORT = b'{"results": [{"messageId": "a", "to": "41793026727"}]}'
JSON = {"content-type": "application/json"}


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.url()


def basic(password: str, user: str = "any") -> dict[str, str]:
    return {"authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


def push(receiver: PushReceiver, target: str = "/reports/2f1c9a%20%C3%B6", **more: Any) -> asgi.Response:
    return asgi.request(receiver, more.pop("method", "POST"), target, more.pop("body", REPORT), {**JSON, **more})


def delivered(url: str) -> list[str | None]:
    """Return what the next drain delivers, of a server that has nothing."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice, voice.reports.drain(url) as drain:
        return [*names(drain), *(None for _ in drain.unreadable)]


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("/reports/2f1c9a%20%C3%B6", {}, 200),
        ("/2f1c9a%20%C3%B6", {}, 200),
        ("/reports", basic(SECRET), 200),
        ("/reports", {"authorization": basic(SECRET)["authorization"].replace("Basic", "bASIC")}, 200),
        ("/reports/wrong", basic(SECRET, ""), 200),
        ("/reports/2f1c9a%20%C3%B6", basic("wrong"), 200),
        ("/reports/", {}, 401),
        ("/reports/2f1c9a", {}, 401),
        ("/2f1c9a%20%C3%B6/reports", {}, 401),
        ("/reports?2f1c9a%20%C3%B6", {}, 401),
        ("/reports", basic("2f1c9a"), 401),
        ("/reports", basic(""), 401),
        ("/reports", {"authorization": "Basic no base64"}, 401),
        ("/reports", {"authorization": "Basic \xe9"}, 401),
        ("/reports", {"authorization": f"Bearer {basic(SECRET)['authorization'][6:]}"}, 401),
        ("/reports", {"authorization": ""}, 401),
    ],
)
def test_only_who_knows_the_secret(target: str, headers: dict[str, str], status: int, url: str) -> None:
    """At the end of the path or as a password; nothing is stored of anybody else's."""
    answer = push(PushReceiver(url, secret=SECRET), target, **headers)
    assert answer.status == status
    assert answer.headers.get("www-authenticate") == (
        'Basic realm="reports", charset="UTF-8"' if status == 401 else None
    )
    assert delivered(url) == (["a"] if status == 200 else [])


def test_a_path_that_is_no_text(url: str) -> None:
    """A server may hand on half a character."""
    receiver = PushReceiver(url, secret=SECRET)
    scope = {"type": "http", "path": "/\udce9", "headers": [], "method": "POST"}
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(receiver(scope, None, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 401


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_only_a_post_is_a_push(method: str, url: str) -> None:
    """Told to whoever knows the secret; others learn nothing."""
    receiver = PushReceiver(url, secret=SECRET)
    answer = push(receiver, method=method)
    assert (answer.status, answer.headers["allow"], answer.body) == (405, "POST", b"")
    assert push(receiver, "/reports/wrong", method=method).status == 401


@pytest.mark.parametrize("form", ["json", "xml", "gzip", "nested", "list", "nonsense"])
def test_every_form_of_a_push(form: str, url: str) -> None:
    """The flat and the nested one, in JSON and XML, packed or not; what is no report is kept."""
    xml = b"<reportResponse><results><result><messageId>a</messageId></result></results></reportResponse>"
    bodies = {
        "json": (REPORT, JSON), "xml": (xml, {"content-type": "application/xml; charset=UTF-8"}),
        "gzip": (gzip.compress(REPORT), {**JSON, "content-encoding": "gzip"}),
        "nested": (b'{"results": [{"messageId": "a", "voiceCall": {"duration": 1}}]}', JSON),
        "list": (b'[{"messageId": "a"}]', JSON), "nonsense": (b"what?", {"content-type": "text/plain"}),
    }  # fmt: skip
    body, headers = bodies[form]
    receiver = PushReceiver(url, secret=SECRET)
    for _ in range(2):
        assert asgi.request(receiver, "POST", "/2f1c9a%20%C3%B6", body, headers).status == 200
    assert delivered(url) == ([None] if form == "nonsense" else ["a"])


def test_a_body_has_bounds(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of length and of time; what is cut off is not stored, nor what comes from nobody."""
    receiver = PushReceiver(url, secret=SECRET)
    monkeypatch.setattr(_receiver, "MAX_BODY", len(REPORT))
    assert push(receiver, body=REPORT + b" ").status == 413
    assert push(receiver).status == 200

    async def slow(messages: list[dict[str, Any]]) -> list[Any]:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop(0)
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "path": "/2f1c9a ö", "headers": [], "method": "POST"}
        await receiver(scope, receive, send)
        return sent

    part = {"type": "http.request", "body": REPORT[:9], "more_body": True}
    monkeypatch.setattr(_receiver, "MAX_SECONDS", 0.01)
    assert asyncio.run(slow([part]))[0]["status"] == 408
    monkeypatch.setattr(_receiver, "MAX_SECONDS", 30.0)
    assert asyncio.run(slow([part, {"type": "http.disconnect"}])) == []
    in_pieces = [{**part, "body": REPORT[at : at + 9], "more_body": at + 9 < len(REPORT)} for at in range(0, 60, 9)]
    assert asyncio.run(slow(in_pieces))[0]["status"] == 200
    assert delivered(url) == ["a"]


def test_a_database_that_is_away(postgres: Postgres, caplog: pytest.LogCaptureFixture) -> None:
    """503, so that the platform pushes again; the log has no secret and no password."""
    caplog.set_level(logging.DEBUG, "infobip_voice")
    url = "postgresql://Aladdin:open%20sesame@127.0.0.1:1/nowhere"
    receiver = PushReceiver(url, secret=SECRET)
    answer = push(receiver)
    assert (answer.status, answer.headers["retry-after"]) == (503, "10")
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("a push was not stored, and will come again: no connection to the database")
    assert PASSWORD not in line
    for shown in (repr(receiver), caplog.text):
        assert "2f1c9a" not in shown


def test_a_session_that_was_lost_is_made_again(postgres: Postgres, url: str, caplog: pytest.LogCaptureFixture) -> None:
    """The push that finds it lost is stored."""
    caplog.set_level(logging.DEBUG, "infobip_voice")
    receiver = PushReceiver(url, secret=SECRET)
    assert push(receiver).status == 200
    lose_session(postgres, receiver._spool)
    assert push(receiver).status == 200
    assert push(receiver, body=b'{"results": [{"messageId": "b"}]}').status == 200
    assert delivered(url) == ["a", "b"]
    told = [record.getMessage() for record in caplog.records if record.getMessage().startswith("a push")]
    assert told == [
        "a push of 54 byte(s) was stored",
        "a push of 54 byte(s) was a repeat",
        "a push of 33 byte(s) was stored",
    ]


async def lifespan(receiver: PushReceiver) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> dict[str, Any]:
        return events.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await receiver({"type": "lifespan"}, receive, send)
    return sent


def test_its_life_is_that_of_the_server(url: str) -> None:
    """It connects before the first push, and lets go at the end; it does not start without."""
    receiver = PushReceiver(url, secret=SECRET)
    assert [message["type"] for message in asyncio.run(lifespan(receiver))] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    assert receiver._spool._drainer is None
    failing = PushReceiver("postgresql://Aladdin:open%20sesame@127.0.0.1:1/nowhere", secret=SECRET)
    (message,) = asyncio.run(lifespan(failing))
    assert message["type"] == "lifespan.startup.failed"
    assert message["message"].startswith("no connection to the database")
    assert PASSWORD not in message["message"]


def test_it_speaks_http_alone(url: str) -> None:
    """A web socket is refused."""
    with pytest.raises(ValueError, match="speaks HTTP, and not websocket"):
        asyncio.run(PushReceiver(url, secret=SECRET)({"type": "websocket"}, None, None))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spool", "secret", "text"),
    [
        ("reports.db", "s", "^spool: a receiver needs the URL of a PostgreSQL; a file belongs to one drain$"),
        (None, "s", "^spool: a receiver needs the URL of a PostgreSQL"),
        ("mysql://host", "s", "^spool: the URL of a spool begins with postgresql://"),
        ("postgresql://host", "", "^secret has to be a text that is not empty and has no slash$"),
        ("postgresql://host", "hunter2/", "^secret has to be a text"),
        ("postgresql://host", None, "^secret has to be a text"),
    ],
)
def test_a_receiver_that_cannot_be(spool: Any, secret: Any, text: str) -> None:
    """Refused when it is made, without quoting the secret."""
    with pytest.raises(ValueError, match=text):
        PushReceiver(spool, secret=secret)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "infobip_voice._postgres_spool", None)
    with pytest.raises(ConfigurationError, match=r"infobip-voice\[postgres\]"):
        PushReceiver("postgresql://host", secret="s")


def test_a_spool_of_one_launch_takes_no_pushes(url: str) -> None:
    """They are of all launches: such a spool would hold strangers."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        assert names(voice.reports.drain(url, bulk_id="b")) == []
    assert push(PushReceiver(url, secret=SECRET)).status == 503
