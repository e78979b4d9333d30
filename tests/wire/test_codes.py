"""The table of codes (contract, codes)."""

import json

import pytest

from infobip_voice_wire.codes import ERRORS, STATUSES, Code, answered_by, error, is_answered, status


def test_accepted() -> None:
    """The status of an accepted launch equals the documented one, member by member (ivr-2017)."""
    documented = (
        '{"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED",'
        ' "description": "Message accepted, pending for delivery."}'
    )
    assert json.dumps(status("PENDING_ACCEPTED").as_status()) == documented


def test_answered() -> None:
    """Status and error of an answered call equal the documented ones (reports)."""
    assert json.dumps(status("DELIVERED_TO_HANDSET").as_status()) == (
        '{"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET",'
        ' "description": "Message delivered to handset"}'
    )
    assert json.dumps(error("VOICE_ANSWERED").as_error()) == (
        '{"groupId": 0, "groupName": "OK", "id": 5000, "name": "VOICE_ANSWERED",'
        ' "description": "Call answered by human", "permanent": true}'
    )


@pytest.mark.parametrize(
    ("name", "code", "group_id", "group_name", "description"),
    [
        ("EXPIRED_EXPIRED", 15, 4, "EXPIRED", "Message expired"),
        ("REJECTED_DUPLICATE_MESSAGE_ID", 23, 5, "REJECTED", "The message ID has been used already"),
        ("REJECTED_UNSUPPORTED_LANGUAGE", 54, 5, "REJECTED", "The language is not supported"),
        ("NO_ANSWER", 96, 2, "UNDELIVERABLE", "Nobody answered"),
        ("SIGNALS_BLOCKED", 87, 4, "EXPIRED", "Blocked by the fraud protection"),
        ("REJECTED_INVALID_DELIVERY_TIME_WINDOW", 87, 5, "REJECTED", "The delivery time window is not valid"),
    ],
)
def test_statuses(name: str, code: int, group_id: int, group_name: str, description: str) -> None:
    """A status is found by its name; two of them have the id 87."""
    found = status(name)
    assert (found.id, found.group_id, found.group_name, found.description) == (code, group_id, group_name, description)
    assert found.permanent is None


@pytest.mark.parametrize(
    ("name", "code", "group_id", "group_name", "permanent", "family"),
    [
        ("NO_ERROR", 0, 0, "OK", True, "general"),
        ("EC_VOICE_USER_BUSY", 5002, 3, "OPERATOR_ERRORS", True, "voice-5xxx"),
        ("EC_VOICE_ERROR_TEMPORARILY_NOT_AVAILABLE", 5480, 1, "HANDSET_ERRORS", False, "voice-5xxx"),
        ("EC_DECLINE", 5603, 1, "HANDSET_ERRORS", False, "voice-5xxx"),
        ("NO_ANSWER", 10200, 2, "USER_ERRORS", True, "voice-10xxx"),
    ],
)
def test_errors(name: str, code: int, group_id: int, group_name: str, permanent: bool, family: str) -> None:
    """An error is found by its name, in both numberings."""
    found = error(name)
    assert (found.id, found.group_id, found.group_name) == (code, group_id, group_name)
    assert (found.permanent, found.family) == (permanent, family)


def test_unknown_names() -> None:
    """An unknown name raises a KeyError that quotes it; statuses and errors do not mix."""
    with pytest.raises(KeyError, match="VOICE_ANSWERED"):
        status("VOICE_ANSWERED")
    with pytest.raises(KeyError, match="PENDING_ACCEPTED"):
        error("PENDING_ACCEPTED")


def test_table() -> None:
    """The table has 49 statuses and 56 errors, in order of their ids, each with a description."""
    assert (len(STATUSES), len(ERRORS)) == (49, 56)
    for codes, kind in ((STATUSES, "status"), (ERRORS, "error")):
        assert [code.id for code in codes] == sorted(code.id for code in codes)
        assert {code.kind for code in codes} == {kind}
        assert all(code.description for code in codes)
    assert [code.name for code in STATUSES if code.id == 87] == [
        "REJECTED_INVALID_DELIVERY_TIME_WINDOW",
        "SIGNALS_BLOCKED",
        "SIGNALS_BLOCKED",
    ]
    assert {code.name for code in STATUSES if code.family == "voice"} >= {"REJECTED_INVALID_SSML"}


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("VOICE_ANSWERED", 5000, "human"),
        ("VOICE_ANSWERED_MACHINE", 5001, "machine"),
        ("HUMAN_DETECTED", 10003, "human"),
        ("MACHINE_DETECTED", 10002, "machine"),
        ("VOICE_ANSWERED", None, "human"),
        (None, 10002, "machine"),
        ("misspelt", "5001", "machine"),
        ("MACHINE_DETECTED", 10003, "machine"),
        ("NORMAL_HANGUP", 10000, None),
        ("EC_VOICE_NO_ANSWER", 5003, None),
        (["VOICE_ANSWERED"], {}, None),
        (None, None, None),
    ],
)
def test_who_answered(name: object, number: object, expected: str | None) -> None:
    """Known by the name, else by the number, in both numberings; what a server made up says
    nothing.
    """
    assert answered_by(name, number) == expected


def test_codes_are_frozen() -> None:
    """A code cannot be changed: every mock and every report shares it."""
    with pytest.raises(AttributeError):
        status("BUSY").id = 1  # type: ignore[misc]
    assert not hasattr(status("BUSY"), "__dict__")
    assert isinstance(status("BUSY"), Code)


ANSWERED = {
    "VOICE_ANSWERED", "VOICE_ANSWERED_MACHINE", "NORMAL_HANGUP", "MACHINE_DETECTED", "HUMAN_DETECTED",
    "MAX_DURATION_REACHED",
}  # fmt: skip


@pytest.mark.parametrize("code", ERRORS, ids=lambda code: code.name)
def test_which_errors_end_an_answered_call(code: Code) -> None:
    """In both numberings, known by the name or the number alone; 10001 was answered elsewhere."""
    expected = code.name in ANSWERED
    assert is_answered(code.name, code.id) is is_answered(code.name, None) is expected
    assert is_answered(None, code.id) is is_answered("NEW", str(code.id)) is expected
    assert not expected or code.group_id == 0


def test_an_odd_code_ends_no_answered_call() -> None:
    """A server may send anything."""
    odds: list[object] = [None, "", [], {}, 5000.0, ["NORMAL_HANGUP"]]
    for odd in odds:
        assert not is_answered(odd, odd)
