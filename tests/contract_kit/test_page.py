"""The page, read by a parser: complete, self-contained, and of a server only text."""

import re
from dataclasses import replace

from lxml import html

from contract_kit.results import BROKEN, DAY, found, hostile
from infobip_voice_contract.baseline import Baseline, Deviation
from infobip_voice_contract.grid import PLACES
from infobip_voice_contract.page import page


def read(text: str) -> html.HtmlElement:
    return html.document_fromstring(text)


def row(document: html.HtmlElement, rule: str) -> list[str]:
    """The text alternatives of a rule's cells: that of its verdict, then one for each place."""
    [found] = [tr for tr in document.iter("tr") if tr.xpath("string(th)").split()[:1] == [rule]]
    return [" ".join(cell.xpath(".//@aria-label")) for cell in found.findall("td")]


def test_the_grid_says_where():
    """Rule by operation and media type, each cell in words."""
    result = Baseline((Deviation("auth.none", "in March", DAY),)).applied(found(*BROKEN), DAY)
    document = read(page(result))
    names = [str(place) for place in PLACES]

    def cells(rule: str) -> dict[str, str]:
        verdict, *rest = row(document, rule)
        return {"all": verdict, **{name: text for name, text in zip(names, rest, strict=True) if text}}

    assert cells("xml.root") == {"all": "broken", "reports xml": "broken"}
    assert cells("auth.none") == {"all": "broken, known", "reports json": "broken, known"}
    assert cells("auth.challenge") == {"all": "broken, a warning", "reports json": "broken, a warning"}
    assert cells("push.arrives") == {"all": "inconclusive"}
    assert cells("time.redial") == {"all": "not observable here"}
    assert cells("form.json") == {"all": "holds", "ivr json": "holds", "reports json": "holds"}
    assert len(document.xpath("//tbody/tr[th[@scope='row']]")) == len(result.judgements)


def test_every_shape_is_another():
    """Colour is not the only sign: each verdict has a drawing of its own."""
    document = read(page(found(*BROKEN)))
    shapes = {symbol.get("id"): html.tostring(symbol[0]) for symbol in document.iter("symbol")}
    assert set(shapes) == {"pass", "fail", "warn", "known", "inconclusive", "not"}
    assert len(set(shapes.values())) == 6
    assert {use.get("href") for use in document.iter("use")} <= {f"#{name}" for name in shapes}


def test_a_failure_is_whole():
    """Its sentence, source, problem, exchanges and script; the grid leads to it."""
    document = read(page(found(*BROKEN)))
    article = document.get_element_by_id("once.never-twice")
    text = article.text_content()
    for words in (
        "A report is handed out once.", "Source: reports.", "the report of m1 was handed out 2 times", '"messageId": "m1"',
        'curl -sS -i "$BASE_URL"', "reports json",
    ):  # fmt: skip
        assert words in text
    links = {link.get("href") for link in document.iter("a")}
    assert links - {"#main"} == {f"#{article.get('id')}" for article in document.iter("article")}
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_what_is_open_and_what_was_left_is_told():
    """The reasons with their rules, the notes, and what no longer deviates."""
    result = Baseline((Deviation("status.answered", "in March", DAY),)).applied(
        found(*BROKEN, notes=["3 calls are left"]), DAY
    )
    document = read(page(result))
    assert "it takes minutes; give --profile full" in document.xpath("string(//dl)")
    assert "3 calls are left" in document.xpath("string(//section[h2='Notes'])")
    assert "no longer deviates" in document.xpath("string(//section[h2='No longer broken'])")
    nothing = read(page(replace(found(*BROKEN), code=2, complaint="nobody is there")))
    assert nothing.xpath("string(//h1)").split() == ["Nothing", "to", "judge:", "nobody", "is", "there."]


def test_it_needs_nothing_else():
    """No script, no request, no inline style, and a policy that forbids them."""
    for result in (found(*BROKEN), hostile()):
        document = read(page(result))
        assert list(document.iter("script", "img", "iframe", "object", "embed", "form", "base", "video", "audio")) == []
        assert [link.get("href") for link in document.iter("link")] == ["data:,"]
        assert [
            name for element in document.iter() for name in element.attrib if name.startswith("on") or name == "style"
        ] == []
        targets = document.xpath("//@href | //@src | //@action")
        assert [target for target in targets if not target.startswith(("#", "data:,"))] == []
        [style] = document.iter("style")
        assert not re.search(r"url\(|@import", style.text)
        [policy] = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_a_hostile_server_is_quoted():
    """What it sent is there, as text and without control characters."""
    text = page(hostile())
    assert "<script>alert(1)</script>" in read(text).text_content()
    assert not {"\x00", "\x1b", "\u202e", "\ufffe"} & set(text)
