"""A report is handed out once; filters count first, and then the oldest come first."""

import pytest


def ids(response):
    return [report["messageId"] for report in response.json["results"]]


def launch(mock, count, **members):
    return [
        entry["messageId"] for entry in mock.ivr(*(f"4179{n:07}" for n in range(count)), **members).json["messages"]
    ]


def test_a_report_is_returned_once(mock):
    """After that the answer is 200 with an empty collection, never 404."""
    [name] = launch(mock, 1)
    assert ids(mock.reports()) == [name]
    again = mock.reports()
    assert (again.status, again.json) == (200, {"results": []})


def test_the_whole_report(mock):
    """§5: an answered, recorded call has every member, and the price as it was written."""
    mock.ivr({"to": "99910600", "messageId": "M"}, bulkId="B", record=True, callbackData="mine")
    response = mock.reports()
    assert response.json["results"] == [
        {
            "bulkId": "B",
            "messageId": "M",
            "to": "99910600",
            "sentAt": "2026-03-01T12:00:00.000+0000",
            "doneAt": "2026-03-01T12:00:00.000+0000",
            "duration": 10,
            "mccMnc": "21901",
            "dtmfCodes": "42",
            "recordedAudioFileUrl": "https://api.infobip.com/tts/3/files/M/99910600",
            "price": {"pricePerSecond": 0.01, "currency": "EUR"},
            "status": {
                "groupId": 3,
                "groupName": "DELIVERED",
                "id": 5,
                "name": "DELIVERED_TO_HANDSET",
                "description": "Message delivered to handset",
            },
            "error": {
                "groupId": 0,
                "groupName": "OK",
                "id": 5000,
                "name": "VOICE_ANSWERED",
                "description": "Call answered by human",
                "permanent": True,
            },
            "callbackData": "mine",
            "startTime": "2026-03-01T12:00:00.000+0000",
            "answerTime": "2026-03-01T12:00:00.000+0000",
            "endTime": "2026-03-01T12:00:00.000+0000",
            "scenarioId": "S",
        }
    ]
    assert b'"pricePerSecond":0.01,' in response.body


@pytest.mark.parametrize(
    ("number", "status", "error"),
    [
        ("41793026727", "DELIVERED_TO_HANDSET", "VOICE_ANSWERED"),
        ("99910000", "DELIVERED_TO_HANDSET", "VOICE_ANSWERED"),
        ("99910100", "DELIVERED_TO_HANDSET", "VOICE_ANSWERED_MACHINE"),
        ("99910200", "EXPIRED_EXPIRED", "EC_VOICE_USER_BUSY"),
        ("99910300", "EXPIRED_EXPIRED", "EC_VOICE_NO_ANSWER"),
        ("99910400", "EXPIRED_EXPIRED", "EC_DECLINE"),
        ("99910500", "EXPIRED_EXPIRED", "EC_VOICE_ERROR_TEMPORARILY_NOT_AVAILABLE"),
    ],
)
def test_the_number_chooses_the_outcome(mock, number, status, error):
    """A number that begins with 999 chooses the outcome; an unanswered call lasts 0 seconds."""
    mock.ivr(number)
    [report] = mock.reports().json["results"]
    assert (report["status"]["name"], report["error"]["name"]) == (status, error)
    assert report["duration"] == (10 if status == "DELIVERED_TO_HANDSET" else 0)


def test_reports_as_captures_have_them(mock):
    """§5: as on real servers, members are missing, or null, or say UNKNOWN."""
    mock.ivr("99910700", "99910800")
    lacking, sparse = mock.reports().json["results"]
    assert "mccMnc" not in lacking
    assert (sparse["mccMnc"], sparse["dtmfCodes"], sparse["recordedAudioFileUrl"]) == ("0", None, None)
    assert sparse["price"] == {"pricePerSecond": None, "currency": "UNKNOWN"}


def test_the_limit_is_fifty_by_default_and_the_rest_stays(mock):
    """§5: of 120 reports, four requests return 50, 50, 20 and 0, the oldest first."""
    names = launch(mock, 120)
    pages = [ids(mock.reports()) for _ in range(4)]
    assert [len(page) for page in pages] == [50, 50, 20, 0]
    assert [name for page in pages for name in page] == names


