"""The shapes of the vendor's published examples, in words of ours: no member is lost on any way.

Each goes through the reading of an answer, the generated models, the XML codec under both names,
and the SDK. Every member of contract 1.1 is in at least one.
"""

import json
from typing import Any

import pytest

from infobip_voice_schema.xml_plan import PLAN
from sdk.normal_form import JSON, XML, check_ways, leaves

WINDOW = {
    "from": {"hour": 7, "minute": 0}, "to": {"hour": 19, "minute": 45}, "days": ["TUESDAY", "WEDNESDAY", "SATURDAY"],
}  # fmt: skip
RETRY = {"minPeriod": 2, "maxPeriod": 20, "maxCount": 5}
IVR: dict[str, Any] = {
    "bulkId": "campaign-7",
    "messages": [
        {
            "scenarioId": "S-1", "from": "41793026700",
            "destinations": [{"to": "41793026727", "messageId": "one"}, {"to": "41793026731", "messageId": "two"}],
            "parameters": {"first": "Ann", "second": ""}, "notifyUrl": "https://reports.example/in",
            "notifyContentType": "application/xml", "notifyContentVersion": 2, "callbackData": "mine & yours",
            "validityPeriod": 90, "sendAt": "2026-10-03T12:21:00.632+0000", "retry": RETRY, "record": False,
            "sendingSpeed": {"speed": 3, "timeUnit": "minute"}, "ringTimeout": 30, "callTimeout": 120, "pause": 0,
            "deliveryTimeWindow": WINDOW,
        },
        {"scenarioId": "S-2", "destinations": [{"to": "41793026732"}]},
    ],
}  # fmt: skip
CALL = {"from": "41793026700", "destinationA": "41793026727", "destinationB": "41793026731"}
CLICK: dict[str, Any] = {
    "bulkId": "pairs-7",
    "messages": [
        {
            **CALL, "fromB": "41793026701", "messageId": "one", "text": "Grüezi!", "language": "de",
            "voice": {"gender": "female", "name": "Vicki"}, "anonymization": False,
            "audioFileUrl": "https://audio.example/a.mp3", "record": "true", "notifyUrl": "https://reports.example/in",
            "notifyContentType": "application/json", "notifyContentVersion": 1, "maxDuration": 60, "warningTime": 5,
            "retry": RETRY, "machineDetection": "hangup", "deliveryTimeWindow": WINDOW,
        },
        {**CALL, "destinationB": "41793026732", "deliveryTimeWindow": {"days": ["SUNDAY"]}},
    ],
}  # fmt: skip
LAUNCHED: dict[str, Any] = {
    "bulkId": "campaign-7",
    "messages": [
        {"to": number, "messageId": name,
         "status": {"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED", "description": "ok"}}
        for name, number in (("one", "41793026727"), ("two", "41793026731"))
    ],
}  # fmt: skip
REFUSED = {"requestError": {"serviceException": {
    "messageId": "BAD_REQUEST", "text": "no", "validationErrors": {"messages": ["a", "b"]},
}}}  # fmt: skip
ENDS: dict[str, Any] = {
    "price": {"pricePerSecond": 0.012, "currency": "CHF"},
    "status": {"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET", "description": "done"},
    "error": {
        "groupId": 0, "groupName": "OK", "id": 10000, "name": "NORMAL_HANGUP", "description": "ended", "permanent": True,
    },
}  # fmt: skip
FLAT: dict[str, Any] = {
    "results": [
        {
            "bulkId": "campaign-7", "messageId": "17380925828515475034410", "to": "41793026727",
            "sentAt": "2026-10-03T12:21:00.632+0000", "doneAt": "2026-10-03T12:22:00.000+0000",
            "startTime": 1791030061000, "answerTime": 1791030070000, "endTime": "2026-10-03T12:21:59.250+0000",
            "duration": 49, "fileDuration": 19.25, "mccMnc": "22801", "callbackData": "mine", "dtmfCodes": "4, 2",
            "dtmfCodesAsJson": '{"pin":"42"}', "recordedAudioFileUrl": "/tts/3/files/a/1",
            "transcribedAudioFileUrl": "/tts/3/transcriptions/a/1", "scenarioId": "S-1", "scenarioName": "Survey", **ENDS,
        },
        {"messageId": "b", "price": None, "status": None, "error": None},
    ]
}  # fmt: skip
NESTED: dict[str, Any] = {
    "results": [
        {
            "bulkId": "campaign-7", "messageId": "a", "from": "41793026700", "to": "41793026727",
            "sentAt": "2026-10-03T12:21:00.632+0000", "mccMnc": "22801", "callbackData": "mine",
            "voiceCall": {
                "feature": "IVR", "startTime": 1791030061000, "answerTime": "2026-10-03T12:21:10.000+0000",
                "endTime": 1791030119250, "duration": 49, "chargedDuration": 60, "fileDuration": 19.25,
                "direction": "OUTBOUND", "dtmfCodes": "4, 2", "answeredBy": "HUMAN", "callRecordingFileId": "file-1",
                "ivr": {
                    "scenarioId": "S-1", "scenarioName": "Survey", "collectedDtmfs": '{"pin":"42"}',
                    "collectedMappedDtmfs": '{"pin":"yes"}', "spokenInput": '{"said":"oh"}',
                    "matchedSpokenInput": '{"said":"o"}',
                },
            },
            **ENDS,
        },
        {"messageId": "b", "voiceCall": dict.fromkeys(["feature", "startTime", "duration", "ivr"])},
    ]
}  # fmt: skip
DOCUMENTS: list[tuple[str, Any]] = [
    ("IvrLaunchRequest", IVR), ("ClickToCallLaunchRequest", CLICK), ("VoiceResponse", LAUNCHED), ("ApiException", REFUSED),
    ("VoiceReportResponse", FLAT), ("NestedReportResponse", NESTED),
    *(("ClickToCallLaunchRequest", {"messages": [{**CALL, name: value}]})
      for name, value in CLICK["messages"][0].items() if name not in CALL),
    *(("IvrLaunchRequest", {"messages": [{**IVR["messages"][1], name: value}]})
      for name, value in IVR["messages"][0].items() if name not in IVR["messages"][1]),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "document"), DOCUMENTS)
