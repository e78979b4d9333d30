"""Flat and nested reports say the same things by the same attributes (ruling R17)."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from attrs import fields

from infobip_voice import Report, Status, parse_push
from infobip_voice._pages import read_page
from infobip_voice_client.models import IvrResult, NestedReport, VoiceCall, VoiceReport
from infobip_voice_wire import xml
from sdk.lossy_server import report

# Every member of either form, and a price that a float would spoil.
ENDS: dict[str, Any] = {
    "price": {"pricePerSecond": Decimal("0.10"), "currency": "EUR"},
    "status": {"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET", "description": "d"},
    "error": {"groupId": 0, "groupName": "OK", "id": 10000, "name": "NORMAL_HANGUP", "description": "e", "permanent": True},
}  # fmt: skip
NAMES: dict[str, Any] = {
    "bulkId": "17380925828515475034410", "messageId": "17380925828515475034411", "to": "41793026727", "mccMnc": "22801",
    "callbackData": "mine",
}  # fmt: skip
FLAT: dict[str, Any] = {
    **NAMES, "sentAt": "2026-03-01T10:00:00.125+0100", "doneAt": "2026-03-01T10:01:00.500+0100",
    "startTime": "2026-03-01T10:00:01.000+0100", "answerTime": "2026-03-01T10:00:08.000+0100",
    "endTime": "2026-03-01T10:00:59.250+0100", "duration": 51, "fileDuration": Decimal("19.30"), "dtmfCodes": "4, 2",
    "dtmfCodesAsJson": '{"pin":"42"}', "recordedAudioFileUrl": "/files/a", "transcribedAudioFileUrl": "/transcriptions/a",
    "scenarioId": "S-1", "scenarioName": "Survey", **ENDS,
}  # fmt: skip
IVR: dict[str, Any] = {
    "scenarioId": "S-1", "scenarioName": "Survey", "collectedDtmfs": '{"pin":"42"}',
    "collectedMappedDtmfs": '{"pin":"yes"}', "spokenInput": '{"said":"oh yes"}', "matchedSpokenInput": '{"said":"yes"}',
}  # fmt: skip
CALL: dict[str, Any] = {
    "feature": "IVR", "startTime": 1772355601000, "answerTime": 1772355608000, "endTime": 1772355659250, "duration": 51,
    "chargedDuration": 60, "fileDuration": Decimal("19.30"), "direction": "OUTBOUND", "dtmfCodes": "4, 2",
    "answeredBy": "MACHINE", "callRecordingFileId": "file-1", "ivr": IVR,
}  # fmt: skip
NESTED: dict[str, Any] = {
    **NAMES, "from": "41793026700", "sentAt": "2026-03-01T10:00:00.125+0100", "voiceCall": CALL, **ENDS,
}  # fmt: skip

CET = timezone(timedelta(hours=1))
BOTH: dict[str, Any] = {
    "bulk_id": "17380925828515475034410", "message_id": "17380925828515475034411", "to": "41793026727",
    "mcc_mnc": "22801", "callback_data": "mine", "sent_at": datetime(2026, 3, 1, 10, 0, 0, 125000, CET),
    "start_time": datetime(2026, 3, 1, 9, 0, 1, tzinfo=UTC), "answer_time": datetime(2026, 3, 1, 9, 0, 8, tzinfo=UTC),
    "end_time": datetime(2026, 3, 1, 9, 0, 59, 250000, UTC), "duration": 51, "file_duration": Decimal("19.30"),
    "dtmf_codes": "4, 2", "dtmf_codes_as_json": '{"pin":"42"}', "collected_dtmfs": {"pin": "42"}, "scenario_id": "S-1",
    "scenario_name": "Survey", "price": Decimal("0.10"), "currency": "EUR", "delivered": True,
    "status": Status(3, "DELIVERED", 5, "DELIVERED_TO_HANDSET", "d", None),
    "error": Status(0, "OK", 10000, "NORMAL_HANGUP", "e", True),
}  # fmt: skip
ONLY_FLAT: dict[str, Any] = {
    "done_at": datetime(2026, 3, 1, 9, 1, 0, 500000, UTC), "recorded_audio_file_url": "/files/a",
    "transcribed_audio_file_url": "/transcriptions/a", "answered_by": None, "from_": None, "feature": None,
    "direction": None, "charged_duration": None, "call_recording_file_id": None, "collected_mapped_dtmfs": {},
    "spoken_input": {}, "matched_spoken_input": {},
}  # fmt: skip
ONLY_NESTED: dict[str, Any] = {
    "done_at": datetime(2026, 3, 1, 9, 0, 59, 250000, UTC), "recorded_audio_file_url": None,
    "transcribed_audio_file_url": None, "answered_by": "machine", "from_": "41793026700", "feature": "IVR",
    "direction": "OUTBOUND", "charged_duration": 60, "call_recording_file_id": "file-1",
    "collected_mapped_dtmfs": {"pin": "yes"}, "spoken_input": {"said": "oh yes"}, "matched_spoken_input": {"said": "yes"},
}  # fmt: skip
FORMS: dict[str, tuple[dict[str, Any], dict[str, Any], Any]] = {
    "flat": (FLAT, {**BOTH, **ONLY_FLAT}, VoiceReport),
    "nested": (NESTED, {**BOTH, **ONLY_NESTED}, NestedReport),
}
SCHEMAS = {"flat": "VoiceReportResponse", "nested": "NestedReportResponse"}


def as_json(value: Any) -> bytes:
    """Return JSON whose numbers have the digits of the decimals."""
    return json.dumps(value, default=lambda number: f"~{number}~").replace('"~', "").replace('~"', "").encode()


def pushed(document: Any, form: str, wire: str) -> Report:
    if wire == "json":
        (item,) = parse_push(as_json({"results": [document]}), "application/json;charset=UTF-8")
    else:
        body = xml.encode({"results": [document]}, SCHEMAS[form])
        if wire == "xml-2026":
            body = xml.encode({"results": [document]}, SCHEMAS[form], names="json")
            assert b"<results><results>" in body
            assert b"pricePerMessage" not in body
        (item,) = parse_push(body, "application/xml")
    return item


WIRES = pytest.mark.parametrize("wire", ["json", "xml", "xml-2026"])
EITHER = pytest.mark.parametrize("form", FORMS)


def test_every_member_of_the_contract_is_an_attribute() -> None:
    """A member that the next contract adds to a generated model cannot be forgotten here."""
    attributes = {name for name in dir(Report) if isinstance(getattr(Report, name), property) and name[0] != "_"}
    assert attributes == {*BOTH, *ONLY_FLAT, "data"}
    assert ONLY_FLAT.keys() == ONLY_NESTED.keys()
    for model, document in ((VoiceReport, FLAT), (NestedReport, NESTED), (VoiceCall, CALL), (IvrResult, IVR)):
        members = {each.name for each in fields(model)} - {"additional_properties"}
        assert members - attributes <= {"voice_call", "ivr"}
        assert {each.rstrip("_").replace("_", "") for each in members} == {name.lower() for name in document}


@EITHER
@WIRES
def test_every_attribute_of_both_forms(form: str, wire: str) -> None:
    """In JSON and in both forms of XML; `raw` keeps all, and `data` is the model of the form."""
    document, expected, model = FORMS[form]
    item = pushed(document, form, wire)
    assert {name: getattr(item, name) for name in expected} == expected
    assert all(getattr(item, name).tzinfo for name in ("sent_at", "start_time", "answer_time", "end_time", "done_at"))
    assert str(item.file_duration) == "19.30"
    assert str(item.price) == "0.10"
    assert item.raw == document
    assert type(item.data) is model
    assert not item.data.additional_properties
    floats = json.loads(as_json(document))
    assert item.data.to_dict() == floats
    assert json.loads(json.dumps(item.to_dict())) == json.loads(json.dumps(document, default=str))


@EITHER
@WIRES
@pytest.mark.parametrize("nothing", ["null", "absent", "empty"])
def test_nothing_is_none_in_both_forms(form: str, wire: str, nothing: str) -> None:
    """Null, absent and, in XML, an empty element are the same: no attribute says anything."""
    document, _, model = FORMS[form]
    if nothing == "empty" and wire != "json":
        tags = "".join(f"<{name}/>" for name in document)
        item_name = "result" if wire == "xml" else "results"
        body = f"<reportResponse><results><{item_name}>{tags}</{item_name}></results></reportResponse>"
        (item,) = parse_push(body.encode(), "application/xml")
        texts = {"to", "from", "bulkId", "messageId", "mccMnc", "callbackData", "dtmfCodes", "dtmfCodesAsJson"}
        texts |= {name for name in document if name.endswith(("Url", "Id", "Name"))}
        assert item.raw == {name: "" if name in texts else None for name in document}
    elif nothing == "null" and wire == "json":
        item = pushed(dict.fromkeys(document), form, wire)
    else:
        item = pushed({"new": "x", **({"voiceCall": {}} if form == "nested" else {})}, form, wire)
    for name in BOTH.keys() | ONLY_FLAT:
        assert getattr(item, name) in (None, {}, False), name
    assert type(item.data) is model


@WIRES
def test_a_call_of_which_nothing_is_known(wire: str) -> None:
    """Every member of `voiceCall` null, as captured: what stands beside it is still read."""
    document = {**NESTED, "voiceCall": dict.fromkeys(CALL)}
    item = pushed(document, "nested", wire)
    assert (item.duration, item.start_time, item.done_at, item.answered_by, item.scenario_id) == (None,) * 5
    assert (item.message_id, item.sent_at, item.delivered) == (BOTH["message_id"], BOTH["sent_at"], True)
    assert isinstance(item.data, NestedReport)


def test_numbers_that_are_texts() -> None:
    """As captured in 2018, of a price; whatever is no number says nothing."""
    for literal, expected in (("15.0", Decimal("15.0")), ("free", None), ("Infinity", None)):
        item = pushed({**NESTED, "price": {"pricePerSecond": literal, "currency": "EUR"}}, "nested", "json")
        assert (item.price, item.currency) == (expected, "EUR")
    assert str(pushed({**FLAT, "fileDuration": "19.30"}, "flat", "json").file_duration) == "19.30"
    for text, whole in (("51", 51), ("51.0", None), ("-51", None), ("٥", None), ("9" * 20, None)):
        assert pushed({**FLAT, "duration": text}, "flat", "json").duration == whole
        item = pushed({**NESTED, "voiceCall": {**CALL, "chargedDuration": text}}, "nested", "json")
        assert item.charged_duration == whole


def test_a_bare_list_is_a_push() -> None:
    """Applications hand a push on without its `results`; what cannot be read is kept beside."""
    body = as_json([NESTED, FLAT])
    one, two = parse_push(body, "application/json")
    assert (one.raw, two.raw) == (NESTED, FLAT)
    found = parse_push(b"\xef\xbb\xbf [" + as_json(NESTED) + b', 7, {"messageId": nonsense}, {"messageId": "b"}]', None)
    assert [each.message_id for each in found] == [BOTH["message_id"], "b"]
    assert [piece.body for piece in found.unreadable] == [b"7", b'{"messageId": nonsense}']
    assert parse_push(b"[]", "application/json") == []
    # A server that was asked for a page owes one: nothing is lost, and it is told.
    page = read_page(body, "application/json")
    assert [each.raw for each in page.reports] == [NESTED, FLAT]
    assert "no page of reports" in page.damage


@EITHER
@pytest.mark.parametrize("item_name", ["result", "results"])
def test_a_member_that_comes_twice_counts_by_its_last_value(form: str, item_name: str) -> None:
    """As in one of the vendor's examples; `raw` keeps both."""
    twice = (
        "<sentAt>2018-06-25T13:38:14.730+0000</sentAt><sentAt>2018-06-25T13:38:14.830+0000</sentAt>"
        "<price><currency>EUR</currency></price><price><pricePerMessage>1</pricePerMessage><currency>USD</currency>"
        "<currency>CHF</currency></price><status><id>4</id><id>5</id></status>"
    )
    duration = "<duration>1</duration><duration>2</duration>"
    twice += (
        duration if form == "flat" else f"<voiceCall>{duration}<ivr/><ivr><scenarioId>a</scenarioId></ivr></voiceCall>"
    )
    body = f"<reportResponse><results><{item_name}>{twice}</{item_name}></results></reportResponse>"
    (item,) = parse_push(body.encode(), "application/xml")
    assert item.sent_at == datetime(2018, 6, 25, 13, 38, 14, 830000, UTC)
    assert (item.duration, item.price, item.currency) == (2, Decimal(1), "CHF")
    assert item.status == Status(None, None, 5, None, None, None)
    assert item.raw["sentAt"] == ["2018-06-25T13:38:14.730+0000", "2018-06-25T13:38:14.830+0000"]
    assert item.data.sent_at == "2018-06-25T13:38:14.830+0000"
    flat = {
        "sentAt": "2018-06-25T13:38:14.830+0000",
        "price": {"pricePerSecond": 1, "currency": "CHF"},
        "status": {"id": 5},
    }
    ends = {"duration": 2} if form == "flat" else {"voiceCall": {"duration": 2, "ivr": {"scenarioId": "a"}}}
    assert item.data.to_dict() == {**flat, **ends}


