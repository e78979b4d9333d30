"""What reading and writing XML share: the greatest depth, the types of functions, and errors."""

from collections.abc import Callable
from typing import Any, Final

__all__ = ["DEPTH", "ROOT", "Convert", "PathError", "Read", "Write", "XmlError"]

DEPTH: Final = 64
ROOT: Final = "root"

# Elements are `Any`: lxml has no public name for their type.
Read = Callable[[Any], Any]
Convert = Callable[[str], Any]
Write = Callable[[Any, str, int], str]


class XmlError(ValueError):
    """Say where and why a document cannot be read, or a value cannot be written.

    Attributes:
        place: the path of the member, such as `messages[0].destinations[1].to`; in malformed input
            `line 3, column 7`; for the whole document `root`.
        reason: what is wrong. It may name elements, but it never quotes their text, which may be a
            telephone number.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class PathError(Exception):
    """An error on its way up: each level that it passes adds its step of the path.

    At the top `xml._placed` catches it and raises an `XmlError` with the whole path.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str] = []
