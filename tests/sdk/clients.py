"""Both clients behind one asynchronous interface: a test is written once and runs with each."""

import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from infobip_voice import AsyncVoiceClient, Budget, VoiceClient

BOTH = ("sync", "async")


class Clock:
    """A clock that moves only when somebody sleeps on it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an answer, for an httpx transport that plays the server: its pieces, and then an
    error, if there is one.
    """

    def __init__(self, pieces: list[bytes], error: Exception | None = None) -> None:
        self._pieces = pieces
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces
        if self._error is not None:
            # A new one: that of this object would have this frame, and with it all who called.
            raise type(self._error)(*self._error.args)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def broken(body: bytes) -> Body:
    """Return a body that breaks off."""
    return Body([body], httpx.ReadError("reset"))


def settings(url: str, **more: Any) -> dict[str, Any]:
    clock = more.pop("clock", None) or Clock()
    return {
        "base_url": url, "username": "Aladdin", "password": "open sesame", "timeout": 60.0, "clock": clock,
        "random": lambda: 0.5, "budget": Budget(attempts=3), **more,
    }  # fmt: skip


@asynccontextmanager
async def client(kind: str, url: str, **more: Any) -> AsyncIterator[Any]:
    options = settings(url, **more)
    clock = options["clock"]
    if kind == "sync":
        with VoiceClient(sleep=clock.sleep, **options) as voice:
            yield voice
    else:
        async with AsyncVoiceClient(sleep=clock.sleep_async, **options) as voice:
            yield voice


async def settle(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


async def each(drain: Any) -> AsyncIterator[Any]:
    if hasattr(drain, "__aiter__"):
        async for item in drain:
            yield item
    else:
        for item in drain:
            yield item


async def close(drain: Any) -> None:
    await settle(drain.aclose() if hasattr(drain, "aclose") else drain.close())
