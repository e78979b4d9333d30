"""What a handler of the control plane is given and what it returns."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infobip_voice_mock.authentication import Authentication
from infobip_voice_mock.state_file import StateFile
from infobip_voice_mock.tenant import Tenant
from infobip_voice_mock.tenants import Tenants

__all__ = ["ControlRequest", "Handler"]


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A request that was admitted and that `control.json` allows.

    Attributes:
        tenants: What the mock keeps for each account.
        authentication: Knows the accounts.
        state_file: Keeps the state of all accounts; None if none is kept.
        path_values: The values of the path's parameters.
        query: The values of the query's parameters, with their defaults.
        body: The body as a JSON value; None if the operation has none.
    """

    tenants: Tenants
    authentication: Authentication
    state_file: StateFile | None
    path_values: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any

    @property
    def account(self) -> str:
        """The name of the account in the path."""
        return self.path_values["name"]

    def tenant(self) -> Tenant:
        """Return the tenant of the account in the path, after its due reports have been settled."""
        tenant = self.tenants.get(self.account)
        tenant.settle()
        return tenant


Handler = Callable[[ControlRequest], Awaitable[Any]]
"""Does what a request asks for, and returns the answer's body as a JSON value; None for a 204.

Raises `Refusal` where `control.json` allows the request and the state of the account does not.
"""
