"""Reports that are handed out again, too late or never."""

from collections.abc import Callable
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    answering,
    body_of,
    documented,
    fetches,
    header,
    is_xml,
    rewritten,
    stated,
)
from infobip_voice_contract.faults.fault import Make, Send, Wrapper
from infobip_voice_contract.faults.handing.words import counts, get, launch_and, once
from infobip_voice_contract.faults.witness import Steps, Wait, entries, reports
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["ONCE"]

_AGAIN: Final = "Recognise a report by its messageId, and drop what you have seen."
_LOST: Final = "Keep the messageIds of your launches, and ask for what has no report after a day."
_EMPTY: Final = "Take any empty answer to a request for reports for no reports."


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


def _oldest(stage: Stage) -> Steps:
    first, bulk = stage.id(), stage.id()
    yield stage.post(stage.ivr(1, bulk=bulk, ids=[first]))
    yield Wait(120)
    yield stage.post(stage.ivr(1, bulk=bulk))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return [report["messageId"] for report in reports(answer)][-1:] == [first]


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


ONCE: Final = (
    once(
        id="pages-again",
        rule="once.never-twice",
        sentence="A page that was fetched comes a second time.",
        advice=_AGAIN,
        source=("reports",),
        make=_pages_again(lambda request: request.target),
        witness=launch_and(get(), get(), shows=counts(3, 3)),
    ),
    once(
        id="once-a-form",
        rule="once.never-twice",
        sentence="Reports are handed out once in JSON, and once in XML.",
        advice=_AGAIN,
        source=("reports",),
        make=_forms_apart,
        witness=launch_and(get(), get(accept="application/xml"), shows=counts(3, 3)),
    ),
    once(
        id="page-border-again",
        rule="once.never-twice",
        sentence="The last report of a page comes again with the next page.",
        advice=_AGAIN,
        source=("reports",),
        make=_first_again,
        witness=launch_and(get(limit=1), get(limit=1), shows=counts(1, 2)),
    ),
    once(
        id="report-in-page-twice",
        rule="once.never-twice",
        sentence="A page of several reports has its first report twice.",
        advice=_AGAIN,
        source=("reports",),
        make=_dropping(lambda found: [*found, found[0]] if len(found) > 1 else found),
        witness=launch_and(get(), shows=counts(4)),
    ),
    once(
        id="last-is-lost",
        rule="once.nothing-missing",
        sentence="The last report of a page of several is lost.",
        advice=_LOST,
        source=("reports",),
        make=_dropping(lambda found: found[:-1] if len(found) > 1 else found),
        witness=launch_and(get(), get(), shows=counts(2, 0)),
    ),
    once(
        id="clicks-unreported",
        rule="once.nothing-missing",
        sentence="Clicks to call have no reports.",
        advice=_LOST,
        source=("reports",),
        make=_clicks_unreported,
        witness=_click_unreported,
    ),
    once(
        id="xml-is-lost",
        rule="once.nothing-missing",
        sentence="A page of several reports in XML is empty, and its reports are lost.",
        advice=_LOST,
        source=("reports",),
        make=_dropping(
            lambda found: found if len(found) < 2 else [],
            when=lambda request: "application/xml" in request.fields("accept"),
        ),
        witness=launch_and(get(accept="application/xml"), get(), shows=counts(0, 0)),
    ),
    once(
        id="empty-404",
        rule="once.empty",
        sentence="When nothing is left, the answer is 404.",
        advice=_EMPTY,
        source=("reports",),
        make=answering(
            lambda answer: stated(answer, 404),
            when=lambda request, answer: fetches(request) and answer.status == 200 and not reports(answer),
        ),
        witness=launch_and(get(), get(), shows=lambda answers: answers[1].status == 404),
    ),
    once(
        id="empty-204",
        rule="once.empty",
        sentence="When nothing is left, the answer is 204.",
        advice=_EMPTY,
        source=("reports",),
        make=answering(
            lambda answer: header(Answer(204, answer.headers), "content-type", None),
            when=lambda request, answer: fetches(request) and answer.status == 200 and not reports(answer),
        ),
        witness=launch_and(get(), get(), shows=lambda answers: answers[1].status == 204),
    ),
    once(
        id="newest-first",
        rule="once.oldest-first",
        sentence="Reports come newest first.",
        advice="Sort reports by their times, if the order counts.",
        source=("reports",),
        make=_dropping(lambda found: found[::-1]),
        witness=_oldest,
    ),
)
