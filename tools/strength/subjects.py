"""What is measured: our faults and variants, and those of somebody who had not read the rules."""

import importlib
import pkgutil
from functools import cache
from typing import Any, Literal

from infobip_voice_contract.faults import FAULTS, blind
from infobip_voice_contract.faults.fault import Fault, Variant
from strength.variants import VARIANTS

__all__ = ["Author", "faults", "variants"]

Author = Literal["own", "blind"]


@cache
def faults() -> dict[str, tuple[Fault, Author]]:
    """Return every fault by its name, with who wrote it."""
    found: dict[str, tuple[Fault, Author]] = {fault.id: (fault, "own") for fault in FAULTS}
    for module in pkgutil.iter_modules(blind.__path__, f"{blind.__name__}."):
        for fault in getattr(importlib.import_module(module.name), "FAULTS", ()):
            found[f"blind:{fault.id}"] = (fault, "blind")
    return found


@cache
def variants() -> dict[str, tuple[Variant, Author]]:
    """Return every variant by its name, with who wrote it."""
    found: dict[str, tuple[Variant, Author]] = {variant.id: (variant, "own") for variant in VARIANTS}
    try:
        module: Any = importlib.import_module("strength.blind_variants")
    except ModuleNotFoundError:
        return found
    return found | {f"blind:{variant.id}": (variant, "blind") for variant in module.VARIANTS}
