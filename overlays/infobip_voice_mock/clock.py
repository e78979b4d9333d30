"""The clock of an account: the machine's, or one that stands still until it is told to go on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

__all__ = ["Clock"]

Mode = Literal["real", "manual"]


class Clock:
    """Says what time it is for one account.

    Args:
        machine: The present moment of the machine, with an offset.
        mode: `real` follows the machine; `manual` stands still at the moment of its making.
    """

    def __init__(self, machine: Callable[[], datetime], mode: Mode) -> None:
        self._machine = machine
        self._standing: datetime | None = machine() if mode == "manual" else None

    @property
    def mode(self) -> Mode:
        """`real` or `manual`."""
        return "real" if self._standing is None else "manual"

    def now(self) -> datetime:
        """Return the present moment of the account."""
        return self._machine() if self._standing is None else self._standing

    def stand(self, moment: datetime | None = None) -> None:
        """Stand still, at `moment` or at the present one."""
        self._standing = moment or self.now()

    def follow(self) -> None:
        """Follow the machine."""
        self._standing = None

    def until(self, moment: datetime) -> timedelta:
        """Return how long the machine's clock has to run until `moment`; never less than nothing."""
        return max(moment - self._machine(), timedelta())
