"""The Python reference has every public name, and says what is raised and what to do then."""

from pathlib import Path

import pytest
from lxml import html

import infobip_voice
from infobip_voice import ClickToCallOptions, ClientOptions, IvrOptions, errors
from infobip_voice_mock import pytest_plugin
from portal.docstrings import Library, Silent
from portal.python import NAMES, effect

SITE = Path(__file__).parents[2] / "site"


def page(name: str) -> html.HtmlElement:
    return html.parse(SITE / f"python/{name}.html").getroot()


def test_every_public_name_has_a_place():
    """Each name of the SDK, of the mock and of its fixtures has an element that a link leads to."""
    names = {*infobip_voice.__all__, *pytest_plugin.__all__, "create_app", "running_mock"} - {"__version__"}
    assert names <= set(NAMES)
    for name in names:
        file, _, anchor = NAMES[name].partition("#")
        assert page(file.removesuffix(".html")).get_element_by_id(anchor) is not None, name


@pytest.mark.parametrize(("options", "name"), [
    (ClientOptions, "clients"), (IvrOptions, "launches"), (ClickToCallOptions, "launches"),
])  # fmt: skip
def test_every_option_has_a_row(options, name):
    """Each option has a row of its own, with its type and what it does."""
    document = page(name)
    for option in options.__annotations__:
        row = document.get_element_by_id(f"{options.__name__}.{option}")
        assert row.find_class("type")[0].text_content().strip(), option
        assert row.xpath("td[2]")[0].text_content().strip(), option


@pytest.mark.parametrize("name", errors.__all__)
def test_an_error_says_what_happened_and_what_to_do(name):
    """Its section says whether something happened, and the advice of `str(error)`."""
    [section] = page("errors").xpath(f"//section[h2/@id='{name}']")
    error = getattr(errors, name)
    text = section.find_class("effect")[0].text_content()
    assert text.startswith(effect(error)[1])
    assert error.advice.replace("`", "") in text


def test_the_picture_is_the_tree_of_errors():
    """Each error hangs below its class, and those that leave something in doubt look so."""
    [root] = page("errors").find_class("tree")
    for link in root.xpath(".//a"):
        name = link.get("href")[1:]
        parents = [each.get("href")[1:] for each in link.xpath("../../../a")]
        assert parents == [each.__name__ for each in getattr(errors, name).__bases__ if each.__name__ in parents]
    doubtful = {link.get("href")[1:] for link in root.find_class("maybe")}
    assert doubtful == {"LaunchUncertain", "ReportsUncertain", "SpoolError", "SpoolUnreachable"}


def test_a_callable_says_what_it_raises(tmp_path):
    """The build ends at a public callable that does not say what it raises, or that it does not."""
    (tmp_path / "example.py").write_text(
        'class Known:\n    """Know."""\n'
        '    def says(self):\n        """Act.\n\n        Raises:\n            OSError: always.\n        """\n'
        '    def denies(self):\n        """Act. Raises nothing."""\n'
        '    def _hides(self):\n        """Act."""\n\n'
        'class Silent(Known):\n    """Know."""\n    def keeps_silent(self):\n        """Act."""\n'
    )
    library = Library(["example"], [tmp_path])
    assert [member.name for member in library.entry("example.Known").members] == ["says", "denies"]
    with pytest.raises(Silent, match=r"example\.Silent\.keeps_silent$"):
        library.entry("example.Silent")
