"""The committed figures are drawn as they are, for everybody, and ask nobody for anything."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
BENCHMARKS = ROOT / "benchmarks"
FIGURES: dict[str, Any] = json.loads((BENCHMARKS / "results.json").read_text("utf-8"))
CHARTS = {chart["id"]: chart for chart in FIGURES["charts"]}
DRAWN = ROOT / "docs/assets/benchmarks"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The modules of the benchmarks, which are scripts beside each other."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import charts
    import results

    yield charts, results
    for name in ("charts", "results"):
        sys.modules.pop(name)


def test_everything_is_drawn_as_it_was_measured() -> None:
    """Drawings and README follow from the figures, and there is no other drawing."""
    run = subprocess.run(
        [sys.executable, str(BENCHMARKS / "charts.py"), "--check"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert {path.stem for path in DRAWN.glob("*.svg")} == {*CHARTS}
    for name in CHARTS:
        assert f"](../assets/benchmarks/{name}.svg)" in (ROOT / "docs/guides/costs.md").read_text("utf-8")
    assert (ROOT / "README.md").read_text("utf-8").count("](docs/assets/benchmarks/") == 3


@pytest.mark.parametrize("name", CHARTS)
def test_a_drawing_is_for_everybody(name: str) -> None:
    """It has both colour schemes and words for those who do not see it, and loads nothing."""
    source = (DRAWN / f"{name}.svg").read_text("utf-8")
    drawing = ElementTree.fromstring(source)  # noqa: S314  ours
    title, words = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
    assert drawing.get("role") == "img"
    assert title is not None
    assert words is not None
    assert drawing.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert title.text == CHARTS[name]["title"]
    for row in CHARTS[name]["rows"]:
        assert f"{row['name']} {row['median']:.2f}" in (words.text or "")
    assert "@media (prefers-color-scheme: dark)" in source
    assert re.findall(r"(?:href|src|url|@import|<script|<image)[^;]*", source) == []
    assert re.findall('https?://[^"]*', source) == ["http://www.w3.org/2000/svg"]  # the name of its vocabulary
    bars = drawing.findall(f"{SVG}rect")
    assert len(bars) == len(CHARTS[name]["rows"])
    width = float(drawing.get("width", "0"))
    assert all(float(bar.get("x", "0")) + float(bar.get("width", "0")) < width for bar in bars)
    assert [bar.get("class") for bar in bars] == ["ours" if row["ours"] else "other" for row in CHARTS[name]["rows"]]


def test_the_figures_say_what_they_depend_on() -> None:
    """Versions, load and day; a middle between the two that hold half of all rounds."""
    assert {"call", "import", "json", "xml", "drain", "launch", "mock-launch", "mock-reports"} <= {*CHARTS}
    for chart in CHARTS.values():
        assert {"day", "python", "system", "load", "versions"} == {*chart["about"]}
        assert any(row["ours"] for row in chart["rows"])
        for row in chart["rows"]:
            assert 0 < row["low"] <= row["median"] <= row["high"]


def test_one_that_is_of_another_order_does_not_hide_the_rest(modules: Any) -> None:
    """Its bar is cut and says so; all others keep their proportions."""
    charts, results = modules
    rows = [results.row(name, [figure] * 3) for name, figure in (("one", 1.0), ("two", 2.0), ("huge", 900.0))]
    drawing = ElementTree.fromstring(charts.svg(results.Chart("c", "title", "unit", tuple(rows))))  # noqa: S314  ours
    one, two, huge = (float(bar.get("width", "0")) for bar in drawing.findall(f"{SVG}rect"))
    assert two == pytest.approx(2 * one, rel=0.01)
    assert huge == pytest.approx(2 * two, rel=0.01)
    assert "900.00 …" in [text.text for text in drawing.findall(f"{SVG}text")]


def test_a_run_of_one_part_leaves_the_others(modules: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was not measured stays, with what it depended on."""
    _, results = modules
    monkeypatch.setattr(results, "FILE", tmp_path / "results.json")
    one, two = (results.Chart(name, "title", "unit", (results.row("a", [1, 2, 3]),)) for name in ("one", "two"))
    facts = {"day": "2026-01-01"}
    results.keep(one, ["PostgreSQL"], facts)
    results.keep(two, ["PostgreSQL"], facts)
    newer = one._replace(rows=(results.row("a", [2.0]),))
    results.keep(newer, [], {"day": "2026-01-02"})
    assert results.load() == [(newer, {"day": "2026-01-02"}), (two, facts)]
    assert results.show(one).splitlines() == ["title (unit)", "  a      2.00   (1.50 to 2.50)"]
