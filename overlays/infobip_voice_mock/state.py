"""An account as a JSON document, so that a restart keeps its calls, queue, clock and pushes.

Passwords, API keys, faults and the log of requests are not in it; telephone numbers are, and the
URLs that reports are pushed to.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast, get_type_hints

import msgspec

from infobip_voice_mock.clock import ClockMode
from infobip_voice_mock.editions import EDITIONS, EditionName
from infobip_voice_mock.pushes import PushAttempt, PushState
from infobip_voice_mock.simulation import Call, CallTerms
from infobip_voice_mock.store import Message, ReportState
from infobip_voice_mock.tenant import SharedSettings, Tenant

__all__ = ["VERSION", "AccountState", "StateError", "account_from", "account_state", "decode", "encode", "tenant_of"]

VERSION: Final = 1
"""The version of the document. A change that an older mock would misread needs a new one."""


class StateError(ValueError):
    """A document that is not the state of an account, or not of this version; the text says why."""


# Field by field, so that what a call gains is kept without another edit. What the calls of a
# message share is kept once.
if TYPE_CHECKING:
    _Terms: TypeAlias = Any
    _Call: TypeAlias = Any
else:
    _Terms = msgspec.defstruct("_Terms", list(get_type_hints(CallTerms).items()), rename="camel")
    _of_its_own = [each for each in get_type_hints(Call).items() if each[0] not in ("terms", "message")]
    _Call = msgspec.defstruct("_Call", [("item", int), *_of_its_own], rename="camel")
_new_terms: Any = _Terms
_new_call: Any = _Call


class _Attempt(msgspec.Struct, rename="camel"):
    at: datetime
    status: int | None
    error: str


class _Push(msgspec.Struct, rename="camel"):
    id: str
    at: datetime
    due: datetime | None
    state: PushState
    reason: str
    edition: EditionName | Literal[""]
    attempts: list[_Attempt]


class _Item(msgspec.Struct, rename="camel"):
    terms: _Terms
    message: dict[str, Any]


class _Message(msgspec.Struct, rename="camel"):
    message_id: str
    bulk_id: str | None
    size: int
    state: ReportState
    due: datetime | None
    call: _Call | None
    seed: dict[str, Any] | None
    push: _Push | None


class _Clock(msgspec.Struct, rename="camel"):
    mode: ClockMode
    now: datetime


class AccountState(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The state of an account, as it is written.

    Attributes:
        version: The version of the document.
        name: The name of the account.
        clock: The mode of the clock and, for a manual one, where it stands.
        edition: The edition that it speaks.
        push_and_pull: Whether a report that is pushed can be fetched too.
        last_request: The number of the newest request.
        last_push: The number of the newest push.
        forgotten: How many messages were forgotten to make room.
        items: What the calls of each `messages[]` item share; calls name theirs by its position.
        messages: The messages, the oldest first.
        queue: The ids of the messages whose reports wait, in the order in which they are handed
            out.
        done: The ids of the messages that nobody waits for, in the order in which they may be
            forgotten.
    """

    version: Literal[1]
    name: str
    clock: _Clock
    edition: EditionName
    push_and_pull: bool
    last_request: int
    last_push: int
    forgotten: int
    items: list[_Item]
    messages: list[_Message]
    queue: list[str]
    done: list[str]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: Literal[1]
    accounts: list[AccountState]


class _Head(msgspec.Struct):
    version: int


def account_state(tenant: Tenant) -> AccountState:
    """Return the state of an account."""
    kept = tenant.store.snapshot()
    pushes_due = tenant.pushes.due()
    items: dict[tuple[int, int], int] = {}
    listed: list[_Item] = []
    messages: list[_Message] = []
    for message in kept.messages:
        call: Any = None
        if message.call is not None:
            terms, raw = message.call.terms, message.call.message
            index = items.setdefault((id(terms), id(raw)), len(listed))
            if index == len(listed):
                listed.append(_Item(_new_terms(**terms._asdict()), raw))
            fields = message.call._asdict()
            del fields["terms"], fields["message"]
            call = _new_call(item=index, **fields)
        push = message.push
        messages.append(
            _Message(
                message.message_id,
                message.bulk_id,
                message.size,
                message.state,
                kept.due.get(message.message_id),
                call,
                message.seed,
                None
                if push is None
                else _Push(
                    push.id,
                    push.at,
                    # An attempt that is under way while the state is written is made again.
                    pushes_due.get(push.id, tenant.clock.now()) if push.state == "pending" else None,
                    push.state,
                    push.reason,
                    cast("EditionName", push.edition),
                    [_Attempt(*attempt) for attempt in push.attempts],
                ),
            )
        )
    return AccountState(
        version=VERSION,
        name=tenant.name,
        clock=_Clock(tenant.clock.mode, tenant.clock.now()),
        edition=tenant.edition.name,
        push_and_pull=tenant.push_and_pull,
        last_request=tenant.request_log.last_number,
        last_push=tenant.pushes.last_number,
        forgotten=tenant.store.forgotten,
        items=listed,
        messages=messages,
        queue=kept.queue,
        done=kept.done,
    )


