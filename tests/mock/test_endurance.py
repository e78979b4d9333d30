"""What the mock holds it hands out: thousands of pushes, a crowd of accounts, a restart in between.

`make soak` runs these for long, and then also looks at what they cost.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from infobip_voice_mock.receiver import Receiver
from infobip_voice_mock.running import VoiceClock, VoiceMock

SOAK = "SOAK_PUSHES" in os.environ
PUSHES = int(os.environ.get("SOAK_PUSHES", "200"))
ACCOUNTS = int(os.environ.get("SOAK_ACCOUNTS", "40"))
MESSAGES = int(os.environ.get("SOAK_MESSAGES", "200"))
MAX_SECONDS_OF_SILENCE = 1.0
MAX_CPU_OF_A_PUSH = 0.005


def basic(name: str) -> str:
    return "Basic " + b64encode(f"{name}:open sesame".encode()).decode()


class Client:
    """Sends requests of any account, each on a connection of its own."""

    def __init__(self, base_url: str) -> None:
        self._address = urlsplit(base_url)

    def send(self, method: str, path: str, body: str | None = None, **fields: str) -> bytes:
        with closing(http.client.HTTPConnection(self._address.hostname, self._address.port, timeout=60)) as connection:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in fields.items()})
            response = connection.getresponse()
            answer = response.read()
            assert response.status == 200, answer
            return answer

    def launch(self, account: str, names: list[str], **members: object) -> None:
        message = {"scenarioId": "S", "destinations": [{"to": "41793026727", "messageId": name} for name in names]}
        fields = {"authorization": basic(account), "content_type": "application/json"}
        self.send("POST", "/voice/ivr/1/messages", json.dumps({"messages": [{**message, **members}]}), **fields)

    def fetch(self, account: str, limit: int = 1000) -> list[str]:
        answer = self.send("GET", f"/tts/3/reports?limit={limit}", authorization=basic(account))
        return [report["messageId"] for report in json.loads(answer)["results"]]


@contextmanager
def mock_process(*options: str) -> Iterator[tuple[str, int]]:
    """Run a mock that keeps pushes in order; return its URL and its process id.

    Otherwise a receiver that a loaded machine makes slow is not waited for, and order is lost.
    """
    patience = "from infobip_voice_mock import lanes; lanes.SECONDS_OF_PRECEDENCE = 60"
    main = (
        "import sys; from infobip_voice_cli import main; main(['mock', '--port', '0', '--open-tenants', *sys.argv[1:]])"
    )
    command = [sys.executable, "-c", f"{patience}; {main}", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())["base_url"], process.pid
        finally:
            process.terminate()


def cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_all_pushes_that_fall_due_at_once_arrive():
    """At the first attempt, in the order of their launch, while requests are answered."""
    names = [f"m-{number}" for number in range(PUSHES)]
    receiver = Receiver()
    with mock_process("--clock", "manual") as (base_url, pid):
        client = Client(base_url)
        mock = VoiceMock(base_url, "Aladdin")
        clock = VoiceClock(mock)
        client.launch("Aladdin", ["first"], notifyUrl=receiver.url)
        clock.advance(minutes=1)  # the first push loads what pushes need
        for begin in range(0, PUSHES, 1000):
            client.launch("Aladdin", names[begin : begin + 1000], notifyUrl=receiver.url)
        before = cpu(pid)
        with ThreadPoolExecutor() as pool:
            move = pool.submit(clock.advance, minutes=1)
            silences = [0.0]
            while not wait([move], timeout=0.05).done:
                begun = time.perf_counter()
                client.send("GET", "/_mock/health")
                silences.append(time.perf_counter() - begun)
            move.result()
        cost = (cpu(pid) - before) / PUSHES
        assert [json.loads(push.body)["results"][0]["messageId"] for push in receiver.received] == ["first", *names]
        listed = mock.control("GET", "pushes?limit=1000")
        assert {(push["state"], len(push["attempts"])) for push in listed} == {("delivered", 1)}
    receiver.close()
    print(f"{PUSHES:,} pushes: {cost * 1000:.1f} ms CPU each, longest silence {max(silences):.2f} s")
    if SOAK:
        assert cost <= MAX_CPU_OF_A_PUSH
        assert max(silences) <= MAX_SECONDS_OF_SILENCE


def test_a_crowd_of_accounts_beside_a_busy_one():
    """Half of them have no place, so the idle go; of the busy account not a report is lost."""
    with mock_process("--max-accounts", str(ACCOUNTS // 2)) as (base_url, pid):
        client = Client(base_url)
        launched, fetched = [], []
        for number in range(ACCOUNTS):
            names = [f"busy-{number}-{n}" for n in range(10)]
            client.launch("busy", names)
            launched += names
            client.launch(f"guest-{number}", [f"g-{number}"])
            assert client.fetch(f"guest-{number}") == [f"g-{number}"]
            if number % 3 == 0:
                fetched += client.fetch("busy", 7)
        while some := client.fetch("busy"):
            fetched += some
        assert fetched == launched
        megabytes = int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024
        print(f"{ACCOUNTS:,} accounts beside a busy one: {megabytes:.0f} MB")


def test_a_restart_in_the_middle(tmp_path):
    """Each report comes once, fetched or pushed, before the restart or after it."""
    names = [f"m-{number}" for number in range(MESSAGES)]
    pushed = [f"p-{number}" for number in range(MESSAGES)]
    options = ("--clock", "manual", "--state", str(tmp_path / "state.json"))
    receiver = Receiver()
    receiver.answers = [500] * (MESSAGES // 2)  # the first half is pushed again, after the restart
    with mock_process(*options) as (base_url, _):
        client = Client(base_url)
        mock = VoiceMock(base_url, "Aladdin")
        clock = VoiceClock(mock)
        client.launch("Aladdin", names, sendingSpeed={"speed": MESSAGES // 50, "timeUnit": "second"})
        client.launch("Aladdin", pushed, notifyUrl=receiver.url)
        clock.advance(seconds=30)  # the calls begin within 50 s and last 10 s
        fetched = client.fetch("Aladdin", MESSAGES // 4)
        before = clock.now
    assert len(receiver.received) == MESSAGES
    with mock_process(*options) as (base_url, _):
        client = Client(base_url)
        mock = VoiceMock(base_url, "Aladdin")
        clock = VoiceClock(mock)
        assert clock.now == before
        clock.run_until_idle()
        while some := client.fetch("Aladdin"):
            fetched += some
        pushes = [push for page in (mock.control("GET", "pushes?limit=1000"),) for push in page]
    receiver.close()
    assert fetched == names
    arrived = [json.loads(push.body)["results"][0]["messageId"] for push in receiver.received]
    assert arrived == [*pushed, *pushed[: MESSAGES // 2]]
    assert {push["state"] for push in pushes} == {"delivered"}
