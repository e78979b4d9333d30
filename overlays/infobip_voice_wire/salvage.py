"""Take apart a page of reports that cannot be read as a whole.

The server will not send the page again, so every report in it that is whole has to be found.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from infobip_voice_wire import documents

__all__ = ["Piece", "pieces"]

Piece = tuple[bytes, Callable[[], Any]]

_RESULTS: Final = re.compile(r'\A\ufeff?\s*\[|"results"\s*:\s*\[')
_BETWEEN: Final = re.compile(r"[\s,]*")
# A string without an end matches to the end of the text. Otherwise the search for its end would
# begin again at every quote inside it, and take quadratic time.
_STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[][{}]', re.DOTALL)
_SCALAR: Final = re.compile(r"[^\s,\]]+")


def pieces(document: bytes, content_type: str | None) -> Iterator[Piece]:
    """Yield the bytes of each element of `results`, with a function that reads them. A bare list
    stands for `results`.

    If the page is cut, the last piece is what arrived of its last element. A function raises
    ValueError if its piece is itself broken.
    """
    return (_of_xml if documents.wire_format(document, content_type) == "xml" else _of_json)(document)


def _of_json(document: bytes) -> Iterator[Piece]:
    text = document.decode("utf-8", "surrogateescape")
    start = _RESULTS.search(text)
    position = start.end() if start else len(text)
    while True:
        position = _BETWEEN.match(text, position).end()  # type: ignore[union-attr]
        if position >= len(text) or text[position] == "]":
            return
        end = _end(text, position)
        piece = text[position:end].encode("utf-8", "surrogateescape")
        yield piece, partial(documents.decode_json, piece)
        position = end


def _end(text: str, position: int) -> int:
    """Return where the element at `position` ends. Only brackets count, not what is between."""
    if text[position] not in "{[":
        return _SCALAR.match(text, position).end()  # type: ignore[union-attr]
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text, position):
        depth += (match[0] in "{[") - (match[0] in "}]")
        if depth == 0:
            return match.end()
    return len(text)


def _of_xml(document: bytes) -> Iterator[Piece]:
    """Yield the elements of a well-formed document; cut any other before each start tag."""
    from lxml import etree

    from infobip_voice_wire import xml
    from infobip_voice_wire._xml_reading import local_name, parse

    def read(piece: bytes) -> Any:
        return xml.decode_element(parse(piece), *documents.REPORT)

    try:
        root = parse(document)
    except ValueError:
        tag = b"result" if re.search(rb"<result[\s/>]", document) else b"results"
        reports = document if tag == b"result" else document.partition(b"<results")[2]
        for match in re.finditer(rb"<%b[\s/>].*?(?=<%b[\s/>]|\Z)" % (tag, tag), reports, re.DOTALL):
            piece, closing, _ = match[0].partition(b"</%b>" % tag)
            yield piece + closing, partial(read, piece + closing)
        return
    for wrapper in (
        [root] if local_name(root) == "results" else [child for child in root if local_name(child) == "results"]
    ):
        for child in wrapper:
            source = etree.tostring(child, encoding="unicode", with_tail=False).encode()
            yield source, partial(xml.decode_element, child, *documents.REPORT)
        stray = "".join([wrapper.text or "", *(child.tail or "" for child in wrapper)]).strip()
        if stray:
            yield stray.encode(), partial(str, stray)
