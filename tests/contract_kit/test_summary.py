"""The Markdown page, read by a parser: nothing of a server is markup in it."""

import re

import pytest
from markdown_it import MarkdownIt

from contract_kit.results import BROKEN, DAY, found, hostile
from infobip_voice_contract.baseline import Baseline, Deviation
from infobip_voice_contract.summary import MAX_SUMMARY, summary

OWN_HTML = re.compile(r"(</?(details|summary|code)>|[^<>])*", re.DOTALL)


def tokens(text: str):
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text):
        yield token
        yield from token.children or ()


def test_it_sums_up():
    """The result first, the counts by group, then each failure with its exchange and script."""
    text = summary(found(*BROKEN))
    assert text.startswith("## Voice contract: ❌ 5 rules are broken.\n")
    assert "`8 exchanges with http://127.0.0.1:9, edition seeds`" in text
    assert "| xml | 4 | 1 |  |  |  | 8 |" in text
    [details] = re.findall(r"<details><summary>❌ <code>xml.root</code>.*?</details>", text, re.DOTALL)
    assert "```text\nthe root is requestError, not ApiException\n```" in details
    assert "```http\n" in details
    assert 'curl -sS -i "$BASE_URL"' in details
    assert (
        "- `auth.challenge` A 401 says with WWW-Authenticate how to authenticate. `there is no WWW-Authenticate" in text
    )
    assert "- `inconclusive: nobody knows`: `push.arrives`, " in text


def test_what_is_known_is_listed():
    """Known deviations with their reasons, those that are mended, and a green sign on top."""
    deviations = [Deviation(rule, "in `March`", DAY) for rule in ("auth.none", "status.answered")]
    text = summary(Baseline(tuple(deviations)).applied(found("auth.none"), DAY))
    assert text.startswith("## Voice contract: ✅ All rules that could be observed hold, but for 1 known deviation.\n")
    assert "- 🔷 `auth.none` `` known: in `March` (until 2026-06-01) ``" in text
    assert "- ✅ `status.answered` `` no longer deviates" in text


def test_a_hostile_server_breaks_nothing():
    """No link, no picture, no heading, no markup but ours, and no control character."""
    text = summary(hostile())
    assert "<script>" in text
    html = [token.content for token in tokens(text) if token.type.startswith("html")]
    assert html
    assert [each for each in html if not OWN_HTML.fullmatch(each)] == []
    kinds = {token.type for token in tokens(text)}
    assert not {"link_open", "image"} & kinds
    headings = [token.content for token in tokens(text) if token.type == "inline" and "alert" in token.content]
    assert [each for each in headings if not each.startswith(("`", "known")) and "`" not in each] == []
    assert text.count("<details>") == text.count("</details>") == len([each for each in html if "<details>" in each])
    assert not {"\x00", "\x1b", "\u202e"} & set(text)


@pytest.mark.parametrize("left_out", [0, 1, 9_000, 1_000_000])
def test_it_has_room(left_out):
    """A page is never longer than it may be; what does not fit is counted, and the counts stay."""
    result = found(*BROKEN)
    whole = len(summary(result).encode()) + 256
    room = max(whole - left_out, 8_000)
    text = summary(result, room=room)
    assert len(text.encode()) <= room < MAX_SUMMARY
    shown = text.count("<details><summary>❌")
    if left_out == 0:
        assert (shown, "not shown" in text) == (5, False)
    else:
        assert shown < 5
        assert f"{5 - shown} more failures are not shown" in text
    assert "| **all** |" in text


def test_without_room_there_is_nothing():
    """First the details go, then the counts; half a page would be none."""
    result = found(*BROKEN)
    assert summary(result, room=3_000).endswith("| **all** | **50** | **5** | **3** | **0** | **11** | **136** |\n\n")
    assert summary(result, room=200).count("\n") == 4
    assert summary(result, room=10) == ""
