"""A drainer that a test kills. It prints each report at once, before it asks for the next."""

import os
import sys
from pathlib import Path

from infobip_voice import VoiceClient

if __name__ == "__main__":
    url, spool, notes = sys.argv[1:]
    with Path(notes).open("ab", buffering=0) as file, VoiceClient(base_url=url, username="u", password="p") as voice:
        for report in voice.reports.drain(spool, limit=50):
            os.write(file.fileno(), f"{report.message_id}\n".encode())
