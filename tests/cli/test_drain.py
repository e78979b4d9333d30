"""`reports drain` and `spool`: nothing leaves the spool before it is where it should be."""

import base64
import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.command import output, run
from infobip_voice import SpoolUnreachable, VoiceClient, parse_push
from infobip_voice._messages import Outcome
from infobip_voice._sqlite_spool import SqliteSpool as Spool
from infobip_voice_cli import main
from infobip_voice_cli.output import OutputFile
from sdk.clients import settings
from sdk.lossy_server import GARBAGE, LossyServer, answer, lossy_server, report


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
        monkeypatch.setattr("infobip_voice_cli.campaign.Stop.sleep", lambda _, seconds: sleep(seconds))
        monkeypatch.setattr(
            "infobip_voice_cli.reports.client", lambda _, waits: VoiceClient(sleep=waits, **settings(server.url))
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


def test_a_file_is_appended_to_below_one_header(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Run after run; what is in the file has left the spool."""
    path = tmp_path / "reports.csv"
    with lossy_server(reports=4) as server:
        assert drain(server, tmp_path, "--output", path) == 0
        server.waiting.extend(["later"])
        assert drain(server, tmp_path, "--output", path) == 0
    rows = list(csv.DictReader(io.StringIO(path.read_text(), newline="")))
    assert [row["messageId"] for row in rows] == [*(f"report-{number}" for number in range(4)), "later"]
    assert path.stat().st_mode & 0o077 == 0
    assert main(["spool", str(tmp_path / "spool")]) == 0
    assert "0 report(s) wait" in capsys.readouterr().out


def test_a_cell_that_a_spreadsheet_would_run(tmp_path: Path) -> None:
    """In CSV it begins with an apostrophe, unless asked otherwise; in JSON nothing changes."""
    odd = ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(1)", "\t=1", "plain", "\ud800"]
    for words, form in (
        (("--format", "csv"), "'"),
        (("--format", "csv", "--exact-cells"), ""),
        (("--format", "jsonl"), ""),
    ):
        path = tmp_path / "".join(words)
        with lossy_server() as server:
            page = {"results": [report(str(index), callbackData=text) for index, text in enumerate(odd)]}
            server.script.append(answer(json.dumps(page).encode()))
            assert drain(server, tmp_path, "--output", path, *words) == 0
        with path.open(newline="") as file:
            found = [json.loads(line) for line in file] if "jsonl" in words else list(csv.DictReader(file))
        escape = "\ud800" if "jsonl" in words else "\\ud800"
        assert [each["callbackData"] for each in found] == [form + text for text in odd[:5]] + ["plain", escape]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ("--format", "table")),
        (b"my novel\n", ("--format", "jsonl")),
        (b"my novel\n", ("--format", "csv")),
        (b"messageId,to\n1,2\n", ("--format", "csv")),
        (b"", ("--limit", "0")),
        (b"", ("--follow", "-1")),
        (b"", ("--follow", "nan")),
    ],
)
def test_nothing_is_consumed_before_everything_is_checked(
    content: bytes, words: tuple[str, ...], tmp_path: Path
) -> None:
    """A wrong option, or a file with something else in it: exit 2, the file as it was, no
    request."""
    path = tmp_path / "out"
    if content:
        path.write_bytes(content)
    with lossy_server(reports=3) as server:
        assert drain(server, tmp_path, "--output", path, *words) == 2
        assert drain(server, tmp_path, "--output", tmp_path / "no" / "folder") == 2
        assert server.seen == []
    assert (path.read_bytes() if path.exists() else b"") == content


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_waits_for_the_answer(
    number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its reports are put out and there is no gap; the rest stays at the server. But for Ctrl-C,
    the process ends by the signal."""
    ended: list[int] = []
    monkeypatch.setattr("infobip_voice_cli.reports.signal.raise_signal", ended.append)
    with lossy_server(reports=7) as server:
        process = server._process

        def signalled(request: Any) -> Any:
            os.kill(os.getpid(), number)
            time.sleep(0.1)  # until it is noticed
            return process(request)

        server._process = signalled  # type: ignore[method-assign]
        assert drain(server, tmp_path, "--format", "jsonl") == 128 + number
        printed, error = output(capsys)
        assert [report["messageId"] for report in printed] == ["report-0", "report-1", "report-2"]
        assert "stopping after the request" in error
        assert ended == [number] * (number != signal.SIGINT)
        server._process = process  # type: ignore[method-assign]
        assert drain(server, tmp_path, "--format", "jsonl") == 0
        printed, error = output(capsys)
    assert len(printed) == 4
    assert main(["spool", str(tmp_path / "spool")]) == 0
    assert "lost" not in capsys.readouterr().out


def test_a_signal_ends_a_wait(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At once, whether the drain waits for reports or for a server that is away."""
    for reports, script in ((1, []), (0, ["drop"])):
        with lossy_server(reports=reports) as server:
            server.script.extend(script)
            timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
            timer.start()
            began = time.monotonic()
            assert drain(server, tmp_path, "--follow", "60") == 130
            assert time.monotonic() - began < 30
            timer.join()


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    """Whoever asks twice has it at once, and a gap."""
    with lossy_server(reports=1) as server:
        server.script.append("hang")
        timers = [threading.Timer(after, os.kill, (os.getpid(), signal.SIGINT)) for after in (1.0, 1.5)]
        for timer in timers:
            timer.start()
        began = time.monotonic()
        assert drain(server, tmp_path) == 130
        assert time.monotonic() - began < 4.5  # the timeout is 5
        for timer in timers:
            timer.join()
    spool = Spool(tmp_path / "spool", None, lambda: datetime.now(UTC), lambda: "identity")
    spool.open()
    assert [gap.count for gap in spool.gaps] == [1]
    spool.close()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_file_has_one_writer(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two would write over each other's reports. The other one asks for nothing."""
    path = tmp_path / "out"
    with lossy_server(reports=3) as server:
        first = OutputFile(path, form, exact=False)
        assert drain(server, tmp_path, "--output", path, "--format", form) == 2
        assert "another run writes to" in capsys.readouterr().err
        assert server.seen == []
        first.close()
        assert drain(server, tmp_path, "--output", path, "--format", form) == 0
    assert path.read_text().count("report-") == 3


def replaced(path: Path) -> None:
    path.unlink()
    path.touch()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("take", [Path.unlink, lambda path: path.rename(path.with_name("taken")), replaced])
def test_a_file_that_is_taken_away_takes_no_report(
    take: Callable[[Path], object], form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever takes it may have read it already: what would be in it alone comes again."""
    path = tmp_path / "out"
    with lossy_server(reports=6) as server:
        served = server._process

        def taken(request: Any) -> Any:
            if len(server.seen) == 2:  # the first page is in the file
                take(path)
            return served(request)

        server._process = taken  # type: ignore[method-assign]
        assert drain(server, tmp_path, "--output", path, "--format", form) == 5
        words = f"another program has taken it away: '{path}'. What is not in it stays in the spool"
        assert words in capsys.readouterr().err
        server._process = served  # type: ignore[method-assign]
        assert drain(server, tmp_path, "--output", path, "--format", form) == 0
    text = path.read_text()
    assert [name for name in map("report-{}".format, range(6)) if name in text] == ["report-3", "report-4", "report-5"]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_file_that_is_emptied_begins_anew(form: str, tmp_path: Path) -> None:
    """As logrotate does by `copytruncate`: the next report is below a header, and below nothing."""
    path = tmp_path / "out"
    page = json.dumps({"results": [report("a"), report("b")]}).encode()
    reports = parse_push(page, "application/json")
    file = OutputFile(path, form, exact=False)
    file.put(reports)
    os.truncate(path, 0)
    file.put(reports)
    file.close()
    other = OutputFile(tmp_path / "other", form, exact=False)
    other.put(reports)
    other.close()
    assert path.read_bytes() == (tmp_path / "other").read_bytes()


def test_a_document_without_its_newline_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It may be an answer that somebody has saved, and its reports come never again."""
    path = tmp_path / "reports.json"
    before = json.dumps({"results": [report("saved")]})
    path.write_text(before)
    with lossy_server(reports=1) as server:
        assert drain(server, tmp_path, "--output", path) == 0
    assert capsys.readouterr().err == ""
    first, second = path.read_text().splitlines()
    assert (first, json.loads(second)["messageId"]) == (before, "report-0")


def test_the_spool_is_no_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """However it is called; the reports would be written over the spool that they are in."""
    (tmp_path / "link").symlink_to(tmp_path / "spool")
    with lossy_server(reports=3) as server:
        for path in (tmp_path / "spool", tmp_path / "link", tmp_path / "." / "x" / ".." / "spool"):
            assert drain(server, tmp_path, "--output", path) == 2
            assert "the same file" in capsys.readouterr().err
        assert server.seen == []
    assert not (tmp_path / "spool").exists()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_file_that_a_crash_has_torn(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever it broke off, the whole reports stay, the torn one goes, and the next run adds
    whole ones."""
    whole = tmp_path / "whole"
    note = 'a "quoted"\r\nline,\n'
    page = answer(json.dumps({"results": [report("a", callbackData=note), report("b", callbackData=note)]}).encode())
    with lossy_server() as server:
        server.script.append(page)
        assert drain(server, tmp_path, "--output", whole, "--format", form) == 0
    data = whole.read_bytes()
    torn = tmp_path / "torn"
    for length in range(len(data) + 1):
        torn.write_bytes(data[:length])
        file = OutputFile(torn, form, exact=False)
        kept = torn.read_bytes()
        file.put([])
        file.close()
        assert data.startswith(kept)
        assert file.torn in (0, length - len(kept))
        rows = (
            list(csv.reader(io.StringIO(kept.decode(), newline=""), strict=True))
            if form == "csv"
            else kept.splitlines()
        )
        assert all(len(row) == 16 for row in rows if form == "csv")
    assert len(rows) == (3 if form == "csv" else 2)


def test_an_answer_that_has_no_spool_yet_is_printed_by_a_drain_that_is_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would wait for ever for the database; nobody else has these reports."""

    def away(_: Spool, outcome: Outcome, __: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        raise SpoolUnreachable("no connection to the database", sent=True, body=outcome.body)

    monkeypatch.setattr(Spool, "end", away)
    with lossy_server(reports=1) as server:
        assert drain(server, tmp_path, "--follow", "1") == 5
    _, error = capsys.readouterr()
    body = base64.b64decode(error.rpartition("Its bytes in base64: ")[2])
    assert [each["messageId"] for each in json.loads(body)["results"]] == ["report-0"]


def test_a_full_disk_keeps_the_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not on the disk is taken back from the file, and comes again."""
    path = tmp_path / "reports.jsonl"
    with lossy_server(reports=6) as server:
        sync = os.fsync
        syncs: list[int] = []

        def full(file: int) -> None:
            syncs.append(file)
            if len(syncs) == 2:
                raise OSError(28, "No space left on device")
            sync(file)

        with monkeypatch.context() as patch:
            patch.setattr("infobip_voice_cli.output.os.fsync", full)
            assert drain(server, tmp_path, "--output", path) == 5
        assert f"No space left on device: '{path}'" in capsys.readouterr().err
        assert len(path.read_text().splitlines()) == 3
        assert drain(server, tmp_path, "--output", path) == 0
    names = [json.loads(line)["messageId"] for line in path.read_text().splitlines()]
    assert names == [f"report-{number}" for number in range(6)]


def test_a_pipe_that_is_closed_ends_it_quietly(tmp_path: Path) -> None:
    """No traceback, no second exit code of the interpreter, and what was not printed is in the
    spool."""
    with lossy_server(reports=9) as server:
        words = ["reports", "drain", "--spool", str(tmp_path / "spool"), "--limit", "3", "--format", "jsonl"]
        command = [sys.executable, "-m", "infobip_voice_cli", *words, "--base-url", server.url]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.close()
        _, error = process.communicate(timeout=60)
        assert (process.returncode, error) == (1, b"")
        assert drain(server, tmp_path, "--output", tmp_path / "out") == 0
    names = [json.loads(line)["messageId"] for line in (tmp_path / "out").read_text().splitlines()]
    assert names == [f"report-{number}" for number in range(9)]


@pytest.mark.parametrize(("columns", "has_ids"), [("80", False), ("120", True)])
def test_a_table_fits_the_terminal(
    columns: str, has_ids: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A narrow one has no room for the ids, and nothing in a report is a command to a terminal."""
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with lossy_server() as server:
        page = {"results": [report("m" * 32), report("n" * 32, to="\x1b[2J")]}
        server.script.append(answer(json.dumps(page).encode()))
        assert drain(server, tmp_path) == 0
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= int(columns)
    assert ("m" * 32 in shown) is has_ids
    assert "?[2J" in shown
