"""What each page shows, gathered from the operations of the control plane."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.control.operations import openapi_document, operations
from infobip_voice_mock.request import Request

if TYPE_CHECKING:
    from infobip_voice_mock.control.plane import Control

__all__ = ["account_page", "accounts"]

MAX_ROWS = 50
MAX_NEWEST = 10

Context = dict[str, Any]


class _List(NamedTuple):
    """A list of entries, as an account's page and a page of its own show it.

    Attributes:
        operation: The id of the operation that lists them.
        cursor: The member of an entry that names it.
        behind: The parameter that asks for the entries behind one.
    """

    operation: str
    cursor: str
    behind: str = "before"


_LISTS: Final = {
    "calls": _List("listCalls", "messageId"),
    "pushes": _List("listPushes", "id"),
    "requests": _List("listRequests", "number"),
}


async def accounts(control: "Control", query: bytes) -> Context:
    """Show the accounts, and the requests that name none."""
    fields = _fields(query)
    of_strays = {"before": fields.pop("before")} if "before" in fields else {}
    return {
        "account": None,
        "accounts": await _entries(control, "", _List("listTenants", "name", "after"), fields, MAX_ROWS),
        "strays": await _entries(control, "", _List("listStrays", "number"), of_strays, MAX_ROWS),
    }


async def account_page(control: "Control", name: str, rest: Sequence[str], request: Request) -> tuple[str, Context]:
    """Return the template of a page of an account, and what it shows.

    Args:
        control: The control plane.
        name: The name of the account.
        rest: The path behind the account: nothing, a list, or an entry of one.
        request: The request for the page.

    Raises:
        Refusal: 404 for a page that there is not, 405 for another method than GET.
    """
    shown: Callable[[Control, str, str, dict[str, str]], Awaitable[Context]] | None = None
    match rest:
        case [] | [""]:
            template, shown, entry = "account.html", _overview, ""
        case ["faults"]:
            template, shown, entry = "faults.html", _faults, ""
        case [("calls" | "pushes" | "requests") as kind]:
            template, shown, entry = f"{kind}.html", _list_page, kind
        case ["calls", entry]:
            template, shown = "call.html", _call
        case ["pushes", entry]:
            template, shown = "push.html", _push
        case ["requests", entry]:
            template, shown = "request.html", _request
        case _:
            raise Refusal.of(HTTPStatus.NOT_FOUND)
    if request.method != "GET":
        raise Refusal.of(HTTPStatus.METHOD_NOT_ALLOWED, allow="GET")
    account = await _view(control, "getTenant", name)
    return template, {"account": account, **await shown(control, name, entry, _fields(request.query))}


async def _overview(control: "Control", name: str, *_: Any) -> Context:
    return {kind: await _entries(control, name, each, {}, MAX_NEWEST) for kind, each in _LISTS.items()}


async def _list_page(control: "Control", name: str, kind: str, fields: dict[str, str]) -> Context:
    return {kind: await _entries(control, name, _LISTS[kind], fields, MAX_ROWS)}


async def _faults(control: "Control", name: str, *_: Any) -> Context:
    options = openapi_document()["components"]["schemas"]["FaultOptions"]["properties"]
    return {"faults": await _view(control, "listFaults", name), "options": options}


async def _call(control: "Control", name: str, message_id: str, *_: Any) -> Context:
    call = await _view(control, "getCall", name, {}, messageId=message_id)
    pushes = await _entries(control, name, _LISTS["pushes"], {"messageId": message_id}, MAX_ROWS)
    report = await _view(control, "getReport", name, {}, messageId=message_id)
    return {"call": call, "pushes": pushes, "report": report}


async def _push(control: "Control", name: str, push_id: str, *_: Any) -> Context:
    return {"push": await _view(control, "getPush", name, {}, id=push_id)}


async def _request(control: "Control", name: str, number: str, *_: Any) -> Context:
    logged = await _view(control, "getRequest", name, {}, number=number)
    calls = await _entries(control, name, _LISTS["calls"], {"request": number}, MAX_NEWEST)
    return {"request": logged, "calls": calls}


class Entries(NamedTuple):
    """A page of entries.

    Attributes:
        rows: The entries, in the order of the control plane.
        fields: What they were filtered by.
        more: The query of the next page; empty if this is the last one.
        first: The query of the first page; None if this is it.
    """

    rows: list[Any]
    fields: Mapping[str, str]
    more: str
    first: str | None


async def _entries(control: "Control", name: str, kind: _List, fields: dict[str, str], rows: int) -> Entries:
    found = await _view(control, kind.operation, name, {"limit": str(rows + 1), **fields})
    filters = {field: text for field, text in fields.items() if field != kind.behind}
    more = urlencode({**filters, kind.behind: found[rows - 1][kind.cursor]}) if len(found) > rows else ""
    return Entries(found[:rows], filters, more, urlencode(filters) if kind.behind in fields else None)


async def _view(
    control: "Control", operation_id: str, name: str = "", fields: Mapping[str, str] | None = None, **path: str
) -> Any:
    """Return what an operation of the control plane returns."""
    query = urlencode(fields or {}).encode()
    return await control.perform(operations()[operation_id], {"name": name, **path}, query)


def _fields(query: bytes) -> dict[str, str]:
    """Return the filters of a page; the field of a form that was left empty is none."""
    return dict(parse_qsl(query.decode("latin-1")))
