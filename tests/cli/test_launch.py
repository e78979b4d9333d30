"""`ivr launch`: what is sent, what is told, and that an interrupted campaign calls nobody twice."""

import io
import json
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cli.command import file, launch, output, refuses, run
from infobip_voice_cli import main
from infobip_voice_cli.campaign import Throttle
from sdk.lossy_server import answer, lossy_server

NUMBERS = [str(41793026700 + number) for number in range(6)]


def test_a_file_is_called_once_in_batches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All batches share one bulk id, and a second run sends nothing and says so."""
    path = file(tmp_path, "to,messageId", "+41 79 302 67 27,mine", "41793026731,", "", "41793026732,")
    words = ("--batch", "2", "--parameter", "foo=bar", "--from", "+41 79 302 67 00")
    with lossy_server() as server:
        assert launch(server, path, *words) == 0
        first, second = (json.loads(request.body) for request in server.seen)
        (summary,), error = output(capsys)
        assert error == ""
        assert launch(server, path, *words) == 0
        assert len(server.seen) == 2
    assert first["bulkId"] == second["bulkId"]
    assert [call["to"] for call in first["messages"][0]["destinations"]] == ["41793026727", "41793026731"]
    assert first["messages"][0]["destinations"][0]["messageId"] == "mine"
    assert first["messages"][0]["parameters"] == {"foo": "bar"}
    assert first["messages"][0]["from"] == "41793026700"
    assert "validityPeriod" not in first["messages"][0]
    assert summary == {
        "bulkId": first["bulkId"], "calls": 3, "accepted": 3, "rejected": 0, "unreadable": 0, "uncertain": 0, "unsent": 0,
    }  # fmt: skip
    (again,), error = output(capsys)
    assert again == summary
    assert "already finished" in error


def test_what_a_row_says_takes_effect_for_its_call(tmp_path: Path) -> None:
    """`from`, `messageId` and `parameters.NAME` are those of the row; an empty cell leaves the
    command's."""
    path = file(
        tmp_path,
        "Parameters.name;FROM;message_id;Mobile;parameters.Sum",
        "Ann;;a;41793026700;5",
        "Ben;0800 100;b;41793026701;",
        ";;;41793026702;",
        "Ann;;d;41793026703;5",
    )
    with lossy_server() as server:
        assert launch(server, path, "--from", "41793026799", "--parameter", "name=you") == 0
        (request,) = server.seen
    messages = json.loads(request.body)["messages"]
    told = [
        (
            message["from"],
            message["parameters"],
            [(call["to"], call["messageId"]) for call in message["destinations"] if len(call["messageId"]) == 1],
        )
        for message in messages
    ]
    assert told == [
        ("41793026799", {"name": "Ann", "Sum": "5"}, [("41793026700", "a"), ("41793026703", "d")]),
        ("0800100", {"name": "Ben"}, [("41793026701", "b")]),
        ("41793026799", {"name": "you"}, []),
    ]
    assert messages[2]["destinations"][0]["to"] == "41793026702"


def test_every_option_is_sent(tmp_path: Path) -> None:
    """Pace, redial, validity, time, pushes and the rest reach the request."""
    with lossy_server() as server:
        words = (
            "--pace", "10/hour", "--redial", "1,30,4", "--validity", "60", "--send-at", "2026-12-01T09:00+01:00",
            "--notify-url", "https://example.com/", "--notify-content-type", "application/xml", "--callback-data", "x",
            "--record",
        )  # fmt: skip
        assert launch(server, file(tmp_path, *NUMBERS), *words) == 0
        (request,) = server.seen
    (message,) = json.loads(request.body)["messages"]
    assert len(message.pop("destinations")) == 6
    assert message == {
        "scenarioId": "s", "sendingSpeed": {"speed": 10, "timeUnit": "hour"}, "validityPeriod": 60, "record": True,
        "retry": {"minPeriod": 1, "maxPeriod": 30, "maxCount": 4}, "sendAt": "2026-12-01T09:00:00.000+01:00",
        "notifyUrl": "https://example.com/", "notifyContentType": "application/xml", "callbackData": "x",
    }  # fmt: skip


