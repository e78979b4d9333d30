"""Reports are read one by one, exactly, in every form, and out of broken documents."""

import gzip
import json
import zlib
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from infobip_voice import Report, ReportsUnreadable, UnreadableReport, VoiceClient, parse_push
from infobip_voice._pages import Page
from infobip_voice._pages import read_page as read
from infobip_voice_wire import xml
from sdk.clients import settings
from sdk.lossy_server import answer, lossy_server, report

JSON = {"content-type": "application/json"}
XML = {"content-type": "application/xml"}


def read_page(headers: dict[str, str], body: bytes) -> Page:
    return read(body, headers.get("content-type"), headers.get("content-encoding"))


def page_of_fifty(form: str) -> tuple[dict[str, str], bytes]:
    """Return fifty results, among them an unknown code, a null, an odd date, an alien element."""
    results: list[Any] = [report(f"report-{number}") for number in range(50)]
    results[7]["status"] = {"groupId": 99, "groupName": "NEW", "id": 4711, "name": "SOMETHING_NEW", "description": "d"}
    results[23]["sentAt"] = "yesterday"
    if form == "json":
        results[19] = None
        results[42] = "alien"
        return JSON, json.dumps({"results": results}).encode()
    pieces = [xml.encode(each, "VoiceReport") for each in results]
    pieces[19] = b"<result/>"
    pieces[42] = b"<alien>from elsewhere</alien>"
    return XML, b"<reportResponse><results>" + b"".join(pieces) + b"</results></reportResponse>"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_bad_report_does_not_take_its_neighbours(form: str) -> None:
    """Fifty results come out in order; what is not a report comes with its bytes."""
    page = read_page(*page_of_fifty(form))
    assert page.damage == ""
    assert len(page.items) == 50
    reports = {position: item for position, item in enumerate(page.items) if isinstance(item, Report)}
    assert {position: item.message_id for position, item in reports.items()} == {
        position: f"report-{position}" for position in range(50) if position not in (19, 42)
    }
    assert not reports[7].delivered
    assert reports[7].raw["status"]["name"] == "SOMETHING_NEW"
    assert reports[23].sent_at is None
    assert reports[23].data.sent_at == "yesterday"
    unreadable = [item.body for item in page.items if isinstance(item, UnreadableReport)]
    expected = [b"null", b'"alien"'] if form == "json" else [b"<result/>", b"<alien>from elsewhere</alien>"]
    assert unreadable == expected


@pytest.mark.parametrize("form", ["json", "xml"])
def test_every_cut_keeps_the_whole_reports_and_the_rest_of_the_bytes(form: str) -> None:
    """Wherever a page is cut, its whole reports come out, and the bytes of the one that is not."""
    results = [report(f"report-{number}", mccMnc="]}<>") for number in range(3)]
    if form == "json":
        headers, body = JSON, json.dumps({"results": results}, indent=1).encode()
        ends = [
            body.index(b"\n  },") + 4,
            body.index(b"\n  },", body.index(b"report-1")) + 4,
            body.rindex(b"\n  }") + 4,
        ]
    else:
        headers, body = XML, xml.encode({"results": results}, "VoiceReportResponse")
        ends = [index + len(b"</result>") for index in range(len(body)) if body.startswith(b"</result>", index)]
    assert len(ends) == 3
    for cut in range(0, len(body), 7):
        page = read_page(headers, body[:cut])
        whole = [item.message_id for item in page.items if isinstance(item, Report)]
        assert whole == [f"report-{number}" for number in range(sum(end <= cut for end in ends))]
        assert page.damage
        *_, last = page.items
        assert isinstance(last, UnreadableReport)
        assert body[:cut].rstrip().endswith(last.body.rstrip())


