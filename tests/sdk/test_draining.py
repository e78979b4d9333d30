"""What a drain does with each answer: the test plays the server and the clock, without a socket."""

import asyncio
import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from infobip_voice import (
    Budget,
    ConfigurationError,
    Drain,
    DrainInUse,
    FilterIgnored,
    NotSent,
    ReportsUncertain,
    ReportsUnreadable,
    SpoolError,
    SpoolUnreachable,
    Throttled,
    VoiceError,
)
from infobip_voice._drivers import drive
from infobip_voice._exchange import Setup, Wait
from infobip_voice._fetching import page_request
from infobip_voice._messages import Operation, Outcome
from infobip_voice._reports import Filter
from infobip_voice._sqlite_spool import SqliteSpool as Spool
from sdk.clients import Clock

JSON = {"content-type": "application/json"}
NONSENSE = Outcome("answered", 200, JSON, b"nonsense")
HALF = Outcome("answered", 200, JSON, b'{"results": [{"messageId": "half"}, nonsense')
EMPTY = Outcome("answered", 200, JSON, b'{"results": []}')
DOWN = Outcome("answered", 503)
ONCE = Budget(attempts=1, first_wait=0.5)


def page(*names: object, **members: Any) -> Outcome:
    """A whole page of reports with these message ids; what is no text is no report."""
    results = [{"messageId": name, **members} if isinstance(name, str) else name for name in names]
    return Outcome("answered", 200, JSON, json.dumps({"results": results}).encode())


class Played:
    """A drain of a server that answers as it is told to."""

    def __init__(
        self,
        *outcomes: Outcome,
        follow: float | None = None,
        auto_ack: bool = True,
        budget: Budget = ONCE,
        bulk_id: str | None = None,
    ) -> None:
        self.clock = Clock()
        self.asked = 0
        self._outcomes = iter(outcomes)
        setup = Setup(budget=budget, clock=self.clock, random=lambda: 0.5)
        operation, asked = Operation("reports.drain", repeat_uncertain=True), Filter(bulk_id)
        spool = Spool(None, asked, lambda: datetime(2026, 11, 26, tzinfo=UTC), lambda: "identity")
        request = page_request(setup, operation, 50, asked)
        self.drain = Drain(
            lambda flow: drive(flow, self._send, self.clock.sleep), setup, request, spool, follow, auto_ack
        )

    def _send(self, _: object) -> Outcome:
        self.asked += 1
        return next(self._outcomes)

    def told(self, most: int = 99) -> list[Any]:
        """Return what a loop delivers, and how it ends: with an error, or with None at its end."""
        told: list[Any] = []
        try:
            for report in self.drain:
                told.append(report.message_id)
                if len(told) == most:
                    return told
        except VoiceError as error:
            return [*told, error]
        return [*told, None]


NOT_JSON = "this is no page of reports (JSONDecodeError: Expecting value: line 1 column 1 (char 0))"
HALF_JSON = "this is no page of reports (JSONDecodeError: Expecting value: line 1 column 37 (char 36))"
NO_OBJECT = "it is not an object with members"


@pytest.mark.parametrize(
    ("outcomes", "names", "reason", "unreadable"),
    [
        ([NONSENSE, NONSENSE], [], f"2 answers in a row: {NOT_JSON}", b"nonsense"),
        ([page(7), page(8)], [], f"2 answers in a row: {NO_OBJECT}", b"8"),
        ([page(7), NONSENSE], [], f"2 answers in a row: {NOT_JSON}", b"nonsense"),
        ([HALF, HALF], ["half", "half"], f"2 answers in a row: {HALF_JSON}", b"nonsense"),
        ([NONSENSE, page("a"), NONSENSE, EMPTY], ["a"], "", b""),
        ([NONSENSE, page("a", 7), NONSENSE, EMPTY], ["a"], "", b""),
        ([page("a", 7), page("b", 7), page("c", 7), EMPTY], ["a", "b", "c"], "", b""),
        ([NONSENSE, EMPTY], [], "", b""),
    ],
)
def test_damaged_answers_in_a_row_end_a_drain(
    outcomes: list[Outcome], names: list[str], reason: str, unreadable: bytes
) -> None:
    """As many as the budget has attempts: those of which something is unreadable and nothing else
    is there, or that are no page as a whole. One that is sound begins the row anew.
    """
    played = Played(*outcomes, budget=Budget(attempts=2, first_wait=0.5))
    *delivered, error = played.told()
    assert delivered == names
    assert played.asked == len(outcomes)
    if not reason:
        assert error is None
        return
    assert type(error) is ReportsUnreadable
    assert (error.args[0], error.operation, error.body) == (reason, "reports.drain", unreadable)
    assert [piece.body for piece in error.unreadable] == [unreadable]


