"""The run of a campaign: what is noted of each request, and when, whatever comes of it."""

import asyncio
import os
import random
import signal
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from infobip_voice import (
    ConfigurationError,
    Launch,
    LaunchUncertain,
    LaunchUnreadable,
    NotSent,
    Throttled,
    Unauthorized,
)
from infobip_voice_cli.campaign import Run, StoppedWaiting, Throttle, exit_code, trace
from infobip_voice_cli.journal import Totals
from infobip_voice_cli.stop import Stop, Stopped

LAUNCH = Launch("bulk", (), (), ())


def throttled(seconds: float | None) -> Throttled:
    error = Throttled("throttled", status=429)
    error.retry_after = seconds
    return error


class Played:
    """A run whose server answers as it is told to; what is noted, sent and waited goes to `log`.

    The plan is a list of whether each request was sent before; each has two calls.
    """

    def __init__(self, plan: list[bool], *answers: Any, repeat_uncertain: bool = False, connections: int = 1) -> None:
        self.log: list[Any] = []
        self.stop = Stop()
        self.now = 0.0
        self.throttle = Throttle(self.stop, clock=lambda: self.now, sleep=self._sleep)
        self.run = Run(
            repeat_uncertain=repeat_uncertain, stop=self.stop, throttle=self.throttle, connections=connections
        )
        self._plan = plan
        self._answers = iter(answers)
        self.ivr = self

    async def _sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    def __getattr__(self, name: str) -> Callable[..., None]:
        """Be a journal that notes the calls of its methods."""
        return lambda *arguments: self.log.append((name, *arguments))

    def unanswered(self) -> Iterator[tuple[int, Any, bool]]:
        for number, sent_before in enumerate(self._plan, 1):
            yield number, SimpleNamespace(number=number, message_ids=("a", "b")), sent_before

    async def send(self, prepared: Any, *, sent_before: bool, repeat_uncertain: bool) -> Launch:
        """Be the client: answer, or fail after attempts with these verdicts."""
        self.log.append(("send", prepared.number, sent_before, repeat_uncertain))
        answer = next(self._answers)
        verdicts, answer = answer if isinstance(answer, tuple) else ([], answer)
        for verdict in verdicts:
            trace(SimpleNamespace(verdict=verdict))  # type: ignore[arg-type]
        if isinstance(answer, BaseException):
            raise answer
        launch: Launch = answer
        return launch

    def play(self) -> int:
        return asyncio.run(self.run.send(self, self, lambda calls: self.log.append(("advance", calls))))  # type: ignore[arg-type]


def test_each_request_is_noted_before_it_is_sent_and_after_it_is_answered() -> None:
    """One after the other, and the bar goes on by its calls."""
    played = Played([False, False], LAUNCH, LAUNCH)
    assert played.play() == 0
    assert played.log == [
        ("sending", 1), ("send", 1, False, False), ("answered", 1, LAUNCH), ("advance", 2),
        ("sending", 2), ("send", 2, False, False), ("answered", 2, LAUNCH), ("advance", 2),
    ]  # fmt: skip
    assert played.run.requests == 2


