"""Read the bytes of an answer or a push, in JSON or XML, as a value."""

import json
import zlib
from decimal import Decimal
from typing import Any, Final, Literal, NoReturn

from infobip_voice_wire import media_types

__all__ = ["decode", "decode_json", "unpack", "wire_format"]

_LARGEST: Final = 256 * 1024 * 1024  # a page of 50 reports has 50 KB; this stops a decompression bomb


def unpack(body: bytes, content_encoding: str | None) -> bytes:
    """Return a body with its Content-Encoding undone; of a cut body, as much as there is.

    Raises:
        ValueError: the encoding is neither gzip nor deflate, the bytes are not in that encoding, or
            they unpack to more than 256 MiB.
    """
    encoding = (content_encoding or "identity").strip().lower()
    if encoding in ("identity", ""):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError("the Content-Encoding is unknown")
    # 47 accepts a zlib header and a gzip header (zlib's manual, inflateInit2).
    inflater = zlib.decompressobj(47)
    try:
        plain = inflater.decompress(body, _LARGEST)
    except zlib.error:
        raise ValueError("the bytes are not in their Content-Encoding") from None
    if inflater.unconsumed_tail:
        raise ValueError("the decoded answer is too large")
    return plain


def wire_format(document: bytes, content_type: str | None) -> Literal["json", "xml"]:
    """Return the format that the Content-Type names; if it names neither, look at the document."""
    return media_types.wire_format(content_type) or ("xml" if document.lstrip()[:1] == b"<" else "json")


def decode(document: bytes, content_type: str | None, schema: str) -> Any:
    """Return the value of a JSON or XML document; fractions are exact `Decimal`s.

    Args:
        document: its bytes.
        content_type: the Content-Type header.
        schema: the name of the contract's schema by which to read XML; JSON needs none.

    Raises:
        ValueError: the document cannot be read, for whatever reason. The message does not quote it.
    """
    if wire_format(document, content_type) == "json":
        return decode_json(document)
    from infobip_voice_wire import xml  # lxml costs a third of the import time of httpx

    return xml.decode(document, schema)


def decode_json(document: bytes) -> Any:
    """Return the value of a JSON document; fractions are exact `Decimal`s.

    Raises:
        ValueError: the document cannot be read, for whatever reason. The message does not quote it.
    """
    try:
        return json.loads(document, parse_float=Decimal, parse_constant=_refuse)
    except (ArithmeticError, RecursionError) as error:
        raise ValueError(f"a number or a nesting is out of bounds ({type(error).__name__})") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
