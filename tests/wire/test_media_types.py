"""Media types and negotiation (RFC 9110, sections 8.3.1 and 12.5.1; contract, negotiation)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infobip_voice_wire.media_types import JSON, XML, MediaType, negotiate, parse, wire_format

PROFILE = settings(derandomize=True, deadline=None, database=None, max_examples=200)


@pytest.mark.parametrize(
    ("header", "essence", "parameters"),
    [
        ("application/json", "application/json", {}),
        (" Application/JSON\t", "application/json", {}),
        ("text/xml;charset=UTF-8", "text/xml", {"charset": "UTF-8"}),
        ("text/xml ; Charset = utf-8", None, {}),
        ('text/xml;\tCHARSET="utf\\-8"; a="b;c,\\""', "text/xml", {"charset": "utf-8", "a": 'b;c,"'}),
        ('a/b;c=""', "a/b", {"c": ""}),
        ("a/b; c=1; C=2", "a/b", {"c": "1"}),
        ("text/xml; ;;charset=utf-8;", "text/xml", {"charset": "utf-8"}),
        ("*/*", "*/*", {}),
        ("application/vnd.x+json", "application/vnd.x+json", {}),
        ("", None, {}),
        ("json", None, {}),
        ("application/", None, {}),
        ("/json", None, {}),
        ("application /json", None, {}),
        ("application/json, application/xml", None, {}),
        ("application/json; charset", None, {}),
        ("application/json; charset=", None, {}),
        ('application/json; charset="utf-8', None, {}),
        ("application/jsön", None, {}),
        ("application/json\n", None, {}),
    ],
)
def test_parse(header: str, essence: str | None, parameters: dict[str, str]) -> None:
    """Types are read without regard to case, with quoted parameters; a malformed one is None."""
    found = parse(header)
    assert (found and found.essence) == essence
    assert dict(found.parameters if found else {}) == parameters


def test_media_type_is_frozen() -> None:
    """A media type cannot be changed, its parameters included."""
    media_type = MediaType("text", "xml")
    with pytest.raises(AttributeError):
        media_type.type = "a"  # type: ignore[misc]
    found = parse("a/b;c=d")
    assert found is not None
    with pytest.raises(TypeError):
        found.parameters["c"] = "e"  # type: ignore[index]


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("application/json", "json"),
        ("application/json; charset=ISO-8859-1", "json"),
        ("application/problem+json", "json"),
        ("application/xml;charset=utf-8", "xml"),
        ("TEXT/XML", "xml"),
        ("application/soap+xml", "xml"),
        ("text/html", None),
        ("application/xhtml", None),
        ("text/json", None),
        ("application/x-www-form-urlencoded", None),
        ("nonsense", None),
        ("", None),
        (None, None),
    ],
)
def test_wire_format(header: str | None, form: str | None) -> None:
    """A charset on either media type is accepted, and suffixes count."""
    assert wire_format(header) == form


@pytest.mark.parametrize(
    ("accept", "from_json", "from_xml"),
    [
        (None, JSON, XML),
        ("", JSON, XML),
        (" ", JSON, XML),
        (",", JSON, XML),
        ("*/*", JSON, XML),
        ("*/*;q=0.1", JSON, XML),
        ("application/*", JSON, XML),
        ("application/json", JSON, JSON),
        ("APPLICATION/XML", XML, XML),
        ("application/xml;charset=utf-8", XML, XML),
        ("application/json, application/xml", JSON, XML),
        ("application/json;q=0.5, application/xml", XML, XML),
        ("application/json;q=0.5, application/xml;q=0.500", JSON, XML),
        ("application/xml;q=0.9,application/json;q=0.901", JSON, JSON),
        ("application/json;q=0, */*", XML, XML),
        ("application/json;q=0", None, None),
        ("application/*;q=0, */*", None, None),
        ("application/*;q=0.2, application/xml;q=0.1, */*", JSON, JSON),
        ("text/html, */*;q=0.1", JSON, XML),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", XML, XML),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", JSON, XML),
        ("text/html", None, None),
        ("text/*", None, None),
        ("*/json", JSON, XML),
        ("nonsense", JSON, XML),
        ("nonsense, application/xml", XML, XML),
        ("application/json;q=2, application/xml;q=0.1", XML, XML),
        ("application/json;q=1.001", JSON, XML),
        ("application/json;q=0.0001, application/xml", XML, XML),
        ('application/json;x="a,application/xml";q=0.5', JSON, JSON),
        ('application/json;x="a, application/xml;q=0.1', XML, XML),
        ("application/json;Q=0.1, application/xml;q=0.2", XML, XML),
        ("application/json;q=0.1, application/json;q=0.9, application/xml;q=0.5", JSON, JSON),
    ],
)
def test_negotiate(accept: str | None, from_json: str | None, from_xml: str | None) -> None:
    """The most specific range decides; q=0 excludes; malformed members are ignored."""
    assert negotiate(accept, [JSON, XML], JSON) == from_json
    assert negotiate(accept, [JSON, XML], XML) == from_xml


def test_offers() -> None:
    """Of offers with equal weight the default wins, then the earlier one."""
    offered = ["text/csv", JSON, XML]
    assert negotiate("*/*", offered, XML) == XML
    assert negotiate("*/*, application/xml;q=0.5", offered, XML) == "text/csv"
    assert negotiate("application/json", [XML], XML) is None
    assert negotiate("application/json", [], XML) is None


RANGES = st.sampled_from([JSON, XML, "text/html", "application/*", "text/*", "*/*"])
WEIGHTS = st.sampled_from([0, 1, 250, 500, 1000])


@given(ranges=st.dictionaries(RANGES, WEIGHTS, min_size=1), default=st.sampled_from([JSON, XML]))
@PROFILE
def test_the_chosen_is_acceptable(ranges: dict[str, int], default: str) -> None:
    """No offer has more weight than the chosen one; None means that none is acceptable."""
    accept = ", ".join(f"{media_range};q={weight / 1000:.3f}" for media_range, weight in ranges.items())

    def weight_of(offer: str) -> int:
        return next((ranges[name] for name in (offer, "application/*", "*/*") if name in ranges), 0)

    chosen = negotiate(accept, [JSON, XML], default)
    weights = {offer: weight_of(offer) for offer in (JSON, XML)}
    if chosen is None:
        assert set(weights.values()) == {0}
    else:
        assert weights[chosen] == max(weights.values()) > 0
        assert chosen == default or weights[chosen] > weights[default]


@given(text=st.text(st.sampled_from('ajxson/*;,=q01."\\ \t'), max_size=40))
@PROFILE
def test_any_header(text: str) -> None:
    """No header raises an error: the result is one of the offers or None."""
    assert negotiate(text, [JSON, XML], JSON) in (JSON, XML, None)
    found = parse(text)
    assert found is None or found.essence == text.strip(" \t").partition(";")[0].strip(" \t")


def test_every_character_of_a_quoted_value() -> None:
    """RFC 9110, section 5.6.4: a tab and what is printable, a quote or a backslash only behind a
    backslash; beyond the RFC, all of the Basic Multilingual Plane.
    """
    printable = {9, *range(0x20, 0x7F), *range(0x80, 0x10000)}
    plain = "".join(map(chr, sorted(printable - {0x22, 0x5C})))
    escaped = "".join(f"\\{chr(code)}" for code in sorted(printable))
    assert parse(f'a/b; c="{plain}"') == MediaType("a", "b", {"c": plain})
    assert parse(f'a/b; c="{escaped}"') == MediaType("a", "b", {"c": "".join(map(chr, sorted(printable)))})
    for code in {*range(0x80), *range(0x10000, 0x110000, 997), 0x10FFFF} - printable:
        assert parse(f'a/b; c="{chr(code)}"') is None, hex(code)
        assert parse(f'a/b; c="\\{chr(code)}"') is None, hex(code)
