"""The last release: its commit, its files, and what its wheel holds."""

import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Final

__all__ = ["BUILT_FROM", "ROOT", "extract", "git", "released", "unpacked_wheel"]

ROOT: Final = Path(__file__).resolve().parents[2]
BUILT_FROM: Final = ("openapi.yaml", "generator-config.yml", "pyproject.toml", "generated", "overlays", "tools")


def released() -> str:
    """Return the ref of the last release, or the last commit if there is none."""
    tags = git("tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname").decode().split()
    return tags[0] if tags else "HEAD"


def extract(base: str, folder: Path, *paths: str) -> None:
    """Write the files of a commit into a folder; by default all of them."""
    with tarfile.open(fileobj=io.BytesIO(git("archive", base, "--", *paths))) as archive:
        archive.extractall(folder, filter="data")


def unpacked_wheel(source: Path, folder: Path, isolated: bool = True) -> Path:
    """Build the wheel of a source tree, and unpack it into a folder.

    Args:
        source: The source tree.
        folder: Where to put the wheel, and what is in it.
        isolated: Whether to build with the tools that the tree pins, and not with those at hand.

    Raises:
        SystemExit: It cannot be built.
    """
    command: list[str | Path] = [Path(sys.executable).with_name("uv"), "build", "--quiet", "--wheel"]
    command += [*([] if isolated else ["--no-build-isolation"]), "--out-dir", folder / "dist", source]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"The wheel of {source} cannot be built:\n{done.stdout}{done.stderr}")
    [wheel] = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "packages")  # noqa: S202 - built above
    return folder / "packages"


def git(*arguments: str) -> bytes:
    """Return what git prints.

    Raises:
        CalledProcessError: git failed, as it does for a ref that does not exist.
    """
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S607
