"""Which form an answer has, which bodies are read, and in which order a request is judged."""

import pytest

import asgi

LAUNCH = "/voice/ivr/1/messages"
JSON, XML = "application/json", "application/xml"
JSON_BODY = b'{"messages":[{"scenarioId":"S","destinations":[{"to":"41793026727"}]}]}'
XML_BODY = (
    b"<request><messages><messages><scenarioId>S</scenarioId>"
    b"<destinations><destinations><to>41793026727</to></destinations></destinations>"
    b"</messages></messages></request>"
)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/json", JSON),
        ("application/xml", XML),
        ("application/xml;q=0.9, application/json;q=0.8", XML),
        ("application/json;q=0.1, application/xml;q=0.2", XML),
        ("application/*", JSON),
        ("application/json;q=0, */*", XML),
        ("text/html, application/xml;q=0.1", XML),
        ("APPLICATION/XML; charset=utf-8", XML),
        ("", JSON),
    ],
)
def test_accept_decides(mock, accept, expected):
    """§6: q-values count; without `Accept`, or with `*/*`, the answer to a GET is JSON."""
    fields = {} if accept is None else {"accept": accept}
    assert mock.reports(**fields).headers["content-type"] == expected


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0, application/xml;q=0", "*/*;q=0", "text/*"])
def test_nothing_acceptable(mock, accept):
    """The answer is 406, with a body in JSON all the same."""
    response = mock.reports(accept=accept)
    assert response.status == 406
    assert response.json == {
        "requestError": {"serviceException": {"messageId": "NOT_ACCEPTABLE", "text": "Not Acceptable"}}
    }


@pytest.mark.parametrize("accept", [None, "*/*"])
@pytest.mark.parametrize(("media_type", "body"), [(JSON, JSON_BODY), (XML, XML_BODY)])
def test_without_accept_the_answer_mirrors_the_request(mock, accept, media_type, body):
    """§6: this holds for a refusal too."""
    fields = {} if accept is None else {"accept": accept}
    assert mock.post(LAUNCH, body, content_type=media_type, **fields).headers["content-type"] == media_type
    refused = mock.post(LAUNCH, body[:-1], content_type=media_type, **fields)
    assert (refused.status, refused.headers["content-type"]) == (400, media_type)


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "application/json;charset=UTF-8", 'Application/JSON; charset="utf-8"'],
)
def test_a_charset_is_accepted(mock, content_type):
    """§6: either media type may have one."""
    assert mock.post(LAUNCH, JSON_BODY, content_type=content_type).status == 200
    xml = content_type.replace("json", "xml").replace("JSON", "XML")
    assert mock.post(LAUNCH, XML_BODY, content_type=xml).status == 200


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "text/xml", "application/json; charset=latin-1", "json"]
)
def test_unsupported_media_type(mock, content_type):
    """It is 415 without a Content-Type, for another format, and for another charset."""
    fields = {} if content_type is None else {"content_type": content_type}
    assert mock.send("POST", LAUNCH, JSON_BODY, **fields).status == 415
    assert mock.waiting() == []


def test_a_compressed_body_is_unsupported(mock):
    """It is 415: the mock unpacks nothing, so no decompression bomb goes off."""
    assert mock.post(LAUNCH, JSON_BODY, content_encoding="gzip").status == 415


def test_launch_and_reports_in_xml(mock):
    """§6: both documents have the samples' names, and the price is `pricePerMessage`."""
    launched = mock.post(LAUNCH, XML_BODY, content_type=XML)
    assert launched.body.startswith(
        b"<voiceResponse><messages><message><to>41793026727</to><status><groupId>1</groupId>"
    )
    reports = mock.reports(accept=XML)
    assert reports.body.startswith(
        b"<reportResponse><results><result><messageId>made-1</messageId><to>41793026727</to>"
    )
    assert b"<price><pricePerMessage>0.01</pricePerMessage><currency>EUR</currency></price>" in reports.body
    assert mock.reports(accept=XML).body == b"<reportResponse><results/></reportResponse>"


BIG = b" " * (4 * 1024 * 1024 + 1)


@pytest.mark.parametrize(
    ("method", "path", "fields", "body", "status"),
    [
        ("POST", "/nowhere", {"accept": "text/html"}, BIG, 404),
        ("PUT", LAUNCH, {"accept": "text/html"}, BIG, 405),
        ("POST", LAUNCH, {"accept": "text/html"}, BIG, 401),
        ("POST", LAUNCH, {"accept": "text/html", "authorization": asgi.BASIC}, BIG, 413),
        ("POST", LAUNCH, {"accept": "text/html", "authorization": asgi.BASIC}, b"", 406),
        ("POST", LAUNCH, {"authorization": asgi.BASIC}, b"", 415),
        ("POST", LAUNCH, {"authorization": asgi.BASIC, "content-type": JSON}, b"", 400),
    ],
)
def test_precedence(mock, method, path, fields, body, status):
    """§7: 404, 405, 401, 413, 406, 415, 400. Each row has every later fault too."""
    response = asgi.request(mock.app, method, path, body, fields)
    assert response.status == status
    names = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 401: "UNAUTHORIZED", 413: "PAYLOAD_TOO_LARGE",
             406: "NOT_ACCEPTABLE", 415: "UNSUPPORTED_MEDIA_TYPE", 400: "BAD_REQUEST"}  # fmt: skip
    assert response.json["requestError"]["serviceException"]["messageId"] == names[status]


@pytest.mark.parametrize(
    ("path", "allow"), [(LAUNCH, "POST"), ("/voice/ctc/1/send", "POST"), ("/tts/3/reports", "GET")]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_allow(mock, path, allow, method):
    """§7: a 405 names the methods that are allowed; HEAD is not one."""
    response = mock.send(method, path)
    assert (response.status == 405) == (method != allow)
    if method != allow:
        assert response.headers["allow"] == allow


def test_the_largest_body_is_read(mock):
    """A body of exactly 4 MiB is read; a larger one is a 413."""
    filled = JSON_BODY + b" " * (4 * 1024 * 1024 - len(JSON_BODY))
    assert mock.post(LAUNCH, filled).status == 200
    assert mock.post(LAUNCH, filled + b" ").status == 413


@pytest.mark.parametrize(
    ("types", "end"),
    [
        ([], "; this request has no Content-Type fields"),
        (["application/json", "text/plain;charset=UTF-8"], "; this request has 2 Content-Type fields"),
        (["text/plain"], "without a Content-Encoding"),
    ],
)
def test_how_many_content_types(types, end, mock):
    """A client that writes the field in other letters than its library sends it twice."""
    fields = [("authorization", asgi.BASIC), *(("content-type", each) for each in types)]
    response = asgi.request(mock.app, "POST", "/voice/ivr/1/messages", b"{}", fields)
    assert response.status == 415
    assert response.json["requestError"]["serviceException"]["text"].endswith(end)


@pytest.mark.parametrize(
    ("field", "told"),
    [(("content-type", "text/plain"), None), (("content-encoding", "gzip"), "identity")],
)
def test_who_packs_a_body_is_told_what_is_read(field, told, mock):
    """RFC 9110, 12.5.3: a 415 for a content coding says which ones are read."""
    fields = dict([("authorization", asgi.BASIC), ("content-type", "application/json"), field])
    response = asgi.request(mock.app, "POST", "/voice/ivr/1/messages", JSON_BODY, list(fields.items()))
    assert (response.status, response.headers.get("accept-encoding")) == (415, told)
