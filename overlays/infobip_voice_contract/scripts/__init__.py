"""The scripts, as one table, in the order in which they begin."""

from typing import Final

from infobip_voice_contract.scripts import accepted, bounds, calls, invalid, reading, refusals
from infobip_voice_contract.scripts.script import Script

__all__ = ["SCRIPTS"]

# Those that wait for long come first: all scripts share their waits.
SCRIPTS: Final[tuple[Script, ...]] = (
    *calls.SCRIPTS,
    *refusals.SCRIPTS,
    *invalid.SCRIPTS,
    *bounds.SCRIPTS,
    *accepted.SCRIPTS,
    *reading.SCRIPTS,
)
