"""The life of a call, on a manual clock, to the minute; the five demonstrations come first."""

import json
from datetime import datetime, timedelta

import pytest

from infobip_voice_mock.schedule import RedialTerms, push_waits, redial_waits

BUSY, NOT_AVAILABLE, LONG = "999102001", "999105001", "999109001"


@pytest.fixture
def mock(new_mock):
    return new_mock(clock="manual")


def events(mock, message_id: str) -> list[str]:
    """Return what happened in a call, with the time of each event."""
    found = mock.control("GET", f"calls/{message_id}").json["events"]
    return [f"{event['at'][11:19]} {event['what']}" for event in found if event["what"] != "accepted"]


def dialled(mock, message_id: str) -> list[str]:
    return [line[:5] for line in events(mock, message_id) if line.endswith(" dialled")]


def the_report(mock, message_id: str):
    [report] = mock.reports(f"?messageId={message_id}").json["results"]
    return report


def test_pacing_ten_an_hour(mock):
    """§10: at 10 per hour A, B, C are due at minutes 0, 6, 12; D, without a speed, at 0."""
    speed = {"speed": 10, "timeUnit": "hour"}
    paced = [{"to": f"4179302672{n}", "messageId": name} for n, name in enumerate("ABC")]
    body = {
        "messages": [
            {"scenarioId": "S", "destinations": paced, "sendingSpeed": speed},
            {"scenarioId": "S", "destinations": [{"to": "41793026731", "messageId": "D"}]},
        ]
    }
    assert mock.post("/voice/ivr/1/messages", body).status == 200
    assert {name: dialled(mock, name) for name in "ABCD"} == {
        "A": ["12:00"], "B": ["12:06"], "C": ["12:12"], "D": ["12:00"],
    }  # fmt: skip
    mock.advance(seconds=10)
    assert mock.waiting() == ["A", "D"]
    mock.advance(minutes=5, seconds=59)
    assert mock.waiting() == []
    mock.advance(seconds=1)
    assert mock.waiting() == ["B"]
    mock.advance(minutes=6)
    assert mock.waiting() == ["C"]


def test_pacing_counts_accepted_destinations(mock):
    """A rejected destination takes no place; sevenths of a second are exact to the microsecond."""
    speed = {"speed": 7, "timeUnit": "second"}
    to = [
        {"to": number, "messageId": name}
        for name, number in zip("abc", ["41793026727", "999214001", "41793026731"], strict=True)
    ]
    mock.ivr(*to, sendingSpeed=speed)
    first, second = (mock.control("GET", f"calls/{name}").json["events"][1]["at"] for name in "ac")
    assert datetime.fromisoformat(second) - datetime.fromisoformat(first) == timedelta(microseconds=142857)


def test_redial_climbs_the_ladder(mock):
    """§10: between 1 and 30 minutes the waits are 1, 2, 5 and 10, each from the failed attempt."""
    mock.ivr({"to": BUSY, "messageId": "M"}, retry={"minPeriod": 1, "maxPeriod": 30, "maxCount": 99})
    assert dialled(mock, "M") == ["12:00", "12:01", "12:03", "12:08", "12:18"]
    assert mock.control("GET", "calls/M").json["effective"]["retry"]["maxCount"] == 4
    mock.advance(minutes=17, seconds=59)
    assert mock.waiting() == []
    mock.advance(seconds=1)
    report = the_report(mock, "M")
    assert report["doneAt"] == "2026-03-01T12:18:00.000+0000"
    assert (report["status"]["name"], report["error"]["name"]) == ("EXPIRED_EXPIRED", "EC_VOICE_USER_BUSY")


def test_redial_of_the_documentation(mock):
    """§10: 1/5/5, all failing: 12:00, 12:01, 12:03, 12:08, 12:13; five attempts, one report."""
    mock.ivr({"to": BUSY, "messageId": "M"}, retry={"minPeriod": 1, "maxPeriod": 5, "maxCount": 5})
    assert dialled(mock, "M") == ["12:00", "12:01", "12:03", "12:08", "12:13"]
    mock.run()
    assert mock.waiting() == ["M"]


def test_redial_ends_with_success(mock):
    """The third attempt is answered: no other follows, and the report says delivered."""
    mock.ivr({"to": "999111001", "messageId": "M"}, retry={"minPeriod": 7, "maxPeriod": 7})
    assert events(mock, "M") == [
        "12:00:00 dialled",
        "12:00:00 not available",
        "12:07:00 dialled",
        "12:07:00 not available",
        "12:14:00 dialled",
        "12:14:00 answered",
        "12:14:10 ended at second 10",
    ]
    mock.run()
    report = the_report(mock, "M")
    assert (report["status"]["name"], report["duration"]) == ("DELIVERED_TO_HANDSET", 10)


