"""What the mock keeps of its accounts is bounded, and the oldest goes first."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from infobip_voice_mock import tenants
from infobip_voice_mock.store import MemoryStore, Message

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_a_hundred_thousand_messages():
    """A store keeps so many unless it is told another number, and counts the reports it drops."""
    store = MemoryStore()
    for number in range(100_002):
        store.add(Message(f"m-{number}", None, seed={}), NOON + timedelta(days=1))
    kept = [message.message_id for message in store.newest()]
    assert (len(kept), kept[0], kept[-1]) == (100_000, "m-100001", "m-2")
    assert store.dropped == 2


def test_what_is_scheduled_is_bounded_too():
    """Messages that were dropped before their time do not stay in the schedule for ever."""
    store, sizes = MemoryStore(10), set()
    for number in range(1000):
        store.add(Message(f"m-{number}", None, seed={}), NOON)
        sizes.add(len(store._schedule))
    assert max(sizes) == 20  # twice as many as it keeps: a search for each message would be too slow
    assert [message.message_id for message in store.pop_due(NOON)] == [f"m-{number}" for number in range(990, 1000)]


def test_ten_thousand_accounts(monkeypatch):
    """With open tenants anybody can make one; the first that was made is dropped and stopped."""
    stopped = []

    def tenant(name, settings):
        return SimpleNamespace(name=name, close=lambda: stopped.append(name))

    monkeypatch.setattr(tenants, "Tenant", tenant)
    known = tenants.Tenants(None)
    for number in range(10_002):
        known.get(f"t-{number}")
    assert known.get("t-10001") is known.get("t-10001")
    kept = [each.name for each in known]
    assert (len(kept), kept[0], kept[-1]) == (10_000, "t-2", "t-10001")
    assert stopped == ["t-0", "t-1"]
