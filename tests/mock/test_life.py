"""The life of a call and its report follow from what was launched."""

import io
import wave
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from infobip_voice_mock.editions import EDITIONS
from infobip_voice_mock.outcomes import NOT_DIALLED
from infobip_voice_mock.reports import flat_report, nested_report, pushed_document, recording
from infobip_voice_mock.schedule import RedialTerms
from infobip_voice_mock.simulation import Call, CallTerms, Event, life

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
A, B, MACHINE, BUSY, NO_ANSWER, PRESSED, LACKING, SPARSE, LONG, LATE = (
    "41793026727", "41793026731", "999101001", "999102001", "999103001", "999106001", "999107001", "999108001", "999109001",
    "999112001",
)  # fmt: skip
TERMS = CallTerms(False, None, None, "", "application/json", None, None, None, "", False)
CALL = Call("M", None, A, None, None, None, NOON, NOON, TERMS, 1, {}, {})


def told(call):
    """Return each event after the first as seconds since noon and what happens."""
    return [((event.at - NOON).total_seconds(), event.what) for event in life(call).events[1:]]


def test_every_event_says_when_and_to_whom():
    """Events of a click to call name the number, and those of a dial what its telephone shows."""
    terms = TERMS._replace(plays="text")
    call = CALL._replace(shows="1000", b=B, b_shows="2000", start=NOON + timedelta(minutes=1), terms=terms)
    start, end = call.start, call.start + timedelta(seconds=10)
    assert life(call).events == (
        Event(NOON, "accepted", None, None),
        Event(start, "dialled", A, "1000"),
        Event(start, "answered", A, None),
        Event(start, "played the text", A, None),
        Event(start, "dialled", B, "2000"),
        Event(start, "answered", B, None),
        Event(end, "ended at second 10", None, None),
    )
    assert life(call)[1:3] == (start, end)


def test_what_ordered_a_call():
    """The item of the launch with this destination alone; that of a click to call has none."""
    item = {"scenarioId": "S", "record": True}
    call = CALL._replace(message=item, destination={"to": A})
    assert call.sent() == {"scenarioId": "S", "record": True, "destinations": [{"to": A}]}
    assert CALL._replace(message=item, destination=None).sent() == item


@pytest.mark.parametrize(
    ("maximum", "warning", "number", "instant", "expected"),
    [
        (2, 1, LONG, False, [(1, "beep at second 1"), (2, "ended at second 2 by maxDuration")]),
        (5, 5, LONG, False, [(5, "ended at second 5 by maxDuration")]),
        (5, 6, LONG, False, [(5, "ended at second 5 by maxDuration")]),
        (5, None, LONG, False, [(5, "ended at second 5 by maxDuration")]),
        (None, 5, LONG, False, [(3600, "ended at second 3600")]),
        (15, 5, A, False, [(10, "beep at second 10"), (10, "ended at second 10")]),
        (16, 5, A, False, [(10, "ended at second 10")]),
        (10, 5, A, False, [(5, "beep at second 5"), (10, "ended at second 10")]),
        (9, 5, A, False, [(4, "beep at second 4"), (9, "ended at second 9 by maxDuration")]),
        (60, 5, LONG, True, [(0, "beep at second 55"), (0, "ended at second 60 by maxDuration")]),
        (None, None, A, True, [(0, "ended at second 10")]),
    ],
)
def test_the_beep_and_the_end(maximum, warning, number, instant, expected):
    """The beep comes before the longest end, within the call; instant talk takes no time (R10)."""
    terms = TERMS._replace(max_duration=maximum, warning_time=warning, instant=instant)
    call = CALL._replace(to=number, b=B, terms=terms)
    assert told(call)[4:] == expected
    assert life(call).seconds == (min(maximum or 3600, 3600) if number == LONG else min(maximum or 10, 10))


@pytest.mark.parametrize(
    ("a", "b", "what", "number", "seconds"),
    [
        (A, B, "ended at second 10", None, 10),
        (LONG, B, "ended at second 3600", None, 3600),
        (A, LONG, "ended at second 3600", None, 3600),
        (A, BUSY, "busy", BUSY, 0),
        (BUSY, B, "busy", BUSY, 0),
        (BUSY, NO_ANSWER, "busy", BUSY, 0),
        (LONG, NO_ANSWER, "no answer", NO_ANSWER, 0),
    ],
)
def test_how_a_click_to_call_ends(a, b, what, number, seconds):
    """It ends as the first of both that does not answer, or else after the longer of both talks."""
    lived = life(CALL._replace(to=a, b=b))
    assert (lived.events[-1].what, lived.events[-1].number, lived.seconds) == (what, number, seconds)
    assert lived.outcome.answered is (seconds > 0)


@pytest.mark.parametrize(("a", "b", "keys"), [(PRESSED, B, "42"), (A, PRESSED, None)])
def test_an_answered_click_to_call_is_reported_as_a_answered_it(a, b, keys):
    """The report is that of `destinationA`: what B does on the telephone is not in it (R15)."""
    found = the_report(CALL._replace(to=a, b=b))
    assert (found["to"], found.get("dtmfCodes"), found["status"]["id"]) == (a, keys, 5)


