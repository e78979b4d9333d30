"""The examples of §10 and §12 to the minute, in both editions, over HTTP, on a manual clock.

The clock begins on Sunday, March 1st, 2026 at 12:00 UTC.
"""

import json

import pytest

A, B, MACHINE, BUSY, NO_ANSWER, PRESSED, SPARSE, LONG = (
    "41793026727", "41793026731", "999101001", "999102001", "999103001", "999106001", "999108001", "999109001",
)  # fmt: skip
URL = "http://127.0.0.1:9/reports"
SIX, HALF_PAST_THREE = {"hour": 6, "minute": 0}, {"hour": 15, "minute": 30}
WORKING_DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]
WORKING_HOURS = {"days": WORKING_DAYS, "from": SIX, "to": HALF_PAST_THREE}


class Receiver:
    """Keeps what is pushed."""

    def __init__(self):
        self.bodies = []

    async def post(self, url, headers, body):
        self.bodies.append(body)
        return 200


@pytest.fixture(params=["seeds", "2026"])
def edition(request):
    return request.param


@pytest.fixture
def receiver():
    return Receiver()


@pytest.fixture
def mock(new_mock, edition, receiver):
    return new_mock(clock="manual", edition=edition, poster=receiver)


def retry(least, most, count):
    return {"minPeriod": least, "maxPeriod": most, "maxCount": count}


def events(mock, name="M"):
    """Return what happens in a call as day, time and words."""
    found = mock.control("GET", f"calls/{name}").json["events"]
    return [f"{event['at'][8:10]} {event['at'][11:19]} {event['what']}" for event in found[1:]]


def dials(mock, name="M"):
    return [line[:8] for line in events(mock, name) if line.endswith(" dialled")]


def the_report(mock):
    mock.run()
    [report] = mock.reports().json["results"]
    return report


def test_redial(mock):
    """§10: 1/5/5, every attempt failing at once: 12:00, 12:01, 12:03, 12:08, 12:13; one report."""
    mock.ivr({"to": BUSY, "messageId": "M"}, retry=retry(1, 5, 5))
    assert dials(mock) == ["01 12:00", "01 12:01", "01 12:03", "01 12:08", "01 12:13"]
    assert the_report(mock)["doneAt"] == "2026-03-01T12:13:00.000+0000"


def test_constant_redial(mock, edition):
    """§10: 7/7 waits 7 minutes; in `2026` 7 is rounded up to 10."""
    mock.ivr({"to": BUSY, "messageId": "M"}, retry=retry(7, 7, 2))
    in_seeds, in_2026 = ["01 12:00", "01 12:07", "01 12:14"], ["01 12:00", "01 12:10", "01 12:20"]
    assert dials(mock) == (in_seeds if edition == "seeds" else in_2026)


def test_validity(mock):
    """§10: from 17:00, validity 8, 1/5/4: three dials, and EXPIRED at 17:08."""
    sends = {"sendAt": "2026-03-01T17:00:00.000+0000", "validityPeriod": 8}
    mock.ivr({"to": BUSY, "messageId": "M"}, retry=retry(1, 5, 4), **sends)
    assert dials(mock) == ["01 17:00", "01 17:01", "01 17:03"]
    report = the_report(mock)
    assert (report["status"]["name"], report["doneAt"]) == ("EXPIRED_EXPIRED", "2026-03-01T17:08:00.000+0000")


def test_pacing(mock):
    """§10: ten an hour: minutes 0, 6, 12; a message without a speed at 0."""
    paced = [{"to": A, "messageId": name} for name in "ABC"]
    speed = {"speed": 10, "timeUnit": "hour"}
    body = {
        "messages": [
            {"scenarioId": "S", "destinations": paced, "sendingSpeed": speed},
            {"scenarioId": "S", "destinations": [{"to": A, "messageId": "D"}]},
        ]
    }
    assert mock.post("/voice/ivr/1/messages", body).status == 200
    assert [dials(mock, name) for name in "ABCD"] == [["01 12:00"], ["01 12:06"], ["01 12:12"], ["01 12:00"]]


def test_the_first_attempt_waits_for_the_window(mock):
    """R20: launched on a Sunday, it rings on Monday at six; the minute before, nothing has."""
    mock.ivr({"to": A, "messageId": "M"}, deliveryTimeWindow=WORKING_HOURS)
    assert events(mock) == ["02 06:00:00 dialled", "02 06:00:00 answered", "02 06:00:10 ended at second 10"]
    mock.advance(hours=18, seconds=9)
    assert mock.waiting() == []
    mock.advance(seconds=1)
    report = the_report(mock)
    assert (report["sentAt"], report["doneAt"]) == ("2026-03-02T06:00:00.000+0000", "2026-03-02T06:00:10.000+0000")


