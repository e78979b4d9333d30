"""Ask the witnesses of some modules whether their faults are there.

    PYTHONPATH=tools python -m strength witness MODULE …

Each module has a tuple `FAULTS`, a tuple `VARIANTS`, or both. Prints a line for each deviation that
its witness does not see on the server that has it, or sees on the one that has not.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from infobip_voice_contract.faults.fault import Deviation
from strength.witness import seen_alone


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m strength", description=__doc__)
    parser.add_argument("command", choices=["witness"])
    parser.add_argument("names", nargs="*")
    given = parser.parse_args(arguments)
    return _witness(given.names)


if __name__ == "__main__":
    sys.exit(main())
