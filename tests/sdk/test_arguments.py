"""What a launch may be given: nothing is lost, no wrong type is sent, a refusal names a place."""

import inspect
import json
import pathlib
import pydoc
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta, timezone
from enum import Enum
from importlib import resources
from types import MappingProxyType
from typing import Any, get_overloads, get_type_hints
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from attrs import fields
from hypothesis import given, settings
from hypothesis import strategies as st

from infobip_voice import (
    ClickToCallOptions,
    ClientOptions,
    IvrOptions,
    Prepared,
    Redial,
    ReportsPending,
    VoiceClient,
    Window,
    _prepared,
)
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
    Voice,
)
from infobip_voice_wire import xml
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
    "notify_url": TEXT, "notify_content_type": TEXT, "redial": (Redial,), "ring_timeout": PERIOD, "call_timeout": PERIOD,
    "pause": PERIOD, "window": (Window,), "notify_content_version": WHOLE,
}  # fmt: skip
CLICK_TO_CALL: dict[str, tuple[type, ...]] = {
    "destination_a": TEXT, "destination_b": TEXT, "from_": TEXT, "from_b": TEXT, "message_id": TEXT, "text": TEXT,
    "language": TEXT, "audio_file_url": TEXT, "anonymization": TRUTH, "max_duration": PERIOD, "warning_time": PERIOD,
    "bulk_id": TEXT, "record": TRUTH, "notify_url": TEXT, "notify_content_type": TEXT, "redial": (Redial,),
    "voice": (Voice,), "machine_detection": TEXT, "window": (Window,), "notify_content_version": WHOLE,
}  # fmt: skip
NEEDED = {
    "ivr": {"scenario_id": "s", "to": NUMBERS[0]},
    "click_to_call": {"destination_a": NUMBERS[0], "destination_b": NUMBERS[1], "from_": NUMBERS[2]},
}
# One of every type that people hand in by mistake.
ODD = [
    "text", b"bytes", 5, 5.0, True, {"a": "b"}, ["text"], ("a", 1), {"set"}, timedelta(minutes=1), datetime(2026, 1, 1),
    SendingSpeed(1, "day"), Redial(), IvrDestination("41793026727"), object(), iter(()), time(6), Window(), Voice("male"),
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
        ({"to": "012"}, "to: '*12' is not a telephone number"),
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
        ({"notify_content_version": 3}, "notify_content_version: expected 1 or 2, found another int"),
        ({"notify_content_version": True}, "notify_content_version: expected 1 or 2, found bool"),
        ({"ring_timeout": timedelta(milliseconds=1500)}, "ring_timeout: 0:00:01.500000 is not a whole number of seconds"),
        ({"pause": 1.5}, "pause: expected timedelta or int, found float"),
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
        ("ivr", {"deliveryTimeWindow": 1}, "got an unexpected keyword argument 'deliveryTimeWindow'; did you mean 'window'?"),
        ("ivr", {"voice": 1}, "got an unexpected keyword argument 'voice'"),
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


# --- windows and what else is new in contract 1.1 -------------------------------------------------

WORKING = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]


