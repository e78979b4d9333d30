"""Handlers of the control plane: the requests of an account, and the faults that strike them."""

from collections.abc import Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.control.handling import ControlRequest, Handler
from infobip_voice_mock.control.views import fault_view, request_view

__all__ = ["HANDLERS"]


async def _list_requests(request: ControlRequest) -> Any:
    tenant, query = request.tenant(), request.query
    found = tenant.request_log.newest(query.get("status"), query.get("path"))
    return [request_view(tenant, logged) for logged in islice(found, query["limit"])]


async def _clear_requests(request: ControlRequest) -> Any:
    request.tenant().request_log.clear()


async def _list_faults(request: ControlRequest) -> Any:
    return [fault_view(fault) for fault in request.tenant().faults.all()]


async def _add_fault(request: ControlRequest) -> Any:
    return fault_view(request.tenant().faults.add(request.body))


async def _clear_faults(request: ControlRequest) -> Any:
    request.tenant().faults.clear()


async def _remove_fault(request: ControlRequest) -> Any:
    if not request.tenant().faults.remove(request.path_values["id"]):
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no fault has this id")


HANDLERS: Mapping[str, Handler] = {
    "listRequests": _list_requests,
    "clearRequests": _clear_requests,
    "listFaults": _list_faults,
    "addFault": _add_fault,
    "clearFaults": _clear_faults,
    "removeFault": _remove_fault,
}
