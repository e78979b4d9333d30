"""The XML form of every schema of the contract, by one codec that is compiled from the contract's `xml:` objects.

    decode(b"<reportResponse><results/></reportResponse>", "VoiceReportResponse")   {"results": []}
    encode({"results": []}, "VoiceReportResponse")                                  the same bytes

XML carries no types and no nulls, so a value comes back in a normal form: a null member or item is absent, numbers are
`int` or an exact `Decimal`, `"true"` and `"false"` where the contract allows a boolean are booleans, and what the contract
does not know is text. Reading is tolerant and loses nothing: whatever does not fit the schema is kept in a shape that a
validator of the schema refuses at its path. Writing gives the form of the documentation's own samples.
"""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import cache
from math import isfinite
from typing import Any, Final, NamedTuple

from infobip_voice_schema.xml_plan import PLAN
from lxml import etree

__all__ = ["XmlError", "decode", "decode_element", "encode"]

_DEPTH: Final = 64
_DIGITS: Final = 640  # the least that `sys.set_int_max_str_digits` can be set to: `int` reads as many, always
_SPACE: Final = " \t\r\n"  # white space of XML; str.isspace() knows more
_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_STRAY: Final = "#text"  # no element can have this name

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
_DOCTYPE: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?>[ \t\r\n]+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP: Final = re.compile('[&<>"\t\n\r]|[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')
_START: Final = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = re.compile(f"[{_START}][{_START}0-9.\xb7\u0300-\u036f\u203f\u2040-]*")

_Read = Callable[[Any], Any]
_Write = Callable[[Any, str, int], str]
_Convert = Callable[[str], Any]


class XmlError(ValueError):
    """Say where and why a document cannot be read, or a value cannot be written.

    Attributes:
        place: the path of the member, as `messages[0].destinations[1].to`; `line 3, column 7` in malformed input; `root`
            for the whole of the document.
        reason: what is wrong, in words. It may name elements and never quotes their text, which may be telephone numbers.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class _Fault(Exception):
    """An error on its way up to `_placed`; every level it passes adds its own step of the path."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str] = []


class _Kind(NamedTuple):
    read: _Read
    write: _Write
    # What makes a value of the text of a leaf; None where the text is the value, or where the kind is no scalar.
    convert: _Convert | None = None
    scalar: bool = False


class _Member(NamedTuple):
    name: str
    read: _Read
    convert: _Convert | None
    scalar: bool


class _Codec(NamedTuple):
    root: str
    kind: _Kind
    elements: frozenset[str]


def decode(document: bytes, schema: str) -> Any:
    """Return the JSON value of an XML document of the named schema of the contract.

    The root is the schema's element; a root that is named like a member of the schema is read as that member alone, so
    that an error without its `ApiException` element can be read. Elements match by local name, first by the name that the
    contract gives them in XML and then by the JSON name; any child of a list is an item (contract, XML forms of both the
    reports page and the 2026 platform). Repeated members become lists, unknown elements are kept as text, dict or list,
    text beside elements is kept as `#text`, and a scalar whose text does not fit its type stays text.

    Raises:
        XmlError: the document is not well-formed, has a DOCTYPE, another root, or more than 64 elements inside each other.
        KeyError: the contract has no such schema.
    """
    codec = _codec(schema)
    root = _parse(document)
    name = _local(root.tag)
    if name != codec.root:
        if name not in codec.elements:
            raise XmlError("root", f"expected the element {codec.root}, found {name[:80]}")
        outer = etree.Element(codec.root)
        outer.append(root)
        root = outer
    return _placed(codec.kind.read, root)


def decode_element(element: Any, schema: str) -> Any:
    """Return the JSON value of one lxml element, whatever its name, read as the named schema of the contract.

    Raises:
        XmlError: its document has a DOCTYPE, or it holds more than 64 elements inside each other.
        KeyError: the contract has no such schema.
    """
    _refuse_doctype(element)
    return _placed(_codec(schema).kind.read, element)


def encode(value: Any, schema: str) -> bytes:
    """Return the XML document, in UTF-8 and without a declaration, of a JSON value of the named schema of the contract.

    Members come in the order of the schema, then unknown ones in their own order; None is left out and an empty list is an
    empty element (contract, XML forms). Numbers are written exactly, as JSON writes them. The value is not validated
    beyond what XML needs.

    Raises:
        XmlError: a text or a name that XML cannot carry, a number that is not finite, an array or object in the wrong
            place, or more than 64 levels.
        KeyError: the contract has no such schema.
    """
    codec = _codec(schema)
    text: str = _placed(lambda whole: codec.kind.write(whole, codec.root, 1), value)
    return text.encode()


