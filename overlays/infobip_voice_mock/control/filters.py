"""Which accounts, calls, pushes and requests a query of the control plane asks for."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from itertools import dropwhile, islice
from typing import Any, TypeVar
from urllib.parse import unquote_plus

import msgspec

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.pushes import Push
from infobip_voice_mock.request_log import LoggedRequest, RequestLog
from infobip_voice_mock.simulation import Call
from infobip_voice_mock.store import Message
from infobip_voice_mock.tenant import Tenant
from infobip_voice_mock.tenants import Tenants
from infobip_voice_wire import timestamps

__all__ = ["calls", "page", "pushes", "requests", "tenants"]

Query = Mapping[str, Any]
Entry = TypeVar("Entry")


def tenants(known: Tenants, query: Query) -> Iterator[Tenant]:
    """Return the tenants that a query of `listTenants` asks for, the oldest first.

    Raises:
        Refusal: 404 if no account has the name in `after`.
    """
    after, has_text = query.get("after"), _has_text(query)
    if after is not None and after not in known:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no account has the name in `after`")
    found = (
        tenant
        for tenant in _behind(iter(known), after, lambda tenant: tenant.name)
        if has_text is None or has_text(tenant.name)
    )
    return islice(found, query.get("limit"))


def calls(tenant: Tenant, query: Query) -> Iterator[tuple[Call, Message]]:
    """Return the calls that a query of `listCalls` asks for.

    Raises:
        Refusal: 404 if no message has the id of `before`.
    """
    before, in_time, has_text = query.get("before"), _in_time(query), _has_text(query)
    words = _words_of_calls()
    if before is not None and tenant.store.get(before) is None:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no message has the id of `before`")
    for message in _behind(tenant.store.newest(), before, lambda message: message.message_id):
        call = message.call
        if (
            call is not None
            and _concerns(call, query)
            and query.get("state") in (None, message.state)
            and query.get("request") in (None, call.request)
            and in_time(call.accepted)
            and (has_text is None or has_text(words(call)))
        ):
            yield call, message


def pushes(tenant: Tenant, query: Query) -> Iterator[Push]:
    """Return the pushes that a query of `listPushes` asks for.

    Raises:
        Refusal: 404 if no push has the id of `before`.
    """
    before, in_time, has_text = query.get("before"), _in_time(query), _has_text(query)
    if before is not None and tenant.pushes.get(before) is None:
        raise Refusal.of(HTTPStatus.NOT_FOUND, "no push has the id of `before`")
    for push in _behind(tenant.pushes.newest(), before, lambda push: push.id):
        message = tenant.store.get(push.message_id)
        call = message.call if message is not None else None
        if (
            query.get("messageId") in (None, push.message_id)
            and query.get("state") in (None, push.state)
            and (_concerns(call, query) if call is not None else query.keys().isdisjoint({"to", "bulkId"}))
            and in_time(push.at)
            and (has_text is None or has_text(_words_of_push(push)))
        ):
            yield push


def requests(log: RequestLog, query: Query, tenant: Tenant | None) -> Iterator[LoggedRequest]:
    """Return the requests that a query of `listRequests` asks for.

    Args:
        log: The log of the account, or that of the strays.
        query: The query.
        tenant: The account; None for the strays.
    """
    in_time, has_text = _in_time(query), _has_text(query)
    names = [_names(tenant, name, query[name]) for name in ("bulkId", "to") if name in query]
    for logged in log.newest(query.get("before")):
        if (
            query.get("method") in (None, logged.method)
            and query.get("path") in (None, logged.path)
            and query.get("status") in (None, logged.status)
            and in_time(logged.at)
            and all(named(logged) for named in names)
            and (has_text is None or has_text(_words_of_request(logged)))
        ):
            yield logged


def page(entries: Iterable[Entry], query: Query) -> list[Entry]:
    """Return as many entries as a query asks for."""
    return list(islice(entries, query["limit"]))


def _behind(entries: Iterator[Entry], last: str | None, name: Callable[[Entry], str]) -> Iterator[Entry]:
    """Return the entries behind the one of that name."""
    return entries if last is None else islice(dropwhile(lambda entry: name(entry) != last, entries), 1, None)


def _concerns(call: Call, query: Query) -> bool:
    return query.get("to") in (None, call.to, call.b) and query.get("bulkId") in (None, call.bulk_id)


def _names(tenant: Tenant | None, parameter: str, value: str) -> Callable[[LoggedRequest], bool]:
    """Return whether a request launched a call of that bulk or number, or names it.

    Only the second can be said of a request that was refused, and of one that fetched reports.
    """
    messages = tenant.store.newest() if tenant is not None else ()
    launched = {m.call.request for m in messages if m.call is not None and _concerns(m.call, {parameter: value})}
    whole = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)").search
    return lambda logged: (
        logged.number in launched or whole(unquote_plus(logged.target)) is not None or whole(logged.text()) is not None
    )


def _in_time(query: Query) -> Callable[[datetime], bool]:
    since, until = (timestamps.parse(query[name]) if name in query else None for name in ("since", "until"))
    return lambda at: (since is None or since <= at) and (until is None or at < until)


def _has_text(query: Query) -> Callable[[str], bool] | None:
    """Return whether a text has the one that is searched for; None if none is."""
    wanted = query.get("search", "").lower()
    return (lambda text: wanted in text.lower()) if wanted else None


def _words_of_calls() -> Callable[[Call], str]:
    """Return a function that writes what a call can be found by.

    It writes what was sent once for all the calls that share it: there may be twenty thousand.
    """
    shared: dict[int, str] = {}

    def words(call: Call) -> str:
        sent = shared.get(id(call.message))
        if sent is None:
            sent = shared[id(call.message)] = msgspec.json.encode(call.message).decode()
        names = (call.message_id, call.bulk_id, call.to, call.b, call.shows, call.b_shows)
        return "\n".join([name for name in names if name is not None] + [sent])

    return words


def _words_of_push(push: Push) -> str:
    return "\n".join([push.id, push.message_id, push.url, push.reason, push.body.decode(errors="replace")])


def _words_of_request(logged: LoggedRequest) -> str:
    fields = (": ".join(field) for field in logged.fields())
    return "\n".join([logged.method, logged.target, logged.reason, logged.text(), *fields])
