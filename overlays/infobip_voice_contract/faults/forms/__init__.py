"""Faults of the form of an answer."""

from typing import Final

from infobip_voice_contract.faults.forms.headers import HEADERS
from infobip_voice_contract.faults.forms.negotiation import NEGOTIATION

__all__ = ["FORMS"]

FORMS: Final = (*NEGOTIATION, *HEADERS)
