"""The control plane for people: pages and forms that work without JavaScript.

A page shows the views that the control plane's operations return, and a form calls one of these
operations, so that people and programs see the same and get the same refusals. `pages` gathers what
a page shows, `rendering` writes it with the templates, `timeline` draws the life of a call, and
`forms` takes what is submitted. With JavaScript the pages follow what happens by themselves.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from infobip_voice_mock.answers import Answer, Refusal
from infobip_voice_mock.control.inspector import forms, pages, rendering
from infobip_voice_mock.request import Request

if TYPE_CHECKING:
    from infobip_voice_mock.control.plane import Control

__all__ = ["answer"]


async def answer(control: "Control", request: Request) -> Answer:
    """Answer a page, or a form on one.

    Raises:
        Refusal: 404 or 405; for a form also what the operation refuses. A browser gets a page that
            says so instead.
    """
    try:
        return await _answer(control, request)
    except Refusal as refusal:
        if not any(b"text/html" in accept for accept in request.fields(b"accept")):
            raise
        return rendering.render("refused.html", refusal.status, refusal=refusal, here=_here(request), account=None)


async def _answer(control: "Control", request: Request) -> Answer:
    segments = [unquote(segment) for segment in request.raw_path.split("/")][2:]
    if segments in ([], [""]):
        _expect("GET", request)
        return rendering.render("accounts.html", here=_here(request), **await pages.accounts(control, request.query))
    name, *rest = segments[1:]
    if name not in control.tenants:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no account of that name has been used yet")
    if len(rest) == 1 and rest[0] in forms.FORMS:
        _expect("POST", request)
        return await forms.submit(control, name, rest[0], request.body)
    template, context = await pages.account_page(control, name, rest, request)
    return rendering.render(template, here=_here(request), **context)


def _expect(method: str, request: Request) -> None:
    if request.method != method:
        raise Refusal.of(HTTPStatus.METHOD_NOT_ALLOWED, allow=method)


def _here(request: Request) -> str:
    """Return the path and the query of the page, so that its forms can lead back to it."""
    query = quote(request.query, safe="=&%+*-._~!$'(),;:@/?")
    return f"{request.raw_path}?{query}" if query else request.raw_path
