"""Where something is in a document."""

from collections.abc import Iterable
from typing import Any

__all__ = ["named"]


def named(path: Iterable[str | int], value: Any) -> list[str | int]:
    """Return a path with the names that a value really has.

    A validator that reads its paths as JSON pointers takes a name of digits for an index: `07` in
    an object comes back as 7.
    """
    steps: list[str | int] = []
    for step in path:
        if isinstance(value, dict) and isinstance(step, int):
            alike = [name for name in value if _is_number(name, step)]
            step = str(step) if str(step) in alike or not alike else alike[0]
        steps.append(step)
        try:
            value = value[step]
        except (LookupError, TypeError):
            value = None
    return steps


def _is_number(name: str, number: int) -> bool:
    digits = name.removeprefix("+").lstrip("0")
    return name.endswith(tuple("0123456789")) and (digits or "0") == str(number)
