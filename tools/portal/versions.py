"""Copies of every version of the contract that stay as they are.

A version is one archive of all files for programs. That of a released contract lies in
`docs/versions/`, committed with the tag `contract-X.Y.Z`, and is published byte for byte: derived
files would change with the program that derives them.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from contract_diff.history import ROOT, git
from portal.pages import DOCS, Site

__all__ = ["Version", "hash_line", "released", "write"]

FOLDER: Final = DOCS / "versions"
CONTRACT: Final = "openapi.yaml"


class Version(NamedTuple):
    """A contract, when it was last edited or released, and whether it is the present one."""

    contract: str
    date: str
    present: bool

    @property
    def name(self) -> str:
        """Return the path of its copies in the portal."""
        return f"versions/{self.date}-{self.contract}" if self.date else f"versions/{self.contract}"


def write(site: Site, files: Mapping[str, str]) -> list[Version]:
    """Write every version, and the files as the latest; return the versions, the latest first.

    Raises:
        SystemExit: A released version would change, or was tagged without its archive.
    """
    archives = dict(released(FOLDER))
    lost = list(_lost(archives))
    if lost:
        raise SystemExit("\n".join(lost))
    now = site.state.version
    date = git("log", "-1", "--format=%cs", "--", CONTRACT).strip()
    known = archives.get(now)
    if known is not None and zipfile.ZipFile(known).read(CONTRACT) != files[CONTRACT].encode():
        raise SystemExit(f"Contract {now} is released in {known.name}, and openapi.yaml differs: raise `info.version`.")
    _write_archive(site, "latest", archive(files))
    found: list[Version] = []
    if known is None:
        found.append(Version(now, date, True))
        _publish(site, found[0].name, archive(files))
    for version, path in archives.items():
        each = Version(version, path.stem.removesuffix(f"-{version}"), version == now)
        _publish(site, each.name, path.read_bytes())
        found.append(each)
    return sorted(found, key=lambda each: tuple(map(int, each.contract.split("."))), reverse=True)


def released(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield each version whose archive is committed: `YYYY-MM-DD-X.Y.Z.zip`."""
    for path in sorted(folder.glob("*.zip")):
        yield path.stem.split("-", 3)[3], path


def archive(files: Mapping[str, str]) -> bytes:
    """Return an archive of the files that says nothing about when and where it was made."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in sorted(files.items()):
            made.writestr(zipfile.ZipInfo(name), text.encode(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def hash_line(content: bytes, name: str) -> str:
    """Return the line that `sha256sum --check` reads."""
    return f"{hashlib.sha256(content).hexdigest()}  {Path(name).name}\n"


def _publish(site: Site, name: str, content: bytes) -> None:
    """Write an archive, its hash, and the files in it."""
    _write_archive(site, name, content)
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        for each in files.namelist():
            site.write_bytes(f"{name}/{each}", files.read(each))


def _write_archive(site: Site, name: str, content: bytes) -> None:
    site.write_bytes(f"{name}.zip", content)
    site.write(f"{name}.zip.sha256", hash_line(content, f"{name}.zip"))


def _lost(archives: Mapping[str, Path]) -> Iterator[str]:
    """Name each tagged contract whose archive is missing or is not that of the tag."""
    for tag in git("tag", "--list", "contract-*").split():
        path = archives.get(tag.removeprefix("contract-"))
        if path is None:
            yield f"The tag {tag} has no archive in docs/versions/: see `Release` in CONTRIBUTING.md."
            continue
        name = path.relative_to(ROOT).as_posix()
        if git("rev-parse", f"{tag}:{name}") != git("hash-object", name):
            yield f"{name} is not what the tag {tag} released: restore it."
