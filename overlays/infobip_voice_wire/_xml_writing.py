"""Functions that write JSON values as XML text.

`xml` puts them together as the XML plan says, which is generated and tells how each schema looks in
XML.
"""

import re
from decimal import Decimal
from math import isfinite
from typing import Any, Final

from infobip_voice_wire._xml_places import DEPTH, PathError, Write

__all__ = ["entries_writer", "list_writer", "map_writer", "members_writer", "write_scalar", "write_unknown"]

# What XML cannot carry: a class of the 63,000 that it can, turned round, takes 4 ms to compile.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKUP: Final = re.compile("[&<>\r]|" + _ILLEGAL.pattern)
# Unescaped, a reader turns white space in an attribute into spaces, and a carriage return anywhere
# into a line feed.
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ATTRIBUTE: Final = str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})
_START: Final = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
# Compiled when a name of the caller's own is first written: that takes 8 ms, and most write none.
_NAME: Final = f"[{_START}][{_START}0-9.\xb7\u0300-\u036f\u203f\u2040-]*"


def _text(value: object) -> str:
    if isinstance(value, str):
        if _MARKUP.search(value) is None:
            return str.__str__(value)  # str() of an enumeration's member is its name
        if found := _ILLEGAL.search(value):
            raise PathError(f"XML cannot carry the character U+{ord(found[0]):04X}")
        return _MARKUP.sub(lambda match: _ESCAPES[match[0]], value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        try:
            return int.__repr__(value)
        except ValueError:
            raise PathError("the number has too many digits") from None
    if isinstance(value, (float, Decimal)):
        # isfinite() would convert a large Decimal into an infinite float.
        if not (value.is_finite() if isinstance(value, Decimal) else isfinite(value)):
            raise PathError("a number must be finite")
        return str(value)
    raise PathError(f"expected a text, a number or a boolean, found {_type_name(value)}")


def _type_name(value: object) -> str:
    names: dict[type, str] = {dict: "an object", list: "an array", str: "a text"}
    return names.get(type(value), f"a value of the type {type(value).__name__}")


def _element(name: str, content: list[str]) -> str:
    return f"<{name}>{''.join(content)}</{name}>" if content else f"<{name}/>"


def _members(value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise PathError(f"expected an object, found {_type_name(value)}")
    return value  # pyright: ignore[reportUnknownVariableType]


def write_scalar(value: Any, name: str, depth: int) -> str:  # noqa: ARG001
    return f"<{name}>{_text(value)}</{name}>"


def _check_name(name: object) -> None:
    if not isinstance(name, str) or not re.fullmatch(_NAME, name):
        raise PathError("the name of this member cannot be the name of an XML element")


def write_unknown(value: Any, name: str, depth: int) -> str:
    """Write a value without a schema: a list as repeated elements, a dict as one with children."""
    if depth > DEPTH:
        raise PathError(f"more than {DEPTH} elements inside each other")
    _check_name(name)
    if isinstance(value, dict):
        return _write_open(value, name, depth)
    if not isinstance(value, (list, tuple)):
        return write_scalar(value, name, depth)
    items: list[Any] = [item for item in value if item is not None]  # pyright: ignore[reportUnknownVariableType]
    if any(isinstance(item, (list, tuple)) for item in items):
        raise PathError("an array directly in an array has no form in XML")
    return "".join(write_unknown(item, name, depth) for item in items)


def members_writer(
    members: list[tuple[str, str, Write]], write_other: Write, names: dict[str, str] | None = None
) -> Write:
    """Return a function that writes an object: an element whose children are its members.

    Args:
        members: the name, element and writer of each known member, in the order to write.
        write_other: writes any other member.
        names: maps the name of an element to the known member that a reader takes it for.
    """
    known = {member for member, _, _ in members}
    taken = names or {}

    def write(value: Any, name: str, depth: int) -> str:
        given = _members(value)
        content: list[str] = []
        member = ""
        try:
            for member, element, write_member in members:
                item = given.get(member)
                if item is not None:
                    content.append(write_member(item, element, depth + 1))
            if not known.issuperset(given):
                for member, item in given.items():
                    if item is None or member in known:
                        continue
                    if member in taken:
                        raise PathError(f"in XML this is the element of the member {taken[member]}")
                    content.append(write_other(item, member, depth + 1))
        except PathError as error:
            error.steps.append(f".{member}")
            raise
        return _element(name, content)

    return write


_write_open = members_writer([], write_unknown)


def list_writer(item_name: str | None, write_item: Write) -> Write:
    """Return a function that writes a list: an element whose children are its items.

    Args:
        item_name: the element of an item; None to name it like the list.
        write_item: writes an item.
    """

    def write(value: Any, name: str, depth: int) -> str:
        if not isinstance(value, (list, tuple)):
            raise PathError(f"expected an array, found {_type_name(value)}")
        items: list[Any] = list(value)  # pyright: ignore[reportUnknownArgumentType]
        content: list[str] = []
        name_of_items = name if item_name is None else item_name
        for index, item in enumerate(items):
            try:
                if item is not None:
                    content.append(write_item(item, name_of_items, depth + 1))
            except PathError as error:
                error.steps.append(f"[{index}]")
                raise
        return _element(name, content)

    return write


def map_writer(write_item: Write) -> Write:
    def write_entry(value: Any, name: str, depth: int) -> str:
        _check_name(name)
        return write_item(value, name, depth)

    return members_writer([], write_entry)


def entries_writer(entry: str, key: str, item_name: str) -> Write:
    write_texts = list_writer(item_name, write_scalar)

    def write_entry(value: Any, name: str, depth: int) -> str:
        attribute = f'{key}="{_text(name).translate(_ATTRIBUTE)}"'
        return f"<{entry} {attribute}{write_texts(value, entry, depth).removeprefix(f'<{entry}')}"

    return members_writer([], write_entry)
