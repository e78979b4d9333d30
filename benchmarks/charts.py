"""Draw the committed figures: one small SVG a chart, a few in the README, all in the guide.

    python benchmarks/charts.py [--check]

The drawings ask nobody for anything, follow the reader's colour scheme, and say in words what they
show. `--check` fails if a file is not what the figures give.
"""

import sys
from html import escape
from pathlib import Path
from textwrap import fill

from results import Chart, load

FOLDER = Path(__file__).parent.parent / "docs" / "assets" / "benchmarks"
ROOT = Path(__file__).parent.parent
PAGES = {
    ROOT / "README.md": ("docs/assets/benchmarks", ("call", "json", "mock-launch")),
    ROOT / "docs" / "guides" / "costs.md": ("../assets/benchmarks", ()),
}
"""The pages with drawings: where they lie from there, and which it shows; none for all."""
BEGIN, END = "<!-- benchmarks: python benchmarks/charts.py -->\n", "<!-- /benchmarks -->\n"

# As wide as a telephone: a wider drawing is shown there with letters too small to read.
WIDTH, NAME, BAR, GAP, TOP, FIGURES = 380, 18, 14, 10, 46, 64
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 15px }
.ours-name { font-weight: 600 }
.unit, .target { fill: #57606a }
.other { fill: #8c959f } .ours { fill: #0969da }
.range { stroke: #24292f } .mark { stroke: #bc4c00; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .unit, .target { fill: #9198a1 }
  .other { fill: #656c76 } .ours { fill: #4493f8 }
  .range { stroke: #e6edf3 } .mark { stroke: #f0883e }
}
"""


def words(chart: Chart) -> str:
    """Return what a chart shows, for people who do not see it."""
    figures = "; ".join(
        f"{each.name} {each.median:.2f}" + (f" (target {each.target:g})" if each.target else "") for each in chart.rows
    )
    better = "more" if chart.more_is_better else "less"
    return f"{chart.title}, {chart.unit}, {better} is better: {figures}."


def svg(chart: Chart) -> str:
    """Return a chart as bars with the range of half of all rounds, and a mark at each target."""
    better = f"{'more' if chart.more_is_better else 'less'} is better"
    most = max(max(each.median, each.target or 0) for each in chart.rows)
    # One contestant of another order would leave nothing to see of the rest: its bar is cut.
    usual = sorted(each.median for each in chart.rows)[-2] if len(chart.rows) > 1 else most
    most = min(most, 2 * usual)
    scale = (WIDTH - FIGURES) / most
    height = TOP + len(chart.rows) * (NAME + BAR + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' role="img" aria-labelledby="title words">',
        f'<title id="title">{escape(chart.title)}</title>',
        f'<desc id="words">{escape(words(chart))}</desc>',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="0" y="16">{escape(chart.title)}</text>',
        f'<text class="unit" x="0" y="34">{escape(chart.unit)}, {better}</text>',
    ]
    for at, each in enumerate(chart.rows):
        name = TOP + at * (NAME + BAR + GAP)
        top = name + NAME
        middle = top + BAR / 2
        long = min(each.median, most) * scale
        kind = "ours" if each.ours else "other"
        parts.append(f'<text class="name {kind}-name" x="0" y="{name + 13}">{escape(each.name)}</text>')
        parts.append(f'<rect class="{kind}" x="0" y="{top}" width="{max(long, 1):.1f}" height="{BAR}" rx="2"/>')
        if each.high > each.low and each.high <= most:
            low, high = each.low * scale, each.high * scale
            parts.append(f'<path class="range" d="M{low:.1f} {middle:g}H{high:.1f}"/>')
        if each.target is not None:
            mark = each.target * scale
            parts.append(f'<path class="mark" d="M{mark:.1f} {top - 2}v{BAR + 4}"/>')
        cut = " …" if each.median > most else ""
        after = max(long, min(each.high, most) * scale, (each.target or 0) * scale) + 6
        parts.append(f'<text x="{after:.1f}" y="{middle + 5:g}">{each.median:.2f}{cut}</text>')
    return "\n".join([*parts, "</svg>", ""])


def table(charts: list[Chart], folder: str) -> str:
    """Return what a page shows: the drawings, each with its words."""
    images = (f"![{words(chart)}]({folder}/{chart.id}.svg)" for chart in charts)
    return "\n\n".join(fill(image, 100, break_long_words=False, break_on_hyphens=False) for image in images) + "\n"


def drawings() -> dict[Path, str]:
    """Return the content of every file that follows from the figures."""
    charts = [chart for chart, _ in load()]
    files = {FOLDER / f"{chart.id}.svg": svg(chart) for chart in charts}
    for page, (folder, names) in PAGES.items():
        before, _, rest = page.read_text("utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        shown = [chart for chart in charts if not names or chart.id in names]
        files[page] = f"{before}{BEGIN}{table(shown, folder)}{END}{after}"
    return files


def main(check: bool) -> None:
    files = drawings()
    if check:
        stale = [
            path.name for path, content in files.items() if not path.exists() or path.read_text("utf-8") != content
        ]
        sys.exit(f"not what the figures give: {', '.join(stale)}; run python benchmarks/charts.py" if stale else 0)
    FOLDER.mkdir(exist_ok=True)
    for path, content in files.items():
        path.write_text(content, "utf-8")


if __name__ == "__main__":
    main("--check" in sys.argv[1:])
