"""What the tenants of all accounts have in common."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from infobip_voice_mock.capacity import Capacity, Limits
from infobip_voice_mock.clock import ClockMode
from infobip_voice_mock.editions import EDITIONS, Edition
from infobip_voice_mock.lanes import new_slots
from infobip_voice_mock.pushes import Poster
from infobip_voice_mock.request_log import Journal
from infobip_voice_mock.store import MemoryStore, Message, Store

__all__ = ["SharedSettings", "nothing"]


async def nothing() -> None:
    """Do nothing: what most posters need before the first push."""


@dataclass(frozen=True, slots=True)
class SharedSettings:
    """What all tenants of a mock have in common.

    Attributes:
        machine_now: Returns the present moment of the machine, with an offset.
        clock_mode: The mode in which the clock of a new tenant begins.
        base_url: Where recordings are to be had.
        push_hosts: Hosts, besides this machine, that reports may be pushed to.
        poster: Sends one push.
        new_store: Makes the store of a new tenant, which gets the memory that all share, and whom
            to tell of each message that it forgets.
        capacity: The memory that the messages of all tenants share.
        journal: Bounds what is kept of the requests of all tenants.
        edition: The edition that a new tenant begins with.
        prepare_pushes: Is done before the first push.
        push_slots: One for each push attempt that may be under way.
    """

    machine_now: Callable[[], datetime]
    clock_mode: ClockMode
    base_url: str
    push_hosts: Collection[str]
    poster: Poster
    new_store: Callable[[Capacity, Callable[[Message], None]], Store] = MemoryStore
    capacity: Capacity = field(default_factory=lambda: Capacity(Limits()))
    journal: Journal = field(default_factory=Journal)
    edition: Edition = EDITIONS["seeds"]
    prepare_pushes: Callable[[], Awaitable[None]] = nothing
    push_slots: asyncio.Semaphore = field(default_factory=new_slots)
