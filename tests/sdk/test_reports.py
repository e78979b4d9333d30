"""Reports are read one by one, exactly, in every form, and out of broken documents."""

import gzip
import json
import pickle
import zlib
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from infobip_voice import FilterIgnored, Report, ReportsUnreadable, Status, Unreadable, VoiceClient, parse_push
from infobip_voice._pages import Page
from infobip_voice._pages import read_page as read
from infobip_voice_client.models import Price, VoiceReport
from infobip_voice_schema.xml_plan import PLAN
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
    assert [each.message_id for each in page.reports] == [
        f"report-{position}" for position in range(50) if position not in (19, 42)
    ]
    reports = {each.message_id: each for each in page.reports}
    assert not reports["report-7"].delivered
    assert reports["report-7"].status == Status(99, "NEW", 4711, "SOMETHING_NEW", "d", None)
    assert reports["report-23"].sent_at is None
    assert reports["report-23"].raw["sentAt"] == "yesterday"
    assert {piece.content_type for piece in page.unreadable} == {page_of_fifty(form)[0]["content-type"]}
    unreadable = [piece.body for piece in page.unreadable]
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
        whole = [each.message_id for each in page.reports]
        assert whole == [f"report-{number}" for number in range(sum(end <= cut for end in ends))]
        assert page.damage
        (last,) = page.unreadable
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
    page = read_page(headers, broken % (one, two))
    assert [each.message_id for each in page.reports] == ["one", "two"]
    (piece,) = page.unreadable
    if expected is not None:
        assert piece.body == expected


def test_the_2026_form_of_xml_is_read_and_salvaged() -> None:
    """`<results><results>` is read; if it is cut, its whole reports are salvaged."""
    one, two = (xml.encode(report(name), "VoiceReport").replace(b"result>", b"results>") for name in ("one", "two"))
    one = one.replace(b"pricePerMessage", b"pricePerSecond")
    body = b"<reportResponse><results>" + one + two + b"</results></reportResponse>"
    assert [each.message_id for each in read_page(XML, body).reports] == ["one", "two"]
    page = read_page(XML, body[:-60])
    assert [(each.message_id, each.price) for each in page.reports] == [("one", Decimal("0.01"))]
    assert len(page.unreadable) == 1
    page = read_page(XML, b"<results>" + one + b"<results/></results>")
    assert (len(page.reports), [piece.body for piece in page.unreadable]) == (1, [b"<results/>"])


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
    """Nothing is understood, nothing is lost: one unreadable piece with all the bytes, and a damage
    to tell.
    """
    page = read_page(headers, body)
    assert page.damage
    assert page.reports == []
    (piece,) = page.unreadable
    assert piece.body == body
    assert piece.reason


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
    """Nothing waits: no reports and no damage."""
    assert read_page(headers, body) == ([], (), "")


def test_compressed_answers_are_read_even_when_cut() -> None:
    """gzip and deflate are read although nobody asked for them; of a cut one, what arrived."""
    body = json.dumps({"results": [report(f"report-{number}") for number in range(40)]}).encode()
    for encoding, packed in (("gzip", gzip.compress(body)), ("deflate", zlib.compress(body)), ("identity", body)):
        page = read_page({**JSON, "content-encoding": encoding}, packed)
        assert len(page.reports) == 40
    cut = read_page({**JSON, "content-encoding": "gzip"}, gzip.compress(body)[:-20])
    assert cut.damage
    assert len(cut.reports) > 30