def test_only_what_is_returned_is_consumed(mock):
    """The oldest `limit` reports are taken, and the others stay."""
    names = launch(mock, 3)
    assert ids(mock.reports("?limit=2")) == names[:2]
    assert ids(mock.reports("?limit=2147483647")) == names[2:]


def test_filters_come_before_the_limit(mock):
    """The limit counts what matches; what does not match is not touched."""
    first, other = launch(mock, 3, bulkId="A"), launch(mock, 3, bulkId="B")
    assert ids(mock.reports("?bulkId=B&limit=2")) == other[:2]
    assert ids(mock.reports("?messageId=" + first[1])) == [first[1]]
    assert mock.waiting() == [first[0], first[2], other[2]]


def test_both_filters_have_to_match(mock):
    """With `bulkId` and `messageId`, a report that matches only one stays."""
    mock.ivr({"to": "41793026727", "messageId": "M"}, bulkId="A")
    assert ids(mock.reports("?bulkId=B&messageId=M")) == []
    assert ids(mock.reports("?bulkId=A&messageId=M")) == ["M"]
    assert ids(mock.reports("?bulkId=A&messageId=M")) == []


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("?limit=0", "limit"),
        ("?limit=-1", "limit"),
        ("?limit=05", "limit"),
        ("?limit=%2B5", "limit"),
        ("?limit=5.0", "limit"),
        ("?limit=", "limit"),
        ("?limit=%D9%A5", "limit"),  # the digit five in Arabic
        ("?limit=2147483648", "limit"),
        ("?limit=" + "9" * 5000, "limit"),
        ("?limit=1&limit=1", "limit"),
        ("?bulkId=", "bulkId"),
        ("?bulkId=" + "x" * 101, "bulkId"),
        ("?messageId=a&messageId=a", "messageId"),
        ("?bulkid=a", "bulkid"),
        ("?Limit=1", "Limit"),
        ("?bulkId=%FF", "$"),
    ],
)
def test_a_bad_query_is_refused_and_consumes_nothing(mock, query, path):
    """§5, §7: a 400 names each unknown, repeated or ill-formed parameter."""
    [name] = launch(mock, 1)
    response = mock.reports(query)
    assert response.status == 400
    assert list(response.json["requestError"]["serviceException"]["validationErrors"]) == [path]
    assert mock.waiting() == [name]


def test_every_bad_parameter_is_listed(mock):
    """All violations are listed, not only the first, with the nearest known name."""
    errors = mock.reports("?limit=0&bulkid=x").json["requestError"]["serviceException"]["validationErrors"]
    assert errors == {
        "limit": ["must be a whole number of at least 1, in digits without sign or leading zero"],
        "bulkid": ["unknown query parameter; did you mean bulkId?"],
    }


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "nonsense"])
def test_a_body_or_a_content_type_on_get_is_ignored(mock, content_type):
    """§6: the documentation's samples send both."""
    [name] = launch(mock, 1)
    response = mock.send("GET", "/tts/3/reports", b"false", content_type=content_type)
    assert ids(response) == [name]


@pytest.mark.parametrize(
    ("method", "fields", "status"),
    [
        ("HEAD", {}, 405),
        ("POST", {}, 405),
        ("GET", {"authorization": "Basic eDp5"}, 401),
        ("GET", {"accept": "text/html"}, 406),
    ],
)
def test_a_refused_request_consumes_nothing(mock, method, fields, status):
    """R13: only a request that passes every check gets a report."""
    [name] = launch(mock, 1)
    assert mock.send(method, "/tts/3/reports", **fields).status == status
    assert mock.waiting() == [name]


def test_reports_must_not_be_stored_in_between(mock):
    """R13: the answer says `Cache-Control: no-store`."""
    assert mock.reports().headers["cache-control"] == "no-store"


def test_accounts_do_not_see_each_other(new_mock):
    """Each account has its own reports and its own message ids."""
    mock = new_mock(open_tenants=True)
    other = "Basic b3RoZXI6b3BlbiBzZXNhbWU="  # other:open sesame
    mock.ivr({"to": "41793026727", "messageId": "M"})
    assert ids(mock.reports(authorization=other)) == []
    body = {"messages": [{"scenarioId": "S", "destinations": [{"to": "41793026727", "messageId": "M"}]}]}
    launched = mock.post("/voice/ivr/1/messages", body, authorization=other)
    assert launched.json["messages"][0]["status"]["name"] == "PENDING_ACCEPTED"
    assert mock.waiting() == ["M"]