@pytest.mark.parametrize("repeat_uncertain", [False, True])
def test_what_was_sent_before_is_sent_again_only_if_that_is_wanted(repeat_uncertain: bool) -> None:
    """It is got through either way, and the client is told of both."""
    played = Played([True, False], LAUNCH, LAUNCH, repeat_uncertain=repeat_uncertain)
    assert played.play() == 0
    sent = [step for step in played.log if step[0] == "send"]
    assert sent == [*([("send", 1, True, True)] if repeat_uncertain else []), ("send", 2, False, repeat_uncertain)]
    assert [step for step in played.log if step[0] == "advance"] == [("advance", 2), ("advance", 2)]
    assert played.run.requests == 1 + repeat_uncertain


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unauthorized("no", status=401), 4),
        (NotSent("no connection"), 4),
        (ConfigurationError("wrong"), 2),
        (ValueError("not in this format"), 2),
    ],
)
@pytest.mark.parametrize("sent_before", [False, True])
@pytest.mark.parametrize(
    ("verdicts", "harmless"),
    [
        (["unsent", "throttled", "refused"], True),
        ([], True),
        (["uncertain", "refused"], False),
        (["refused", "answered"], False),
    ],
)
def test_an_error_ends_a_run_and_its_request_is_planned_again(
    verdicts: list[str],
    harmless: bool,
    sent_before: bool,
    error: Exception,
    code: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Unless one of its attempts, or an earlier run's, may have had an effect."""
    played = Played([sent_before, False], (verdicts, error), repeat_uncertain=True)
    assert played.play() == code
    assert capsys.readouterr().err.startswith(f"infobip-voice: {error.args[0]}")
    assert played.log == [
        ("sending", 1), ("send", 1, sent_before, True), *([("unsent", 1)] if harmless and not sent_before else []),
    ]  # fmt: skip


def test_what_fails_on_several_connections_alike_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    """In the command's words, with what to do; another cause is another sentence."""

    class AllAtOnce(Played):
        async def send(self, prepared: Any, **options: bool) -> Launch:
            await asyncio.sleep(0)
            return await super().send(prepared, **options)

    errors = [NotSent("no connection"), NotSent("no connection"), ValueError("odd"), NotSent("no connection")]
    assert AllAtOnce([False] * 4, *errors, connections=4).play() == 4
    assert capsys.readouterr().err == (
        "infobip-voice: no connection. Nothing was sent, nothing happened: it is safe to try again.\n"
        "infobip-voice: odd\n"
    )


def test_the_verdicts_of_one_request_say_nothing_of_the_next() -> None:
    """Each begins anew."""
    played = Played([False, False], (["uncertain", "answered"], LAUNCH), (["refused"], Unauthorized("no")))
    assert played.play() == 4
    assert played.log[-1] == ("unsent", 2)


def test_an_answer_that_cannot_be_read_is_kept_and_the_run_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """The calls are made; the user is told where the answer is."""
    played = Played([False, False], LaunchUnreadable("odd", body=b"?", status=200), LAUNCH)
    assert played.play() == 0
    assert ("unreadable", 1, b"?") in played.log
    assert ("answered", 2, LAUNCH) in played.log
    assert capsys.readouterr().err == (
        "infobip-voice: odd (status 200). The request was accepted, and its calls are made. The answer is in the journal. "
        "Its bytes in base64: Pw==\n"
    )


def test_a_lost_answer_ends_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Its request stays as it is, and the user is told how to go on."""
    played = Played([False, False], LaunchUncertain("reset", message_ids=["a", "b"]))
    assert played.play() == 3
    assert played.log == [("sending", 1), ("send", 1, False, False)]
    assert capsys.readouterr().err == (
        "infobip-voice: reset. The calls of that request may have been made. Look for their reports; run the same command again to go on with the "
        "others, or with --repeat-uncertain to send these once more, with their ids.\n"
    )


@pytest.mark.parametrize(("asked", "wait"), [(90.4, 90.4), (None, 60.0), (0.0, 60.0)])
def test_a_throttled_run_waits_and_sends_the_same_again(
    asked: float | None, wait: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """As long as the server asks, or a minute; meanwhile its request is planned."""
    played = Played([False], (["throttled"], throttled(asked)), (["throttled"], throttled(asked)), LAUNCH)
    assert played.play() == 0
    once = [("sending", 1), ("send", 1, False, False)]
    assert played.log == [
        *once, ("unsent", 1), *once, ("unsent", 1), *once, ("answered", 1, LAUNCH), ("advance", 2),
    ]  # fmt: skip
    assert played.now == pytest.approx(2 * wait)
    assert played.run.requests == 3
    assert (
        capsys.readouterr().err
        == f"infobip-voice: the server wants fewer requests; going on in {wait:.0f} seconds\n" * 2
    )


@pytest.mark.parametrize("error", [throttled(7.0), StoppedWaiting()])
def test_what_an_earlier_run_has_sent_stays_so_while_this_one_waits(error: BaseException) -> None:
    """The earlier attempt may have had an effect, whatever becomes of this one."""
    played = Played([True], (["throttled"], error), (["throttled"], StoppedWaiting()), repeat_uncertain=True)
    assert played.play() == 0
    assert [step for step in played.log if step[0] == "unsent"] == []


def test_entries_of_other_calls_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """How many there were."""
    others: Any = ("x", "y")
    played = Played([False], Launch("bulk", (), (), (), others=others))
    assert played.play() == 0
    assert capsys.readouterr().err == "infobip-voice: the answer has 2 entries of other calls; they were left out\n"


def test_a_run_that_is_stopped_at_once() -> None:
    """What was under way may have had an effect, and stays noted as sent."""
    played = Played([False, False], Stopped())
    with pytest.raises(Stopped):
        played.play()
    assert played.log == [("sending", 1), ("send", 1, False, False)]


def test_a_run_that_is_stopped_while_a_request_waits() -> None:
    """If all its attempts had no effect, it is planned again."""
    played = Played([False, False], (["throttled"], StoppedWaiting()))
    assert played.play() == 0
    assert played.log == [("sending", 1), ("send", 1, False, False), ("unsent", 1)]


def test_a_run_that_is_to_stop_sends_nothing_more() -> None:
    """It is no error: what is left is for the next run."""
    played = Played([False], LAUNCH)
    played.stop.signal = 15
    assert played.play() == 0
    assert played.log == []


class Dice(Played):
    """A server that takes its time with each request, and answers by chance."""

    def __init__(self, seed: int, connections: int) -> None:
        super().__init__([False] * 40, connections=connections)
        self.dice = random.Random(seed)
        self.under_way: set[int] = set()
        self.most = 0
        self.quiet_until = 0.0

    async def send(self, prepared: Any, *, sent_before: bool, repeat_uncertain: bool) -> Launch:
        number = prepared.number
        assert (sent_before, repeat_uncertain) == (False, False)
        assert self.log[-1] == ("sending", number), "something came between noting a request and sending it"
        assert not self.stop.is_wanted, "a request began after the run was to end"
        assert self.now >= self.quiet_until, "a request began while the server wanted fewer"
        self.log.append(("send", number))
        self.under_way.add(number)
        self.most = max(self.most, len(self.under_way))
        for _ in range(self.dice.randrange(8)):
            await asyncio.sleep(0)
        self.under_way.remove(number)
        chance = self.dice.random()
        if chance < 0.15:
            trace(SimpleNamespace(verdict="throttled"))  # type: ignore[arg-type]
            seconds = self.dice.uniform(0.1, 5)
            self.quiet_until = max(self.quiet_until, self.now + seconds)
            raise throttled(seconds)
        if chance < 0.18:
            trace(SimpleNamespace(verdict="uncertain"))  # type: ignore[arg-type]
            raise LaunchUncertain("reset", message_ids=["a", "b"])
        if chance < 0.2:
            trace(SimpleNamespace(verdict="refused"))  # type: ignore[arg-type]
            raise Unauthorized("no", status=401)
        trace(SimpleNamespace(verdict="answered"))  # type: ignore[arg-type]
        return LAUNCH


@pytest.mark.parametrize("connections", [1, 2, 8])
@pytest.mark.parametrize("seed", range(20))
def test_several_connections_keep_what_one_keeps(
    seed: int, connections: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each request is noted right before it is sent and once for each time it is; so many at most
    are under way; a 429 holds all back; after the first trouble none begins and all are noted."""
    played = Dice(seed, connections)
    code = played.play()
    assert played.most <= connections
    assert played.under_way == set()
    states: dict[int, list[str]] = {}
    for step, number, *_ in played.log:
        if step != "advance":
            states.setdefault(number, []).append(step)
    for steps in states.values():
        sent = ["sending", "send"]
        *before, last = [steps[at : at + 3] for at in range(0, len(steps), 3)]
        assert before == [[*sent, "unsent"]] * len(before)
        assert last in ([*sent, "answered"], [*sent, "unsent"], sent)
    open_ones = [number for number, steps in states.items() if steps[-1] == "send"]
    assert len(open_ones) <= connections
    assert code in (0, 3, 4)
    assert sorted(states) == list(range(1, len(states) + 1)), "they were not taken in order"
    if code == 0:
        assert [steps[-1] for steps in states.values()] == ["answered"] * 40
    if code == 3:
        assert open_ones


def test_a_journal_that_fails_lets_the_others_end() -> None:
    """The answers under way are still noted, and nothing new begins."""
    played = Dice(3, 4)
    played.dice.random = lambda: 1.0  # type: ignore[method-assign]
    noted: list[int] = []

    def answered(number: int, _: Launch) -> None:
        noted.append(number)
        if number == 5:
            raise OSError("the disk is full")

    played.answered = answered  # type: ignore[method-assign]
    with pytest.raises(OSError, match="the disk is full"):
        played.play()
    assert played.under_way == set()
    sent = [number for step, number, *_ in played.log if step == "send"]
    assert sorted(noted) == sorted(sent)
    assert len(sent) < 40


@pytest.mark.parametrize(
    ("totals", "trouble", "stopped_by", "code"),
    [
        (Totals(), 0, None, 0),
        (Totals(accepted=3), 0, None, 0),
        (Totals(accepted=3), 4, 2, 0),
        (Totals(accepted=1, rejected=1), 0, None, 1),
        (Totals(unreadable=1), 0, None, 1),
        (Totals(uncertain=1, unsent=1, rejected=1), 4, 2, 3),
        (Totals(unsent=1), 4, None, 4),
        (Totals(unsent=1), 0, None, 6),
        (Totals(accepted=1, unsent=1), 4, None, 6),
        (Totals(rejected=1, unsent=1), 4, None, 6),
        (Totals(accepted=1, unsent=1), 4, 15, 143),
        (Totals(unsent=1), 0, 2, 130),
    ],
)
def test_the_exit_code_of_a_campaign(totals: Totals, trouble: int, stopped_by: int | None, code: int) -> None:
    """Uncertain calls count first, then unsent ones, of which a signal is named first."""
    assert exit_code(totals, trouble, stopped_by) == code


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_is_ignored_stays_so(number: int) -> None:
    """As `nohup` sets it, or a shell for its background jobs."""
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with Stop() as stop:
            os.kill(os.getpid(), number)
            assert not stop.is_wanted
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_a_campaign_that_nothing_broke_off() -> None:
    """Nor did anybody stop it: then what is left was not meant to be sent yet."""
    assert [exit_code(totals) for totals in (Totals(accepted=1), Totals(unsent=1))] == [0, 6]
