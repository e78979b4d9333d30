"""What a launch sends, when it is repeated, and what the caller learns."""

import asyncio
import json
import pickle
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from importlib import resources
from itertools import count
from typing import Any

import httpx
import pytest

from infobip_voice import (
    NO_RETRIES,
    Attempt,
    BadRequest,
    Budget,
    LaunchUncertain,
    LaunchUnreadable,
    NotSent,
    Prepared,
    Redial,
    Refused,
    Throttled,
    Unauthorized,
    VoiceClient,
    VoiceError,
)
from infobip_voice_client.models import (
    ClickToCallLaunchRequest,
    ClickToCallMessage,
    IvrDestination,
    IvrLaunchRequest,
    IvrMessage,
    SendingSpeed,
)
from sdk.clients import BOTH, Clock, client, settings, settle
from sdk.lossy_server import LossyServer, answer, lossy_server

IDS = {"destination_a": "41793026727", "destination_b": "41793026731", "from_": "41793026700"}


def numbered() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"id-{next(numbers)}"


def sent(body: bytes) -> Any:
    return json.loads(body)


def launched(**options: Any) -> Any:
    """Launch an IVR and return the one message that the server saw."""
    with lossy_server() as server, VoiceClient(**settings(server.url, new_id=numbered())) as voice:
        voice.ivr.launch(**{"scenario_id": "s", "to": "41793026727", **options})
        (request,) = server.seen
        (message,) = sent(request.body)["messages"]
        return message


def test_what_is_not_given_is_not_sent() -> None:
    """The generated models' defaults are not sent: the platform uses its own."""
    expected = {"scenarioId": "s", "destinations": [{"to": "41793026727", "messageId": "id-1"}]}
    assert launched() == expected
    assert launched(validity_period=None, from_=None, redial=None) == expected
    assert launched(from_=None, callback_data="mine") == {**expected, "callbackData": "mine"}


def test_numbers_times_and_periods_as_people_write_them() -> None:
    """Numbers are normalised, datetimes keep their offset, timedeltas become minutes."""
    message = launched(
        to=["+41 79 302-67-27", IvrDestination("(+41) 79 302 67 31", "mine")],
        from_="+385 98/111.222",
        parameters={"foo": "bär"},
        validity_period=timedelta(hours=12),
        send_at=datetime(2016, 7, 7, 17, 0, tzinfo=timezone(timedelta(hours=1))),
        sending_speed=SendingSpeed(10, "hour"),
        record=False,
        redial=Redial(min_period=1, max_period=timedelta(minutes=5), max_count=3),
        notify_url="",
        notify_content_type="application/xml",
        callback_data="data",
    )
    assert message == {
        "scenarioId": "s",
        "destinations": [{"to": "41793026727", "messageId": "id-1"}, {"to": "41793026731", "messageId": "mine"}],
        "from": "38598111222",
        "parameters": {"foo": "bär"},
        "validityPeriod": 720,
        "sendAt": "2016-07-07T17:00:00.000+01:00",
        "sendingSpeed": {"speed": 10, "timeUnit": "hour"},
        "record": False,
        "retry": {"minPeriod": 1, "maxPeriod": 5, "maxCount": 3},
        "notifyUrl": "",
        "notifyContentType": "application/xml",
        "callbackData": "data",
    }


def test_a_part_of_redial_stays_a_part() -> None:
    """A member that the caller left out is not sent as the generated model's default."""
    assert launched(redial=Redial(max_count=2))["retry"] == {"maxCount": 2}
    assert launched(redial=Redial())["retry"] == {}


