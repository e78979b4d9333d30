"""`ivr launch` sends nothing that is not in its journal, and nothing in it twice."""

import sqlite3
import stat
from pathlib import Path

import pytest

from cli import command
from infobip_voice_cli.journal import Journal
from sdk.lossy_server import LossyServer, answer, lossy_server

NUMBERS = tuple(str(41793026700 + number) for number in range(5))
UNCERTAIN, REFUSED, USAGE = 3, 4, 2


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("\n".join(NUMBERS) + "\n")
    return path


def launch(server: LossyServer, people: Path, *more: str, batch: int = 2) -> int:
    return command.launch(server, people, "--batch", str(batch), *more)


def refused_launch(server: LossyServer, people: Path, *more: str, batch: int = 2, code: int = REFUSED) -> None:
    """Launch, and be refused at the first request that is sent."""
    server.script.append(answer(b"", "text/plain", 401))
    launched = list(server.launched)
    assert launch(server, people, *more, batch=batch) == code
    server.launched[:] = launched  # the test server launches also what it refuses


def states(people: Path) -> list[str]:
    """Return the state of each request, in order."""
    with sqlite3.connect(f"{people}.journal") as database:
        rows = database.execute("SELECT state FROM request ORDER BY number").fetchall()
    database.close()
    return [state for (state,) in rows]


def test_a_journal_says_how_far_each_request_came(people: Path) -> None:
    """It is for its owner alone; a refused request is planned again, an uncertain one is not."""
    with lossy_server() as server:
        refused_launch(server, people)
        assert states(people) == ["planned", "planned", "planned"]
        server.script.extend(["ok", "drop"])
        assert launch(server, people) == UNCERTAIN
        assert states(people) == ["done", "sending", "planned"]
        assert launch(server, people) == UNCERTAIN
        assert states(people) == ["done", "sending", "done"]
        assert launch(server, people, "--repeat-uncertain") == 0
        assert states(people) == ["done", "done", "done"]
    assert stat.S_IMODE(Path(f"{people}.journal").stat().st_mode) == 0o600


def test_a_refusal_does_not_settle_what_was_uncertain_before(people: Path) -> None:
    """The first try may have dialled, whatever became of the second."""
    with lossy_server() as server:
        server.script.append("drop")
        assert launch(server, people, batch=5) == UNCERTAIN
        refused_launch(server, people, "--repeat-uncertain", batch=5, code=UNCERTAIN)
        assert states(people) == ["sending"]
        seen = len(server.seen)
        assert launch(server, people, batch=5) == UNCERTAIN
        assert len(server.seen) == seen


@pytest.mark.parametrize(
    "option",
    [
        ("--scenario", "other"),
        ("--from", "41793026799"),
        ("--parameter", "foo=baz"),
        ("--send-at", "2026-03-01T12:00:00+01:00"),
        ("--validity", "8"),
        ("--notify-url", "http://127.0.0.1/"),
        ("--callback-data", "x"),
        ("--record",),
        ("--redial", "1,2,3"),
        ("--notify-content-type", "application/xml"),
        ("--duplicates", "once"),
    ],
)
def test_a_journal_is_of_one_file_and_its_options(
    option: tuple[str, ...], people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With another option it is another launch: it needs another journal, and says so."""
    with lossy_server() as server:
        refused_launch(server, people)
        assert launch(server, people, *option) == USAGE
        assert f"is of a launch with other options ({option[0]})" in capsys.readouterr().err
        assert len(server.seen) == 1
        assert launch(server, people) == 0
        assert launch(server, people, *option, "--journal", f"{people}.other") == 0
        assert len(server.seen) == 1 + 3 + 3


def test_a_journal_does_not_fit_a_file_that_was_changed(people: Path) -> None:
    """A number more or less makes it another file, and so does another order."""
    with lossy_server() as server:
        assert launch(server, people) == 0
        for changed in (NUMBERS[:-1], (*NUMBERS, "41793026731"), NUMBERS[::-1]):
            people.write_text("\n".join(changed) + "\n")
            assert launch(server, people) == USAGE
        people.write_text(" \n".join(NUMBERS))  # what does not change whom it calls does not matter
        assert launch(server, people) == 0
        assert len(server.seen) == 3


def test_two_runs_at_a_time_do_not_share_a_journal(people: Path) -> None:
    """The second would dial everybody again: it is refused, and sends nothing."""
    with lossy_server() as server:
        with Journal(Path(f"{people}.journal")):
            assert launch(server, people) == USAGE
            assert server.seen == []
        assert launch(server, people) == 0


def test_a_launch_that_cannot_be_prepared_leaves_no_plan(people: Path) -> None:
    """The corrected command starts anew, with other options in the same journal."""
    with lossy_server() as server:
        assert launch(server, people, "--pace", "1/hour") == USAGE  # not in several requests
        assert server.seen == []
        assert launch(server, people) == 0


@pytest.mark.parametrize(("batch", "sizes"), [(1, [1] * 5), (2, [2, 2, 1]), (5, [5]), (6, [5])])
def test_the_plan_has_every_call_once_in_order(batch: int, sizes: list[int], people: Path) -> None:
    """Its batches share a bulk id; the ids of the calls are fixed before anything is sent."""
    from infobip_voice import Prepared

    with lossy_server() as server:
        refused_launch(server, people, batch=batch)
        with sqlite3.connect(f"{people}.journal") as database:
            rows = database.execute("SELECT prepared FROM request ORDER BY number").fetchall()
        database.close()
        planned = [Prepared.loads(text) for (text,) in rows]
        assert [len(prepared.message_ids) for prepared in planned] == sizes
        assert len({prepared.bulk_id for prepared in planned}) == 1
        assert launch(server, people, batch=batch) == 0
    calls = [call for prepared in planned for call in prepared.requests[0].messages[0].destinations]
    assert [call.to for call in calls] == list(NUMBERS)
    assert server.launched == [call.message_id for call in calls]
