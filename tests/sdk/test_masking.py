"""An id is legible and a number is not, in `str`, `repr` and the log of all that people hold."""

import copy
import inspect
import json
import logging
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import httpx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from infobip_voice import NO_RETRIES, Attempt, Refused, VoiceClient, VoiceError, errors, parse_push
from infobip_voice_wire import xml
from sdk.clients import Clock, broken
from sdk.lossy_server import report

PROFILE = settings(derandomize=True, deadline=None, database=None, max_examples=300)
KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, VoiceError)]
NUMBERS = st.from_regex("[1-9][0-9]{7,14}", fullmatch=True)
# As people and the platform make them: 23 digits, a date and a counter, or no digits at all.
IDS = st.from_regex("[1-9][0-9]{22}|order-[0-9]{8}|[a-p]{32}", fullmatch=True)


def shown(error: BaseException) -> str:
    return f"{error} {error!r} {getattr(error, '__notes__', '')}"


@PROFILE
@given(st.sampled_from(KINDS), NUMBERS, IDS, IDS)
def test_every_error_shows_ids_and_no_number(kind: Any, number: str, bulk_id: str, message_id: str) -> None:
    """Also as a copy from another process, and in its violations."""
    assume(number not in bulk_id + message_id)
    words = f"{number} of {bulk_id}: +{number}, {message_id}/{number}"
    evidence = {"bulk_id": bulk_id, "message_ids": [message_id], "headers": {"x": number}, "body": number.encode()}
    if issubclass(kind, Refused):
        evidence |= {"code": number, "violations": {f"messages.{number}": [words]}}
    error = kind(words, status=400, **evidence)
    for each in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301
        assert number not in shown(each)
        assert bulk_id in str(each)
        assert message_id in str(each)
        assert message_id in repr(each)
        assert shown(each) == shown(error)


STATUS = {"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED", "description": "d"}


def entry(number: str, name: str) -> dict[str, Any]:
    return {"to": number, "messageId": name, "status": {**STATUS, "name": number, "description": number}, "x": number}


def problem(number: str) -> dict[str, Any]:
    exception = {"messageId": number, "text": f"no {number}", "validationErrors": {f"a.{number}": [f"bad {number}"]}}
    return {"requestError": {"serviceException": exception}}


def page(number: str) -> dict[str, Any]:
    url = f"https://host/tts/3/files/x/{number}"
    error = {"groupId": 0, "groupName": number, "id": 0, "name": number, "description": number, "permanent": True}
    members = {"to": number, "recordedAudioFileUrl": url, "callbackData": number, "dtmfCodes": number, "error": error}
    return {
        "results": [
            report("report", status={**STATUS, "name": number}, **members),
            {"status": number, number: 1},
            number,
        ]
    }


def answers(number: str, stranger: str) -> dict[str, httpx.Response | Exception]:
    """Return every kind of answer, with the number in every place."""
    headers = {"Content-Type": f"text/x-{number}", "Retry-After": number, "Date": number, "X": number}
    raw = number.encode()
    return {
        "accepted": httpx.Response(200, json={"bulkId": None, "messages": [entry(number, "mine")], number: number}),
        "strangers": httpx.Response(200, json={"messages": [entry(number, stranger), entry(number, number)]}),
        "another bulk": httpx.Response(200, json={"bulkId": number, "messages": [entry(number, "mine")]}),
        "page": httpx.Response(200, json=page(number)),
        "not understood": httpx.Response(200, json={"messages": {number: number}}),
        "missing": httpx.Response(200, json={"messages": [{"to": number, number: number}]}),
        "text": httpx.Response(200, content=raw, headers=headers),
        "broken": httpx.Response(200, content=b'{"' + raw, headers={"Content-Type": "application/json"}),
        "xml": httpx.Response(200, content=b"<a>" + raw, headers={"Content-Type": "application/xml"}),
        "root": httpx.Response(200, content=b"<a%b/>" % raw, headers={"Content-Type": "application/xml"}),
        "encoding": httpx.Response(200, headers={"Content-Encoding": number}, stream=broken(raw)),
        "cut": httpx.Response(200, headers=headers, stream=broken(raw)),
        "refused": httpx.Response(400, json=problem(number)),
        "refused in XML": httpx.Response(
            400, content=xml.encode(problem(number), "ApiException"), headers={"Content-Type": "application/xml"}
        ),
        "throttled": httpx.Response(429, content=raw, headers=headers),
        "redirected": httpx.Response(302, headers={"Location": f"/{number}"}),
        "failed": httpx.Response(503, json=problem(number)),
        "reset": httpx.ReadError(f"reset by {number}"),
        "unreachable": httpx.ConnectError(f"no route to {number}"),
        "interrupted": Exception(f"hook of {number}"),
    }


class Platform(httpx.BaseTransport):
    def __init__(self, answer: Callable[[], httpx.Response | Exception]) -> None:
        self.answer = answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        answer = self.answer()
        if isinstance(answer, Exception):
            raise answer
        return answer


