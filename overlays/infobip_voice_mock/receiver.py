"""A receiver of pushes on this machine, for tests."""

from __future__ import annotations

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

__all__ = ["ReceivedPush", "Receiver"]


class ReceivedPush(NamedTuple):
    """A push that arrived.

    Attributes:
        headers: Its headers, names in lower case.
        body: Its bytes.
    """

    headers: dict[str, str]
    body: bytes


class _Server(ThreadingHTTPServer):
    # Pushes come many at once. With the five places that the class has by itself, the rest would
    # wait seconds for a connection.
    request_queue_size = 1024
    daemon_threads = True


class Receiver:
    """Receives pushes on this machine, and answers 200 unless it is told another status.

    Attributes:
        url: The `notifyUrl` to give to a launch.
        answers: The statuses with which it answers the next pushes, the first one first.
        received: The pushes that have arrived, the oldest first.
    """

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.received: list[ReceivedPush] = []
        self._arrived: queue.Queue[ReceivedPush] = queue.Queue()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 60  # a connection on which nothing comes is closed

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                pushed = ReceivedPush({name.lower(): value for name, value in self.headers.items()}, body)
                receiver.received.append(pushed)
                receiver._arrived.put(pushed)
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/reports"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def next(self, timeout: float = 10.0) -> ReceivedPush:
        """Return the next push, and wait for it if it has not arrived yet.

        On a manual clock, pushes arrive only while the clock is moved.

        Raises:
            queue.Empty: No push arrived within `timeout` seconds.
        """
        return self._arrived.get(timeout=timeout)

    def close(self) -> None:
        """Stop receiving. Raises nothing."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
