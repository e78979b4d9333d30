"""What a launch may be given: nothing is lost, no wrong type is sent, a refusal names a place."""

import inspect
import json
import pydoc
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib import resources
from types import MappingProxyType
from typing import Any, get_overloads, get_type_hints

import httpx
import pytest
from attrs import define, field, fields
from hypothesis import given, settings
from hypothesis import strategies as st

from infobip_voice import ClickToCallOptions, ClientOptions, IvrOptions, Prepared, Redial, VoiceClient, _prepared
from infobip_voice._arguments import refuse_names, shows_options
from infobip_voice._operations import ClickToCall, Ivr
from infobip_voice_client import models
from infobip_voice_client.models import (
    ClickToCallLaunchRequest,
    IvrDestination,
    IvrLaunchRequest,
    IvrMessage,
    ScenarioParameters,
    SendingSpeed,
)
from sdk.clients import Clock

PROFILE = settings(derandomize=True, deadline=None, database=None, max_examples=300)
FORMATS = pytest.mark.parametrize("wire_format", ["json", "xml"])
NUMBERS = ["41793026727", "41793026731", "41793026732"]


class Nobody(httpx.BaseTransport):
    """A platform that must not be asked; what it is sent all the same is in `sent`."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request.read())
        return httpx.Response(200, json={"messages": []})


def voice(wire_format: Any = "json") -> tuple[VoiceClient, list[bytes]]:
    nobody = Nobody()
    http_client = httpx.Client(transport=nobody)
    return VoiceClient(
        base_url="http://host", api_key="k", http_client=http_client, wire_format=wire_format, clock=Clock()
    ), nobody.sent


# --- the arguments of one message -----------------------------------------------------------------

TEXT, WHOLE, TRUTH, PERIOD = (str,), (int,), (bool,), (int, timedelta)
IVR: dict[str, tuple[type, ...]] = {
    "scenario_id": TEXT, "to": (str, list), "from_": TEXT, "parameters": (dict,), "callback_data": TEXT,
    "validity_period": PERIOD, "send_at": (datetime,), "sending_speed": (SendingSpeed,), "bulk_id": TEXT, "record": TRUTH,
    "notify_url": TEXT, "notify_content_type": TEXT, "redial": (Redial,),
}  # fmt: skip
CLICK_TO_CALL: dict[str, tuple[type, ...]] = {
    "destination_a": TEXT, "destination_b": TEXT, "from_": TEXT, "from_b": TEXT, "message_id": TEXT, "text": TEXT,
    "language": TEXT, "audio_file_url": TEXT, "anonymization": TRUTH, "max_duration": PERIOD, "warning_time": PERIOD,
    "bulk_id": TEXT, "record": TRUTH, "notify_url": TEXT, "notify_content_type": TEXT, "redial": (Redial,),
}  # fmt: skip
NEEDED = {
    "ivr": {"scenario_id": "s", "to": NUMBERS[0]},
    "click_to_call": {"destination_a": NUMBERS[0], "destination_b": NUMBERS[1], "from_": NUMBERS[2]},
}
# One of every type that people hand in by mistake.
ODD = [
    "text", b"bytes", 5, 5.0, True, {"a": "b"}, ["text"], ("a", 1), {"set"}, timedelta(minutes=1), datetime(2026, 1, 1),
    SendingSpeed(1, "day"), Redial(), IvrDestination("41793026727"), object(), iter(()),
]  # fmt: skip
MAY_BE_EMPTY = {"text", "callback_data", "notify_url"}


OPTIONS = [("ivr", name, right) for name, right in IVR.items()]
OPTIONS += [("click_to_call", name, right) for name, right in CLICK_TO_CALL.items()]


def test_the_tables_have_every_option() -> None:
    """A new one cannot be forgotten."""
    assert set(IVR) == set(get_type_hints(IvrOptions))
    assert set(CLICK_TO_CALL) == set(get_type_hints(ClickToCallOptions))


@FORMATS
@pytest.mark.parametrize(("operation", "name", "right"), OPTIONS)
def test_a_wrong_type_is_refused_in_both_formats(
    operation: str, name: str, right: tuple[type, ...], wire_format: str
) -> None:
    """The error names the argument, what is right and the type that is there. Nothing is sent."""
    client, sent = voice(wire_format)
    wrong = [value for value in ODD if type(value) not in right]
    wrong += [None] if name in NEEDED[operation] else []
    for value in wrong:
        found = "None" if value is None else type(value).__name__
        with pytest.raises(ValueError, match=rf"^{name}: expected .+, found {found}$|^to\[[01]\]: expected .+, found"):
            getattr(client, operation).launch(**{**NEEDED[operation], name: value})
    if str in right and name not in MAY_BE_EMPTY:
        with pytest.raises(ValueError, match=rf"^{name}: (must not be empty|expected .+, found another str)$"):
            getattr(client, operation).launch(**{**NEEDED[operation], name: ""})
    assert sent == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"to": [NUMBERS[0], None]}, "to[1]: expected str or IvrDestination, found None"),
        ({"to": []}, "to: must not be empty"),
        ({"to": [""]}, "to[0]: must not be empty"),
        ({"to": (number for number in NUMBERS)}, "to: expected str or a list, found generator"),
        ({"to": [IvrDestination(5)]}, "to[0].to: expected str, found int"),  # type: ignore[arg-type]
        ({"to": [IvrDestination(NUMBERS[0], "")]}, "to[0].messageId: must not be empty"),
        ({"to": [NUMBERS[0], "012"]}, "to[1]: '*12' is not a telephone number"),
        ({"from_": "1" * 15}, "from_: '*************11' is not a telephone number"),
        ({"parameters": {"a": 1}}, "parameters.a: expected str, found int"),
        ({"parameters": {1: "a"}}, "parameters: expected str as every name, found int"),
        ({"callback_data": "a\ud800"}, "callback_data: has half of a character (a surrogate), which cannot be sent"),
        ({"scenario_id": "\udfff"}, "scenario_id: has half of a character"),
        ({"parameters": {"ä\udcff": "a"}}, "parameters: has half of a character"),
        ({"parameters": {"ä": "\udcff"}}, "parameters.ä: has half of a character"),
        ({"send_at": datetime(2026, 1, 1)}, "send_at: expected a datetime with an offset from UTC, found a naive one"),
        ({"validity_period": timedelta(seconds=90)}, "validity_period: 0:01:30 is not a whole number of minutes"),
        ({"validity_period": True}, "validity_period: expected timedelta or int, found bool"),
        ({"redial": Redial("5")}, "redial.min_period: expected timedelta or int, found str"),  # type: ignore[arg-type]
        ({"redial": Redial(max_count=2.0)}, "redial.max_count: expected int, found float"),  # type: ignore[arg-type]
        ({"sending_speed": SendingSpeed(1, "week")},  # type: ignore[arg-type]
         "sending_speed.timeUnit: expected 'day' or 'hour' or 'minute' or 'second', found another str"),
        ({"notify_content_type": "text/xml"},
         "notify_content_type: expected 'application/json' or 'application/xml', found another str"),
        ({"duplicates": "once"}, "duplicates: expected 'call' or 'refuse', found another str"),
        ({"duplicates": None}, "duplicates: expected 'call' or 'refuse', found None"),
        ({"repeat_uncertain": "no"}, "repeat_uncertain: expected bool, found str"),
    ],
)  # fmt: skip
def test_a_refusal_says_where(arguments: dict[str, Any], message: str) -> None:
    """However deep the fault lies."""
    client, sent = voice()
    with pytest.raises(ValueError, match=re.escape(message)):
        client.ivr.launch(**{**NEEDED["ivr"], **arguments})
    assert sent == []


@pytest.mark.parametrize(
    ("operation", "arguments", "message"),
    [
        ("ivr", {"sendAt": "now"}, "got an unexpected keyword argument 'sendAt'; did you mean 'send_at'?"),
        ("ivr", {"retry": 3}, "got an unexpected keyword argument 'retry'; did you mean 'redial'?"),
        ("ivr", {"destinations": []}, "got an unexpected keyword argument 'destinations'; did you mean 'to'?"),
        ("ivr", {"from": "1"}, "got an unexpected keyword argument 'from'; did you mean 'from_'?"),
        ("ivr", {"window": 1}, "got an unexpected keyword argument 'window'"),
        ("click_to_call", {"to": "1"}, "got an unexpected keyword argument 'to'"),
        ("click_to_call", {"destinationA": "1"}, "got an unexpected keyword argument 'destinationA'; did you mean 'destination_a'?"),
    ],
)  # fmt: skip
def test_an_unknown_argument_is_refused_with_the_nearest(
    operation: str, arguments: dict[str, Any], message: str
) -> None:
    """As Python does it: a TypeError."""
    client, sent = voice()
    for method in ("launch", "prepare"):
        with pytest.raises(TypeError) as caught:
            getattr(getattr(client, operation), method)(**NEEDED[operation], **arguments)
        assert str(caught.value) == message
    assert sent == []


def test_what_is_missing_is_named() -> None:
    """Not by the inside of a generated class."""
    client, _ = voice()
    for arguments, message in (({}, "scenario_id and to"), ({"to": "1"}, "scenario_id"), ({"scenario_id": "s"}, "to")):
        with pytest.raises(TypeError, match=f"missing {message}; or give a whole request"):
            client.ivr.prepare(**arguments)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="missing destination_a and destination_b and from_"):
        client.click_to_call.launch()  # type: ignore[call-overload]


def test_the_settings_of_a_client_can_be_checked_the_same_way() -> None:
    """Any `TypedDict` of options, with required ones or without."""
    with pytest.raises(TypeError, match="'wireformat'; did you mean 'wire_format'"):
        refuse_names(["base_url", "wireformat"], ClientOptions)
    refuse_names(["base_url"], ClientOptions)


# --- signatures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("operations", "options"), [(Ivr, IvrOptions), (ClickToCall, ClickToCallOptions)])
@pytest.mark.parametrize("method", ["launch", "prepare"])
def test_help_lists_every_argument_with_its_type(operations: Any, method: str, options: Any) -> None:
    """`inspect.signature` has all of them, and type checkers still see the overloads."""
    function = getattr(operations, method)
    client, _ = voice()
    bound = getattr(client.ivr if operations is Ivr else client.click_to_call, method)
    shown = inspect.signature(bound).parameters
    hints = get_type_hints(options)
    assert {name: shown[name].annotation for name in hints} == hints
    assert all(shown[name].kind is inspect.Parameter.KEYWORD_ONLY for name in hints)
    assert list(shown)[:2] == ["request", "duplicates"]
    assert {name for name in hints if repr(shown[name].default) == "<required>"} == options.__required_keys__
    assert all(shown[name].default is None for name in options.__optional_keys__)
    assert not {each.kind for each in shown.values()} & {
        inspect.Parameter.VAR_KEYWORD,
        inspect.Parameter.VAR_POSITIONAL,
    }
    text = pydoc.plain(pydoc.render_doc(bound))
    assert all(f"{name}: " in text for name in hints)
    assert len(get_overloads(function)) == 2


def test_a_signature_takes_what_the_method_takes() -> None:
    """A mock that is specified by it takes a whole request too."""
    signature = inspect.signature(Ivr.launch)
    signature.bind(None, IvrLaunchRequest([]))
    signature.bind(None, scenario_id="s", to="1", repeat_uncertain=True)
    with pytest.raises(TypeError):
        signature.bind(None, sendAt="now")


def test_options_without_required_ones_show_too() -> None:
    """The decorator does for any `TypedDict`."""

    @shows_options(ClientOptions)
    def connect(**options: Any) -> Any:
        return options

    assert list(inspect.signature(connect).parameters) == list(get_type_hints(ClientOptions))
    assert connect(base_url="a") == {"base_url": "a"}


# --- whole requests -------------------------------------------------------------------------------

RETRY = {"minPeriod": 1, "maxPeriod": 5, "maxCount": 3}
WHOLE_IVR: dict[str, Any] = {
    "bulkId": "bulk",
    "messages": [
        {
            "scenarioId": "s", "from": "41793026700",
            "destinations": [{"to": NUMBERS[0], "messageId": "one"}, {"to": NUMBERS[1], "messageId": "two"}],
            "parameters": {"foo": "bar"}, "notifyUrl": "", "notifyContentType": "application/xml", "callbackData": "data",
            "validityPeriod": 720, "sendAt": "2016-07-07T17:00:00.000+01:00", "record": False, "retry": RETRY,
            "sendingSpeed": {"speed": 10, "timeUnit": "hour"},
        }
    ],
}  # fmt: skip
WHOLE_CLICK_TO_CALL: dict[str, Any] = {
    "bulkId": "bulk",
    "messages": [
        {
            "messageId": "one", "from": "41793026700", "fromB": "41793026701", "destinationA": NUMBERS[0],
            "destinationB": NUMBERS[1], "text": "hello", "language": "en", "audioFileUrl": "http://a/b.wav", "record": "true",
            "anonymization": True, "notifyUrl": "", "notifyContentType": "application/json", "maxDuration": 60,
            "warningTime": 5, "retry": RETRY,
        }
    ],
}  # fmt: skip
REQUESTS: dict[str, tuple[dict[str, Any], Any]] = {
    "ivr": (WHOLE_IVR, IvrLaunchRequest), "click_to_call": (WHOLE_CLICK_TO_CALL, ClickToCallLaunchRequest),
}  # fmt: skip
Path = tuple[str | int, ...]


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in steps:
        yield from places(item, (*path, step))


def rendered(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def changed(value: Any, path: Path, change: Any) -> Any:
    """Return a copy with one place changed."""
    if not path:
        return change(value)
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], change)
    return copy


def put(model: Any, path: Path, value: Any) -> None:
    """Set one place of a generated model, by its path in JSON."""
    *outer, last = path
    for step in outer:
        model = model[step] if isinstance(model, list | ScenarioParameters) else getattr(model, attribute(step))
    if isinstance(model, list | ScenarioParameters):
        model[last] = value
    else:
        setattr(model, attribute(last), value)


def attribute(name: str | int) -> str:
    return {"from": "from_"}.get(str(name), re.sub("([A-Z])", r"_\1", str(name)).lower())


def wrong_values(path: Path, value: Any) -> Iterator[Any]:
    for odd in [None, 5, 5.0, True, b"b", object(), {}, [], "", *(["text"] if not isinstance(value, str) else [])]:
        if type(odd) is type(value) and odd not in ("", []):
            continue
        if path[-1] == "record" and isinstance(odd, bool):  # `"true"` and true are the same (ruling R6)
            continue
        if odd == "" and (path[-1] in ("text", "callbackData", "notifyUrl") or "parameters" in path):
            continue
        yield odd


def test_the_documents_have_every_member() -> None:
    """The documents below have every member of a request, so that no test here can miss one."""
    for operation, (document, model) in REQUESTS.items():
        client, sent = voice()
        getattr(client, operation).launch(document)
        assert json.loads(sent[0]) == document
        objects = [
            model,
            *({IvrLaunchRequest: [IvrMessage, IvrDestination, SendingSpeed]}.get(model, [models.ClickToCallMessage])),
        ]
        for each in [*objects, models.CallRetry]:
            names = {rendered((path[-1],)) for path, _ in places(document) if path}
            assert {attribute(name) for name in names} >= {one.name for one in fields(each)}


@FORMATS
@pytest.mark.parametrize("operation", REQUESTS)
def test_every_member_of_a_whole_request_is_checked(operation: str, wire_format: str) -> None:
    """A wrong type in a document, stored or not, or in a model is refused by its path."""
    document, model = REQUESTS[operation]
    client, sent = voice(wire_format)
    cases = 0
    for path, value in places(document):
        for odd in wrong_values(path, value) if path else ():
            expected = rf"{re.escape(rendered(path))}: (must not be empty|expected .+, found .+)"
            wrong = changed(document, path, lambda _, odd=odd: odd)
            with pytest.raises(ValueError, match=f"^{expected}$"):
                getattr(client, operation).launch(wrong)
            built = model.from_dict(document)
            put(built, path, odd)
            if not (odd == {} and path[-1] in ("retry", "parameters")):
                with pytest.raises(ValueError, match=f"^{expected}$"):
                    getattr(client, operation).launch(built)
                with pytest.raises(ValueError, match=rf"^requests\[0\]\.{expected}$"):
                    Prepared((built,))
            if isinstance(odd, int | float | str | None):
                with pytest.raises(ValueError, match=rf"^text\[0\]\.{expected}$"):
                    Prepared.loads(json.dumps([wrong]))
            cases += 1
    assert cases > 100
    assert sent == []


OBJECTS = [
    (operation, *place)
    for operation in REQUESTS
    for place in places(REQUESTS[operation][0])
    if isinstance(place[1], dict)
]


@pytest.mark.parametrize(("operation", "path", "value"), OBJECTS)
def test_a_member_that_would_be_lost_is_refused_by_name(operation: str, path: Path, value: dict[str, Any]) -> None:
    """In every object, given or stored, the error names the member and the nearest known one."""
    document, _ = REQUESTS[operation]
    client, sent = voice()
    if path[-1:] == ("parameters",):
        getattr(client, operation).launch(changed(document, path, lambda old: {**old, "baz": ""}))
        assert b'"baz":""' in sent[0]
        return
    near = next(iter(value))
    for name, hint in (("deliveryTimeWindow", ""), (f"{near}x".upper(), f"; did you mean '{near}'?")):
        wrong = changed(document, path, lambda old, name=name: {**old, name: {"days": ["MONDAY"]}})
        place = rendered((*path, name))
        with pytest.raises(ValueError, match=r".") as caught:
            getattr(client, operation).launch(wrong)
        assert str(caught.value) == f"{place} is unknown and would not be sent{hint}"
        with pytest.raises(ValueError, match=re.escape(f"text[0].{place} is unknown")):
            Prepared.loads(json.dumps([wrong]))
    assert sent == []


def test_all_that_would_be_lost_is_named() -> None:
    """Up to twenty; and of a required member that is only misspelt, that it is missing."""
    client, _ = voice()
    with pytest.raises(ValueError, match=r"^a is unknown.*; b is unknown.*; messages\[0\].c is unknown"):
        client.ivr.prepare({"a": 1, "b": 2, "messages": [{**WHOLE_IVR["messages"][0], "c": 3}]})
    with pytest.raises(ValueError, match=r"n19 is unknown and would not be sent; and 5 more$"):
        client.ivr.prepare({**{f"n{number}": 1 for number in range(25)}, **WHOLE_IVR})
    with pytest.raises(ValueError, match=r"^messages: expected a list, found nothing$"):
        client.ivr.prepare({"message": []})


def test_whatever_else_is_changed_on_the_way_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes out is what came in, or nothing goes out."""
    client, sent = voice()
    forgetful = IvrLaunchRequest.from_dict({**WHOLE_IVR, "bulkId": "another"})
    monkeypatch.setattr(IvrLaunchRequest, "from_dict", lambda _: forgetful)
    with pytest.raises(ValueError, match=r"^request: it would not be sent as it was given$"):
        client.ivr.launch(WHOLE_IVR)
    assert sent == []


