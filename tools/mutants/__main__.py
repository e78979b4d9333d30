"""Run the mutants of some modules, or of all, and hold the survivors against the list of them.

    PYTHONPATH=tools python -m mutants [MODULE …]

Exits with 1 if a survivor is not listed, if a listed one was killed or does not exist, or if too
few were killed.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Collection
from typing import Final

from mutants.run import Result, run
from mutants.survivors import MODULES, Change, Survivor, as_toml, survivors

FLOOR: Final = 0.95  # of the mutants that are not equivalent


def main(names: Collection[str]) -> int:
    """Run the modules of these names, or all; return the exit code."""
    unknown = set(names) - {_short(module) for module in MODULES}
    if unknown:
        raise SystemExit(f"no such module: {', '.join(sorted(unknown))}; there are {', '.join(map(_short, MODULES))}")
    modules = [module for module in MODULES if not names or _short(module) in names]
    listed = [survivor for survivor in survivors() if survivor.change.module in modules]
    results: list[Result] = []
    for module in modules:
        began = time.monotonic()
        result = run(module)
        results.append(result)
        _report(module, [result], listed, f"{time.monotonic() - began:.0f} s")
    killed = _report("all of them", results, listed, "")
    good = _agree(Counter(change for result in results for change in result.survived), listed)
    if killed < FLOOR:
        print(f"fewer than {FLOOR:.0%} of those that are not equivalent were killed")
    return 0 if good and killed >= FLOOR else 1


def _short(module: str) -> str:
    return module.rpartition(".")[2].removeprefix("_")


def _report(what: str, results: list[Result], listed: list[Survivor], time_taken: str) -> float:
    """Print one line, and return the killed part of the mutants that are not equivalent."""
    total, survived = sum(result.total for result in results), Counter[Change]()
    for result in results:
        survived.update(result.survived)
    equivalent = (survived & Counter(survivor.change for survivor in listed if survivor.equivalent)).total()
    part = (total - survived.total()) / (total - equivalent)
    print(
        f"{what}: {total} mutants, {total - survived.total()} killed, {equivalent} of {survived.total()} survivors "
        f"equivalent, {part:.1%} {time_taken}",
        flush=True,
    )
    return part


def _agree(survived: Counter[Change], listed: list[Survivor]) -> bool:
    """Say which survivors are not listed and which listed ones did not survive; return whether
    there are none.
    """
    known = Counter(survivor.change for survivor in listed)
    if unlisted := survived - known:
        print("\nSurvivors that are not listed. Write a test, or list them with their reason:\n")
        print(as_toml(unlisted))
    if gone := known - survived:
        print("\nListed as survivors, but killed, or no longer there. Remove them from the list:\n")
        print(as_toml(gone))
    return not unlisted and not gone


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="such as salvage or policy (default: all)")
    sys.exit(main(parser.parse_args().modules))