def _placed(work: Callable[[Any], Any], subject: Any) -> Any:
    try:
        return work(subject)
    except _Fault as fault:
        place = "".join(reversed(fault.steps)).removeprefix(".") or "root"
        # A path can be made of 64 names of any length.
        raise XmlError(place if len(place) <= 200 else place[:200] + "…", fault.reason) from None


# Reading


def _parse(document: bytes) -> Any:
    # Without the zeros, a document in UTF-16 or UTF-32 shows its markup as ASCII. The scan is there to spend nothing on a
    # DTD; an encoding that hides one from it does not hide it from `_refuse_doctype`.
    start = (
        document.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
        if b"\0" in document
        else document
    )
    if _DOCTYPE.match(start):
        raise XmlError("root", "a DOCTYPE is not accepted")
    if not start.strip():
        raise XmlError("root", "the document is empty")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise XmlError(f"line {max(line, 1)}, column {max(column, 1)}", _malformed(error)) from None
    _refuse_doctype(root)
    return root


def _malformed(error: Any) -> str:
    # The parser's own message may quote the document; the name of the kind of error cannot.
    last = error.error_log.last_error
    kind = last.type_name.removeprefix("ERR_").replace("_", " ").lower() if last is not None else "unknown error"
    return f"the XML is not well-formed ({kind})"


def _refuse_doctype(element: Any) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise XmlError("root", "a DOCTYPE is not accepted")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _is_nil(element: Any) -> bool:
    return element.get(_NIL, "").strip(_SPACE) in ("true", "1")


def _own_text(element: Any) -> str:
    return "".join([element.text or "", *(child.tail or "" for child in element)])


def _again(value: dict[str, Any], repeated: set[str], name: str, item: Any) -> None:
    """Add a second, third … value to a member: two wrappers of a list are one list, anything else becomes a list."""
    first = value[name]
    if isinstance(first, list) and isinstance(item, list):
        first.extend(item)  # pyright: ignore[reportUnknownMemberType]
    elif name in repeated:
        first.append(item)
    else:
        value[name] = [first, item]
        repeated.add(name)


def _read_unknown(element: Any) -> Any:
    return _read_tree(element, 1 + sum(1 for _ in element.iterancestors()))


def _read_tree(element: Any, depth: int) -> Any:
    """Read without a schema: a leaf is its text, anything else a dict."""
    if depth > _DEPTH:
        raise _Fault(f"more than {_DEPTH} elements inside each other")
    value: dict[str, Any] = {}
    repeated: set[str] = set()
    for child in element:
        if not isinstance(child.tag, str):  # a comment or a processing instruction
            continue
        name = _local(child.tag)
        try:
            item = _read_tree(child, depth + 1)
        except _Fault as fault:
            fault.steps.append(f".{name}")
            raise
        if name in value:
            _again(value, repeated, name, item)
        else:
            value[name] = item
    text = _own_text(element)
    if not value:
        return None if not text and _is_nil(element) else text
    if stray := text.strip(_SPACE):
        value[_STRAY] = stray
    return value


def _to_number(text: str) -> Any:
    """Read JSON's number grammar; an empty text is None, any other text stays as it is."""
    literal = text.strip(_SPACE)
    if not literal:
        return None
    match = _NUMBER.fullmatch(literal)
    if match is None or len(literal) > _DIGITS:
        return text
    if not match[1]:
        return int(literal)
    try:
        number = Decimal(literal)
    except InvalidOperation:  # an exponent of more than eighteen digits
        return text
    # `int(Decimal("1e999999999"))` takes a gigabyte: numbers that long stay text, in either notation.
    return number if abs(number.adjusted()) <= _DIGITS else text


def _to_boolean(text: str) -> Any:
    literal = text.strip(_SPACE)
    if not literal:
        return None
    return {"true": True, "false": False}.get(literal, text)


def _scalar_reader(convert: _Convert | None) -> _Read:
    def read(element: Any) -> Any:
        text = _read_unknown(element) if len(element) else element.text or ""
        if not isinstance(text, str):
            return text
        if not text and _is_nil(element):
            return None
        return text if convert is None else convert(text)

    return read


