"""Push attempts begin in order, so many at once, and a move of the clock ends in time."""

import asyncio
import gc
import resource
from typing import Any

import pytest

import asgi
from infobip_voice_mock import create_app, lanes
from infobip_voice_mock.lanes import Lanes, Patience
from infobip_voice_mock.pushes import Push
from infobip_voice_mock.shared_settings import nothing

FIELDS = {"authorization": asgi.BASIC, "content-type": "application/json"}
CONTROL = {"host": "127.0.0.1", "content-type": "application/json"}


class Attempts:
    """Attempts that last until they are told to end."""

    def __init__(self, slots: int = 100) -> None:
        self.begun: list[str] = []
        self.patience: list[Patience | None] = []
        self.back: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self.lanes = Lanes(self._attempt, lambda push: self.back.append(push.id), asyncio.Semaphore(slots), nothing)

    async def _attempt(self, push: Push, patience: Patience | None) -> None:
        self.begun.append(push.id)
        self.patience.append(patience)
        await self._ends.setdefault(push.id, asyncio.Event()).wait()

    def submit(self, *names: str) -> list[asyncio.Future[None]]:
        """Submit pushes; the letter of a name is their receiver."""
        return [self.lanes.submit(Push(name, "m", f"http://{name[0]}.example/", {}, bytes, None)) for name in names]

    def allow(self, name: str) -> None:
        """Let an attempt end, now or as soon as it begins."""
        self._ends.setdefault(name, asyncio.Event()).set()

    async def end(self, *names: str) -> None:
        for name in names:
            self.allow(name)
        await turns()


