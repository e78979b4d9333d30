"""The mock as an ASGI application: the order in which a request is judged."""

import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Literal

from infobip_voice_mock.answers import Answer, Refusal, answer
from infobip_voice_mock.authentication import DOCUMENTED_USER, Authentication
from infobip_voice_mock.request import Request
from infobip_voice_mock.service import Service
from infobip_voice_mock.validation import BodyValidator, QueryValidator, contract
from infobip_voice_schema import models
from infobip_voice_wire.media_types import JSON

__all__ = ["MOST_BODY_BYTES", "Application", "create_app"]

MOST_BODY_BYTES = 4 * 1024 * 1024
"""A larger body is a 413 (assumption)."""

_MOST_BYTES_READ = 16 * MOST_BODY_BYTES
"""A client that is cut off while it is still sending may never read its 413, so the rest is read and dropped, up to here."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
UnknownMembers = Literal["refuse", "ignore"]

_log = logging.getLogger("infobip_voice_mock")


def create_app(
    *,
    users: Mapping[str, str] | None = None,
    api_keys: Mapping[str, str] | None = None,
    open_tenants: bool = False,
    unknown_members: UnknownMembers = "refuse",
    now: Callable[[], datetime] | None = None,
    new_id: Callable[[], str] | None = None,
) -> "Application":
    """Return a new mock, without messages and reports, as an ASGI application.

    Args:
        users: Passwords by username; an account for each. By default the documentation's own, `Aladdin` with
            `open sesame`, unless there are API keys.
        api_keys: Names of accounts by API key, for `Authorization: App KEY`.
        open_tenants: Accept every username that comes with the password `open sesame`, each an account of its own.
        unknown_members: What becomes of a member of a request that the contract does not know: `refuse` the request (R8), or
            `ignore` the member and log a warning.
        now: The present moment, with an offset; by default by the clock of the machine.
        new_id: A new and unique name; by default a UUID.
    """
    if users is None:
        users = {} if api_keys else dict([DOCUMENTED_USER])
    authentication = Authentication(users, api_keys or {}, open_tenants)
    service = Service(now or (lambda: datetime.now(UTC)), new_id or (lambda: str(uuid.uuid4())))
    return Application(authentication, service, unknown_members)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the contract: `act` takes the account and the request, and returns a model of `schema`."""

    method: str
    schema: str
    act: Callable[[str, Request], Any]


class Application:
    """Judges a request in the contract's order, 404, 405, 401, 413, 406, 415, 400, and only then lets the service act.

    Args:
        authentication: Finds the account of a request.
        service: The three operations.
        unknown_members: As for `create_app`.
    """

    def __init__(self, authentication: Authentication, service: Service, unknown_members: UnknownMembers) -> None:
        self._authentication = authentication
        ivr = BodyValidator("IvrLaunchRequest", models.IvrLaunchRequest, unknown_members)
        click_to_call = BodyValidator("ClickToCallLaunchRequest", models.ClickToCallLaunchRequest, unknown_members)
        self._operations = {
            "/voice/ivr/1/messages": _launch(ivr, service.launch_ivr),
            "/voice/ctc/1/send": _launch(click_to_call, service.launch_click_to_call),
            "/tts/3/reports": _fetch(service),
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            return await _live(receive, send)
        if scope["type"] != "http":
            raise ValueError(f"the mock speaks HTTP, not {scope['type']}")
        body = await _read(receive)
        if body is None:  # the client left before it had said everything, so nothing happens
            return None
        reply = self._reply(Request(scope, body))
        length = (b"content-length", str(len(reply.body)).encode())
        await send({"type": "http.response.start", "status": reply.status, "headers": [*reply.headers, length]})
        await send({"type": "http.response.body", "body": reply.body})
        return None

    def _reply(self, request: Request) -> Answer:
        if request.path == "/_mock/health" and request.method == "GET":
            return Answer(200, ((b"content-type", JSON.encode()),), b'{"status":"ok"}')
        acceptable = request.acceptable()
        try:
            operation = self._operations.get(request.path)
            if operation is None:
                raise Refusal.of(HTTPStatus.NOT_FOUND)
            if request.method != operation.method:
                raise Refusal.of(HTTPStatus.METHOD_NOT_ALLOWED, allow=operation.method)
            account = self._authentication.account(request.fields(b"authorization"))
            if len(request.body) > MOST_BODY_BYTES and operation.method == "POST":
                raise Refusal.of(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {MOST_BODY_BYTES} bytes"
                )
            if acceptable is None:
                raise Refusal.of(HTTPStatus.NOT_ACCEPTABLE)
            value = operation.act(account, request)
        except Refusal as refusal:
            # Until 406 has been said, a client that accepts neither form is answered in JSON.
            return refusal.answer(acceptable or JSON)
        except Exception:
            _log.exception("a fault of the mock, answered with 500")
            return Refusal.of(HTTPStatus.INTERNAL_SERVER_ERROR, "a fault of the mock; see its log").answer(JSON)
        return answer(HTTPStatus.OK, value, operation.schema, acceptable)


def _launch(body: BodyValidator, act: Callable[[str, Any], models.VoiceResponse]) -> Operation:
    query = QueryValidator(())

    def launch(account: str, request: Request) -> models.VoiceResponse:
        value = request.value(body.schema)
        _, violations = query.read(request.query())
        violations |= body.violations(value)
        if violations:
            raise Refusal.bad_request(violations)
        return act(account, body.model(value))

    return Operation("POST", "VoiceResponse", launch)


def _fetch(service: Service) -> Operation:
    query = QueryValidator(contract()["paths"]["/tts/3/reports"]["get"]["parameters"])

    def fetch(account: str, request: Request) -> models.VoiceReportResponse:
        values, violations = query.read(request.query())
        if violations:
            raise Refusal.bad_request(violations)
        return service.fetch_reports(account, values["limit"], values.get("bulkId"), values.get("messageId"))

    return Operation("GET", "VoiceReportResponse", fetch)


async def _read(receive: Receive) -> bytes | None:
    """Return the body, cut off one byte above what is allowed; None if the client left."""
    kept = bytearray()
    seen = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        seen += len(chunk)
        kept += chunk[: MOST_BODY_BYTES + 1 - len(kept)]
        if not message.get("more_body", False) or seen > _MOST_BYTES_READ:
            return bytes(kept)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
