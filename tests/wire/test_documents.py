"""Bodies as values: both formats, exact numbers, encodings, and one kind of error."""

import gzip
import zlib
from decimal import Decimal

import pytest

from infobip_voice_wire.documents import decode, decode_json, unpack, wire_format


@pytest.mark.parametrize(
    ("content_type", "document", "expected"),
    [
        ("application/json", b"<", "json"),
        ("application/problem+json; charset=utf-8", b"<", "json"),
        ("text/xml", b"{", "xml"),
        ("text/html", b" \n<html>", "xml"),
        ("text/plain", b'{"results": []}', "json"),
        (None, b"\n<reportResponse/>", "xml"),
        ("nonsense", b"", "json"),
    ],
)
def test_the_content_type_decides_and_the_first_character_helps_out(
    content_type: str | None, document: bytes, expected: str
) -> None:
    """If the Content-Type names neither format, the first character of the document decides."""
    assert wire_format(document, content_type) == expected


def test_both_formats_give_the_same_value() -> None:
    """Fractions are exact in both formats."""
    value = {"results": [{"messageId": "a", "price": {"pricePerSecond": Decimal("0.010"), "currency": "EUR"}}]}
    json = b'{"results": [{"messageId": "a", "price": {"pricePerSecond": 0.010, "currency": "EUR"}}]}'
    xml = (
        b"<reportResponse><results><result><messageId>a</messageId><price><pricePerMessage>0.010</pricePerMessage>"
        b"<currency>EUR</currency></price></result></results></reportResponse>"
    )
    assert decode(json, "application/json", "VoiceReportResponse") == value
    assert decode(xml, "application/xml", "VoiceReportResponse") == value
    assert str(decode_json(b"[0.10]")[0]) == "0.10"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": "\xff"}',
        b"[" * 100_000,
        b"1e9999999999999999999",
        b"9" * 5000,
        b"<reportResponse>",
        b"<other/>",
    ],
)
def test_what_cannot_be_read_is_a_value_error(document: bytes) -> None:
    """Every parser error becomes a ValueError, too short to quote the document."""
    with pytest.raises(ValueError, match=r".") as caught:
        decode(document, None, "VoiceReportResponse")
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize("encoding", [None, "", "identity", "gzip", " X-GZIP ", "deflate"])
def test_known_encodings_are_undone(encoding: str | None) -> None:
    """Of a cut body, as much is unpacked as arrived."""
    body = b"The same words, the same words, the same words."
    name = (encoding or "").strip().lower()
    packed = gzip.compress(body) if "gzip" in name else zlib.compress(body) if name == "deflate" else body
    assert unpack(packed, encoding) == body
    assert body.startswith(unpack(packed[:-5], encoding))


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [(b"{}", "br", "unknown"), (b"{}", "gzip", "not in their Content-Encoding"), (b"{}", "gzip, gzip", "unknown")],
)
def test_other_encodings_are_refused(body: bytes, encoding: str, reason: str) -> None:
    """Nobody asked for them."""
    with pytest.raises(ValueError, match=reason):
        unpack(body, encoding)


def test_a_decompression_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body is unpacked up to the ceiling and no further."""
    monkeypatch.setattr("infobip_voice_wire.documents._LARGEST", 1000)
    assert unpack(gzip.compress(b" " * 1000), "gzip") == b" " * 1000
    with pytest.raises(ValueError, match="too large"):
        unpack(gzip.compress(b" " * 1001), "gzip")


def test_an_answer_unpacks_to_256_mebibytes_at_most() -> None:
    """That is far more than any page, and less than the memory of a machine."""
    packer = zlib.compressobj()
    mebibyte = packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    begin, block = mebibyte[:2], mebibyte[2:]  # a block that was flushed whole can be repeated
    assert len(unpack(begin + block * 256, "deflate")) == 256 * 2**20
    with pytest.raises(ValueError, match="too large"):
        unpack(begin + block * 257, "deflate")
