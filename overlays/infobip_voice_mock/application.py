"""The mock as an ASGI application: the order in which a request is judged."""

import asyncio
import logging
import socket
import struct
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Literal, NamedTuple

from infobip_voice_mock.answers import NOTHING, Answer, Refusal, answer
from infobip_voice_mock.authentication import DOCUMENTED_USER, Authentication
from infobip_voice_mock.control import Control
from infobip_voice_mock.pushes import HttpPoster, Poster
from infobip_voice_mock.request import Request
from infobip_voice_mock.service import Service
from infobip_voice_mock.simulation import life, recording
from infobip_voice_mock.store import MemoryStore, Store
from infobip_voice_mock.tenants import SharedSettings, Tenant, Tenants
from infobip_voice_mock.validation import BodyValidator, QueryValidator, contract
from infobip_voice_schema import models
from infobip_voice_wire.media_types import JSON

__all__ = ["MAX_BODY_BYTES", "Application", "create_app"]

MAX_BODY_BYTES = 4 * 1024 * 1024
"""A larger body is a 413 (assumption)."""

_MAX_BYTES_READ = 16 * MAX_BODY_BYTES
"""A client that is cut off while it is still sending may never read its 413, so the rest is read and dropped, up to here."""

MAX_SECONDS_TO_SEND = 30.0
"""A client that has not sent its whole request by then is cut off, so that slow ones cannot fill the mock."""

_RECORDINGS = "/tts/3/files/"

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
    clock: Literal["real", "manual"] = "real",
    push_hosts: Collection[str] = (),
    base_url: str = "https://api.infobip.com",
    control_token: str | None = None,
    now: Callable[[], datetime] | None = None,
    new_id: Callable[[], str] | None = None,
    poster: Poster | None = None,
    new_store: Callable[[], Store] = MemoryStore,
) -> "Application":
    """Return a new mock, without messages and reports, as an ASGI application.

    Args:
        users: Passwords by username; an account for each. By default the documentation's own, `Aladdin` with
            `open sesame`, unless there are API keys.
        api_keys: Names of accounts by API key, for `Authorization: App KEY`.
        open_tenants: Accept every username that comes with the password `open sesame`, each an account of its own.
        unknown_members: What becomes of a member of a request that the contract does not know: `refuse` the request (R8), or
            `ignore` the member and log a warning.
        clock: The mode in which the clock of each account begins: `real`, on which dialling and talking take no time, or
            `manual`, which stands still until the control plane moves it.
        push_hosts: Hosts, besides this machine, that reports may be pushed to.
        base_url: Where recordings are said to be; the mock serves them under its own address.
        control_token: Let whoever has this token use the control plane, from anywhere; by default only this machine may.
        now: The present moment, with an offset; by default by the clock of the machine.
        new_id: A new and unique name; by default a UUID.
        poster: Sends a push; by default over HTTP.
        new_store: A store for a new account; by default a `MemoryStore`.
    """
    if users is None:
        users = {} if api_keys else dict([DOCUMENTED_USER])
    authentication = Authentication(users, api_keys or {}, open_tenants)
    machine = now or (lambda: datetime.now(UTC))
    settings = SharedSettings(machine, clock, base_url, frozenset(push_hosts), poster or HttpPoster(), new_store)
    tenants = Tenants(settings)
    control = Control(tenants, authentication, control_token)
    service = Service(new_id or (lambda: str(uuid.uuid4())))
    return Application(authentication, tenants, service, control, unknown_members)


class Operation(NamedTuple):
    """One operation: `act` takes the account, the request and the media type that was negotiated, if `negotiates`."""

    id: str
    method: str
    act: Callable[[Tenant, Request, str], Answer]
    negotiates: bool = True


