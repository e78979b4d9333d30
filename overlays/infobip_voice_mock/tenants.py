"""Tenants: what the mock keeps for each account, apart from all the others.

An account is what credentials belong to; its tenant is the clock, the messages, the pushes, the
faults and the request log that go with it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from infobip_voice_mock import pushes, simulation
from infobip_voice_mock.answers import document_bytes
from infobip_voice_mock.clock import Clock, ClockMode
from infobip_voice_mock.faults import Faults
from infobip_voice_mock.request import Request
from infobip_voice_mock.request_log import Journal, LoggedRequest, RequestLog
from infobip_voice_mock.store import MemoryStore, Message, ReportState, Store
from infobip_voice_schema import models

__all__ = ["SharedSettings", "Tenant", "Tenants"]

MAX_TENANTS = 10_000


@dataclass(frozen=True, slots=True)
class SharedSettings:
    """What all tenants of a mock have in common.

    Attributes:
        machine_now: Returns the present moment of the machine, with an offset.
        clock_mode: The mode in which the clock of a new tenant begins.
        base_url: Where recordings are to be had.
        push_hosts: Hosts, besides this machine, that reports may be pushed to.
        poster: Sends one push.
        new_store: Makes the store of a new tenant.
        journal: Bounds what is kept of the requests of all tenants.
    """

    machine_now: Callable[[], datetime]
    clock_mode: ClockMode
    base_url: str
    push_hosts: Collection[str]
    poster: pushes.Poster
    new_store: Callable[[], Store] = MemoryStore
    journal: Journal = field(default_factory=Journal)


class Tenant:
    """What the mock keeps for one account.

    Args:
        name: The name of the account.
        settings: What all tenants have in common.

    Attributes:
        push_and_pull: Whether a report that is pushed can be fetched too; by default not (R14).
    """

    def __init__(self, name: str, settings: SharedSettings) -> None:
        self.name = name
        self.settings = settings
        self.clock = Clock(settings.machine_now, settings.clock_mode)
        self.store: Store = settings.new_store()
        self.pushes = pushes.Pushes(settings.poster)
        self.faults = Faults()
        self.request_log = RequestLog(settings.journal)
        self.push_and_pull = False
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def log(self, request: Request) -> LoggedRequest:
        """Log a request that has arrived."""
        return self.request_log.begin(self.clock.now(), self.settings.machine_now(), request)

    def report(self, message: Message) -> Any:
        """Return the report of a message: a model, or what was seeded as a JSON value."""
        return message.seed if message.call is None else simulation.report(message.call, self.settings.base_url)

    def settle(self) -> None:
        """Put every report that has fallen due into the queue, or schedule its push."""
        now = self.clock.now()
        for message in self.store.pop_due(now):
            terms = message.call.terms if message.call else None
            if terms is None or not terms.notify_url:
                self.store.enqueue(message)
                continue
            refused = pushes.refusal(terms.notify_url, self.settings.push_hosts)
            if refused:
                self.store.enqueue(message)
                self.pushes.refuse(message.message_id, terms.notify_url, now, refused)
                continue
            if self.push_and_pull:
                self.store.enqueue(message)
            else:
                self.store.move(message, ReportState.PUSHED)
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
        """Settle, begin the push attempts that are due, and set a timer for the next event.

        A manual clock gets neither attempts nor a timer: only `run` moves it.
        """
        self.settle()
        if self.clock.mode == "manual":
            return
        for push in self.pushes.pop_due(self.clock.now()):
            # Each attempt is a task, so that a slow receiver delays nobody else's push.
            task = asyncio.get_running_loop().create_task(self._attempt(push))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self.next_due()
        if due is not None:
            delay = min(self.clock.machine_time_until(due).total_seconds(), 3600.0)
            self._timer = asyncio.get_running_loop().call_later(delay, self.wake)

    async def _attempt(self, push: pushes.Push) -> None:
        await self.pushes.attempt(push, self.clock.now)
        self.wake()

    async def run(self, until: datetime | None) -> None:
        """Let everything that falls due up to `until` happen, in order.

        For None, go on until nothing is due. While an event happens, the clock stands at its
        moment, and at the end it stands at `until`.
        """
        while (due := self.next_due()) is not None and (until is None or due <= until):
            self.clock.set_manual(max(due, self.clock.now()))
            self.settle()
            due_now = list(self.pushes.pop_due(self.clock.now()))
            await asyncio.gather(*(self.pushes.attempt(push, self.clock.now) for push in due_now))
        if until is not None:
            self.clock.set_manual(max(until, self.clock.now()))

    def next_due(self) -> datetime | None:
        """Return when the next event is due, a report or a push attempt; None if none is."""
        return min((due for due in (self.store.next_due(), self.pushes.next_due()) if due is not None), default=None)

    def close(self) -> None:
        """Cancel the timer and the push attempts that are under way, and forget the requests."""
        self.request_log.clear()
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()


class Tenants:
    """The tenants of all accounts that have been used, each made when its account is first used.

    Args:
        settings: What they have in common.
    """

    def __init__(self, settings: SharedSettings) -> None:
        self._settings = settings
        self._tenants: OrderedDict[str, Tenant] = OrderedDict()

    def get(self, name: str) -> Tenant:
        """Return the tenant of the account of that name.

        When there are too many, the one that was made first is dropped.
        """
        tenant = self._tenants.get(name)
        if tenant is None:
            if len(self._tenants) >= MAX_TENANTS:
                self._tenants.popitem(last=False)[1].close()
            tenant = self._tenants[name] = Tenant(name, self._settings)
        return tenant

    def reset(self, name: str) -> None:
        """Drop everything that the mock keeps for the account of that name."""
        tenant = self._tenants.pop(name, None)
        if tenant is not None:
            tenant.close()

    def log_stray(self, request: Request) -> LoggedRequest:
        """Log a request that names no account that exists, by the machine's clock."""
        now = self._settings.machine_now()
        return self._settings.journal.strays.begin(now, now, request)

    @property
    def strays(self) -> RequestLog:
        """The requests that name no account that exists."""
        return self._settings.journal.strays

    def __contains__(self, name: str) -> bool:
        """Return whether the account of that name has been used."""
        return name in self._tenants

    def __iter__(self) -> Iterator[Tenant]:
        return iter(self._tenants.values())
