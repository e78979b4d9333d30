"""The generated models, each imported when it is first asked for.

Their package imports all of them at once, and attrs compiles each: two fifths of `import httpx`. A
launch needs a third of them. So the package is put in its place here without having run; what it
does by itself happens when something else than a model is asked for, and is the same.
"""

import re
import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any, Final

__all__ = ["models"]

_PACKAGE: Final = "infobip_voice_client.models"


def _postpone() -> None:
    spec = find_spec(_PACKAGE)
    if spec is None or spec.loader is None or _PACKAGE in sys.modules:  # somebody has imported it, and all of it
        return
    run, package = spec.loader.exec_module, module_from_spec(spec)
    names = vars(package)

    def missing(name: str) -> Any:
        home = f"{_PACKAGE}.{re.sub('(?<!^)(?=[A-Z0-9])', '_', name).lower()}"
        if name[:1].isupper() and find_spec(home) is not None:
            names[name] = getattr(import_module(home), name)
        else:
            names.pop("__getattr__", None)
            run(package)
        if name not in names:
            raise AttributeError(f"module {_PACKAGE!r} has no attribute {name!r}")
        return names[name]

    names["__getattr__"] = missing
    sys.modules[_PACKAGE] = package
    parent, _, child = _PACKAGE.rpartition(".")
    setattr(sys.modules[parent], child, package)


_postpone()
from infobip_voice_client import models  # noqa: E402  once it is in its place
