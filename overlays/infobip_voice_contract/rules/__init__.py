"""The rules of the contract, as one table."""

from typing import Final

from infobip_voice_contract.rules import calls, forms, reading, refusals, validation
from infobip_voice_contract.rules.rule import Rule

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = (
    *refusals.AUTHENTICATION,
    *refusals.STATUS,
    *refusals.METHOD,
    *forms.NEGOTIATION,
    *forms.XML,
    *forms.JSON,
    *validation.VALIDATION,
    *validation.CLAMP,
    *reading.ONCE,
    *reading.FILTER,
    *calls.IDS,
    *calls.VALUES,
    *calls.SCHEDULE,
    *calls.PUSH,
    *calls.CTC,
    *reading.CONCURRENCY,
    *refusals.SIZE,
    *forms.HEADERS,
)
