"""`ivr launch` sends nothing that is not in its journal, and nothing in it twice."""

import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cli import command
from infobip_voice import Launch, Prepared, VoiceClient
from infobip_voice_cli import main
from infobip_voice_cli.journal import Call, Campaign, Journal, JournalError, PlannedRequest, Totals
from infobip_voice_client.models import VoiceResponseDetails
from sdk.lossy_server import LossyServer, answer, entry, lossy_server

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


@pytest.mark.parametrize("name", [":memory:", "file:journal", "file:journal?mode=memory"])
def test_a_journal_is_a_file_whatever_it_is_called(
    name: str, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that mean something else to SQLite: the next run would call everybody again."""
    monkeypatch.chdir(tmp_path)
    with lossy_server() as server:
        for _ in range(2):
            assert launch(server, people, "--journal", name) == 0
        assert len(server.launched) == len(set(server.launched)) == 5
        assert len({request.body for request in server.seen}) == len(server.seen) == 3
    assert main(["ivr", "status", name]) == 0


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


# --- the journal by itself

CAMPAIGN = Campaign("http://host", "user Aladdin", "people.csv", "digest", "{}", "bulk")


def request(*names: str, row: int) -> tuple[Prepared[object], PlannedRequest]:
    """Return a request of these calls, the first of which is that of this row."""
    calls = [{"to": f"4179302670{row + at}", "messageId": name} for at, name in enumerate(names)]
    document = {"bulkId": "bulk", "messages": [{"scenarioId": "s", "destinations": calls}]}
    prepared = Prepared.loads(json.dumps([document]))
    recipients = [
        (name, row + at, json.dumps({"to": call["to"]}))
        for at, (name, call) in enumerate(zip(names, calls, strict=True))
    ]
    return prepared, PlannedRequest(prepared.dumps(), recipients)


REQUESTS = [request("a", "b", row=1), request("c", "d", row=3), request("e", row=5)]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal") as journal:
        journal.plan(CAMPAIGN, [planned for _, planned in REQUESTS])
        yield journal


def launched(accepted: tuple[str, ...] = (), rejected: tuple[str, ...] = ()) -> Launch:
    entries = [
        VoiceResponseDetails.from_dict(entry(name, "1", duplicate=name in rejected)) for name in accepted + rejected
    ]
    return Launch("bulk", accepted + rejected, (), tuple(entries))


def test_a_journal_has_its_campaign(tmp_path: Path) -> None:
    """From its plan on, member by member, and once it is opened again."""
    with Journal(tmp_path / "journal") as journal:
        assert journal.path == tmp_path / "journal"
        assert journal.campaign is None
        assert list(journal.unanswered()) == []
        assert journal.totals() == Totals()
        journal.plan(CAMPAIGN, [])
        assert journal.campaign == CAMPAIGN
    with Journal(tmp_path / "journal") as journal:
        assert journal.campaign == CAMPAIGN


@pytest.mark.parametrize("exists", [False, True])
def test_a_reader_and_a_run_wait_for_each_other(exists: bool, journal: Journal) -> None:
    """A minute, by SQLite's own means."""
    path = journal.path
    if not exists:
        journal.close()
    with Journal(path, exists=exists) as other:
        assert other._database.execute("PRAGMA busy_timeout").fetchone() == (60_000,)


def test_a_plan_is_noted_whole_or_not_at_all(tmp_path: Path) -> None:
    """What fails in the midst of it leaves nothing behind, and it can be planned again."""

    def failing() -> Iterator[PlannedRequest]:
        yield REQUESTS[0][1]
        raise ZeroDivisionError

    with Journal(tmp_path / "journal") as journal:
        with pytest.raises(ZeroDivisionError):
            journal.plan(CAMPAIGN, failing())
        assert (journal.campaign, journal.totals()) == (None, Totals())
        journal.plan(CAMPAIGN, [REQUESTS[0][1]])
        assert journal.totals() == Totals(unsent=2)


def test_what_is_unanswered(journal: Journal) -> None:
    """Requests come in the order of the plan, with whether they were sent before."""
    first, second, third = (prepared for prepared, _ in REQUESTS)
    assert list(journal.unanswered()) == [(1, first, False), (2, second, False), (3, third, False)]
    journal.sending(2)
    assert list(journal.unanswered()) == [(1, first, False), (2, second, True), (3, third, False)]
    journal.unsent(2)
    assert list(journal.unanswered()) == [(1, first, False), (2, second, False), (3, third, False)]
    journal.answered(1, launched(("a", "b")))
    journal.unreadable(2, b"?")
    assert list(journal.unanswered()) == [(3, third, False)]


def test_the_state_of_each_call(journal: Journal) -> None:
    """As its request was sent, and as the answer says; by row, and counted."""
    assert journal.totals() == Totals(unsent=5)
    journal.sending(1)
    assert journal.totals() == Totals(uncertain=2, unsent=3)
    journal.answered(1, launched(("a",)))
    assert journal.totals() == Totals(accepted=1, uncertain=1, unsent=3)
    journal.sending(2)
    # An answer may name calls of another request, and such as nobody sent.
    journal.answered(2, launched(("b", "e", "x"), ("d",)))
    assert journal.totals() == Totals(accepted=1, rejected=1, uncertain=2, unsent=1)
    journal.unreadable(3, b"?")
    totals = journal.totals()
    assert totals == Totals(accepted=1, rejected=1, unreadable=1, uncertain=2)
    assert totals.sent == 5
    assert list(journal.calls("uncertain", "unreadable", "rejected")) == [
        Call("b", 2, '{"to": "41793026702"}', "uncertain"),
        Call("c", 3, '{"to": "41793026703"}', "uncertain"),
        Call("d", 4, '{"to": "41793026704"}', "REJECTED_DUPLICATE_MESSAGE_ID"),
        Call("e", 5, '{"to": "41793026705"}', "unreadable"),
    ]
    assert [call.message_id for call in journal.calls("accepted", "unsent")] == ["a"]
    assert list(journal.calls()) == []


def test_whatever_the_reason_a_rejected_call_is_rejected(journal: Journal) -> None:
    """The calls of all reasons are counted together, and each has its own."""
    launch = launched(rejected=("a", "b"))
    launch.messages[1].status.name = "REJECTED_DESTINATION"
    journal.answered(1, launch)
    assert journal.totals() == Totals(rejected=2, unsent=3)
    assert [call.state for call in journal.calls("rejected")] == [
        "REJECTED_DUPLICATE_MESSAGE_ID",
        "REJECTED_DESTINATION",
    ]


def test_an_answer_that_cannot_be_read_is_kept(journal: Journal) -> None:
    """Byte for byte, with its request."""
    journal.unreadable(2, b"\x00\xff")
    with sqlite3.connect(journal.path) as database:
        rows = database.execute("SELECT number, state, answer FROM request ORDER BY number").fetchall()
    database.close()
    assert rows == [(1, "planned", None), (2, "done", b"\x00\xff"), (3, "planned", None)]


@pytest.mark.parametrize(("totals", "sent"), [(Totals(), 0), (Totals(1, 2, 4, 8, 16), 15), (Totals(unsent=3), 0)])
def test_how_many_were_sent(totals: Totals, sent: int) -> None:
    """All that are not unsent."""
    assert totals.sent == sent


def test_the_words_of_a_journal_that_cannot_be_used(tmp_path: Path) -> None:
    """Which file, and why; nothing is made and nothing is touched."""
    path = tmp_path / "journal"

    def refused(*, exists: bool = False) -> str:
        with pytest.raises(JournalError) as caught:
            Journal(path, exists=exists)
        return str(caught.value)

    assert refused(exists=True) == f"there is no journal {path}"
    assert not path.exists()
    with Journal(path):
        assert refused() == f"another run has the journal {path}"
        Journal(path, exists=True).close()  # a reader may look
    with sqlite3.connect(path) as database:
        marks = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    database.close()
    assert marks == [0x1F0B1CA1, 1]
    for version in (2, 0x1000001):
        with sqlite3.connect(path) as database:
            database.execute(f"PRAGMA user_version = {version}")
        database.close()
        for exists in (False, True):
            assert refused(exists=exists) == (
                f"{path} was written by another version of this command (format {version}, not 1)"
            )
    for content in (b"something else", b"SQLite format 3\0" + bytes(84), bytes(68) + b"\x1f\x0b\x1c\xa1" + bytes(28)):
        path.write_bytes(content)
        for exists in (False, True):
            assert refused(exists=exists) == f"{path} is no journal of this version; it was not touched"
        assert path.read_bytes() == content
    path.write_bytes(b"")
    assert refused(exists=True) == f"{path} is no journal of this version; it was not touched"
    Journal(path).close()
    Journal(path, exists=True).close()


def test_a_journal_that_failed_to_open_lets_go_of_its_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run gets it, in the same process too."""
    path = tmp_path / "journal"
    with monkeypatch.context() as failing:
        failing.setattr("infobip_voice_cli.journal._TABLES", "CREATE TABLE campaign (server TEXT); nonsense")
        with pytest.raises(sqlite3.OperationalError, match="nonsense"):
            Journal(path)
    journal = Journal(path)
    assert journal.totals() == Totals()
    journal.close()
    journal.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        journal.totals()
    Journal(path).close()


def test_a_prepared_launch_is_planned_as_it_is(tmp_path: Path) -> None:
    """Every option of it comes back from the journal."""
    voice = VoiceClient(base_url="http://host", api_key="k")
    prepared = voice.ivr.prepare(scenario_id="s", to="41793026727", parameters={"a": "b"}, validity_period=60)
    with Journal(tmp_path / "journal") as journal:
        journal.plan(CAMPAIGN, [PlannedRequest(prepared.dumps(), [(prepared.message_ids[0], 1, "{}")])])
        assert list(journal.unanswered()) == [(1, prepared, False)]


def test_a_run_that_was_killed_before_it_had_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite takes back what the header promised: a reader is told, the next run begins anew."""
    path = tmp_path / "journal"
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM")
    monkeypatch.setattr("infobip_voice_cli.journal._refuse_another_file", lambda *_: None)
    with pytest.raises(JournalError, match="nothing is planned in"):
        Journal(path, exists=True)
    with Journal(path) as journal:
        assert journal.campaign is None
