"""What all commands share: version, completion, and words instead of tracebacks."""

import shutil
import subprocess
import sys
from importlib.metadata import version

import pytest

from infobip_voice_cli import main

COMMANDS = (
    "ivr", "ivr launch", "ivr status", "ctc", "ctc launch", "reports", "reports drain", "spool", "mock", "regenerate",
    "completion",
)  # fmt: skip


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` is that of the package."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"infobip-voice {version('infobip-voice')}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The script knows the commands and their options, and the shell, where it is there, reads
    it."""
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for word in ("launch", "drain", "repeat-uncertain", "ignore-columns"):
        assert word in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True, timeout=60)
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", shell]) == 2
    assert "infobip-voice[cli]" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "65536", "1e3", "http"])
def test_a_port_that_is_none(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is a sentence, and no traceback."""
    with pytest.raises(SystemExit) as ended:
        main(["mock", "--port", port])
    assert ended.value.code == 2
    assert "has to be a number from 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_eighty_columns(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a command says of itself."""
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    assert [line for line in capsys.readouterr().out.splitlines() if len(line) > 82] == []


def test_an_unreadable_terminal(tmp_path: object) -> None:
    """A character that the terminal cannot show is shown as an escape."""
    program = "from infobip_voice_cli.terminal import prepare, say; prepare(); say('Zo\\u00eb'); print('M\\u00fc')"
    command = [sys.executable, "-c", program]
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PATH": ""}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"M\\xfc\n", b"infobip-voice: Zo\\xeb\n")
