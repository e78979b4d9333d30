"""The lines of a document that was read from a file, and words for what is wrong there."""

import difflib
from collections.abc import Iterable
from typing import Any

__all__ = ["line_of", "nearest", "or_rather"]


def line_of(node: Any, key: Any = None) -> int:
    """Return the line of a map or list, or of one of its members; 0 if no file was read."""
    place = getattr(node, "lc", None)
    if place is None:
        return 0
    return int(place.data[key][0] if key is not None and place.data and key in place.data else place.line) + 1


def nearest(word: Any, known: Iterable[Any]) -> str:
    """Return the word that was probably meant; the empty string if none is near."""
    return next(iter(difflib.get_close_matches(str(word), [str(each) for each in known], 1)), "")


def or_rather(word: Any, known: Iterable[Any]) -> str:
    """Return the end of a sentence about a wrong word: the one that was probably meant."""
    meant = nearest(word, known)
    return f"; did you mean `{meant}`?" if meant else "."
