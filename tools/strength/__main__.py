"""Measure how strong the contract kit is.

    PYTHONPATH=tools python -m strength run [ID …]    measure these, or everything and write it down
    PYTHONPATH=tools python -m strength witness MODULE …

`run` writes `tools/strength/results.json` and the table in the README, and exits with 1 if too few
faults are found, or if a server is accused that keeps the contract. `witness` asks the witnesses of
modules with a tuple `FAULTS` or `VARIANTS`, and prints a line for each that is wrong.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from infobip_voice_contract.faults.fault import Deviation
from strength.measure import measured
from strength.table import RESULTS, shares, table, written
from strength.witness import seen_alone

ROOT: Final = Path(__file__).parents[2]
FLOORS: Final = {"own": (0.98, ("own group",)), "blind": (0.95, ("own group",))}
"""The share of the observable faults that has to be found, and by which rules."""


def _witness(modules: Sequence[str]) -> int:
    wrong = 0
    for name in modules:
        module = importlib.import_module(name)
        deviations: list[Deviation] = [*getattr(module, "FAULTS", ()), *getattr(module, "VARIANTS", ())]
        for deviation in deviations:
            for edition in deviation.editions:
                there, without = seen_alone(deviation, edition)
                if (there, without) != (True, False):
                    wrong += 1
                    print(f"{deviation.id} ({edition}): seen with it: {there}, without: {without}", flush=True)
        print(f"{name}: {len(deviations)} deviations", flush=True)
    return 1 if wrong else 0


def _run(names: Sequence[str]) -> int:
    report = measured(names)
    if names:
        print(json.dumps(report, indent=1, ensure_ascii=False))
        return 0
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    readme = ROOT / "README.md"
    readme.write_text(written(readme.read_text(encoding="utf-8"), report), encoding="utf-8")
    print(f"{table(report)}\n\n{shares(report)}")
    for name, fault in report["faults"].items():
        if fault["verdict"] not in ("own group", "not observable"):
            print(f"{name}: {fault['verdict']} {', '.join(fault['rules'])}")
    return 0 if holds(report) else 1


def holds(report: dict[str, Any]) -> bool:
    """Return whether enough is found, and nobody is accused who keeps the contract."""
    for author, (floor, verdicts) in FLOORS.items():
        theirs = [fault["verdict"] for fault in report["faults"].values() if fault["author"] == author]
        seen = [verdict for verdict in theirs if verdict != "not observable"]
        if sum(verdict in verdicts for verdict in seen) < floor * len(seen):
            return False
    return not any(variant["fails"] for variant in report["variants"].values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m strength", description=__doc__)
    parser.add_argument("command", choices=["run", "witness"])
    parser.add_argument("names", nargs="*")
    given = parser.parse_args(arguments)
    return {"run": _run, "witness": _witness}[given.command](given.names)


if __name__ == "__main__":
    sys.exit(main())
