"""`--window`, and what else of contract 1.1 the command can say."""

import argparse
import json
import sqlite3
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from cli.command import file, launch, run
from infobip_voice import Window
from infobip_voice_cli.window import described, window
from sdk.lossy_server import answer, lossy_server

WORKING = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
ALL = (*WORKING, "SATURDAY", "SUNDAY")
SENT = {"days": [*WORKING], "from": {"hour": 6, "minute": 0}, "to": {"hour": 15, "minute": 30}}
CALL = ("ctc", "launch", "41793026727", "41793026731", "--from", "41793026700")


@pytest.mark.parametrize(
    ("text", "days", "times", "words"),
    [
        ("mon-fri,06:00-15:30", WORKING, (time(6), time(15, 30)),
         "MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, 06:00 to 15:30 UTC"),
        ("6:00-15:30, Monday - friday", WORKING, (time(6), time(15, 30)),
         "MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, 06:00 to 15:30 UTC"),
        ("SAT,sun", ("SATURDAY", "SUNDAY"), (), "SATURDAY, SUNDAY, the whole day, UTC"),
        ("sat-mon", ("SATURDAY", "SUNDAY", "MONDAY"), (), "SATURDAY, SUNDAY, MONDAY, the whole day, UTC"),
        ("sun", ("SUNDAY",), (), "SUNDAY, the whole day, UTC"),
        ("sun-sun", ("SUNDAY",), (), "SUNDAY, the whole day, UTC"),
        ("mon-sun", ALL, (), "every day, the whole day, UTC"),
        ("8:00-20:00", ALL, (time(8), time(20)), "every day, 08:00 to 20:00 UTC"),
        ("fri,18:00-24:00", ("FRIDAY",), (time(18), time(0)), "FRIDAY, 18:00 to 00:00 UTC"),
        ("fri,22:00-02:00", ("FRIDAY",), (time(22), time(2)), "FRIDAY, 22:00 to 02:00 UTC"),
    ],
)  # fmt: skip
def test_what_a_window_can_look_like(text: str, days: Any, times: Any, words: str) -> None:
    """Days, a range of days over the end of the week too, times, or both in any order."""
    assert window(text) == Window(days, *times)
    assert described(window(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "", ",", "weekdays", "m-f", "mon-", "-fri", "mon-fri-sun", "1-5", "06:00", "06:00-", "6-15", "25:00-26:00",
        "06:60-07:00", "06:00-24:01", "06:00-15:30:00", "06:00-15:30 CET", "06:00-07:00,08:00-09:00", "06.00-15.30",
        "Montag", "mon;tue",
    ],
)  # fmt: skip
def test_what_is_no_window(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused in a sentence, with an example."""
    with pytest.raises(
        argparse.ArgumentTypeError, match=r"^has (to be days, or times, or both, such as mon-fri,06|two)"
    ):
        window(text)
    with pytest.raises(SystemExit) as ended, lossy_server() as server:
        launch(server, file(tmp_path, "41793026727"), f"--window={text}")
    assert ended.value.code == 2
    assert "argument --window: has" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--window", "06:00-06:00"), "window: opens and closes are the same time"),
        (("--window", "mon,mon-fri"), "window: days has MONDAY twice"),
    ],
)
def test_a_window_that_the_sdk_refuses(
    words: tuple[str, ...], complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In its words, for either command and in a dry run; nothing is sent."""
    with lossy_server() as server:
        path = file(tmp_path, "41793026727")
        for more in ((), ("--dry-run",)):
            assert launch(server, path, *words, *more) == 2
            assert complaint in capsys.readouterr().err
        assert run(server, *CALL, *words) == 2
        assert complaint in capsys.readouterr().err
        assert server.seen == []


TERMS = (
    "--window", "mon-fri,06:00-15:30", "--ring-timeout", "45", "--call-timeout", "130", "--pause", "0",
    "--notify-content-version", "2",
)  # fmt: skip
SENT_TERMS = {
    "deliveryTimeWindow": SENT, "ringTimeout": 45, "callTimeout": 130, "pause": 0, "notifyContentVersion": 2,
}  # fmt: skip


def test_a_campaign_sends_them_also_when_it_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are in the plan: each request has them, and other ones are refused."""
    with lossy_server() as server:
        path = file(tmp_path, "41793026727", "41793026731")
        server.script.append(answer(b"", "text/plain", 401))
        assert launch(server, path, *TERMS, "--batch", "1") == 4
        server.launched.clear()
        for option, other in zip(TERMS[::2], ("mon-fri,06:00-15:31", "46", "131", "1", "1"), strict=True):
            capsys.readouterr()
            assert launch(server, path, *TERMS, "--batch", "1", option, other) == 2
            assert f"with other options ({option})" in capsys.readouterr().err
        same = ["mon,tue,wed,thu,fri,6:00-15:30" if word == TERMS[1] else word for word in TERMS]
        assert launch(server, path, *same, "--batch", "1") == 0
        messages = [json.loads(request.body)["messages"][0] for request in server.seen]
    assert len(messages) == 3
    for message in messages:
        assert {name: message[name] for name in message.keys() - {"scenarioId", "destinations"}} == SENT_TERMS


def test_a_journal_of_an_earlier_version_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It knows none of the new options: without them the campaign is the same."""
    with lossy_server() as server:
        path = file(tmp_path, "41793026727", "41793026731")
        server.script.append(answer(b"", "text/plain", 401))
        assert launch(server, path, "--batch", "1", "--callback-data", "x") == 4
        server.launched.clear()
        new = {word.removeprefix("--") for word in TERMS[::2]}
        with sqlite3.connect(f"{path}.journal") as database:
            (options,) = database.execute("SELECT options FROM campaign").fetchone()
            old = {name: value for name, value in json.loads(options).items() if name not in new}
            assert len(old) == len(json.loads(options)) - len(new)
            database.execute("UPDATE campaign SET options = ?", (json.dumps(old, sort_keys=True),))
        database.close()
        capsys.readouterr()
        assert launch(server, path, "--callback-data", "x", "--pause", "1") == 2
        assert "with other options (--pause)" in capsys.readouterr().err
        assert launch(server, path, "--callback-data", "x") == 0
        assert len(server.seen) == 3


def test_a_dry_run_shows_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In words, before the numbers; without them it says nothing of them."""
    with lossy_server() as server:
        path = file(tmp_path, "41793026727")
        assert launch(server, path, *TERMS, "--dry-run") == 0
        shown = capsys.readouterr().out
        assert launch(server, path, "--dry-run") == 0
        plain = capsys.readouterr().out
        assert launch(server, path, "--window", "sat", "--pace", "1/hour", "--dry-run") == 0
        assert "the last begins 0:00:00 after the first, from now; outside the window calls wait for it" in (
            capsys.readouterr().out
        )
        assert server.seen == []
    assert shown.splitlines()[2:7] == [
        "  window      MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, 06:00 to 15:30 UTC",
        "  rings       45 s at most",
        "  lasts       130 s at most",
        "  pause       0 s before the first sound",
        "  push        version 2",
    ]
    assert "as fast as the platform dials; outside the window calls wait for it\n" in shown
    assert plain.splitlines() == [*shown.splitlines()[:2], *plain.splitlines()[2:]]
    assert "window" not in plain


@pytest.mark.parametrize(
    ("words", "members"),
    [
        (("--voice", "Joanna", "--voice-gender", "female"), {"voice": {"name": "Joanna", "gender": "female"}}),
        (("--voice", "Joanna"), {"voice": {"name": "Joanna"}}),
        (("--voice-gender", "male"), {"voice": {"gender": "male"}}),
        (("--machine-detection", "hangup"), {"machineDetection": "hangup"}),
        (("--window", "mon-fri,06:00-15:30"), {"deliveryTimeWindow": SENT}),
        (("--notify-content-version", "1"), {"notifyContentVersion": 1}),
        ((), {}),
    ],
)
@pytest.mark.parametrize("wire_format", ["json", "xml"])
def test_a_click_to_call_sends_them(words: tuple[str, ...], members: dict[str, Any], wire_format: str) -> None:
    """Each alone, in both formats, and nothing that was not asked for."""
    with lossy_server() as server:
        assert run(server, *CALL, *words, "--wire-format", wire_format) == 0
        (request,) = server.seen
    if wire_format == "json":
        (message,) = json.loads(request.body)["messages"]
        known = {"from", "destinationA", "destinationB", "messageId"}
        assert {name: message[name] for name in message.keys() - known} == members
    else:
        assert all(f"<{name}>".encode() in request.body for name in members)


@pytest.mark.parametrize(
    "words",
    [
        ("--ring-timeout", "0"), ("--ring-timeout", "1.5"), ("--call-timeout", "-1"), ("--pause", "11"), ("--pause", "x"),
        ("--notify-content-version", "3"),
    ],
)  # fmt: skip
def test_a_number_that_is_out_of_bounds(
    words: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The parser refuses it in a sentence that names the bounds."""
    with pytest.raises(SystemExit) as ended, lossy_server() as server:
        launch(server, file(tmp_path, "41793026727"), *words)
    assert ended.value.code == 2
    assert f"argument {words[0]}" in capsys.readouterr().err
