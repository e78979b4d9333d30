"""The pushes of one account are attempted in order, and so many are kept."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx
import pytest

from infobip_voice_mock.pushes import HttpPoster, Push, Pushes, is_allowed, refusal

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Receiver:
    """Answers each push with the next status or error, and takes a second for it."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.seen = []
        self.now = NOON

    def clock(self):
        return self.now

    async def post(self, url, headers, body):
        self.seen.append((url, headers, body))
        self.now += timedelta(seconds=1)
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise OSError(answer)
        return answer


def add(pushes, *names, at=NOON):
    for name in names:
        pushes.add(name, f"http://127.0.0.1/{name}", {"a": "b"}, name.encode, at)


def attempt(pushes, receiver, times=1):
    """Make the attempts that are due, moving the clock to each; return when they were made."""
    made = []
    for _ in range(times):
        due = pushes.next_due()
        if due is None:
            break
        receiver.now = due
        [push] = pushes.pop_due(due)
        asyncio.run(pushes.attempt(push, receiver.clock))
        made.append(push.attempts[-1].at)
    return made


@pytest.mark.parametrize(
    ("answer", "state"),
    [(199, "pending"), (200, "delivered"), (204, "delivered"), (299, "delivered"), (300, "pending"), ("reset", "pending")],
)  # fmt: skip
def test_what_delivers_a_push(answer, state):
    """Only a 2xx delivers it; an attempt says when it began, and its status or what went wrong."""
    receiver = Receiver(answer)
    pushes = Pushes(receiver)
    add(pushes, "m")
    attempt(pushes, receiver)
    push = pushes.get("push-1")
    assert push.state == state
    assert push.attempts == [(NOON, answer, "") if isinstance(answer, int) else (NOON, None, answer)]
    assert receiver.seen == [("http://127.0.0.1/m", {"a": "b"}, b"m")]
    assert (pushes.next_due() is None) is (state == "delivered")


def test_a_push_is_repeated_twenty_times_and_then_given_up():
    """Each wait counts from when the failed attempt began (§9); after the last, nothing is due."""
    receiver = Receiver(*[500] * 30)
    pushes = Pushes(receiver)
    add(pushes, "m")
    made = attempt(pushes, receiver, 30)
    waits = [(later - earlier).total_seconds() / 60 for earlier, later in pairwise(made)]
    assert waits == [1 + n * n for n in range(20)]
    assert pushes.get("push-1").state == "exhausted"
    assert pushes.next_due() is None


@pytest.mark.parametrize(
    ("answers", "again", "state"),
    [([200], 500, "delivered"), ([500] * 21, 500, "exhausted"), ([500] * 21, 200, "delivered")],
)
def test_a_replay_does_not_schedule_a_push_that_is_done(answers, again, state):
    """A replay may deliver it; one that fails leaves it as it was."""
    receiver = Receiver(*answers, again)
    pushes = Pushes(receiver)
    add(pushes, "m")
    attempt(pushes, receiver, len(answers))
    asyncio.run(pushes.attempt(pushes.get("push-1"), receiver.clock))
    assert (pushes.get("push-1").state, pushes.next_due()) == (state, None)
    assert len(pushes.get("push-1").attempts) == len(answers) + 1


def test_pushes_fall_due_in_order():
    """They go by their time, then by when they were added; none is due before its time."""
    pushes = Pushes(Receiver())
    add(pushes, "late", at=NOON + timedelta(minutes=1))
    add(pushes, "b", "a", "c")
    assert pushes.next_due() == NOON
    assert list(pushes.pop_due(NOON - timedelta(microseconds=1))) == []
    assert [push.message_id for push in pushes.pop_due(NOON)] == ["b", "a", "c"]
    assert pushes.next_due() == NOON + timedelta(minutes=1)
    assert [push.message_id for push in pushes.pop_due(NOON + timedelta(hours=1))] == ["late"]
    assert pushes.next_due() is None


