"""The search finds the page that answers a question, from a file too, by mouse and by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from accessibility import violations
from questions import QUESTIONS


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    """A page in a folder, opened from a file and without a network."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    opened = context.new_page()
    opened.goto((site / "guides/xml.html").as_uri())
    yield opened
    context.close()


def test_every_question_is_answered(page):
    """Of the first three hits for each of the questions, one is on the page that answers it."""
    assert len(QUESTIONS) >= 40
    find = "queries => Promise.all(queries.map(async one => (await searchPortal(one)).map(place => place.url)))"
    found = page.evaluate(find, [question for question, _ in QUESTIONS])
    missed = {
        question: (wanted, urls[:3])
        for (question, wanted), urls in zip(QUESTIONS, found, strict=True)
        if wanted not in [url.partition("#")[0] for url in urls[:3]]
    }
    assert missed == {}


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("callbackData", "reference/launch-outbound-ivr.html#messages.callbackData"),
        ("EC_VOICE_USER_BUSY", "codes.html#5002-EC_VOICE_USER_BUSY"),
        ("LaunchUncertain", "python/errors.html#LaunchUncertain"),
        ("max_answer_bytes", "python/clients.html#ClientOptions.max_answer_bytes"),
        ("see every attempt", "guides/lost-answers.html#see-every-attempt"),
        ("TOO_MANY_REQUESTS", "reference/errors.html#status-429"),
    ],
)
def test_a_hit_is_a_deep_link(page, query, place):
    """A field, a code, an error, an option and a section are found by name, with their anchors."""
    page.fill(".search input", query)
    page.wait_for_selector(".hits a")
    page.press(".search input", "ArrowDown")
    page.press(".search input", "ArrowUp")
    page.press(".search input", "Enter")
    page.wait_for_url(lambda url: url.endswith(f"site/{place}"))
    assert page.title()


def test_the_keyboard_chooses_a_hit(page):
    """Arrows move through the list and round its ends; a screen reader is told the chosen hit."""
    page.keyboard.press("/")
    page.keyboard.type("report")
    page.wait_for_selector(".hits a")
    box = page.locator(".search input")
    count = page.locator(".hits [role=option]").count()
    assert page.inner_text(".search [role=status]") == f"{count} found"
    assert (box.get_attribute("aria-expanded"), box.get_attribute("aria-activedescendant")) == ("true", "hit-0")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == "hit-1"
    assert page.get_attribute("#hit-1", "aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") == f"hit-{count - 1}"
    page.keyboard.press("Escape")
    assert not page.is_visible(".hits")
    assert box.get_attribute("aria-expanded") == "false"


def test_it_says_when_it_finds_nothing(page):
    """Nothing found is said in words, and the list stays away."""
    page.fill(".search input", "zzzz")
    page.wait_for_function("document.querySelector('.search [role=status]').textContent")
    assert page.inner_text(".search [role=status]") == "Nothing found."
    assert not page.is_visible(".hits")


def test_what_it_shows_is_accessible(page):
    """axe finds no violation while the list is open."""
    page.fill(".search input", "launch")
    page.wait_for_selector(".hits a")
    assert violations(page, "header") == []
