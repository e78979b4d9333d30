"""Type-check the last released SDK against the generated code of the work tree.

    python tools/compatibility.py [BASE]

People wrote their code against the types of the released SDK. A type error here, in that SDK or in
the tests of its public types, is an error in their code. BASE is by default the latest tag `v*`,
and before the first release the last commit.
"""

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PARTS: Final = ("overlays/infobip_voice", "overlays/infobip_voice_wire", "tests/typing")


def released() -> str:
    """Return the ref of the last release, or the last commit."""
    tags = _git("tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname").decode().split()
    return tags[0] if tags else "HEAD"


def check(base: str, generated: Path) -> int:
    """Run mypy on the SDK at `base` and print its output; return its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(_git("archive", base, "--", *PARTS))) as archive:
            archive.extractall(folder, filter="data")
        files = [
            *sorted(Path(folder, "overlays/infobip_voice").rglob("*.py")),
            Path(folder, "tests/typing/public_api.py"),
        ]
        command: list[str | Path] = [
            sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", f"{folder}/cache", *files,
        ]  # fmt: skip
        environment = {**os.environ, "MYPYPATH": os.pathsep.join((f"{folder}/overlays", str(generated)))}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    print(done.stdout.replace(f"{folder}/", ""), end=done.stderr)
    return done.returncode


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S607


def main(base: str) -> int:
    """Check against the generated code of the work tree."""
    base = base or released()
    print(f"The SDK of {base} against generated/ of the work tree:")
    return check(base, ROOT / "generated")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
