"""Functions that read XML elements as JSON values.

`xml` puts them together as the XML plan says, which is generated and tells how each schema looks in
XML.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from lxml import etree

from infobip_voice_wire._xml_places import DEPTH, ROOT, Convert, PathError, Read, XmlError

__all__ = [
    "NUMBERS",
    "TRUTHS",
    "list_reader",
    "local_name",
    "members_reader",
    "parse",
    "read_unknown",
    "refuse_doctype",
    "scalar_reader",
    "to_dict",
    "to_list",
    "to_none",
]

_DIGITS: Final = 640  # the lowest limit that `sys.set_int_max_str_digits` accepts: `int` always reads this many
_SPACE: Final = " \t\r\n"  # XML's white space; str.isspace() accepts more
_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_STRAY: Final = "#text"  # the member that keeps text beside elements; no element can have this name

# JSON's grammar of numbers, without the exponents that `Decimal` cannot hold on every machine.
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,8})?)")
_DOCTYPE: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?>[ \t\r\n]+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


def parse(document: bytes) -> Any:
    start = document
    if b"\0" in document:  # UTF-16 or UTF-32: without the zeros, its markup is ASCII
        start = document.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    # This scan refuses a DTD before the parser spends time on it. An odd encoding can hide a DTD
    # from the scan, but not from the parser: `refuse_doctype` then refuses it.
    if _DOCTYPE.match(start):
        raise XmlError(ROOT, "a DOCTYPE is not accepted")
    if not start.strip():
        raise XmlError(ROOT, "the document is empty")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        # The parser's message may quote the document; the name of the kind of error does not.
        log: Any = error.error_log
        kind = log.last_error.type_name.removeprefix("ERR_").replace("_", " ").lower()
        place = f"line {max(line, 1)}, column {max(column, 1)}"
        raise XmlError(place, f"the XML is malformed ({kind})") from None
    refuse_doctype(root)
    return root


def refuse_doctype(element: Any) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise XmlError(ROOT, "a DOCTYPE is not accepted")


def local_name(element: Any) -> str:
    return element.tag.rpartition("}")[2]  # type: ignore[no-any-return]


def _own_text(element: Any) -> str:
    return "".join([element.text or "", *(child.tail or "" for child in element)])


def _without_children(element: Any, convert: Convert) -> Any:
    text = _own_text(element)
    nil = element.get(_NIL, "").strip(_SPACE) in ("true", "1")
    return None if nil and not text.strip(_SPACE) else convert(text)


class _Literals(dict[str, Any]):
    """A cache: `literals[text]` is the value of a text.

    Codes, durations and prices repeat. The cache keeps short texts only, and at most 4096 of them,
    so no document can fill the memory.
    """

    def __init__(self, value_of: Convert) -> None:
        super().__init__()
        self._value_of = value_of

    def __missing__(self, text: str) -> Any:
        value = self._value_of(text)
        if len(text) <= 6 and len(self) < 4096:
            self[text] = value
        return value


def _to_number(text: str) -> Any:
    """Return the number that JSON's grammar sees in a text, None for a blank one, else the text."""
    literal = text.strip(_SPACE)
    if not literal:
        return None
    match = _NUMBER.fullmatch(literal)
    if match is None or len(literal) > _DIGITS:
        return text
    if not match[1]:
        return int(literal)
    number = Decimal(literal)
    # A number with that many digits stays text, however it is written:
    # `int(Decimal("1e999999999"))` would take a gigabyte.
    return number if abs(number.adjusted()) <= _DIGITS else text


def _to_boolean(text: str) -> Any:
    literal = text.strip(_SPACE)
    return {"true": True, "false": False}.get(literal, text) if literal else None


NUMBERS: Final = _Literals(_to_number).__getitem__
TRUTHS: Final = _Literals(_to_boolean).__getitem__


def scalar_reader(convert: Convert | None) -> Read:
    def read(element: Any) -> Any:
        value = read_unknown(element)
        return convert(value) if convert is not None and isinstance(value, str) else value

    return read


def _again(value: dict[str, Any], repeated: set[str], name: str, item: Any) -> None:
    """Add another value of a member: two wrappers of a list are one list, else a list is made."""
    first = value[name]
    if name in repeated:
        first.append(item)
    elif isinstance(first, list) and isinstance(item, list):
        first.extend(item)  # pyright: ignore[reportUnknownMemberType]
    else:
        value[name] = [first, item]
        repeated.add(name)


def members_reader(
    table: dict[str, tuple[str, Convert | None, Read]],
    other: tuple[Convert | None, Read],
    convert_text: Convert,
    name_of: Callable[[Any], str] = local_name,
) -> Read:
    """Return a function that reads an element whose children are named members.

    Args:
        table: maps the name of a child element to the name, `convert` and `read` of its member.
        other: `convert` and `read` of every child that the table does not have.
        convert_text: makes the value of an element without children from its text.
        name_of: names the member of a child whose tag the table does not have.
    """
    find = table.get

    def read(element: Any) -> Any:
        value: dict[str, Any] = {}
        repeated: set[str] | None = None
        blank = element.text
        stray = blank is not None and blank.strip(_SPACE) != ""
        name = ""
        try:
            for child in element:
                tail = child.tail
                # Siblings are mostly indented alike, and comparing is cheaper than stripping again.
                if tail is not None and tail != blank:
                    blank = tail
                    stray = stray or tail.strip(_SPACE) != ""
                tag = child.tag
                member = find(tag)
                if member is None:
                    if not isinstance(tag, str):  # a comment or a processing instruction
                        continue
                    name = name_of(child)
                    member = find(name) or (name, *other)
                name, convert, read_child = member
                item = child.text
                if item is None or len(child):
                    item = read_child(child)
                elif convert is not None:
                    item = convert(item)
                if name not in value:
                    value[name] = item
                else:
                    repeated = set() if repeated is None else repeated
                    _again(value, repeated, name, item)
        except PathError as error:
            error.steps.append(f".{name}")
            raise
        if not value:
            return _without_children(element, convert_text)
        if stray:
            value[_STRAY] = _own_text(element).strip(_SPACE)
        return value

    return read


def list_reader(read_item: Read, convert_text: Convert) -> Read:
    """Return a function that reads an element whose children are items.

    Args:
        read_item: reads a child.
        convert_text: makes the value of an element without children from its text.
    """

    def read(element: Any) -> Any:
        items: list[Any] = []
        try:
            for child in element:
                if isinstance(child.tag, str):
                    items.append(read_item(child))  # noqa: PERF401 - an error gives the index of the item
        except PathError as error:
            error.steps.append(f"[{len(items)}]")
            raise
        if not items:
            return _without_children(element, convert_text)
        if stray := _own_text(element).strip(_SPACE):
            items.append(stray)
        return items

    return read


def _to_text(text: str) -> Any:
    return text


def to_dict(text: str) -> Any:
    return text if text.strip(_SPACE) else {}


def to_list(text: str) -> Any:
    return text if text.strip(_SPACE) else []


def to_none(text: str) -> Any:
    return text if text.strip(_SPACE) else None


def read_unknown(element: Any) -> Any:
    """Read an element without a schema: without children it is a text, else a dict."""
    if len(element) and sum(1 for _ in element.iterancestors()) >= DEPTH - 1:
        raise PathError(f"more than {DEPTH} elements inside each other")
    return _read_open(element)


_read_open = members_reader({}, (None, read_unknown), _to_text)
