"""The matrix of other people's tools, as far as it can be held to without running them."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from consumers.matrix import CONSUMERS, Failed, check

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs/guides/languages.md").read_text()
DOCUMENT: dict[str, Any] = YAML(typ="safe", pure=True).load(ROOT / "openapi.yaml")


def tags(node: Any) -> set[str]:
    """Return the tags of every operation below a node."""
    if isinstance(node, dict):
        own = set(node["tags"]) if "responses" in node else set[str]()
        return own.union(*map(tags, node.values()))
    return set[str]().union(*map(tags, node)) if isinstance(node, list) else set()


def test_what_the_platform_sends_has_a_tag_of_its_own():
    """openapi-generator makes a file of each tag, one of operations and another of webhooks, of one
    name: with a shared tag the operation that fetches reports was overwritten."""
    callbacks = [operation.get("callbacks", {}) for path in DOCUMENT["paths"].values() for operation in path.values()]
    paths = {tag for path in DOCUMENT["paths"].values() for operation in path.values() for tag in operation["tags"]}
    assert paths == {"IVR", "Click to call", "Reports"}
    assert tags(DOCUMENT["webhooks"]) | tags(callbacks) == {"Pushes"}
    assert {tag["name"] for tag in DOCUMENT["tags"]} == paths | {"Pushes"}


def test_the_guide_prints_the_commands_that_run():
    """Each command of openapi-generator in the guide is one of the matrix."""
    printed = re.findall(r"openapi-generator-cli generate -i openapi.yaml -g (\S+) -o \1(.*)", GUIDE)
    known = {getattr(each, "generator", ""): getattr(each, "options", ()) for each in CONSUMERS}
    assert len(printed) == 3
    for generator, options in printed:
        assert tuple(options.split()) == known[generator]


def test_names_are_told_apart():
    """Each consumer is asked for by its name."""
    names = [each.name for each in CONSUMERS]
    assert len(set(names)) == len(names) == 13


CALLS = [{"messageId": "a"}, {"messageId": "b"}]
SEEN = {"launched": '["a", "b"]', "reports": '["b", "a"]', "again": "0"}


def printed(**other: str) -> str:
    members = ", ".join(f'"{name}": {value}' for name, value in {**SEEN, **other}.items())
    return f"a warning\n{{{members}}}\n"


def test_a_client_that_does_what_it_says():
    """It launched two calls, fetched their two reports, and the second fetch was empty."""
    check(printed(), CALLS, 4)


@pytest.mark.parametrize(
    ("other", "requests"),
    [
        ({"launched": '["a"]'}, 4),
        ({"launched": '["a", "c"]'}, 4),
        ({"reports": '["a"]'}, 4),
        ({"reports": '["a", "a"]'}, 4),
        ({"again": "1"}, 4),
        ({}, 5),
    ],
    ids=["one call is missing", "another id", "a report is missing", "a report twice", "not once only", "repeated"],
)
def test_a_client_that_does_not(other: dict[str, str], requests: int):
    """What the mock has seen counts, not what the client says."""
    with pytest.raises(Failed):
        check(printed(**other), CALLS, requests)