@pytest.mark.parametrize(
    "options",
    [
        {"to": "0793026727"},
        {"to": []},
        {"from_": "123456789012345"},
        {"send_at": datetime(2016, 7, 7, 17, 0)},
        {"validity_period": timedelta(seconds=90)},
        {"to": [IvrDestination("41793026727", "same"), IvrDestination("41793026731", "same")]},
    ],
)
def test_what_cannot_be_sent_is_refused_before_it_is_sent(options: dict[str, Any]) -> None:
    """A bad number, time or period, nobody to call, an id twice: ValueError, no request."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        with pytest.raises(ValueError, match=r".") as caught:
            voice.ivr.launch(**{"scenario_id": "s", "to": "41793026727", **options})
        assert "41793026727" not in str(caught.value)
        assert server.seen == []


def test_click_to_call_sends_what_is_given() -> None:
    """A and B and periods are sent; a language or anonymization that nobody gave is not."""
    with lossy_server() as server, VoiceClient(**settings(server.url, new_id=numbered())) as voice:
        voice.click_to_call.launch(**IDS)
        voice.click_to_call.launch(
            **IDS, from_b="41793026701", text="t", language="de", anonymization=True, max_duration=timedelta(minutes=1),
            warning_time=5, message_id="mine", bulk_id="bulk", redial=Redial(1, 5, 4), record=True,
        )  # fmt: skip
        first, second = (sent(request.body) for request in server.seen)
    flat = {"destinationA": "41793026727", "destinationB": "41793026731", "from": "41793026700"}
    assert first == {"bulkId": "id-2", "messages": [{**flat, "messageId": "id-1"}]}
    assert second == {
        "bulkId": "bulk",
        "messages": [
            {
                **flat, "fromB": "41793026701", "text": "t", "language": "de", "anonymization": True, "maxDuration": 60,
                "warningTime": 5, "messageId": "mine", "retry": {"minPeriod": 1, "maxPeriod": 5, "maxCount": 4},
                "record": True,
            }
        ],
    }  # fmt: skip


XML_LAUNCHES = {
    "ivr": (
        {"scenario_id": "s", "to": "41793026727", "bulk_id": "bulk"},
        "/voice/ivr/1/messages",
        b"<request><bulkId>bulk</bulkId><messages><messages><scenarioId>s</scenarioId><destinations><destinations>"
        b"<to>41793026727</to><messageId>id-1</messageId></destinations></destinations></messages></messages></request>",
    ),
    "click_to_call": (
        {**IDS, "bulk_id": "bulk"},
        "/voice/ctc/1/send",
        b"<request><bulkId>bulk</bulkId><messages><messages><messageId>id-1</messageId><from>41793026700</from>"
        b"<destinationA>41793026727</destinationA><destinationB>41793026731</destinationB></messages></messages></request>",
    ),
}


@pytest.mark.parametrize("operation", XML_LAUNCHES)
def test_a_client_of_xml_sends_and_reads_xml(operation: str) -> None:
    """The body has the names of the contract; the answer is asked for in XML and read from it."""
    options, path, body = XML_LAUNCHES[operation]
    with lossy_server() as server, VoiceClient(**settings(server.url, wire_format="xml", new_id=numbered())) as voice:
        launch = getattr(voice, operation).launch(**options)
        (request,) = server.seen
    assert (request.method, request.target, request.body) == ("POST", path, body)
    assert {request.headers[name] for name in ("content-type", "accept")} == {"application/xml"}
    assert [(entry.message_id, entry.status.name) for entry in launch.messages] == [("id-1", "PENDING_ACCEPTED")]


@pytest.mark.parametrize(
    ("operation", "request_", "reason"),
    [
        ("ivr", {"messages": [{"scenarioId": "s", "destinations": [{"to": "41793026727"}], "callbakData": ["a"]}]},
         "messages[0].callbakData is unknown, and so is the form of a list in XML; did you mean 'callbackData'?"),
        ("click_to_call", {"messages": [{"from": "41793026700", "destinationA": "41793026727",
                                         "destinationB": "41793026731", "txt": {}}]},
         "messages[0].txt is unknown, and so is the form of an object in XML; did you mean 'text'?"),
    ],
)  # fmt: skip
def test_what_was_prepared_for_json_may_have_no_form_in_xml(operation: str, request_: Any, reason: str) -> None:
    """A stored launch that a client of XML is to send is refused by the client, and not sent."""
    with lossy_server() as server:
        with VoiceClient(**settings(server.url)) as voice:
            prepared = getattr(voice, operation).prepare(request_)
        options = settings(server.url, wire_format="xml")
        with VoiceClient(**options) as voice, pytest.raises(ValueError, match=r".") as caught:
            getattr(voice, operation).send(prepared)
        assert str(caught.value) == reason
        assert server.seen == []


def test_whole_requests_are_sent_as_they_are() -> None:
    """Models get missing ids and no default; the caller's objects do not change."""
    ivr = IvrLaunchRequest([IvrMessage("s", [IvrDestination("41793026727"), IvrDestination("41793026731", "mine")])])
    ctc = ClickToCallLaunchRequest([ClickToCallMessage("41793026700", "41793026727", "41793026731")], "bulk")
    with lossy_server() as server, VoiceClient(**settings(server.url, new_id=numbered())) as voice:
        assert voice.ivr.launch(ivr).bulk_id == "id-2"
        voice.click_to_call.launch(ctc)
        first, second = (sent(request.body) for request in server.seen)
        with pytest.raises(TypeError, match="either"):
            voice.ivr.launch(ivr, scenario_id="s")  # type: ignore[call-overload]
    assert first["messages"][0].keys() == {"scenarioId", "destinations"}
    assert [call["messageId"] for call in first["messages"][0]["destinations"]] == ["id-1", "mine"]
    assert second["messages"][0].keys() == {"from", "destinationA", "destinationB", "messageId"}
    assert not ivr.bulk_id
    assert not ivr.messages[0].destinations[0].message_id


