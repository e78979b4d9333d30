"""The control plane below `/_mock/`: what a test does with a mock that a client of the platform cannot.

Its own contract is `control.json`, served as `/_mock/openapi.json`. It answers this machine only, unless it has a token, and
no web page that came from elsewhere: whoever can reach it can read every message.
"""

import functools
import hmac
import ipaddress
import logging
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus
from importlib import resources
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from infobip_voice_mock.answers import Answer, Refusal, document_bytes
from infobip_voice_mock.authentication import Authentication
from infobip_voice_mock.request import Request
from infobip_voice_mock.simulation import Call, life
from infobip_voice_mock.store import Message, ReportState
from infobip_voice_mock.tenants import Tenant, Tenants
from infobip_voice_mock.validation import QueryValidator, Rules
from infobip_voice_wire import timestamps
from infobip_voice_wire.media_types import JSON, XML

__all__ = ["Control"]

_logger = logging.getLogger("infobip_voice_mock")

_json = msgspec.json.Encoder(decimal_format="number")


class Arguments(NamedTuple):
    """What a handler is given: the parts of the path, the query, and the body."""

    tenant: Tenant
    names: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any


Handler = Callable[[Arguments], Awaitable[Any]]


@functools.cache
def contract() -> Any:
    """Return the control plane's own OpenAPI document."""
    return msgspec.json.decode(resources.files("infobip_voice_mock").joinpath("control.json").read_bytes())


class Control:
    """Answers requests below `/_mock/`.

    Args:
        tenants: The accounts.
        authentication: Learns of accounts that are made here.
        token: What `Authorization: Bearer` has to carry; None to answer this machine only.
    """

    def __init__(self, tenants: Tenants, authentication: Authentication, token: str | None) -> None:
        self._tenants = tenants
        self._authentication = authentication
        self._token = token

    async def answer(self, request: Request) -> Answer:
        """Answer one request."""
        try:
            self._admit(request)
            if request.path in ("/_mock", "/_mock/") or request.path.startswith("/_mock/pages/"):
                from infobip_voice_mock import inspector  # pages are for people, and most mocks run without one

                return await inspector.answer(self._tenants, request)
            value = await self._act(request)
        except Refusal as refusal:
            return refusal.answer(JSON)
        except Exception:
            _logger.exception("an error in the control plane, answered with 500")
            return Refusal.internal_error().answer(JSON)
        if value is None:
            return Answer(HTTPStatus.NO_CONTENT, (), b"")
        return Answer(HTTPStatus.OK, ((b"content-type", JSON.encode()),), _json.encode(value))

    def _admit(self, request: Request) -> None:
        if self._token is not None:
            given = request.fields(b"authorization")
            expected = f"Bearer {self._token}".encode()
            if len(given) != 1 or not hmac.compare_digest(given[0], expected):
                raise Refusal.of(HTTPStatus.UNAUTHORIZED, "the control plane of this mock needs its token")
        elif not _is_loopback(request.client):
            raise Refusal.of(HTTPStatus.FORBIDDEN, "the control plane answers this machine only, unless it has a token")
        hosts = [field.decode("latin-1") for field in request.fields(b"host")]
        if self._token is None and not (len(hosts) == 1 and _names_loopback(hosts[0])):
            # A name that an attacker points at 127.0.0.1 reaches this address, but not with this machine's name in Host.
            raise Refusal.of(HTTPStatus.FORBIDDEN, "the Host field does not name this machine")
        for origin in request.fields(b"origin"):
            if [origin.decode("latin-1").partition("://")[2]] != hosts:
                raise Refusal.of(HTTPStatus.FORBIDDEN, "a page from elsewhere must not drive the mock")

    async def _act(self, request: Request) -> Any:
        operation, names = _operation(request)
        query, violations = QueryValidator(operation.get("parameters", ())).read(request.query)
        body: Any = None
        if "requestBody" in operation:
            if request.media_type() != JSON:
                raise Refusal.of(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the body has to be {JSON}")
            body = request.value("")
            schema = operation["requestBody"]["content"][JSON]["schema"]
            broken, _ = Rules({**schema, "components": contract()["components"]}).violations(body)
            violations = {**violations, **broken}
        if violations:
            raise Refusal.bad_request(violations)
        name = operation["operationId"]
        if name == "listTenants":
            return [describe(tenant) for tenant in self._tenants]
        if name == "resetTenant":
            self._tenants.reset(names["name"])
            return None
        if name == "putTenant" and "password" in body:
            self._authentication.add(names["name"], body["password"])
        if "name" not in names:
            return contract() if name == "document" else {"status": "ok"}
        tenant = self._tenants.get(names["name"])
        tenant.settle()
        return await HANDLERS[name](Arguments(tenant, names, query, body))


def _operation(request: Request) -> tuple[Any, dict[str, str]]:
    path = request.path.removeprefix("/_mock")
    for pattern, item in _paths():
        match = pattern.fullmatch(path)
        if match is not None:
            operation = item.get(request.method.lower())
            if operation is None or request.method == "PARAMETERS":
                methods = (method.upper() for method in item if method != "parameters")
                raise Refusal.of(HTTPStatus.METHOD_NOT_ALLOWED, allow=", ".join(methods))
            return operation, match.groupdict()
    raise Refusal.of(HTTPStatus.NOT_FOUND)


@functools.cache
def _paths() -> list[tuple[re.Pattern[str], Any]]:
    return [
        (re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path)), item) for path, item in contract()["paths"].items()
    ]


