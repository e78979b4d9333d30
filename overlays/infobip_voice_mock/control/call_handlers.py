"""Handlers of the control plane: calls, their reports, and the pushes of the reports."""

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any

from infobip_voice_mock.answers import Refusal, document_bytes
from infobip_voice_mock.capacity import MESSAGE_BYTES
from infobip_voice_mock.control import filters
from infobip_voice_mock.control.handling import ControlRequest, Handler
from infobip_voice_mock.control.views import call_view, push_view, report_view
from infobip_voice_mock.pushes import Push
from infobip_voice_mock.store import Message, ReportState
from infobip_voice_mock.tenant import Tenant
from infobip_voice_wire.media_types import JSON, XML

__all__ = ["HANDLERS"]


async def _list_calls(request: ControlRequest) -> Any:
    tenant, query = request.tenant(), request.query
    found = filters.page(filters.calls(tenant, query), query)
    return [call_view(tenant, call, message.state) for call, message in found]


async def _get_call(request: ControlRequest) -> Any:
    tenant = request.tenant()
    message = _message(request, tenant)
    if message.call is None:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "the report of this message was seeded: there was no call")
    return call_view(tenant, message.call, message.state)


async def _list_reports(request: ControlRequest) -> Any:
    tenant = request.tenant()
    state = request.query.get("state")
    messages = (message for message in tenant.store.newest() if state in (None, message.state))
    return [report_view(tenant, message) for message in islice(messages, request.query["limit"])]


async def _get_report(request: ControlRequest) -> Any:
    tenant = request.tenant()
    return report_view(tenant, _message(request, tenant))


async def _seed_reports(request: ControlRequest) -> Any:
    tenant, seeded = request.tenant(), dict[str, Message]()
    for index, seed in enumerate(request.body["results"]):
        message_id = str(seed.get("messageId") or f"seed-{uuid.uuid4()}")
        bulk_id = seed.get("bulkId")
        if message_id in seeded or tenant.store.get(message_id) is not None:
            raise Refusal.of(HTTPStatus.CONFLICT, f"results[{index}].messageId is known already")
        try:
            document_bytes({"results": [seed]}, "VoiceReportResponse", XML)
        except ValueError as error:
            raise Refusal.bad_request({f"results[{index}]": [f"cannot be written in XML: {error}"]}) from None
        size = MESSAGE_BYTES + len(document_bytes(seed, "", JSON))
        seeded[message_id] = Message(message_id, None if bulk_id is None else str(bulk_id), seed=seed, size=size)
    tenant.store.reserve(len(seeded), sum(message.size for message in seeded.values()))
    for message in seeded.values():
        tenant.store.add(message, tenant.clock.now())
    tenant.settle()
    return [report_view(tenant, message) for message in seeded.values()]


async def _requeue_report(request: ControlRequest) -> Any:
    tenant = request.tenant()
    message = _message(request, tenant)
    if message.state not in (ReportState.CONSUMED, ReportState.PUSHED):
        raise Refusal.of(
            HTTPStatus.CONFLICT, f"the report is {message.state.value}: only one that is gone can be requeued"
        )
    tenant.store.enqueue(message)
    return report_view(tenant, message)


async def _list_pushes(request: ControlRequest) -> Any:
    tenant, query = request.tenant(), request.query
    return [push_view(tenant, push) for push in filters.page(filters.pushes(tenant, query), query)]


async def _get_push(request: ControlRequest) -> Any:
    tenant = request.tenant()
    return push_view(tenant, _push(request, tenant))


async def _replay_push(request: ControlRequest) -> Any:
    tenant = request.tenant()
    push = _push(request, tenant)
    if push.state == "refused":
        raise Refusal.of(HTTPStatus.CONFLICT, push.reason)
    await tenant.attempt(push)
    return push_view(tenant, push)


def _message(request: ControlRequest, tenant: Tenant) -> Message:
    message = tenant.store.get(request.path_values["messageId"])
    if message is None:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no message has this id")
    return message


def _push(request: ControlRequest, tenant: Tenant) -> Push:
    push = tenant.pushes.get(request.path_values["id"])
    if push is None:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no push has this id")
    return push


HANDLERS: Mapping[str, Handler] = {
    "listCalls": _list_calls,
    "getCall": _get_call,
    "listReports": _list_reports,
    "getReport": _get_report,
    "seedReports": _seed_reports,
    "requeueReport": _requeue_report,
    "listPushes": _list_pushes,
    "getPush": _get_push,
    "replayPush": _replay_push,
}
