"""Markdown wraps as Python does: prose at 100 columns, code at 120, and no list by accident."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/guides/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_lines_are_short(page):
    """Only the row of a table may be longer. Ruff checks the docstrings and comments of Python."""
    code = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        code ^= line.lstrip().startswith("```")
        assert len(line) <= (120 if code else 100) or line.startswith("|"), f"{page.name}:{number}"


@pytest.mark.parametrize("page", [*PAGES, ROOT / "openapi.yaml"], ids=lambda page: page.name)
def test_no_line_becomes_a_list(page):
    """Lists begin with a hyphen: a sum that is wrapped before its `+` would be read as one."""
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.match(r" *\+ ", line)] == []
