"""An ASGI application as the server: no sockets, the same exchanges."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from infobip_voice_contract.credentials import Credentials
from infobip_voice_contract.exchange import Answer, Request, Sent

__all__ = ["AsgiTransport", "Lifespan"]

Application = Callable[[Any, Any, Any], Awaitable[None]]


class AsgiTransport:
    """Calls an application on an event loop of its own, in a thread, so that its timers run.

    Args:
        app: The application.
        credentials: Fills in the secrets.
        timeout: The longest wait for an answer, in seconds.
        lifespan: Whether it is told to start and to stop, as a server tells it.

    Raises:
        ValueError: the application says that it cannot start.
    """

    def __init__(
        self, app: Application, credentials: Credentials, *, timeout: float = 30.0, lifespan: bool = False
    ) -> None:
        self._app = app
        self._credentials = credentials
        self._timeout = timeout
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._lifespan = Lifespan(app)
        late = f"nothing came within {timeout:g} s"
        problem = self._on_loop(self._lifespan.start(), late) if lifespan else ""
        if problem:
            self.close()
            raise ValueError(f"the application does not start: {problem}")

    def send(self, request: Request) -> Sent:
        """Send a request once, and return what came back."""
        future = asyncio.run_coroutine_threadsafe(self._call(request), self._loop)
        try:
            answer = future.result(self._timeout)
        except TimeoutError:
            future.cancel()
            return Sent(None, "no whole answer: nothing came in time")
        except Exception as error:  # whatever the application raises, its server would answer or reset
            return Sent(None, f"no whole answer: the application raised {type(error).__name__}")
        return Sent(answer)

    def close(self) -> None:
        """Stop the application and the event loop."""
        self._on_loop(self._lifespan.stop(), "")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _on_loop(self, coroutine: Coroutine[Any, Any, str], late: str) -> str:
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result(self._timeout)
        except TimeoutError:
            future.cancel()
            return late

    async def _call(self, request: Request) -> Answer:
        headers = [("host", "127.0.0.1"), *self._credentials.fill(request.headers)]
        if request.body or request.method in ("POST", "PUT", "PATCH"):
            headers.append(("content-length", str(len(request.body))))
        path, _, query = request.target.partition("?")
        from urllib.parse import unquote

        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
            "client": ("127.0.0.1", 40000),
            "server": ("127.0.0.1", 80),
            "state": dict(self._lifespan.state),
        }
        incoming = [{"type": "http.request", "body": request.body, "more_body": False}]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return incoming.pop(0) if incoming else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        try:
            await self._app(scope, receive, send)
        except ConnectionError:
            raise  # the application resets the connection, in the only way that it has here
        except Exception:
            # Some frameworks answer and raise all the same; for the others a server answers.
            if not sent:
                return Answer(500)
        start = next(message for message in sent if message["type"] == "http.response.start")
        fields = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start.get("headers", ()))
        body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
        mask = self._credentials.mask
        return Answer(
            start["status"],
            tuple((name, mask(value.encode("latin-1")).decode("latin-1")) for name, value in fields),
            b"" if request.method == "HEAD" else mask(body),
        )


class Lifespan:
    """Tells an application to start and to stop; many have none, and fail when they are asked."""

    def __init__(self, app: Application) -> None:
        self.state: dict[str, Any] = {}
        self._app = app
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Start the application; return why it cannot, empty if it can."""
        self._task = asyncio.create_task(self._run())
        told = await self._ask("startup")
        return str(told.get("message") or "no reason given") if told["type"].endswith(".failed") else ""

    async def stop(self) -> str:
        """Stop the application; return nothing that matters any more."""
        if self._task is not None and not self._task.done():
            await self._ask("shutdown")
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        return ""

    async def _ask(self, what: str) -> dict[str, Any]:
        await self._incoming.put({"type": f"lifespan.{what}"})
        return await self._outgoing.get()

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        # An application without one may raise, or return: either way nobody has to be waited for.
        with suppress(Exception):
            await self._app(scope, self._incoming.get, self._outgoing.put)
        await self._outgoing.put({"type": "ended"})