def _names_loopback(field: str) -> bool:
    try:
        return _is_loopback(urlsplit(f"//{field}").hostname or "")
    except ValueError:  # a bracket that does not close
        return False


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _get_tenant(arguments: Arguments) -> Any:
    return describe(arguments.tenant)


async def _put_tenant(arguments: Arguments) -> Any:
    if "pushedReports" in arguments.body:
        arguments.tenant.push_and_pull = arguments.body["pushedReports"] == "push-and-pull"
    return describe(arguments.tenant)


async def _get_clock(arguments: Arguments) -> Any:
    return describe_clock(arguments.tenant)


async def _put_clock(arguments: Arguments) -> Any:
    tenant, body = arguments.tenant, arguments.body
    if body["mode"] == "manual":
        tenant.clock.set_manual(timestamps.parse(body["now"]) if "now" in body else None)
    else:
        tenant.clock.set_real()
    tenant.wake()
    return describe_clock(tenant)


async def _advance_clock(arguments: Arguments) -> Any:
    tenant, body = arguments.tenant, arguments.body
    _stands(tenant)
    try:
        until = timestamps.parse(body["to"]) if "to" in body else tenant.clock.now() + timedelta(**body)
    except OverflowError:
        raise Refusal.of(HTTPStatus.CONFLICT, "leads beyond the last year that there is") from None
    await tenant.run(until)
    return describe_clock(tenant)


async def _run_clock(arguments: Arguments) -> Any:
    _stands(arguments.tenant)
    await arguments.tenant.run(None)
    return describe_clock(arguments.tenant)


def _stands(tenant: Tenant) -> None:
    if tenant.clock.mode != "manual":
        raise Refusal.of(HTTPStatus.CONFLICT, 'this clock follows the machine; PUT {"mode": "manual"} to it first')


async def _list_calls(arguments: Arguments) -> Any:
    newest = islice(arguments.tenant.calls(), arguments.query["limit"])
    return [describe_call(arguments.tenant, call, state) for call, state in newest]


async def _get_call(arguments: Arguments) -> Any:
    message = _message(arguments)
    if message.call is None:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "the report of this message was seeded: there was no call")
    return describe_call(arguments.tenant, message.call, message.state)


async def _list_reports(arguments: Arguments) -> Any:
    state = arguments.query.get("state")
    found = (item for item in arguments.tenant.store.newest() if state in (None, item.state))
    return [_describe_report(arguments.tenant, item) for item in islice(found, arguments.query["limit"])]


async def _seed_reports(arguments: Arguments) -> Any:
    store, seeded = arguments.tenant.store, dict[str, Message]()
    for index, seed in enumerate(arguments.body["results"]):
        message_id = str(seed.get("messageId") or f"seed-{uuid.uuid4()}")
        bulk_id = seed.get("bulkId")
        if message_id in seeded or store.get(message_id) is not None:
            raise Refusal.of(HTTPStatus.CONFLICT, f"results[{index}].messageId is known already")
        try:
            document_bytes({"results": [seed]}, "VoiceReportResponse", XML)
        except ValueError as error:
            raise Refusal.bad_request({f"results[{index}]": [f"cannot be written in XML: {error}"]}) from None
        seeded[message_id] = Message(message_id, None if bulk_id is None else str(bulk_id), seed=seed)
    for message in seeded.values():
        store.add(message, arguments.tenant.clock.now())
    arguments.tenant.settle()
    return [_describe_report(arguments.tenant, message) for message in seeded.values()]


