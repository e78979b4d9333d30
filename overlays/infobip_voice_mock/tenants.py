"""The tenants of all accounts of a mock."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator

from infobip_voice_mock.capacity import full
from infobip_voice_mock.request import Request
from infobip_voice_mock.request_log import LoggedRequest, RequestLog
from infobip_voice_mock.shared_settings import SharedSettings
from infobip_voice_mock.tenant import Tenant

__all__ = ["Tenants"]


class Tenants:
    """The tenants of all accounts that have been used, each made when its account is first used.

    Args:
        settings: What they have in common.

    Attributes:
        settings: As given.
        saving: Who holds it, writes the state of all.
    """

    def __init__(self, settings: SharedSettings) -> None:
        self.settings = settings
        self.saving = asyncio.Lock()
        self._tenants: OrderedDict[str, Tenant] = OrderedDict()

    def get(self, name: str) -> Tenant:
        """Return the tenant of the account of that name.

        When there are too many, the one that nobody has used for longest and that is idle is
        forgotten.

        Raises:
            Refusal: 429 if there are too many and none is idle.
        """
        tenant = self._tenants.get(name)
        if tenant is None:
            self.make_place(name)
            tenant = self._tenants[name] = Tenant(name, self.settings)
        else:
            self._tenants.move_to_end(name)
        return tenant

    def make_place(self, name: str) -> None:
        """Forget an idle account if there is no place for the one of that name.

        Raises:
            Refusal: 429 if there are too many accounts and none is idle.
        """
        if name in self._tenants or len(self._tenants) < self.settings.capacity.limits.accounts:
            return
        idle = next((tenant for tenant in self._tenants.values() if tenant.idle), None)
        if idle is None:
            most = self.settings.capacity.limits.accounts
            raise full(
                f"there are {most:,} accounts at most (--max-accounts), and each has reports that wait, a fault, or a "
                "clock or a setting of its own: reset one"
            )
        self.reset(idle.name)

    def reset(self, name: str) -> None:
        """Drop everything that the mock keeps for the account of that name."""
        tenant = self._tenants.pop(name, None)
        if tenant is not None:
            tenant.close()

    def replace(self, tenant: Tenant) -> None:
        """Keep a tenant instead of what is kept for its account; there has to be a place for it."""
        self.reset(tenant.name)
        self._tenants[tenant.name] = tenant

    def start(self) -> None:
        """Let the clocks of all tenants go on, after a restart."""
        for tenant in self._tenants.values():
            tenant.wake()

    def stop(self) -> None:
        """End every tenant, because the mock stops."""
        for tenant in self._tenants.values():
            tenant.stop()

    def log_stray(self, request: Request) -> LoggedRequest:
        """Log a request that names no account that exists, by the machine's clock."""
        now = self.settings.machine_now()
        return self.settings.journal.strays.begin(now, now, request)

    @property
    def strays(self) -> RequestLog:
        """The requests that name no account that exists."""
        return self.settings.journal.strays

    def __contains__(self, name: str) -> bool:
        """Return whether the account of that name has been used."""
        return name in self._tenants

    def __iter__(self) -> Iterator[Tenant]:
        return iter(self._tenants.values())
