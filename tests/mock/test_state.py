"""The state of an account: a restart keeps calls, queue, clock and pushes, and no secret."""

import asyncio
import json
import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import asgi
from infobip_voice_mock import create_app
from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.capacity import Limits
from infobip_voice_mock.state import StateError
from infobip_voice_mock.state_file import StateFile

NUMBERS = ["41793026727", "999102001", "999103001", "999110001", "999106001", "999109001"]
URL = "http://127.0.0.1:9/secret-path"


class Receiver:
    """Refuses every second push."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str], bytes]] = []

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        self.seen.append((url, dict(headers), body))
        return 200 if len(self.seen) % 2 else 500


def state(mock, name: str = "Aladdin"):
    return mock.control("GET", f"/_mock/tenants/{name}/state").json


def act(mock, chance: random.Random, number: int) -> object:
    """Do one thing that anybody may do, and return what comes back."""
    match chance.randrange(8):
        case 0 | 1:
            to = [{"to": chance.choice(NUMBERS), "messageId": f"m-{number}-{n}"} for n in range(chance.randrange(1, 4))]
            members = chance.choice(
                [
                    {},
                    {"notifyUrl": URL, "callbackData": "mine"},
                    {"notifyUrl": URL, "notifyContentType": "application/xml", "record": True},
                    {"notifyUrl": "http://refused.example/"},
                    {"retry": {"minPeriod": 1, "maxPeriod": 5, "maxCount": 3}},
                    {"sendingSpeed": {"speed": 10, "timeUnit": "hour"}},
                    {"sendAt": "2026-03-01T14:00:00.000+0100", "parameters": {"a": "b"}},
                ]
            )
            return mock.ivr(*to, bulkId=chance.choice(["B", "C"]), **members).json
        case 2:
            call = {"messageId": f"m-{number}", "destinationB": chance.choice(NUMBERS)}
            return mock.click_to_call(**call, **chance.choice([{}, {"notifyUrl": URL}, {"record": "true"}])).json
        case 3:
            return mock.reports(chance.choice(["?limit=1", "?limit=2", "?bulkId=B"])).json
        case 4:
            mock.advance(minutes=chance.choice([1, 3, 20]))
            return mock.control("GET", "clock").json
        case 5:
            return mock.control("POST", "reports", {"results": [{"messageId": f"s-{number}", "odd": 1.5}]}).json
        case 6:
            return mock.control("POST", f"reports/m-{chance.randrange(number + 1)}-0/requeue").status
        case _:
            return mock.control("POST", f"pushes/push-{chance.randrange(1, 9)}/replay").status


@pytest.mark.parametrize("seed", range(8))
def test_a_restored_account_goes_on_as_if_nothing_had_happened(new_mock, seed):
    """Whatever was done before, the copy has the same state, and what is done then has the same
    effect in both: answers, pushes to the last byte, and the state after it.
    """
    receivers = Receiver(), Receiver()
    options = {"clock": "manual", "limits": Limits(messages=25)}
    mock, copy = (new_mock(poster=receiver, **options) for receiver in receivers)
    chance = random.Random(seed)
    for number in range(40):
        act(mock, chance, number)
    before = state(mock)
    assert copy.control("PUT", "state", before).status == 200
    assert state(copy) == before
    for receiver in receivers:
        receiver.seen.clear()
    one, two = random.Random(seed), random.Random(seed)
    for number in range(100, 130):
        assert act(copy, two, number) == act(mock, one, number)
    mock.run(), copy.run()
    assert receivers[0].seen == receivers[1].seen
    assert copy.control("GET", "pushes?limit=1000").json == mock.control("GET", "pushes?limit=1000").json
    assert copy.control("GET", "calls?limit=1000").json == mock.control("GET", "calls?limit=1000").json
    assert mock.reports("?limit=1000").json == copy.reports("?limit=1000").json
    assert json.dumps(state(copy)) == json.dumps(state(mock))


def test_what_many_calls_share_is_written_once(new_mock):
    """A launch of a thousand calls with a long text is not a thousand long texts."""
    mock = new_mock()
    mock.ivr(*["41793026727"] * 1000, parameters={"long": "x" * 100_000})
    assert len(mock.control("GET", "state").body) < 1_000_000


def test_no_secret_is_in_it(new_mock):
    """No password and no key; the request log, which masks them, stays behind too."""
    users = {"Aladdin": "open sesame", "other": "hidden"}
    mock = new_mock(users=users, api_keys={"key-of-aladdin": "Aladdin"}, control_token="token-of-control")
    fields = {"authorization": "Bearer token-of-control", "content-type": "application/json"}
    mock.ivr("41793026727")
    account = "/_mock/tenants/Aladdin"
    assert asgi.request(mock.app, "PUT", account, {"password": "later"}, fields).status == 200
    found = asgi.request(mock.app, "GET", f"{account}/state", headers=fields)
    assert found.status == 200
    for secret in (b"open sesame", b"hidden", b"key-of-aladdin", b"token-of-control", b"later", b"QWxhZGRpbjpv"):
        assert secret not in found.body


def changed(document, path: str, value: object):
    """Return a copy in which one member has another value; a path is `messages.0.size`."""
    copy = json.loads(json.dumps(document))
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    place = copy
    for step in steps:
        place = place[step]
    place[last] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("version", 2, "its version is 2, and this mock reads version 1"),
        ("version", 0, "its version is 0, and this mock reads version 1"),
        ("alien", 1, "unknown field `alien`"),
        ("queue", [], "queue: these are not the messages that wait"),
        ("queue", ["a", "a"], "queue: these are not the messages that wait"),
        ("done", ["a"], "done: one is not a message whose report is gone"),
        ("done", ["nobody"], "done: one is not a message whose report is gone"),
        ("messages.0.size", -1, "a size is below 0"),
        ("messages.0.size", "x", "Expected `int`, got `str` - at `$.messages[0].size`"),
        ("messages.0.messageId", "b", "an id comes twice"),
        ("messages.0.seed", {}, "one has neither a call nor a seed, or both"),
        ("messages.0.call", None, "one has neither a call nor a seed, or both"),
        ("messages.0.due", "2026-03-01T12:00:00Z", "one is scheduled and not due, or due and not scheduled"),
        ("messages.0.call.item", 9, "a call has an item that is not there"),
        ("messages.0.call.messageId", "x", "a call has the id of another message"),
        ("messages.1.push.due", None, "a pending push is not due"),
        ("messages.1.push.id", "push-9", "a push has no number up to lastPush"),
        ("messages.1.push.id", "nine", "a push has no number up to lastPush"),
        ("clock.mode", "sideways", "Invalid enum value 'sideways'"),
        ("clock.now", "noon", "Invalid RFC3339"),
    ],
)
def test_a_document_that_is_none_is_refused(new_mock, path, value, text):
    """The text says where; the account is as it was."""
    mock = new_mock(clock="manual", poster=Receiver())
    mock.ivr({"to": "41793026727", "messageId": "a"})
    mock.ivr({"to": "41793026728", "messageId": "b"}, notifyUrl=URL)
    mock.advance(seconds=10)
    mock.control("POST", "pushes/push-1/replay")
    document = state(mock)
    document["messages"][1]["push"] |= {"state": "pending", "due": "2026-03-01T13:00:00Z"}
    document["done"] = []
    assert mock.control("PUT", "state", document).status == 200
    before = state(mock)
    refused = mock.control("PUT", "state", changed(document, path, value))
    assert refused.status == 400
    [reason] = refused.json["requestError"]["serviceException"]["validationErrors"]["$"]
    assert text in reason
    assert state(mock) == before


def test_a_state_that_does_not_fit_is_refused(new_mock):
    """The account is as it was, and no room is lost."""
    mock = new_mock(limits=Limits(messages=3))
    mock.ivr("41793026727", "41793026728")
    large = state(mock)
    large["messages"] = [changed(large["messages"][0], "messageId", f"m-{n}") for n in range(4)]
    large["messages"] = [changed(message, "call.messageId", message["messageId"]) for message in large["messages"]]
    large["queue"] = [message["messageId"] for message in large["messages"]]
    before = state(mock)
    assert mock.control("PUT", "state", large).status == 413
    assert state(mock) == before
    assert mock.control("PUT", "/_mock/tenants/other/state", before).status == 200
    assert mock.ivr("41793026729").status == 200


def test_a_mock_without_a_file(mock):
    """Asked to write it, the mock says how to name one."""
    refused = mock.control("POST", "/_mock/state")
    assert refused.status == 409
    assert "--state FILE" in refused.json["requestError"]["serviceException"]["text"]


def test_the_file_is_written_on_demand_and_read_again(new_mock, tmp_path):
    """Only its owner may read it, and nothing else is left in the folder but its lock."""
    path = tmp_path / "state.json"
    mock = new_mock(state_file=path)
    mock.ivr({"to": "41793026727", "messageId": "M"})
    answer = mock.control("POST", "/_mock/state").json
    assert answer == {"file": str(path), "accounts": 1, "bytes": path.stat().st_size}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["state.json", "state.json.lock"]
    with pytest.raises(StateError, match="another mock uses it"):
        new_mock(state_file=path)
    mock.app._state_file.close()
    assert new_mock(state_file=path).waiting() == ["M"]


@pytest.mark.parametrize("call", ["fsync", "replace", "fdopen"])
def test_a_write_that_fails_leaves_the_old_file(new_mock, tmp_path, monkeypatch, call):
    """At whatever step: the old file is whole, no other is left, and the reason is told."""

    def fail(*arguments: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "state.json"
    mock = new_mock(state_file=path)
    mock.control("POST", "/_mock/state")
    old = path.read_bytes()
    mock.ivr("41793026727")
    with monkeypatch.context() as patch:
        patch.setattr(Path if call == "replace" else os, call, fail)
        refused = mock.control("POST", "/_mock/state")
    assert refused.status == 500
    text = refused.json["requestError"]["serviceException"]["text"]
    assert text == f"cannot write {path}: No space left on device; the old file is as it was"
    assert path.read_bytes() == old
    assert sorted(each.name for each in tmp_path.iterdir()) == ["state.json", "state.json.lock"]


def test_more_than_the_limits_allow_is_refused_at_start(new_mock, tmp_path):
    """A mock that would have to forget what waits does not start."""
    path = tmp_path / "state.json"
    mock = new_mock(state_file=path)
    mock.ivr("41793026727", "41793026728")
    mock.app.save()
    mock.app._state_file.close()
    with pytest.raises(Refusal, match="413"):
        new_mock(state_file=path, limits=Limits(messages=1))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is not a state that a mock has written"),
        (b"[]", "it is not a state that a mock has written"),
        (b"\xff", "it is not a state that a mock has written"),
        (b'{"version": 2, "accounts": "of another kind"}', "its version is 2, and this mock reads version 1"),
    ],
)
def test_a_file_of_another_kind(tmp_path, content, reason):
    """The command says what is wrong, does not start, and leaves the file alone."""
    path = tmp_path / "state.json"
    path.write_bytes(content)
    command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0", "--state", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"infobip-voice mock: cannot use the state file {path}: {reason}")
    assert path.read_bytes() == content


def test_a_folder_that_is_not_there(tmp_path):
    """It is told at start, and not when there is something to lose."""
    path = tmp_path / "nowhere" / "state.json"
    with pytest.raises(FileNotFoundError):
        StateFile(path)


def test_what_is_due_after_a_restart_happens_by_itself(tmp_path):
    """On a running clock nobody has to ask: the push goes out when the mock has started."""

    async def scenario() -> None:
        path = tmp_path / "state.json"
        first = create_app(poster=Receiver(), clock="manual", state_file=path)
        message = {"scenarioId": "S", "destinations": [{"to": "41793026727"}], "notifyUrl": URL}
        fields = {"authorization": asgi.BASIC, "content-type": "application/json"}
        await asgi.exchange(first, "POST", "/voice/ivr/1/messages", {"messages": [message]}, fields)
        first.stop()
        first.save()
        first._state_file.close()
        document = json.loads(path.read_text())
        document["accounts"][0]["clock"]["mode"] = "real"
        document["accounts"][0]["messages"][0]["due"] = "2020-01-01T00:00:00Z"
        path.write_text(json.dumps(document))
        receiver = Receiver()
        second = create_app(poster=receiver, state_file=path)
        second.start()
        for _ in range(20):
            await asyncio.sleep(0)
        assert [url for url, _, _ in receiver.seen] == [URL]
        second.stop()

    asyncio.run(scenario())
