"""The end of a run: fetch what is still waiting, to tell what is missing from what is late."""

from collections.abc import Callable, Iterator
from typing import Final

from infobip_voice_contract.driver import Driver
from infobip_voice_contract.exchange import Request
from infobip_voice_contract.history import Call
from infobip_voice_contract.journal import Facts
from infobip_voice_contract.stage import Stage

__all__ = ["settle"]

_NAME: Final = "settlement"
PAGE: Final = 1000
MAX_PAGES: Final = 100


def settle(driver: Driver, stage: Stage, facts: Facts) -> None:
    """Wait once, and fetch the reports of all calls that are due; note what stays behind."""
    history = driver.history
    if history.delay is not None and history.calls:
        driver.settle()
        if stage.may_read_all:
            _drain(driver, stage.get(limit=PAGE), lambda: stage.may_read_all)
        for request in list(_requests(stage, _due(driver))):
            _drain(driver, request, lambda: True)
    left = history.pending()
    if left:
        facts.notes.append(
            f"{len(left)} accepted calls are left behind, their reports not handed out: kit-{facts.run}-…"
        )


def _due(driver: Driver) -> list[Call]:
    now = driver.clock.now()
    return [call for call in driver.history.pending() if driver.history.is_due(call, now)]


def _requests(stage: Stage, calls: list[Call]) -> Iterator[Request]:
    bulks = dict.fromkeys(call.bulk_id for call in calls if call.bulk_id and len(call.bulk_id) <= 100)
    yield from (stage.get(bulkId=bulk, limit=PAGE) for bulk in bulks)
    for call in calls:
        if call.bulk_id not in bulks and 1 <= len(call.message_id) <= 100:
            yield stage.get(messageId=call.message_id)


def _drain(driver: Driver, request: Request, allowed: Callable[[], bool]) -> None:
    for _ in range(MAX_PAGES):
        if not allowed():
            return
        known = len(driver.history.handed)
        driver.send(request, _NAME)
        # A server may have a largest page of its own: only a page with nothing new is the last one.
        if len(driver.history.handed) == known:
            return