async def turns() -> None:
    """Let the event loop go round until nothing that needs no time is left to do."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
def patient(monkeypatch):
    """Let an attempt have precedence until it is over."""
    monkeypatch.setattr(lanes, "SECONDS_OF_PRECEDENCE", 3600)


@pytest.fixture
def hasty(monkeypatch):
    """Let no attempt have precedence."""
    monkeypatch.setattr(lanes, "SECONDS_OF_PRECEDENCE", 0)


def test_eight_at_once_to_a_receiver_that_is_slow(hasty):
    """The ninth begins when one of the eight is over, whichever. No task fails meanwhile."""
    failures: list[dict[str, Any]] = []

    async def scenario() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))
        attempts = Attempts()
        names = [f"a{number}" for number in range(10)]
        attempts.submit(*names)
        await turns()
        assert attempts.begun == names[:8]
        await attempts.end("a3")
        assert attempts.begun == names[:9]
        await attempts.end(*names)
        gc.collect()  # a task that failed unseen is told when it is forgotten

    asyncio.run(scenario())
    assert failures == []


def test_one_at_a_time_to_a_receiver_that_answers(patient):
    """The next begins when the one before is over, also one that is submitted later."""

    async def scenario() -> None:
        attempts = Attempts()
        over = attempts.submit("a1", "a2", "a3")
        await turns()
        assert attempts.begun == ["a1"]
        await attempts.end("a1")
        assert attempts.begun == ["a1", "a2"]
        assert [future.done() for future in over] == [True, False, False]
        attempts.submit("a4")
        await attempts.end("a2", "a3")
        assert attempts.begun == ["a1", "a2", "a3", "a4"]
        await attempts.end("a4")
        attempts.submit("a5")
        await turns()
        assert attempts.begun == ["a1", "a2", "a3", "a4", "a5"]

    asyncio.run(scenario())


def test_eight_at_once_to_a_receiver_that_takes_its_time(hasty):
    """They still begin in order; a lane that has stopped and starts again counts the old ones."""

    async def scenario() -> None:
        attempts = Attempts()
        names = [f"a{number}" for number in range(20)]
        attempts.submit(*names[:6])
        await turns()
        assert attempts.begun == names[:6]
        attempts.submit(*names[6:])
        for expected in (8, 9, 10, 11):
            await turns()
            assert attempts.begun == names[:expected]
            await attempts.end(names[expected - 8])

    asyncio.run(scenario())


@pytest.mark.parametrize("later", range(6))
def test_what_is_submitted_as_a_lane_ends_is_not_left_behind(patient, later):
    """However soon after the last attempt that is."""

    async def scenario() -> None:
        attempts = Attempts()
        [over] = attempts.submit("a1")
        attempts.allow("a1")
        await over
        for _ in range(later):
            await asyncio.sleep(0)
        attempts.submit("a2", "a3")
        attempts.allow("a2")
        await turns()
        assert attempts.begun == ["a1", "a2", "a3"]
        await attempts.end("a3")
        assert list(attempts.lanes._lanes) == []

    asyncio.run(scenario())


def test_an_attempt_has_the_patience_of_its_move(patient):
    """Two moves of a clock may wait for one receiver, each as long as it has left."""

    async def scenario() -> None:
        attempts = Attempts()
        first, second = Patience(), Patience()
        for name, patience in (("a1", first), ("a2", second), ("a3", None)):
            attempts.allow(name)
            attempts.lanes.submit(Push(name, "m", "http://a.example/", {}, bytes, None), patience)
        await turns()
        assert attempts.patience == [first, second, None]  # which have no equals

    asyncio.run(scenario())


def test_receivers_do_not_wait_for_each_other(patient):
    """Not for one of another host, port or scheme; paths and credentials make no other receiver."""

    async def scenario() -> None:
        attempts = Attempts()
        urls = ["http://h/1", "http://u:p@h/2", "http://u:p@ss@H/3", "http://h:81/", "https://h/", "http://i/"]
        for number, url in enumerate(urls):
            attempts.lanes.submit(Push(str(number), "m", url, {}, bytes, None))
        await turns()
        assert attempts.begun == ["0", "3", "4", "5"]

    asyncio.run(scenario())


def test_the_slots_of_a_mock_are_shared(patient):
    """However many receivers there are, so many attempts are under way; a slot is given back."""

    async def scenario() -> None:
        attempts = Attempts(slots=3)
        attempts.submit("a1", "b1", "c1", "d1", "e1")
        await turns()
        assert attempts.begun == ["a1", "b1", "c1"]
        await attempts.end("b1")
        assert attempts.begun == ["a1", "b1", "c1", "d1"]

    asyncio.run(scenario())


@pytest.mark.parametrize("closed", [True, False])
def test_nothing_is_kept_of_a_receiver_that_has_all(patient, closed):
    """However many there were: a lane is forgotten with its last attempt, done or broken off."""

    async def scenario() -> None:
        attempts = Attempts()
        over = attempts.submit("a1", "a2", "b1")
        await attempts.end("b1")
        assert list(attempts.lanes._lanes) == ["http://a.example"]
        if closed:
            attempts.lanes.close()
        await attempts.end("a1", "a2")
        assert all(future.done() for future in over)
        assert list(attempts.lanes._lanes) == []

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("descriptors", "slots"),
    [(resource.RLIM_INFINITY, 128), (65536, 128), (512, 128), (511, 127), (100, 25), (7, 1), (3, 1)],
)
def test_how_many_slots_there_are(descriptors, slots, monkeypatch):
    """A quarter of the descriptors that the process may have, but at most 128, and one at least."""
    limits = {resource.RLIMIT_NOFILE: (descriptors, resource.RLIM_INFINITY)}
    monkeypatch.setattr(resource, "getrlimit", limits.__getitem__)

    async def taken() -> int:
        shared, count = lanes.new_slots(), 0
        while not shared.locked():
            await shared.acquire()
            count += 1
        return count

    assert asyncio.run(taken()) == slots


@pytest.mark.parametrize("first_turns", [True, False])
@pytest.mark.parametrize("closed", [True, False])
def test_what_is_broken_off_is_put_back(patient, closed, first_turns):
    """Nothing is lost when lanes are closed or their event loop ends, and nobody waits for ever."""
    attempts = Attempts(slots=2)

    async def scenario() -> list[asyncio.Future[None]]:
        over = attempts.submit("a1", "a2", "b1", "c1")
        if first_turns:
            await turns()
        if closed:
            attempts.lanes.close()
            await asyncio.wait(over)
        return over

    over = asyncio.run(scenario())
    assert sorted(attempts.back) == ["a1", "a2", "b1", "c1"]
    assert all(future.done() for future in over)


def test_patience():
    """The first silent receiver has ten seconds, any other one, and none is waited for twice."""
    patience = Patience()
    assert patience.seconds("http://a/1") == 10
    patience.exhausted("http://a/1")
    assert patience.seconds("http://a/2") == 0
    assert patience.seconds("http://b/") == 1
    patience.exhausted("http://b/")
    assert patience.seconds("http://b/") == 0


class Receivers:
    """Receivers that answer 200 when they are allowed to; those called `silent` never do."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.allowed = asyncio.Event()

    async def post(self, url: str, headers: object, body: bytes) -> int:
        self.asked.append(url)
        await (asyncio.Event() if "silent" in url else self.allowed).wait()
        return 200


