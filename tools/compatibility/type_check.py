"""Type-check the released SDK, and the tests of its public types, against other generated code."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from compatibility.released import extract

__all__ = ["type_check"]

PARTS: Final = ("overlays/infobip_voice", "overlays/infobip_voice_wire", "tests/typing")


def type_check(base: str, generated: Path) -> str:
    """Run mypy on the SDK at `base` with the generated code in a folder; return what it complains
    of.
    """
    with tempfile.TemporaryDirectory() as folder:
        extract(base, Path(folder), *PARTS)
        sdk = sorted(Path(folder, "overlays/infobip_voice").rglob("*.py"))
        command: list[str | Path] = [
            sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", f"{folder}/cache", *sdk,
            Path(folder, "tests/typing/public_api.py"),
        ]  # fmt: skip
        environment = {**os.environ, "MYPYPATH": os.pathsep.join((f"{folder}/overlays", str(generated)))}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return done.stdout.replace(f"{folder}/", "") + done.stderr if done.returncode else ""
