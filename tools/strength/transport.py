"""Carries requests to an application on whatever thread asks: no thread waits for another."""

import asyncio
import threading
import time
from typing import Any, Final

from infobip_voice_contract.asgi import AsgiTransport, Lifespan
from infobip_voice_contract.credentials import Credentials
from infobip_voice_contract.exchange import Request, Sent

__all__ = ["DirectTransport"]

SECONDS_TO_GATHER: Final = 0.02


class DirectTransport(AsgiTransport):
    """Runs the event loop of an application in the thread that sends, and only meanwhile.

    The kit sends nearly all of its requests one by one. Handing each to another thread and back
    costs a third of a run, and much more where others use the machine.
    """

    def __init__(self, app: Any, credentials: Credentials) -> None:
        self._app = app
        self._credentials = credentials
        self._loop = asyncio.new_event_loop()
        self._lifespan = Lifespan(app)
        self._running = threading.Lock()
        self._owner = threading.get_ident()

    def send(self, request: Request) -> Sent:
        """Send a request once, and return what came back."""
        try:
            if threading.get_ident() == self._owner:
                return Sent(self._loop.run_until_complete(self._call(request)))
            return self._together(request)
        except Exception as error:
            return Sent(None, f"no whole answer: the application raised {type(error).__name__}")

    def close(self) -> None:
        """Let go of the event loop."""
        self._loop.close()

    def _together(self, request: Request) -> Sent:
        """Send what several threads send at once: nothing runs before all of it is there."""
        future = asyncio.run_coroutine_threadsafe(self._call(request), self._loop)
        time.sleep(SECONDS_TO_GATHER)
        while not future.done():
            if self._running.acquire(timeout=0.001):
                try:
                    self._loop.run_until_complete(asyncio.wrap_future(future, loop=self._loop))
                finally:
                    self._running.release()
        return Sent(future.result())
