"""The connection: it hands requests to uvicorn one by one, each after its head has been judged.

uvicorn reads HTTP with httptools if that is installed, else with h11. Here either is given only the
heads that `head` writes, so both answer alike, and only one request at a time.
"""

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from infobip_voice_mock import head
from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.asgi import abort
from infobip_voice_mock.request import Request
from infobip_voice_wire.media_types import JSON

if TYPE_CHECKING:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as _Protocol
else:
    _Protocol = object

__all__ = ["h11_protocol", "httptools_protocol", "installed_protocol"]

MAX_SECONDS_TO_SEND = 30.0
"""A client that takes longer for one request is cut off, so that slow ones do not fill the mock."""

MAX_SECONDS_TO_LINGER = 2.0
"""How long what still arrives after a refusal is read and dropped. Closing a socket while bytes of
it are unread would make the client lose the answer."""

MAX_BYTES_WAITING: Final = 64 * 1024
"""A request that comes before the answer to the one before it waits; above this no more is read."""

_EMPTY_LINE: Final = b"\r\n\r\n"


class _Joining(asyncio.Transport):
    """Sends the head of an answer together with the beginning of its body.

    uvicorn writes them one after the other, and sending is a fifth of what a request costs.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self._head = b""
        # What a server asks for most is the transport's own.
        self.is_closing = transport.is_closing  # type: ignore[method-assign]
        self.get_extra_info = transport.get_extra_info  # type: ignore[method-assign]
        self.pause_reading = transport.pause_reading  # type: ignore[method-assign]
        self.resume_reading = transport.resume_reading  # type: ignore[method-assign]

    def write(self, data: bytes) -> None:  # type: ignore[override]
        if data.endswith(_EMPTY_LINE) and data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 1"):
            self._head = data
        else:
            self._transport.write(self._head + data)
            self._head = b""

    def flush(self) -> None:
        """Send a head that no body follows."""
        if self._head:
            self.write(b"")

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        self.flush()
        self._transport.abort()

    def end(self) -> None:
        """Send no more, but go on reading; TLS cannot do that, and only sends."""
        self.flush()
        if self._transport.can_write_eof():
            self._transport.write_eof()


class _OneByOne(_Protocol):
    """Stands in front of one of uvicorn's protocols.

    Its own attributes begin with `_`; the others are uvicorn's.

    Attributes:
        _waiting: What has arrived and is not with the parser yet.
        _reading: Whether the parser has been given a head, and not all of the body that follows.
        _left: How many bytes of that body are still to come; None if it comes in chunks.
        _tail: The last bytes that the parser was given.
        _lingering: Whether the connection has been refused, so that all that arrives is dropped.
        _half_closed: Whether the client sends no more.
        _since: When the client began to owe the rest of a request; None if it owes nothing.
        _timer: Ends the connection when the client has owed for too long.
    """

    _waiting = b""
    _reading = False
    _left: int | None = 0
    _tail = b""
    _lingering = False
    _half_closed = False
    _since: float | None = None
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._joining = _Joining(transport)
        super().connection_made(self._joining)
        self.app_state = {**self.app_state, "transport": self._joining}  # for faults that reset it
        self._since = self.loop.time()
        self._timer = self.loop.call_later(MAX_SECONDS_TO_SEND, self._look_at_the_time)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._lingering:
            self._waiting += data
            self._go_on()

    def eof_received(self) -> Any:
        """Still answer what has arrived as a whole, since a client may close its own side first."""
        self._half_closed = True
        return self._is_answering() and not self._reading and not self._lingering and self.scheme == "http"

    def on_response_complete(self) -> None:
        self._joining.flush()
        super().on_response_complete()
        self._go_on()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Refuse a body that the parser cannot read; uvicorn calls this."""
        if self.cycle.response_started:
            return self.transport.close()
        # The application waits for the rest of the body, and learns that it does not come.
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        text = "the chunks of the body are malformed"
        return self._refuse(Refusal.of(HTTPStatus.BAD_REQUEST, text), Request(self.scope, b""))

    def _go_on(self) -> None:
        """Give the parser what it may have, as far as something has arrived."""
        data, at = self._waiting, 0
        while at < len(data) and (self._reading or not self._is_answering()):
            if self._reading:
                end = self._end_of_piece(data, at)
                self._feed(data[at:end])
            else:
                end = self._begin(data, at)
            if end == at or self._lingering or self.transport.is_closing():
                break
            at = end
        self._waiting = data[at:]
        if self._lingering:
            return
        if not self._reading and (self._is_answering() or not self._waiting):
            self._since = None
        elif self._since is None:
            self._since = self.loop.time()
            self._unset_keepalive_if_required()
        if self._is_answering() and len(self._waiting) > MAX_BYTES_WAITING:
            self.flow.pause_reading()
        elif self._half_closed and not self._is_answering():
            self.transport.close()

    def _is_answering(self) -> bool:
        return bool(self.cycle) and not self.cycle.response_complete

    def _begin(self, data: bytes, at: int) -> int:
        """Give the parser the request that begins at `at`, as far as it has arrived.

        Returns where that part ends; `at` if the head has not arrived as a whole or is refused.
        """
        start = at
        while data.startswith(b"\r\n", start):  # empty lines before a request are ignored
            start += 2
        end = head.end_of_head(data, start)
        try:
            if (end if end >= 0 else len(data)) - start > head.MAX_HEAD_BYTES:
                raise head.too_large(data[start:])
            if end < 0:
                return start
            read = head.read_head(data[start:end])
        except Refusal as refusal:
            self._refuse(refusal, Request(head.read_leniently(data[start:]), b""))
            return at
        self._left = read.length
        self._tail = b""
        begun = end
        end = self._end_of_piece(data, begun)
        self._feed(read.framing + data[begun:end])
        # What is known of the request was read once for all requests with this head.
        self.scope.update({**read.scope, "headers": list(read.scope["headers"])})  # type: ignore[typeddict-item]
        return end

    def _end_of_piece(self, data: bytes, at: int) -> int:
        """Return where the next piece of the body ends that the parser may be given.

        A chunked body ends with an empty line, so the parser is asked after each of them whether it
        was the last.
        """
        if self._left is not None:
            end = min(len(data), at + self._left)
            self._left -= end - at
            return end
        # An empty line may have begun in an earlier piece.
        border = (self._tail + data[at : at + 3]).find(_EMPTY_LINE)
        found = at - len(self._tail) + border if border >= 0 else data.find(_EMPTY_LINE, at)
        end = found + len(_EMPTY_LINE) if found >= 0 or border >= 0 else len(data)
        self._tail = (self._tail + data[max(at, end - 3) : end])[-3:]
        return end

    def _feed(self, piece: bytes) -> None:
        super().data_received(piece)
        self._reading = not self._has_all()

    def _has_all(self) -> bool:
        """Return whether the parser has seen the end of the request."""
        raise NotImplementedError

    def _look_at_the_time(self) -> None:
        # One timer that looks again costs less than one for each request.
        now = self.loop.time()
        owed = now - self._since if self._since is not None else 0.0
        if owed >= MAX_SECONDS_TO_SEND:
            abort(self.transport)
        else:
            self._timer = self.loop.call_later(MAX_SECONDS_TO_SEND - owed, self._look_at_the_time)

    def _refuse(self, refusal: Refusal, request: Request) -> None:
        """Answer without the application, and end the connection."""
        answer = refusal.answer(request.acceptable() or JSON)
        fields = [*self.server_state.default_headers, *answer.headers, (b"connection", b"close")]
        fields.append((b"content-length", b"%d" % len(answer.body)))
        first = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}".encode()
        head_lines = [first, *(b"%b: %b" % field for field in fields), b"", b""]
        self.transport.write(b"\r\n".join(head_lines) + (b"" if request.method == "HEAD" else answer.body))
        note_refusal = getattr(self.config.app, "note_refusal", None)  # an application that is no mock has none
        if note_refusal is not None:
            note_refusal(request, refusal)
        self._lingering = True
        self._since = None
        self.loop.call_later(MAX_SECONDS_TO_LINGER, self.transport.close)
        self._joining.end()
        self.flow.resume_reading()


def httptools_protocol() -> type[asyncio.Protocol]:
    """Return the protocol that reads with httptools.

    Raises:
        ImportError: httptools is not installed.
    """
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    class Protocol(_OneByOne, HttpToolsProtocol):
        _ended = False

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._ended = False

        def on_message_complete(self) -> None:
            super().on_message_complete()
            self._ended = True

        def _has_all(self) -> bool:
            return self._ended

    return Protocol


def h11_protocol() -> type[asyncio.Protocol]:
    """Return the protocol that reads with h11."""
    import h11
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Protocol(_OneByOne, H11Protocol):  # type: ignore[misc]
        conn: h11.Connection

        def _has_all(self) -> bool:
            return self.conn.their_state is not h11.SEND_BODY

    return Protocol


def installed_protocol() -> type[asyncio.Protocol]:
    """Return the protocol to use: with httptools if it is installed, else with h11."""
    try:
        return httptools_protocol()
    except ImportError:
        return h11_protocol()
