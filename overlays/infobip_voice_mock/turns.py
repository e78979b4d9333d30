"""Turns for others: no request holds the event loop for long, however large it is."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

__all__ = ["ITEMS_IN_A_TURN", "LARGE_BYTES", "apart", "turns"]

_Value = TypeVar("_Value")

LARGE_BYTES = 64 * 1024
"""Reading a body that is larger takes milliseconds."""

ITEMS_IN_A_TURN = 250


async def apart(large: bool, work: Callable[[], _Value]) -> _Value:
    """Do work that may take long: on a thread if it is `large`, and else at once.

    The work must not touch what an account keeps.
    """
    return await asyncio.to_thread(work) if large else work()


def turns(items: Iterable[_Value]) -> Iterator[list[_Value]]:
    """Return the items in parts: between them, `asyncio.sleep(0)` lets others have their turn."""
    rest = iter(items)
    while some := list(islice(rest, ITEMS_IN_A_TURN)):
        yield some
