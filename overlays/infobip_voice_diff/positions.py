"""Where members and parameters stand: generated code takes them by position."""

from collections.abc import Iterable
from typing import TypeVar

__all__ = ["REASON", "displaces", "exchanged"]

Name = TypeVar("Name")
REASON = "generated code takes them by position"


def exchanged(before: Iterable[Name], after: Iterable[Name]) -> Name | None:
    """Return the first name that others have overtaken; None if all keep their order."""
    old, new = list(before), list(after)
    kept, order = [name for name in old if name in new], [name for name in new if name in old]
    return next((name for name, other in zip(kept, order, strict=True) if name != other), None)


def displaces(before: Iterable[Name], after: Iterable[Name], name: Name) -> bool:
    """Say whether a new name stands where it moves an older one further back."""
    old, new = list(before), list(after)
    return any(each in old and new.index(each) > old.index(each) for each in new[new.index(name) :])
