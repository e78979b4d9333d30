"""The flows that fetch reports: the test plays the server and the clock."""

import gzip
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from infobip_voice import (
    NO_RETRIES,
    Budget,
    FilterIgnored,
    Forbidden,
    Gap,
    Launch,
    ReportsPending,
    ReportsUncertain,
    ReportsUnreadable,
    VoiceError,
)
from infobip_voice._exchange import Setup, Wait
from infobip_voice._fetching import fetch, page_request, seconds, wait_for
from infobip_voice._messages import Operation, Outcome, Request
from infobip_voice._reports import Filter
from sdk.clients import Clock

FETCH = Operation("reports.fetch")
MOMENT = datetime(2026, 11, 26, 12, tzinfo=UTC)
JSON = {"content-type": "application/json"}


def setup(clock: Clock, **more: Any) -> Setup:
    return Setup(**{"clock": clock, "now": lambda: MOMENT, "random": lambda: 0.5, "budget": NO_RETRIES, **more})


def page(*names: object, **members: Any) -> Outcome:
    """A whole page of reports with these message ids; what is no text is no report."""
    results = [{"messageId": name, **members} if isinstance(name, str) else name for name in names]
    return Outcome("answered", 200, JSON, json.dumps({"results": results}).encode())


def play(flow: Any, outcomes: Iterable[Outcome], clock: Clock, seconds_each: float = 0.0) -> tuple[Any, list[Any]]:
    """Return what the flow returns or raises, and the queries that it asked with and its waits."""
    answers, reply = iter(outcomes), None
    effects: list[Any] = []
    while True:
        try:
            effect: Any = flow.send(reply)
        except StopIteration as end:
            return end.value, effects
        except VoiceError as error:
            return error, effects
        reply = None
        if isinstance(effect, Wait):
            effects.append(effect.seconds)
            clock.sleep(effect.seconds)
        else:
            effects.append(effect.path.partition("?")[2])
            clock.now += seconds_each
            reply = next(answers)


def names(reports: Iterable[Any]) -> list[str | None]:
    return [report.message_id for report in reports]


@pytest.mark.parametrize(
    ("wire_format", "limit", "asked", "path", "media_type"),
    [
        ("json", 1, Filter(), "/tts/3/reports?limit=1", "application/json"),
        (
            "xml",
            2_147_483_647,
            Filter("a b", "m"),
            "/tts/3/reports?bulkId=a+b&messageId=m&limit=2147483647",
            "application/xml",
        ),
    ],
)
def test_the_request_for_a_page(wire_format: str, limit: int, asked: Filter, path: str, media_type: str) -> None:
    """It is a GET without a body, with the limit always and a filter where there is one."""
    request = page_request(Setup(wire_format=wire_format), FETCH, limit, asked)
    assert request == Request(FETCH, "GET", path, b"", media_type)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: page_request(Setup(), FETCH, 0, Filter()), "limit has to be a whole number from 1 to 2147483647, not 0"),
        (lambda: page_request(Setup(), FETCH, 5, Filter(bulk_id=7)), "bulk_id has to be text, not int"),  # type: ignore[arg-type]
        (
            lambda: page_request(Setup(), FETCH, 5, Filter(message_id="")),
            "message_id is empty: without it the request would take everybody's reports",
        ),
        (lambda: wait_for(Setup(), [None], 1, 1), "calls has to be text, not NoneType"),  # type: ignore[list-item]
        (lambda: wait_for(Setup(), 7, 1, 1), "calls has to be a launch, a message id or several, not int"),  # type: ignore[arg-type]
        (lambda: wait_for(Setup(), "a", -1, 1), "timeout has to be a number of seconds, not -1"),
        (lambda: wait_for(Setup(), "a", 1, float("inf")), "every has to be a number of seconds, not inf"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_refused_by_name(make: Callable[[], object], complaint: str) -> None:
    """The text has the argument, what is right and what was given."""
    with pytest.raises(ValueError, match=r"calls|limit|_id|timeout|every") as caught:
        make()
    assert str(caught.value) == complaint


def test_a_number_of_seconds_may_be_nothing() -> None:
    """Also a fraction."""
    assert [seconds("every", value) for value in (0, 0.5, 3)] == [0, 0.5, 3]


def fetched(outcome: Outcome, asked: Filter, budget: Budget = NO_RETRIES) -> Any:
    clock = Clock()
    voice = setup(clock, budget=budget)
    result, effects = play(fetch(voice, page_request(voice, FETCH, 50, asked), asked), [outcome] * 9, clock)
    assert len(effects) == 1  # a second request would return other reports
    return result


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, JSON, b'{"results": [{"messageId": "a"}]}'),
        (299, {}, b'{"results": [{"messageId": "a"}]}'),
        (200, {**JSON, "content-encoding": "gzip"}, gzip.compress(page("a").body, mtime=0)),
        (200, {"content-type": "application/xml"}, b"<reportResponse><results><result><messageId>a</messageId></result></results></reportResponse>"),
    ],
)  # fmt: skip
def test_a_page(status: int, headers: dict[str, str], body: bytes) -> None:
    """It is read by its headers, whichever 2xx it comes with."""
    assert names(fetched(Outcome("answered", status, headers, body), Filter())) == ["a"]


