"""Faults of handing reports out: twice, never, to the wrong filter, to two readers at once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    answering,
    body_of,
    documented,
    fetches,
    header,
    is_xml,
    items_of,
    launches,
    query,
    rewritten,
    stated,
)
from infobip_voice_contract.faults.fault import Fault, Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.witness import Steps, Together, Wait, Witness, entries, reports
from infobip_voice_contract.stage import CTC, REPORTS, Stage

__all__ = ["HANDING"]

_AGAIN: Final = "Recognise a report by its messageId, and drop what you have seen."
_LOST: Final = "Keep the messageIds of your launches, and ask for what has no report after a day."
_ALL: Final = "Let one program drain an account, and tell no other server apart by filters."
_PAGE: Final = "Fetch until a page is empty; a short page does not say that nothing is left."
_EMPTY: Final = "Take any empty answer to a request for reports for no reports."
_REPEAT: Final = "Do not send a request again that was refused before you know why."

_MOST: Final = "1000000"


# --- once ---------------------------------------------------------------------------------------


def _pages_again(key: Callable[[Request], str]) -> Make:
    """Hand a page out a second time."""

    def make() -> Wrapper:
        pages: dict[str, Answer] = {}

        async def wrapper(request: Request, send: Send) -> Answer:
            if not fetches(request):
                return await send(request)
            answer = await send(request)
            if answer.status == 200 and not reports(answer):
                return pages.pop(key(request), answer)
            if reports(answer):
                pages[key(request)] = answer
            return answer

        return wrapper

    return make


def _first_again() -> Wrapper:
    """The last report of a page comes with the next page, too."""
    kept: dict[str, dict[str, Any]] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if not fetches(request) or answer.status != 200:
            return answer
        document = body_of(answer)
        bulk = dict(request.query).get("bulkId", "")
        again = kept.pop(bulk, None)
        if document["results"]:
            kept[bulk] = document["results"][-1]
        return (
            rewritten(answer, {"results": [again, *document["results"]]}) if again and document["results"] else answer
        )

    return wrapper


def _dropping(which: Callable[[list[Any]], list[Any]], *, when: Callable[[Request], object] = fetches) -> Make:
    """Hand out less than was taken."""
    return documented(
        lambda document: {**document, "results": which(document["results"])},
        when=lambda request, answer: fetches(request) and answer.status == 200 and bool(when(request)),
    )


def _eating(when: Callable[[Request, Answer], object], mend: Callable[[Request], Request]) -> Make:
    """Take reports for requests that are refused."""

    def make() -> Wrapper:
        right: list[str] = []

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            if answer.status == 200 and request.fields("authorization"):
                right[:] = request.fields("authorization")
            if (
                not is_push(request)
                and request.path == REPORTS
                and answer.status >= 400
                and right
                and when(request, answer)
            ):
                await send(mend(header(header(request, "authorization", right[0]), "accept", None)))
            return answer

        return wrapper

    return make


def _dialling(when: Callable[[Request, Answer], object], mend: Callable[[Request], Request]) -> Make:
    """Make the calls of launches that are refused."""

    def make() -> Wrapper:
        right: list[str] = []

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            if answer.status == 200 and request.fields("authorization"):
                right[:] = request.fields("authorization")
            if launches(request) and answer.status >= 400 and right and when(request, answer):
                await send(mend(header(header(request, "authorization", right[0]), "accept", None)))
            return answer

        return wrapper

    return make


def _same(request: Request) -> Request:
    return request


def _plain_get(request: Request) -> Request:
    kept = {name: text for name, text in request.query if name in ("bulkId", "messageId") and 1 <= len(text) <= 100}
    return query(replace(request, method="GET", target=REPORTS, body=b""), **kept, limit=_MOST)


def _without_surprises(request: Request) -> Request:
    document = body_of(request)
    if not isinstance(document, dict):
        return request
    document.pop("surprise", None)
    return rewritten(replace(request, target=request.path), document)


def _as_json(request: Request) -> Request:
    return header(request, "content-type", "application/json")


def _rejected_reported() -> Wrapper:
    """Calls that were rejected get a report of their own."""
    rejected: dict[str, dict[str, Any]] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if launches(request) and answer.status == 200:
            for entry in entries(answer):
                if entry["status"].get("groupId") == 5 and entry["status"].get("id") != 23:
                    rejected[entry["messageId"]] = {**entry, "bulkId": (body_of(answer) or {}).get("bulkId")}
        document = body_of(answer) if fetches(request) and answer.status == 200 else None
        if document is None or not document["results"]:
            return answer
        bulk = document["results"][0].get("bulkId")
        for name in [name for name, entry in rejected.items() if entry["bulkId"] == bulk]:
            entry = rejected.pop(name)
            document["results"].append(
                {**document["results"][0], "messageId": name, "to": entry["to"], "status": entry["status"]}
            )
        return rewritten(answer, document)

    return wrapper


# --- witnesses ----------------------------------------------------------------------------------


def _launch_and(
    *steps: Callable[[Stage, str], Request], calls: int = 3, shows: Callable[[list[Answer]], object]
) -> Witness:
    """Launch, wait, send requests about the launch, and look at all of their answers."""

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        yield stage.post(stage.ivr(calls, bulk=bulk))
        yield Wait()
        answers: list[Answer] = []
        for step in steps:
            answer: Answer = yield step(stage, bulk)
            answers.append(answer)
        return bool(shows(answers))

    return witness


def _get(**options: Any) -> Callable[[Stage, str], Request]:
    return lambda stage, bulk: stage.get(bulkId=bulk, **options)


def _counts(*expected: int) -> Callable[[list[Answer]], bool]:
    return lambda answers: tuple(len(reports(answer)) for answer in answers) == expected


def _gone_after(**options: Any) -> Witness:
    """After a refused request the reports are gone."""
    return _launch_and(
        _get(**options), _get(), shows=lambda answers: answers[0].status >= 400 and not reports(answers[1])
    )


def _calls_after(change: Callable[[Stage, dict[str, Any]], Request]) -> Witness:
    """After a refused launch its calls have reports."""

    def witness(stage: Stage) -> Steps:
        yield stage.get(bulkId=stage.id())
        bulk = stage.id()
        answer: Answer = yield change(stage, stage.ivr(2, bulk=bulk, ids=[stage.id()]))
        yield Wait()
        found: Answer = yield stage.get(bulkId=bulk)
        return answer.status >= 400 and bool(reports(found))

    return witness


def _rejected(stage: Stage) -> Steps:
    bulk, named = stage.id(), stage.id()
    destinations = [{"to": stage.numbers.take("rejected"), "messageId": named}, {"to": stage.numbers.take()}]
    yield stage.post({"bulkId": bulk, "messages": [{"scenarioId": "x", "destinations": destinations}]})
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return any(report["messageId"] == named for report in reports(answer))


def _oldest(stage: Stage) -> Steps:
    first, bulk = stage.id(), stage.id()
    yield stage.post(stage.ivr(1, bulk=bulk, ids=[first]))
    yield Wait(120)
    yield stage.post(stage.ivr(1, bulk=bulk))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return [report["messageId"] for report in reports(answer)][-1:] == [first]


# --- filters ------------------------------------------------------------------------------------


def _filtering(
    change: Callable[[dict[str, str]], dict[str, str | None]], *, when: Callable[[dict[str, str]], object]
) -> Make:
    """Understand a filter otherwise, where the server would have accepted it."""

    async def wrapper(request: Request, send: Send) -> Answer:
        given = dict(request.query)
        sound = (
            fetches(request)
            and len(given) == len(request.query)
            and all(1 <= len(text) <= 100 for text in given.values())
        )
        sound = sound and given.keys() <= {"bulkId", "messageId", "limit"}
        return await send(query(request, **change(given)) if sound and when(given) else request)

    return lambda: wrapper


def _either() -> Wrapper:
    """Of two filters one is enough."""

    async def wrapper(request: Request, send: Send) -> Answer:
        given = dict(request.query)
        if not (fetches(request) and given.keys() == {"bulkId", "messageId"}):
            return await send(request)
        first, second = await send(query(request, messageId=None)), await send(query(request, bulkId=None))
        if first.status != 200 or second.status != 200:
            return await send(request)
        return rewritten(first, {"results": [*reports(first), *reports(second)]})

    return wrapper


def _over(request: Request) -> Request:
    return query(request, limit=_MOST)


def _valid_limit(request: Request) -> int | None:
    given = dict(request.query).get("limit")
    return (
        int(given)
        if given is not None and given.isascii() and given.isdecimal() and given[0] != "0" and int(given) < 1 << 31
        else None
    )


def _limiting(of: Callable[[int | None], int], *, drop: bool = False) -> Make:
    """Use another limit than what was asked for.

    Args:
        of: Returns it for the limit of the request, None for a request without one.
        drop: Whether the server takes everything that matches, and drops what is above the limit.
    """

    async def wrapper(request: Request, send: Send) -> Answer:
        given = dict(request.query).get("limit")
        limit = _valid_limit(request)
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


def _remembering_bulks(match: Callable[[str, str], bool]) -> Make:
    """A bulkId also finds the reports of launches whose names are alike."""

    def make() -> Wrapper:
        known: list[str] = []

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            document = body_of(answer) if launches(request) and answer.status == 200 else None
            if isinstance(document, dict) and document.get("bulkId") and document["bulkId"] not in known:
                known.append(document["bulkId"])
            given = dict(request.query).get("bulkId")
            if not fetches(request) or answer.status != 200 or given is None:
                return answer
            found = reports(answer)
            for other in [name for name in known if name != given and match(given, name)]:
                found += reports(await send(query(request, bulkId=other)))
            return rewritten(answer, {"results": found}) if found else answer

        return wrapper

    return make


def _taking_all() -> Wrapper:
    """A read with a filter takes everything, and hands out what matches."""

    async def wrapper(request: Request, send: Send) -> Answer:
        given = dict(request.query)
        answer = await send(request)
        if fetches(request) and answer.status == 200 and given.keys() & {"bulkId", "messageId"}:
            await send(query(request, bulkId=None, messageId=None, limit=_MOST))
        return answer

    return wrapper


def _two_launches(
    read: Callable[[Stage, list[str]], list[Request]],
    shows: Callable[[list[Answer]], object],
    *,
    hints: tuple[str, str] = ("", ""),
) -> Witness:
    """Launch twice, and look at what comes for one."""

    def witness(stage: Stage) -> Steps:
        name = stage.id("Bulk")
        bulks = [name + hints[0], name + hints[1] if hints[1] else stage.id()]
        messages = [stage.id(), stage.id()]
        for bulk, message in zip(bulks, messages, strict=True):
            yield stage.post(stage.ivr(1, bulk=bulk, ids=[message]))
        yield Wait()
        answers: list[Answer] = []
        for request in read(stage, [*bulks, *messages]):
            answer: Answer = yield request
            answers.append(answer)
        return bool(shows(answers))

    return witness


def _swapped(stage: Stage) -> Steps:
    name = stage.id("Bulk")
    yield stage.post(stage.ivr(1, bulk=name))
    yield stage.post(stage.ivr(1, bulk=name.swapcase()))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=name)
    return len(reports(answer)) == 2


# --- at the same time ---------------------------------------------------------------------------


def _readers_alike() -> Wrapper:
    """Readers at the same time get the same page: the first waits a moment for another."""
    under_way: dict[str, tuple[asyncio.Future[Answer], asyncio.Event]] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        if not fetches(request):
            return await send(request)
        if request.target in under_way:
            first, joined = under_way[request.target]
            joined.set()
            return await first
        answer = await send(request)
        if not reports(answer):
            return answer
        future, joined = asyncio.get_running_loop().create_future(), asyncio.Event()
        under_way[request.target] = future, joined
        with suppress(TimeoutError):
            await asyncio.wait_for(joined.wait(), 0.1)
        del under_way[request.target]
        future.set_result(answer)
        return answer

    return wrapper


def _launches_alike() -> Wrapper:
    """Of launches of one messageId at the same time each is accepted."""
    under_way: set[str] = set()

    async def wrapper(request: Request, send: Send) -> Answer:
        names = {
            str(each.get("messageId"))
            for item in items_of(request)
            for each in item.get("destinations") or ()
            if each.get("messageId")
        }
        if not names:
            return await send(request)
        again = names & under_way
        under_way.update(names)
        try:
            await asyncio.sleep(0.01)
            answer = await send(request)
        finally:
            under_way.difference_update(names)
        if not again or answer.status != 200:
            return answer
        document = body_of(answer)
        for entry in document["messages"]:
            if entry["status"].get("id") == 23:
                entry["status"] = {
                    "groupId": 1,
                    "groupName": "PENDING",
                    "id": 26,
                    "name": "PENDING_ACCEPTED",
                    "description": "x",
                }
        return rewritten(answer, document)

    return wrapper


def _read_together(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(8, bulk=bulk))
    yield Wait()
    request = stage.get(bulkId=bulk, limit=2)
    answers: list[Answer] = yield Together((request, request, request))
    found = [report["messageId"] for answer in answers for report in reports(answer)]
    return len(set(found)) < len(found)


def _launched_together(stage: Stage) -> Steps:
    name = stage.id()
    answers: list[Answer] = yield Together(
        tuple(stage.post(stage.ivr(1, bulk=stage.id(), ids=[name])) for _ in range(3))
    )
    return len([1 for answer in answers for entry in entries(answer) if entry["status"]["groupId"] == 1]) > 1


def _forms_apart() -> Wrapper:
    """What was handed out in one form is handed out in the other, too."""
    pages: dict[tuple[str, bool], list[Any]] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if not fetches(request) or answer.status != 200:
            return answer
        key = request.target, is_xml(answer)
        found = pages.pop(key, []) if not reports(answer) else reports(answer)
        if reports(answer):
            pages[request.target, not is_xml(answer)] = found
        return rewritten(answer, {"results": found}) if found else answer

    return wrapper


def _clicks_unreported() -> Wrapper:
    """The reports of clicks to call are taken, and not handed out."""
    clicks: set[str] = set()

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if request.path == CTC and answer.status == 200:
            clicks.update(str(entry.get("messageId")) for entry in entries(answer))
        if not fetches(request) or answer.status != 200 or not reports(answer):
            return answer
        return rewritten(answer, {"results": [each for each in reports(answer) if each.get("messageId") not in clicks]})

    return wrapper


def _click_unreported(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ctc(1, bulk=bulk), CTC)
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return answer.status == 200 and not reports(answer)


def _taken_by_stranger(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(3, bulk=bulk))
    yield Wait()
    yield stage.get(bulkId=bulk, authorization=None)
    answer: Answer = yield stage.get(bulkId=bulk)
    return not reports(answer)


def _good_numbers(request: Request) -> Request:
    document = body_of(request)
    if not isinstance(document, dict):
        return request
    for item in document.get("messages") or ():
        if isinstance(item, dict) and isinstance(item.get("destinations"), list):
            item["destinations"] = [each for each in item["destinations"] if str(each.get("to")).isdecimal()]
    return rewritten(request, document)


def _with_letters(body: dict[str, Any]) -> dict[str, Any]:
    [item] = body["messages"]
    return {**body, "messages": [{**item, "destinations": [*item["destinations"], {"to": "abc"}]}]}


def _default_loses() -> Wrapper:
    """Without limit the server takes everything, and hands out 50."""

    async def wrapper(request: Request, send: Send) -> Answer:
        if not fetches(request) or "limit" in dict(request.query):
            return await send(request)
        answer = await send(_over(request))
        return rewritten(answer, {"results": reports(answer)[:50]}) if reports(answer) else answer

    return wrapper


def _limit_first() -> Wrapper:
    """A limit is applied to all that waits, and then the filter to what is left.

    What waits is known from what was launched: the oldest launches are looked at first.
    """
    waiting: list[str] = []

    async def wrapper(request: Request, send: Send) -> Answer:
        limit = _valid_limit(request) if fetches(request) else None
        bulk = dict(request.query).get("bulkId")
        if limit is not None and bulk in waiting and waiting.index(bulk) >= limit:
            return await send(query(request, bulkId="nothing-of-that-name"))
        answer = await send(request)
        document = body_of(answer) if answer.status == 200 and (launches(request) or fetches(request)) else None
        if launches(request) and isinstance(document, dict) and document.get("bulkId"):
            waiting.append(document["bulkId"])
        if fetches(request) and isinstance(document, dict):
            for report in document["results"]:
                if report.get("bulkId") in waiting:
                    waiting.remove(report["bulkId"])
        return answer

    return wrapper


def _newest_pages() -> Wrapper:
    """With a limit the newest reports come first, and the older ones with the next page."""
    kept: dict[tuple[str | None, str | None], list[Any]] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        given, limit = dict(request.query), _valid_limit(request)
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


_once = partial(Fault, group="once")
_filter = partial(Fault, group="filter")
_together = partial(Fault, group="concurrency")

HANDING: Final = (
    _once(
        id="pages-again",
        rule="once.never-twice",
        sentence="A page that was fetched comes a second time.",
        advice=_AGAIN,
        source=("reports",),
        make=_pages_again(lambda request: request.target),
        witness=_launch_and(_get(), _get(), shows=_counts(3, 3)),
    ),
    _once(
        id="once-a-form",
        rule="once.never-twice",
        sentence="Reports are handed out once in JSON, and once in XML.",
        advice=_AGAIN,
        source=("reports",),
        make=_forms_apart,
        witness=_launch_and(_get(), _get(accept="application/xml"), shows=_counts(3, 3)),
    ),
    _once(
        id="page-border-again",
        rule="once.never-twice",
        sentence="The last report of a page comes again with the next page.",
        advice=_AGAIN,
        source=("reports",),
        make=_first_again,
        witness=_launch_and(_get(limit=1), _get(limit=1), shows=_counts(1, 2)),
    ),
    _once(
        id="report-in-page-twice",
        rule="once.never-twice",
        sentence="A page of several reports has its first report twice.",
        advice=_AGAIN,
        source=("reports",),
        make=_dropping(lambda found: [*found, found[0]] if len(found) > 1 else found),
        witness=_launch_and(_get(), shows=_counts(4)),
    ),
    _once(
        id="last-is-lost",
        rule="once.nothing-missing",
        sentence="The last report of a page of several is lost.",
        advice=_LOST,
        source=("reports",),
        make=_dropping(lambda found: found[:-1] if len(found) > 1 else found),
        witness=_launch_and(_get(), _get(), shows=_counts(2, 0)),
    ),
    _once(
        id="clicks-unreported",
        rule="once.nothing-missing",
        sentence="Clicks to call have no reports.",
        advice=_LOST,
        source=("reports",),
        make=_clicks_unreported,
        witness=_click_unreported,
    ),
    _once(
        id="xml-is-lost",
        rule="once.nothing-missing",
        sentence="A page of several reports in XML is empty, and its reports are lost.",
        advice=_LOST,
        source=("reports",),
        make=_dropping(
            lambda found: found if len(found) < 2 else [],
            when=lambda request: "application/xml" in request.fields("accept"),
        ),
        witness=_launch_and(_get(accept="application/xml"), _get(), shows=_counts(0, 0)),
    ),
    _once(
        id="empty-404",
        rule="once.empty",
        sentence="When nothing is left, the answer is 404.",
        advice=_EMPTY,
        source=("reports",),
        make=answering(
            lambda answer: stated(answer, 404),
            when=lambda request, answer: fetches(request) and answer.status == 200 and not reports(answer),
        ),
        witness=_launch_and(_get(), _get(), shows=lambda answers: answers[1].status == 404),
    ),
    _once(
        id="empty-204",
        rule="once.empty",
        sentence="When nothing is left, the answer is 204.",
        advice=_EMPTY,
        source=("reports",),
        make=answering(
            lambda answer: header(Answer(204, answer.headers), "content-type", None),
            when=lambda request, answer: fetches(request) and answer.status == 200 and not reports(answer),
        ),
        witness=_launch_and(_get(), _get(), shows=lambda answers: answers[1].status == 204),
    ),
    _once(
        id="strangers-take",
        rule="once.refused-reads",
        sentence="A request that is refused with 401 takes the reports.",
        advice=_REPEAT,
        source=("reports",),
        make=_eating(lambda request, answer: answer.status == 401 and request.method == "GET", _plain_get),
        witness=_taken_by_stranger,
    ),
    _once(
        id="unacceptable-takes",
        rule="once.refused-reads",
        sentence="A request that is refused with 406 takes the reports.",
        advice=_REPEAT,
        source=("reports",),
        make=_eating(lambda _, answer: answer.status == 406, _plain_get),
        witness=_gone_after(accept="text/html"),
    ),
    _once(
        id="bad-limit-takes",
        rule="once.refused-reads",
        sentence="A request with a bad limit takes the reports.",
        advice=_REPEAT,
        source=("reports",),
        make=_eating(lambda request, answer: answer.status == 400 and "limit" in dict(request.query), _plain_get),
        witness=_gone_after(limit=0),
    ),
    _once(
        id="unknown-query-takes",
        rule="once.refused-reads",
        sentence="A request with an unknown parameter takes the reports.",
        advice=_REPEAT,
        source=("reports",),
        make=_eating(lambda request, answer: answer.status == 400 and "surprise" in request.target, _plain_get),
        witness=_launch_and(
            lambda stage, bulk: stage.get(query=f"bulkId={bulk}&surprise=1"), _get(), shows=_counts(0, 0)
        ),
    ),
    _once(
        id="head-takes",
        rule="once.other-methods",
        sentence="HEAD takes the reports that GET would.",
        advice="Never send HEAD to an address that consumes.",
        source=("reports",),
        make=_eating(lambda request, _: request.method == "HEAD", _plain_get),
        witness=_gone_after(method="HEAD"),
    ),
    _once(
        id="delete-takes",
        rule="once.other-methods",
        sentence="DELETE throws the reports away, and is answered 405.",
        advice="Send the documented methods alone.",
        source=("reports",),
        make=_eating(lambda request, _: request.method == "DELETE", _plain_get),
        witness=_gone_after(method="DELETE"),
    ),
    _once(
        id="stranger-dials",
        rule="once.refused-launches",
        sentence="A launch that is refused with 401 is made.",
        advice=_REPEAT,
        source=("platform-2026",),
        make=_dialling(lambda _, answer: answer.status == 401, _same),
        witness=_calls_after(lambda stage, body: stage.post(body, authorization=None)),
    ),
    _once(
        id="unacceptable-dials",
        rule="once.refused-launches",
        sentence="A launch that is refused with 406 is made.",
        advice=_REPEAT,
        source=("platform-2026",),
        make=_dialling(lambda _, answer: answer.status == 406, _same),
        witness=_calls_after(lambda stage, body: stage.post(body, accept="text/html")),
    ),
    _once(
        id="plain-dials",
        rule="once.refused-launches",
        sentence="A launch that is refused with 415 is made.",
        advice=_REPEAT,
        source=("platform-2026",),
        make=_dialling(lambda _, answer: answer.status == 415, _as_json),
        witness=_calls_after(lambda stage, body: stage.post(body, content_type="text/plain")),
    ),
    _once(
        id="unknown-dials",
        rule="once.refused-launches",
        sentence="A launch that is refused for an unknown member is made.",
        advice=_REPEAT,
        source=("platform-2026",),
        make=_dialling(lambda _, answer: answer.status == 400, _without_surprises),
        witness=_calls_after(lambda stage, body: stage.post({**body, "surprise": 1})),
    ),
    _once(
        id="half-dials",
        rule="once.refused-launches",
        sentence="Of a launch that is refused for one number the others are called.",
        advice=_REPEAT,
        source=("platform-2026",),
        make=_dialling(
            lambda request, answer: answer.status == 400 and "abc" in request.body.decode("latin-1"), _good_numbers
        ),
        witness=_calls_after(lambda stage, body: stage.post(_with_letters(body))),
    ),
    _once(
        id="rejected-reported",
        rule="once.rejected",
        sentence="A call that was rejected at launch has a report.",
        advice="Take a call for over when its entry is in the group REJECTED.",
        source=("assumption",),
        make=_rejected_reported,
        witness=_rejected,
    ),
    _once(
        id="newest-first",
        rule="once.oldest-first",
        sentence="Reports come newest first.",
        advice="Sort reports by their times, if the order counts.",
        source=("reports",),
        make=_dropping(lambda found: found[::-1]),
        witness=_oldest,
    ),
    _filter(
        id="bulk-ignored",
        rule="filter.bulk",
        sentence="The filter bulkId is ignored.",
        advice=_ALL,
        source=("reports",),
        make=_filtering(lambda _: {"bulkId": None}, when=lambda given: "bulkId" in given and "messageId" not in given),
        witness=_two_launches(lambda stage, names: [stage.get(bulkId=names[0])], _counts(2)),
    ),
    _filter(
        id="message-ignored",
        rule="filter.message",
        sentence="The filter messageId is ignored.",
        advice=_ALL,
        source=("reports",),
        make=_filtering(lambda _: {"messageId": None}, when=lambda given: "messageId" in given),
        witness=_two_launches(lambda stage, names: [stage.get(messageId=names[2])], _counts(2)),
    ),
    _filter(
        id="either-filter",
        rule="filter.both",
        sentence="Of two filters a report has to match one.",
        advice=_ALL,
        source=("assumption",),
        make=_either,
        witness=_two_launches(lambda stage, names: [stage.get(bulkId=names[0], messageId=names[3])], _counts(2)),
    ),
    _filter(
        id="bulk-wins",
        rule="filter.both",
        sentence="Beside a bulkId, the messageId is ignored.",
        advice=_ALL,
        source=("assumption",),
        make=_filtering(lambda _: {"messageId": None}, when=lambda given: given.keys() >= {"bulkId", "messageId"}),
        witness=_two_launches(lambda stage, names: [stage.get(bulkId=names[0], messageId=names[3])], _counts(1)),
    ),
    _filter(
        id="bulk-begins",
        rule="filter.bulk",
        sentence="A bulkId finds every launch whose name begins so.",
        advice=_ALL,
        source=("reports",),
        make=_remembering_bulks(lambda given, name: name.startswith(given)),
        witness=_two_launches(lambda stage, names: [stage.get(bulkId=names[0])], _counts(2), hints=("", "-2")),
    ),
    _filter(
        id="bulk-case",
        rule="filter.bulk",
        sentence="A bulkId is compared without regard to case.",
        advice=_ALL,
        source=("reports",),
        make=_remembering_bulks(lambda given, name: name.lower() == given.lower()),
        witness=_swapped,
    ),
    _filter(
        id="message-finds-nothing",
        rule="filter.finds",
        sentence="With a messageId nothing is found.",
        advice=_ALL,
        source=("reports",),
        make=_filtering(lambda _: {"messageId": "nothing"}, when=lambda given: given.keys() == {"messageId"}),
        witness=_two_launches(lambda stage, names: [stage.get(messageId=names[2])], _counts(0)),
    ),
    _filter(
        id="first-message-only",
        rule="filter.finds",
        sentence="With a bulkId one report is found at a time.",
        advice=_PAGE,
        source=("reports",),
        make=_filtering(lambda _: {"limit": "1"}, when=lambda given: "bulkId" in given),
        witness=_launch_and(_get(), _get(), shows=_counts(1, 1)),
    ),
    _filter(
        id="filter-takes-all",
        rule="filter.leaves-others",
        sentence="A request with a filter takes the reports of others, too.",
        advice=_ALL,
        source=("reports",),
        make=_taking_all,
        witness=_two_launches(
            lambda stage, names: [stage.get(bulkId=names[0]), stage.get(bulkId=names[1])], _counts(1, 0)
        ),
    ),
    _filter(
        id="limit-ignored",
        rule="filter.limit",
        sentence="limit is ignored.",
        advice=_PAGE,
        source=("reports",),
        make=_limiting(lambda _: 50),
        witness=_launch_and(_get(limit=2), shows=_counts(3)),
    ),
    _filter(
        id="limit-and-one",
        rule="filter.limit",
        sentence="One report more than limit is returned.",
        advice=_PAGE,
        source=("reports",),
        make=_limiting(lambda limit: 50 if limit is None else min(limit + 1, 1 << 30)),
        witness=_launch_and(_get(limit=2), shows=_counts(3)),
    ),
    _filter(
        id="no-default-limit",
        rule="filter.default",
        sentence="Without limit everything is returned.",
        advice=_PAGE,
        source=("reports",),
        make=_limiting(lambda limit: limit or 1_000_000),
        witness=_launch_and(_get(), calls=60, shows=_counts(60)),
    ),
    _filter(
        id="default-100",
        rule="filter.default",
        sentence="Without limit 100 reports are returned.",
        advice=_PAGE,
        source=("reports",),
        make=_limiting(lambda limit: limit or 100),
        witness=_launch_and(_get(), calls=120, shows=_counts(100)),
    ),
    _filter(
        id="default-10",
        rule="filter.whole-pages",
        sentence="Without limit ten reports are returned.",
        advice=_PAGE,
        source=("reports",),
        make=_limiting(lambda limit: limit or 10),
        witness=_launch_and(_get(), calls=20, shows=_counts(10)),
    ),
    _filter(
        id="default-49",
        rule="filter.whole-pages",
        sentence="Without limit 49 reports are returned.",
        advice=_PAGE,
        source=("reports",),
        make=_limiting(lambda limit: limit or 49),
        witness=_launch_and(_get(), calls=60, shows=_counts(49)),
    ),
    _filter(
        id="limit-loses-rest",
        rule="filter.limit-leaves-rest",
        sentence="What limit leaves out is lost.",
        advice=_PAGE,
        source=("reports",),
        make=_limiting(lambda limit: limit or 50, drop=True),
        witness=_launch_and(_get(limit=2), _get(), shows=_counts(2, 0)),
    ),
    _filter(
        id="default-loses-rest",
        rule="filter.limit-leaves-rest",
        sentence="What the default limit leaves out is lost.",
        advice=_PAGE,
        source=("reports",),
        make=_default_loses,
        witness=_launch_and(_get(), _get(), calls=60, shows=_counts(50, 0)),
    ),
    _filter(
        id="limit-less-one",
        rule="filter.whole-pages",
        sentence="Pages have one report less than their limit.",
        advice=_PAGE,
        source=("reports",),
        make=_limiting(lambda limit: max((limit or 50) - 1, 1)),
        witness=_launch_and(_get(limit=2), shows=_counts(1)),
    ),
    _filter(
        id="largest-page",
        rule="filter.whole-pages",
        sentence="A page has 60 reports at most, whatever limit says.",
        advice=_PAGE,
        source=("reports",),
        make=_limiting(lambda limit: min(limit or 50, 60)),
        witness=_launch_and(_get(limit=100), calls=80, shows=_counts(60)),
    ),
    _filter(
        id="limit-before-filter",
        rule="filter.finds",
        sentence="limit counts reports before the filter does.",
        advice=_ALL,
        source=("reports",),
        make=_limit_first,
        witness=_two_launches(lambda stage, names: [stage.get(bulkId=names[1], limit=1)], _counts(0)),
    ),
    _filter(
        id="newest-pages",
        rule="filter.oldest",
        sentence="With a limit the newest reports come first, and the older ones with the next page.",
        advice="Sort reports by their times, if the order counts.",
        source=("reports",),
        make=_newest_pages,
        witness=_newest,
    ),
    _together(
        id="readers-alike",
        rule="together.readers",
        sentence="Readers at the same time get the same page.",
        advice="Let one program drain an account.",
        source=("reports",),
        make=_readers_alike,
        witness=_read_together,
    ),
    _together(
        id="launches-alike",
        rule="together.launches",
        sentence="Of launches of one messageId at the same time each is accepted.",
        advice="Send a launch once, and wait for its answer.",
        source=("platform-2026",),
        make=_launches_alike,
        witness=_launched_together,
    ),
)
