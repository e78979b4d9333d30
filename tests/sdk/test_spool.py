"""Every engine of the spool: what it stores of each outcome, and what it says of it afterwards."""

import gzip
import itertools
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infobip_voice import ConfigurationError, Gap, Report, SpoolError, Unreadable
from infobip_voice._messages import Outcome
from infobip_voice._pages import Page
from infobip_voice._report import Place
from infobip_voice._reports import Filter
from infobip_voice._spool import Spool, is_url, make_spool

JSON = {"content-type": "application/json"}
MOMENTS = [datetime(2026, 11, 26, 12, minute, tzinfo=UTC) for minute in range(20)]
DOWN = Outcome("answered", 503, {}, b"down")
EMPTY = Outcome("answered", 200, JSON, b'{"results": []}')
NO_OBJECT = "it is not an object with members"


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new spool goes."""
    return str(tmp_path / "spool") if request.param == "sqlite" else request.getfixturevalue("postgres").url()


def opened(place: str | None = None, asked: Filter | None = None) -> Spool:
    """A spool whose clock goes on by a minute each time that it is looked at."""
    moments, ids = iter(MOMENTS), itertools.count()
    names = itertools.chain(["identity"], (f"request-{number}" for number in ids))
    spool = make_spool(place, asked, lambda: next(moments), lambda: next(names))
    spool.open()
    return spool


@pytest.fixture
def spool(place: str) -> Iterator[Spool]:
    spool = opened(place)
    yield spool
    spool.close()


def stored(spool: Spool, outcome: Outcome) -> Any:
    """Store an answer in a spool that is empty, and read it."""
    spool.end(outcome, "answered")
    return spool.read(0)


@pytest.mark.parametrize(
    ("verdict", "outcome", "is_page", "bodies"),
    [
        ("answered", Outcome("answered", 200, JSON, b'{"results": [1]}'), True, None),
        ("answered", Outcome("answered", 204, JSON, b""), True, None),
        ("uncertain", Outcome("cut", 201, JSON, b'{"results": [1]', "cut"), True, ()),
        ("uncertain", Outcome("cut", 200, JSON, b"", "cut"), False, ()),
        ("uncertain", Outcome("answered", 500, JSON, b'{"results": [1]}', "cut"), False, (b'{"results": [1]}',)),
        ("uncertain", Outcome("answered", 101, JSON, b"x", "cut"), False, (b"x",)),
        ("uncertain", Outcome("lost", failure="cut"), False, ()),
        ("refused", Outcome("answered", 401, JSON, b"no"), False, None),
        ("throttled", Outcome("answered", 429, JSON, b"no"), False, None),
        ("unsent", Outcome("unsent", failure="cut"), False, None),
    ],
)
def test_what_is_stored_of_an_outcome(
    verdict: Any, outcome: Outcome, is_page: bool, bodies: tuple[bytes, ...] | None, spool: Spool
) -> None:
    """A 2xx with something in it is a page, whole or not; without a verdict it is a gap as well,
    which keeps the body that is no page.
    """
    spool.end(outcome, verdict)
    assert (spool.read(0) is not None) is is_page
    expected = () if bodies is None else (Gap("cut", outcome.status, 1, MOMENTS[0], MOMENTS[0]),)
    assert spool.gaps == expected
    assert [gap.bodies for gap in spool.gaps] == ([] if bodies is None else [bodies])


@pytest.mark.parametrize(
    ("events", "gaps"),
    [
        ("ddd", [(3, 0, 2)]),
        ("dd.d", [(2, 0, 1), (1, 2, 2)]),
        ("d.d.d.d", [(1, 0, 0), (1, 1, 1), (1, 2, 2), (1, 3, 3)]),
        ("d.dfd.d", [(1, 2, 2), (1, 3, 3)]),
        ("dfdd", [(2, 1, 2)]),
        ("did", [(2, 0, 2), (1, 1, 1)]),
    ],
)
def test_an_answer_ends_an_outage(events: str, gaps: list[tuple[int, int, int]], spool: Spool) -> None:
    """So does forgetting the gaps; losses that ended alike before that are one gap.

    d: the server is down. i: a request was interrupted. A dot: an answer. f: the gaps are
    forgotten.
    """
    for event in events:
        spool.begin()
        if event == "d":
            spool.end(DOWN, "uncertain")
        elif event == ".":
            spool.end(EMPTY, "answered")
        elif event == "f":
            spool.end(Outcome("unsent"), "unsent")
            spool.forget_gaps()
    told = [(gap.count, MOMENTS.index(gap.first), MOMENTS.index(gap.last)) for gap in spool.gaps]
    assert told == gaps
    assert {(gap.reason, gap.bodies) for gap in spool.gaps} <= {
        ("the server failed, or gave an unknown status", (b"down",)),
        ("interrupted while an answer was on its way", ()),
    }


def test_each_opening_is_an_outage_of_its_own(place: str) -> None:
    """The gaps of earlier ones stay as they were."""
    for run in range(3):
        spool = opened(place)
        assert [gap.count for gap in spool.gaps] == [2] * run
        spool.end(DOWN, "uncertain")
        spool.end(DOWN, "uncertain")
        spool.close()


def test_the_reason_of_a_gap_shows_ids_and_no_number(place: str) -> None:
    """An id of ours may look like a number, and is shown whole."""
    spool = opened(place, Filter("41793026700"))
    spool.end(Outcome("lost", failure="no route to 41793026727 for 41793026700"), "uncertain")
    assert [gap.reason for gap in spool.gaps] == ["no route to *********27 for 41793026700"]
    spool.close()


def test_a_page_keeps_its_type_and_encoding(place: str) -> None:
    """It is read by them, by this drain and by a later one."""
    page = b"<reportResponse><results><result><messageId>a</messageId></result></results></reportResponse>"
    headers = {"content-type": "application/xml", "content-encoding": "gzip"}
    spool = opened(place)
    spool.end(Outcome("answered", 200, headers, gzip.compress(page)), "answered")
    spool.end(Outcome("answered", 200, {**JSON, "content-encoding": "br"}, b"\x0b\x80"), "answered")
    for again in (False, True):
        if again:
            spool.close()
            spool = opened(place)
        first = spool.read(0)
        assert first is not None
        assert [report.message_id for report in first.waiting] == ["a"]
        assert [report.place for report in first.waiting] == [Place("identity", 1, 0)]
        if not again:
            second = spool.read(first.number)
            assert second is not None
            assert second.new == [Unreadable(b"\x0b\x80", "the Content-Encoding is unknown", "application/json", "br")]
    kept = Unreadable(
        b"\x0b\x80", "the Content-Encoding is unknown", "application/json", "br", 1, MOMENTS[0], MOMENTS[0]
    )
    assert spool.unreadable == (kept,)
    spool.close()


def test_the_same_bytes_are_kept_once_and_counted(spool: Spool) -> None:
    """With the moments of the first and the last time, and told as new once."""
    page = Outcome("answered", 200, JSON, b'{"results": [7, 8, 7]}')
    assert [piece.body for piece in stored(spool, page).new] == [b"7", b"8"]
    assert spool.read(0) is None  # there is nothing else in it
    spool.end(page, "answered")
    again = spool.read(1)
    assert again is not None
    assert again.new == []
    seven, eight = spool.unreadable
    assert seven == Unreadable(b"7", NO_OBJECT, "application/json", None, 4, MOMENTS[0], MOMENTS[5])
    assert eight == Unreadable(b"8", NO_OBJECT, "application/json", None, 2, MOMENTS[1], MOMENTS[4])
    spool.forget_unreadable()
    assert spool.unreadable == ()


def test_reports_of_another_launch_are_kept_apart(place: str) -> None:
    """A report that does not name its launch may be of the one that was asked for."""
    spool = opened(place, Filter("mine"))
    page = b'{"results": [{"bulkId": "mine"}, {"bulkId": "other"}, {"messageId": "a"}]}'
    read = stored(spool, Outcome("answered", 200, JSON, page))
    assert [report.place.position for report in read.waiting] == [0, 2]
    assert [report.place.position for report in read.others] == [1]
    assert read.page == Page([read.waiting[0], read.others[0], read.waiting[1]])
    spool.close()


@pytest.mark.parametrize("body", [b'{"results": []}', b'{"results": [7]}', b"nonsense", b""])
def test_a_page_in_which_nothing_waits_is_read_once(body: bytes, spool: Spool) -> None:
    """What is unreadable in it is kept elsewhere."""
    assert stored(spool, Outcome("answered", 200, JSON, body)).number == 1
    assert spool.read(0) is None
    assert len(spool.unreadable) == (0 if body.startswith(b'{"results": []') else 1)


def test_a_spool_that_nobody_asked_a_filter_of_keeps_its_own(place: str) -> None:
    """As the command that shows a spool does."""
    opened(place, Filter("mine")).close()
    spool = opened(place)
    read = stored(spool, Outcome("answered", 200, JSON, b'{"results": [{"bulkId": "other"}]}'))
    assert len(read.others) == 1
    spool.close()


@pytest.mark.parametrize(("held", "asked", "holds"), [("b", None, "the launch b"), (None, "b", "every launch")])
def test_a_spool_of_another_filter(held: str | None, asked: str | None, holds: str, place: str) -> None:
    """Refused with what it holds and what to do, and it can be opened by its own filter after."""
    opened(place, Filter(held)).close()
    with pytest.raises(SpoolError) as caught:
        opened(place, Filter(asked))
    assert caught.value.args[0] == f"the spool holds the reports of {holds}; use another spool, or the same bulk_id"
    opened(place, Filter(held)).close()


def test_an_acknowledgement_counts_once_and_the_last_one_ends_a_page(spool: Spool) -> None:
    """Whatever the order; a page of which all is done is gone."""
    read = stored(spool, Outcome("answered", 200, JSON, b'{"results": [{"to": "1"}, {"to": "2"}, {"to": "3"}]}'))
    first, second, third = read.waiting
    spool.acknowledge([third, third])
    spool.acknowledge([first, third])
    again = spool.read(0)
    assert again is not None
    assert again.waiting == [second]
    spool.acknowledge(iter([second]))
    assert spool.read(0) is None
    spool.acknowledge([first, second, third])


def test_a_later_opening_acknowledges_pages_that_it_has_not_read(place: str) -> None:
    """One that is gone, and a report that is done, do not keep it from the others."""
    page = Outcome("answered", 200, JSON, b'{"results": [{"to": "1"}, {"to": "2"}]}')
    spool = opened(place)
    reports: list[list[Report]] = []
    for number in range(4):
        spool.end(page, "answered")
        read = spool.read(number)
        assert read is not None
        reports.append(read.waiting)
    first, second, third, fourth = reports
    spool.close()
    spool = opened(place)
    spool.acknowledge([first[0], *second, third[1]])
    spool.close()
    spool = opened(place)
    spool.acknowledge([second[0], first[0], fourth[0]])
    assert [left(spool, number) for number in range(4)] == [(1, ["2"]), (3, ["1"]), (3, ["1"]), (4, ["2"])]
    spool.close()


def left(spool: Spool, after: int) -> tuple[int, list[str | None]]:
    """Return the number of the next page, and whose reports wait in it."""
    read = spool.read(after)
    assert read is not None
    return read.number, [report.to for report in read.waiting]


@pytest.mark.parametrize(
    ("lies", "where"),
    [(None, "no spool"), (Place("another", 1, 0), "another spool"), (Place("", 1, 0), "another spool")],
)
def test_an_acknowledgement_of_a_strange_report(lies: Place | None, where: str, spool: Spool) -> None:
    """The text names the report and where it comes from, without its number."""
    report = Report({"messageId": "a", "to": "41793026727"})
    report.place = lies
    with pytest.raises(ValueError, match="spool") as caught:
        spool.acknowledge([report])
    assert str(caught.value) == (
        f"Report(message_id='a', status=None) comes from {where}, so this one cannot acknowledge it"
    )


USES: list[Callable[[Spool], object]] = [
    lambda spool: spool.begin(),
    lambda spool: spool.end(EMPTY, "answered"),
    lambda spool: spool.read(0),
    lambda spool: spool.acknowledge([]),
    lambda spool: spool.forget_gaps(),
    lambda spool: spool.forget_unreadable(),
]


@pytest.mark.parametrize("use", USES)
def test_a_spool_that_is_not_open(use: Callable[[Spool], object], place: str) -> None:
    """Before it is opened and after it was closed, twice; then it may be opened again."""
    spool = make_spool(place, None, lambda: MOMENTS[0], lambda: "identity")
    for _ in range(2):
        with pytest.raises(SpoolError, match=r"^the spool is not open"):
            use(spool)
        spool.open()
        use(spool)
        spool.close()
        spool.close()


def test_an_answer_to_a_spool_that_was_closed_meanwhile_is_in_the_error(spool: Spool) -> None:
    """Unpacked, since its reports are nowhere else. A request that never left has nothing to
    keep."""
    spool.begin()
    spool.close()
    headers = {**JSON, "content-encoding": "gzip"}
    with pytest.raises(SpoolError, match=r"^the spool is not open .*Save the body") as caught:
        spool.end(Outcome("answered", 200, headers, gzip.compress(b'{"results": [1]}')), "answered")
    error = caught.value
    assert (error.sent, error.status, error.headers, error.body) == (True, 200, headers, b'{"results": [1]}')
    for outcome, verdict, sent in ((Outcome("lost"), "uncertain", True), (Outcome("unsent"), "unsent", False)):
        with pytest.raises(SpoolError) as caught:
            spool.end(outcome, verdict)  # type: ignore[arg-type]
        assert (caught.value.sent, caught.value.body) == (sent, b"")


def test_a_spool_may_be_used_from_any_thread(spool: Spool) -> None:
    """An event loop uses it from whichever thread is free."""
    thread = threading.Thread(target=lambda: spool.end(EMPTY, "answered"))
    thread.start()
    thread.join()
    assert spool.read(0) is not None


def test_opening_twice_keeps_what_is_open(spool: Spool) -> None:
    """A task that was cancelled while it opened may not know."""
    spool.end(EMPTY, "answered")
    spool.open()
    assert spool.read(0) is not None


def test_looking_changes_nothing(place: str) -> None:
    """All that is there is shown, by whomever it was asked for, and again the next time."""
    spool = opened(place, Filter("mine"))
    page = b'{"results": [{"bulkId": "mine", "to": "1"}, {"bulkId": "other"}, 7, {"to": "3"}]}'
    spool.end(Outcome("answered", 200, JSON, page), "answered")
    for _ in range(2):
        look = spool.look(0)
        assert look is not None
        assert ([report.to for report in look.waiting], len(look.others)) == (["1", "3"], 1)
        assert [piece.body for piece in look.new] == [b"7"]
        assert spool.unreadable == ()
    read = spool.read(0)
    assert read is not None
    assert read.own
    spool.acknowledge(read.waiting[:1])
    look = spool.look(0)
    assert look is not None
    assert ([report.to for report in look.waiting], look.new) == (["3"], [])
    assert spool.look(look.number) is None
    spool.close()


def test_what_an_earlier_drain_asked_for_is_not_this_ones_own(place: str) -> None:
    """It says nothing of what the server has now; what this one asks for does, once."""
    opened(place).close()
    for own in (True, False, False):
        spool = opened(place)
        if own:
            spool.end(Outcome("answered", 200, JSON, b'{"results": [{"to": "1"}]}'), "answered")
        read = spool.read(0)
        assert read is not None
        assert read.own is own
        spool.close()


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (None, False), (Path("postgresql://host"), False), ("spool", False), ("/a/b://c", False), ("1x://y", False),
        ("postgresql://host/name", True), ("postgres:///", True), ("PostgreSQL://host", True), ("POSTGRES://h", True),
    ],
)  # fmt: skip
def test_what_is_the_url_of_a_database(place: object, expected: bool) -> None:
    """A text that begins as one; everything else is a file, or memory."""
    assert is_url(place) is expected


@pytest.mark.parametrize("place", ["mysql://host", "s3+x.y-z://bucket", "xpostgres://h", "Redis://h", "file:///spool"])
def test_a_url_of_something_else_is_no_name_of_a_file(place: str) -> None:
    """Somebody who writes it does not want a file of that name."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the whole is below
        make_spool(place, None, lambda: MOMENTS[0], lambda: "identity")
    assert (
        str(caught.value) == "spool: the URL of a spool begins with postgresql://; anything else is the path of a file"
    )


