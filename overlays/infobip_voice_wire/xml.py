"""The XML form of every schema of the contract, by one codec that is compiled from the contract's `xml:` objects.

    decode(b"<reportResponse><results/></reportResponse>", "VoiceReportResponse")   {"results": []}
    encode({"results": []}, "VoiceReportResponse")                                  the same bytes

XML carries no types and no nulls, so a value comes back in a normal form: a null member or item is absent, numbers are
`int` or an exact `Decimal`, `"true"` and `"false"` where the contract allows a boolean are booleans, and what the
contract does not know is text. Reading is tolerant and loses nothing: whatever does not fit the schema is kept in a
shape that a validator of the schema refuses at its path. Writing gives the form of the documentation's own samples.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import Any, Final, NamedTuple

from lxml import etree

from infobip_voice_schema.xml_plan import PLAN

__all__ = ["XmlError", "decode", "decode_element", "encode"]

_DEPTH: Final = 64
_DIGITS: Final = 640  # `sys.set_int_max_str_digits` can be set no lower: `int` always reads as many
_SPACE: Final = " \t\r\n"  # white space of XML; str.isspace() knows more
_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_STRAY: Final = "#text"  # no element can have this name
_ROOT: Final = "root"

# JSON's grammar, but for exponents that `Decimal` cannot hold on every machine.
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,8})?)")
_DOCTYPE: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?>[ \t\r\n]+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP: Final = re.compile("[&<>\r]|" + _ILLEGAL.pattern)
# A reader makes spaces of white space in an attribute, and a line feed of a carriage return anywhere.
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ATTRIBUTE: Final = str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;"})
_START: Final = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = re.compile(f"[{_START}][{_START}0-9.\xb7\u0300-\u036f\u203f\u2040-]*")

# Elements are `Any`: lxml has no public name for their type.
_Read = Callable[[Any], Any]
_Convert = Callable[[str], Any]
_Write = Callable[[Any, str, int], str]


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


class _PathError(Exception):
    """An error on its way up to `_placed`; every level that it passes adds its own step of the path."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str] = []


class _Kind(NamedTuple):
    read: _Read  # the value of any element
    convert: _Convert | None  # the value of an element that holds text alone; None: the text is the value
    write: _Write


class _Codec(NamedTuple):
    root: str
    elements: frozenset[str]
    kind: _Kind


def decode(document: bytes, schema: str) -> Any:
    """Return the JSON value of an XML document of the named schema of the contract.

    The root is the schema's element; a root that is named like a member of the schema is read as that member alone, so
    that an error without its `ApiException` element can be read. Elements match by local name, first by the name that
    the contract gives them in XML and then by the JSON name; any child of a list is an item (§6: write the
    samples' form, read both). Repeated members become lists, unknown elements are kept as text, dict or list, text beside
    elements is kept as `#text`, and a scalar whose text does not fit its type stays text.

    Raises:
        XmlError: the document is malformed, has a DOCTYPE or another root, or nests more than 64 elements.
        KeyError: the contract has no such schema.
    """
    codec = _codec(schema)
    root = _parse(document)
    name = _local_name(root)
    if name != codec.root:
        if name not in codec.elements:
            raise XmlError(_ROOT, f"expected the element {codec.root}, found {name[:80]}")
        outer = etree.Element(codec.root)
        outer.append(root)
        root = outer
    return _placed(codec.kind.read, root)


def decode_element(element: Any, schema: str) -> Any:
    """Return the JSON value of one lxml element, whatever its name, read as the named schema of the contract.

    Raises:
        XmlError: its document has a DOCTYPE, or it nests more than 64 elements.
        KeyError: the contract has no such schema.
    """
    _refuse_doctype(element)
    return _placed(_codec(schema).kind.read, element)