@pytest.mark.parametrize("number", [BUSY, NOT_AVAILABLE, "999110001"])
def test_without_retry_there_is_one_attempt(mock, number):
    """`retry` absent: no redial."""
    mock.ivr({"to": number, "messageId": "M"})
    assert dialled(mock, "M") == ["12:00"]


@pytest.mark.parametrize(
    ("minimum", "maximum", "expected"),
    [
        (1, 1440, [1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 960, 1440, 1440]),
        (1, 5, [1, 2, 5, 5, 5]),
        (2, 30, [2, 5, 10, 20, 30, 30]),
        (3, 10, [5, 10, 10]),
        (7, 7, [7, 7, 7]),
        (9, 5, [5, 5, 5]),
        (6, 9, [9, 9, 9]),
        (1, 1, [1, 1]),
        (10**18, 10**18, [52_560_000]),
    ],
)
def test_waits(minimum, maximum, expected):
    """§10: constant when equal; `maxPeriod` throughout when `minPeriod` is above it; else the rungs
    and then `maxPeriod`.
    """
    found = redial_waits(RedialTerms(minimum, maximum, len(expected)))
    assert [wait // timedelta(minutes=1) for wait in found] == expected


def test_validity_cuts_redials_off(mock):
    """§10: from 17:00, validity 8, 1/5/4: 17:00, 17:01, 17:03, and EXPIRED at 17:08."""
    mock.ivr(
        {"to": BUSY, "messageId": "M"},
        sendAt="2026-03-01T17:00:00.000+0000",
        validityPeriod=8,
        retry={"minPeriod": 1, "maxPeriod": 5, "maxCount": 4},
    )
    assert dialled(mock, "M") == ["17:00", "17:01", "17:03"]
    mock.run()
    report = the_report(mock, "M")
    assert (report["sentAt"], report["doneAt"]) == ("2026-03-01T17:00:00.000+0000", "2026-03-01T17:08:00.000+0000")
    assert report["status"]["name"] == "EXPIRED_EXPIRED"


def test_validity_is_48_hours_at_most(mock):
    """R7: a validity of 2881 minutes ends after 2880."""
    mock.ivr({"to": BUSY, "messageId": "M"}, validityPeriod=2881, retry={"minPeriod": 1440, "maxPeriod": 1440})
    assert mock.control("GET", "calls/M").json["effective"]["ends"] == "2026-03-03T12:00:00+00:00"
    assert len(dialled(mock, "M")) == 2
    mock.run()
    assert the_report(mock, "M")["doneAt"] == "2026-03-03T12:00:00.000+0000"


def test_pacing_puts_validity_out_of_force(mock):
    """§2: `validityPeriod` is ignored when `sendingSpeed` is present."""
    mock.ivr(
        {"to": BUSY, "messageId": "M"},
        validityPeriod=1,
        sendingSpeed={"speed": 1, "timeUnit": "day"},
        retry={"minPeriod": 5, "maxPeriod": 5, "maxCount": 1},
    )
    assert dialled(mock, "M") == ["12:00", "12:05"]
    assert mock.control("GET", "calls/M").json["effective"]["ends"] is None


def test_a_scheduled_call_waits_for_its_time(mock):
    """A call waits for its `sendAt`; a time that has passed means now."""
    mock.ivr({"to": "41793026727", "messageId": "later"}, sendAt="2026-03-01T15:00:00.000+01:00")
    mock.ivr({"to": "41793026727", "messageId": "now"}, sendAt="2016-07-07T17:00:00.000+01:00")
    mock.advance(seconds=10)
    assert mock.waiting() == ["now"]
    mock.advance(hours=2)
    assert mock.waiting() == ["later"]


@pytest.mark.parametrize(
    ("members", "a_sees", "b_sees"),
    [
        ({"fromB": "41793026701"}, "41793026700", "41793026701"),
        ({"fromB": "41793026701", "anonymization": True}, "41793026700", "41793026701"),
        ({"fromB": "41793026701", "anonymization": False}, "41793026700", "41793026701"),
        ({"anonymization": True}, "41793026700", "41793026700"),
        ({"anonymization": False}, "41793026700", "41793026727"),
        ({}, "41793026700", "41793026727"),
    ],
)
def test_caller_ids(mock, members, a_sees, b_sees):
    """§3: `fromB` and `anonymization` decide which number each party sees."""
    mock.click_to_call(messageId="M", **members)
    found = mock.control("GET", "calls/M").json["events"]
    shown = {event["number"]: event["shows"] for event in found if event["what"] == "dialled"}
    assert shown == {"41793026727": a_sees, "41793026731": b_sees}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"text": "Hello"}, ["dialled", "answered", "played the text", "dialled", "answered", "ended at second 10"]),
        (
            {"audioFileUrl": "https://www.example.com/a.wav"},
            ["dialled", "answered", "played the audio file", "dialled", "answered", "ended at second 10"],
        ),
        ({}, ["dialled", "answered", "dialled", "answered", "ended at second 10"]),
        ({"destinationA": BUSY}, ["dialled", "busy"]),
        ({"destinationB": BUSY}, ["dialled", "answered", "dialled", "busy"]),
        (
            {"destinationB": LONG, "maxDuration": 60, "warningTime": 5},
            ["dialled", "answered", "dialled", "answered", "beep at second 55", "ended at second 60 by maxDuration"],
        ),
        (
            {"destinationB": LONG, "maxDuration": 5, "warningTime": 5},
            ["dialled", "answered", "dialled", "answered", "ended at second 5 by maxDuration"],
        ),
        (
            {"destinationB": LONG, "warningTime": 5},
            ["dialled", "answered", "dialled", "answered", "ended at second 3600"],
        ),
        ({"maxDuration": 60, "warningTime": 5}, ["dialled", "answered", "dialled", "answered", "ended at second 10"]),
    ],
)
def test_the_life_of_a_click_to_call(mock, members, expected):
    """§3, R10: A, the text, then B; beep and end count from the transfer."""
    mock.click_to_call(messageId="M", **members)
    assert [line[9:] for line in events(mock, "M")] == expected


