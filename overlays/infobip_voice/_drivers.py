"""The two drivers: they carry out what a flow yields. All else is written once, in the flows."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from infobip_voice._exchange import Effect, Flow, Wait
from infobip_voice._messages import Outcome, Request
from infobip_voice.errors import ConfigurationError

if TYPE_CHECKING:
    import asyncio

__all__ = ["drive", "drive_async", "running_loop"]

T = TypeVar("T")


def drive(flow: Flow[T], send: Callable[[Request], Outcome], sleep: Callable[[float], object]) -> T:
    """Carry out a flow on this thread and return its result."""
    step: Callable[[Any], Effect] = flow.send
    received: Any = None
    try:
        while True:
            effect = step(received)
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
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        # An error that leaves through this frame must not be held by it: that would be a cycle,
        # which keeps all that the error refers to, such as an open spool, until the garbage
        # collector comes by.
        del received


async def drive_async(
    flow: Flow[T], send: Callable[[Request], Awaitable[Outcome]], sleep: Callable[[float], Awaitable[object]]
) -> T:
    """Carry out a flow on the event loop, its blocking calls on a thread, and return its result.

    Raises:
        ConfigurationError: no event loop of asyncio is running; the flow was not begun.
    """
    running_loop()
    step: Callable[[Any], Effect] = flow.send
    received: Any = None
    try:
        while True:
            effect = step(received)
            step = flow.send
            try:
                if isinstance(effect, Request):
                    received = await send(effect)
                elif isinstance(effect, Wait):
                    received = await sleep(effect.seconds)
                else:
                    received = await _finished(effect.function, effect.arguments)
            except BaseException as error:
                step, received = flow.throw, error
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    finally:
        del received  # as above


def running_loop() -> "asyncio.AbstractEventLoop":
    """Return the running event loop of asyncio.

    Raises:
        ConfigurationError: there is none, as under trio.
    """
    import asyncio  # a sixth of the import of httpx, and threads do not need it

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigurationError("this needs a running event loop of asyncio; there is none here") from None


async def _finished(function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    """Await a blocking call to its end, also when cancelled: it may be storing an answer."""
    import asyncio

    work = asyncio.ensure_future(asyncio.to_thread(function, *arguments))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise
    finally:
        del work  # it holds the error that it ended in
