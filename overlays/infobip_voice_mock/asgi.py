"""The mock's side of ASGI: reading a request, sending its answer, resetting its connection."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from infobip_voice_mock.answers import NOTHING, Answer
from infobip_voice_mock.request import Request

__all__ = [
    "MAX_BODY_BYTES",
    "MAX_BYTES_READ",
    "AsgiMessage",
    "Receive",
    "Scope",
    "Send",
    "abort",
    "read_request",
    "send_answer",
    "serve_lifespan",
]

MAX_BODY_BYTES = 4 * 1024 * 1024
"""A request with a larger body is answered with 413 (assumption)."""

# A client that is cut off while it is still sending may never read its 413, so the rest of a body
# that is too large is read and dropped, up to here.
MAX_BYTES_READ = 16 * MAX_BODY_BYTES

Scope = MutableMapping[str, Any]
AsgiMessage = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[AsgiMessage]]
Send = Callable[[AsgiMessage], Awaitable[None]]


async def read_request(scope: Scope, receive: Receive) -> tuple[Request, bool]:
    """Read a whole request; a body that comes in parts is cut off one byte above `MAX_BODY_BYTES`.

    The state of an account, which may be large, is read further.

    Returns:
        The request, and whether the client has sent everything and not left before.
    """
    message = await receive()
    body = message.get("body", b"")
    if message.get("more_body", False):
        state = scope["path"].startswith("/_mock/tenants/") and scope["path"].endswith("/state")
        body, message = await _read_on(bytearray(body), receive, MAX_BYTES_READ if state else MAX_BODY_BYTES)
    return Request(scope, body), message["type"] != "http.disconnect"


async def send_answer(scope: Scope, send: Send, answer: Answer) -> None:
    """Send an answer, or the part of it that is sent before its connection is reset."""
    if answer is NOTHING:
        return await _reset(scope)
    length = (b"content-length", str(len(answer.body)).encode())
    await send({"type": "http.response.start", "status": answer.status, "headers": [*answer.headers, length]})
    if answer.cut_at is not None:
        await send({"type": "http.response.body", "body": answer.body[: answer.cut_at], "more_body": True})
        return await _reset(scope)
    await send({"type": "http.response.body", "body": answer.body})
    return None


async def serve_lifespan(receive: Receive, send: Send, start: Callable[[], None], stop: Callable[[], None]) -> None:
    """Serve a lifespan scope; what `start` and `stop` raise is told to the server."""
    for act in (start, stop):
        message = await receive()
        try:
            act()
        except Exception as error:
            await send({"type": f"{message['type']}.failed", "message": str(error)})
            return
        await send({"type": f"{message['type']}.complete"})


async def _read_on(kept: bytearray, receive: Receive, most: int) -> tuple[bytes, AsgiMessage]:
    """Return the first `most` bytes of the body and one more, and the last message about it."""
    seen = len(kept)
    del kept[most + 1 :]
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        seen += len(chunk)
        kept += chunk[: most + 1 - len(kept)]
        if not message.get("more_body", False) or seen > MAX_BYTES_READ:
            return bytes(kept), message


def _transport(scope: Scope) -> asyncio.Transport | None:
    """Return the connection; None if the server, unlike the one in `server`, does not tell it."""
    transport: asyncio.Transport | None = scope.get("state", {}).get("transport")
    return transport


async def _reset(scope: Scope) -> None:
    """Reset the connection; raise an error for the server if it does not tell which it is."""
    transport = _transport(scope)
    if transport is None:
        raise ConnectionResetError("a fault that was asked for: the connection is reset")
    abort(transport)
    # The server learns of it in the next turn of the event loop, and then waits for no answer.
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def abort(transport: asyncio.Transport) -> None:
    """Reset a connection: to the other side it does not end, it breaks."""
    # With a linger time of zero, closing sends a reset instead of an orderly end.
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
