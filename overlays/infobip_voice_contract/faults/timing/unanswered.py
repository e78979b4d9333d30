"""Calls that nobody answers: how long they ring, and what is said of them."""

from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import body_of, fetches, launches, rewritten
from infobip_voice_contract.faults.fault import Send, Wrapper
from infobip_voice_contract.faults.incoming import launching
from infobip_voice_contract.faults.timing.words import fault
from infobip_voice_contract.faults.witness import Steps, Wait, entries, reports
from infobip_voice_contract.stage import Stage
from infobip_voice_wire import timestamps

__all__ = ["UNANSWERED"]

_UNDELIVERABLE: Final = {
    "groupId": 2, "groupName": "UNDELIVERABLE", "id": 9, "name": "UNDELIVERABLE_NOT_DELIVERED", "description": "x",
}  # fmt: skip
_ONE: Final = {"minPeriod": 1, "maxPeriod": 1, "maxCount": 1}


def _limited(item: dict[str, Any]) -> bool:
    return "retry" in item and "validityPeriod" in item


def _rings_for_long(item: dict[str, Any]) -> None:
    if "ringTimeout" in item:
        item["ringTimeout"] *= 5


def _never_expired() -> Wrapper:
    """A call with a validity and a retry that failed is reported as undeliverable."""
    limited: set[str] = set()

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if launches(request) and answer.status == 200:
            items = body_of(request)["messages"]
            asked = [_limited(item) for item in items for _ in item.get("destinations", "1")]
            names = (entry["messageId"] for entry in entries(answer))
            limited.update(name for name, is_limited in zip(names, asked, strict=True) if is_limited)
        found = reports(answer) if fetches(request) and answer.status == 200 else []
        if limited.isdisjoint(str(report.get("messageId")) for report in found):
            return answer
        for report in found:
            if report["messageId"] in limited and report["status"]["groupId"] == 4:
                report["status"] = _UNDELIVERABLE
        return rewritten(answer, {**body_of(answer), "results": found})

    return wrapper


def _undeliverable(stage: Stage) -> Steps:
    bulk = stage.id()
    document = stage.ivr(1, bulk=bulk, retry=_ONE, validityPeriod=1)
    document["messages"][0]["destinations"][0]["to"] = stage.numbers.take("busy")
    yield stage.post(document)
    yield Wait(600)
    found = reports((yield stage.get(bulkId=bulk)))
    return [report["status"]["groupId"] for report in found] == [2]


def _not_for_20_seconds(stage: Stage) -> Steps:
    bulk = stage.id()
    document = stage.ivr(1, bulk=bulk, ringTimeout=20)
    document["messages"][0]["destinations"][0]["to"] = stage.numbers.take("no answer")
    yield stage.post(document)
    yield Wait(600)
    [report] = reports((yield stage.get(bulkId=bulk)))
    lasted = timestamps.parse(report["doneAt"]) - timestamps.parse(report["sentAt"])
    return not 19 < lasted.total_seconds() < 21


UNANSWERED: Final = (
    fault(
        id="never-expired",
        rule="time.expired",
        sentence="A call whose validity has ended is reported as undeliverable.",
        advice="Take every report of a call that failed for the end of it.",
        source=("assumption",),
        make=_never_expired,
        witness=_undeliverable,
    ),
    fault(
        id="rings-for-long",
        rule="time.ring",
        sentence="Calls ring five times as long as their ringTimeout.",
        advice="Count on a call to ring as long as the network lets it.",
        source=("platform-2026",),
        make=launching(_rings_for_long),
        witness=_not_for_20_seconds,
    ),
)
