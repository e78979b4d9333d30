"""What all commands share: version, completion, and words instead of tracebacks."""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from cli.command import file, launch, run
from infobip_voice_cli import main, parser
from infobip_voice_cli.terminal import at_once
from sdk.lossy_server import lossy_server

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


def values(whole: argparse.ArgumentParser, *command: str) -> Iterator[tuple[str, ...]]:
    """Yield every command with each of its arguments that takes a value."""
    for action in whole._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, each in action.choices.items():
                yield from values(each, *command, name)
        elif action.nargs != 0:
            yield *command, *action.option_strings[-1:]


@pytest.mark.parametrize("words", list(values(parser())), ids=" ".join)
def test_an_empty_value_is_refused(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """A shell makes one of a variable that is not set. Left out, `--base-url` would mean the server
    of the environment, `--host` every address, and `--export` would keep nothing."""
    with pytest.raises(SystemExit, match="2"):
        parser().parse_args([*words, ""])
    complaint = capsys.readouterr().err
    assert "error: argument " in complaint
    assert not words[-1].startswith("-") or re.search(rf"argument (\S+/)?{words[-1]}\b", complaint)


FILES = re.compile(r"(judge )?(FILE(\.csv)?|DIR|JOURNAL)")


def files(whole: argparse.ArgumentParser, *command: str) -> Iterator[tuple[str, ...]]:
    """Yield every command with each of its arguments that names a file."""
    for action in whole._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, each in action.choices.items():
                yield from files(each, *command, name)
        elif FILES.fullmatch(str(action.metavar)):
            yield *command, *action.option_strings[-1:]


@pytest.mark.parametrize("words", list(files(parser())), ids=" ".join)
def test_a_url_is_no_file(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """The complaint does not show it: it may have a password."""
    with pytest.raises(SystemExit, match="2"):
        parser().parse_args([*words, "postgresql://user:secret-word@host/spool"])
    complaint = capsys.readouterr().err
    assert "has to be a file or a folder, and not a URL" in complaint
    assert "secret" not in complaint


WRONG_URLS = ("http://[::1", "host", "http://u:secret-word@host", "http://host:99999", "ftp://host")


@pytest.mark.parametrize("url", WRONG_URLS)
@pytest.mark.parametrize(
    "words",
    [
        ("ivr", "launch", "--scenario", "s", "--to", "people.csv"),
        ("ctc", "launch", "41793026727", "41793026731", "--from", "41793026700"),
        ("reports", "drain", "--spool", "spool"),
    ],
)
def test_an_address_that_is_none(
    words: tuple[str, ...],
    url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every command says in the same words which option is wrong."""
    monkeypatch.chdir(tmp_path)
    file(tmp_path, "41793026700")
    assert main([*words, "--base-url", url]) == 2
    error = capsys.readouterr().err
    assert error.startswith("infobip-voice: --base-url ")
    assert error.endswith("; nothing was sent\n")
    assert error.count("othing was sent") == 1
    assert "secret-word" not in error


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


INTERRUPTED = """
import signal, sys, weakref
from importlib import import_module

class Object: ...

module = import_module(sys.argv[1])
function = getattr(module, sys.argv[2])

def interrupted(*arguments, **options):
    held = Object()
    reference = weakref.ref(held, lambda _: signal.raise_signal(signal.SIGINT))
    del held
    return function(*arguments, **options)

setattr(module, sys.argv[2], interrupted)
from infobip_voice_cli import main, parser
sys.exit(main(sys.argv[3:]))
"""


@pytest.mark.parametrize(
    "place",
    [("infobip_voice_cli", "parser"), ("infobip_voice_mock", "create_app"), ("infobip_voice_mock.server", "Server")],
)
def test_a_mock_that_is_interrupted_while_it_starts_does_not_serve(place: tuple[str, str]) -> None:
    """Also where Python swallows the KeyboardInterrupt, as in the callback of a weak reference."""
    command = [sys.executable, "-c", INTERRUPTED, *place, "mock", "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize("handler", [signal.SIG_IGN, signal.default_int_handler, lambda *_: None])
def test_only_the_handler_of_python_is_put_aside(handler: Any) -> None:
    """A background job of a shell ignores Ctrl-C, and a program may have a handler of its own."""
    before = signal.signal(signal.SIGINT, handler)
    try:
        with at_once():
            meanwhile = signal.getsignal(signal.SIGINT)
        after = signal.getsignal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert meanwhile is (signal.SIG_DFL if handler is signal.default_int_handler else handler)
    assert after is handler


@pytest.mark.parametrize(
    "words",
    [
        ("ivr", "launch", "--scenario", "s", "--to", "people.csv", "--journal"),
        ("ivr", "status"),
        ("ctc", "launch", "41793026727", "41793026731", "--from", "41793026700", "--journal"),
        ("reports", "drain", "--spool", "spool", "--output"),
        ("mock", "--state"),
    ],
)
def test_a_file_that_is_kept_is_no_pipe_and_no_device(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command would wait for a pipe for ever, and a device keeps nothing."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/null", tmp_path):
        with pytest.raises(SystemExit, match="2"):
            main([*words, str(path)])
        assert f"has to be a file, and {path} is something else" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("ivr", "launch", "--scenario", "s", "--to", "loop"),
        ("ivr", "launch", "--scenario", "s", "--to", "people.csv", "--journal", "loop"),
        ("ivr", "status", "loop"),
        ("ctc", "launch", "41793026727", "41793026731", "--from", "41793026700", "--journal", "loop"),
        ("reports", "drain", "--spool", "loop", "--output", "reports.jsonl"),
        ("reports", "drain", "--spool", "spool", "--output", "loop"),
        ("spool", "loop"),
        ("contract", "judge", "loop"),
        ("regenerate", "--contract", "loop", "--config", "loop", "--out", "client"),
        ("regenerate", "--contract", "loop", "--config", "people.csv", "--out", "loop"),
        *(
            ("contract", "judge", "journal", f"--{name}", "loop")
            for name in ("json", "junit", "html", "summary", "baseline")
        ),
    ],
)
def test_a_link_to_itself_is_no_file(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named in a sentence, and nothing is sent."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    file(tmp_path, "41793026700")
    with lossy_server() as server:
        monkeypatch.setenv("INFOBIP_BASE_URL", server.url)
        assert main([*words]) in (2, 5)
        assert server.seen == []
    assert "infobip-voice: " in capsys.readouterr().err


PRINTS = {
    "version": ("--version",),
    "completion": ("completion", "bash"),
    "seeded faults": ("mock", "--list-seeded-faults"),
    "mock": ("mock", "--port", "0"),
    "dry run": ("ivr", "launch", "--scenario", "s", "--to", "people.csv", "--dry-run"),
    "launch": ("ivr", "launch", "--scenario", "s", "--to", "people.csv"),
    "status": ("ivr", "status", "launched.journal"),
    "click": ("ctc", "launch", "+41793026727", "+41793026731", "--from", "41793026700"),
    "drain": ("reports", "drain", "--spool", "another"),
    "spool": ("spool", "spool", "--forget-gaps"),
}


def started(where: str, *words: str | Path) -> list[str]:
    """Return a command whose streams a shell redirects or closes."""
    return ["/bin/sh", "-c", f'exec "$@" {where}', "sh", sys.executable, "-m", "infobip_voice_cli", *map(str, words)]


@pytest.mark.parametrize("where", [">/dev/full", ">&-"], ids=["full", "closed"])
@pytest.mark.parametrize("words", PRINTS.values(), ids=PRINTS)
def test_a_result_that_cannot_be_printed_is_no_success(
    words: tuple[str, ...], where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a full disk, or without a standard output, no command ends well or in a traceback, and
    none forgets what it cannot show."""
    spool = tmp_path / "spool"
    with lossy_server(reports=1) as server:
        assert launch(server, file(tmp_path, "41793026700"), "--journal", tmp_path / "launched.journal") == 0
        server.script.append("drop")
        assert run(server, "reports", "drain", "--spool", spool) == 1
        server.waiting.append("report")
        done = subprocess.run(
            started(where, *words), stderr=subprocess.PIPE, text=True,
            cwd=tmp_path, env={**os.environ, "INFOBIP_BASE_URL": server.url}, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode in (1, 5)
    assert "Traceback" not in done.stderr
    capsys.readouterr()
    assert main(["spool", str(spool)]) == 0
    assert "lost: 1 answer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("where", "words", "code", "error"),
    [
        ("<&-", ("ivr", "launch", "--scenario", "s", "--to", "-", "--dry-run"), 2, "standard input: it is empty"),
        ("2>&-", ("spool", "missing"), 2, ""),
        (">&- 2>&- <&-", ("spool", "missing"), 2, ""),
    ],
)
def test_a_stream_that_is_missing(where: str, words: tuple[str, ...], code: int, error: str, tmp_path: Path) -> None:
    """Nothing can be read from it, and words for people are not printed among the results."""
    done = subprocess.run(started(where, *words), capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (code, "")
    assert error in done.stderr
    assert "Traceback" not in done.stderr
