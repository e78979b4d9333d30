"""What the commands print and return; an interrupted launch calls nobody twice."""

import argparse
import base64
import csv
import io
import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infobip_voice import VoiceClient
from infobip_voice._messages import Outcome
from infobip_voice._spool import Spool
from infobip_voice_cli import ctc, ivr, main, reports
from sdk.clients import settings
from sdk.lossy_server import GARBAGE, LossyServer, answer, lossy_server, report


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFOBIP_USERNAME", "Aladdin")
    monkeypatch.setenv("INFOBIP_PASSWORD", "open sesame")
    monkeypatch.delenv("INFOBIP_API_KEY", raising=False)


def run(server: LossyServer, *words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    for command in (ctc, ivr, reports):
        command.add_parser(commands)
    options = ("--base-url", server.url, "--timeout", "60")
    parsed = parser.parse_args([*map(str, words), *options])
    code: int = parsed.run(parsed)
    return code


def file(folder: Path, *lines: str) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def launch(server: LossyServer, path: Path, *more: str) -> int:
    return run(server, "ivr", "launch", "--scenario", "s", "--to", path, "--batch", "2", "--no-progress", *more)


def output(capsys: pytest.CaptureFixture[str]) -> tuple[list[Any], str]:
    captured = capsys.readouterr()
    return [json.loads(line) for line in captured.out.splitlines()], captured.err


PEOPLE = ("name,to,messageId", "Ann,+41 79 302 67 27,mine", "Ben,41793026731,", "", "Ann again,0", "Cid,41793026732,")


def test_a_file_is_called_once_in_batches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All batches share one bulk id, no number comes twice, and a second run sends nothing."""
    path = file(tmp_path, *PEOPLE[:3], "Ann again,(41) 79-302-67-27,other", "Cid,41793026732,", "Dee,41793026733,")
    with lossy_server() as server:
        assert launch(server, path, "--parameter", "foo=bar", "--from", "+41 79 302 67 00") == 0
        first, second = (json.loads(request.body) for request in server.seen)
        assert launch(server, path, "--parameter", "foo=bar", "--from", "+41 79 302 67 00") == 0
        assert len(server.seen) == 2
    assert first["bulkId"] == second["bulkId"]
    assert [call["to"] for call in first["messages"][0]["destinations"]] == ["41793026727", "41793026731"]
    assert first["messages"][0]["destinations"][0]["messageId"] == "mine"
    assert first["messages"][0]["parameters"] == {"foo": "bar"}
    assert "validityPeriod" not in first["messages"][0]
    summaries, _ = output(capsys)
    assert summaries[0] == {"bulkId": first["bulkId"], "accepted": 4, "rejected": 0, "uncertain": []}


@pytest.mark.parametrize("again", [(), ("--repeat-uncertain",)])
def test_an_interrupted_launch_goes_on_and_calls_nobody_twice(
    again: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A request whose answer was lost is sent again only if asked for, with the same ids."""
    path = file(tmp_path, "to", *(str(41793026700 + number) for number in range(6)))
    with lossy_server() as server:
        server.script.extend(["ok", "drop"])
        assert launch(server, path) == 3
        assert len(server.launched) == 4
        (summary,), complaint = output(capsys)
        assert summary["uncertain"] == server.launched[2:]
        assert "may have been made" in complaint
        assert launch(server, path, *again) == (0 if again else 3)
        assert len(server.launched) == len(set(server.launched)) == 6
        assert len(server.seen) == (4 if again else 3)
        (summary,), _ = output(capsys)
        assert summary["rejected"] == 0
        assert launch(server, path, *again) == (0 if again else 3)
        assert len(server.launched) == 6


def test_a_killed_launch_counts_as_uncertain(tmp_path: Path) -> None:
    """The next run does not send the request that was on its way when the first was killed."""
    path = file(tmp_path, "to", *(str(41793026700 + number) for number in range(4)))
    words = ("ivr", "launch", "--scenario", "s", "--to", path, "--batch", "2", "--no-progress")
    code = "import argparse, sys; from infobip_voice_cli import ivr\n" \
           "p = argparse.ArgumentParser(); ivr.add_parser(p.add_subparsers())\n" \
           "a = p.parse_args(sys.argv[1:]); sys.exit(a.run(a))"  # fmt: skip
    with lossy_server() as server:
        server.script.append("hang")
        options = ("--base-url", server.url)
        with subprocess.Popen([sys.executable, "-c", code, *map(str, words), *options]) as process:
            assert server.arrived.wait(60)
            process.kill()
        assert launch(server, path) == 3
        assert len(server.launched) == len(set(server.launched)) == 4
        assert len(server.seen) == 2


def test_a_call_that_the_answer_leaves_out_is_uncertain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command names the call, and does not send its request again."""
    path = file(tmp_path, "to,messageId", "41793026727,mine")
    with lossy_server() as server:
        server.script.append(answer(b'{"messages": []}'))
        assert launch(server, path) == 3
        assert launch(server, path) == 0
        assert len(server.seen) == 1
    assert [summary["uncertain"] for summary in output(capsys)[0]] == [["mine"], []]


@pytest.mark.parametrize(
    ("step", "code", "done"),
    [
        (503, 3, True),
        (answer(b"", "text/plain", 401), 4, False),
        ("garbage", 1, True),
    ],
)
def test_other_ends_of_a_launch(step: Any, code: int, done: bool, tmp_path: Path) -> None:
    """Only a refused request is sent again; an uncertain or unreadable one is not."""
    path = file(tmp_path, "41793026727")
    with lossy_server() as server:
        server.script.append(step)
        assert launch(server, path) == code
        launch(server, path)
        assert len(server.seen) == (1 if done else 2)


def test_rejected_calls_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints one line for each rejected call, and exits with 1."""
    path = file(tmp_path, "to,messageId", "41793026727,a", "41793026731,b")
    with lossy_server() as server:
        server.launched.append("b")
        assert launch(server, path) == 1
    lines, _ = output(capsys)
    assert lines[0] == {"messageId": "b", "rejected": "REJECTED_DUPLICATE_MESSAGE_ID"}
    assert (lines[1]["accepted"], lines[1]["rejected"]) == (1, 1)


@pytest.mark.parametrize(
    ("lines", "more", "complaint"),
    [
        (PEOPLE, (), "row 4"),
        (("to",), (), "nobody to call"),
        (("41793026727",), ("--batch", "0"), "--batch"),
        (("41793026727",), ("--batch", "0", "--dry-run"), "--batch"),
        (("41793026727",), ("--journal", "/nowhere/at/all"), "No such file"),
    ],
)
def test_a_file_or_an_option_that_cannot_be_used(
    lines: tuple[str, ...], more: tuple[str, ...], complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command exits with 2, names the row, shows no number, and sends nothing."""
    with lossy_server() as server:
        assert launch(server, file(tmp_path, *lines), *more) == 2
        assert server.seen == []
    _, error = output(capsys)
    assert complaint in error
    assert "41793026727" not in error


def test_a_journal_of_another_launch_and_a_dry_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With other options a journal is not continued; a dry run sends nothing."""
    with lossy_server() as server:
        path = file(tmp_path, "41793026727")
        assert launch(server, path, "--dry-run") == 0
        assert "1 call(s) in 1 request(s)" in capsys.readouterr().out
        assert launch(server, path) == 0
        assert launch(server, path, "--callback-data", "new") == 2
        assert len(server.seen) == 1


def test_the_progress_bar(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes to standard error; without its extra, the command says which one to install."""
    with lossy_server() as server:
        path = file(tmp_path, "41793026727")
        words = ("ivr", "launch", "--scenario", "s", "--to", path)
        monkeypatch.setitem(sys.modules, "rich.console", None)
        assert run(server, *words) == 2
        assert "infobip-voice[cli]" in capsys.readouterr().err
        assert run(server, "reports", "drain", "--spool", tmp_path / "spool") == 2
        assert server.seen == []
        monkeypatch.delitem(sys.modules, "rich.console")
        assert run(server, *words) == 0
        captured = capsys.readouterr()
        assert "1/1" in captured.err
        assert json.loads(captured.out)["accepted"] == 1


CALL = ("ctc", "launch", "+41 79 302 67 27", "41793026731", "--from", "41793026700")


def test_a_click_to_call(capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints one object with the ids, also when the answer is lost."""
    with lossy_server() as server:
        assert run(server, *CALL, "--max-duration", "60", "--text", "hello", "--message-id", "m") == 0
        assert json.loads(server.seen[0].body)["messages"] == [
            {
                "destinationA": "41793026727", "destinationB": "41793026731", "from": "41793026700", "maxDuration": 60,
                "text": "hello", "messageId": "m",
            }
        ]  # fmt: skip
        assert run(server, *CALL, "--message-id", "m") == 1
        server.script.append(answer(b'{"messages": []}'))
        assert run(server, *CALL, "--message-id", "left out") == 3
        server.script.append("garbage")
        assert run(server, *CALL, "--message-id", "unread") == 1
        server.script.append("drop")
        assert run(server, *CALL) == 3
        lines, error = output(capsys)
    assert lines[0]["messageIds"] == ["m"]
    assert lines[2] == {"messageId": "m", "rejected": "REJECTED_DUPLICATE_MESSAGE_ID"}
    assert [line["messageIds"] for line in lines[3:]] == [["left out"], ["unread"], [server.launched[-1]]]
    assert base64.b64encode(GARBAGE).decode() in error
    assert "may have been made" in error


def test_a_call_that_cannot_be_made(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It exits with 2 for a bad number or no credentials, and with 4 if nobody is there."""
    with lossy_server() as server:
        assert run(server, "ctc", "launch", "0", "41793026731", "--from", "41793026700") == 2
        monkeypatch.delenv("INFOBIP_USERNAME")
        assert run(server, *CALL) == 2
        assert server.seen == []
        assert "no credentials" in capsys.readouterr().err


def drain(server: LossyServer, folder: Path, *more: str) -> int:
    return run(server, "reports", "drain", "--spool", folder / "spool", "--limit", "3", *more)


def test_reports_as_jsonl(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every report is printed as it was sent, in order."""
    with lossy_server(reports=7) as server:
        assert drain(server, tmp_path, "--format", "jsonl", "--bulk-id", "b") == 0
        assert server.seen[0].target == "/tts/3/reports?bulkId=b&limit=3"
    lines, error = output(capsys)
    assert [line["messageId"] for line in lines] == [f"report-{number}" for number in range(7)]
    assert lines[0] == {**report("report-0", bulkId="b"), "price": {"pricePerSecond": "0.01", "currency": "EUR"}}
    assert error == ""


def test_reports_as_csv_and_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each report is a row below one header; a missing member is empty."""
    with lossy_server(reports=2) as server:
        assert drain(server, tmp_path, "--format", "csv", "--wire-format", "xml") == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert [row["messageId"] for row in rows] == ["report-0", "report-1"]
        assert (rows[0]["pricePerSecond"], rows[0]["status"], rows[0]["error"], rows[0]["delivered"], rows[0]["mccMnc"]) == (
            "0.01", "DELIVERED_TO_HANDSET", "VOICE_ANSWERED", "true", "",
        )  # fmt: skip
        server.script.append(answer(b'{"results": [{"messageId": "bare", "status": null}]}'))
        server.waiting.append("x")
        assert drain(server, tmp_path) == 0
        text = capsys.readouterr().out
    assert text.splitlines()[0].startswith("done")
    assert "bare" in text


def test_losses_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Gaps and unreadable reports go to standard error and change the exit code."""
    with lossy_server(reports=9) as server:
        server.script.extend(["drop", "garbage"])
        assert drain(server, tmp_path, "--format", "jsonl") == 1
    lines, error = output(capsys)
    assert len(lines) == 3
    assert "an answer was lost" in error
    assert f"its {len(GARBAGE)} byte(s) stay in the spool" in error
    assert main(["spool", str(tmp_path / "spool"), "--export", str(tmp_path / "export")]) == 0
    shown = capsys.readouterr().out
    assert "0 report(s) wait" in shown
    assert f"unreadable: {len(GARBAGE)} byte(s), 1 time(s)" in shown
    assert "lost: 1 answer(s)" in shown
    kinds = [json.loads(line) for line in (tmp_path / "export").read_text().splitlines()]
    assert [entry["kind"] for entry in kinds] == ["unreadable", "gap"]
    assert base64.b64decode(kinds[0]["body"]) == GARBAGE


def test_a_loss_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run tells the losses that no earlier run told; a killed run has told nothing."""
    with lossy_server(reports=2) as server:
        server.script.append("drop")
        assert drain(server, tmp_path, "--format", "jsonl") == 1
        assert "an answer was lost" in capsys.readouterr().err
        assert drain(server, tmp_path, "--format", "jsonl") == 0
        assert capsys.readouterr().err == ""
        spool = Spool(tmp_path / "spool", None, lambda: datetime.now(UTC), str)
        spool.open()
        spool.begin()
        spool.close()
        assert drain(server, tmp_path, "--format", "jsonl") == 1
        assert capsys.readouterr().err.count("an answer was lost") == 1


def test_a_drain_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A refusal is 4, a broken spool 5, too many losses 1; losses of one outage that are alike are
    told once.
    """
    with lossy_server(reports=9) as server:
        server.script.append(answer(b"", "text/plain", 401))
        assert drain(server, tmp_path, "--format", "jsonl") == 4
        server.script.extend([503] * 9)
        assert drain(server, tmp_path, "--format", "jsonl") == 1
        assert capsys.readouterr().err.count("an answer was lost") == 1
        (tmp_path / "spool").write_bytes(b"no database" * 1000)
        assert drain(server, tmp_path, "--format", "jsonl") == 5


def test_a_proxy_that_gives_up_has_not_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After 408, 409 or 499 the exit code does not say that nothing happened."""
    with lossy_server(reports=9) as server:
        server.script.extend([answer(b"", "text/plain", status) for status in (408, 409, 499, 418)])
        assert drain(server, tmp_path, "--format", "jsonl") == 1
    assert capsys.readouterr().err.count("an answer was lost") == 4


def test_a_page_that_does_not_fit_on_the_disk_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server will not send it again, so its bytes go to where there is room."""

    def full(spool: Spool, outcome: Outcome, verdict: str) -> None:
        with spool._failing(outcome):
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Spool, "end", full)
    with lossy_server() as server:
        server.script.append(answer(b'{"results": [{"messageId": "the only copy"}]}'))
        assert drain(server, tmp_path, "--format", "jsonl") == 5
    error = capsys.readouterr().err
    assert "disk is full" in error
    assert b"the only copy" in base64.b64decode(error.split()[-1])


def test_following_goes_on_after_trouble(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits, asks again, and ends with Ctrl-C."""
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        server.waiting.append(f"later-{len(waits)}")
        if len(waits) > 6:
            raise KeyboardInterrupt

    with lossy_server(reports=1) as server:
        monkeypatch.setattr("time.sleep", sleep)
        monkeypatch.setattr(
            "infobip_voice_cli.reports.client", lambda _: VoiceClient(sleep=sleep, **settings(server.url))
        )
        server.script.extend([503] * 4)
        assert drain(server, tmp_path, "--format", "jsonl", "--follow", "9") == 130
    lines, error = output(capsys)
    assert waits.count(9.0) >= 3
    # Four answers were lost, and with them the four reports that the server had put into them.
    assert [line["messageId"] for line in lines] == ["later-4", "later-5", "later-6"]
    assert error.count("an answer was lost") == 1


def test_a_spool_is_shown_exported_and_forgotten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What waits, what is others', what is unreadable and what was lost; an export comes before
    anything is forgotten.
    """
    path = tmp_path / "spool"
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        page = {"results": [report("a", bulkId="b"), report("b", bulkId="b"), report("x", bulkId="c"), 7]}
        server.script.append(answer(json.dumps(page).encode()))
        with voice.reports.drain(path, bulk_id="b") as drain:
            next(drain)
            assert main(["spool", str(path)]) == 5  # the drain has it
    capsys.readouterr()
    assert main(["spool", str(path), "--export", str(tmp_path / "out"), "--forget-unreadable", "--forget-gaps"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[:2] == ["2 report(s) wait to be delivered", "1 report(s) of other launches"]
    assert "unreadable: 1 byte(s)" in shown[2]
    entries = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert [entry["kind"] for entry in entries] == ["waiting", "waiting", "other", "unreadable"]
    assert entries[0]["report"]["price"]["pricePerSecond"] == "0.01"
    assert main(["spool", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == shown[:2]
    assert main(["spool", str(path), "--export", str(tmp_path / "out"), "--forget-gaps"]) == 2
    assert main(["spool", str(tmp_path / "nothing")]) == 2
    assert not (tmp_path / "nothing").exists()


def test_a_reader_that_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reports that it did not read are not acknowledged, and come again."""

    class Gone(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    with lossy_server(reports=2) as server:
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout", Gone())
            patch.setattr("sys.stderr", io.StringIO())
            assert drain(server, tmp_path, "--format", "jsonl") == 1
        kept = io.StringIO()
        monkeypatch.setattr("sys.stdout", kept)
        assert drain(server, tmp_path, "--format", "jsonl") == 0
    assert [json.loads(line)["messageId"] for line in kept.getvalue().splitlines()] == ["report-0", "report-1"]
