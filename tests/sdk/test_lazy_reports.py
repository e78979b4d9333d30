"""A report is read when it is looked at, and nothing that is handed out fails then."""

import copy
import inspect
import json
import pickle
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infobip_voice import Report, parse_push
from infobip_voice._pages import read_page
from infobip_voice_client.models import NestedReport, VoiceReport
from infobip_voice_schema.xml_plan import PLAN
from infobip_voice_wire import xml
from sdk.lossy_server import report
from sdk.normal_form import said

NAMES = sorted(
    {name for schema in ("VoiceReport", "NestedReport", "VoiceCall", "IvrResult", "Price", "ReportError")
     for name, _, _ in PLAN[schema][1][1]}
    | {"new", ""}
)  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        ["2015-02-12T09:58:20.323+0100", "1423731500323", '{"pin":"42"}', "15.0", "NaN", "HUMAN", "[" * 2000]
    ),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
)
REPORTS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8)
MANY = settings(derandomize=True, deadline=None, database=None, max_examples=100)


def nested(levels: int, value: Any = None) -> Any:
    """Return a value with so many arrays and objects inside each other."""
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def everything(item: Report) -> list[Any]:
    """Look at all of a report, in every way that there is."""
    assert pickle.loads(pickle.dumps(item)) == copy.deepcopy(item) == item  # noqa: S301  our own bytes
    return [
        said(item), item.data, item.data.to_dict(), item.to_dict(), json.dumps(item.to_dict()), repr(item), hash(item),
        item.raw,
    ]  # fmt: skip


def eager(document: Any) -> VoiceReport | NestedReport:
    """Return the generated model of a JSON document, made by the generated code alone."""
    model = NestedReport if "voiceCall" in document else VoiceReport
    known = {name for name, _, _ in PLAN[model.__name__][1][1]}
    once = {
        name: value[-1] if name in known and isinstance(value, list) and value else value
        for name, value in document.items()
    }
    return model.from_dict(json.loads(json.dumps(once)))


@MANY
@given(st.lists(REPORTS | VALUES, max_size=4))
def test_a_report_is_read_at_once_or_never(results: list[Any]) -> None:
    """Of every JSON page: what generated code understands is handed out and can be looked at, and
    says the same; the rest is kept beside it.
    """
    page = read_page(json.dumps({"results": results}).encode(), "application/json")
    understood = [each for each in results if isinstance(each, dict) and each]
    assert not page.damage
    assert [json.loads(piece.body) for piece in page.unreadable] == [
        each for each in results if not (isinstance(each, dict) and each)
    ]
    assert [json.loads(json.dumps(each.raw, default=float)) for each in page.reports] == understood
    for item, document in zip(page.reports, understood, strict=True):
        first = everything(item)
        assert everything(item) == first
        if not any(isinstance(inner, list) for part in document.values() for inner in members(part)):
            assert item.data == eager(document)


def members(value: Any) -> list[Any]:
    """Return the members of an object and of those inside it: generated code knows none that comes
    twice.
    """
    inner = list(value.values()) if isinstance(value, dict) else []
    return inner + [each for item in inner for each in members(item)]


@MANY
@given(st.lists(REPORTS, min_size=1, max_size=3), st.sampled_from(["xml", "json"]))
def test_a_report_in_xml_can_be_looked_at(results: list[Any], names: Any) -> None:
    """Whatever XML can carry of it: each element is a report or is kept beside the reports."""
    try:
        body = xml.encode({"results": results}, "NestedReportResponse", names=names)
    except xml.XmlError:
        return
    page = read_page(body, "application/xml")
    assert len(page.reports) + len(page.unreadable) == len(results)
    for item in page.reports:
        assert everything(item) == everything(Report(item.raw))


@pytest.mark.parametrize("levels", [61, 62, 63, 64, 65, 300, 600, 900, 5_000, 100_000])
@pytest.mark.parametrize("member", ["new", "price", "voiceCall", "dtmfCodesAsJson", "to"])
def test_a_nesting_is_judged_when_the_page_is_read(member: str, levels: int) -> None:
    """Python's bound would let it pass here, and strike where the report is looked at."""
    deep = json.dumps(report("deep", **{member: "?"})).replace('"?"', '{"a":' * levels + "1" + "}" * levels).encode()
    page = b'{"results": [%b, %b]}' % (json.dumps(report("one")).encode(), deep)
    found = read_page(page, "application/json")
    ids = [each.message_id for each in found.reports]
    if levels <= 63:  # its report is one level more, and `results` and the page two
        assert ids == ["one", "deep"]
    else:
        assert ids == ["one"]
        assert [piece.body for piece in found.unreadable] == [deep]
        assert "nesting" in found.damage or "inside each other" in found.damage
    for item in found.reports:
        everything(item)


def test_what_is_handed_out_can_be_looked_at_from_a_deep_stack() -> None:
    """A page that is read where much room is left is looked at where little is."""
    body = json.dumps(
        {"results": [report("one", new=nested(61), price=nested(61), dtmfCodesAsJson=json.dumps(nested(400)))]}
    )
    (item,) = parse_push(body.encode(), "application/json")

    def below(frames: int, look: Callable[[], Any]) -> Any:
        return below(frames - 1, look) if frames else look()

    room = sys.getrecursionlimit() - len(inspect.stack(0)) - 400
    assert below(room, lambda: everything(item)) == everything(item)


@pytest.mark.parametrize("form", ["VoiceReport", "NestedReport"])
def test_threads_that_look_at_once_see_one_model(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """What one of them changes in it, the others see."""
    model = {"VoiceReport": VoiceReport, "NestedReport": NestedReport}[form]
    document = report("one") if form == "VoiceReport" else report("one", voiceCall={})
    both, real = threading.Barrier(2), model.from_dict

    def from_dict(source: Any) -> Any:
        both.wait(60)  # both threads are making one
        return real(source)

    monkeypatch.setattr(model, "from_dict", from_dict)
    item, seen = Report(document), list[Any]()
    threads = [threading.Thread(target=lambda: seen.append(item.data)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(seen) == 2
    assert seen[0] is seen[1] is item.data


def test_looking_changes_nothing() -> None:
    """A report is equal to itself before, in a set and after a journey."""
    body = json.dumps({"results": [report("one")]}).encode()
    (fresh,), (seen,) = parse_push(body, "application/json"), parse_push(body, "application/json")
    everything(seen)
    assert fresh == seen
    assert len({fresh, seen}) == 1
    assert pickle.loads(pickle.dumps(seen)).data == fresh.data  # noqa: S301  our own bytes
    assert fresh.raw == {**report("one"), "price": {"pricePerSecond": Decimal("0.01"), "currency": "EUR"}}
