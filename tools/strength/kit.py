"""Runs the contract kit against a server with deviations, and says what it says."""

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from unittest.mock import patch

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.faults.fault import Deviation
from infobip_voice_contract.journal import Journal
from infobip_voice_contract.run import Result, run
from infobip_voice_contract.safety import Numbers
from infobip_voice_contract.scripts import SCRIPTS
from infobip_voice_contract.scripts.script import Script
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
# By its name: the package has a function of that name, too.
run_module: Final = importlib.import_module("infobip_voice_contract.run")


def result(
    deviations: Iterable[Deviation],
    edition: Edition = "seeds",
    *,
    profile: Profile = "quick",
    random: bool = False,
    seed: int = 0,
    scripts: Sequence[Script] = SCRIPTS,
) -> Result:
    """Return what a run of the kit gave, in this process and on the server's own clock.

    Args:
        deviations: What is wrong with the server, or other.
        edition: The edition that it speaks.
        profile: The profile of the run.
        random: Whether conversations and generated requests are played.
        seed: Their seed.
        scripts: The scripts that are played.
    """
    with Server(deviations, edition) as server, patch.object(run_module, "SCRIPTS", scripts):
        settings = _Settings(
            edition=edition, profile=profile, destructive=True, seed=seed, placeholders=CREDENTIALS.placeholders,
            random=random,
        )  # fmt: skip
        inbox: Any = server.inbox
        numbers = Numbers.of(_ABILITIES)
        return run(settings, server.transport, numbers, server, Journal(), sink=inbox, run_id=f"s{seed}")


def kit(deviations: Iterable[Deviation], edition: Edition = "seeds", **options: Any) -> Said:
    """Return what a run of the kit says about a server; the options are those of `result`."""
    gave = result(deviations, edition, **options)

    def rules(*verdicts: str) -> tuple[str, ...]:
        return tuple(each.rule.id for each in gave.judgements if each.verdict in verdicts)

    return Said(rules("fail"), rules("warn"), rules("inconclusive"), gave.complaint, len(gave.history.exchanges))