@pytest.mark.parametrize(
    ("form", "broken", "expected"),
    [
        ("json", b'{"results": [%b, {"messageId": "x", "to": nonsense}, %b]}', b'{"messageId": "x", "to": nonsense}'),
        ("json", b'{"results": [%b, {"messageId": "\xff"}, %b]}', b'{"messageId": "\xff"}'),
        ("json", b'{"results": [%b, NaN, %b]}', b"NaN"),
        ("json", b'{"results": [%b, }, %b]}', b"}"),
        ("json", b'{"results": [%b, {"x": "\\"{", y}, %b]}', b'{"x": "\\"{", y}'),
        ("json", b'{"results": [%b, {"price": {"pricePerSecond": 1e9999999999999999999}}, %b]}', None),
        (
            "json",
            b'{"results": [%b, {"messageId": "a\\"]}", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}, %b]}",
            None,
        ),
        ("xml", b"<reportResponse><results>%b<result><to>1</from></result>%b</results></reportResponse>", None),
        ("xml", b"<reportResponse><results>%b<result><to>&nbsp;</to></result>%b</results></reportResponse>", None),
        ("xml", b"<reportResponse><results>%b<result><to>\xff</to></result>%b</results></reportResponse>", None),
        ("xml", b"<reportResponse><results>%b" + b"<a>" * 70 + b"</a>" * 70 + b"%b</results></reportResponse>", None),
        ("xml", b"<reportResponse><results>%b stray %b</results></reportResponse>", b"stray"),
    ],
)
def test_a_broken_report_in_the_middle(form: str, broken: bytes, expected: bytes | None) -> None:
    """Its neighbours are read; the broken report comes with its bytes."""
    headers, dump = (
        (JSON, json.dumps) if form == "json" else (XML, lambda value: xml.encode(value, "VoiceReport").decode())
    )
    one, two = (dump(report(name)).encode() for name in ("one", "two"))
    items = read_page(headers, broken % (one, two)).items
    names = [item.message_id if isinstance(item, Report) else None for item in items]
    assert sorted(names, key=str) == [None, "one", "two"]
    (body,) = [item.body for item in items if isinstance(item, UnreadableReport)]
    if expected is not None:
        assert body == expected


def test_the_2026_form_of_xml_is_read_and_salvaged() -> None:
    """`<results><results>` is read; if it is cut, its whole reports are salvaged."""
    one, two = (xml.encode(report(name), "VoiceReport").replace(b"result>", b"results>") for name in ("one", "two"))
    one = one.replace(b"pricePerMessage", b"pricePerSecond")
    body = b"<reportResponse><results>" + one + two + b"</results></reportResponse>"
    items = read_page(XML, body).items
    assert [item.message_id for item in items if isinstance(item, Report)] == ["one", "two"]
    first, last = read_page(XML, body[:-60]).items
    assert isinstance(first, Report)
    assert (first.message_id, first.price) == ("one", Decimal("0.01"))
    assert isinstance(last, UnreadableReport)
    items = read_page(XML, b"<results>" + one + b"<results/></results>").items
    assert [type(item) for item in items] == [Report, UnreadableReport]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (JSON, b""),
        (JSON, b"[]"),
        (JSON, b"{}"),
        (JSON, b'{"results": {}}'),
        (JSON, b'{"results": "none"}'),
        (JSON, b'{"requestError": {"serviceException": {"messageId": "GENERAL_ERROR", "text": "t"}}}'),
        ({"content-type": "text/html"}, b"<html><body>sorry</body></html>"),
        ({}, b"<!DOCTYPE html><p>sorry"),
        (XML, b'<!DOCTYPE a [<!ENTITY b "c">]><reportResponse><results/></reportResponse>'),
        ({**JSON, "content-encoding": "br"}, b"????"),
        ({**JSON, "content-encoding": "gzip"}, b"????"),
    ],
)
def test_a_page_that_is_none(headers: dict[str, str], body: bytes) -> None:
    """It gives one unreadable item with all the bytes, and says what is wrong."""
    page = read_page(headers, body)
    assert page.damage
    (item,) = page.items
    assert isinstance(item, UnreadableReport)
    assert item.body == body
    assert item.reason


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (JSON, b'{"results": []}'),
        (JSON, b'\xef\xbb\xbf{"results": null}'),
        (XML, b"<reportResponse><results/></reportResponse>"),
        (XML, b'<?xml version="1.0"?><reportResponse><results></results></reportResponse>'),
    ],
)
def test_an_empty_page(headers: dict[str, str], body: bytes) -> None:
    """It has no items and no damage."""
    assert read_page(headers, body) == ([], "")