def test_a_scheduled_attempt_waits_for_the_window(mock):
    """R20: `sendAt` at 15:30 on a Monday is too late: `to` is not part of the window."""
    for name, minute in (("M", "29"), ("N", "30")):
        sends = {"sendAt": f"2026-03-02T15:{minute}:00.000Z", "deliveryTimeWindow": WORKING_HOURS}
        mock.ivr({"to": A, "messageId": name}, **sends)
    assert (dials(mock, "M"), dials(mock, "N")) == (["02 15:29"], ["03 06:00"])


def test_a_redial_waits_for_the_window(mock):
    """R20: at 15:30 the window has closed, so the redial is made on Tuesday at six, and goes on."""
    sends = {"sendAt": "2026-03-02T15:28:00.000Z", "deliveryTimeWindow": WORKING_HOURS}
    mock.ivr({"to": BUSY, "messageId": "M"}, retry=retry(1, 5, 4), **sends)
    assert dials(mock) == ["02 15:28", "02 15:29", "03 06:00", "03 06:05", "03 06:10"]


@pytest.mark.parametrize(("period", "dialled"), [(1080, []), (1081, ["02 06:00"])])
def test_validity_ends_the_wait_for_a_window(mock, period, dialled):
    """R20: the window opens after 1080 minutes; a call that is no longer valid then never rings."""
    mock.ivr({"to": A, "messageId": "M"}, validityPeriod=period, deliveryTimeWindow=WORKING_HOURS)
    assert dials(mock) == dialled
    report = the_report(mock)
    if dialled:
        assert report["status"]["name"] == "DELIVERED_TO_HANDSET"
        return
    assert (report["status"]["name"], report["error"]["name"]) == ("EXPIRED_EXPIRED", "NO_ERROR")
    assert (report["doneAt"], report["duration"]) == ("2026-03-02T06:00:00.000+0000", 0)
    assert {"sentAt", "startTime", "answerTime", "endTime"}.isdisjoint(report)


def test_validity_ends_a_click_to_call_that_waits(mock):
    """§3, R20: 48 hours after a Sunday it is Tuesday, and the window opens on a Saturday."""
    mock.click_to_call(messageId="M", deliveryTimeWindow={"days": ["SATURDAY"]})
    assert events(mock) == ["03 12:00:00 expired"]
    assert the_report(mock)["status"]["name"] == "EXPIRED_EXPIRED"


def test_validity_ends_a_redial_that_waits(mock):
    """R20: the redial at 15:29 is made, the next would be on Tuesday, and the validity is over."""
    sends = {"sendAt": "2026-03-02T15:28:00.000Z", "deliveryTimeWindow": WORKING_HOURS, "validityPeriod": 60}
    mock.ivr({"to": BUSY, "messageId": "M"}, retry=retry(1, 5, 4), **sends)
    assert dials(mock) == ["02 15:28", "02 15:29"]
    assert events(mock)[-1] == "02 16:28:00 expired"


def test_pacing_in_a_window(mock):
    """R20: paced from the first call that may ring, and again from the next opening.

    With a speed there is no validity, so that the last one rings however late that is.
    """
    window = {"days": WORKING_DAYS, "from": SIX, "to": {"hour": 6, "minute": 10}}
    destinations = [{"to": A, "messageId": name} for name in "ABC"]
    mock.ivr(*destinations, sendingSpeed={"speed": 10, "timeUnit": "hour"}, deliveryTimeWindow=window)
    assert [dials(mock, name) for name in "ABC"] == [["02 06:00"], ["02 06:06"], ["03 06:00"]]


def test_a_night(mock):
    """R20: from 22:00 to 06:00 on Sundays: the night to Monday belongs to Sunday."""
    window = {"days": ["SUNDAY"], "from": {"hour": 22, "minute": 0}, "to": SIX}
    mock.ivr({"to": A, "messageId": "M"}, deliveryTimeWindow=window)
    mock.ivr({"to": A, "messageId": "N"}, sendAt="2026-03-02T05:59:00.000Z", deliveryTimeWindow=window)
    assert (dials(mock, "M"), dials(mock, "N")) == (["01 22:00"], ["02 05:59"])
    seen = mock.control("GET", "calls/M").json["effective"]["deliveryTimeWindow"]
    assert seen == {"days": ["SUNDAY"], "from": "22:00", "to": "06:00"}


