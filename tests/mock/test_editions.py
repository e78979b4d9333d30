"""The editions differ in the table of §12 and in nothing else, for each account by itself."""

import itertools
import json
from decimal import Decimal

import pytest

from infobip_voice_mock.editions import DIFFERENCES, EDITIONS
from infobip_voice_mock.outcomes import BY_PREFIX
from infobip_voice_mock.validation import Rules, contract
from infobip_voice_wire import xml

A, BUSY, LONG = "41793026727", "999102001", "999109001"
URL = "http://127.0.0.1:9/reports"
TENANT = "/_mock/tenants/Aladdin"


@pytest.fixture(params=["seeds", "2026"])
def edition(request):
    return request.param


class Receiver:
    """Keeps what is pushed."""

    def __init__(self):
        self.bodies = []

    async def post(self, url, headers, body):
        self.bodies.append(body)
        return 200


def test_the_table():
    """§12: six rows, in words, for the documentation."""
    assert [(row.what, *(row.words(EDITIONS[name]) for name in ("seeds", "2026"))) for row in DIFFERENCES] == [
        (
            "error codes",
            "5xxx: an answered call has `5000 VOICE_ANSWERED`",
            "10xxx: an answered call has `10000 NORMAL_HANGUP`",
        ),
        ("`ringTimeout` absent", "an attempt that nobody answers fails at once", "45 seconds"),
        ("pushed report, version absent", "flat", "nested"),
        ("XML lists of reports", "`<results><result>`", "`<results><results>`"),
        ("XML price", "`pricePerMessage`", "`pricePerSecond`"),
        (
            "`retry`",
            "absent members have defaults, periods as given",
            "all members required, periods rounded up, 1440 minutes at the most",
        ),
    ]


@pytest.mark.parametrize(("options", "first"), [({}, "seeds"), ({"edition": "2026"}, "2026")])
def test_an_account_has_an_edition(new_mock, options, first):
    """R18: `seeds` unless told otherwise; a reset brings back the edition of the mock."""
    mock = new_mock(**options)
    assert mock.control("GET", TENANT).json["edition"] == first
    for name in ("2026", "seeds", "2026"):
        assert mock.control("PUT", TENANT, {"edition": name}).json["edition"] == name
        assert mock.control("GET", TENANT).json["edition"] == name
        assert mock.control("GET", "/_mock/tenants/other").json["edition"] == first
    assert mock.control("PUT", TENANT, {"pushedReports": "push-only"}).json["edition"] == "2026"
    assert mock.control("DELETE", TENANT).status == 204
    assert mock.control("GET", TENANT).json["edition"] == first


def test_there_is_no_third_edition(mock):
    """The refusal names the two that there are, and nothing changes."""
    refused = mock.control("PUT", TENANT, {"edition": "2025", "pushedReports": "push-and-pull"})
    assert refused.status == 400
    assert refused.json["requestError"]["serviceException"]["validationErrors"] == {
        "edition": ["must be one of seeds, 2026; did you mean 2026?"]
    }
    assert mock.control("GET", TENANT).json["pushedReports"] == "push-only"


@pytest.mark.parametrize(
    ("number", "in_seeds", "in_2026"),
    [
        (A, (5000, "VOICE_ANSWERED"), (10000, "NORMAL_HANGUP")),
        ("999101001", (5001, "VOICE_ANSWERED_MACHINE"), (10002, "MACHINE_DETECTED")),
        (BUSY, (5002, "EC_VOICE_USER_BUSY"), (10201, "BUSY")),
        ("999103001", (5003, "EC_VOICE_NO_ANSWER"), (10200, "NO_ANSWER")),
        ("999104001", (5603, "EC_DECLINE"), (10203, "REJECTED")),
        ("999105001", (5480, "EC_VOICE_ERROR_TEMPORARILY_NOT_AVAILABLE"), (10204, "TEMPORARILY_UNAVAILABLE")),
        ("999113001", (5503, "EC_SERVICE_UNAVAILABLE"), (10309, "SERVICE_UNAVAILABLE")),
    ],
)
def test_error_codes(new_mock, edition, number, in_seeds, in_2026):
    """§12: 5xxx in `seeds`, 10xxx in `2026`; the status is the same."""
    mock = new_mock(edition=edition)
    mock.ivr(number)
    [report] = mock.reports().json["results"]
    assert (report["error"]["id"], report["error"]["name"]) == (in_seeds if edition == "seeds" else in_2026)
    assert report["status"]["id"] == (5 if number in (A, "999101001") else 15)


