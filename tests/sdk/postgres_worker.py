"""A drainer that a test kills. It writes each batch to a file of its own at once, before it asks
for the next.
"""

import os
import sys
from pathlib import Path

from infobip_voice import Budget, VoiceClient
from infobip_voice.errors import SpoolUnreachable

EX_TEMPFAIL = 75

if __name__ == "__main__":
    url, spool, notes = sys.argv[1:]
    budget = Budget(attempts=1000, seconds=300.0, first_wait=0.05, longest_wait=0.2)
    with (
        Path(notes).open("ab", buffering=0) as file,
        VoiceClient(base_url=url, username="u", password="p", budget=budget) as voice,
    ):
        try:
            for reports in voice.reports.drain(spool, limit=100).batches(50):
                os.write(file.fileno(), "".join(f"{report.message_id}\n" for report in reports).encode())
        except SpoolUnreachable:  # the database was away when it began: somebody has to start it again
            sys.exit(EX_TEMPFAIL)
