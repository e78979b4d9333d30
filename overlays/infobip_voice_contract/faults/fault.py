"""A fault: something that a server does wrong on purpose, as data, with a witness that shows it."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Final

from infobip_voice_contract.contract import EDITIONS, Edition
from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.witness import Witness
from infobip_voice_contract.rules.rule import Group

__all__ = ["ONLY_2026", "ONLY_SEEDS", "Deviation", "Fault", "Make", "Send", "Variant", "Wrapper", "is_push"]

ONLY_SEEDS: Final[tuple[Edition, ...]] = ("seeds",)
ONLY_2026: Final[tuple[Edition, ...]] = ("2026",)

Send = Callable[[Request], Awaitable[Answer]]
"""Asks the server behind a wrapper, as often as the wrapper likes."""

Wrapper = Callable[[Request, Send], Awaitable[Answer]]
"""Answers a request in the place of the server behind it.

A push comes through it too: its target is the whole URL, and `send` takes it to the receiver.
"""

Make = Callable[[], Wrapper]
"""Makes a wrapper for one server; what that has to remember begins empty, in the closure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """Something that a server does otherwise than the mock.

    Attributes:
        id: Its name.
        sentence: What the server does, in one sentence.
        source: The sources that it goes against, or for a variant those that allow it, by their
            provenance ids.
        make: Makes the wrapper that does it to any server.
        witness: Shows that it is there.
        editions: The editions in which it means something.
    """

    id: str
    sentence: str
    source: tuple[str, ...]
    make: Make
    witness: Witness
    editions: Collection[Edition] = EDITIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Deviation):
    """Something that a server does wrong.

    Attributes:
        group: What it is about, in the words of the rules' groups.
        advice: What a client should do about it.
        rule: The rule of the kit that should wake; empty if whoever wrote it did not look.
        unobservable: Why no kit can see it from outside; empty if one can.
    """

    group: Group
    advice: str
    rule: str = ""
    unobservable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant(Deviation):
    """Something that a server does otherwise and has the right to."""


_SCHEMES: Final = ("http://", "https://")


def is_push(request: Request) -> bool:
    """Return whether a request is a push on its way out, and not one to the server."""
    return request.target.startswith(_SCHEMES)
