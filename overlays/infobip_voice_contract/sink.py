"""A receiver of pushes on this machine."""

import threading
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any, Final

from infobip_voice_contract.clock import Clock
from infobip_voice_contract.driver import Push
from infobip_voice_contract.exchange import Answer, Request

__all__ = ["REFUSING", "Sink"]

REFUSING: Final = "/refusing"
"""The path whose first push of each kind is answered 503."""

MAX_PUSH: Final = 1 << 20


class Sink:
    """Answers pushes with 200, or once with 503, and keeps them.

    Args:
        clock: Tells when a push came.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._arrived: list[Push] = []
        self._refused: set[str] = set()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def receive(self) -> None:
                sink._receive(self)

            do_POST = do_PUT = do_PATCH = do_GET = do_DELETE = receive  # noqa: N815 - as the base class calls them

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class names it
                """Say nothing: standard error is for people."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def take(self) -> list[Push]:
        """Return what has arrived since."""
        with self._lock:
            arrived, self._arrived = self._arrived, []
        return arrived

    def close(self) -> None:
        """Stop receiving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _receive(self, handler: BaseHTTPRequestHandler) -> None:
        body = _body(handler.rfile, handler.headers)
        request = Request(handler.command, handler.path, tuple(handler.headers.items()), body)
        with self._lock:
            refused = handler.path.startswith(REFUSING) and handler.path not in self._refused
            self._refused.add(handler.path)
            status = 503 if refused else 200
            self._arrived.append(Push(self._clock.now(), request, Answer(status)))
        handler.send_response(status)
        handler.send_header("Content-Length", "0")
        handler.end_headers()


def _body(stream: BufferedIOBase, headers: Message) -> bytes:
    """Read a body, in chunks or not; the base class leaves that to us."""
    if "chunked" not in headers.get("transfer-encoding", "").lower():
        return stream.read(min(int(headers.get("content-length") or 0), MAX_PUSH))
    body = b""
    while size := int(stream.readline().split(b";")[0], 16):
        body += stream.read(size)
        stream.readline()
        if len(body) > MAX_PUSH:
            break
    while stream.readline().strip():
        pass  # trailers, up to the empty line
    return body
