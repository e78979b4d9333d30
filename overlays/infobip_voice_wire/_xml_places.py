"""What reading and writing XML have in common: how deep, by which functions, and how an error finds its place."""

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
        place: the path of the member, as `messages[0].destinations[1].to`; `line 3, column 7` in malformed input;
            `root` for the whole of the document.
        reason: what is wrong. It may name elements and never quotes their text, which may be a telephone number.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class PathError(Exception):
    """An error on its way up to `xml._placed`; every level that it passes adds its own step of the path."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str] = []
