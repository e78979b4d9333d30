"""Read the bytes of an answer or a push, in JSON or XML, as a value."""

import json
import re
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, NoReturn

from infobip_voice_wire import media_types
from infobip_voice_wire._xml_places import DEPTH

__all__ = ["MAX_UNPACKED", "PAGE", "REPORT", "Unpacked", "decode", "decode_json", "unpack", "wire_format"]

MAX_UNPACKED: Final = 256 * 1024 * 1024  # a page of 50 reports has 50 KB; this stops a decompression bomb

# Reports are flat or nested (contract, the push): a document of either is read by both schemas.
PAGE: Final = ("VoiceReportResponse", "NestedReportResponse")
REPORT: Final = ("VoiceReport", "NestedReport")

_MAX_LAYERS: Final = 5  # each may be a bomb of its own
_NONE: Final = ("", "identity", "none")
_INFLATED: Final = ("gzip", "x-gzip", "deflate")
# For zlib's `wbits`: a gzip or a zlib header, whichever is there; and no header at all.
_HEADED, _RAW = 47, -15
_GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 16 * 1024
_DOCUMENT: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{<]")
_ITEMS: Final[dict[type, Callable[[Any], Iterable[Any]]]] = {dict: dict[Any, Any].values, list: iter}


class Unpacked(NamedTuple):
    """A body without its Content-Encoding, as far as that could be undone.

    Attributes:
        document: what could be read, from the start.
        rest: the encoded bytes of what could not be read to its end; empty if all was read, or if
            the body was cut.
        damage: why there is a rest; empty if there is none.
    """

    document: bytes
    rest: bytes = b""
    damage: str = ""


def unpack(body: bytes, content_encoding: str | None) -> Unpacked:
    """Undo a Content-Encoding: read what can be read, and keep every byte of the rest. Never raise.

    Read are gzip in any number of members, deflate with and without its zlib header, `identity` and
    `none`, and lists of these, undone from the right. Of a stream that is cut or broken, the start
    is read. A document that lacks the encoding which the header claims is read as it is. Nothing is
    read of one that unpacks to more than `MAX_UNPACKED` bytes.
    """
    codings = (content_encoding or "").lower().split(",")
    layers = [name for coding in codings if (name := coding.strip()) not in _NONE]
    if body and len(layers) > _MAX_LAYERS:
        return Unpacked(b"", body, "the Content-Encoding has too many layers")
    document, rest, damage = body, b"", ""
    while document and layers:
        name = layers.pop()
        undone = _undo(document) if name in _INFLATED else Unpacked(b"", document, "the Content-Encoding is unknown")
        if undone.damage and _DOCUMENT.match(document):
            continue
        if undone.damage:
            rest = undone.rest if document is body else body
            damage = damage or undone.damage
        document = undone.document
    return Unpacked(document, rest, damage)


def _undo(packed: bytes) -> Unpacked:
    headed, _ = _inflate(packed, _HEADED)
    if headed.document or not headed.damage:
        return headed
    raw, whole = _inflate(packed, _RAW)
    if whole:
        return raw
    # Nothing marks a raw stream, and any bytes may look like the start of one: they are kept beside
    # what they give.
    return Unpacked(raw.document, packed, "deflate without an end") if _DOCUMENT.match(raw.document) else headed


def _inflate(packed: bytes, wbits: int) -> tuple[Unpacked, bool]:
    """Return what can be read of a stream and of those that follow it, and whether that is all."""
    pieces: list[bytes] = []
    room, member, position = MAX_UNPACKED, 0, 0
    inflater = zlib.decompressobj(wbits)
    while position < len(packed):
        chunk = packed[position : position + _CHUNK]
        before = inflater.copy()
        try:
            piece = inflater.decompress(chunk, room + 1)
        except zlib.error:
            pieces.append(_start(before, chunk))
            return Unpacked(b"".join(pieces), packed[member:], "the bytes are not in their Content-Encoding"), False
        pieces.append(piece)
        room -= len(piece)
        if room < 0:
            return Unpacked(b"", packed, "the decoded answer is too large"), False
        position += len(chunk) - len(inflater.unused_data)
        if inflater.eof:
            if wbits == _HEADED and packed.startswith(_GZIP, position):
                inflater, member = zlib.decompressobj(wbits), position
                continue
            rest = packed[position:]
            return Unpacked(b"".join(pieces), rest, "bytes follow the encoded ones" if rest else ""), not rest
    readable = b"".join(pieces)
    return Unpacked(readable) if readable else Unpacked(b"", packed, "the encoded bytes end too early"), False


def _start(inflater: Any, chunk: bytes) -> bytes:
    """Return what a stream gives up to the byte at which it breaks.

    zlib's error takes the output of the whole chunk with it.
    """
    readable = bytearray()
    left = iter(chunk)
    with suppress(zlib.error, StopIteration):
        while True:
            readable += inflater.decompress(bytes((next(left),)))
    return bytes(readable)


def wire_format(document: bytes, content_type: str | None) -> Literal["json", "xml"]:
    """Return the format that the Content-Type names; if it names neither, look at the document."""
    return media_types.wire_format(content_type) or ("xml" if document.lstrip()[:1] == b"<" else "json")


def decode(document: bytes, content_type: str | None, *schemas: str) -> Any:
    """Return the value of a JSON or XML document; fractions are exact `Decimal`s.

    Args:
        document: its bytes.
        content_type: the Content-Type header.
        schemas: the name of the contract's schema by which to read XML, or of each that it may be
            of; JSON needs none.

    Raises:
        ValueError: the document cannot be read, for whatever reason. The message does not quote it.
    """
    if wire_format(document, content_type) == "json":
        return decode_json(document)
    from infobip_voice_wire import xml  # lxml costs a third of the import time of httpx

    return xml.decode(document, *schemas)


def decode_json(document: bytes) -> Any:
    """Return the value of a JSON document; fractions are exact `Decimal`s.

    Like an XML document it may nest 64 levels. Python's own bound is no bound for what is done with
    the value later: it counts from the caller, and another caller may have less room left.

    Raises:
        ValueError: the document cannot be read, for whatever reason. The message does not quote it.
    """
    try:
        value = json.loads(document, parse_float=Decimal, parse_constant=_refuse)
    except (ArithmeticError, RecursionError) as error:
        raise ValueError(f"a number or a nesting is out of bounds ({type(error).__name__})") from None
    # A document of one call, with fewer brackets in all, is not looked at.
    if document.count(b"[") + document.count(b"{") > DEPTH and _is_deeper_than(DEPTH, value):
        raise ValueError(f"more than {DEPTH} arrays and objects inside each other")
    return value


def _is_deeper_than(levels: int, value: Any) -> bool:
    """Look at all arrays and objects of a level at once: a page has many, but few levels."""
    nests: list[Any] = [value] if type(value) in _ITEMS else []
    while nests and levels:
        levels -= 1
        nests = [item for nest in nests for item in _ITEMS[type(nest)](nest) if type(item) in _ITEMS]
    return bool(nests)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