def test_a_prepared_launch_does_not_change_with_what_it_was_made_of() -> None:
    """Destinations with an id of their own included."""
    client, _ = voice()
    request = IvrLaunchRequest.from_dict(WHOLE_IVR)
    prepared = client.ivr.prepare(request)
    request.messages[0].destinations[0].to = request.messages[0].scenario_id = request.bulk_id = "changed"
    assert prepared == Prepared((IvrLaunchRequest.from_dict(WHOLE_IVR),))


def test_any_mapping_and_any_sequence_will_do() -> None:
    """A read-only view and a tuple are read; what is no mapping, or has no end, is refused."""
    client, sent = voice()
    message = MappingProxyType(
        {**WHOLE_IVR["messages"][0], "destinations": tuple(WHOLE_IVR["messages"][0]["destinations"])}
    )
    client.ivr.launch(MappingProxyType({"bulkId": "bulk", "messages": (message,)}))
    assert json.loads(sent.pop()) == WHOLE_IVR
    endless: dict[str, Any] = {}
    endless["a"] = endless
    click = ClickToCallLaunchRequest.from_dict(WHOLE_CLICK_TO_CALL)
    for wrong, found in (
        (5, "int"),
        ("{}", "str"),
        ([], "list"),
        (click, "ClickToCallLaunchRequest"),
        (IvrMessage, "type"),
    ):
        with pytest.raises(ValueError, match=f"^request: expected IvrLaunchRequest or a mapping, found {found}$"):
            client.ivr.launch(wrong)  # type: ignore[call-overload]
    with pytest.raises(ValueError, match=r"^request: it nests too deeply$"):
        client.ivr.launch(endless)
    with pytest.raises(TypeError, match=r"either a whole request or the arguments of one message \(to\)"):
        client.ivr.launch({}, to=None)  # type: ignore[call-overload]
    assert sent == []