@contextmanager
def log() -> Iterator[list[str]]:
    """Collect the lines of our log. (The fixture for it would outlive one example.)"""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    logger = logging.getLogger("infobip_voice")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)


def launch_ivr(voice: VoiceClient, number: str, bulk_id: str) -> Any:
    prepared = voice.ivr.prepare(scenario_id="s", to=number, from_=number[:14], bulk_id=bulk_id)
    assert bulk_id in repr(prepared)
    return prepared, voice.ivr.send(prepared)


def connect(voice: VoiceClient, number: str, bulk_id: str) -> Any:
    return voice.click_to_call.launch(destination_a=number, destination_b=number, from_=number, bulk_id=bulk_id)


def fetch(voice: VoiceClient, number: str, bulk_id: str) -> Any:
    return voice.reports.fetch(bulk_id=bulk_id)


def wait(voice: VoiceClient, number: str, bulk_id: str) -> Any:
    found = voice.reports.wait_for(bulk_id, timeout=1)
    return found, found.others, found.gaps


def drain(voice: VoiceClient, number: str, bulk_id: str) -> Any:
    with voice.reports.drain(None, bulk_id=bulk_id) as drained:
        try:
            taken = list(islice(drained, 3))
        except VoiceError as error:
            return shown(error), drained, drained.gaps, drained.unreadable, drained.others
        return taken, drained, drained.gaps, drained.unreadable, drained.others


def push(voice: VoiceClient, number: str, bulk_id: str) -> Any:
    pushed = parse_push(json.dumps(page(number)).encode(), f"application/json;{number}")
    return pushed, pushed.unreadable, [(report.status, report.error) for report in pushed]


@pytest.mark.parametrize("wire_format", ["json", "xml"])
@pytest.mark.parametrize("kind", answers("0", "0"))
@pytest.mark.parametrize(
    ("number", "bulk_id"),
    [("41793026727", "17380925828515475034410"), ("38598111", "order-20261126"), ("999102000000001", "a" * 32)],
)
def test_whatever_comes_back_no_number_is_shown(kind: str, wire_format: Any, number: str, bulk_id: str) -> None:
    """The number is in every place of an answer; log and error show the ids that we sent."""
    for operation in (launch_ivr, connect, fetch, wait, drain, push):
        events: list[Attempt] = []
        clock = Clock()
        http_client = httpx.Client(transport=Platform(lambda: answers(number, bulk_id)[kind]))
        with log() as lines, VoiceClient(
            base_url="http://host", api_key="k", http_client=http_client, clock=clock, sleep=clock.sleep, budget=NO_RETRIES,
            trace=events.append, wire_format=wire_format, new_id=lambda: "mine",
        ) as voice:  # fmt: skip
            held: Any
            try:
                held = operation(voice, number, bulk_id)
            except VoiceError as error:
                held = [getattr(error, name, ()) for name in ("reports", "others", "unreadable", "gaps", "pending")]
                lines.append(shown(error))
        assert number not in "\n".join([*lines, repr(held), repr(events)])
        assert operation is push or bulk_id in lines[0]
        assert operation not in (launch_ivr, connect, fetch) or bulk_id in lines[-1]


@pytest.mark.parametrize("whole", [False, True])
@settings(PROFILE, max_examples=50)
@given(number=NUMBERS)
def test_what_is_refused_before_it_is_sent_shows_no_number(whole: bool, number: str) -> None:
    """A number in the wrong place, twice, of a wrong type or in the name of a member."""
    voice = VoiceClient(base_url="http://host", api_key="k")
    wrong: list[dict[str, Any]] = [
        {"to": f"0{number}"}, {"to": [number, f"+{number}"]}, {"to": int(number)}, {"to": number, "from_": f"{number}x"},
        {"to": number, "parameters": {number: 1}}, {"to": number, "notify_content_type": number},
    ]  # fmt: skip
    if whole:
        message = {"scenarioId": "s", "destinations": [{"to": number}]}
        wrong = [
            {"messages": [{**message, number: float("nan")}]}, {"messages": [message], "bulkId": int(number)}, {number: number},
            {"messages": [{**message, "destinations": [{"to": number}] * 2}]}, {"messages": [{**message, "from": int(number)}]},
            {"messages": [{**message, "notifyContentType": number}]},
        ]  # fmt: skip
    for arguments in wrong:
        with pytest.raises(ValueError, match=r".") as caught:
            voice.ivr.prepare(arguments) if whole else voice.ivr.prepare(scenario_id="s", **arguments)
        assert number not in shown(caught.value)
        if whole:
            with pytest.raises(ValueError, match=r".") as caught:
                voice.ivr.prepare(scenario_id="s", to="41793026727").loads(json.dumps([arguments] * 2))
            assert number not in shown(caught.value)
