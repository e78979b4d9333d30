"""Faults of handing reports out."""

from typing import Final

from infobip_voice_contract.faults.handing.filters import FILTERS
from infobip_voice_contract.faults.handing.limits import LIMITS
from infobip_voice_contract.faults.handing.once import ONCE
from infobip_voice_contract.faults.handing.refusals import REFUSALS
from infobip_voice_contract.faults.handing.together import TOGETHER

__all__ = ["HANDING"]

HANDING: Final = (*ONCE, *REFUSALS, *FILTERS, *LIMITS, *TOGETHER)
