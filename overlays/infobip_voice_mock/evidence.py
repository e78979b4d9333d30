"""What a program sent to the mock, for assertions: calls, pushes and requests, found by filters.

Every pytest run where the package is installed loads this module, so it imports nothing that costs
time or may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal
from urllib.parse import quote, urlencode

from infobip_voice_mock import wording

__all__ = ["Evidence", "Found"]

MAX_ENTRIES_IN_A_PAGE = 1000

Kind = Literal["calls", "pushes", "requests", "strays"]
Ask = Callable[[str], Any]
"""Sends a GET to a path of the mock, and returns the answer as a JSON value."""

_CURSORS: Mapping[Kind, str] = {"calls": "messageId", "pushes": "id", "requests": "number", "strays": "number"}


class Found(list[dict[str, Any]]):
    """The entries that were found, the oldest first, each as the control plane shows it.

    `/_mock/openapi.json` describes the members: `Call`, `Push` and `Request`.

    Args:
        entries: The entries.
        wanted: Returns so many of what was looked for, in words: `two calls to *********27`.
        explain: Tells the assertions more, by `Evidence`.

    Raises nothing when it is made.
    """

    def __init__(
        self, entries: Iterable[dict[str, Any]], wanted: Callable[[int], str], explain: Callable[[Found], str]
    ) -> None:
        super().__init__(entries)
        self._wanted = wanted
        self._explain = explain

    def __repr__(self) -> str:
        """Return how many there are, without their numbers."""
        return f"<{self._wanted(len(self))}>"

    def one(self) -> dict[str, Any]:
        """Return the only entry.

        Raises:
            AssertionError: There are none or several; the text says which, and who sent them.
        """
        __tracebackhide__ = True
        return self.exactly(1)[0]

    def none(self) -> None:
        """Assert that there are none.

        Raises:
            AssertionError: There are some; the text says which, and who sent them.
        """
        __tracebackhide__ = True
        self.exactly(0)

    def exactly(self, count: int) -> Found:
        """Return the entries, which have to be so many.

        Raises:
            AssertionError: They are not; the text says which they are, and who sent them.
        """
        __tracebackhide__ = True
        if len(self) != count:
            expected = f"{'exactly ' if count else ''}{self._wanted(count)}"
            was = "was" if len(self) < 2 else "were"
            there = f"there {was} {wording.count(len(self))}{self._explain(self)}"
            raise AssertionError(f"{expected}: {there}")
        return self


class Evidence:
    """Finds what one account of a mock was sent.

    A moment for `since` and `until` is by the account's clock, and has an offset.

    Args:
        ask: Sends a GET to the mock.
        username: The name of the account.
    """

    def __init__(self, ask: Ask, username: str) -> None:
        self._get = ask
        self._account = f"/_mock/tenants/{quote(username, safe='')}"
        self._made = datetime.now(UTC).isoformat()

    def calls(
        self,
        *,
        to: str | None = None,
        bulk_id: str | None = None,
        state: str | None = None,
        request: int | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        search: str | None = None,
    ) -> Found:
        """Return the calls, the oldest first: `calls(to="41793026727").one()["sent"]`.

        Args:
            to: Only calls that dial this number; for a click to call that of A or of B.
            bulk_id: Only calls of this launch.
            state: Only calls whose report is `scheduled`, `waiting`, `consumed` or `pushed`.
            request: Only calls that the request of this number launched.
            since: Only calls that were accepted at this moment or later.
            until: Only calls that were accepted before this moment.
            search: Only calls that have this text in ids, numbers or what was sent.

        Raises:
            ValueError: The mock refused a filter.
        """
        filters = {"to": to, "bulkId": bulk_id, "state": state, "request": request}
        return self._find("calls", {**filters, "since": since, "until": until, "search": search})

    def pushes(
        self,
        *,
        to: str | None = None,
        bulk_id: str | None = None,
        message_id: str | None = None,
        state: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        search: str | None = None,
    ) -> Found:
        """Return the pushes, the oldest first: `pushes(state="refused").none()`.

        Args:
            to: Only pushes about calls that dial this number.
            bulk_id: Only pushes about calls of this launch.
            message_id: Only pushes about this message.
            state: Only pushes that are `pending`, `delivered`, `exhausted` or `refused`.
            since: Only pushes that fell due at this moment or later.
            until: Only pushes that fell due before this moment.
            search: Only pushes that have this text in ids, URL, body or reason.

        Raises:
            ValueError: The mock refused a filter.
        """
        filters = {"to": to, "bulkId": bulk_id, "messageId": message_id, "state": state}
        return self._find("pushes", {**filters, "since": since, "until": until, "search": search})

    def requests(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        to: str | None = None,
        bulk_id: str | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        search: str | None = None,
        strays: bool = False,
    ) -> Found:
        """Return the requests, the oldest first: `requests(status=429).exactly(2)`.

        Args:
            method: Only requests of this method.
            path: Only requests to this path.
            status: Only requests that were answered with this status.
            to: Only requests that launched a call to this number, or have it in query or body.
            bulk_id: Only requests that launched this bulk, or have its id in query or body.
            since: Only requests that arrived at this moment or later.
            until: Only requests that arrived before this moment.
            search: Only requests that have this text in target, headers, body or reason.
            strays: Look at the requests that name no account instead, by default at those since
                this object was made; whoever sent them.

        Raises:
            ValueError: The mock refused a filter.
        """
        filters: dict[str, Any] = {"method": method, "path": path, "status": status, "to": to, "bulkId": bulk_id}
        filters = {**filters, "until": until, "search": search}
        if strays:
            return self._find("strays", {"since": since or self._made, **filters})
        return self._find("requests", {"since": since, **filters})

    def _find(self, kind: Kind, filters: Mapping[str, Any]) -> Found:
        given = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in filters.items()
            if value is not None
        }
        explain = {"calls": self._explain_calls, "pushes": wording.of_pushes}.get(kind, wording.of_requests)
        return Found(self._pages(kind, given), partial(wording.wanted, kind, given), explain)

    def _pages(self, kind: Kind, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        path = "/_mock/requests" if kind == "strays" else f"{self._account}/{kind}"
        newest_first: list[dict[str, Any]] = []
        query = {**query, "limit": MAX_ENTRIES_IN_A_PAGE}
        while True:
            page = self._get(f"{path}?{urlencode(query)}")
            newest_first += page
            if len(page) < MAX_ENTRIES_IN_A_PAGE:
                return newest_first[::-1]
            query["before"] = page[-1][_CURSORS[kind]]

    def _explain_calls(self, found: Found) -> str:
        if not found:
            return self._instead()
        launched_by: list[dict[str, Any]] = []
        for number in sorted({call["request"] for call in found}):
            try:
                launched_by.append(self._get(f"{self._account}/requests/{number}"))
            except ValueError:  # it was dropped, or cleared
                launched_by.append({"number": number})
        return wording.of_calls(len(found), launched_by)

    def _instead(self) -> str:
        """Return what the account was sent instead of the call that was looked for."""
        calls = self._pages("calls", {})
        refused = [request for request in self._pages("requests", {}) if (request["status"] or 0) >= 400]
        return wording.instead_of_calls(calls, refused, self._pages("strays", {"since": self._made}))
