"""Strict readers of answers: they name everything that the SDK's tolerant readers forgive."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple, NoReturn

from lxml import etree

from infobip_voice_contract.contract import Contract
from infobip_voice_contract.exchange import Answer
from infobip_voice_wire import documents, media_types, xml
from infobip_voice_wire.media_types import JSON, XML

__all__ = ["Document", "Problem", "read"]

_SEEDS: Final = {"results": "result", "messages": "message"}
_OF_2026: Final = {"results": "results", "messages": "message"}
_ITEMS: Final = {*_SEEDS.values(), *_OF_2026.values()}
_PRICES: Final = {"seeds": "pricePerMessage", "2026": "pricePerSecond"}


class Problem(NamedTuple):
    """Something in an answer that the contract does not allow.

    Attributes:
        kind: `type`, `charset`, `coding`, `mark`, `malformed`, `repeated`, `root`, `items`,
            `price`, `empty list`, `violations` or `schema`.
        text: What it is, in words, with its place.
    """

    kind: str
    text: str


class Document(NamedTuple):
    """The document of an answer.

    Attributes:
        form: `json` or `xml` as the Content-Type says; None if it says neither.
        value: Its value, fractions as `Decimal`; None if it cannot be read.
        problems: Everything that is wrong with it.
    """

    form: str | None
    value: Any
    problems: tuple[Problem, ...]


def read(answer: Answer, schema: str, contract: Contract) -> Document:
    """Return the document of an answer, read as the named schema, with everything that is wrong."""
    problems: list[Problem] = []
    content_type = answer.field("content-type")
    form = _form(content_type, problems)
    unpacked = documents.unpack(answer.body, answer.field("content-encoding"))
    if unpacked.damage:
        problems.append(Problem("coding", unpacked.damage))
    body = unpacked.document
    value = None
    try:
        if form == "json":
            value = _json(body, problems)
        elif form == "xml":
            value = _xml(body, schema, contract, problems)
        else:
            value = documents.decode(body, content_type, schema)
    except ValueError as error:
        problems.append(Problem("malformed", str(error)))
    if value is not None and form is not None:
        problems += _of_schema(value, schema, form, contract)
    return Document(form, value, tuple(problems))


def _form(content_type: str | None, problems: list[Problem]) -> str | None:
    media_type = media_types.parse(content_type or "")
    if content_type is None or media_type is None or media_type.essence not in (JSON, XML):
        problems.append(Problem("type", f"the Content-Type is {content_type or 'absent'}, not {JSON} or {XML}"))
        return None
    charset = media_type.parameters.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        problems.append(Problem("charset", f"the Content-Type says charset={charset}"))
    return "json" if media_type.essence == JSON else "xml"


def _of_schema(value: Any, schema: str, form: str, contract: Contract) -> Iterator[Problem]:
    for violation in contract.violations(schema, value):
        # XML has no other way to write an empty list than an element, which may be left out.
        left_out = form == "xml" and violation.keyword == "required" and violation.member in ("results", "messages")
        kind = "empty list" if left_out else "schema"
        yield Problem(kind, f"{violation.path} breaks the rule `{violation.keyword}` of {schema}")


def _json(body: bytes, problems: list[Problem]) -> Any:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            twice = sorted({name for name in names if names.count(name) > 1})
            problems.append(Problem("repeated", f"an object has the member {', '.join(twice)} twice"))
        return found

    if body.startswith(b"\xef\xbb\xbf"):
        problems.append(Problem("mark", "the document begins with a byte order mark"))
        body = body[3:]
    try:
        text = body.decode()
    except UnicodeDecodeError:
        problems.append(Problem("charset", "the bytes are not UTF-8"))
        return documents.decode_json(body)
    try:
        return json.loads(text, object_pairs_hook=members, parse_float=Decimal, parse_constant=_refuse)
    except (ArithmeticError, RecursionError) as error:
        raise ValueError(f"a number or a nesting is out of bounds ({type(error).__name__})") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _xml(body: bytes, schema: str, contract: Contract, problems: list[Problem]) -> Any:
    expected = {"VoiceResponse": "voiceResponse", "VoiceReportResponse": "reportResponse"}.get(schema, "ApiException")
    value: Any = None
    failure: ValueError | None = None
    try:
        value = xml.decode(body, schema)  # refuses a DOCTYPE before anything else reads the document
    except ValueError as error:
        failure = error
        if b"<!DOCTYPE" in body:
            raise
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root: Any = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise failure or ValueError(str(error)) from None
    if failure is not None and root.tag == expected:
        raise failure
    encoding = (root.getroottree().docinfo.encoding or "utf-8").lower()
    if encoding not in ("utf-8", "us-ascii", "ascii"):
        problems.append(Problem("charset", f"the document is encoded in {encoding}"))
    if root.tag != expected:
        problems.append(Problem("root", f"the root is {root.tag}, not {expected}"))
    problems += _structure(root, contract)
    return value


def _known(root: Any, names: frozenset[str]) -> Iterator[Any]:
    """Yield the root, and what the contract knows in it.

    A member that it does not know is the server's own, with all that it holds.
    """
    yield root
    for child in root:
        if child.tag in names:
            yield from _known(child, names)


def _structure(root: Any, contract: Contract) -> Iterator[Problem]:
    items = _SEEDS if contract.edition == "seeds" else _OF_2026
    price = _PRICES[contract.edition]
    known = contract.answered | _ITEMS
    for element in _known(root, known):
        names = [child.tag for child in element]
        if element.tag in items and element.getparent() is root:
            wrong = sorted({name for name in names if name != items[element.tag]})
            if wrong:
                yield Problem("items", f"an item of {element.tag} is {', '.join(wrong)}, not {items[element.tag]}")
        elif element.tag == "price":
            other = "pricePerSecond" if price == "pricePerMessage" else "pricePerMessage"
            if other in names:
                yield Problem("price", f"the price is {other}, not {price}")
        if element.tag == "validationErrors":
            wrong = [child.tag for child in element if child.tag != "validationError" or child.get("path") is None]
            if wrong:
                yield Problem("violations", f"{wrong[0]} in validationErrors is no validationError with a path")
        if element.tag not in (*items, "validationErrors", "validationError"):
            twice = sorted({name for name in names if name in known and names.count(name) > 1})
            if twice:
                yield Problem("repeated", f"{element.tag} has the element {', '.join(twice)} twice")
