"""Requests are kept whole but for credentials, within bounds; what is dropped is counted."""

from datetime import UTC, datetime

import pytest

from infobip_voice_mock.request import Request
from infobip_voice_mock.request_log import Journal, RequestLog

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def request(body: bytes = b"", query: bytes = b"", headers=()) -> Request:
    scope = {"method": "POST", "path": "/p", "raw_path": b"/p", "query_string": query, "headers": list(headers)}
    return Request(scope, body)


def logged(log: RequestLog, **parts):
    entry = log.begin(NOON, NOON, request(**parts))
    log.end(entry, 200, "", "")
    return entry


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        (b"authorization", b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Basic ***"),
        (b"authorization", b"App 003026bbc133714df1834b8638bb496e", "App ***"),
        (b"authorization", b"IBSSO 2a11", "IBSSO ***"),
        (b"authorization", b"QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "***"),
        (b"authorization", b"hunter2 and more", "***"),
        (b"proxy-authorization", b"Bearer e30", "Bearer ***"),
        (b"cookie", b"sid=1", "***"),
        (b"x-api-key", b"1", "***"),
        (b"apikey", b"1", "***"),
        (b"ocp-apim-subscription-key", b"1", "***"),
        (b"x-auth-token", b"1", "***"),
        (b"x-hub-signature-256", b"sha256=1", "***"),
        (b"client-secret", b"1", "***"),
        (b"idempotency-key", b"1", "1"),
        (b"user-agent", b"curl/8.5.0", "curl/8.5.0"),
        (b"content-type", b"application/json; charset=\xfc", "application/json; charset=\xfc"),
    ],
)
def test_credentials_are_masked(name, value, kept):
    """A field that says by its name that it is secret keeps its scheme at most."""
    entry = logged(RequestLog(Journal()), headers=[(name, value)])
    assert entry.fields() == [(name.decode(), kept)]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (b"limit=1&bulkId=B", "/p?limit=1&bulkId=B"),
        (b"apiKey=1&limit=2", "/p?apiKey=***&limit=2"),
        (b"limit=2&access_token=a=b", "/p?limit=2&access_token=***"),
        (b"password=", "/p?password="),
        (b"&&=&", "/p?&&=&"),
    ],
)
def test_credentials_in_a_query_are_masked(query, kept):
    """Some programs put them there."""
    assert logged(RequestLog(Journal()), query=query).target == kept


@pytest.mark.parametrize(
    ("body_bytes", "body", "text", "cut"),
    [
        (0, b"abc", "", True),
        (0, b"", "", False),
        (3, b"abc", "abc", False),
        (3, b"abcd", "abc", True),
        (4, "aü€".encode(), "aü", True),
        (6, "aü€".encode(), "aü€", False),
        (9, b"\xff\xfeX", "\ufffd\ufffdX", False),
        (3, b"ab\xe2", "ab\ufffd", False),
    ],
)
def test_the_beginning_of_a_body(body_bytes, body, text, cut):
    """So many bytes, what is missing is said, and no character is halved."""
    entry = logged(RequestLog(Journal(body_bytes)), body=body)
    assert (entry.text(), entry.cut, entry.body_bytes) == (text, cut, len(body))


def test_less_than_nothing_cannot_be_kept():
    """A negative number would keep all but the end."""
    with pytest.raises(ValueError, match="found -1"):
        Journal(-1)


def test_a_log_is_bounded_by_bytes():
    """The oldest requests go, and are counted; numbers go on."""
    log = RequestLog(Journal(max_log_bytes=10_000))
    for _ in range(20):
        logged(log, body=b"x" * 400)
    kept = [entry.number for entry in log.newest()]
    assert (kept, log.dropped, log.bytes) == (list(range(20, 11, -1)), 11, 9 * 1002)
    assert (log.get(11), log.get(21), log.get(0)) == (None, None, None)
    assert log.get(12).number == 12
    assert [entry.number for entry in log.newest(before=14)] == [13, 12]


def test_one_that_is_larger_than_the_log():
    """It is dropped at once, and its end does no harm."""
    journal = Journal(max_log_bytes=1000)
    log = RequestLog(journal)
    logged(log, body=b"x" * 2000)
    assert (len(log), log.dropped, log.bytes, journal.bytes) == (0, 1, 0, 0)


def test_a_reason_counts_too():
    """A refusal can name a thousand violations."""
    log = RequestLog(Journal(max_log_bytes=10_000))
    for _ in range(3):
        log.end(log.begin(NOON, NOON, request()), 400, "x" * 4000, "")
    assert ([entry.number for entry in log.newest()], log.dropped, log.bytes) == ([3, 2], 1, 2 * 4602)


def test_the_log_that_has_been_quiet_for_longest_gives_way():
    """Ten thousand accounts cost a busy one nothing; what each has lost is counted there."""
    journal = Journal(max_bytes=20 * 602)
    busy = RequestLog(journal)
    others = [RequestLog(journal) for _ in range(1000)]
    for other in others:
        logged(busy)
        logged(other)
        if len(busy) > 10:
            busy.clear()
    assert busy.dropped == 0
    assert sum(other.dropped for other in others) == 1000 - sum(len(other) for other in others) > 900
    assert journal.bytes == 602 * (len(busy) + sum(len(other) for other in others)) <= 20 * 602
    assert len(others[-1]) == 1


def test_what_is_cleared_leaves_room():
    """Clearing is no loss, and a request that was under way meanwhile stays forgotten."""
    journal = Journal()
    log = RequestLog(journal)
    entry = log.begin(NOON, NOON, request())
    log.clear()
    log.end(entry, 200, "late", "")
    assert (len(log), log.dropped, log.bytes, journal.bytes) == (0, 0, 0, 0)
    assert logged(log).number == 2