def test_a_drain_that_damage_has_ended_goes_on_when_it_is_asked_again() -> None:
    """It waits first, and each further damaged answer ends it again; then a sound one comes."""
    played = Played(NONSENSE, NONSENSE, page("a"), EMPTY)
    assert [type(told) for told in played.told()] == [ReportsUnreadable]
    (error,) = played.told()
    assert error.args[0] == f"2 answers in a row: {NOT_JSON}"
    assert played.told() == ["a", None]
    assert played.clock.slept == [0.5, 0.5]


def wait(seconds: int, status: int = 429) -> Outcome:
    return Outcome("answered", status, {"retry-after": str(seconds)})


@pytest.mark.parametrize(
    ("outcomes", "slept"),
    [
        ([EMPTY], [5.0]),
        ([EMPTY, EMPTY, EMPTY], [5.0, 5.0, 5.0]),
        ([page("a")], []),
        ([EMPTY, page("a")], [5.0]),
        ([wait(90)], [90.0]),
        ([wait(3)], [5.0]),
        ([Outcome("answered", 429)], [5.0]),
        ([Outcome("answered", 429), EMPTY], [5.0, 5.0]),
        ([wait(90), wait(3), wait(7)], [90.0, 5.0, 7.0]),
        ([wait(90), EMPTY], [90.0, 5.0]),
        ([wait(90), page("a")], [90.0]),
        ([NONSENSE], [0.5]),
        ([NONSENSE, EMPTY], [0.5, 5.0]),
    ],
)
def test_the_pauses_of_a_drain_that_follows(outcomes: list[Outcome], slept: list[float]) -> None:
    """After an empty page, after a 429 for at least as long as that, after damage; else none."""
    played = Played(*outcomes, page("last"), follow=5.0, budget=Budget(attempts=2, seconds=0.0, first_wait=0.5))
    names = [
        json.loads(outcome.body)["results"][0]["messageId"] for outcome in outcomes if b"messageId" in outcome.body
    ]
    assert played.told(most=len(names) + 1) == [*names, "last"]
    assert played.clock.slept == slept


@pytest.mark.parametrize(
    ("outcome", "follow", "kind", "slept"),
    [
        (DOWN, None, ReportsUncertain, []),
        (DOWN, 5.0, ReportsUncertain, []),
        (wait(7, 503), 5.0, ReportsUncertain, [7.0]),
        (wait(7, 503), None, ReportsUncertain, []),
        (wait(7), None, Throttled, []),
        (Outcome("unsent", final="the certificate does not verify"), None, NotSent, []),
    ],
)
def test_an_error_ends_a_drain_once(outcome: Outcome, follow: float | None, kind: Any, slept: list[float]) -> None:
    """Whoever asks again asks the server; one that follows waits first as long as that wants."""
    played = Played(outcome, page("a"), EMPTY, follow=follow)
    assert [type(told) for told in played.told()] == [kind]
    assert played.clock.slept == []
    assert played.told(most=1) == ["a"]
    assert played.clock.slept == slept


@pytest.mark.parametrize(
    "outcome", [Outcome("lost", final="deadline"), Outcome("cut", 200, JSON, b"{", "cut", "bound")]
)
def test_an_error_by_a_setting_of_ours_ends_a_drain_for_good(outcome: Outcome) -> None:
    """Every further request would cost a page."""
    played = Played(outcome)
    for _ in range(3):
        assert [type(told) for told in played.told()] == [ReportsUncertain]
    assert played.asked == 1


