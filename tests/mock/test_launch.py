"""Launches: ids, statuses, ceilings, and messages that are rejected one by one."""

import pytest

ACCEPTED = {
    "groupId": 1,
    "groupName": "PENDING",
    "id": 26,
    "name": "PENDING_ACCEPTED",
    "description": "Message accepted, pending for delivery.",
}


def status_names(response):
    return [entry["status"]["name"] for entry in response.json["messages"]]


def test_ivr_has_one_entry_for_each_destination_in_order(mock):
    """The answer lists destinations, not messages, in the order of the request."""
    response = mock.ivr("41793026727", {"to": "41793026731", "messageId": "mine"}, bulkId="B")
    assert response.status == 200
    assert response.json == {
        "bulkId": "B",
        "messages": [
            {"to": "41793026727", "status": ACCEPTED, "messageId": "made-1"},
            {"to": "41793026731", "status": ACCEPTED, "messageId": "mine"},
        ],
    }


def test_click_to_call_has_one_entry_that_names_a(mock):
    """A and B are one call: one entry, whose `to` is A, and one report."""
    response = mock.click_to_call(messageId="M")
    assert response.json == {"messages": [{"to": "41793026727", "status": ACCEPTED, "messageId": "M"}]}
    [report] = mock.reports().json["results"]
    assert report["to"] == "41793026727"
    assert report["messageId"] == "M"


@pytest.mark.parametrize(
    ("destinations", "supplied", "expected"),
    [(1, None, None), (2, None, "made-1"), (1, "B", "B"), (2, "B", "B")],
)
def test_bulk_id(mock, destinations, supplied, expected):
    """R4: it is echoed if supplied, made for more than one entry, and else left out."""
    numbers = [f"4179302672{i}" for i in range(destinations)]
    members = {} if supplied is None else {"bulkId": supplied}
    assert mock.ivr(*numbers, **members).json.get("bulkId") == expected
    assert {report.get("bulkId") for report in mock.reports().json["results"]} == {expected}


def test_made_ids_differ(new_mock):
    """No two requests or accounts get the same id from the mock."""
    from infobip_voice_mock import create_app

    mock = new_mock()
    mock.app = create_app()
    made = [entry["messageId"] for _ in range(50) for entry in mock.ivr("41793026727", "41793026728").json["messages"]]
    assert len(set(made)) == 100


def test_a_known_message_id_is_rejected_for_the_later_destination_alone(mock):
    """R5: it has status 23 inside the 200 and no report; the other destination goes out."""
    mock.ivr({"to": "41793026727", "messageId": "M"})
    response = mock.ivr({"to": "41793026727", "messageId": "M"}, {"to": "41793026731", "messageId": "N"})
    assert status_names(response) == ["REJECTED_DUPLICATE_MESSAGE_ID", "PENDING_ACCEPTED"]
    assert response.json["messages"][0]["status"]["groupId"] == 5
    assert mock.waiting() == ["M", "N"]


def test_a_message_id_twice_in_one_request(mock):
    """R5: the first goes out, and the later one is rejected."""
    response = mock.ivr({"to": "41793026727", "messageId": "M"}, {"to": "41793026731", "messageId": "M"})
    assert status_names(response) == ["PENDING_ACCEPTED", "REJECTED_DUPLICATE_MESSAGE_ID"]
    assert mock.waiting() == ["M"]


def test_a_message_id_stays_known_after_its_report_was_read_and_across_operations(mock):
    """R5: the account remembers the message, not its report; IVR and click to call share ids."""
    mock.ivr({"to": "41793026727", "messageId": "M"})
    assert mock.waiting() == ["M"]
    assert status_names(mock.click_to_call(messageId="M")) == ["REJECTED_DUPLICATE_MESSAGE_ID"]


def test_a_rejected_message_does_not_take_its_id(mock):
    """A duplicate always means that a call went out: a client that repeats may rely on it."""
    assert status_names(mock.ivr({"to": "999214", "messageId": "M"})) == ["REJECTED_DESTINATION_BLOCKLISTED"]
    assert status_names(mock.ivr({"to": "41793026727", "messageId": "M"})) == ["PENDING_ACCEPTED"]


def test_a_rejected_destination_has_no_report_and_stops_nobody(mock):
    """R11: what a schema cannot find is rejected for its message alone, inside a 200."""
    response = mock.ivr("41793026727", "99921200", "41793026731")
    assert status_names(response) == ["PENDING_ACCEPTED", "REJECTED_NOT_ENOUGH_CREDITS", "PENDING_ACCEPTED"]
    assert mock.waiting() == ["made-2", "made-4"]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"text": "Hello", "language": "en"}, "PENDING_ACCEPTED"),
        ({"text": "Hello", "language": "pt-BR"}, "PENDING_ACCEPTED"),
        ({"text": "Hello"}, "PENDING_ACCEPTED"),
        ({"text": "Hello", "language": "?!"}, "REJECTED_UNSUPPORTED_LANGUAGE"),
        ({"language": "?!"}, "PENDING_ACCEPTED"),
        ({}, "PENDING_ACCEPTED"),
    ],
)
def test_language(mock, members, expected):
    """R11: an unsupported language rejects a message with a text; absent means English."""
    assert status_names(mock.click_to_call(**members)) == [expected]


