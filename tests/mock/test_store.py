"""Every store behaves the same; for now there is one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.capacity import MESSAGE_BYTES, Capacity, Limits
from infobip_voice_mock.pushes import Push
from infobip_voice_mock.store import MemoryStore, Message, ReportState, Store

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

NewStore = Callable[[int], Store]


@pytest.fixture(params=[MemoryStore])
def new_store(request: pytest.FixtureRequest) -> NewStore:
    return lambda messages: request.param(Capacity(Limits(messages=messages)))


def add(store: Store, *names: str, bulk_id: str | None = None, minutes: int = 0) -> None:
    store.reserve(len(names), len(names) * MESSAGE_BYTES)
    for name in names:
        store.add(Message(name, bulk_id, seed={}), NOON + timedelta(minutes=minutes))


def settle(store: Store, minutes: int = 0) -> None:
    for message in store.pop_due(NOON + timedelta(minutes=minutes)):
        store.enqueue(message)


def taken(store: Store, limit: int = 100, bulk_id: str | None = None, message_id: str | None = None) -> list[str]:
    return [message.message_id for message in store.take(limit, bulk_id, message_id)]


def test_a_report_waits_from_when_it_is_due(new_store):
    """Reports wait in the order in which they fall due; of equal ones, the first added is first."""
    store = new_store(10)
    add(store, "late", minutes=2)
    add(store, "a", "b", minutes=1)
    assert store.next_due() == NOON + timedelta(minutes=1)
    settle(store)
    assert taken(store) == []
    settle(store, minutes=2)
    assert taken(store) == ["a", "b", "late"]
    assert store.next_due() is None


def test_only_the_oldest_that_match_are_taken(new_store):
    """Filters count before the limit; what is taken is gone, and the rest stays."""
    store = new_store(10)
    add(store, "a", "b", "c", bulk_id="B")
    add(store, "d", "e")
    settle(store)
    assert taken(store, 2, "B") == ["a", "b"]
    assert taken(store, 5, "B", "d") == []
    assert taken(store, 5, None, "d") == ["d"]
    assert taken(store, 5, "B", "c") == ["c"]
    assert taken(store, 5, "B") == []
    assert taken(store) == ["e"]


def test_a_taken_report_can_wait_again(new_store):
    """It waits behind the others, and only once."""
    store = new_store(10)
    add(store, "a", "b", bulk_id="B")
    settle(store)
    assert taken(store, 1) == ["a"]
    store.enqueue(store.get("a"))
    store.enqueue(store.get("a"))
    assert taken(store, 5, "B") == ["b", "a"]


def test_what_is_done_is_forgotten_first(new_store):
    """What was consumed first goes first, and nothing that waits; an unknown id is free again."""
    store = new_store(4)
    add(store, "a", "b", "c", "d", bulk_id="B")
    settle(store)
    assert taken(store, 1, None, "c") == ["c"]
    assert taken(store, 1) == ["a"]
    add(store, "e")
    assert [message.message_id for message in store.newest()] == ["e", "d", "b", "a"]
    assert (store.get("c"), store.forgotten) == (None, 1)
    add(store, "c")
    settle(store)
    assert taken(store) == ["b", "d", "e", "c"]


def test_a_report_that_waits_again_is_not_done(new_store):
    """It is not forgotten, and taken later it is the last to go."""
    store = new_store(3)
    add(store, "a", "b", "c")
    settle(store)
    assert taken(store, 2) == ["a", "b"]
    store.enqueue(store.get("a"))
    assert taken(store, 2) == ["c", "a"]
    store.reserve(2, 0)
    assert [message.message_id for message in store.newest()] == ["a"]


@pytest.mark.parametrize(
    ("state", "push", "done"),
    [
        (ReportState.SCHEDULED, None, False),
        (ReportState.WAITING, None, False),
        (ReportState.WAITING, "pending", False),
        (ReportState.WAITING, "delivered", False),
        (ReportState.WAITING, "refused", False),
        (ReportState.CONSUMED, None, True),
        (ReportState.CONSUMED, "pending", False),
        (ReportState.CONSUMED, "delivered", True),
        (ReportState.CONSUMED, "exhausted", True),
        (ReportState.CONSUMED, "refused", True),
        (ReportState.PUSHED, "pending", False),
        (ReportState.PUSHED, "delivered", True),
        (ReportState.PUSHED, "exhausted", True),
    ],
)
def test_what_is_done(new_store, state, push, done):
    """Nobody waits for a report that was handed out, or whose push came to its end."""
    told = []
    store = MemoryStore(Capacity(Limits(messages=1)), told.append)
    add(store, "a")
    [message] = store.pop_due(NOON)
    if push is not None:
        message.push = Push("push-1", "a", "http://127.0.0.1/", {}, bytes, NOON, state="pending")
    if state is ReportState.WAITING:
        store.enqueue(message)
    elif state is not ReportState.SCHEDULED:
        store.move(message, state)
    if push is not None:
        message.push.state = push
        store.review(message)
    assert (message.done, store.all_done) == (done, done)
    if done:
        store.reserve(1, 0)
        assert (store.get("a"), told) == (None, [message])
    else:
        with pytest.raises(Refusal, match="429"):
            store.reserve(1, 0)
        assert (store.get("a"), told) == (message, [])


def test_counts(new_store):
    """`counts` says how many reports are in each state."""
    store = new_store(10)
    add(store, "a", "b", "c")
    add(store, "later", minutes=9)
    settle(store)
    taken(store, 1)
    store.move(store.get("b"), ReportState.PUSHED)
    assert store.counts() == {"scheduled": 1, "waiting": 1, "consumed": 1, "pushed": 1}
    assert [message.message_id for message in store.newest()] == ["later", "c", "b", "a"]


def test_counts_of_what_is_forgotten(new_store):
    """A forgotten message no longer counts."""
    store = new_store(6)
    add(store, "a", "b", "c", "d")
    settle(store)
    taken(store, 2)
    add(store, "e", "f", minutes=9)
    assert store.counts() == {"scheduled": 2, "waiting": 2, "consumed": 2, "pushed": 0}
    store.reserve(1, 0)
    assert store.counts() == {"scheduled": 2, "waiting": 2, "consumed": 1, "pushed": 0}
    store.clear()
    assert store.counts() == {"scheduled": 0, "waiting": 0, "consumed": 0, "pushed": 0}
    assert (store.next_due(), list(store.newest()), taken(store)) == (None, [], [])


def test_what_is_reserved_is_taken(new_store):
    """Room counts from when it is reserved until its message is forgotten, or the store cleared."""
    store = new_store(4)
    store.reserve(1, 0)
    store.reserve(2, 0)
    with pytest.raises(Refusal, match="429"):
        store.reserve(2, 0)
    store.add(Message("a", None, seed={}), NOON)
    store.add(Message("b", None, seed={}), NOON)
    with pytest.raises(Refusal, match="429"):
        store.reserve(2, 0)
    settle(store)
    assert taken(store) == ["a", "b"]
    store.reserve(2, 0)
    assert ([message.message_id for message in store.newest()], store.forgotten) == (["b"], 1)
    store.reserve(1, 0)
    assert ([message.message_id for message in store.newest()], store.forgotten) == ([], 2)
    assert store.counts()["consumed"] == 0


def test_a_cleared_store_is_as_new(new_store):
    """Nothing is waited for, there is room for as many again, and nothing counts as forgotten."""
    store = new_store(4)
    add(store, "a", "b", "c", bulk_id="B")
    settle(store)
    taken(store, 1)
    store.reserve(1, 0)
    store.clear()
    assert (store.all_done, store.snapshot()) == (True, ([], {}, [], []))
    add(store, "a", "b", "c", "d", bulk_id="B")
    settle(store)
    assert taken(store, bulk_id="B") == ["a", "b", "c", "d"]
    assert (store.forgotten, store.counts()["consumed"]) == (0, 4)


def test_accounts_do_not_count_what_another_has_cleared():
    """The memory that all share is whole again: what waited, what was done, what was reserved."""
    capacity = Capacity(Limits(megabytes=1))
    store, other = MemoryStore(capacity), MemoryStore(capacity)
    store.reserve(3, 600_000)
    for name, size in (("a", 100_000), ("b", 200_000), ("c", 300_000)):
        store.add(Message(name, None, seed={}, size=size), NOON)
    settle(store)
    taken(store, 2)
    store.reserve(1, 450_000)
    assert (store.get("a"), capacity.bytes) == (None, 950_000)
    store.clear()
    assert capacity.bytes == 0
    other.reserve(1, 1_000_000)
    with pytest.raises(Refusal, match="429"):
        store.reserve(1, 1)


@pytest.mark.parametrize(
    ("size", "status", "text", "headers"),
    [
        (1_500_000, 413, "this needs 2 MB; the mock keeps 1 (--max-megabytes)", {}),
        (
            400_001,
            429,
            "the messages of all accounts take 1 MB at most (--max-megabytes), and those that wait leave too little "
            "room: fetch reports, or reset accounts",
            {"retry-after": "1"},
        ),
    ],
)
def test_a_refusal_for_want_of_memory(size, status, text, headers):
    """It says what is full, which option sets that, and what makes room; nothing is forgotten."""
    store = MemoryStore(Capacity(Limits(megabytes=1)))
    store.reserve(2, 700_000)
    for name, kept in (("a", 100_000), ("b", 600_000)):
        store.add(Message(name, None, seed={}, size=kept), NOON)
    settle(store)
    taken(store, 1)
    with pytest.raises(Refusal) as caught:
        store.reserve(1, size)
    assert (caught.value.status, caught.value.text, caught.value.headers) == (status, text, headers)
    assert store.forgotten == 0
    store.reserve(1, 400_000)
    assert store.forgotten == 1


def test_a_snapshot_brings_everything_back(new_store):
    """The queue and what is done keep their order, and what is scheduled falls due as before."""
    store = new_store(9)
    add(store, "a", "b", "c", "d", "e", "f", bulk_id="B")
    add(store, "late", minutes=2)
    add(store, "soon", "next", minutes=1)
    for message in store.pop_due(NOON):
        if message.message_id == "c":
            store.move(message, ReportState.PUSHED)
        else:
            store.enqueue(message)
    assert (taken(store, 1, None, "d"), taken(store, 1)) == (["d"], ["a"])
    store.enqueue(store.get("a"))
    kept = store.snapshot()
    assert [message.message_id for message in kept.messages] == [*"abcdef", "late", "soon", "next"]
    later = {
        "late": NOON + timedelta(minutes=2),
        "soon": NOON + timedelta(minutes=1),
        "next": NOON + timedelta(minutes=1),
    }
    assert (kept.due, kept.queue, kept.done) == (later, ["b", "e", "f", "a"], ["c", "d"])

    restored = new_store(9)
    restored.reserve(9, 9 * MESSAGE_BYTES)
    for message in kept.messages:
        restored.add(Message(message.message_id, message.bulk_id, seed={}), kept.due.get(message.message_id, NOON))
    states = [(name, ReportState.WAITING) for name in kept.queue]
    states += [("c", ReportState.PUSHED), ("d", ReportState.CONSUMED)]
    restored.place((restored.get(name), state) for name, state in states)
    assert restored.counts() == {"scheduled": 3, "waiting": 4, "consumed": 1, "pushed": 1}
    assert restored.snapshot()[1:] == (kept.due, kept.queue, ["c", "d"])
    assert restored.next_due() == NOON + timedelta(minutes=1)
    assert [message.message_id for message in restored.pop_due(NOON + timedelta(minutes=2))] == ["soon", "next", "late"]
    assert taken(restored, 2, "B") == ["b", "e"]


def test_a_push_that_outlives_its_message(new_store):
    """A message that was forgotten is not kept again when its push changes."""
    store = new_store(1)
    add(store, "a")
    [message] = store.pop_due(NOON)
    store.move(message, ReportState.PUSHED)
    store.reserve(1, 0)
    store.review(message)
    assert (store.all_done, store.snapshot()) == (True, ([], {}, [], []))


def test_a_message_keeps_what_it_is_made_of():
    """It is a call or a seeded report, with its ids, and its report is not due yet."""
    call = object()
    launched, seeded = Message("a", "B", call), Message("b", None, seed={"messageId": "b"})
    assert (launched.message_id, launched.bulk_id, launched.call, launched.seed) == ("a", "B", call, None)
    assert (seeded.message_id, seeded.bulk_id, seeded.call, seeded.seed) == ("b", None, None, {"messageId": "b"})
    assert launched.state == seeded.state == "scheduled"
