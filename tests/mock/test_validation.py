"""Bodies: every violation by its path, with a hint; hostile ones are refused as documented."""

import logging

import pytest

LAUNCH = "/voice/ivr/1/messages"


def violations(response):
    assert response.status == 400
    refusal = response.json["requestError"]["serviceException"]
    assert (refusal["messageId"], refusal["text"]) == ("BAD_REQUEST", "Bad Request")
    return refusal["validationErrors"]


def test_every_violation_is_listed_with_a_hint(mock):
    """One answer names everything that is wrong, and the nearest right thing."""
    body = {
        "bulkid": "B",
        "messages": [
            {
                "scenarioId": "S",
                "destinations": [{"to": "41793026727"}, {"to": "+41793026727"}, {"messageID": "M", "to": 5}],
                "sendingSpeed": {"speed": 0, "timeUnit": "hours"},
            },
            {"destination": []},
        ],
    }
    number = "must be 5 to 15 digits and nothing else, without a leading zero; write its digits alone, from the country code on"
    assert violations(mock.post(LAUNCH, body)) == {
        "bulkid": ["unknown member; did you mean bulkId?"],
        "messages[0].destinations[1].to": [number],
        "messages[0].destinations[2].messageID": ["unknown member; did you mean messageId?"],
        "messages[0].destinations[2].to": ["must be a string"],
        "messages[0].sendingSpeed.speed": ["must be at least 1"],
        "messages[0].sendingSpeed.timeUnit": ["must be one of second, minute, hour, day; did you mean hour?"],
        "messages[1].scenarioId": ["is required"],
        "messages[1].destinations": ["is required"],
        "messages[1].destination": ["unknown member; did you mean destinations?"],
    }
    assert mock.waiting() == []


def test_no_refusal_quotes_a_value(mock):
    """A value may be somebody's telephone number."""
    response = mock.ivr("+41793026727", callbackData="x" * 201 + "41793026731")
    assert response.status == 400
    assert b"4179302" not in response.body


@pytest.mark.parametrize(
    ("body", "path"), [(b"[]", "$"), (b"7", "$"), (b"null", "$"), (b'"x"', "$"), (b"{}", "messages")]
)
def test_the_document_itself(mock, body, path):
    """The document has no name; its path is `$`."""
    assert list(violations(mock.post(LAUNCH, body))) == [path]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"messages":[}',
        b"{} {}",
        b"\xff\xfe",
        b'{"bulkId":"\xff"}',
        b'{"bulkId":"\\ud800"}',
        b'{"bulkId":NaN}',
        b'{"bulkId":1e400}',
        b'{"bulkId":' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_malformed_json(mock, body):
    """It is refused in the documented form, and is not a fault of the mock."""
    [text] = violations(mock.post(LAUNCH, body))["$"]
    assert text.startswith("not well-formed JSON: ")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<request>",
        b"<request></wrong>",
        b"not xml",
        b"<request>\x01</request>",
        b"<other/>",
        b'<!DOCTYPE request [<!ENTITY a "b">]><request><bulkId>&a;</bulkId></request>',
        b"<a>" * 10_000 + b"</a>" * 10_000,
    ],
)
def test_malformed_xml(mock, body):
    """It is refused in the documented form, in JSON if wanted; no entity is expanded."""
    response = mock.post(LAUNCH, body, content_type="application/xml", accept="application/json")
    [text] = violations(response)["$"]
    assert text.startswith("not well-formed XML: ")


def test_xml_violations_have_the_same_paths(mock):
    """A value that does not fit its type has the same path as in JSON."""
    body = (
        b"<request><messages><messages><scenarioId>S</scenarioId><validityPeriod>soon</validityPeriod><foo/>"
        b"<destinations><destinations><to>41793026727</to><to>41793026728</to></destinations></destinations>"
        b"</messages></messages></request>"
    )
    response = mock.post(LAUNCH, body, content_type="application/xml", accept="application/json")
    assert violations(response) == {
        "messages[0].validityPeriod": ["must be an integer"],
        "messages[0].destinations[0].to": ["must be a string"],
        "messages[0].foo": ["unknown member"],
    }


