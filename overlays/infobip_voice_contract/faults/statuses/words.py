"""Words that several modules here use."""

from functools import partial

from infobip_voice_contract.faults.fault import Fault

__all__ = ["fault"]

fault = partial(Fault, group="status")
