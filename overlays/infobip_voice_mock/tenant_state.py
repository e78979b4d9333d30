"""The state of a tenant: taken down, and made a tenant again."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import msgspec

from infobip_voice_mock.editions import EDITIONS, EditionName
from infobip_voice_mock.pushes import PushAttempt
from infobip_voice_mock.shared_settings import SharedSettings
from infobip_voice_mock.simulation import Call, CallTerms
from infobip_voice_mock.state import (
    VERSION,
    AccountState,
    StoredAttempt,
    StoredClock,
    StoredItem,
    StoredMessage,
    StoredPush,
    check,
    new_call,
    new_terms,
    push_number,
)
from infobip_voice_mock.store import Message, ReportState
from infobip_voice_mock.tenant import Tenant

__all__ = ["account_state", "tenant_of"]


def account_state(tenant: Tenant) -> AccountState:
    """Return the state of an account."""
    kept = tenant.store.snapshot()
    pushes_due = tenant.pushes.due()
    under_way = [push.id for push in tenant.pushes.newest() if push.state == "pending" and push.id not in pushes_due]
    under_way.reverse()
    items: dict[tuple[int, int], int] = {}
    listed: list[StoredItem] = []
    messages: list[StoredMessage] = []
    for message in kept.messages:
        call: Any = None
        if message.call is not None:
            terms, raw = message.call.terms, message.call.message
            index = items.setdefault((id(terms), id(raw)), len(listed))
            if index == len(listed):
                listed.append(StoredItem(new_terms(**terms._asdict()), raw))
            fields = message.call._asdict()
            del fields["terms"], fields["message"]
            call = new_call(item=index, **fields)
        push = message.push
        messages.append(
            StoredMessage(
                message.message_id,
                message.bulk_id,
                message.size,
                message.state,
                kept.due.get(message.message_id),
                call,
                message.seed,
                None
                if push is None
                else StoredPush(
                    push.id,
                    push.at,
                    # An attempt that is under way while the state is written is made again.
                    pushes_due.get(push.id, tenant.clock.now()) if push.state == "pending" else None,
                    push.state,
                    push.reason,
                    cast("EditionName", push.edition),
                    [StoredAttempt(*attempt) for attempt in push.attempts],
                ),
            )
        )
    return AccountState(
        version=VERSION,
        name=tenant.name,
        clock=StoredClock(tenant.clock.mode, tenant.clock.now()),
        edition=tenant.edition.name,
        push_and_pull=tenant.push_and_pull,
        last_request=tenant.request_log.last_number,
        last_push=tenant.pushes.last_number,
        forgotten=tenant.store.forgotten,
        items=listed,
        messages=messages,
        queue=kept.queue,
        attempts=list(dict.fromkeys([*under_way, *pushes_due])),
        done=kept.done,
    )


def tenant_of(state: AccountState, name: str, settings: SharedSettings) -> Tenant:
    """Return a new tenant of that name in a state.

    Raises:
        StateError: The state contradicts itself.
        Refusal: There is no room for it.
    """
    check(state)
    tenant = Tenant(name, settings)
    tenant.store.reserve(len(state.messages), sum(message.size for message in state.messages))
    if state.clock.mode == "manual":
        tenant.clock.set_manual(state.clock.now)
    elif tenant.clock.mode == "manual":
        tenant.clock.set_real()
    tenant.edition = EDITIONS[state.edition]
    tenant.push_and_pull = state.push_and_pull
    tenant.request_log.last_number = state.last_request
    terms = [CallTerms(**msgspec.structs.asdict(item.terms)) for item in state.items]
    by_id: dict[str, Message] = {}
    for stored in state.messages:
        call = None
        if stored.call is not None:
            fields: dict[str, Any] = msgspec.structs.asdict(stored.call)
            item: int = fields.pop("item")
            call = Call(**fields, terms=terms[item], message=state.items[item].message)
        message = Message(stored.message_id, stored.bulk_id, call, stored.seed, stored.size)
        by_id[stored.message_id] = message
        tenant.store.add(message, stored.due or tenant.clock.now())
    _restore_pushes(state, tenant, by_id)
    states = {stored.message_id: stored.state for stored in state.messages}
    tenant.store.place((by_id[name], states[name]) for name in _in_order(state))
    tenant.store.forgotten = state.forgotten
    return tenant


def _restore_pushes(state: AccountState, tenant: Tenant, by_id: Mapping[str, Message]) -> None:
    stored = {
        push_number(message.push.id): (message.message_id, message.push) for message in state.messages if message.push
    }
    for _, (message_id, was) in sorted(stored.items()):
        message = by_id[message_id]
        if message.call is None:
            continue
        push = message.push = tenant.restored_push(message.call, was.id, was.at, was.edition)
        push.state, push.reason = was.state, was.reason
        push.attempts = [PushAttempt(each.at, each.status, each.error) for each in was.attempts]
        tenant.pushes.restore(push)
        push.skip_waits(len(push.attempts))
    due = {each.push.id: each.push.due for each in state.messages if each.push is not None}
    for push_id in state.attempts:
        pending, at = tenant.pushes.get(push_id), due[push_id]
        if pending is not None and at is not None:
            tenant.pushes.schedule(pending, at)
    tenant.pushes.last_number = state.last_push


def _in_order(state: AccountState) -> Iterable[str]:
    """Return the ids of the messages that are not scheduled, in an order that keeps both orders."""
    placed = dict.fromkeys([*state.done, *state.queue])
    others = (
        message.message_id
        for message in state.messages
        if message.state is not ReportState.SCHEDULED and message.message_id not in placed
    )
    return [*placed, *others]
