"""Faults of how documents are written."""

from typing import Final

from infobip_voice_contract.faults.documents.json import JSON
from infobip_voice_contract.faults.documents.reading import READING
from infobip_voice_contract.faults.documents.xml import XML

__all__ = ["DOCUMENTS"]

DOCUMENTS: Final = (*JSON, *XML, *READING)
