"""The head of a request: read strictly, as RFC 9110 and RFC 9112 say.

Parsers differ in what they let pass. Here every byte of a head is judged by one set of rules.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from infobip_voice_mock.answers import Refusal

__all__ = ["FIELD", "MAX_HEAD_BYTES", "Head", "end_of_head", "read_head", "read_leniently", "too_large"]

MAX_HEAD_BYTES: Final = 64 * 1024
"""A request with a larger head is answered with 431, or 414 if its first line alone is larger."""

_MAX_LENGTH_DIGITS: Final = 18  # so that no number is too long to be read

_TOKEN: Final = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
FIELD: Final = re.compile(rb"(%b):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)" % _TOKEN)
"""A line of a head or a trailer: a name, and a value that may have spaces and tabs after it."""

_END: Final = re.compile(rb"\n\r?\n")
_REQUEST_LINE: Final = re.compile(rb"(%b) ([\x21\x22\x24-\x7e]+) HTTP/([0-9])\.([0-9])" % _TOKEN)
_ABSOLUTE: Final = re.compile(rb"(?i:https?)://([^/?]+)(.*)")
_HOST: Final = re.compile(rb"(?:\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._~!$&'()*+,;=%-]*)(?::[0-9]*)?")
_LENGTH: Final = re.compile(rb"[0-9]+")

# The fields that say how a message is to be read; every other one is the application's.
_READ_HERE: Final = frozenset({b"host", b"content-length", b"transfer-encoding", b"connection", b"expect"})


class Head(NamedTuple):
    """What the head of a request says.

    Attributes:
        scope: What it says of the request, as members of an ASGI scope.
        length: How many bytes the body has; None if it comes in chunks.
        last: Whether the connection ends after the answer.
        waits: Whether the client sends the body only when it is told to continue.
    """

    scope: Mapping[str, Any]
    length: int | None
    last: bool
    waits: bool


def end_of_head(data: bytes) -> int:
    """Return where the head at the beginning of `data` ends; -1 if its end has not arrived."""
    found = _END.search(data)
    return -1 if found is None else found.end()


def too_large(data: bytes) -> Refusal:
    """Return the refusal of a head that is larger than `MAX_HEAD_BYTES` and begins with `data`."""
    if b"\n" in data[:MAX_HEAD_BYTES]:
        text = f"the head of the request is larger than {MAX_HEAD_BYTES} bytes"
        return Refusal.of(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, text)
    return Refusal.of(HTTPStatus.REQUEST_URI_TOO_LONG, f"the first line is longer than {MAX_HEAD_BYTES} bytes")


# Cached, because a client sends the same few heads again and again, and reading one costs a tenth
# of a whole request. The cache is small, so that large heads do not fill the memory.
@lru_cache(maxsize=64)
def read_head(data: bytes) -> Head:
    """Read the head of a request, which ends with an empty line.

    Raises:
        Refusal: 400 for what is no HTTP/1.1, or leaves open which host is meant or where the body
            ends; 413 for a length that no body has; 501 for CONNECT and for a transfer coding other
            than `chunked`; 505 for another major version.
    """
    lines = data.split(b"\r\n")
    if data.count(b"\n") != len(lines) - 1:
        raise _malformed("a line ends with LF alone, and not with CR LF")
    method, target, minor = _request_line(lines[0])
    headers: list[tuple[bytes, bytes]] = []
    said: dict[bytes, list[bytes]] = {}
    for line in lines[1:-2]:
        field = FIELD.fullmatch(line)
        if field is None:
            raise _malformed("a line of the head is not `name: value`")
        name, value = field[1].lower(), field[2].rstrip(b" \t")
        headers.append((name, value))
        if name in _READ_HERE:
            said.setdefault(name, []).append(value)
    _check_host(said.get(b"host", []), minor)
    if not target.startswith(b"/"):
        target = _origin_form(method, target, headers)
    path, _, query = target.partition(b"?")
    text = path.decode("ascii")
    scope = {
        "method": method.decode("ascii"),
        "path": unquote(text) if "%" in text else text,
        "raw_path": path,
        "query_string": query,
        "headers": headers,
        "http_version": f"1.{minor}",
    }
    last = not minor or _has_token(said.get(b"connection", ()), b"close")
    waits = minor == 1 and _has_token(said.get(b"expect", ()), b"100-continue")
    return Head(scope, _body_length(said, minor), last, waits)


def read_leniently(data: bytes) -> dict[str, Any]:
    """Return what can be made of a head that is refused, as an ASGI scope.

    It is enough to choose the form of the refusal, and to tell whose request it was.
    """
    lines = data[:MAX_HEAD_BYTES].splitlines() or [b""]
    method, _, rest = lines[0].partition(b" ")
    path, _, query = rest.partition(b" ")[0].partition(b"?")
    fields = [FIELD.fullmatch(line) for line in lines[1:]]
    headers = [(field[1].lower(), field[2].rstrip(b" \t")) for field in fields if field is not None]
    return {
        "method": method.decode("latin-1"),
        "path": path.decode("latin-1"),
        "query_string": query,
        "headers": headers,
    }


def _request_line(line: bytes) -> tuple[bytes, bytes, int]:
    """Return the method, the target, and 0 or 1 for HTTP/1.0 or HTTP/1.1."""
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise _malformed("the first line is not `METHOD target HTTP/1.1`")
    method, target, major, minor = match.groups()
    if major != b"1":
        raise Refusal.of(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "only HTTP/1.1 and HTTP/1.0 are spoken here")
    if method == b"CONNECT":
        raise Refusal.of(HTTPStatus.NOT_IMPLEMENTED, "no tunnels here: the mock is not a proxy")
    return method, target, min(int(minor), 1)  # a later minor version is understood as the last one known


def _check_host(hosts: list[bytes], minor: int) -> None:
    if len(hosts) > 1 or (not hosts and minor):
        raise _malformed(f"a request has one Host field, and this one has {len(hosts) or 'none'}")
    if hosts and not _HOST.fullmatch(hosts[0]):
        raise _malformed("the Host field is not `host` or `host:port`")


def _origin_form(method: bytes, target: bytes, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return the path and query of another form of target; its host, if any, goes before `Host`."""
    if target == b"*" and method == b"OPTIONS":
        return target
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is None or not _HOST.fullmatch(absolute[1]):
        raise _malformed("the target is neither a path nor an http URL")
    headers[:] = [(b"host", absolute[1]), *(field for field in headers if field[0] != b"host")]
    return absolute[2] if absolute[2].startswith(b"/") else b"/" + absolute[2]