def test_a_page_whose_content_type_is_wrong_is_not_guessed_at() -> None:
    """The bytes are in the error, with the type that the server gave them."""
    error = fetched(Outcome("answered", 200, JSON, b"<results/>"), Filter())
    assert isinstance(error, ReportsUnreadable)
    assert [(piece.body, piece.content_type) for piece in error.unreadable] == [(b"<results/>", "application/json")]
    assert error.args[0].startswith("this is no page of reports (JSONDecodeError")


@pytest.mark.parametrize(
    ("outcome", "reports"),
    [
        (Outcome("cut", 200, JSON, b'{"results": [{"messageId": "a"}, {"mess', "the answer was cut"), ["a"]),
        (Outcome("answered", 503, JSON, page("a").body), []),
        (Outcome("answered", 300, JSON, page("a").body), []),
        (Outcome("answered", 199, JSON, page("a").body), []),
        (Outcome("lost", failure="no answer"), []),
    ],
)
def test_a_lost_page_is_told_with_what_arrived_of_it(outcome: Outcome, reports: list[str]) -> None:
    """Only the answer of a 2xx is a page, and its whole reports are read."""
    error = fetched(outcome, Filter(bulk_id="b"))
    assert type(error) is ReportsUncertain
    assert names(error.reports) == reports
    assert (error.status, error.body, error.bulk_id) == (outcome.status, outcome.body, "b")


def test_what_is_unreadable_in_a_page_is_told_once_for_each_reason() -> None:
    """Beside the reports that can be read."""
    error = fetched(page("a", 7, None), Filter())
    assert type(error) is ReportsUnreadable
    assert error.args[0] == "it is not an object with members"
    assert (names(error.reports), [piece.body for piece in error.unreadable]) == (["a"], [b"7", b"null"])
    broken = Outcome("answered", 200, JSON, b'{"results": [{"messageId": "a"}, NaN, 7]}')
    reason = fetched(broken, Filter()).args[0]
    assert reason == "this is no page of reports (ValueError: NaN is not JSON)"


def test_a_stranger_in_a_page_is_told_with_everything_that_came() -> None:
    """What was asked for, what was not, and what cannot be read: all of it exists nowhere else."""
    outcome = page("m", "stranger", 7)._replace(status=201)
    error = fetched(outcome, Filter("bulk", "m"))
    assert type(error) is FilterIgnored
    assert error.args[0] == "the server returned 1 report(s) that were not asked for"
    assert (names(error.reports), names(error.others)) == (["m"], ["stranger"])
    assert [piece.body for piece in error.unreadable] == [b"7"]
    assert (error.operation, error.bulk_id, error.message_ids) == ("reports.fetch", "bulk", ("m",))
    assert (error.status, error.headers, error.body) == (201, JSON, outcome.body)


def waited(
    calls: Any,
    outcomes: Iterable[Outcome],
    *,
    timeout: float = 60.0,
    every: float = 2.0,
    seconds_each: float = 0.0,
    **more: Any,
) -> tuple[Any, list[Any]]:
    clock = Clock()
    return play(wait_for(setup(clock, **more), calls, timeout, every), outcomes, clock, seconds_each)