async def launch(app, url: str) -> None:
    message = {"scenarioId": "S", "destinations": [{"to": "41793026727"}], "notifyUrl": url}
    assert (await asgi.exchange(app, "POST", "/voice/ivr/1/messages", {"messages": [message]}, FIELDS)).status == 200


async def move(app, **distance: int) -> asgi.Response:
    return await asgi.exchange(app, "POST", "/_mock/tenants/Aladdin/clock/advance", distance, CONTROL)


async def control(app, method: str, path: str, body: object = b"") -> asgi.Response:
    return await asgi.exchange(app, method, f"/_mock/tenants/Aladdin{path}", body, CONTROL)


def test_a_move_waits_for_a_dead_receiver_once(monkeypatch):
    """All attempts of the way are noted as unanswered, and the living get their push."""
    monkeypatch.setattr(lanes, "MAX_SECONDS_TO_ANSWER", 0.01)

    async def scenario() -> None:
        receivers = Receivers()
        receivers.allowed.set()
        app = create_app(clock="manual", poster=receivers, push_hosts=["silent.example", "living.example"])
        await launch(app, "http://silent.example/")
        await launch(app, "http://living.example/")
        assert (await move(app, hours=1)).status == 200
        assert sorted(receivers.asked) == ["http://living.example/", "http://silent.example/"]
        living, silent = (await control(app, "GET", "/pushes")).json
        assert living["state"] == "delivered"
        assert (silent["state"], len(silent["attempts"])) == ("pending", 6)  # the 7th is due after 61 min
        assert {attempt["error"] for attempt in silent["attempts"]} == {"no answer within 10 s"}
        await move(app, hours=1)
        assert receivers.asked[2:] == ["http://silent.example/"]  # a new move asks again

    asyncio.run(scenario())


def test_two_who_move_the_clock_at_once():
    """Each moves it the whole way: the second begins where the first ends."""

    async def scenario() -> None:
        receivers = Receivers()
        app = create_app(clock="manual", poster=receivers)
        begin = (await control(app, "GET", "/clock")).json["now"]
        await launch(app, "http://127.0.0.1:9/")
        both = asyncio.gather(move(app, minutes=1), move(app, minutes=2))
        await turns()
        receivers.allowed.set()
        first, second = [answer.json["now"] for answer in await both]
        assert (minutes(begin, first), minutes(begin, second)) == (1, 3)

    asyncio.run(scenario())


def minutes(begin: str, end: str) -> float:
    from datetime import datetime

    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds() / 60


@pytest.mark.parametrize(
    ("method", "path", "body", "reason"),
    [
        ("DELETE", "", b"", "the account was reset while this request waited"),
        ("PUT", "/clock", {"mode": "real"}, "this clock follows the machine"),
    ],
)
def test_what_a_move_meets_on_its_way(method, path, body, reason):
    """A reset ends it; one that waits for its turn finds the clock as it then is."""

    async def scenario() -> None:
        receivers = Receivers()
        app = create_app(clock="manual", poster=receivers)
        await launch(app, "http://127.0.0.1:9/")
        moves = [asyncio.ensure_future(move(app, minutes=1))]
        await turns()
        other = asyncio.ensure_future(control(app, method, path, body))
        moves.append(asyncio.ensure_future(move(app, minutes=1)))
        await turns()
        receivers.allowed.set()
        await other
        answers = await asyncio.gather(*moves)
        refused = answers[0 if method == "DELETE" else 1]
        assert refused.status == 409
        assert reason in refused.json["requestError"]["serviceException"]["text"]

    asyncio.run(scenario())
