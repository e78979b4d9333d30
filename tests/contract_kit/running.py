"""Runs of the kit against applications in this process."""

from collections.abc import Callable
from typing import Any

from infobip_voice_contract.asgi import AsgiTransport
from infobip_voice_contract.clock import Clock, SystemClock
from infobip_voice_contract.credentials import Credentials
from infobip_voice_contract.exchange import Transport
from infobip_voice_contract.journal import Journal
from infobip_voice_contract.run import Result, run
from infobip_voice_contract.safety import Numbers
from infobip_voice_contract.settings import Extent, Settings

CREDENTIALS = Credentials(("Aladdin", "open sesame"))


class Scripted(Settings):
    """Settings without generated requests, which take most of the time and need no server."""

    @property
    def extent(self) -> Extent:
        return Extent(12, 0)


class FakeClock:
    """A clock that stands still but for what sleeps on it."""

    def __init__(self) -> None:
        self.moment = 1_772_366_400.0  # 2026-03-01T12:00:00Z

    def now(self) -> float:
        self.moment += 0.000_1  # so that two moments differ
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += max(seconds, 0)


def tried(
    app: Any,
    *,
    clock: Clock | None = None,
    numbers: str | None = None,
    wrapped: Callable[[Transport], Transport] = lambda transport: transport,
    **settings: Any,
) -> Result:
    """Run the kit's scripts and conversations against an application."""
    transport = AsgiTransport(app, CREDENTIALS)
    try:
        whole = Scripted(**{"destructive": True, "placeholders": CREDENTIALS.placeholders, **settings})
        return run(whole, wrapped(transport), Numbers.of(numbers), clock or SystemClock(), Journal())
    finally:
        transport.close()


def broken(result: Result) -> dict[str, str]:
    """Return the rules that are broken, with their verdicts."""
    return {each.rule.id: each.verdict for each in result.judgements if each.broken}
