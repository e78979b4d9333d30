"""The generated tests can fail: our additions find what stock schemathesis overlooks."""

import json

import pytest
import requests
import schemathesis
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import response_schema_conformance
from schemathesis.specs.openapi.warnings import detect_missing_deserializers, detect_unsupported_regex

from schemas import XML, editions_that_refuse, json_schema, xml_schema

REPORT = b"<reportResponse><results><result><duration>%b</duration></result></results></reportResponse>"


def judge(body: bytes, status: int = 200, media_type: str = XML) -> None:
    """Check an answer to a request for reports against the contract."""
    case = json_schema["/tts/3/reports"]["GET"].Case()
    request = requests.Request("GET", "http://127.0.0.1/tts/3/reports").prepare()
    answer = schemathesis.Response(status, {"content-type": [media_type]}, body, request, elapsed=0.0, verify=True)
    case.validate_response(answer, checks=[response_schema_conformance])


def test_an_xml_answer_is_validated():
    """A duration in words breaks the contract in XML as in JSON; one in digits does not."""
    judge(REPORT % b"10")
    with pytest.raises(FailureGroup):
        judge(REPORT % b"ten")
    with pytest.raises(FailureGroup):
        judge(json.dumps({"results": [{"duration": "ten"}]}).encode(), media_type="application/json")


@pytest.mark.parametrize("body", [b"<reportResponse>", b"<other/>", b"<voiceResponse><messages/></voiceResponse>"])
def test_an_xml_answer_that_is_another_document_is_caught(body):
    """The document is malformed or has the wrong root."""
    with pytest.raises(FailureGroup):
        judge(body)


def test_an_xml_refusal_is_validated():
    """The document of a refusal is checked too."""
    refusal = b"<ApiException><requestError><serviceException><messageId>BAD_REQUEST</messageId>%b</serviceException></requestError></ApiException>"
    judge(refusal % b"<text>Bad Request</text>", status=400)
    with pytest.raises(FailureGroup):
        judge(refusal % b"", status=400)


@pytest.mark.parametrize("schema", [json_schema, xml_schema])
def test_a_warning_is_a_failure(schema):
    """Nothing is skipped: each answer can be read, each pattern can be generated from."""
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) == 3
    for operation in operations:
        assert detect_missing_deserializers(operation) == []
        assert detect_unsupported_regex(operation) == []


SIX, SEVEN = {"hour": 6, "minute": 0}, {"hour": 7, "minute": 0}


@pytest.mark.parametrize(
    ("messages", "refusing"),
    [
        ([{}], set()),
        ([{"retry": {"minPeriod": 1, "maxPeriod": 1, "maxCount": 1}}], set()),
        ([{}, {"retry": {"minPeriod": 1, "maxCount": 1}}], {"2026"}),
        ([{"deliveryTimeWindow": {"days": ["MONDAY"]}}], set()),
        ([{"deliveryTimeWindow": {"days": ["MONDAY"], "from": SIX, "to": SEVEN}}], set()),
        ([{}, {"deliveryTimeWindow": {"days": ["MONDAY"], "from": SIX, "to": SIX}}], {"seeds", "2026"}),
    ],
)
def test_what_a_schema_cannot_say(messages, refusing):
    """A window that is never open, and in `2026` a `retry` that lacks a member (R18, R20)."""
    assert editions_that_refuse({"messages": messages}) == refusing
