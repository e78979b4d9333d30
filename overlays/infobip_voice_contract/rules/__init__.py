"""The rules of the contract, as one table."""

from typing import Final

from infobip_voice_contract.rules.authentication import AUTHENTICATION
from infobip_voice_contract.rules.clamps import CLAMP
from infobip_voice_contract.rules.click_to_call import CTC
from infobip_voice_contract.rules.documents import JSON, XML
from infobip_voice_contract.rules.filters import FILTER
from infobip_voice_contract.rules.ids import IDS
from infobip_voice_contract.rules.negotiation import HEADERS, NEGOTIATION
from infobip_voice_contract.rules.once import ONCE
from infobip_voice_contract.rules.pushes import PUSH
from infobip_voice_contract.rules.redials import REDIALS
from infobip_voice_contract.rules.rule import Rule
from infobip_voice_contract.rules.statuses import METHOD, SIZE, STATUS
from infobip_voice_contract.rules.times import SCHEDULE
from infobip_voice_contract.rules.together import CONCURRENCY
from infobip_voice_contract.rules.validation import VALIDATION
from infobip_voice_contract.rules.values import VALUES

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = (
    *AUTHENTICATION,
    *STATUS,
    *METHOD,
    *NEGOTIATION,
    *XML,
    *JSON,
    *VALIDATION,
    *CLAMP,
    *ONCE,
    *FILTER,
    *IDS,
    *VALUES,
    *SCHEDULE,
    *REDIALS,
    *PUSH,
    *CTC,
    *CONCURRENCY,
    *SIZE,
    *HEADERS,
)