@pytest.mark.parametrize("again", [(), ("--repeat-uncertain",)])
def test_an_interrupted_launch_goes_on_and_calls_nobody_twice(
    again: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A request whose answer was lost is sent again only if asked for, with the same ids."""
    path = file(tmp_path, "to", *NUMBERS)
    with lossy_server() as server:
        server.script.extend(["ok", "drop"])
        assert launch(server, path, "--batch", "2") == 3
        assert len(server.launched) == 4
        lines, complaint = output(capsys)
        assert lines[:-1] == [
            {"messageId": name, "uncertain": True, "row": row}
            for name, row in zip(server.launched[2:], (4, 5), strict=True)
        ]
        assert (lines[-1]["uncertain"], lines[-1]["unsent"]) == (2, 2)
        assert "The calls of that request may have been made" in complaint
        assert "--repeat-uncertain" in complaint
        assert "repeat_uncertain" not in complaint
        assert complaint.count("infobip-voice: ") == 1
        assert launch(server, path, "--batch", "2", *again) == (0 if again else 3)
        assert len(server.launched) == len(set(server.launched)) == 6
        assert len(server.seen) == (4 if again else 3)
        lines, _ = output(capsys)
        assert (lines[-1]["accepted"], lines[-1]["rejected"]) == (6 if again else 4, 0)
        assert launch(server, path, "--batch", "2", *again) == (0 if again else 3)
        assert len(server.launched) == 6


def test_a_call_that_the_answer_leaves_out_stays_uncertain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command names the call and its row, run after run, and does not send its request
    again."""
    path = file(tmp_path, "to,messageId", "41793026727,mine")
    with lossy_server() as server:
        server.script.append(answer(b'{"messages": []}'))
        for words in ((), (), ("--repeat-uncertain",)):
            assert launch(server, path, *words) == 3
            lines, _ = output(capsys)
            told, totals = lines
            assert told == {"messageId": "mine", "uncertain": True, "row": 2}
            assert totals["uncertain"] == 1
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("step", "code", "again", "requests"),
    [
        (503, 3, 3, 1),
        (answer(b"", "text/plain", 401), 4, 0, 2),
        ("garbage", 1, 1, 1),
        (answer(b"", "text/plain", 400), 4, 0, 2),
    ],
)
def test_other_ends_of_a_launch(step: Any, code: int, again: int, requests: int, tmp_path: Path) -> None:
    """Only a refused request is sent again; an uncertain or unreadable one is not, and a rerun has
    the same code."""
    path = file(tmp_path, "41793026727")
    with lossy_server() as server:
        refuses(server)
        server.script.append(step)
        assert launch(server, path) == code
        assert launch(server, path) == again
        assert len(server.seen) == requests


def test_broken_off_is_not_nothing_happened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If a refusal comes after calls were made, the exit code is neither that of nothing sent nor
    of done."""
    path = file(tmp_path, *NUMBERS)
    with lossy_server() as server:
        refuses(server)
        server.script.extend(["ok", answer(b"", "text/plain", 403)])
        assert launch(server, path, "--batch", "2") == 6
        (summary,), _ = output(capsys)
        assert (summary["accepted"], summary["unsent"]) == (2, 4)
        assert main(["ivr", "status", str(path) + ".journal"]) == 6
        assert launch(server, path, "--batch", "2") == 0
        assert len(set(server.launched)) == len(server.launched) == 6


def test_rejected_calls_are_named_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each rejected call with its row; a rerun and the status say the same with the
    same code."""
    path = file(tmp_path, "to,messageId", "41793026727,a", "", "41793026731,b")
    told: list[Any] = []
    with lossy_server() as server:
        server.launched.append("b")
        for _ in range(2):
            assert launch(server, path) == 1
            told.append(output(capsys)[0])
        assert main(["ivr", "status", str(path) + ".journal"]) == 1
        told.append(output(capsys)[0])
    assert told[0][0] == {"messageId": "b", "rejected": "REJECTED_DUPLICATE_MESSAGE_ID", "row": 4}
    assert (told[0][1]["accepted"], told[0][1]["rejected"]) == (1, 1)
    assert told[0] == told[1] == told[2]


