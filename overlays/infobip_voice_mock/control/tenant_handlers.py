"""Handlers of the control plane: the mock itself, its tenants, and their clocks."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from infobip_voice_mock.control import filters
from infobip_voice_mock.control.handling import ControlRequest, Handler
from infobip_voice_mock.control.operations import openapi_document
from infobip_voice_mock.control.views import clock_view, tenant_view
from infobip_voice_mock.editions import EDITIONS
from infobip_voice_wire import timestamps

__all__ = ["HANDLERS"]


@cache
def _version() -> str:
    from importlib.metadata import version  # a tenth of the start time, and few ask

    return version("infobip-voice")


async def _health(_: ControlRequest) -> Any:
    return {"status": "ok", "version": _version()}


async def _document(_: ControlRequest) -> Any:
    return openapi_document()


async def _list_tenants(request: ControlRequest) -> Any:
    return [tenant_view(tenant) for tenant in filters.tenants(request.tenants, request.query)]


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
    request.authentication.reset(request.account)


async def _get_clock(request: ControlRequest) -> Any:
    return clock_view(request.tenant())


async def _put_clock(request: ControlRequest) -> Any:
    tenant, body = request.tenant(), request.body
    await tenant.set_clock(body["mode"], timestamps.parse(body["now"]) if "now" in body else None)
    return clock_view(tenant)


async def _advance_clock(request: ControlRequest) -> Any:
    tenant, goal = request.tenant(), request.body
    try:
        distance = timestamps.parse(goal["to"]) if "to" in goal else timedelta(**goal)
    except OverflowError:  # more days than a timedelta can hold
        distance = timedelta.max
    await tenant.run(distance)
    return clock_view(tenant)


async def _run_clock(request: ControlRequest) -> Any:
    tenant = request.tenant()
    await tenant.run(None)
    return clock_view(tenant)


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