def test_large_launches_are_split_under_one_bulk_id() -> None:
    """A request has at most 20,000 destinations, each once, in order; pacing forbids a split."""
    voice = VoiceClient(**settings("http://127.0.0.1:9", new_id=numbered()))
    destinations = [IvrDestination(str(41790000000 + number)) for number in range(45_000)]
    prepared = voice.ivr.prepare(scenario_id="s", to=destinations, callback_data="c")
    sizes = [[len(message.destinations) for message in request.messages] for request in prepared.requests]
    assert sizes == [[20_000], [20_000], [5_000]]
    assert {request.bulk_id for request in prepared.requests} == {prepared.bulk_id}
    numbers = [
        call.to for request in prepared.requests for message in request.messages for call in message.destinations
    ]
    assert numbers == [call.to for call in destinations]
    assert len(set(prepared.message_ids)) == 45_000
    assert all(request.messages[0].callback_data == "c" for request in prepared.requests)
    with pytest.raises(ValueError, match="batches"):
        voice.ivr.prepare(scenario_id="s", to=destinations, sending_speed=SendingSpeed(10, "hour"))
    several = IvrLaunchRequest([IvrMessage("a", destinations[:15_000]), IvrMessage("b", destinations[:5_000]),
                                IvrMessage("c", destinations[:1])])  # fmt: skip
    sizes = [[len(m.destinations) for m in request.messages] for request in voice.ivr.prepare(several).requests]
    assert sizes == [[15_000, 5_000], [1]]


def test_a_request_holds_as_many_destinations_as_the_contract_allows() -> None:
    """The SDK's limit is the contract's `maxItems`: one destination more makes a second request."""
    contract = json.loads(resources.files("infobip_voice_schema").joinpath("openapi.json").read_text())
    limit = contract["components"]["schemas"]["IvrMessage"]["properties"]["destinations"]["maxItems"]
    destinations = [IvrDestination(str(41790000000 + number)) for number in range(limit + 1)]
    voice = VoiceClient(**settings("http://127.0.0.1:9", new_id=numbered()))
    prepared = voice.ivr.prepare(scenario_id="s", to=destinations)
    assert [len(request.messages[0].destinations) for request in prepared.requests] == [limit, 1]