def test_a_throttled_campaign_waits_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the server says 429: it waits as long as it is told, and everybody is called
    once."""
    now = [0.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr("infobip_voice_cli.ivr.Throttle", partial(Throttle, clock=lambda: now[0], sleep=sleep))
    path = file(tmp_path, *NUMBERS[:2])
    with lossy_server() as server:
        refuses(server)
        server.script.extend([answer(b"", "text/plain", 429, "Retry-After: 120")] * 9)
        assert launch(server, path) == 0
        assert len(server.seen) == 10
        assert len(server.launched) == 2
    assert now[0] >= 9 * 120
    assert "fewer requests; going on in 120 seconds" in output(capsys)[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_for_the_answer(number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer of the request under way is still noted; the rest is not sent, and the next run
    goes on."""
    path = file(tmp_path, *NUMBERS)
    with lossy_server() as server:
        process = server._process

        def signalled(request: Any) -> Any:
            os.kill(os.getpid(), number)
            return process(request)

        server._process = signalled  # type: ignore[method-assign]
        assert launch(server, path, "--batch", "2") == 128 + number
        (summary,), error = output(capsys)
        assert (summary["accepted"], summary["uncertain"], summary["unsent"]) == (2, 0, 4)
        assert "stopping after the request" in error
        server._process = process  # type: ignore[method-assign]
        assert launch(server, path, "--batch", "2") == 0
        assert len(set(server.launched)) == len(server.launched) == 6


def test_a_journal_belongs_to_a_server_an_account_a_file_and_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anything else is refused with both named and a way out, and nothing is sent."""
    path = file(tmp_path, "41793026727")
    with lossy_server() as server, lossy_server() as other:
        assert launch(server, path, "--callback-data", "old") == 0
        capsys.readouterr()

        def refused(*words: str, at: Any = server) -> str:
            assert launch(at, path, *words) == 2
            lines, error = output(capsys)
            assert lines == []
            assert "--journal" in error
            assert "nothing was sent" in error or "41793026727" not in error
            return error

        error = refused("--callback-data", "old", at=other)
        assert server.url in error
        assert other.url in error
        assert "--callback-data" in refused("--callback-data", "new")
        with monkeypatch.context() as patch:
            patch.setenv("INFOBIP_USERNAME", "Jasmine")
            error = refused("--callback-data", "old")
            assert "user Aladdin" in error
            assert "user Jasmine" in error
        with monkeypatch.context() as patch:
            patch.setenv("INFOBIP_API_KEY", "secret")
            assert "secret" not in refused("--callback-data", "old")
        path.write_text("41793026731\n")
        assert "other recipients" in refused("--callback-data", "old")
        assert (len(server.seen), len(other.seen)) == (1, 0)
        assert launch(other, path, "--journal", tmp_path / "another") == 0


def test_a_journal_that_another_run_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second run at the same time is refused; the status can be seen meanwhile."""
    from infobip_voice_cli.journal import Journal

    path = file(tmp_path, "41793026727")
    with lossy_server() as server:
        assert launch(server, path) == 0
        capsys.readouterr()
        with Journal(Path(str(path) + ".journal")):
            assert launch(server, path) == 2
            assert "another run" in output(capsys)[1]
            assert main(["ivr", "status", str(path) + ".journal"]) == 0
        assert len(server.seen) == 1


@pytest.mark.parametrize("content", [b"my novel\n", b"SQLite format 3\0" + bytes(200)])
def test_a_file_that_is_no_journal_is_not_touched(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever it is."""
    journal = tmp_path / "journal"
    journal.write_bytes(content)
    with lossy_server() as server:
        assert launch(server, file(tmp_path, "41793026727"), "--journal", journal) == 2
        assert server.seen == []
    assert journal.read_bytes() == content
    assert main(["ivr", "status", str(journal)]) == 2
    assert main(["ivr", "status", str(tmp_path / "missing")]) == 2
    assert "no journal" in output(capsys)[1]


def test_a_name_that_is_not_utf_8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As old archives have them: the file is called, and its journal goes on."""
    path = file(tmp_path, "41793026727").rename(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv"))
    with lossy_server() as server:
        for _ in range(2):
            assert launch(server, path) == 0
        assert launch(server, path, "--dry-run") == 0
        assert len(server.launched) == 1
    assert "caf\\xe9.csv: UTF-8" in capsys.readouterr().out


def test_a_pipe_needs_a_journal_and_a_device_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither has a name beside which a journal could lie, and a device may never end."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with lossy_server() as server:
        assert launch(server, pipe) == 2
        assert "is a pipe and needs a --journal" in capsys.readouterr().err
        assert launch(server, "/dev/zero", "--journal", tmp_path / "j") == 2
        assert "is a device" in capsys.readouterr().err
        assert server.launched == []


def test_standard_input_needs_a_journal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--to -` has no name to put a journal beside."""
    with lossy_server() as server:
        for words, code in (((), 2), (("--journal", tmp_path / "j"), 0), (("--dry-run",), 0)):
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"41793026727\n")))
            assert launch(server, "-", *words) == code
        assert len(server.launched) == 1
    assert "needs a --journal" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["/dev/stdin", "/dev/fd/{}", "/proc/self/fd/{}"])
def test_the_name_of_a_descriptor_is_no_name(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A journal beside it would lie in a folder that the next start, or another container, has not:
    everybody would be dialled again."""
    with lossy_server() as server, file(tmp_path, "41793026727").open() as opened:
        assert launch(server, name.format(opened.fileno())) == 2
        assert server.seen == []
        assert "needs a --journal" in capsys.readouterr().err
        if name == "/dev/fd/{}":
            assert launch(server, name.format(opened.fileno()), "--journal", tmp_path / "j") == 0


@pytest.mark.parametrize("size", [100, 5000])
def test_a_journal_that_is_cut_off_is_named(size: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By `ivr status` as by `ivr launch`, with the exit code of a journal that failed."""
    path = file(tmp_path, "41793026727")
    journal = tmp_path / "people.csv.journal"
    with lossy_server() as server:
        assert launch(server, path) == 0
        journal.write_bytes(journal.read_bytes()[:size])
        capsys.readouterr()
        assert (launch(server, path), main(["ivr", "status", str(journal)])) == (5, 5)
        assert capsys.readouterr().err.count(f"the journal {journal} failed: ") == 2
        assert len(server.launched) == 1


def test_status_exports_what_can_be_launched_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The uncertain and the unsent calls are files that `ivr launch` reads, with the same ids and
    values."""
    path = file(
        tmp_path,
        "to;from;parameters.name",
        "41793026700;100;=Ann",
        "41793026701;;Ben",
        "41793026702;;",
        "41793026703;;X",
    )
    journal, uncertain, unsent = tmp_path / "people.csv.journal", tmp_path / "uncertain.csv", tmp_path / "unsent.csv"
    with lossy_server() as server:
        server.script.append("drop")
        assert launch(server, path, "--batch", "2") == 3
        sent = json.loads(server.seen[0].body)
        capsys.readouterr()
        words = ["ivr", "status", str(journal), "--uncertain", str(uncertain), "--unsent", str(unsent)]
        assert main(words) == 3
        assert main(words) == 2  # the files are there already
        assert uncertain.stat().st_mode & 0o077 == 0
        assert launch(server, uncertain) == 1  # the server knows the ids: nobody is called twice
        assert launch(server, unsent) == 0
        assert len(server.launched) == len(set(server.launched)) == 4
        again = json.loads(server.seen[1].body)
    assert again["messages"] == sent["messages"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--batch", "0"), "--batch"),
        (("--batch", "20001"), "--batch"),
        (("--pace", "10/hour", "--batch", "1"), "--pace"),
        (("--journal", "/nowhere/at/all"), "there is no folder /nowhere/at"),
    ],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_an_option_that_cannot_be_used(
    words: tuple[str, ...], complaint: str, dry: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is refused, in a dry run too, before anything is sent."""
    with lossy_server() as server:
        code = launch(server, file(tmp_path, *NUMBERS[:2]), *words, *dry)
        assert server.seen == []
    if "--journal" in words and dry:
        return
    assert code == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert "41793026700" not in error


@pytest.mark.parametrize(
    "words",
    [
        ("--pace", "ten"), ("--pace", "0/hour"), ("--pace", "5/week"), ("--redial", "1,2"), ("--redial", "0,1,1"),
        ("--send-at", "tomorrow"), ("--send-at", "2026-12-01T09:00"), ("--encoding", "klingon"), ("--parameter", "=x"),
        ("--encoding", "rot13"), ("--encoding", "zip"), ("--encoding", "hex"), ("--encoding", "undefined"),
        ("--encoding", "a\udcff"),
        ("--duplicates", "maybe"), ("--validity", "0"), ("--parameter", "1x=y"),
    ],
)  # fmt: skip
def test_a_word_that_is_no_value_for_its_option(
    words: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The parser refuses it in a sentence."""
    with pytest.raises(SystemExit) as ended, lossy_server() as server:
        launch(server, file(tmp_path, *NUMBERS), *words)
    assert ended.value.code == 2
    assert f"argument {words[0]}" in capsys.readouterr().err


def test_a_setting_that_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No base URL and no credentials are told in the command's words."""
    path = str(file(tmp_path, "41793026727"))
    assert main(["ivr", "launch", "--scenario", "s", "--to", path]) == 2
    assert "--base-url" in output(capsys)[1]
    monkeypatch.delenv("INFOBIP_USERNAME")
    with lossy_server() as server:
        assert launch(server, path) == 2
        assert server.seen == []
    assert "no credentials" in output(capsys)[1]


@pytest.mark.parametrize(
    "broken", [BrokenPipeError(), OSError(28, "No space left on device"), UnicodeEncodeError("ascii", "ü", 0, 1, "no")]
)
def test_a_terminal_that_fails_changes_nothing(
    broken: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After telephones were dialled the exit code is that of the campaign, whatever printing
    does."""

    class Broken(io.StringIO):
        def write(self, _: str) -> int:
            raise broken

    path = file(tmp_path, "to,messageId", "41793026727,a", "41793026731,b")
    with lossy_server() as server:
        server.launched.append("b")
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout", Broken())
            patch.setattr("sys.stderr", Broken())
            assert launch(server, path) == 1
        assert len(server.seen) == 1
    assert main(["ivr", "status", str(path) + ".journal"]) == 1


def test_a_full_disk_after_the_answer_is_uncertain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An effect that could not be noted is told as uncertain, then and in the next run."""
    import sqlite3

    from infobip_voice_cli.journal import Journal

    path = file(tmp_path, *NUMBERS)
    with lossy_server() as server:
        with monkeypatch.context() as patch:

            def full(*_: Any) -> None:
                raise sqlite3.OperationalError("database or disk is full")

            patch.setattr(Journal, "answered", full)
            assert launch(server, path, "--batch", "2") == 3
        assert "disk is full" in output(capsys)[1]
        assert launch(server, path, "--batch", "2") == 3
        lines, _ = output(capsys)
        assert [line["messageId"] for line in lines[:-1]] == server.launched[:2]
        assert lines[-1]["uncertain"] == 2
        assert len(set(server.launched)) == len(server.launched) == 6


def test_on_a_terminal_people_are_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each state with its rows, in at most 80 columns, in colours unless NO_COLOR says
    otherwise."""
    path = file(tmp_path, "to,messageId", *(f"{number},{index}" for index, number in enumerate(NUMBERS)))
    with lossy_server() as server:
        server.launched.append("1")
        server.script.extend(["ok", "drop"])
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        assert launch(server, path, "--batch", "2") == 3
    shown = capsys.readouterr().out
    assert "\x1b[" in shown
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["ivr", "status", str(path) + ".journal"]) == 3
    plain = capsys.readouterr().out
    assert "\x1b[" not in plain
    for line in (
        "people.csv: 6 call(s) by user Aladdin",
        "accepted         1  the platform dials them",
        "REJECTED_DUPLICATE_MESSAGE_ID: row 3",
        "uncertain        2  sent, but no answer came: maybe dialled",
        "rows 4-5",
        "rows 6-7",
    ):
        assert line in plain
    assert max(map(len, plain.splitlines())) <= 80


def test_a_bar_is_shown_on_a_terminal_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes to standard error, and without its extra there is none and no complaint."""
    path = file(tmp_path, "41793026727")
    with lossy_server() as server:
        assert launch(server, path, "--journal", tmp_path / "1") == 0
        assert capsys.readouterr().err == ""
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, "rich.console", None)
            assert launch(server, path, "--journal", tmp_path / "2") == 0
            assert capsys.readouterr().err == ""
        assert launch(server, path, "--journal", tmp_path / "3", "--no-progress") == 0
        assert capsys.readouterr().err == ""
        assert launch(server, path, "--journal", tmp_path / "4") == 0
        assert capsys.readouterr().err != ""


def test_the_log_is_shown_only_if_asked_for(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A lost answer is one message; with -v the lines of the log come too."""
    path = file(tmp_path, "41793026727")
    with lossy_server() as server:
        server.script.append(503)
        assert run(server, "ivr", "launch", "--scenario", "s", "--to", path) == 3
    assert len(capfd.readouterr().err.splitlines()) == 1
