"""Where something is in a document."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

__all__ = ["named"]


def named(path: Iterable[str | int], value: Any) -> list[str | int]:
    """Return a path with the names that a value really has.

    A validator that reads its paths as JSON pointers takes a name of digits for an index: `07` in
    an object comes back as 7.
    """
    steps: list[str | int] = []
    for step in path:
        if isinstance(value, dict):
            name = _name(step, cast("dict[str, Any]", value))
            steps.append(name)
            value = cast("dict[str, Any]", value).get(name)
        else:
            steps.append(step)
            listed = cast("Sequence[Any]", value) if isinstance(value, list) else ()
            value = listed[step] if isinstance(step, int) and step < len(listed) else None
    return steps


def _name(step: str | int, members: Mapping[str, Any]) -> str:
    if isinstance(step, str):
        return step
    alike = [name for name in members if _is_number(name, step)]
    return alike[0] if alike and str(step) not in alike else str(step)


def _is_number(name: str, number: int) -> bool:
    digits = name.removeprefix("+").lstrip("0")
    return name.endswith(tuple("0123456789")) and (digits or "0") == str(number)
