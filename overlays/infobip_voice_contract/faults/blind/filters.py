"""Faults of filters: what they match, in which order they are applied, and how they are read."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, unquote, unquote_to_bytes, urlencode

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import given, page, paged
from infobip_voice_contract.faults.edits import fetches, mended, query
from infobip_voice_contract.faults.fault import Fault, Make, Send, Wrapper
from infobip_voice_contract.faults.incoming import misreading
from infobip_voice_contract.faults.witness import Steps, Wait, Witness, answered, reports
from infobip_voice_contract.stage import Stage

__all__ = ["FAULTS"]

Report = dict[str, Any]
Select = Callable[[list[Report], dict[str, str], int], list[Report]]

_FILTERS: Final = ("bulkId", "messageId")


def _queue(select: Select) -> Make:
    """Return the maker of a wrapper that keeps every report itself, and hands out what it selects.

    Args:
        select: Gets the reports that wait, oldest first, the filters and the limit; returns some.
    """

    def make() -> Wrapper:
        waiting: list[Report] = []

        async def wrapper(request: Request, send: Send) -> Answer:
            answer = await send(request)
            if not fetches(request) or answer.status != 200:
                return answer
            # The request is right: whatever else waits is taken over, to be handed out from here.
            rest = await send(query(request, bulkId=None, messageId=None, limit="1000000"))
            waiting.extend(page(answer) + page(rest))
            waiting.sort(key=lambda report: str(report.get("doneAt")))
            filters = {name: text for name, text in request.query if name in _FILTERS}
            chosen = select(waiting, filters, int(given(request, "limit") or 50))
            taken = [id(report) for report in chosen]
            waiting[:] = [report for report in waiting if id(report) not in taken]
            return paged(answer if page(answer) else rest, chosen)

        return wrapper

    return make


def _matching(waiting: list[Report], filters: dict[str, str], matches: Callable[[str, str], bool]) -> list[Report]:
    return [
        report for report in waiting
        if all(matches(text, str(report.get(name))) for name, text in filters.items())
    ]  # fmt: skip


def _exactly(wanted: str, found: str) -> bool:
    return wanted == found


def _limited_first(waiting: list[Report], filters: dict[str, str], limit: int) -> list[Report]:
    return _matching(waiting[:limit], filters, _exactly)


def _newest(waiting: list[Report], filters: dict[str, str], limit: int) -> list[Report]:
    return _matching(waiting, filters, _exactly)[-limit:]


def _any_case(waiting: list[Report], filters: dict[str, str], limit: int) -> list[Report]:
    return _matching(waiting, filters, lambda wanted, found: wanted.casefold() == found.casefold())[:limit]


def _like(waiting: list[Report], filters: dict[str, str], limit: int) -> list[Report]:
    def matches(wanted: str, found: str) -> bool:
        pattern = re.escape(wanted).replace("_", ".").replace("%", ".*")
        return re.fullmatch(pattern, found, re.DOTALL) is not None

    return _matching(waiting, filters, matches)[:limit]


def _message_alone(request: Request) -> Request:
    both = fetches(request) and given(request, "bulkId") and given(request, "messageId")
    other: Request = query(request, bulkId=None) if both else request
    return other


def _again(request: Request, decode: Callable[[str], str]) -> Request:
    """Return a fetch whose filters were decoded once more."""
    if not fetches(request):
        return request
    pairs = [(name, decode(text) if name in _FILTERS else text) for name, text in request.query]
    changed = pairs != request.query
    return replace(request, target=f"{request.path}?{urlencode(pairs)}") if changed else request


def _latin(text: str) -> str:
    return unquote_to_bytes(quote(text)).decode("latin-1")


def _no_empty_ones(request: Request) -> Request | None:
    if not fetches(request):
        return None
    pairs = [(name, text) for name, text in request.query if text or name not in _FILTERS]
    return replace(request, target=f"{request.path}?{urlencode(pairs)}")


def _unlimited(request: Request) -> Request:
    filtered = fetches(request) and given(request, "bulkId") and given(request, "limit") is None
    return replace(request, target=f"{request.target}&limit=1000000") if filtered else request


def _under(launch: str, fetch: str, *, comes: bool) -> Witness:
    """Return the witness that a report of a bulk comes, or does not, for a filter.

    Args:
        launch: How the bulkId ends.
        fetch: How the filter ends.
        comes: Whether the report comes because of the fault.
    """

    def witness(stage: Stage) -> Steps:
        bulk = stage.id()
        yield stage.post(stage.ivr(bulk=bulk + launch))
        yield Wait()
        answer: Answer = yield stage.get(bulkId=bulk + fetch)
        return answer.status == 200 and bool(reports(answer)) == comes

    return witness


def _behind_another(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(2))
    yield Wait()
    yield stage.post(stage.ivr(bulk=bulk))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk, limit=1)
    return answer.status == 200 and not reports(answer)


def _last_first(stage: Stage) -> Steps:
    bulk, message = stage.id(), stage.id()
    yield stage.post(stage.ivr(bulk=bulk))
    yield Wait()
    yield stage.post(stage.ivr(bulk=bulk, ids=[message]))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk, limit=1)
    return [report["messageId"] for report in reports(answer)] == [message]


def _of_another_bulk(stage: Stage) -> Steps:
    message = stage.id()
    yield stage.post(stage.ivr(bulk=stage.id(), ids=[message]))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=stage.id(), messageId=message)
    return bool(reports(answer))


def _more_than_fifty(stage: Stage) -> Steps:
    bulk = stage.id()
    yield stage.post(stage.ivr(51, bulk=bulk))
    yield Wait()
    answer: Answer = yield stage.get(bulkId=bulk)
    return len(reports(answer)) == 51


FAULTS: Final = (
    Fault(
        id="limit-before-filter", group="filter",
        sentence="The limit is applied before the filter, so that what is behind others is not found.",
        advice="Fetch without a filter, or with a large limit.", source=("reports", "assumption"),
        make=_queue(_limited_first), witness=_behind_another,
    ),
    Fault(
        id="newest-first", group="filter", sentence="With a limit the newest reports come first.",
        advice="Do not go by the order of pages.", source=("reports",), make=_queue(_newest), witness=_last_first,
    ),
    Fault(
        id="bulk-by-any-case", group="filter", sentence="Filters do not distinguish capitals from small letters.",
        advice="Let ids differ in more than their case.", source=("reports",), make=_queue(_any_case),
        witness=_under("-a", "-A", comes=True),
    ),
    Fault(
        id="like-a-pattern", group="filter",
        sentence="In a filter `_` stands for any character, and `%` for any number.",
        advice="Use neither in an id.", source=("reports",), make=_queue(_like),
        witness=_under("-ab", "-a_", comes=True),
    ),
    Fault(
        id="message-alone", group="filter", sentence="With both filters the bulkId does not count.",
        advice="Compare the bulkId yourself.", source=("assumption",), make=misreading(_message_alone),
        witness=_of_another_bulk,
    ),
    Fault(
        id="decoded-twice", group="filter",
        sentence="Filters are decoded twice, so that an id with `%41` is not found.",
        advice="Use no percent signs in an id.", source=("reports",),
        make=misreading(lambda request: _again(request, unquote)), witness=_under("%41", "%41", comes=False),
    ),
    Fault(
        id="latin-filter", group="filter",
        sentence="The bytes of a filter are read as ISO-8859-1, so that `é` is not found.",
        advice="Use ASCII in an id.", source=("reports",), make=misreading(lambda request: _again(request, _latin)),
        witness=_under("é", "é", comes=False),
    ),
    Fault(
        id="empty-filter-is-none", group="filter", sentence="`bulkId=` with nothing behind it hands out everything.",
        advice="Check that a filter is not empty before you send it.", source=("assumption",),
        make=mended(_no_empty_ones),
        witness=answered(lambda stage: stage.get(query="bulkId="), lambda answer: answer.status == 200),
    ),
    Fault(
        id="bulk-without-limit", group="filter", sentence="With a bulkId the default limit of 50 does not apply.",
        advice="Give a limit.", source=("reports",), make=misreading(_unlimited), witness=_more_than_fifty,
    ),
)  # fmt: skip