def _members_reader(table: dict[str, _Member], other: _Kind) -> _Read:
    """Return the reader of an object or a map: `other` is the kind of an element that the table does not name."""
    find = table.get

    def read(element: Any) -> Any:
        value: dict[str, Any] = {}
        repeated: set[str] | None = None
        text = blank = element.text
        stray = text is not None and text.strip(_SPACE)
        name = ""
        try:
            for child in element:
                # Siblings are mostly indented alike: comparing with the last blank is cheaper than stripping again.
                tail = child.tail
                if tail is not None and tail != blank:
                    if tail.strip(_SPACE):
                        stray = True
                    else:
                        blank = tail
                tag = child.tag
                member = find(tag)
                if member is None:
                    if not isinstance(tag, str):
                        continue
                    name = _local(tag)
                    member = find(name) or _Member(name, other.read, other.convert, other.scalar)
                name, read_child, convert, scalar = member
                if not scalar or len(child) or (text := child.text) is None:
                    item = read_child(child)
                elif convert is None:
                    item = text
                else:
                    item = convert(text)
                if name in value:
                    repeated = set() if repeated is None else repeated
                    _again(value, repeated, name, item)
                else:
                    value[name] = item
        except _Fault as fault:
            fault.steps.append(f".{name}")
            raise
        if stray:
            if not value:
                return _own_text(element)
            value[_STRAY] = _own_text(element).strip(_SPACE)
        elif not value and _is_nil(element):
            return None
        return value

    return read


def _list_reader(read_item: _Read) -> _Read:
    def read(element: Any) -> Any:
        items: list[Any] = []
        stray = (element.text or "").strip(_SPACE)
        try:
            for child in element:
                if isinstance(child.tag, str):
                    items.append(read_item(child))
                stray = stray or (child.tail or "").strip(_SPACE)
        except _Fault as fault:
            fault.steps.append(f"[{len(items)}]")
            raise
        if stray:
            if not items:
                return _own_text(element)
            items.append(_own_text(element).strip(_SPACE))
        elif not items and _is_nil(element):
            return None
        return items

    return read


def _entries_reader(key: str) -> _Read:
    """Return the reader of a map whose keys are attributes; each value is a list of texts (ruling R12)."""
    read_texts = _list_reader(_scalar_reader(None))

    def read(element: Any) -> Any:
        value: dict[str, Any] = {}
        repeated: set[str] = set()
        for child in element:
            if not isinstance(child.tag, str):
                continue
            name = child.get(key, "")
            try:
                item = read_texts(child)
            except _Fault as fault:
                fault.steps.append(f".{name}")
                raise
            if name in value:
                _again(value, repeated, name, item)
            else:
                value[name] = item
        text = _own_text(element)
        if not value and (text.strip(_SPACE) or _is_nil(element)):
            return text or None
        if stray := text.strip(_SPACE):
            value[_STRAY] = stray
        return value

    return read


# Writing


