"""`kill -9` of drains that share one PostgreSQL, and of the PostgreSQL in the middle.

    make soak

does it for long, with 50,000 reports, a kill every second and a server that syncs.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infobip_voice import VoiceClient
from postgres import Postgres, running
from sdk.clients import settings
from sdk.lossy_server import LossyServer, lossy_server
from sdk.postgres_worker import EX_TEMPFAIL
from sdk.test_drain import names

REPORTS = int(os.environ.get("SOAK_DRAIN_REPORTS", "1500"))
KILLS = int(os.environ.get("SOAK_DRAIN_KILLS", "5"))
EVERY = float(os.environ.get("SOAK_DRAIN_EVERY", "0.1"))  # seconds from kill to kill
DRAINERS = 4
BATCH = 50
LIMIT = 100  # reports in a page
WORKER = Path(__file__).with_name("postgres_worker.py")


@contextmanager
def fleet(server: LossyServer, url: str, folder: Path) -> Iterator["Fleet"]:
    running_fleet = Fleet(server, url, folder)
    try:
        yield running_fleet
    finally:
        for worker in running_fleet.workers:
            worker.kill()
            worker.wait(60)


class Fleet:
    """Drainers that are replaced when they are killed."""

    def __init__(self, server: LossyServer, url: str, folder: Path) -> None:
        self.server, self.url, self.folder = server, url, folder
        self.started = self.killed = 0
        self.workers = [self._start() for _ in range(DRAINERS)]

    def _start(self) -> "subprocess.Popen[bytes]":
        self.started += 1
        command = [sys.executable, str(WORKER), self.server.url, self.url, str(self.folder / f"notes-{self.started}")]
        return subprocess.Popen(command)

    def kill(self, position: int) -> None:
        self.workers[position].kill()
        self.killed += self.workers[position].wait(60) == -signal.SIGKILL

    def mend(self) -> None:
        """Replace those that were killed, or have come to the end."""
        for position, worker in enumerate(self.workers):
            if worker.poll() is not None:
                assert worker.returncode in (-signal.SIGKILL, 0, EX_TEMPFAIL)
                self.workers[position] = self._start()

    def codes(self) -> list[int]:
        """Return how the drainers ended, once all have."""
        return [worker.wait(300) for worker in self.workers]

    def delivered(self) -> Counter[str]:
        return Counter(name for notes in self.folder.glob("notes-*") for name in notes.read_text().split())


def refill(server: LossyServer, count: int) -> None:
    start = sum(map(len, server.handed_out)) + len(server.waiting)
    server.waiting.extend(f"report-{start + number}" for number in range(count))


def test_killed_drains_lose_nothing_that_reached_a_disk(tmp_path: Path) -> None:
    """Four drains, one killed again and again, and the database crashed and started in the middle.

    Each page that the server handed out is delivered whole, or is a gap of a request that was under
    way. A kill repeats a batch at most, and a stop of the database a page of each drain.
    """
    dice = random.Random(os.environ.get("KILL_SEED", "1"))
    with running(*(() if KILLS > 20 else ("fsync=off",))) as database, lossy_server(REPORTS) as server:
        url = database.url()
        with fleet(server, url, tmp_path) as drains:
            stops = {KILLS // 3: signal.SIGINT, 2 * KILLS // 3: signal.SIGQUIT}
            for kill in range(KILLS):
                asked = len(server.seen)
                while len(server.seen) < asked + 2:  # kill at work, not at start-up
                    if not server.waiting:
                        refill(server, REPORTS // 4)
                    drains.mend()
                    time.sleep(0.005)
                time.sleep(EVERY * dice.random() * 2)
                if kill in stops:
                    database.stop(stops[kill])
                drains.kill(dice.randrange(DRAINERS))
                if kill in stops:
                    database.start()
            while any(code != 0 for code in drains.codes()):
                drains.mend()
            killed = drains.killed
        delivered = drains.delivered()
        with VoiceClient(**settings(server.url)) as voice, voice.reports.drain(url) as last:
            delivered.update(str(name) for name in names(last))
            gaps = sum(gap.count for gap in last.gaps)
            assert last.unreadable == ()
        handed_out = [page for page in server.handed_out if page]
        told_tables = left(database, url)
    lost = [page for page in handed_out if not delivered.keys() & set(page)]
    repeats = sum(delivered.values()) - len(delivered)
    reports = sum(map(len, handed_out))
    print(
        f"\n{reports} reports, {killed} kills, {len(lost)} pages lost in {gaps} gaps, {repeats} repeats,"
        f" {len(delivered)} delivered"
    )
    assert reports >= REPORTS
    assert all(set(page) <= delivered.keys() for page in handed_out if page not in lost)
    assert len(lost) <= gaps <= killed
    # When the database comes back, whoever is first may take the page of one that is not back yet.
    assert repeats <= killed * BATCH + len(stops) * DRAINERS * LIMIT
    assert told_tables == [0, 0, 0]


def left(database: Postgres, url: str) -> list[int]:
    """Return how many pages, requests and drains the tables still know."""
    schema = url.partition("search_path%3D")[2]
    with database.session(options=f"-csearch_path={schema}") as session:
        tables = ("page", "request", "drainer")
        return [session.execute(f"SELECT count(*) FROM infobip_voice_{table}").fetchone()[0] for table in tables]  # noqa: S608