@define
class CarryingRequest(IvrLaunchRequest):
    """A model that carries unknown members, as generated ones do where a contract allows them."""

    additional_properties: dict[str, Any] = field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {**self.additional_properties, **IvrLaunchRequest.to_dict(self)}

    @classmethod
    def from_dict(cls: Any, src_dict: Mapping[str, Any]) -> Any:
        known = IvrLaunchRequest.from_dict(src_dict)
        request = cls(known.messages, known.bulk_id)
        request.additional_properties = {name: src_dict[name] for name in src_dict if name not in known.to_dict()}
        return request


CarryingRequest.__name__ = "IvrLaunchRequest"


def test_an_unknown_member_that_a_model_carries_is_sent_in_json_and_refused_in_xml(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody can know its form in XML; a stored launch is refused there when it is sent."""
    monkeypatch.setattr(_prepared, "IvrLaunchRequest", CarryingRequest)
    document = {**WHOLE_IVR, "window": {"days": ["MONDAY"]}}
    del document["bulkId"]
    client, sent = voice()
    client.ivr.launch(document)
    assert json.loads(sent[0])["window"] == {"days": ["MONDAY"]}
    prepared = Prepared.loads(client.ivr.prepare(document).dumps())
    client.ivr.send(prepared)
    assert json.loads(sent[1])["window"] == {"days": ["MONDAY"]}
    client, sent = voice("xml")
    refusal = r"^window is unknown, and so is its form in XML$"
    for attempt in (
        lambda: client.ivr.prepare(document),
        lambda: client.ivr.prepare(CarryingRequest.from_dict(document)),
        lambda: client.ivr.send(prepared),
    ):
        with pytest.raises(ValueError, match=refusal):
            attempt()
    with pytest.raises(ValueError, match=r"^request: expected str as every name, found int$"):
        client.ivr.prepare({**document, 5: 5})
    assert sent == []


def test_what_xml_cannot_carry_stops_the_whole_launch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the last of several requests: none of them is sent."""
    monkeypatch.setattr(_prepared, "_MAX_DESTINATIONS", 1)
    client, sent = voice("xml")
    second = {**WHOLE_IVR["messages"][0], "callbackData": "\0", "destinations": [{"to": NUMBERS[2]}]}
    first = {"scenarioId": "s", "destinations": [{"to": NUMBERS[2]}]}
    with pytest.raises(ValueError, match=r"messages\[0\].callbackData: XML cannot carry the character U\+0000"):
        client.ivr.launch({"messages": [first, second]})
    assert sent == []


def test_the_texts_that_may_be_empty_are_those_of_the_contract() -> None:
    """Everything else refuses the empty text there: by a length or by its pattern."""
    contract = json.loads(resources.files("infobip_voice_schema").joinpath("openapi.json").read_text())
    schemas: dict[str, Any] = contract["components"]["schemas"]
    found: set[str] = set()
    for name in ("IvrLaunchRequest", "IvrMessage", "IvrDestination", "ClickToCallLaunchRequest", "ClickToCallMessage"):
        for member, schema in schemas[name]["properties"].items():
            rules = {**schemas.get(schema.get("$ref", "").rpartition("/")[2], {}), **schema}
            if rules.get("type") == "string" and "enum" not in rules and not rules.get("minLength"):
                found |= {attribute(member)} if re.search(rules["pattern"], "") else set()
    assert found == MAY_BE_EMPTY


# --- stored launches ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "text: this is not what `dumps` returned (JSONDecodeError"),
        ("[" * 100_000, "text: this is not what `dumps` returned (RecursionError"),
        (b"\xff\xfe\xff", "text: this is not what `dumps` returned (UnicodeDecodeError"),
        (5, "text: this is not what `dumps` returned (TypeError: the JSON object must be str, bytes or bytearray, not int)"),
        (None, "text: this is not what `dumps` returned (TypeError"),
        ('[{"bulkId": "a", "bulkId": "b"}]', "text: this is not what `dumps` returned (ValueError: a member comes twice"),
        ("{}", "text: expected a list, found dict"),
        ("[]", "text: must not be empty"),
        ("[[]]", "text[0]: expected an object, found list"),
        ("[{}]", "text[0].messages: expected a list, found nothing"),
        ('[{"messages": {}}]', "text[0].messages: expected a list, found dict"),
        ('[{"messages": [5]}]', "text[0].messages[0]: expected an object, found int"),
        ('[{"messages": [{"a": 1}]}]', "text[0].messages[0].from: expected str, found nothing"),
        (json.dumps([WHOLE_IVR, 5]), "text[1]: expected an object, found int"),
        (json.dumps([WHOLE_IVR, WHOLE_CLICK_TO_CALL]), "text[1].messages[0].scenarioId: expected str, found nothing"),
        (json.dumps([WHOLE_IVR, WHOLE_IVR]), "the message id 'one' comes twice"),
        (json.dumps([WHOLE_IVR, {**WHOLE_IVR, "bulkId": "b"}]), "requests: expected one kind and one bulk id, found several"),
        (json.dumps([{"messages": WHOLE_IVR["messages"]}]), "requests: an id is missing"),
        (json.dumps([{"bulkId": "b", "messages": [{"scenarioId": "s", "destinations": [{"to": "1"}]}]}]),
         "requests: an id is missing"),
    ],
)  # fmt: skip
def test_what_was_not_stored_by_dumps_is_refused_in_words(text: Any, message: str) -> None:
    """Never with a KeyError: 0."""
    with pytest.raises(ValueError, match=r".") as caught:
        Prepared.loads(text)
    assert str(caught.value).startswith(message)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 1) | st.floats(allow_nan=False) | st.sampled_from(["", "one", "true"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["messages", "to", "x", "scenarioId"]), inner)
    ),
    max_leaves=4,
)