def test_a_decompression_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above a ceiling the answer is unreadable, and its bytes are kept as they came."""
    monkeypatch.setattr("infobip_voice_wire.documents.MAX_UNPACKED", 1000)
    bomb = gzip.compress(b" " * 1001)
    (piece,) = read_page({**JSON, "content-encoding": "gzip"}, bomb).unreadable
    assert (piece.body, piece.content_encoding, piece.reason) == (bomb, "gzip", "the decoded answer is too large")


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("literal", ["0.01", "0.010", "12345678901234567890.12345678901234567890", "1", "1E-7"])
def test_prices_are_exact(form: str, literal: str) -> None:
    """A price is the decimal that was sent, digit for digit, and never a binary float."""
    body = json.dumps({"results": [report("one")]}).replace("0.01", literal).encode()
    if form == "xml":
        body = xml.encode({"results": [report("one")]}, "VoiceReportResponse").replace(b"0.01", literal.encode())
    (item,) = read_page(JSON if form == "json" else XML, body).reports
    assert str(item.price) == literal
    assert item.currency == "EUR"


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, (True, "human", Decimal("0.01"), "EUR")),
        ({"price": None, "status": None, "error": None}, (False, None, None, None)),
        ({"price": {"pricePerSecond": "free", "currency": None}}, (True, "human", None, None)),
        ({"price": {"pricePerSecond": "15.0", "currency": "EUR"}}, (True, "human", Decimal("15.0"), "EUR")),
        ({"price": {"pricePerSecond": "NaN", "currency": "EUR"}}, (True, "human", None, "EUR")),
        ({"price": {"pricePerSecond": 2, "currency": 978}}, (True, "human", Decimal(2), "978")),
        ({"voiceCall": {"answeredBy": "MACHINE"}, "error": None}, (True, "machine", Decimal("0.01"), "EUR")),
        ({"voiceCall": {"answeredBy": "MACHINE"}}, (True, "machine", Decimal("0.01"), "EUR")),
        ({"voiceCall": {"answeredBy": "ROBOT"}}, (True, "human", Decimal("0.01"), "EUR")),
        ({"status": None}, (True, "human", Decimal("0.01"), "EUR")),
        ({"status": {}, "error": {"id": 10000, "name": "NORMAL_HANGUP"}}, (True, None, Decimal("0.01"), "EUR")),
        ({"status": None, "error": {"id": 10000}}, (True, None, Decimal("0.01"), "EUR")),
        ({"status": None, "error": {"id": 10201, "name": "BUSY"}}, (False, None, Decimal("0.01"), "EUR")),
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
    assert item.sent_at == item.done_at == expected


@pytest.mark.parametrize(
    ("members", "pressed"),
    [
        (
            {"voiceCall": {"ivr": {"collectedDtmfs": '{"pin": "42", "menu": 1, "left": null}'}}},
            {"pin": "42", "menu": "1"},
        ),
        ({"voiceCall": {"ivr": {"collectedDtmfs": None}}}, {}),
        ({"voiceCall": {"ivr": "none"}}, {}),
        ({"dtmfCodesAsJson": '{"pin": "42"}'}, {"pin": "42"}),
        ({"dtmfCodesAsJson": {"pin": "42"}}, {"pin": "42"}),
        ({"dtmfCodesAsJson": "[1]"}, {}),
        ({"dtmfCodesAsJson": "{"}, {}),
        ({}, {}),
    ],
)
def test_keys_pressed_by_variable(members: dict[str, Any], pressed: dict[str, str]) -> None:
    """A string that holds a JSON object, by variable of the scenario; whatever else it is, nothing
    was pressed.
    """
    assert Report({"messageId": "one", **members}).collected_dtmfs == pressed


@pytest.mark.parametrize("odd", [None, 7, True, 1.5, "", "text", [], [1], {}, {"a": 1}, "9" * 40])
def test_an_odd_member_is_none_and_never_an_exception(odd: Any) -> None:
    """Whatever stands in a member, every attribute can be read."""
    calls = ({name: odd} for name, _, _ in PLAN["VoiceCall"][1][1])
    ivrs = ({"ivr": {name: odd}} for name, _, _ in PLAN["IvrResult"][1][1])
    reports = [{member: odd} for schema in ("VoiceReport", "NestedReport") for member, _, _ in PLAN[schema][1][1]]
    reports += [{part: {"id": odd, "currency": odd}} for part in ("price", "status", "error")]
    for document in [*reports, *({"voiceCall": call} for call in (*calls, *ivrs))]:
        item = Report({"messageId": "one", **document})
        for name in dir(Report):
            if isinstance(getattr(Report, name), property):
                getattr(item, name)
        assert repr(item)


def test_reports_are_values() -> None:
    """Equal by their document, hashed by the call; JSON comes out as it went in, fractions as exact
    text.
    """
    body = json.dumps({"results": [report("one"), report("one"), report("one", to="1"), report("two")]}).encode()
    first, same, other, two = parse_push(body, "application/json")
    assert first == same
    assert first != other
    assert first != "one"
    assert hash(first) == hash(other) != hash(two)
    assert first.to_dict()["price"] == {"pricePerSecond": "0.01", "currency": "EUR"}
    assert parse_push(json.dumps({"results": [first.to_dict()]}).encode(), None)[0].price == Decimal("0.01")
    assert isinstance(first.data, VoiceReport)
    assert isinstance(first.data.price, Price)
    assert first.data.price.price_per_second == 0.01
    assert isinstance(first.data.price.price_per_second, float)
    assert first.data is first.data
    assert pickle.loads(pickle.dumps(first)) == first  # noqa: S301


def test_a_push_keeps_what_cannot_be_read() -> None:
    """Reports in the list, the rest beside it: an exception would make the platform push the same
    again.
    """
    pushed = parse_push(b'{"results": [{"messageId": "one"}, 7]}', "application/json")
    assert [each.message_id for each in pushed] == ["one"]
    assert [piece.body for piece in pushed.unreadable] == [b"7"]
    assert parse_push(b"<html>", "text/html").unreadable[0].content_type == "text/html"


def test_reports_do_not_print_numbers() -> None:
    """A repr names the call, whole, and its status; a number has no place in it."""
    known, unknown = parse_push(
        json.dumps({"results": [report("17380925828515475034410"), {"to": "385981178"}]}).encode(), "application/json"
    )
    assert repr(known) == "Report(message_id='17380925828515475034410', status='DELIVERED_TO_HANDSET')"
    assert repr(unknown) == "Report(message_id=None, status=None)"
    assert repr(Unreadable(b"385981178", "no")) == "Unreadable(9 byte(s), reason='no', count=1)"


def test_filters_and_limit_go_on_the_wire() -> None:
    """The limit is always sent; a filter is sent only if it was given, and quoted."""
    with lossy_server(reports=1) as server, VoiceClient(**settings(server.url + "/base/")) as voice:
        assert [item.message_id for item in voice.reports.fetch()] == ["report-0"]
        voice.reports.fetch(limit=7, bulk_id="a&b ü", message_id="c")
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


def ask_fetch(voice: VoiceClient, **arguments: Any) -> Any:
    return voice.reports.fetch(**arguments)


def ask_drain(voice: VoiceClient, **arguments: Any) -> Any:
    return next(voice.reports.drain(**{"spool": None, **arguments}))


def ask_wait(voice: VoiceClient, **arguments: Any) -> Any:
    return voice.reports.wait_for(**{"calls": "one", "timeout": 1, **arguments})


@pytest.mark.parametrize(
    ("ask", "argument", "values"),
    [
        (ask_fetch, "bulk_id", ["", 0, 7, b"b", ["b"], False]),
        (ask_fetch, "message_id", ["", 0, 7, b"b", ["b"], False]),
        (ask_fetch, "limit", [0, -1, 2**31, None, "5", 5.0, True]),
        (ask_drain, "bulk_id", ["", 0, 7, b"b", ["b"], False]),
        (ask_drain, "limit", [0, -1, 2**31, None, "5", 5.0, True]),
        (ask_drain, "follow", [-1, "5", True, float("nan"), float("inf")]),
        (ask_drain, "auto_ack", [None, 0, "false"]),
        (ask_drain, "spool", [5, False, ["spool"], "mysql://host"]),
        (ask_wait, "calls", ["", [""], [None], ["one", ""], [7], b"one", None, 7]),
        (ask_wait, "timeout", [-1, None, "5", True, float("nan"), float("inf")]),
        (ask_wait, "every", [-1, None, "5", True, float("nan")]),
    ],
)
def test_falsy_is_not_absent_on_a_call_that_consumes(ask: Any, argument: str, values: list[Any]) -> None:
    """An argument that would drop the filter, or cannot be sent, is refused by name, and nothing is
    sent.
    """
    with lossy_server(reports=1) as server, VoiceClient(**settings(server.url)) as voice:
        for value in values:
            with pytest.raises(
                (ValueError, TypeError), match=r"bulk_id|message_id|limit|follow|calls|timeout|every|auto_ack|spool"
            ):
                ask(voice, **{argument: value})
        assert server.seen == []


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_server_that_ignores_the_filter(form: str) -> None:
    """`fetch` and `wait_for` stop at once, with what was asked for and what was not: both exist
    nowhere else.
    """
    mine, stranger, nameless = report("mine"), report("stranger"), {"to": "385981178"}
    with lossy_server() as server, VoiceClient(**settings(server.url, wire_format=form)) as voice:

        def says(*reports: Any) -> None:
            body = json.dumps({"results": reports}).encode()
            if form == "xml":
                body = xml.encode({"results": list(reports)}, "VoiceReportResponse")
            server.script.append(answer(body, f"application/{form}"))

        says(mine, stranger, nameless)
        with pytest.raises(FilterIgnored) as caught:
            voice.reports.fetch(message_id="mine")
        assert [each.message_id for each in caught.value.reports] == ["mine", None]
        assert [each.message_id for each in caught.value.others] == ["stranger"]
        assert caught.value.body
        says(report("first", bulkId="other"))
        with pytest.raises(FilterIgnored):
            voice.reports.fetch(bulk_id="bulk")
        says(report("a"))
        says(stranger)
        with pytest.raises(FilterIgnored) as caught:
            voice.reports.wait_for(["a", "b"], timeout=60)
        assert [each.message_id for each in caught.value.reports] == ["a"]
        assert [each.message_id for each in caught.value.others] == ["stranger"]
        assert len(server.seen) == 4
        says(nameless)  # a report without the member is no stranger: it may be the one that was asked for
        assert voice.reports.wait_for("a", timeout=60)["a"].message_id is None


def test_a_page_with_something_unreadable_is_told_by_fetch() -> None:
    """What can be read is in the error, beside what cannot: raising it away would lose it."""
    with lossy_server() as server, VoiceClient(**settings(server.url)) as voice:
        server.script.append(answer(b'{"results": [{"messageId": "one"}, 7, null]}'))
        with pytest.raises(ReportsUnreadable, match="object with members") as caught:
            voice.reports.fetch()
    assert [each.message_id for each in caught.value.reports] == ["one"]
    assert [piece.body for piece in caught.value.unreadable] == [b"7", b"null"]


@pytest.mark.parametrize("end", [b"", b"\\"])
def test_a_string_without_end_is_read_once(end: bytes) -> None:
    """A megabyte of escaped quotes in a cut string does not take quadratic time."""
    body = b'{"results": [{"messageId": "' + b'\\"' * 500_000 + end
    (piece,) = read_page(JSON, body).unreadable
    assert piece.body == body[13:]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (12, 12),
        ("12", 12),
        ("012", 12),
        ("", None),
        ("1.5", None),
        ("-1", None),
        ("١", None),
        ("9" * 20, None),
        (True, None),
        (1.5, None),
    ],
)
def test_a_whole_number_may_come_as_text(given: Any, read: int | None) -> None:
    """A duration is read from its digits; what is none says nothing, and stays in the document."""
    [report] = parse_push(json.dumps({"results": [{"duration": given}]}).encode(), "application/json")
    assert report.duration == read
    assert report.raw["duration"] == given
