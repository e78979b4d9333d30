"""A page is read as what its Content-Type says, and every byte that is no report is kept."""

import gzip
import json
from typing import Any

import pytest

from infobip_voice import Report, Unreadable, parse_push
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


@pytest.mark.parametrize(
    ("document", "content_type", "found", "piece"),
    [
        (page(ONE, 7, TWO), JSON, (ONE, TWO), Unreadable(b"7", "it is not an object with members", JSON)),
        (XML_PAGE, XML, (ONE, TWO), None),
        (
            XML_PAGE,
            JSON,
            (),
            Unreadable(
                XML_PAGE,
                "this is no page of reports (JSONDecodeError: Expecting value: line 1 column 1 (char 0))",
                JSON,
            ),
        ),
    ],
)
def test_what_goes_before_undecodable_bytes_is_a_page_of_its_type(
    document: bytes, content_type: str, found: tuple[Any, ...], piece: Unreadable | None
) -> None:
    """Its reports are read, and what is unreadable in it is kept before the bytes."""
    left = Unreadable(b"xx", "bytes follow the encoded ones", content_type, "gzip")
    unreadable = (left,) if piece is None else (piece, left)
    assert read_page(gzip.compress(document) + b"xx", content_type, "gzip") == Page(
        reports(*found), unreadable, "bytes follow the encoded ones"
    )


def test_a_reason_shows_no_number() -> None:
    """What was found instead of a page may be one."""
    found = read_page(b"<n41793026727/>", XML)
    reason = "this is no page of reports (XmlError: root: expected the element reportResponse, found n*********27)"
    assert found == Page([], (Unreadable(b"<n41793026727/>", reason, XML),), reason)


def test_a_pushed_list_without_its_object_is_read() -> None:
    """An application in between may hand on only the list; a server that answers so has a fault."""
    body = b'[{"messageId": "a"}, {"messageId": "b"}]'
    pushed, fetched = parse_push(body, JSON), read_page(body, JSON)
    assert [report.message_id for report in pushed] == ["a", "b"]
    assert pushed.unreadable == ()
    assert [report.message_id for report in fetched.reports] == ["a", "b"]
    assert fetched.damage