def test_compressed_answers_are_read_even_when_cut() -> None:
    """gzip and deflate are read although nobody asked for them; of a cut one, what arrived."""
    body = json.dumps({"results": [report(f"report-{number}") for number in range(40)]}).encode()
    for encoding, packed in (("gzip", gzip.compress(body)), ("deflate", zlib.compress(body)), ("identity", body)):
        page = read_page({**JSON, "content-encoding": encoding}, packed)
        assert len(page.items) == 40
    cut = read_page({**JSON, "content-encoding": "gzip"}, gzip.compress(body)[:-20])
    assert cut.damage
    assert sum(isinstance(item, Report) for item in cut.items) > 30


def test_a_decompression_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above a ceiling the answer is unreadable, and its bytes are kept as they came."""
    monkeypatch.setattr("infobip_voice_wire.documents._LARGEST", 1000)
    bomb = gzip.compress(b" " * 1001)
    (item,) = read_page({**JSON, "content-encoding": "gzip"}, bomb).items
    assert isinstance(item, UnreadableReport)
    assert (item.body, item.reason) == (bomb, "the decoded answer is too large")


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("literal", ["0.01", "0.010", "12345678901234567890.12345678901234567890", "1", "1E-7"])
def test_prices_are_exact(form: str, literal: str) -> None:
    """A price is the decimal that was sent, digit for digit, and never a binary float."""
    body = json.dumps({"results": [report("one")]}).replace("0.01", literal).encode()
    if form == "xml":
        body = xml.encode({"results": [report("one")]}, "VoiceReportResponse").replace(b"0.01", literal.encode())
    (item,) = read_page(JSON if form == "json" else XML, body).items
    assert isinstance(item, Report)
    assert str(item.price) == literal
    assert item.currency == "EUR"


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, (True, "human", Decimal("0.01"), "EUR")),
        ({"price": None, "status": None, "error": None}, (False, None, None, None)),
        ({"price": {"pricePerSecond": "free", "currency": None}}, (True, "human", None, None)),
        ({"price": {"pricePerSecond": True, "currency": "UNKNOWN"}}, (True, "human", None, "UNKNOWN")),
        ({"price": "0.01", "status": "DELIVERED", "error": "OK"}, (False, None, None, None)),
        ({"status": {"groupName": "DELIVERED"}, "error": {"name": "MACHINE_DETECTED"}},
         (True, "machine", Decimal("0.01"), "EUR")),
        ({"status": {"groupId": 2}, "error": {"id": 5001}}, (False, "machine", Decimal("0.01"), "EUR")),
        ({"error": {"id": 10003, "name": "NEW_NAME"}}, (True, "human", Decimal("0.01"), "EUR")),
        ({"error": {"id": 10000, "name": "NORMAL_HANGUP"}}, (True, None, Decimal("0.01"), "EUR")),
        ({"error": {"id": [1], "name": {"a": 1}}}, (True, None, Decimal("0.01"), "EUR")),
    ],
)  # fmt: skip
def test_what_a_report_means(members: dict[str, Any], expected: tuple[Any, ...]) -> None:
    """A missing, null or odd member is None and never raises an exception."""
    (item,) = parse_push(json.dumps({"results": [report("one", **members)]}).encode(), "application/json")
    assert isinstance(item, Report)
    assert (item.delivered, item.answered_by, item.price, item.currency) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2015-02-12T09:58:20.323+0100", datetime(2015, 2, 12, 9, 58, 20, 323000, timezone(timedelta(hours=1)))),
        ("2015-02-12T09:58:20Z", datetime(2015, 2, 12, 9, 58, 20, tzinfo=UTC)),
        (1423731500323, datetime(2015, 2, 12, 8, 58, 20, 323000, UTC)),
        ("1423731500323", datetime(2015, 2, 12, 8, 58, 20, 323000, UTC)),
        (10**30, None),
        ("9" * 40, None),
        (True, None),
        (None, None),
        ({}, None),
    ],
)
def test_times_of_a_push(value: Any, expected: datetime | None) -> None:
    """The documented form, similar ones and epoch milliseconds are read; else the time is None."""
    (item,) = parse_push(json.dumps({"results": [report("one", sentAt=value, doneAt=value)]}).encode(), None)
    assert isinstance(item, Report)
    assert item.sent_at == item.done_at == expected


def test_the_nested_push_of_2026() -> None:
    """`voiceCall` is read as a flat report, in JSON and XML; `raw` keeps what was sent."""
    nested = {
        "messageId": "one",
        "from": "385333444",
        "sentAt": "2018-06-25T13:38:14.730+0000",
        "voiceCall": {"feature": "Voice-message", "endTime": "2018-06-25T13:38:28.316+0000", "duration": 10,
                      "dtmfCodes": "1", "recordedAudioFileUrl": None},
        "callbackData": "mine",
    }  # fmt: skip
    (item,) = parse_push(json.dumps({"results": [nested]}).encode(), "application/json;charset=UTF-8")
    assert isinstance(item, Report)
    assert (item.data.duration, item.data.dtmf_codes, item.data.callback_data) == (10, "1", "mine")
    assert item.done_at == datetime(2018, 6, 25, 13, 38, 28, 316000, UTC)
    assert not item.data.recorded_audio_file_url
    assert item.raw == nested
    (item,) = parse_push(
        b"<reportResponse><results><results><messageId>one</messageId><voiceCall><duration>10</duration><endTime>soon"
        b"</endTime></voiceCall><doneAt>2018-06-25T13:38:28.316+0000</doneAt></results></results></reportResponse>",
        "application/xml",
    )
    assert isinstance(item, Report)
    assert item.data.duration == 10
    assert item.done_at == datetime(2018, 6, 25, 13, 38, 28, 316000, UTC)


def test_reports_do_not_print_numbers() -> None:
    """A repr names the call and its status, and masks a number even in an id."""
    known, unknown = parse_push(
        json.dumps({"results": [report("call-385981178"), {"to": "385981178"}]}).encode(), "application/json"
    )
    assert repr(known) == "Report(message_id='call-*******78', status='DELIVERED_TO_HANDSET')"
    assert repr(unknown) == "Report(message_id=None, status=None)"
    assert repr(UnreadableReport(b"385981178", "no")) == "UnreadableReport(9 byte(s), reason='no')"


def test_filters_and_limit_go_on_the_wire() -> None:
    """The limit is always sent; a filter is sent only if it was given, and quoted."""
    with lossy_server(reports=1) as server, VoiceClient(**settings(server.url + "/base/")) as voice:
        assert [item.message_id for item in voice.reports.fetch() if isinstance(item, Report)] == ["report-0"]
        voice.reports.fetch(limit=7, bulk_id="a&b ü", message_id="c")
        with pytest.raises(ValueError, match="limit"):
            voice.reports.fetch(limit=0)
        assert [request.target for request in server.seen] == [
            "/base/tts/3/reports?limit=50",
            "/base/tts/3/reports?bulkId=a%26b+%C3%BC&messageId=c&limit=7",
        ]
        assert server.seen[0].headers["accept"] == "application/json"
        assert "content-type" not in server.seen[0].headers


def test_a_damaged_page_of_fetch_has_its_reports_in_the_error() -> None:
    """Without a length HTTP does not notice the cut, but the reader does."""
    body = json.dumps({"results": [report("one"), report("two")]}).encode()[:-100]
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        server.script.append(answer(body))
        with pytest.raises(ReportsUnreadable) as caught:
            voice.reports.fetch()
    assert [item.message_id for item in caught.value.reports] == ["one"]
    assert caught.value.body == body


@pytest.mark.parametrize("end", [b"", b"\\"])
def test_a_string_without_end_is_read_once(end: bytes) -> None:
    """A megabyte of escaped quotes in a cut string does not take quadratic time."""
    body = b'{"results": [{"messageId": "' + b'\\"' * 500_000 + end
    (item,) = read_page(JSON, body).items
    assert isinstance(item, UnreadableReport)
    assert item.body == body[13:]
