"""Handlers of the control plane: the requests of an account, and the faults that strike them."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.control import filters
from infobip_voice_mock.control.handling import ControlRequest, Handler
from infobip_voice_mock.control.views import fault_view, request_view, stray_view

__all__ = ["HANDLERS"]


_NUMBER = re.compile("[1-9][0-9]{0,17}")


async def _list_requests(request: ControlRequest) -> Any:
    tenant, query = request.tenant(), request.query
    found = filters.requests(tenant.request_log, query, tenant)
    return [request_view(tenant, logged) for logged in filters.page(found, query)]


async def _get_request(request: ControlRequest) -> Any:
    tenant = request.tenant()
    number = request.path_values["number"]
    logged = tenant.request_log.get(int(number)) if _NUMBER.fullmatch(number) else None
    if logged is None:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no request has this number, or it was dropped")
    return request_view(tenant, logged)


async def _clear_requests(request: ControlRequest) -> Any:
    request.tenant().request_log.clear()


async def _list_strays(request: ControlRequest) -> Any:
    query = request.query
    found = filters.requests(request.tenants.strays, query, None)
    return [stray_view(logged) for logged in filters.page(found, query)]


async def _clear_strays(request: ControlRequest) -> Any:
    request.tenants.strays.clear()


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
    "getRequest": _get_request,
    "clearRequests": _clear_requests,
    "listStrays": _list_strays,
    "clearStrays": _clear_strays,
    "listFaults": _list_faults,
    "addFault": _add_fault,
    "clearFaults": _clear_faults,
    "removeFault": _remove_fault,
}
