"""The routes of the voice operations: which path and method leads to which action."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import NamedTuple

from infobip_voice_mock.answers import Answer, Refusal, document_answer
from infobip_voice_mock.launch_rules import broken_rules
from infobip_voice_mock.launches import Launch, RequestedCall, click_to_call_calls, ivr_calls
from infobip_voice_mock.reports import recording
from infobip_voice_mock.request import Request
from infobip_voice_mock.sentences import nearest
from infobip_voice_mock.service import Service
from infobip_voice_mock.simulation import life
from infobip_voice_mock.tenant import Tenant
from infobip_voice_mock.turns import LARGE_BYTES, apart
from infobip_voice_mock.validation import BodyValidator, QueryValidator, UnknownMembers, contract
from infobip_voice_schema import models

__all__ = ["Route", "Routes"]

_RECORDINGS = "/tts/3/files/"


class Route(NamedTuple):
    """One operation of the contract.

    Attributes:
        operation_id: The operation's id in the contract; `fetchRecording`, which the contract does
            not know, is the mock's own.
        method: The only HTTP method that the path allows.
        act: Takes the tenant, the request and the negotiated media type, and returns the answer.
            Raises `Refusal`.
        negotiates: Whether a client that accepts neither JSON nor XML is refused.
    """

    operation_id: str
    method: str
    act: Callable[[Tenant, Request, str], Awaitable[Answer]]
    negotiates: bool = True


class Routes:
    """Finds the route of a request.

    Args:
        service: The three operations.
        unknown_members: As for `create_app`.
    """

    def __init__(self, service: Service, unknown_members: UnknownMembers) -> None:
        ivr = BodyValidator("IvrLaunchRequest", models.IvrLaunchRequest, unknown_members)
        click_to_call = BodyValidator("ClickToCallLaunchRequest", models.ClickToCallLaunchRequest, unknown_members)
        self._by_path: Mapping[str, Route] = {
            "/voice/ivr/1/messages": _launch("launchOutboundIvr", ivr, ivr_calls, service),
            "/voice/ctc/1/send": _launch("launchClickToCall", click_to_call, click_to_call_calls, service),
            "/tts/3/reports": _fetch(service),
        }

    def find(self, request: Request) -> Route:
        """Return the route of a request.

        Raises:
            Refusal: 404 for an unknown path, 405 for another method.
        """
        method, path = request.method, request.path
        route = self._by_path.get(path)
        if route is not None and "%2f" in request.raw_path.lower():
            route = None  # an encoded slash separates nothing (RFC 3986, 2.2)
        if route is None and path.startswith(_RECORDINGS):
            route = _RECORDING
        if route is None:
            near = nearest(path, [*self._by_path, f"{_RECORDINGS}{{messageId}}/{{to}}"])
            raise Refusal.of(HTTPStatus.NOT_FOUND, f"Not Found; the nearest path is {near}")
        if method != route.method:
            text = f"Method Not Allowed; the path answers {route.method}"
            raise Refusal.of(HTTPStatus.METHOD_NOT_ALLOWED, text, allow=route.method)
        return route


def _launch(
    operation_id: str, body: BodyValidator, calls: Callable[..., list[RequestedCall]], service: Service
) -> Route:
    query = QueryValidator(())

    def read(tenant: Tenant, request: Request) -> Launch:
        value = request.value(body.schema)
        violations = {**query.read(request.query)[1], **body.violations(value)}
        if violations:
            raise Refusal.bad_request(violations)
        asked_for, now = body.model(value), tenant.clock.now()
        violations = broken_rules(asked_for, tenant.edition)
        if violations:
            raise Refusal.bad_request(violations)
        requested = calls(tenant.clock, tenant.edition, now, asked_for, value["messages"])
        return Launch(now, asked_for.bulk_id or None, requested, request.number, len(request.body))

    async def launch(tenant: Tenant, request: Request, media_type: str) -> Answer:
        large = len(request.body) > LARGE_BYTES
        response = await service.launch(tenant, await apart(large, read, tenant, request))
        return await apart(large, document_answer, 200, response, "VoiceResponse", media_type)

    return Route(operation_id, "POST", launch)


def _fetch(service: Service) -> Route:
    query = QueryValidator(contract()["paths"]["/tts/3/reports"]["get"]["parameters"])

    async def fetch(tenant: Tenant, request: Request, media_type: str) -> Answer:
        values, violations = query.read(request.query)
        if violations:
            raise Refusal.bad_request(violations)
        reports = service.fetch_reports(tenant, values["limit"], values.get("bulkId"), values.get("messageId"))
        xml_names = tenant.edition.xml_names
        return document_answer(HTTPStatus.OK, reports, "VoiceReportResponse", media_type, xml_names=xml_names)

    return Route("fetchReports", "GET", fetch)


async def _recording(tenant: Tenant, request: Request, _: str) -> Answer:
    """Answer the URL that a report gives for the recording of its call, with a short silence."""
    message_id, _, to = request.path.removeprefix(_RECORDINGS).rpartition("/")
    message = tenant.store.get(message_id)
    call = message.call if message is not None else None
    if call is None or call.to != to or not call.terms.record or not life(call).outcome.answered:
        raise Refusal.of(HTTPStatus.NOT_FOUND)
    return Answer(HTTPStatus.OK, ((b"content-type", b"audio/wav"),), recording())


_RECORDING = Route("fetchRecording", "GET", _recording, negotiates=False)
