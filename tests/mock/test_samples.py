"""The documentation's samples, sent as they are printed; only host and scheme differ."""

import json
from pathlib import Path

import pytest

import asgi

SAMPLES = Path(__file__).parent / "samples"
CONTRACT = json.loads(Path(__file__).parents[2].joinpath("generated/infobip_voice_schema/openapi.json").read_text())


def printed(name: str) -> tuple[str, str, dict[str, str], str]:
    """Return method, path, header fields and body of a sample."""
    head, _, body = (SAMPLES / name).read_text().partition("\n\n")
    start, *fields = head.splitlines()
    method, path, _ = start.split(" ")
    return method, path, dict(field.split(": ", 1) for field in fields), body


def answered(name: str):
    return json.loads((SAMPLES / name).read_text())


@pytest.mark.parametrize("name", ["ivr-request.http", "ctc-request.http"])
def test_the_contract_has_the_same_example(name):
    """The data of the contract's example equals that of the sample."""
    method, path, _, body = printed(name)
    content = CONTRACT["paths"][path][method.lower()]["requestBody"]["content"]
    assert content["application/json"]["examples"]["documented"]["value"] == json.loads(body)


@pytest.mark.parametrize(
    ("name", "response"), [("ivr-response.json", "IvrLaunched"), ("ctc-response.json", "ClickToCallLaunched")]
)
def test_the_contract_has_the_same_answer(name, response):
    """The data of the answer equals that of its sample too."""
    content = CONTRACT["components"]["responses"][response]["content"]
    assert content["application/json"]["examples"]["documented"]["value"] == answered(name)


def test_launch_outbound_ivr(new_mock):
    """The first page's request has two destinations, ten calls an hour: two in six minutes."""
    mock = new_mock(clock="manual")
    method, path, fields, body = printed("ivr-request.http")
    response = asgi.request(mock.app, method, path, body, fields)
    assert response.status == 200
    status = answered("ivr-response.json")["messages"][0]["status"]
    assert response.json == {
        "bulkId": "BULK-ID-123-xyz",
        "messages": [
            {"to": "41793026727", "status": status, "messageId": "made-1"},
            {"to": "41793026731", "status": status, "messageId": "made-2"},
        ],
    }
    mock.advance(seconds=10)
    assert mock.waiting() == ["made-1"]
    mock.advance(minutes=6)
    assert mock.waiting() == ["made-2"]


def test_launch_click_to_call(mock):
    """The third page's request gets that page's answer, to the letter."""
    method, path, fields, body = printed("ctc-request.http")
    response = asgi.request(mock.app, method, path, body, fields)
    assert (response.status, response.json) == (200, answered("ctc-response.json"))
    assert mock.waiting() == ["MESSAGE-ID-123-xyz"]


@pytest.mark.parametrize(
    ("header", "status"),
    [("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", 200), ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=", 401)],
)
def test_the_header_of_the_other_languages(mock, header, status):
    """Samples in six languages lost one `=` of the credential: 401, and nothing goes out."""
    method, path, _, body = printed("ctc-request.http")
    response = asgi.request(mock.app, method, path, body, {"authorization": header, "content-type": "application/json"})
    assert response.status == status
    assert mock.waiting() == (["MESSAGE-ID-123-xyz"] if status == 200 else [])


FIELDS = {"authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "accept": "application/json"}


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        pytest.param(FIELDS, b"", id="plain"),
        pytest.param({**FIELDS, "content-type": "application/json"}, b"", id="curl, Ruby, Python, Java, C#"),
        pytest.param({**FIELDS, "content-type": "application/json"}, b"false", id="JavaScript"),
        pytest.param({**FIELDS, "content-type": "application/x-www-form-urlencoded"}, b"", id="PHP"),
    ],
)
@pytest.mark.parametrize("query", ["", "?limit=2"])
def test_fetch_reports(mock, fields, body, query):
    """The fourth page's requests send a Content-Type, and even a body, on a GET."""
    mock.ivr({"to": "41793026727", "messageId": "M"}, {"to": "41793026731", "messageId": "N"}, bulkId="B")
    response = asgi.request(mock.app, "GET", f"/tts/3/reports{query}", body, fields)
    assert response.status == 200
    assert [report["messageId"] for report in response.json["results"]] == ["M", "N"]
    assert asgi.request(mock.app, "GET", "/tts/3/reports", headers=fields).json == {"results": []}
