"""A name of digits is a name, and only an index of a list is an index."""

import jsonschema_rs
import pytest

from infobip_voice_wire import paths


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (["messages", 0, "to"], {"messages": [{"to": 1}]}, ["messages", 0, "to"]),
        (["parameters", 2], {"parameters": {"2": 1}}, ["parameters", "2"]),
        (["parameters", 7], {"parameters": {"07": 1}}, ["parameters", "07"]),
        (["parameters", 7], {"parameters": {"07": 1, "7": 2}}, ["parameters", "7"]),
        (["parameters", 2, 0, 1], {"parameters": {"2": [{"1": 1}]}}, ["parameters", "2", 0, "1"]),
        (["parameters", 7], {"parameters": {"": 1, "+7": 2}}, ["parameters", "+7"]),
        (["parameters", 0], {"parameters": {"": 1, "+": 1, "00": 1}}, ["parameters", "00"]),
        (["parameters", 7], {"parameters": {"0" * 5000 + "8": 1, "7": 1}}, ["parameters", "7"]),
        (["parameters", 3], {"parameters": {"٣": 1}}, ["parameters", "3"]),
        (["missing", 3], {}, ["missing", 3]),
        ([], 5, []),
    ],
)
def test_names_are_those_of_the_value(path, value, expected):
    """Where the value has no such place, the path stays what it is."""
    assert paths.named(path, value) == expected


def test_the_validator_takes_names_for_indices():
    """As long as it does, this module is needed."""
    rules = jsonschema_rs.Draft202012Validator({"additionalProperties": {"type": "string"}})
    [error] = rules.iter_errors({"07": 5})
    assert list(error.instance_path) == [7]
    assert paths.named(error.instance_path, {"07": 5}) == ["07"]
