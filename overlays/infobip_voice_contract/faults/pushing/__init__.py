"""Faults of pushes."""

from typing import Final

from infobip_voice_contract.faults.pushing.contents import CONTENTS
from infobip_voice_contract.faults.pushing.deliveries import DELIVERIES

__all__ = ["PUSHING"]

PUSHING: Final = (*DELIVERIES, *CONTENTS)
