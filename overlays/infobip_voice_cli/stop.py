"""The wish to stop a command, by Ctrl-C or a signal: after what is under way, then at once."""

import signal
import threading
import time
from types import FrameType
from typing import Any, Final, Self

from infobip_voice_cli.terminal import say

__all__ = ["GLANCE", "Stop", "Stopped"]

GLANCE: Final = 0.2  # seconds between two looks at whether to stop


class Stopped(KeyboardInterrupt):
    """Leave at once, although requests are under way: the user has asked twice."""


class Stop:
    """Whether a run is to end: nothing new begins then, and the answers under way are still noted.

    The first Ctrl-C or SIGTERM is a wish to stop; the second raises `Stopped`.

    Attributes:
        signal: the signal that asked for it.
        trouble: the exit code of what broke the run off, or 0.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self.trouble = 0
        self._before: dict[int, Any] = {}

    @property
    def is_wanted(self) -> bool:
        """Return whether nothing new may begin."""
        return self.signal is not None or self.trouble != 0

    def sleep(self, seconds: float) -> None:
        """Wait on this thread, at which there is nothing to finish.

        Raises:
            KeyboardInterrupt: the run is to end.
        """
        ends = time.monotonic() + seconds
        while not self.is_wanted:
            left = ends - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, GLANCE))
        raise KeyboardInterrupt

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for name in ("SIGINT", "SIGTERM", "SIGHUP"):
                number = getattr(signal, name, None)
                # One that is ignored stays so: nohup wants that, or a shell for background jobs.
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._asked)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _asked(self, number: int, _: FrameType | None) -> None:
        if self.signal is not None:
            raise Stopped
        self.signal = number
        say("stopping after the requests that are under way; once more to stop at once")
