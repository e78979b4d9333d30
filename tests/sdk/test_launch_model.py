"""Launches against a model: the outcome that the caller sees is true of the telephones."""

import json
from collections import Counter, deque
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from infobip_voice import (
    Budget,
    Launch,
    LaunchUncertain,
    LaunchUnreadable,
    NotSent,
    Prepared,
    Refused,
    VoiceClient,
    VoiceError,
)
from sdk.clients import Clock, broken

# What happens to one launch request: the first two groups dial, the third does not.
MIXED = ("strangers too", "another request", "another bulk", "one left out")
DIALLING = ("answer", "reset", "timeout", "cut", "503", "520", "html", "empty", *MIXED)
HARMLESS = ("refused connection", "busy pool", "400", "401", "302", "429")
STEPS = st.lists(st.sampled_from(DIALLING + HARMLESS), max_size=6)


class Platform(httpx.BaseTransport):
    """Dial what was not dialled before (ruling R5), and treat the answer as the script says."""

    def __init__(self, steps: list[str]) -> None:
        self.script = deque(steps)
        self.requests = 0
        self.dialled: Counter[str] = Counter()
        self.last = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        step = self.last = self.script.popleft() if self.script else "answer"
        if step == "refused connection":
            raise httpx.ConnectError("refused")
        if step == "busy pool":
            raise httpx.PoolTimeout("busy")
        body = json.loads(request.read())
        self.requests += 1
        if step in HARMLESS:
            return httpx.Response(int(step), headers={"Location": "/elsewhere"})
        entries = []
        for call in body["messages"][0]["destinations"]:
            known = call["messageId"] in self.dialled
            status = (
                (5, "REJECTED", 23, "REJECTED_DUPLICATE_MESSAGE_ID")
                if known
                else (1, "PENDING", 26, "PENDING_ACCEPTED")
            )
            names = dict(zip(("groupId", "groupName", "id", "name"), status, strict=True))
            entries.append({"to": call["to"], "messageId": call["messageId"], "status": {**names, "description": "d"}})
            if not known:
                self.dialled[call["messageId"]] += 1
        if step == "answer":
            return httpx.Response(200, json={"messages": entries})
        if step in MIXED:
            return httpx.Response(200, json=mixed_up(step, entries))
        if step == "cut":
            return httpx.Response(200, stream=broken(b'{"messages": [{'))
        if step in ("html", "empty"):
            return httpx.Response(200, content=b"<html>" if step == "html" else b"")
        if step in ("503", "520"):
            return httpx.Response(int(step))
        raise httpx.ReadTimeout("slow") if step == "timeout" else httpx.ReadError("reset")


def mixed_up(step: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return an answer that is not, or not only, about the calls of its request."""
    strangers = [{**entry, "messageId": f"stranger-{number}"} for number, entry in enumerate(entries)]
    return {
        "strangers too": {"messages": [strangers[0], *entries, strangers[1]]},
        "another request": {"bulkId": "another", "messages": strangers},
        "another bulk": {"bulkId": "another", "messages": entries},
        "one left out": {"messages": [strangers[0], *entries[1:]]},
    }[step]


def told(step: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the calls that such an answer tells something about."""
    return {"another request": (), "another bulk": (), "one left out": names[1:]}.get(step, names)


def send(steps: list[str], repeat_uncertain: bool) -> tuple[Platform, Prepared, Launch | VoiceError]:  # type: ignore[type-arg]
    platform, clock = Platform(steps), Clock()
    http_client = httpx.Client(transport=platform)
    with VoiceClient(
        base_url="http://host", api_key="k", http_client=http_client, clock=clock, sleep=clock.sleep,
        random=lambda: 0.5, budget=Budget(attempts=4),
    ) as voice:  # fmt: skip
        prepared = voice.ivr.prepare(scenario_id="s", to=["41793026727", "41793026731"])
        try:
            return platform, prepared, voice.ivr.send(prepared, repeat_uncertain=repeat_uncertain)
        except VoiceError as error:
            return platform, prepared, error


PROFILE = settings(derandomize=True, deadline=None, database=None, max_examples=400)


@PROFILE
@given(STEPS)
def test_what_the_caller_is_told_is_true(steps: list[str]) -> None:
    """Nobody is dialled twice: an error without effect means nobody, a launch everybody."""
    platform, prepared, result = send(steps, repeat_uncertain=False)
    everybody = dict.fromkeys(prepared.message_ids, 1)
    dialling = [step for step in steps if step in DIALLING] or ["answer"]
    if isinstance(result, Launch):
        assert platform.dialled == everybody
        ours = told(dialling[0], prepared.message_ids)
        assert tuple(entry.message_id for entry in result.accepted) == ours
        assert result.unlisted == tuple(name for name in prepared.message_ids if name not in ours)
        assert result.rejected == []
        assert result.went_through_before == frozenset()
        assert {entry.message_id for entry in result.others}.isdisjoint(ours)
    else:
        assert result.message_ids == prepared.message_ids
        if isinstance(result, NotSent | Refused):
            assert not platform.dialled
        elif isinstance(result, LaunchUnreadable):
            assert platform.dialled == everybody
            assert dialling[0] in ("html", "empty")
        else:
            assert isinstance(result, LaunchUncertain)
            assert dialling[0] in ("reset", "timeout", "cut", "503", "520")
    # After the first request that may have dialled, no other request is sent.
    assert sum(platform.dialled.values()) in (0, 2)
    assert platform.requests <= 1 + steps.count("429")


@PROFILE
@given(STEPS)
def test_an_insistent_launch_tells_the_truth_too(steps: list[str]) -> None:
    """On a platform that remembers ids nobody is dialled twice; a duplicate went through."""
    platform, prepared, result = send(steps, repeat_uncertain=True)
    everybody = dict.fromkeys(prepared.message_ids, 1)
    if isinstance(result, Launch):
        assert platform.dialled == everybody
        ours = told(platform.last, prepared.message_ids)
        assert tuple(entry.message_id for entry in result.accepted) == ours
        assert result.unlisted == tuple(name for name in prepared.message_ids if name not in ours)
        assert result.rejected == []
    elif isinstance(result, NotSent | Refused):
        assert not platform.dialled
    elif isinstance(result, LaunchUnreadable):
        assert platform.dialled == everybody
    else:
        assert isinstance(result, LaunchUncertain)
    assert set(platform.dialled.values()) <= {1}
