"""Words that several modules here use."""

from collections.abc import Callable
from typing import Any

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.stage import Stage

__all__ = ["reading", "refused"]


def reading(accept: str | None, **options: Any) -> Callable[[Stage], Request]:
    return lambda stage: stage.get(bulkId=stage.id(), accept=accept, **options)


def refused(accept: str | None, **options: Any) -> Callable[[Stage], Request]:
    return lambda stage: stage.get(limit=0, accept=accept, **options)
