"""A server on a real socket that processes a request and then loses the answer as it is told."""

import gzip
import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from infobip_voice_wire import xml

REASONS = {200: "OK", 503: "Service Unavailable", 520: "Unknown"}
HTML = b"<!DOCTYPE html><html><body><h1>Welcome to the proxy</h1></body></html>"
PADDING = 10_000
GARBAGE = b'\x00\xff{"results": "mess'


class Seen(NamedTuple):
    """A request as the server read it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


def report(name: str, **members: Any) -> dict[str, Any]:
    return {
        "bulkId": "bulk",
        "messageId": name,
        "to": "385981178",
        "sentAt": "2015-02-12T09:58:20.323+0100",
        "doneAt": "2015-02-12T09:58:20.337+0100",
        "duration": 10,
        "price": {"pricePerSecond": 0.01, "currency": "EUR"},
        "status": {"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET", "description": "d"},
        "error": {
            "groupId": 0,
            "groupName": "OK",
            "id": 5000,
            "name": "VOICE_ANSWERED",
            "description": "d",
            "permanent": True,
        },
        **members,
    }


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


class LossyServer:
    """Process every request, and answer it as the next entry of `script` says.

    An entry is `drop` (reset), `cut` (200 bytes missing), `hang` (silence), `garbage`, `html`, a
    status, or the raw bytes of a whole answer; or `drip` (the last 200 bytes come one by one),
    `drip-head` and `continue` (a head, or interim answers, without end), `large` (`PADDING` spaces
    follow the document), `more` (what is in `more` follows the answer) or `members` (gzip in many
    members). Once `script` is empty, the server answers normally.
    """

    def __init__(self, reports: int = 0, certificate: Path | None = None) -> None:
        self.script: deque[str | int | bytes] = deque()
        self.seen: list[Seen] = []
        self.arrived = threading.Event()
        self.endless = False  # whether the answer to the latest request goes on for ever
        self.connections = 0
        self.more = b""
        self.waiting = deque(f"report-{number}" for number in range(reports))
        self.handed_out: list[list[str]] = []
        self.launched: list[str] = []
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}"
        self._context = certificate and server_context(certificate)
        self.open_connections: set[socket.socket] = set()
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def close(self) -> None:
        self._stopped.set()
        # Closing a listener does not wake up its accept(), but a connection does.
        with socket.create_connection(("127.0.0.1", self.port)):
            pass
        self._accepting.join()  # from here on a connection is refused, and not reset
        for connection in list(self.open_connections):
            connection.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._stopped.is_set():
                connection.close()
                self._listener.close()
                return
            self.connections += 1
            self.open_connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        if self._context is not None:
            self.open_connections.discard(connection)
            try:
                connection = self._context.wrap_socket(connection, server_side=True)
            except OSError:  # the client does not trust it
                connection.close()
                return
            self.open_connections.add(connection)
        stream = connection.makefile("rb")
        try:
            while (request := self._read(stream)) is not None:
                self.endless = False
                self.seen.append(request)
                answer = self._process(request)
                self.arrived.set()
                if not self._answer(connection, request, answer):
                    break
        except OSError:
            pass  # the client went away, or the test is over
        finally:
            stream.close()
            connection.close()
            self.open_connections.discard(connection)

    @staticmethod
    def _read(stream: Any) -> Seen | None:
        first = stream.readline().split()
        if len(first) != 3:
            return None
        headers: dict[str, str] = {}
        while (line := stream.readline().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", "0")))
        return Seen(first[0].decode(), first[1].decode(), headers, body)

    def _process(self, request: Seen) -> tuple[Any, str]:
        if request.method == "POST":
            is_xml = request.headers["content-type"] == "application/xml"
            ivr = "ivr" in request.target
            schema = "IvrLaunchRequest" if ivr else "ClickToCallLaunchRequest"
            value = xml.decode(request.body, schema) if is_xml else json.loads(request.body)
            names = [
                (call["messageId"], call.get("to") or call["destinationA"])
                for message in value["messages"]
                for call in message.get("destinations", [message])
            ]
            known = set(self.launched)
            self.launched += [name for name, _ in names if name not in known]
            entries = [entry(name, to, duplicate=name in known) for name, to in names]
            return {"bulkId": value["bulkId"], "messages": entries}, "VoiceResponse"
        query = parse_qs(urlsplit(request.target).query)
        if "messageId" in query:
            page = [name for name in query["messageId"] if name in self.waiting]
            self.waiting = deque(name for name in self.waiting if name not in page)
        else:
            page = [self.waiting.popleft() for _ in range(min(int(query["limit"][0]), len(self.waiting)))]
        self.handed_out.append(page)
        bulk_id = query.get("bulkId", ["bulk"])[0]
        return {"results": [report(name, bulkId=bulk_id) for name in page]}, "VoiceReportResponse"

    def _answer(self, connection: socket.socket, request: Seen, answer: tuple[Any, str]) -> bool:
        step = self.script.popleft() if self.script else "ok"
        if isinstance(step, bytes):
            connection.sendall(step)
            return False
        media_type = request.headers["accept"]
        body = xml.encode(*answer) if media_type == "application/xml" else json.dumps(answer[0]).encode()
        if step == "drop":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if step == "hang":
            self._stopped.wait(10)
            return False
        if step in ("drip-head", "continue"):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: " if step == "drip-head" else b"")
            return self._drip(connection, repeat(b"-" if step == "drip-head" else b"HTTP/1.1 100 Continue\r\n\r\n"))
        if step == "members":
            packed = b"".join(gzip.compress(body[start : start + 100]) for start in range(0, len(body), 100))
            connection.sendall(head(200, media_type, len(packed), "Content-Encoding: gzip") + packed)
            return True
        status = step if isinstance(step, int) else 200
        if isinstance(step, int):
            body = b"upstream says no"
            media_type = "text/plain"
        elif step in ("garbage", "html"):
            body = GARBAGE if step == "garbage" else HTML
            media_type = media_type if step == "garbage" else "text/html"
        elif step == "large":
            body += b" " * PADDING
        broken = step in ("cut", "drip")
        after = self.more if step == "more" else b""
        connection.sendall(head(status, media_type, len(body)) + (body[:-200] if broken else body) + after)
        if step == "drip":
            return self._drip(connection, (body[position : position + 1] for position in range(-200, 0)))
        return not broken

    def _drip(self, connection: socket.socket, pieces: Iterable[bytes]) -> bool:
        """Send piece by piece, each well within a client's timeout, until the client goes away."""
        self.endless = True
        for piece in pieces:
            connection.sendall(piece)
            if self._stopped.wait(0.02):
                break
        return False


def head(status: int, media_type: str, length: int, *more: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status} {REASONS.get(status, 'Other')}",
        f"Content-Type: {media_type}",
        f"Content-Length: {length}",
    ]
    return "\r\n".join([*lines, *more, "", ""]).encode()


def answer(body: bytes, media_type: str = "application/json", status: int = 200, *more: str) -> bytes:
    return head(status, media_type, len(body), "Connection: close", *more) + body


def entry(name: str, to: str, *, duplicate: bool = False) -> dict[str, Any]:
    group, code = (
        (("REJECTED", 23), "REJECTED_DUPLICATE_MESSAGE_ID") if duplicate else (("PENDING", 26), "PENDING_ACCEPTED")
    )
    status = {"groupId": 5 if duplicate else 1, "groupName": group[0], "id": group[1], "name": code, "description": "d"}
    return {"to": to, "status": status, "messageId": name}


@contextmanager
def lossy_server(reports: int = 0, certificate: Path | None = None) -> Iterator[LossyServer]:
    server = LossyServer(reports, certificate)
    try:
        yield server
    finally:
        server.close()
