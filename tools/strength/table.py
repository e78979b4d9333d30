"""The results of a measurement, as a table for people."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

__all__ = ["FIRST", "RESULTS", "document", "folded", "shares", "table", "written"]

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE / "results.json"
FIRST: Final = HERE / "first.json"
"""The verdicts on the blind faults before anybody had looked at what survived."""

_HEAD: Final = (
    "| about | ours | by a rule of the group | blind | by a rule of the group | stock schemathesis |",
    "|---|---|---|---|---|---|",
)
_KILLED: Final = ("own group", "other group")


def document() -> dict[str, Any]:
    """Return the committed results."""
    report: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return report


def table(report: dict[str, Any]) -> str:
    """Return the table by group: how many faults there are, and how many are found."""
    found = _observable(report)
    groups = sorted({fault["group"] for fault in found})
    rows = [_row(group, [fault for fault in found if fault["group"] == group]) for group in groups]
    return "\n".join([*_HEAD, *rows, _row("**all**", found)])


def _observable(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [fault for fault in report["faults"].values() if fault["verdict"] != "not observable"]


def _row(name: str, faults: list[dict[str, Any]]) -> str:
    cells = [name]
    for author in ("own", "blind"):
        theirs = [fault for fault in faults if fault["author"] == author]
        killed = sum(fault["verdict"] == "own group" for fault in theirs)
        cells += [str(len(theirs)), str(killed)] if theirs else ["0", ""]
    asked = [fault for fault in faults if "stock" in fault]
    cells.append(f"{sum(bool(fault['stock']) for fault in asked)} of {len(asked)}" if asked else "")
    return f"| {' | '.join(cells)} |"


def shares(report: dict[str, Any]) -> str:
    """Return what the table comes to, in sentences."""
    found = _observable(report)
    first: dict[str, str] = json.loads(FIRST.read_text(encoding="utf-8"))
    own, blind = ([fault for fault in found if fault["author"] == author] for author in ("own", "blind"))
    asked = [fault for fault in found if "stock" in fault]
    variants = report["variants"].values()
    early = [verdict for verdict in first.values() if verdict != "not observable"]
    stock = report["stock"]
    return " ".join(
        [
            f"The kit finds {_share(own, 'own group')} of our own faults by a rule of their group, and",
            f"{_share(blind, 'own group')} of the blind ones; by any rule {_share(own, *_KILLED)} and",
            f"{_share(blind, *_KILLED)}. Before anybody had looked at what survived, it found",
            f"{_percent(_count(early, _KILLED), len(early))} of the blind ones,",
            f"{_percent(_count(early, ('own group',)), len(early))} by a rule of their group.",
            f"Stock schemathesis, asked about {len(asked)} of them, finds",
            f"{_percent(sum(bool(fault['stock']) for fault in asked), len(asked))} with",
            f"{stock['requests']} requests, against {report['requests']} of the kit, and has",
            f"{len(stock['falseAlarms'])} false alarms on the server without faults, where the kit has none. On",
            f"{len(report['variants'])} servers that keep the contract in their own way the kit has",
            f"{sum(bool(variant['fails']) for variant in variants)} false alarms and",
            f"{sum(bool(variant['warns']) for variant in variants)} warnings.",
        ]
    )


def _count(verdicts: Iterable[str], which: Iterable[str]) -> int:
    counted = Counter(verdicts)
    return sum(counted[verdict] for verdict in which)


def _share(faults: list[dict[str, Any]], *verdicts: str) -> str:
    return _percent(_count((fault["verdict"] for fault in faults), verdicts), len(faults))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def folded(report: dict[str, Any]) -> str:
    """Return the table for a page that has many others: its last row in words, and the rest on
    demand.
    """
    *_, everything = table(report).splitlines()
    _, own, own_found, blind, blind_found, stock = (cell.strip() for cell in everything.strip("|").split("|"))
    words = f"{own_found} of {own} faults of ours, {blind_found} of {blind} blind; stock schemathesis {stock}"
    return f"<details>\n<summary>Found: {words}</summary>\n\n{table(report)}\n\n</details>\n"


def written(text: str, report: dict[str, Any]) -> str:
    """Return a Markdown text with the folded table of a report where it has one."""
    return re.sub(r"<details>\n<summary>Found: [^<]*</summary>\n[^<]*</details>\n", lambda _: folded(report), text)
