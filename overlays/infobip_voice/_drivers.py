"""The two drivers: they carry out what a flow yields. All else is written once, in the flows."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from infobip_voice._exchange import Effect, Flow, Wait
from infobip_voice._messages import Outcome, Request

__all__ = ["drive", "drive_async"]

T = TypeVar("T")


def drive(flow: Flow[T], send: Callable[[Request], Outcome], sleep: Callable[[float], object]) -> T:
    """Carry out a flow on this thread and return its result."""
    step: Callable[[Any], Effect] = flow.send
    received: Any = None
    while True:
        try:
            effect = step(received)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]
        step = flow.send
        try:
            if isinstance(effect, Request):
                received = send(effect)
            elif isinstance(effect, Wait):
                received = sleep(effect.seconds)
            else:
                received = effect.function(*effect.arguments)
        except BaseException as error:
            step, received = flow.throw, error


async def drive_async(
    flow: Flow[T], send: Callable[[Request], Awaitable[Outcome]], sleep: Callable[[float], Awaitable[object]]
) -> T:
    """Carry out a flow on the event loop, its blocking calls on a thread, and return its result."""
    step: Callable[[Any], Effect] = flow.send
    received: Any = None
    while True:
        try:
            effect = step(received)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]
        step = flow.send
        try:
            if isinstance(effect, Request):
                received = await send(effect)
            elif isinstance(effect, Wait):
                received = await sleep(effect.seconds)
            else:
                received = await _finished(asyncio.ensure_future(asyncio.to_thread(effect.function, *effect.arguments)))
        except BaseException as error:
            step, received = flow.throw, error


async def _finished(work: "asyncio.Future[Any]") -> Any:
    """Await a blocking call to its end even when cancelled: it may be storing the only copy of an answer."""
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise
