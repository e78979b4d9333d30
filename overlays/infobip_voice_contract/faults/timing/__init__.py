"""Faults of when calls are made."""

from typing import Final

from infobip_voice_contract.faults.timing.starts import STARTS
from infobip_voice_contract.faults.timing.unanswered import UNANSWERED
from infobip_voice_contract.faults.timing.windows import WINDOWS

__all__ = ["TIMING"]

TIMING: Final = (*STARTS, *UNANSWERED, *WINDOWS)