def launched(*message_ids: str) -> Launch:
    return Launch("bulk", message_ids, (), (), unlisted=message_ids)


@pytest.mark.parametrize(
    ("timeout", "every", "effects", "found"),
    [
        (6.1, 3.0, ["messageId=a&limit=1", 3.0, "messageId=a&limit=1", 3.0, "messageId=a&limit=1"], True),
        (6.0, 3.0, ["messageId=a&limit=1", 3.0, "messageId=a&limit=1"], False),
        (0, 3.0, ["messageId=a&limit=1"], False),
        (1.0, 0, ["messageId=a&limit=1", "messageId=a&limit=1", "messageId=a&limit=1"], True),
    ],
)
def test_rounds(timeout: float, every: float, effects: list[Any], found: bool) -> None:
    """They are `every` seconds apart, and no wait begins that would last to the timeout."""
    result, asked = waited("a", [page(), page(), page("a")], timeout=timeout, every=every)
    assert asked == effects
    assert isinstance(result, ReportsPending) is not found


def test_no_question_begins_at_the_timeout_or_later() -> None:
    """Within a round, too: the first question is asked all the same."""
    result, asked = waited(["a", "b", "c", "d"], [page()] * 4, timeout=3.0, seconds_each=1.5)
    assert asked == ["messageId=a&limit=1", "messageId=b&limit=1"]
    assert result.pending == ("a", "b", "c", "d")
    assert result.args[0] == "not all reports came within 3 seconds"
    assert (result.operation, result.bulk_id) == ("reports.wait_for", None)


@pytest.mark.parametrize(
    ("header", "wait"),
    [({"retry-after": "9"}, 9.0), ({"retry-after": "1"}, 2.0), ({}, 2.0), ({"retry-after": "x"}, 2.0)],
)
def test_a_throttled_question_ends_its_round(header: dict[str, str], wait: float) -> None:
    """The next round comes no sooner than the server asks, and asks for all of them."""
    result, asked = waited(["a", "b"], [Outcome("answered", 429, header), page("a"), page("b")])
    assert asked == ["messageId=a&limit=1", wait, "messageId=a&limit=1", "messageId=b&limit=1"]
    assert list(result) == ["a", "b"]


def test_a_throttled_question_without_a_wish_waits_for_its_round() -> None:
    """However short the rounds are."""
    _, asked = waited("a", [Outcome("answered", 429), page("a")], every=0.25)
    assert asked == ["messageId=a&limit=1", 0.25, "messageId=a&limit=1"]


def test_a_launch_is_asked_for_by_its_bulk() -> None:
    """With a limit of what is pending, and at once again after a full page."""
    answers = [page("a", "x"), page("x"), page("b", "c")]
    result, asked = waited(launched("a", "b", "c"), [page("y", "x", "a"), page(), page("c", "b")])
    assert asked == ["bulkId=bulk&limit=3", "bulkId=bulk&limit=2", 2.0, "bulkId=bulk&limit=2"]
    assert (list(result), names(result.others), result.gaps) == (["a", "c", "b"], ["y", "x"], ())
    result, asked = waited(launched("a", "b", "c"), answers)
    assert asked == ["bulkId=bulk&limit=3", 2.0, "bulkId=bulk&limit=2", 2.0, "bulkId=bulk&limit=2"]


def test_a_large_launch_is_asked_for_a_thousand_reports_at_a_time() -> None:
    """That is the most that one lost answer may cost."""
    calls = [f"m{number}" for number in range(1001)]
    result, asked = waited(launched(*calls), [page(*calls[:1000]), page(*calls[1000:])])
    assert asked == ["bulkId=bulk&limit=1000", "bulkId=bulk&limit=1"]
    assert len(result) == 1001


def test_a_report_that_comes_twice_is_kept_beside() -> None:
    """The first one counts, and nothing is thrown away."""
    twice = json.dumps({"results": [{"messageId": "a", "to": "1"}, {"messageId": "a", "to": "2"}]}).encode()
    result, _ = waited(launched("a", "b"), [Outcome("answered", 200, JSON, twice), page("b")])
    assert (result["a"].to, [report.to for report in result.others]) == ("1", ["2"])


