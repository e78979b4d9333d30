"""Limits that are read otherwise, or lose what is beyond them."""

from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    fetches,
    query,
    rewritten,
)
from infobip_voice_contract.faults.fault import Make, Send, Wrapper
from infobip_voice_contract.faults.handing.words import MOST, PAGE, counts, filter_fault, get, launch_and, valid_limit
from infobip_voice_contract.faults.witness import Steps, Wait, reports
from infobip_voice_contract.stage import Stage

__all__ = ["LIMITS"]


def _over(request: Request) -> Request:
    return query(request, limit=MOST)


def _limiting(of: Callable[[int | None], int], *, drop: bool = False) -> Make:
    """Use another limit than what was asked for.

    Args:
        of: Returns it for the limit of the request, None for a request without one.
        drop: Whether the server takes everything that matches, and drops what is above the limit.
    """

    async def wrapper(request: Request, send: Send) -> Answer:
        given = dict(request.query).get("limit")
        limit = valid_limit(request)
        if not fetches(request) or (given is not None and limit is None):
            return await send(request)
        most = of(limit)
        if not drop:
            return await send(query(request, limit=str(most)))
        answer = await send(_over(request))
        return (
            rewritten(answer, {"results": reports(answer)[:most]})
            if answer.status == 200 and reports(answer)
            else answer
        )

    return lambda: wrapper


def _default_loses() -> Wrapper:
    """Without limit the server takes everything, and hands out 50."""

    async def wrapper(request: Request, send: Send) -> Answer:
        if not fetches(request) or "limit" in dict(request.query):
            return await send(request)
        answer = await send(_over(request))
        return rewritten(answer, {"results": reports(answer)[:50]}) if reports(answer) else answer

    return wrapper


def _newest_pages() -> Wrapper:
    """With a limit the newest reports come first, and the older ones with the next page."""
    kept: dict[tuple[str | None, str | None], list[Any]] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        given, limit = dict(request.query), valid_limit(request)
        if not fetches(request) or limit is None or "bulkId" not in given:
            return await send(request)
        answer = await send(_over(request))
        if answer.status != 200:
            return answer
        key = given.get("bulkId"), given.get("messageId")
        waiting = [*kept.get(key, []), *reports(answer)]
        if not waiting:
            return answer
        start = max(len(waiting) - limit, 0)
        kept[key] = waiting[:start]
        return rewritten(answer, {"results": waiting[start:]})

    return wrapper


def _newest(stage: Stage) -> Steps:
    first, bulk = stage.id(), stage.id()
    yield stage.post(stage.ivr(1, bulk=bulk, ids=[first]))
    yield Wait(120)
    yield stage.post(stage.ivr(1, bulk=bulk))
    yield Wait()
    yield stage.get(bulkId=bulk, limit=1)
    answer: Answer = yield stage.get(bulkId=bulk, limit=1)
    return [report["messageId"] for report in reports(answer)] == [first]


LIMITS: Final = (
    filter_fault(
        id="limit-ignored",
        rule="filter.limit",
        sentence="limit is ignored.",
        advice=PAGE,
        source=("reports",),
        make=_limiting(lambda _: 50),
        witness=launch_and(get(limit=2), shows=counts(3)),
    ),
    filter_fault(
        id="limit-and-one",
        rule="filter.limit",
        sentence="One report more than limit is returned.",
        advice=PAGE,
        source=("reports",),
        make=_limiting(lambda limit: 50 if limit is None else min(limit + 1, 1 << 30)),
        witness=launch_and(get(limit=2), shows=counts(3)),
    ),
    filter_fault(
        id="no-default-limit",
        rule="filter.default",
        sentence="Without limit everything is returned.",
        advice=PAGE,
        source=("reports",),
        make=_limiting(lambda limit: limit or 1_000_000),
        witness=launch_and(get(), calls=60, shows=counts(60)),
    ),
    filter_fault(
        id="default-100",
        rule="filter.default",
        sentence="Without limit 100 reports are returned.",
        advice=PAGE,
        source=("reports",),
        make=_limiting(lambda limit: limit or 100),
        witness=launch_and(get(), calls=120, shows=counts(100)),
    ),
    filter_fault(
        id="default-10",
        rule="filter.whole-pages",
        sentence="Without limit ten reports are returned.",
        advice=PAGE,
        source=("reports",),
        make=_limiting(lambda limit: limit or 10),
        witness=launch_and(get(), calls=20, shows=counts(10)),
    ),
    filter_fault(
        id="default-49",
        rule="filter.whole-pages",
        sentence="Without limit 49 reports are returned.",
        advice=PAGE,
        source=("reports",),
        make=_limiting(lambda limit: limit or 49),
        witness=launch_and(get(), calls=60, shows=counts(49)),
    ),
    filter_fault(
        id="limit-loses-rest",
        rule="filter.limit-leaves-rest",
        sentence="What limit leaves out is lost.",
        advice=PAGE,
        source=("reports",),
        make=_limiting(lambda limit: limit or 50, drop=True),
        witness=launch_and(get(limit=2), get(), shows=counts(2, 0)),
    ),
    filter_fault(
        id="default-loses-rest",
        rule="filter.limit-leaves-rest",
        sentence="What the default limit leaves out is lost.",
        advice=PAGE,
        source=("reports",),
        make=_default_loses,
        witness=launch_and(get(), get(), calls=60, shows=counts(50, 0)),
    ),
    filter_fault(
        id="limit-less-one",
        rule="filter.whole-pages",
        sentence="Pages have one report less than their limit.",
        advice=PAGE,
        source=("reports",),
        make=_limiting(lambda limit: max((limit or 50) - 1, 1)),
        witness=launch_and(get(limit=2), shows=counts(1)),
    ),
    filter_fault(
        id="largest-page",
        rule="filter.whole-pages",
        sentence="A page has 60 reports at most, whatever limit says.",
        advice=PAGE,
        source=("reports",),
        make=_limiting(lambda limit: min(limit or 50, 60)),
        witness=launch_and(get(limit=100), calls=80, shows=counts(60)),
    ),
    filter_fault(
        id="newest-pages",
        rule="filter.oldest",
        sentence="With a limit the newest reports come first, and the older ones with the next page.",
        advice="Sort reports by their times, if the order counts.",
        source=("reports",),
        make=_newest_pages,
        witness=_newest,
    ),
)