def test_a_push_is_due_when_it_was_last_scheduled():
    """Not when it was before that, and no more once it is delivered."""
    pushes = Pushes(Receiver())
    add(pushes, "a", at=NOON + timedelta(minutes=3))
    add(pushes, "b", "c", "d", at=NOON + timedelta(minutes=1))
    first = pushes.get("push-2")
    pushes.schedule(first, NOON + timedelta(minutes=2))
    later = [NOON + timedelta(minutes=minutes) for minutes in (1, 1, 2, 3)]
    assert list(pushes.due().items()) == list(zip(["push-3", "push-4", "push-2", "push-1"], later, strict=True))
    assert [push.id for push in pushes.pop_due(NOON + timedelta(minutes=1))] == ["push-3", "push-4"]
    assert (list(pushes.due()), pushes.next_due()) == (["push-2", "push-1"], NOON + timedelta(minutes=2))
    first.state = "delivered"
    assert (list(pushes.due()), pushes.next_due()) == (["push-1"], NOON + timedelta(minutes=3))
    assert [push.id for push in pushes.pop_due(NOON + timedelta(hours=1))] == ["push-1"]


def test_a_push_of_an_earlier_run_is_kept_and_goes_on():
    """It has no attempt until it is scheduled, and then waits as after those that it has had."""
    receiver = Receiver(500)
    pushes = Pushes(receiver)
    push = Push("push-7", "m", "http://127.0.0.1/m", {}, bytes, NOON)
    push.skip_waits(2)
    pushes.restore(push)
    pushes.last_number = 7
    assert (pushes.get("push-7"), pushes.due(), pushes.next_due()) == (push, {}, None)
    pushes.schedule(push, NOON)
    assert attempt(pushes, receiver) == [NOON]
    assert pushes.due() == {"push-7": NOON + timedelta(minutes=5)}
    add(pushes, "n")
    assert [each.id for each in pushes.newest()] == ["push-8", "push-7"]


def test_a_forgotten_push_leaves_no_trace():
    """Its id is not used again, and the others stay, the newest first."""
    pushes = Pushes(Receiver())
    add(pushes, "a", "b", "c")
    pushes.forget(pushes.get("push-2"))
    add(pushes, "d")
    assert [(push.id, push.message_id) for push in pushes.newest()] == [
        ("push-4", "d"),
        ("push-3", "c"),
        ("push-1", "a"),
    ]
    assert pushes.get("push-2") is None


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1", True),
        ("http://127.0.0.1:1/a?b", True),
        ("http://LOCALHOST/", True),
        ("http://[::1]/", True),
        ("http://allowed.example/", True),
        ("http://Allowed.Example:8080/", True),
        ("http://other.example/", False),
        ("http://127.0.0.1:0/", False),
        ("http://allowed.example:0/", False),
        ("http://127.0.0.1:65536/", False),
        ("http://[::1/", False),
        ("http:///path", False),
        ("", False),
    ],
)
def test_where_a_report_may_be_pushed(url, allowed):
    """A report goes to this machine or to a host that was named, at a port that can be (R14)."""
    assert is_allowed(url, ["allowed.example"]) is allowed


UNREACHABLE = "the URL has no host and port that could be reached"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1/a?b", ""),
        ("http://allowed.example/", ""),
        (
            "http://Other.example:81/",
            "the host other.example is not allowed; --allow-push-host other.example allows it",
        ),
        ("http://other.example:0/", UNREACHABLE),
        ("http://127.0.0.1:0/", UNREACHABLE),
        ("http://other.example:65536/", UNREACHABLE),
        ("http://[::1/", UNREACHABLE),
        ("http:///path", UNREACHABLE),
        ("", UNREACHABLE),
    ],
)
def test_why_a_report_may_not_be_pushed(url, reason):
    """The reason names the host and the option that allows it, or says that nothing could."""
    assert refusal(url, ["allowed.example"]) == reason


