"""Broken or hostile documents are refused with the place of the fault, and never quoted."""

import pickle
import re

import pytest
from lxml import etree

from infobip_voice_wire import xml

LAUGHS = (
    '<!DOCTYPE reportResponse [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><reportResponse><x>&i;</x></reportResponse>"
)
EXTERNAL = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><reportResponse><x>&e;</x></reportResponse>'
PLAIN = "<!DOCTYPE reportResponse><reportResponse/>"
NO_DOCTYPE = "root: a DOCTYPE is not accepted"


def refusal(document: bytes, schema: str = "VoiceReportResponse") -> xml.XmlError:
    with pytest.raises(xml.XmlError) as caught:
        xml.decode(document, schema)
    return caught.value


@pytest.mark.parametrize("text", [LAUGHS, EXTERNAL, PLAIN, '<!DOCTYPE a SYSTEM "http://localhost:9/a.dtd"><a/>'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_doctype(text: str, encoding: str) -> None:
    """A DOCTYPE is refused in any encoding and never processed."""
    assert str(refusal(text.encode(encoding))) == NO_DOCTYPE


@pytest.mark.parametrize(
    "document",
    [
        b" \r\n\t<!-- <a> --><?p?><!-- --><!DOCTYPE a><reportResponse/>",
        b"<?xml version='1.0'?>\n<!DOCTYPE a []><reportResponse/>",
        # In these encodings the scan cannot see the DOCTYPE.
        b"<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE reportResponse+AD4APA-reportResponse/+AD4-",
        "<?xml version='1.0' encoding='cp037'?><!DOCTYPE a><reportResponse/>".encode("cp037"),
        "<!--\u2d2d\u3e2d--><!DOCTYPE reportResponse><reportResponse/>".encode("utf-16"),
    ],
)
def test_hidden_doctype(document: bytes) -> None:
    """A prolog or an odd encoding cannot hide a DOCTYPE: the document is refused."""
    reason = refusal(document).reason
    assert reason == "a DOCTYPE is not accepted" or reason.startswith("the XML is malformed")


def test_doctype_found_by_the_parser() -> None:
    """The parser finds the DOCTYPE that the scan does not see."""
    element = etree.fromstring(PLAIN)
    with pytest.raises(xml.XmlError) as caught:
        xml.decode_element(element, "VoiceReportResponse")
    assert str(caught.value) == NO_DOCTYPE


def test_doctype_in_a_text() -> None:
    """Only the prolog is scanned: a text may contain the word DOCTYPE."""
    document = b"<reportResponse><x>&lt;!DOCTYPE</x><y><![CDATA[<!DOCTYPE a>]]></y></reportResponse>"
    assert xml.decode(document, "VoiceReportResponse") == {"x": "<!DOCTYPE", "y": "<!DOCTYPE a>"}


@pytest.mark.parametrize(
    ("document", "line"),
    [
        (b"not XML", 1),
        (b'{"results": []}', 1),
        (b"<reportResponse>\n  <results>", 2),
        (b"<reportResponse>\n <to>\n385981112</from>", 3),
        (b"<reportResponse><to>\n\0</to></reportResponse>", 2),
        (b"<reportResponse><to>\n\xff385981112</to></reportResponse>", 2),
        (b"<reportResponse><x>&e;</x></reportResponse>", 1),
        (b"<reportResponse/>\n<reportResponse/>", 2),
        (b"<?xml version='1.0' encoding='38598'?><a/>", 1),
        (b"<?xml version='1.0' encoding='no-such-encoding'?><a/>", 1),
        (b"<!--", 1),
        (b"<a b='1' b='2'/>", 1),
    ],
)
def test_malformed(document: bytes, line: int) -> None:
    """A malformed document is refused with its place and the kind of error, not quoted."""
    assert re.fullmatch(rf"line {line}, column [0-9]+: the XML is malformed \([a-z ]+\)", str(refusal(document)))


def test_place_of_malformed_input() -> None:
    """Line and column are counted from 1."""
    error = refusal(b"<reportResponse>\n <to>385981112</too>")
    assert (error.place, error.reason) == ("line 2, column 21", "the XML is malformed (tag name mismatch)")


@pytest.mark.parametrize(
    "document", [b"", b" \r\n", b"\0\0", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe \0", b"\xfe\xff\0 ", b"\xef\xbb\xbf"]
)
def test_empty(document: bytes) -> None:
    """The error says that the document is empty, in any encoding."""
    by_the_parser = document in (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")  # the mark of an encoding, and nothing else
    expected = (
        "line 1, column 1: the XML is malformed (document empty)" if by_the_parser else "root: the document is empty"
    )
    assert str(refusal(document)) == expected


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (b"<foo><to>385981112</to></foo>", "foo"),
        (b"<a:foo xmlns:a='urn:a'/>", "foo"),
        (b"<" + b"x" * 5000 + b"/>", "x" * 80),
    ],
)
def test_another_root(document: bytes, found: str) -> None:
    """The error names the local name of the wrong root, shortened."""
    assert str(refusal(document)) == f"root: expected the element reportResponse, found {found}"


def test_a_name_is_no_text() -> None:
    """A schema without members accepts only a root with its own name."""
    assert str(refusal(b"<to>1</to>", "PhoneNumber")) == "root: expected the element PhoneNumber, found to"


def nested(count: int) -> bytes:
    return b"<reportResponse>" + b"<a>" * (count - 1) + b"</a>" * (count - 1) + b"</reportResponse>"


@pytest.mark.parametrize("count", [65, 66, 200])
def test_nesting(count: int) -> None:
    """More than 64 nested elements are refused, with the path of the one too many."""
    error = refusal(nested(count))
    assert error.place == ".".join("a" * 63)
    assert error.reason == "more than 64 elements inside each other"


def test_nesting_that_is_accepted() -> None:
    """Exactly 64 nested elements are accepted."""
    value = xml.decode(nested(64), "VoiceReportResponse")
    for _ in range(63):
        value = value["a"]
    assert value == ""


@pytest.mark.parametrize("count", [300, 10_000, 1_000_000])
def test_deep_nesting(count: int) -> None:
    """Depth never overflows the stack: the parser stops first, in its version's words."""
    reason = refusal(b"<a>" * count + b"</a>" * count).reason
    assert reason in ("the XML is malformed (resource limit)", "the XML is malformed (internal error)")


@pytest.mark.parametrize(
    ("start", "end", "place"),
    [
        (
            "<reportResponse><results><result/><result><x>",
            "</x></result></results></reportResponse>",
            "results[1].x.a.a",
        ),
        ("<results><result><to>", "</to></result></results>", "results[0].to.a.a"),
    ],
)
def test_place_of_nesting(start: str, end: str, place: str) -> None:
    """The place is the path in the value, with the index of the report."""
    assert refusal((start + "<a>" * 70 + "</a>" * 70 + end).encode()).place.startswith(place)


def test_long_place() -> None:
    """A path of long names is shortened."""
    name = b"x" * 100
    error = refusal(b"<reportResponse>" + b"<%b>" % name * 70 + b"</%b>" % name * 70 + b"</reportResponse>")
    assert len(error.place) == 201
    assert error.place.endswith("…")


def test_place_of_an_entry() -> None:
    """The path of a validation error is part of the place."""
    document = b"<ValidationErrors><e path='m[0]'><t>" + b"<a>" * 70 + b"</a>" * 70 + b"</t></e></ValidationErrors>"
    assert refusal(document, "ValidationErrors").place.startswith("m[0][0].a.a.a")


def test_error_crosses_processes() -> None:
    """The error can be pickled, as process pools do."""
    error = pickle.loads(pickle.dumps(refusal(b"")))  # noqa: S301
    assert (error.place, error.reason, str(error)) == ("root", "the document is empty", "root: the document is empty")
