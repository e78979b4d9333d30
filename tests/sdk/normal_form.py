"""The normal form in which a document and what is made of it are compared, and the ways it takes.

XML has no types, nulls or indices, so a document is the collection of its leaves: the names on the
way to each, and its text. What is null or empty is no leaf. XML is read by the standard library.
"""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import httpx

from infobip_voice import Report, VoiceClient, parse_push
from infobip_voice._answers import value as read_answer
from infobip_voice._messages import Outcome
from infobip_voice_client import models
from infobip_voice_wire import xml
from sdk.clients import Clock

JSON, XML = "application/json", "application/xml"
REPORTS = {"VoiceReportResponse", "NestedReportResponse"}
Leaves = Counter[tuple[tuple[str, ...], str]]

# In XML: elements of items that are not named like their list, and of members with another name.
ITEMS = {"result", "message"}
NAMES = {"pricePerMessage": "pricePerSecond"}


def leaves(document: Any) -> Leaves:
    """Return the leaves of a JSON value, or of the bytes of an XML document."""
    if isinstance(document, bytes):
        root = ElementTree.fromstring(document)  # noqa: S314  a sample
        return Counter(_of_element(root, ()))
    return Counter(_of_value(document, ()))


def _of_element(element: ElementTree.Element, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for child in element:
        tag = child.tag
        name = child.get("path") or NAMES.get(tag, tag)  # of a validation error the path is an attribute (R12)
        inner = path if tag in ITEMS or path[-1:] == (tag,) or element.get("path") else (*path, name)
        if len(child):
            yield from _of_element(child, inner)
        elif child.text and child.text.strip():
            yield inner, _number(child.text)


def _of_value(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _of_value(item, (*path, name))
    elif isinstance(value, list):
        for item in value:
            yield from _of_value(item, path)
    elif value not in (None, ""):
        yield path, str(value).lower() if isinstance(value, bool) else _number(str(value))


def _number(text: str) -> str:
    """Return a text, without the zeros at the end of a fraction: a model has floats."""
    return text.rstrip("0").rstrip(".") if text.replace(".", "", 1).isdecimal() and "." in text else text


def check_ways(body: bytes, media_type: str, schema: str) -> int:
    """Take a document every way that it can go, and compare its leaves at each end.

    Returns:
        How many ways there were.
    """
    expected = leaves(body if media_type == XML else json.loads(body, parse_float=Decimal))
    assert expected
    value = read_answer(Outcome("answered", 200, {"content-type": media_type}, body), schema)
    ends: list[Any] = [value]
    if schema in REPORTS:
        ends += _reports(body, media_type)
        counted = {"results": [report.data.to_dict() for report in parse_push(body, media_type)]}
    else:
        counted = value
        model = getattr(models, schema)
        ends.append(model.from_dict(value).to_dict())
    for names in ("xml", "json"):
        written = xml.encode(counted, schema, names=names)  # type: ignore[arg-type]
        assert leaves(written) == leaves(xml.decode(written, schema)) == leaves(counted)
        ends.append(written)
    if schema.endswith("LaunchRequest"):
        ends += _launched(value, schema)
    twice = {
        path for path, count in Counter(path for path, _ in expected).items() if count > 1 and path[-1] == "sentAt"
    }
    for end in ends:
        found = leaves(end)
        missing = expected - found
        assert {path for path, _ in missing} <= twice, missing
        made = found - expected
        assert {path[-1] for path, _ in made} <= {"bulkId", "messageId"}, made
    return len(ends)


def _reports(body: bytes, media_type: str) -> Iterator[Any]:
    reports = parse_push(body, media_type)
    assert not reports.unreadable
    yield {"results": [report.raw for report in reports]}
    yield {"results": [report.to_dict() for report in reports]}
    yield {"results": [report.data.to_dict() for report in reports]}
    again = parse_push(json.dumps([report.to_dict() for report in reports]).encode(), JSON)
    for one, other in zip(reports, again, strict=True):
        assert type(one.data) is type(other.data)
        assert said(one) == said(other)
    yield {"results": [report.raw for report in again]}


def said(report: Report) -> dict[str, Any]:
    """Return every attribute of a report but `data`."""
    names = [name for name in dir(Report) if isinstance(getattr(Report, name), property) and name[0] != "_"]
    return {name: getattr(report, name) for name in names if name != "data"}


def _launched(value: Any, schema: str) -> Iterator[Any]:
    """Yield what the SDK sends of a document and of its model, in both formats."""
    for wire_format in ("json", "xml"):
        sent: list[bytes] = []

        def answer(request: httpx.Request, sent: list[bytes] = sent) -> httpx.Response:
            sent.append(request.read())
            return httpx.Response(200, json={"messages": []})

        http_client = httpx.Client(transport=httpx.MockTransport(answer))
        voice = VoiceClient(
            base_url="http://host", api_key="k", http_client=http_client, wire_format=wire_format, clock=Clock()
        )
        if schema == "IvrLaunchRequest":
            voice.ivr.launch(value)
            voice.ivr.launch(models.IvrLaunchRequest.from_dict(value))
        else:
            voice.click_to_call.launch(value)
            voice.click_to_call.launch(models.ClickToCallLaunchRequest.from_dict(value))
        assert len(sent) == 2
        yield from sent if wire_format == "xml" else map(json.loads, sent)