class Application:
    """Judges a request in the contract's order, 404, 405, 401, 413, 406, 415, 400, and only then lets the service act.

    Args:
        authentication: Finds the account of a request.
        tenants: The accounts.
        service: The three operations.
        control: The control plane.
        unknown_members: As for `create_app`.
    """

    def __init__(
        self,
        authentication: Authentication,
        tenants: Tenants,
        service: Service,
        control: Control,
        unknown_members: UnknownMembers,
    ) -> None:
        self._authentication = authentication
        self._tenants = tenants
        self._control = control
        ivr = BodyValidator("IvrLaunchRequest", models.IvrLaunchRequest, unknown_members)
        click_to_call = BodyValidator("ClickToCallLaunchRequest", models.ClickToCallLaunchRequest, unknown_members)
        self._operations = {
            "/voice/ivr/1/messages": _launch("launchOutboundIvr", ivr, service.launch_ivr),
            "/voice/ctc/1/send": _launch("launchClickToCall", click_to_call, service.launch_click_to_call),
            "/tts/3/reports": _fetch(service),
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            return await _live(receive, send)
        if scope["type"] != "http":
            raise ValueError(f"the mock speaks HTTP, not {scope['type']}")
        transport: asyncio.Transport | None = scope.get("state", {}).get("transport")
        patience = asyncio.get_running_loop().call_later(MAX_SECONDS_TO_SEND, _abort, transport) if transport else None
        body = await _read(receive)
        if patience:
            patience.cancel()
        if body is None:  # the client left before it had said everything, so nothing happens
            return None
        request = Request(scope, body)
        if request.path.startswith("/_mock"):
            reply = await self._control.reply(request)
        else:
            reply = await self._reply(request)
        if reply is NOTHING:
            return await _reset(transport)
        length = (b"content-length", str(len(reply.body)).encode())
        await send({"type": "http.response.start", "status": reply.status, "headers": [*reply.headers, length]})
        if reply.cut_at is not None:
            await send({"type": "http.response.body", "body": reply.body[: reply.cut_at], "more_body": True})
            return await _reset(transport)
        await send({"type": "http.response.body", "body": reply.body})
        return None

    async def _reply(self, request: Request) -> Answer:
        acceptable = request.acceptable()
        # Until 406 has been said, a client that accepts neither form is answered in JSON.
        media_type = acceptable or JSON
        tenant, reason, fault = None, "", None
        try:
            operation = self._operation(request)
            tenant = self._tenants.get(self._authentication.account(request.fields(b"authorization")))
            fault = tenant.faults.strike(operation.id)
            reply = None
            if fault is not None:
                await asyncio.sleep(fault.delay())
                reply = fault.before(media_type)
            if reply is None:
                if len(request.body) > MAX_BODY_BYTES and operation.method == "POST":
                    text = f"the body is larger than {MAX_BODY_BYTES} bytes"
                    raise Refusal.of(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
                if acceptable is None and operation.negotiates:
                    raise Refusal.of(HTTPStatus.NOT_ACCEPTABLE)
                reply = operation.act(tenant, request, media_type)
                reply = reply if fault is None else fault.after(reply, media_type)
        except Refusal as refusal:
            reply, reason = refusal.answer(media_type), refusal.reason()
        except Exception:
            _log.exception("a fault of the mock, answered with 500")
            reply = Refusal.of(HTTPStatus.INTERNAL_SERVER_ERROR, "a fault of the mock; see its log").answer(JSON)
        if tenant is not None:
            struck = fault.kind if fault is not None else ""
            tenant.request_log.add(
                tenant.clock.now(), request.method, request.target, request.body, reply.status, reason, struck
            )
        return reply

    def _operation(self, request: Request) -> Operation:
        operation = self._operations.get(request.path)
        if operation is None and request.path.startswith(_RECORDINGS):
            operation = _RECORDING
        if operation is None:
            raise Refusal.of(HTTPStatus.NOT_FOUND)
        if request.method != operation.method:
            raise Refusal.of(HTTPStatus.METHOD_NOT_ALLOWED, allow=operation.method)
        return operation


def _launch(name: str, body: BodyValidator, act: Callable[[Tenant, Any], models.VoiceResponse]) -> Operation:
    query = QueryValidator(())

    def launch(tenant: Tenant, request: Request, media_type: str) -> Answer:
        value = request.value(body.schema)
        violations = {**query.read(request.query)[1], **body.violations(value)}
        if violations:
            raise Refusal.bad_request(violations)
        return answer(HTTPStatus.OK, act(tenant, body.model(value)), "VoiceResponse", media_type)

    return Operation(name, "POST", launch)


def _fetch(service: Service) -> Operation:
    query = QueryValidator(contract()["paths"]["/tts/3/reports"]["get"]["parameters"])

    def fetch(tenant: Tenant, request: Request, media_type: str) -> Answer:
        values, violations = query.read(request.query)
        if violations:
            raise Refusal.bad_request(violations)
        reports = service.fetch_reports(tenant, values["limit"], values.get("bulkId"), values.get("messageId"))
        return answer(HTTPStatus.OK, reports, "VoiceReportResponse", media_type)

    return Operation("fetchReports", "GET", fetch)


def _recording(tenant: Tenant, request: Request, _: str) -> Answer:
    """Answer the URL that a report gives for the recording of its call, with a short silence."""
    message_id, _, to = request.path.removeprefix(_RECORDINGS).rpartition("/")
    message = tenant.store.get(message_id)
    call = message.call if message is not None else None
    if call is None or call.to != to or not call.terms.record or not life(call).outcome.answered:
        raise Refusal.of(HTTPStatus.NOT_FOUND)
    return Answer(HTTPStatus.OK, ((b"content-type", b"audio/wav"),), recording())


_RECORDING = Operation("fetchRecording", "GET", _recording, negotiates=False)


async def _reset(transport: asyncio.Transport | None) -> None:
    """Reset the connection, where the server has said which it is; elsewhere let the server see an error."""
    if transport is None:
        raise ConnectionResetError("a fault that was asked for: the connection is reset")
    _abort(transport)
    await asyncio.sleep(0)  # the server hears of it in the next turn of the loop, and then expects no answer any more
    await asyncio.sleep(0)


def _abort(transport: asyncio.Transport) -> None:
    # With a linger time of zero, closing sends a reset instead of an orderly end.
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


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
        kept += chunk[: MAX_BODY_BYTES + 1 - len(kept)]
        if not message.get("more_body", False) or seen > _MAX_BYTES_READ:
            return bytes(kept)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