async def _requeue_report(arguments: Arguments) -> Any:
    message = _message(arguments)
    if message.state not in (ReportState.CONSUMED, ReportState.PUSHED):
        raise Refusal.of(
            HTTPStatus.CONFLICT, f"the report is {message.state.value}: only one that is gone can be requeued"
        )
    arguments.tenant.store.enqueue(message)
    return _describe_report(arguments.tenant, message)


async def _list_pushes(arguments: Arguments) -> Any:
    return [push.document() for push in islice(arguments.tenant.pushes.newest(), arguments.query["limit"])]


async def _replay_push(arguments: Arguments) -> Any:
    push = arguments.tenant.pushes.get(arguments.names["id"])
    if push is None:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no push of that name")
    await arguments.tenant.pushes.attempt(push, arguments.tenant.clock.now)
    return push.document()


async def _list_requests(arguments: Arguments) -> Any:
    query = arguments.query
    found = arguments.tenant.request_log.newest(query.get("status"), query.get("path"))
    return [{**entry._asdict(), "at": entry.at.isoformat()} for entry in islice(found, query["limit"])]


async def _clear_requests(arguments: Arguments) -> Any:
    arguments.tenant.request_log.clear()


async def _list_faults(arguments: Arguments) -> Any:
    return [fault.document() for fault in arguments.tenant.faults.all()]


async def _add_fault(arguments: Arguments) -> Any:
    return arguments.tenant.faults.add(arguments.body).document()


async def _clear_faults(arguments: Arguments) -> Any:
    arguments.tenant.faults.clear()


async def _remove_fault(arguments: Arguments) -> Any:
    if not arguments.tenant.faults.remove(arguments.names["id"]):
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no fault of that name")


HANDLERS: dict[str, Handler] = {
    "getTenant": _get_tenant,
    "putTenant": _put_tenant,
    "getClock": _get_clock,
    "putClock": _put_clock,
    "advanceClock": _advance_clock,
    "runClock": _run_clock,
    "listCalls": _list_calls,
    "getCall": _get_call,
    "listReports": _list_reports,
    "seedReports": _seed_reports,
    "requeueReport": _requeue_report,
    "listPushes": _list_pushes,
    "replayPush": _replay_push,
    "listRequests": _list_requests,
    "clearRequests": _clear_requests,
    "listFaults": _list_faults,
    "addFault": _add_fault,
    "clearFaults": _clear_faults,
    "removeFault": _remove_fault,
}


def _message(arguments: Arguments) -> Message:
    message = arguments.tenant.store.get(arguments.names["messageId"])
    if message is None:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no message of that name")
    return message


def describe(tenant: Tenant) -> dict[str, Any]:
    """Return an account as the control plane shows it."""
    return {
        "name": tenant.name,
        "clock": describe_clock(tenant),
        "pushedReports": "push-and-pull" if tenant.push_and_pull else "push-only",
        "reports": tenant.store.counts(),
        "dropped": tenant.store.dropped,
        "faults": len(tenant.faults.all()),
    }


def describe_clock(tenant: Tenant) -> dict[str, Any]:
    """Return a clock as the control plane shows it."""
    due = tenant.next_due()
    now = tenant.clock.now().isoformat()
    return {"mode": tenant.clock.mode, "now": now, "nextDue": due.isoformat() if due is not None else None}


def describe_call(tenant: Tenant, call: Call, state: ReportState) -> dict[str, Any]:
    """Return a call as the control plane shows it: effective settings, and every event of its life."""
    now, terms = tenant.clock.now(), call.terms
    redial = terms.redial
    effective = {
        "start": call.start.isoformat(),
        "ends": terms.expires.isoformat() if terms.expires is not None else None,
        "retry": dict(zip(("minPeriod", "maxPeriod", "maxCount"), redial, strict=True)) if redial is not None else None,
        "record": terms.record,
        "maxDuration": terms.max_duration,
        "warningTime": terms.warning_time,
        "notifyUrl": terms.notify_url or None,
    }
    return {
        "messageId": call.message_id,
        "bulkId": call.bulk_id,
        "to": call.to,
        "destinationB": call.b,
        "state": state.value,
        "effective": effective,
        "events": [
            {**event._asdict(), "at": event.at.isoformat(), "happened": event.at <= now} for event in life(call).events
        ],
    }


def _describe_report(tenant: Tenant, message: Message) -> dict[str, Any]:
    report = msgspec.to_builtins(tenant.report(message), builtin_types=(Decimal,))
    return {"messageId": message.message_id, "state": message.state.value, "report": report}
