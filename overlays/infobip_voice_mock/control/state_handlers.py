"""Handlers of the control plane: the state of an account as a document, and the state file."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.control.handling import ControlRequest, Handler
from infobip_voice_mock.control.views import tenant_view
from infobip_voice_mock.state import StateError, account_from, encode
from infobip_voice_mock.tenant_state import account_state, tenant_of
from infobip_voice_mock.turns import apart

__all__ = ["HANDLERS"]


async def _get_state(request: ControlRequest) -> Any:
    return account_state(request.tenant())


async def _put_state(request: ControlRequest) -> Any:
    try:
        state = await apart(True, account_from, request.body)
        request.tenants.make_place(request.account)
        tenant = tenant_of(state, request.account, request.tenants.settings)
    except StateError as error:
        raise Refusal.bad_request({"$": [str(error)]}) from None
    request.tenants.replace(tenant)
    tenant.wake()
    return tenant_view(tenant)


async def _save_state(request: ControlRequest) -> Any:
    file = request.state_file
    if file is None:
        raise Refusal.of(HTTPStatus.CONFLICT, "this mock keeps no state: start it with --state FILE")
    async with request.tenants.saving:  # so that an older state never replaces a newer one
        states = [account_state(tenant) for tenant in request.tenants]
        try:
            document = await apart(True, encode, states)
            await apart(True, file.write, document)
        except OSError as error:
            text = f"cannot write {file.path}: {error.strerror}; the old file is as it was"
            raise Refusal.of(HTTPStatus.INTERNAL_SERVER_ERROR, text) from None
    return {"file": str(file.path), "accounts": len(states), "bytes": len(document)}


HANDLERS: Mapping[str, Handler] = {
    "getState": _get_state,
    "putState": _put_state,
    "saveState": _save_state,
}
