"""Scripts about what becomes of calls: ids in several items, time, recordings, pushes."""

import re
from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any, Final

from infobip_voice_contract.driver import Flow, Wait
from infobip_voice_contract.exchange import Request
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.scripts.script import Script, sends
from infobip_voice_contract.sink import REFUSING
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["SCRIPTS"]

_ONE_REDIAL: Final = {"minPeriod": 1, "maxPeriod": 1, "maxCount": 1}
_FOUR_REDIALS: Final = {"minPeriod": 1, "maxPeriod": 1, "maxCount": 4}
_TWICE: Final = {"minPeriod": 1, "maxPeriod": 5, "maxCount": 2}
_FALLING: Final = {"minPeriod": 60, "maxPeriod": 1, "maxCount": 2}
_RETRIES: Final[dict[str, tuple[dict[str, int], ...]]] = {
    "seeds": (_TWICE, _FALLING, {"minPeriod": 1, "maxCount": 2}, {"minPeriod": 3, "maxPeriod": 3, "maxCount": 1}),
    "2026": (_TWICE, _FALLING, {"minPeriod": 3, "maxPeriod": 3, "maxCount": 1}),
}
"""Redials that end after two or three minutes; in 2026 the last one, rounded up, after five.

Nobody waits for that: its report has no business to be there yet.
"""
_MINUTE: Final = {"validityPeriod": 1}
_DAYS: Final = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


def _items(stage: Stage) -> Flow:
    """Several items in one launch, of which one names its messages."""
    bulk = stage.id()
    first, second = stage.ivr(2, ids=[stage.id()]), stage.ivr(1, scenarioId="another")
    yield stage.post({"bulkId": bulk, "messages": [*first["messages"], *second["messages"]]})
    yield stage.post({"messages": [*stage.ivr(1)["messages"], *stage.ivr(1)["messages"]]}, form="xml")
    yield Wait()
    yield stage.get(bulkId=bulk)


def _bulk_or_none(stage: Stage) -> Iterator[Request]:
    for form in ("json", "xml"):
        for count in (1, 2):
            yield stage.post(stage.ivr(count), form=form)
            yield stage.post(stage.ctc(count), CTC, form=form)
            yield stage.post(stage.ivr(count, bulk=stage.id()), form=form)
            yield stage.post(stage.ctc(count, bulk=stage.id()), CTC, form=form)
    yield stage.post(stage.ivr(2), accept="application/xml")
    yield stage.post(stage.ctc(2), CTC, form="xml", accept="application/json")


def _without_bulk(stage: Stage) -> Flow:
    """The report of a launch that has one call and no bulkId is found by its messageId."""
    launched: Judged = yield stage.post(stage.ivr(1))
    named = stage.id()
    yield stage.post(stage.ctc(1, ids=[named]), CTC)
    made = launched.entries[0].get("messageId") if launched.entries else None
    yield Wait()
    if isinstance(made, str) and 1 <= len(made) <= 100:
        yield stage.get(messageId=made)
    yield stage.get(messageId=named)


def _made_bulk(stage: Stage) -> Flow:
    """The bulkId that the server made finds the reports."""
    launched: Judged = yield stage.post(stage.ivr(3))
    made = launched.value.get("bulkId")
    yield Wait()
    if isinstance(made, str) and 1 <= len(made) <= 100:
        yield stage.get(bulkId=made)


def _recorded(stage: Stage) -> Flow:
    bulk, other = stage.id(), stage.id()
    yield stage.post(stage.ivr(1, bulk=bulk, record=True))
    yield stage.post(stage.ctc(1, bulk=other, record="true"), CTC)
    yield stage.post(stage.ivr(1, bulk=bulk, record=False))
    yield stage.post(stage.ctc(1, bulk=other, record="false"), CTC)
    yield stage.post(stage.ctc(1, bulk=other, record=False), CTC)
    yield Wait()
    yield stage.get(bulkId=bulk)
    yield stage.get(bulkId=other)


def _outcomes(stage: Stage) -> Flow:
    bulk = stage.id()
    known = [
        outcome
        for outcome in ("answered", "machine", "busy", "no answer", "pressed", "rejected")
        if stage.numbers.knows(outcome)
    ]
    destinations = [
        {"to": stage.numbers.take(outcome), "messageId": stage.id(outcome.replace(" ", "-"))} for outcome in known
    ]
    # Today's platform lets it ring for 45 seconds unless told otherwise: a late report.
    ringing = {"ringTimeout": 1} if stage.edition == "2026" else {}
    yield stage.post(
        {"bulkId": bulk, "messages": [{"scenarioId": "contract-kit", "destinations": destinations, **ringing}]}
    )
    yield Wait()
    yield stage.get(bulkId=bulk)