def test_every_outcome_has_an_error_in_each_edition(edition):
    """A new outcome needs its code in both numberings."""
    for outcome in BY_PREFIX.values():
        assert EDITIONS[edition].error(outcome.error).family == EDITIONS[edition].error_codes


def test_a_call_that_was_cut_has_a_code_in_2026_alone(new_mock, edition):
    """10004 says that the longest duration was reached; the 5xxx have no such code."""
    mock = new_mock(edition=edition)
    mock.ivr(LONG, callTimeout=60)
    mock.click_to_call(destinationB=LONG, maxDuration=60)
    found = [report["error"]["id"] for report in mock.reports().json["results"]]
    assert found == ([5000, 5000] if edition == "seeds" else [10004, 10004])


@pytest.mark.parametrize(
    ("name", "item", "price"), [("seeds", "result", "pricePerMessage"), ("2026", "results", "pricePerSecond")]
)
def test_xml(new_mock, name, item, price):
    """§12: reports differ in the names of items and price; launch answers and refusals do not."""
    mock = new_mock(edition=name)
    body = f"<request><messages><messages><scenarioId>S</scenarioId><destinations><destinations><to>{A}</to></destinations></destinations></messages></messages></request>"
    launched = mock.post("/voice/ivr/1/messages", body, content_type="application/xml").body
    assert launched.startswith(b"<voiceResponse><messages><message><to>")
    refused = mock.post("/voice/ivr/1/messages", "<request/>", content_type="application/xml").body
    assert b'<validationErrors><validationError path="messages"><text>is required</text></validationError>' in refused
    reports = mock.reports(accept="application/xml").body.decode()
    assert reports.startswith(f"<reportResponse><results><{item}><messageId>made-1</messageId>")
    assert f"<price><{price}>0.01</{price}><currency>EUR</currency></price>" in reports
    assert mock.reports(accept="application/xml").body == b"<reportResponse><results/></reportResponse>"


