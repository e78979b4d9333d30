"""Turns for others: no request holds the event loop for long, however large it is."""

import asyncio
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

__all__ = ["ITEMS_IN_A_TURN", "LARGE_BYTES", "apart"]

_Value = TypeVar("_Value")
_Arguments = TypeVarTuple("_Arguments")

LARGE_BYTES = 64 * 1024
"""Reading a body that is larger takes milliseconds."""

ITEMS_IN_A_TURN = 250
"""After so many calls of a launch, others have their turn."""


async def apart(large: bool, work: Callable[[*_Arguments], _Value], *arguments: *_Arguments) -> _Value:
    """Do work that may take long: on a thread if it is `large`, and else at once.

    The work must not touch what an account keeps.
    """
    return await asyncio.to_thread(work, *arguments) if large else work(*arguments)
