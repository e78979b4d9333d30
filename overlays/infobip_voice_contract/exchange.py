"""A request and its answer as they were on the wire, immutable, and what carries them."""

from dataclasses import dataclass, field
from typing import Final, Literal, Protocol
from urllib.parse import parse_qsl

__all__ = ["ACCOUNT", "CLOSED_MEANWHILE", "Answer", "Exchange", "Fields", "Request", "Sent", "Transport"]

Fields = tuple[tuple[str, str], ...]

ACCOUNT = "<account>"
"""Stands in `Authorization` for the account's own credentials, which only the transport knows."""

CLOSED_MEANWHILE: Final = "the connection was closed meanwhile"
"""The failure of a request over a connection that had been idle, which the server may close."""


def _values(fields: Fields, name: str) -> list[str]:
    return [value for key, value in fields if key.lower() == name.lower()]


@dataclass(frozen=True, slots=True)
class Request:
    """A request, without what the transport adds: `Host`, `Content-Length`, the secrets.

    Attributes:
        method: The HTTP method.
        target: The path and the query, percent-encoded.
        headers: The header fields in order; credentials as placeholders.
        body: Every byte of the body.
    """

    method: str
    target: str
    headers: Fields = ()
    body: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query's parameters in order, decoded."""
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    def fields(self, name: str) -> list[str]:
        """Return every value of a header field."""
        return _values(self.headers, name)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        status: The HTTP status.
        headers: The header fields in order.
        body: The bytes of the body, without a transfer coding, with its content coding.
        version: The version of HTTP, such as `1.1`.
    """

    status: int
    headers: Fields = ()
    body: bytes = field(default=b"", repr=False)
    version: str = "1.1"

    def fields(self, name: str) -> list[str]:
        """Return every value of a header field."""
        return _values(self.headers, name)

    def field(self, name: str) -> str | None:
        """Return the value of a header field, several joined by commas; None if there is none."""
        values = self.fields(name)
        return ", ".join(values) if values else None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came back.

    Attributes:
        number: Its place in the journal, from 1.
        script: What it belongs to: the name of a script, or of a conversation.
        started: When its first byte was sent, in seconds since 1970 by this machine.
        ended: When its last byte had come.
        request: What was sent.
        answer: What came back; None if no whole answer did.
        failure: Why there is no whole answer.
        sent: The bytes that went out, secrets masked.
        received: The bytes that came back.
        direction: `out` for a request to the server, `push` for one that came from it.
    """

    number: int
    script: str
    started: float
    ended: float
    request: Request
    answer: Answer | None
    failure: str = ""
    sent: bytes = field(default=b"", repr=False)
    received: bytes = field(default=b"", repr=False)
    direction: Literal["out", "push"] = "out"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a transport brings back; the journal makes an `Exchange` of it."""

    answer: Answer | None
    failure: str = ""
    sent: bytes = b""
    received: bytes = b""


class Transport(Protocol):
    """Carries one request to the server. May be used from several threads at once."""

    def send(self, request: Request) -> Sent:
        """Send a request once, and return what came back. Raises nothing for a lost answer."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...
