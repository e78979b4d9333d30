"""Install other people's clients, each into an environment of its own below `build/peers`.

    python benchmarks/peers.py

One that cannot be installed is left out, and the benchmarks say so.
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "build" / "peers"
PACKAGES = {
    "vendor": "infobip-api-python-client==6.0.0",
    "stripe": "stripe==16.1.0",
    "openai": "openai==3.57.0",
    "twilio": "twilio==9.13.0",
}


def python(name: str) -> str | None:
    """Return the interpreter of a peer, or None if it is not installed."""
    path = FOLDER / name / "bin" / "python"
    return str(path) if (FOLDER / name / ".installed").exists() else None


def main() -> None:
    for name, package in PACKAGES.items():
        home = FOLDER / name
        if python(name) is not None and (home / ".installed").read_text() == package:
            continue
        commands = (
            ["uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(home)],
            ["uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", str(home / "bin/python"), package],
        )
        if all(subprocess.run(command, check=False).returncode == 0 for command in commands):
            (home / ".installed").write_text(package)
        else:
            print(f"{package} is not installed, and will be missing", file=sys.stderr)


if __name__ == "__main__":
    main()