def _later(stage: Stage) -> Flow:
    """A launch for later, with an offset that is not this machine's."""
    bulk, message = stage.id(), stage.id()
    times = [
        (stage.now() + timedelta(seconds=3))
        .astimezone(timezone(timedelta(hours=hours)))
        .isoformat(timespec="milliseconds")
        for hours in (5.5, -5.5, 0)
    ]
    # With a colon in the offset and without one, in the west and in the east, and with a Z.
    written = [times[0], times[1], re.sub(r":(\d\d)$", r"\1", times[0]), times[2].replace("+00:00", "Z")]
    items = [stage.ivr(1, sendAt=at)["messages"][0] for at in written]
    items[0]["destinations"][0]["messageId"] = message
    yield stage.post({"bulkId": bulk, "messages": items})
    yield stage.post(stage.ivr(1, bulk=bulk, sendAt=times[2]), form="xml")
    yield stage.get(messageId=message)
    yield Wait(3.5)
    yield stage.get(bulkId=bulk)


def _past(stage: Stage) -> Flow:
    bulk = stage.id()
    yield stage.post(stage.ivr(1, bulk=bulk, sendAt="2016-07-07T17:00:00.000+01:00"))
    yield Wait()
    yield stage.get(bulkId=bulk)


def _paced(stage: Stage) -> Flow:
    bulk = stage.id()
    slow = stage.ivr(3, sendingSpeed={"speed": 1, "timeUnit": "second"})
    fast, again = stage.ivr(1), stage.ivr(2, sendingSpeed={"speed": 1, "timeUnit": "second"})
    yield stage.post({"bulkId": bulk, "messages": [*slow["messages"], *fast["messages"], *again["messages"]]})
    yield Wait(2.5)
    yield stage.get(bulkId=bulk)


def _redialled(stage: Stage) -> Flow:
    """Calls that nobody answers: some ring, some are repeated once, one as long as it is valid."""
    bulk, click = stage.id(), stage.id()
    for retry in _RETRIES[stage.edition]:
        item = {**stage.ivr(1)["messages"][0], "retry": retry}
        item["destinations"] = [{"to": stage.numbers.take("busy")}]
        yield stage.post({"bulkId": bulk, "messages": [item]})
    for options in ({"retry": _ONE_REDIAL}, {"retry": _ONE_REDIAL, **_MINUTE}, {"retry": _FOUR_REDIALS, **_MINUTE}):
        item = {**stage.ivr(1)["messages"][0], **options}
        item["destinations"] = [{"to": stage.numbers.take("busy")}]
        yield stage.post({"bulkId": bulk, "messages": [item]})
    yield from _ringing(stage, bulk)
    document = stage.ctc(1, bulk=click, retry=_ONE_REDIAL)
    document["messages"][0]["destinationA"] = stage.numbers.take("busy")
    yield stage.post(document, CTC)
    yield stage.get(bulkId=bulk)
    yield Wait(64)
    yield stage.get(bulkId=bulk)
    yield stage.get(bulkId=click)
    yield Wait(130)
    yield stage.get(bulkId=bulk)
    yield stage.get(bulkId=click)


def _ringing(stage: Stage, bulk: str) -> Iterator[Request]:
    """Calls that ring until nobody has answered, with a limit of their own and without one."""
    if stage.numbers.knows("no answer") and stage.contract.knows("IvrMessage", "ringTimeout"):
        items = [{**stage.ivr(1)["messages"][0], **limit} for limit in ({"ringTimeout": 20}, {})]
        for item in items:
            item["destinations"] = [{"to": stage.numbers.take("no answer"), "messageId": stage.id("no-answer")}]
        yield stage.post({"bulkId": bulk, "messages": items})


def _with_data(stage: Stage) -> Flow:
    """Calls with ids and a callbackData that are hard to write, whose reports are fetched."""
    bulk = stage.id("ü😀")
    yield stage.post(stage.ivr(1, bulk=bulk, ids=[stage.id("😀 & é")], callbackData="a\nb\t<&> \"'\\ ü 😀"))
    yield stage.post(stage.ivr(1, bulk=bulk, callbackData="<i>&amp;</i>"))
    yield Wait()
    yield stage.get(bulkId=bulk, limit=1)
    yield stage.get(bulkId=bulk, accept="application/xml")


def _short(stage: Stage) -> Flow:
    """Calls that may last five seconds."""
    bulk = stage.id()
    if stage.contract.knows("IvrMessage", "callTimeout"):
        yield stage.post(stage.ivr(1, bulk=bulk, callTimeout=5))
    yield stage.post(stage.ctc(1, bulk=bulk, maxDuration=5), CTC)
    yield Wait()
    yield stage.get(bulkId=bulk)


