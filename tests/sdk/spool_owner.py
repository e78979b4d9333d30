"""A process that forks while its drain has a spool open, and is then killed.

Its child uses, closes and drops what it inherited, and ends like any Python program. Afterwards the
parent stores one more page and dies without a word.
"""

import gc
import json
import os
import signal
import sys

from infobip_voice import ConfigurationError, VoiceClient

if __name__ == "__main__":
    url, spool = sys.argv[1:]
    voice = VoiceClient(base_url=url, username="u", password="p")
    drain = voice.reports.drain(spool, limit=2, auto_ack=False)
    told = [next(drain).message_id, next(drain).message_id]
    if child := os.fork():
        _, status = os.waitpid(child, 0)
        told += [next(drain).message_id, os.waitstatus_to_exitcode(status)]
        print(json.dumps(told), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    refused = 0
    for attempt in (lambda: next(drain), lambda: iter(drain), lambda: drain.batches(2), lambda: drain.ack([])):
        try:
            attempt()
        except ConfigurationError:
            refused += 1
    drain.close()
    del drain, attempt
    gc.collect()
    sys.exit(refused)
