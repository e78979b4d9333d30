"""Measure everything, print one table, and keep it in `results.json` and as drawings.

    python benchmarks [sdk] [throughput] [mock] [--messages 1000000]

Without names it measures all three. What a part needs and does not find is named at the end.
"""

import argparse
import os
from collections.abc import Iterator

import charts
import peers
import throughput
from results import Chart, about, keep, show

import mock  # noqa: UP026  ours
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
    load, missing = os.getloadavg()[0], list[str]()
    facts = about(load)
    for chart in measured(arguments.parts or list(PARTS), arguments.messages, missing):
        print(show(chart), flush=True)
        facts = about(load)
        keep(chart, missing, facts)  # at once: a run takes many minutes
    print(f"{facts['day']}, {facts['python']}, {facts['system']}, load {facts['load'][0]} to {facts['load'][1]}")
    print(", ".join(f"{name} {number}" for name, number in facts["versions"].items()))
    if missing:
        print(f"missing: {', '.join(missing)}")
    charts.main(check=False)


if __name__ == "__main__":
    main()
