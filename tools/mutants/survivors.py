"""The modules that are mutated, each with its tests, and the list of the mutants that no test kills."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]
LIST: Final = ROOT / "tests/mutants/survivors.toml"

MODULES: Final[dict[str, tuple[str, ...]]] = {
    "infobip_voice_wire.salvage": ("tests/wire/test_salvage.py",),
    "infobip_voice_wire.telephone": ("tests/wire/test_telephone.py",),
    "infobip_voice_wire._xml_reading": ("tests/wire/test_xml_reading.py", "tests/wire/test_xml_hostile.py"),
    "infobip_voice_mock.schedule": ("tests/mock/test_simulation.py",),
    "infobip_voice_mock.simulation": ("tests/mock/test_simulation.py", "tests/mock/test_reports.py"),
    "infobip_voice_mock.store": ("tests/mock/test_store.py", "tests/mock/test_reports.py"),
    "infobip_voice_mock.pushes": ("tests/mock/test_simulation.py",),
}
"""Each module with the tests that stand for it: that another module's tests would fail too counts for nothing."""


class Change(NamedTuple):
    """One mutant.

    Attributes:
        module: the dotted name.
        function: the function, as `Class.method` for a method.
        before: the changed lines as they are, without indentation.
        after: the same lines in the mutant.
    """

    module: str
    function: str
    before: str
    after: str


class Survivor(NamedTuple):
    """A mutant that no test kills, and why that is so.

    Attributes:
        change: the mutant.
        equivalent: whether no test could kill it, because the mutant does the same.
        reason: why it does the same, or why no test is worth it.
    """

    change: Change
    equivalent: bool
    reason: str


def survivors() -> list[Survivor]:
    """Return the list."""
    return [
        Survivor(Change(entry["module"], entry["function"], *change), entry["equivalent"], entry["reason"])
        for entry in tomllib.loads(LIST.read_text()).get("survivors", ())
        for change in entry["changes"]
    ]


def as_toml(changes: Counter[Change]) -> str:
    """Return entries for the list, their reasons yet to be written."""
    lines: list[str] = []
    place = None
    for change in sorted(changes.elements()):
        if change[:2] != place:
            lines += ["]\n"] if place else []
            place = change[:2]
            lines += ["[[survivors]]", f'module = "{change.module}"', f'function = "{change.function}"']
            lines += ["equivalent = true", 'reason = ""', "changes = ["]
        lines.append(f"  [{_quoted(change.before)}, {_quoted(change.after)}],")
    return "\n".join([*lines, "]\n"])


def _quoted(text: str) -> str:
    if "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
