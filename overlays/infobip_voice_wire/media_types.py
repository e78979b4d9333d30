"""Media types (RFC 9110, sections 8.3.1 and 12.5.1)."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

__all__ = ["JSON", "XML", "MediaType", "negotiate", "parse", "wire_format"]

JSON: Final = "application/json"
XML: Final = "application/xml"

_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105
_TYPE: Final = re.compile(rf"({_TOKEN})/({_TOKEN})")
_QUOTED: Final = r'"(?:[\t !#-\[\]-~\x80-\uffff]|\\[\t !-~\x80-\uffff])*+"'
# RFC 9110 allows empty parameters, as in `text/xml; ;charset=utf-8;`.
_PARAMETER: Final = re.compile(rf"[ \t]*+;[ \t]*+(?:({_TOKEN})=({_TOKEN}|{_QUOTED}))?")
_MEMBER: Final = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"|")++')
# Without the zero it is not legal, and older Java runtimes send `*/*; q=.2` unasked.
_QUALITY: Final = re.compile(r"0(?:\.[0-9]{0,3})?|\.[0-9]{1,3}|1(?:\.0{0,3})?")


class MediaType(NamedTuple):
    """A media type, or a range such as `text/*`; its names are in lower case, the values of parameters as they came."""

    type: str
    subtype: str
    parameters: Mapping[str, str] = MappingProxyType({})

    @property
    def essence(self) -> str:
        """Return `type/subtype`, without parameters."""
        return f"{self.type}/{self.subtype}"


def parse(header: str) -> MediaType | None:
    """Return the media type that a Content-Type header names, or None when it is malformed.

    Of a parameter that comes twice the first counts.
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
    """Return which of the two forms a body with this Content-Type has, or None for neither.

    `text/xml` and the suffixes `+json` and `+xml` count, and parameters such as the charset do not (contract,
    negotiation).
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
    """Return the offered media type that the Accept header likes best, or None when it accepts none of them.

    The most specific range decides on each offer, q=0 excludes it, and a malformed member of the header is ignored
    (RFC 9110, section 12.5.1). The default wins a tie, and is chosen when the header is absent or nothing of it is
    left; among others the earlier offer wins.

    Args:
        accept: the header, several joined with commas.
        offered: media types without parameters.
        default: one of them.
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
    """Return the weight of an offer: that of the most specific range that covers it, 0 when none does."""
    found = (0, 0.0)
    for media_range, quality in ranges:
        # A parameter, a charset above all, makes no other type of it: both our forms are UTF-8 whatever it says.
        patterns = ("*/*", f"{offer.partition('/')[0]}/*", offer)
        if media_range.essence in patterns:
            found = max(found, (1 + patterns.index(media_range.essence), quality))
    return found[1]