def test_a_prepared_launch_survives_storage() -> None:
    """What is stored is what is sent, for both kinds; its repr shows no telephone number."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        ivr = voice.ivr.prepare(scenario_id="s", to=["41793026727"])
        ctc = voice.click_to_call.prepare(**IDS)
        assert Prepared.loads(ivr.dumps()) == ivr
        assert Prepared.loads(ctc.dumps()) == ctc
        assert "41793026727" not in repr(ivr)
        launch = voice.ivr.send(Prepared.loads(ivr.dumps()))
        assert server.launched == list(ivr.message_ids)
    assert [entry.message_id for entry in launch.messages] == list(ivr.message_ids)
    assert repr(launch) == f"Launch(bulk_id={ivr.bulk_id!r}, calls=1, rejected=0)"


@pytest.mark.parametrize("kind", BOTH)
def test_an_opted_in_repeat_keeps_the_ids(kind: str) -> None:
    """The repeat is rejected as a duplicate: the first request went through."""

    async def scenario(url: str, **options: Any) -> Any:
        async with client(kind, url) as voice:
            return await settle(voice.ivr.launch(scenario_id="s", to=["41793026727", "41793026731"], **options))

    with lossy_server() as server:
        server.script.append("drop")
        launch = asyncio.run(scenario(server.url, repeat_uncertain=True))
        first, second = server.seen
    assert first.body == second.body
    assert launch.went_through_before == frozenset(server.launched)
    assert len(server.launched) == 2
    assert launch.rejected == []
    assert [entry.message_id for entry in launch.accepted] == server.launched


def test_a_duplicate_without_a_repeat_is_a_rejection() -> None:
    """It is not one if the caller says that the launch was sent before."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        prepared = voice.ivr.prepare(scenario_id="s", to="41793026727")
        voice.ivr.send(prepared)
        assert [entry.message_id for entry in voice.ivr.send(prepared).rejected] == list(prepared.message_ids)
        again = voice.ivr.send(prepared, sent_before=True)
    assert again.rejected == []
    assert again.went_through_before == frozenset(prepared.message_ids)


def test_only_what_is_in_use_went_through_before() -> None:
    """Of a launch that was sent before, a call that is accepted now is a new one."""
    with lossy_server() as server, VoiceClient(**settings(server.url, new_id=numbered())) as voice:
        voice.ivr.launch(
            {"messages": [{"scenarioId": "s", "destinations": [{"to": "41793026727", "messageId": "old"}]}]}
        )
        to = [IvrDestination("41793026727", "old"), "41793026731"]
        prepared = voice.ivr.prepare(scenario_id="s", to=to, bulk_id="bulk")
        launch = voice.ivr.send(prepared)
        assert ([each.message_id for each in launch.rejected], launch.went_through_before) == (["old"], frozenset())
        assert repr(launch) == "Launch(bulk_id='bulk', calls=2, rejected=1)"
        renewed = voice.ivr.prepare(scenario_id="s", to=[*to, "41793026732"])
        assert voice.ivr.send(renewed, sent_before=True).went_through_before == frozenset({"old"})


def test_calls_that_the_answer_leaves_out_are_named() -> None:
    """The launch was accepted, but nobody knows whether these calls are made.

    The IVR answer in the documentation has an entry too few.
    """
    status = {"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED", "description": "d"}
    body = json.dumps({"messages": [{"to": "41793026731", "messageId": "id-2", "status": status}]}).encode()
    with lossy_server() as server, VoiceClient(**settings(server.url, new_id=numbered())) as voice:
        server.script.append(answer(body))
        launch = voice.ivr.launch(scenario_id="s", to=["41793026727", "41793026731", "41793026732"])
        assert launch.unlisted == ("id-1", "id-3")
        assert voice.ivr.launch(scenario_id="s", to="41793026727").unlisted == ()


ACCEPTED = {"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED", "description": "d"}
DUPLICATE = {**ACCEPTED, "groupId": 5, "groupName": "REJECTED", "id": 23, "name": "REJECTED_DUPLICATE_MESSAGE_ID"}


