"""The log. Whatever somebody's filter or handler raises ends there."""

import logging
import sys
import traceback
from typing import Any, Final

__all__ = ["LOG"]


class _Log(logging.LoggerAdapter[logging.Logger]):
    """Logs after a launch was accepted, and after reports were handed out: an error of those who
    listen must not take the place of the result. It is shown as `logging` shows its own.
    """

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        try:
            super().log(level, msg, *args, stacklevel=2, **kwargs)
        except Exception:
            if logging.raiseExceptions and sys.stderr:
                traceback.print_exc()


LOG: Final = _Log(logging.getLogger("infobip_voice"))