@pytest.mark.parametrize(("place", "kind"), [(5, "int"), (b"spool", None), (object(), "object")])
def test_what_is_no_place_for_a_spool(place: Any, kind: str | None) -> None:
    """It is named by its type; a path of bytes is one."""
    with nullcontext() if kind is None else pytest.raises(ValueError) as caught:  # noqa: PT011
        make_spool(place, None, lambda: MOMENTS[0], str)
    if caught is not None:
        assert str(caught.value) == (f"spool has to be the path of a file, the URL of a PostgreSQL or None, not {kind}")


def test_a_failure_before_a_request_says_that_nothing_was_sent(place: str) -> None:
    """The spool is not open: nobody has been asked for anything."""
    spool = make_spool(place, None, lambda: MOMENTS[0], lambda: "identity")
    with pytest.raises(SpoolError) as caught:
        spool.begin()
    assert not caught.value.sent


def test_without_the_extra_a_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal names what to install."""
    monkeypatch.setitem(sys.modules, "infobip_voice._postgres_spool", None)
    with pytest.raises(
        ConfigurationError, match=r"^a spool in PostgreSQL needs the extra infobip-voice\[postgres\] \("
    ):
        make_spool("postgresql://host/name", None, lambda: MOMENTS[0], lambda: "identity")


@pytest.mark.parametrize("asked", [None, Filter("a")])
def test_reports_of_others_are_parted_where_some_were_asked_for(place: str, asked: Filter | None) -> None:
    """Without a filter there are no others."""
    spool = opened(place, asked)
    page = stored(spool, Outcome("answered", 200, JSON, b'{"results": [{"bulkId": "a"}, {"bulkId": "b"}]}'))
    waiting, others = ([report.bulk_id for report in part] for part in (page.waiting, page.others))
    assert (waiting, others) == ((["a"], ["b"]) if asked else (["a", "b"], []))
    spool.close()
