"""Compare the texts that rules accept: patterns, patterns that are ruled out, and listed values."""

import functools
import re
from typing import Any, Final

from greenery import Fsm, parse  # pyright: ignore[reportMissingTypeStubs]

from infobip_voice_diff.changes import Effect

__all__ = ["TEXTS", "texts_effect"]

Json = dict[str, Any]
TEXTS: Final = ("pattern", "not pattern", "enum")
PART: Final = re.compile(r"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\?.", re.DOTALL)
MEANINGFUL: Final = {False: r"\[]^$.|?*+(){}", True: r"\[]^-"}  # to greenery: outside a class, and in one
LINE_ENDS: Final = "\n\r\u2028\u2029"


def texts_effect(before: Json, after: Json) -> Effect | None:
    """Compare the texts that two sets of rules accept; None if they are the same.

    Rules that cannot be read as a language are compared by whether each of them was there before.
    """
    listed = [rules.get("enum") for rules in (before, after)]
    others = [[rules.get(key) for key in TEXTS if key != "enum"] for rules in (before, after)]
    if others[0] == others[1] and listed[0] is not None and listed[1] is not None:
        return _effect(set(listed[0]) - set(listed[1]), set(listed[1]) - set(listed[0]))
    try:
        old, new = (
            _language(*(tuple(rules.get(key, ())) for key in TEXTS), "enum" in rules) for rules in (before, after)
        )
        return _effect(not (old - new).empty(), not (new - old).empty())
    except Exception:  # greenery raises many kinds for what it cannot read
        had, has = ({(key, text) for key in TEXTS[:2] for text in rules.get(key, ())} for rules in (before, after))
        known = listed[0] == listed[1] and (had < has or has < had)
        return _effect(had < has, has < had) if known else "different"


def _effect(lost: Any, won: Any) -> Effect | None:
    if lost and won:
        return "different"
    return "narrower" if lost else "wider" if won else None


@functools.lru_cache(maxsize=256)
def _language(patterns: tuple[str, ...], ruled_out: tuple[str, ...], values: tuple[str, ...], listed: bool) -> Fsm:
    language = _automaton("|".join(map(_literal, values)) if listed else ".*")
    for pattern in patterns:
        language &= _automaton(_expression(pattern))
    for pattern in ruled_out:
        language -= _automaton(_expression(pattern))
    return language


@functools.lru_cache(maxsize=256)
def _automaton(expression: str) -> Fsm:
    return parse(expression).to_fsm()


def _expression(pattern: str) -> str:
    """Return a JSON Schema pattern as an expression for the whole text.

    Raises:
        ValueError: An anchor stands inside, or the pattern repeats something so often, or anywhere
            in a text, that greenery takes too long.
    """
    text = _respelled(pattern)
    bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", lambda match: "_" * len(match[0]), text)
    first, last = bare.startswith("^"), bare.endswith("$")
    inner = slice(int(first), len(bare) - int(last))
    skeleton = bare[inner]
    depth = alternatives = 0
    for character in skeleton:
        depth += (character == "(") - (character == ")")
        alternatives += character == "|" and depth == 0
    if (
        {"^", "$"} & set(skeleton)
        or (alternatives and (first or last))
        or re.search(r"\{\d*,?\d{3,}\}|\(\?[^:]", skeleton)
    ):
        raise ValueError(pattern)
    if not (first and last) and re.search(r"[*+{]", skeleton):
        raise ValueError(pattern)
    dots = [text[inner][at] if skeleton[at] != "." else f"[^{LINE_ENDS}]" for at in range(len(skeleton))]
    expression = "".join(dots).replace("(?:", "(")
    return f"{'' if first else '.*'}({expression}){'' if last else '.*'}"


def _respelled(pattern: str) -> str:
    """Return a pattern with every character that is escaped as greenery spells it at its place."""
    spelled: list[str] = []
    inside = False
    for part in PART.findall(pattern):
        if len(part) > 2:
            spelled.append(_literal(chr(int(part[2:], 16)), inside))
        elif len(part) == 2 and not part[1].isalnum():
            spelled.append(_literal(part[1], inside))
        else:
            spelled.append(part)
            inside = part == "[" or (inside and part != "]")
    return "".join(spelled)


def _literal(text: str, inside: bool = False) -> str:
    """Return an expression for a text; a character that means something there is escaped."""
    return "".join(f"\\{each}" if each in MEANINGFUL[inside] else each for each in text)
