"""Files as people have them are dialled exactly, or refused with the row and the reason."""

import json
import sqlite3
from pathlib import Path

import pytest

from cli.command import launch, output
from cli.files import FILES, A, B, File
from infobip_voice_cli.recipients import Recipients
from sdk.lossy_server import lossy_server


@pytest.mark.parametrize("case", FILES.values(), ids=list(FILES))
def test_dialled_exactly_or_refused(case: File, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every number of the file as it is meant, in its order; or nothing at all, and no number is
    shown."""
    path = tmp_path / "people.csv"
    path.write_bytes(case.data)
    with lossy_server() as server:
        code = launch(server, path, *case.words)
        messages = [message for request in server.seen for message in json.loads(request.body)["messages"]]
    _, error = output(capsys)
    assert tuple(call["to"] for message in messages for call in message["destinations"]) == case.dialled
    assert code == (0 if case.dialled else 2)
    for text in case.refused:
        assert text in error
    if case.refused:
        assert "nothing was sent" in error
        assert not {A, B} & set(error.replace(",", " ").split())


@pytest.mark.parametrize("case", FILES.values(), ids=list(FILES))
def test_a_dry_run_tells_the_same(case: File, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It exits as the launch would, sends nothing, and needs no account."""
    path = tmp_path / "people.csv"
    path.write_bytes(case.data)
    with lossy_server() as server:
        code = launch(server, path, *case.words, "--dry-run")
        assert server.seen == []
    captured = capsys.readouterr()
    assert code == (0 if case.dialled else 2)
    for text in case.refused:
        assert text in captured.out + captured.err
    if case.dialled:
        assert f"{len(case.dialled)} call(s) in 1 request(s)" in captured.out
        assert f"{case.dialled[0]} (row " in captured.out


def test_what_was_assumed_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Windows-1252 is a guess that cannot change a digit; the first line with a letter of it is
    shown."""
    path = tmp_path / "people.csv"
    path.write_bytes(f"to;parameters.name\n{A};Ann\n{B};M\u00fcller\n".encode("cp1252"))
    with lossy_server() as server:
        assert launch(server, path) == 0
        (request,) = server.seen
    assert json.loads(request.body)["messages"][1]["parameters"] == {"name": "M\u00fcller"}
    assert "Windows-1252; row 3 reads: " in output(capsys)[1]


def test_duplicates_are_counted_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With `once` the first row of a number counts, and the others are named."""
    path = tmp_path / "people.csv"
    path.write_text(f"to,messageId\n{A},a\n\n+{A},b\n00{A},c\n{B},d\n")
    with lossy_server() as server:
        assert launch(server, path, "--duplicates", "once") == 0
        (request,) = server.seen
    calls = json.loads(request.body)["messages"][0]["destinations"]
    assert [(call["to"], call["messageId"]) for call in calls] == [(A, "a"), (B, "d")]
    assert "2 row(s) repeat the number of an earlier one, and are not called: 4 (2), 5 (2)" in output(capsys)[1]


def test_a_dry_run_shows_what_would_happen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Dialect, columns, numbers by calling code, duplicates, refusals, requests and the time it
    takes."""
    path = tmp_path / "people.csv"
    path.write_text(f"Mobile;parameters.name;Email\n{A};Ann;a@example.com\n+385 98 111 222;Ann;\n{A};;\n{B};Ann;\n")
    with lossy_server() as server:
        words = ("--duplicates", "once", "--ignore-columns", "--pace", "10/hour", "--dry-run")
        assert launch(server, path, *words) == 0
    assert capsys.readouterr().out.splitlines() == [
        "people.csv: UTF-8, semicolons, the first row names the columns",
        "  numbers     Mobile",
        "  parameter   name",
        "  no effect   Email",
        "1 row(s) repeat a number, --duplicates once: 4 (as 2)",
        "by calling code: +41 2, +385 1",
        "as they would be dialled: 41793026727 (row 2), 38598111222 (row 3), 41793026731 (row 5)",
        "3 call(s) in 1 request(s); the last begins 0:12:00 after the first, from now",
        "nothing was sent",
    ]


def test_every_refused_row_is_told_up_to_twenty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of national numbers is told row by row, and then counted."""
    path = tmp_path / "people.csv"
    path.write_text("to\n" + "0793026727\n" * 30)
    with lossy_server() as server:
        assert launch(server, path) == 2
    lines = output(capsys)[1].splitlines()
    assert lines[0].startswith("infobip-voice: people.csv, row 2: '********27'")
    assert lines[20:] == ["infobip-voice: people.csv: and 10 more rows", "infobip-voice: nothing was sent"]


def test_the_temporary_file_of_a_list_ends_with_it() -> None:
    """Python 3.13 warns of a database that nobody closed."""
    recipients = Recipients()
    database = recipients._database
    del recipients
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        database.execute("SELECT 1")
