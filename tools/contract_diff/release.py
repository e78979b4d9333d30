"""What changes of the contract ask of the next release: version numbers and a changelog entry."""

import re
from collections.abc import Iterator, Sequence

from contract_diff.history import State
from infobip_voice_diff.changes import Change

__all__ = ["lower", "problems", "required"]


def required(version: str, changes: Sequence[Change]) -> str:
    """Return the lowest version that may follow. Below 1.0 a breaking change asks for 0.(n+1).0."""
    major, minor, patch = _parts(version)
    verdicts = {change.verdict for change in changes}
    if "breaking" in verdicts:
        return f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"
    if "additive" in verdicts and major:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}" if verdicts else version


def lower(version: str, needed: str) -> bool:
    """Say whether a version comes before another one."""
    return _parts(version) < _parts(needed)


def problems(before: State, after: State, changes: Sequence[Change]) -> Iterator[str]:
    """Yield a sentence for each thing that is missing before these changes can be published."""
    needed = required(before.version, changes)
    if lower(after.version, needed):
        yield f"`info.version` in openapi.yaml is {after.version}; these changes need {needed} or later."
    package = required(before.package, changes)
    if lower(after.package, package):
        reason = f"the client is generated anew, which needs {package} or later"
        yield f"`version` in pyproject.toml is {after.package}; {reason}."
    if not changes:
        return
    section = _entry(after.changelog, after.version)
    if not section.strip():
        yield f"CHANGELOG.md has no text under a heading `### Contract {after.version}`."
        return
    for name in dict.fromkeys(change.name for change in changes if change.verdict != "documentation"):
        if not _mentioned(name, section):
            yield f"CHANGELOG.md does not mention `{name}` under `### Contract {after.version}`."
    migration = section.partition("\n#### Migration\n")[2].partition("\n#")[0]
    for name in dict.fromkeys(change.name for change in changes if change.migration):
        if not _mentioned(name, migration):
            yield f"CHANGELOG.md does not say under `#### Migration` what to do about `{name}`."


def _mentioned(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _entry(changelog: str, version: str) -> str:
    """Return the text below the heading of this version of the contract."""
    heading = rf"^### Contract {re.escape(version)}$"
    found = re.search(heading + r"(.*?)(?=^#{2,3} |\Z)", changelog, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
