"""How much the mock keeps: what has been handed out goes first, and what waits never goes."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from infobip_voice_mock.answers import Refusal

if TYPE_CHECKING:
    from infobip_voice_mock.store import Message

__all__ = ["MESSAGE_BYTES", "Capacity", "Limits", "full"]

MESSAGE_BYTES: Final = 1_500
"""About what a message takes beside what its launch carried: 1,000 measured, the rest its push."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a mock.

    Attributes:
        messages: How many messages an account keeps.
        megabytes: About how much memory the messages of all accounts take together.
        accounts: How many accounts there are.
    """

    messages: int = 100_000
    megabytes: int = 500
    accounts: int = 10_000


class Capacity:
    """The memory that the messages of all accounts share.

    A message is *done* when nobody waits for it any more: its report was handed out or pushed. When
    memory is short, the message that has been done for longest is forgotten, whose ever it is.

    Args:
        limits: The limits of the mock.

    Attributes:
        limits: As given.
        bytes: About how many bytes all messages take, with those that are about to be kept.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.bytes = 0
        self._done: OrderedDict[Message, Callable[[Message], None]] = OrderedDict()
        self._done_bytes = 0

    def reserve(self, size: int) -> None:
        """Take `size` bytes more, and forget done messages until there is room for them.

        Raises:
            Refusal: 429, or 413 if there never is so much room; nothing was forgotten.
        """
        most = self.limits.megabytes * 1_000_000
        if size > most:
            text = f"this needs {size / 1e6:.0f} MB; the mock keeps {self.limits.megabytes} (--max-megabytes)"
            raise Refusal.of(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
        if self.bytes - self._done_bytes + size > most:
            text = (
                f"the messages of all accounts take {self.limits.megabytes} MB at most (--max-megabytes), and those "
                "that wait leave too little room: fetch reports, or reset accounts"
            )
            raise full(text)
        while self.bytes + size > most:
            message, forget = next(iter(self._done.items()))
            forget(message)
        self.bytes += size

    def release(self, size: int) -> None:
        """Give back `size` bytes that were reserved."""
        self.bytes -= size

    def do(self, message: "Message", forget: Callable[["Message"], None]) -> None:
        """Note that a message is done, and who forgets it when memory is short."""
        if message not in self._done:
            self._done[message] = forget
            self._done_bytes += message.size

    def undo(self, message: "Message") -> None:
        """Note that a message is not done, or not kept, any more."""
        if self._done.pop(message, None) is not None:
            self._done_bytes -= message.size


def full(text: str) -> Refusal:
    """Return the refusal of what would fit if something were fetched first."""
    return Refusal.of(HTTPStatus.TOO_MANY_REQUESTS, text, retry_after="1")