def encode(value: Any, schema: str) -> bytes:
    """Return the XML document, UTF-8 and without a declaration, of a JSON value of the named schema of the contract.

    Members come in the order of the schema, then unknown ones in their own order; None is left out and an empty list is
    an empty element (contract, XML). Numbers are written exactly, as JSON writes them. The value is not validated
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
    except _PathError as error:
        place = "".join(reversed(error.steps)).removeprefix(".") or _ROOT
        # A path can be made of 64 names of any length.
        raise XmlError(place if len(place) <= 200 else place[:200] + "…", error.reason) from None


# Reading


def _parse(document: bytes) -> Any:
    start = document
    if b"\0" in document:  # UTF-16 or UTF-32: without the zeros, its markup is ASCII
        start = document.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    # The scan spends nothing on a DTD; an encoding that hides one from it does not hide it from the parser.
    if _DOCTYPE.match(start):
        raise XmlError(_ROOT, "a DOCTYPE is not accepted")
    if not start.strip():
        raise XmlError(_ROOT, "the document is empty")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        # The parser's own message may quote the document; the name of the kind of error cannot.
        log: Any = error.error_log
        kind = log.last_error.type_name.removeprefix("ERR_").replace("_", " ").lower()
        place = f"line {max(line, 1)}, column {max(column, 1)}"
        raise XmlError(place, f"the XML is malformed ({kind})") from None
    _refuse_doctype(root)
    return root


def _refuse_doctype(element: Any) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise XmlError(_ROOT, "a DOCTYPE is not accepted")


def _local_name(element: Any) -> str:
    return element.tag.rpartition("}")[2]  # type: ignore[no-any-return]


def _own_text(element: Any) -> str:
    return "".join([element.text or "", *(child.tail or "" for child in element)])


def _without_children(element: Any, convert: _Convert) -> Any:
    text = _own_text(element)
    nil = element.get(_NIL, "").strip(_SPACE) in ("true", "1")
    return None if nil and not text.strip(_SPACE) else convert(text)


class _Literals(dict[str, Any]):
    """The values of literals, to be looked up as `literals[text]`.

    Codes, durations and prices come again and again. Short literals are kept, and so few of them that no document can
    fill the memory.
    """

    def __init__(self, value_of: _Convert) -> None:
        super().__init__()
        self._value_of = value_of

    def __missing__(self, text: str) -> Any:
        value = self._value_of(text)
        if len(text) <= 6 and len(self) < 4096:
            self[text] = value
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
    number = Decimal(literal)
    # `int(Decimal("1e999999999"))` would take a gigabyte: numbers that long stay text, however they are written.
    return number if abs(number.adjusted()) <= _DIGITS else text


def _to_boolean(text: str) -> Any:
    literal = text.strip(_SPACE)
    return {"true": True, "false": False}.get(literal, text) if literal else None


_NUMBERS: Final = _Literals(_to_number).__getitem__
_TRUTHS: Final = _Literals(_to_boolean).__getitem__


def _scalar_reader(convert: _Convert | None) -> _Read:
    def read(element: Any) -> Any:
        value = _read_unknown(element)
        return convert(value) if convert is not None and isinstance(value, str) else value

    return read


def _again(value: dict[str, Any], repeated: set[str], name: str, item: Any) -> None:
    """Add a further value of a member: two wrappers of a list are one list, anything else becomes a list."""
    first = value[name]
    if name in repeated:
        first.append(item)
    elif isinstance(first, list) and isinstance(item, list):
        first.extend(item)  # pyright: ignore[reportUnknownMemberType]
    else:
        value[name] = [first, item]
        repeated.add(name)


def _members_reader(
    table: dict[str, tuple[str, _Convert | None, _Read]],
    other: tuple[_Convert | None, _Read],
    convert_text: _Convert,
    name_of: Callable[[Any], str] = _local_name,
) -> _Read:
    """Return the reader of anything with named members.

    Args:
        table: the name, `convert` and `read` of each known member by its element.
        other: the same for an element that the table does not have, whose member `name_of` names.
        convert_text: makes the value of an element without children.
        name_of: the name of the member that an element is.
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
                # Siblings are mostly indented alike: comparing with the last blank is cheaper than stripping again.
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
        except _PathError as error:
            error.steps.append(f".{name}")
            raise
        if not value:
            return _without_children(element, convert_text)
        if stray:
            value[_STRAY] = _own_text(element).strip(_SPACE)
        return value

    return read


