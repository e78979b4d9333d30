"""Answers: a status, headers and a body in JSON or XML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import msgspec

from infobip_voice_wire.media_types import XML

__all__ = ["NOTHING", "Answer", "Refusal", "answer", "document_bytes"]

_json = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the client.

    Attributes:
        status: The HTTP status.
        headers: Header fields as ASGI wants them, names in lower case; `content-length` is left to the application.
        body: The bytes of the body.
        cut_at: How much of the body is sent before the connection is reset; None for all of it and no reset.
    """

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    cut_at: int | None = None


NOTHING = Answer(0, (), b"", cut_at=0)
"""No answer at all: the connection is reset."""


def document_bytes(value: Any, schema: str, media_type: str) -> bytes:
    """Write `value`, a generated model or a plain JSON value, in JSON or XML.

    Args:
        value: What to write; it has to fit the schema.
        schema: The name of its schema in the contract.
        media_type: `application/json` or `application/xml`.
    """
    if media_type == XML:
        from infobip_voice_wire import xml  # lxml is a third of the start time, and many never ask for XML

        return xml.encode(msgspec.to_builtins(value, builtin_types=(Decimal,)), schema)
    return _json.encode(value)


def answer(status: int, value: Any, schema: str, media_type: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer whose body is `value`, written as `document_bytes` does."""
    # A report that was read is gone, and a launch must not be answered from a cache: nobody may keep either (R13).
    fields = {"content-type": media_type, "cache-control": "no-store", **(headers or {})}
    encoded = tuple((name.lower().encode(), text.encode("latin-1")) for name, text in fields.items())
    return Answer(status, encoded, document_bytes(value, schema, media_type))


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """A request that is refused as a whole, and therefore has no effect.

    Attributes:
        status: The HTTP status.
        message_id: The kind of refusal, `requestError.serviceException.messageId`.
        text: The reason in words.
        violations: Texts by their path in the request, for a 400.
        headers: Further header fields of the answer.
    """

    status: int
    message_id: str
    text: str
    violations: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, status: HTTPStatus, text: str | None = None, **headers: str) -> "Refusal":
        """Return the refusal with the standard name and phrase of `status`."""
        names = {413: "PAYLOAD_TOO_LARGE", 500: "GENERAL_ERROR"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status.value, names.get(status, status.name), text or status.phrase, headers=named)

    @classmethod
    def bad_request(cls, violations: Mapping[str, list[str]]) -> "Refusal":
        """Return a 400 that lists every violation by its path."""
        return cls(HTTPStatus.BAD_REQUEST.value, "BAD_REQUEST", "Bad Request", violations)

    def reason(self) -> str:
        """Return the whole reason in one line, for the history of requests."""
        listed = (f"{path}: {'; '.join(texts)}" for path, texts in self.violations.items())
        return " | ".join([self.text, *listed])

    def answer(self, media_type: str) -> Answer:
        """Write the refusal in the documented shape."""
        reason: dict[str, Any] = {"messageId": self.message_id, "text": self.text}
        if self.violations:
            reason["validationErrors"] = self.violations
        document = {"requestError": {"serviceException": reason}}
        return answer(self.status, document, "ApiException", media_type, self.headers)
