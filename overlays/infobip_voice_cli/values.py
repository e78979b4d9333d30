"""What options take; what cannot be right is refused in a sentence."""

import argparse
import codecs
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from infobip_voice_cli.columns import PARAMETER

__all__ = [
    "connections", "encoding", "file_name", "minutes", "moment", "pace", "pair", "path", "pause", "plain_file",
    "redial", "seconds", "word",
]  # fmt: skip

MAX_CONNECTIONS: Final = 64
MAX_PAUSE: Final = 10  # seconds (contract, `pause`)


def word(text: str) -> str:
    """Return a text that is not empty. A shell makes an empty one of a variable that is not set."""
    if not text:
        raise argparse.ArgumentTypeError("must not be empty")
    return text


def path(text: str) -> Path:
    """Return a path that is not empty: that would be the folder in which the command runs.

    A URL is refused without being shown: it may have a password.
    """
    if re.match("[A-Za-z][A-Za-z0-9+.-]*://", text):
        raise argparse.ArgumentTypeError("has to be a file or a folder, and not a URL")
    return Path(word(text))


def file_name(text: str) -> str:
    """Return a path as it was written."""
    path(text)
    return text


def connections(text: str) -> int:
    """Return a number of connections that a server may be asked for."""
    if not text.isdecimal() or not 1 <= int(text) <= MAX_CONNECTIONS:
        raise argparse.ArgumentTypeError(f"has to be a number from 1 to {MAX_CONNECTIONS}")
    return int(text)


def plain_file(text: str) -> Path:
    """Return the path of a file that is there or can be made.

    A pipe would be waited for, for ever; a device keeps nothing.
    """
    if os.path.exists(text) and not os.path.isfile(text):  # noqa: PTH110, PTH113  these raise nothing
        raise argparse.ArgumentTypeError(f"has to be a file, and {text} is something else")
    return path(text)


def pair(text: str) -> tuple[str, str]:
    """Return a parameter of the scenario by name and value."""
    name, equals, value = text.partition("=")
    if not equals or not PARAMETER.fullmatch(name):
        raise argparse.ArgumentTypeError(
            "has to be NAME=VALUE, with a name of letters, digits and _ . - that is no number"
        )
    return name, value


def pace(text: str) -> tuple[int, str]:
    """Return how many calls begin in which unit of time."""
    count, _, unit = text.partition("/")
    if not count.isdecimal() or int(count) < 1 or unit not in ("second", "minute", "hour", "day"):
        raise argparse.ArgumentTypeError("has to be such as 10/hour; the units are second, minute, hour and day")
    return int(count), unit


def minutes(text: str) -> int:
    """Return a number of minutes above 0."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("has to be a number of minutes above 0")
    return int(text)


def seconds(text: str) -> int:
    """Return a number of seconds above 0."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("has to be a number of seconds above 0")
    return int(text)


def pause(text: str) -> int:
    """Return a number of seconds that the contract allows for a pause."""
    if not text.isdecimal() or int(text) > MAX_PAUSE:
        raise argparse.ArgumentTypeError(f"has to be a number of seconds from 0 to {MAX_PAUSE}")
    return int(text)


def redial(text: str) -> tuple[int, ...]:
    """Return the shortest and the longest wait in minutes, and how often to dial again."""
    numbers = text.split(",")
    if len(numbers) != 3 or not all(number.isdecimal() and int(number) for number in numbers):
        raise argparse.ArgumentTypeError("has to be three numbers above 0, such as 1,30,4")
    return tuple(map(int, numbers))


def moment(text: str) -> datetime:
    """Return a time with an offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("has to be a time such as 2026-12-01T09:00+01:00") from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("needs an offset, such as +01:00 or Z at its end")
    return moment


def encoding(text: str) -> str:
    """Return the name of an encoding as Python knows it."""
    try:
        "0".encode(text)  # refuses also what encodes no text, such as rot13
        return codecs.lookup(text).name
    except (LookupError, UnicodeError):
        raise argparse.ArgumentTypeError("is no encoding that is known here; try utf-8 or windows-1252") from None
