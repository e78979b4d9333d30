"""What a request is entitled to: why it has to be refused, or in which form it is answered."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, NamedTuple, cast

from infobip_voice_contract import credentials
from infobip_voice_contract.contract import OPERATIONS, Contract, Operation
from infobip_voice_contract.exchange import ACCOUNT, Request
from infobip_voice_wire import documents, media_types, xml
from infobip_voice_wire.media_types import JSON, XML

__all__ = ["Cause", "Demand", "demand", "is_inexact"]

MAX_BODY: Final = 4 * 1024 * 1024
MAX_ID: Final = 100  # characters
MAX_LIMIT: Final = 2147483647
MAX_EXACT: Final = 2**53 - 1
_LIMIT: Final = re.compile("[1-9][0-9]*")
_WRONG: Final = (credentials.WRONG_PASSWORD, credentials.UNKNOWN_USER, credentials.WRONG_KEY)
_PRECEDENCE: Final = (404, 405, 401, 413, 406, 415, 400)


class Cause(NamedTuple):
    """A reason to refuse a request.

    Attributes:
        status: The status for it (domain, errors).
        kind: What it is: `unknown path`, `wrong method`, `no credentials`, `wrong credentials`,
            `malformed credentials`, `too large`, `not acceptable`, `media type`, `malformed`,
            `doctype`, `bad limit`, `bad filter`, `unknown query`, `repeated query`; for a violation
            of the body's schema the rule, in the words of JSON Schema.
        path: Where it is in the request.
        member: The member that it is about.
    """

    status: int
    kind: str
    path: str = "$"
    member: str = ""


@dataclass(frozen=True)
class Demand:
    """What a request is entitled to.

    Attributes:
        operation: The operation of its path; None for an unknown path.
        causes: The reasons to refuse it, in the order in which they count; none if it is valid.
        doubts: What no source settles; a request with doubts is judged by its answer's form alone.
        form: The form of the body, `json` or `xml`.
        value: The value of the body in the normal form of XML; None if it cannot be read.
        accepted: The forms in which it may be answered.
        wanted: The one form in which it has to be answered; None if that is left open.
    """

    operation: Operation | None
    causes: tuple[Cause, ...]
    doubts: tuple[str, ...]
    form: str | None
    value: Any
    accepted: frozenset[str]
    wanted: str | None

    @property
    def is_valid(self) -> bool:
        """Whether it has to be answered with 200."""
        return not self.causes and not self.doubts

    @property
    def is_refused(self) -> bool:
        """Whether it has to be refused, for one reason or another."""
        return bool(self.causes) and not self.doubts

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of its causes; empty where there are doubts."""
        return frozenset(cause.kind for cause in self.causes) if not self.doubts else frozenset()


def is_inexact(value: Any) -> bool:
    """Return whether a value has a number too large for many readers of JSON (RFC 7493, 2.2)."""
    if isinstance(value, dict | list):
        inner = cast("Iterable[Any]", value.values() if isinstance(value, dict) else value)
        return any(map(is_inexact, inner))
    return isinstance(value, int | float | Decimal) and not -MAX_EXACT <= value <= MAX_EXACT


def demand(request: Request, contract: Contract) -> Demand:
    """Return what a request is entitled to, judged by its bytes alone."""
    doubts: list[str] = []
    operation = _operation(request, doubts)
    form = _body_form(request, doubts) if request.method == "POST" else None
    accepted, wanted = _forms(request, form)
    causes = [*_of_head(request, operation, doubts), *_of_accept(accepted)]
    value = None
    if operation is not None and operation.method == request.method:
        if operation.request:
            value = _value(request, form, operation, doubts, causes)
            causes += [Cause(400, "unknown query", name, name) for name, _ in request.query]
            if value is not None:
                causes += [
                    Cause(400, *_renamed(violation)) for violation in contract.violations(operation.request, value)
                ]
        else:
            causes += _of_query(request)
    causes.sort(key=lambda cause: _PRECEDENCE.index(cause.status))
    return Demand(operation, tuple(causes), tuple(doubts), form, value, accepted, wanted)


def _renamed(violation: Any) -> tuple[str, str, str]:
    return violation.keyword, violation.path, violation.member


