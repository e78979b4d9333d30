"""Compare two contracts in a process of its own, which can be stopped if that takes too long.

    python -m infobip_voice_diff BEFORE AFTER

Both are files of JSON. The result is one line of JSON: a list of changes, the gravest first.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from infobip_voice_diff.documents import classify

if __name__ == "__main__":
    before, after = (json.loads(Path(name).read_bytes()) for name in sys.argv[1:])
    try:
        changes = classify(before, after)
    except Exception as error:  # a document that is no valid OpenAPI can fail anywhere
        sys.exit(f"{type(error).__name__}: {error}")
    sys.stdout.write(json.dumps([asdict(change) for change in changes]) + "\n")
