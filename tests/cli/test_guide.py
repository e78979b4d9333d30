"""The guide "From a spreadsheet to a campaign" shows what the command does."""

import re
from pathlib import Path

import pytest

from cli.command import launch
from infobip_voice_cli.connection import EXIT_CODES
from sdk.lossy_server import lossy_server

GUIDE = Path(__file__).parents[2].joinpath("docs/guides/campaigns.md").read_text(encoding="utf-8")


def test_its_file_gives_its_dry_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Word for word."""
    (table,) = re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL)
    (shown,) = re.findall(r"--ignore-columns --dry-run\n(.*?)```", GUIDE, re.DOTALL)
    path = tmp_path / "people.csv"
    path.write_text(table, encoding="utf-8")
    with lossy_server() as server:
        assert launch(server, path, "--ignore-columns", "--dry-run") == 0
        assert capsys.readouterr().out == shown
        assert launch(server, path, "--ignore-columns") == 0


def test_it_knows_every_exit_code() -> None:
    """Those that `--help` lists."""
    listed = re.findall(r"^  ([0-9][0-9, ]*?)  ", EXIT_CODES, re.MULTILINE)
    assert re.findall(r"^\| ([0-9, ]+) \|", GUIDE, re.MULTILINE) == listed
