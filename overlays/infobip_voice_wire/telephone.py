"""Turn telephone numbers, as people write them, into the digits that the wire carries (R2)."""

import re
from collections.abc import Collection
from typing import Final

__all__ = ["mask", "mask_numbers", "normalise", "normalise_sender"]

# Space, no-break spaces, dots, slashes, parentheses, and the hyphens and dashes into which word
# processors turn "-".
_DECORATION: Final = dict.fromkeys(map(ord, "\x20\xa0\u202f./()-\u2010\u2011\u2012\u2013\u2014\u2212"))
_RUN: Final = re.compile(r"\d{5,}")


def normalise(text: str) -> str:
    """Return the digits of a number in international form: `+385 98 111-222` gives `38598111222`.

    One leading `+`, spaces, dashes, dots, slashes and parentheses are removed. The rest must be an
    E.164 number, the international form: 5 to 15 digits, of which the first is not zero (ruling
    R2).

    Raises:
        ValueError: the rest is something else. The message masks the number.
    """
    digits = _digits(text)
    if digits.startswith("00"):
        raise _refusal(text, "write it with + and the country code instead of 00")
    if digits.startswith("0"):
        raise _refusal(text, "it begins with a zero; write it with + and the country code")
    if not 5 <= len(digits) <= 15:
        raise _refusal(text, f"it has {len(digits)} digits, and 5 to 15 are needed")
    return digits


def normalise_sender(text: str, maximum: int) -> str:
    """Return the digits of a number that is shown to the called person; it may begin with zeros.

    Args:
        text: the number, decorated as for `normalise`.
        maximum: the most digits: 14 for an outbound IVR, 15 for a click to call (ruling R2).

    Raises:
        ValueError: the rest is not 3 to `maximum` digits. The message masks the number.
    """
    digits = _digits(text)
    if not 3 <= len(digits) <= maximum:
        raise _refusal(text, f"it has {len(digits)} digits, and 3 to {maximum} are needed")
    return digits


def mask(text: str) -> str:
    """Return a text with all its digits but the last two as `*`: `38598111222`, `*********22`."""
    hidden = sum(character.isdigit() for character in text) - 2
    masked: list[str] = []
    for character in text:
        hide = character.isdigit() and hidden > 0
        hidden -= hide
        masked.append("*" if hide else character)
    return "".join(masked)


def mask_numbers(text: str, ids: Collection[str] = ()) -> str:
    """Return a text, such as a log message, with every run of five or more digits masked.

    Args:
        text: the words of a server or an exception, in which a number may stand anywhere.
        ids: names of ours. Where the text has one, it stays whole.
    """
    return _RUN.sub(lambda run: run[0] if any(_is_part(run, name) for name in ids) else mask(run[0]), text)


def _is_part(run: re.Match[str], name: str) -> bool:
    """Return whether the text has the name around this run of digits."""
    at = name.find(run[0])
    while at >= 0:
        start = run.start() - at
        if start >= 0 and run.string.startswith(name, start):
            return True
        at = name.find(run[0], at + 1)
    return False


def _digits(text: str) -> str:
    if re.search(r"\(\s*0+\s*\)", text):
        raise _refusal(text, "leave out the (0), which is not dialled from abroad")
    digits = text.translate(_DECORATION).removeprefix("+")
    if digits.strip("0123456789"):
        raise _refusal(text, "only digits, one leading + and the decoration ( ) - . / and spaces are understood")
    return digits


def _refusal(text: str, reason: str) -> ValueError:
    return ValueError(f"{mask(text)!r} is not a telephone number that can be sent: {reason}")