def test_a_warning_beeps_at_its_second(mock):
    """§3: with 60 and 5 the beep is at second 55, the end at 60, and the report says 60."""
    mock.click_to_call(messageId="M", destinationB=LONG, maxDuration=60, warningTime=5)
    assert events(mock, "M")[-2:] == ["12:00:55 beep at second 55", "12:01:00 ended at second 60 by maxDuration"]
    mock.advance(seconds=59)
    assert mock.waiting() == []
    mock.advance(seconds=1)
    assert the_report(mock, "M")["duration"] == 60


def test_on_the_real_clock_talking_takes_no_time(new_mock):
    """The plain launch of a newcomer has its report at once."""
    mock = new_mock()
    mock.click_to_call(messageId="M", destinationB=LONG)
    report = the_report(mock, "M")
    assert (report["duration"], report["sentAt"]) == (3600, report["doneAt"])


def test_a_recording_can_be_fetched(new_mock):
    """The URL in the report gives a WAV file; no other URL does."""
    mock = new_mock(base_url="http://127.0.0.1:8080")
    mock.ivr({"to": "41793026727", "messageId": "a/b ü"}, record=True)
    mock.ivr({"to": "41793026727", "messageId": "plain"})
    url = the_report(mock, "a%2Fb%20%C3%BC")["recordedAudioFileUrl"]
    assert url == "http://127.0.0.1:8080/tts/3/files/a%2Fb%20%C3%BC/41793026727"
    response = mock.send("GET", "/tts/3/files/a/b ü/41793026727", accept="audio/wav")
    assert (response.status, response.headers["content-type"], response.body[:4]) == (200, "audio/wav", b"RIFF")
    assert mock.send("GET", "/tts/3/files/plain/41793026727").status == 404
    assert mock.send("GET", "/tts/3/files/a/b ü/41793026728").status == 404
    assert mock.send("GET", "/tts/3/files/a/b ü/41793026727", authorization=None).status == 401


class Receiver:
    """Answer pushes as it is told, and remember them."""

    def __init__(self, *answers: int | str, after: int | str = 200) -> None:
        self.answers = list(answers)
        self.after = after
        self.seen: list[tuple[str, dict[str, str], bytes]] = []

    async def post(self, url, headers, body):
        self.seen.append((url, dict(headers), body))
        answer = self.answers.pop(0) if self.answers else self.after
        if isinstance(answer, str):
            raise OSError(answer)
        return answer


URL = "http://127.0.0.1:9/reports?secret=x"


def test_a_push_is_repeated_on_schedule(new_mock):
    """§9: it fails at 12:00, 12:01, 12:03, 12:08, arrives at 12:18, and is not repeated."""
    receiver = Receiver(500, "ConnectError", 302, 503)
    mock = new_mock(clock="manual", poster=receiver)
    mock.ivr({"to": BUSY, "messageId": "M"}, notifyUrl=URL)
    mock.run()
    [push] = mock.control("GET", "pushes").json
    assert [(item["at"][11:16], item["status"], item["error"]) for item in push["attempts"]] == [
        ("12:00", 500, ""),
        ("12:01", None, "ConnectError"),
        ("12:03", 302, ""),
        ("12:08", 503, ""),
        ("12:18", 200, ""),
    ]
    assert push["state"] == "delivered"


