"""A script: a directed conversation, deterministic but for its ids."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from infobip_voice_contract.contract import EDITIONS, Edition
from infobip_voice_contract.driver import Flow
from infobip_voice_contract.exchange import Request
from infobip_voice_contract.rules.rule import Need
from infobip_voice_contract.stage import Stage

__all__ = ["Script", "sends"]


@dataclass(frozen=True, slots=True)
class Script:
    """One conversation.

    Attributes:
        name: What it shows, in a few words.
        flow: Plays it on a stage.
        needs: What has to be possible; as for a rule.
        editions: The editions for which it is meant.
        ready: Whether it can be played on a stage.
    """

    name: str
    flow: Callable[[Stage], Flow]
    needs: tuple[Need, ...] = ()
    editions: Collection[Edition] = EDITIONS
    ready: Callable[[Stage], bool] = lambda _: True


def sends(requests: Callable[[Stage], Iterable[Request]]) -> Callable[[Stage], Flow]:
    """Return the flow that sends requests one by one, whatever comes back."""

    def flow(stage: Stage) -> Flow:
        yield from requests(stage)

    return flow
