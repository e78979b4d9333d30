"""HTTP over sockets: the bytes that went out and those that came back."""

import select
import socket
import ssl
import threading
import time
from typing import Final
from urllib.parse import urlsplit

import h11

from infobip_voice_contract.credentials import Credentials
from infobip_voice_contract.exchange import CLOSED_MEANWHILE, Answer, Request, Sent

__all__ = ["HttpTransport"]

_IDLE_SECONDS: Final = 2.0  # a server may close what has been idle for long, just as we send
_PROBE_SECONDS: Final = 1.0
_RECEIVE: Final = 65536
MAX_ANSWER: Final = 64 * 1024 * 1024


class _Connection:
    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream
        self.http = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 20)
        self.used = time.monotonic()

    def is_fresh(self) -> bool:
        """Return whether the server is likely to listen: it has sent nothing, not even an end."""
        if time.monotonic() - self.used > _IDLE_SECONDS:
            return False
        return not select.select([self.stream], [], [], 0)[0]


class HttpTransport:
    """Sends requests one by one to one server. It follows no redirect and repeats nothing.

    Args:
        base_url: Where the server is, with a path prefix if it has one.
        credentials: Fills in the secrets.
        timeout: The longest wait for a part of an answer, in seconds.
        ca_file: Certificates to trust instead of the system's.
    """

    def __init__(
        self, base_url: str, credentials: Credentials, *, timeout: float = 30.0, ca_file: str | None = None
    ) -> None:
        parts = urlsplit(base_url)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._host_field = parts.netloc.rpartition("@")[2]
        self._prefix = parts.path.rstrip("/")
        try:
            self._tls = ssl.create_default_context(cafile=ca_file) if parts.scheme == "https" else None
        except OSError as error:  # it names no file
            raise ValueError(f"{ca_file} has no certificates that can be read: {error}") from None
        self._credentials = credentials
        self._timeout = timeout
        self._idle: list[_Connection] = []
        self._lock = threading.Lock()

    def probe(self) -> str:
        """Return why the server cannot be reached within a second; empty if it can."""
        try:
            socket.create_connection((self._host, self._port), _PROBE_SECONDS).close()
        except OSError as error:
            return _reason(error)
        return ""

    def send(self, request: Request) -> Sent:
        """Send a request once, and return what came back."""
        idle = self._take()
        try:
            connection = idle or self._open()
        except OSError as error:
            return Sent(None, f"no connection: {_reason(error)}")
        return self._exchange(connection, request, reused=idle is not None)

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.stream.close()

    def _take(self) -> _Connection | None:
        with self._lock:
            while self._idle:
                connection = self._idle.pop()
                if connection.is_fresh():
                    return connection
                connection.stream.close()
        return None

    def _open(self) -> _Connection:
        stream = socket.create_connection((self._host, self._port), self._timeout)
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _Connection(self._tls.wrap_socket(stream, server_hostname=self._host) if self._tls else stream)

    def _exchange(self, connection: _Connection, request: Request, *, reused: bool) -> Sent:
        stream, http = connection.stream, connection.http
        received = bytearray()
        outgoing = b""
        try:
            outgoing = self._bytes(http, request)
            refused = _deliver(stream, outgoing)
            answer = _receive(stream, http, received)
            # Many servers close a connection after a failure, and do not say so.
            if refused or answer.status >= 500 or http.our_state is not h11.DONE or http.their_state is not h11.DONE:
                stream.close()
            else:
                http.start_next_cycle()
                connection.used = time.monotonic()
                with self._lock:
                    self._idle.append(connection)
        except (OSError, h11.ProtocolError) as error:
            stream.close()
            # A server may close an idle connection at any time, also while a request is on its way.
            meanwhile = reused and not received and isinstance(error, OSError)
            failure = f"{CLOSED_MEANWHILE if meanwhile else 'no whole answer'}: {_reason(error)}"
            return Sent(None, failure, self._credentials.mask(outgoing), self._credentials.mask(bytes(received)))
        masked = Answer(
            answer.status,
            tuple(
                (name, self._credentials.mask(value.encode("latin-1")).decode("latin-1"))
                for name, value in answer.headers
            ),
            self._credentials.mask(answer.body),
            answer.version,
        )
        return Sent(masked, "", self._credentials.mask(outgoing), self._credentials.mask(bytes(received)))

    def _bytes(self, http: h11.Connection, request: Request) -> bytes:
        headers = [("Host", self._host_field), *self._credentials.fill(request.headers)]
        if request.body or request.method in ("POST", "PUT", "PATCH"):
            headers.append(("Content-Length", str(len(request.body))))
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]
        head = h11.Request(method=request.method, target=self._prefix + request.target, headers=encoded)
        parts = [http.send(head)]
        if request.body:
            parts.append(http.send(h11.Data(data=request.body)))
        parts.append(http.send(h11.EndOfMessage()))
        return b"".join(part for part in parts if part)


def _deliver(stream: socket.socket, outgoing: bytes) -> bool:
    """Send everything; return whether the server stopped reading, which it may after a refusal."""
    try:
        stream.sendall(outgoing)
    except (BrokenPipeError, ConnectionResetError):
        return True
    return False


def _receive(stream: socket.socket, http: h11.Connection, received: bytearray) -> Answer:
    head: h11.Response | None = None
    body = bytearray()
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            data = stream.recv(_RECEIVE)
            if not data and not received:
                raise OSError("the connection was closed before an answer")
            received += data
            if len(received) > MAX_ANSWER:
                raise OSError(f"the answer has more than {MAX_ANSWER} bytes")
            http.receive_data(data)
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            fields = tuple(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items()
            )
            return Answer(head.status_code, fields, bytes(body), head.http_version.decode())
        elif isinstance(event, h11.ConnectionClosed):
            raise OSError("the connection was closed before an answer")


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "nothing came in time"
    if isinstance(error, h11.ProtocolError):
        return f"what came is not HTTP ({error})"
    return error.strerror or str(error) or type(error).__name__ if isinstance(error, OSError) else type(error).__name__
