"""Handlers of the control plane: the mock itself, its tenants, and their clocks."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.control.handling import ControlRequest, Handler
from infobip_voice_mock.control.operations import openapi_document
from infobip_voice_mock.control.views import clock_view, tenant_view
from infobip_voice_mock.editions import EDITIONS
from infobip_voice_mock.tenants import Tenant
from infobip_voice_wire import timestamps

__all__ = ["HANDLERS"]


async def _health(_: ControlRequest) -> Any:
    return {"status": "ok"}


async def _document(_: ControlRequest) -> Any:
    return openapi_document()


async def _list_tenants(request: ControlRequest) -> Any:
    return [tenant_view(tenant) for tenant in request.tenants]


async def _get_tenant(request: ControlRequest) -> Any:
    return tenant_view(request.tenant())


async def _put_tenant(request: ControlRequest) -> Any:
    if "password" in request.body:
        request.authentication.add(request.account, request.body["password"])
    tenant = request.tenant()
    if "edition" in request.body:
        tenant.edition = EDITIONS[request.body["edition"]]
    if "pushedReports" in request.body:
        tenant.push_and_pull = request.body["pushedReports"] == "push-and-pull"
    return tenant_view(tenant)


async def _reset_tenant(request: ControlRequest) -> Any:
    request.tenants.reset(request.account)


async def _get_clock(request: ControlRequest) -> Any:
    return clock_view(request.tenant())


async def _put_clock(request: ControlRequest) -> Any:
    tenant = request.tenant()
    if request.body["mode"] == "manual":
        tenant.clock.set_manual(timestamps.parse(request.body["now"]) if "now" in request.body else None)
    else:
        tenant.clock.set_real()
    tenant.wake()
    return clock_view(tenant)


async def _advance_clock(request: ControlRequest) -> Any:
    tenant, goal = _with_manual_clock(request), request.body
    try:
        until = timestamps.parse(goal["to"]) if "to" in goal else tenant.clock.now() + timedelta(**goal)
    except OverflowError:
        raise Refusal.of(HTTPStatus.CONFLICT, "leads beyond the last year that there is") from None
    await tenant.run(until)
    return clock_view(tenant)


async def _run_clock(request: ControlRequest) -> Any:
    tenant = _with_manual_clock(request)
    await tenant.run(None)
    return clock_view(tenant)


def _with_manual_clock(request: ControlRequest) -> Tenant:
    tenant = request.tenant()
    if tenant.clock.mode != "manual":
        raise Refusal.of(HTTPStatus.CONFLICT, 'this clock follows the machine; PUT {"mode": "manual"} to it first')
    return tenant


HANDLERS: Mapping[str, Handler] = {
    "health": _health,
    "document": _document,
    "listTenants": _list_tenants,
    "getTenant": _get_tenant,
    "putTenant": _put_tenant,
    "resetTenant": _reset_tenant,
    "getClock": _get_clock,
    "putClock": _put_clock,
    "advanceClock": _advance_clock,
    "runClock": _run_clock,
}
