"""Mistakes found piece by piece are those of the whole, and no more are looked for than wanted."""

import json
import random
from copy import deepcopy

import jsonschema_rs
import pytest

from infobip_voice_mock import sentences
from infobip_voice_mock.levels import Level
from infobip_voice_mock.validation import BodyValidator, contract
from infobip_voice_schema import models

COMPONENTS = contract()["components"]
WHOLE = {
    "IvrLaunchRequest": {
        "bulkId": "B",
        "messages": [
            {
                "scenarioId": "S",
                "from": "41793026700",
                "destinations": [{"to": "41793026727", "messageId": "M"}, {"to": "41793026728"}],
                "parameters": {"a": "1", "b": "2"},
                "notifyUrl": "http://127.0.0.1/",
                "retry": {"minPeriod": 1, "maxPeriod": 5, "maxCount": 4},
                "sendingSpeed": {"speed": 10, "timeUnit": "hour"},
                "sendAt": "2026-07-07T17:00:00.000+01:00",
                "record": True,
            },
            {"scenarioId": "S", "destinations": [{"to": "41793026727"}]},
        ],
    },
    "ClickToCallLaunchRequest": {
        "messages": [
            {
                "from": "41793026700",
                "destinationA": "41793026727",
                "destinationB": "41793026731",
                "text": "t",
                "record": "true",
                "maxDuration": 5,
            }
        ]
    },
}
WRONG = [None, True, -1, 1.5, 10**20, "", "x", "\x00", [], [1], {}, {"a b": 1}, {"to": "x"}, {"a": {"b": "c"}}]


def places(value):
    """Return every container in a value with each of its keys."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


@pytest.mark.parametrize("schema", WHOLE)
def test_the_same_mistakes_as_in_the_whole(schema):
    """A thousand bodies with up to four odd members: each broken rule is found, and where."""
    chance = random.Random(20260301)
    whole = jsonschema_rs.Draft202012Validator({"$ref": f"#/components/schemas/{schema}", "components": COMPONENTS})
    level = Level({"$ref": f"#/components/schemas/{schema}"}, COMPONENTS)
    seen = set()
    for _ in range(1000):
        value = json.loads(json.dumps(WHOLE[schema]))
        for _ in range(chance.randrange(5)):
            container, key = chance.choice([*places(value)] or [(value, "odd")])
            if container is value and not value:
                continue
            if isinstance(container, dict) and chance.random() < 0.3:
                container[chance.choice(["odd", "bulkid", "a b", "to", "parameters"])] = deepcopy(chance.choice(WRONG))
            elif chance.random() < 0.2:
                del container[key]
            else:
                container[key] = deepcopy(chance.choice(WRONG))
        expected = sorted((str(list(error.instance_path)), error.kind.name) for error in whole.iter_errors(value))
        found = sorted((str(list(path)), error.kind.name) for path, _, error in level.mistakes(value))
        assert found == expected, value
        seen |= {kind for _, kind in found}
    assert {"type", "required", "pattern", "minItems"} <= seen


@pytest.mark.parametrize(
    "value", [None, [], "x", {"messages": 1}, {"messages": [1]}, {"messages": [{"destinations": 1}]}]
)
def test_values_of_a_wrong_type(value):
    """They are mistakes like any other."""
    assert len(list(Level({"$ref": "#/components/schemas/IvrLaunchRequest"}, COMPONENTS).mistakes(value))) >= 1


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ({"destinations": [{"to": "x"}] * 50_000}, "messages[0].destinations[998].to"),
        ({"destinations": [{"to": "41793026727", "odd": 1}] * 50_000}, "messages[0].destinations[998].odd"),
        ({"destinations": [{"to": "41793026727"}], "parameters": {f"a {n}": "x" for n in range(100_000)}}, None),
        ({"destinations": [{"to": "41793026727"}], "parameters": {f"a{n}": 1 for n in range(100_000)}}, None),
        ({"destinations": [{"to": "41793026727"}], **{f"a{n}": 1 for n in range(100_000)}}, "messages[0].a998"),
    ],
)
def test_mistakes_are_looked_for_until_there_are_enough(message, path, monkeypatch):
    """However a body breaks a rule a hundred thousand times, a thousand mistakes are made out."""
    made_out = []
    path_text = sentences.path_text
    monkeypatch.setattr(sentences, "path_text", lambda path: made_out.append(path) or path_text(path))
    body = BodyValidator("IvrLaunchRequest", models.IvrLaunchRequest, "refuse")
    found = body.violations({"messages": [{"scenarioId": "S", **message}]})
    assert len(made_out) == 1001
    assert found["$"] == ["more than 1000 violations; only the first are listed"]
    assert path is None or path in found
