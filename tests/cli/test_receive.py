"""`reports receive`, and the other commands on a spool in PostgreSQL."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from cli.command import output, run
from infobip_voice._messages import Outcome
from infobip_voice._postgres_spool import PostgresSpool
from infobip_voice_cli import main
from infobip_voice_cli.reports import shown
from postgres import PASSWORD, Postgres
from sdk.lossy_server import GARBAGE, answer, lossy_server

SECRET = "2f1c9a"
REPORT = b'{"results": [{"messageId": "pushed"}]}'


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.url()


@contextmanager
def receiving(url: str, port: int = 0, **environment: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Run the command; return where it listens, and its process."""
    command = [sys.executable, "-m", "infobip_voice_cli", "reports", "receive", "--spool", url, "--port", str(port)]
    environment = {**os.environ, "INFOBIP_PUSH_SECRET": SECRET, **environment}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            line = json.loads(process.stdout.readline())
            assert line["event"] == "ready"
            yield line["url"], process
        finally:
            process.kill()


def push(url: str, body: bytes = REPORT) -> int:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(f"{url}/reports/{SECRET}", body, {"Content-Type": "application/json"})  # noqa: S310
    with opener.open(request, timeout=30) as response:
        return int(response.status)


def test_a_push_is_drained_once(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the reports that are fetched, by the same command; nothing shows the secret."""
    with receiving(url) as (address, process):
        assert (push(address), push(address)) == (200, 200)
        process.send_signal(signal.SIGTERM)
        out, error = process.communicate(timeout=60)
        assert (process.returncode, out, error) == (-signal.SIGTERM, "", "")
    with lossy_server(reports=2) as server:
        assert run(server, "reports", "drain", "--spool", url, "--format", "jsonl") == 0
    lines, error = output(capsys)
    assert [line["messageId"] for line in lines] == ["pushed", "report-0", "report-1"]
    assert error == ""


def test_several_receivers_share_a_spool(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The same push at two of them is one report."""
    with receiving(url) as (first, _), receiving(url) as (second, _):
        assert (push(first), push(second)) == (200, 200)
    with lossy_server() as server:
        assert run(server, "reports", "drain", "--spool", url, "--format", "jsonl") == 0
    assert len(output(capsys)[0]) == 1


@pytest.mark.parametrize(
    ("words", "secret", "code", "text"),
    [
        (["--spool", "reports.db"], SECRET, 2, "spool: a receiver needs the URL of a PostgreSQL"),
        (
            ["--spool", "postgresql://host/db"],
            "",
            2,
            "set INFOBIP_PUSH_SECRET to the secret that your notifyUrl carries",
        ),
        (["--spool", "postgresql://host/db"], "a/b", 2, "secret has to be a text"),
        (["--spool", "postgresql://host/db", "--host", "192.0.2.1"], SECRET, 2, "cannot listen on 192.0.2.1 port 8081"),
        (["--spool", "postgresql://host/db", "--host", "\udcff"], SECRET, 2, "cannot listen on \\udcff port 8081"),
        (["--spool", "postgresql://host/db", "--port", "70000"], SECRET, 2, "cannot listen on 127.0.0.1 port 70000"),
        (["--spool", "postgresql://a:open%20sesame@127.0.0.1:1/db", "--port", "0"], SECRET, 5, "no connection to the"),
    ],
)
def test_a_receiver_that_cannot_start(words: list[str], secret: str, code: int, text: str) -> None:
    """It says why, and shows neither the secret nor the password."""
    command = [sys.executable, "-m", "infobip_voice_cli", "reports", "receive", *words]
    environment = {**os.environ, "INFOBIP_PUSH_SECRET": secret}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    assert (done.returncode, done.stdout) == (code, "")
    assert text in done.stderr
    assert "sesame" not in done.stderr
    assert "a/b" not in done.stderr


@pytest.mark.parametrize(
    ("module", "command", "extra"),
    [
        ("uvicorn", ["reports", "receive", "--port", "0"], "receiver"),
        ("psycopg", ["reports", "receive", "--port", "0"], "postgres"),
        ("psycopg", ["reports", "drain"], "postgres"),
        ("psycopg", ["spool"], "postgres"),
    ],
)
def test_what_to_install(
    module: str, command: list[str], extra: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the extra that a command needs."""
    monkeypatch.setenv("INFOBIP_PUSH_SECRET", SECRET)
    monkeypatch.setenv("INFOBIP_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "infobip_voice._postgres_spool", raising=False)
    monkeypatch.delitem(sys.modules, "infobip_voice._postgres", raising=False)
    monkeypatch.delitem(sys.modules, "infobip_voice._postgres_drainer", raising=False)
    spool = ["postgresql://host/db"] if command == ["spool"] else ["--spool", "postgresql://host/db"]
    assert main([*command, *spool]) == 2
    assert f"infobip-voice[{extra}]" in capsys.readouterr().err


def filled(url: str) -> PostgresSpool:
    """A drain that lives: with a page in its hands, what cannot be understood, and a gap."""
    names = (f"id-{number}" for number in count())
    spool = PostgresSpool(url, None, lambda: datetime(2026, 11, 26, tzinfo=UTC), lambda: next(names))
    spool.open()
    page = b'{"results": [{"messageId": "a"}, {"messageId": "b"}, 7]}'
    spool.end(Outcome("answered", 200, {"content-type": "application/json"}, page), "answered")
    read = spool.read(0)
    assert read is not None
    spool.acknowledge(read.waiting[:1])
    spool.end(Outcome("answered", 200, {"content-type": "application/json"}, GARBAGE), "answered")
    spool.end(Outcome("answered", 503, {}, b"down"), "uncertain")
    return spool


def test_a_spool_is_shown_exported_and_forgotten(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While its drains live, and without taking anything from them."""
    living = filled(url)
    export = tmp_path / "export.jsonl"
    assert main(["spool", url, "--export", str(export)]) == 0
    out, error = capsys.readouterr()
    assert error == ""
    assert "1 report(s) wait to be delivered" in out
    assert "unreadable: 1 byte(s), 1 time(s), last 2026-11-26 00:00:00+00:00: it is not an object" in out
    assert f"unreadable: {len(GARBAGE)} byte(s), 1 time(s): this is no page of reports" in out
    assert "lost: 1 answer(s) from 2026-11-26" in out
    entries: list[Any] = [json.loads(line) for line in export.read_text().splitlines()]
    assert [entry["kind"] for entry in entries] == ["waiting", "unreadable", "unreadable", "gap"]
    assert entries[0]["report"] == {"messageId": "b"}
    assert main(["spool", url, "--forget-gaps", "--forget-unreadable"]) == 0
    capsys.readouterr()
    assert (living.gaps, living.unreadable) == ((), ())
    living.close()


def test_trouble_in_one_way_or_another(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A database that is away is exit code 5; a URL of something else is a wrong option."""
    away = "postgresql://Aladdin:open%20sesame@127.0.0.1:1/db"
    assert main(["spool", away]) == 5
    assert main(["spool", "mysql://host/db"]) == 2
    assert main(["spool", "postgresql://host/db?nonsense=open%20sesame"]) == 2
    with lossy_server(reports=1) as server:
        assert run(server, "reports", "drain", "--spool", away) == 5
        assert server.seen == []
    told = capsys.readouterr().err
    assert PASSWORD not in told
    assert "sesame" not in told


def test_an_output_that_fails_names_the_spool_without_its_password(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads the message has to find it, and not to get in."""
    from infobip_voice_cli.output import OutputFile

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(OutputFile, "put", full)
    with lossy_server(reports=1) as server:
        server.script.append(answer(b'{"results": [{"messageId": "a"}]}'))
        assert run(server, "reports", "drain", "--spool", url, "--output", tmp_path / "out.jsonl") == 5
    told = capsys.readouterr().err
    assert "stays in the spool postgresql://127.0.0.1:" in told
    assert "sesame" not in told


@pytest.mark.parametrize(
    ("spool", "text"),
    [
        ("reports.db", "reports.db"),
        ("postgresql://host/db", "postgresql://host/db"),
        ("postgresql://u:p@ss@host:5/db?password=x", "postgresql://host:5/db"),
        ("postgresql://u:a?b@host/db", "postgresql://u:a"),
    ],
)
def test_where_a_spool_is(spool: str, text: str) -> None:
    """Without user, password and options."""
    assert shown(spool) == text
