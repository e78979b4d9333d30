"""Say what the work tree does to code that people wrote against the last release.

    python -m compatibility [BASE]

mypy checks the released SDK, and the tests of its public types, against the generated code of the
work tree. Then the signatures of both versions are compared, as their wheels have them. BASE is by
default the latest tag `v*`, and before the first release the last commit. Exit 1 if code can break
and `version` in pyproject.toml does not say so.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from compatibility.released import BUILT_FROM, ROOT, extract, git, released, unpacked_wheel
from compatibility.signatures import Difference, differences
from compatibility.type_check import type_check
from contract_diff.history import committed, present
from contract_diff.release import lower, required
from infobip_voice_diff.changes import Change

SURFACE = Path(__file__).with_name("surface.py")
BROKEN = Change("breaking", "", "", "", "")


def surface(packages: Path) -> dict[str, Any]:
    """Return the names and signatures of the packages in a folder."""
    program = "import runpy, sys; sys.path.insert(0, sys.argv[1]); runpy.run_path(sys.argv[2], run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", program, packages, SURFACE], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compared(base: str) -> list[Difference]:
    """Return the differences between the wheels of a commit and of the work tree."""
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder, "old"), Path(folder, "new")
        extract(base, old / "source")
        before = surface(unpacked_wheel(old / "source", old))
        after = surface(unpacked_wheel(ROOT, new, isolated=False))
    return sorted(differences(before, after), key=lambda each: (not each.breaking, each.name))


def main(base: str) -> int:
    """Print what was found; return the exit code."""
    base = base or released()
    print(f"The SDK of {base} against generated/ of the work tree:")
    complaints = type_check(base, ROOT / "generated")
    print(complaints or "mypy finds nothing.\n", end="")
    if not git("status", "--porcelain", "--", *BUILT_FROM) and not git("diff", "--name-only", base, "--", *BUILT_FROM):
        print(f"Nothing that a wheel is built from differs from {base}.")
        return 1 if complaints else 0
    print(f"\nSignatures, in the wheels of {base} and of the work tree:")
    found = compared(base)
    for each in found:
        print(f"- {'✘' if each.breaking else ' '} {each.name}: {each.what}")
    broken = bool(complaints) or any(each.breaking for each in found)
    was, now = committed(base), present()
    needed = required(was.package, [BROKEN]) if was is not None and broken else now.package
    if broken and lower(now.package, needed):
        print(
            f"\nCode that uses {base} can break: `version` in pyproject.toml is {now.package}, and has to be {needed}."
        )
        return 1
    print("\nNothing breaks." if not broken else f"\nCode can break, and the version {now.package} says so.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
