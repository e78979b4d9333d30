"""Measure how many reports drains take, and how many telephones a campaign calls, in a time.

* Drain: reports a second, of 4,000 in pages of 500, divided by those of one plain loop over a spool
  in a file. Several drains share one PostgreSQL, in a process each, with `batches(50)`.
* CPU of a drain: of a loop, which acknowledges each report, and of batches, with pages that are
  there at once.
* Launch: telephones a second of `infobip-voice ivr launch`, in 16 requests to a server that takes
  200 ms for each, divided by those of `--connections 1`. It includes starting the command.
"""

import json
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import httpx
from results import Chart, row

from infobip_voice import Drain, VoiceClient
from sdk import HEAD, environment, running, serve
from wire import document

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

DRAINERS = (1, 2, 4)
CONNECTIONS = (1, 2, 4, 8)
PAGES, LIMIT = 8, 500
REQUESTS, BATCH, SECONDS = 16, 50, 0.2

ONE_BY_ONE = "for report in drain: report.message_id"
IN_BATCHES = "for batch in drain.batches(50): [report.message_id for report in batch]"
DRAIN = """
import sys
from infobip_voice import VoiceClient
url, spool, limit = sys.argv[1:]
voice = VoiceClient(base_url=url, username="u", password="p")
drain = voice.reports.drain(spool, limit=int(limit))
print("ready", flush=True)
sys.stdin.readline()
{loop}
drain.close()
"""


def hand_out(listener: socket.socket) -> None:
    """Return every page once for each first part of a path, and then empty ones."""
    value, _ = document(LIMIT)
    page, empty = json.dumps(value).encode(), b'{"results": []}'
    left: dict[bytes, int] = {}
    lock = threading.Lock()

    def connection(peer: socket.socket) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        while chunk := peer.recv(65536):
            received += chunk
            if b"\r\n\r\n" in received:
                run, received = received.split(b"/")[1], b""
                with lock:
                    left[run] = left.get(run, PAGES) - 1
                    answer = page if left[run] >= 0 else empty
                peer.sendall(HEAD % len(answer) + answer)

    while True:
        peer, _ = listener.accept()
        threading.Thread(target=connection, args=(peer,), daemon=True).start()


def drained(url: str, spool: str, drainers: int, loop: str) -> float:
    """Return the reports a second of so many processes, from the moment at which all are ready."""
    command = [sys.executable, "-c", DRAIN.format(loop=loop), url, spool, str(LIMIT)]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment())
        for _ in range(drainers)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    start = perf_counter()
    for worker in workers:
        worker.communicate("\n")
        assert worker.returncode == 0
    return PAGES * LIMIT / (perf_counter() - start)


def drains(missing: list[str], rounds: int = 5) -> Chart:
    """Return the speed of drains, over their spools and their number."""
    ways: dict[str, tuple[bool, int, str]] = {
        "a file, one by one": (False, 1, ONE_BY_ONE),
        "a file, batches of 50": (False, 1, IN_BATCHES),
    }
    with ExitStack() as stack:
        postgres: Any = None
        try:
            import postgres as server

            postgres = stack.enter_context(server.running()) if server.programs() else None
        except ImportError as error:
            missing.append(f"PostgreSQL's driver ({error.name})")
        if postgres is None:
            missing.append("PostgreSQL")
        else:
            ways |= {f"PostgreSQL, {_several(count, 'drainer')}": (True, count, IN_BATCHES) for count in DRAINERS}
        url = stack.enter_context(running(hand_out))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        found: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds):
            speeds: dict[str, float] = {}
            for name, (shared, drainers, loop) in ways.items():
                run = f"{number}-{len(speeds)}"
                spool = postgres.url() if shared else f"{folder}/{run}.db"
                speeds[name] = drained(f"{url}/{run}", spool, drainers, loop)
            for name, speed in speeds.items():
                found[name].append(speed / speeds["a file, one by one"])
    rows = tuple(row(name, figures, ours=True) for name, figures in found.items())
    return Chart("drain", "Reports that drains take in a time", "× one loop over a file", rows, more_is_better=True)


class Pages(httpx.BaseTransport):
    """Pages that are there at once, so that only the drain is measured, and then an empty one."""

    def __init__(self) -> None:
        value, _ = document(LIMIT)
        self._page, self._left = json.dumps(value).encode(), PAGES

    def handle_request(self, _: httpx.Request) -> httpx.Response:
        self._left -= 1
        return httpx.Response(200, json={"results": []}) if self._left < 0 else httpx.Response(200, content=self._page)


def drain_cpu(rounds: int = 7) -> Chart:
    """Return the CPU of a drain into a file, of a loop and of batches."""

    def spent(take: Callable[[Drain], int]) -> float:
        with (
            tempfile.TemporaryDirectory() as folder,
            VoiceClient(base_url="http://host", api_key="k", http_client=httpx.Client(transport=Pages())) as voice,
        ):
            drain = voice.reports.drain(f"{folder}/spool", limit=LIMIT)
            start = process_time()
            count = take(drain)
            return (process_time() - start) / count * 1e6

    loops: list[float] = []
    batches: list[float] = []
    for _ in range(rounds):
        loops.append(spent(lambda drain: sum(1 for _ in drain)))
        batches.append(spent(lambda drain: sum(map(len, drain.batches(50)))))
    rows = row("a loop", loops, ours=True, target=40.0), row("batches of 50", batches, ours=True, target=20.0)
    return Chart("drain-cpu", "CPU of a drain into a file", "microseconds a report", rows)


def launches(rounds: int = 5) -> Chart:
    """Return the speed of a campaign, over its connections."""
    found: dict[int, list[float]] = {connections: [] for connections in CONNECTIONS}
    with running(serve, SECONDS) as url, tempfile.TemporaryDirectory() as folder:
        numbers = Path(folder) / "numbers.csv"
        numbers.write_text("to\n" + "".join(f"+4179{number:07}\n" for number in range(REQUESTS * BATCH)))
        for _ in range(rounds):
            seconds: dict[int, float] = {}
            for connections in CONNECTIONS:
                command = [
                    sys.executable, "-m", "infobip_voice_cli", "ivr", "launch", "--scenario", "s", "--to", str(numbers),
                    "--batch", str(BATCH), "--connections", str(connections), "--base-url", url, "--no-progress",
                    "--journal", f"{folder}/journal",
                ]  # fmt: skip
                known = {"INFOBIP_USERNAME": "u", "INFOBIP_PASSWORD": "p"}
                start = perf_counter()
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**environment(), **known})
                seconds[connections] = perf_counter() - start
                for file in Path(folder).glob("journal*"):
                    file.unlink()
            for connections, spent in seconds.items():
                found[connections].append(seconds[1] / spent)
    rows = tuple(row(_several(count, "connection"), figures, ours=True) for count, figures in found.items())
    return Chart("launch", "Telephones that a campaign calls in a time", "× one connection", rows, more_is_better=True)


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}"


def charts(missing: list[str]) -> Iterator[Chart]:
    """Yield everything that this module measures, and name what it misses."""
    yield drain_cpu()
    yield drains(missing)
    yield launches()