@PROFILE
@given(st.sampled_from(list(REQUESTS)), st.data())
def test_a_stored_launch_that_was_damaged_is_itself_or_refused(operation: str, data: st.DataObject) -> None:
    """Whatever was changed in it, `loads` carries all of it or says in a ValueError why not."""
    document, _ = REQUESTS[operation]
    path = data.draw(st.sampled_from([path for path, _ in places([document])]))
    put_there = data.draw(JSON)
    damaged = changed([document], path, lambda _: put_there)
    text = json.dumps(damaged)
    try:
        assert json.loads(Prepared.loads(text).dumps()) == damaged
    except ValueError as error:
        assert re.match(r"text|requests|the message id", str(error)), error  # noqa: PT017
    with pytest.raises(ValueError, match=r"^text: this is not what `dumps` returned"):
        Prepared.loads(text[: data.draw(st.integers(0, len(text) - 1))] + "\0")


@pytest.mark.parametrize(
    ("requests", "message"),
    [
        ((), "requests: must not be empty"),
        ("ab", "requests: expected a list, found str"),
        (("ab",), "requests[0]: expected IvrLaunchRequest or ClickToCallLaunchRequest, found str"),
        ((IvrLaunchRequest([], "b"),), "requests[0].messages: must not be empty"),
    ],
)
def test_a_launch_put_together_by_hand_is_checked_too(requests: Any, message: str) -> None:
    """Its ids are what a second call is told by."""
    with pytest.raises(ValueError, match=re.escape(message)):
        Prepared(requests)