def test_a_server_that_ignores_the_filter_ends_a_drain_for_good() -> None:
    """Every time with the strangers and with what was asked for by; more would consume more."""
    mine, *strangers = (
        {"messageId": name, "bulkId": bulk_id} for name, bulk_id in (("mine", "b"), ("x", "other"), ("y", "c"))
    )
    played = Played(page(strangers[0], mine, strangers[1]), bulk_id="b")
    assert played.told(most=1) == ["mine"]
    errors = [played.told()[-1] for _ in range(2)]
    for error in errors:
        assert type(error) is FilterIgnored
        assert error.args[0] == (
            "the server returned 2 report(s) of other launches than the bulk_id that was asked for"
        )
        assert [report.message_id for report in error.others] == ["x", "y"]
        assert (error.operation, error.bulk_id) == ("reports.drain", "b")
    assert played.asked == 1


def test_a_gap_goes_before_the_damage_of_what_arrived() -> None:
    """A cut answer that cannot be read as a whole is a lost one: that is what the error says."""
    played = Played(Outcome("cut", 200, JSON, b'{"results": [{"messageId": "half"}, {"m', "reset"))
    *names, error = played.told()
    assert names == ["half"]
    assert type(error) is ReportsUncertain
    assert error.args[0] == "reset"


def test_each_unreadable_piece_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """With its length and its reason, and without its bytes."""
    played = Played(page(1234567, "a", 1234567, None), page(1234567), EMPTY, budget=Budget(attempts=9, first_wait=0.5))
    assert played.told() == ["a", None]
    lines = [(record.levelno, record.getMessage()) for record in caplog.records if record.name == "infobip_voice"]
    assert lines == [
        (logging.WARNING, f"a report cannot be understood, its {length} byte(s) are in the spool: {NO_OBJECT}")
        for length in (7, 4)
    ]


@pytest.mark.parametrize(
    ("size", "batches"),
    [(1, [["a"], ["b"], ["c"], ["d"]]), (2, [["a", "b"], ["c"], ["d"]]), (9, [["a", "b", "c"], ["d"]])],
)
def test_a_batch_has_what_is_at_hand(size: int, batches: list[list[str]]) -> None:
    """Of one page, and never more than its size."""
    played = Played(page("a", "b", "c"), page("d"), EMPTY)
    assert [[report.message_id for report in batch] for batch in played.drain.batches(size)] == batches


def test_what_a_left_loop_had_in_hand_comes_again_in_its_order() -> None:
    """Before whatever else was waiting."""
    played = Played(page("a", "b", "c", "d"), EMPTY)
    for batch in played.drain.batches(3):
        assert len(batch) == 3
        break
    del batch
    assert played.told() == ["a", "b", "c", "d", None]


def test_without_auto_ack_a_left_loop_gives_nothing_back() -> None:
    """Whoever took a report says when it is done; the next drain of the spool has it again."""
    played = Played(page("a", "b"), EMPTY, auto_ack=False)
    assert played.told(most=1) == ["a"]
    assert played.told() == ["b", None]


def test_the_end_is_the_end() -> None:
    """The spool of a loop is let go, and nothing more is asked, whatever the server has now."""
    played = Played(page("a"), EMPTY)
    assert played.told() == ["a", None]
    assert played.told() == [None]
    assert played.asked == 2
    with pytest.raises(SpoolError, match=r"^the spool is not open"):
        _ = played.drain.unreadable


def test_a_closed_drain_asks_nothing() -> None:
    """Also one that was never used."""
    played = Played()
    played.drain.close()
    assert played.told() == [None]
    assert played.asked == 0


def test_without_auto_ack_the_spool_stays_open_after_the_end() -> None:
    """For acknowledgements that are still to come."""
    played = Played(page("a"), EMPTY, auto_ack=False)
    reports = list(played.drain)
    played.drain.ack(reports)
    played.drain.close()
    with pytest.raises(SpoolError, match=r"^the spool is not open"):
        played.drain.ack(reports)