@pytest.mark.parametrize(
    ("minutes", "dials", "end"),
    [(7, [0], (420, "expired")), (8, [0, 420], (480, "expired")), (None, [0, 420, 840], (840, "busy"))],
)
def test_no_dial_at_or_after_the_end_of_the_validity(minutes, dials, end):
    """A dial that is due exactly at that end is not made; the call is done at that end (§10)."""
    expires = None if minutes is None else NOON + timedelta(minutes=minutes)
    call = CALL._replace(to=BUSY, terms=TERMS._replace(redial=RedialTerms(7, 7, 2), expires=expires))
    assert [second for second, what in told(call) if what == "dialled"] == dials
    assert told(call)[-1] == end
    lived = life(call)
    assert lived[1:] == (NOON, NOON + timedelta(seconds=end[0]), lived.attempt.outcome, 0, lived.attempt)
    assert (lived.outcome.name, lived.attempt.started) == ("busy", NOON + timedelta(seconds=dials[-1]))


def test_a_call_that_is_never_dialled():
    """It has no attempt, and ends with its validity."""
    events = (Event(NOON, "accepted"), Event(NOON, "expired"))
    assert life(CALL._replace(terms=TERMS._replace(expires=NOON))) == (events, None, NOON, NOT_DIALLED, 0, None)


@pytest.mark.parametrize(
    ("to", "b", "settings", "lasts", "seconds", "ended_by"),
    [
        (A, None, {}, 10, 10, ""),
        (A, B, {}, 10, 10, ""),
        (LONG, None, {"call_timeout": 20}, 20, 20, "callTimeout"),
        (A, None, {"call_timeout": 20}, 10, 10, ""),
        (LONG, B, {"max_duration": 30}, 30, 30, "maxDuration"),
        (A, B, {"max_duration": 30}, 10, 10, ""),
        (MACHINE, B, {"machine_detection": True}, 4, 4, "machineDetection"),
        (BUSY, None, {"ring_timeout": 45}, 0, 0, ""),
        (NO_ANSWER, None, {"ring_timeout": 45}, 45, 0, ""),
        (A, NO_ANSWER, {"ring_timeout": 45}, 45, 0, ""),
    ],
)
def test_the_last_attempt(to, b, settings, lasts, seconds, ended_by):
    """It says when it rang, was answered and ended, how long it lasted, and what setting cut it."""
    start = NOON + timedelta(minutes=1)
    end = start + timedelta(seconds=lasts)
    lived = life(CALL._replace(to=to, b=b, start=start, terms=TERMS._replace(**settings)))
    assert lived.attempt[1:] == (start, start if seconds else None, end, seconds, ended_by)
    assert lived[1:5] == (start, end, lived.attempt.outcome, seconds)
    assert lived.outcome.answered is (seconds > 0)


@pytest.mark.parametrize(
    ("pause", "sounds"), [(0, []), (1, [(1, "first sound at second 1")]), (9, [(9, "first sound at second 9")])]
)
def test_a_pause(pause, sounds):
    """The scenario begins after it, and it is part of the call (§12)."""
    call = CALL._replace(terms=TERMS._replace(pause=pause))
    end = (10 + pause, f"ended at second {10 + pause}")
    assert told(call) == [(0, "dialled"), (0, "answered"), *sounds, end]


def the_report(call):
    return msgspec.to_builtins(flat_report(call, EDITIONS["seeds"], "http://host"), builtin_types=(Decimal,))


WHOLE = {
    "messageId": "M",
    "to": A,
    "sentAt": "2026-03-01T12:00:00.000+0000",
    "doneAt": "2026-03-01T12:00:10.000+0000",
    "duration": 10,
    "mccMnc": "21901",
    "price": {"pricePerSecond": Decimal("0.01"), "currency": "EUR"},
    "status": {
        "groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET",
        "description": "Message delivered to handset",
    },
    "error": {
        "groupId": 0, "groupName": "OK", "id": 5000, "name": "VOICE_ANSWERED",
        "description": "Call answered by human", "permanent": True,
    },
    "startTime": "2026-03-01T12:00:00.000+0000",
    "answerTime": "2026-03-01T12:00:00.000+0000",
    "endTime": "2026-03-01T12:00:10.000+0000",
}  # fmt: skip


