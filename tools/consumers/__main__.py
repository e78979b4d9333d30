"""Run every consumer and print a table: `make consumers`.

Usage:
    python -m consumers [NAME ...]

Without names all run. The exit code is 1 if one of them fails; its output is printed then.
"""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from consumers.matrix import CONSUMERS, Consumer, Failed
from consumers.workplace import WORK, install

COLUMNS: Final = "| {:<24} | {:<10} | {:<72} | {:>7} |"


def main() -> int:
    """Run the consumers that are named, two at a time, and return the exit code."""
    wanted = [each for each in CONSUMERS if not sys.argv[1:] or each.name in sys.argv[1:]]
    if unknown := sorted(set(sys.argv[1:]) - {each.name for each in CONSUMERS}):
        print(f"there is no consumer {', '.join(unknown)}; there are {', '.join(each.name for each in CONSUMERS)}")
        return 2
    install()
    print(COLUMNS.format("consumer", "version", "what ran", "seconds"))
    print(COLUMNS.format("-" * 24, "-" * 10, "-" * 72, "-" * 7))
    failed: list[tuple[str, str]] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for consumer, seconds, trouble in pool.map(_run, wanted):
            ran = f"FAILED: {trouble.splitlines()[0][:60]}" if trouble else consumer.ran
            print(COLUMNS.format(consumer.name, consumer.version(), ran, f"{seconds:.1f}"), flush=True)
            if trouble:
                failed.append((consumer.name, trouble))
    for name, trouble in failed:
        print(f"\n{name}, see also {WORK / name}:\n{trouble}")
    print(f"\n{len(wanted) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _run(consumer: Consumer) -> tuple[Consumer, float, str]:
    started = time.monotonic()
    trouble = ""
    try:
        consumer.run()
    except Failed as failure:
        trouble = str(failure) or "it failed and said nothing"
    return consumer, time.monotonic() - started, trouble


if __name__ == "__main__":
    sys.exit(main())