def tenant_of(state: AccountState, name: str, settings: SharedSettings) -> Tenant:
    """Return a new tenant of that name in a state.

    Raises:
        StateError: The state contradicts itself.
        Refusal: There is no room for it.
    """
    _check(state)
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
        _number(message.push.id): (message.message_id, message.push) for message in state.messages if message.push
    }
    for _, (message_id, was) in sorted(stored.items()):
        message = by_id[message_id]
        if message.call is None:
            continue
        push = message.push = tenant.restored_push(message.call, was.id, was.at, was.edition)
        push.state, push.reason = was.state, was.reason
        push.attempts = [PushAttempt(each.at, each.status, each.error) for each in was.attempts]
        tenant.pushes.restore(push)
        if was.due is not None:
            push.skip_waits(len(push.attempts))
            tenant.pushes.schedule(push, was.due)
    tenant.pushes.last_number = state.last_push


def _number(push_id: str) -> int:
    digits = push_id.removeprefix("push-")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else -1


def _in_order(state: AccountState) -> Iterable[str]:
    """Return the ids of the messages that are not scheduled, in an order that keeps both orders."""
    placed = dict.fromkeys([*state.done, *state.queue])
    others = (
        message.message_id
        for message in state.messages
        if message.state is not ReportState.SCHEDULED and message.message_id not in placed
    )
    return [*placed, *others]


def _check(state: AccountState) -> None:
    names = [message.message_id for message in state.messages]
    by_id = dict(zip(names, state.messages, strict=True))
    waiting = [message.message_id for message in state.messages if message.state is ReportState.WAITING]
    pushes = [message.push.id for message in state.messages if message.push is not None]
    contradictions = {
        "messages: an id comes twice": len(by_id) < len(names),
        "messages: a push comes twice": len(set(pushes)) < len(pushes),
        "messages: a push has no number up to lastPush": any(
            not 0 < _number(push_id) <= state.last_push for push_id in pushes
        ),
        "messages: a refused push has an edition, or another has none": any(
            message.push is not None and (message.push.state == "refused") != (not message.push.edition)
            for message in state.messages
        ),
        "messages: a seeded report is pushed": any(
            message.push is not None and message.call is None for message in state.messages
        ),
        "messages: a size is below 0": any(message.size < 0 for message in state.messages),
        "messages: one has neither a call nor a seed, or both": any(
            (message.call is None) == (message.seed is None) for message in state.messages
        ),
        "messages: one is scheduled and not due, or due and not scheduled": any(
            (message.state is ReportState.SCHEDULED) != (message.due is not None) for message in state.messages
        ),
        "messages: a call has an item that is not there": any(
            message.call is not None and not 0 <= message.call.item < len(state.items) for message in state.messages
        ),
        "messages: a call has the id of another message": any(
            message.call is not None and message.call.message_id != message.message_id for message in state.messages
        ),
        "messages: a pending push is not due": any(
            message.push is not None and (message.push.state == "pending") != (message.push.due is not None)
            for message in state.messages
        ),
        "queue: these are not the messages that wait": sorted(waiting) != sorted(state.queue),
        "done: one is not a message whose report is gone": any(
            name not in by_id or by_id[name].state not in (ReportState.CONSUMED, ReportState.PUSHED)
            for name in state.done
        ),
    }
    for text, holds in contradictions.items():
        if holds:
            raise StateError(f"the state of account {state.name} contradicts itself: {text}")


def encode(states: Iterable[AccountState]) -> bytes:
    """Write the states of several accounts as one document."""
    return msgspec.json.format(msgspec.json.encode(_File(VERSION, list(states))), indent=1) + b"\n"


def decode(document: bytes) -> list[AccountState]:
    """Read a document that `encode` has written.

    Raises:
        StateError: It is none, or of another version.
    """
    try:
        _expect(msgspec.json.decode(document, type=_Head).version)
        return msgspec.json.decode(document, type=_File).accounts
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StateError(f"it is not a state that a mock has written: {error}") from None


def account_from(value: Any) -> AccountState:
    """Return the state of one account from a JSON value.

    Raises:
        StateError: It is none, or of another version.
    """
    try:
        _expect(msgspec.convert(value, _Head).version)
        return msgspec.convert(value, AccountState)
    except msgspec.ValidationError as error:
        raise StateError(f"it is not a state that a mock has written: {error}") from None


def _expect(version: int) -> None:
    if version != VERSION:
        raise StateError(f"its version is {version}, and this mock reads version {VERSION}")
