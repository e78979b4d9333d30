"""Every store behaves the same; for now there is one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from infobip_voice_mock.store import MemoryStore, Message, ReportState, Store

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

NewStore = Callable[[int], Store]


@pytest.fixture(params=[MemoryStore])
def new_store(request: pytest.FixtureRequest) -> NewStore:
    return request.param


def add(store: Store, *names: str, bulk_id: str | None = None, minutes: int = 0) -> None:
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


def test_the_oldest_message_is_forgotten_when_it_is_full(new_store):
    """`dropped` counts the forgotten reports that nobody got, and no others."""
    store = new_store(2)
    add(store, "a", "b", "c", bulk_id="B")
    assert store.dropped == 1
    settle(store)
    assert taken(store, 5, "B") == ["b", "c"]
    add(store, "d")
    assert store.dropped == 1
    assert [store.get(name) is not None for name in "abcd"] == [False, False, True, True]
    settle(store)
    add(store, "e", "f")
    assert store.dropped == 2
    assert taken(store) == []


def test_what_is_forgotten_before_its_time_leaves_no_trace(new_store):
    """However many messages are scheduled, the store remembers only so many."""
    store = new_store(3)
    for number in range(100):
        add(store, f"m-{number}", minutes=5)
    settle(store, minutes=5)
    assert taken(store) == ["m-97", "m-98", "m-99"]
    assert store.dropped == 97


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


def test_counts_of_what_is_dropped(new_store):
    """A dropped message no longer counts, whatever its state was."""
    store = new_store(6)
    add(store, "a", "b", "c", "d")
    settle(store)
    taken(store, 2)
    add(store, "e", "f", minutes=9)
    assert store.counts() == {"scheduled": 2, "waiting": 2, "consumed": 2, "pushed": 0}
    expected = [
        {"scheduled": 3, "waiting": 2, "consumed": 1, "pushed": 0},
        {"scheduled": 4, "waiting": 2, "consumed": 0, "pushed": 0},
        {"scheduled": 5, "waiting": 1, "consumed": 0, "pushed": 0},
        {"scheduled": 6, "waiting": 0, "consumed": 0, "pushed": 0},
        {"scheduled": 6, "waiting": 0, "consumed": 0, "pushed": 0},
    ]
    for name, counts in zip("ghijk", expected, strict=True):
        add(store, name, minutes=9)
        assert store.counts() == counts


def test_a_message_keeps_what_it_is_made_of():
    """It is a call or a seeded report, with its ids, and its report is not due yet."""
    call = object()
    launched, seeded = Message("a", "B", call), Message("b", None, seed={"messageId": "b"})
    assert (launched.message_id, launched.bulk_id, launched.call, launched.seed) == ("a", "B", call, None)
    assert (seeded.message_id, seeded.bulk_id, seeded.call, seeded.seed) == ("b", None, None, {"messageId": "b"})
    assert launched.state == seeded.state == "scheduled"
