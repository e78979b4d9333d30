"""A failure that a conversation showed, played again with fewer steps and fresh ids."""

from collections.abc import Callable, Sequence
from typing import Final

from infobip_voice_contract.conversations import Conversation, in_words, minimised, played
from infobip_voice_contract.driver import Driver
from infobip_voice_contract.history import History
from infobip_voice_contract.journal import Facts
from infobip_voice_contract.settlement import settle
from infobip_voice_contract.stage import Stage
from infobip_voice_contract.verdicts import Judgement, Replay, judge

__all__ = ["PREFIX", "replayed"]

PREFIX: Final = "conversation "
MAX_RULES: Final = 5

NewDriver = Callable[[History], Driver]
"""Makes a driver that reaches the same server and writes a history of its own."""


def replayed(
    judgements: list[Judgement], history: History, invented: Sequence[Conversation], stage: Stage, new_driver: NewDriver
) -> list[Judgement]:
    """Return the judgements, those that a conversation broke with what is left of it.

    A fault that strikes once does not strike again: the verdict stays, marked as not reproduced.
    """
    left = MAX_RULES
    found: list[Judgement] = []
    for judgement in judgements:
        index = _conversation(judgement, history)
        if index is None or left == 0:
            found.append(judgement)
            continue
        left -= 1
        found.append(judgement.with_replay(_replay(judgement, invented[index], history, stage, new_driver)))
    return found


def _conversation(judgement: Judgement, history: History) -> int | None:
    if not judgement.broken:
        return None
    first = judgement.findings[0].exchanges[0]
    script = next(judged.exchange.script for judged in history.exchanges if judged.number == first)
    return int(script.removeprefix(PREFIX)) - 1 if script.startswith(PREFIX) else None


def _replay(
    judgement: Judgement, conversation: Conversation, history: History, stage: Stage, new_driver: NewDriver
) -> Replay:
    shown: list[History] = []

    def breaks(shorter: Conversation) -> bool:
        again = History(history.contract, delay=history.delay, shared=history.shared)
        driver = new_driver(again)
        driver.play([("replay", played(shorter)(stage))])
        settle(driver, stage, Facts(run=stage.run))
        broken = judge(again, {}, rules=[judgement.rule])[0].broken > 0
        if broken:
            shown.append(again)
        return broken

    shortest = minimised(conversation, breaks)
    if shortest is None:
        return Replay((), None, reproduced=False)
    return Replay(tuple(map(in_words, shortest)), shown[-1], reproduced=True)
