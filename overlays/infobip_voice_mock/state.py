"""An account as a JSON document, so that a restart keeps its calls, queue, clock and pushes.

Passwords, API keys, faults and the log of requests are not in it; telephone numbers are, and the
URLs that reports are pushed to.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_type_hints

import msgspec

from infobip_voice_mock.clock import ClockMode
from infobip_voice_mock.editions import EditionName
from infobip_voice_mock.pushes import PushState
from infobip_voice_mock.simulation import Call, CallTerms
from infobip_voice_mock.store import ReportState

__all__ = [
    "VERSION",
    "AccountState",
    "StateError",
    "StoredAttempt",
    "StoredClock",
    "StoredItem",
    "StoredMessage",
    "StoredPush",
    "account_from",
    "check",
    "decode",
    "encode",
    "new_call",
    "new_terms",
    "push_number",
]

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
new_terms: Any = _Terms
"""Makes the terms of an item, from the attributes of `CallTerms`."""
new_call: Any = _Call
"""Makes a call, from those of `Call` but for what its item has, and the position of the `item`."""


class StoredAttempt(msgspec.Struct, rename="camel"):
    """A push attempt; see `PushAttempt`."""

    at: datetime
    status: int | None
    error: str


class StoredPush(msgspec.Struct, rename="camel"):
    """A push; see `Push`. `due` is when its next attempt is due; None if there is none."""

    id: str
    at: datetime
    due: datetime | None
    state: PushState
    reason: str
    edition: EditionName | Literal[""]
    attempts: list[StoredAttempt]


class StoredItem(msgspec.Struct, rename="camel"):
    """What the calls of one `messages[]` item share: their terms, and the item as it was sent."""

    terms: _Terms
    message: dict[str, Any]


class StoredMessage(msgspec.Struct, rename="camel"):
    """A message; see `Message`. `due` is when its report is due; None if it is not scheduled."""

    message_id: str
    bulk_id: str | None
    size: int
    state: ReportState
    due: datetime | None
    call: _Call | None
    seed: dict[str, Any] | None
    push: StoredPush | None


class StoredClock(msgspec.Struct, rename="camel"):
    """The clock: its mode and, for a manual one, where it stands."""

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
        attempts: The ids of the pending pushes, in the order in which their next attempts fall due.
        done: The ids of the messages that nobody waits for, in the order in which they may be
            forgotten.
    """

    version: Literal[1]
    name: str
    clock: StoredClock
    edition: EditionName
    push_and_pull: bool
    last_request: int
    last_push: int
    forgotten: int
    items: list[StoredItem]
    messages: list[StoredMessage]
    queue: list[str]
    attempts: list[str]
    done: list[str]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: Literal[1]
    accounts: list[AccountState]


class _Head(msgspec.Struct):
    version: int


def push_number(push_id: str) -> int:
    """Return the number in the id of a push; -1 if there is none."""
    digits = push_id.removeprefix("push-")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else -1


def check(state: AccountState) -> None:
    """Refuse a state that contradicts itself.

    Raises:
        StateError: It does; the text says where.
    """
    names = [message.message_id for message in state.messages]
    by_id = dict(zip(names, state.messages, strict=True))
    waiting = [message.message_id for message in state.messages if message.state is ReportState.WAITING]
    pushes = [message.push.id for message in state.messages if message.push is not None]
    contradictions = {
        "messages: an id comes twice": len(by_id) < len(names),
        "messages: a push comes twice": len(set(pushes)) < len(pushes),
        "messages: a push has no number up to lastPush": any(
            not 0 < push_number(push_id) <= state.last_push for push_id in pushes
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
        "attempts: these are not the pushes that are pending": sorted(state.attempts)
        != sorted(message.push.id for message in state.messages if message.push and message.push.state == "pending"),
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
