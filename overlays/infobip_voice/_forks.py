"""Before a process forks, its other threads finish the imports of ours that they have begun.

Much is imported with the first call, one module after the other. Without this, the child of a
process that forks in the midst of that waits for ever for the lock of a module, which only a thread
could give free that the child does not have.
"""

import os
import sys
from importlib import import_module
from typing import Final

__all__: list[str] = []

_MAX_WAITS: Final = 100  # for modules in a row; the thread that forks may be importing one itself


def _finish_imports() -> None:
    for _ in range(_MAX_WAITS):
        importing = [
            name
            for name, module in [*sys.modules.items()]
            if name.startswith("infobip_voice") and getattr(getattr(module, "__spec__", None), "_initializing", False)
        ]
        if not importing:
            return
        for name in importing:
            import_module(name)


os.register_at_fork(before=_finish_imports)
