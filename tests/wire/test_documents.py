"""Bodies as values: both formats, exact numbers, encodings, and one kind of error."""

import gzip
import zlib
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, sampled_from

from infobip_voice_wire.documents import MAX_UNPACKED, Unpacked, decode, decode_json, unpack, wire_format


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


@pytest.mark.parametrize(
    ("document", "most"),
    [
        (lambda count: "[" * count + "7" + "]" * count, 64),
        (lambda count: "[7, " * count + "[]" + ', "x"]' * count, 63),
        (lambda count: '{"a": ' * count + "null" + "}" * count, 64),
        (lambda count: '{"a": 7, "b": ' * count + "[[]]" + ', "c": "x"}' * count, 62),
        (lambda count: '{"results": [{}, ' + '{"a": ' * count + "7" + "}" * count + ", {}]}", 62),
        (lambda count: f"<reportResponse>{'<a>' * count}7{'</a>' * count}</reportResponse>", 63),
    ],
    ids=["arrays", "arrays of two", "objects", "objects around arrays", "a report", "elements"],
)
def test_a_document_nests_64_levels(document: Callable[[int], str], most: int) -> None:
    """Whoever gets a value can walk it: no bound depends on the room that a caller's stack has."""
    decode(document(most).encode(), None, "VoiceReportResponse")
    with pytest.raises(ValueError, match=r"more than 64 (arrays and objects|elements) inside each other"):
        decode(document(most + 1).encode(), None, "VoiceReportResponse")


def gz(document: bytes) -> bytes:
    return gzip.compress(document, mtime=0)


def raw(document: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(document) + deflater.flush()


# How a server may pack a document, and what it may call that.
PACKED = {
    "plain": (lambda document: document, (None, "", "identity", "none", "None, identity")),
    "gzip": (gz, ("gzip", " X-GZIP ", "deflate", "gzip, identity", "none, gzip,")),
    "two members": (lambda document: gz(document[:7]) + gz(document[7:]), ("gzip",)),
    "many members": (lambda document: b"".join(gz(bytes((byte,))) for byte in document), ("gzip",)),
    "an empty member": (lambda document: gz(b"") + gz(document) + gz(b""), ("gzip",)),
    "zlib": (zlib.compress, ("deflate", "gzip")),
    "raw": (raw, ("deflate", "identity, deflate", "gzip")),
    "gzip twice": (lambda document: gz(gz(document)), ("gzip, gzip", "gzip,identity,x-gzip")),
    "deflate in gzip": (lambda document: gz(zlib.compress(document)), ("deflate, gzip",)),
    "gzip in raw": (lambda document: raw(gz(document)), ("gzip, deflate",)),
    "five layers": (lambda document: gz(gz(gz(gz(gz(document))))), ("gzip, gzip, gzip, gzip, gzip",)),
}
CASES = [pytest.param(pack, name, id=f"{how} as {name}") for how, (pack, names) in PACKED.items() for name in names]
DOCUMENT = b'{"results": [' + b", ".join(b'{"messageId": "m%d"}' % number for number in range(60)) + b"]}"


@pytest.mark.parametrize(("pack", "encoding"), CASES)
@pytest.mark.parametrize("document", [DOCUMENT, b"<a/>", b"upstream says no", b"\x00\xff", b""])
def test_known_encodings_are_undone(pack: Callable[[bytes], bytes], encoding: str | None, document: bytes) -> None:
    """A document is read whole, whatever a server calls the encoding that it used."""
    assert unpack(pack(document), encoding) == Unpacked(document)


@pytest.mark.parametrize("document", [DOCUMENT, b"\xef\xbb\xbf" + DOCUMENT, b"\r\n <reportResponse/>"])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "utf-8", "gzip, br", "br, gzip"])
def test_a_document_that_is_not_encoded_as_claimed(document: bytes, encoding: str) -> None:
    """It is read as it is: a proxy has undone the encoding, or the header was misunderstood."""
    assert unpack(document, encoding) == Unpacked(document)


@pytest.mark.parametrize("how", ["gzip", "two members", "zlib"])
def test_of_a_cut_body_the_start_is_read(how: str) -> None:
    """The document itself shows that it was cut. Bytes that say nothing yet are kept."""
    packed = PACKED[how][0](DOCUMENT)
    lengths = []
    for end in range(1, len(packed)):
        document, rest, damage = unpack(packed[:end], "gzip")
        if rest != b"\x1f":  # which does not say yet that another member begins
            assert (rest, damage) == ((b"", "") if document else (packed[:end], "the encoded bytes end too early"))
        assert DOCUMENT.startswith(document)
        lengths.append(len(document))
    assert lengths == sorted(lengths)
    assert lengths[-5] == len(DOCUMENT)  # nothing but its checksum is missing


