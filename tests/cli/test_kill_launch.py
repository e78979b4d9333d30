"""A launch that is broken off at random over a lossy mock, held against the mock's own record.

    KILLS=200 pytest tests/cli/test_kill_launch.py

breaks off two hundred times instead of ten.
"""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from infobip_voice_cli.journal import Journal, JournalError, Totals

CALLS, BATCH, CONNECTIONS = 120, 3, 8
WAYS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM, "pipe", "disk")
FAULTS = (
    {"kind": "reset-after-effect", "probability": 0.03, "seed": 1},
    {"kind": "truncated-after-effect", "probability": 0.02, "seed": 2},
    {"kind": "server-error-after-effect", "probability": 0.02, "seed": 3},
    {"kind": "reset-before-effect", "probability": 0.02, "seed": 4},
    {"kind": "wrong-content-type-after-effect", "probability": 0.01, "seed": 5},
    {"kind": "throttled", "probability": 0.02, "seed": 6, "seconds": 0},
    {"kind": "latency", "probability": 0.2, "seed": 7, "seconds": 0.01},
)


class Campaign(NamedTuple):
    """A file, and the account that launches it."""

    account: str
    path: Path
    numbers: list[str]

    @property
    def journal(self) -> Path:
        return Path(f"{self.path}.journal")


@pytest.fixture
def base_url() -> Iterator[str]:
    command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0", "--open-tenants"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["base_url"]
        process.terminate()


def test_nobody_is_dialled_twice_and_nobody_is_skipped(base_url: str, tmp_path: Path) -> None:
    """Whatever ends a run, the mock's record, the journal and the exit code agree; and it leaves no
    more requests uncertain than it has connections."""
    dice = random.Random(os.environ.get("KILL_SEED", "1"))
    broken_off = 0
    codes: Counter[int] = Counter()
    campaign = begin(base_url, tmp_path, 0)
    uncertain = 0
    while True:
        before = dialled(base_url, campaign)
        last = broken_off >= int(os.environ.get("KILLS", "10"))
        way = None if last else WAYS[broken_off % len(WAYS)]
        code = run(base_url, campaign, way, dice)
        codes[code] += 1
        broken_off += way is not None
        after = dialled(base_url, campaign)
        totals = check(campaign, code, before, after)
        assert totals.uncertain - uncertain <= CONNECTIONS * BATCH
        uncertain = totals.uncertain
        if totals.unsent == 0 and totals.sent:
            if last:
                break
            campaign = begin(base_url, tmp_path, broken_off)
            uncertain = 0
    assert codes.total() >= broken_off
    assert any(code < 0 or code >= 128 for code in codes)  # something was broken off


def check(campaign: Campaign, code: int, before: Counter[str], after: Counter[str]) -> Totals:
    """Hold exit code and journal against what the mock has dialled, and return the totals."""
    assert set(after.values()) <= {1}, "a telephone rang twice"
    if code in (2, 4):
        assert after == before, f"exit code {code} says that nothing was sent"
    if not campaign.journal.exists() or campaign.journal.stat().st_size == 0:
        assert not after
        return Totals()
    states: dict[str, list[str]] = {}
    totals = Totals()
    # A run that is killed while it makes the tables has planned nothing; nobody may be dialled.
    with suppress(JournalError), Journal(campaign.journal, exists=True) as journal:
        totals = journal.totals()
        states = {
            state: [json.loads(call.recipient)[0] for call in journal.calls(state)]
            for state in ("accepted", "rejected", "unreadable", "uncertain", "unsent")
        }
    if journal_is_empty(totals):
        assert not after
        return totals
    assert sorted(number for numbers in states.values() for number in numbers) == campaign.numbers
    assert set(states["accepted"]) | set(states["unreadable"]) <= after.keys(), "told as accepted, and not dialled"
    assert not set(states["unsent"]) & after.keys(), "told as not sent, and dialled"
    assert states["rejected"] == []
    assert code < 0 or code in allowed(totals, sent=after != before), (code, totals)
    return totals


def allowed(totals: Totals, *, sent: bool) -> set[int]:
    """Return the exit codes that are true of a campaign."""
    if totals.uncertain:
        return {3} if sent else {2, 3, 5, 130, 143}  # it may have ended before it came to the first request
    if totals.unsent:
        return {6, 130, 143} if totals.sent else {2, 4, 5, 6, 130, 143}
    return {1} if totals.unreadable else {0}


def journal_is_empty(totals: Totals) -> bool:
    return sum(totals) == 0


def run(base_url: str, campaign: Campaign, way: object, dice: random.Random) -> int:
    """Launch the campaign, break it off in this way at random, and return the exit code."""
    command = [
        sys.executable,
        "-m",
        "infobip_voice_cli",
        "ivr",
        "launch",
        "--scenario",
        "s",
        "--to",
        str(campaign.path),
    ]
    environment = {
        **os.environ, "INFOBIP_BASE_URL": base_url, "INFOBIP_USERNAME": campaign.account,
        "INFOBIP_PASSWORD": "open sesame", "INFOBIP_API_KEY": "",
    }  # fmt: skip
    most = 1 << 40
    if way == "disk":
        size = campaign.journal.stat().st_size if campaign.journal.exists() else 100_000
        most = dice.randrange(size + 20_000)
    process = subprocess.Popen(
        [*command, "--batch", str(BATCH), "--connections", str(CONNECTIONS), "--timeout", "5"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY)),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    if dice.random() < 0.8:
        wait_for_work(campaign, process)
    time.sleep(dice.uniform(0.0, 0.5))
    if isinstance(way, signal.Signals):
        process.send_signal(way)
    elif way == "pipe":
        process.stdout.close()
        process.stderr.close()
        process.wait(120)
        return process.returncode
    out, error = process.communicate(timeout=120)
    assert b"Traceback" not in error or process.returncode < 0, error.decode()
    if out and process.returncode >= 0:
        assert json.loads(out.splitlines()[-1])["calls"] == CALLS
    return process.returncode


def wait_for_work(campaign: Campaign, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the run has written into the journal."""
    began = campaign.journal.stat().st_mtime_ns if campaign.journal.exists() else 0
    while process.poll() is None:
        if campaign.journal.exists() and campaign.journal.stat().st_mtime_ns != began:
            return
        time.sleep(0.001)


def begin(base_url: str, folder: Path, number: int) -> Campaign:
    """Return a campaign of numbers that nobody has, by an account with faults."""
    account = f"account-{number}"
    path = folder / f"{account}.csv"
    numbers = [str(999100000 + each) for each in range(CALLS)]
    path.write_text("to\n" + "\n".join(numbers) + "\n")
    for fault in FAULTS:
        control(base_url, "POST", f"tenants/{account}/faults", fault)
    return Campaign(account, path, numbers)


def dialled(base_url: str, campaign: Campaign) -> Counter[str]:
    """Return how often the mock has dialled each number."""
    try:
        calls = control(base_url, "GET", f"tenants/{campaign.account}/calls?limit=1000")
    except HTTPError:  # the account has not asked for anything yet
        return Counter()
    return Counter(call["to"] for call in calls)


def control(base_url: str, method: str, path: str, document: object = None) -> Any:
    data = None if document is None else json.dumps(document).encode()
    request = Request(f"{base_url}/_mock/{path}", data, {"Content-Type": "application/json"}, method=method)  # noqa: S310
    with build_opener(ProxyHandler({})).open(request, timeout=60) as answer:
        return json.load(answer)
