"""Accounts: each has a clock, messages, pushes, faults and a history of its own, and sees nothing of the others."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from infobip_voice_mock import pushes, simulation
from infobip_voice_mock.answers import document_bytes
from infobip_voice_mock.clock import Clock, Mode
from infobip_voice_mock.faults import Faults
from infobip_voice_mock.request_log import RequestLog
from infobip_voice_mock.store import MemoryStore, Message, State, Store
from infobip_voice_schema import models

__all__ = ["Settings", "Tenant", "Tenants"]

MOST_TENANTS = 10_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What all accounts of a mock have in common.

    Attributes:
        machine: The present moment of the machine, with an offset.
        clock: The mode in which a clock begins.
        base_url: Where recordings are to be had.
        push_hosts: Hosts, besides this machine, that reports may be pushed to.
        poster: Sends one push.
        new_store: A store for a new account.
    """

    machine: Callable[[], datetime]
    clock: Mode
    base_url: str
    push_hosts: Collection[str]
    poster: pushes.Poster
    new_store: Callable[[], Store] = MemoryStore


class Tenant:
    """One account.

    Attributes:
        also_wait: Whether a report that is pushed can be fetched too; by default not (R14).
    """

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.settings = settings
        self.clock = Clock(settings.machine, settings.clock)
        self.store: Store = settings.new_store()
        self.pushes = pushes.Pushes(settings.poster)
        self.faults = Faults()
        self.request_log = RequestLog()
        self.also_wait = False
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def report(self, message: Message) -> Any:
        """Return the report of a message as a model, or the one that was seeded as a JSON value."""
        return message.seed if message.call is None else simulation.report(message.call, self.settings.base_url)

    def calls(self) -> Iterator[tuple[simulation.Call, State]]:
        """Return the calls and where their reports are, the newest first."""
        return ((message.call, message.state) for message in self.store.newest() if message.call is not None)

    def settle(self) -> None:
        """Let every report that has fallen due wait to be fetched, or be pushed."""
        now = self.clock.now()
        for message in self.store.pop_due(now):
            terms = message.call.terms if message.call else None
            if (
                terms is None
                or not terms.notify_url
                or not pushes.is_allowed(terms.notify_url, self.settings.push_hosts)
            ):
                self.store.wait(message)
                continue
            if self.also_wait:
                self.store.wait(message)
            else:
                self.store.move(message, State.PUSHED)
            self._push(message, terms, now)

    def _push(self, message: Message, terms: simulation.CallTerms, now: datetime) -> None:
        report = self.report(message)
        if isinstance(report, models.VoiceReport):
            report.callback_data = msgspec.UNSET if terms.callback_data is None else terms.callback_data
        body = document_bytes(
            models.VoiceReportResponse(results=[report]), "VoiceReportResponse", terms.notify_content_type
        )
        headers = {"content-type": terms.notify_content_type, "user-agent": "infobip-voice-mock"}
        self.pushes.add(message.message_id, terms.notify_url, headers, body, now)

    def wake(self) -> None:
        """Settle, make the attempts that are due on the machine's clock, and come back when the next event is due.

        On a clock that stands still only `run` moves anything.
        """
        self.settle()
        if self.clock.mode == "manual":
            return
        for push in self.pushes.pop_due(self.clock.now()):
            # A task each: a receiver that is slow delays nobody else's push.
            task = asyncio.get_running_loop().create_task(self._attempt(push))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self.next_due()
        if due is not None:
            delay = min(self.clock.until(due).total_seconds(), 3600.0)
            self._timer = asyncio.get_running_loop().call_later(delay, self.wake)

    async def _attempt(self, push: pushes.Push) -> None:
        await self.pushes.attempt(push, self.clock.now)
        self.wake()

    async def run(self, until: datetime | None) -> None:
        """Let everything happen that is due until then, in order; without `until`, until nothing is left to happen.

        The clock stands at the moment of each event while it happens, and at `until` at the end.
        """
        while (due := self.next_due()) is not None and (until is None or due <= until):
            self.clock.stand(max(due, self.clock.now()))
            self.settle()
            due_now = list(self.pushes.pop_due(self.clock.now()))
            await asyncio.gather(*(self.pushes.attempt(push, self.clock.now) for push in due_now))
        if until is not None:
            self.clock.stand(max(until, self.clock.now()))

    def next_due(self) -> datetime | None:
        """Return when the next event is due: a report, or an attempt at a push."""
        return min((due for due in (self.store.next_due(), self.pushes.next_due()) if due is not None), default=None)

    def close(self) -> None:
        """Stop everything that is under way."""
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()


class Tenants:
    """The accounts that have been used, each made on its first use.

    Args:
        settings: What they have in common.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tenants: OrderedDict[str, Tenant] = OrderedDict()

    def get(self, name: str) -> Tenant:
        """Return the account; when there are too many, the one that was made first is forgotten."""
        tenant = self._tenants.get(name)
        if tenant is None:
            if len(self._tenants) >= MOST_TENANTS:
                self._tenants.popitem(last=False)[1].close()
            tenant = self._tenants[name] = Tenant(name, self._settings)
        return tenant

    def reset(self, name: str) -> None:
        """Forget everything of an account."""
        tenant = self._tenants.pop(name, None)
        if tenant is not None:
            tenant.close()

    def __iter__(self) -> Iterator[Tenant]:
        return iter(self._tenants.values())
