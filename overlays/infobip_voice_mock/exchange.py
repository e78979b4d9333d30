"""One request and its answer: what an ASGI application receives and sends, as bytes of HTTP/1.1."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from infobip_voice_mock.answers import PHRASES, Refusal
from infobip_voice_mock.asgi import AsgiMessage, Receive, Scope, Send, send_answer
from infobip_voice_mock.framing import Framing
from infobip_voice_wire.media_types import JSON

if TYPE_CHECKING:
    from infobip_voice_mock.connection import Connection

__all__ = ["Application", "Exchange", "first_line"]

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_logger = logging.getLogger("infobip_voice_mock")


@cache
def first_line(status: int) -> bytes:
    """Return the first line of an answer with that status."""
    return f"HTTP/1.1 {status} {PHRASES.get(status, '')}\r\n".encode()


class _Written(NamedTuple):
    """Header fields of an answer.

    Attributes:
        lines: The fields as they are sent.
        length: How many bytes of body they announce; None if they do not say.
        close: Whether they say that the connection ends.
    """

    lines: bytes
    length: int | None
    close: bool


@lru_cache(maxsize=256)  # most answers have the same few
def _written(headers: tuple[tuple[bytes, bytes], ...]) -> _Written:
    lines = b"".join(b"%b: %b\r\n" % (name, value) for name, value in headers)
    if lines.count(b"\n") + lines.count(b"\r") != 2 * len(headers):
        raise RuntimeError("a header field of the application has the end of a line in it")
    said = dict(headers)
    length = said.get(b"content-length")
    return _Written(lines, None if length is None else int(length), b"close" in said.get(b"connection", b"").lower())


class Exchange:
    """One request, of which the head has arrived, and its answer.

    Args:
        connection: Carries both.
        scope: The ASGI scope.
        framing: Reads the body.
        last: Whether the connection ends after the answer.

    Attributes:
        scope, framing: As given.
        last: As given; the application can end the connection too.
        task: The application, once it has begun.
        unread: How many bytes of the body wait for the application.
        answered: Whether the application has sent everything.
        gone: Whether the client is gone, so that nothing arrives and nothing can be sent.
    """

    task: asyncio.Task[None] | None = None
    unread = 0
    answered = False
    gone = False

    _told_all = False  # whether the application has the whole body
    _waiting: asyncio.Future[None] | None = None
    _head: bytes | None = None  # of the answer: it is sent together with the first part of the body
    _left = 0  # of the body that the head of the answer announces

    def __init__(self, connection: "Connection", scope: Scope, framing: Framing, last: bool) -> None:
        self.scope = scope
        self.framing = framing
        self.last = last
        self._connection = connection
        self._pieces: list[bytes] = []  # of the body of the request

    @property
    def begun(self) -> bool:
        """Whether the application has begun to answer."""
        return self._head is not None

    def take(self, data: bytes) -> bytes:
        """Read what `data` has of the body, and return what is left of it.

        Raises:
            Refusal: 400 if this cannot be a body.
        """
        piece, rest = self.framing.take(data)
        if piece and not self.answered:
            self._pieces.append(piece)
            self.unread += len(piece)
        self._wake()
        return rest

    def leave(self) -> None:
        """Note that the client is gone."""
        self.gone = True
        self._wake()

    async def run(self, application: Application) -> None:
        """Let an application answer; if it fails to, answer with 500 or end the connection."""
        try:
            await application(self.scope, self.receive, self.send)
            if not self.answered and not self._is_over():
                raise RuntimeError("the application has not sent an answer as a whole")
        except Exception:
            _logger.exception("an error in the application")
            if not self.begun and not self._is_over():
                self.last = True
                await send_answer(self.scope, self.send, Refusal.internal_error().answer(JSON))
            elif not self.answered:
                self._connection.transport.close()
        finally:
            self._connection.forget(self)

    async def receive(self) -> AsgiMessage:
        """Return the next part of the body that has arrived; after all of it, wait for the end."""
        while not (self._pieces or self.gone or self.answered or (self.framing.ended and not self._told_all)):
            self._connection.resume_reading()
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        # What a client has sent before it left still counts.
        if not self._pieces and (self._told_all or not self.framing.ended):
            return {"type": "http.disconnect"}
        body = b"".join(self._pieces)
        self._pieces.clear()
        self.unread = 0
        self._told_all = self.framing.ended
        return {"type": "http.request", "body": body, "more_body": not self._told_all}

    async def send(self, message: AsgiMessage) -> None:
        """Send a part of the answer."""
        writable = self._connection.writable
        if writable is not None:
            await writable.wait()
        if self.gone:
            return
        kind = message["type"]
        if kind == "http.response.start" and self._head is None:
            self._head = self._head_of(message["status"], message.get("headers", ()))
        elif kind == "http.response.body" and self._head is not None and not self.answered:
            self._send_body(message.get("body", b""), message.get("more_body", False))
        else:
            raise RuntimeError(f"{kind} is out of place")

    def _head_of(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
        fields = _written(tuple(cast("Iterable[tuple[bytes, bytes]]", map(tuple, headers))))  # ASGI allows lists
        # Without a length, the end of the connection is the end of the body.
        self.last = self.last or fields.length is None or fields.close
        self._left = 0 if self.scope["method"] == "HEAD" else fields.length or 0
        close = b"connection: close\r\n" if self.last and not fields.close else b""
        always = _written(tuple(self._connection.default_headers))
        return b"%b%b%b%b\r\n" % (first_line(status), always.lines, fields.lines, close)

    def _send_body(self, body: bytes, more: bool) -> None:
        if self.scope["method"] == "HEAD":
            body = b""
        self._left -= len(body)
        data, self._head = (self._head or b"") + body, b""
        if data:
            self._connection.transport.write(data)
        if not more:
            self.answered = True
            # The client would take what is missing from the next answer, or begin it with the rest.
            self.last = self.last or self._left != 0
            self._wake()
            self._connection.answered()

    def _is_over(self) -> bool:
        return self.gone or self._connection.transport.is_closing()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