def _shut_windows(stage: Stage) -> Flow:
    """Calls whose windows are shut: later today, just before and after now, and on other days."""
    now = stage.now()
    bulks: list[str] = []
    for begin, end in ((11, 12), (1, 3), (-6, 0)):
        opens, shuts = (now + timedelta(hours=begin)).hour, (now + timedelta(hours=end)).hour
        bulks.append(stage.id())
        hours = {"from": {"hour": opens, "minute": 0}, "to": {"hour": shuts, "minute": 0}}
        yield stage.post(stage.ivr(1, bulk=bulks[-1], deliveryTimeWindow={"days": _DAYS, **hours}))
        yield stage.post(stage.ctc(1, bulk=bulks[-1], deliveryTimeWindow={"days": _DAYS, **hours}), CTC)
    bulks.append(stage.id())
    other_days = [_DAYS[(now.weekday() + 3) % 7]]
    yield stage.post(stage.ivr(1, bulk=bulks[-1], deliveryTimeWindow={"days": other_days}))
    bulks.append(stage.id())
    yield stage.post(stage.ivr(1, bulk=bulks[-1], deliveryTimeWindow={"days": _DAYS}))
    bulks.append(stage.id())
    # All but a minute of a day: of yesterday, and still open, and of today, and not open yet.
    night = {"from": {"hour": 23, "minute": 59}, "to": {"hour": 23, "minute": 58}}
    days = (_DAYS[(now.weekday() - 1) % 7], _DAYS[now.weekday()])
    items = [stage.ivr(1, deliveryTimeWindow={"days": [day], **night})["messages"][0] for day in days]
    yield stage.post({"bulkId": bulks[-1], "messages": items})
    yield Wait()
    for bulk in bulks:
        yield stage.get(bulkId=bulk)


def _pushed(stage: Stage) -> Flow:
    for form in ("json", "xml"):
        for data in ("DLR callback data <&> ü", None):
            options = {"callbackData": data} if data else {}
            yield stage.post(
                stage.ivr(
                    2,
                    bulk=stage.id(),
                    notifyUrl=f"{stage.sink}/push",
                    notifyContentType=f"application/{form}",
                    **options,
                )
            )
    bulk = stage.id()
    yield stage.post(stage.ivr(1, bulk=bulk, notifyUrl=f"{stage.sink}/push"))
    addresses = (f"{stage.sink}/Push/One?Who=a%20b&n=1", f"{stage.sink}/push/two")
    items = [stage.ivr(1, notifyUrl=address)["messages"][0] for address in addresses]
    yield stage.post({"bulkId": stage.id(), "messages": items})
    yield stage.post(stage.ctc(1, bulk=bulk, notifyUrl=f"{stage.sink}/push"), CTC)
    in_xml = {"notifyUrl": f"{stage.sink}/push", "notifyContentType": "application/xml"}
    yield stage.post(stage.ctc(1, bulk=bulk, **in_xml), CTC)
    for outcome in ("busy", "machine", "pressed"):
        if stage.numbers.knows(outcome):
            document = stage.ivr(1, bulk=stage.id(), notifyUrl=f"{stage.sink}/push", callbackData=outcome)
            document["messages"][0]["destinations"][0]["to"] = stage.numbers.take(outcome)
            yield stage.post(document)
    yield Wait(0.5)
    yield stage.get(bulkId=bulk)


def _pushed_in_versions(stage: Stage) -> Flow:
    for version in (1, 2):
        document = stage.ivr(1, bulk=stage.id(), notifyUrl=f"{stage.sink}/push", notifyContentVersion=version)
        if stage.numbers.knows("pressed"):
            document["messages"][0]["destinations"].append({"to": stage.numbers.take("pressed")})
        yield stage.post(document)
        named: dict[str, Any] = {"notifyContentVersion": version, "notifyContentType": "application/json"}
        yield stage.post(stage.ctc(1, bulk=stage.id(), notifyUrl=f"{stage.sink}/push", **named), CTC)
    yield Wait(0.5)


def _pushed_again(stage: Stage) -> Flow:
    yield stage.post(stage.ivr(1, bulk=stage.id(), notifyUrl=f"{stage.sink}{REFUSING}/{stage.id()}"))
    yield Wait(95)


def _has_window(stage: Stage) -> bool:
    return stage.contract.knows("IvrMessage", "deliveryTimeWindow")


SCRIPTS: Final = (
    Script("one push that is answered 503", _pushed_again, ("launch", "push", "patience")),
    Script(
        "calls that nobody answers",
        _redialled,
        ("launch", "read", "patience"),
        ready=lambda stage: stage.numbers.knows("busy"),
    ),
    Script("calls with texts that are hard to write", _with_data, ("launch", "read")),
    Script("calls that may not last long", _short, ("launch", "read")),
    Script("a launch for later", _later, ("launch", "read")),
    Script("a launch at one call a second", _paced, ("launch", "read")),
    Script("several items in one launch", _items, ("launch", "read")),
    Script("launches with and without a bulkId", sends(_bulk_or_none), ("launch",)),
    Script("one call without a bulkId", _without_bulk, ("launch", "read")),
    Script("a bulkId that the server made", _made_bulk, ("launch", "read")),
    Script("calls that are recorded", _recorded, ("launch", "read")),
    Script(
        "calls that end in different ways",
        _outcomes,
        ("launch", "read"),
        ready=lambda stage: stage.numbers.knows("busy"),
    ),
    Script("a launch for a past time", _past, ("launch", "read")),
    Script("launches outside their windows", _shut_windows, ("launch", "read"), ready=_has_window),
    Script("reports that are pushed", _pushed, ("launch", "read", "push")),
    Script(
        "pushes of both versions",
        _pushed_in_versions,
        ("launch", "push"),
        ready=lambda stage: stage.contract.knows("IvrMessage", "notifyContentVersion"),
    ),
)
