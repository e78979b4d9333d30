"""Faults of a server that refuses what is valid."""

from typing import Final

from infobip_voice_contract.faults.strict.clamps import CLAMPS
from infobip_voice_contract.faults.strict.clicks import CLICKS
from infobip_voice_contract.faults.strict.refusals import REFUSALS

__all__ = ["STRICT"]

STRICT: Final = (*CLAMPS, *REFUSALS, *CLICKS)
