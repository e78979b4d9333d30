"""A spool belongs to one process: what a fork inherits is left alone, and a lock holds."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infobip_voice import ConfigurationError, SpoolError, SpoolLocked, VoiceClient, _spool_file
from sdk.clients import settings
from sdk.lossy_server import lossy_server
from sdk.test_drain import names, numbered

OWNER = Path(__file__).with_name("spool_owner.py")
OPEN = """
import sys
from infobip_voice import ConfigurationError, SpoolLocked, VoiceClient, _spool_file
try:
    next(VoiceClient(base_url="http://127.0.0.1:1", api_key="k").reports.drain(sys.argv[1]))
except SpoolLocked:
    sys.exit(7)
"""


def test_a_child_leaves_the_spool_of_its_parent_alone(tmp_path: Path) -> None:
    """Not even its exit closes the database.

    Closing it would delete the log into which the parent writes: the page that the parent stores
    afterwards would be gone after `kill -9`.
    """
    with lossy_server(reports=5) as server:
        command = [sys.executable, str(OWNER), server.url, str(tmp_path / "spool")]
        owner = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert owner.returncode == -signal.SIGKILL, owner.stderr
        first, second, third, refused = json.loads(owner.stdout)
        assert [first, second, third] == numbered(0, 1, 2)
        assert refused == 4  # next, iter, batches and ack each say that the drain is another process's
        with VoiceClient(**settings(server.url)) as voice, voice.reports.drain(tmp_path / "spool") as drain:
            assert names(drain) == numbered(*range(5))
            assert drain.gaps == ()


def locked(path: Path) -> bool:
    """Return whether another process finds the spool locked."""
    command = [sys.executable, "-c", OPEN, str(path)]
    return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 7


def test_a_refused_second_drain_does_not_open_the_lock_of_the_first(tmp_path: Path) -> None:
    """POSIX drops all locks of a process on a file when it closes any descriptor of that file."""
    with lossy_server(reports=3) as server, VoiceClient(**settings(server.url)) as voice:
        with voice.reports.drain(tmp_path / "spool") as drain:
            next(drain)
            (tmp_path / "link").symlink_to(tmp_path / "spool")
            for other in ("spool", "link"):
                with pytest.raises(SpoolLocked):
                    next(voice.reports.drain(tmp_path / other))
            assert locked(tmp_path / "spool")
        assert not locked(tmp_path / "spool")


def test_a_child_may_drain_into_a_spool_of_its_own(tmp_path: Path) -> None:
    """What it inherited does not stand in its way."""
    with (
        lossy_server(reports=3) as server,
        VoiceClient(**settings(server.url)) as voice,
        voice.reports.drain(tmp_path / "mine", limit=1) as drain,
    ):
        next(drain)
        child = os.fork()
        if not child:
            delivered: list[str | None] = []
            try:
                with VoiceClient(**settings(server.url)) as own:
                    delivered = names(own.reports.drain(tmp_path / "its own", limit=1))
            finally:
                os._exit(len(delivered))
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 2


def test_a_database_that_somebody_else_has_locked(tmp_path: Path) -> None:
    """Whoever has the file, another program or another process: nothing is sent."""
    with lossy_server(reports=2) as server, VoiceClient(**settings(server.url)) as voice:
        names(voice.reports.drain(tmp_path / "spool"))
        seen = len(server.seen)
        somebody = sqlite3.connect(tmp_path / "spool", isolation_level=None)
        somebody.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SpoolLocked, match="another drain"):
            next(voice.reports.drain(tmp_path / "spool"))
        somebody.close()
        assert len(server.seen) == seen
        assert names(voice.reports.drain(tmp_path / "spool")) == []


def test_what_is_inherited_is_kept_open_and_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen from the child: the drain is refused, a look at the spool too, and the database stays
    open."""
    with lossy_server(reports=2) as server, VoiceClient(**settings(server.url)) as voice:
        server.script.append(503)
        drain = voice.reports.drain(tmp_path / "spool", limit=1)
        next(drain)
        assert drain._spool._file is not None
        database = drain._spool._file.database
        references = sys.getrefcount(database)
        _spool_file._disown()
        assert sys.getrefcount(database) == references + 1
        with monkeypatch.context() as child:
            child.setattr(os, "getpid", lambda: -1)
            for use in (lambda: next(drain), lambda: drain.ack([]), drain.forget_gaps, drain.forget_unreadable):
                with pytest.raises(ConfigurationError, match="another process"):
                    use()
            for look in (lambda: drain.unreadable, lambda: drain.gaps[0].bodies):
                with pytest.raises(SpoolError, match=r"^the spool is not open"):
                    look()
            drain.close()
        assert database.execute("SELECT 1").fetchone() == (1,)
        database.close()


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_child_does_not_wait_for_a_lock_of_its_parent(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A thread that held it at the fork does not exist in the child."""
    place = tmp_path / "spool" if engine == "sqlite" else request.getfixturevalue("postgres").url()
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        drain = voice.reports.drain(place)
        drain.forget_gaps()  # opens it
        lock: Any = getattr(drain._spool, "_lock")  # noqa: B009  both engines have one
        lock.acquire()
        child = os.fork()
        if not child:
            signal.alarm(20)  # ends it, should it wait
            told = 0
            try:
                drain.gaps  # noqa: B018
                drain.unreadable  # noqa: B018
            except SpoolError:
                told = 7
            finally:
                os._exit(told)
        lock.release()
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 7
        assert drain.unreadable == ()
        drain.close()
