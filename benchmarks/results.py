"""The figures of one run: what each is, how they are printed and kept.

A figure is a ratio within one run wherever there is something to compare with, since the speed of a
machine changes while it is measured. `results.json` is committed; `charts.py` draws it.
"""

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("results.json")
VERSIONS = ("infobip-voice", "httpx", "attrs", "lxml", "msgspec", "pydantic", "uvicorn", "starlette")


class Row(NamedTuple):
    """One contestant of one chart.

    Attributes:
        name: who it is.
        median, low, high: the middle figure of all rounds, and between which half of them lie.
        ours: whether it is this package.
        target: the most that it is to be, where it is ours and that was decided.
        note: what else is to be said, such as its version.
    """

    name: str
    median: float
    low: float
    high: float
    ours: bool = False
    target: float | None = None
    note: str = ""


class Chart(NamedTuple):
    """What was measured once with several contestants.

    Attributes:
        id: its name in files.
        title: what was measured.
        unit: what a figure of 1 is.
        rows: the contestants.
        more_is_better: whether it measures speed, and not cost.
    """

    id: str
    title: str
    unit: str
    rows: tuple[Row, ...]
    more_is_better: bool = False


def row(name: str, figures: Sequence[float], **more: Any) -> Row:
    """Return a contestant with what all rounds gave."""
    low, middle, high = statistics.quantiles(figures, n=4, method="inclusive") if len(figures) > 1 else figures * 3
    return Row(name, round(middle, 3), round(low, 3), round(high, 3), **more)


def about(load_before: float) -> dict[str, Any]:
    """Return what the figures depend on: when, versions, and how busy the machine was."""
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "load": [round(load_before, 1), round(os.getloadavg()[0], 1)],
        "versions": {name: version(name) for name in VERSIONS},
    }


def keep(chart: Chart, missing: Iterable[str], facts: dict[str, Any]) -> None:
    """Write the figures of a chart, and what was not there to be measured; the others stay."""
    kept = json.loads(FILE.read_text("utf-8"))["charts"] if FILE.exists() else []
    new = {**chart._asdict(), "rows": [each._asdict() for each in chart.rows], "about": facts}
    every = {each["id"]: each for each in kept} | {chart.id: new}
    document = {"missing": sorted(missing), "charts": list(every.values())}
    FILE.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")


def load() -> list[tuple[Chart, dict[str, Any]]]:
    """Return the committed figures, each with what they depend on."""
    charts = json.loads(FILE.read_text("utf-8"))["charts"]
    return [
        (Chart(**{**each, "rows": tuple(Row(**one) for one in each["rows"])}), facts)
        for chart in charts
        for facts, each in [(chart["about"], {name: value for name, value in chart.items() if name != "about"})]
    ]


def show(chart: Chart) -> str:
    """Return a chart as a table of text."""
    lines = [f"{chart.title} ({chart.unit})"]
    width = max(len(each.name) for each in chart.rows)
    for each in chart.rows:
        wanted = f"   target {each.target:g}" if each.target is not None else ""
        note = f"   {each.note}" if each.note else ""
        lines.append(f"  {each.name:{width}}  {each.median:8.2f}   ({each.low:.2f} to {each.high:.2f}){wanted}{note}")
    return "\n".join(lines)