def _operation(request: Request, doubts: list[str]) -> Operation | None:
    for operation in OPERATIONS:
        if request.path == operation.path:
            return operation
        if request.path.rstrip("/").lower() == operation.path.lower() or "%" in request.path:
            doubts.append("the path is nearly that of an operation")
    return None


def _of_head(request: Request, operation: Operation | None, doubts: list[str]) -> Iterator[Cause]:
    if operation is None:
        yield Cause(404, "unknown path")
    elif request.method != operation.method:
        if request.method in ("OPTIONS", "TRACE", "CONNECT"):
            doubts.append("a server may answer this method for all paths")
        yield Cause(405, "wrong method")
    given = request.fields("authorization")
    if len(given) > 1:
        doubts.append("there are two Authorization fields")
    elif not given:
        yield Cause(401, "no credentials")
    elif given[0] in (credentials.LOWER_CASE, credentials.SECOND):
        doubts.append("the credentials are in another spelling or scheme")
    elif given[0] != ACCOUNT:
        yield Cause(401, "wrong credentials" if given[0] in _WRONG else "malformed credentials")
    if request.method == "POST" and len(request.body) > MAX_BODY:
        yield Cause(413, "too large")


def _of_accept(accepted: frozenset[str]) -> Iterator[Cause]:
    if not accepted:
        yield Cause(406, "not acceptable")


def _body_form(request: Request, doubts: list[str]) -> str | None:
    """Return the form of a body; None is a media type that is not served."""
    fields = request.fields("content-type")
    if request.fields("content-encoding"):
        doubts.append("no source says whether a request may have a Content-Encoding")
    if len(fields) != 1:
        if fields:
            doubts.append("there are two Content-Type fields")
        return None
    media_type = media_types.parse(fields[0])
    if media_type is None:
        return None
    if media_type.essence not in (JSON, XML) and media_types.wire_format(fields[0]):
        doubts.append("the media type is a relative of JSON or XML")
    if media_type.parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
        doubts.append("the charset is not UTF-8")
    return {JSON: "json", XML: "xml"}.get(media_type.essence)


def _forms(request: Request, form: str | None) -> tuple[frozenset[str], str | None]:
    fields = request.fields("accept")
    mirrored = XML if form == "xml" else JSON
    if not fields:
        return frozenset({"json", "xml"}), "xml" if mirrored == XML else "json"
    accept = ", ".join(fields)
    names = {JSON: "json", XML: "xml"}
    accepted = frozenset(names[offer] for offer in names if media_types.negotiate(accept, (offer,), offer))
    chosen = {media_types.negotiate(accept, (JSON, XML), default) for default in (JSON, XML)}
    if len(chosen) == 1:
        only = chosen.pop()
        return accepted, names[only] if only else None
    # Both are equally welcome. Only for `*/*` a source says what then: the form of the request.
    return accepted, names[mirrored] if accept.strip() == "*/*" else None


def _value(request: Request, form: str | None, operation: Operation, doubts: list[str], causes: list[Cause]) -> Any:
    if form is None:
        causes.append(Cause(415, "media type"))
        return None
    try:
        if form == "xml":
            return xml.decode(request.body, operation.request)
        _doubt_json(request.body, doubts)
        value = documents.decode_json(request.body)
    except ValueError:
        causes.append(Cause(400, "doctype" if b"<!DOCTYPE" in request.body else "malformed"))
        return None
    if value is None:
        causes.append(Cause(400, "type"))
    return value


def _doubt_json(body: bytes, doubts: list[str]) -> None:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            doubts.append("an object has a member twice")
        return dict(pairs)

    if body.startswith(b"\xef\xbb\xbf"):
        doubts.append("the body begins with a byte order mark")
    try:
        json.loads(body, object_pairs_hook=members)
    except (ValueError, RecursionError):
        return


def _of_query(request: Request) -> Iterator[Cause]:
    seen: set[str] = set()
    for name, value in request.query:
        if name not in ("bulkId", "messageId", "limit"):
            yield Cause(400, "unknown query", name, name)
        elif name in seen:
            yield Cause(400, "repeated query", name, name)
        elif name == "limit" and not (_LIMIT.fullmatch(value) and len(value) <= 10 and int(value) <= MAX_LIMIT):
            yield Cause(400, "bad limit", name, name)
        elif name != "limit" and not 1 <= len(value) <= MAX_ID:
            yield Cause(400, "bad filter", name, name)
        seen.add(name)
