"""Serve the portal and a mock at one address: `make preview`.

The pages of the operations send requests to that mock. From another address the browser would
refuse them: the mock allows no foreign origin, because any web page could then consume its reports.
"""

import mimetypes
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from infobip_voice_mock import create_app
from infobip_voice_mock.server import Server, listen

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Preview:
    """Serves the files of a folder and passes every other request to the mock.

    Args:
        site: The folder.
        mock: The mock, as an ASGI application.
    """

    def __init__(self, site: Path, mock: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        self._files = {f"/{path.relative_to(site).as_posix()}": path for path in site.rglob("*") if path.is_file()}
        self._files["/"] = site / "index.html"
        self._mock = mock

    def __getattr__(self, name: str) -> Any:
        """Return what the server asks of the mock besides answering: to start, to stop, to save."""
        return getattr(self._mock, name)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        path = (
            self._files.get(scope["path"]) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        )
        if path is None:
            return await self._mock(scope, receive, send)
        body = path.read_bytes()
        kind = (mimetypes.guess_type(path.name)[0] or "text/plain") + "; charset=utf-8"
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body if scope["method"] == "GET" else b""})
        return None


if __name__ == "__main__":
    site, port = Path(sys.argv[1]).resolve(), int(sys.argv[2])
    app: Any = Preview(site, create_app(open_tenants=True))
    Server(app, listen("127.0.0.1", port)).serve_until_stopped()
