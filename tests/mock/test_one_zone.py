"""Every time that is shown is in the zone of the clock beside it, whatever offset it came with."""

import json
import re

import pytest

ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:?[0-9]{2})")


class Receiver:
    async def post(self, url, headers, body):
        return 500


@pytest.fixture
def mock(new_mock):
    """An account with a time of every kind: a call with `sendAt`, a redial, a push, a request."""
    mock = new_mock(clock="manual", poster=Receiver())
    retry = {"minPeriod": 1, "maxPeriod": 1, "maxCount": 1}
    mock.ivr(
        {"to": "999102001", "messageId": "M"},
        sendAt="2026-03-01T20:00:00+05:00",
        notifyUrl="http://127.0.0.1:1/",
        retry=retry,
        validityPeriod=60,
    )
    mock.advance(hours=4)
    mock.reports()
    return mock


def without_what_was_sent(view):
    """Bodies, and the message that was launched, are shown as they were sent."""
    if isinstance(view, list):
        return [without_what_was_sent(item) for item in view]
    return {name: value for name, value in view.items() if name not in ("body", "sent")}


@pytest.mark.parametrize(
    ("now", "offset", "dialled"),
    [
        ("2026-03-01T16:30:00Z", "+00:00", "2026-03-01T15:00:00+00:00"),
        ("2026-03-01T22:30:00+06:00", "+06:00", "2026-03-01T21:00:00+06:00"),
        ("2026-03-01T11:30:00-0500", "-05:00", "2026-03-01T10:00:00-05:00"),
    ],
)
def test_the_control_plane_shows_one_zone(mock, now, offset, dialled):
    """Clock, calls, pushes and requests agree, also after the clock has moved to another zone."""
    assert mock.control("PUT", "clock", {"mode": "manual", "now": now}).status == 200
    paths = ("/_mock/tenants/Aladdin", "clock", "calls", "calls/M", "pushes", "pushes/push-1", "requests", "requests/1")
    shown = json.dumps([without_what_was_sent(mock.control("GET", path).json) for path in paths])
    offsets = {match[1] for match in ISO.finditer(shown)}
    assert offsets == {offset}
    events = mock.control("GET", "calls/M").json["events"]
    assert next(event["at"] for event in events if event["what"] == "dialled") == dialled


def test_a_report_is_in_the_zone_of_the_clock(new_mock):
    """Its times have the offset of the account's clock, not that of `sendAt`."""
    mock = new_mock(clock="manual")
    mock.ivr("41793026727", sendAt="2026-03-01T20:00:00+05:00")
    mock.run()
    [report] = mock.reports().json["results"]
    assert (report["sentAt"], report["doneAt"]) == ("2026-03-01T15:00:00.000+0000", "2026-03-01T15:00:10.000+0000")
