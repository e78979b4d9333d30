"""The contract kit's page in a real browser.

It is accessible in both colour schemes, fits a telephone and a sheet of paper, and asks nobody for
anything, whatever the server has sent.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accessibility import in_all_sizes
from contract_kit.results import BROKEN, DAY, found, hostile
from infobip_voice_contract.baseline import Baseline, Deviation
from infobip_voice_contract.page import page

RESULTS = {
    "broken": lambda: Baseline((Deviation("auth.none", "in March " * 40, DAY),)).applied(found(*BROKEN), DAY),
    "hostile": hostile,
}


@pytest.mark.parametrize("result", RESULTS)
def test_the_page(browser: Browser, tmp_path: Path, result: str) -> None:
    """axe finds no violation, nothing is too wide, no request, no script, no complaint."""
    file = tmp_path / "contract.html"
    file.write_text(page(RESULTS[result]()), encoding="utf-8")
    context = browser.new_context(bypass_csp=True)
    tab = context.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    tab.goto(file.as_uri())
    for size in in_all_sizes(tab):
        assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()], size
    context.close()


def test_it_is_read_without_javascript_and_under_its_own_policy(browser: Browser, tmp_path: Path) -> None:
    """The style is applied, the shapes of the grid are drawn, and nothing is refused."""
    file = tmp_path / "contract.html"
    file.write_text(page(found(*BROKEN)), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(file.as_uri())
    box = tab.locator("td .fail").first.bounding_box()
    assert box is not None
    assert 10 < box["width"] < 20
    assert tab.get_by_role("cell", name="broken", exact=True).count() > 5
    assert complaints == []
    context.close()


def test_it_prints(browser: Browser, tmp_path: Path) -> None:
    """Dark on white and no wider than the paper, also for who reads in the dark."""
    file = tmp_path / "contract.html"
    file.write_text(page(found(*BROKEN)), encoding="utf-8")
    context = browser.new_context(viewport={"width": 680, "height": 1000}, color_scheme="dark")
    tab = context.new_page()
    tab.goto(file.as_uri())
    tab.emulate_media(media="print", color_scheme="dark")
    ink, paper = tab.evaluate(
        "['color', 'backgroundColor'].map(name => getComputedStyle(document.body)[name].match(/[0-9.]+/g).map(Number))"
    )
    assert sum(ink[:3]) < 3 * 80
    assert paper[3:] == [0] or sum(paper[:3]) > 3 * 240
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.outerHTML.slice(0, 80))"
    assert tab.eval_on_selector_all("html, pre, table", cut) == []
    context.close()