@pytest.mark.parametrize(
    ("bulk", "names", "accepted", "others"),
    [
        ("bulk", ["id-1", "id-2"], ["id-1", "id-2"], []),
        (None, ["id-1"], ["id-1"], []),
        ("", ["id-1"], ["id-1"], []),
        ("bulk", ["id-2", "stranger"], ["id-2"], ["stranger"]),
        ("bulk", ["stranger", "other"], [], ["stranger", "other"]),
        ("another", ["id-1", "id-2"], [], ["id-1", "id-2"]),
        (5, ["id-1"], [], ["id-1"]),
        ("bulk", ["id-3", None, "", [], {}, 1, True], [], ["id-3", None, "", [], {}, 1, True]),
        ("bulk", [], [], []),
    ],
)
def test_an_answer_about_other_calls_accepts_none_of_ours(
    bulk: Any, names: list[Any], accepted: list[str], others: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    """An entry with another id, none or another bulk id is in `others`; ours are `unlisted`."""
    entries = [{"to": "41793026727", "messageId": name, "status": ACCEPTED} for name in names]
    with lossy_server() as server, VoiceClient(**settings(server.url, new_id=numbered())) as voice:
        server.script.append(answer(json.dumps({"bulkId": bulk, "messages": entries}).encode()))
        launch = voice.ivr.launch(scenario_id="s", to=["41793026727", "41793026731"], bulk_id="bulk")
    assert [entry.message_id for entry in launch.messages] == accepted
    assert [entry.message_id for entry in launch.accepted] == accepted
    assert [entry.message_id for entry in launch.others] == others
    assert launch.unlisted == tuple(name for name in ("id-1", "id-2") if name not in accepted)
    assert launch.message_ids == ("id-1", "id-2")
    warning = f"bulk=bulk: {len(others)} entries of the answer are of other calls"
    assert caplog.messages == ([warning] if others else [])


def test_a_stranger_is_neither_rejected_nor_a_duplicate_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a launch of several requests an entry counts only in the answer to its own request."""
    monkeypatch.setattr("infobip_voice._prepared._MAX_DESTINATIONS", 1)
    entries = [{"to": "41793026727", "messageId": name, "status": DUPLICATE} for name in ("id-1", "id-2", "stranger")]
    body = json.dumps({"messages": entries}).encode()
    with lossy_server() as server, VoiceClient(**settings(server.url, new_id=numbered())) as voice:
        server.script.extend([answer(body), answer(b'{"messages": []}')])
        prepared = voice.ivr.prepare(scenario_id="s", to=["41793026727", "41793026731"])
        launch = voice.ivr.send(prepared, sent_before=True)
        server.script.append(answer(body))
        again = voice.ivr.launch(scenario_id="s", to="41793026732", bulk_id="b")
    assert [len(response.messages) for response in launch.responses] == [3, 0]
    assert launch.went_through_before == frozenset({"id-1"})
    assert [entry.message_id for entry in launch.others] == ["id-2", "stranger"]
    assert launch.unlisted == ("id-2",)
    assert (again.rejected, again.accepted, len(again.others)) == ([], [], 3)


def test_an_insistent_launch_still_ends() -> None:
    """The budget bounds the repeats; then the launch is uncertain."""
    clock = Clock()
    with lossy_server() as server:
        server.script.extend(["drop"] * 5)
        with VoiceClient(sleep=clock.sleep, **settings(server.url, clock=clock)) as voice:
            with pytest.raises(LaunchUncertain, match=r"^click_to_call\.launch: "):
                voice.click_to_call.launch(**IDS, repeat_uncertain=True)
            assert len(server.seen) == 3
    assert clock.slept == [0.25, 0.5]


@pytest.mark.parametrize("last", [401, 429, 302])
def test_a_refusal_after_an_attempt_without_a_verdict_does_not_say_that_nothing_happened(last: int) -> None:
    """The first attempt may have dialled: the launch is uncertain whatever came of the second."""
    with lossy_server() as server:
        options = settings(server.url, budget=Budget(attempts=2))
        with VoiceClient(sleep=Clock().sleep, **options) as voice:
            server.script.extend(["drop", answer(b"", "text/plain", last)])
            with pytest.raises(LaunchUncertain, match="an earlier attempt had no verdict") as caught:
                voice.ivr.launch(scenario_id="s", to="41793026727", repeat_uncertain=True)
    assert caught.value.status == last
    assert len(caught.value.message_ids) == 1


def test_of_a_split_launch_the_error_says_what_went_before_and_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The requests after the one that failed are not sent; the error holds them."""
    monkeypatch.setattr("infobip_voice._prepared._MAX_DESTINATIONS", 2)
    with lossy_server() as server, VoiceClient(**settings(server.url, new_id=numbered())) as voice:
        server.script.extend(["ok", "drop"])
        with pytest.raises(LaunchUncertain) as caught:
            voice.ivr.launch(scenario_id="s", to=[str(41793026700 + number) for number in range(5)])
        error = caught.value
        assert [entry.message_id for response in error.accepted for entry in response.messages] == ["id-1", "id-2"]
        assert error.message_ids == ("id-3", "id-4")
        assert error.unsent is not None
        assert error.unsent.message_ids == ("id-5",)
        voice.ivr.send(error.unsent)
        assert server.launched == ["id-1", "id-2", "id-3", "id-4", "id-5"]


class _Scripted(httpx.BaseTransport):
    """A platform that does one thing after the other, and accepts what comes then."""

    def __init__(self, *script: int | Exception) -> None:
        self._script = list(script)
        self.called: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        step = self._script.pop(0) if self._script else 200
        if isinstance(step, Exception):
            raise step  # before anybody has read the request
        document = json.loads(request.read())
        if step == 200:
            self.called += [call["messageId"] for call in document["messages"][0]["destinations"]]
        return httpx.Response(step, json={"messages": []})


@pytest.mark.parametrize(
    ("then", "kind", "words"),
    [
        (httpx.ConnectError("gone"), NotSent, "no connection: ConnectError: gone ("),
        (401, Unauthorized, "The request had no effect. Check the username"),
        (429, Throttled, "The request had no effect. Send it again later."),
    ],
)
def test_of_a_split_launch_the_error_does_not_say_that_nothing_happened(
    then: int | Exception, kind: type[VoiceError], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the request that failed had no effect. What is left is sent as it is, and nobody is
    called twice."""
    monkeypatch.setattr("infobip_voice._prepared._MAX_DESTINATIONS", 2)
    platform = _Scripted(200, then)
    options: dict[str, Any] = {"base_url": "http://host", "api_key": "k", "budget": NO_RETRIES, "new_id": numbered()}
    with VoiceClient(http_client=httpx.Client(transport=platform), **options) as voice:
        with pytest.raises(kind) as caught:
            voice.ivr.launch(scenario_id="s", to=[str(41793026700 + number) for number in range(5)])
        error = caught.value
        assert words in str(error)
        assert "nothing happened" not in str(error)
        assert "1 request(s) of this launch were accepted before that one" in str(error)
        assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301  our own bytes
        assert error.unsent is not None
        assert error.unsent.message_ids == ("id-3", "id-4", "id-5")
        voice.ivr.send(error.unsent)
    assert platform.called == ["id-1", "id-2", "id-3", "id-4", "id-5"]


@pytest.mark.parametrize(
    ("script", "calls", "left", "advice"),
    [
        ([401], 2, None, ""),  # one request: it can be launched again
        ([401], 3, ("id-1", "id-2", "id-3"), ""),
        ([200, httpx.ConnectError("gone")], 3, ("id-3",), "1 request(s) of this launch"),
        ([200, httpx.ReadError("cut")], 3, None, LaunchUncertain.advice + " 1 request(s) of this launch"),
    ],
)
def test_what_is_left_of_a_launch(
    script: list[int | Exception],
    calls: int,
    left: tuple[str, ...] | None,
    advice: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a launch in several requests, what had no effect; of one in a single request, nothing."""
    monkeypatch.setattr("infobip_voice._prepared._MAX_DESTINATIONS", 2)
    options: dict[str, Any] = {"base_url": "http://host", "api_key": "k", "budget": NO_RETRIES, "new_id": numbered()}
    platform = _Scripted(*script)
    voice = VoiceClient(http_client=httpx.Client(transport=platform), **options)
    with voice, pytest.raises(VoiceError) as caught:
        voice.ivr.launch(scenario_id="s", to=[str(41793026700 + number) for number in range(calls)])
    found = caught.value.unsent
    assert (found.message_ids if found else None) == left
    assert caught.value.advice.startswith(advice)
    if advice:
        assert caught.value.advice.endswith("to be sent.")


def test_throttling_is_waited_out() -> None:
    """429 had no effect: the request goes out again after `Retry-After`, plus jitter."""
    clock = Clock()
    busy = answer(b"", "text/plain", 429, "Retry-After: 7")
    with lossy_server() as server, VoiceClient(sleep=clock.sleep, **settings(server.url, clock=clock)) as voice:
        server.script.append(busy)
        voice.ivr.launch(scenario_id="s", to="41793026727")
        assert clock.slept == [7.25]
        assert server.seen[0].body == server.seen[1].body
        server.script.extend([busy] * 3)
        with pytest.raises(Throttled) as caught:
            voice.ivr.launch(scenario_id="s", to="41793026727")
    assert caught.value.retry_after == 7.0


def test_nobody_listens() -> None:
    """A refused connection carried no request: try again, then say that it was not sent."""
    clock = Clock()
    with lossy_server() as server:
        url = server.url
    with VoiceClient(sleep=clock.sleep, **settings(url, clock=clock)) as voice, pytest.raises(NotSent) as caught:
        voice.ivr.launch(scenario_id="s", to="41793026727")
    assert clock.slept == [0.25, 0.5]
    assert not caught.value.sent
    assert len(caught.value.message_ids) == 1


PROBLEM = {"requestError": {"serviceException": {"messageId": "BAD_REQUEST", "text": "Bad Request"}}}
VIOLATIONS = {"messages[0].destinations[1].to": ["must be 5 to 15 digits", "no 41793026727"], "bulkid": ["unknown"]}


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (
            json.dumps(
                {"requestError": {"serviceException": {**PROBLEM["requestError"]["serviceException"],
                                                       "validationErrors": VIOLATIONS}}}
            ).encode(),
            "application/json",
        ),
        (
            b"<requestError><serviceException><messageId>BAD_REQUEST</messageId><text>Bad Request</text><validationErrors>"
            b'<validationError path="messages[0].destinations[1].to"><text>must be 5 to 15 digits</text>'
            b'<text>no 41793026727</text></validationError><validationError path="bulkid"><text>unknown</text>'
            b"</validationError></validationErrors></serviceException></requestError>",
            "application/xml; charset=UTF-8",
        ),
    ],
)  # fmt: skip
def test_a_refusal_lists_every_violation(body: bytes, media_type: str) -> None:
    """Violations come by path, from JSON and XML. The text masks numbers; attributes do not."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        server.script.append(answer(body, media_type, 400))
        with pytest.raises(BadRequest) as caught:
            voice.ivr.launch(scenario_id="s", to="41793026727")
    error = caught.value
    assert (error.code, error.status, error.body) == ("BAD_REQUEST", 400, body)
    assert error.violations == VIOLATIONS
    assert "messages[0].destinations[1].to: must be 5 to 15 digits" in str(error)
    assert "no *********27" in str(error)


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (401, Unauthorized, b"<html>proxy</html>"),
        (302, Refused, b""),
        (413, Refused, b"[]"),
        (405, Refused, b'{"requestError": null}'),
        (406, Refused, b'{"requestError": {"serviceException": {"validationErrors": {"a": 1}}}}'),
        (415, Refused, b'{"requestError": {"serviceException": {"messageId": null, "text": 5}}}'),
    ],
)
def test_refusals_without_the_documented_body_are_refusals(status: int, kind: type[Refused], body: bytes) -> None:
    """A proxy's page, a redirect or nonsense: a typed error with the bytes."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        server.script.append(answer(body, "application/json", status, "Location: /elsewhere"))
        with pytest.raises(kind) as caught:
            voice.ivr.launch(scenario_id="s", to="41793026727")
        assert len(server.seen) == 1
    assert caught.value.body == body
    assert caught.value.headers["location"] == "/elsewhere"
    assert (caught.value.code, caught.value.violations) == ("", {})


