"""Words that the faults of this package share: refusals of the server, and what a launch holds."""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.edits import (
    body_of,
    fetches,
    header,
    launches,
    mended,
    query,
    rewritten,
)
from infobip_voice_contract.faults.fault import Make, Send, Wrapper, is_push
from infobip_voice_contract.faults.incoming import acceptable
from infobip_voice_contract.stage import CTC

__all__ = [
    "MAX_BODY", "authorization", "callees", "failed", "given", "items_of", "listed", "mending", "page", "paged",
    "part", "refused", "refusing", "remembering", "stated", "types",
]  # fmt: skip

MAX_BODY: Final = 4 << 20
"""The most bytes that a body may have, 4 MiB."""

_ITEM: Final = re.compile(r"[0-9A-Za-z-]+/[0-9A-Za-z.+*-]+")


def authorization(request: Request) -> str:
    """Return the credentials of a request; empty without any."""
    return next(iter(request.fields("authorization")), "")


def given(request: Request, name: str) -> str | None:
    """Return a parameter of the query; None if it is not there."""
    return dict(request.query).get(name)


def stated(message: Request | Answer, name: str) -> str:
    """Return a header field, several joined by commas; empty if there is none."""
    return ", ".join(message.fields(name))


def types(text: str) -> list[str]:
    """Return the media types of a header field, without their parameters."""
    return _ITEM.findall(text)


def listed(document: Any, name: str) -> list[dict[str, Any]]:
    """Return the items of a list of a document that have members, as far as they can be read."""
    found: Any = part({"document": document}, "document").get(name)
    return [item for item in found if _is(item, dict)] if _is(found, list) else []


def part(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a member that has members itself; none if it is anything else."""
    found: Any = document.get(name)
    return found if _is(found, dict) else {}


def _is(found: Any, kind: type) -> bool:
    return isinstance(found, kind)


def items_of(request: Request) -> list[dict[str, Any]]:
    """Return the `messages[]` items of a launch."""
    return listed(body_of(request), "messages") if launches(request) else []


def callees(request: Request) -> list[dict[str, Any]]:
    """Return what is called by a launch: IVR destinations, or the items of a click to call."""
    items = items_of(request)
    return items if request.path == CTC else [callee for item in items for callee in listed(item, "destinations")]


def page(answer: Answer) -> list[dict[str, Any]]:
    """Return the reports of an answer, to be changed."""
    return listed(body_of(answer), "results")


def paged(answer: Answer, reports: list[dict[str, Any]]) -> Answer:
    """Return an answer with other reports; the same answer if they are those that it has."""
    other: Answer = answer if page(answer) == reports else rewritten(answer, {**body_of(answer), "results": reports})
    return other


async def refused(request: Request, send: Send, status: int = 400) -> Answer:
    """Return the server's own refusal of a request that it would accept. Nothing happens.

    Args:
        request: What it would accept.
        send: Asks the server.
        status: 400, or the status of the refusal that it is to be.
    """
    spoilt: Request = query(request, limit="0") if fetches(request) else replace(request, body=b"-")
    if status == 401:
        spoilt = header(request, "Authorization", None)
    elif status == 406:
        spoilt = header(request, "Accept", "image/png")
    elif status == 413:
        spoilt = replace(request, body=b" " * (MAX_BODY + 1))
    elif status == 415:
        spoilt = header(request, "Content-Type", "image/png")
    answer = await send(spoilt)
    return replace(answer, status=status) if answer.status == 400 else answer


async def failed(request: Request, send: Send) -> Answer:
    """Return a 500 for a request that the server would accept. Nothing happens."""
    answer = await refused(request, send)
    if answer.status != 400:
        return answer
    document: Any = body_of(answer)
    document["requestError"]["serviceException"] = {"messageId": "GENERAL_ERROR", "text": "Something went wrong"}
    other: Answer = replace(rewritten(answer, document), status=500)
    return other


def refusing(when: Callable[[Request], object], status: int = 400) -> Make:
    """Return the maker of a wrapper that refuses some of the requests that the server accepts."""

    async def wrapper(request: Request, send: Send) -> Answer:
        odd = not is_push(request) and when(request) and acceptable(request)
        return await (refused(request, send, status) if odd else send(request))

    return lambda: wrapper


def remembering(act: Callable[[Request, Send, str], Any]) -> Make:
    """Return the maker of a wrapper that knows the credentials which were right the last time.

    Args:
        act: Answers a request, given the credentials; empty as long as none were right.
    """

    def make() -> Wrapper:
        known = [""]

        async def wrapper(request: Request, send: Send) -> Answer:
            if is_push(request):
                return await send(request)
            answer: Answer = await act(request, send, known[0])
            if answer.status == 200 and authorization(request):
                known[0] = authorization(request)
            return answer

        return wrapper

    return make


def mending(edit: Callable[[dict[str, Any], list[dict[str, Any]]], object]) -> Make:
    """Return the maker of a wrapper that launches what an edit of its items makes acceptable.

    Args:
        edit: Changes an item and the callees of the launch in place.
    """

    def mend(request: Request) -> Request | None:
        document: Any = copy.deepcopy(body_of(request)) if launches(request) else None
        items = listed(document, "messages")
        if not items or len(items) != len(document["messages"]):
            return None
        inner = [callee for item in items for callee in (listed(item, "destinations") or [item])]
        for item in items:
            edit(item, inner)
        other: Request = rewritten(request, document)
        return None if _same(document, body_of(request)) else other

    return mended(mend)


def _same(one: Any, other: Any) -> bool:
    """Return whether two documents are written alike: to Python, 1 is true."""
    return json.dumps(one, default=str) == json.dumps(other, default=str)