def test_whole_days(mock):
    """R20: without hours the days are whole; a day that has begun is open at once."""
    for name, day in (("M", "SUNDAY"), ("N", "MONDAY")):
        mock.ivr({"to": A, "messageId": name}, deliveryTimeWindow={"days": [day]})
    assert (dials(mock, "M"), dials(mock, "N")) == (["01 12:00"], ["02 00:00"])
    seen = mock.control("GET", "calls/N").json["effective"]["deliveryTimeWindow"]
    assert seen == {"days": ["MONDAY"], "from": "00:00", "to": "24:00"}


@pytest.mark.parametrize("kind", ["ivr", "click_to_call"])
def test_a_window_that_is_never_open(mock, kind):
    """R20: equal times are refused in words, and nothing is launched."""
    window = {"days": ["MONDAY"], "from": SIX, "to": SIX}
    launched = (
        mock.ivr(A, deliveryTimeWindow=window) if kind == "ivr" else mock.click_to_call(deliveryTimeWindow=window)
    )
    assert launched.status == 400
    assert launched.json["requestError"]["serviceException"]["validationErrors"] == {
        "messages[0].deliveryTimeWindow.to": ["must be another time than from; leave both out for whole days"]
    }
    assert mock.control("GET", "calls").json == []


@pytest.mark.parametrize(
    ("members", "in_seeds", "in_2026"),
    [
        ({}, ["12:00:00", "12:01:00"], ["12:00:45", "12:02:30"]),
        ({"ringTimeout": 20}, ["12:00:20", "12:01:40"], ["12:00:20", "12:01:40"]),
        ({"ringTimeout": 90}, ["12:01:30", "12:04:00"], ["12:01:30", "12:04:00"]),
    ],
)
def test_ring_timeout(mock, edition, members, in_seeds, in_2026):
    """§12: the wait for the redial begins when the attempt ends; absent: at once, or 45 seconds."""
    mock.ivr({"to": NO_ANSWER, "messageId": "M"}, retry=retry(1, 1, 1), **members)
    first, second = in_seeds if edition == "seeds" else in_2026
    lines = events(mock)
    assert [line for line in lines if "no answer" in line] == [f"01 {first} no answer", f"01 {second} no answer"]
    redial = int(first[3:5]) + 1
    assert lines[2] == f"01 12:{redial:02}:{first[6:]} dialled"
    report = the_report(mock)
    assert (report["doneAt"], report["endTime"]) == (f"2026-03-01T{second}.000+0000",) * 2
    assert report["startTime"] == f"2026-03-01T12:{redial:02}:{first[6:]}.000+0000"
    assert "answerTime" not in report


@pytest.mark.parametrize("number", [BUSY, "999104001", "999105001", "999113001"])
def test_what_does_not_ring(mock, number):
    """Only a telephone that nobody answers rings until the end; the others fail at once."""
    mock.ivr({"to": number, "messageId": "M"}, ringTimeout=60)
    assert [line[:11] for line in events(mock)] == ["01 12:00:00", "01 12:00:00"]


def test_both_telephones_of_a_click_to_call_ring(mock, edition):
    """§12: in `2026` each rings for 45 seconds, since the launch cannot say for how long."""
    mock.click_to_call(messageId="M", destinationA=NO_ANSWER)
    mock.click_to_call(messageId="N", destinationB=NO_ANSWER)
    end = "12:00:00" if edition == "seeds" else "12:00:45"
    assert events(mock, "M") == ["01 12:00:00 dialled", f"01 {end} no answer"]
    assert events(mock, "N") == [
        "01 12:00:00 dialled", "01 12:00:00 answered", "01 12:00:00 dialled", f"01 {end} no answer",
    ]  # fmt: skip


def test_an_attempt_that_outlasts_the_validity(mock):
    """It began in time and goes on; the report is due when it ends, and there is no other."""
    sends = {"ringTimeout": 90, "validityPeriod": 1}
    mock.ivr({"to": NO_ANSWER, "messageId": "M"}, retry=retry(1, 1, 4), **sends)
    assert events(mock) == ["01 12:00:00 dialled", "01 12:01:30 no answer", "01 12:01:30 expired"]


@pytest.mark.parametrize("seconds", [10**15, 10**18])
def test_a_ring_timeout_of_ages(mock, seconds):
    """No legal number leads beyond the last year that there is."""
    assert mock.ivr({"to": NO_ANSWER, "messageId": "M"}, ringTimeout=seconds, retry=retry(1, 1, 4)).status == 200
    assert mock.control("GET", "calls/M").json["effective"]["ringTimeout"] == 3_153_600_000


