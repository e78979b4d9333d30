"""One drainer that is going to be killed: it notes every report it was given, unbuffered, before it lets go of it."""

import os
import sys
from pathlib import Path

from infobip_voice import VoiceClient

if __name__ == "__main__":
    url, spool, notes = sys.argv[1:]
    with Path(notes).open("ab", buffering=0) as file, VoiceClient(base_url=url, username="u", password="p") as voice:
        for report in voice.reports.drain(spool, limit=50):
            os.write(file.fileno(), f"{report.message_id}\n".encode())