def test_a_report_without_its_id_is_that_of_the_call_that_was_asked_for() -> None:
    """Of a whole bulk it is one of the others."""
    nameless = Outcome("answered", 200, JSON, b'{"results": [{"to": "1"}]}')
    result, _ = waited("a", [nameless])
    assert (list(result), result.others) == (["a"], ())
    result, _ = waited(launched("a"), [nameless, page("a")])
    assert (list(result), names(result.others)) == (["a"], [None])


@pytest.mark.parametrize(
    ("lost", "gap"),
    [
        (Outcome("lost", failure="no answer"), Gap("no answer", None, 1, MOMENT, MOMENT)),
        (
            Outcome("answered", 503, {}, b"down"),
            Gap("the server failed or gave an unknown status", 503, 1, MOMENT, MOMENT, (b"down",)),
        ),
        (
            Outcome("cut", 200, JSON, b'{"results": [{"messageId": "a"}, {"m', "cut"),
            Gap("cut", 200, 1, MOMENT, MOMENT, (b'{"results": [{"messageId": "a"}, {"m',)),
        ),
    ],
)
def test_a_lost_answer_is_a_gap(lost: Outcome, gap: Gap) -> None:
    """The waiting goes on, with what arrived of it."""
    pages = [lost, page("b"), page("a")]
    result, asked = waited(["a", "b"], pages if not lost.body.startswith(b"{") else pages[:2])
    assert set(result) == {"a", "b"}
    assert result.gaps == (gap,)
    assert result.gaps[0].bodies == ((lost.body,) if lost.body else ())
    assert asked[:2] == ["messageId=a&limit=1", "messageId=b&limit=1"]
    pending, _ = waited(["a", "b"], [lost, page()], timeout=1.0)
    assert pending.gaps == (gap,)


def test_a_stranger_ends_the_waiting_with_all_that_came() -> None:
    """What came before it as well: the error has the only copy."""
    result, _ = waited(launched("a", "b", "c"), [page("x"), page("a"), page("b", "s", bulkId="other")])
    assert type(result) is FilterIgnored
    assert (names(result.reports), names(result.others)) == (["a", "x"], ["b", "s"])
    assert (result.operation, result.bulk_id) == ("reports.wait_for", "bulk")
    result, _ = waited(launched("a", "b", "c"), [page("x"), page("a"), page("b", 7)])
    assert type(result) is ReportsUnreadable
    assert names(result.reports) == ["a", "b", "x"]


def test_a_refusal_ends_the_waiting_with_what_came() -> None:
    """It is the cause, and its text the reason."""
    result, _ = waited(launched("a", "b"), [page("x", "a"), Outcome("answered", 403)])
    assert type(result) is ReportsPending
    assert isinstance(result.__cause__, Forbidden)
    assert result.args[0] == str(result.__cause__)
    assert (list(result.reports), names(result.others), result.pending) == (["a"], ["x"], ("b",))
    assert (result.operation, result.bulk_id) == ("reports.wait_for", "bulk")


@pytest.mark.parametrize(("timeout", "attempts"), [(60.0, 4), (1.0, 2), (0.0, 1)])
def test_the_attempts_of_a_question_end_with_the_waiting(timeout: float, attempts: int) -> None:
    """A budget that lasts longer is cut; 0.25, 0.5 and 1 second lie between four attempts."""
    budget = Budget(attempts=4, seconds=60.0, first_wait=0.5, longest_wait=30.0)
    unsent = Outcome("unsent", failure="refused")
    _, asked = waited("a", [unsent] * 4 + [page("a")], timeout=timeout, budget=budget)
    assert asked[: asked.index(2.0) if 2.0 in asked else None].count("messageId=a&limit=1") == attempts


def test_a_short_budget_is_not_lengthened_by_the_waiting() -> None:
    """It holds for each question."""
    budget = Budget(attempts=4, seconds=0.6, first_wait=0.5, longest_wait=30.0)
    _, asked = waited("a", [Outcome("unsent")] * 2 + [page("a")], budget=budget)
    assert asked == ["messageId=a&limit=1", 0.25, "messageId=a&limit=1", 2.0, "messageId=a&limit=1"]
