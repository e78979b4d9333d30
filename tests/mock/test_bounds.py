"""What the mock keeps is bounded: what is done goes first, and what waits stays."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.capacity import Capacity, Limits
from infobip_voice_mock.store import MemoryStore, Message

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NUMBERS = ["41793026727", "41793026728", "41793026729"]

STEPS = st.one_of(
    st.tuples(st.just("launch"), st.integers(0, 1), st.lists(st.integers(1, 400_000), min_size=1, max_size=4)),
    st.tuples(st.just("fetch"), st.integers(0, 1), st.integers(1, 3)),
    st.tuples(st.just("requeue"), st.integers(0, 1), st.integers(0, 50)),
    st.tuples(st.just("reset"), st.integers(0, 1), st.just(0)),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_whatever_happens_nothing_that_waits_is_forgotten(steps):
    """Two accounts share a megabyte, and have five messages each: the model keeps what waits."""
    capacity = Capacity(Limits(messages=5, megabytes=1))
    stores = [MemoryStore(capacity), MemoryStore(capacity)]
    waiting: list[dict[str, int]] = [{}, {}]
    done: list[dict[str, int]] = [{}, {}]  # what may be forgotten
    number = 0
    for step, index, what in steps:
        store = stores[index]
        if step == "launch":
            before = [[message.message_id for message in each.newest()] for each in stores]
            room = 1_000_000 - sum(sum(sizes.values()) for sizes in waiting)
            fits = len(waiting[index]) + len(what) <= 5 and sum(what) <= room
            if not fits:
                with pytest.raises(Refusal, match="413" if sum(what) > 1_000_000 else "429"):
                    store.reserve(len(what), sum(what))
                assert [[message.message_id for message in each.newest()] for each in stores] == before
                continue
            store.reserve(len(what), sum(what))
            for size in what:
                number += 1
                store.add(Message(f"m-{number}", None, seed={}, size=size), NOON)
                waiting[index][f"m-{number}"] = size
            for message in store.pop_due(NOON):
                store.enqueue(message)
        elif step == "fetch":
            taken = [message.message_id for message in store.take(what, None, None)]
            assert taken == list(waiting[index])[:what]
            done[index] |= {name: waiting[index].pop(name) for name in taken}
        elif step == "requeue" and (message := store.get(f"m-{what}")) is not None and message.done:
            store.enqueue(message)
            waiting[index][f"m-{what}"] = done[index].pop(f"m-{what}")
        elif step == "reset":
            store.clear()
            stores[index] = MemoryStore(capacity)
            waiting[index], done[index] = {}, {}
        kept = [[message.message_id for message in each.newest()] for each in stores]
        for names, must, may in zip(kept, waiting, done, strict=True):
            assert set(must) <= set(names) <= {*must, *may}
            assert len(names) <= 5
        sizes = [{**must, **may} for must, may in zip(waiting, done, strict=True)]
        assert capacity.bytes == sum(sizes[i][name] for i in (0, 1) for name in kept[i]) <= 1_000_000


def test_the_longest_done_goes_first_whose_ever_it_is():
    """When memory is short, the other account's message goes, if it was done before ours."""
    capacity = Capacity(Limits(megabytes=1))
    mine, others = MemoryStore(capacity), MemoryStore(capacity)
    for store, name in ((mine, "a"), (others, "b"), (others, "c")):
        store.reserve(1, 300_000)
        store.add(Message(name, None, seed={}, size=300_000), NOON)
    for store in (others, mine):
        for message in store.pop_due(NOON):
            store.enqueue(message)
    assert [message.message_id for message in others.take(1, None, None)] == ["b"]
    assert [message.message_id for message in mine.take(1, None, None)] == ["a"]
    mine.reserve(1, 300_000)
    assert (mine.get("a") is None, others.get("b") is None, others.forgotten) == (False, True, 1)


def test_a_full_account_refuses_a_launch_and_keeps_everything(new_mock, caplog):
    """The refusal has the documented form and says what to do; the first of several is logged."""
    mock = new_mock(limits=Limits(messages=3))
    assert mock.ivr(*NUMBERS[:2]).status == 200
    with caplog.at_level(logging.WARNING, "infobip_voice_mock"):
        for _ in range(2):
            refused = mock.ivr(*NUMBERS[:2])
    assert (refused.status, refused.headers["retry-after"]) == (429, "1")
    text = (
        "an account keeps 3 messages (--max-messages), and 2 of this one's wait, so 2 more do not fit: "
        "fetch their reports, or reset the account"
    )
    assert refused.json == {"requestError": {"serviceException": {"messageId": "TOO_MANY_REQUESTS", "text": text}}}
    assert [record.getMessage() for record in caplog.records] == [f"refused a launch of account Aladdin: {text}"]
    assert len(mock.control("GET", "calls").json) == 2
    assert mock.ivr(NUMBERS[0]).status == 200  # one more does fit
    assert mock.ivr(NUMBERS[0]).status == 429
    assert len(mock.reports("?limit=2").json["results"]) == 2
    assert mock.ivr(*NUMBERS[:2]).status == 200
    assert mock.control("GET", "/_mock/tenants/Aladdin").json["forgotten"] == 2
    assert len(mock.waiting()) == 3
    assert len(caplog.records) == 2


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Limits(messages=2), "these are 3 messages; an account keeps 2 (--max-messages)"),
        (Limits(megabytes=1), "this needs 4 MB; the mock keeps 1 (--max-megabytes)"),
    ],
)
def test_a_launch_that_never_fits(new_mock, limits, text):
    """It gets 413: waiting would not help."""
    refused = new_mock(limits=limits).ivr(*NUMBERS, parameters={"a": "x" * 3_900_000})
    assert (refused.status, refused.json["requestError"]["serviceException"]["text"]) == (413, text)


