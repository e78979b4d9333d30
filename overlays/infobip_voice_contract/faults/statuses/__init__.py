"""Faults of statuses."""

from typing import Final

from infobip_voice_contract.faults.statuses.answers import ANSWERS
from infobip_voice_contract.faults.statuses.methods import METHODS
from infobip_voice_contract.faults.statuses.sizes import SIZES

__all__ = ["STATUSES"]

STATUSES: Final = (*ANSWERS, *METHODS, *SIZES)