def test_a_launch_of_one_kind_is_not_sent_as_the_other() -> None:
    """A stored launch has no kind that a type checker sees."""
    client, sent = voice()
    ivr = Prepared.loads(client.ivr.prepare(WHOLE_IVR).dumps())
    for wrong, found in ((ivr, "IvrLaunchRequest"), (None, "NoneType"), ("text", "str")):
        message = f"^prepared: expected a prepared ClickToCallLaunchRequest, found {found}$"
        with pytest.raises(ValueError, match=message):
            client.click_to_call.send(wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^sent_before: expected bool, found str$"):
        client.ivr.send(ivr, sent_before="no")  # type: ignore[arg-type]
    assert sent == []


# --- the same call twice --------------------------------------------------------------------------

SAME = ["+41 79 302 67 27", NUMBERS[1], NUMBERS[0], IvrDestination("(+41) 79-302-67-27", "mine")]


def test_a_number_that_comes_twice_is_refused_with_its_places() -> None:
    """However it is written; `duplicates="call"` means it (ruling R23)."""
    client, sent = voice()
    with pytest.raises(ValueError, match=r".") as caught:
        client.ivr.launch(scenario_id="s", to=SAME)
    assert str(caught.value) == (
        "the same call twice, which only duplicates='call' allows: to[0] and to[2] and to[3] are *********27"
    )
    assert sent == []
    client.ivr.launch(scenario_id="s", to=SAME, duplicates="call")
    (message,) = json.loads(sent[0])["messages"]
    assert [each["to"] for each in message["destinations"]] == [NUMBERS[0], NUMBERS[1], NUMBERS[0], NUMBERS[0]]


def test_in_a_whole_request_a_number_may_come_once_in_a_message() -> None:
    """In two messages it is deliberate. A number that cannot be read is compared as written."""
    client, sent = voice()
    calls = [
        {"to": number} for number in (*NUMBERS, "a+41", f"+{NUMBERS[2]}", "a+41", f"00{NUMBERS[0]}", f"00{NUMBERS[0]}")
    ]
    twice = {"messages": [{"scenarioId": "s", "destinations": calls[:2]}, {"scenarioId": "s", "destinations": calls}]}
    models_of_it = IvrLaunchRequest.from_dict(twice)
    for request in (twice, models_of_it):
        with pytest.raises(ValueError, match=r".") as caught:
            client.ivr.prepare(request)
        assert "messages[0]" not in str(caught.value)
        for same in ("messages[1].destinations[2].to and messages[1].destinations[4].to are *********32",
                     "messages[1].destinations[3].to and messages[1].destinations[5].to are a+41",
                     "messages[1].destinations[6].to and messages[1].destinations[7].to are"):  # fmt: skip
            assert same in str(caught.value)
        assert client.ivr.prepare(request, duplicates="call").requests[0].messages[1].destinations[3].to == "a+41"
    client.ivr.launch({"messages": [{"scenarioId": each, "destinations": calls[:3]} for each in "ab"]})
    assert len(sent) == 1


def test_a_pair_that_comes_twice_is_refused_with_its_places() -> None:
    """The same A with the same B; the other way round they are called in another order."""
    client, sent = voice()
    numbers = [(0, 1), (1, 0), (0, 2), (0, 1)]
    messages = [
        {"from": "41793026700", "destinationA": NUMBERS[a], "destinationB": f"{'+' * at}{NUMBERS[b]}"}
        for at, (a, b) in enumerate(numbers)
    ]
    messages[3]["destinationB"] = f"+{NUMBERS[1]}"
    with pytest.raises(ValueError, match=re.escape("messages[0] and messages[3] are *********27 to *********31")):
        client.click_to_call.launch({"messages": messages})
    assert sent == []
    client.click_to_call.launch({"messages": messages[:3]})
    client.click_to_call.launch({"messages": messages}, duplicates="call")
    assert [len(json.loads(each)["messages"]) for each in sent] == [3, 4]


def test_a_refusal_of_many_duplicates_can_be_read() -> None:
    """Twenty numbers, and twenty places of each."""
    client, _ = voice()
    with pytest.raises(ValueError, match=r".") as caught:
        client.ivr.prepare(scenario_id="s", to=[str(41793026700 + number) for number in range(30)] * 25)
    assert len(str(caught.value)) < 12_000
    assert "to[570] and 5 more are *********00; to[1] and" in str(caught.value)
    assert str(caught.value).endswith("and 5 more are *********19; and 10 more")
