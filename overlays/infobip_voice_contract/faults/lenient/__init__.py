"""Faults of a server that accepts what is invalid."""

from typing import Final

from infobip_voice_contract.faults.lenient.bounds import BOUNDS
from infobip_voice_contract.faults.lenient.kinds import KINDS
from infobip_voice_contract.faults.lenient.malformed import MALFORMED
from infobip_voice_contract.faults.lenient.members import MEMBERS
from infobip_voice_contract.faults.lenient.queries import QUERIES
from infobip_voice_contract.faults.lenient.telephones import TELEPHONES
from infobip_voice_contract.faults.lenient.texts import TEXTS

__all__ = ["LENIENT"]

LENIENT: Final = (*MALFORMED, *KINDS, *TELEPHONES, *TEXTS, *BOUNDS, *MEMBERS, *QUERIES)
