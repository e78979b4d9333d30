"""The words in which `evidence` says what a program sent, without telephone numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

__all__ = ["count", "instead_of_calls", "of_calls", "of_pushes", "of_requests", "wanted"]

MAX_ENTRIES_LISTED = 5

Entry = Mapping[str, Any]
"""A call, a push or a request as the control plane shows it."""

_SINGULARS = {"calls": "call", "pushes": "push", "requests": "request"}
_FILTERS = {
    "to": "to {}",
    "bulkId": "of bulk {}",
    "messageId": "about {}",
    "state": "in state {}",
    "request": "launched by request {}",
    "method": "by {}",
    "path": "to {}",
    "status": "answered with {}",
    "since": "since {}",
    "until": "before {}",
    "search": "with the text {}",
}
_COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def count(number: int) -> str:
    """Return a count in a word, if it has a short one."""
    return _COUNTS[number] if number < len(_COUNTS) else str(number)


def wanted(kind: str, query: Entry, number: int) -> str:
    """Return what a query of the control plane asks for: `two calls to *********27 of bulk B`."""
    noun = "requests" if kind == "strays" else kind
    noun = _SINGULARS[noun] if number < 2 else noun
    shown = {name: _masked(value) if name in ("to", "search") else value for name, value in query.items()}
    nouns = [count(number) if number else "no", noun, *(["without an account"] if kind == "strays" else [])]
    return " ".join([*nouns, *(_FILTERS[name].format(value) for name, value in shown.items())])


def of_calls(calls: int, launched_by: Sequence[Entry]) -> str:
    """Say who launched so many calls, and how far apart.

    Args:
        calls: How many calls there are.
        launched_by: The requests that launched them; of one that was dropped the number alone.
    """
    how = "" if calls == 1 else " together" if len(launched_by) == 1 else _apart(launched_by)
    return f", sent{how} by {_listed([_sender(request) for request in launched_by])}"


def instead_of_calls(calls: Sequence[Entry], refused: Sequence[Entry], strays: Sequence[Entry]) -> str:
    """Say what an account was sent, to somebody who found no call.

    Args:
        calls: All its calls.
        refused: The requests that were refused.
        strays: The requests that name no account.
    """
    numbers = f", to {_listed([_masked(call['to']) for call in calls])}" if calls else ""
    noun = "call" if len(calls) < 2 else "calls"
    parts = [f"the account has {'no' if not calls else count(len(calls))} {noun}{numbers}"]
    if refused:
        parts.append("refused: " + _listed([f"{_sender(request)}: {request['reason']}" for request in refused]))
    if strays:
        parts.append("without an account: " + _listed([_sender(request) for request in strays]))
    return "; " + "; ".join(parts)


def of_requests(requests: Sequence[Entry]) -> str:
    """Say who sent requests, and how far apart."""
    return f"{_apart(requests)}: {_listed([_sender(request) for request in requests])}" if requests else ""


def of_pushes(pushes: Sequence[Entry]) -> str:
    """Say what became of pushes. Their URLs may hold secrets, and are left out."""
    return ": " + _listed([f"{push['id']} ({_fate(push)})" for push in pushes]) if pushes else ""


def _fate(push: Entry) -> str:
    answers = [str(attempt["status"] or attempt["error"]) for attempt in push["attempts"]]
    state: str = push["reason"] or push["state"]
    return f"{state}, answered with {_listed(answers)}" if answers else state


def _sender(request: Entry) -> str:
    """Say who sent a request, without its query, which may hold a number."""
    if "headers" not in request:
        return f"request {request['number']} (dropped since)"
    status = request["status"]
    answer = "not answered yet" if status is None else f"answered {status}" if status else "reset"
    agents = [field["value"] for field in request["headers"] if field["name"] == "user-agent"]
    place = f"{request['method']} {_masked(request['target'].partition('?')[0])}"
    return f"request {request['number']} ({', '.join([place, *agents, answer])})"


def _apart(requests: Sequence[Entry]) -> str:
    moments = [datetime.fromisoformat(request["receivedAt"]) for request in requests if "receivedAt" in request]
    if len(moments) < 2:
        return ""
    seconds = (max(moments) - min(moments)).total_seconds()
    return f" {seconds * 1000:.0f} ms apart" if seconds < 1 else f" {seconds:.1f} s apart"


def _listed(texts: Sequence[str]) -> str:
    """Return the texts as a list in a sentence: the first few, and how many more there are."""
    more = len(texts) - MAX_ENTRIES_LISTED
    shown = [*texts[:MAX_ENTRIES_LISTED], *([f"{more} more"] if more > 0 else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _masked(text: str) -> str:
    """Return a text without telephone numbers: what a test prints goes into the logs of CI."""
    from infobip_voice_wire.telephone import mask_numbers  # most test runs never need it

    return mask_numbers(text)