def test_a_json_document_keeps_every_member(schema: str, document: Any) -> None:
    """Every member at once, and each of a launch alone."""
    assert check_ways(json.dumps(document).encode(), JSON, schema) >= 4


def test_every_member_of_the_contract_is_there() -> None:
    """A member that the next contract adds has to be put into a document here."""
    there = {path for _, document in DOCUMENTS[:6] for path in _names(document)}
    members = {name for schema, (_, plan) in PLAN.items() if plan[0] == "object" for name, _, _ in plan[1]}
    assert members <= there


def _names(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for item in value for name in _names(item)}
    if isinstance(value, dict):
        return set(value) | {name for item in value.values() for name in _names(item)}
    return set()


# As the vendor lays out its XML: a declaration, other orders, items named like their list, empty
# elements for nulls, and one member twice.
XML_REQUEST = """<?xml version="1.0" encoding="UTF-8"?><request>
  <messages>
    <messages>
      <deliveryTimeWindow>
        <to><hour>19</hour><minute>45</minute></to>
        <days><days>TUESDAY</days><days>SUNDAY</days></days>
        <from><hour>7</hour><minute>0</minute></from>
      </deliveryTimeWindow>
      <pause>0</pause><ringTimeout>30</ringTimeout><callTimeout>120</callTimeout>
      <notifyContentVersion>2</notifyContentVersion><record>false</record>
      <destinations>
        <destinations><to>41793026727</to></destinations>
        <destinations><to>41793026731</to></destinations>
      </destinations>
      <scenarioId>S-1</scenarioId>
    </messages>
  </messages>
  <bulkId>campaign-7</bulkId>
</request>
"""
XML_CLICK = """<?xml version="1.0" encoding="UTF-8"?><request><messages><messages>
  <voice><gender>male</gender><name>Hans</name></voice><machineDetection>hangup</machineDetection>
  <from>41793026700</from><destinationA>41793026727</destinationA><destinationB>41793026731</destinationB>
  <text>Grüezi &amp; hallo</text><anonymization>true</anonymization>
</messages></messages></request>
"""
XML_FLAT = """<?xml version="1.0" encoding="UTF-8"?><reportResponse>
  <results>
    <results>
      <messageId>17380925828515475034410</messageId>
      <sentAt>2026-10-03T12:21:00.632+0000</sentAt>
      <sentAt>2026-10-03T12:21:00.732+0000</sentAt>
      <doneAt/><startTime>1791030061000</startTime><answerTime/><endTime>2026-10-03T12:21:59.250+0000</endTime>
      <duration>49</duration><fileDuration>19.25</fileDuration><dtmfCodesAsJson>{"pin":"42"}</dtmfCodesAsJson>
      <price><pricePerSecond>0.012</pricePerSecond><currency>CHF</currency></price><status/>
      <error><id>5000</id><permanent>true</permanent></error>
    </results>
  </results>
</reportResponse>
"""
XML_NESTED = """<?xml version="1.0" encoding="UTF-8"?><reportResponse>
  <results>
    <results>
      <messageId>a</messageId><from>41793026700</from><sentAt>2026-10-03T12:21:00.632+0000</sentAt>
      <voiceCall>
        <feature>IVR</feature><startTime>1791030061000</startTime><answerTime/><duration>49</duration>
        <chargedDuration>60</chargedDuration><dtmfCodes/>
        <ivr><collectedDtmfs>{"pin":"42"}</collectedDtmfs><spokenInput/><scenarioName/></ivr>
      </voiceCall>
      <price><pricePerSecond>15.0</pricePerSecond><currency>CHF</currency></price>
    </results>
    <results><messageId>b</messageId><voiceCall/><price/></results>
  </results>
</reportResponse>
"""


