"""`kill -9` of a receiver, again and again, while the mock pushes and pushes again on its schedule.

    make soak

does it for long, with 20,000 pushes and 100 kills.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from typing import Any

from cli.test_receive import SECRET, receiving
from infobip_voice import VoiceClient
from infobip_voice_mock.running import VoiceClock, VoiceMock
from mock.test_endurance import Client, mock_process
from postgres import Postgres, running
from sdk.clients import settings
from sdk.lossy_server import lossy_server

PUSHES = int(os.environ.get("SOAK_RECEIVED", "200"))
KILLS = int(os.environ.get("SOAK_RECEIVER_KILLS", "2"))


class Receiver:
    """A receiver that is started again, at the same address, when it is killed."""

    def __init__(self, url: str) -> None:
        self._url, self._port = url, 0
        self._start()

    def _start(self) -> None:
        self._running = receiving(self._url, self._port)
        self.address, self._process = self._running.__enter__()
        self._port = int(self.address.rpartition(":")[2])

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._running.__exit__(None, None, None)
        self._start()

    def close(self) -> None:
        self._running.__exit__(None, None, None)


def test_no_push_is_lost_and_none_is_delivered_twice() -> None:
    """Whether a kill came before the report was stored, or between that and the 200."""
    dice = random.Random(os.environ.get("KILL_SEED", "1"))
    share = PUSHES // KILLS
    with (
        running(*(() if KILLS > 20 else ("fsync=off",))) as database,
        mock_process("--clock", "manual") as (base_url, _),
    ):
        url = database.url()
        receiver = Receiver(url)
        mock = VoiceMock(base_url, "Aladdin")
        clock = VoiceClock(mock)
        client = Client(base_url)
        notify = f"{receiver.address}/reports/{SECRET}"
        for kill in range(KILLS):
            names = [f"push-{kill}-{number}" for number in range(share)]
            client.launch("Aladdin", names, notifyUrl=notify)
            enough = stored(database, url) + dice.randrange(share)
            mover = threading.Thread(target=lambda: clock.advance(minutes=1))
            mover.start()
            while mover.is_alive() and stored(database, url) < enough:
                time.sleep(0.002)
            receiver.kill()
            mover.join()
        rounds = 0
        while listed(mock, "pending"):
            clock.advance(minutes=1)
            rounds += 1
            assert rounds < 300, "the platform would have given up"
        assert listed(mock, "exhausted") == []
        attempts = Counter(len(push["attempts"]) for push in listed(mock, "delivered"))
        receiver.close()
        with lossy_server() as server, VoiceClient(**settings(server.url)) as voice, voice.reports.drain(url) as drain:
            delivered = Counter(str(report.message_id) for report in drain)
            assert drain.unreadable == ()
    repeated = sum(count * (number - 1) for number, count in attempts.items())
    print(f"\n{share * KILLS} pushes, {KILLS} kills, {repeated} pushed again, {len(delivered)} delivered")
    assert repeated
    assert delivered == Counter(f"push-{kill}-{number}" for kill in range(KILLS) for number in range(share))


def stored(database: Postgres, url: str) -> int:
    """Return how many pushes are in the database."""
    schema = url.partition("search_path%3D")[2]
    with database.session(options=f"-csearch_path={schema}") as session:
        count: int = session.execute("SELECT count(*) FROM infobip_voice_push").fetchone()[0]
        return count


def listed(mock: VoiceMock, state: str) -> list[Any]:
    found: list[Any] = []
    while True:
        before = f"&before={found[-1]['id']}" if found else ""
        page = mock.control("GET", f"pushes?limit=1000&state={state}{before}")
        found += page
        if len(page) < 1000:
            return found
