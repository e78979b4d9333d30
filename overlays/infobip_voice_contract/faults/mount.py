"""Mounts faults on a server: around an ASGI application, and around what sends its pushes."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from functools import partial
from typing import Any, Final, Protocol
from urllib.parse import quote, unquote

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.fault import Deviation, Send, Wrapper

__all__ = ["Application", "Mount", "Poster"]

Application = Callable[[Any, Any, Any], Awaitable[None]]

_CONTROL: Final = "/_mock"
"""What tests ask of the mock is no part of the API: no fault touches it."""


class Poster(Protocol):
    """Sends one push."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Return the status of the answer. Raises OSError without one."""
        ...


class Mount:
    """Faults that a server has, each with its memory; the first one is the outermost.

    Args:
        deviations: The faults.
    """

    def __init__(self, deviations: Iterable[Deviation]) -> None:
        self._wrappers: list[Wrapper] = [deviation.make() for deviation in deviations]

    def application(self, app: Application) -> "_Mounted":
        """Return an application with the faults."""
        return _Mounted(app, self)

    def poster(self, poster: Poster) -> Poster:
        """Return what sends pushes, with the faults."""
        return _Posting(poster, self)

    async def answer(self, request: Request, send: Send) -> Answer:
        """Return the answer of the server with all of its faults."""
        for wrapper in reversed(self._wrappers):
            send = partial(_through, wrapper, send)
        return await send(request)


async def _through(wrapper: Wrapper, send: Send, request: Request) -> Answer:
    return await wrapper(request, send)


class _Mounted:
    """An application with faults. What a server asks of it besides is the application's own."""

    def __init__(self, app: Application, mount: Mount) -> None:
        self._app = app
        self._mount = mount

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one ASGI scope."""
        if scope["type"] != "http" or scope["path"].startswith(_CONTROL):
            return await self._app(scope, receive, send)
        body = await _body(receive)
        if body is None:
            return None
        answer = await self._mount.answer(_request(scope, body), partial(_called, self._app, scope))
        if answer.status == 0:
            return await _reset(scope)
        sized = not any(name.lower() == "content-length" for name, _ in answer.headers)
        length = [(b"content-length", str(len(answer.body)).encode())] if sized else []
        fields = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": [*fields, *length]})
        await send({"type": "http.response.body", "body": answer.body})
        return None


async def _reset(scope: Any) -> None:
    """Give no answer: reset the connection, or tell a server that does not say which it is."""
    transport = scope.get("state", {}).get("transport")
    if transport is None:
        raise ConnectionResetError("a fault that was asked for: there is no answer")
    transport.abort()


async def _body(receive: Any) -> bytes | None:
    """Return the body of a request; None if the client left before it had sent everything."""
    pieces: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)


def _request(scope: Any, body: bytes) -> Request:
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    text = scope.get("query_string", b"").decode("latin-1")
    fields = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    fields = tuple(field for field in fields if field[0] != "content-length")
    target = path.decode("latin-1") + (f"?{text}" if text else "")
    return Request(scope["method"], target, fields, body)


async def _called(app: Application, scope: Any, request: Request) -> Answer:
    """Ask the application, as its server would."""
    path, _, text = request.target.partition("?")
    fields = [(name.lower().encode(), value.encode("latin-1")) for name, value in request.headers]
    fields += [(b"content-length", str(len(request.body)).encode())]
    inner: MutableMapping[str, Any] = {
        **scope, "method": request.method, "path": unquote(path), "raw_path": path.encode("latin-1"),
        "query_string": text.encode("latin-1"), "headers": fields,
    }  # fmt: skip
    incoming = [{"type": "http.request", "body": request.body, "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(inner, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
    headers = tuple(field for field in headers if field[0].lower() != "content-length")
    pieces = (message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Answer(start["status"], headers, b"".join(pieces))


class _Posting:
    """Sends pushes with faults."""

    def __init__(self, poster: Poster, mount: Mount) -> None:
        self._poster = poster
        self._mount = mount

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Return the status of the answer. Raises OSError without one."""
        answer = await self._mount.answer(Request("POST", url, tuple(headers.items()), body), self._post)
        return answer.status

    async def _post(self, push: Request) -> Answer:
        return Answer(await self._poster.post(push.target, dict(push.headers), push.body))