@pytest.mark.parametrize(
    ("body", "more", "reason"),
    [
        (b"", (), "JSONDecodeError: "),
        (b"[]", (), "KeyError: 'messages'"),
        (b"null", (), "TypeError: "),
        (b'{"messages": null}', (), "TypeError: "),
        (b'{"messages": [{"to": "1"}]}', (), "KeyError: 'status'"),
        (json.dumps(PROBLEM).encode(), (), "KeyError: 'messages'"),
        (b"\x0b\x80", ("Content-Encoding: br",), "ValueError: "),
        (b"no gzip", ("Content-Encoding: gzip",), "ValueError: "),
        (b"[" * 100_000, (), "ValueError: "),
        (b'{"messages": [], "x": 1e9999999999999999999}', (), "ValueError: "),
    ],
)
def test_accepted_and_not_understood(body: bytes, more: tuple[str, ...], reason: str) -> None:
    """A 2xx that cannot be read is an accepted launch: an error with the bytes, no repeat."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        server.script.append(answer(body, "application/json", 200, *more))
        with pytest.raises(LaunchUnreadable, match=re.escape(f"the answer cannot be understood ({reason}")) as caught:
            voice.ivr.launch(scenario_id="s", to="41793026727", repeat_uncertain=True)
        assert len(server.seen) == 1
        assert list(caught.value.message_ids) == server.launched
    assert caught.value.body == body


def test_a_cancelled_launch_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """The caller's timeout may hide a launch: log and exception name the bulk; no repeat."""
    events: list[Attempt] = []

    async def scenario(server: LossyServer) -> BaseException | None:
        async with client("async", server.url, trace=events.append) as voice:
            prepared = voice.ivr.prepare(scenario_id="s", to="41793026727", bulk_id="the-bulk")
            with pytest.raises(TimeoutError) as caught:  # noqa: PT012  the launch is what times out
                async with asyncio.timeout(None) as limit:
                    arrival = asyncio.get_running_loop().run_in_executor(None, server.arrived.wait, 60)
                    arrival.add_done_callback(lambda _: limit.reschedule(0))
                    await voice.ivr.send(prepared, repeat_uncertain=True)
            return caught.value.__cause__

    with lossy_server() as server:
        server.script.append("hang")
        cause = asyncio.run(scenario(server))
        assert len(server.seen) == 1
    assert cause is not None
    assert cause.__notes__ == ["ivr.launch was on its way; bulk the-bulk"]
    assert [(event.verdict, event.wait) for event in events] == [("uncertain", None)]
    assert "POST /voice/ivr/1/messages bulk=the-bulk calls=1 attempt=1 uncertain status=None" in caplog.text
    assert "interrupted by CancelledError" in caplog.text


def test_ctrl_c_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """An interrupted thread logs the same."""

    class Interrupted(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise KeyboardInterrupt

    http_client = httpx.Client(transport=Interrupted())
    with VoiceClient(http_client=http_client, **settings("http://host")) as voice, pytest.raises(KeyboardInterrupt):
        voice.ivr.launch(scenario_id="s", to="41793026727")
    assert "interrupted by KeyboardInterrupt" in caplog.text


def test_a_time_that_is_in_utc() -> None:
    """The offset of UTC is written as +00:00."""
    assert launched(send_at=datetime(2016, 7, 7, 17, 0, tzinfo=UTC))["sendAt"] == "2016-07-07T17:00:00.000+00:00"
