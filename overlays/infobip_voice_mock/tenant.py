"""A tenant: what the mock keeps for one account, apart from all the others.

An account is what credentials belong to; its tenant is the clock, the messages, the pushes, the
faults and the request log that go with it.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from itertools import islice
from typing import Any

from infobip_voice_mock import pushes
from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.clock import Clock, ClockMode
from infobip_voice_mock.editions import EDITIONS
from infobip_voice_mock.faults import Faults
from infobip_voice_mock.lanes import Lanes, Patience
from infobip_voice_mock.reports import flat_report, pushed_document
from infobip_voice_mock.request import Request
from infobip_voice_mock.request_log import LoggedRequest, RequestLog
from infobip_voice_mock.shared_settings import SharedSettings
from infobip_voice_mock.simulation import Call
from infobip_voice_mock.store import Message, ReportState, Store

__all__ = ["Tenant"]

MAX_EVENTS_IN_A_TURN = 500
"""When more fall due at once, requests have their turn in between."""

_ENDS = {
    HTTPStatus.CONFLICT: "the account was reset while this request waited, so that it has no effect",
    HTTPStatus.SERVICE_UNAVAILABLE: "the mock stops, so that this request has no effect",
}


class Tenant:
    """What the mock keeps for one account.

    Args:
        name: The name of the account.
        settings: What all tenants have in common.

    Attributes:
        edition: The edition that the account speaks: in what it writes from now on, and in what is
            launched from now on.
        push_and_pull: Whether a report that is pushed can be fetched too; by default not (R14).
        full: Whether the last launch was refused for lack of room.
        launching: Who holds it, launches: one at a time.
    """

    def __init__(self, name: str, settings: SharedSettings) -> None:
        self.name = name
        self.settings = settings
        self.clock = Clock(settings.machine_now, settings.clock_mode)
        self.store: Store = settings.new_store(settings.capacity, self._forget)
        self.pushes = pushes.Pushes(settings.poster)
        self.faults = Faults()
        self.request_log = RequestLog(settings.journal)
        self.edition = settings.edition
        self.push_and_pull = False
        self.full = False
        self._timer: asyncio.TimerHandle | None = None
        self._lanes = Lanes(self._attempt, self._put_back, settings.push_slots, settings.prepare_pushes)
        self.launching = asyncio.Lock()
        self._moving = asyncio.Lock()
        self._end: HTTPStatus | None = None

    def check(self) -> None:
        """Refuse what goes on after it has waited, if the account has ended meanwhile.

        Raises:
            Refusal: 409 if the account was reset, 503 if the mock stops.
        """
        if self._end is not None:
            raise Refusal.of(self._end, _ENDS[self._end])

    def log(self, request: Request) -> LoggedRequest:
        """Log a request that has arrived."""
        return self.request_log.begin(self.clock.now(), self.settings.machine_now(), request)

    def report(self, message: Message) -> Any:
        """Return the report of a message: a model, or what was seeded as a JSON value."""
        return message.seed if message.call is None else flat_report(message.call, self.edition, self.settings.base_url)

    def settle(self, most: int | None = None) -> None:
        """Queue every report that has fallen due, or the first `most`, or send it on its way."""
        now = self.clock.now()
        for message in islice(self.store.pop_due(now), most):
            call = message.call
            if call is None or not call.terms.notify_url:
                self.store.enqueue(message)
                continue
            refused = pushes.refusal(call.terms.notify_url, self.settings.push_hosts)
            if refused:
                self.store.enqueue(message)
                message.push = self.pushes.refuse(message.message_id, call.terms.notify_url, now, refused)
                continue
            write = partial(pushed_document, call, self.edition, self.settings.base_url)
            message.push = self.pushes.add(message.message_id, call.terms.notify_url, _headers(call), write, now)
            message.push.edition = self.edition.name
            if self.push_and_pull:
                self.store.enqueue(message)
            else:
                self.store.move(message, ReportState.PUSHED)

    def restored_push(self, call: Call, push_id: str, at: datetime, edition: str) -> pushes.Push:
        """Return the push of a call as it was made before, in an edition; none for a refused one.

        No attempt is scheduled.
        """
        headers = _headers(call) if edition else {}
        write = partial(pushed_document, call, EDITIONS[edition], self.settings.base_url) if edition else bytes
        push = pushes.Push(push_id, call.message_id, call.terms.notify_url, headers, write, at)
        push.edition = edition
        return push

    def _forget(self, message: Message) -> None:
        if message.push is not None:
            self.pushes.forget(message.push)

    def wake(self) -> None:
        """Settle, begin the push attempts that are due, and set a timer for the next event.

        A manual clock gets neither attempts nor a timer: only `run` moves it.
        """
        if self._end is not None:
            return
        self.settle(MAX_EVENTS_IN_A_TURN)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.clock.mode == "manual":
            return
        for push in islice(self.pushes.pop_due(self.clock.now()), MAX_EVENTS_IN_A_TURN):
            self._lanes.submit(push)
        due = self.next_due()
        if due is not None:
            delay = min(self.clock.machine_time_until(due).total_seconds(), 3600.0)
            self._timer = asyncio.get_running_loop().call_later(delay, self.wake)

    async def _attempt(self, push: pushes.Push, patience: Patience | None) -> None:
        if patience is None:
            await self.attempt(push)
            self.wake()
        elif (await self.attempt(push, patience.seconds(push.url))).error == pushes.NO_ANSWER:
            patience.exhausted(push.url)

    async def attempt(self, push: pushes.Push, seconds: float = pushes.MAX_SECONDS_TO_ANSWER) -> pushes.PushAttempt:
        """Make a push attempt now, wait so many seconds for its answer, and return it."""
        made = await self.pushes.attempt(push, self.clock.now, seconds)
        message = self.store.get(push.message_id)
        if message is not None:
            self.store.review(message)
        return made

    def _put_back(self, push: pushes.Push) -> None:
        self.pushes.schedule(push, self.clock.now())

    async def set_clock(self, mode: ClockMode, now: datetime | None = None) -> None:
        """Let the clock follow the machine, or stand still at `now`, by default where it is."""
        async with self._moving:
            if mode == "manual":
                self.clock.set_manual(now)
            else:
                self.clock.set_real()
            self.wake()

    async def run(self, distance: timedelta | datetime | None) -> None:
        """Let everything that falls due up to a moment happen, in order.

        While an event happens, the clock stands at its moment, and at the end it stands at the last
        one. Two who move the clock at once do so one after the other, each the whole distance.

        Args:
            distance: How far to go, or until when; None to go on until nothing is due.

        Raises:
            Refusal: 409 if the clock follows the machine, if the move leads beyond the last year
                that there is, or if the account was reset meanwhile.
        """
        async with self._moving:
            if self.clock.mode != "manual":
                text = 'this clock follows the machine; PUT {"mode": "manual"} to it first'
                raise Refusal.of(HTTPStatus.CONFLICT, text)
            try:
                until = self.clock.now() + distance if isinstance(distance, timedelta) else distance
            except OverflowError:
                raise Refusal.of(HTTPStatus.CONFLICT, "leads beyond the last year that there is") from None
            patience = Patience()
            while self._end is None and (due := self.next_due()) is not None and (until is None or due <= until):
                self.clock.set_manual(max(due, self.clock.now()))
                self.settle(MAX_EVENTS_IN_A_TURN)
                ready = islice(self.pushes.pop_due(self.clock.now()), MAX_EVENTS_IN_A_TURN)
                over = [self._lanes.submit(push, patience) for push in ready]
                # Without pushes too, others get their turn: there may be many events.
                await (asyncio.wait(over) if over else asyncio.sleep(0))
            self.check()
            if until is not None:
                self.clock.set_manual(max(until, self.clock.now()))

    def next_due(self) -> datetime | None:
        """Return when the next event is due, a report or a push attempt; None if none is."""
        return min((due for due in (self.store.next_due(), self.pushes.next_due()) if due is not None), default=None)

    @property
    def idle(self) -> bool:
        """Whether nothing is lost if the account is forgotten: nothing waits and nothing is set."""
        set_up = (
            self.clock.touched or self.faults.all() or self.push_and_pull or self.edition is not self.settings.edition
        )
        return self.store.all_done and not set_up

    def close(self) -> None:
        """End, because the account was reset: nothing is kept, and there is no push."""
        self._stop(HTTPStatus.CONFLICT)
        self.store.clear()
        self.request_log.clear()

    def stop(self) -> None:
        """End, because the mock stops: everything is kept, and there is no push."""
        self._stop(HTTPStatus.SERVICE_UNAVAILABLE)

    def _stop(self, end: HTTPStatus) -> None:
        self._end = end
        if self._timer is not None:
            self._timer.cancel()
        self._lanes.close()


def _headers(call: Call) -> dict[str, str]:
    return {"content-type": call.terms.notify_content_type, "user-agent": "infobip-voice-mock"}
