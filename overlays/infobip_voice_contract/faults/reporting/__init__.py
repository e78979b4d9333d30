"""Faults of what answers say."""

from typing import Final

from infobip_voice_contract.faults.reporting.measures import MEASURES
from infobip_voice_contract.faults.reporting.outcomes import OUTCOMES

__all__ = ["REPORTING"]

REPORTING: Final = (*OUTCOMES, *MEASURES)