@pytest.mark.parametrize(
    ("window", "sent_as"),
    [
        (Window(["SUNDAY"]), {"days": ["SUNDAY"]}),
        (Window(), {"days": [*WORKING, "SATURDAY", "SUNDAY"]}),
        (Window(tuple(WORKING), time(6), time(15, 30)),  # type: ignore[arg-type]
         {"days": WORKING, "from": {"hour": 6, "minute": 0}, "to": {"hour": 15, "minute": 30}}),
        (Window(["FRIDAY"], opens=time(22), closes=time(0)),
         {"days": ["FRIDAY"], "from": {"hour": 22, "minute": 0}, "to": {"hour": 0, "minute": 0}}),
        (Window(["FRIDAY"], opens=time(0, 1, tzinfo=UTC), closes=time(23, 59, tzinfo=ZoneInfo("UTC"))),
         {"days": ["FRIDAY"], "from": {"hour": 0, "minute": 1}, "to": {"hour": 23, "minute": 59}}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("operation", NEEDED)
@FORMATS
def test_a_window_is_sent_as_the_api_has_it(operation: str, window: Window, sent_as: Any, wire_format: str) -> None:
    """Both times or neither; a closing time before the opening one is the next morning."""
    client, sent = voice(wire_format)
    getattr(client, operation).launch(**NEEDED[operation], window=window)
    schema = "IvrLaunchRequest" if operation == "ivr" else "ClickToCallLaunchRequest"
    request = json.loads(sent[0]) if wire_format == "json" else xml.decode(sent[0], schema)
    assert request["messages"][0]["deliveryTimeWindow"] == sent_as


@pytest.mark.parametrize(
    ("window", "message"),
    [
        (Window(["Monday"]), "window.days[0]: expected 'FRIDAY' or 'MONDAY' or 'SATURDAY'"),  # type: ignore[list-item]
        (Window([0]), "window.days[0]: expected 'FRIDAY' or 'MONDAY' or 'SATURDAY'"),  # type: ignore[list-item]
        (Window([]), "window.days: must not be empty"),
        (Window("MONDAY"), "window.days: expected a list, found str"),  # type: ignore[arg-type]
        (Window(["MONDAY", "FRIDAY", "MONDAY"]), "window: days has MONDAY twice"),
        (Window(opens=time(6)), "window: opens and closes come together; leave both out for whole days"),
        (Window(closes=time(6)), "window: opens and closes come together; leave both out for whole days"),
        (Window(opens=time(6), closes=time(6, tzinfo=UTC)),
         "window: opens and closes are the same time; leave both out for whole days"),
        (Window(opens=time(6, 0, 1), closes=time(7)), "window: opens has seconds; a window opens and closes at whole minutes"),
        (Window(opens=time(6), closes=time(7, 0, 0, 1)), "window: closes has seconds;"),
        (Window(opens=time(6, tzinfo=ZoneInfo("Europe/Zurich")), closes=time(7)), "window: opens is in another zone than UTC"),
        (Window(opens=time(6), closes=time(7, tzinfo=timezone(timedelta(hours=1)))), "window: closes is in another zone than"),
        (Window(opens="06:00", closes=time(7)), "window.opens: expected time, found str"),  # type: ignore[arg-type]
        (Window(opens=datetime(2026, 1, 1, 6), closes=time(7)), "window.opens: expected time, found datetime"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_a_window_that_nobody_means_is_refused(window: Window, message: str) -> None:
    """In words, for either operation, before anything is sent."""
    client, sent = voice()
    for operation, needed in NEEDED.items():
        with pytest.raises(ValueError, match=re.escape(message)):
            getattr(client, operation).launch(**needed, window=window)
    assert sent == []


def test_the_members_of_contract_1_1_are_sent_as_given() -> None:
    """Periods as timedeltas or in seconds; none of them is sent if it was not given."""
    client, sent = voice()
    client.ivr.launch(
        scenario_id="s", to=NUMBERS[0], ring_timeout=timedelta(seconds=45), call_timeout=130, pause=timedelta(),
        notify_content_version=2,
    )  # fmt: skip
    client.click_to_call.launch(
        destination_a=NUMBERS[0], destination_b=NUMBERS[1], from_=NUMBERS[2], voice=Voice(name="Joanna"),
        machine_detection="hangup", notify_content_version=1,
    )  # fmt: skip
    client.ivr.launch(scenario_id="s", to=NUMBERS[0])
    client.click_to_call.launch(destination_a=NUMBERS[0], destination_b=NUMBERS[1], from_=NUMBERS[2])
    ivr, click, plain_ivr, plain_click = (json.loads(each)["messages"][0] for each in sent)
    ids = {"destinations", "messageId"}
    assert {name: ivr[name] for name in ivr.keys() - plain_ivr.keys()} == {
        "ringTimeout": 45, "callTimeout": 130, "pause": 0, "notifyContentVersion": 2,
    }  # fmt: skip
    assert {name: click[name] for name in click.keys() - plain_click.keys()} == {
        "voice": {"name": "Joanna"}, "machineDetection": "hangup", "notifyContentVersion": 1,
    }  # fmt: skip
    assert plain_ivr.keys() - ids == {"scenarioId"}
    assert plain_click.keys() - ids == {"destinationA", "destinationB", "from"}


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
WINDOW = {"days": ["MONDAY", "FRIDAY"], "from": {"hour": 6, "minute": 0}, "to": {"hour": 15, "minute": 30}}
WHOLE_IVR: dict[str, Any] = {
    "bulkId": "bulk",
    "messages": [
        {
            "scenarioId": "s", "from": "41793026700",
            "destinations": [{"to": NUMBERS[0], "messageId": "one"}, {"to": NUMBERS[1], "messageId": "two"}],
            "parameters": {"foo": "bar"}, "notifyUrl": "", "notifyContentType": "application/xml", "callbackData": "data",
            "validityPeriod": 720, "sendAt": "2016-07-07T17:00:00.000+01:00", "record": False, "retry": RETRY,
            "sendingSpeed": {"speed": 10, "timeUnit": "hour"}, "notifyContentVersion": 2, "ringTimeout": 45,
            "callTimeout": 130, "pause": 2, "deliveryTimeWindow": WINDOW,
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
            "warningTime": 5, "retry": RETRY, "notifyContentVersion": 1, "deliveryTimeWindow": WINDOW,
            "voice": {"gender": "female", "name": "Joanna"}, "machineDetection": "hangup",
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


def at(model: Any, path: Path) -> Any:
    """Return one place of a generated model, by its path in JSON."""
    for step in path:
        model = model[step] if isinstance(model, list | ScenarioParameters) else getattr(model, attribute(step))
    return model


def put(model: Any, path: Path, value: Any) -> None:
    """Set one place of a generated model, by its path in JSON."""
    *outer, last = path
    model = at(model, tuple(outer))
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
            model, models.CallRetry, models.DeliveryTimeWindow, models.TimeOfDay,
            *({IvrLaunchRequest: [IvrMessage, IvrDestination, SendingSpeed]}.get(model, [models.ClickToCallMessage, Voice])),
        ]  # fmt: skip
        for each in objects:
            names = {rendered((path[-1],)) for path, _ in places(document) if path}
            members = {one.name for one in fields(each)} - {"additional_properties"}
            assert {attribute(name) for name in names} >= members


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


# What JSON can say, and what becomes of it in XML: nothing of a null (contract, XML), else a text.
SCALARS = [("text", "text"), ("", ""), (5, "5"), (-1.5, "-1.5"), (True, "true"), (False, "false"), (None, None)]
STRUCTURES: list[Any] = [{"days": ["MONDAY"]}, {}, ["a", 1, None], [], [{"a": [[]]}], ("a",)]


@pytest.mark.parametrize(("operation", "path", "value"), OBJECTS)
def test_a_member_that_the_contract_does_not_know_is_carried(operation: str, path: Path, value: Any) -> None:
    """In every object, as a document, as models and stored: it is sent as it is (ruling R21)."""
    document, model = REQUESTS[operation]
    if path[-1:] == ("parameters",):  # they are the caller's own names, of texts
        return
    near = next(iter(value))
    for name in ("newMember", f"{near}x".upper()):
        for carried in [*(scalar for scalar, _ in SCALARS), *STRUCTURES]:
            with_it = changed(document, path, lambda old, name=name, carried=carried: {**old, name: carried})
            client, sent = voice()
            launches = getattr(client, operation)
            built = model.from_dict(document)
            at(built, path).additional_properties[name] = carried
            launches.launch(with_it)
            launches.launch(built)
            launches.send(Prepared.loads(launches.prepare(with_it).dumps()))
            expected = json.loads(json.dumps(with_it))
            assert [json.loads(each) for each in sent] == [expected] * 3


@pytest.mark.parametrize(("operation", "path", "value"), OBJECTS)
def test_in_xml_a_carried_value_is_text(operation: str, path: Path, value: Any) -> None:
    """A list or an object is refused by its path, since nobody can know its form (ruling R21)."""
    document, model = REQUESTS[operation]
    if path[-1:] == ("parameters",):
        return
    client, sent = voice("xml")
    launches = getattr(client, operation)
    for scalar, text in SCALARS:
        launches.launch(changed(document, path, lambda old, scalar=scalar: {**old, "newMember": scalar}))
        read = xml.decode(sent.pop(), model.__name__)
        for step in path:
            read = read[step]
        assert read.get("newMember") == text
    near = next(iter(value))
    for name, hint in (("newMember", ""), (f"{near}x".upper(), f"; did you mean '{near}'?")):
        for structure in STRUCTURES:
            wrong = changed(document, path, lambda old, name=name, structure=structure: {**old, name: structure})
            kind = "an object" if isinstance(structure, dict) else "a list"
            message = f"{rendered((*path, name))} is unknown, and so is the form of {kind} in XML{hint}"
            built = model.from_dict(document)
            at(built, path).additional_properties[name] = structure
            stored = Prepared.loads(json.dumps([wrong]))
            for attempt in (
                lambda wrong=wrong: launches.launch(wrong),
                lambda built=built: launches.prepare(built),
                lambda stored=stored: launches.send(stored),
            ):
                with pytest.raises(ValueError, match=r".") as caught:
                    attempt()
                assert str(caught.value) == message
    assert sent == []


def test_a_carried_member_of_an_option_is_carried_too() -> None:
    """The generated models among the options may have members that the contract does not know."""
    destination, speed = IvrDestination(NUMBERS[0], "one"), SendingSpeed(1, "day")
    destination["label"], speed["burst"] = "x", {"of": 2}
    client, sent = voice()
    client.ivr.launch(scenario_id="s", to=[destination], sending_speed=speed)
    (message,) = json.loads(sent[0])["messages"]
    assert message["destinations"] == [{"to": NUMBERS[0], "messageId": "one", "label": "x"}]
    assert message["sendingSpeed"] == {"speed": 1, "timeUnit": "day", "burst": {"of": 2}}
    client, sent = voice("xml")
    with pytest.raises(
        ValueError, match=r"^messages\[0\]\.sendingSpeed\.burst is unknown, and so is the form of an object"
    ):
        client.ivr.prepare(scenario_id="s", to=[destination], sending_speed=speed)


@pytest.mark.parametrize(
    ("carried", "place", "reason"),
    [
        (object(), "", "expected a JSON value, found object"),
        ({"a": [b""]}, ".a[0]", "expected a JSON value, found bytes"),
        ([{"a": datetime(2026, 1, 1)}], "[0].a", "expected a JSON value, found datetime"),
        ({1: 2}, "", "expected str as every name, found int"),
        ([float("nan")], "[0]", "a number must be finite"),
        ({"a": float("-inf")}, ".a", "a number must be finite"),
        (["\ud800"], "[0]", "has half of a character (a surrogate), which cannot be sent"),
        ({"\udfff": 1}, "", "has half of a character (a surrogate), which cannot be sent"),
    ],
)
def test_a_carried_value_that_json_cannot_say_is_refused(carried: Any, place: str, reason: str) -> None:
    """By its path, in a document and in a model."""
    client, sent = voice()
    built = IvrLaunchRequest.from_dict(WHOLE_IVR)
    built.messages[0]["new"] = carried
    for request in (changed(WHOLE_IVR, ("messages", 0), lambda old: {**old, "new": carried}), built):
        with pytest.raises(ValueError, match=r".") as caught:
            client.ivr.launch(request)
        assert str(caught.value) == f"messages[0].new{place}: {reason}"
    assert sent == []


def test_a_carried_member_does_not_stand_in_for_a_known_one() -> None:
    """`to_dict` would drop it for the model's own, or the SDK would for an id that it makes."""
    client, sent = voice()
    for name in ("scenarioId", "callbackData", "destinations"):
        built = IvrLaunchRequest.from_dict(WHOLE_IVR)
        built.messages[0][name] = "other"
        with pytest.raises(
            ValueError, match=rf"^messages\[0\]\.{name}: is a member of the model, and not one to carry"
        ):
            client.ivr.launch(built)
    built = IvrLaunchRequest.from_dict(WHOLE_IVR)
    built["bulkId"] = "other"
    with pytest.raises(ValueError, match=r"^bulkId: is a member of the model"):
        client.ivr.launch(built)
    assert sent == []


def test_all_that_xml_has_no_form_for_is_named() -> None:
    """Up to twenty; and of a required member that is only misspelt, that it is missing."""
    client, _ = voice("xml")
    with pytest.raises(ValueError, match=r"^a is unknown.*; b is unknown.*; messages\[0\].c is unknown"):
        client.ivr.prepare({"a": [], "b": {}, "messages": [{**WHOLE_IVR["messages"][0], "c": []}]})
    with pytest.raises(ValueError, match=r"n19 is unknown, and so is the form of a list in XML; and 5 more$"):
        client.ivr.prepare({**{f"n{number}": [] for number in range(25)}, **WHOLE_IVR})
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
    """Whatever is changed in it, however deep; destinations with an id of their own included."""
    for operation, (document, model) in REQUESTS.items():
        for path, value in places(document):
            client, _ = voice()
            request = model.from_dict({**document, "new": {"a": [1]}})
            prepared = getattr(client, operation).prepare(request)
            request["new"]["a"].append(2)
            if path and not isinstance(value, dict | list):
                put(request, path, "changed")
            assert prepared == Prepared((model.from_dict({**document, "new": {"a": [1]}}),))


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
    built = IvrLaunchRequest.from_dict(WHOLE_IVR)
    built["a"] = endless
    with pytest.raises(ValueError, match=r"^request: it nests too deeply$"):
        client.ivr.launch(built)
    with pytest.raises(TypeError, match=r"either a whole request or the arguments of one message \(to\)"):
        client.ivr.launch({}, to=None)  # type: ignore[call-overload]
    assert sent == []


@FORMATS
@pytest.mark.parametrize(
    ("made", "words"),
    [
        (uuid4, "expected str, found UUID"),
        (lambda: 5, "expected str, found int"),
        (lambda: None, "expected str, found None"),
        (lambda: "", "must not be empty"),
        (lambda: "\udfff", "has half of a character"),
    ],
)
def test_a_function_that_makes_no_ids(made: Any, words: str, wire_format: Any, tmp_path: pathlib.Path) -> None:
    """Nothing is sent under a name that nobody knows, and no spool has one."""
    nobody = Nobody()
    client = VoiceClient(
        base_url="http://host", api_key="k", http_client=httpx.Client(transport=nobody), wire_format=wire_format,
        new_id=made,
    )  # fmt: skip
    for use in (
        lambda: client.ivr.launch(scenario_id="s", to=NUMBERS[0]),
        lambda: client.click_to_call.launch(destination_a=NUMBERS[0], destination_b=NUMBERS[1], from_=NUMBERS[2]),
        lambda: next(client.reports.drain(tmp_path / "spool")),
    ):
        with pytest.raises(ValueError, match=f"^new_id: {words}"):
            use()
    assert nobody.sent == []


def named(value: Any) -> Any:
    """The same value in an enumeration, where `str` of it is its name."""
    kind: Any = str if isinstance(value, str) else int
    return Enum("Names", {"NAME": value}, type=kind).NAME


@FORMATS
def test_what_an_enumeration_has_is_sent_and_not_its_name(wire_format: Any) -> None:
    """In a body, in a query and in the credentials."""

    def sent(of: Callable[[Any], Any]) -> list[tuple[str, str, bytes]]:
        found: list[tuple[str, str, bytes]] = []

        def answer(request: httpx.Request) -> httpx.Response:
            found.append((str(request.url), request.headers["authorization"], request.read()))
            return httpx.Response(200, json={"messages": []} if request.method == "POST" else {"results": []})

        for credentials in ({"api_key": of("key")}, {"username": of("user"), "password": of("word")}):
            client = VoiceClient(
                base_url="http://host", http_client=httpx.Client(transport=httpx.MockTransport(answer)),
                wire_format=of(wire_format), new_id=lambda: "id", clock=Clock(), sleep=lambda _: None, **credentials,
            )  # fmt: skip
            client.ivr.launch(
                scenario_id=of("S"), to=of(NUMBERS[0]), from_=of(NUMBERS[1]), bulk_id=of("b"), pause=of(2),
                parameters={"name": of("Ann")}, notify_content_version=of(2), window=Window([of("MONDAY")]),
                redial=Redial(of(1), of(2), of(3)), sending_speed=SendingSpeed(of(10), "hour"),
            )  # fmt: skip
            client.click_to_call.launch(
                {
                    "bulkId": of("b"),
                    "messages": [
                        {"from": of(NUMBERS[0]), "destinationA": of(NUMBERS[1]), "destinationB": of(NUMBERS[2]), "new": of(7)}
                    ],
                }
            )  # fmt: skip
            client.reports.fetch(limit=of(7), bulk_id=of("b"), message_id=of("m"))
            list(client.reports.drain(None, limit=of(7), bulk_id=of("b")))
            with pytest.raises(ReportsPending):
                client.reports.wait_for([of("m")], timeout=0)
        return found

    assert sent(named) == sent(lambda value: value)


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


OLD = [  # as the package stored them under contract 1.0, with the defaults of its models
    '[{"messages":[{"scenarioId":"s","destinations":[{"to":"41793026727","messageId":"one"}],"validityPeriod":2880,'
    '"retry":{"minPeriod":1,"maxPeriod":5,"maxCount":4}}],"bulkId":"bulk"}]',
    '[{"messages":[{"from":"41793026700","destinationA":"41793026727","destinationB":"41793026731","messageId":"two",'
    '"text":"hello","language":"en","record":"true","anonymization":false}],"bulkId":"bulk2"}]',
]


@pytest.mark.parametrize("text", OLD)
def test_what_an_earlier_version_stored_is_sent_as_it_is(text: str) -> None:
    """A launch that was prepared before an update still goes out, with the same ids and members."""
    client, sent = voice()
    prepared = Prepared.loads(text)
    (client.ivr if "scenarioId" in text else client.click_to_call).send(prepared)
    assert [json.loads(each) for each in sent] == json.loads(text)
    assert prepared.dumps() == text


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