def test_the_words_of_a_refused_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says who has the turn, or where to make another drain."""
    played = Played(page("a"), EMPTY)
    living = iter(played.drain)
    with pytest.raises(DrainInUse, match=r"^another consumer takes reports from this drain\."):
        played.drain.batches(2)
    played.drain._turn.acquire()
    with pytest.raises(DrainInUse, match=r"^the next report is being asked for already\."):
        next(living)
    played.drain._turn.release()
    with monkeypatch.context() as child:
        child.setattr("os.getpid", lambda: -1)
        for use in (
            lambda: next(living),
            lambda: iter(played.drain),
            lambda: played.drain.ack([]),
            played.drain.forget_gaps,
        ):
            with pytest.raises(
                ConfigurationError, match=r"^this drain belongs to another process: make one in each process\."
            ):
                use()
    assert next(living).message_id == "a"


@pytest.mark.parametrize(
    ("away", "follow", "budget", "slept", "raises"),
    [
        (2, None, Budget(attempts=3, seconds=60.0, first_wait=0.5, longest_wait=30.0), [0.5, 1.0], False),
        (3, None, Budget(attempts=3, seconds=60.0, first_wait=0.5, longest_wait=30.0), [0.5, 1.0], True),
        (9, None, Budget(attempts=9, seconds=3.5, first_wait=0.5, longest_wait=30.0), [0.5, 1.0, 2.0], True),
        (3, None, Budget(attempts=9, seconds=3.5, first_wait=0.5, longest_wait=30.0), [0.5, 1.0, 2.0], False),
        (1, None, Budget(attempts=1), [], True),
        (5, 5.0, Budget(attempts=1, seconds=0.0, first_wait=1.0, longest_wait=4.0), [1.0, 2.0, 4.0, 4.0, 4.0], False),
    ],
)
@pytest.mark.parametrize("call", ["begin", "end", "read", "acknowledge"])
def test_a_spool_that_is_away_is_waited_for(
    call: str, away: int, follow: float | None, budget: Budget, slept: list[float], raises: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """As long as the budget allows, and by a drain that follows for ever; each wait is told.

    The server is asked once, whatever the spool was called for.
    """
    played = Played(page("a", "b"), follow=follow, budget=budget)
    drain, left = played.drain, [away]
    drain._spool.open()
    real = getattr(drain._spool, call)

    def function(*arguments: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise SpoolUnreachable("no connection to the database: refused")
        return real(*arguments)

    setattr(drain._spool, call, function)
    if raises:
        with pytest.raises(SpoolUnreachable):
            (next(drain), next(drain))
    else:
        assert [next(drain).message_id, next(drain).message_id] == ["a", "b"]
        assert played.asked == 1
    assert played.clock.slept == slept
    told = [record.getMessage() for record in caplog.records if "no connection" in record.getMessage()]
    assert told == [f"no connection to the database: refused; again in {wait:.2f} s" for wait in slept]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), asyncio.CancelledError(), RuntimeError("a sleep fails")])
@pytest.mark.parametrize(
    ("call", "body"), [("end", b'{"results": [{"messageId": "a"}]}'), ("begin", b""), ("acknowledge", b"")]
)
def test_an_answer_in_hand_is_in_the_error_that_ends_a_wait(
    call: str, body: bytes, interruption: BaseException
) -> None:
    """While the spool is away; without one the interruption is what it was."""
    played = Played(page("a"), follow=1.0)
    drain = played.drain
    drain._spool.open()

    def away(*arguments: Any) -> None:
        raise SpoolUnreachable("no connection to the database", body=body)

    def interrupted(_: float) -> None:
        raise interruption

    setattr(drain._spool, call, away)
    drain._run = lambda flow: drive(flow, played._send, interrupted)
    with pytest.raises(SpoolUnreachable if body else type(interruption)) as caught:
        (next(drain), next(drain))
    if body:
        assert caught.value.body == body  # type: ignore[union-attr]
        assert caught.value.__cause__ is interruption
        assert "Save the body" in str(caught.value)
    else:
        assert caught.value is interruption


def test_a_wait_that_nobody_goes_on_with_just_ends() -> None:
    """As when the driver itself is interrupted: an error could reach nobody."""
    played = Played(page("a"), follow=1.0)

    def away() -> None:
        raise SpoolUnreachable("no connection to the database", body=b"{}")

    flow = played.drain._keeping.call(away)
    next(flow)
    assert flow.throw(SpoolUnreachable("no connection to the database", body=b"{}")) == Wait(0.5)
    flow.close()