def _list_reader(read_item: _Read) -> _Read:
    def read(element: Any) -> Any:
        items: list[Any] = []
        try:
            for child in element:
                if isinstance(child.tag, str):
                    items.append(read_item(child))  # noqa: PERF401 - an error counts what was read
        except _PathError as error:
            error.steps.append(f"[{len(items)}]")
            raise
        if not items:
            return _without_children(element, _to_list)
        if stray := _own_text(element).strip(_SPACE):
            items.append(stray)
        return items

    return read


def _to_text(text: str) -> Any:
    return text


def _to_dict(text: str) -> Any:
    return text if text.strip(_SPACE) else {}


def _to_list(text: str) -> Any:
    return text if text.strip(_SPACE) else []


def _read_unknown(element: Any) -> Any:
    """Read without a schema: a leaf is its text, anything else a dict."""
    if len(element) and sum(1 for _ in element.iterancestors()) >= _DEPTH - 1:
        raise _PathError(f"more than {_DEPTH} elements inside each other")
    return _read_open(element)


_read_open = _members_reader({}, (None, _read_unknown), _to_text)


# Writing


def _text(value: object) -> str:
    if isinstance(value, str):
        if _MARKUP.search(value) is None:
            return str.__str__(value)  # an enumeration of strings prints otherwise
        if found := _ILLEGAL.search(value):
            raise _PathError(f"XML cannot carry the character U+{ord(found[0]):04X}")
        return _MARKUP.sub(lambda match: _ESCAPES[match[0]], value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        try:
            return int.__repr__(value)
        except ValueError:
            raise _PathError("the number has too many digits") from None
    if isinstance(value, (float, Decimal)):
        # As a float, a large Decimal is infinite.
        if not (value.is_finite() if isinstance(value, Decimal) else isfinite(value)):
            raise _PathError("a number must be finite")
        return str(value)
    raise _PathError(f"expected a text, a number or a boolean, found {_type_name(value)}")


def _type_name(value: object) -> str:
    names: dict[type, str] = {dict: "an object", list: "an array", str: "a text"}
    return names.get(type(value), f"a value of the type {type(value).__name__}")


def _element(name: str, content: list[str]) -> str:
    return f"<{name}>{''.join(content)}</{name}>" if content else f"<{name}/>"


def _members(value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise _PathError(f"expected an object, found {_type_name(value)}")
    return value  # pyright: ignore[reportUnknownVariableType]


def _write_scalar(value: Any, name: str, depth: int) -> str:  # noqa: ARG001
    return f"<{name}>{_text(value)}</{name}>"


def _check_name(name: object) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _PathError("the name of this member cannot be the name of an XML element")


def _write_unknown(value: Any, name: str, depth: int) -> str:
    """Write without a schema: a list as repeated elements, a dict as an element with children."""
    if depth > _DEPTH:
        raise _PathError(f"more than {_DEPTH} elements inside each other")
    _check_name(name)
    if isinstance(value, dict):
        return _write_open(value, name, depth)
    if not isinstance(value, (list, tuple)):
        return _write_scalar(value, name, depth)
    items: list[Any] = [item for item in value if item is not None]  # pyright: ignore[reportUnknownVariableType]
    if any(isinstance(item, (list, tuple)) for item in items):
        raise _PathError("an array directly in an array has no form in XML")
    return "".join(_write_unknown(item, name, depth) for item in items)


def _members_writer(
    members: list[tuple[str, str, _Write]], write_other: _Write, names: dict[str, str] | None = None
) -> _Write:
    """Return the writer of anything with named members.

    Args:
        members: the name, element and writer of each known member.
        write_other: writes any other member.
        names: the known member that an element would be read as.
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
                        raise _PathError(f"in XML this is the element of the member {taken[member]}")
                    content.append(write_other(item, member, depth + 1))
        except _PathError as error:
            error.steps.append(f".{member}")
            raise
        return _element(name, content)

    return write


_write_open = _members_writer([], _write_unknown)


def _list_writer(item_name: str, write_item: _Write) -> _Write:
    def write(value: Any, name: str, depth: int) -> str:
        if not isinstance(value, (list, tuple)):
            raise _PathError(f"expected an array, found {_type_name(value)}")
        items: list[Any] = list(value)  # pyright: ignore[reportUnknownArgumentType]
        content: list[str] = []
        for index, item in enumerate(items):
            try:
                if item is not None:
                    content.append(write_item(item, item_name, depth + 1))
            except _PathError as error:
                error.steps.append(f"[{index}]")
                raise
        return _element(name, content)

    return write


def _map_writer(write_item: _Write) -> _Write:
    def write_entry(value: Any, name: str, depth: int) -> str:
        _check_name(name)
        return write_item(value, name, depth)

    return _members_writer([], write_entry)


def _entries_writer(entry: str, key: str, item_name: str) -> _Write:
    write_texts = _list_writer(item_name, _write_scalar)

    def write_entry(value: Any, name: str, depth: int) -> str:
        attribute = f'{key}="{_text(name).translate(_ATTRIBUTE)}"'
        return f"<{entry} {attribute}{write_texts(value, entry, depth).removeprefix(f'<{entry}')}"

    return _members_writer([], write_entry)


# Compiling the plan


@cache
def _codec(schema: str) -> _Codec:
    if schema not in PLAN:
        raise KeyError(f"the contract has no schema {schema}")
    root, plan = PLAN[schema]
    elements = {name for member in plan[1] for name in member[:2]} if plan[0] == "object" else set[str]()
    return _Codec(root, frozenset(elements), _kind(plan))


def _kind(plan: Any) -> _Kind:
    """Compile one kind of the XML plan; the plan's own module lists the forms."""
    match plan:
        case "text":
            return _Kind(_scalar_reader(None), None, _write_scalar)
        case "integer" | "number":
            return _Kind(_scalar_reader(_NUMBERS), _NUMBERS, _write_scalar)
        case "boolean":
            return _Kind(_scalar_reader(_TRUTHS), _TRUTHS, _write_scalar)
        case ("ref", schema):
            return _codec(schema).kind
        case ("object", members):
            return _object(members)
        case ("map", plan_of_values):
            values = _kind(plan_of_values)
            reader = _members_reader({}, (values.convert, values.read), _to_dict)
            return _Kind(reader, _to_dict, _map_writer(values.write))
        case ("list", item_name, plan_of_items):
            items = _kind(plan_of_items)
            return _Kind(_list_reader(items.read), _to_list, _list_writer(item_name, items.write))
        case ("entries", entry, key, item_name):
            # The keys are paths, and a path is no name of an element (ruling R12).
            texts = _list_reader(_scalar_reader(None))
            reader = _members_reader({}, (_to_list, texts), _to_dict, lambda element: element.get(key, ""))
            return _Kind(reader, _to_dict, _entries_writer(entry, key, item_name))
        case _:
            raise ValueError(f"the XML plan has a kind that the codec does not know: {plan!r}")


def _object(plan: Any) -> _Kind:
    members: list[tuple[str, str, _Kind]] = [(name, element, _kind(inner)) for name, element, inner in plan]
    table = {element: (name, kind.convert, kind.read) for name, element, kind in members}
    for name, _, kind in members:
        table.setdefault(name, (name, kind.convert, kind.read))
    writers = [(name, element, kind.write) for name, element, kind in members]
    names = {element: member for element, (member, _, _) in table.items()}
    return _Kind(
        _members_reader(table, (None, _read_unknown), _to_dict),
        _to_dict,
        _members_writer(writers, _write_unknown, names),
    )
