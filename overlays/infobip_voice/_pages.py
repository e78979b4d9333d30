"""Reading pages of reports, so that no report takes its neighbours with it."""

from contextlib import suppress
from typing import Any, NamedTuple, cast

from infobip_voice._answers import NOT_UNDERSTOOD
from infobip_voice._report import Report
from infobip_voice._reports import Pushed, Unreadable
from infobip_voice_wire import documents, salvage
from infobip_voice_wire.telephone import mask_numbers

__all__ = ["Page", "parse_push", "read_page"]


class Page(NamedTuple):
    """What one answer says.

    Attributes:
        reports: its reports, in order.
        unreadable: what cannot be understood of it.
        damage: why the answer as a whole is no page of reports, so that there may have been more;
            empty if it is one.
    """

    reports: list[Report]
    unreadable: tuple[Unreadable, ...] = ()
    damage: str = ""


def read_page(
    body: bytes, content_type: str | None, content_encoding: str | None = None, *, bare: bool = False
) -> Page:
    """Return every report of an answer, each understood alone; never raise for what is in it.

    Args:
        body: its bytes.
        content_type: its `Content-Type`.
        content_encoding: its `Content-Encoding`.
        bare: take a list that stands alone for the reports.
    """
    document, rest, undecoded = documents.unpack(body, content_encoding)
    if rest:
        before = read_page(document, content_type) if document else Page([])
        left = Unreadable(rest, undecoded, content_type, content_encoding)
        return Page(before.reports, (*before.unreadable, left), undecoded)
    damage = ""
    try:
        value: Any = documents.decode(document, content_type, *documents.PAGE)
        results: Any = cast(Any, value) if bare and isinstance(value, list) else value["results"]
        if not isinstance(results, list | None):
            raise TypeError("its results are no list")
    except NOT_UNDERSTOOD as error:
        damage = mask_numbers(f"this is no page of reports ({type(error).__name__}: {error})")
    else:
        with suppress(TypeError):
            return Page([_understand(each) for each in results or []])  # pyright: ignore[reportUnknownVariableType]
    # Something is wrong with at least one report: take the document apart, with the bytes of each.
    reports: list[Report] = []
    unreadable: list[Unreadable] = []
    for piece, read in salvage.pieces(document, content_type):
        try:
            reports.append(_understand(read()))
        except NOT_UNDERSTOOD as error:
            unreadable.append(Unreadable(piece, mask_numbers(str(error)), content_type))
    if not unreadable:
        unreadable.append(Unreadable(document, damage, content_type))
    return Page(reports, tuple(unreadable), damage)


def parse_push(body: bytes, content_type: str | None) -> Pushed:
    """Return the reports of a push to your `notifyUrl`; answer 200 once they are stored, or they
    are pushed again.

    Nothing proves where a push comes from: put a secret into the `notifyUrl` and compare it in
    constant time. Read are the flat form and the nested `voiceCall` form of the 2026 platform
    (ruling R17), in JSON and in both forms of XML; nulls; times in epoch milliseconds; and in JSON
    a bare list of reports, as some applications hand a push on.

    Args:
        body: the bytes of the request's body.
        content_type: its `Content-Type` header.

    Returns:
        A list of `Report`. What cannot be understood is in its `unreadable`; store that too. It
        raises nothing, whatever is in the body, since an error answer would make the platform push
        the same again.
    """
    page = read_page(body, content_type, bare=True)
    pushed = Pushed(page.reports)
    pushed.unreadable = page.unreadable
    return pushed


def _understand(document: Any) -> Report:
    if not isinstance(document, dict) or not document:
        raise TypeError("it is not an object with members")
    return Report(cast(dict[str, Any], document))
