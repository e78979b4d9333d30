"""An HTTP request, and what the other parts ask of it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec

from infobip_voice_mock.answers import Refusal
from infobip_voice_wire import media_types
from infobip_voice_wire.media_types import JSON, XML

__all__ = ["Request"]


class Request:
    """A request that has arrived.

    Args:
        scope: The ASGI scope.
        body: Every byte of the body.

    Attributes:
        method: The HTTP method.
        path: The path, percent-decoded.
        query: The query as it was sent, without `?`.
        headers: Names, in lower case, and values of the header fields.
        body: Every byte of the body.
        client: The address that the request came from; empty if the server does not say.
        number: Its number in the log of its account; 0 until it is logged there.
    """

    __slots__ = ("_fields", "_raw_path", "body", "client", "headers", "method", "number", "path", "query")

    def __init__(self, scope: Any, body: bytes) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self._raw_path: bytes = scope.get("raw_path", b"")
        self.body = body
        self.number = 0
        self.client: str = (scope.get("client") or ("",))[0]
        self.query: bytes = scope["query_string"]
        self.headers: tuple[tuple[bytes, bytes], ...] = tuple(scope["headers"])
        self._fields = _fields(self.headers)

    @property
    def raw_path(self) -> str:
        """The path as it was sent, percent-encoded: in it, a slash of a name is no separator."""
        return self._raw_path.decode("latin-1") or quote(self.path)

    @property
    def target(self) -> str:
        """The path and the query."""
        return f"{self.path}?{self.query.decode('latin-1')}" if self.query else self.path

    def fields(self, name: bytes) -> Sequence[bytes]:
        """Return the value of every header field of that name, which has to be in lower case."""
        return self._fields.by_name.get(name, ())

    def media_type(self) -> str | None:
        """Return the media type of the body, JSON or XML without parameters.

        None if the body is neither, or not in UTF-8, or has several media types.
        """
        return self._fields.media_type

    def acceptable(self) -> str | None:
        """Return the media type of the answer; None if the client accepts neither JSON nor XML.

        `Accept` decides. Without it a POST is answered in the format of its body, and anything else
        in JSON.
        """
        return self._fields.acceptable_to_post if self.method == "POST" else self._fields.acceptable

    def value(self, schema: str) -> Any:
        """Return the body as a JSON value.

        Args:
            schema: The name of the schema by which an XML body is read.

        Raises:
            Refusal: 415 for a body that is neither JSON nor XML in UTF-8; 400 for one that is not
                well formed.
        """
        media_type = self.media_type()
        # `identity` is no coding, though no sender has to say so.
        codings = [field.lower() for field in self.fields(b"content-encoding")]
        is_plain = codings in ([], [b"identity"])
        if media_type is None or not is_plain:
            types = len(self.fields(b"content-type"))
            text = f"the body has to be {JSON} or {XML}, in UTF-8 and without a Content-Encoding"
            text += "" if types == 1 else f"; this request has {types or 'no'} Content-Type fields"
            # Who sends a coding is told which ones are read (RFC 9110, 12.5.3).
            read = {} if is_plain else {"accept_encoding": "identity"}
            raise Refusal.of(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, text, **read)
        return self._xml(schema) if media_type == XML else self._json()

    def _json(self) -> Any:
        try:
            return msgspec.json.decode(self.body.removeprefix(b"\xef\xbb\xbf"))
        except RecursionError:
            reason = "nested too deeply"
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            reason = str(error)
        raise Refusal.bad_request({"$": [f"not well-formed JSON: {reason}"]})

    def _xml(self, schema: str) -> Any:
        from infobip_voice_wire import xml  # lxml is a third of the start time, and many clients never send XML

        try:
            return xml.decode(self.body, schema)
        except xml.XmlError as error:
            raise Refusal.bad_request({"$": [f"not well-formed XML: {error}"]}) from None


class _Fields(NamedTuple):
    """What header fields say.

    Attributes:
        by_name: Their values.
        media_type: As `Request.media_type`.
        acceptable: As `Request.acceptable`, for anything but a POST.
        acceptable_to_post: The same for a POST.
    """

    by_name: Mapping[bytes, Sequence[bytes]]
    media_type: str | None
    acceptable: str | None
    acceptable_to_post: str | None


# Cached, because a client sends the same fields again and again, and reading them costs a tenth of
# a whole request. The cache is small, so that very long fields do not fill the memory.
@lru_cache(maxsize=64)
def _fields(headers: tuple[tuple[bytes, bytes], ...]) -> _Fields:
    by_name: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        by_name.setdefault(name, []).append(value)
    types = by_name.get(b"content-type", [])
    media_type = _served(types[0]) if len(types) == 1 else None
    accepted = by_name.get(b"accept")
    return _Fields(by_name, media_type, _negotiated(accepted, JSON), _negotiated(accepted, media_type or JSON))


def _served(content_type: bytes) -> str | None:
    parsed = media_types.parse(content_type.decode("latin-1"))
    if parsed is None or parsed.essence not in (JSON, XML):
        return None
    if parsed.parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
        return None
    return parsed.essence


def _negotiated(accepted: list[bytes] | None, default: str) -> str | None:
    if accepted is None:
        return default
    return media_types.negotiate(b", ".join(accepted).decode("latin-1"), (JSON, XML), default)
