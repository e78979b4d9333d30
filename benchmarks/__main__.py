"""Measure everything, print one table, and keep it in `results.json` and as drawings.

    python benchmarks [sdk] [throughput] [mock] [--messages 1000000]

Without names it measures all three. What a part needs and does not find is named at the end.
"""

import argparse
import os
from collections.abc import Iterator
from unittest import mock

import charts
import peers
import throughput
from results import Chart, about, keep, show

import sdk

PARTS = ("sdk", "throughput", "mock")


def measured(parts: list[str], messages: int, missing: list[str]) -> Iterator[Chart]:
    if "sdk" in parts:
        yield from sdk.charts()
        missing += [package for name, package in peers.PACKAGES.items() if peers.python(name) is None]
    if "throughput" in parts:
        yield from throughput.charts(missing)
    if "mock" in parts:
        yield from mock.charts(messages, missing)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", choices=(*PARTS, []), help="what to measure (default: all)")
    parser.add_argument("--messages", type=int, default=100_000, help="how many messages the mock's long run launches")
    arguments = parser.parse_args()
    load, found, missing = os.getloadavg()[0], list[Chart](), list[str]()
    for chart in measured(arguments.parts or list(PARTS), arguments.messages, missing):
        print(show(chart), flush=True)
        found.append(chart)
    facts = about(load)
    print(f"{facts['day']}, {facts['python']}, {facts['system']}, load {facts['load'][0]} to {facts['load'][1]}")
    print(", ".join(f"{name} {number}" for name, number in facts["versions"].items()))
    if missing:
        print(f"missing: {', '.join(missing)}")
    keep(found, missing, facts)
    charts.main(check=False)


if __name__ == "__main__":
    main()