def test_of_a_cut_raw_stream_all_bytes_are_kept_too() -> None:
    """Nothing marks such a stream: any bytes may look like the start of one."""
    packed = raw(DOCUMENT)
    for end in range(1, len(packed)):
        document, rest, damage = unpack(packed[:end], "deflate")
        assert DOCUMENT.startswith(document)
        assert (rest, damage != "") == (packed[:end], True)
    assert document[:20] == DOCUMENT[:20]


@settings(derandomize=True, deadline=None, database=None, max_examples=200)
@given(
    document=binary(max_size=300),
    others=binary(max_size=200),
    pack=sampled_from([gz, zlib.compress, raw, bytes]),
    encoding=sampled_from(["gzip", "deflate", "br", "br, gzip", "gzip, gzip", "identity"]),
)
def test_no_byte_goes_missing(document: bytes, others: bytes, pack: Callable[[bytes], bytes], encoding: str) -> None:
    """Whatever arrives, the rest is the end of the body, and has a reason."""
    body = pack(document) + others
    read, rest, damage = unpack(body, encoding)
    assert body.endswith(rest)
    assert bool(rest) == bool(damage)
    if encoding in ("gzip", "deflate") and pack in (gz, zlib.compress):
        assert read.startswith(document)
        assert rest in (others, b"") or others.startswith(b"\x1f\x8b")
    if encoding == "br" and rest:
        assert (read, rest) == (b"", body)


@pytest.mark.parametrize(
    ("body", "encoding", "expected", "reason"),
    [
        (gz(DOCUMENT) + b"\n", "gzip", (DOCUMENT, b"\n"), "bytes follow"),
        (gz(DOCUMENT) + gz(b"x")[:2] + b"no gzip", "gzip", (DOCUMENT, gz(b"x")[:2] + b"no gzip"), "not in their"),
        (zlib.compress(DOCUMENT) + zlib.compress(b"x"), "deflate", (DOCUMENT, zlib.compress(b"x")), "bytes follow"),
        (raw(DOCUMENT) + b"\n", "deflate", (DOCUMENT, raw(DOCUMENT) + b"\n"), "without an end"),
        (gz(DOCUMENT)[:-8] + bytes(8), "gzip", (DOCUMENT, gz(DOCUMENT)[:-8] + bytes(8)), "not in their"),
        (b"no gzip", "gzip", (b"", b"no gzip"), "not in their"),
        (b"\x0b\x80", "br", (b"", b"\x0b\x80"), "unknown"),
        (gz(b"\x0b\x80"), "br, gzip", (b"", gz(b"\x0b\x80")), "unknown"),
        (gz(DOCUMENT), "gzip, br", (b"", gz(DOCUMENT)), "unknown"),
        (gz(gz(DOCUMENT) + b"\n") + b"\n", "gzip, gzip", (DOCUMENT, gz(gz(DOCUMENT) + b"\n") + b"\n"), "bytes follow"),
        (b"\x0b\x80", "gzip," * 6, (b"", b"\x0b\x80"), "too many layers"),
    ],
)
def test_what_cannot_be_read_is_kept(body: bytes, encoding: str, expected: tuple[bytes, bytes], reason: str) -> None:
    """The rest begins at the member that is broken; with several layers it is the body."""
    document, rest, damage = unpack(body, encoding)
    assert (document, rest) == expected
    assert reason in damage


def test_a_broken_stream_is_read_up_to_the_break() -> None:
    """Up to the very byte, not only up to the last whole chunk."""
    noise = bytes(range(256)) * 4  # stored, so that each byte of it has a place in the stream
    deflater = zlib.compressobj(0, wbits=31)
    packed = deflater.compress(noise) + deflater.flush(zlib.Z_FULL_FLUSH) + b"\xff" * 20
    assert unpack(packed, "gzip") == Unpacked(noise, packed, "the bytes are not in their Content-Encoding")


@pytest.mark.parametrize("pack", [gz, zlib.compress, raw, lambda document: gz(document[:-1]) + gz(document[-1:])])
def test_a_decompression_bomb_is_not_unpacked(pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """All members together may be as large as the ceiling; above it the bytes stay packed."""
    monkeypatch.setattr("infobip_voice_wire.documents.MAX_UNPACKED", 1000)
    assert unpack(pack(b"{" * 1000), "deflate") == Unpacked(b"{" * 1000)
    bomb = pack(b"{" * 1001)
    assert unpack(bomb, "deflate")[:2] == (b"", bomb)


def test_an_answer_unpacks_to_256_mebibytes_at_most() -> None:
    """That is far more than any page, and less than the memory of a machine."""
    assert MAX_UNPACKED == 256 * 2**20
