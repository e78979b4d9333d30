"""A page in a browser: nothing scrolls sideways, and axe finds no violation."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize

__all__ = ["MIDDLE", "NARROW", "WIDE", "in_all_sizes", "violations"]

AXE = Path(__file__).parents[1].joinpath("tools/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
WIDE, MIDDLE, NARROW = (ViewportSize(width=width, height=900) for width in (1280, 768, 390))
TOO_WIDE = """[...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth)
    .map(one => one.outerHTML.slice(0, 120))"""


def in_all_sizes(page: Page, sizes: tuple[ViewportSize, ...] = (WIDE, NARROW)) -> Iterator[ViewportSize]:
    """Show a page in each size, and assert that it fits and that axe finds no violation.

    A page is loaded once, and judged at the first and the last size, which may show other parts.
    Of what axe judges, only the contrast depends on the scheme.
    """
    for size in sizes:
        page.set_viewport_size(size)
        inner, outer = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert inner <= outer, (page.url, size, page.evaluate(TOO_WIDE))
        if size in (sizes[0], sizes[-1]):
            assert violations(page) == [], page.url
            page.emulate_media(color_scheme="dark")
            assert violations(page, runOnly=["color-contrast"]) == [], page.url
            page.emulate_media(color_scheme="light")
        yield size


def violations(page: Page, part: str = "html", **options: Any) -> list[str]:
    """Return what axe finds in a part of a page, in words.

    Args:
        page: The page.
        part: A selector of the part.
        options: What axe.run is told.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(
        "([part, options]) => axe.run(part, options).then(result => result.violations)",
        [part, {"preload": False, "resultTypes": ["violations"], **options}],
    )
    return [_described(violation) for violation in found]


def _described(violation: dict[str, Any]) -> str:
    node = violation["nodes"][0]
    return f"{violation['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