def test_the_waits_between_pushes():
    """§9: there are twenty waits of 1 minute + 1 minute × n²."""
    minutes = [wait // timedelta(minutes=1) for wait in push_waits()]
    assert minutes[:6] == [1, 2, 5, 10, 17, 26]
    assert len(minutes) == 20


def test_a_push_that_never_arrives_is_dropped_and_visible(new_mock):
    """§9: after twenty repetitions it is exhausted, and does not return to the queue."""
    receiver = Receiver(after=500)
    mock = new_mock(clock="manual", poster=receiver)
    mock.ivr({"to": "41793026727", "messageId": "M"}, notifyUrl=URL)
    mock.run()
    [push] = mock.control("GET", "pushes").json
    assert (push["state"], len(push["attempts"]), len(receiver.seen)) == ("exhausted", 21, 21)
    assert mock.waiting() == []


def test_what_is_pushed(new_mock):
    """§9, R14: the report answer with callbackData, in the wanted form, and not in the queue."""
    receiver = Receiver()
    mock = new_mock(poster=receiver)
    mock.ivr({"to": "41793026727", "messageId": "M"}, notifyUrl=URL, callbackData="<mine>")
    mock.ivr(
        {"to": "41793026727", "messageId": "N"},
        notifyUrl=URL,
        notifyContentType="application/xml",
        callbackData="<mine>",
    )
    assert mock.waiting() == []
    mock.control("PUT", "clock", {"mode": "manual"})
    mock.run()
    (url, headers, body), (_, xml_headers, xml_body) = receiver.seen
    assert (url, headers["content-type"], xml_headers["content-type"]) == (URL, "application/json", "application/xml")
    [report] = json.loads(body)["results"]
    assert (report["messageId"], report["callbackData"]) == ("M", "<mine>")
    assert xml_body.startswith(b"<reportResponse><results><result><messageId>N</messageId>")
    assert b"<callbackData>&lt;mine&gt;</callbackData>" in xml_body


def test_a_pushed_report_may_be_fetched_too_when_that_is_switched_on(new_mock):
    """R14: by default a pushed report cannot be fetched."""
    mock = new_mock(clock="manual", poster=Receiver())
    assert mock.control("PUT", "", {"pushedReports": "push-and-pull"}).status == 404
    assert mock.control("PUT", "/_mock/tenants/Aladdin", {"pushedReports": "push-and-pull"}).status == 200
    mock.ivr({"to": "41793026727", "messageId": "M"}, notifyUrl=URL)
    mock.run()
    assert mock.waiting() == ["M"]
    assert len(mock.control("GET", "pushes").json) == 1


@pytest.mark.parametrize(
    ("url", "pushed"),
    [
        ("http://127.0.0.1:9/", True),
        ("http://127.8.8.8/", True),
        ("http://localhost:9/", True),
        ("http://[::1]:9/", True),
        ("http://allowed.example:9/", True),
        ("http://ALLOWED.example/", True),
        ("http://www.example.com/voice/advanced", False),
        ("http://127.0.0.1.example.com/", False),
        ("http://localhost.example.com/", False),
        ("http://127.0.0.1@www.example.com/", False),
        ("http://10.0.0.1/", False),
        ("http://0.0.0.0/", False),
        ("http://[8a8]:48", False),
        ("http://127.0.0.1:99999/", False),
        ("http://127.0.0.1:0/", False),
    ],
)
def test_only_allowed_hosts_are_contacted(new_mock, url, pushed):
    """R14: a report for any other host waits to be fetched, also the documentation's samples."""
    receiver = Receiver()
    mock = new_mock(clock="manual", poster=receiver, push_hosts=["allowed.example"])
    mock.ivr({"to": "41793026727", "messageId": "M"}, notifyUrl=url)
    mock.run()
    assert [item[0] for item in receiver.seen] == ([url] if pushed else [])
    assert mock.waiting() == ([] if pushed else ["M"])


def test_a_push_can_be_replayed(new_mock):
    """The same bytes go out again at once, whatever became of the push."""
    receiver = Receiver()
    mock = new_mock(clock="manual", poster=receiver)
    mock.ivr({"to": "41793026727", "messageId": "M"}, notifyUrl=URL)
    mock.run()
    assert mock.control("POST", "pushes/push-1/replay").json["state"] == "delivered"
    assert len(receiver.seen) == 2
    assert receiver.seen[0] == receiver.seen[1]
    assert mock.control("POST", "pushes/push-9/replay").status == 404
