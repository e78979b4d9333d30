"""What a refusal says is for people: the rule in words, short, with the nearest right value."""

import copy
import itertools
import json
import re
from importlib import resources

import pytest

from infobip_voice_mock.sentences import SENTENCES
from infobip_voice_mock.validation import Rules, contract
from infobip_voice_wire import xml

CONTROL = json.loads(resources.files("infobip_voice_mock.control").joinpath("control.json").read_text())
SCHEMAS = contract()["components"]["schemas"]
LAUNCH, CLICK = "/voice/ivr/1/messages", "/voice/ctc/1/send"
NUMBER = "41793026727"
MOMENT = {"hour": 6, "minute": 0}
WINDOW = {"days": ["MONDAY"], "from": MOMENT, "to": {"hour": 15, "minute": 30}}
RETRY = {"minPeriod": 1, "maxPeriod": 5, "maxCount": 4}
WHOLE = {
    LAUNCH: {
        "bulkId": "B",
        "messages": [
            {
                "scenarioId": "S", "from": NUMBER, "destinations": [{"to": NUMBER, "messageId": "M"}],
                "parameters": {"foo": "bar"}, "notifyUrl": "http://127.0.0.1/", "notifyContentType": "application/json",
                "callbackData": "mine", "validityPeriod": 720, "sendAt": "2016-07-07T17:00:00.000+01:00",
                "record": False, "retry": RETRY, "sendingSpeed": {"speed": 10, "timeUnit": "hour"},
                "notifyContentVersion": 2, "ringTimeout": 45, "callTimeout": 130, "pause": 2,
                "deliveryTimeWindow": WINDOW,
            }
        ],
    },
    CLICK: {
        "bulkId": "B",
        "messages": [
            {
                "messageId": "M", "from": NUMBER, "fromB": NUMBER, "destinationA": NUMBER, "destinationB": NUMBER,
                "text": "Hello", "language": "en", "audioFileUrl": "http://127.0.0.1/a.mp3", "record": "true",
                "anonymization": False, "notifyUrl": "", "notifyContentType": "application/xml", "maxDuration": 60,
                "warningTime": 5, "retry": RETRY, "notifyContentVersion": 1, "deliveryTimeWindow": WINDOW,
                "voice": {"gender": "female", "name": "Joanna"}, "machineDetection": "hangup",
            }
        ],
    },
}  # fmt: skip
WRONG = [
    None, True, 0, -1, 1.5, 10**9, 10**30, "", "x", "x" * 300, "\x01", "\ufffe", "385981112", "+385 98 111-222", "Mondai",
    "2026-03-01T12:00:00", "http://", [], [1, 1], ["MONDAY"] * 8, {}, {"a b": "c"}, {"MONDAY": {}}, {"hour": 24},
]  # fmt: skip


def places(value, path=()):
    """Return the path of every member and item, and of the whole."""
    yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*path, key))


def changed(value, path, new):
    """Return the value with another one at that path, or without it for `del`."""
    value = copy.deepcopy(value)
    if not path:
        return new
    *outer, last = path
    inside = at(value, outer)
    if new is del_:
        del inside[last]
    else:
        inside[last] = new
    return value


def at(value, path):
    """Return what is at that path."""
    for key in path:
        value = value[key]
    return value


