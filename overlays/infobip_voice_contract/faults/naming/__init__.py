"""Faults of ids and numbers."""

from typing import Final

from infobip_voice_contract.faults.naming.alike import ALIKE
from infobip_voice_contract.faults.naming.clicks import CLICKS
from infobip_voice_contract.faults.naming.launches import LAUNCHES
from infobip_voice_contract.faults.naming.reports import REPORTS

__all__ = ["NAMING"]

NAMING: Final = (*LAUNCHES, *ALIKE, *REPORTS, *CLICKS)
