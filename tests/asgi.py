"""Call an ASGI application without a server, so that a test decides every byte of a request."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

BASIC = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="  # the documentation's own: Aladdin, open sesame


@dataclass(frozen=True)
class Response:
    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        assert len({name for name, _ in self.fields}) == len(self.fields), "a header field came twice"
        return dict(self.fields)

    @property
    def json(self) -> Any:
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)


def request(*arguments: Any, **named: Any) -> Response:
    """Send one request as `exchange` does, on an event loop made for it."""
    return asyncio.run(exchange(*arguments, **named))


async def exchange(
    app: Any,
    method: str,
    target: str,
    body: bytes | str | Any = b"",
    headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
    client: str = "127.0.0.1",
) -> Response:
    """Send one request from `client`. `body` is bytes, text or a JSON value; no header is added."""
    if not isinstance(body, bytes | str):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode()
    pairs = list((headers or {}).items()) if not isinstance(headers, list) else headers
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
        "client": (client, 40000),
        "server": ("127.0.0.1", 8080),
    }
    sent: list[dict[str, Any]] = []
    incoming = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    fields = tuple((name.decode(), value.decode("latin-1")) for name, value in start["headers"])
    return Response(start["status"], fields, b"".join(message.get("body", b"") for message in sent[1:]))
