"""A server whose answers differ on the wire alone: versions, connections, codings."""

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infobip_voice_contract.asgi import AsgiTransport
from infobip_voice_contract.credentials import Credentials
from infobip_voice_contract.exchange import Answer, Request

WAYS = ("HTTP/1.0", "Connection: close", "chunks", "gzip in chunks", "100 first", "lower case")


class WireServer:
    """Serves an application over sockets in one of `WAYS`."""

    def __init__(self, app: Any, way: str) -> None:
        transport = AsgiTransport(app, Credentials())

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0" if way == "HTTP/1.0" else "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = tuple(
                    (name, value) for name, value in self.headers.items() if name.lower() != "content-length"
                )
                sent = transport.send(Request(self.command, self.path, headers, body))
                assert sent.answer is not None, sent.failure
                self.wfile.write(written(sent.answer, way, head=self.command == "HEAD"))
                self.close_connection = way in ("HTTP/1.0", "Connection: close")

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._transport = transport
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "WireServer":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._transport.close()


def written(answer: Answer, way: str, *, head: bool) -> bytes:
    """Return the bytes of an answer."""
    headers = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
    body = answer.body
    if way == "gzip in chunks":
        headers.append(("Content-Encoding", "gzip"))
        body = gzip.compress(body)
    if way in ("chunks", "gzip in chunks"):
        headers.append(("Transfer-Encoding", "chunked"))
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces(body)) + b"0\r\n\r\n"
    elif way != "HTTP/1.0":
        headers.append(("Content-Length", str(len(body))))
    if way == "Connection: close":
        headers.append(("Connection", "close"))
    if way == "lower case":
        headers = [(name.lower(), value) for name, value in headers]
    version = "HTTP/1.0" if way == "HTTP/1.0" else "HTTP/1.1"
    lines = [f"{version} {answer.status} ", *(f"{name}: {value}" for name, value in headers)]
    interim = b"HTTP/1.1 100 Continue\r\n\r\n" if way == "100 first" else b""
    return interim + "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (b"" if head else body)


def pieces(body: bytes) -> list[bytes]:
    return [body[start : start + 100] for start in range(0, len(body), 100)]
