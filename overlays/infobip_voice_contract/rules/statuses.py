"""Rules about which status an answer has, which methods a path has, and what is too large."""

from collections.abc import Iterator
from typing import Final

from infobip_voice_contract.demands import MAX_BODY, MAX_ID
from infobip_voice_contract.exchange import CLOSED_MEANWHILE
from infobip_voice_contract.history import History
from infobip_voice_contract.judged import Judged, text
from infobip_voice_contract.rules.looks import (
    Then,
    When,
    both,
    errors,
    header,
    launches,
    no_problem,
    only,
    service_exception,
    status,
    succeeds,
    taken,
    valid,
)
from infobip_voice_contract.rules.rule import SEEDS, Finding, Rule, each, fails, holds

__all__ = ["METHOD", "SIZE", "STATUS"]

_KINDS: Final = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    429: "TOO_MANY_REQUESTS",
    500: "GENERAL_ERROR",
}

_ASSUMED_KINDS: Final = {
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
}


def _plain_launch(judged: Judged) -> bool:
    return launches(judged) and judged.demand.is_valid and judged.demand.form == "json"


def _fetched(judged: Judged) -> str:
    return status(200)(judged) if judged.status in (204, 404) else succeeds(judged)


def _any(_: Judged) -> bool:
    return True


def _can_be_read(judged: Judged) -> bool:
    """Of JSON or XML that is none, other rules say so."""
    is_named = judged.document is not None and judged.document.form is not None
    return errors(judged) and not (is_named and no_problem("malformed", "root")(judged))


def _kind_is(kinds: dict[int, str]) -> Then:
    def then(judged: Judged) -> str:
        expected, found = kinds[judged.status or 0], text(service_exception(judged).get("messageId"))
        if found is None:
            return f"a {judged.status} has no messageId, which is {expected}"
        return "" if found == expected else f"a {judged.status} is called {found}, not {expected}"

    return then


def _answered(history: History) -> Iterator[Finding]:
    for judged in history.exchanges:
        if judged.exchange.direction == "out" and not judged.exchange.failure.startswith(CLOSED_MEANWHILE):
            failure = judged.exchange.failure
            yield fails(failure, judged) if judged.exchange.answer is None else holds(judged)


def _documented(history: History) -> Iterator[Finding]:
    for judged in history.exchanges:
        operation = judged.demand.operation
        if judged.exchange.direction == "out" and judged.status is not None and judged.operation and operation:
            listed = history.contract.statuses(operation)
            yield holds(judged) if judged.status in listed else fails(f"answered {judged.status}", judged)


def _first_of_several(judged: Judged) -> str:
    return status(judged.demand.causes[0].status)(judged)


def _several(judged: Judged) -> bool:
    return judged.demand.is_refused and len({cause.status for cause in judged.demand.causes}) > 1


def _allows(judged: Judged) -> str:
    operation = judged.demand.operation
    allowed = (judged.answer.field("allow") or "").upper() if judged.answer is not None else ""
    if judged.request.method in [each.strip() for each in allowed.split(",")]:
        return f"Allow has {judged.request.method}, which was refused"
    return header("Allow", containing=operation.method if operation else "")(judged)


def _fits(judged: Judged) -> bool:
    return valid()(judged) and launches(judged) and MAX_BODY // 2 < len(judged.request.body) <= MAX_BODY


def _by_longest_ids(judged: Judged) -> bool:
    return len(judged.filters) == 2 and all(len(value) == MAX_ID for value in judged.filters.values())


def _destinations(most: int) -> When:
    def when(judged: Judged) -> bool:
        counted: dict[int, int] = {}
        for wanted in judged.wanted:
            counted[id(wanted.item)] = counted.get(id(wanted.item), 0) + 1
        return max(counted.values(), default=0) == most

    return when


STATUS: Final = (
    Rule("status.answered", "status", "Every request gets a whole answer.", SEEDS, _answered),
    Rule("status.documented", "status", "An answer has a status that the contract lists for the operation.",
         ("platform-2026",), _documented),
    Rule("status.no-fault", "status", "No request makes the server fail with a 5xx.",
         ("platform-2026",), each(_any,
                                  lambda judged: f"answered {judged.status}" if (judged.status or 0) >= 500 else "")),
    Rule("status.launched", "status", "A valid launch in JSON is answered 200.",
         ("ivr-2017", "ivr-2019", "ctc"), each(_plain_launch, succeeds), ("launch",)),
    Rule("status.fetched", "status", "A valid request for reports is answered 200, also if there are none.",
         ("reports",), each(valid("reports"), _fetched), ("read",)),
    Rule("status.unknown-path", "status", "An unknown path is answered 404.",
         ("assumption",), each(only("unknown path"), status(404))),
    Rule("status.error-kind", "status",
         "The messageId of a refusal is the one of its status: BAD_REQUEST, UNAUTHORIZED.",
         ("platform-2026",), each(both(_can_be_read, lambda judged: judged.status in _KINDS), _kind_is(_KINDS))),
    Rule("status.assumed-kind", "status", "So it is for 404, 405, 406, 413 and 415.",
         ("assumption",),
         each(both(_can_be_read, lambda judged: judged.status in _ASSUMED_KINDS), _kind_is(_ASSUMED_KINDS))),
    Rule("status.precedence", "status", "Of several causes the first counts: 404, 405, 401, 413, 406, 415, 400.",
         ("assumption",), each(_several, _first_of_several)),
)  # fmt: skip

METHOD: Final = (
    Rule("method.refused", "method", "A method that a path does not have is refused with 405, HEAD included.",
         ("assumption",), each(only("wrong method"), status(405))),
    Rule("method.no-effect", "method", "A method that a path does not have does nothing: it is not answered 2xx.",
         ("reports", "ivr-2017", "ctc"),
         each(both(only("wrong method"), lambda judged: judged.request.method != "HEAD"),
         lambda judged: f"answered {judged.status}" if (judged.status or 0) < 300 else "")),
    Rule("method.allow", "method", "A 405 names the method that the path has, in Allow.",
         ("assumption",), each(both(only("wrong method"), lambda judged: judged.status == 405), _allows)),
)  # fmt: skip

SIZE: Final = (
    Rule("size.too-large", "size", "A body above 4 MiB is refused with 413.",
         ("assumption",), each(only("too large"), status(413))),
    Rule("size.fits", "size", "A body of nearly 4 MiB is accepted.",
         ("assumption",), taken(_fits), ("launch",)),
    Rule("size.too-many", "size", "A message with 20,001 destinations is refused with 400.",
         ("platform-2026",), each(both(only("maxItems"), _destinations(20_001)), status(400))),
    Rule("size.line", "size", "A request for reports by ids of 100 characters is served, however they are encoded.",
         ("assumption",), taken(both(valid("reports"), _by_longest_ids)), ("read",)),
    Rule("size.most", "size", "A message with 20,000 destinations is accepted, with an entry for each.",
         ("platform-2026",),
         each(both(valid(), _destinations(20_000)),
              lambda judged: succeeds(judged) or ("" if len(judged.entries) == 20_000 else "there are fewer entries")),
         ("launch", "patience")),
)  # fmt: skip
