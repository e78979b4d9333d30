"""What has to be known first: is the server there, does it let us in, how late are reports."""

from email.utils import parsedate_to_datetime
from typing import Final

from infobip_voice_contract.driver import Driver
from infobip_voice_contract.exchange import Request
from infobip_voice_contract.journal import Facts
from infobip_voice_contract.judged import Judged, members, text
from infobip_voice_contract.stage import IVR, Stage

__all__ = ["Impossible", "preflight"]

_NAME: Final = "preflight"
_TRIES: Final = 5
_PAUSE: Final = 0.25
MAX_SKEW: Final = 5.0
_UNSEEN: Final = "no report of our own call appeared"


class Impossible(Exception):
    """The run cannot begin; the text says why and what to do."""


def preflight(driver: Driver, stage: Stage, facts: Facts, *, destructive: bool, report_within: float) -> None:
    """Find out what can be observed, and note what cannot.

    Two calls are launched one after the other, and their reports waited for: where reports come in
    batches, the second one waits for a whole batch. Only here a 5xx or a reset is tried again.

    Raises:
        Impossible: the server does not answer, or does not know the credentials.
    """
    first = _insistently(driver, stage.get(messageId=stage.id()) if destructive else stage.get(path="/nothing"))
    _note_skew(first, driver, facts)
    if not destructive:
        for need in ("launch", "read", "report", "complete"):
            facts.skipped[need] = ("not observable here", "it launches or consumes; give --destructive")
        return
    if first.status == 401:
        raise Impossible("the server does not accept the credentials (401)")
    if first.status != 200:
        facts.notes.append(f"a request for reports of a message that does not exist was answered {first.status}")
    delays: list[float] = []
    for _ in range(2):
        delay = _sentinel(driver, stage, facts, report_within)
        if delay is None:
            break
        delays.append(delay)
    if len(delays) == 2:
        facts.delay = driver.history.delay = max(delays)
    else:
        why = f"{_UNSEEN} within {report_within:g} s" if driver.history.calls else "no call was accepted"
        facts.skipped["report"] = facts.skipped["complete"] = ("inconclusive", why)


def _insistently(driver: Driver, request: Request) -> Judged:
    for _ in range(_TRIES):
        judged = driver.send(request, _NAME)
        if judged.exchange.answer is not None and judged.exchange.answer.status < 500:
            if judged.exchange.answer.status == 429:
                break  # every wait that it asked for is over
            return judged
        if judged.exchange.failure.startswith("no connection"):
            break
        driver.clock.sleep(_PAUSE)
    answer = judged.exchange.answer  # pyright: ignore[reportPossiblyUnboundVariable]
    why = f"it answers {answer.status}" if answer is not None else judged.exchange.failure  # pyright: ignore[reportPossiblyUnboundVariable]
    raise Impossible(f"the server cannot be tested: {why}")


def _note_skew(judged: Judged, driver: Driver, facts: Facts) -> None:
    date = judged.answer.field("date") if judged.answer is not None else None
    if date is None:
        return
    try:
        skew = parsedate_to_datetime(date).timestamp() - driver.clock.now()
    except ValueError:
        return
    if abs(skew) > MAX_SKEW:
        facts.notes.append(
            f"the server's clock differs from this machine's by {skew:.0f} s; rules about time may be wrong"
        )


def _sentinel(driver: Driver, stage: Stage, facts: Facts, within: float) -> float | None:
    """Launch a call, wait for its report, and return how long that took; None if none appeared."""
    message_id, bulk = stage.id(), stage.id()
    launched = _insistently(driver, stage.post(stage.ivr(1, bulk=bulk, ids=[message_id]), IVR))
    entry = launched.entries[0] if launched.entries else {}
    accepted = bool(entry) and members(entry.get("status")).get("groupId") != 5
    if not accepted:
        facts.notes.append(f"the first launch was answered {launched.status}, and no call was accepted")
        return None
    known_as = text(entry.get("messageId")) or message_id
    begun, pause = launched.exchange.ended, 0.02
    while True:
        asked = driver.clock.now()
        # By either filter: a server may be wrong about one, and all the rest can still be judged.
        for request in (stage.get(messageId=known_as), stage.get(bulkId=bulk)):
            judged = driver.send(request, _NAME)
            if any(text(report.get("messageId")) == known_as for report in judged.reports):
                return max(asked - begun, 0.0)
        if driver.clock.now() - begun > within:
            return None
        driver.clock.sleep(pause)
        pause = min(pause * 1.5, 1.0)
