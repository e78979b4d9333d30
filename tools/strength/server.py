"""The server that faults are mounted on: the mock in this process, on a clock that we move."""

import itertools
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.credentials import Credentials
from infobip_voice_contract.driver import Push
from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.fault import Deviation
from infobip_voice_contract.faults.mount import Mount
from infobip_voice_contract.sink import REFUSING
from infobip_voice_mock import create_app
from infobip_voice_wire import timestamps
from strength.transport import DirectTransport

__all__ = ["CREDENTIALS", "Inbox", "Server"]

CREDENTIALS: Final = Credentials(("Aladdin", "open sesame"), api_key="a-key-of-the-account")
BEGINNING: Final = 1_772_379_000.0  # 2026-03-01T15:30:00Z: no window opens or shuts just then
STEP: Final = 5.0
_TICK: Final = 0.000_1  # so that two moments differ
_ADVANCE: Final = "/_mock/tenants/Aladdin/clock/advance"


class Inbox:
    """Receives pushes without a socket, and answers them as the kit's own receiver does."""

    url: Final = "http://127.0.0.1:9"

    def __init__(self) -> None:
        self.now = BEGINNING
        self._arrived: list[Push] = []
        self._refused: set[str] = set()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Keep a push, and return the status of its answer."""
        path = url.removeprefix(self.url)
        refused = path.startswith(REFUSING) and path not in self._refused
        self._refused.add(path)
        answer = Answer(503 if refused else 200)
        self._arrived.append(Push(self.now, Request("POST", path, tuple(headers.items()), body), answer))
        return answer.status

    def take(self) -> list[Push]:
        """Return what has arrived since."""
        arrived, self._arrived = self._arrived, []
        return arrived


class Server:
    """The mock with deviations. It is also the clock of whoever asks it.

    Time passes only while somebody sleeps: then everything that falls due happens, in order, and
    what is pushed has arrived.

    Args:
        deviations: Faults, or what a server may do; the first one is the outermost.
        edition: The edition that the mock speaks.
    """

    def __init__(self, deviations: Iterable[Deviation] = (), edition: Edition = "seeds") -> None:
        self._moment = BEGINNING
        self.inbox = Inbox()
        made = itertools.count(1)
        mount = Mount(deviations)
        bare = create_app(
            users={"Aladdin": "open sesame"}, api_keys={"a-key-of-the-account": "Aladdin"},
            clock="manual", edition=edition, now=lambda: datetime.fromtimestamp(BEGINNING, UTC),
            poster=mount.poster(self.inbox), new_id=lambda: f"made-{next(made):08}",
        )  # fmt: skip
        self.app: Any = mount.application(bare)
        self.transport = DirectTransport(self.app, CREDENTIALS)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.transport.close()

    def now(self) -> float:
        """Return the moment, in seconds since 1970."""
        self._moment += _TICK
        return self._moment

    def sleep(self, seconds: float) -> None:
        """Let time pass, in steps, so that it is known when a push arrived."""
        until = self._moment + max(seconds, 0)
        while True:
            self._moment = min(self._moment + STEP, until)
            self._advance()
            if self._moment >= until:
                return

    def _advance(self) -> None:
        self.inbox.now = self._moment
        to = timestamps.format_report_time(datetime.fromtimestamp(self._moment, UTC))
        body = json.dumps({"to": to}).encode()
        sent = self.transport.send(Request("POST", _ADVANCE, (("Content-Type", "application/json"),), body))
        if sent.answer is None or sent.answer.status != 200:
            raise RuntimeError(f"the clock of the mock does not move: {sent.answer and sent.answer.body!r}")