@pytest.mark.parametrize(
    ("members", "happens", "duration"),
    [
        ({"callTimeout": 130}, ["12:02:10 ended at second 130 by callTimeout"], 130),
        ({"callTimeout": 3600}, ["13:00:00 ended at second 3600"], 3600),
        ({"pause": 10}, ["12:00:10 first sound at second 10", "13:00:10 ended at second 3610"], 3610),
        (
            {"pause": 2, "callTimeout": 130},
            ["12:00:02 first sound at second 2", "12:02:10 ended at second 130 by callTimeout"],
            130,
        ),
        ({"pause": 10, "callTimeout": 10}, ["12:00:10 ended at second 10 by callTimeout"], 10),
        ({"pause": 10, "callTimeout": 4}, ["12:00:04 ended at second 4 by callTimeout"], 4),
        ({"pause": 0}, ["13:00:00 ended at second 3600"], 3600),
    ],
)
def test_pause_and_call_timeout(mock, members, happens, duration):
    """§12: both count from the answer; a call that ends in the pause has had no sound."""
    mock.ivr({"to": LONG, "messageId": "M"}, **members)
    assert events(mock)[1:] == ["01 12:00:00 answered", *(f"01 {line}" for line in happens)]
    report = the_report(mock)
    assert (report["duration"], report["endTime"][11:19]) == (duration, happens[-1][:8])


@pytest.mark.parametrize(
    ("members", "happens"),
    [
        ({"destinationA": MACHINE, "machineDetection": "hangup"}, [
            "dialled", "answered", "ended at second 4 by machineDetection",
        ]),
        ({"destinationA": MACHINE}, [
            "dialled", "answered", "played the text", "dialled", "answered", "ended at second 10",
        ]),
        ({"machineDetection": "hangup"}, [
            "dialled", "answered", "played the text", "dialled", "answered", "ended at second 10",
        ]),
        ({"destinationB": MACHINE, "machineDetection": "hangup"}, [
            "dialled", "answered", "played the text", "dialled", "answered", "ended at second 10",
        ]),
    ],
)  # fmt: skip
def test_machine_detection(mock, members, happens):
    """§12: a machine that answers A hears nothing, and B is not dialled."""
    mock.click_to_call(messageId="M", text="Hello", **members)
    assert [line[12:] for line in events(mock)] == happens


def test_the_report_of_a_machine(mock, edition):
    """§12: it says that a machine answered; the call lasted as long as the detection."""
    mock.click_to_call(
        messageId="M", destinationA=MACHINE, text="Hello", machineDetection="hangup", retry=retry(1, 1, 1)
    )
    report = the_report(mock)
    assert (report["error"]["id"], report["duration"]) == (5001 if edition == "seeds" else 10002, 4)
    assert (report["status"]["name"], report["endTime"]) == ("DELIVERED_TO_HANDSET", "2026-03-01T12:00:04.000+0000")


@pytest.mark.parametrize(
    ("voice", "played"),
    [
        ({"name": "Joanna"}, "played the text in the voice Joanna"),
        ({"gender": "male"}, "played the text in the first male voice"),
        ({"gender": "male", "name": "Joanna"}, "played the text in the voice Joanna"),
        ({}, "played the text"),
    ],
)
def test_voices(mock, voice, played):
    """§12: a name alone or with a gender is that voice; a gender alone the first of it."""
    mock.click_to_call(messageId="M", text="Hello", voice=voice)
    assert events(mock)[2][12:] == played


def pushed(mock, receiver):
    mock.run()
    [report] = json.loads(receiver.bodies[0])["results"]
    return report


def test_the_whole_nested_report_of_an_ivr(mock, edition, receiver):
    """§12: every member that the mock knows a value for."""
    mock.ivr(
        {"to": PRESSED, "messageId": "M"},
        **{"from": "41793026700", "bulkId": "B", "record": True, "pause": 3, "callbackData": "mine"},
        notifyUrl=URL,
        notifyContentVersion=2,
    )
    in_seeds = {"id": 5000, "name": "VOICE_ANSWERED", "description": "Call answered by human"}
    in_2026 = {"id": 10000, "name": "NORMAL_HANGUP", "description": "The call ended normally"}
    assert pushed(mock, receiver) == {
        "bulkId": "B",
        "messageId": "M",
        "from": "41793026700",
        "to": PRESSED,
        "sentAt": "2026-03-01T12:00:00.000+0000",
        "mccMnc": "21901",
        "callbackData": "mine",
        "voiceCall": {
            "feature": "Outbound-IVR",
            "startTime": "2026-03-01T12:00:00.000+0000",
            "answerTime": "2026-03-01T12:00:00.000+0000",
            "endTime": "2026-03-01T12:00:13.000+0000",
            "duration": 13,
            "chargedDuration": 30,
            "direction": "OUTBOUND",
            "dtmfCodes": "42",
            "answeredBy": "HUMAN",
            "callRecordingFileId": "M",
            "ivr": {"scenarioId": "S", "collectedDtmfs": '{"pressed":"42"}'},
        },
        "price": {"pricePerSecond": 0.01, "currency": "EUR"},
        "status": {
            "groupId": 3,
            "groupName": "DELIVERED",
            "id": 5,
            "name": "DELIVERED_TO_HANDSET",
            "description": "Message delivered to handset",
        },
        "error": {"groupId": 0, "groupName": "OK", **(in_seeds if edition == "seeds" else in_2026), "permanent": True},
    }


