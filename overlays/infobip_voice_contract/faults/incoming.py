"""Words for faults: makers of wrappers that change requests which a correct server accepts.

What it refuses goes out as it came: a fault of one thing must not accept, or refuse otherwise, what
is wrong with another.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from infobip_voice_contract.contract import Contract
from infobip_voice_contract.demands import demand
from infobip_voice_contract.exchange import ACCOUNT, Request
from infobip_voice_contract.faults.edits import asking, body_of, header, launches, rewritten
from infobip_voice_contract.faults.fault import Make

__all__ = ["acceptable", "ignoring", "launching", "misreading"]

_contract: Final = cache(Contract)


def acceptable(request: Request) -> bool:
    """Return whether a correct server accepts a request, if its credentials are right.

    It is asked by the edition `seeds`, which accepts all that the other one does.
    """
    return demand(header(request, "Authorization", ACCOUNT), _contract()).is_valid


def misreading(change: Callable[[Request], Request]) -> Make:
    """Return the maker of a wrapper that changes acceptable requests on their way in."""

    def changed(request: Request) -> Request:
        other = change(request)
        # Most requests are not changed, and to look at one costs more than to compare two.
        return other if other == request or acceptable(request) else request

    return asking(changed)


def launching(edit: Callable[[dict[str, Any]], Any], *, when: Callable[[Request], bool] = launches) -> Make:
    """Return the maker of a wrapper that edits the items of acceptable launches on their way in."""

    def change(request: Request) -> Request:
        document = body_of(request) if when(request) and acceptable(request) else None
        if document is None:
            return request
        before = json.dumps(document, default=str)
        for item in document["messages"]:
            edit(item)
        # What is not changed stays as it came, byte for byte.
        return request if json.dumps(document, default=str) == before else rewritten(request, document)

    return asking(change)


def ignoring(member: str, *, when: Callable[[dict[str, Any]], bool] = lambda _: True) -> Make:
    """Return the maker of a wrapper that takes a member out of acceptable launches."""

    def edit(item: dict[str, Any]) -> None:
        if member in item and when(item):
            del item[member]

    return launching(edit)