@pytest.mark.parametrize("number", [b"720.0", b"7.2e2", b"1e300", b"10000000000000000000000000000000"])
def test_integers_in_any_notation(mock, number):
    """720.0 is an integer of JSON Schema; above the ceiling it is clamped, however large."""
    member = b'"validityPeriod":' + number + b',"scenarioId":"S"'
    body = b'{"messages":[{' + member + b',"destinations":[{"to":"41793026727"}]}]}'
    assert mock.post(LAUNCH, body).status == 200
    xml = b"<request><messages><messages><validityPeriod>" + number + b"</validityPeriod><scenarioId>S</scenarioId>"
    xml += b"<destinations><destinations><to>41793026727</to></destinations></destinations></messages></messages></request>"
    assert mock.post(LAUNCH, xml, content_type="application/xml").status == 200


def test_a_list_of_violations_is_cut_at_a_thousand(mock):
    """A small body can break a rule two million times: the answer says that it stopped."""
    found = violations(mock.post(LAUNCH, {"messages": [0] * 5000}))
    assert len(found) == 1001
    assert found["$"] == ["more than 1000 violations; only the first are listed"]


def test_names_that_xml_cannot_carry_are_escaped(mock):
    """The sender chose the name: a path writes it so that both formats can carry it."""
    response = mock.post(LAUNCH, {"messages": [], "\x01": 1}, accept="application/xml")
    assert b'path="\\u0001"' in response.body


def test_a_name_of_digits_is_no_index(mock):
    """Its path is that of a member, and both of its faults are there."""
    found = violations(mock.ivr("41793026727", parameters={"2": 5, "07": "x", "08": 5}))
    assert {path: len(texts) for path, texts in found.items()} == {
        f"messages[0].parameters.{name}": texts for name, texts in {"2": 2, "07": 1, "08": 2}.items()
    }


def test_unknown_members_may_be_ignored(new_mock, caplog):
    """R8: `ignore` accepts unknown members and says so, and still refuses the rest."""
    mock = new_mock(unknown_members="ignore")
    with caplog.at_level(logging.WARNING, "infobip_voice_mock"):
        assert mock.ivr("41793026727", futureMember=130).status == 200
    assert caplog.messages == ["ignored messages[0].futureMember: unknown member"]
    refused = mock.ivr("41793026727", futureMember=130, validityPeriod=0)
    assert list(violations(refused)) == ["messages[0].validityPeriod"]


def test_unknown_members_are_ignored_wherever_they_are(new_mock, caplog):
    """R8: at every level of a request, and what is known beside them still counts."""
    mock = new_mock(unknown_members="ignore", clock="manual")
    new = {"new": {"a": [1]}}
    moment = {"hour": 12, "minute": 30, **new}
    body = {
        "messages": [
            {
                "scenarioId": "S",
                "destinations": [{"to": "41793026727", "messageId": "M", **new}],
                "retry": {"minPeriod": 3, "maxPeriod": 3, **new},
                "sendingSpeed": {"speed": 1, "timeUnit": "day", **new},
                "deliveryTimeWindow": {"days": ["SUNDAY"], "from": moment, "to": {**moment, "hour": 13}, **new},
                **new,
            }
        ],
        **new,
    }
    with caplog.at_level(logging.WARNING, "infobip_voice_mock"):
        assert mock.post(LAUNCH, body).status == 200
    assert sorted(caplog.messages) == [
        f"ignored {path}new: unknown member"
        for path in (
            "messages[0].deliveryTimeWindow.from.",
            "messages[0].deliveryTimeWindow.",
            "messages[0].deliveryTimeWindow.to.",
            "messages[0].destinations[0].",
            "messages[0].",
            "messages[0].retry.",
            "messages[0].sendingSpeed.",
            "",
        )
    ]
    assert mock.control("GET", "calls/M").json["effective"]["retry"]["minPeriod"] == 3


def test_a_fault_of_the_mock_is_a_documented_500(new_mock, caplog):
    """Whatever breaks inside, the client reads the documented form."""
    mock = new_mock()

    def broken(*_):
        raise RuntimeError("broken")

    mock.app._authentication.account = broken
    response = mock.reports()
    assert response.status == 500
    assert response.json["requestError"]["serviceException"]["messageId"] == "GENERAL_ERROR"
    assert "broken" in caplog.text
