"""Pages for people below `/_mock/`: calls and their lives, reports, pushes, requests. They read without JavaScript."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from html import escape
from http import HTTPStatus
from importlib import resources
from itertools import islice
from urllib.parse import parse_qs, quote

from infobip_voice_mock.answers import Answer, Refusal
from infobip_voice_mock.request import Request
from infobip_voice_mock.simulation import life
from infobip_voice_mock.tenants import Tenant, Tenants

__all__ = ["answer"]

MAX_ROWS = 100


async def answer(tenants: Tenants, request: Request) -> Answer:
    """Answer a page, or a form on one.

    Raises:
        Refusal: 404 or 405.
    """
    if request.path in ("/_mock", "/_mock/"):
        if request.method != "GET":
            raise Refusal.of(HTTPStatus.METHOD_NOT_ALLOWED, allow="GET")
        return _page("Accounts", _accounts(tenants))
    name, _, action = request.path.removeprefix("/_mock/pages/").partition("/")
    tenant = next((tenant for tenant in tenants if tenant.name == name), None)
    if tenant is None:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no account of that name has been used yet")
    if not action:
        if request.method != "GET":
            raise Refusal.of(HTTPStatus.METHOD_NOT_ALLOWED, allow="GET")
        tenant.settle()
        return _page(name, _account(tenant))
    if request.method != "POST":
        raise Refusal.of(HTTPStatus.METHOD_NOT_ALLOWED, allow="POST")
    await _act(tenant, action, parse_qs(request.body.decode(errors="replace")))
    return Answer(HTTPStatus.SEE_OTHER, ((b"location", f"/_mock/pages/{quote(name, safe='')}".encode()),), b"")


async def _act(tenant: Tenant, action: str, form: dict[str, list[str]]) -> None:
    match action:
        case "stand":
            tenant.clock.set_manual()
        case "follow":
            tenant.clock.set_real()
            tenant.wake()
        case "advance" if tenant.clock.mode == "manual":
            minutes = form.get("minutes", [""])[0]
            if not (minutes.isascii() and minutes.isdigit() and len(minutes) < 8):
                raise Refusal.bad_request({"minutes": ["must be a whole number below ten million"]})
            await tenant.run(tenant.clock.now() + timedelta(minutes=int(minutes)))
        case "replay":
            push = tenant.pushes.get(form.get("id", [""])[0])
            if push is None:
                raise Refusal.of(HTTPStatus.NOT_FOUND, "no push of that name")
            await tenant.pushes.attempt(push, tenant.clock.now)
        case _:
            raise Refusal.of(HTTPStatus.NOT_FOUND)


@cache
def _style() -> str:
    return resources.files("infobip_voice_mock").joinpath("inspector.css").read_text()


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


def _accounts(tenants: Tenants) -> str:
    rows = [
        (
            f'<a href="/_mock/pages/{quote(tenant.name, safe="")}">{escape(tenant.name)}</a>',
            tenant.clock.mode,
            *(str(count) for count in tenant.store.counts().values()),
        )
        for tenant in tenants
    ]
    if not rows:
        return "<p>Nobody has called yet. An account appears here with its first request.</p>"
    return _table("Accounts", ("Account", "Clock", "Scheduled", "Waiting", "Consumed", "Pushed"), rows)


def _account(tenant: Tenant) -> str:
    base = f"/_mock/pages/{quote(tenant.name, safe='')}"
    counts = ", ".join(f"{count} {state}" for state, count in tenant.store.counts().items())
    sections = [
        _clock(tenant, base),
        f"<h2 id=reports>Reports</h2><p>{counts}; {tenant.store.dropped} forgotten.</p>",
        "<h2 id=calls>Calls</h2>",
        _table("Calls", ("Message", "To", "Report", "Life"), list(_calls(tenant))),
        "<h2 id=pushes>Pushes</h2>",
        _table("Pushes", ("Message", "Receiver", "ReportState", "Attempts", "Again"), list(_pushes(tenant, base))),
        "<h2 id=requests>Requests</h2>",
        _table("Requests", ("When", "Request", "Status", "Refused because"), list(_requests(tenant))),
    ]
    return "".join(sections)


def _clock(tenant: Tenant, base: str) -> str:
    due = tenant.next_due()
    then = f"next event {escape(due.isoformat(' ', 'seconds'))}" if due is not None else "nothing is due"
    text = (
        f"<p><strong>{escape(tenant.clock.now().isoformat(' ', 'seconds'))}</strong> <span class=soft>{then}</span></p>"
    )
    if tenant.clock.mode == "real":
        return f'{text}<form method=post action="{base}/stand"><button>Let the clock stand still</button></form>'
    return (
        f'{text}<form method=post action="{base}/advance"><label for=minutes>Minutes</label>'
        "<input id=minutes name=minutes inputmode=numeric value=1 required><button>Advance the clock</button></form> "
        f'<form method=post action="{base}/follow"><button>Follow this machine</button></form>'
    )


def _calls(tenant: Tenant) -> Iterable[Sequence[str]]:
    now = tenant.clock.now()
    for call, state in islice(tenant.calls(), MAX_ROWS):
        events = "".join(
            f"<li{'' if event.at <= now else ' class=later'}>{escape(event.at.isoformat(' ', 'seconds')[11:19])} "
            f"{escape(event.what)}{f' {escape(event.number)}' if event.number else ''}"
            f"{f', who sees {escape(event.shows)}' if event.shows else ''}</li>"
            for event in life(call).events
        )
        yield escape(call.message_id), escape(call.to), state.value, f"<ol>{events}</ol>"


def _pushes(tenant: Tenant, base: str) -> Iterable[Sequence[str]]:
    for push in islice(tenant.pushes.newest(), MAX_ROWS):
        attempts = "".join(
            f"<li>{escape(item.at.isoformat(' ', 'seconds')[11:19])} {item.status or escape(item.error)}</li>"
            for item in push.attempts
        )
        again = (
            f'<form method=post action="{base}/replay"><input type=hidden name=id value="{push.id}">'
            f'<button aria-label="Push again: {push.id}">Push again</button></form>'
        )
        yield escape(push.message_id), escape(push.url), push.state, f"<ol>{attempts}</ol>", again


def _requests(tenant: Tenant) -> Iterable[Sequence[str]]:
    for entry in islice(tenant.request_log.newest(), MAX_ROWS):
        status = str(entry.status or "reset")
        marked = (
            status if entry.status < HTTPStatus.BAD_REQUEST and entry.status else f"<span class=bad>{status}</span>"
        )
        reason = escape(entry.reason or entry.fault)
        yield (
            escape(entry.at.isoformat(" ", "seconds")[11:19]),
            escape(f"{entry.method} {entry.target}"),
            marked,
            reason,
        )


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