@pytest.mark.parametrize(
    ("name", "version", "nested"),
    [
        ("seeds", None, False), ("seeds", 1, False), ("seeds", 2, True),
        ("2026", None, True), ("2026", 1, False), ("2026", 2, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["ivr", "click_to_call"])
def test_the_form_of_a_push(new_mock, name, version, nested, kind):
    """R19: the form that the launch asks for, or else that of the edition; in JSON and in XML."""
    receiver = Receiver()
    mock = new_mock(edition=name, clock="manual", poster=receiver)
    asked = {} if version is None else {"notifyContentVersion": version}
    for media_type in ("application/json", "application/xml"):
        members = {"notifyUrl": URL, "notifyContentType": media_type, **asked}
        assert (mock.ivr(A, **members) if kind == "ivr" else mock.click_to_call(**members)).status == 200
    mock.run()
    in_json, in_xml = receiver.bodies
    [report] = json.loads(in_json)["results"]
    assert ("voiceCall" in report, "doneAt" in report) == (nested, not nested)
    assert (b"<voiceCall>" in in_xml, b"<doneAt>" in in_xml) == (nested, not nested)
    assert in_xml.startswith(
        b"<reportResponse><results><result>" if name == "seeds" else b"<reportResponse><results><results>"
    )
    view = mock.control("GET", "calls/made-1").json["effective"]
    assert view["notifyContentVersion"] == (2 if nested else 1)


@pytest.mark.parametrize(("version", "schema"), [(1, "VoiceReportResponse"), (2, "NestedReportResponse")])
@pytest.mark.parametrize("prefix", BY_PREFIX)
def test_every_push_keeps_to_the_contract(new_mock, edition, version, schema, prefix):
    """Whatever becomes of a call, its push fits the schema of its form, and XML says the same."""
    receiver = Receiver()
    mock = new_mock(edition=edition, clock="manual", poster=receiver)
    members = {"notifyUrl": URL, "notifyContentVersion": version}
    for media_type in ("application/json", "application/xml"):
        mock.ivr(f"{prefix}001", record=True, callbackData="mine", notifyContentType=media_type, **members)
        mock.click_to_call(destinationA=f"{prefix}001", notifyContentType=media_type, **members)
    mock.run()
    rules = Rules({"$ref": f"#/components/schemas/{schema}", "components": contract()["components"]})
    in_json = [json.loads(body) for body in receiver.bodies if body.startswith(b"{")]
    in_xml = [xml.decode(body, schema) for body in receiver.bodies if body.startswith(b"<")]
    assert len(in_json) == len(in_xml) == 2
    for document in in_json + in_xml:
        assert rules.hold(document)
    assert sorted(map(without_names, in_json), key=str) == sorted(map(without_names, in_xml), key=str)


def without_names(document):
    """Return a document without what differs between two calls, and without nulls."""
    if isinstance(document, dict):
        names = ("messageId", "callRecordingFileId", "recordedAudioFileUrl")
        kept = {name: without_names(value) for name, value in document.items() if name not in names}
        return {name: value for name, value in sorted(kept.items()) if value not in (None, {})}
    if isinstance(document, list):
        return [without_names(item) for item in document]
    return float(document) if isinstance(document, Decimal) else document


MEMBERS = ("minPeriod", "maxPeriod", "maxCount")


@pytest.mark.parametrize("given", [set(some) for count in range(4) for some in itertools.combinations(MEMBERS, count)])
@pytest.mark.parametrize("kind", ["ivr", "click_to_call"])
def test_members_of_retry(new_mock, edition, given, kind):
    """R18: in `2026` alone an absent member is refused, in the words of the schema."""
    mock = new_mock(edition=edition)
    retry = dict.fromkeys(given, 2)
    launched = mock.ivr(A, retry=retry) if kind == "ivr" else mock.click_to_call(retry=retry)
    missing = [] if edition == "seeds" else [name for name in MEMBERS if name not in given]
    if not missing:
        assert launched.status == 200
        return
    assert launched.status == 400
    assert launched.json["requestError"]["serviceException"]["validationErrors"] == {
        f"messages[0].retry.{name}": ["is required"] for name in missing
    }
    assert mock.control("GET", "calls").json == []


def test_a_long_list_of_broken_rules_is_cut(new_mock):
    """As for the schema's rules, the answer stops at a thousand, and says so."""
    message = {"scenarioId": "S", "destinations": [{"to": A}], "retry": {}}
    refused = new_mock(edition="2026").post("/voice/ivr/1/messages", {"messages": [message] * 400})
    found = refused.json["requestError"]["serviceException"]["validationErrors"]
    assert len(found) == 1001
    assert found["$"] == ["more than 1000 violations; only the first are listed"]


@pytest.mark.parametrize(
    ("given", "in_seeds", "in_2026"),
    [
        ((1, 5), (1, 5), (1, 5)),
        ((7, 7), (7, 7), (10, 10)),
        ((3, 25), (3, 25), (5, 30)),
        ((31, 61), (31, 61), (60, 120)),
        ((961, 1440), (961, 1440), (1440, 1440)),
        ((1440, 1441), (1440, 1441), (1440, 1440)),
        ((5000, 10**9), (5000, 10**9), (1440, 1440)),
    ],
)
def test_periods_of_retry(new_mock, edition, given, in_seeds, in_2026):
    """§12: in `2026` they are rounded up to the listed waits, of which 1440 is the last."""
    mock = new_mock(edition=edition)
    least, most = given
    mock.ivr({"to": A, "messageId": "M"}, retry={"minPeriod": least, "maxPeriod": most, "maxCount": 9})
    found = mock.control("GET", "calls/M").json["effective"]["retry"]
    least, most = in_seeds if edition == "seeds" else in_2026
    assert found == {"minPeriod": least, "maxPeriod": most, "maxCount": 4}


def test_both_editions_accept_the_members_of_both(new_mock, edition):
    """R18: the schema is one."""
    mock = new_mock(edition=edition)
    window = {"days": ["MONDAY"], "from": {"hour": 6, "minute": 0}, "to": {"hour": 15, "minute": 30}}
    retry = {"minPeriod": 1, "maxPeriod": 5, "maxCount": 5}
    ivr = {"ringTimeout": 45, "callTimeout": 130, "pause": 10, "notifyContentVersion": 2, "deliveryTimeWindow": window}
    assert mock.ivr(A, record=True, retry=retry, **ivr).status == 200
    voice = {"gender": "female", "name": "Joanna"}
    click = {"voice": voice, "machineDetection": "hangup", "notifyContentVersion": 1, "deliveryTimeWindow": window}
    assert mock.click_to_call(record="true", retry=retry, text="Hello", **click).status == 200


def test_an_edition_speaks_from_the_moment_it_is_chosen(new_mock):
    """What was launched before is reported in the words of the new edition, fetched or pushed."""
    receiver = Receiver()
    mock = new_mock(clock="manual", poster=receiver)
    mock.ivr(A)
    mock.ivr(A, notifyUrl=URL)
    mock.control("PUT", TENANT, {"edition": "2026"})
    mock.run()
    [fetched], [pushed] = mock.reports().json["results"], json.loads(receiver.bodies[0])["results"]
    assert [report["error"]["name"] for report in (fetched, pushed)] == ["NORMAL_HANGUP", "NORMAL_HANGUP"]
    assert "voiceCall" in pushed