@pytest.mark.parametrize(
    ("to", "changes"),
    [
        (A, {}),
        (PRESSED, {"to": PRESSED, "dtmfCodes": "42"}),
        (LACKING, {"to": LACKING, "mccMnc": None}),
        (BUSY, {
            "to": BUSY, "doneAt": WHOLE["sentAt"], "duration": 0,
            "status": {"groupId": 4, "groupName": "EXPIRED", "id": 15, "name": "EXPIRED_EXPIRED",
                       "description": "Message expired"},
            "error": {"groupId": 3, "groupName": "OPERATOR_ERRORS", "id": 5002, "name": "EC_VOICE_USER_BUSY",
                      "description": "The line was busy", "permanent": True},
            "answerTime": None, "endTime": WHOLE["sentAt"],
        }),
    ],
)  # fmt: skip
def test_the_whole_report(to, changes):
    """It has each member once, with the price exact; a member without a value is absent (§5)."""
    expected = {**WHOLE, **changes}
    assert the_report(CALL._replace(to=to)) == {name: value for name, value in expected.items() if value is not None}


def test_a_report_with_nulls():
    """Real servers have sent null for members without a value, and the currency UNKNOWN (§5)."""
    nulls = {"bulkId": None, "dtmfCodes": None, "recordedAudioFileUrl": None, "mccMnc": "0"}
    nulls |= {"callbackData": None, "scenarioId": None}
    price = {"pricePerSecond": None, "currency": "UNKNOWN"}
    assert the_report(CALL._replace(to=SPARSE)) == {**WHOLE, **nulls, "to": SPARSE, "price": price}


def test_a_nested_report_with_nulls():
    """Captured: every member of the call is null, as is what has no value; others leave it out."""
    found = msgspec.to_builtins(nested_report(CALL._replace(to=SPARSE), EDITIONS["2026"]))
    assert {name: found[name] for name in ("bulkId", "from", "callbackData", "mccMnc", "price")} == {
        "bulkId": None, "from": None, "callbackData": None, "mccMnc": "0",
        "price": {"pricePerSecond": None, "currency": "UNKNOWN"},
    }  # fmt: skip
    assert set(found["voiceCall"].values()) == {None}
    never = nested_report(CALL._replace(terms=TERMS._replace(expires=NOON)), EDITIONS["2026"])
    assert msgspec.to_builtins(never).keys() & {"bulkId", "from", "callbackData", "sentAt"} == set()


@pytest.mark.parametrize(("seconds", "error"), [(5, "MAX_DURATION_REACHED"), (60, "NORMAL_HANGUP")])
def test_a_nested_report_says_what_ended_the_call(seconds, error):
    """The new numbers have a word for a call that was as long as it may be."""
    call = CALL._replace(terms=TERMS._replace(scenario_id="S", call_timeout=seconds))
    assert nested_report(call, EDITIONS["2026"]).error.name == error


@pytest.mark.parametrize("version", [1, 2])
def test_a_pushed_report_of_a_recorded_call(version):
    """A flat one has the address of the recording, and the keys once more as JSON."""
    terms = TERMS._replace(record=True, notify_content_version=version)

    def pushed(to):
        body = pushed_document(CALL._replace(to=to, terms=terms), EDITIONS["seeds"], "http://host")
        return msgspec.json.decode(body)["results"][0]

    if version == 1:
        assert pushed(A)["recordedAudioFileUrl"] == f"http://host/tts/3/files/M/{A}"
        assert pushed(SPARSE)["dtmfCodesAsJson"] is None
        assert "dtmfCodesAsJson" not in pushed(A)
    else:
        assert pushed(A)["voiceCall"]["callRecordingFileId"] == "M"


@pytest.mark.parametrize(("to", "recorded"), [(A, True), (BUSY, False)])
def test_only_an_answered_call_has_a_recording(to, recorded):
    """Where nobody spoke there is nothing to hear."""
    call = CALL._replace(message_id="a/b ü", to=to, bulk_id="B", terms=TERMS._replace(record=True))
    found = the_report(call)
    assert found.get("recordedAudioFileUrl") == (f"http://host/tts/3/files/a%2Fb%20%C3%BC/{to}" if recorded else None)
    assert found["bulkId"] == "B"


@pytest.mark.parametrize(("number", "fails"), [("999110001", 1), ("999111001", 2), (LATE, 3), (A, 0)])
def test_a_call_that_is_answered_later(number, fails):
    """So many dials end as "not available", and the next is answered; each counts as one."""
    events = told(CALL._replace(to=number, terms=TERMS._replace(redial=RedialTerms(1, 1, 4))))
    assert [what for _, what in events] == ["dialled", "not available"] * fails + [
        "dialled", "answered", "ended at second 10",
    ]  # fmt: skip
    assert events[-1] == (60 * fails + 10, "ended at second 10")


def test_times_of_a_report():
    """A report runs from the first dial, also where that was not at once, to the end."""
    found = the_report(CALL._replace(start=NOON + timedelta(hours=1)))
    assert (found["sentAt"], found["doneAt"]) == ("2026-03-01T13:00:00.000+0000", "2026-03-01T13:00:10.000+0000")


def test_a_recording_is_silence():
    """Any player plays it: a tenth of a second, one channel of unsigned bytes, 8000 in a second."""
    with wave.open(io.BytesIO(recording())) as file:
        assert file.getparams()[:5] == (1, 1, 8000, 800, "NONE")
        assert set(file.readframes(10_000)) == {0x80}