@pytest.mark.parametrize(
    ("members", "call"),
    [
        ({}, {"endTime": "12:00:10", "duration": 10, "chargedDuration": 30, "answeredBy": "HUMAN"}),
        ({"destinationA": MACHINE}, {"endTime": "12:00:10", "duration": 10, "chargedDuration": 30, "answeredBy": "MACHINE"}),
        ({"destinationB": LONG, "maxDuration": 61}, {"endTime": "12:01:01", "duration": 61, "chargedDuration": 90, "answeredBy": "HUMAN"}),
        ({"destinationB": BUSY}, {"endTime": "12:00:00", "duration": 0, "chargedDuration": 0}),
    ],
)  # fmt: skip
def test_the_nested_report_of_a_click_to_call(mock, receiver, members, call):
    """§12: no scenario; a call that failed was not answered and costs nothing."""
    mock.click_to_call(notifyUrl=URL, notifyContentVersion=2, **members)
    times = {"startTime": "2026-03-01T12:00:00.000+0000"}
    if call["duration"]:
        times["answerTime"] = times["startTime"]
    expected = {**call, "endTime": f"2026-03-01T{call['endTime']}.000+0000"}
    found = pushed(mock, receiver)["voiceCall"]
    assert found == {"feature": "Click-to-call", "direction": "OUTBOUND", **times, **expected}


def test_a_nested_report_as_one_was_captured(mock, receiver):
    """§12: every member of `voiceCall` null."""
    mock.ivr(SPARSE, notifyUrl=URL, notifyContentVersion=2)
    report = pushed(mock, receiver)
    assert set(report["voiceCall"].values()) == {None}
    assert len(report["voiceCall"]) == 12
    assert (report["from"], report["bulkId"], report["callbackData"]) == (None, None, None)
    assert report["price"] == {"pricePerSecond": None, "currency": "UNKNOWN"}


def test_a_nested_report_of_a_call_that_never_rang(mock, receiver):
    """It has no times."""
    window = {"days": ["FRIDAY"]}
    mock.ivr(A, notifyUrl=URL, notifyContentVersion=2, deliveryTimeWindow=window)
    assert pushed(mock, receiver)["voiceCall"] == {
        "feature": "Outbound-IVR",
        "duration": 0,
        "chargedDuration": 0,
        "direction": "OUTBOUND",
        "ivr": {"scenarioId": "S"},
    }


def test_members_of_the_flat_report(mock, receiver):
    """§12: they are the same in both editions; what was pressed comes as JSON in a push alone."""
    members = {"callbackData": "mine", "notifyContentVersion": 1}
    mock.ivr(PRESSED, **members)
    mock.ivr(PRESSED, notifyUrl=URL, **members)
    push = pushed(mock, receiver)
    [fetched] = mock.reports().json["results"]
    assert push.pop("dtmfCodesAsJson") == '{"pressed":"42"}'
    assert {**push, "messageId": "made-1"} == fetched
    assert sorted(fetched) == [
        "answerTime", "callbackData", "doneAt", "dtmfCodes", "duration", "endTime", "error", "mccMnc", "messageId",
        "price", "scenarioId", "sentAt", "startTime", "status", "to",
    ]  # fmt: skip
    mock.click_to_call()
    assert "scenarioId" not in the_report(mock)


def test_on_a_running_clock_only_windows_wait(new_mock, edition):
    """Ringing and talking take no time there, so that a plain launch has its report at once."""
    mock = new_mock(edition=edition)
    mock.ivr({"to": NO_ANSWER, "messageId": "M"}, {"to": LONG, "messageId": "N"}, pause=5, callTimeout=60)
    mock.ivr({"to": A, "messageId": "O"}, deliveryTimeWindow=WORKING_HOURS)
    assert mock.waiting() == ["M", "N"]
    assert dials(mock, "O") == ["02 06:00"]