def test_a_nested_report_out_of_a_broken_push() -> None:
    """Its neighbours are read with their types, in JSON and in both forms of XML."""
    one, two = NESTED, {**NESTED, "messageId": "two"}
    for names, item in (("xml", b"result"), ("json", b"results")):
        whole = xml.encode({"results": [one, two, two]}, "NestedReportResponse", names=names)  # type: ignore[arg-type]
        cut = whole[: whole.rindex(b"</voiceCall>")]
        found = parse_push(cut, "application/xml")
        assert [each.raw for each in found] == [one, two]
        broken = whole.replace(b"<results><" + item, b"<results><alien>x</alien><" + item, 1)
        assert [each.raw for each in parse_push(broken, "application/xml")] == [one, two, two]
    cut = as_json({"results": [one, two, two]})[:-40]
    assert [each.raw for each in parse_push(cut, "application/json")] == [one, two]


def test_a_report_of_both_forms() -> None:
    """What stands in the report itself counts before what stands in the call."""
    item = Report({**report("one"), "duration": 3, "doneAt": None, "voiceCall": {**CALL, "duration": 4}})
    assert (item.duration, item.done_at) == (3, ONLY_NESTED["done_at"])
    assert isinstance(item.data, NestedReport)
    assert item.data.additional_properties["duration"] == 3
    odd = Report({**FLAT, "doneAt": "soon"})
    assert odd.done_at is None
