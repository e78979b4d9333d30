"""The clock of an account: the machine's, or a manual one, which stands still until it is moved."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

__all__ = ["Clock", "ClockMode"]

ClockMode = Literal["real", "manual"]


class Clock:
    """Says what time it is for one account.

    Args:
        machine_now: Returns the present moment of the machine, with an offset.
        mode: `real` follows the machine; `manual` stands still at the moment of its making.

    Attributes:
        touched: Whether anybody has set or moved it.
    """

    def __init__(self, machine_now: Callable[[], datetime], mode: ClockMode) -> None:
        self._machine_now = machine_now
        self._manual_now: datetime | None = machine_now() if mode == "manual" else None
        self.touched = False

    @property
    def mode(self) -> ClockMode:
        """`real` or `manual`."""
        return "real" if self._manual_now is None else "manual"

    def now(self) -> datetime:
        """Return the present moment of the account."""
        return self._machine_now() if self._manual_now is None else self._manual_now

    def local(self, moment: datetime) -> datetime:
        """Return `moment` in the zone of this clock, so that everything shown is in one zone."""
        return moment.astimezone(self.now().tzinfo)

    def set_manual(self, now: datetime | None = None) -> None:
        """Let the clock stand still at `now`, by default at the present moment."""
        self._manual_now = now or self.now()
        self.touched = True

    def set_real(self) -> None:
        """Let the clock follow the machine."""
        self._manual_now = None
        self.touched = True

    def machine_time_until(self, moment: datetime) -> timedelta:
        """Return how long the machine has to run until `moment`; zero if that has passed."""
        return max(moment - self._machine_now(), timedelta())
