"""Read media types and choose between them (RFC 9110, sections 8.3.1 and 12.5.1)."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

__all__ = ["JSON", "XML", "MediaType", "negotiate", "parse", "wire_format"]

JSON: Final = "application/json"
XML: Final = "application/xml"

_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105
_TYPE: Final = re.compile(rf"({_TOKEN})/({_TOKEN})")
# What may not stand there: of what may, a class of 65,000 characters takes 4 ms to compile.
_UNQUOTABLE: Final = r"\x00-\x08\n-\x1f\x7f\U00010000-\U0010ffff"
_QUOTED: Final = rf'"(?:[^"\\{_UNQUOTABLE}]|\\[^{_UNQUOTABLE}])*+"'
# RFC 9110 allows empty parameters, as in `text/xml; ;charset=utf-8;`.
_PARAMETER: Final = re.compile(rf"[ \t]*+;[ \t]*+(?:({_TOKEN})=({_TOKEN}|{_QUOTED}))?")
_MEMBER: Final = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"|")++')
# `q=.2` without the zero is not legal, but older Java runtimes send `*/*; q=.2` by default.
_QUALITY: Final = re.compile(r"0(?:\.[0-9]{0,3})?|\.[0-9]{1,3}|1(?:\.0{0,3})?")


class MediaType(NamedTuple):
    """A media type, or a range such as `text/*`.

    Types and names of parameters are in lower case, values of parameters as they arrived.
    """

    type: str
    subtype: str
    parameters: Mapping[str, str] = MappingProxyType({})

    @property
    def essence(self) -> str:
        """Return `type/subtype`, without parameters."""
        return f"{self.type}/{self.subtype}"


def parse(header: str) -> MediaType | None:
    """Return the media type that a Content-Type header names, or None when it is malformed.

    If a parameter comes twice, the first counts.
    """
    text = header.strip(" \t")
    start = _TYPE.match(text)
    if start is None:
        return None
    parameters: dict[str, str] = {}
    position = start.end()
    while position < len(text):
        part = _PARAMETER.match(text, position)
        if part is None:
            return None
        position = part.end()
        if part[1]:
            value = re.sub(r"\\(.)", r"\1", part[2][1:-1]) if part[2].startswith('"') else part[2]
            parameters.setdefault(part[1].lower(), value)
    return MediaType(start[1].lower(), start[2].lower(), MappingProxyType(parameters))


def wire_format(content_type: str | None) -> Literal["json", "xml"] | None:
    """Return the format of a body with this Content-Type, or None if it is neither JSON nor XML.

    `text/xml` and the suffixes `+json` and `+xml` count. Parameters, such as the charset, make no
    difference (contract, negotiation).
    """
    media_type = parse(content_type) if content_type is not None else None
    if media_type is None:
        return None
    suffix = media_type.subtype.rpartition("+")[2] if "+" in media_type.subtype else ""
    if media_type.essence == JSON or suffix == "json":
        return "json"
    if media_type.essence in (XML, "text/xml") or suffix == "xml":
        return "xml"
    return None


def negotiate(accept: str | None, offered: Sequence[str], default: str) -> str | None:
    """Return the offered media type that the Accept header prefers, or None if it accepts none.

    The most specific range that covers an offer gives its weight, and q=0 excludes it (RFC 9110,
    section 12.5.1). The default wins a tie; between other offers the earlier one wins. Malformed
    members of the header are ignored. If there is no header, or none of its members is well formed,
    the default is chosen.

    Args:
        accept: the header; several are joined with commas.
        offered: media types without parameters.
        default: one of `offered`.
    """
    ranges = [found for member in _MEMBER.findall(accept or "") if (found := _range(member)) is not None]
    if not ranges:
        return default
    ordered = sorted(offered, key=lambda offer: offer != default)
    best = max(ordered, key=lambda offer: _quality(offer, ranges), default=None)
    return best if best is not None and _quality(best, ranges) > 0 else None


def _range(member: str) -> tuple[MediaType, float] | None:
    media_type = parse(member)
    if media_type is None or (media_type.type == "*" and media_type.subtype != "*"):
        return None
    quality = media_type.parameters.get("q", "1")
    return (media_type, float(quality)) if _QUALITY.fullmatch(quality) else None


def _quality(offer: str, ranges: list[tuple[MediaType, float]]) -> float:
    """Return the weight of the most specific range that covers an offer, 0 if none does."""
    found = (0, 0.0)
    for media_range, quality in ranges:
        # The parameters of a range do not count, not even its charset: our answers are always
        # UTF-8.
        patterns = ("*/*", f"{offer.partition('/')[0]}/*", offer)
        if media_range.essence in patterns:
            found = max(found, (1 + patterns.index(media_range.essence), quality))
    return found[1]
