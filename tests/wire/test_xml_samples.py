"""The documentation's XML answers, read by our codec and by an independent reader."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from infobip_voice_wire import xml

SAMPLES = Path(__file__).parent / "samples"


def independently(document: bytes) -> Any:
    """Read a report answer with the standard library alone; every name is spelt out here."""
    return {"results": [report(item) for item in ElementTree.fromstring(document).findall("results/result")]}  # noqa: S314


def report(item: ElementTree.Element) -> dict[str, Any]:
    texts = ["bulkId", "messageId", "to", "sentAt", "doneAt", "duration", "mccMnc", "dtmfCodes", "recordedAudioFileUrl"]
    found: dict[str, Any] = {name: item.findtext(name) for name in texts}
    found["duration"] = int(found["duration"])
    price = item.findtext("price/pricePerMessage")
    assert price is not None
    found["price"] = {"pricePerSecond": Decimal(price), "currency": item.findtext("price/currency")}
    for part in ("status", "error"):
        found[part] = {child.tag: child.text for child in item.iterfind(f"{part}/*")}
        found[part] |= {name: int(found[part][name]) for name in ("id", "groupId")}
    found["error"]["permanent"] = found["error"]["permanent"] == "true"
    return found


def ours(document: bytes) -> Any:
    return xml.decode(document, "VoiceReportResponse")


def twin(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_bytes(), parse_float=Decimal)


@pytest.mark.parametrize("read", [ours, independently])
def test_one_report(read: Callable[[bytes], Any]) -> None:
    """The XML answer with one report equals its JSON twin (reports)."""
    assert read((SAMPLES / "reports.xml").read_bytes()) == twin("reports")


@pytest.mark.parametrize("read", [ours, independently])
def test_two_reports(read: Callable[[bytes], Any]) -> None:
    """In the answer to `limit=2`, the XML has one member more than the JSON: `mccMnc` (reports)."""
    found = read((SAMPLES / "reports_limit_2.xml").read_bytes())
    assert found["results"][1].pop("mccMnc") == "21901"
    assert found == twin("reports_limit_2")


@pytest.mark.parametrize("name", ["reports", "reports_limit_2"])
def test_written_back(name: str) -> None:
    """A sample keeps its elements and texts when it is written, in the contract's order."""
    document = (SAMPLES / f"{name}.xml").read_bytes()
    written = xml.encode(ours(document), "VoiceReportResponse")
    assert independently(written) == independently(document)
    assert b"<reportResponse><results><result><bulkId>" in written
    assert b"<price><pricePerMessage>0.01</pricePerMessage><currency>EUR</currency></price>" in written
