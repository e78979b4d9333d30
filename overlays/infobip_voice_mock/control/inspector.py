"""The control plane for people: pages and forms that work without JavaScript.

A page shows the views that the control plane's operations return, and a form calls one of these
operations, so that people and programs see the same and get the same refusals.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from html import escape
from http import HTTPStatus
from importlib import resources
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, unquote

from infobip_voice_mock.answers import Answer, Refusal
from infobip_voice_mock.control.operations import operations
from infobip_voice_mock.request import Request

if TYPE_CHECKING:
    from infobip_voice_mock.control.plane import Control

__all__ = ["answer"]

MAX_ROWS = 100

_FORMS: Final = frozenset({"putClock", "advanceClock", "replayPush"})
"""The operations that a form may call; the URL of a form ends in the id of its operation."""

_NUMBER: Final = re.compile("-?[0-9]{1,18}")


async def answer(control: "Control", request: Request) -> Answer:
    """Answer a page, or a form on one.

    Raises:
        Refusal: 404 or 405; for a form also what the operation refuses.
    """
    if request.path in ("/_mock", "/_mock/"):
        _expect("GET", request)
        return _page("Accounts", _accounts(await _view(control, "listTenants")))
    encoded, _, form = request.raw_path.removeprefix("/_mock/pages/").partition("/")
    name = unquote(encoded)
    if name not in control.tenants:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no account of that name has been used yet")
    if not form:
        _expect("GET", request)
        return _page(name, await _account(control, name))
    if form not in _FORMS:
        raise Refusal.of(HTTPStatus.NOT_FOUND)
    _expect("POST", request)
    await _submit(control, name, form, request.body)
    return Answer(HTTPStatus.SEE_OTHER, ((b"location", _page_url(name).encode()),), b"")


def _expect(method: str, request: Request) -> None:
    if request.method != method:
        raise Refusal.of(HTTPStatus.METHOD_NOT_ALLOWED, allow=method)


def _page_url(name: str) -> str:
    return f"/_mock/pages/{quote(name, safe='')}"


async def _view(control: "Control", operation_id: str, name: str = "", query: str = "") -> Any:
    return await control.perform(operations()[operation_id], {"name": name}, query.encode())


async def _submit(control: "Control", name: str, operation_id: str, body: bytes) -> None:
    """Call the operation of a form: the field `id` goes into the path, the others into the body."""
    fields = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    path_values = {"name": name, "id": fields.pop("id", "")}
    value = {field: int(text) if _NUMBER.fullmatch(text) else text for field, text in fields.items()}
    await control.perform(operations()[operation_id], path_values, body=value)


@cache
def _style() -> str:
    return resources.files("infobip_voice_mock.control").joinpath("inspector.css").read_text()


def _page(title: str, body: str) -> Answer:
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · Infobip Voice mock</title><style>{_style()}</style></head><body>"
        f'<header><h1>{escape(title)}</h1><nav aria-label="Mock"><a href="/_mock/">All accounts</a> · '
        f'<a href="/_mock/openapi.json">Control plane</a></nav></header><main>{body}</main></body></html>'
    )
    policy = b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    headers = ((b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store"))
    return Answer(HTTPStatus.OK, (*headers, (b"content-security-policy", policy)), text.encode())


def _accounts(tenants: Sequence[Mapping[str, Any]]) -> str:
    if not tenants:
        return "<p>Nobody has called yet. An account appears here with its first request.</p>"
    rows = [
        (
            f'<a href="{_page_url(tenant["name"])}">{escape(tenant["name"])}</a>',
            tenant["clock"]["mode"],
            *(str(count) for count in tenant["reports"].values()),
        )
        for tenant in tenants
    ]
    return _table("Accounts", ("Account", "Clock", "Scheduled", "Waiting", "Consumed", "Pushed"), rows)


async def _account(control: "Control", name: str) -> str:
    base = _page_url(name)
    limit = f"limit={MAX_ROWS}"
    tenant = await _view(control, "getTenant", name)
    calls = await _view(control, "listCalls", name, limit)
    pushes = await _view(control, "listPushes", name, limit)
    requests = await _view(control, "listRequests", name, limit)
    counts = ", ".join(f"{count} {state}" for state, count in tenant["reports"].items())
    sections = [
        _clock(tenant["clock"], base),
        f"<h2 id=reports>Reports</h2><p>{counts}; {tenant['dropped']} dropped.</p>",
        "<h2 id=calls>Calls</h2>",
        _table("Calls", ("Message", "To", "Report", "Life"), list(_calls(calls))),
        "<h2 id=pushes>Pushes</h2>",
        _table("Pushes", ("Message", "Receiver", "State", "Attempts", "Again"), list(_pushes(pushes, base))),
        "<h2 id=requests>Requests</h2>",
        _table("Requests", ("When", "Request", "Status", "Refused because"), list(_requests(requests))),
    ]
    return "".join(sections)


def _clock(clock: Mapping[str, Any], base: str) -> str:
    due = clock["nextDue"]
    then = f"next event {_moment(due)}" if due is not None else "nothing is due"
    text = f"<p><strong>{_moment(clock['now'])}</strong> <span class=soft>{then}</span></p>"
    mode = f'<form method=post action="{base}/putClock"><input type=hidden name=mode value='
    if clock["mode"] == "real":
        return f"{text}{mode}manual><button>Let the clock stand still</button></form>"
    return (
        f'{text}<form method=post action="{base}/advanceClock"><label for=minutes>Minutes</label>'
        "<input id=minutes name=minutes inputmode=numeric value=1 required><button>Advance the clock</button></form> "
        f"{mode}real><button>Follow this machine</button></form>"
    )


def _calls(calls: Iterable[Mapping[str, Any]]) -> Iterable[Sequence[str]]:
    for call in calls:
        events = "".join(_event(**event) for event in call["events"])
        yield escape(call["messageId"]), escape(call["to"]), call["state"], f"<ol>{events}</ol>"


def _event(at: str, what: str, number: str | None, shows: str | None, happened: bool) -> str:
    later = "" if happened else " class=later"
    whom = f" {escape(number)}" if number else ""
    seen = f", who sees {escape(shows)}" if shows else ""
    return f"<li{later}>{_time(at)} {escape(what)}{whom}{seen}</li>"


def _pushes(pushes: Iterable[Mapping[str, Any]], base: str) -> Iterable[Sequence[str]]:
    for push in pushes:
        attempts = "".join(
            f"<li>{_time(attempt['at'])} {attempt['status'] or escape(attempt['error'])}</li>"
            for attempt in push["attempts"]
        )
        push_id = escape(push["id"])
        again = (
            f'<form method=post action="{base}/replayPush"><input type=hidden name=id value="{push_id}">'
            f'<button aria-label="Push again: {push_id}">Push again</button></form>'
        )
        yield escape(push["messageId"]), escape(push["url"]), push["state"], f"<ol>{attempts}</ol>", again


def _requests(requests: Iterable[Mapping[str, Any]]) -> Iterable[Sequence[str]]:
    for request in requests:
        status = str(request["status"] or "reset")
        refused = request["status"] >= HTTPStatus.BAD_REQUEST or not request["status"]
        yield (
            _time(request["at"]),
            escape(f"{request['method']} {request['target']}"),
            f"<span class=bad>{status}</span>" if refused else status,
            escape(request["reason"] or request["fault"]),
        )


def _moment(text: str) -> str:
    return escape(datetime.fromisoformat(text).isoformat(" ", "seconds"))


def _time(text: str) -> str:
    return escape(datetime.fromisoformat(text).isoformat(" ", "seconds")[11:19])


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "<p class=soft>None.</p>"
    head = "".join(f"<th scope=col>{escape(text)}</th>" for text in heads)
    cells = [
        [f'<td data-label="{escape(label)}">{cell}</td>' for label, cell in zip(heads, row, strict=True)]
        for row in rows
    ]
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    return (
        f'<div class=scroll role=region tabindex=0 aria-label="{escape(caption)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