def written(path):
    """Return a path as a refusal writes it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


del_ = object()


def check(texts):
    """Judge every text of a refusal as a person would."""
    for text in texts:
        assert len(text) <= 120, text
        assert not re.search(r"\^|\]\{|\\|…|breaks the rule", text), text
        assert not re.search("385981112|111-222", text), text


@pytest.mark.parametrize("path", [LAUNCH, CLICK])
def test_whatever_is_wrong_is_said_in_words(mock, path):
    """Each member, replaced by every kind of value or left out; no text shows what was sent."""
    assert mock.post(path, WHOLE[path]).status == 200
    refused = 0
    for place, wrong in itertools.product(places(WHOLE[path]), [*WRONG, del_]):
        if wrong is del_ and not place:
            continue
        response = mock.post(path, changed(WHOLE[path], place, wrong))
        assert response.status in (200, 400)
        if response.status == 400:
            refused += 1
            found = response.json["requestError"]["serviceException"]["validationErrors"]
            assert found
            check(text for texts in found.values() for text in texts)
    assert refused > 500


@pytest.mark.parametrize("media_type", ["application/json", "application/xml"])
@pytest.mark.parametrize("path", [LAUNCH, CLICK])
def test_an_unknown_member_is_refused_wherever_it_is(mock, path, media_type):
    """R8: in each object of each request, in JSON and in XML, by its path; generators try none."""
    schema = "IvrLaunchRequest" if path == LAUNCH else "ClickToCallLaunchRequest"
    checked = 0
    for place in places(WHOLE[path]):
        new = (*place, "unheardOf")
        if (place and place[-1] == "parameters") or not isinstance(at(WHOLE[path], place), dict):
            continue
        value = changed(WHOLE[path], new, "x")
        body = value if media_type == "application/json" else xml.encode(value, schema)
        refused = mock.post(path, body, content_type=media_type, accept="application/json")
        assert refused.json["requestError"]["serviceException"]["validationErrors"] == {
            written(new): ["unknown member"]
        }
        checked += 1
    assert checked == (8 if path == LAUNCH else 7)


def control_schemas():
    for path, items in CONTROL["paths"].items():
        for method, operation in items.items():
            if method != "parameters":
                for parameter in operation.get("parameters", ()):
                    yield pytest.param(parameter["schema"], id=f"{method} {path} {parameter['name']}")
                if "requestBody" in operation:
                    yield pytest.param(
                        operation["requestBody"]["content"]["application/json"]["schema"], id=f"{method} {path}"
                    )


@pytest.mark.parametrize("schema", list(control_schemas()))
def test_the_control_plane_says_it_in_words_too(schema):
    """Its bodies and its queries, member by member."""
    rules = Rules({**schema, "components": CONTROL["components"]})
    name = schema.get("$ref", "").rpartition("/")[2]
    members = CONTROL["components"]["schemas"].get(name, {}).get("properties", {})
    for wrong in [*WRONG, *({member: value} for member in members for value in WRONG)]:
        if not rules.hold(wrong):
            refused, _ = rules.violations(wrong)
            check(text for texts in refused.values() for text in texts)


def patterns(value):
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            yield value["pattern"]
        for inner in value.values():
            yield from patterns(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from patterns(inner)


def request_schemas(name):
    """Return the names of a schema and of all that it refers to."""
    found = {name}
    for inner in re.findall(r'#/components/schemas/(\w+)"', json.dumps(SCHEMAS[name])):
        found |= request_schemas(inner)
    return found


def test_every_pattern_has_a_sentence():
    """One for each pattern of a request or of the control plane, and none for another."""
    names = request_schemas("IvrLaunchRequest") | request_schemas("ClickToCallLaunchRequest")
    in_requests = {pattern for name in names for pattern in patterns(SCHEMAS[name])}
    assert set(SENTENCES) == in_requests | set(patterns(CONTROL))


@pytest.mark.parametrize(
    "schema", [{"pattern": "^x$"}, {"not": {"pattern": "^y$"}}, {"propertyNames": {"pattern": "^x$"}}]
)
def test_a_pattern_of_somebody_elses_contract(schema):
    """A fork may have another: it is not shown, and it is no fault of the mock."""
    value, path = ({"y": 1}, "y") if "propertyNames" in schema else ("y", "$")
    assert Rules(schema).violations(value) == ({path: ["must have the form that the contract asks for"]}, {})


@pytest.mark.parametrize(
    ("members", "path", "texts"),
    [
        ({"sendAt": "2026-03-01T12:00:00"}, "sendAt", ["must be an existing date and a time with an offset; did you mean 2026-03-01T12:00:00Z?"]),
        ({"sendAt": "2026-03-01 12:00:00+01:00"}, "sendAt", ["must be an existing date and a time with an offset; did you mean 2026-03-01T12:00:00+01:00?"]),
        ({"sendAt": " 2026-03-01T12:00 "}, "sendAt", ["must be an existing date and a time with an offset; did you mean 2026-03-01T12:00:00Z?"]),
        ({"sendAt": "2026-03-01"}, "sendAt", ["must be an existing date and a time with an offset; did you mean 2026-03-01T00:00:00Z?"]),
        ({"sendAt": "2026-02-30T12:00:00Z"}, "sendAt", ["must be an existing date and a time with an offset, such as 2016-07-07T17:00:00.000+01:00"]),
        ({"sendAt": "385981112"}, "sendAt", ["must be an existing date and a time with an offset, such as 2016-07-07T17:00:00.000+01:00"]),
        ({"sendAt": "2026-03-01T12:00:00Z\n" * 9}, "sendAt", ["must be an existing date and a time with an offset, such as 2016-07-07T17:00:00.000+01:00"]),
        ({"from": "+41 79 302 67 27"}, "from", ["must be 3 to 14 digits and nothing else; write its digits alone, from the country code on"]),
        ({"from": "ab"}, "from", ["must be 3 to 14 digits and nothing else"]),
        ({"from": "123456789012345"}, "from", ["must be 3 to 14 digits and nothing else"]),
        ({"notifyUrl": "www.example.com"}, "notifyUrl", ["must be an http or https URL in ASCII, such as https://www.example.com/reports, or empty"]),
        ({"callbackData": "\x01"}, "callbackData", ["must not have control characters; of those XML knows only tab and line ends"]),
        ({"callbackData": "\uffff"}, "callbackData", ["must not have the characters U+FFFE and U+FFFF, which XML cannot carry"]),
        ({"callbackData": 5}, "callbackData", ["must be a string"]),
        ({"callbackData": "x" * 201}, "callbackData", ["must have at most 200 characters"]),
        ({"scenarioId": ""}, "scenarioId", ["must have at least 1 character"]),
        ({"parameters": {"a b": "c"}}, "parameters.a b", ["a name here begins with an ASCII letter or _, and has letters, digits, _ - and . alone"]),
        ({"notifyContentVersion": 3}, "notifyContentVersion", ["must be one of 1, 2"]),
        ({"notifyContentType": "xml"}, "notifyContentType", ["must be one of application/json, application/xml"]),
        ({"pause": 11}, "pause", ["must be at most 10"]),
        ({"ringTimeout": 0}, "ringTimeout", ["must be at least 1"]),
        ({"deliveryTimeWindow": {"days": []}}, "deliveryTimeWindow.days", ["must have at least 1 item"]),
        ({"deliveryTimeWindow": {"days": ["MONDAY", "FRIDAY", "MONDAY"]}}, "deliveryTimeWindow.days", ["must not have the same item twice"]),
        ({"deliveryTimeWindow": {"days": ["Wednesday"]}}, "deliveryTimeWindow.days[0]", [
            "must be one of MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY; did you mean WEDNESDAY?"]),
        ({"deliveryTimeWindow": {"days": ["MONDAY"], "from": MOMENT}}, "deliveryTimeWindow.to", ["is required beside from"]),
        ({"deliveryTimeWindow": {"days": ["MONDAY"], "to": MOMENT}}, "deliveryTimeWindow.from", ["is required beside to"]),
        ({"deliveryTimeWindow": {"days": ["MONDAY"], "from": MOMENT, "to": MOMENT}}, "deliveryTimeWindow.to", [
            "must be another time than from; leave both out for whole days"]),
        ({"deliveryTimeWindow": {"days": ["MONDAY"], "from": {"hour": 24, "minute": 0}, "to": MOMENT}}, "deliveryTimeWindow.from.hour", [
            "must be at most 23"]),
        ({"deliveryTimeWindows": {}}, "deliveryTimeWindows", ["unknown member; did you mean deliveryTimeWindow?"]),
    ],
)  # fmt: skip
def test_words(mock, members, path, texts):
    """The rule, and where one is near the right value; a time is no number of a telephone."""
    refused = mock.ivr(NUMBER, **members)
    assert refused.status == 400
    found = refused.json["requestError"]["serviceException"]["validationErrors"]
    assert found == {f"messages[0].{path}": texts}


@pytest.mark.parametrize(
    ("members", "path", "text"),
    [
        ({"record": "yes"}, "record", "must be true or false"),
        ({"machineDetection": "hang up"}, "machineDetection", "must be hangup; did you mean hangup?"),
        ({"voice": {"gender": "x"}}, "voice.gender", "must be one of female, male"),
        ({"audioFileUrl": ""}, "audioFileUrl", "must be an http or https URL in ASCII, such as https://www.example.com/hello.mp3"),
        ({"destinationB": "0041793026731"}, "destinationB", "must be 5 to 15 digits and nothing else, without a leading zero; write its digits alone, from the country code on"),
        ({"destinationB": "(079) 302 67 27"}, "destinationB", "must be 5 to 15 digits and nothing else, without a leading zero"),
        ({"destinationB": "+44 (0)20 7946 0000"}, "destinationB", "must be 5 to 15 digits and nothing else, without a leading zero"),
    ],
)  # fmt: skip
def test_words_of_a_click_to_call(mock, members, path, text):
    """The same for what only a click to call has."""
    refused = mock.click_to_call(**members)
    assert refused.json["requestError"]["serviceException"]["validationErrors"] == {f"messages[0].{path}": [text]}


def test_a_list_of_words_that_is_too_long_is_not_printed(mock):
    """The nearest of them is, or the first."""
    for kind, text in {
        "reset": "must be one of 8 words, such as latency",
        "throttle": "must be one of 8 words; did you mean throttled?",
    }.items():
        refused = mock.control("POST", "faults", {"kind": kind})
        assert refused.json["requestError"]["serviceException"]["validationErrors"] == {"kind": [text]}


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/xml", f"<request><{'a' * 500}></request>"),
        ("application/json", '{"a":"' + "\\x" * 100),
        ("application/xml", f"<{'b' * 500}/>"),
    ],
)
def test_what_a_parser_says_is_cut(mock, media_type, body):
    """It may quote what was sent, at any length."""
    refused = mock.post(LAUNCH, body, content_type=media_type, accept="application/json")
    [text] = refused.json["requestError"]["serviceException"]["validationErrors"]["$"]
    assert text.startswith("not well-formed ")
    assert len(text) <= 120
