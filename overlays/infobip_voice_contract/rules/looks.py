"""Words for rules: when they speak of an exchange or a report, and what they ask of it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from infobip_voice_contract.history import Call, History
from infobip_voice_contract.judged import Judged, members, text
from infobip_voice_contract.rules.rule import Check, Finding, each, fails, holds

__all__ = [
    "Then", "When", "accepted", "both", "errors", "fetches", "has_served", "header", "launched", "launches", "member",
    "no_problem", "of_own", "only", "outcome", "refused", "says", "service_exception", "status", "succeeds",
    "taken", "valid", "violates", "written_in",
]  # fmt: skip

When = Callable[[Judged], bool]
"""Says whether a rule speaks of an exchange."""
Then = Callable[[Judged], str]
"""Says what is wrong with it; nothing if the text is empty."""


def both(*conditions: When) -> When:
    """All conditions are true of an exchange."""
    return lambda judged: all(condition(judged) for condition in conditions)


def only(*kinds: str) -> When:
    """The request has causes of one kind to be refused, one of these, and no other."""

    def when(judged: Judged) -> bool:
        found = judged.demand.kinds
        return len(found) == 1 and found <= set(kinds)

    return when


def violates(*rules: str, members: tuple[str, ...] = ()) -> When:
    """The body breaks one of these rules of its schema alone, at these members if any are named."""

    def when(judged: Judged) -> bool:
        causes = judged.demand.causes
        return only(*rules)(judged) and all(not members or cause.member in members for cause in causes)

    return when


def valid(operation: str = "") -> When:
    """The request has to be answered with 200."""
    return lambda judged: judged.demand.is_valid and operation in ("", judged.operation)


def launches(judged: Judged) -> bool:
    """It is a launch."""
    return judged.operation in ("ivr", "ctc")


def fetches(judged: Judged) -> bool:
    """It asks for reports."""
    return judged.operation == "reports"


def accepted(judged: Judged) -> bool:
    """It was answered with 200."""
    return judged.status == 200


def refused(judged: Judged) -> bool:
    """It was answered with a 4xx."""
    return judged.status is not None and 400 <= judged.status < 500


def errors(judged: Judged) -> bool:
    """It was answered with a 4xx or 5xx that should have a document."""
    return judged.status is not None and judged.status >= 400 and judged.request.method != "HEAD"


def written_in(form: str) -> When:
    """The answer says that it is in this form."""
    return lambda judged: judged.document is not None and judged.document.form == form


def says(condition: Callable[[dict[str, Any]], bool]) -> When:
    """It is a valid launch, one of whose `messages[]` items is like this."""

    def when(judged: Judged) -> bool:
        if not launches(judged) or not judged.demand.is_valid:
            return False
        # An item may ask for 20,000 calls: each is looked at once.
        return any(condition(item) for item in {id(wanted.item): wanted.item for wanted in judged.wanted}.values())

    return when


def status(expected: int) -> Then:
    """Ask for this status."""

    def then(judged: Judged) -> str:
        if judged.status == expected:
            return ""
        causes = ", ".join(f"{cause.kind} at {cause.path}" for cause in judged.demand.causes[:3])
        return f"answered {judged.status}, not {expected} ({causes or 'nothing is wrong with the request'})"

    return then


def succeeds(judged: Judged) -> str:
    """Ask for 200, or 403 where the account lacks the right.

    Where an empty list is answered otherwise, or a launch refused because it repeats a messageId,
    that is said once, and not again for every oddity.
    """
    if judged.repeats and judged.status in (400, 409):
        return ""
    empty = (204, 404) if fetches(judged) else ()
    return "" if judged.status in (200, 403, *empty) else status(200)(judged)


def no_problem(*kinds: str) -> Then:
    """Ask that the document has none of these problems."""

    def then(judged: Judged) -> str:
        problems = judged.document.problems if judged.document is not None else ()
        return "; ".join(problem.text for problem in problems if problem.kind in kinds)

    return then


def header(name: str, *, containing: str = "") -> Then:
    """Ask for a header field, with this word in it."""

    def then(judged: Judged) -> str:
        value = judged.answer.field(name) if judged.answer is not None else None
        if value is None:
            return f"there is no {name}"
        return "" if containing.lower() in value.lower() else f"{name} is {value}, without {containing}"

    return then


def service_exception(judged: Judged) -> dict[str, Any]:
    """Return `requestError.serviceException` of an error document."""
    return members(members(judged.value.get("requestError")).get("serviceException"))


def has_served(history: History, judged: Judged) -> bool:
    """Return whether a launch like this was ever accepted; of other requests nothing is asked."""
    return (judged.operation, judged.demand.form) in history.served or not launches(judged)


def taken(when: When) -> Check:
    """Return the check that valid requests like this succeed.

    Where an operation does not accept any launch in a form, that is said once, by other rules, and
    not again for every oddity.
    """

    def check(history: History) -> Iterator[Finding]:
        for judged in history.answered:
            if has_served(history, judged) and when(judged):
                yield Finding((judged.number,), succeeds(judged))

    return check


def launched(then: Then, *, when: When = launches) -> Check:
    """Return the check that looks at every valid launch that was answered with 200."""
    return each(both(valid(), launches, accepted, lambda judged: judged.is_sound, when), then)


def of_own(then: Callable[[dict[str, Any], Call], str], *, when: Callable[[Call], bool] = bool) -> Check:
    """Return the check that looks at every fetched report of our calls."""

    def check(history: History) -> Iterator[Finding]:
        for judged, report, call in history.own_reports:
            if when(call):
                problem = then(report, call)
                yield fails(problem, call.launch, judged) if problem else holds(call.launch, judged)

    return check


def member(name: str, expected: Callable[[Call], str | None]) -> Callable[[dict[str, Any], Call], str]:
    """Ask that a member of a report, if it is there, is what the launch makes of it."""

    def then(report: dict[str, Any], call: Call) -> str:
        found, wanted = text(report.get(name)), expected(call)
        # Any member may be missing or null on a real server.
        return "" if found is None or wanted is None or found == wanted else f"{name} is {found}, not {wanted}"

    return then


def outcome(call: Call) -> str:
    """Return the outcome that the called number surely has: the script names the message by it."""
    found = re.fullmatch(r"kit-\w+-\d+-(answered|machine|busy|no-answer|pressed)", call.message_id)
    return found[1] if found else ""
