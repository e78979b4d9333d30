"""A broken page gives every whole report, and the bytes of everything else."""

import string
from collections.abc import Iterator
from typing import Any

import pytest

from infobip_voice_wire.salvage import pieces

JSON = "application/json"
XML = "application/xml"


def read(document: bytes, content_type: str | None) -> list[tuple[bytes, Any]]:
    """Return the pieces with their values; the value is None if the piece cannot be read."""

    def values() -> Iterator[tuple[bytes, Any]]:
        for piece, value in pieces(document, content_type):
            try:
                yield piece, value()
            except ValueError:
                yield piece, None

    return list(values())


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"", []),
        (b'{"resul', []),
        (b'{"results": [', []),
        (b'{"results": []}', []),
        (b'{"results" :\n[ {"a": 1} , {"b": 2} ]}', [(b'{"a": 1}', {"a": 1}), (b'{"b": 2}', {"b": 2})]),
        (b'{"results": [{"a": "]}\\""}, {"b": "cut', [(b'{"a": "]}\\""}', {"a": ']}"'}), (b'{"b": "cut', None)]),
        (b'{"results": [{"a": "\\', [(b'{"a": "\\', None)]),
        (b'{"results": [1, null, [2], "x"]}', [(b"1", 1), (b"null", None), (b"[2]", [2]), (b'"x"', "x")]),
        (b'{"results": [}, {"a": 1}]}', [(b"}", None), (b'{"a": 1}', {"a": 1})]),
        (b'{"results": [{"a": \xff}, {"a": 1}]}', [(b'{"a": \xff}', None), (b'{"a": 1}', {"a": 1})]),
    ],
)
def test_json(document: bytes, expected: list[tuple[bytes, Any]]) -> None:
    """An element ends where its brackets close; a cut one reaches to the end of the text."""
    assert read(document, JSON) == expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"<reportResponse><other/></reportResponse>", []),
        (b"<r><results><result><to>1</to></result> x <result/></results></r>",
         [(b"<result><to>1</to></result>", {"to": "1"}), (b"<result/>", {}), (b"x", "x")]),
        (b"<results><results><to>1</to></results></results>", [(b"<results><to>1</to></results>", {"to": "1"})]),
        (b"<r><results><result><to>1</to></result><result><to>2</",
         [(b"<result><to>1</to></result>", {"to": "1"}), (b"<result><to>2</", None)]),
        (b"<r><results><results><to>1</to></results><results><to>2</",
         [(b"<results><to>1</to></results>", {"to": "1"}), (b"<results><to>2</", None)]),
        (b"<r><results><result><to>&nbsp;</to></result><result><to>2</to></result></results></r>",
         [(b"<result><to>&nbsp;</to></result>", None), (b"<result><to>2</to></result>", {"to": "2"})]),
        (b"<r><results><result>\n <to>1</to>\n</result>\n<result>\n <to>2</",
         [(b"<result>\n <to>1</to>\n</result>", {"to": "1"}), (b"<result>\n <to>2</", None)]),
        (b"<result><to>1</to></result><result><to>2</",
         [(b"<result><to>1</to></result>", {"to": "1"}), (b"<result><to>2</", None)]),
        (b'<!DOCTYPE r [<!ENTITY e "x">]><r><results><result><to>&e;</to></result></results></r>',
         [(b"<result><to>&e;</to></result>", None)]),
        (b"<r", []),
    ],
)  # fmt: skip
def test_xml(document: bytes, expected: list[tuple[bytes, Any]]) -> None:
    """Each element is a piece, in both forms of the list; a malformed page is cut at start tags."""
    assert read(document, XML) == expected


def test_anything_without_a_bracket_ends_at_the_next_comma() -> None:
    """Whatever it begins with: it does not take the report behind it along."""
    for first in set(string.printable) - set('{}[],"' + string.whitespace):
        document = f'{{"results": [{first}1, {{"a": 1}}]}}'.encode()
        assert [piece for piece, _ in read(document, JSON)] == [f"{first}1".encode(), b'{"a": 1}']


@pytest.mark.parametrize("content_type", [None, "text/plain"])
def test_without_a_content_type_the_document_tells_its_format(content_type: str | None) -> None:
    """A page is taken apart as what it is."""
    assert read(b'{"results": [{"a": 1}, {"cut', content_type) == [(b'{"a": 1}', {"a": 1}), (b'{"cut', None)]
    assert read(b"<r><results><result/></results></r>", content_type) == [(b"<result/>", {})]


def test_the_content_type_counts_for_more_than_the_first_character() -> None:
    """A document of the other format holds no reports of this one."""
    assert read(b"<r><results><result/></results></r>", JSON) == []


@pytest.mark.parametrize("document", [b'{"results": [' + b'"' * 200_000, b'{"results": [' + b'{"' * 100_000])
def test_a_long_cut_string_is_read_once(document: bytes) -> None:
    """A search for its end that began at every quote would take minutes."""
    assert b"".join(piece for piece, _ in pieces(document, JSON)) == document[13:]
