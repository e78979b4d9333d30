"""`ctc launch`: its ids are kept and shown before anything is sent."""

import base64
import io
import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from cli.command import output, run
from infobip_voice_cli import ctc
from sdk.lossy_server import GARBAGE, answer, lossy_server

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
    assert "repeat_uncertain" not in error


def test_a_call_that_cannot_be_made(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It exits with 2 for a bad number or no credentials, and with 4 if the server refuses."""
    with lossy_server() as server:
        assert run(server, "ctc", "launch", "0", "41793026731", "--from", "41793026700") == 2
        server.script.append(answer(b"", "text/plain", 401))
        assert run(server, *CALL) == 4
        monkeypatch.delenv("INFOBIP_USERNAME")
        assert run(server, *CALL) == 2
        assert len(server.seen) == 1
        assert "no credentials" in capsys.readouterr().err


def test_ids_are_kept_and_shown_before_anything_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the request arrives, they are in the file and on standard output; no number is in the
    file."""
    journal = tmp_path / "calls.jsonl"
    seen: list[Any] = []
    with lossy_server() as server:
        process = server._process

        def processed(request: Any) -> Any:
            seen.append((journal.read_text(), capsys.readouterr().out))
            return process(request)

        monkeypatch.setattr(server, "_process", processed)
        assert run(server, *CALL, "--message-id", "m", "--journal", journal) == 0
    (kept, printed), *_ = seen
    assert json.loads(kept)["messageIds"] == json.loads(printed)["messageIds"] == ["m"]
    first, last = map(json.loads, journal.read_text().splitlines())
    assert (first["server"], first["account"]) == (server.url, "user Aladdin")
    assert last["accepted"] == ["m"]
    assert "41793026" not in journal.read_text()
    assert journal.stat().st_mode & 0o077 == 0


def test_without_a_place_for_the_ids_nothing_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither if the file cannot be written, nor if nobody reads them."""

    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    with lossy_server() as server:
        (tmp_path / "file").touch()
        assert run(server, *CALL, "--journal", tmp_path / "file" / "below") == 5
        assert "nothing was sent" in capsys.readouterr().err
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout", Gone())
            assert run(server, *CALL) == 5
        assert run(server, *CALL) == 0
        assert len(server.seen) == 1
    assert len((tmp_path / "state" / "infobip-voice" / "ctc.jsonl").read_text().splitlines()) == 3


def test_a_signal_waits_for_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer says whether the call is made."""
    with lossy_server() as server:
        process = server._process

        def signalled(request: Any) -> Any:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1)  # until it is noticed
            return process(request)

        monkeypatch.setattr(server, "_process", signalled)
        assert run(server, *CALL, "--journal", tmp_path / "calls.jsonl") == 0
    assert "stopping after the request" in capsys.readouterr().err
    assert json.loads((tmp_path / "calls.jsonl").read_text().splitlines()[1])["accepted"] == server.launched


@pytest.mark.parametrize(("signals", "code"), [(1, 1), (2, 3)])
@pytest.mark.parametrize("place", ["_note", "emit"])
def test_a_signal_after_the_answer_does_not_say_that_nothing_was_sent(
    place: str, signals: int, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither one, which comes too late, nor two: whoever gets 130 launches the call again."""
    call = (*CALL, "--message-id", "m", "--journal", tmp_path / "calls.jsonl")
    kept = getattr(ctc, place)
    with lossy_server() as server:
        assert run(server, *call) == 0

        def signalled(*arguments: Any) -> None:
            if len(server.seen) == 2:
                monkeypatch.setattr(ctc, place, kept)
                for _ in range(signals):
                    signal.raise_signal(signal.SIGINT)
            kept(*arguments)

        monkeypatch.setattr(ctc, place, signalled)
        assert run(server, *call) == code  # the call of this id is rejected


@pytest.mark.parametrize("content", [b"SQLite format 3\0", b"to,messageId\n", b"\0"])
def test_a_file_of_something_else_keeps_no_ids(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The journal of a campaign would write over them, and a list would call them a row."""
    path = tmp_path / "campaign.journal"
    path.write_bytes(content)
    with lossy_server() as server:
        assert run(server, *CALL, "--journal", path) == 2
        assert server.seen == []
    assert "has something else in it than ids: give another --journal; nothing was sent" in capsys.readouterr().err
    assert path.read_bytes() == content


def test_a_second_signal_says_that_the_call_may_have_been_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It does not wait, and nobody is told that nothing was sent."""
    with lossy_server() as server:
        server.script.append("hang")
        timers = [threading.Timer(after, os.kill, (os.getpid(), signal.SIGINT)) for after in (1.0, 1.5)]
        for timer in timers:
            timer.start()
        began = time.monotonic()
        assert run(server, *CALL, "--journal", tmp_path / "calls.jsonl") == 3
        assert time.monotonic() - began < 4.5  # the timeout is 5
        for timer in timers:
            timer.join()
        assert len(server.launched) == 1
    assert "the call may have been made" in capsys.readouterr().err
    assert json.loads((tmp_path / "calls.jsonl").read_text().splitlines()[1])["failed"] == "interrupted"


def test_without_a_home_a_journal_has_to_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A container may run as a user whom nobody knows."""
    monkeypatch.delenv("XDG_STATE_HOME")

    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", unknown)
    with lossy_server() as server:
        assert run(server, *CALL) == 2
        assert "name a --journal; nothing was sent" in capsys.readouterr().err
        assert run(server, *CALL, "--journal", tmp_path / "calls.jsonl") == 0
        assert len(server.seen) == 1


def test_ids_that_fit_the_disk_in_part_are_no_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A disk that is nearly full takes a part of what is written, and says so by its length. That
    part spoils nothing that is written later."""
    path = tmp_path / "calls.jsonl"
    write = os.write
    sizes: list[int] = []

    def nearly_full(file: int, data: bytes) -> int:
        if sizes:
            raise OSError(28, "No space left on device")
        sizes.append(write(file, data[:20]))
        return sizes[-1]

    with lossy_server() as server, monkeypatch.context() as patch:
        patch.setattr("infobip_voice_cli.output.os.write", nearly_full)
        assert run(server, *CALL, "--journal", path) == 5
        assert server.seen == []
    printed, error = capsys.readouterr()
    assert printed == ""
    assert error.endswith(f"No space left on device: '{path}'; nothing was sent\n")
    with lossy_server() as server:
        assert run(server, *CALL, "--journal", path) == 0
    part, *whole = path.read_text().splitlines()
    assert len(part) == 20
    assert ["accepted" in json.loads(line) for line in whole] == [False, True]


def test_a_result_that_cannot_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the call was launched the exit code says what became of it."""

    class Full(io.StringIO):
        def write(self, text: str) -> int:
            if "rejected" in text:
                raise BrokenPipeError
            return super().write(text)

    with lossy_server() as server:
        server.launched.append("m")
        monkeypatch.setattr("sys.stdout", Full())
        assert run(server, *CALL, "--message-id", "m") == 1
        assert len(server.seen) == 1