@pytest.mark.parametrize(
    ("schema", "document", "count"),
    [
        ("IvrLaunchRequest", XML_REQUEST, 15),
        ("ClickToCallLaunchRequest", XML_CLICK, 8),
        ("VoiceReportResponse", XML_FLAT, 12),
        ("NestedReportResponse", XML_NESTED, 11),
    ],
)
def test_an_xml_document_keeps_every_member(schema: str, document: str, count: int) -> None:
    """In the layout of the vendor, beside its older form, on every way."""
    body = document.encode()
    assert sum(leaves(body).values()) == count
    assert check_ways(body, XML, schema) >= 4
    if schema.endswith("ReportResponse"):
        older = document.replace("<results>", "<result>").replace("</results>", "</result>")
        older = older.replace("<result>", "<results>", 1)[::-1].replace(">tluser/<", ">stluser/<", 1)[::-1]
        older = older.replace("pricePerSecond", "pricePerMessage")
        assert leaves(older.encode()) == leaves(body)
        assert check_ways(older.encode(), XML, schema) >= 4


def test_a_member_that_is_lost_is_seen() -> None:
    """The comparison notices a leaf that is missing, another one, and another text."""
    whole = leaves(NESTED)
    assert leaves(json.loads(json.dumps(NESTED).replace('"IVR"', '"ivr"'))) != whole
    assert leaves(json.loads(json.dumps(NESTED).replace('"feature"', '"features"'))) != whole
    assert leaves(json.loads(json.dumps(NESTED).replace('"feature": "IVR", ', ""))) != whole
    assert leaves({"a": 1.50}) == leaves({"a": "1.5"}) == leaves(b"<r><a>1.500</a><b/></r>")
    assert leaves({"a": True, "b": None, "c": ["x", "x"]}) == leaves(b"<r><a>true</a><c><c>x</c><c>x</c></c></r>")
