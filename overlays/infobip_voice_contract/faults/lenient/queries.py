"""Queries that are none, and are accepted."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.edits import (
    fetches,
    launches,
    mended,
    query,
)
from infobip_voice_contract.faults.fault import Make
from infobip_voice_contract.faults.lenient.words import (
    fault,
)
from infobip_voice_contract.faults.witness import Witness, answered
from infobip_voice_contract.stage import IVR

__all__ = ["QUERIES"]

_QUERY: Final = "Check a query before you send it: this server takes it for another one."


def _takes_query(text: str) -> Witness:
    return answered(
        lambda stage: stage.get(query=f"bulkId={stage.id()}&{text}" if "bulkId" not in text else text),
        lambda answer: answer.status == 200,
    )


def _queried(mend: Callable[[Request], dict[str, str | None] | None]) -> Make:
    """Accept queries that the server refuses."""

    def mending(request: Request) -> Request | None:
        changes = mend(request) if fetches(request) else None
        return query(request, **changes) if changes is not None else None

    return mended(mending)


def _bad_limit(pattern: str, good: str | None) -> Make:
    def mend(request: Request) -> dict[str, str | None] | None:
        given = dict(request.query).get("limit")
        return {"limit": good} if given is not None and re.fullmatch(pattern, given) else None

    return _queried(mend)


def _unknown_parameters(request: Request) -> dict[str, str | None] | None:
    names = {name for name, _ in request.query} - {"bulkId", "messageId", "limit"}
    return dict.fromkeys(names) if names else None


def _last_of_several(request: Request) -> dict[str, str | None] | None:
    return dict(request.query) if len(dict(request.query)) < len(request.query) else None


def _no_query(request: Request) -> Request | None:
    return replace(request, target=request.path) if launches(request) and "?" in request.target else None


QUERIES: Final = (
    fault(
        id="takes-limit-0",
        rule="valid.limit",
        sentence="A limit of 0 means the default.",
        advice=_QUERY,
        source=("assumption",),
        make=_bad_limit("0", None),
        witness=_takes_query("limit=0"),
    ),
    fault(
        id="takes-limit-letters",
        rule="valid.limit",
        sentence="A limit in letters means the default.",
        advice=_QUERY,
        source=("assumption",),
        make=_bad_limit("[a-z]+", None),
        witness=_takes_query("limit=abc"),
    ),
    fault(
        id="takes-limit-01",
        rule="valid.limit",
        sentence="A limit may have leading zeros and a sign.",
        advice=_QUERY,
        source=("assumption",),
        make=_bad_limit(r"0\d+|\+\d+", "5"),
        witness=_takes_query("limit=01"),
    ),
    fault(
        id="takes-huge-limit",
        rule="valid.limit",
        sentence="A limit above 2147483647 is accepted.",
        advice=_QUERY,
        source=("assumption",),
        make=_bad_limit(r"\d{10,}", None),
        witness=_takes_query("limit=2147483648"),
    ),
    fault(
        id="takes-fractional-limit",
        rule="valid.limit",
        sentence="A limit may be a fraction.",
        advice=_QUERY,
        source=("assumption",),
        make=_bad_limit(r"\d+[.e]\d+", "1"),
        witness=_takes_query("limit=1.5"),
    ),
    fault(
        id="takes-empty-filter",
        rule="valid.filter",
        sentence="An empty messageId counts as no filter.",
        advice=_QUERY,
        source=("assumption",),
        make=_queried(
            lambda request: (
                {"messageId": None, "limit": "1", "bulkId": "none"} if ("messageId", "") in request.query else None
            )
        ),
        witness=_takes_query("messageId="),
    ),
    fault(
        id="takes-long-filter",
        rule="valid.filter",
        sentence="A bulkId of more than 100 characters finds nothing.",
        advice=_QUERY,
        source=("assumption",),
        make=_queried(lambda request: {"bulkId": "none"} if len(dict(request.query).get("bulkId", "")) > 100 else None),
        witness=_takes_query(f"bulkId={'x' * 101}"),
    ),
    fault(
        id="ignores-query",
        rule="valid.unknown-query",
        sentence="An unknown query parameter of a request for reports is ignored.",
        advice=_QUERY,
        source=("assumption",),
        make=_queried(_unknown_parameters),
        witness=_takes_query("surprise=1"),
    ),
    fault(
        id="ignores-query-of-launch",
        rule="valid.unknown-query",
        sentence="A query parameter of a launch is ignored.",
        advice=_QUERY,
        source=("assumption",),
        make=mended(_no_query),
        witness=answered(
            lambda stage: stage.post(stage.ivr(), f"{IVR}?surprise=1"), lambda answer: answer.status == 200
        ),
    ),
    fault(
        id="takes-query-twice",
        rule="valid.repeated-query",
        sentence="Of a query parameter that comes twice the last counts.",
        advice=_QUERY,
        source=("assumption",),
        make=_queried(_last_of_several),
        witness=_takes_query("limit=1&limit=2"),
    ),
)
