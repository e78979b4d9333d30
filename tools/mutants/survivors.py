"""The modules that are mutated, each with its tests, and the list of the mutants that no test
kills.
"""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]
LIST: Final = ROOT / "tests/mutants/survivors.toml"


class Module(NamedTuple):
    """What is mutated of a module, and the tests that have to notice.

    Attributes:
        tests: the tests that stand for the module; that those of another module would fail too does
            not count.
        functions: the functions and classes that are mutated; empty for all.
    """

    tests: tuple[str, ...]
    functions: tuple[str, ...] = ()


MODULES: Final[dict[str, Module]] = {
    "infobip_voice._policy": Module(("tests/sdk/test_policy.py",)),
    "infobip_voice._exchange": Module(("tests/sdk/test_exchange.py",)),
    "infobip_voice._transport": Module(
        (
            "tests/sdk/test_transfer.py",
            "tests/sdk/test_transport.py",
            "tests/sdk/test_network.py",
            "tests/sdk/test_processes.py",
            "tests/sdk/test_proxies.py",
            "tests/sdk/test_settings.py",
        )
    ),
    "infobip_voice._transfer": Module(("tests/sdk/test_transfer.py", "tests/sdk/test_transport.py")),
    "infobip_voice._pools": Module(
        (
            "tests/sdk/test_transfer.py",
            "tests/sdk/test_transport.py",
            "tests/sdk/test_network.py",
            "tests/sdk/test_proxies.py",
            "tests/sdk/test_processes.py",
        )
    ),
    "infobip_voice._network": Module(("tests/sdk/test_network.py", "tests/sdk/test_proxies.py")),
    "infobip_voice._settings": Module(("tests/sdk/test_settings.py", "tests/sdk/test_transport.py")),
    "infobip_voice._draining": Module(
        (
            "tests/sdk/test_draining.py",
            "tests/sdk/test_drain.py",
            "tests/sdk/test_drain_consumers.py",
            "tests/sdk/test_processes.py::test_what_belongs_to_one_process_is_not_copied",
        )
    ),
    "infobip_voice._drain": Module(
        (
            "tests/sdk/test_drain.py",
            "tests/sdk/test_drain_consumers.py",
            "tests/sdk/test_processes.py::test_what_belongs_to_one_process_is_not_copied",
        )
    ),
    "infobip_voice._spool": Module(("tests/sdk/test_spool.py",)),
    "infobip_voice._sqlite_spool": Module(
        (
            "tests/sdk/test_spool.py",
            "tests/sdk/test_sqlite_spool.py",
            "tests/sdk/test_drain.py::test_what_must_survive_a_power_failure_is_synced",
            "tests/sdk/test_drain.py::test_all_reports_page_by_page",
        )
    ),
    "infobip_voice._spool_file": Module(("tests/sdk/test_sqlite_spool.py", "tests/sdk/test_spool_processes.py")),
    "infobip_voice._pages": Module(("tests/sdk/test_pages.py", "tests/sdk/test_reports.py")),
    "infobip_voice._fetching": Module(("tests/sdk/test_fetching.py", "tests/sdk/test_reports.py")),
    "infobip_voice._prepared": Module(("tests/sdk/test_prepared.py", "tests/sdk/test_arguments.py")),
    "infobip_voice._launches": Module(("tests/sdk/test_launches.py",)),
    "infobip_voice._options": Module(("tests/sdk/test_launches.py", "tests/sdk/test_arguments.py")),
    "infobip_voice_wire.salvage": Module(("tests/wire/test_salvage.py",)),
    "infobip_voice_wire.telephone": Module(("tests/wire/test_telephone.py",)),
    # Its table is read once, when it is imported, so no test can run a mutant of that.
    "infobip_voice_wire.numbering": Module(("tests/wire/test_telephone.py",), ("plan_of", "Plan")),
    "infobip_voice_wire._xml_reading": Module(("tests/wire/test_xml_reading.py", "tests/wire/test_xml_hostile.py")),
    "infobip_voice_mock.schedule": Module(
        (
            "tests/mock/test_schedule.py",
            "tests/mock/test_windows.py",
            "tests/mock/test_simulation.py::test_waits",
            "tests/mock/test_editions.py::test_periods_of_retry",
        )
    ),
    "infobip_voice_mock.windows": Module(("tests/mock/test_windows.py",)),
    "infobip_voice_mock.simulation": Module(("tests/mock/test_life.py", "tests/mock/test_worked_examples.py")),
    "infobip_voice_mock.reports": Module(
        ("tests/mock/test_life.py", "tests/mock/test_worked_examples.py", "tests/mock/test_editions.py")
    ),
    "infobip_voice_mock.store": Module(("tests/mock/test_store.py", "tests/mock/test_bounds.py")),
    "infobip_voice_mock.capacity": Module(("tests/mock/test_bounds.py", "tests/mock/test_store.py")),
    "infobip_voice_mock.pushes": Module(("tests/mock/test_pushes.py",)),
    "infobip_voice_mock.lanes": Module(("tests/mock/test_lanes.py",)),
    "infobip_voice_cli.journal": Module(("tests/cli/test_journal.py",)),
    "infobip_voice_cli.campaign": Module(("tests/cli/test_campaign.py",), ("Run", "exit_code")),
}


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