def _escape(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _text(value: object) -> str:
    if isinstance(value, str):
        if _MARKUP.search(value) is None:
            return str.__str__(value)  # an enumeration of strings prints otherwise
        if found := _ILLEGAL.search(value):
            raise _Fault(f"XML cannot carry the character U+{ord(found[0]):04X}")
        return _MARKUP.sub(_escape, value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        try:
            return int.__repr__(value)
        except ValueError:
            raise _Fault("the number has too many digits") from None
    if isinstance(value, (float, Decimal)):
        if not isfinite(value):
            raise _Fault("a number must be finite")
        return str(value)
    raise _Fault(f"expected a text, a number or a boolean, found {_type_name(value)}")


def _type_name(value: object) -> str:
    return {dict: "an object", list: "an array"}.get(type(value), f"a value of type {type(value).__name__}")


def _name(name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _Fault("the name of this member cannot be the name of an XML element")
    return name


def _element(name: str, content: list[str]) -> str:
    return f"<{name}>{''.join(content)}</{name}>" if content else f"<{name}/>"


def _members(value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise _Fault(f"expected an object, found {_type_name(value)}")
    return value  # pyright: ignore[reportUnknownVariableType]


def _items(value: Any) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise _Fault(f"expected an array, found {_type_name(value)}")
    return value  # pyright: ignore[reportUnknownVariableType]


def _write_scalar(value: Any, name: str, depth: int) -> str:
    del depth
    return f"<{name}>{_text(value)}</{name}>"


def _write_unknown(value: Any, name: str, depth: int) -> str:
    """Write without a schema: a list as repeated elements, a dict as an element with children."""
    if depth > _DEPTH:
        raise _Fault(f"more than {_DEPTH} elements inside each other")
    if isinstance(value, (list, tuple)):
        items: list[Any] = [item for item in value if item is not None]  # pyright: ignore[reportUnknownVariableType]
        if any(isinstance(item, (list, tuple)) for item in items):
            raise _Fault("an array directly in an array has no form in XML")
        return "".join(_write_unknown(item, name, depth) for item in items)
    if isinstance(value, dict):
        return _write_map(value, name, depth, _write_unknown)  # pyright: ignore[reportUnknownArgumentType]
    return _write_scalar(value, name, depth)


def _write_map(value: Any, name: str, depth: int, write_item: _Write) -> str:
    content: list[str] = []
    for key, item in _members(value).items():
        if item is None:
            continue
        try:
            content.append(write_item(item, _name(key), depth + 1))
        except _Fault as fault:
            fault.steps.append(f".{key}")
            raise
    return _element(name, content)


def _object_writer(members: list[tuple[str, str, _Write]], table: dict[str, _Member]) -> _Write:
    known = {member for member, _, _ in members}

    def write(value: Any, name: str, depth: int) -> str:
        value = _members(value)
        content: list[str] = []
        member = ""
        try:
            for member, element, write_member in members:  # noqa: B007
                item = value.get(member)
                if item is not None:
                    content.append(write_member(item, element, depth + 1))
            if not known.issuperset(value):
                for member, item in value.items():
                    if member not in known and item is not None:
                        if member in table:
                            raise _Fault(f"in XML this is the element of the member {table[member].name}")
                        content.append(_write_unknown(item, _name(member), depth + 1))
        except _Fault as fault:
            fault.steps.append(f".{member}")
            raise
        return _element(name, content)

    return write


def _list_writer(item_name: str, write_item: _Write) -> _Write:
    def write(value: Any, name: str, depth: int) -> str:
        content: list[str] = []
        index = 0
        try:
            for index, item in enumerate(_items(value)):
                if item is not None:
                    content.append(write_item(item, item_name, depth + 1))
        except _Fault as fault:
            fault.steps.append(f"[{index}]")
            raise
        return _element(name, content)

    return write


def _entries_writer(entry: str, key: str, item_name: str) -> _Write:
    write_texts = _list_writer(item_name, _write_scalar)

    def write(value: Any, name: str, depth: int) -> str:
        content: list[str] = []
        for path, texts in _members(value).items():
            if texts is None:
                continue
            try:
                written = write_texts(texts, entry, depth + 1).removeprefix(f"<{entry}")
                content.append(f'<{entry} {key}="{_text(path)}"{written}')
            except _Fault as fault:
                fault.steps.append(f".{path}")
                raise
        return _element(name, content)

    return write


# Compiling the plan

_UNKNOWN: Final = _Kind(_read_unknown, _write_unknown)


@cache
def _codec(schema: str) -> _Codec:
    if schema not in PLAN:
        raise KeyError(f"the contract has no schema {schema}")
    root, plan = PLAN[schema]
    elements = {name for member in plan[1] for name in member[:2]} if plan[0] == "object" else set[str]()
    return _Codec(root, _kind(plan), frozenset(elements))


def _kind(plan: Any) -> _Kind:
    """Compile one kind of the XML plan, whose forms the module of the plan lists."""
    match plan:
        case "text":
            return _Kind(_scalar_reader(None), _write_scalar, None, True)
        case "integer" | "number":
            return _Kind(_scalar_reader(_to_number), _write_scalar, _to_number, True)
        case "boolean":
            return _Kind(_scalar_reader(_to_boolean), _write_scalar, _to_boolean, True)
        case ("ref", schema):
            return _codec(schema).kind
        case ("object", members):
            return _object(members)
        case ("map", plan_of_values):
            values = _kind(plan_of_values)
            return _Kind(
                _members_reader({}, values), lambda value, name, depth: _write_map(value, name, depth, values.write)
            )
        case ("list", item_name, plan_of_items):
            items = _kind(plan_of_items)
            return _Kind(_list_reader(items.read), _list_writer(item_name, items.write))
        case ("entries", entry, key, item_name):
            return _Kind(_entries_reader(key), _entries_writer(entry, key, item_name))
        case _:
            raise ValueError(f"the XML plan has a kind that the codec does not know: {plan!r}")


def _object(plan: Any) -> _Kind:
    members = [(name, element, _kind(inner)) for name, element, inner in plan]
    table = {element: _Member(name, kind.read, kind.convert, kind.scalar) for name, element, kind in members}
    for name, _, kind in members:
        table.setdefault(name, _Member(name, kind.read, kind.convert, kind.scalar))
    write = _object_writer([(name, element, kind.write) for name, element, kind in members], table)
    return _Kind(_members_reader(table, _UNKNOWN), write)