@pytest.mark.parametrize(
    "members",
    [
        {"validityPeriod": 2881},
        {"validityPeriod": 10**30},
        {"validityPeriod": 5000, "sendingSpeed": {"speed": 10, "timeUnit": "hour"}},
        {"retry": {"minPeriod": 1, "maxPeriod": 5, "maxCount": 99}},
        {"retry": {}},
        {"retry": {"minPeriod": 9, "maxPeriod": 5}},
        {"notifyUrl": ""},
        {"notifyUrl": "https://user:secret@[::1]:8443/path?token=x"},
        {"sendAt": "2016-07-07T17:00:00.000+01:00"},
        {"sendAt": "2028-02-29T17:00:00.123456789+0100"},
        {"sendAt": "2028-02-29T17:00:00Z"},
        {"callbackData": "\U0001f600" * 200},
        {"parameters": {"foo": "bar", "_x.y-1": ""}},
    ],
)
def test_accepted(mock, members):
    """R1, R7 and §2: every legal form is accepted, and a value above a ceiling is clamped."""
    assert status_names(mock.ivr("41793026727", **members)) == ["PENDING_ACCEPTED"]


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"validityPeriod": 0}, "messages[0].validityPeriod"),
        ({"validityPeriod": 0, "sendingSpeed": {"speed": 10, "timeUnit": "hour"}}, "messages[0].validityPeriod"),
        ({"validityPeriod": 1.5}, "messages[0].validityPeriod"),
        ({"retry": {"maxCount": 0}}, "messages[0].retry.maxCount"),
        ({"retry": None}, "messages[0].retry"),
        ({"notifyUrl": "/relative"}, "messages[0].notifyUrl"),
        ({"notifyUrl": "ftp://www.example.com/"}, "messages[0].notifyUrl"),
        ({"notifyContentType": "text/plain"}, "messages[0].notifyContentType"),
        ({"sendAt": "2026-02-29T17:00:00.000+01:00"}, "messages[0].sendAt"),
        ({"sendAt": "2026-02-28T17:00:00.000"}, "messages[0].sendAt"),
        ({"sendAt": "2026-02-28T17:00:00.000+01:00\n"}, "messages[0].sendAt"),
        ({"sendAt": "2026-02-28 17:00:00+01:00"}, "messages[0].sendAt"),
        ({"callbackData": "x" * 201}, "messages[0].callbackData"),
        ({"callbackData": "\x01"}, "messages[0].callbackData"),
        ({"from": "12"}, "messages[0].from"),
        ({"from": "123456789012345"}, "messages[0].from"),
        ({"parameters": {"a b": "x"}}, "messages[0].parameters.a b"),
        ({"parameters": {"a": 1}}, "messages[0].parameters.a"),
        ({"record": "true"}, "messages[0].record"),
        ({"sendingSpeed": {"speed": 1}}, "messages[0].sendingSpeed.timeUnit"),
        ({"destinations": []}, "messages[0].destinations"),
        ({"destinations": [{"to": "41793026727"}] * 20_001}, "messages[0].destinations"),
        ({"destinations": [{"to": "0123456"}]}, "messages[0].destinations[0].to"),
        ({"destinations": [{"to": 41793026727}]}, "messages[0].destinations[0].to"),
        ({"to": ["41793026727"]}, "messages[0].to"),
        ({"scenarioId": ""}, "messages[0].scenarioId"),
        ({"bulkId": ""}, "bulkId"),
        ({"bulkId": "x" * 101}, "bulkId"),
    ],
)
def test_refused(mock, members, path):
    """§2: the refusal names each violation by its path, and nothing goes out."""
    response = mock.ivr("41793026727", **members)
    assert response.status == 400
    assert list(response.json["requestError"]["serviceException"]["validationErrors"]) == [path]
    assert mock.waiting() == []


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"from": "1234567890123456"}, "messages[0].from"),
        ({"fromB": "12"}, "messages[0].fromB"),
        ({"destinationA": "1234"}, "messages[0].destinationA"),
        ({"destinationB": "0123456"}, "messages[0].destinationB"),
        ({"record": "yes"}, "messages[0].record"),
        ({"record": 1}, "messages[0].record"),
        ({"maxDuration": 0}, "messages[0].maxDuration"),
        ({"warningTime": 0}, "messages[0].warningTime"),
        ({"audioFileUrl": ""}, "messages[0].audioFileUrl"),
        ({"callbackData": "x"}, "messages[0].callbackData"),
        ({"sendAt": "2026-02-28T17:00:00.000+01:00"}, "messages[0].sendAt"),
        ({"validityPeriod": 5}, "messages[0].validityPeriod"),
    ],
)
def test_click_to_call_refused(mock, members, path):
    """§3: click to call has no callbackData, validityPeriod, sendAt or sendingSpeed."""
    response = mock.click_to_call(**members)
    assert response.status == 400
    assert list(response.json["requestError"]["serviceException"]["validationErrors"]) == [path]
    assert mock.waiting() == []


@pytest.mark.parametrize(
    ("record", "recorded"), [("true", True), (True, True), ("false", False), (False, False), (None, False)]
)
def test_click_to_call_record(mock, record, recorded):
    """R6: the strings mean the same as booleans; only a recorded call has a recording."""
    mock.click_to_call(messageId="M", **({} if record is None else {"record": record}))
    [report] = mock.reports().json["results"]
    expected = "https://api.infobip.com/tts/3/files/M/41793026727" if recorded else None
    assert report.get("recordedAudioFileUrl") == expected


def test_fifteen_digits_are_for_click_to_call_only(mock):
    """R2: `from` has 3 to 14 digits for an IVR, 3 to 15 for a click to call."""
    assert mock.click_to_call(**{"from": "123456789012345"}).status == 200
    assert mock.ivr("41793026727", **{"from": "12345678901234"}).status == 200
