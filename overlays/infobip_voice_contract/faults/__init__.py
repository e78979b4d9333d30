"""Faults that a server may have, each with a witness: how strong is a suite, ours or yours?"""

from typing import Final

from infobip_voice_contract.faults.authentication import AUTHENTICATION
from infobip_voice_contract.faults.documents import DOCUMENTS
from infobip_voice_contract.faults.fault import Fault
from infobip_voice_contract.faults.forms import FORMS
from infobip_voice_contract.faults.handing import HANDING
from infobip_voice_contract.faults.lenient import LENIENT
from infobip_voice_contract.faults.naming import NAMING
from infobip_voice_contract.faults.pushing import PUSHING
from infobip_voice_contract.faults.reporting import REPORTING
from infobip_voice_contract.faults.statuses import STATUSES
from infobip_voice_contract.faults.strict import STRICT
from infobip_voice_contract.faults.timing import TIMING

__all__ = ["FAULTS"]

FAULTS: Final[tuple[Fault, ...]] = (
    *AUTHENTICATION,
    *STATUSES,
    *FORMS,
    *DOCUMENTS,
    *LENIENT,
    *STRICT,
    *HANDING,
    *NAMING,
    *REPORTING,
    *TIMING,
    *PUSHING,
)
