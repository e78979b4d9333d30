"""A PostgreSQL of the tests' own, on a free port and in a temporary folder, from Debian's package.

Where it is not installed the tests that need it are skipped, and on CI they fail.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

USER, PASSWORD = "Aladdin", "open sesame"
_HARMLESS: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL of this machine; it is on nobody's PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("postgres")
    found = [path.parent for path in installed] or ([Path(on_path).parent] if on_path else [])
    return found[-1] if found else None


def needed() -> Path:
    """Return the folder of its programs, or skip the test that needs them; on CI fail it."""
    folder = programs()
    if folder is None:
        told = "PostgreSQL is not installed: apt install postgresql"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
    return folder


def _free_port() -> int:
    """Return a port below those that connections get: it stays free while its server is stopped."""
    for port in range(20_000 + os.getpid() % 10_000, 32_768):
        with suppress(OSError):
            socket.create_server(("127.0.0.1", port)).close()
            return port
    raise AssertionError("no port is free")


class Postgres:
    """A server that can be stopped, killed and started.

    Args:
        settings: of the server, such as `fsync=off`. Nothing here loses power.
    """

    def __init__(self, *settings: str) -> None:
        self._programs = needed()
        self._settings = settings
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._as: dict[str, Any] = {}
        if os.getuid() == 0:  # it refuses to run as root
            user = pwd.getpwnam("postgres")
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._schemas = count(1)
        password = self._folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run(
            "initdb", "--username", USER, "--auth", "scram-sha-256", "--pwfile", str(password), "--no-sync",
            "--encoding", "UTF8", "--locale", "C", "--pgdata", str(self._folder / "data"),
        )  # fmt: skip

    def url(self, **more: str) -> str:
        """Return the address of a spool that nobody has used."""
        options = {"options": f"-csearch_path=spool_{next(self._schemas)}", **more}
        query = "&".join(f"{name}={quote(value)}" for name, value in options.items())
        address = f"postgresql://{quote(USER)}:{quote(PASSWORD)}@127.0.0.1:{self.port}/postgres?{query}"
        with self.session() as session:
            session.execute(f"CREATE SCHEMA IF NOT EXISTS {options['options'].partition('=')[2]}")
        return address

    def session(self, **more: Any) -> Any:
        """Return a connection of the test's own."""
        import psycopg

        parameters = {"user": USER, "password": PASSWORD, "host": "127.0.0.1", "port": self.port, "dbname": "postgres"}
        return psycopg.connect(autocommit=True, **{**parameters, **more})

    def start(self) -> None:
        """Start it, and wait until it answers."""
        import psycopg

        settings = [word for setting in ("max_connections=60", *self._settings) for word in ("-c", setting)]
        command = [
            str(self._programs / "postgres"), "-D", str(self._folder / "data"), "-h", "127.0.0.1", "-p", str(self.port),
            "-k", "", *settings,
        ]  # fmt: skip
        self._process = subprocess.Popen(command, cwd=self._folder, **_HARMLESS, **self._as)
        while True:
            assert self._process.poll() is None, "PostgreSQL ended"
            try:
                self.session().close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends all sessions, SIGQUIT is a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def remove(self) -> None:
        """Stop it and delete its folder."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        subprocess.run(command, cwd=self._folder, check=True, **_HARMLESS, **self._as)


@contextmanager
def running(*settings: str) -> Iterator[Postgres]:
    """Run a server of this test's own."""
    server = Postgres(*settings)
    try:
        server.start()
        yield server
    finally:
        server.remove()
