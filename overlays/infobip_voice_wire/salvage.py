"""Taking a page of reports apart that cannot be read as a whole: the server will not send it again."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from infobip_voice_wire import documents

__all__ = ["Piece", "pieces"]

Piece = tuple[bytes, Callable[[], Any]]

_RESULTS: Final = re.compile(r'"results"\s*:\s*\[')
_BETWEEN: Final = re.compile(r"[\s,]*")
# A string that does not end goes to the end of the text: looking for its end from each quote in it would be quadratic.
_STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[][{}]', re.DOTALL)
_SCALAR: Final = re.compile(r"[^\s,\]]*")


def pieces(document: bytes, content_type: str | None) -> Iterator[Piece]:
    """Yield, for each element of `results`, its bytes and a function that reads them; of a cut page, the rest as one.

    The functions raise ValueError for a piece that is itself broken.
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
    """Return where the element at `position` ends, by its brackets alone: it may be anything between them."""
    if text[position] not in "{[":
        return max(_SCALAR.match(text, position).end(), position + 1)  # type: ignore[union-attr]
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text, position):
        depth += (match[0] in "{[") - (match[0] in "}]")
        if depth == 0:
            return match.end()
    return len(text)


def _of_xml(document: bytes) -> Iterator[Piece]:
    """Read element by element; in a document that is not well formed, from start tag to start tag."""
    from lxml import etree

    from infobip_voice_wire import xml
    from infobip_voice_wire._xml_reading import local_name, parse

    def read(piece: bytes) -> Any:
        return xml.decode_element(parse(piece), "VoiceReport")

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
            yield source, partial(xml.decode_element, child, "VoiceReport")
        stray = "".join([wrapper.text or "", *(child.tail or "" for child in wrapper)]).strip()
        if stray:
            yield stray.encode(), partial(str, stray)
