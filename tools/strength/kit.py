"""Runs the contract kit against a server with deviations, and says what it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.faults.fault import Deviation
from infobip_voice_contract.journal import Journal
from infobip_voice_contract.run import Result, run
from infobip_voice_contract.safety import Numbers
from infobip_voice_contract.settings import EXTENTS, Extent, Profile, Settings
from strength.server import CREDENTIALS, Server

__all__ = ["Said", "kit", "result"]


@dataclass(frozen=True)
class _Settings(Settings):
    """Settings whose random parts are as large as somebody says."""

    random: bool = True

    @property
    def extent(self) -> Extent:
        return EXTENTS[self.profile] if self.random else Extent(0, 0)


class Said(NamedTuple):
    """What a run said.

    Attributes:
        fails: The rules that fail.
        warns: The rules that warn.
        open: The rules that are inconclusive.
        complaint: Why nothing could be judged; empty if something could.
        requests: How many requests it sent.
    """

    fails: tuple[str, ...]
    warns: tuple[str, ...]
    open: tuple[str, ...]
    complaint: str
    requests: int

    @property
    def broken(self) -> tuple[str, ...]:
        """The rules that are broken, whatever that is worth."""
        return (*self.fails, *self.warns)


_ABILITIES: Final = "mock"


def result(
    deviations: Iterable[Deviation], edition: Edition = "seeds", *, profile: Profile = "quick", random: bool = False, seed: int = 0
) -> Result:
    """Return what a run of the kit gave, in this process and on the server's own clock."""
    with Server(deviations, edition) as server:
        settings = _Settings(
            edition=edition, profile=profile, destructive=True, seed=seed, placeholders=CREDENTIALS.placeholders,
            random=random,
        )  # fmt: skip
        inbox: Any = server.inbox
        numbers = Numbers.of(_ABILITIES)
        return run(settings, server.transport, numbers, server, Journal(), sink=inbox, run_id=f"s{seed}")


def kit(
    deviations: Iterable[Deviation], edition: Edition = "seeds", *, profile: Profile = "quick", random: bool = False, seed: int = 0
) -> Said:
    """Return what a run of the kit says about a server."""
    gave = result(deviations, edition, profile=profile, random=random, seed=seed)

    def rules(*verdicts: str) -> tuple[str, ...]:
        return tuple(each.rule.id for each in gave.judgements if each.verdict in verdicts)

    return Said(rules("fail"), rules("warn"), rules("inconclusive"), gave.complaint, len(gave.history.exchanges))
