"""`kill -9` at random moments of a drain: what reached the file comes again, the rest is a gap.

    KILLS=100 pytest tests/sdk/test_kill.py

kills a hundred times instead of ten.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from infobip_voice._sqlite_spool import SqliteSpool as Spool
from sdk.lossy_server import LossyServer, lossy_server

REPORTS = 5_000
WORKER = Path(__file__).with_name("drain_worker.py")


def test_nothing_vanishes(tmp_path: Path) -> None:
    """Each report is delivered at least once, or is in an answer that a kill made a gap."""
    kills = int(os.environ.get("KILLS", "10"))
    notes = tmp_path / "notes"
    notes.touch()
    dice = random.Random(os.environ.get("KILL_SEED", "1"))
    killed = rounds = 0
    with lossy_server(REPORTS) as server:
        while True:
            worker = _start(server, tmp_path)
            if killed < kills:
                # Kill at work, not at start-up: wait until this run has done something, and then a
                # moment.
                before, asked = notes.stat().st_size, len(server.seen)
                while notes.stat().st_size == before and len(server.seen) == asked and worker.poll() is None:
                    time.sleep(0.001)
                time.sleep(dice.uniform(0.0, 0.02))
                worker.send_signal(signal.SIGKILL)
                killed += 1
                if not server.waiting:
                    _refill(server)
            code = worker.wait(60)
            rounds += 1
            if code == 0 and killed >= kills:
                break
        delivered = Counter(notes.read_text().split())
        handed_out = [page for page in server.handed_out if page]
    spool = Spool(tmp_path / "spool", None, lambda: datetime.now(UTC), str)
    spool.open()
    gaps = sum(gap.count for gap in spool.gaps)
    assert spool.unreadable == ()
    spool.close()
    assert rounds > kills
    lost = [page for page in handed_out if not delivered.keys() & set(page)]
    # A page is delivered whole or is a gap. It is never delivered in part.
    assert all(set(page) <= delivered.keys() for page in handed_out if page not in lost)
    assert len(lost) <= gaps <= kills
    assert sum(delivered.values()) - len(delivered) <= kills  # a kill repeats only the report in hand


def _start(server: LossyServer, folder: Path) -> "subprocess.Popen[bytes]":
    arguments = [sys.executable, str(WORKER), server.url, str(folder / "spool"), str(folder / "notes")]
    return subprocess.Popen(arguments)


def _refill(server: LossyServer) -> None:
    start = sum(map(len, server.handed_out))
    server.waiting.extend(f"report-{start + number}" for number in range(REPORTS))
