"""A connection: it judges what arrives, and hands an ASGI application one request after the other.

It stands in for uvicorn's own protocols. They take what RFC 9112 refuses, each in its own way, and
with either of them a request costs about twice as much.
"""

import asyncio
import math
from typing import Any, Final, Literal, cast

from uvicorn import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr
from uvicorn.server import ServerState

from infobip_voice_mock import head
from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.asgi import abort
from infobip_voice_mock.exchange import Application, Exchange, first_line
from infobip_voice_mock.framing import Chunks, Length
from infobip_voice_mock.request import Request
from infobip_voice_wire.media_types import JSON

__all__ = ["Connection"]

MAX_SECONDS_TO_SEND = 30.0
"""A client that takes longer for one request is cut off, so that slow ones do not fill the mock."""

MAX_SECONDS_IDLE = 5.0
"""A connection that nobody has used for so long after an answer ends."""

MAX_SECONDS_TO_LINGER = 2.0
"""How long what still arrives after a refusal is read and dropped. Closing a socket while bytes of
it are unread would make the client lose the answer."""

MAX_BYTES_WAITING: Final = 64 * 1024
"""Above this no more is read, until the application has taken what waits for it. The application
begins when the body has arrived as a whole, or as much of it."""


class Connection(asyncio.Protocol):
    """One connection of a uvicorn server.

    Args:
        config, server_state, app_state: As uvicorn gives them to its protocols.
        _loop: The event loop; the name is uvicorn's.

    Attributes:
        transport: Carries the bytes.
        writable: Is set when the client has read enough of what was sent; None if it has.
    """

    transport: asyncio.Transport

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._application: Application = cast("Any", config).loaded_app
        # An application that is no mock has none.
        self._note_refusal = getattr(config.app, "note_refusal", None)
        self._server = server_state
        self._app_state = app_state
        self._loop = _loop or asyncio.get_running_loop()
        self._arrived = b""  # and not yet read
        self._exchange: Exchange | None = None  # until it is answered and its body has been read
        self.writable: asyncio.Event | None = None
        self._reading = True
        self._half_closed = False  # the client sends no more
        self._lingering = False  # the connection was refused, and all that arrives is dropped
        self._owed = False  # whether the client has to send something
        self._deadline = math.inf  # when the connection ends if nothing happens
        self._timer: asyncio.TimerHandle | None = None

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """The header fields of every answer."""
        return self._server.default_headers

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        self._server.connections.add(self)  # type: ignore[arg-type]
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "server": get_local_addr(transport),
            "client": get_remote_addr(transport),
            "scheme": "https" if transport.get_extra_info("sslcontext") else "http",
            "root_path": "",
        }
        self._owe()
        self._look_at_the_time()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._server.connections.discard(self)
        if self._timer is not None:
            self._timer.cancel()
        self.resume_writing()
        if self._exchange is not None:
            self._exchange.leave()
            self._start(self._exchange)  # so that the application learns of it

    def data_received(self, data: bytes) -> None:
        if not self._lingering:
            self._arrived += data
            self._go_on()

    def eof_received(self) -> bool:
        """Still answer what has arrived as a whole, since a client may close its own side first."""
        self._half_closed = True
        return self._is_answering() and not self._lingering and self._scope["scheme"] == "http"

    def pause_writing(self) -> None:
        self.writable = asyncio.Event()

    def resume_writing(self) -> None:
        if self.writable is not None:
            self.writable.set()
            self.writable = None

    def resume_reading(self) -> None:
        """Read on, because the application has room."""
        if not self._reading:
            self._reading = True
            self.transport.resume_reading()

    def answered(self) -> None:
        """Go on after an answer."""
        exchange = self._exchange
        if exchange is None or exchange.last:
            self.transport.close()
            return
        self.resume_reading()
        if exchange.framing.ended:
            self._exchange = None
            self._deadline = self._loop.time() + MAX_SECONDS_IDLE
        if self._arrived or self._half_closed:
            self._go_on()

    def forget(self, exchange: Exchange) -> None:
        """Note that the application has ended, whether it has answered or not."""
        if exchange.task is not None:
            self._server.tasks.discard(exchange.task)

    def shutdown(self) -> None:
        """End after the answer that is under way; uvicorn calls this when it stops."""
        if self._exchange is None or self._exchange.answered:
            self.transport.close()
        else:
            self._exchange.last = True

    def _go_on(self) -> None:
        """Read what has arrived, as far as its turn has come."""
        while self._arrived and (self._begin() if self._exchange is None else self._read_body(self._exchange)):
            pass
        if self._lingering:
            return
        if self._is_answering():
            self._owed = False
            if len(self._arrived) > MAX_BYTES_WAITING:
                self._pause_reading()
        elif self._half_closed:
            self.transport.close()
        elif self._exchange is not None or self._arrived:
            self._owe()

    def _is_answering(self) -> bool:
        return self._exchange is not None and self._exchange.framing.ended

    def _begin(self) -> bool:
        """Begin a request; return False if its head has not arrived as a whole, or is refused."""
        while self._arrived.startswith(b"\r\n"):  # empty lines before a request are ignored
            self._arrived = self._arrived[2:]
        data = self._arrived
        end = head.end_of_head(data)
        try:
            if (end if end >= 0 else len(data)) > head.MAX_HEAD_BYTES:
                raise head.too_large(data)
            if end < 0:
                return False
            read = head.read_head(data[:end])
        except Refusal as refusal:
            return self._refuse(refusal, Request(head.read_leniently(data), b""))
        # What a head says was read once for all requests with the same.
        state = {**self._app_state, "transport": self.transport}  # for faults that reset it
        scope = {**self._scope, **read.scope, "headers": list(read.scope["headers"]), "state": state}
        framing = Chunks() if read.length is None else Length(read.length)
        self._exchange = Exchange(self, scope, framing, read.last)
        self._arrived = data[end:]
        if framing.ended:
            self._start(self._exchange)
        elif read.waits and not self._arrived:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    def _read_body(self, exchange: Exchange) -> bool:
        """Read of a body what has arrived; return False if all that follows has to wait."""
        if exchange.framing.ended:
            return False
        try:
            self._arrived = exchange.take(self._arrived)
        except Refusal as refusal:
            self._exchange = None
            if exchange.task is not None:
                exchange.task.cancel()  # it waits for the rest, which does not come
            if not exchange.begun:
                return self._refuse(refusal, Request(exchange.scope, b""))
            self.transport.close()
            return False
        if exchange.answered:
            if exchange.framing.ended:
                self._exchange = None
                return True
        elif exchange.framing.ended:
            self._start(exchange)
        elif exchange.unread > MAX_BYTES_WAITING:
            self._start(exchange)
            self._pause_reading()
        return False

    def _start(self, exchange: Exchange) -> None:
        if exchange.task is None:
            exchange.task = self._loop.create_task(exchange.run(self._application))
            self._server.tasks.add(exchange.task)

    def _pause_reading(self) -> None:
        if self._reading:
            self._reading = False
            self.transport.pause_reading()

    def _owe(self) -> None:
        if not self._owed:
            self._owed = True
            self._deadline = self._loop.time() + MAX_SECONDS_TO_SEND

    def _look_at_the_time(self) -> None:
        # One timer that looks again and again costs less than one or two for each request.
        left = math.inf if self._is_answering() else self._deadline - self._loop.time()
        if left > 0:
            wait = min(left, MAX_SECONDS_IDLE, MAX_SECONDS_TO_SEND)
            self._timer = self._loop.call_later(wait, self._look_at_the_time)
        elif self._owed:
            abort(self.transport)
        else:
            self.transport.close()

    def _refuse(self, refusal: Refusal, request: Request) -> Literal[False]:
        """Answer without the application, and end the connection: nothing more is read."""
        answer = refusal.answer(request.acceptable() or JSON)
        fields = [*self.default_headers, *answer.headers, (b"connection", b"close")]
        fields.append((b"content-length", b"%d" % len(answer.body)))
        lines = [first_line(answer.status), *(b"%b: %b\r\n" % field for field in fields), b"\r\n"]
        self.transport.write(b"".join(lines) + (b"" if request.method == "HEAD" else answer.body))
        if self._note_refusal is not None:
            self._note_refusal(request, refusal)
        self._lingering = True
        self._deadline = math.inf
        self._loop.call_later(MAX_SECONDS_TO_LINGER, self.transport.close)
        if self.transport.can_write_eof():  # over TLS one cannot send no more and go on reading
            self.transport.write_eof()
        self.resume_reading()
        return False