def test_a_refused_push_is_kept_and_never_attempted():
    """It has its place among the others, with the reason."""
    pushes = Pushes(Receiver())
    push = pushes.refuse("m", "http://other.example/", NOON, "not allowed")
    add(pushes, "n")
    assert pushes.get("push-1") is push
    assert (push.message_id, push.url, push.headers, push.body, push.at) == (
        "m",
        "http://other.example/",
        {},
        b"",
        NOON,
    )
    assert (push.state, push.reason, push.attempts) == ("refused", "not allowed", [])
    assert [push.id for push in pushes.newest()] == ["push-2", "push-1"]
    assert [push.id for push in pushes.pop_due(NOON)] == ["push-2"]


def test_a_push_that_waits_has_all_that_it_was_made_of():
    """So that a replay sends the same."""
    pushes = Pushes(Receiver())
    write = lambda: b"body"  # noqa: E731
    push = pushes.add("m", "http://127.0.0.1/m", {"a": "b"}, write, NOON)
    assert push == Push("push-1", "m", "http://127.0.0.1/m", {"a": "b"}, write, NOON, _waits=push._waits)
    assert (push.state, push.reason, push.body) == ("pending", "", b"body")
    assert pushes.get("push-1") is push


@pytest.mark.parametrize("status", [200, 302, 500])
def test_a_push_over_http(status, monkeypatch):
    """It is one POST: no proxy of the environment is used, and no redirect is followed."""
    requests = []

    async def answer(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        requests.append((head, await reader.readexactly(2)))
        writer.write(b"HTTP/1.1 %d X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n" % status)
        writer.close()

    async def scenario():
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            headers = {"Content-Type": "application/json", "X-Mine": "yes"}
            return await HttpPoster().post(f"http://127.0.0.1:{port}/reports?a=b", headers, b"{}")

    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert asyncio.run(scenario()) == status
    [(head, body)] = requests
    assert head.startswith(b"POST /reports?a=b HTTP/1.1\r\n")
    assert b"content-type: application/json\r\n" in head.lower()
    assert b"x-mine: yes\r\n" in head.lower()
    assert body == b"{}"


def test_one_client_for_all_pushes(monkeypatch):
    """Each client reads every certificate of the machine, so a hundred pushes at once share one.

    It follows no redirect, uses no proxy, keeps no connection, and leaves the timing to us.
    """
    made = []
    monkeypatch.setattr(httpx, "AsyncClient", lambda **options: made.append(options) or object())

    async def scenario():
        poster = HttpPoster()
        outcomes = await asyncio.gather(
            *(poster.post(f"http://127.0.0.1:1/{n}", {}, b"") for n in range(100)), return_exceptions=True
        )
        assert {str(outcome) for outcome in outcomes} == {"AttributeError"}  # our client has no `stream`

    asyncio.run(scenario())
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    assert made == [{"follow_redirects": False, "trust_env": False, "timeout": None, "limits": limits}]


def test_what_pushes_need_is_loaded_before_the_first(monkeypatch):
    """`prepare` makes the client, and nobody makes a second."""
    made = []
    monkeypatch.setattr(httpx, "AsyncClient", lambda **_: made.append(1) or object())

    async def scenario():
        poster = HttpPoster()
        await poster.prepare()
        assert made == [1]
        await asyncio.gather(poster.prepare(), poster.prepare())
        with pytest.raises(OSError, match="AttributeError"):
            await poster.post("http://127.0.0.1:1/", {}, b"")

    asyncio.run(scenario())
    assert made == [1]


@pytest.mark.parametrize("seconds", [0, 0.01])
def test_a_receiver_that_never_answers(seconds):
    """The attempt ends by itself, counts as failed, and is repeated; 0 is not to ask at all."""
    asked = []

    class Silent:
        async def post(self, url, headers, body):
            asked.append(url)
            await asyncio.Event().wait()

    pushes = Pushes(Silent())
    add(pushes, "m")
    [push] = pushes.pop_due(NOON)
    made = asyncio.run(pushes.attempt(push, lambda: NOON, seconds))
    assert made == (NOON, None, "no answer within 10 s")
    assert (push.state, push.attempts, pushes.next_due()) == ("pending", [made], NOON + timedelta(minutes=1))
    assert asked == (["http://127.0.0.1/m"] if seconds else [])
