"""A page is read as what its Content-Type says, and every byte that is no report is kept."""

import gzip
import json
from typing import Any

import pytest

from infobip_voice import Report, Unreadable
from infobip_voice._pages import Page, read_page

JSON, XML = "application/json", "application/xml"
ONE, TWO = {"messageId": "one"}, {"messageId": "two"}


def reports(*documents: dict[str, Any]) -> list[Report]:
    return [Report(document) for document in documents]


def page(*results: object) -> bytes:
    return json.dumps({"results": results}).encode()


XML_PAGE = (
    b"<reportResponse><results><result><messageId>one</messageId></result>"
    b"<result><messageId>two</messageId></result></results></reportResponse>"
)


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        (page(ONE, TWO), JSON, None),
        (page(ONE, TWO), "text/plain", ""),
        (page(ONE, TWO), None, "identity"),
        (XML_PAGE, XML, None),
        (XML_PAGE, None, None),
        (gzip.compress(page(ONE, TWO), mtime=0), JSON, "gzip"),
    ],
)
def test_a_page_that_is_whole(body: bytes, content_type: str | None, encoding: str | None) -> None:
    """Every report of it is there, in order, and nothing else."""
    assert read_page(body, content_type, encoding) == Page(reports(ONE, TWO))


@pytest.mark.parametrize("body", [b'{"results": []}', b'{"results": null}'])
def test_an_empty_page(body: bytes) -> None:
    """It has no reports, and nothing is wrong with it."""
    assert read_page(body, JSON) == Page([])


@pytest.mark.parametrize(
    ("body", "content_type", "damage"),
    [
        (b'{"results": 5}', JSON, "TypeError: its results are no list"),
        (b'{"results": {}}', JSON, "TypeError: its results are no list"),
        (b'{"other": []}', JSON, "KeyError: 'results'"),
        (b"[]", JSON, "TypeError: list indices must be integers or slices, not str"),
        (b"", JSON, "JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
        # The Content-Type decides, whatever the first character looks like.
        (XML_PAGE, JSON, "JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
        (page(ONE, 7), XML, "XmlError: line 1, column 1: the XML is malformed (document empty)"),
    ],
)
def test_what_is_no_page(body: bytes, content_type: str, damage: str) -> None:
    """All of it is kept, with the reason, and may hold reports."""
    reason = f"this is no page of reports ({damage})"
    assert read_page(body, content_type) == Page([], (Unreadable(body, reason, content_type),), reason)


@pytest.mark.parametrize("wrong", [7, None, "x", [], {}, [ONE]])
def test_what_is_no_report_is_kept_beside_the_others(wrong: object) -> None:
    """Its neighbours are read; the page as such is sound."""
    piece = Unreadable(json.dumps(wrong).encode(), "it is not an object with members", JSON)
    assert read_page(page(ONE, wrong, TWO), JSON) == Page(reports(ONE, TWO), (piece,))


def test_a_page_that_is_cut() -> None:
    """What did arrive whole is read, and the rest is kept."""
    found = read_page(page(ONE, TWO)[:-6], JSON)
    assert found.reports == reports(ONE)
    assert [piece.body for piece in found.unreadable] == [b'{"messageId": "t']
    assert found.damage.startswith("this is no page of reports (JSONDecodeError: Unterminated string")


@pytest.mark.parametrize(
    ("body", "encoding", "documents", "rest", "damage"),
    [
        (b"\x0b\x80", "br", (), b"\x0b\x80", "the Content-Encoding is unknown"),
        (gzip.compress(page(ONE), mtime=0) + b"xx", "gzip", (ONE,), b"xx", "bytes follow the encoded ones"),
    ],
)
def test_what_cannot_be_decoded_is_kept_with_its_encoding(
    body: bytes, encoding: str, documents: tuple[Any, ...], rest: bytes, damage: str
) -> None:
    """What there is before it is read."""
    assert read_page(body, JSON, encoding) == Page(
        reports(*documents), (Unreadable(rest, damage, JSON, encoding),), damage
    )