def test_rejected_calls_need_no_room(new_mock):
    """A rejected message and a duplicate are not kept, so they count for nothing."""
    mock = new_mock(limits=Limits(messages=2))
    twice = {"to": NUMBERS[0], "messageId": "M"}
    answer = mock.ivr(twice, twice, "999214001", NUMBERS[1])
    assert [entry["status"]["name"] for entry in answer.json["messages"]] == [
        "PENDING_ACCEPTED",
        "REJECTED_DUPLICATE_MESSAGE_ID",
        "REJECTED_DESTINATION_BLOCKLISTED",
        "PENDING_ACCEPTED",
    ]


def test_the_accounts_share_the_memory(new_mock):
    """What one keeps, the other cannot; a reset gives it back. Seeds count like launches."""
    mock = new_mock(limits=Limits(megabytes=1), users={"Aladdin": "open sesame", "other": "x"})
    other = {"authorization": "Basic b3RoZXI6eA=="}
    seed = {"results": [{"messageId": "big", "alien": "x" * 600_000}]}
    assert mock.control("POST", "/_mock/tenants/other/reports", seed).status == 200
    refused = mock.ivr(NUMBERS[0], parameters={"a": "x" * 600_000})
    assert refused.status == 429
    assert "the messages of all accounts take 1 MB at most" in refused.json["requestError"]["serviceException"]["text"]
    assert mock.control("POST", "reports", seed).status == 429
    assert mock.control("DELETE", "/_mock/tenants/other").status == 204
    assert mock.ivr(NUMBERS[0], parameters={"a": "x" * 600_000}).status == 200
    assert mock.reports(**other).json == {"results": []}


def test_a_busy_account_outlives_any_number_of_idle_ones(new_mock):
    """The idle account that was used least recently goes; the busy one keeps its reports."""
    mock = new_mock(limits=Limits(accounts=3))
    mock.ivr({"to": NUMBERS[0], "messageId": "M"})
    for number in range(20):
        mock.control("GET", f"/_mock/tenants/other-{number}")
    names = [tenant["name"] for tenant in mock.control("GET", "/_mock/tenants").json]
    assert names == ["Aladdin", "other-18", "other-19"]
    mock.control("GET", "/_mock/tenants/other-18")
    mock.control("GET", "/_mock/tenants/other-20")
    assert "other-18" in [tenant["name"] for tenant in mock.control("GET", "/_mock/tenants").json]
    assert mock.waiting() == ["M"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "clock", {"mode": "manual"}),
        ("POST", "faults", {"kind": "throttled"}),
        ("PUT", "/_mock/tenants/Aladdin", {"pushedReports": "push-and-pull"}),
        ("POST", "reports", {"results": [{}]}),
    ],
)
def test_what_somebody_has_set_is_not_forgotten(new_mock, method, path, body):
    """Not a clock, a fault, a setting or a report: who would need the place is refused."""
    mock = new_mock(limits=Limits(accounts=1), open_tenants=True)
    assert mock.control(method, path, body).status == 200
    refused = mock.reports(authorization="Basic b3RoZXI6b3BlbiBzZXNhbWU=")
    assert refused.status == 429
    assert refused.json["requestError"]["serviceException"]["text"].startswith(
        "there are 1 accounts at most (--max-accounts), and each has"
    )
    assert mock.control("GET", "/_mock/tenants/other").status == 429
    assert mock.control("DELETE", "/_mock/tenants/Aladdin").status == 204
    assert mock.reports(authorization="Basic b3RoZXI6b3BlbiBzZXNhbWU=").status == 200


def test_a_hundred_thousand_messages():
    """An account keeps so many unless it is told another number."""
    store = MemoryStore(Capacity(Limits()))
    store.reserve(100_000, 150_000_000)
    for number in range(100_000):
        store.add(Message(f"m-{number}", None, seed={}), NOON + timedelta(days=1))
    with pytest.raises(Refusal, match="429"):
        store.reserve(1, 0)
