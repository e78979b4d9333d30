"""Answers to HTTP requests: a status, header fields and a body in JSON or XML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final, Literal

import msgspec

from infobip_voice_mock.sentences import shortened
from infobip_voice_wire.media_types import JSON, XML

__all__ = ["NOTHING", "PHRASES", "Answer", "Refusal", "document_answer", "document_bytes"]

_json = msgspec.json.Encoder(decimal_format="number")

# Python 3.13 renamed four statuses. What the mock answers does not depend on who runs it: 413 is
# called as in the contract, the others as in RFC 9110.
_RENAMED: Final = {
    413: ("PAYLOAD_TOO_LARGE", "Payload Too Large"),
    414: ("URI_TOO_LONG", "URI Too Long"),
    416: ("RANGE_NOT_SATISFIABLE", "Range Not Satisfiable"),
    422: ("UNPROCESSABLE_CONTENT", "Unprocessable Content"),
}
_KINDS: Final = {
    **{status.value: status.name for status in HTTPStatus},
    **{status: kind for status, (kind, _) in _RENAMED.items()},
    500: "GENERAL_ERROR",
}
PHRASES: Final[Mapping[int, str]] = {
    **{status.value: status.phrase for status in HTTPStatus},
    **{status: phrase for status, (_, phrase) in _RENAMED.items()},
}
"""What each status is called in words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the client.

    Attributes:
        status: The HTTP status.
        headers: Header fields as ASGI wants them, with names in lower case and without
            `content-length`, which is added when the answer is sent.
        body: The bytes of the body.
        cut_at: How many bytes of the body are sent before the connection is reset; None if all are
            sent and the connection is not reset.
    """

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    cut_at: int | None = None


NOTHING = Answer(0, (), b"", cut_at=0)
"""No answer: the connection is reset."""


def document_bytes(value: Any, schema: str, media_type: str, xml_names: Literal["xml", "json"] = "xml") -> bytes:
    """Write `value`, a generated model or a plain JSON value, in JSON or XML.

    Args:
        value: What to write; it has to fit the schema.
        schema: The name of the schema in the contract.
        media_type: `application/json` or `application/xml`.
        xml_names: How elements are named in XML: by the contract's XML names, or by JSON names.
    """
    if media_type == XML:
        from infobip_voice_wire import xml  # lxml is a third of the start time, and many never ask for XML

        return xml.encode(msgspec.to_builtins(value, builtin_types=(Decimal,)), schema, xml_names)
    return _json.encode(value)


def document_answer(
    status: int,
    value: Any,
    schema: str,
    media_type: str,
    headers: Mapping[str, str] | None = None,
    *,
    xml_names: Literal["xml", "json"] = "xml",
) -> Answer:
    """Return an answer whose body is what `document_bytes` makes of `value`."""
    fields = _FIELDS[media_type]
    if headers:
        fields += tuple((name.lower().encode(), text.encode("latin-1")) for name, text in headers.items())
    return Answer(status, fields, document_bytes(value, schema, media_type, xml_names))


# No cache may keep an answer (R13): a report can be read once, and a launch has to reach the
# server.
_FIELDS: Final[Mapping[str, tuple[tuple[bytes, bytes], ...]]] = {
    media_type: ((b"content-type", media_type.encode()), (b"cache-control", b"no-store")) for media_type in (JSON, XML)
}


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """A request that is refused as a whole, and therefore has no effect.

    Attributes:
        status: The HTTP status.
        kind: The kind of refusal, `requestError.serviceException.messageId`.
        text: The reason in words.
        violations: For a 400, what is wrong by its path in the request.
        headers: Further header fields of the answer.
    """

    status: int
    kind: str
    text: str
    violations: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, status: HTTPStatus, text: str | None = None, **headers: str) -> "Refusal":
        """Return the refusal that `status` stands for.

        Args:
            status: The HTTP status.
            text: The reason in words; by default the phrase of the status.
            headers: Further header fields, with `_` for `-` in their names.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status.value, _KINDS[status], text or PHRASES[status], headers=named)

    @classmethod
    def bad_request(cls, violations: Mapping[str, list[str]]) -> "Refusal":
        """Return a 400 that lists every violation by its path, in texts that are short."""
        short = {path: [shortened(text) for text in texts] for path, texts in violations.items()}
        return cls(HTTPStatus.BAD_REQUEST.value, "BAD_REQUEST", "Bad Request", short)

    @classmethod
    def internal_error(cls) -> "Refusal":
        """Return the 500 for an error in the mock itself; the log has the details."""
        return cls.of(HTTPStatus.INTERNAL_SERVER_ERROR, "an error in the mock; see its log")

    def reason(self) -> str:
        """Return the whole reason in one line, for the request log."""
        listed = (f"{path}: {'; '.join(texts)}" for path, texts in self.violations.items())
        return " | ".join([self.text, *listed])

    def answer(self, media_type: str) -> Answer:
        """Return the refusal as an answer in the documented shape."""
        reason: dict[str, Any] = {"messageId": self.kind, "text": self.text}
        if self.violations:
            reason["validationErrors"] = self.violations
        document = {"requestError": {"serviceException": reason}}
        return document_answer(self.status, document, "ApiException", media_type, self.headers)