def _body_length(said: Mapping[bytes, list[bytes]], minor: int) -> int | None:
    """Return how many bytes the body has; None if it comes in chunks."""
    codings, lengths = said.get(b"transfer-encoding"), said.get(b"content-length")
    if codings is None:
        return 0 if lengths is None else _length(lengths)
    _check_codings(codings, minor)
    if lengths is not None:
        raise _malformed("Transfer-Encoding and Content-Length exclude each other")
    return None


def _check_codings(codings: list[bytes], minor: int) -> None:
    if not minor:
        raise _malformed("HTTP/1.0 has no Transfer-Encoding")
    listed = [coding.strip(b" \t").lower() for field in codings for coding in field.split(b",")]
    if listed != [b"chunked"]:
        if listed[-1] == b"chunked" and listed.count(b"chunked") == 1:
            raise Refusal.of(HTTPStatus.NOT_IMPLEMENTED, "the only transfer coding here is chunked")
        raise _malformed("Transfer-Encoding has to end with chunked, which comes once")


def _length(lengths: list[bytes]) -> int:
    if len(lengths) != 1 or not _LENGTH.fullmatch(lengths[0]):
        raise _malformed("Content-Length has to be one whole number")
    digits = lengths[0].lstrip(b"0")
    if len(digits) > _MAX_LENGTH_DIGITS:
        raise Refusal.of(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "no body is as long as Content-Length says")
    return int(digits or b"0")


def _has_token(fields: "list[bytes] | tuple[()]", token: bytes) -> bool:
    return any(token in [each.strip(b" \t").lower() for each in field.split(b",")] for field in fields)


def _malformed(text: str) -> Refusal:
    return Refusal.of(HTTPStatus.BAD_REQUEST, text)
