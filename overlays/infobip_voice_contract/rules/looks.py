"""Words for rules about one exchange: when they speak of it, and what they ask of it."""

from collections.abc import Callable
from typing import Any

from infobip_voice_contract.history import Judged, members, text

__all__ = [
    "accepted", "both", "error_kind", "errors", "fetches", "header", "launches", "no_problem", "only", "refused", "status",
    "succeeds", "valid", "violates", "written_in",
]  # fmt: skip

When = Callable[[Judged], bool]
Then = Callable[[Judged], str]


def both(*conditions: When) -> When:
    """Return whether all conditions are true of an exchange."""
    return lambda judged: all(condition(judged) for condition in conditions)


def only(*kinds: str) -> When:
    """The request has one kind of cause to be refused, one of these, and no other."""
    return lambda judged: bool(judged.demand.kinds) and judged.demand.kinds <= set(kinds) and len(judged.demand.kinds) == 1


def violates(*rules: str, members: tuple[str, ...] = (), schema: str = "") -> When:
    """The body breaks these rules of its schema alone, at these members if any are named."""

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
    """A valid launch, one of whose `messages[]` items is like this."""
    return lambda judged: launches(judged) and judged.demand.is_valid and any(
        condition(wanted.item) for wanted in judged.wanted
    )  # fmt: skip


def status(expected: int) -> Then:
    """Ask for this status."""

    def then(judged: Judged) -> str:
        if judged.status == expected:
            return ""
        causes = ", ".join(f"{cause.kind} at {cause.path}" for cause in judged.demand.causes[:3]) or "nothing is wrong with it"
        return f"answered {judged.status}, not {expected} ({causes})"

    return then


def succeeds(judged: Judged) -> str:
    """Ask for 200, or 403 where the account lacks the right."""
    return "" if judged.status in (200, 403) else status(200)(judged)


def no_problem(*kinds: str) -> Then:
    """Ask that the document has none of these problems."""

    def then(judged: Judged) -> str:
        problems = judged.document.problems if judged.document is not None else ()
        return "; ".join(problem.text for problem in problems if problem.kind in kinds)

    return then


def error_kind(judged: Judged) -> str | None:
    """Return `requestError.serviceException.messageId` of an error document."""
    return text(members(members(judged.value.get("requestError")).get("serviceException")).get("messageId"))


def header(name: str, *, containing: str = "") -> Then:
    """Ask for a header field, with this word in it."""

    def then(judged: Judged) -> str:
        value = judged.answer.field(name) if judged.answer is not None else None
        if value is None:
            return f"there is no {name}"
        return "" if containing.lower() in value.lower() else f"{name} is {value}, without {containing}"

    return then
